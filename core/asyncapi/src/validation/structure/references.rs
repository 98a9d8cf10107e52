//! References: whether their targets are there, and of the right kind.

use std::{cell::RefCell, rc::Rc};

use archwright_schema::{Identified, Identifiers};
use archwright_syntax::{
    FileType, Span,
    data::{Node, NodeId},
    pointer,
};
use percent_encoding::percent_decode_str;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Declared, Documents, Opened, Severity, Sink, span_of};
use super::walk::{OPEN_API, Walker, with_article};
use super::{
    ABSOLUTE_REFERENCE, DANGLING_REFERENCE, REFERENCE_CYCLE, REMOTE_REFERENCE, UNFOLLOWED_REFERENCE, WRONG_TARGET,
};
use crate::files;
use crate::references::{ReferenceKind, Target, Use, target, walk};
use crate::specification::{Below, ObjectId, ReferenceUse, Shape};

/// How many places of other files are looked at for one document. Those that are not are told.
const MAX_FILES: usize = if cfg!(test) { 40 } else { 20_000 };

/// Through how many files a reference is followed. Those further on are checked where they are referred to, and else
/// each document of a long chain would read all of the chain.
pub(in crate::validation) const MAX_HOPS: usize = 16;

/// What is known of the references of a document.
#[derive(Debug, Default)]
pub(super) struct Known<'t> {
    /// Where local references lead.
    pub targets: FxHashMap<&'t str, Target<'t>>,
    /// The references that name a schema by what it calls itself; it is checked where it stands.
    pub identified: FxHashSet<NodeId>,
}

/// Looks up every reference of a document, and says where the local ones lead.
pub(super) fn check<'t>(root: Node<'t>, uses: &[Use<'t>], documents: &dyn Documents, sink: &mut Sink) -> Known<'t> {
    let mut known: FxHashMap<&str, Target<'_>> = FxHashMap::default();
    let identifiers = Identifiers::of(root);
    let mut identified = FxHashSet::default();
    let mut names: Option<FxHashMap<&str, usize>> = None;
    let mut cycles = FxHashSet::default();
    let mut remote = Vec::new();
    let mut others = Others { documents, identifiers: FxHashMap::default() };
    for Use { value, base, in_data } in uses.iter().copied() {
        let text = value.as_str().unwrap_or_default();
        if in_data {
            // It is no reference by the specification, but resolvers know nothing of examples.
            if text.starts_with("#/") && target(root, text) == Target::Missing && !is_ignored(value) {
                let message = format!(
                    "`{text}` does not exist, and tools look up what is called `$ref` in examples and other values, too"
                );
                sink.push(&DANGLING_REFERENCE, value.span(), message);
            }
            continue;
        }
        let named = if text.is_empty() { Identified::Elsewhere(None) } else { identifiers.resolve(value, text) };
        match (&named, ReferenceKind::of(text)) {
            // Pointers mean the same in most schemas, whatever these call themselves.
            (Identified::Here(node), ReferenceKind::Local) if target(root, text) == Target::Node(*node) => {}
            (Identified::Here(_), _) => {
                identified.insert(value.id());
                continue;
            }
            (Identified::Missing, ReferenceKind::File | ReferenceKind::Remote) => {
                let message = format!("`{text}` names no part of the schema in this document that has this address");
                sink.push(&DANGLING_REFERENCE, value.span(), message);
                continue;
            }
            _ => {}
        }
        let address = identifiers.address(value, text).filter(|_| !matches!(named, Identified::Here(_)));
        match address.map_or(Elsewhere::Unknown, |it| others.named(&it, text)) {
            Elsewhere::Found => {
                identified.insert(value.id());
                continue;
            }
            Elsewhere::Missing(file) => {
                let message = format!("`{text}` names no part of the schema in `{file}` that has this address");
                sink.push(&DANGLING_REFERENCE, value.span(), message);
                continue;
            }
            Elsewhere::Several => {
                let message = format!(
                    "`{text}` was not looked up: several schemas of the workspace call themselves so, and nobody knows \
                    which one is meant"
                );
                sink.push(&REMOTE_REFERENCE, value.span(), message);
                continue;
            }
            Elsewhere::Unknown => {}
        }
        match ReferenceKind::of(text) {
            ReferenceKind::File if text.is_empty() => {
                sink.push(&DANGLING_REFERENCE, span_of(value), "The reference is empty: it names nothing");
            }
            ReferenceKind::Local if text.starts_with("#/") || text == "#" => {
                let found = *known.entry(text).or_insert_with(|| target(root, text));
                let in_base = || base.map_or(Target::Missing, |it| target(it, text));
                match found {
                    Target::Missing if in_base() == Target::Missing && !is_ignored(value) => {
                        let (message, meant) = missing_in_document(root, text, sink);
                        sink.push_with(&DANGLING_REFERENCE, value.span(), message, meant);
                    }
                    Target::Node(node) => {
                        let cycle = cycle(root, node);
                        // Told once, where the first of the references stands that make it.
                        let is_member = value.parent().is_some_and(|it| cycle.contains(&it.id()));
                        if is_member && cycle.iter().all(|it| !cycles.contains(it)) {
                            let message = format!("`{text}` leads back to itself: there is nothing at its end");
                            sink.push(&REFERENCE_CYCLE, value.span(), message);
                        }
                        if is_member {
                            cycles.extend(cycle);
                        }
                    }
                    _ => {}
                }
            }
            // Names of schemas (`#name`) have no slash.
            ReferenceKind::Local if text.contains('/') => {
                let meant = format!("#/{}", text.trim_start_matches('#'));
                let is_there = matches!(target(root, &meant), Target::Node(_));
                let message = format!("`{text}` names nothing: the way to a part of the document begins with `#/`");
                sink.push_with(&DANGLING_REFERENCE, value.span(), message, is_there.then_some(meant));
            }
            ReferenceKind::Local => {
                let name = text.trim_start_matches('#');
                // A name that stands somewhere else too may be given in a way that only its tools know.
                let names = names.get_or_insert_with(|| {
                    let mut names = FxHashMap::default();
                    uses.iter().filter_map(|it| it.value.as_str()).for_each(|it| *names.entry(it).or_default() += 1);
                    names
                });
                let is_used_only = || {
                    let used = names.get(text).copied().unwrap_or_default();
                    root.tree().text().matches(text).count() <= used
                };
                if identifiers.anchor(name).is_none() && !is_ignored(value) && is_used_only() {
                    let message =
                        format!("`{text}` names nothing: no schema of this document has the `$anchor` `{name}`");
                    sink.push(&DANGLING_REFERENCE, value.span(), message);
                }
            }
            ReferenceKind::Remote => {
                if text.starts_with("file:") {
                    let message = format!("`{text}` is a file of one machine and was not looked up");
                    sink.push(&REMOTE_REFERENCE, value.span(), message);
                } else {
                    remote.push((value, text));
                }
            }
            ReferenceKind::File
                if matches!(&named, Identified::Elsewhere(Some(_))) && open(documents, text).is_err() =>
            {
                let Identified::Elsewhere(Some(address)) = named else { continue };
                let message = format!(
                    "`{text}` counts from the `$id` around it and means `{address}`, which is on another host and was \
                    not looked up"
                );
                sink.push(&REMOTE_REFERENCE, value.span(), message);
            }
            ReferenceKind::File if text.starts_with('/') => {
                let advice = match documents.way_from_root(text) {
                    Some(way) => format!("from this document, `{way}` is there"),
                    None => "write the way from this document".to_owned(),
                };
                let message =
                    format!("`{text}` begins at the root of a disk or a host, where others do not have it: {advice}");
                sink.push(&ABSOLUTE_REFERENCE, value.span(), message);
            }
            ReferenceKind::File => {
                if let Err(why) = open(documents, text) {
                    sink.push(&DANGLING_REFERENCE, value.span(), why);
                }
            }
        }
    }
    report_remote(&remote, sink);
    Known { targets: known, identified }
}

/// Says once what lies on other hosts: a document that refers to one of them does it in each message.
fn report_remote(remote: &[(Node<'_>, &str)], sink: &mut Sink) {
    let Some(((first, text), others)) = remote.split_first() else { return };
    let more = match others.len() {
        0 => "was not looked up".to_owned(),
        1 => "was not looked up, nor was the other reference of this document to another host".to_owned(),
        more => format!("was not looked up, nor were {more} more references of this document to other hosts"),
    };
    sink.push(&REMOTE_REFERENCE, first.span(), format!("`{text}` is on another host and {more}"));
}

/// What a reference names among what schemas of other files call themselves.
enum Elsewhere {
    /// A schema that is there, and is checked where it stands.
    Found,
    /// No part of the schema that has this address, which stands in this file.
    Missing(String),
    /// Any of several schemas.
    Several,
    /// Nothing that is known.
    Unknown,
}

/// The schemas of other files by what they call themselves.
struct Others<'d> {
    documents: &'d dyn Documents,
    identifiers: FxHashMap<String, Option<Identifiers<'d>>>,
}

impl Others<'_> {
    /// What a reference names that means an address.
    fn named(&mut self, address: &str, reference: &str) -> Elsewhere {
        let is_way = !files::counts_from_nothing(address);
        let decoded = percent_decode_str(address).decode_utf8_lossy();
        // A file that is there is what its way means.
        if is_way && !matches!(self.documents.open(&decoded), Opened::Missing) {
            return Elsewhere::Unknown;
        }
        let file = match self.documents.declared(if is_way { &decoded } else { address }) {
            Declared::In(file) => file,
            Declared::Several => return Elsewhere::Several,
            Declared::Nowhere => return Elsewhere::Unknown,
        };
        let documents = self.documents;
        let read = || match documents.open(&file) {
            Opened::Tree(tree) => tree.root().filter(|_| tree.errors().is_empty()).map(Identifiers::of),
            Opened::Other | Opened::Folder | Opened::Unknown | Opened::Missing => None,
        };
        // What is there cannot be told of a file that cannot be read.
        let Some(identifiers) = self.identifiers.entry(file.clone()).or_insert_with(read) else {
            return Elsewhere::Found;
        };
        let fragment = reference.split_once('#').map_or("", |it| it.1);
        let means = |it: &&str| files::within(files::folder_of(&file), it) == files::within("", &decoded);
        let own = if is_way { identifiers.addresses().find(means) } else { Some(address) };
        match own.map(|it| identifiers.by_address(&format!("{it}#{fragment}"))) {
            Some(Identified::Missing) => Elsewhere::Missing(file),
            _ => Elsewhere::Found,
        }
    }
}

/// Whether a reference stands in what is beside another reference, which resolvers replace as a whole.
fn is_ignored(value: Node<'_>) -> bool {
    let is_reference = |it: Node<'_>| it.get("$ref").is_some_and(|it| it.as_str().is_some());
    let mut around = value.parent().and_then(Node::parent);
    while let Some(node) = around {
        // A property may be called `$ref`, but what it is described by is no text.
        if is_reference(node) {
            return true;
        }
        around = node.parent();
    }
    false
}

/// Says how far the way to a missing target goes, and which one was probably meant.
fn missing_in_document(root: Node<'_>, text: &str, sink: &mut Sink) -> (String, Option<String>) {
    let pointer = text.trim_start_matches('#');
    let mut there = root;
    let mut way = String::from("#");
    for token in pointer.split('/').skip(1) {
        let step = format!("/{token}");
        match there.resolve(&step) {
            Some(next) => there = next,
            None => {
                let message = format!("`{text}` does not exist: `{way}` has no `{token}`");
                let names = there.entries().map(|it| it.key);
                let Some(name) = sink.nearest(&pointer::unescape(token), names) else { return (message, None) };
                let rest = text.get(way.len() + step.len()..).unwrap_or_default();
                let meant = format!("{way}/{}{rest}", pointer::escape(name));
                let is_there = matches!(target(root, &meant), Target::Node(_));
                return (format!("{message}: did you mean `{name}`?"), is_there.then_some(meant));
            }
        }
        way += &step;
    }
    (format!("`{text}` does not exist in this document"), None)
}

/// The references that lead from a node back to it, when there is nothing else at its end.
fn cycle<'t>(root: Node<'t>, first: Node<'t>) -> Vec<NodeId> {
    /// Longer chains than people write.
    const MAX_HOPS: usize = 32;
    let mut node = first;
    let mut members = Vec::new();
    for _ in 0..MAX_HOPS {
        members.push(node.id());
        let Some(next) = node.get("$ref").and_then(Node::as_str).filter(|it| it.starts_with("#/")) else {
            return Vec::new();
        };
        match target(root, next) {
            Target::Node(it) if it == first => return members,
            Target::Node(it) => node = it,
            _ => return Vec::new(),
        }
    }
    Vec::new()
}

/// The node that a reference to another file names, with the part of the reference that names the file; `None` when
/// nothing can be said of it.
fn open<'d, 'r>(documents: &'d dyn Documents, reference: &'r str) -> Result<Option<(Node<'d>, &'r str)>, String> {
    let (file, fragment) = reference.split_once('#').map_or((reference, ""), |it| it);
    let tree = match documents.open(file) {
        Opened::Tree(tree) => tree,
        Opened::Other if FileType::of(file) == Some(FileType::Markdown) => {
            return Err(format!("`{file}` is a Markdown document, and no part of an AsyncAPI document stands there"));
        }
        Opened::Other | Opened::Unknown => return Ok(None),
        Opened::Folder => return Err(format!("`{file}` is a folder, and no part of an AsyncAPI document")),
        Opened::Missing => return Err(format!("`{file}` does not exist, seen from this document")),
    };
    let Some(root) = tree.root() else {
        return Err(if fragment.is_empty() {
            format!("`{file}` is empty")
        } else {
            format!("`{file}` is empty, so it has no `{fragment}`")
        });
    };
    if fragment.is_empty() || fragment == "/" {
        return Ok(Some((root, file)));
    }
    if !fragment.starts_with('/') && fragment.contains('/') {
        return Err(format!("`{file}` exists, but it has no `#{fragment}`: a path in a file begins with `#/`"));
    }
    if !fragment.starts_with('/') {
        // A name is that of a schema, which says so in its `$id` or `$anchor`. Those stand in the text as they are.
        let text = tree.text();
        let is_there = text.contains(&format!("#{fragment}"))
            || ["$anchor", "$dynamicAnchor"].iter().any(|it| text.contains(it)) && text.contains(fragment);
        return if is_there {
            Ok(None)
        } else {
            Err(format!("`{file}` exists, but no schema in it is called `#{fragment}`"))
        };
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
        if self.known.identified.contains(&value.id()) {
            return;
        }
        match ReferenceKind::of(text) {
            ReferenceKind::Local => {
                let found = self.known.targets.get(text).copied().unwrap_or_else(|| target(self.root, text));
                if let Target::Node(node) = found {
                    self.local(value, text, node, expected, depth);
                }
            }
            ReferenceKind::File => self.file(value, text, expected, depth),
            ReferenceKind::Remote => {}
        }
    }

    fn local(&mut self, value: Node<'t>, text: &str, node: Node<'t>, expected: ObjectId, depth: usize) {
        let is_open_api = self.specification.object(expected).is_some_and(|it| it.name == OPEN_API);
        match self.natural(node) {
            // A schema with a format of its own is none of OpenAPI, even if it holds one.
            Some(id) if self.is_same(id, expected) && !(is_open_api && node.get("schemaFormat").is_some()) => {}
            Some(id) => {
                let wanted = with_article(self.title(expected, None));
                let message =
                    format!("`{text}` is {}, but {wanted} belongs here", with_article(self.title(id, Some(node))));
                self.sink.push(&WRONG_TARGET, value.span(), message);
            }
            None if let Some(place) = self.no_object(node).filter(|_| !has_base(value)) => {
                let wanted = with_article(self.title(expected, None));
                let message = format!("`{text}` is {place}, but {wanted} belongs here");
                self.sink.push(&WRONG_TARGET, value.span(), message);
            }
            None => {
                if self.seen.insert((node.id(), expected)) {
                    self.object(node, expected, ReferenceUse::Allowed, depth + 1);
                }
            }
        }
    }

    /// What stands at a place of the document that is for no object: the document itself, or what holds objects.
    fn no_object(&mut self, node: Node<'t>) -> Option<&'static str> {
        if self.is_other_file() {
            return None;
        }
        let Some(parent) = node.parent() else { return Some("the whole document") };
        let root = self.root;
        let below = *self.below.entry(parent.id()).or_insert_with(|| Below::at(root, &parent.path()));
        match below.shape(node.last_segment()?)? {
            Shape::Map(..) => Some("a mapping that holds several"),
            Shape::List { .. } => Some("a list"),
            Shape::Text(_) | Shape::Values(_) => Some("a text"),
            _ => None,
        }
    }

    /// The kind of object that belongs where a node of the document is written, if the table tells.
    fn natural(&mut self, node: Node<'t>) -> Option<ObjectId> {
        let parent = node.parent().filter(|_| !self.is_other_file())?;
        let root = self.root;
        // Most of what is referred to stands side by side in a few sections.
        let below = *self.below.entry(parent.id()).or_insert_with(|| Below::at(root, &parent.path()));
        match below.shape(node.last_segment()?)? {
            Shape::Object(id, _) => Some(*id),
            Shape::Payload => self.specification.id("schema"),
            _ => None,
        }
    }

    /// Whether objects of two kinds can stand for each other: all kinds of schemas can.
    fn is_same(&self, one: ObjectId, other: ObjectId) -> bool {
        let is_schema = |id: ObjectId| {
            self.specification
                .object(id)
                .is_some_and(|it| it.is_schema || matches!(it.name, "anySchema" | "anyAvro" | "kafkaKey"))
        };
        one == other || (is_schema(one) && is_schema(other))
    }

    /// Checks what a file has at the end of a reference. What is wrong there is said here once, at the reference.
    fn file(&mut self, value: Node<'t>, text: &str, expected: ObjectId, depth: usize) {
        let Ok(Some((node, file))) = open(self.documents, text) else { return };
        let Some(root) = node.tree().root() else { return };
        let key = (within(&self.folder, text), expected);
        let known = self.files.borrow().faults.get(&key).cloned();
        let fault = match known {
            Some(fault) => fault,
            None => {
                if self.hops >= MAX_HOPS {
                    return;
                }
                if self.files.borrow().faults.len() >= MAX_FILES {
                    return self.leave_out(value);
                }
                // A file that leads back to this place has nothing to add.
                self.files.borrow_mut().faults.insert(key.clone(), None);
                let left_out = self.files.borrow().left_out;
                let documents = Beside { documents: self.documents, file };
                let mut sink = Sink::default();
                walk(node, &mut |value, _| dangling_within(root, value, &documents, &mut sink));
                let folder =
                    key.0.split('#').next().and_then(|it| it.rsplit_once('/')).map_or("", |it| it.0).to_owned();
                let mut inner = Walker {
                    specification: self.specification,
                    root,
                    documents: &documents,
                    sink: &mut sink,
                    seen: FxHashSet::default(),
                    aliases: FxHashSet::default(),
                    folder,
                    hops: self.hops + 1,
                    files: Rc::clone(&self.files),
                    known: Known::default(),
                    below: FxHashMap::default(),
                };
                inner.object(node, expected, ReferenceUse::Allowed, depth + 1);
                let first = sink.found.into_iter().find(|it| it.severity == Severity::Error);
                let fault =
                    first.map(|it| Fault { is_dangling: it.check == DANGLING_REFERENCE.name, message: it.message });
                self.files.borrow_mut().faults.insert(key, fault.clone());
                // What a file further on leaves out stands at the end of this reference.
                if self.hops == 0 && self.files.borrow().left_out > left_out {
                    self.files.borrow_mut().first_left_out.get_or_insert(value.span());
                }
                fault
            }
        };
        if let Some(fault) = fault {
            let check = if fault.is_dangling { &DANGLING_REFERENCE } else { &WRONG_TARGET };
            self.sink.push(check, value.span(), format!("What `{text}` leads to is wrong: {}", fault.message));
        }
    }
}

impl<'t> Walker<'t, '_, '_> {
    /// Notes that what a reference leads to was not looked at.
    fn leave_out(&self, value: Node<'t>) {
        let mut files = self.files.borrow_mut();
        files.left_out += 1;
        if self.hops == 0 {
            files.first_left_out.get_or_insert(value.span());
        }
    }

    /// Says how many references to other files were not followed.
    pub(super) fn tell_left_out(&mut self) {
        let found = { (self.files.borrow().left_out, self.files.borrow().first_left_out) };
        let (count @ 1.., Some(span)) = found else { return };
        let what = if count == 1 { "reference to another file was" } else { "references to other files were" };
        let message = format!(
            "From here on {count} {what} not followed, because the document leads to more than \
            {MAX_FILES} places there: check those files by themselves, or split the document"
        );
        self.sink.push(&UNFOLLOWED_REFERENCE, span, message);
    }
}

/// Whether a schema around a reference has an `$id`, from which the reference may count.
fn has_base(value: Node<'_>) -> bool {
    std::iter::successors(value.parent(), |it| it.parent()).any(|it| it.get("$id").is_some())
}

/// What is wrong at the end of a reference to another file.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    is_dangling: bool,
    message: String,
}

/// What has been found in other files.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By the reference as the checked document would write it, and the kind of object.
    faults: FxHashMap<(String, ObjectId), Option<Fault>>,
    /// How many references were not followed, and the first of the document that led to one of them.
    left_out: usize,
    first_left_out: Option<Span>,
}

/// The same for all who walk through files of one document.
pub(super) type Files = Rc<RefCell<Found>>;

/// A reference of a file in a folder, as a file beside that folder would write it.
fn within(folder: &str, reference: &str) -> String {
    let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    format!("{}#{fragment}", files::within(folder, file))
}

/// A reference of another file, below the part that is used.
fn dangling_within(root: Node<'_>, value: Node<'_>, documents: &dyn Documents, sink: &mut Sink) {
    let text = value.as_str().unwrap_or_default();
    match ReferenceKind::of(text) {
        ReferenceKind::Local if text.starts_with("#/") && target(root, text) == Target::Missing => {
            sink.push(&DANGLING_REFERENCE, value.span(), format!("`{text}` does not exist there"));
        }
        // With an `$id` around it, it means another address than the file beside.
        ReferenceKind::File if !has_base(value) => {
            let file = text.split('#').next().unwrap_or_default();
            let is_declared = || documents.declared(&percent_decode_str(file).decode_utf8_lossy()) != Declared::Nowhere;
            if let Err(why) = open(documents, text)
                && (matches!(documents.open(file), Opened::Tree(_)) || !is_declared())
            {
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

impl Beside<'_> {
    /// A way as the other file would write it.
    fn seen_from_here(&self, declared: Declared) -> Declared {
        let folder = files::within("", files::folder_of(self.file));
        match declared {
            // Back into folders whose names are not known there is no way.
            Declared::In(_) if folder.starts_with("..") => Declared::Several,
            Declared::In(way) if !folder.is_empty() => {
                Declared::In(format!("{}{way}", "../".repeat(folder.split('/').count())))
            }
            other => other,
        }
    }
}

impl Documents for Beside<'_> {
    fn open(&self, reference: &str) -> Opened<'_> {
        if reference.is_empty() {
            return self.documents.open(self.file);
        }
        let folder = self.file.rsplit_once('/').map_or("", |it| it.0);
        let way = if reference.starts_with('/') || folder.is_empty() {
            reference.to_owned()
        } else {
            format!("{folder}/{reference}")
        };
        self.documents.open(&percent_decode_str(&way).decode_utf8_lossy())
    }

    fn declared(&self, address: &str) -> Declared {
        if files::counts_from_nothing(address) {
            return self.seen_from_here(self.documents.declared(address));
        }
        self.seen_from_here(self.documents.declared(&files::within(files::folder_of(self.file), address)))
    }
}
