//! References: whether their targets are there, and of the right kind.

use std::collections::HashMap;

use archwright_syntax::data::Node;
use percent_encoding::percent_decode_str;

use super::super::{Documents, Opened, Severity, Sink};
use super::walk::Walker;
use super::{DANGLING_REFERENCE, REFERENCE_CYCLE, REMOTE_REFERENCE, WRONG_TARGET};
use crate::references::{ReferenceKind, Target, target, walk};
use crate::specification::{ObjectId, Shape, place_at};

/// Files that refer to files that refer to files, at most so often.
const MAX_FILES: usize = 8;

/// Looks up every reference of a document.
pub(super) fn check(root: Node<'_>, documents: &dyn Documents, sink: &mut Sink) {
    let mut known: HashMap<&str, Target<'_>> = HashMap::new();
    walk(root, &mut |value, base| {
        let text = value.as_str().unwrap_or_default();
        match ReferenceKind::of(text) {
            ReferenceKind::Local if text.starts_with("#/") || text == "#" => {
                let found = *known.entry(text).or_insert_with(|| target(root, text));
                let in_base = || base.map_or(Target::Missing, |it| target(it, text));
                match found {
                    Target::Missing if in_base() == Target::Missing => {
                        sink.push(&DANGLING_REFERENCE, value.span(), missing_in_document(root, text));
                    }
                    Target::Node(node) if is_cycle(root, node) => {
                        let message = format!("`{text}` leads back to itself: there is nothing at its end");
                        sink.push(&REFERENCE_CYCLE, value.span(), message);
                    }
                    _ => {}
                }
            }
            ReferenceKind::Local => {}
            ReferenceKind::Remote => {
                let message = format!("`{text}` is on another host and was not looked up");
                sink.push(&REMOTE_REFERENCE, value.span(), message);
            }
            ReferenceKind::File => {
                if let Err(why) = open(documents, text) {
                    sink.push(&DANGLING_REFERENCE, value.span(), why);
                }
            }
        }
    });
}

/// Says how far the way to a missing target goes.
fn missing_in_document(root: Node<'_>, text: &str) -> String {
    let pointer = text.trim_start_matches('#');
    let mut there = root;
    let mut way = String::from("#");
    for token in pointer.split('/').skip(1) {
        let step = format!("/{token}");
        match there.resolve(&step) {
            Some(next) => there = next,
            None => return format!("`{text}` does not exist: `{way}` has no `{token}`"),
        }
        way += &step;
    }
    format!("`{text}` does not exist in this document")
}

/// Whether references alone stand at the end of a reference.
fn is_cycle<'t>(root: Node<'t>, first: Node<'t>) -> bool {
    /// Longer chains than people write.
    const MAX_HOPS: usize = 32;
    let mut node = first;
    for _ in 0..MAX_HOPS {
        let Some(next) = node.get("$ref").and_then(Node::as_str).filter(|it| it.starts_with("#/")) else { return false };
        match target(root, next) {
            Target::Node(it) if it == first => return true,
            Target::Node(it) => node = it,
            _ => return false,
        }
    }
    false
}

/// The node that a reference to another file names, with the part of the reference that names the file; `None` when
/// nothing can be said of it.
fn open<'d, 'r>(documents: &'d dyn Documents, reference: &'r str) -> Result<Option<(Node<'d>, &'r str)>, String> {
    let (file, fragment) = reference.split_once('#').map_or((reference, ""), |it| it);
    let tree = match documents.open(file) {
        Opened::Tree(tree) => tree,
        Opened::Other | Opened::Unknown => return Ok(None),
        Opened::Missing => return Err(format!("`{file}` does not exist, seen from this document")),
    };
    let Some(root) = tree.root() else {
        return if fragment.is_empty() { Ok(None) } else { Err(format!("`{file}` is empty, so it has no `{fragment}`")) };
    };
    if fragment.is_empty() || fragment == "/" {
        return Ok(Some((root, file)));
    }
    if !fragment.starts_with('/') {
        return Ok(None);
    }
    match target(root, &format!("#{fragment}")) {
        Target::Node(node) => Ok(Some((node, file))),
        Target::Elsewhere => Ok(None),
        Target::Missing => Err(format!("`{file}` exists, but it has no `{fragment}`")),
    }
}

impl<'t> Walker<'t, '_, '_> {
    /// Checks that a reference leads to an object of the right kind.
    pub(super) fn reference(&mut self, value: Node<'t>, text: &'t str, expected: ObjectId, depth: usize) {
        match ReferenceKind::of(text) {
            ReferenceKind::Local => {
                if let Target::Node(node) = target(self.root, text) {
                    self.local(value, text, node, expected, depth);
                }
            }
            ReferenceKind::File => self.file(value, text, expected),
            ReferenceKind::Remote => {}
        }
    }

    fn local(&mut self, value: Node<'t>, text: &str, node: Node<'t>, expected: ObjectId, depth: usize) {
        let natural = place_at(self.root, &node.path()).filter(|_| self.files == 0);
        let natural = natural.and_then(|it| match it.shape {
            Shape::Object(id, _) => Some(*id),
            Shape::Payload => self.specification.id("schema"),
            _ => None,
        });
        match natural {
            Some(id) if self.is_same(id, expected) => {}
            Some(id) => {
                let message = format!("`{text}` is a {}, but a {} belongs here", self.title(id), self.title(expected));
                self.sink.push(&WRONG_TARGET, value.span(), message);
            }
            None => {
                if self.seen.insert((node.id(), expected)) {
                    self.object(node, expected, crate::specification::ReferenceUse::Allowed, depth + 1);
                }
            }
        }
    }

    /// Whether objects of two kinds can stand for each other: all kinds of schemas can.
    fn is_same(&self, one: ObjectId, other: ObjectId) -> bool {
        let is_schema =
            |id: ObjectId| self.specification.object(id).is_some_and(|it| it.is_schema || matches!(it.name, "anySchema" | "anyAvro"));
        one == other || (is_schema(one) && is_schema(other))
    }

    /// Checks what a file has at the end of a reference. What is wrong there is said here once, at the reference.
    fn file(&mut self, value: Node<'t>, text: &str, expected: ObjectId) {
        let Ok(Some((node, file))) = open(self.documents, text) else { return };
        if self.files >= MAX_FILES {
            return;
        }
        let Some(root) = node.tree().root() else { return };
        let documents = Beside { documents: self.documents, file };
        let mut sink = Sink { found: Vec::new() };
        walk(node, &mut |value, _| dangling_within(root, value, &documents, &mut sink));
        let mut inner = Walker::new(self.specification, root, &documents, &mut sink);
        inner.files = self.files + 1;
        inner.object(node, expected, crate::specification::ReferenceUse::Allowed, 0);
        if let Some(first) = sink.found.iter().find(|it| it.severity == Severity::Error) {
            let check = if first.check == DANGLING_REFERENCE.name { &DANGLING_REFERENCE } else { &WRONG_TARGET };
            self.sink.push(check, value.span(), format!("What `{text}` leads to is wrong: {}", first.message));
        }
    }
}

/// A reference of another file, below the part that is used.
fn dangling_within(root: Node<'_>, value: Node<'_>, documents: &dyn Documents, sink: &mut Sink) {
    let text = value.as_str().unwrap_or_default();
    match ReferenceKind::of(text) {
        ReferenceKind::Local if text.starts_with("#/") && target(root, text) == Target::Missing => {
            sink.push(&DANGLING_REFERENCE, value.span(), format!("`{text}` does not exist there"));
        }
        ReferenceKind::File => {
            if let Err(why) = open(documents, text) {
                sink.push(&DANGLING_REFERENCE, value.span(), why);
            }
        }
        _ => {}
    }
}

/// The documents as another file sees them.
struct Beside<'d> {
    documents: &'d dyn Documents,
    file: &'d str,
}

impl Documents for Beside<'_> {
    fn open(&self, reference: &str) -> Opened<'_> {
        if reference.is_empty() {
            return self.documents.open(self.file);
        }
        let folder = self.file.rsplit_once('/').map_or("", |it| it.0);
        let way = if reference.starts_with('/') || folder.is_empty() { reference.to_owned() } else { format!("{folder}/{reference}") };
        self.documents.open(&percent_decode_str(&way).decode_utf8_lossy())
    }
}
