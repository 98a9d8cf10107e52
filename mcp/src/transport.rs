//! A transport that lets early notifications pass without ending the session.

use std::future::Future;

use rmcp::{
    RoleServer,
    model::{ClientJsonRpcMessage, ClientRequest, ServerJsonRpcMessage},
    transport::Transport,
};

/// Drops what the handshake cannot take. A client that gave up its `server/discover` sends a cancellation before it
/// falls back to `initialize`, and the SDK ends the session on any notification that comes before the first request.
pub struct Patient<T> {
    inner: T,
    begun: bool,
}

impl<T> Patient<T> {
    /// Wraps a transport.
    pub fn new(inner: T) -> Self {
        Self { inner, begun: false }
    }
}

impl<T: Transport<RoleServer>> Transport<RoleServer> for Patient<T> {
    type Error = T::Error;

    fn send(&mut self, item: ServerJsonRpcMessage) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        self.inner.send(item)
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            let message = self.inner.receive().await?;
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

    fn close(&mut self) -> impl Future<Output = Result<(), Self::Error>> + Send {
        self.inner.close()
    }
}
