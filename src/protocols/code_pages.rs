//! Code pages: the encodings of text before UTF-8, in which bodies are still read, kept or hashed.

use encoding_rs::{
    BIG5, EUC_KR, GBK, IBM866, ISO_8859_2, ISO_8859_15, KOI8_R, MACINTOSH, SHIFT_JIS, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1257,
};

/// The characters of the bytes from 0x80 on in the code page of MS-DOS in western Europe.
static IBM_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// The characters of the bytes from 0x80 on in the code page of MS-DOS in the United States.
static IBM_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
    áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A code page that contains ASCII.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodePage {
    /// The name for a sentence.
    pub(crate) name: &'static str,
    mapping: Mapping,
}

#[derive(Clone, Copy, Debug)]
enum Mapping {
    /// An encoding of the web. Its Windows code pages map the undefined bytes to controls.
    Web(&'static encoding_rs::Encoding),
    /// Every byte is the character with that number.
    Latin1,
    /// The characters of the bytes from 0x80 on.
    Upper(&'static str),
}

/// The code pages, the most common ones first.
pub(crate) static CODE_PAGES: &[CodePage] = &[
    CodePage { name: "Windows-1252", mapping: Mapping::Web(WINDOWS_1252) },
    CodePage { name: "Latin-1 (ISO-8859-1)", mapping: Mapping::Latin1 },
    CodePage { name: "MacRoman", mapping: Mapping::Web(MACINTOSH) },
    CodePage { name: "IBM850 (DOS)", mapping: Mapping::Upper(IBM_850) },
    CodePage { name: "IBM437 (DOS)", mapping: Mapping::Upper(IBM_437) },
    CodePage { name: "Latin-9 (ISO-8859-15)", mapping: Mapping::Web(ISO_8859_15) },
    CodePage { name: "Windows-1250", mapping: Mapping::Web(WINDOWS_1250) },
    CodePage { name: "Windows-1251", mapping: Mapping::Web(WINDOWS_1251) },
    CodePage { name: "Latin-2 (ISO-8859-2)", mapping: Mapping::Web(ISO_8859_2) },
    CodePage { name: "Windows-1253", mapping: Mapping::Web(WINDOWS_1253) },
    CodePage { name: "Windows-1254", mapping: Mapping::Web(WINDOWS_1254) },
    CodePage { name: "Windows-1257", mapping: Mapping::Web(WINDOWS_1257) },
    CodePage { name: "KOI8-R", mapping: Mapping::Web(KOI8_R) },
    CodePage { name: "IBM866 (DOS)", mapping: Mapping::Web(IBM866) },
    CodePage { name: "Shift_JIS", mapping: Mapping::Web(SHIFT_JIS) },
    CodePage { name: "GBK", mapping: Mapping::Web(GBK) },
    CodePage { name: "Big5", mapping: Mapping::Web(BIG5) },
    CodePage { name: "EUC-KR", mapping: Mapping::Web(EUC_KR) },
];

impl CodePage {
    /// Decodes bytes, or returns `None` if some are not defined.
    pub(crate) fn decode(&self, bytes: &[u8]) -> Option<String> {
        match self.mapping {
            Mapping::Web(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(std::borrow::Cow::into_owned),
            Mapping::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
            Mapping::Upper(upper) => {
                let upper: Vec<char> = upper.chars().collect();
                let character = |&byte: &u8| match byte.checked_sub(0x80) {
                    None => Some(char::from(byte)),
                    Some(index) => upper.get(usize::from(index)).copied(),
                };
                bytes.iter().map(character).collect()
            }
        }
    }

    /// Encodes text, or returns `None` if the code page lacks one of its characters.
    pub(crate) fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self.mapping {
            Mapping::Web(encoding) => {
                let mut bytes = vec![0; text.len().checked_mul(2)?.checked_add(16)?];
                let mut encoder = encoding.new_encoder();
                let (result, _, written) =
                    encoder.encode_from_utf8_without_replacement(text, &mut bytes, true);
                bytes.truncate(written);
                (result == encoding_rs::EncoderResult::InputEmpty).then_some(bytes)
            }
            Mapping::Latin1 => {
                text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect()
            }
            Mapping::Upper(upper) => {
                let byte = |character: char| {
                    if character.is_ascii() {
                        return u8::try_from(character).ok();
                    }
                    let index = upper.chars().position(|known| known == character)?;
                    u8::try_from(index + 0x80).ok()
                };
                text.chars().map(byte).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str) -> &'static CodePage {
        CODE_PAGES.iter().find(|page| page.name.starts_with(name)).unwrap()
    }

    #[test]
    fn known_bytes_are_decoded_and_encoded() {
        // Python: "ë€".encode("cp1252") and its like.
        for (name, text, bytes) in [
            ("Windows-1252", "ë€", b"\xeb\x80".as_slice()),
            ("Latin-1", "ë\u{80}", b"\xeb\x80"),
            ("MacRoman", "ëü", b"\x91\x9f"),
            ("IBM850", "ëü", b"\x89\x81"),
            ("IBM437", "ëα", b"\x89\xe0"),
            ("Windows-1251", "Мира", b"\xcc\xe8\xf0\xe0"),
            ("Windows-1250", "łŁ", b"\xb3\xa3"),
            ("Latin-9", "€", b"\xa4"),
            ("Shift_JIS", "日本", b"\x93\xfa\x96{"),
        ] {
            assert_eq!(page(name).encode(text).unwrap(), bytes, "{name}");
            assert_eq!(page(name).decode(bytes).unwrap(), text, "{name}");
        }
        assert_eq!(page("Latin-1").encode("€"), None);
        assert_eq!(page("IBM850").encode("€"), None);
        assert_eq!(page("Windows-1252").encode("Мира"), None);
        assert_eq!(page("Shift_JIS").decode(b"\x93"), None);
    }

    #[test]
    fn the_upper_halves_have_128_characters() {
        assert_eq!([IBM_850, IBM_437].map(|upper| upper.chars().count()), [128, 128]);
    }
}
