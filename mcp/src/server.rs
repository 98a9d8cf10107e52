//! The handler of MCP requests: who we are, which tools there are, and calls.

use std::time::Duration;

use archwright_syntax::nearest;
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, DiscoverResult, GetPromptRequestParams,
        GetPromptResponse, Implementation, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
        ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    },
    service::{NotificationContext, Peer, RequestContext},
};

use crate::{
    answer::Answer,
    arguments, prompts,
    session::Session,
    text::{sanitize, shorten},
    tools::{self, check, explain, operation},
};

/// What a client is told about the server as a whole.
const INSTRUCTIONS: &str = include_str!("instructions.md");

/// How long clients may keep the lists, in milliseconds: they change only with the program.
const LIST_LIFETIME: u64 = 3_600_000;

/// How long a client may take to name its folders.
const ROOTS_PATIENCE: Duration = Duration::from_secs(5);

/// The server of one client.
#[derive(Debug)]
pub struct Server {
    session: Session,
    tools: Vec<Tool>,
}

impl Server {
    /// A server over a session.
    pub fn new(session: Session) -> Self {
        Self { session, tools: tools::all() }
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let about = Implementation::new("archwright", env!("CARGO_PKG_VERSION")).with_title("Archwright");
        ServerConfig::new(ServerCapabilities::builder().enable_tools().enable_prompts().build())
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
        let list = ListToolsResult::with_all_items(self.tools.clone());
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

    // There are none of the following, and nothing says that there are. Some clients ask all the same, and drop a
    // server that does not know the request.

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        Ok(ListResourcesResult::default())
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::default())
    }

    async fn on_roots_list_changed(&self, _: NotificationContext<RoleServer>) {
        self.session.unsettle().await;
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
