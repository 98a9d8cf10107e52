//! Messages over a pair of streams, one a line. Whatever a client sends, a request gets an answer and the session goes
//! on until the client's end of the input.
//!
//! The SDK's own transport leaves messages that it cannot read without an answer, and takes a known request with
//! parameters of another form for one that nobody knows.

pub mod message;

use std::{future::Future, io, sync::Arc, time::Duration};

use rmcp::{
    RoleServer,
    model::{ClientJsonRpcMessage, ClientRequest, ServerJsonRpcMessage},
    transport::Transport,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    sync::{Mutex, watch},
    task::JoinHandle,
};

use self::message::{Read, read};

/// A message may have so many bytes.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// After the end of the input, a client that reads nothing for this time is gone.
const LAST_READS: Duration = Duration::from_secs(2);

/// Reads and writes lines.
pub struct Lines<R, W> {
    input: BufReader<R>,
    line: Vec<u8>,
    /// The line was too long; its rest is passed over.
    skipping: bool,
    /// Writes the answer to a message that was not taken; a task, since a read may be dropped half-way.
    unsent: Option<JoinHandle<io::Result<()>>>,
    output: Arc<Mutex<Option<W>>>,
    /// How the session goes.
    state: watch::Sender<State>,
    begun: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The client's messages have ended.
    Ended,
    /// The client reads no more.
    Unread,
}

impl<R, W> Lines<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    /// A transport over two streams.
    pub fn new(input: R, output: W) -> Self {
        Self {
            input: BufReader::new(input),
            line: Vec::new(),
            skipping: false,
            unsent: None,
            output: Arc::new(Mutex::new(Some(output))),
            state: watch::Sender::new(State::Open),
            begun: false,
        }
    }

    /// Writes a message and its line end.
    fn write(&self, mut message: Vec<u8>) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let (output, state) = (Arc::clone(&self.output), self.state.clone());
        let mut ended = self.state.subscribe();
        message.push(b'\n');
        async move {
            let mut slot = output.lock().await;
            let Some(writer) = slot.as_mut() else { return Err(io::ErrorKind::NotConnected.into()) };
            let all = async {
                writer.write_all(&message).await?;
                writer.flush().await
            };
            let patience = async {
                // The sender lives as long as this future.
                let _ = ended.wait_for(|it| *it != State::Open).await;
                tokio::time::sleep(LAST_READS).await;
            };
            let written = tokio::select! {
                written = all => written,
                () = patience => Err(io::ErrorKind::TimedOut.into()),
            };
            if let Err(error) = &written {
                tracing::info!(%error, "the client reads no more");
                slot.take();
                state.send_replace(State::Unread);
            }
            written
        }
    }

    /// Reads on to the next end of a line; nothing is lost if the future is dropped.
    async fn next_line(&mut self) -> Line {
        loop {
            let (taken, line_ends) = {
                let available = match self.input.fill_buf().await {
                    Ok(it) => it,
                    Err(error) => {
                        tracing::warn!(%error, "the input cannot be read");
                        return Line::End;
                    }
                };
                if available.is_empty() {
                    // The last line needs no end.
                    return if self.line.is_empty() { Line::End } else { Line::Whole };
                }
                let end = available.iter().position(|it| *it == b'\n');
                let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
                if !self.skipping {
                    self.line.extend_from_slice(part);
                }
                (part.len() + usize::from(end.is_some()), end.is_some())
            };
            self.input.consume(taken);
            let skipped = self.skipping;
            if line_ends {
                self.skipping = false;
                if !skipped {
                    return if self.line.len() > MOST_BYTES { self.too_long() } else { Line::Whole };
                }
            } else if self.line.len() > MOST_BYTES {
                self.skipping = true;
                return self.too_long();
            }
        }
    }

    fn too_long(&mut self) -> Line {
        self.line = Vec::new();
        Line::TooLong
    }

    async fn next(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            if let Some(answer) = &mut self.unsent {
                let written = answer.await;
                self.unsent = None;
                written.ok()?.ok()?;
            }
            let outcome = match self.next_line().await {
                Line::End => return None,
                Line::TooLong => Read::Refused(message::too_long(MOST_BYTES)),
                Line::Whole => {
                    let line = std::mem::take(&mut self.line);
                    read(&line)
                }
            };
            match outcome {
                Read::Message(it) => return Some(*it),
                Read::Nothing => {}
                Read::Refused(answer) => self.unsent = Some(tokio::spawn(self.write(answer))),
            }
        }
    }
}

/// What stands before the end of a line.
enum Line {
    Whole,
    TooLong,
    End,
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(&mut self, item: ServerJsonRpcMessage) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let message = serde_json::to_vec(&item).map_err(io::Error::from).map(|it| self.write(it));
        async move { message?.await }
    }

    /// The next message. Drops what the handshake cannot take: a client that gave up its `server/discover` sends a
    /// cancellation before it falls back to `initialize`, and the SDK ends the session on any notification that comes
    /// before the first request.
    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        let mut state = self.state.subscribe();
        loop {
            let next = tokio::select! {
                next = self.next() => next,
                _ = state.wait_for(|it| *it == State::Unread) => None,
            };
            let Some(message) = next else {
                if *self.state.borrow() == State::Open {
                    self.state.send_replace(State::Ended);
                }
                return None;
            };
            match &message {
                _ if self.begun => return Some(message),
                ClientJsonRpcMessage::Request(request) => {
                    let probe =
                        matches!(request.request, ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_));
                    self.begun = !probe;
                    return Some(message);
                }
                _ => tracing::debug!(?message, "dropped before the session began"),
            }
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.output.lock().await.take();
        Ok(())
    }
}
