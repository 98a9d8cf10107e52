//! The border: analysis results become LSP types here and nowhere else, and LSP positions become byte offsets.

mod beside;
mod code;
mod diagnostic;
mod edit;
mod feature;
mod rename;
mod report;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    rc::Rc,
    sync::Arc,
};

use archwright_analysis::{FileId, RelPath};
use archwright_syntax::{self as syntax, Encoding, LineIndex, Span, wire};
use tower_lsp::ls_types::{Location, Position, Range, Uri};

pub(crate) use self::{
    beside::{
        Renaming, definition_beside, prepare_rename_beside, references_beside, rename_beside, rename_everywhere,
        rename_files_everywhere,
    },
    code::{code_definition, implementation, incoming_calls, outgoing_calls, prepare_calls},
    diagnostic::diagnostics,
    edit::workspace_edit,
    feature::{
        Unresolved, card_definition, code_actions, completions, definition, document_links, document_symbols,
        folding_ranges, hover, lenses, resolved_action, workspace_symbols,
    },
    rename::{prepare_rename, references, rename},
    report::report,
};
use crate::snapshot::Snapshot;

/// A text with what is needed to name places in it.
pub(crate) struct View {
    text: Arc<str>,
    index: LineIndex,
    encoding: Encoding,
}

impl View {
    fn new(text: Arc<str>, encoding: Encoding) -> Self {
        Self { index: LineIndex::new(&text), text, encoding }
    }

    /// The editor position of a byte offset.
    fn position(&self, offset: usize) -> Position {
        let it = self.index.position(offset, &self.text, self.encoding);
        Position::new(it.line, it.column)
    }

    /// The editor range of a span.
    fn range(&self, span: Span) -> Range {
        let bytes = span.range();
        Range::new(self.position(bytes.start), self.position(bytes.end))
    }

    /// The byte offset of an editor position.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let position = syntax::Position { line: position.line, column: position.character };
        self.index.offset(position, &self.text, self.encoding)
    }

    /// The span of an editor range.
    pub(crate) fn span(&self, range: Range) -> Span {
        Span::new(self.offset(range.start), self.offset(range.end))
    }
}

/// Converts places of one snapshot; keeps the line index of each text it met.
pub(crate) struct Converter<'a> {
    snapshot: &'a Snapshot,
    views: HashMap<FileId, Option<Rc<View>>>,
}

impl<'a> Converter<'a> {
    /// A converter over `snapshot`.
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, views: HashMap::new() }
    }

    /// The file a client means and the view of its text, if the workspace knows it.
    pub(crate) fn locate(&mut self, uri: &Uri) -> Option<(FileId, Rc<View>)> {
        let path = self.snapshot.relative(&file_path(uri)?)?;
        let file = self.snapshot.workspace().file(&path)?;
        Some((file, self.view(file)?))
    }

    fn view(&mut self, file: FileId) -> Option<Rc<View>> {
        let snapshot = self.snapshot;
        let make = || Some(Rc::new(View::new(snapshot.workspace().text(file)?, snapshot.session().encoding)));
        self.views.entry(file).or_insert_with(make).clone()
    }

    /// The range of a span; the start of the file if its text cannot be read.
    fn range(&mut self, file: FileId, span: Span) -> Range {
        self.view(file).map_or_else(Range::default, |it| it.range(span))
    }

    fn location(&mut self, file: FileId, span: Span) -> Option<Location> {
        Some(Location::new(self.uri(file)?, self.range(file, span)))
    }

    /// How the client names a file: as it opened it, or by its path.
    pub(crate) fn uri(&self, file: FileId) -> Option<Uri> {
        self.path_uri(&self.snapshot.workspace().absolute(file))
    }

    /// The same for a path, also where the file is not there yet.
    pub(crate) fn relative_uri(&self, path: &RelPath) -> Option<Uri> {
        self.path_uri(&path.to_path(self.snapshot.workspace().root()))
    }

    /// A file as a Markdown link that the client opens; the line counts from 1.
    pub(crate) fn link(&self, path: &RelPath, line: Option<u32>) -> String {
        let Some(uri) = self.relative_uri(path) else { return format!("`{path}`") };
        // The URI encodes all that could end the link but parentheses.
        let uri = uri.as_str().replace('(', "%28").replace(')', "%29");
        let line = line.map_or_else(String::new, |it| format!("#L{it}"));
        format!("[`{path}`]({uri}{line})")
    }

    fn path_uri(&self, path: &Path) -> Option<Uri> {
        self.snapshot.document(path).map(|it| it.0.clone()).or_else(|| Uri::from_file_path(path))
    }

    /// The version of an open file.
    pub(crate) fn version(&self, file: FileId) -> Option<i32> {
        self.snapshot.document(&self.snapshot.workspace().absolute(file)).map(|it| it.1)
    }
}

/// The path a URI names, if it names a file of this machine.
pub(crate) fn file_path(uri: &Uri) -> Option<PathBuf> {
    wire::file_path(uri.as_str())
}
