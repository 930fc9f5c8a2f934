//! Exchanges over connections without TLS: requests are written as they are.
//!
//! reqwest only sends URLs, which cannot express every path that arrives in a request, and adds
//! headers. Here, hyper writes the path and the headers of the message, and the first bytes of a
//! response that is not HTTP/1 are kept, because they name its protocol.

use super::no_response::{Failure, NoResponseKind, explain_plain};
use super::reach::connect;
use crate::domain::target::Target;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The number of bytes that are kept: the head of a frame of HTTP/2.
const FIRST_BYTES: usize = 9;

/// A response whose body is not read yet, with its connection.
pub(super) struct PlainResponse {
    connection: DrivenConnection,
    response: Response<Incoming>,
}

/// Connects to the target, or to `instead`, sends a request and reads the head of its response.
pub(super) async fn send(
    target: &Target,
    instead: Option<SocketAddr>,
    request: Request<Full<Bytes>>,
    title_case: bool,
) -> Result<PlainResponse, Failure> {
    let stream = connect(target, instead).await?;
    let first_bytes = Arc::new(OnceLock::new());
    let stream = ObservedStream { stream, first_bytes: Arc::clone(&first_bytes) };
    let builder = {
        let mut builder = http1::Builder::new();
        builder.title_case_headers(title_case);
        builder
    };
    let handshake = builder.handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake
        .map_err(|error| (NoResponseKind::Broken, format!("the connection broke: {error}")))?;
    let mut connection = DrivenConnection { connection: Some(Box::pin(connection)) };
    let response = connection.drive(sender.send_request(request)).await;
    let first_bytes = || first_bytes.get().map(Vec::as_slice).unwrap_or_default();
    let response = response.map_err(|error| explain_plain(&error, first_bytes()))?;
    Ok(PlainResponse { connection, response })
}

impl PlainResponse {
    /// Returns the head of the response.
    pub(super) fn head(&self) -> &Response<Incoming> {
        &self.response
    }

    /// Returns the next part of the body, `None` at its end, or an error if it is incomplete.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, hyper::Error> {
        let body = self.response.body_mut();
        loop {
            match self.connection.drive(body.frame()).await {
                None => return Ok(None),
                Some(Err(error)) => return Err(error),
                Some(Ok(frame)) => {
                    // Trailers are not passed on.
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }
}

type Connection = http1::Connection<TokioIo<ObservedStream>, Full<Bytes>>;

/// A connection that makes progress while something waits for it. It needs no task, so that it is
/// closed, and its body freed, as soon as the exchange is dropped.
struct DrivenConnection {
    /// `None` once it has ended.
    connection: Option<Pin<Box<Connection>>>,
}

impl DrivenConnection {
    /// Waits for `work` on the connection.
    async fn drive<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        std::future::poll_fn(|context| {
            if let Some(connection) = &mut self.connection
                && connection.as_mut().poll(context).is_ready()
            {
                // Its result is that of the work, too.
                self.connection = None;
            }
            work.as_mut().poll(context)
        })
        .await
    }
}

/// A stream that keeps the first bytes that are read from it.
struct ObservedStream {
    stream: TcpStream,
    first_bytes: Arc<OnceLock<Vec<u8>>>,
}

impl AsyncRead for ObservedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Some(read) = buffer.filled().get(before..).filter(|read| !read.is_empty()) {
            self.first_bytes.get_or_init(|| read.iter().take(FIRST_BYTES).copied().collect());
        }
        polled
    }
}

impl AsyncWrite for ObservedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
