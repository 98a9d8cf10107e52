//! MCP over streamable HTTP, for teams: one workspace, opened once, for all who ask.
//!
//! No client has a session: each request says all that it needs, so nothing is kept for clients that went away, and
//! later revisions of the protocol know no other way. The folders that clients name count for nothing here, and who
//! they are is not asked; that is the work of a proxy in front.

use std::{borrow::Cow, convert::Infallible, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited, combinators::BoxBody};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{ACCEPT, CONTENT_TYPE, HOST, HeaderValue, ORIGIN},
    http::uri::Authority,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::transport::{
    StreamableHttpServerConfig, StreamableHttpService, streamable_http_server::session::never::NeverSessionManager,
};
use serde::Deserialize;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

use crate::{
    ServeError,
    server::Server,
    session::Session,
    transport::message::{Read, read},
};

/// Where the server answers, below its address.
const PATH: &str = "/mcp";

/// The first revision without sessions; revisions are called by their dates.
const STATELESS_SINCE: &str = "2026-07-28";

/// What that revision took out of the protocol.
const REMOVED: &[&str] = &["initialize", "logging/setLevel", "ping", "resources/subscribe", "resources/unsubscribe"];

/// As many clients are connected at a time; others wait until one leaves.
const MOST_CONNECTIONS: usize = 256;

/// A message may have so many bytes: several times what the largest facts of an operation have.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// What stands before a message may have so many bytes.
const MOST_HEADER_BYTES: usize = 64 * 1024;

/// How long a client may take to send a request, and to send the next one.
const PATIENCE: Duration = Duration::from_secs(30);

/// A pause after connections that the system refuses, for want of file descriptors as a rule.
const PAUSE: Duration = Duration::from_millis(100);

/// How to serve over HTTP.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Where to look for the workspace; `CLAUDE_PROJECT_DIR` or the current folder if left out.
    pub root: Option<PathBuf>,
    /// What to listen on. Port 0 lets the system choose one.
    pub address: SocketAddr,
    /// Whether the address may be one that other machines can reach.
    pub allows_remote: bool,
    /// The names by which clients may call the server, with or without a port, beside those of this machine: a page
    /// that has its own name lead here is none of them.
    pub hosts: Vec<String>,
    /// The origins whose pages may call the server, beside those of this machine.
    pub origins: Vec<String>,
}

/// A server that listens.
#[derive(Debug)]
pub struct HttpServer {
    listener: TcpListener,
    address: SocketAddr,
    service: Service,
}

type Protocol = StreamableHttpService<Server, NeverSessionManager>;
type Body = BoxBody<Bytes, Infallible>;

/// What answers requests.
#[derive(Clone)]
struct Service(Arc<Protocol>);

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

impl HttpServer {
    /// Begins to listen.
    ///
    /// # Errors
    /// If the options are of no use, the root given is no folder, or the address is not to be had.
    pub async fn bind(options: HttpOptions) -> Result<Self, ServeError> {
        let HttpOptions { root, address, allows_remote, hosts, origins } = options;
        if !allows_remote && !address.ip().is_loopback() {
            return Err(ServeError::Remote(address));
        }
        let hosts = hosts.into_iter().map(host).collect::<Result<Vec<_>, _>>()?;
        let origins = origins.iter().map(|it| origin(it)).collect::<Result<Vec<_>, _>>()?;
        let server = Server::new(Session::fixed(root)?);
        let listener = TcpListener::bind(address).await.map_err(|error| ServeError::Listen { address, error })?;
        let address = listener.local_addr().map_err(|error| ServeError::Listen { address, error })?;
        let protocol =
            StreamableHttpService::new(move || Ok(server.clone()), Arc::default(), config(address, hosts, origins));
        Ok(Self { listener, address, service: Service(Arc::new(protocol)) })
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://{}{PATH}", self.address)
    }

    /// Serves all who come, until the process ends.
    pub async fn serve(self) {
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        loop {
            // Never closed.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let service = self.service.clone();
                    tokio::spawn(async move {
                        service.serve(stream).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}

impl Service {
    async fn serve(self, stream: TcpStream) {
        let answer = service_fn(move |request| {
            let service = self.clone();
            async move { Ok::<_, Infallible>(service.answer(request).await) }
        });
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .max_buf_size(MOST_HEADER_BYTES)
            .serve_connection(TokioIo::new(stream), answer);
        if let Err(error) = served.await {
            tracing::debug!(%error, "a connection ended");
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        if request.uri().path() != PATH {
            return said(StatusCode::NOT_FOUND, format!("Archwright answers at {PATH}."));
        }
        let (head, body) = request.into_parts();
        // Who may not ask is told so before anything of what they send is read.
        let refused = self.0.handle(probe(&head.headers, &head.method)).await;
        if !refused.status().is_success() {
            return refused;
        }
        let body = match tokio::time::timeout(PATIENCE, Limited::new(body, MOST_BYTES).collect()).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return said(StatusCode::PAYLOAD_TOO_LARGE, format!("A message may have {MOST_BYTES} bytes at most."));
            }
            Ok(Err(error)) => return said(StatusCode::BAD_REQUEST, format!("The message cannot be read: {error}.")),
            Err(_) => return said(StatusCode::REQUEST_TIMEOUT, "The message took too long to arrive.".to_owned()),
        };
        let message = match read(&body) {
            Read::Message(message) => serde_json::to_vec(&message).map_or(body, Bytes::from),
            Read::Nothing => return refused,
            Read::Refused(_) if is_removed(&head.headers, &body) => body,
            Read::Refused(answer) => return told(answer),
        };
        self.0.handle(Request::from_parts(head, Full::new(message))).await
    }
}

/// A message that asks for nothing, from the same client: what the library answers says whether it may ask.
fn probe(headers: &HeaderMap, method: &Method) -> Request<Full<Bytes>> {
    let nothing = r#"{"jsonrpc": "2.0", "method": "notifications/initialized"}"#;
    let mut request = Request::new(Full::new(Bytes::from_static(nothing.as_bytes())));
    request.method_mut().clone_from(method);
    for name in [HOST, ORIGIN, ACCEPT, CONTENT_TYPE] {
        for value in headers.get_all(&name) {
            request.headers_mut().append(&name, value.clone());
        }
    }
    request
}

/// Whether a request asks, in a revision without sessions, for what went with them. The library knows how it is told
/// so, whatever else is wrong with the request.
fn is_removed(headers: &HeaderMap, body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Request<'a> {
        #[serde(borrow)]
        method: Cow<'a, str>,
    }

    let revision = headers.get("mcp-protocol-version").and_then(|it| it.to_str().ok());
    revision.is_some_and(|it| it >= STATELESS_SINCE)
        && serde_json::from_slice::<Request>(body).is_ok_and(|it| REMOVED.contains(&it.method.as_ref()))
}

/// An answer in plain text.
fn said(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from(text)).boxed());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// The answer to a message that cannot be taken. Clients hand on what names their request, and of everything else they
/// read the status alone.
fn told(answer: Vec<u8>) -> Response<Body> {
    #[derive(Deserialize)]
    struct Answer {
        id: Option<serde_json::Value>,
    }

    let is_for_request = serde_json::from_slice::<Answer>(&answer).is_ok_and(|it| it.id.is_some());
    let mut response = Response::new(Full::new(Bytes::from(answer)).boxed());
    *response.status_mut() = if is_for_request { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// How the library serves: without sessions, as JSON, and for those alone who call this machine by its own names.
fn config(address: SocketAddr, hosts: Vec<String>, origins: Vec<String>) -> StreamableHttpServerConfig {
    let names = ["localhost", "127.0.0.1", "[::1]"];
    let mut allowed_hosts: Vec<String> = names.iter().map(|it| (*it).to_owned()).chain(hosts).collect();
    // Nobody else's name leads to an address that is written out.
    match address {
        _ if address.ip().is_unspecified() => {}
        SocketAddr::V4(it) => allowed_hosts.push(it.ip().to_string()),
        SocketAddr::V6(it) => allowed_hosts.push(format!("[{}]", it.ip())),
    }
    let local = names.iter().flat_map(|it| [format!("http://{it}:*"), format!("https://{it}:*")]);
    StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(MOST_BYTES)
        .with_allowed_hosts(allowed_hosts)
        .with_allowed_origins(local.chain(origins))
        .enforce_origin_validation()
}

/// A name that the library can compare.
fn host(given: String) -> Result<String, ServeError> {
    match given.parse::<Authority>() {
        Ok(it) if !it.host().is_empty() && !given.contains('@') => Ok(given),
        _ => Err(ServeError::Host(given)),
    }
}

/// An origin that the library can compare, always with its port.
fn origin(given: &str) -> Result<String, ServeError> {
    let wrong = || ServeError::Origin(given.to_owned());
    let (scheme, authority) = given.trim_end_matches('/').split_once("://").ok_or_else(wrong)?;
    let usual = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return Err(wrong()),
    };
    if let Some(name) = authority.strip_suffix(":*") {
        host(name.to_owned()).map_err(|_| wrong())?;
        return Ok(format!("{scheme}://{authority}"));
    }
    let parsed: Authority = host(authority.to_owned()).ok().and_then(|it| it.parse().ok()).ok_or_else(wrong)?;
    Ok(match parsed.port() {
        Some(_) => format!("{scheme}://{authority}"),
        None => format!("{scheme}://{authority}:{usual}"),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{host, origin};

    #[test]
    fn origins_get_their_port_and_what_is_none_is_refused() {
        assert_eq!(origin("https://docs.example.com/").unwrap(), "https://docs.example.com:443");
        assert_eq!(origin("http://docs.example.com").unwrap(), "http://docs.example.com:80");
        assert_eq!(origin("http://docs.example.com:8080").unwrap(), "http://docs.example.com:8080");
        assert_eq!(origin("https://docs.example.com:*").unwrap(), "https://docs.example.com:*");
        for wrong in ["docs.example.com", "*", "ftp://a", "https://", "https://a b", "https://a/b", "https://u@a"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
        for right in ["docs.example.com", "docs.example.com:8443", "[::1]:80"] {
            assert_eq!(host(right.to_owned()).unwrap(), right);
        }
        for wrong in ["", "https://docs.example.com", "a/b", "u@a", ":80"] {
            assert!(host(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
