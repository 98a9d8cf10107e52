//! The way between the client's streams and the service: nothing that comes in ends the session but its end.
//!
//! tower-lsp brings a loop of its own, which ends at the first message that is none, and waits for a client that does
//! not read. **Invariant**: requests are handed to the service in the order of the wire, and each is begun before the
//! next is looked at.

mod frame;
mod message;

use std::time::Duration;

use bytes::BytesMut;
use futures::{
    SinkExt, StreamExt,
    future::poll_fn,
    poll,
    stream::{FusedStream, FuturesUnordered},
};
use serde::Serialize;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    time::{Instant, sleep_until},
};
use tower_lsp::{
    ClientSocket,
    jsonrpc::{Error, Request, Response},
};
use tower_service::Service;

use self::{
    frame::{Frame, Frames},
    message::{Incoming, Refusal, read},
};

/// So many requests may wait for their answers at once. They hold no thread, so the number only has to be out of reach.
const MOST_REQUESTS: usize = 4096;

/// So much may wait for a client that does not read, in bytes; then nothing more is read from it.
const MOST_UNREAD: usize = 64 * 1024 * 1024;

/// A client for which so much waits, and that reads nothing of it for this time, is gone.
const STALLED: Duration = Duration::from_mins(1);

/// After the end of the input, answers may take this time.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// After the end of the input, a client that reads nothing for this time is gone.
const LAST_READS: Duration = Duration::from_secs(2);

/// Carries messages until the client says `exit`, closes its end or is `gone`. `ended` is called when no message will
/// come any more, so that whatever waits for news can be answered.
pub(crate) async fn carry<I, O, S>(
    input: I,
    output: O,
    mut service: S,
    socket: ClientSocket,
    gone: impl Future<Output = ()>,
    ended: impl FnOnce(),
) where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
    S: Service<Request, Response = Option<Response>>,
    S::Error: std::fmt::Display,
    S::Future: Unpin,
{
    let (requests, mut answers) = socket.split();
    let mut requests = requests.fuse();
    let mut frames = Frames::new(input);
    let mut running = FuturesUnordered::new();
    tokio::pin!(gone, output);
    let mut outgoing = Outgoing::default();
    let mut ended = Some(ended);
    let mut deadline: Option<Instant> = None;
    loop {
        if deadline.is_some() && running.is_empty() && outgoing.is_done() {
            return;
        }
        let reads = deadline.is_none() && running.len() < MOST_REQUESTS && outgoing.waiting.len() < MOST_UNREAD;
        let patience = match deadline {
            Some(last) if outgoing.is_done() => Some(last),
            Some(last) => Some(last.min(outgoing.moved + LAST_READS)),
            None => (outgoing.waiting.len() >= MOST_UNREAD).then(|| outgoing.moved + STALLED),
        };
        tokio::select! {
            frame = frames.next(), if reads => {
                let taken = match frame {
                    None => None,
                    Some(Frame::Body(body)) => Some(read(&body)),
                    Some(Frame::Broken(reason)) => Some(Err(Refusal::unreadable(reason))),
                };
                match taken {
                    None => deadline = Some(Instant::now() + LAST_ANSWERS),
                    Some(Ok(Incoming::Response(answer))) => {
                        if answers.send(answer).await.is_err() {
                            return;
                        }
                    }
                    Some(Ok(Incoming::Request(request))) => {
                        let exits = request.method() == "exit";
                        if let Some(answer) = unknown(&request) {
                            outgoing.push(&answer);
                        } else {
                            if poll_fn(|cx| service.poll_ready(cx)).await.is_err() {
                                return;
                            }
                            let mut answer = service.call(request);
                            match poll!(&mut answer) {
                                std::task::Poll::Ready(answer) => outgoing.answer(answer),
                                std::task::Poll::Pending => running.push(answer),
                            }
                        }
                        if exits {
                            deadline = Some(Instant::now() + LAST_READS);
                        }
                    }
                    Some(Err(Refusal { reason, answer })) => {
                        tracing::warn!(%reason, "a message was not taken");
                        if let Some(answer) = answer {
                            outgoing.push(&answer);
                        }
                    }
                }
                if deadline.is_some() && let Some(ended) = ended.take() {
                    ended();
                }
            }
            Some(answer) = running.next(), if !running.is_empty() => outgoing.answer(answer),
            Some(request) = requests.next(), if !requests.is_terminated() => outgoing.push(&request),
            written = outgoing.write(output.as_mut()), if !outgoing.is_done() => {
                if let Err(error) = written {
                    tracing::info!(%error, "the client reads no more");
                    return;
                }
                outgoing.moved = Instant::now();
            }
            () = &mut gone => {
                tracing::info!("the client's process has ended");
                return;
            }
            () = sleep_until(patience.unwrap_or_else(Instant::now)), if patience.is_some() => {
                tracing::warn!("the client does not read; giving up");
                return;
            }
        }
    }
}

/// The answer to a request that the protocol allows a server not to know (LSP 3.17, `$/` messages), but not to leave
/// without an answer.
fn unknown(request: &Request) -> Option<Response> {
    let id = request.id().filter(|_| request.method().starts_with("$/"))?;
    Some(Response::from_error(id.clone(), Error::method_not_found()))
}

/// What waits for the client to read.
struct Outgoing {
    waiting: BytesMut,
    /// Whether something was written since the last flush.
    unflushed: bool,
    /// When the client last took something, or had nothing to take.
    moved: Instant,
}

impl Default for Outgoing {
    fn default() -> Self {
        Self { waiting: BytesMut::new(), unflushed: false, moved: Instant::now() }
    }
}

impl Outgoing {
    fn is_done(&self) -> bool {
        self.waiting.is_empty() && !self.unflushed
    }

    /// The answer to a request; a notification has none.
    fn answer<E: std::fmt::Display>(&mut self, answer: Result<Option<Response>, E>) {
        match answer {
            Ok(answer) => answer.iter().for_each(|it| self.push(it)),
            Err(error) => tracing::warn!(%error, "a message came too late"),
        }
    }

    fn push(&mut self, message: &impl Serialize) {
        let body = match serde_json::to_vec(message) {
            Ok(it) => it,
            Err(error) => {
                tracing::error!(%error, "a message is no JSON");
                return;
            }
        };
        if self.is_done() {
            self.moved = Instant::now();
        }
        self.waiting.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        self.waiting.extend_from_slice(&body);
    }

    /// Writes a part. Nothing is written if the future is dropped before it is done.
    async fn write(&mut self, mut output: impl AsyncWrite + Unpin) -> std::io::Result<()> {
        if self.waiting.is_empty() {
            output.flush().await?;
            self.unflushed = false;
            return Ok(());
        }
        if output.write_buf(&mut self.waiting).await? == 0 {
            return Err(std::io::ErrorKind::WriteZero.into());
        }
        self.unflushed = true;
        Ok(())
    }
}
