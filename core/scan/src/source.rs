//! One parsed file: what its names are bound to, and what its values come down to.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use archwright_syntax::Span;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use tree_sitter::{Node, ParseOptions, Parser, QueryCursor, QueryCursorOptions, StreamingIterator, Tree};

use crate::facts::{Argument, Facts, Place, Step};
use crate::literal::decode;
use archwright_syntax::Spanned;

/// How long one file may take. Code that people write needs a thousandth of it, so that the result depends on the text
/// alone; broken code can cost the parser the square of its length.
const MAX_TIME: Duration = Duration::from_secs(2);

/// How deep in the tree queries look; each step costs the depth it is at.
const MAX_DEPTH: u32 = 1_000;

/// How many names are followed to reach a value: a constant may be another constant.
pub(crate) const MAX_HOPS: usize = 4;

/// When to give a file up.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    pub(crate) fn start() -> Self {
        Self(Instant::now() + MAX_TIME)
    }

    fn progress(self) -> ControlFlow<()> {
        if Instant::now() < self.0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// Parses a file; `None` when the deadline passes.
pub(crate) fn parse(text: &str, facts: &Facts, deadline: Deadline) -> Option<Tree> {
    parse_with(text, &facts.grammar, deadline)
}

/// Parses a text with a grammar; `None` when the deadline passes.
pub(crate) fn parse_with(text: &str, grammar: &tree_sitter::Language, deadline: Deadline) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(grammar).ok()?;
    let mut progress = |_: &_| deadline.progress();
    let mut read = |at: usize, _| text.as_bytes().get(at..).unwrap_or_default();
    parser.parse_with_options(&mut read, None, Some(ParseOptions::new().progress_callback(&mut progress)))
}

/// A call in the file.
#[derive(Clone, Copy)]
pub(crate) struct Call<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) method: Node<'t>,
    pub(crate) receiver: Option<Node<'t>>,
    pub(crate) arguments: Node<'t>,
}

/// A name where it is bound.
#[derive(Clone, Copy)]
pub(crate) struct Binding<'t> {
    /// What it is bound to, if that never changes.
    pub(crate) value: Option<Node<'t>>,
    /// The type it is declared with.
    ty: Option<Node<'t>>,
}

/// Where names are visible.
struct Scope {
    start: usize,
    end: usize,
    /// The scope around it, by its place among all.
    parent: Option<usize>,
}

/// A file's text and what the queries found in it.
pub(crate) struct Source<'t> {
    text: &'t str,
    facts: &'t Facts,
    pub(crate) imports: Vec<Node<'t>>,
    pub(crate) calls: Vec<Call<'t>>,
    pub(crate) comments: Vec<Node<'t>>,
    /// In the order of their start; the first is the file.
    scopes: Vec<Scope>,
    /// What a name is bound to in a scope; `None` when it is bound more than once.
    bindings: FxHashMap<(usize, &'t str), Option<Binding<'t>>>,
}

impl<'t> Source<'t> {
    /// Queries the tree, until the deadline.
    pub(crate) fn new(text: &'t str, facts: &'t Facts, tree: &'t Tree, deadline: Deadline) -> Self {
        let mut source = Self {
            text,
            facts,
            imports: Vec::new(),
            calls: Vec::new(),
            comments: Vec::new(),
            scopes: vec![Scope { start: 0, end: text.len(), parent: None }],
            bindings: FxHashMap::default(),
        };
        let mut names: FxHashMap<usize, (Node<'t>, Binding<'t>)> = FxHashMap::default();
        let mut cursor = QueryCursor::new();
        cursor.set_max_start_depth(Some(MAX_DEPTH));
        let mut progress = |_: &_| deadline.progress();
        let options = QueryCursorOptions::new().progress_callback(&mut progress);
        let mut matches = cursor.matches_with_options(&facts.query, tree.root_node(), text.as_bytes(), options);
        while let Some(found) = matches.next() {
            let get = |index: Option<u32>| found.captures().iter().find(|it| Some(it.index) == index).map(|it| it.node);
            let captures = &facts.captures;
            source.imports.extend(get(captures.import));
            source.comments.extend(get(captures.comment));
            if let Some(scope) = get(captures.scope) {
                source.scopes.push(Scope { start: scope.start_byte(), end: scope.end_byte(), parent: None });
            }
            if let (Some(node), Some(method), Some(arguments)) =
                (get(captures.call), get(captures.method), get(captures.arguments))
            {
                source.calls.push(Call { node, method, receiver: get(captures.receiver), arguments });
            }
            if let Some(name) = get(captures.name) {
                let binding = &mut names.entry(name.id()).or_insert((name, Binding { value: None, ty: None })).1;
                binding.value = binding.value.or(get(captures.value));
                binding.ty = binding.ty.or(get(captures.ty));
            }
        }
        source.nest_scopes();
        for (name, binding) in names.into_values() {
            let key = (source.scope_at(name.start_byte()), source.text_of(name));
            source.bindings.entry(key).and_modify(|it| *it = None).or_insert(Some(binding));
        }
        source
    }

    fn nest_scopes(&mut self) {
        self.scopes.sort_by_key(|it| (it.start, std::cmp::Reverse(it.end)));
        let mut open: Vec<(usize, usize)> = Vec::new();
        for (index, scope) in self.scopes.iter_mut().enumerate() {
            while open.last().is_some_and(|it| it.1 <= scope.start) {
                open.pop();
            }
            scope.parent = open.last().map(|it| it.0);
            open.push((index, scope.end));
        }
    }

    /// The innermost scope around an offset.
    fn scope_at(&self, offset: usize) -> usize {
        let after = self.scopes.partition_point(|it| it.start <= offset);
        self.around(after.saturating_sub(1))
            .find(|it| self.scopes.get(*it).is_some_and(|it| offset < it.end))
            .unwrap_or(0)
    }

    /// A scope and those around it, from the inside.
    fn around(&self, scope: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(scope), |it| self.scopes.get(*it)?.parent)
    }

    /// What a name means where it is used.
    pub(crate) fn binding(&self, name: Node<'t>) -> Option<Binding<'t>> {
        let text = self.text_of(name);
        self.around(self.scope_at(name.start_byte())).find_map(|it| self.bindings.get(&(it, text)).copied()).flatten()
    }

    pub(crate) fn text_of(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// A node without what can be taken off around it.
    pub(crate) fn unwrapped(&self, node: Node<'t>) -> Node<'t> {
        let mut node = node;
        while let Some(inner) = is(node, &self.facts.syntax.wrappers).then(|| node.named_child(0)).flatten() {
            node = inner;
        }
        node
    }

    /// What a value comes down to: constants and their members are followed to where they are bound.
    pub(crate) fn resolved(&self, node: Node<'t>, hops: usize) -> Option<Node<'t>> {
        let syntax = &self.facts.syntax;
        let node = self.unwrapped(node);
        if hops == 0 {
            return None;
        }
        if is(node, &syntax.names) || is(node, &syntax.shorthand_entries) {
            return self.resolved(self.binding(node)?.value?, hops - 1);
        }
        if is(node, &syntax.members) {
            let object = self.resolved(node.named_child(0)?, hops - 1)?;
            return self.resolved(self.entry(object, self.text_of(last_child(node)?))?, hops - 1);
        }
        Some(node)
    }

    /// The value of a key in an object; `None` when the key stands there twice.
    fn entry(&self, object: Node<'t>, key: &str) -> Option<Node<'t>> {
        let syntax = &self.facts.syntax;
        if !is(object, &syntax.objects) {
            return None;
        }
        let mut found = children(object).into_iter().filter_map(|child| {
            let child = self.unwrapped(child);
            if is(child, &syntax.shorthand_entries) {
                return (self.text_of(child) == key).then_some(child);
            }
            let name = child.named_child(0).filter(|_| is(child, &syntax.entries))?;
            let matches = self.text_of(name) == key || self.string(name).is_some_and(|it| it.text == key);
            matches.then(|| last_child(child)).flatten()
        });
        found.next().filter(|_| found.next().is_none())
    }

    /// The strings that stand at a place of a call's arguments.
    pub(crate) fn strings_at(&self, arguments: Node<'t>, place: &Place) -> Vec<Spanned> {
        let syntax = &self.facts.syntax;
        let (keywords, positional): (Vec<_>, Vec<_>) =
            children(arguments).into_iter().partition(|it| is(*it, &syntax.keyword_arguments));
        let mut values = match &place.argument {
            Argument::At(index) => positional.get(*index).copied().into_iter().collect(),
            Argument::All => positional,
            Argument::Keyword(name) => {
                let named = keywords.iter().find(|it| it.named_child(0).is_some_and(|it| self.text_of(it) == name));
                named.and_then(|it| last_child(*it)).into_iter().collect()
            }
            // Only discovery, which sees all files, knows types and what made a receiver.
            _ => Vec::new(),
        };
        for step in &place.steps {
            let resolved = values.into_iter().filter_map(|it| self.resolved(it, MAX_HOPS));
            values = match step {
                Step::Key(key) => resolved.filter_map(|it| self.entry(it, key)).collect(),
                Step::Argument(_) => Vec::new(),
                Step::Each | Step::Half => resolved.filter(|it| is(*it, &syntax.lists)).flat_map(children).collect(),
            };
        }
        values
            .into_iter()
            .filter_map(|it| self.string(self.resolved(it, MAX_HOPS)?))
            .filter(|it| !it.text.is_empty())
            .collect()
    }

    /// A string that is wholly written out, without its quotes.
    pub(crate) fn string(&self, node: Node<'t>) -> Option<Spanned> {
        let syntax = &self.facts.syntax;
        if !is(node, &syntax.strings) {
            return None;
        }
        let parts = children(node);
        if parts.iter().any(|it| is(*it, &syntax.interpolations)) {
            return None;
        }
        let is_content = |it: &&Node<'_>| is(**it, &syntax.string_contents) || is(**it, &syntax.escapes);
        let first = parts.iter().find(is_content)?;
        let last = parts.iter().rfind(is_content)?;
        let span = Span::new(first.start_byte(), last.end_byte());
        let has_escapes =
            parts.iter().any(|it| is(*it, &syntax.escapes) || children(*it).iter().any(|it| is(*it, &syntax.escapes)));
        let raw = span.of(self.text);
        let text: SmolStr = if has_escapes { decode(raw).into() } else { raw.into() };
        Some(Spanned { text, span })
    }

    /// The name of an imported module.
    pub(crate) fn module(&self, import: Node<'t>) -> SmolStr {
        self.string(import).map_or_else(|| self.text_of(import).into(), |it| it.text)
    }

    /// What is known about the receiver of a call: the words of its name, and what it was made as.
    pub(crate) fn receiver(&self, node: Node<'t>) -> Receiver<'t> {
        let syntax = &self.facts.syntax;
        let node = self.unwrapped(node);
        if is(node, &syntax.calls) {
            return Receiver { name: "", ty: None, maker: self.callee(node) };
        }
        let binding = is(node, &syntax.names).then(|| self.binding(node)).flatten();
        let name = if is(node, &syntax.members) { last_child(node) } else { Some(node) };
        Receiver {
            name: name.map_or("", |it| self.text_of(it)),
            ty: binding
                .and_then(|it| it.ty)
                .map(|it| self.text_of(it))
                .filter(|it| !syntax.untyped.iter().any(|any| any == it)),
            maker: binding.and_then(|it| self.callee(self.unwrapped(it.value?))),
        }
    }

    /// The last name of what a call calls: `producer` in `kafka.producer()`.
    pub(crate) fn callee(&self, call: Node<'t>) -> Option<&'t str> {
        let syntax = &self.facts.syntax;
        let function = self.unwrapped(call.named_child(0).filter(|_| is(call, &syntax.calls))?);
        let name = if is(function, &syntax.members) { last_child(function)? } else { function };
        Some(self.text_of(name))
    }
}

/// What is known about the receiver of a call.
pub(crate) struct Receiver<'t> {
    /// Its last name: `producer` in `this.producer`; empty for an expression.
    pub(crate) name: &'t str,
    /// The type it is declared with, if that says anything.
    pub(crate) ty: Option<&'t str>,
    /// The constructor or factory it comes from.
    pub(crate) maker: Option<&'t str>,
}

pub(crate) fn is(node: Node<'_>, kinds: &[String]) -> bool {
    kinds.iter().any(|it| it == node.kind())
}

pub(crate) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    /// More elements than people write in one list.
    const MAX_CHILDREN: usize = 10_000;
    node.named_children(&mut node.walk()).filter(|it| !it.is_extra()).take(MAX_CHILDREN).collect()
}

pub(crate) fn last_child(node: Node<'_>) -> Option<Node<'_>> {
    children(node).pop()
}
