//! What is known of the artifacts of the workspace, for lists that cannot wait until it was read.
//!
//! Clients ask for all resources before they show a single tool, and a large workspace takes seconds to read. So a
//! list answers with what is known, and who was told too little hears of it when the rest is there.

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;
use rmcp::{
    RoleServer,
    model::RequestId,
    service::{Peer, SubscriptionSink},
};

use crate::resources::Artifact;

/// A look at the workspace that takes no longer is waited for: a small one is told whole, and nobody notices.
pub const PATIENCE: Duration = Duration::from_millis(100);

/// The artifacts as they were at the last look, and who wants to hear of others.
#[derive(Debug, Default)]
pub struct Known {
    artifacts: Mutex<Option<Arc<[Artifact]>>>,
    subscriptions: Mutex<Vec<SubscriptionSink>>,
}

impl Known {
    /// The artifacts of the last look; none before the first.
    pub fn artifacts(&self) -> Arc<[Artifact]> {
        self.artifacts.lock().clone().unwrap_or_default()
    }

    /// Takes over what a look found, and says whether it is something else than was known.
    pub fn replace(&self, found: Vec<Artifact>) -> bool {
        let mut known = self.artifacts.lock();
        let is_other = known.as_deref().unwrap_or_default() != found.as_slice();
        *known = Some(found.into());
        is_other
    }

    /// The workspace is another one from now on.
    pub fn forget(&self) {
        *self.artifacts.lock() = None;
    }

    /// A client of the stateless era listens until [`Known::unsubscribe`].
    pub fn subscribe(&self, sink: SubscriptionSink) {
        self.subscriptions.lock().push(sink);
    }

    /// A client listens no longer.
    pub fn unsubscribe(&self, id: &RequestId) {
        self.subscriptions.lock().retain(|it| it.id() != id);
    }

    /// Says that the list of resources is another one: to `client` if its era is told without asking, and to all that
    /// listen.
    pub async fn tell(&self, client: Option<&Peer<RoleServer>>) {
        if let Some(client) = client
            && let Err(error) = client.notify_resource_list_changed().await
        {
            tracing::info!(%error, "the client was not told of other resources");
        }
        let listening = self.subscriptions.lock().clone();
        for sink in listening {
            // One that did not ask for this is told nothing.
            if sink.accepted().resources_list_changed == Some(true)
                && let Err(error) = sink.notify_resource_list_changed().await
            {
                tracing::info!(%error, "a subscription was not told of other resources");
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf};

    use rmcp::ServiceExt;

    use crate::{server::Server, session::Session, transport};

    struct Client {
        writer: WriteHalf<DuplexStream>,
        lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    }

    impl Client {
        fn of(session: Session) -> Self {
            let (near, far) = tokio::io::duplex(1 << 20);
            let (reader, writer) = tokio::io::split(far);
            let lines = transport::Lines::new(reader, writer);
            tokio::spawn(async move { Server::new(session).serve(lines).await.unwrap().waiting().await });
            let (reader, writer) = tokio::io::split(near);
            Self { writer, lines: BufReader::new(reader).lines() }
        }

        async fn send(&mut self, message: Value) {
            self.writer.write_all(format!("{message}\n").as_bytes()).await.unwrap();
        }

        async fn receive(&mut self) -> Value {
            let line = tokio::time::timeout(std::time::Duration::from_mins(1), self.lines.next_line());
            serde_json::from_str(&line.await.unwrap().unwrap().unwrap()).unwrap()
        }

        /// All addresses, page after page, each in an answer and not in a notification.
        async fn uris(&mut self, meta: &Value) -> Vec<String> {
            let (mut uris, mut cursor) = (Vec::new(), Value::Null);
            loop {
                let mut params = json!({});
                if !cursor.is_null() {
                    params["cursor"] = cursor;
                }
                if !meta.is_null() {
                    params["_meta"] = meta.clone();
                }
                self.send(json!({"jsonrpc": "2.0", "id": 7, "method": "resources/list", "params": params})).await;
                let page = self.receive().await;
                assert_eq!(page["id"], 7, "{page:#}");
                let resources = page["result"]["resources"].as_array().unwrap();
                uris.extend(resources.iter().map(|it| it["uri"].as_str().unwrap().to_owned()));
                cursor = page["result"]["nextCursor"].clone();
                if cursor.is_null() {
                    return uris;
                }
            }
        }
    }

    const DESIGN: &str = "archwright://artifact/docs/features/orders/design.md";

    fn workspace(root: &Path) -> Session {
        let folder = root.join("docs/features/orders");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("design.md"), "# Orders\n").unwrap();
        Session::new(Some(root.to_path_buf())).unwrap()
    }

    #[tokio::test]
    async fn a_list_waits_for_no_workspace_and_the_rest_is_announced() {
        let folder = tempfile::tempdir().unwrap();
        let session = workspace(folder.path());
        let busy = session.occupied().await;
        let mut client = Client::of(session);
        let hello =
            json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
        client.send(json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello})).await;
        let answer = client.receive().await;
        assert_eq!(answer["result"]["capabilities"]["resources"]["listChanged"], true, "{answer:#}");
        client.send(json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).await;
        let early = client.uris(&Value::Null).await;
        assert!(early.len() > 100 && early.iter().all(|it| it.starts_with("archwright://card/")), "{early:#?}");
        drop(busy);
        let told = client.receive().await;
        assert_eq!(told["method"], "notifications/resources/list_changed", "{told:#}");
        let late = client.uris(&Value::Null).await;
        assert_eq!(late.last().map(String::as_str), Some(DESIGN));
        assert_eq!(late.len(), early.len() + 1);
    }

    #[tokio::test]
    async fn who_listens_is_told_in_its_subscription() {
        let folder = tempfile::tempdir().unwrap();
        let session = workspace(folder.path());
        let busy = session.occupied().await;
        let mut client = Client::of(session);
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let listen = json!({"notifications": {"resourcesListChanged": true}, "_meta": meta});
        client.send(json!({"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": listen})).await;
        let acknowledged = client.receive().await;
        assert_eq!(acknowledged["method"], "notifications/subscriptions/acknowledged", "{acknowledged:#}");
        let early = client.uris(&meta).await;
        assert!(early.iter().all(|it| it.starts_with("archwright://card/")), "{early:#?}");
        drop(busy);
        let told = client.receive().await;
        assert_eq!(told["method"], "notifications/resources/list_changed", "{told:#}");
        assert_eq!(told["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"], 1, "{told:#}");
        // Told once, and not a second time outside of the subscription.
        assert_eq!(client.uris(&meta).await.last().map(String::as_str), Some(DESIGN));
    }
}
