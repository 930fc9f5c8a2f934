//! Bounded decompression of gzip, deflate and brotli.

use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use std::io::Read;

/// The maximum number of bytes that are decompressed.
const MAX_LEN: usize = 1 << 20;

/// The maximum ratio of decompressed to compressed bytes; a little more is allowed for short input.
const MAX_RATIO: usize = 100;

/// The number of bytes that any input may be decompressed to.
const SLACK: usize = 4 << 10;

/// A compression of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    /// Gzip (RFC 1952).
    Gzip,
    /// Deflate with the zlib header (RFC 1950), which is what HTTP means by `deflate`.
    Zlib,
    /// Deflate without a header (RFC 1951).
    RawDeflate,
    /// Brotli (RFC 7932), which has no magic number.
    Brotli,
}

impl Compression {
    /// Detects gzip and zlib by their header.
    pub(crate) fn detect(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            // The method is 8, the window is at most 32 KiB, and 31 divides the header.
            [first, second, _, ..]
                if first & 0xf == 8
                    && *first < 0x80
                    && u16::from_be_bytes([*first, *second]).is_multiple_of(31) =>
            {
                Some(Self::Zlib)
            }
            _ => None,
        }
    }

    /// Returns the name for a sentence.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zlib => "zlib (deflate)",
            Self::RawDeflate => "raw deflate without a zlib header",
            Self::Brotli => "brotli",
        }
    }
}

/// Decompresses a body; `None` if it is damaged, empty, or exceeds the limits of length and ratio.
///
/// Bytes after the end of the compressed data, such as a newline, are ignored.
pub(crate) fn decompress(bytes: &[u8], compression: Compression) -> Option<Vec<u8>> {
    match compression {
        Compression::Gzip => read_limited(GzDecoder::new(bytes), bytes.len()),
        Compression::Zlib => read_limited(ZlibDecoder::new(bytes), bytes.len()),
        Compression::RawDeflate => read_limited(DeflateDecoder::new(bytes), bytes.len()),
        Compression::Brotli => {
            read_limited(brotli_decompressor::Decompressor::new(bytes, 4096), bytes.len())
        }
    }
}

fn read_limited(reader: impl Read, compressed_len: usize) -> Option<Vec<u8>> {
    let limit = MAX_LEN.min(compressed_len.saturating_mul(MAX_RATIO).saturating_add(SLACK));
    let mut out = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut out).ok()?;
    (!out.is_empty() && out.len() <= limit).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn each_compression_is_detected_and_undone() {
        let plain = b"{\"a\":\"some text some text\"}";
        let mut zlib = ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(plain).unwrap();
        let zlib = zlib.finish().unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        raw.write_all(plain).unwrap();
        let raw = raw.finish().unwrap();
        let zipped = gzip(plain);
        assert_eq!(Compression::detect(&zipped), Some(Compression::Gzip));
        assert_eq!(Compression::detect(&zlib), Some(Compression::Zlib));
        assert_eq!(Compression::detect(plain), None);
        assert_eq!(decompress(&[&*zipped, b"\n"].concat(), Compression::Gzip).unwrap(), plain);
        assert_eq!(decompress(&zlib, Compression::Zlib).unwrap(), plain);
        assert_eq!(decompress(&raw, Compression::RawDeflate).unwrap(), plain);
        assert_eq!(decompress(plain, Compression::Gzip), None);
    }

    #[test]
    fn brotli_is_undone() {
        // Python: brotli.compress(b"hello hello hello hello").
        let compressed = [0x0b, 0x02, 0x80, b'h', b'e', b'l', b'l', b'o', 0x03];
        assert_eq!(decompress(&compressed, Compression::Brotli).unwrap(), b"hello");
    }

    #[test]
    fn a_bomb_is_not_decompressed() {
        assert_eq!(decompress(&gzip(&vec![b' '; 8 << 20]), Compression::Gzip), None);
        assert_eq!(decompress(&gzip(&vec![b' '; 64 << 10]), Compression::Gzip), None);
        assert!(decompress(&gzip(&vec![b' '; 4 << 10]), Compression::Gzip).is_some());
    }

    proptest! {
        #[test]
        fn any_bytes_are_handled(bytes: Vec<u8>) {
            for compression in [Compression::Gzip, Compression::Zlib, Compression::RawDeflate, Compression::Brotli] {
                let _ = decompress(&bytes, compression);
            }
        }
    }
}
