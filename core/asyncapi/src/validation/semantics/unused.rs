//! Components that nothing uses.

use archwright_schema::{Identified, Identifiers};
use archwright_syntax::{
    Span,
    data::{Kind, Node},
    pointer,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Check, Sink};
use super::addresses::short;
use super::note;
use super::subject::{Subject, entries, items};
use crate::references::Use;
use crate::specification::{VERSIONS, of};

const UNUSED_COMPONENT: Check = note(
    "unused-component",
    "A component is used by no part of the document.",
    &["asyncapi-unused-component", "asyncapi-unused-components-schema", "asyncapi-unused-components-server"],
);
const UNUSED_SECURITY_SCHEME: Check = note(
    "unused-security-scheme",
    "A security scheme is used by no server and no operation.",
    &["asyncapi2-unused-securityScheme"],
);

pub(super) const CHECKS: &[Check] = &[UNUSED_COMPONENT, UNUSED_SECURITY_SCHEME];

/// One entry of a section of the components.
struct Component<'t> {
    section: &'t str,
    name: &'t str,
    key_span: Span,
    node: Node<'t>,
    /// The components that are used in it.
    uses: Vec<usize>,
    /// Whether something outside of the components uses it.
    is_root: bool,
    /// Whether another component uses it.
    is_part: bool,
}

pub(super) fn check<'t>(subject: &Subject<'t>, uses: &[Use<'t>], elsewhere: &[String], sink: &mut Sink) {
    let mut components = Components::new(subject);
    components.elsewhere(elsewhere);
    components.references(subject, uses);
    components.names(subject);
    components.subtypes();
    components.report(sink);
}

struct Components<'t> {
    /// In the order of the text.
    all: Vec<Component<'t>>,
    by_name: FxHashMap<(&'t str, &'t str), usize>,
}

/// Whether components have such a section in any version.
fn is_section(name: &str) -> bool {
    VERSIONS.iter().filter_map(|it| of(*it)?.named("components")).any(|it| it.field(name).is_some())
}

impl<'t> Components<'t> {
    fn new(subject: &Subject<'t>) -> Self {
        let mut all: Vec<Component<'t>> = Vec::new();
        let sections = subject.root.get("components").into_iter().flat_map(Node::entries);
        for section in sections.filter(|it| it.value.kind() == Kind::Mapping && !it.value.is_alias()) {
            all.extend(section.value.entries().filter(|it| !it.merged).map(|it| Component {
                section: section.key,
                name: it.key,
                key_span: it.key_span,
                node: it.value,
                uses: Vec::new(),
                is_root: false,
                is_part: false,
            }));
        }
        all.sort_by_key(|it| it.key_span.start);
        let by_name = all.iter().enumerate().map(|(at, it)| ((it.section, it.name), at)).collect();
        Self { all, by_name }
    }

    /// The component that a place in the document belongs to.
    fn owner(&self, at: Span) -> Option<usize> {
        let index = self.all.partition_point(|it| it.key_span.start <= at.start).checked_sub(1)?;
        self.all.get(index).filter(|it| at.end <= it.node.span().end).map(|_| index)
    }

    /// Notes that a place uses a component, unless it is a part of that.
    fn note(&mut self, from: Span, used: usize) {
        match self.owner(from) {
            Some(owner) if owner == used => {}
            Some(owner) => {
                if let Some(it) = self.all.get_mut(owner) {
                    it.uses.push(used);
                }
                if let Some(it) = self.all.get_mut(used) {
                    it.is_part = true;
                }
            }
            None => {
                if let Some(it) = self.all.get_mut(used) {
                    it.is_root = true;
                }
            }
        }
    }

    /// The component that a local reference leads to or into.
    fn named(&self, reference: &str) -> Option<usize> {
        let pointer = reference.strip_prefix("#/components/")?;
        let mut tokens = pointer.split('/');
        let (section, name) = (tokens.next()?, tokens.next()?);
        if !pointer.contains(['%', '~']) {
            return self.by_name.get(&(section, name)).copied();
        }
        let plain = |it| Some(pointer::unescape(&pointer::of_fragment(it)?).into_owned());
        self.by_name.get(&(plain(section)?.as_str(), plain(name)?.as_str())).copied()
    }

    /// Uses in other files.
    fn elsewhere(&mut self, fragments: &[String]) {
        for used in fragments.iter().filter_map(|it| self.named(&format!("#{it}"))).collect::<Vec<_>>() {
            if let Some(it) = self.all.get_mut(used) {
                it.is_root = true;
            }
        }
    }

    /// Uses by `$ref` and by alias.
    fn references(&mut self, subject: &Subject<'t>, uses: &[Use<'t>]) {
        let used = |it: &Use<'t>| Some((it.value.span(), self.named(it.value.as_str()?)?));
        let mut found: Vec<_> = uses.iter().filter(|it| !it.in_data).filter_map(used).collect();
        let identifiers = Identifiers::of(subject.root);
        if !identifiers.is_empty() {
            for it in uses.iter().filter(|it| !it.in_data) {
                if let Identified::Here(node) = identifiers.resolve(it.value, it.value.as_str().unwrap_or_default()) {
                    found.extend(self.owner(node.span()).map(|owner| (it.value.span(), owner)));
                }
            }
        }
        let mut stack = if subject.root.tree().has_anchors() { vec![subject.root] } else { Vec::new() };
        while let Some(node) = stack.pop() {
            match node.alias_of() {
                Some(of) => found.extend(self.owner(of.span()).map(|it| (node.span(), it))),
                None => {
                    stack.extend(node.items());
                    stack.extend(node.written_entries().map(|it| it.value));
                }
            }
        }
        for (from, used) in found {
            self.note(from, used);
        }
    }

    /// Security schemes are used by their names in 2.x, on operations of versions too that have them on servers only.
    fn names(&mut self, subject: &Subject<'t>) {
        for object in subject.objects().filter(|it| matches!(it.kind, "server" | "operation" | "operationTrait")) {
            for entry in object.node.get("security").into_iter().flat_map(items).flat_map(entries) {
                if let Some(used) = self.by_name.get(&("securitySchemes", entry.key)).copied() {
                    self.note(entry.key_span, used);
                }
            }
        }
    }

    /// A schema that extends another one with a discriminator is one that this may turn out to be.
    fn subtypes(&mut self) {
        let mut found = Vec::new();
        for (at, component) in self.all.iter().enumerate().filter(|it| it.1.section == "schemas") {
            for base in component.node.get("allOf").into_iter().flat_map(Node::items) {
                let base = base.get("$ref").and_then(Node::as_str).and_then(|it| self.named(it));
                let is_open =
                    base.and_then(|it| self.all.get(it)).is_some_and(|it| it.node.get("discriminator").is_some());
                found.extend(base.filter(|_| is_open).map(|it| (it, at)));
            }
        }
        for (base, subtype) in found {
            if let Some(it) = self.all.get_mut(base) {
                it.uses.push(subtype);
            }
            if let Some(it) = self.all.get_mut(subtype) {
                it.is_part = true;
            }
        }
    }

    /// Marks what is used from some components on.
    fn mark(&self, used: &mut [bool], from: impl IntoIterator<Item = usize>) {
        let mut stack: Vec<usize> = from.into_iter().collect();
        while let Some(at) = stack.pop() {
            let Some(mark) = used.get_mut(at).filter(|it| !**it) else { continue };
            *mark = true;
            stack.extend(self.all.get(at).into_iter().flat_map(|it| it.uses.iter().copied()));
        }
    }

    /// Says what nothing uses. What only an unused component uses is not told too: it goes with that.
    fn report(&self, sink: &mut Sink) {
        let mut used = vec![false; self.all.len()];
        let which = |test: &dyn Fn(&Component<'_>) -> bool| -> Vec<usize> {
            self.all.iter().enumerate().filter(|it| test(it.1)).map(|it| it.0).collect()
        };
        self.mark(&mut used, which(&|it| it.is_root));
        let alone: Vec<usize> = which(&|it| !it.is_part && !it.is_root);
        let mut reported: Vec<usize> = alone.iter().copied().filter(|it| used.get(*it) == Some(&false)).collect();
        self.mark(&mut used, alone);
        // What is left uses one another and nothing else uses it.
        reported.extend(used.iter().enumerate().filter(|it| !it.1).map(|it| it.0));
        let referred: FxHashSet<&str> =
            self.all.iter().filter(|it| it.is_root || it.is_part).map(|it| it.section).collect();
        for component in reported.iter().filter_map(|it| self.all.get(*it)) {
            // An extension is a section of components if it is called like one, or if something refers to another entry
            // of it.
            let extension = component.section.strip_prefix("x-");
            if extension.is_some_and(|it| !is_section(it)) && !referred.contains(component.section) {
                continue;
            }
            if component.section == "securitySchemes" {
                let message =
                    format!("No server and no operation asks for the security scheme `{}`", short(component.name));
                sink.push(&UNUSED_SECURITY_SCHEME, component.key_span, message);
            } else {
                let message = format!(
                    "Nothing in this document uses `{}` of the {}",
                    short(component.name),
                    short(component.section)
                );
                sink.push(&UNUSED_COMPONENT, component.key_span, message);
            }
        }
    }
}
