//! The options of `curl` and their effect on a request (<https://curl.se/docs/manpage.html>).

/// The effect of an option on the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OptionEffect {
    /// Nothing; it has no value.
    IgnoredFlag,
    /// Nothing; it has a value.
    IgnoredValue,
    /// Its value is a piece of the body.
    Data(DataKind),
    /// Its value goes into the query.
    UrlQuery,
    /// The pieces of the body go into the query.
    Get,
    /// The method is `HEAD`.
    Head,
    Method,
    Header,
    Url,
    /// The target, replacing that of the URL.
    Target,
    /// User name and password.
    User,
    Bearer,
    Cookie,
    /// Its value is the value of this header.
    HeaderValue(&'static str),
    Version(&'static str),
    /// The request depends on something that is not part of the command.
    Unsupported(&'static str),
}

/// The way in which a value is added to the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DataKind {
    /// `-d`: newlines are removed from a file.
    Ascii,
    /// `--data-binary`.
    Binary,
    /// `--data-raw`: `@` has no special meaning.
    Raw,
    /// `--json`: like `--data-binary`, without an `&` before it, and with headers.
    Json,
    /// `--data-urlencode`.
    Encoded,
}

impl OptionEffect {
    /// Returns `true` if the option takes a value.
    pub(super) fn has_value(self) -> bool {
        !matches!(self, Self::IgnoredFlag | Self::Get | Self::Head | Self::Version(_))
    }
}

const FORM: &str = "creates a multipart body, with a boundary that `curl` generates anew each time";
const FILE: &str = "names a file whose content is not in the command";

/// The options that affect the request, by long name and short name (`\0` for none).
const EFFECTS: &[(&str, char, OptionEffect)] = &[
    ("request", 'X', OptionEffect::Method),
    ("header", 'H', OptionEffect::Header),
    ("data", 'd', OptionEffect::Data(DataKind::Ascii)),
    ("data-ascii", '\0', OptionEffect::Data(DataKind::Ascii)),
    ("data-binary", '\0', OptionEffect::Data(DataKind::Binary)),
    ("data-raw", '\0', OptionEffect::Data(DataKind::Raw)),
    ("data-urlencode", '\0', OptionEffect::Data(DataKind::Encoded)),
    ("json", '\0', OptionEffect::Data(DataKind::Json)),
    ("url-query", '\0', OptionEffect::UrlQuery),
    ("url", '\0', OptionEffect::Url),
    ("request-target", '\0', OptionEffect::Target),
    ("get", 'G', OptionEffect::Get),
    ("head", 'I', OptionEffect::Head),
    ("user", 'u', OptionEffect::User),
    ("oauth2-bearer", '\0', OptionEffect::Bearer),
    ("user-agent", 'A', OptionEffect::HeaderValue("User-Agent")),
    ("referer", 'e', OptionEffect::HeaderValue("Referer")),
    ("cookie", 'b', OptionEffect::Cookie),
    ("http1.0", '0', OptionEffect::Version("HTTP/1.0")),
    ("http1.1", '\0', OptionEffect::Version("HTTP/1.1")),
    ("http2", '\0', OptionEffect::Version("HTTP/2")),
    ("http2-prior-knowledge", '\0', OptionEffect::Version("HTTP/2")),
    ("http3", '\0', OptionEffect::Version("HTTP/3")),
    ("http3-only", '\0', OptionEffect::Version("HTTP/3")),
    ("form", 'F', OptionEffect::Unsupported(FORM)),
    ("form-string", '\0', OptionEffect::Unsupported(FORM)),
    ("upload-file", 'T', OptionEffect::Unsupported(FILE)),
    ("config", 'K', OptionEffect::Unsupported(FILE)),
];

/// The short names of options without an effect on the request and without a value.
const SHORT_FLAGS: &str = "#1234678aBfgijJklLMnNOpqRsSvVZ";

/// The short names of options without an effect on the request, with a value.
const SHORT_VALUES: &str = "cCDEhmoPQrtUwxyYz";

/// The long names of options without an effect on the request and without a value.
const LONG_FLAGS: &str = "anyauth append basic ca-native cert-status compressed compressed-ssh \
    create-dirs crlf digest disable disable-eprt disable-epsv disallow-username-in-url \
    doh-cert-status doh-insecure fail fail-early fail-with-body false-start form-escape \
    ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control globoff \
    haproxy-protocol http0.9 ignore-content-length include insecure ipv4 ipv6 junk-session-cookies \
    keepalive list-only location location-trusted mail-rcpt-allowfails manual metalink negotiate \
    netrc netrc-optional ntlm ntlm-wb parallel parallel-immediate path-as-is post301 post302 \
    post303 progress-bar progress-meter proxy-anyauth proxy-basic proxy-digest proxy-insecure \
    proxy-negotiate proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tlsv1 \
    proxytunnel raw remote-header-name remote-name remote-name-all remote-time remove-on-error \
    retry-all-errors retry-connrefused sasl-ir show-error show-headers silent skip-existing \
    socks5-basic socks5-gssapi socks5-gssapi-nec ssl ssl-allow-beast ssl-auto-client-cert \
    ssl-no-revoke ssl-reqd ssl-revoke-best-effort sslv2 sslv3 styled-output \
    suppress-connect-headers tcp-fastopen tcp-nodelay tftp-no-options tlsv1 tlsv1.0 tlsv1.1 \
    tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time use-ascii verbose version xattr alpn buffer \
    clobber npn sessionid";

/// The long names of options without an effect on the request, with a value.
const LONG_VALUES: &str = "abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers \
    connect-timeout connect-to continue-at cookie-jar create-file-mode crlfile curves delegation \
    dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine \
    etag-compare etag-save expect100-timeout ftp-account ftp-alternative-to-user ftp-method \
    ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip help hostpubmd5 \
    hostpubsha256 hsts interface ip-tos ipfs-gateway keepalive-cnt keepalive-time key key-type krb \
    libcurl limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize \
    max-redirs max-time netrc-file noproxy output output-dir parallel-max pass pinnedpubkey \
    preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert \
    proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-http2 proxy-key proxy-key-type \
    proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype \
    proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file range rate resolve \
    retry retry-delay retry-max-time sasl-authzid service-name socks4 socks4a socks5 \
    socks5-gssapi-service socks5-hostname speed-limit speed-time stderr telnet-option \
    tftp-blksize time-cond tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace \
    trace-ascii trace-config unix-socket variable vlan-priority write-out";

/// Returns the effect of an option by its long name without the hyphens.
pub(super) fn find_long(name: &str) -> Option<OptionEffect> {
    let contains =
        |list: &str, name: &str| list.split_ascii_whitespace().any(|known| known == name);
    let effect = EFFECTS.iter().find(|(known, _, _)| *known == name).map(|(_, _, act)| *act);
    effect.or_else(|| contains(LONG_VALUES, name).then_some(OptionEffect::IgnoredValue)).or_else(
        || {
            contains(LONG_FLAGS, name.strip_prefix("no-").unwrap_or(name))
                .then_some(OptionEffect::IgnoredFlag)
        },
    )
}

/// Returns the effect of an option by its short name.
pub(super) fn find_short(name: char) -> Option<OptionEffect> {
    let effect = EFFECTS.iter().find(|(_, known, _)| *known == name).map(|(_, _, act)| *act);
    effect
        .filter(|_| name != '\0')
        .or_else(|| SHORT_VALUES.contains(name).then_some(OptionEffect::IgnoredValue))
        .or_else(|| SHORT_FLAGS.contains(name).then_some(OptionEffect::IgnoredFlag))
}
