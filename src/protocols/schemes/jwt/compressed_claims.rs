//! Compressed claims: `zip`, which RFC 7516 defines for encrypted tokens only, in a signed one.

use crate::domain::verdict::Explanation;
use crate::protocols::json;
use crate::protocols::schemes::jwt::hypotheses::COMPRESSED;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use std::io::Read;

/// The maximum size of decompressed claims.
const MAX_CLAIMS: u64 = 1 << 20;

/// The maximum ratio of compression: JSON reaches about 20.
const MAX_RATIO: u64 = 100;

/// Returns the decompressed claims if they are a JSON object, and the name of the compression.
pub(super) fn decompress(claims: &[u8]) -> Option<(Vec<u8>, &'static str)> {
    let is_zlib = claims.first().is_some_and(|first| first & 0x0f == 8);
    let attempts: [(bool, &'static str, Box<dyn Read + '_>); 3] = [
        (claims.starts_with(&[0x1f, 0x8b]), "gzip", Box::new(GzDecoder::new(claims))),
        (is_zlib, "zlib", Box::new(ZlibDecoder::new(claims))),
        (true, "raw deflate", Box::new(DeflateDecoder::new(claims))),
    ];
    // Readable claims are not compressed, whatever their header says.
    if claims.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    attempts.into_iter().filter(|(is_plausible, ..)| *is_plausible).find_map(
        |(_, name, decoder)| {
            let inflated = inflate(decoder, claims.len() as u64)?;
            json::read(&inflated).ok()?.as_object()?;
            Some((inflated, name))
        },
    )
}

/// Returns why compressed claims are rejected, regardless of the signer.
pub(super) fn explain(claims: &[u8]) -> Option<Explanation> {
    let (_, name) = decompress(claims)?;
    let edit = COMPRESSED.edit(name);
    Some(Explanation::new(edit.code, edit.evidence, edit.fix))
}

fn inflate(decoder: impl Read, length: u64) -> Option<Vec<u8>> {
    let limit = MAX_CLAIMS.min(length.saturating_mul(MAX_RATIO));
    let mut inflated = Vec::new();
    decoder.take(limit + 1).read_to_end(&mut inflated).ok()?;
    (inflated.len() as u64 <= limit).then_some(inflated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write;

    fn raw(claims: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(claims).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn claims_are_decompressed_from_every_container() {
        let claims = br#"{"event":"lead.created","data":{"id":1}}"#;
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(claims).unwrap();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(claims).unwrap();
        for (compressed, name) in [
            (raw(claims), "raw deflate"),
            (zlib.finish().unwrap(), "zlib"),
            (gzip.finish().unwrap(), "gzip"),
        ] {
            assert_eq!(decompress(&compressed), Some((claims.to_vec(), name)));
        }
        for other in [claims.as_slice(), b"", b"\x1f\x8b", b"abc", b"\x78\x9c"] {
            assert_eq!(decompress(other), None);
        }
    }

    #[test]
    fn a_bomb_is_not_inflated() {
        let mut bomb = vec![b'{'];
        bomb.resize(8 << 20, b' ');
        assert_eq!(decompress(&raw(&bomb)), None);
        // A ratio above the limit is rejected even if the claims are small.
        assert_eq!(decompress(&raw(format!("{{{}}}", " ".repeat(100_000)).as_bytes())), None);
    }
}
