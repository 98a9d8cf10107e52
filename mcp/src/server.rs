//! The handler of MCP requests: who we are, which tools there are, and calls.

use std::{sync::Arc, time::Duration};

use archwright_syntax::nearest;
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams, CompleteResult,
        DiscoverResult, GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
        ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
        ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ServerCapabilities, ServerConfig,
        SubscriptionFilter, Tool,
    },
    service::{NotificationContext, Peer, RequestContext, SubscriptionContext},
};

use crate::{
    answer::Answer,
    arguments,
    known::{Known, PATIENCE},
    prompts,
    resources::{self, Address},
    session::{Open, Session},
    text::{sanitize, shorten},
    tools::{self, check, explain, operation},
};

/// What a client is told about the server as a whole.
const INSTRUCTIONS: &str = include_str!("instructions.md");

/// How long clients may keep the lists, in milliseconds: they change only with the program.
const LIST_LIFETIME: u64 = 3_600_000;

/// How long clients may keep what lies in the workspace, in milliseconds: somebody may be writing it.
const RESOURCE_LIFETIME: u64 = 1_000;

/// How long a client may take to name its folders.
const ROOTS_PATIENCE: Duration = Duration::from_secs(5);

/// The server of one client, or, as clones of one, of all that share a workspace.
#[derive(Clone, Debug)]
pub struct Server {
    session: Arc<Session>,
    known: Arc<Known>,
    tools: Arc<[Tool]>,
}

impl Server {
    /// A server over a session.
    pub fn new(session: Session) -> Self {
        Self { session: Arc::new(session), known: Arc::default(), tools: tools::all().into() }
    }

    /// Looks which artifacts there are. A look that takes longer than [`PATIENCE`] goes on by itself, and the client
    /// hears of what it finds.
    async fn look(&self, context: &RequestContext<RoleServer>) {
        let (session, known, client) = (Arc::clone(&self.session), Arc::clone(&self.known), context.peer.clone());
        let mut look = tokio::spawn(async move {
            session.settle(roots(&client)).await;
            // The request may be cancelled while others wait for the same.
            let found = session.with(std::future::pending(), resources::artifacts).await;
            known.replace(found.unwrap_or_default())
        });
        if tokio::time::timeout(PATIENCE, &mut look).await.is_ok() {
            return;
        }
        let known = Arc::clone(&self.known);
        // Later revisions forbid to tell who did not ask for it.
        let is_told = context.protocol_version().is_none_or(|it| it.has_initialize());
        let client = is_told.then(|| context.peer.clone());
        tokio::spawn(async move {
            if look.await.unwrap_or(false) {
                known.tell(client.as_ref()).await;
            }
        });
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let about = Implementation::new("archwright", env!("CARGO_PKG_VERSION")).with_title("Archwright");
        let capabilities = ServerCapabilities::builder().enable_tools().enable_prompts().enable_resources();
        ServerConfig::new(capabilities.enable_resources_list_changed().enable_completions().build())
            .with_server_info(about)
            .with_instructions(INSTRUCTIONS.trim())
    }

    async fn discover(&self, _: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        let result = DiscoverResult::from_server_info(self.supported_protocol_versions().into_owned(), self.get_info());
        Ok(result.with_ttl_ms(LIST_LIFETIME).with_cache_scope(CacheScope::Public))
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let list = ListToolsResult::with_all_items(self.tools.to_vec());
        Ok(list.with_ttl_ms(LIST_LIFETIME).with_cache_scope(CacheScope::Public))
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(prompts::list().with_ttl_ms(LIST_LIFETIME).with_cache_scope(CacheScope::Public))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        Ok(prompts::get(&request)?.into())
    }

    // Some clients drop a server that refuses one of the following, so a workspace that cannot be opened has no
    // artifacts, and the cards are there all the same.

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|it| it.cursor);
        // The pages of one list tell one look.
        if cursor.is_none() {
            self.look(&context).await;
        }
        let list = resources::list(&self.known.artifacts(), cursor.as_deref());
        Ok(list.with_ttl_ms(RESOURCE_LIFETIME).with_cache_scope(CacheScope::Private))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(resources::templates().with_ttl_ms(LIST_LIFETIME).with_cache_scope(CacheScope::Public))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri;
        let contents = match resources::address(&uri)? {
            Address::Known(name) => resources::known(&uri, &name)?,
            Address::Artifact(path) => {
                self.session.settle(roots(&context.peer)).await;
                let read = move |open: &mut Open| resources::artifact(open, &uri, &path);
                let read = self.session.with(context.ct.cancelled(), read).await;
                read.map_err(|mistake| ErrorData::internal_error(sanitize(mistake.text()).into_owned(), None))??
            }
        };
        let result = ReadResourceResult::new(vec![contents]);
        Ok(result.with_ttl_ms(RESOURCE_LIFETIME).with_cache_scope(CacheScope::Private).into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let artifacts = if resources::asks_for_artifacts(&request) {
            self.session.settle(roots(&context.peer)).await;
            self.session.with(context.ct.cancelled(), resources::artifacts).await.unwrap_or_default()
        } else {
            Vec::new()
        };
        Ok(resources::complete(&request, &artifacts))
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        // Only what was declared is kept of it.
        Some(requested.clone())
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        self.known.subscribe(context.sink().clone());
        context.cancelled().await;
        self.known.unsubscribe(context.sink().id());
        Ok(())
    }

    async fn on_roots_list_changed(&self, _: NotificationContext<RoleServer>) {
        self.session.unsettle().await;
        self.known.forget();
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.tools.iter().find(|it| it.name == name).cloned()
    }

    async fn call_tool(
        &self,
        call: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = self.tools.iter().find(|it| it.name == call.name) else {
            return Err(unknown_tool(&call.name, &self.tools));
        };
        let arguments = match arguments::read(&tool.name, &tool.input_schema, call.arguments.unwrap_or_default()) {
            Ok(it) => it,
            Err(mistakes) => return Ok(CallToolResult::from(Answer::mistakes(&mistakes)).into()),
        };
        if tool.name != "explain" {
            self.session.settle(roots(&context.peer)).await;
        }
        let cancelled = context.ct.cancelled();
        let answer = match tool.name.as_ref() {
            "check" => self.session.run(cancelled, |open| answer_of(check::run(open, arguments))).await,
            "explain" => answer_of(explain::run(arguments)),
            name => match operation::find(name) {
                Some(found) => {
                    self.session.run(cancelled, |open| answer_of(operation::run(found, open, arguments))).await
                }
                None => return Err(unknown_tool(&call.name, &self.tools)),
            },
        };
        Ok(CallToolResult::from(answer).into())
    }
}

/// The folders that a client says it has open; none if it does not say so. Protocol versions from 2026-07-28 on have no
/// such question.
#[expect(deprecated, reason = "clients of the versions that have it use it")]
async fn roots(client: &Peer<RoleServer>) -> Vec<String> {
    if client.peer_info().is_none_or(|it| it.capabilities.roots.is_none()) {
        return Vec::new();
    }
    match tokio::time::timeout(ROOTS_PATIENCE, client.list_roots()).await {
        Ok(Ok(found)) => found.roots.into_iter().map(|it| it.uri).collect(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the client did not name its folders");
            Vec::new()
        }
        Err(_) => {
            tracing::warn!("the client did not name its folders in time");
            Vec::new()
        }
    }
}

/// Tools give a mistake back as an error so that they can stop early; for the client both are answers.
fn answer_of(result: Result<Answer, Answer>) -> Answer {
    result.unwrap_or_else(|mistake| mistake)
}

fn unknown_tool(name: &str, tools: &[Tool]) -> ErrorData {
    let names: Vec<&str> = tools.iter().map(|it| it.name.as_ref()).collect();
    let meant = nearest(name, names.iter().copied()).map_or(String::new(), |it| format!(" Did you mean `{it}`?"));
    let name = sanitize(name);
    ErrorData::invalid_params(
        format!("There is no tool `{}`; there are {}.{meant}", shorten(&name, 80), names.join(", ")),
        None,
    )
}
