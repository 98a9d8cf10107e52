//! `bindingVersion`: 3.0 knows the later versions of each binding only, so that old ones give way to the nearest that
//! has the same settings.

use archwright_syntax::{
    TextEdit, TextEdits,
    data::{
        Format, Kind, Node, PathSegment, Tree, parse,
        write::{Printer, Style, remove},
    },
};
use serde_json::{Value, json};

use super::{TARGET, errors};
use crate::specification::{Choice, ObjectType, Shape, Specification, of};

/// The field that is fitted.
const FIELD: &str = "bindingVersion";

/// Larger settings than people write.
const MAX_NODES: usize = 2_000;

/// Gives bindings of a converted document a version that 3.0 knows, and says what became of which.
pub(super) fn fit(text: &mut String, format: Format) -> Vec<String> {
    let mut notes = Vec::new();
    let mut edits: Vec<TextEdit> = Vec::new();
    let tree = parse(text.as_str(), format);
    let style = Style::of(&tree);
    let changes = std::collections::BTreeMap::new();
    let printer = Printer::new(&style, &changes);
    for binding in faulty(&tree) {
        let Some(version) = binding.value.entry(FIELD).filter(|it| !it.merged) else { continue };
        let Some(fitting) = binding.fitting(version.value.scalar().unwrap_or_default()) else { continue };
        let (edit, became) = match fitting {
            Fitting::Known(known) => {
                let value = TextEdit::replace(version.value.span(), quoted_like(version.value.source(), known));
                (Some(value), format!("became `{known}`"))
            }
            Fitting::Latest => (remove(&printer, version), "was left out, so that the latest counts".to_owned()),
        };
        let Some(edit) = edit.filter(|it| edits.last().is_none_or(|last| last.span.end <= it.span.start)) else {
            continue;
        };
        edits.push(edit);
        notes.push(format!(
            "3.0 has other versions of the {} than `{}`: the `{FIELD}` of `{}` {became}",
            binding.title(),
            version.value.scalar().unwrap_or_default(),
            binding.value.pointer()
        ));
    }
    if let Ok(after) = TextEdits::new(edits).and_then(|it| it.apply(text)) {
        *text = after;
        return notes;
    }
    Vec::new()
}

/// A binding with a mistake that another version may not have.
struct Binding<'t> {
    /// The object that bindings of its place are, such as `channelBindings`.
    section: &'static str,
    protocol: &'t str,
    value: Node<'t>,
    table: &'static Specification,
}

/// What a `bindingVersion` becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fitting<'v> {
    /// A version that 3.0 knows.
    Known(&'v str),
    /// The latest, which need not be named.
    Latest,
}

/// The bindings in which there is an error, in the order of the text.
fn faulty(tree: &Tree) -> Vec<Binding<'_>> {
    let mut found: Vec<Binding<'_>> = Vec::new();
    let (Some(root), Some(table)) = (tree.root(), of((3, 0))) else { return found };
    let places = errors(tree).into_iter().filter(|it| !it.check.contains("reference")).map(|it| it.span);
    for binding in places.filter_map(|it| around(root, table, tree.node_at(it.start as usize)?.node)) {
        if found.iter().all(|it| it.value != binding.value) {
            found.push(binding);
        }
    }
    found.sort_by_key(|it| it.value.span().start);
    found
}

/// The binding that a node is part of.
fn around<'t>(root: Node<'t>, table: &'static Specification, node: Node<'t>) -> Option<Binding<'t>> {
    let path = node.path();
    let of_components = match path.as_slice() {
        [PathSegment::Key("components"), PathSegment::Key(it), ..] => it.ends_with("Bindings"),
        _ => false,
    };
    let at = if of_components { 2 } else { path.iter().position(|it| *it == PathSegment::Key("bindings"))? };
    let section = crate::specification::place_at(root, path.get(..=at)?)?.object?.name;
    let PathSegment::Key(protocol) = *path.get(at + 1)? else { return None };
    let mut value = root;
    for segment in path.get(..=at + 1)? {
        value = match *segment {
            PathSegment::Key(key) => value.get(key)?,
            PathSegment::Index(index) => value.item(index)?,
        };
    }
    let is_written = value.kind() == Kind::Mapping && !value.is_alias();
    is_written.then_some(Binding { section, protocol, value, table })
}

impl Binding<'_> {
    fn object(&self) -> Option<&'static ObjectType> {
        match self.table.named(self.section)?.field(self.protocol)?.shape {
            Shape::Object(id, _) => self.table.object(id),
            _ => None,
        }
    }

    fn title(&self) -> &'static str {
        self.object().map_or("binding", |it| it.title)
    }

    /// The version under which the settings have the fewest mistakes; `None` when it is the one that is written.
    fn fitting<'w>(&self, written: &'w str) -> Option<Fitting<'w>> {
        let known = self.known();
        if known.is_empty() {
            return None;
        }
        let settings = self.value.to_json(MAX_NODES)?;
        let is_later = |it: &&'static str| number(written).is_some() && number(it) >= number(written);
        // The one that is written comes first, then the nearest, then the latest.
        let current = known.iter().copied().find(|it| *it == written);
        let named = current.into_iter().chain(known.iter().copied().filter(is_later)).map(Fitting::Known);
        let best = named.chain([Fitting::Latest]).map(|it| (self.mistakes(&settings, it), it)).min_by_key(|it| it.0)?.1;
        (best != Fitting::Known(written)).then_some(best)
    }

    /// The versions that 3.0 has of the binding, from the first to the last.
    fn known(&self) -> Vec<&'static str> {
        let Some(object) = self.object() else { return Vec::new() };
        let latest = match &object.choice {
            Some(Choice::Value { otherwise, .. }) => otherwise.and_then(|it| self.table.object(it)),
            Some(Choice::Presence { without, .. }) => self.table.object(*without),
            None => Some(object),
        };
        latest.and_then(|it| it.field(FIELD)).map(|it| it.values().to_vec()).unwrap_or_default()
    }

    /// How many mistakes the settings have under a version. What they refer to is not there, and does not count.
    fn mistakes(&self, settings: &Value, version: Fitting<'_>) -> usize {
        let mut settings = settings.clone();
        if let Some(fields) = settings.as_object_mut() {
            match version {
                Fitting::Known(version) => fields.insert(FIELD.to_owned(), version.into()),
                Fitting::Latest => fields.remove(FIELD),
            };
        }
        let document = json!({
            "asyncapi": TARGET,
            "info": { "title": "", "version": "" },
            "components": { self.section: { "a": { self.protocol: settings } } },
        });
        let tree = parse(document.to_string(), Format::Json);
        errors(&tree).iter().filter(|it| !it.check.contains("reference")).count()
    }
}

/// The numbers of a version, to compare; `None` for words such as `latest`.
fn number(version: &str) -> Option<[u32; 3]> {
    let mut parts = version.split('.');
    let mut next = || parts.next().map_or(Some(0), |it| it.parse().ok());
    Some([next()?, next()?, next()?])
}

/// A version in the quotes of what it replaces.
fn quoted_like(source: &str, version: &str) -> String {
    match source.chars().next() {
        Some(quote @ ('"' | '\'')) => format!("{quote}{version}{quote}"),
        _ => version.to_owned(),
    }
}
