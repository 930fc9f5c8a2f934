//! HTTP client: sends messages to one endpoint and returns its responses, under one deadline.
//!
//! Only this module builds a reqwest client. It must install the TLS provider first, disable
//! redirects and any proxy that was not requested, and load no certificate store without TLS.

mod no_response;

pub use no_response::{NoResponse, NoResponseKind};

use crate::domain::message::{Headers, Message, Response};
use crate::domain::target::{Target, is_link_local, without_userinfo};
use crate::io::error::Error;
use crate::io::input;
use crate::io::streams::InputStream;
use no_response::{CONNECT_TIMEOUT, SystemResolver, explain, root_cause};
use reqwest::header::{HOST, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Identity, Proxy};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use url::{Host, Url};

/// The maximum number of body bytes of a response that are kept for display.
const MAX_SHOWN_BODY: usize = 64 * 1024;

/// The maximum number of body bytes of a response that is passed on to the sender.
const MAX_FORWARDED_BODY: usize = 16 * 1024 * 1024;

/// The maximum size of a certificate or key file.
const MAX_PEM: u64 = 1024 * 1024;

/// The interval between the attempts of `--wait`.
const WAIT_INTERVAL: Duration = Duration::from_millis(50);

/// The options of a connection, in curl's terms.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// The deadline of the whole exchange; `None` waits without a limit.
    pub timeout: Option<Duration>,
    /// The CA bundle (PEM) to trust instead of the system's.
    pub cacert: Option<PathBuf>,
    /// The client certificate (PEM), with or without its key.
    pub cert: Option<PathBuf>,
    /// The private key of the client certificate (PEM).
    pub key: Option<PathBuf>,
    /// Do not verify the server's certificate.
    pub insecure: bool,
    /// The URL of the proxy.
    pub proxy: Option<String>,
    /// The address to connect to instead of the target's: `--resolve` and `--connect-to`.
    pub connect: Option<SocketAddr>,
    /// Standard input, from which a certificate or key with the path `-` is read.
    pub stdin: InputStream,
}

/// One exchange that ended with a response.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The response.
    pub response: Response,
    /// The time from the first byte sent to the last byte received.
    pub took: Duration,
}

/// Sends messages to one endpoint.
#[derive(Debug)]
pub struct Client {
    /// `None` for a shared client, and while the client is dropped.
    runtime: Option<Runtime>,
    http: reqwest::Client,
    /// The URL of the request, and the `Host` header if it differs from the URL.
    url: Url,
    host: Option<String>,
    timeout: Option<Duration>,
    max_body: usize,
}

impl Client {
    /// Creates a client with its own runtime, for a command that blocks on each exchange.
    pub fn new(
        target: &Target,
        options: &ConnectOptions,
        message: &Message,
    ) -> Result<Self, Error> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::Serve)?;
        Self::with_runtime(Some(runtime), target, options, is_title_case(message), MAX_SHOWN_BODY)
    }

    /// Creates a client for a caller that has a runtime and passes responses on.
    pub fn shared(target: &Target, options: &ConnectOptions) -> Result<Self, Error> {
        Self::with_runtime(None, target, options, true, MAX_FORWARDED_BODY)
    }

    /// Keeps up to this number of bytes of the body of a response.
    #[must_use]
    pub(super) fn with_max_body(mut self, max_body: usize) -> Self {
        self.max_body = max_body;
        self
    }

    fn with_runtime(
        runtime: Option<Runtime>,
        target: &Target,
        options: &ConnectOptions,
        title_case: bool,
        max_body: usize,
    ) -> Result<Self, Error> {
        let http = http_client(target, options, title_case)?;
        let (url, host) = match options.connect {
            Some(address) => (with_address(target, address), Some(target.authority())),
            None => (target.url().clone(), None),
        };
        Ok(Self { runtime, http, url, host, timeout: options.timeout, max_body })
    }

    /// Sends `message` to the target and returns its response.
    pub fn send(&self, message: &Message) -> Result<Exchange, NoResponse> {
        self.send_within(message, self.timeout)
    }

    /// Sends `message` as [`Self::send`] does, with another timeout.
    pub(super) fn send_within(
        &self,
        message: &Message,
        timeout: Option<Duration>,
    ) -> Result<Exchange, NoResponse> {
        let start = Instant::now();
        let Some(runtime) = &self.runtime else {
            return Err(NoResponse {
                kind: NoResponseKind::Broken,
                reason: "the client has no runtime".to_owned(),
                took: start.elapsed(),
            });
        };
        runtime.block_on(self.exchange(message, timeout))
    }

    /// Sends all messages concurrently, and returns the results in the order of the messages.
    #[must_use]
    pub fn send_all(self: &Arc<Self>, messages: &[Message]) -> Vec<Result<Exchange, NoResponse>> {
        let no_runtime = || NoResponse {
            kind: NoResponseKind::Broken,
            reason: "the client has no runtime".to_owned(),
            took: Duration::ZERO,
        };
        let mut results: Vec<_> = messages.iter().map(|_| Err(no_runtime())).collect();
        let Some(runtime) = &self.runtime else { return results };
        runtime.block_on(async {
            let mut sending = JoinSet::new();
            for (index, message) in messages.iter().cloned().enumerate() {
                let client = Arc::clone(self);
                sending
                    .spawn(async move { (index, client.exchange(&message, client.timeout).await) });
            }
            while let Some(done) = sending.join_next().await {
                if let Ok((index, result)) = done {
                    results[index] = result;
                }
            }
        });
        results
    }

    /// Sends `message` to the target and returns its response, on the caller's runtime.
    ///
    /// The body is shared with the connection, not copied. One deadline applies to the whole
    /// exchange, so that an endpoint that sends slowly cannot extend it.
    pub async fn exchange(
        &self,
        message: &Message,
        timeout: Option<Duration>,
    ) -> Result<Exchange, NoResponse> {
        let start = Instant::now();
        // A timeout beyond the range of the clock is no limit.
        let end = timeout.and_then(|limit| start.checked_add(limit));
        let result = match run_until(end, self.send_request(message)).await {
            Some(Ok(received)) => Ok(self.read_response(received, end).await),
            Some(Err(failure)) => Err(failure),
            None => {
                let limit = humantime::format_duration(timeout.unwrap_or_default());
                Err((NoResponseKind::Timeout, format!("no response within {limit}")))
            }
        };
        let took = start.elapsed();
        let exchange = result.map(|response| Exchange { response, took });
        exchange.map_err(|(kind, reason)| NoResponse { kind, reason, took })
    }

    /// Sends the request and returns the head of the response.
    async fn send_request(
        &self,
        message: &Message,
    ) -> Result<reqwest::Response, (NoResponseKind, String)> {
        let request = self.http_request(message)?;
        self.http.execute(request).await.map_err(|error| explain(&error))
    }

    /// Converts a message into a request of the HTTP client.
    pub(super) fn http_request(
        &self,
        message: &Message,
    ) -> Result<reqwest::Request, (NoResponseKind, String)> {
        let broken = |reason: String| (NoResponseKind::Broken, reason);
        let method = message.method.parse();
        let method = method
            .map_err(|_| broken(format!("`{}` is not a valid HTTP method", message.method)))?;
        let mut request = reqwest::Request::new(method, self.url.clone());
        *request.headers_mut() = header_map(&message.headers).map_err(broken)?;
        if let Some(host) = self.host.as_ref().and_then(|host| HeaderValue::from_str(host).ok()) {
            request.headers_mut().insert(HOST, host);
        }
        *request.body_mut() = Some(message.body.clone().into());
        Ok(request)
    }

    /// Reads the body of the response, up to the deadline and the size limit.
    ///
    /// The status decides about a delivery, so a body that is late, incomplete or endless is no
    /// error: the received part is kept, and the response is marked as truncated.
    async fn read_response(
        &self,
        mut received: reqwest::Response,
        end: Option<Instant>,
    ) -> Response {
        let headers =
            received.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let headers = headers.collect();
        let status = received.status().as_u16();
        let mut body = Vec::new();
        let truncated = loop {
            match run_until(end, received.chunk()).await {
                Some(Ok(Some(chunk))) => {
                    let room = self.max_body - body.len();
                    body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if chunk.len() > room {
                        break true;
                    }
                }
                Some(Ok(None)) => break false,
                Some(Err(_)) | None => break true,
            }
        };
        Response { status, headers, body, truncated }
    }
}

/// Returns the standard reason phrase of a status, or an empty string.
#[must_use]
pub fn reason_phrase(status: u16) -> &'static str {
    reqwest::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("")
}

/// Returns the result of `work`, or `None` if it is not complete at `end`.
async fn run_until<T>(end: Option<Instant>, work: impl Future<Output = T>) -> Option<T> {
    match end {
        Some(end) => tokio::time::timeout_at(end.into(), work).await.ok(),
        None => Some(work.await),
    }
}

impl Drop for Client {
    /// Does not wait: a listener may drop its client on a thread of its own runtime, where blocking
    /// panics.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Returns the target's URL with the port of `address`, because the client takes the port only from
/// the URL. A host name is kept, because TLS verifies it.
fn with_address(target: &Target, address: SocketAddr) -> Url {
    let mut url = target.url().clone();
    // Neither call can fail for a URL with a host.
    let _ = url.set_port(Some(address.port()));
    if !matches!(target.url().host(), Some(Host::Domain(_))) {
        let _ = url.set_ip_host(address.ip());
    }
    url
}

/// Returns `true` if the target accepts a connection before the timeout.
///
/// Must be awaited on the runtime of the listener.
pub async fn is_up(target: &Target, timeout: Duration) -> bool {
    let host = target.url().host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = target.url().port_or_known_default().unwrap_or(80);
    let connect = async {
        let addresses = tokio::net::lookup_host((host, port)).await?;
        let allowed: Vec<_> = addresses.filter(|address| !is_link_local(address.ip())).collect();
        tokio::net::TcpStream::connect(allowed.as_slice()).await
    };
    tokio::time::timeout(timeout, connect).await.is_ok_and(|connected| connected.is_ok())
}

/// Returns the addresses of a target, or the address to connect to instead.
pub(super) fn addresses(target: &Target, connect: Option<SocketAddr>) -> Vec<SocketAddr> {
    if let Some(address) = connect {
        return vec![address];
    }
    let host = target.url().host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = target.url().port_or_known_default().unwrap_or(80);
    (host, port).to_socket_addrs().map(Iterator::collect).unwrap_or_default()
}

/// Waits up to `limit` until the target accepts a connection.
pub fn wait_until_up(
    target: &Target,
    connect: Option<SocketAddr>,
    limit: Duration,
) -> Result<(), Error> {
    let start = Instant::now();
    loop {
        let left = limit.saturating_sub(start.elapsed());
        let accepts = |address: SocketAddr| {
            !is_link_local(address.ip())
                && TcpStream::connect_timeout(&address, left.max(WAIT_INTERVAL)).is_ok()
        };
        if addresses(target, connect).into_iter().any(accepts) {
            return Ok(());
        }
        if left.is_zero() {
            return Err(Error::NotUp { url: target.to_string(), waited: limit });
        }
        std::thread::sleep(WAIT_INTERVAL.min(left));
    }
}

/// Builds a reqwest client.
#[expect(clippy::disallowed_methods, reason = "only this function builds a client")]
fn http_client(
    target: &Target,
    options: &ConnectOptions,
    title_case: bool,
) -> Result<reqwest::Client, Error> {
    // Without a provider `build` panics, even for `http://`. An error means that one is installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .tcp_nodelay(true)
        // The endpoint may close an idle connection just when a delivery is written to it, and then
        // it is unknown whether it arrived. So each delivery uses a new connection.
        .pool_max_idle_per_host(0)
        .connect_timeout(CONNECT_TIMEOUT)
        .dns_resolver(SystemResolver);
    if title_case {
        builder = builder.http1_title_case_headers();
    }
    if let (Some(address), Some(Host::Domain(host))) = (options.connect, target.url().host()) {
        builder = builder.resolve(host, address);
    }
    if let Some(proxy) = &options.proxy {
        let proxy = Proxy::all(proxy).map_err(|error| Error::Proxy {
            proxy: without_userinfo(proxy),
            reason: root_cause(&error),
        })?;
        builder = builder.proxy(proxy);
    }
    builder = match &options.cacert {
        Some(path) => builder.tls_certs_only(certificates(options, path)?),
        // Reading the system's certificates takes longer than the whole exchange, and fails if
        // there are none.
        None if !target.is_tls() || options.insecure => {
            builder.tls_certs_only(Vec::<Certificate>::new())
        }
        None => builder,
    };
    if options.insecure {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    if let Some(identity) = identity(options)? {
        builder = builder.identity(identity);
    }
    builder.build().map_err(|error| Error::Client(root_cause(&error)))
}

fn certificates(options: &ConnectOptions, path: &Path) -> Result<Vec<Certificate>, Error> {
    let pem = input::read(&options.stdin, "certificate", path, MAX_PEM)?;
    let unusable =
        |reason: String| Error::Certificate { what: "certificate", path: path.to_owned(), reason };
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| unusable(root_cause(&error)))?;
    if found.is_empty() {
        return Err(unusable("it contains no PEM certificate".to_owned()));
    }
    Ok(found)
}

fn identity(options: &ConnectOptions) -> Result<Option<Identity>, Error> {
    let Some(cert) = &options.cert else { return Ok(None) };
    let mut pem = input::read(&options.stdin, "certificate", cert, MAX_PEM)?;
    if let Some(key) = &options.key {
        pem.push(b'\n');
        pem.extend(input::read(&options.stdin, "key", key, MAX_PEM)?);
    }
    Identity::from_pem(&pem).map(Some).map_err(|error| Error::Certificate {
        what: "certificate and key",
        path: cert.clone(),
        reason: root_cause(&error),
    })
}

/// Returns `true` if every header name is written `Like-This`.
///
/// hyper writes either all header names in lower case or all in title case, so other spellings are
/// lost.
fn is_title_case(message: &Message) -> bool {
    message.headers.iter().all(|(name, _)| {
        name.split('-').all(|part| {
            let (first, rest) = part.split_at(part.len().min(1));
            first == first.to_ascii_uppercase() && rest == rest.to_ascii_lowercase()
        })
    })
}

/// Returns a message with the headers that the client adds, and with their names as it writes them.
#[must_use]
pub fn with_client_headers(message: &Message) -> Message {
    let is_title_case = is_title_case(message);
    let written = |name: &str| {
        if is_title_case { name.to_owned() } else { name.to_ascii_lowercase() }
    };
    let given = message.headers.iter().map(|(name, value)| (written(name), value.to_vec()));
    let mut headers: Headers = given.collect();
    if !headers.contains("Accept") {
        headers.push(written("Accept"), "*/*");
    }
    Message { headers, ..message.clone() }
}

fn header_map(headers: &Headers) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    for (name, value) in headers.iter() {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| "a header name is not a token".to_owned())?;
        let value = HeaderValue::from_bytes(value)
            .map_err(|_| format!("header `{name}` contains a control byte"))?;
        map.append(name, value);
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_title_case_only_if_all_of_them_are() {
        let is_title = |names: &[&str]| {
            let headers = names.iter().map(|name| (*name, "")).collect();
            is_title_case(&Message::post("/", headers, ""))
        };
        assert!(is_title(&["Content-Type", "X-Lead-Router-Message-Id"]));
        assert!(!is_title(&["Content-Type", "x-realtorbot-signature"]));
        assert!(!is_title(&["X-ID"]));
    }

    #[test]
    fn a_header_with_invalid_bytes_is_an_error() {
        assert!(header_map(&Headers::from_iter([("A", "1\r\nB: 2")])).is_err());
        assert!(header_map(&Headers::from_iter([("A B", "1")])).is_err());
    }
}
