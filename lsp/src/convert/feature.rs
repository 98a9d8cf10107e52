//! Editor features become answers.

use archwright_analysis::{
    FileId, Finding, RelPath,
    features::{self, ActionKind, CompletionKind, Occasion, Symbol, SymbolKind},
};
use archwright_syntax::Span;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{
    self as lsp, CodeAction, CodeActionKind, CodeActionOrCommand, CodeLens, Command, CompletionItem,
    CompletionItemKind, CompletionList, CompletionTextEdit, DocumentLink, DocumentSymbol, DocumentSymbolResponse,
    Documentation, FoldingRange, FoldingRangeKind, GotoDefinitionResponse, Hover, HoverContents, LocationLink,
    MarkupContent, MarkupKind, Position, Range, SymbolInformation, TextEdit, Uri,
};

use super::{Converter, View, diagnostic::diagnostic, edit::workspace_edit};
use crate::capabilities::{CREATE, FIX_ALL};

/// An answer of this length may have been cut, so the client asks again as more is typed.
const LONG_ANSWER: usize = 100;

/// The card at a place.
pub(crate) fn hover(it: &Converter<'_>, file: FileId, view: &View, position: Position) -> Option<Hover> {
    let markdown = it.snapshot.session().hover_markdown;
    let link = |path: &RelPath, line| it.link(path, line);
    let show: &features::ShowFile<'_> = if markdown { &link } else { &features::show_path };
    let code = it.snapshot.code();
    let hover = features::hover_with(it.snapshot.workspace(), code, file, view.offset(position), show)?;
    Some(Hover {
        contents: HoverContents::Markup(markup(hover.markdown, markdown)),
        range: Some(view.range(hover.span)),
    })
}

/// What can be written at a place.
pub(crate) fn completions(
    it: &Converter<'_>,
    file: FileId,
    view: &View,
    position: Position,
    occasion: Occasion,
) -> CompletionList {
    let markdown = it.snapshot.session().completion_markdown;
    let found = features::completions(it.snapshot.workspace(), file, view.offset(position), occasion);
    let item = |(at, it): (usize, features::Completion)| CompletionItem {
        kind: Some(match it.kind {
            CompletionKind::Section => CompletionItemKind::MODULE,
            CompletionKind::Field => CompletionItemKind::FIELD,
            CompletionKind::Value => CompletionItemKind::VALUE,
            CompletionKind::File => CompletionItemKind::FILE,
            CompletionKind::Channel => CompletionItemKind::EVENT,
            CompletionKind::Pattern => CompletionItemKind::INTERFACE,
            CompletionKind::Rule => CompletionItemKind::CONSTANT,
            CompletionKind::Team => CompletionItemKind::CLASS,
            CompletionKind::Term => CompletionItemKind::REFERENCE,
        }),
        label: it.label,
        detail: it.detail,
        documentation: it.documentation.map(|it| Documentation::MarkupContent(markup(it, markdown))),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(view.range(it.replace), it.insert))),
        // The analysis has put the best first; clients would sort by label.
        sort_text: Some(format!("{at:04}")),
        ..CompletionItem::default()
    };
    CompletionList {
        is_incomplete: found.len() >= LONG_ANSWER,
        items: found.into_iter().enumerate().map(item).collect(),
    }
}

/// What is computed of a file. It is text alone, so its command does nothing.
pub(crate) fn lenses(it: &Converter<'_>, file: FileId, view: &View) -> Vec<CodeLens> {
    let lens = |it: features::Lens| CodeLens {
        range: view.range(it.span),
        command: Some(Command { title: it.title, command: String::new(), arguments: None }),
        data: None,
    };
    let workspace = it.snapshot.workspace();
    let code = it.snapshot.code().map(|it| features::code_lenses(workspace, it, file)).unwrap_or_default();
    features::lenses(workspace, file).into_iter().chain(code).map(lens).collect()
}

/// The actions for a span whose kind `wanted` accepts and which the client is able to apply.
pub(crate) fn code_actions(
    it: &mut Converter<'_>,
    file: FileId,
    span: Span,
    wanted: impl Fn(&CodeActionKind) -> bool,
) -> Vec<CodeActionOrCommand> {
    let mut actions = Vec::new();
    let workspace = it.snapshot.workspace();
    let mut found = Vec::new();
    if wanted(&CodeActionKind::QUICKFIX) {
        found.extend(features::actions(workspace, file, span));
        found.extend(features::allowances(workspace, file, span));
    }
    if wanted(&CodeActionKind::new(FIX_ALL)) {
        found.extend(features::fix_all(workspace, file));
    }
    for action in found {
        let kind = kind_of(action.kind);
        let Some(edit) = workspace_edit(it, &action.edit) else { continue };
        let diagnostics: Vec<_> = action.findings.iter().map(|finding| diagnostic(it, file, finding)).collect();
        actions.push(CodeActionOrCommand::CodeAction(CodeAction {
            title: action.title,
            kind: Some(kind),
            diagnostics: Some(diagnostics).filter(|it| !it.is_empty()),
            edit: Some(edit),
            is_preferred: action.preferred.then_some(true),
            ..CodeAction::default()
        }));
    }
    let refactorings = features::refactorings(workspace, file, span, &|it| wanted(&kind_of(it)));
    actions.extend(refactorings.into_iter().filter_map(|found| refactoring(it, file, span, found)));
    actions
}

fn kind_of(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::FixAll => CodeActionKind::new(FIX_ALL),
        ActionKind::Extract => CodeActionKind::REFACTOR_EXTRACT,
        ActionKind::Inline => CodeActionKind::REFACTOR_INLINE,
        ActionKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        ActionKind::Source => CodeActionKind::new(CREATE),
    }
}

/// A refactoring with its edit, or with what to ask for it; `None` if the client cannot apply it.
fn refactoring(
    it: &mut Converter<'_>,
    file: FileId,
    span: Span,
    found: features::Refactoring,
) -> Option<CodeActionOrCommand> {
    let workspace = it.snapshot.workspace();
    let fixes = |finding: &&Finding| {
        Some(finding.rule.code) == found.rule && finding.span.start <= span.end && span.start <= finding.span.end
    };
    let diagnostics: Vec<_> =
        workspace.findings(file).iter().filter(fixes).map(|finding| diagnostic(it, file, finding)).collect();
    let mut action = CodeAction {
        title: found.title,
        kind: Some(kind_of(found.kind)),
        diagnostics: Some(diagnostics).filter(|it| !it.is_empty()),
        ..CodeAction::default()
    };
    match found.edit {
        None if it.snapshot.session().resolves_actions => {
            action.data = serde_json::to_value(Unresolved {
                uri: it.uri(file)?,
                range: it.range(file, span),
                id: found.id.to_owned(),
            })
            .ok();
        }
        edit => {
            let edit = edit.or_else(|| features::refactoring_edit(it.snapshot.workspace(), file, span, found.id))?;
            action.edit = Some(workspace_edit(it, &edit)?);
        }
    }
    Some(CodeActionOrCommand::CodeAction(action))
}

/// What an action without an edit carries, so that the edit can be made later.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Unresolved {
    /// The document.
    pub(crate) uri: Uri,
    range: Range,
    id: String,
}

/// The edit of an action that was offered without one.
pub(crate) fn resolved_action(it: &mut Converter<'_>, asked: &Unresolved) -> Option<lsp::WorkspaceEdit> {
    let (file, view) = it.locate(&asked.uri)?;
    let edit = features::refactoring_edit(it.snapshot.workspace(), file, view.span(asked.range), &asked.id)?;
    workspace_edit(it, &edit)
}

/// Where the thing at a place is defined.
pub(crate) fn definition(
    it: &mut Converter<'_>,
    file: FileId,
    view: &View,
    position: Position,
) -> Option<GotoDefinitionResponse> {
    let target = features::definition(it.snapshot.workspace(), file, view.offset(position))?;
    let location = it.location(target.file, target.span)?;
    if !it.snapshot.session().definition_links {
        return Some(GotoDefinitionResponse::Scalar(location));
    }
    Some(GotoDefinitionResponse::Link(vec![LocationLink {
        origin_selection_range: Some(view.range(target.origin)),
        target_uri: location.uri,
        target_range: location.range,
        target_selection_range: location.range,
    }]))
}

/// The page of a card that is named at a place, for clients that open such pages.
pub(crate) fn card_definition(
    it: &Converter<'_>,
    file: FileId,
    view: &View,
    position: Position,
) -> Option<GotoDefinitionResponse> {
    if !it.snapshot.session().opens_pages {
        return None;
    }
    let found = features::card_definition(it.snapshot.workspace(), file, view.offset(position))?;
    let target_uri: Uri = format!("{CARD}{}.md", found.slug).parse().ok()?;
    if !it.snapshot.session().definition_links {
        return Some(GotoDefinitionResponse::Scalar(lsp::Location::new(target_uri, Range::default())));
    }
    Some(GotoDefinitionResponse::Link(vec![LocationLink {
        origin_selection_range: Some(view.range(found.origin)),
        target_uri,
        target_range: Range::default(),
        target_selection_range: Range::default(),
    }]))
}

/// What the addresses of cards begin with; the name behind it is what `archwright.explain` takes.
const CARD: &str = "archwright:/card/";

/// The links of a file.
pub(crate) fn document_links(it: &Converter<'_>, file: FileId, view: &View) -> Vec<DocumentLink> {
    let links = features::document_links(it.snapshot.workspace(), file);
    let link = |link: features::DocumentLink| {
        let target = it.relative_uri(&link.path)?;
        let target = match link.fragment {
            Some(fragment) => format!("{}#{fragment}", target.as_str()).parse::<Uri>().unwrap_or(target),
            None => target,
        };
        Some(DocumentLink { range: view.range(link.span), target: Some(target), tooltip: None, data: None })
    };
    links.into_iter().filter_map(link).collect()
}

/// The outline of a file.
pub(crate) fn document_symbols(it: &mut Converter<'_>, file: FileId, view: &View) -> Option<DocumentSymbolResponse> {
    let symbols = features::document_symbols(it.snapshot.workspace(), file);
    if it.snapshot.session().symbol_tree {
        return Some(DocumentSymbolResponse::Nested(symbols.into_iter().map(|it| nested(it, view)).collect()));
    }
    let uri = it.uri(file)?;
    let mut flat = Vec::new();
    flatten(symbols, None, view, &uri, &mut flat);
    Some(DocumentSymbolResponse::Flat(flat))
}

#[allow(deprecated)] // The type has a required field that only old clients read.
fn nested(symbol: Symbol, view: &View) -> DocumentSymbol {
    DocumentSymbol {
        name: named(symbol.name),
        detail: None,
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        // A client refuses the whole outline if a selection leaves its range.
        range: view.range(symbol.span.cover(symbol.selection)),
        selection_range: view.range(symbol.selection),
        children: Some(symbol.children.into_iter().map(|it| nested(it, view)).collect()),
    }
}

#[allow(deprecated)] // The type has a required field that only old clients read.
fn flatten(symbols: Vec<Symbol>, container: Option<&str>, view: &View, uri: &Uri, flat: &mut Vec<SymbolInformation>) {
    for symbol in symbols {
        let name = named(symbol.name);
        flat.push(SymbolInformation {
            name: name.clone(),
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            location: lsp::Location::new(uri.clone(), view.range(symbol.selection)),
            container_name: container.map(str::to_owned),
        });
        flatten(symbol.children, Some(&name), view, uri, flat);
    }
}

fn symbol_kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Section => lsp::SymbolKind::STRING,
        SymbolKind::Channel => lsp::SymbolKind::EVENT,
        SymbolKind::Message => lsp::SymbolKind::STRUCT,
        SymbolKind::Operation => lsp::SymbolKind::FUNCTION,
        SymbolKind::Server => lsp::SymbolKind::MODULE,
        SymbolKind::Schema => lsp::SymbolKind::CLASS,
        SymbolKind::Component => lsp::SymbolKind::OBJECT,
        SymbolKind::Group => lsp::SymbolKind::NAMESPACE,
        SymbolKind::Field => lsp::SymbolKind::FIELD,
        SymbolKind::Identifier => lsp::SymbolKind::KEY,
    }
}

/// Clients refuse symbols without a name.
fn named(name: String) -> String {
    if name.trim().is_empty() { "(untitled)".to_owned() } else { name }
}

/// The symbols of the workspace that fit a query.
#[allow(deprecated)] // The type has a required field that only old clients read.
pub(crate) fn workspace_symbols(it: &mut Converter<'_>, query: &str) -> Vec<SymbolInformation> {
    let (found, more) = features::workspace_symbols(it.snapshot.workspace(), query);
    if more > 0 {
        // The protocol has no place for it.
        tracing::info!(query, more, "more symbols fit; another letter leads to them");
    }
    let symbol = |symbol: features::FoundSymbol| {
        Some(SymbolInformation {
            name: named(symbol.name),
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            location: it.location(symbol.file, symbol.span)?,
            container_name: Some(symbol.container),
        })
    };
    found.into_iter().filter_map(symbol).collect()
}

/// What can be folded and has more than one line; of several folds that start in one line, the longest.
pub(crate) fn folding_ranges(it: &Converter<'_>, file: FileId, view: &View) -> Vec<FoldingRange> {
    let lines = |it: Span| (view.position(it.range().start).line, view.position(it.range().end).line);
    let mut folds: Vec<(u32, u32)> = features::folds(it.snapshot.workspace(), file).into_iter().map(lines).collect();
    folds.retain(|it| it.0 < it.1);
    folds.sort_unstable_by_key(|it| (it.0, std::cmp::Reverse(it.1)));
    folds.dedup_by_key(|it| it.0);
    let fold = |(start_line, end_line)| FoldingRange {
        start_line,
        end_line,
        kind: Some(FoldingRangeKind::Region),
        ..FoldingRange::default()
    };
    folds.into_iter().map(fold).collect()
}

fn markup(text: String, markdown: bool) -> MarkupContent {
    MarkupContent { kind: if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText }, value: text }
}
