//! What the client can do, what the server offers, and the choices both lead to.

use archwright_analysis::operations::OPERATIONS;
use archwright_syntax::Encoding;
use tower_lsp::ls_types::{
    CallHierarchyServerCapability, ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability,
    CodeLensOptions, CompletionOptions, DiagnosticOptions, DiagnosticServerCapabilities, DocumentLinkOptions,
    ExecuteCommandOptions, FileOperationFilter, FileOperationPattern, FileOperationPatternKind,
    FileOperationRegistrationOptions, FoldingRangeProviderCapability, HoverProviderCapability,
    ImplementationProviderCapability, InitializeResult, MarkupKind, OneOf, PositionEncodingKind, RenameOptions,
    ResourceOperationKind, ServerCapabilities, ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, WorkDoneProgressOptions, WorkspaceFileOperationsServerCapabilities,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

/// What the commands of operations begin with: `archwright.design`, `archwright.next-version`.
pub(crate) const OPERATION: &str = "archwright.";
/// The command that explains a rule, a pattern or another card.
pub(crate) const EXPLAIN: &str = "archwright.explain";
/// The command that lists the operations, with what to ask for and what the document at hand offers.
pub(crate) const LIST: &str = "archwright.operations";
/// The command that says what the workspace offers for an argument of an operation.
pub(crate) const OFFER: &str = "archwright.offers";
/// The command that says how the open workspaces stand.
pub(crate) const STATUS: &str = "archwright.status";
/// The kind of the action that takes every preferred fix of a file.
pub(crate) const FIX_ALL: &str = "source.fixAll.archwright";

/// The kind of the actions that make another document of what the file says.
pub(crate) const CREATE: &str = "source.create.archwright";

/// Characters after which a completion may have something to say: values and list items, link targets and anchors,
/// sections, channels in code spans.
const COMPLETION_TRIGGERS: [&str; 6] = [" ", "(", "/", "#", "`", ":"];

/// What the session agreed on at `initialize`; it does not change afterwards.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// How columns count.
    pub(crate) encoding: Encoding,
    /// The client asks for diagnostics; the server does not publish any then.
    pub(crate) pull: bool,
    /// The client may pull the diagnostics of the whole workspace too.
    pub(crate) pull_workspace: bool,
    /// The client watches files for the server.
    pub(crate) watches_files: bool,
    /// The client shows progress.
    pub(crate) progress: bool,
    /// The client can be asked to show a document.
    pub(crate) shows_documents: bool,
    /// The client takes `documentChanges` with versions.
    pub(crate) document_changes: bool,
    /// The client can create files as part of an edit.
    pub(crate) creates_files: bool,
    /// The client can rename files as part of an edit.
    pub(crate) renames_files: bool,
    /// The client asks for the edit of an action when the action is chosen.
    pub(crate) resolves_actions: bool,
    /// The client takes a `LocationLink` where a definition is.
    pub(crate) definition_links: bool,
    /// The client takes a tree of symbols.
    pub(crate) symbol_tree: bool,
    /// The client asks what a rename starts from.
    pub(crate) prepares_rename: bool,
    /// The client says which files it is going to rename.
    pub(crate) will_rename_files: bool,
    /// The client shows Markdown in hovers.
    pub(crate) hover_markdown: bool,
    /// The client shows Markdown beside completions.
    pub(crate) completion_markdown: bool,
    /// The client shows related information of diagnostics.
    pub(crate) related_information: bool,
    /// The client asks for lenses again when it is told to.
    pub(crate) refreshes_lenses: bool,
    /// The client opens the pages that `archwright:` addresses name.
    pub(crate) opens_pages: bool,
}

impl Session {
    /// Reads what a client can do; `name` is what it calls itself.
    pub(crate) fn new(client: &ClientCapabilities, name: Option<&str>) -> Self {
        let document = client.text_document.clone().unwrap_or_default();
        let workspace = client.workspace.clone().unwrap_or_default();
        let edit = workspace.workspace_edit.unwrap_or_default();
        let operations = edit.resource_operations.unwrap_or_default();
        // Operations on files come in `documentChanges` only, so who takes them takes those; Neovim says no more than
        // that.
        let document_changes = edit.document_changes == Some(true) || !operations.is_empty();
        // Without refresh, a pulling client would keep the findings of a file whose neighbour changed; publishing
        // serves it better.
        let refreshes = workspace.diagnostics.is_some_and(|it| it.refresh_support == Some(true));
        let related = |it: &Option<bool>| *it == Some(true);
        let markdown = |it: &[MarkupKind]| it.contains(&MarkupKind::Markdown);
        let pull = document.diagnostic.is_some() && refreshes;
        let related_information = if pull {
            // `relatedInformation` came to the pull capabilities only with 3.18; older clients state it for publishing.
            document.diagnostic.as_ref().is_some_and(|it| related(&it.related_information))
                || document.publish_diagnostics.as_ref().is_some_and(|it| related(&it.related_information))
        } else {
            document.publish_diagnostics.as_ref().is_some_and(|it| related(&it.related_information))
        };
        Self {
            encoding: encoding(
                client.general.as_ref().and_then(|it| it.position_encodings.as_deref()).unwrap_or_default(),
            ),
            pull,
            // Neovim 0.12 answers a refresh with a pull of the workspace if it may, but leaves the result out for open
            // buffers: they would keep their old findings. Without that offer it pulls each buffer.
            pull_workspace: name != Some("Neovim"),
            watches_files: workspace.did_change_watched_files.is_some_and(|it| it.dynamic_registration == Some(true)),
            progress: client.window.as_ref().is_some_and(|it| it.work_done_progress == Some(true)),
            shows_documents: client
                .window
                .as_ref()
                .and_then(|it| it.show_document.as_ref())
                .is_some_and(|it| it.support),
            document_changes,
            creates_files: document_changes && operations.contains(&ResourceOperationKind::Create),
            renames_files: document_changes && operations.contains(&ResourceOperationKind::Rename),
            resolves_actions: document.code_action.is_some_and(|it| {
                let properties = it.resolve_support.map(|it| it.properties).unwrap_or_default();
                it.data_support == Some(true) && properties.iter().any(|it| it == "edit")
            }),
            definition_links: document.definition.is_some_and(|it| it.link_support == Some(true)),
            symbol_tree: document
                .document_symbol
                .is_some_and(|it| it.hierarchical_document_symbol_support == Some(true)),
            prepares_rename: document.rename.is_some_and(|it| it.prepare_support == Some(true)),
            will_rename_files: workspace.file_operations.is_some_and(|it| it.will_rename == Some(true)),
            hover_markdown: document.hover.and_then(|it| it.content_format).is_some_and(|it| markdown(&it)),
            completion_markdown: document
                .completion
                .and_then(|it| it.completion_item)
                .and_then(|it| it.documentation_format)
                .is_some_and(|it| markdown(&it)),
            related_information,
            refreshes_lenses: workspace.code_lens.is_some_and(|it| it.refresh_support == Some(true)),
            opens_pages: false,
        }
    }

    /// Reads what a client says of itself beyond the protocol: `{"pages": true}`.
    pub(crate) fn with_options(self, options: Option<&serde_json::Value>) -> Self {
        let opens_pages = options.and_then(|it| it.get("pages")) == Some(&serde_json::Value::Bool(true));
        Self { opens_pages, ..self }
    }

    /// The answer to `initialize`.
    pub(crate) fn server(&self) -> InitializeResult {
        InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(match self.encoding {
                    Encoding::Utf8 => PositionEncodingKind::UTF8,
                    Encoding::Utf16 => PositionEncodingKind::UTF16,
                    Encoding::Utf32 => PositionEncodingKind::UTF32,
                }),
                text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
                    open_close: Some(true),
                    change: Some(TextDocumentSyncKind::INCREMENTAL),
                    ..TextDocumentSyncOptions::default()
                })),
                hover_provider: Some(HoverProviderCapability::Simple(true)),
                completion_provider: Some(CompletionOptions {
                    trigger_characters: Some(COMPLETION_TRIGGERS.map(str::to_owned).to_vec()),
                    ..CompletionOptions::default()
                }),
                code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
                    code_action_kinds: Some(vec![
                        CodeActionKind::QUICKFIX,
                        CodeActionKind::REFACTOR_EXTRACT,
                        CodeActionKind::REFACTOR_INLINE,
                        CodeActionKind::REFACTOR_REWRITE,
                        CodeActionKind::new(FIX_ALL),
                        CodeActionKind::new(CREATE),
                    ]),
                    resolve_provider: self.resolves_actions.then_some(true),
                    ..CodeActionOptions::default()
                })),
                code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
                definition_provider: Some(OneOf::Left(true)),
                implementation_provider: Some(ImplementationProviderCapability::Simple(true)),
                call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
                references_provider: Some(OneOf::Left(true)),
                // Options are for clients that know them (LSP 3.17, `RenameOptions`).
                rename_provider: Some(if self.prepares_rename {
                    OneOf::Right(RenameOptions {
                        prepare_provider: Some(true),
                        work_done_progress_options: WorkDoneProgressOptions::default(),
                    })
                } else {
                    OneOf::Left(true)
                }),
                document_link_provider: Some(DocumentLinkOptions {
                    resolve_provider: Some(false),
                    work_done_progress_options: WorkDoneProgressOptions::default(),
                }),
                document_symbol_provider: Some(OneOf::Left(true)),
                workspace_symbol_provider: Some(OneOf::Left(true)),
                folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
                execute_command_provider: Some(ExecuteCommandOptions {
                    commands: OPERATIONS
                        .iter()
                        .map(|it| format!("{OPERATION}{}", it.name))
                        .chain([EXPLAIN, LIST, OFFER, STATUS].map(str::to_owned))
                        .collect(),
                    ..ExecuteCommandOptions::default()
                }),
                diagnostic_provider: self.pull.then(|| {
                    DiagnosticServerCapabilities::Options(DiagnosticOptions {
                        identifier: Some("archwright".to_owned()),
                        inter_file_dependencies: true,
                        workspace_diagnostics: self.pull_workspace,
                        work_done_progress_options: WorkDoneProgressOptions::default(),
                    })
                }),
                workspace: Some(WorkspaceServerCapabilities {
                    workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                        supported: Some(true),
                        change_notifications: Some(OneOf::Left(true)),
                    }),
                    file_operations: self.will_rename_files.then(|| WorkspaceFileOperationsServerCapabilities {
                        will_rename: Some(file_operations()),
                        ..WorkspaceFileOperationsServerCapabilities::default()
                    }),
                }),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "archwright".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            offset_encoding: None,
        }
    }
}

/// Files that others link or refer to, and folders, which may hold such files.
fn file_operations() -> FileOperationRegistrationOptions {
    let filter = |glob: &str, matches: FileOperationPatternKind| FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: FileOperationPattern { glob: glob.to_owned(), matches: Some(matches), options: None },
    };
    let files = filter("**/*.{md,markdown,yaml,yml,json,avsc,proto}", FileOperationPatternKind::File);
    FileOperationRegistrationOptions { filters: vec![files, filter("**/*", FileOperationPatternKind::Folder)] }
}

/// UTF-8 if the client offers it, since texts are UTF-8; else the first offer that is known; else UTF-16, which every
/// client must know.
fn encoding(offers: &[PositionEncodingKind]) -> Encoding {
    if offers.contains(&PositionEncodingKind::UTF8) {
        return Encoding::Utf8;
    }
    let known = |it: &PositionEncodingKind| match it.as_str() {
        "utf-16" => Some(Encoding::Utf16),
        "utf-32" => Some(Encoding::Utf32),
        _ => None,
    };
    offers.iter().find_map(known).unwrap_or(Encoding::Utf16)
}
