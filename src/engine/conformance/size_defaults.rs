//! The default body limits of common frameworks, servers and runtimes.

/// A default limit for the body of a request.
#[derive(Clone, Copy, Debug)]
pub struct SizeDefault {
    /// The product, as its documentation writes it.
    pub product: &'static str,
    /// The largest body that it accepts, in bytes.
    pub bytes: usize,
    /// The setting that changes it, in short.
    pub setting: &'static str,
    /// The documentation or the source code that states it.
    pub source: &'static str,
}

impl SizeDefault {
    /// Returns the name of the product as a possessive: `Express'`, `nginx's`.
    #[must_use]
    pub fn possessive(&self) -> String {
        let ending = if self.product.ends_with('s') { "'" } else { "'s" };
        format!("{}{ending}", self.product)
    }
}

const fn row(
    product: &'static str,
    bytes: usize,
    setting: &'static str,
    source: &'static str,
) -> SizeDefault {
    SizeDefault { product, bytes, setting, source }
}

/// The known defaults by size; among equal sizes the most common product is first.
///
/// Flask, Werkzeug, `FastAPI`, Rails and Go's `net/http` are absent: they limit no JSON body by
/// default.
pub const SIZE_DEFAULTS: &[SizeDefault] = &[
    row(
        "Express",
        100 << 10,
        "`limit` of `express.json()` or `express.raw()`",
        "expressjs.com, API 5.x, express.json()",
    ),
    row(
        "Bottle",
        100 << 10,
        "`BaseRequest.MEMFILE_MAX`",
        "bottlepy.org, API, BaseRequest.MEMFILE_MAX",
    ),
    row(
        "Play",
        100 << 10,
        "`play.http.parser.maxMemoryBuffer`",
        "playframework.com, api.http.ParserConfiguration",
    ),
    row(
        "ModSecurity",
        128 << 10,
        "`SecRequestBodyNoFilesLimit`",
        "github.com/owasp-modsecurity/ModSecurity, modsecurity.conf-recommended",
    ),
    row(
        "Spring WebFlux",
        256 << 10,
        "`spring.codec.max-in-memory-size`",
        "docs.spring.io, CodecConfigurer.DefaultCodecs.maxInMemorySize",
    ),
    row("Actix", 256 << 10, "`web::PayloadConfig`", "docs.rs/actix-web, web::PayloadConfig"),
    row(
        "nginx",
        1 << 20,
        "`client_max_body_size`",
        "nginx.org, ngx_http_core_module, client_max_body_size",
    ),
    row("Fastify", 1 << 20, "`bodyLimit`", "fastify.dev, Server, bodyLimit"),
    row("hapi", 1 << 20, "`payload.maxBytes`", "hapi.dev, API, route.options.payload.maxBytes"),
    row("aiohttp", 1 << 20, "`client_max_size`", "docs.aiohttp.org, web.Application"),
    row("axum", 2 << 20, "`DefaultBodyLimit`", "docs.rs/axum, extract::DefaultBodyLimit"),
    row("Actix JSON", 2 << 20, "`web::JsonConfig`", "docs.rs/actix-web, web::JsonConfig"),
    row(
        "Tomcat",
        2 << 20,
        "`server.tomcat.max-http-form-post-size` or `maxPostSize`",
        "tomcat.apache.org, HTTP Connector, maxPostSize",
    ),
    row(
        "Django",
        2_621_440,
        "`DATA_UPLOAD_MAX_MEMORY_SIZE`",
        "docs.djangoproject.com, Settings, DATA_UPLOAD_MAX_MEMORY_SIZE",
    ),
    row("PHP", 8 << 20, "`post_max_size`", "php.net, Core php.ini directives, post_max_size"),
    row(
        "ASP.NET Core",
        30_000_000,
        "`MaxRequestBodySize`",
        "learn.microsoft.com, KestrelServerLimits.MaxRequestBodySize",
    ),
];

/// Returns the defaults of exactly this size.
pub fn defaults_of(bytes: usize) -> impl Iterator<Item = &'static SizeDefault> {
    SIZE_DEFAULTS.iter().filter(move |known| known.bytes == bytes)
}

/// Returns the smallest default above this size.
#[must_use]
pub fn next_default(bytes: usize) -> Option<&'static SizeDefault> {
    SIZE_DEFAULTS.iter().filter(|known| known.bytes > bytes).min_by_key(|known| known.bytes)
}

/// Returns the sizes between two others at which a known limit lies, in ascending order.
#[must_use]
pub fn default_sizes_between(above: usize, below: usize) -> Vec<usize> {
    let mut sizes: Vec<_> = SIZE_DEFAULTS
        .iter()
        .map(|known| known.bytes)
        .filter(|size| (above + 1..below).contains(size))
        .collect();
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_complete() {
        assert!(SIZE_DEFAULTS.is_sorted_by_key(|known| known.bytes));
        for known in SIZE_DEFAULTS {
            let strings = [known.product, known.setting, known.source];
            assert!(strings.iter().all(|text| !text.is_empty()), "{known:?}");
        }
        let express = defaults_of(102_400).next().unwrap();
        assert_eq!((express.product, express.possessive()), ("Express", "Express'".to_owned()));
        assert_eq!(defaults_of(1 << 20).next().unwrap().possessive(), "nginx's");
        assert_eq!(next_default(4 << 20).map(|known| known.product), Some("PHP"));
        assert_eq!(next_default(30_000_000).map(|known| known.product), None);
    }

    #[test]
    fn sizes_between_exclude_both_ends() {
        assert_eq!(default_sizes_between(102_400, 1 << 20), [128 << 10, 256 << 10]);
        assert_eq!(default_sizes_between(102_399, 102_401), [102_400]);
        assert_eq!(default_sizes_between(5, 5), [0; 0]);
    }
}
