//! A message to an endpoint and its answer back, under one deadline.
//!
//! The only place that makes a reqwest client: it needs its TLS provider installed first, no
//! redirects, no proxy but the one asked for, and no certificate store where there is no TLS.

mod no_response;

pub use no_response::{NoResponse, NoResponseKind};

use crate::domain::message::{Headers, Message, Response};
use crate::domain::target::{Target, is_link_local, without_userinfo};
use crate::io::error::Error;
use crate::io::input;
use crate::io::streams::InputStream;
use no_response::{CONNECT_TIMEOUT, SystemResolver, explain, root};
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

/// How much of an answer is kept: enough to debug, too little to hurt.
const KEPT: usize = 64 * 1024;

/// How much of an answer is kept to be passed on: all of any that a webhook gets.
const KEPT_WHOLE: usize = 16 * 1024 * 1024;

/// Largest certificate or key file.
const MAX_PEM: u64 = 1024 * 1024;

/// How often `--wait` tries.
const WAIT_STEP: Duration = Duration::from_millis(50);

/// How a connection is made, in curl's terms.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// One deadline over the whole exchange; none waits for ever.
    pub timeout: Option<Duration>,
    /// Trust these authorities and no others.
    pub cacert: Option<PathBuf>,
    /// The client's own certificate, with or without its key.
    pub cert: Option<PathBuf>,
    /// The key of that certificate.
    pub key: Option<PathBuf>,
    /// Take any certificate.
    pub insecure: bool,
    /// Go through this proxy.
    pub proxy: Option<String>,
    /// Connect to this address, whatever the target says: `--resolve` and `--connect-to`.
    pub connect: Option<SocketAddr>,
    /// Standard input, for a certificate or key that is given as `-`.
    pub stdin: InputStream,
}

/// One exchange that came to an answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The answer.
    pub response: Response,
    /// From the first byte out to the last byte in.
    pub took: Duration,
}

/// Sends messages to one endpoint.
#[derive(Debug)]
pub struct Client {
    /// There until the client is dropped.
    runtime: Option<Runtime>,
    http: reqwest::Client,
    /// The address of the request, and the `Host` it goes under where that is another.
    url: Url,
    host: Option<String>,
    timeout: Option<Duration>,
    kept: usize,
}

impl Client {
    /// A client for one command, on the caller's thread.
    pub fn new(
        target: &Target,
        options: &ConnectOptions,
        message: &Message,
    ) -> Result<Self, Error> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::Serve)?;
        Self::on(Some(runtime), target, options, title_case(message), KEPT)
    }

    /// A client for whoever has a runtime, and passes answers on.
    pub fn shared(target: &Target, options: &ConnectOptions) -> Result<Self, Error> {
        Self::on(None, target, options, true, KEPT_WHOLE)
    }

    fn on(
        runtime: Option<Runtime>,
        target: &Target,
        options: &ConnectOptions,
        title_case: bool,
        kept: usize,
    ) -> Result<Self, Error> {
        let http = http_client(target, options, title_case)?;
        let (url, host) = match options.connect {
            Some(address) => (redirected(target, address), Some(target.authority())),
            None => (target.url().clone(), None),
        };
        Ok(Self { runtime, http, url, host, timeout: options.timeout, kept })
    }

    /// Sends `message` to the target and takes its answer.
    pub fn send(&self, message: &Message) -> Result<Exchange, NoResponse> {
        let start = Instant::now();
        let Some(runtime) = &self.runtime else {
            return Err(NoResponse {
                kind: NoResponseKind::Broken,
                reason: "the client is gone".to_owned(),
                took: start.elapsed(),
            });
        };
        runtime.block_on(self.exchange(message, self.timeout))
    }

    /// Sends all messages at once, and gives back what came of each, in their order.
    #[must_use]
    pub fn send_together(
        self: &Arc<Self>,
        messages: &[Message],
    ) -> Vec<Result<Exchange, NoResponse>> {
        let gone = || NoResponse {
            kind: NoResponseKind::Broken,
            reason: "the client is gone".to_owned(),
            took: Duration::ZERO,
        };
        let mut results: Vec<_> = messages.iter().map(|_| Err(gone())).collect();
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

    /// Sends `message` to the target and takes its response, on the caller's runtime. Its body is
    /// shared with the connection, not copied.
    ///
    /// One deadline over everything: an endpoint that drips must not outlive it.
    pub async fn exchange(
        &self,
        message: &Message,
        timeout: Option<Duration>,
    ) -> Result<Exchange, NoResponse> {
        let start = Instant::now();
        // A time beyond the clock's end is none.
        let end = timeout.and_then(|limit| start.checked_add(limit));
        let result = match within(end, self.request(message)).await {
            Some(Ok(answer)) => Ok(self.response(answer, end).await),
            Some(Err(failure)) => Err(failure),
            None => {
                let limit = humantime::format_duration(timeout.unwrap_or_default());
                Err((NoResponseKind::Timeout, format!("no answer within {limit}")))
            }
        };
        let took = start.elapsed();
        let exchange = result.map(|response| Exchange { response, took });
        exchange.map_err(|(kind, reason)| NoResponse { kind, reason, took })
    }

    /// Sends the request and takes the head of the answer.
    async fn request(
        &self,
        message: &Message,
    ) -> Result<reqwest::Response, (NoResponseKind, String)> {
        let request = self.http_request(message)?;
        self.http.execute(request).await.map_err(|error| explain(&error))
    }

    /// Returns the request as the HTTP client takes it.
    pub(super) fn http_request(
        &self,
        message: &Message,
    ) -> Result<reqwest::Request, (NoResponseKind, String)> {
        let broken = |reason: String| (NoResponseKind::Broken, reason);
        let method = message.method.parse();
        let method = method.map_err(|_| broken(format!("no method `{}`", message.method)))?;
        let mut request = reqwest::Request::new(method, self.url.clone());
        *request.headers_mut() = header_map(&message.headers).map_err(broken)?;
        if let Some(host) = self.host.as_ref().and_then(|host| HeaderValue::from_str(host).ok()) {
            request.headers_mut().insert(HOST, host);
        }
        *request.body_mut() = Some(message.body.clone().into());
        Ok(request)
    }

    /// Takes the rest of the answer, up to the deadline and the bound.
    ///
    /// The status is what counts. A body that is late, breaks off or has no end takes nothing from
    /// it: what came is kept, and that it is not all of it.
    async fn response(&self, mut answer: reqwest::Response, end: Option<Instant>) -> Response {
        let headers =
            answer.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let headers = headers.collect();
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        let truncated = loop {
            match within(end, answer.chunk()).await {
                Some(Ok(Some(chunk))) => {
                    let room = self.kept - body.len();
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

/// The usual phrase of a status, or nothing.
#[must_use]
pub fn reason(status: u16) -> &'static str {
    reqwest::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("")
}

/// What the work gives; nothing where it is not done by then.
async fn within<T>(end: Option<Instant>, work: impl Future<Output = T>) -> Option<T> {
    match end {
        Some(end) => tokio::time::timeout_at(end.into(), work).await.ok(),
        None => Some(work.await),
    }
}

impl Drop for Client {
    /// Does not wait: a listener may drop its client on a thread of its own runtime, where
    /// waiting is a panic.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The target's URL with the port of `address`, which the client takes from there and nowhere
/// else; a host name stays, because TLS asks for it.
fn redirected(target: &Target, address: SocketAddr) -> Url {
    let mut url = target.url().clone();
    // Neither can fail on a URL with a host.
    let _ = url.set_port(Some(address.port()));
    if !matches!(target.url().host(), Some(Host::Domain(_))) {
        let _ = url.set_ip_host(address.ip());
    }
    url
}

/// Whether the target accepts a connection within that time. To be awaited from what the listener
/// runs.
pub async fn is_up(target: &Target, within: Duration) -> bool {
    let host = target.url().host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = target.url().port_or_known_default().unwrap_or(80);
    let connect = async {
        let addresses = tokio::net::lookup_host((host, port)).await?;
        let fit: Vec<_> = addresses.filter(|address| !is_link_local(address.ip())).collect();
        tokio::net::TcpStream::connect(fit.as_slice()).await
    };
    tokio::time::timeout(within, connect).await.is_ok_and(|connected| connected.is_ok())
}

/// Waits until the target accepts a connection.
pub fn wait_until_up(
    target: &Target,
    connect: Option<SocketAddr>,
    limit: Duration,
) -> Result<(), Error> {
    let start = Instant::now();
    let host = target.url().host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = target.url().port_or_known_default().unwrap_or(80);
    let addresses = || match connect {
        Some(address) => vec![address],
        None => (host.as_str(), port).to_socket_addrs().map(Iterator::collect).unwrap_or_default(),
    };
    loop {
        let left = limit.saturating_sub(start.elapsed());
        let accepts = |address: SocketAddr| {
            !is_link_local(address.ip())
                && TcpStream::connect_timeout(&address, left.max(WAIT_STEP)).is_ok()
        };
        if addresses().into_iter().any(accepts) {
            return Ok(());
        }
        if left.is_zero() {
            return Err(Error::NotUp { url: target.to_string(), waited: limit });
        }
        std::thread::sleep(WAIT_STEP.min(left));
    }
}

/// Makes a client. Nothing else in the project does.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn http_client(
    target: &Target,
    options: &ConnectOptions,
    title_case: bool,
) -> Result<reqwest::Client, Error> {
    // Without a provider `build` panics, even for `http://`. Installed before means installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .tcp_nodelay(true)
        // An idle connection may be closed by its other end just when a delivery is written to it,
        // and nobody can tell then whether it arrived: each delivery gets a connection of its own.
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
            reason: root(&error),
        })?;
        builder = builder.proxy(proxy);
    }
    builder = match &options.cacert {
        Some(path) => builder.tls_certs_only(certificates(options, path)?),
        // Reading the system's certificates takes longer than the whole exchange, and where there
        // are none it fails.
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
    builder.build().map_err(|error| Error::Client(root(&error)))
}

fn certificates(options: &ConnectOptions, path: &Path) -> Result<Vec<Certificate>, Error> {
    let pem = input::read(&options.stdin, "certificate", path, MAX_PEM)?;
    let unusable =
        |reason: String| Error::Certificate { what: "certificate", path: path.to_owned(), reason };
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| unusable(root(&error)))?;
    if found.is_empty() {
        return Err(unusable("it holds no PEM certificate".to_owned()));
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
        reason: root(&error),
    })
}

/// Whether every name is written `Like-This`: only then can the client keep the names as they are.
///
/// hyper writes header names in lower case, or all of them in title case.
fn title_case(message: &Message) -> bool {
    message.headers.iter().all(|(name, _)| {
        name.split('-').all(|part| {
            let (first, rest) = part.split_at(part.len().min(1));
            first == first.to_ascii_uppercase() && rest == rest.to_ascii_lowercase()
        })
    })
}

fn header_map(headers: &Headers) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    for (name, value) in headers.iter() {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| "a header name is not a token".to_owned())?;
        let value = HeaderValue::from_bytes(value)
            .map_err(|_| format!("header `{name}` holds a control byte"))?;
        map.append(name, value);
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_title_case_only_if_all_of_them_are() {
        let case = |names: &[&str]| {
            let headers = names.iter().map(|name| (*name, "")).collect();
            title_case(&Message::post("/", headers, ""))
        };
        assert!(case(&["Content-Type", "X-Lead-Router-Message-Id"]));
        assert!(!case(&["Content-Type", "x-realtorbot-signature"]));
        assert!(!case(&["X-ID"]));
    }

    #[test]
    fn a_header_that_would_split_the_request_is_refused() {
        assert!(header_map(&Headers::from_iter([("A", "1\r\nB: 2")])).is_err());
        assert!(header_map(&Headers::from_iter([("A B", "1")])).is_err());
    }
}
