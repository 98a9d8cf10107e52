//! A small HTTP server on loopback, for the programs of others that want to talk to a service.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use serde_json::Value;

/// What is answered: a media type and a body. Without it the path is not known.
pub type Answer = Option<(&'static str, String)>;

/// A server that answers until the test process ends.
pub struct Loopback {
    address: String,
}

impl Loopback {
    /// Starts a server. `answer` is given the path and the JSON body of each POST.
    #[track_caller]
    pub fn start(answer: impl Fn(&str, Value) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback can be had");
        let address = format!("http://{}", listener.local_addr().expect("the listener has an address"));
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = Arc::clone(&answer);
                // A client that goes away in the middle of a request is the client's affair.
                thread::spawn(move || _ = serve(stream, answer.as_ref()));
            }
        });
        Self { address }
    }

    /// Where it listens: `http://127.0.0.1:<port>`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Answers one request and closes the connection, so that nothing has to be kept apart.
fn serve(mut stream: TcpStream, answer: &dyn Fn(&str, Value) -> Answer) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut length = 0;
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let answered = match method.as_str() {
        "POST" => answer(&path, serde_json::from_slice(&body).unwrap_or_default()),
        // Clients ask with HEAD whether anybody is there.
        "HEAD" => Some(("application/json", String::new())),
        _ => None,
    };
    let (status, (kind, body)) = match answered {
        Some(answered) => ("200 OK", answered),
        None => ("404 Not Found", ("application/json", "{}".to_owned())),
    };
    write!(stream, "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n", body.len())?;
    write!(stream, "connection: close\r\n\r\n{body}")?;
    stream.flush()
}
