//! The reqwest client for connections over TLS or through a proxy.
//!
//! It must install the TLS provider first, disable redirects and any proxy that was not requested,
//! and load no certificate store without TLS.

use super::no_response::{CONNECT_TIMEOUT, root_cause};
use super::options::ConnectOptions;
use super::resolver::SystemResolver;
use crate::domain::target::{Target, without_userinfo};
use crate::io::error::Error;
use crate::io::input;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Identity, Proxy};
use std::path::Path;
use url::Host;

/// The maximum size of a certificate or key file.
const MAX_PEM: u64 = 1024 * 1024;

/// Builds a reqwest client.
#[expect(clippy::disallowed_methods, reason = "only this function builds a client")]
pub(super) fn http_client(
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
