//! What a reference may name: fitting parts of this document and of others, and files.

use archwright_asyncapi::specification::{ObjectType, Shape, place_at};
use archwright_model::{
    FileId, Kind, RelPath,
    facts::{FileFacts, file_of_reference},
};
use archwright_syntax::{
    FileType,
    data::{Kind as NodeKind, Node, PathSegment},
    pointer,
};

use super::completion::{Asked, at};
use crate::{Completion, CompletionKind, is_data, trees::Trees};

/// How many candidates of one kind are looked at; an answer has fewer.
const MAX: usize = 1_000;

impl Asked<'_> {
    /// What a reference here may name. What is typed already chooses between this document, others and files.
    pub(super) fn references(&self) -> Vec<Completion> {
        let Some((_, holder)) = self.path.split_last() else { return Vec::new() };
        let expected = self.expects(holder);
        match self.typed().split_once('#') {
            Some((path, _)) if !path.is_empty() => self.parts_of(path, expected),
            _ => {
                let mut found = self.own_parts(holder, expected);
                if !self.typed().starts_with('#') {
                    found.extend(self.files(expected));
                    // Operations have channels and messages of their own document (AsyncAPI 3.0.0, Operation Object).
                    if !matches!(expected, Some("message" | "channel")) || !self.in_operation(holder) {
                        found.extend(self.parts_elsewhere(expected));
                    }
                }
                found
            }
        }
    }

    fn own_parts(&self, holder: &[PathSegment<'_>], expected: Option<&str>) -> Vec<Completion> {
        let own = pointer_of(holder);
        let mut found = Vec::new();
        for section in self.sections(holder, expected) {
            let names = self.all.resolve(&section).into_iter().flat_map(Node::entries);
            // A part does not stand for itself.
            let pointers = names.map(|it| format!("{section}/{}", pointer::escape(it.key))).filter(|it| *it != own);
            found.extend(pointers.map(|it| self.reference(&format!("#{it}"), "in this document")));
        }
        found
    }

    fn reference(&self, text: &str, detail: &str) -> Completion {
        self.completion(text, CompletionKind::Value, Some(detail), "", &self.scalar(text))
    }

    /// The name of the object that is expected where a reference stands.
    fn expects(&self, holder: &[PathSegment<'_>]) -> Option<&'static str> {
        let place = place_at(self.root, holder)?;
        let object = |shape: &Shape| match shape {
            Shape::Object(id, _) => place.specification.object(*id).map(|it| it.name),
            Shape::Payload => Some("schema"),
            _ => None,
        };
        let name = match place.shape {
            Shape::OneOf(shapes) => shapes.iter().find_map(object),
            shape => object(shape),
        };
        // A schema may be wrapped with its format.
        if name.is_some_and(|it| it.to_ascii_lowercase().ends_with("schema")) { Some("schema") } else { name }
    }

    fn in_operation(&self, holder: &[PathSegment<'_>]) -> bool {
        self.is_v3() && matches!(holder.first(), Some(PathSegment::Key("operations")))
    }

    /// The pointers of the mappings whose entries fit.
    fn sections(&self, holder: &[PathSegment<'_>], expected: Option<&str>) -> Vec<String> {
        match expected {
            Some("channel") if self.is_v3() && holder.len() > 2 => {
                vec!["/channels".to_owned(), "/components/channels".to_owned()]
            }
            Some("server") if self.is_v3() && holder.len() > 2 => {
                vec!["/servers".to_owned(), "/components/servers".to_owned()]
            }
            Some("message") if self.in_operation(holder) => {
                let operation: Vec<PathSegment<'_>> = holder.iter().take(2).copied().collect();
                let channel = at(self.all, &operation).and_then(|it| it.get("channel")?.get("$ref")?.as_str());
                channel.and_then(|it| it.strip_prefix('#')).map(|it| format!("{it}/messages")).into_iter().collect()
            }
            _ => {
                let (fitting, others): (Vec<_>, Vec<_>) =
                    self.components().partition(|it| expected.is_none_or(|expected| self.fits(it, expected)));
                let sections = if fitting.is_empty() && expected != Some("schema") { others } else { fitting };
                sections.iter().map(|it| format!("/components/{}", pointer::escape(it))).collect()
            }
        }
    }

    /// Whether the entries of a section of `components` are what is expected.
    fn fits(&self, section: &str, expected: &str) -> bool {
        self.expects(&[PathSegment::Key("components"), PathSegment::Key(section), PathSegment::Key("any")])
            == Some(expected)
    }

    /// All sections of `components` whose entries are what is expected.
    fn fitting(&self, expected: &str) -> Vec<&'static str> {
        let components = place_at(self.root, &[PathSegment::Key("components")]).and_then(|it| it.object);
        let sections = components.into_iter().flat_map(ObjectType::fields).map(|it| it.name);
        sections.filter(|it| self.fits(it, expected)).collect()
    }

    /// The sections of `components` of this document.
    fn components(&self) -> impl Iterator<Item = &str> {
        let components = self.all.get("components").into_iter().flat_map(Node::entries);
        components.filter(|it| it.value.kind() == NodeKind::Mapping).map(|it| it.key)
    }

    /// Fitting parts of the other AsyncAPI documents, those of the nearest first.
    fn parts_elsewhere(&self, expected: Option<&str>) -> Vec<Completion> {
        let Some(expected) = expected else { return Vec::new() };
        let sections = self.fitting(expected);
        let others =
            self.workspace.files().filter_map(|it| self.workspace.facts(it)).filter(|it| it.path != self.facts.path);
        let parts = others.flat_map(|it| self.parts_in(it, &sections, expected)).filter(|it| it.contains(self.typed()));
        let mut parts: Vec<String> = parts.take(MAX).collect();
        parts.sort_by_key(|it| it.split('#').next().map(|it| it.matches('/').count()));
        parts.iter().map(|it| self.reference(it, "in another document")).collect()
    }

    fn parts_in(&self, facts: &FileFacts, sections: &[&str], expected: &str) -> Vec<String> {
        let Some(asyncapi) = facts.asyncapi() else { return Vec::new() };
        let file = self.written(&facts.path);
        let components = asyncapi.components.iter().filter(|it| sections.contains(&it.0.as_str()));
        let components = components
            .map(|it| format!("{file}#/components/{}/{}", pointer::escape(&it.0), pointer::escape(&it.1.text)));
        let channels = asyncapi.outline.channels.iter().filter(|_| expected == "channel");
        components.chain(channels.map(|it| format!("{file}#/channels/{}", pointer::escape(&it.key.text)))).collect()
    }

    /// The parts of the file that a path in front of a `#` names.
    fn parts_of(&self, path: &str, expected: Option<&str>) -> Vec<Completion> {
        let file = file_of_reference(&self.facts.path, path).and_then(|it| self.workspace.file(&it));
        let Some(tree) = file.and_then(|it| Trees::new(self.workspace).of(it)) else { return Vec::new() };
        let mut found = Vec::new();
        for section in tree.root().into_iter().flat_map(Node::entries) {
            match section.key {
                "components" => {
                    let fitting = section
                        .value
                        .entries()
                        .filter(|it| expected.is_none_or(|expected| self.fits(it.key, expected)));
                    found.extend(fitting.flat_map(|it| it.value.entries()).map(|it| it.value.pointer()));
                }
                "channels" if expected == Some("channel") => {
                    found.extend(section.value.entries().map(|it| it.value.pointer()));
                }
                "definitions" | "$defs" => found.extend(section.value.entries().map(|it| it.value.pointer())),
                _ => {}
            }
        }
        if found.is_empty() {
            found.extend(tree.root().into_iter().flat_map(Node::entries).map(|it| it.value.pointer()));
        }
        found.iter().map(|it| self.reference(&format!("{path}#{it}"), "in another file")).collect()
    }

    /// Schema files where a schema is expected; once something is typed, other files that have parts too. The nearest
    /// first.
    fn files(&self, expected: Option<&str>) -> Vec<Completion> {
        let is_wanted = |file: FileId, path: &RelPath| match self.typed() {
            "" => expected == Some("schema") && self.workspace.kind(file) == Kind::Schema,
            _ => is_data(path) || path.file_type() == Some(FileType::Protobuf),
        };
        let files = self.workspace.below(&RelPath::default()).into_iter().map(|it| (it, self.workspace.path(it)));
        let files = files.filter(|it| *it.1 != self.facts.path && is_wanted(it.0, it.1)).map(|it| self.written(it.1));
        let mut paths: Vec<String> = files.filter(|it| it.contains(self.typed())).collect();
        paths.sort_by(|a, b| (a.matches('/').count(), a).cmp(&(b.matches('/').count(), b)));
        let detail = if expected == Some("schema") { "schema" } else { "file" };
        paths
            .iter()
            .take(MAX)
            .map(|it| self.completion(it, CompletionKind::File, Some(detail), "", &self.scalar(it)))
            .collect()
    }

    /// A path as a reference in this document writes it.
    fn written(&self, path: &RelPath) -> String {
        let path =
            path.relative_to(&self.facts.path.parent()).replace('%', "%25").replace(' ', "%20").replace('#', "%23");
        // With `./`, unless what is typed goes without.
        let bare = path.starts_with("..") || self.typed().starts_with(|it: char| it.is_alphanumeric());
        if bare { path } else { format!("./{path}") }
    }
}

fn pointer_of(path: &[PathSegment<'_>]) -> String {
    path.iter().fold(String::new(), |pointer, it| match it {
        PathSegment::Key(key) => pointer + "/" + &pointer::escape(key),
        PathSegment::Index(at) => format!("{pointer}/{at}"),
    })
}
