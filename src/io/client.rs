//! HTTP client: sends messages to one endpoint and returns its responses, under one deadline.
//!
//! Connections without TLS are served by hyper itself, so that a request keeps its path and headers;
//! the others by reqwest, which only `builder` builds.

mod builder;
mod no_response;
mod options;
mod plain;
mod reach;
mod resolver;
mod tls_hello;

pub use no_response::{NoResponse, NoResponseKind};
pub use options::ConnectOptions;
pub(in crate::io) use reach::addresses;
pub use reach::{is_up, try_connect, wait_until_up};

use crate::domain::message::{Headers, Message, Response};
use crate::domain::target::Target;
use crate::io::error::Error;
use builder::http_client;
use bytes::Bytes;
use http_body_util::Full;
use no_response::{Failure, explain};
use plain::PlainResponse;
use reqwest::header::{
    ACCEPT, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue,
};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use url::{Host, Url};

/// The maximum number of body bytes of a response that are kept for display.
const MAX_SHOWN_BODY: usize = 64 * 1024;

/// The maximum number of body bytes of a response that is passed on to the sender.
const MAX_FORWARDED_BODY: usize = 16 * 1024 * 1024;

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
    transport: Transport,
    target: Target,
    /// The address to connect to instead of the target's.
    connect: Option<SocketAddr>,
    /// `true` to write header names `Like-This`, `false` for lower case.
    title_case: bool,
    timeout: Option<Duration>,
    max_body: usize,
}

/// The library that exchanges the bytes.
#[derive(Debug)]
enum Transport {
    /// hyper, over a connection without TLS.
    Plain {
        /// `true` for requests that were received: no `Accept: */*` is added to one without
        /// `Accept`, as most HTTP clients do, and an empty body has a length.
        is_relay: bool,
    },
    /// reqwest, which adds `Accept: */*` too.
    Reqwest(reqwest::Client),
}

/// A response whose body is not read yet.
enum Received {
    Plain(PlainResponse),
    Reqwest(reqwest::Response),
}

impl Client {
    /// Creates a client with its own runtime, for a command that blocks on each exchange.
    pub fn new(
        target: &Target,
        options: &ConnectOptions,
        message: &Message,
    ) -> Result<Self, Error> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::Serve)?;
        let client = Self::with_title_case(target, options, is_title_case(message), false)?;
        Ok(client.with_runtime(runtime))
    }

    /// Creates a client for a caller that has a runtime and passes requests and responses on.
    pub fn shared(target: &Target, options: &ConnectOptions) -> Result<Self, Error> {
        let client = Self::with_title_case(target, options, true, true)?;
        Ok(client.with_max_body(MAX_FORWARDED_BODY))
    }

    fn with_title_case(
        target: &Target,
        options: &ConnectOptions,
        title_case: bool,
        is_relay: bool,
    ) -> Result<Self, Error> {
        let is_plain = !target.is_tls() && options.proxy.is_none();
        let has_files = options.cacert.is_some() || options.cert.is_some();
        // A wrong certificate file is an error, even if this target does not need it.
        let http = (!is_plain || has_files).then(|| http_client(target, options, title_case));
        let transport = match http.transpose()? {
            Some(http) if !is_plain => Transport::Reqwest(http),
            _ => Transport::Plain { is_relay },
        };
        Ok(Self {
            runtime: None,
            transport,
            target: target.clone(),
            connect: options.connect,
            title_case,
            timeout: options.timeout,
            max_body: MAX_SHOWN_BODY,
        })
    }

    fn with_runtime(mut self, runtime: Runtime) -> Self {
        self.runtime = Some(runtime);
        self
    }

    /// Keeps up to this number of bytes of the body of a response.
    #[must_use]
    pub(super) fn with_max_body(mut self, max_body: usize) -> Self {
        self.max_body = max_body;
        self
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
    /// The path is that of the target, not that of the message.
    pub async fn exchange(
        &self,
        message: &Message,
        timeout: Option<Duration>,
    ) -> Result<Exchange, NoResponse> {
        self.exchange_at(&self.target, message, timeout).await
    }

    /// Sends `message` to another path of the target, `address`, and returns its response.
    ///
    /// The body is shared with the connection, not copied. One deadline applies to the whole
    /// exchange, so that an endpoint that sends slowly cannot extend it.
    pub async fn exchange_at(
        &self,
        address: &Target,
        message: &Message,
        timeout: Option<Duration>,
    ) -> Result<Exchange, NoResponse> {
        let start = Instant::now();
        // A timeout beyond the range of the clock is no limit.
        let end = timeout.and_then(|limit| start.checked_add(limit));
        let result = match run_until(end, self.send_request(address, message)).await {
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
    async fn send_request(&self, address: &Target, message: &Message) -> Result<Received, Failure> {
        let sent = match &self.transport {
            Transport::Plain { is_relay } => {
                let request = self.plain_request(address, message, *is_relay)?;
                let sent = plain::send(address, self.connect, request, self.title_case).await;
                sent.map(Received::Plain)
            }
            Transport::Reqwest(http) => {
                let request = self.reqwest_request(address, message)?;
                http.execute(request).await.map(Received::Reqwest).map_err(|error| explain(&error))
            }
        };
        match sent {
            Err((NoResponseKind::Refused, _)) if self.connect.is_none() => {
                let explained = reach::explain_refusal(address).await;
                sent.map_err(|refused| explained.unwrap_or(refused))
            }
            sent => sent,
        }
    }

    /// Connects to the target once, and returns the reason if it does not accept a connection.
    pub async fn probe(&self) -> Result<(), NoResponse> {
        let start = Instant::now();
        let Err(failure) = reach::connect(&self.target, self.connect).await else { return Ok(()) };
        let explained = match failure.0 {
            NoResponseKind::Refused => reach::explain_refusal(&self.target).await,
            _ => None,
        };
        let (kind, reason) = explained.unwrap_or(failure);
        Err(NoResponse { kind, reason, took: start.elapsed() })
    }

    /// Replaces the reason of a connection that was closed without a byte, if the target responds
    /// to TLS.
    ///
    /// Most servers close a connection on which they expect TLS, so that the failed exchange alone
    /// does not show it.
    pub async fn diagnose(&self, failure: NoResponse) -> NoResponse {
        let is_candidate = failure.kind == NoResponseKind::Closed
            && matches!(self.transport, Transport::Plain { .. });
        if !is_candidate || !tls_hello::is_answered(&self.target, self.connect).await {
            return failure;
        }
        let (kind, reason) = no_response::needs_tls();
        NoResponse { kind, reason, ..failure }
    }

    /// Converts a message into a request that is written as it is.
    pub(super) fn plain_request(
        &self,
        address: &Target,
        message: &Message,
        is_relay: bool,
    ) -> Result<hyper::Request<Full<Bytes>>, Failure> {
        let uri = address.path_and_query().parse();
        let uri = uri.map_err(|_| broken("the path is not valid in a request".to_owned()))?;
        let mut request = hyper::Request::new(Full::new(message.body.clone()));
        *request.method_mut() = method(message)?;
        *request.uri_mut() = uri;
        let mut headers = header_map(&message.headers).map_err(broken)?;
        if !is_relay && !headers.contains_key(ACCEPT) {
            headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        }
        if !headers.contains_key(HOST) {
            headers.insert(HOST, host_value(&self.target)?);
        }
        // hyper would omit the length 0, without which some servers respond 411.
        if is_relay || !message.body.is_empty() {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(message.body.len()));
        }
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// Converts a message into a request of reqwest.
    fn reqwest_request(
        &self,
        address: &Target,
        message: &Message,
    ) -> Result<reqwest::Request, Failure> {
        let url = match self.connect {
            Some(connect) => with_address(address, connect),
            None => address.url().clone(),
        };
        let mut request = reqwest::Request::new(method(message)?, url);
        *request.headers_mut() = header_map(&message.headers).map_err(broken)?;
        if self.connect.is_some() {
            request.headers_mut().insert(HOST, host_value(address)?);
        }
        *request.body_mut() = Some(message.body.clone().into());
        Ok(request)
    }

    /// Reads the body of the response, up to the deadline and the size limit.
    ///
    /// The status decides about a delivery, so a body that is late, incomplete or endless is no
    /// error: the received part is kept, and the response is marked as truncated.
    async fn read_response(&self, mut received: Received, end: Option<Instant>) -> Response {
        let (status, headers) = received.head();
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
                Some(Err(())) | None => break true,
            }
        };
        Response { status, headers, body, truncated }
    }
}

impl Received {
    /// Returns the status and the headers.
    fn head(&self) -> (u16, Headers) {
        let (status, headers) = match self {
            Self::Plain(plain) => (plain.head().status(), plain.head().headers()),
            Self::Reqwest(response) => (response.status(), response.headers()),
        };
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        (status.as_u16(), headers.collect())
    }

    /// Returns the next part of the body, `None` at its end, or an error if it is incomplete.
    async fn chunk(&mut self) -> Result<Option<Bytes>, ()> {
        match self {
            Self::Plain(plain) => plain.chunk().await.map_err(|_| ()),
            Self::Reqwest(response) => response.chunk().await.map_err(|_| ()),
        }
    }
}

fn broken(reason: String) -> Failure {
    (NoResponseKind::Broken, reason)
}

fn method(message: &Message) -> Result<reqwest::Method, Failure> {
    let invalid = |_| broken(format!("`{}` is not a valid HTTP method", message.method));
    message.method.parse().map_err(invalid)
}

/// Returns the `Host` header of a target.
fn host_value(target: &Target) -> Result<HeaderValue, Failure> {
    let invalid = |_: InvalidHeaderValue| broken("the host is not a valid header".to_owned());
    HeaderValue::from_str(&target.authority()).map_err(invalid)
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
