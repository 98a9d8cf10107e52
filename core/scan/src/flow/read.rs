//! Reads one file: its functions, what each calls, what it writes out and reads by name.

use archwright_syntax::{Span, Spanned};
use smol_str::SmolStr;
use tree_sitter::{Node, Tree};

use super::{
    Act, Attempts, Effect, Flow, Function, KeyUse, Literal, Read, Setting, Step, folded, has_word, retry,
    statement::{self, Statement, Verb},
};
use crate::{
    Action,
    facts::{Absent, Facts, FlowSyntax, FlowWords, Library, On, Operation, SettingRule},
    imported, is_client,
    source::{Call, MAX_HOPS, Source, children, is, last_child},
};

/// So many arguments of a call are looked at.
const MAX_ARGUMENTS: usize = 12;

/// So many loops of a file are looked at.
const MAX_LOOPS: usize = 300;

/// A file that is being read.
pub(super) struct Reader<'t> {
    text: &'t str,
    syntax: &'t FlowSyntax,
    facts: &'t Facts,
    words: &'static FlowWords,
    source: &'t Source<'t>,
    nodes: Vec<Node<'t>>,
    /// Where functions start and end, and that around each.
    spans: Vec<(usize, usize, Option<usize>)>,
    libraries: Vec<&'t Library>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(
        text: &'t str,
        facts: &'t Facts,
        words: &'static FlowWords,
        source: &'t Source<'t>,
        tree: &'t Tree,
    ) -> Self {
        let mut nodes = Vec::new();
        each(tree.root_node(), |it| {
            if it.is_named() {
                nodes.push(it);
            }
        });
        let libraries = imported(facts, source);
        Self {
            text,
            syntax: &facts.syntax.flow,
            facts,
            words,
            source,
            nodes,
            spans: vec![(0, text.len(), None)],
            libraries,
        }
    }

    pub(super) fn read(mut self) -> Flow {
        let mut flow = Flow::default();
        flow.functions.push(Function { span: Span::new(0, self.text.len()), ..Function::default() });
        let named = self.nodes.iter().filter(|it| is(**it, &self.syntax.functions));
        let named: Vec<(Node<'t>, SmolStr)> = named.filter_map(|it| Some((*it, self.name_of(*it)?))).collect();
        let mut open: Vec<(usize, usize)> = vec![(0, self.text.len())];
        for (at, (node, name)) in (1..).zip(&named) {
            while open.last().is_some_and(|it| it.1 <= node.start_byte()) {
                open.pop();
            }
            self.spans.push((node.start_byte(), node.end_byte(), open.last().map(|it| it.0)));
            open.push((at, node.end_byte()));
            let parameters = self.parameters_of(*node);
            flow.functions.push(Function { name: name.clone(), span: span(*node), parameters, ..Function::default() });
        }
        flow.index();
        let mut calls: Vec<Call<'t>> = self.source.calls.clone();
        calls.sort_by_key(|it| (it.node.start_byte(), std::cmp::Reverse(it.node.end_byte())));
        calls.dedup_by_key(|it| it.node.id());
        for call in &calls {
            let step = self.step(*call);
            let function = self.function_at(call.node.start_byte());
            self.add_keys_of(*call, &step, function, &mut flow.keys);
            if let Some(found) = flow.functions.get_mut(function) {
                found.steps.push(step);
            }
        }
        self.add_parameter_keys(&calls, &mut flow);
        self.add_settings(&mut flow);
        for node in &self.nodes {
            self.add(*node, &mut flow);
        }
        flow.acknowledges = self.libraries.first().map(|it| it.acknowledges);
        flow
    }

    /// The function around an offset, by its place.
    fn function_at(&self, offset: usize) -> usize {
        let after = self.spans.partition_point(|it| it.0 <= offset);
        let around = std::iter::successors(Some(after.saturating_sub(1)), |it| self.spans.get(*it)?.2);
        around.into_iter().find(|it| self.spans.get(*it).is_some_and(|it| offset < it.1)).unwrap_or(0)
    }

    /// The name of a function: its own or that of what it is bound to. One that is only handed on has none.
    fn name_of(&self, node: Node<'t>) -> Option<SmolStr> {
        if let Some(name) = node.child_by_field_name("name") {
            return Some(self.source.text_of(name).into());
        }
        let parent = node.parent().filter(|it| is(*it, &self.syntax.assignments))?;
        let name = ["name", "left", "property"].into_iter().find_map(|it| parent.child_by_field_name(it))?;
        Some(self.last_name(name, 0))
    }

    fn parameters_of(&self, node: Node<'t>) -> Vec<SmolStr> {
        let list = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let name = |it: Node<'t>| {
            let mut found = None;
            each(it, |inner| {
                if found.is_none() && is(inner, &self.facts.syntax.names) {
                    found = Some(inner);
                }
            });
            found.map_or_else(SmolStr::default, |it| self.source.text_of(it).into())
        };
        list.into_iter().map(name).collect()
    }

    fn step(&self, call: Call<'t>) -> Step {
        let name: SmolStr = self.source.text_of(call.method).into();
        let whole = call.receiver.map_or(name.as_str(), |it| self.receiver_text(it));
        let is_quiet = self.words.quiet.contains(&name.to_lowercase())
            || has_word(&name, &self.words.telling)
            || has_word(whole.split('(').next().unwrap_or(whole), &self.words.telling);
        let (is_awaited, is_detached) = self.how_it_is_used(call.node);
        let (_, positional) = self.arguments(call);
        let arguments = positional.iter().take(MAX_ARGUMENTS).map(|it| self.last_name(*it, 1)).collect();
        Step { act: self.act(call, &name), span: span(call.node), is_awaited, is_detached, is_quiet, arguments, name }
    }

    /// What a call is made on, without what stands in brackets.
    fn receiver_text(&self, node: Node<'t>) -> &'t str {
        let text = self.source.text_of(node);
        if text.len() > 200 { "" } else { text }
    }

    fn act(&self, call: Call<'t>, name: &str) -> Act {
        for library in &self.libraries {
            if library.acks.iter().any(|it| {
                it.methods.iter().any(|it| it == name)
                    && (it.on == On::Any || is_client(self.source, library, call, &it.receivers))
            }) {
                return Act::Ack;
            }
            for operation in library.operations.iter().filter(|it| it.action == Action::Send) {
                if let Some(channel) = self.sends(library, operation, call, name) {
                    return Act::Send(channel);
                }
            }
        }
        if let Some(it) = self.data(call, name) {
            return Act::Data(it);
        }
        match () {
            () if super::is_outbox(name) => Act::Outbox,
            () if has_word(name, &self.words.waits) => Act::Wait,
            () => Act::Call,
        }
    }

    /// The channel that a call sends to, if it is a call that sends.
    #[expect(clippy::option_option, reason = "a call that sends nowhere that is known is still one that sends")]
    fn sends(&self, library: &Library, operation: &Operation, call: Call<'t>, name: &str) -> Option<Option<SmolStr>> {
        if !operation.methods.iter().any(|it| it == name) {
            return None;
        }
        let client = is_client(self.source, library, call, &[]);
        if operation.on != On::Any && !client {
            return None;
        }
        let mut found = operation.channel.iter().map(|it| self.source.strings_at(call.arguments, it));
        let channel = found.find_map(|it| it.into_iter().next()).map(|it| it.text);
        (channel.is_some() || client).then_some(channel)
    }

    /// What a call does with data.
    fn data(&self, call: Call<'t>, name: &str) -> Option<Statement> {
        let (_, positional) = self.arguments(call);
        if let Some(first) = positional.first() {
            let node = self.source.resolved(*first, MAX_HOPS).unwrap_or(*first);
            if is(node, &self.facts.syntax.strings)
                && let Some(found) = statement::of_sql(self.source.text_of(node))
            {
                return Some(found);
            }
        }
        let receiver = self.receiver_text(call.receiver?);
        let lower = name.to_lowercase();
        if !self.words.writes.contains(&lower) || has_word(last_part(receiver), &self.words.volatile) {
            return None;
        }
        // What is handed over says more than a session does.
        let made = positional.first().map(|it| {
            let value = self.source.unwrapped(*it);
            self.source.callee(value).map_or_else(|| self.last_name(value, 0), SmolStr::new)
        });
        let made = made.unwrap_or_default();
        let table = format!("{receiver} {made}");
        let insert = ["save", "insert", "create", "add", "persist", "bulk", "upsert", "put"];
        let verb = if insert.iter().any(|it| lower.starts_with(it)) { Verb::Insert } else { Verb::Change };
        Some(Statement { verb, table: table.trim().into(), columns: Vec::new(), is_certain: false, is_once: false })
    }

    /// The arguments of a call: by keyword and by position.
    fn arguments(&self, call: Call<'t>) -> (Vec<Node<'t>>, Vec<Node<'t>>) {
        children(call.arguments).into_iter().partition(|it| is(*it, &self.facts.syntax.keyword_arguments))
    }

    /// Whether a call is waited for, and whether nobody takes what it gives.
    fn how_it_is_used(&self, call: Node<'t>) -> (bool, bool) {
        let mut node = call;
        while let Some(parent) = node.parent() {
            if is(parent, &self.syntax.awaits) {
                return (true, false);
            }
            if is(parent, &self.syntax.statements) {
                return (false, true);
            }
            let text = self.source.text_of(parent);
            if self.syntax.detached.iter().any(|it| text.starts_with(it.as_str())) && parent.child_count() == 2 {
                return (false, true);
            }
            let is_chained = is(parent, &self.facts.syntax.members);
            let is_call = is(parent, &self.facts.syntax.calls);
            if is_call && parent.child(0).is_some_and(|it| it.id() == node.id()) || is_chained {
                node = parent;
                continue;
            }
            // An argument: what takes it may let it run.
            if let Some(outer) = parent.parent().filter(|it| is(*it, &self.facts.syntax.calls)) {
                let name = self.source.callee(outer).unwrap_or_default().to_lowercase();
                return (false, self.words.background.contains(&name));
            }
            return (false, false);
        }
        (false, false)
    }

    /// The last name of an expression: `total` of `order["total"]`, `order.total`, `str(order.total)`.
    pub(super) fn last_name(&self, node: Node<'t>, hops: usize) -> SmolStr {
        let syntax = &self.facts.syntax;
        let mut node = self.source.unwrapped(node);
        for _ in 0..8 {
            let text = self.source.text_of(node);
            if self.syntax.nothing.iter().any(|it| it == text) {
                return SmolStr::default();
            }
            if is(node, &syntax.members) {
                return last_child(node).map_or_else(SmolStr::default, |it| self.source.text_of(it).into());
            }
            if is(node, &self.syntax.subscripts) {
                return match last_child(node).and_then(|it| self.source.string(it)) {
                    Some(it) => it.text,
                    None => SmolStr::default(),
                };
            }
            if let Some(it) = self.source.string(node) {
                return it.text;
            }
            if is(node, &syntax.calls) {
                let Some(function) = node.child(0) else { return SmolStr::default() };
                let arguments = last_child(node).map(children).unwrap_or_default();
                match arguments.as_slice() {
                    // `x.encode()` and `str(x)` are x in another form.
                    [] | [_]
                        if is(function, &syntax.members)
                            && arguments.first().is_none_or(|it| is(*it, &syntax.strings)) =>
                    {
                        let Some(inner) = function.named_child(0) else { return SmolStr::default() };
                        node = self.source.unwrapped(inner);
                    }
                    [only] => node = self.source.unwrapped(*only),
                    _ => return self.source.callee(node).unwrap_or_default().into(),
                }
                continue;
            }
            if is(node, &syntax.names) || is(node, &syntax.shorthand_entries) {
                let bound = self.source.binding(node).and_then(|it| it.value).filter(|_| hops > 0);
                let name = bound.map(|it| self.last_name(it, hops - 1)).filter(|it| !it.is_empty());
                return name.unwrap_or_else(|| text.into());
            }
            return SmolStr::default();
        }
        SmolStr::default()
    }

    /// Where a call gives the key of a message.
    fn add_keys_of(&self, call: Call<'t>, step: &Step, function: usize, keys: &mut Vec<KeyUse>) {
        let (keywords, positional) = self.arguments(call);
        match &step.act {
            Act::Send(_) => {
                let Some(library) = self.libraries.iter().find(|it| it.key_at.is_some() || it.values.is_empty()) else {
                    return;
                };
                if library.keys.is_empty() && library.key_at.is_none() || !library.values.is_empty() {
                    return;
                }
                let named = keywords.iter().find(|it| {
                    it.named_child(0).is_some_and(|it| library.keys.iter().any(|key| key == self.source.text_of(it)))
                });
                let value = named.and_then(|it| last_child(*it)).or_else(|| positional.get(library.key_at?).copied());
                let is_open = children(call.arguments).iter().any(|it| it.kind().contains("splat"));
                if value.is_none() && is_open {
                    return;
                }
                let place = value.map_or_else(|| span(call.node), span);
                keys.push(KeyUse { function, by: "key".into(), value: self.key_value(value), span: place });
            }
            Act::Data(statement) if statement.verb == Verb::Insert && super::is_outbox(&statement.table) => {
                let at = statement.columns.iter().position(|it| self.words.key_columns.contains(&it.to_lowercase()));
                let Some(at) = at else { return };
                let rest: Vec<Node<'t>> = positional.iter().skip(1).copied().collect();
                let values = match rest.as_slice() {
                    [only] if is(*only, &self.facts.syntax.lists) => children(*only),
                    _ => rest,
                };
                let value = values.get(at).copied();
                let Some(place) = value.map(span) else { return };
                keys.push(KeyUse { function, by: "column".into(), value: self.key_value(value), span: place });
            }
            _ => {}
        }
    }

    fn key_value(&self, value: Option<Node<'t>>) -> SmolStr {
        value.map_or_else(SmolStr::default, |it| {
            let name = self.last_name(it, 1);
            let is_nothing = self.syntax.nothing.iter().any(|no| no == self.source.text_of(it));
            match () {
                () if is_nothing => SmolStr::default(),
                // Something is there, whatever it is.
                () if name.is_empty() => "?".into(),
                () => folded(&name),
            }
        })
    }

    /// Arguments that functions of this file take as keys.
    fn add_parameter_keys(&self, calls: &[Call<'t>], flow: &mut Flow) {
        for call in calls {
            let Some(called) = flow.function(self.source.text_of(call.method)) else { continue };
            let parameters = flow.functions.get(called).map(|it| it.parameters.clone()).unwrap_or_default();
            let is_key = |it: &SmolStr| self.words.key_parameters.contains(&it.to_lowercase());
            let Some(at) = parameters.iter().position(is_key) else { continue };
            let (_, positional) = self.arguments(*call);
            let Some(value) = positional.get(at) else { continue };
            let function = self.function_at(call.node.start_byte());
            flow.keys.push(KeyUse {
                function,
                by: "argument".into(),
                value: self.key_value(Some(*value)),
                span: span(*value),
            });
        }
    }

    fn add_settings(&self, flow: &mut Flow) {
        let rules: Vec<&SettingRule> =
            self.libraries.iter().flat_map(|it| &it.settings).chain(&self.words.settings).collect();
        for node in &self.nodes {
            let syntax = &self.facts.syntax;
            let is_pair = is(*node, &syntax.entries) && node.parent().is_some_and(|it| is(it, &self.syntax.literals));
            if !is_pair && !is(*node, &syntax.keyword_arguments) {
                continue;
            }
            let (Some(name), Some(value)) = (node.named_child(0), last_child(*node)) else { continue };
            let name = self.source.string(name).map_or_else(|| self.source.text_of(name).into(), |it| it.text);
            let Some(rule) = rules.iter().find(|it| it.name == name) else { continue };
            let around = node.parent().and_then(|it| it.parent()).filter(|it| is(*it, &syntax.calls));
            let callee = around.and_then(|it| self.source.callee(it)).unwrap_or_default();
            if !rule.of.is_empty() && !rule.of.iter().any(|it| it == callee) {
                continue;
            }
            let resolved = self.source.resolved(value, MAX_HOPS).unwrap_or(value);
            let text = self.source.text_of(resolved).trim_matches(['"', '\'']);
            let has = |list: &[String]| list.iter().any(|it| it == text);
            let effect = match () {
                () if has(&rule.bad) || self.syntax.nothing.iter().any(|it| it == text) => Effect::Bad,
                () if has(&rule.good) || rule.good.is_empty() && (rule.bad.is_empty() || is_plain(text)) => {
                    Effect::Good
                }
                () => Effect::Unknown,
            };
            let is_made_up_for = rule.unless.as_ref().is_some_and(|it| self.text.contains(it.as_str()));
            flow.settings.push(Setting {
                name,
                means: rule.means,
                effect: if is_made_up_for { Effect::Unknown } else { effect },
                value: Spanned { text: text.into(), span: span(value) },
                needed: rule.absent == Absent::Bad && !is_made_up_for,
                of: rule.of.iter().map(SmolStr::new).collect(),
            });
        }
    }

    /// What other nodes say.
    fn add(&self, node: Node<'t>, flow: &mut Flow) {
        let function = self.function_at(node.start_byte());
        let syntax = &self.facts.syntax;
        match () {
            () if is(node, &self.syntax.literals) => self.add_literal(node, function, flow),
            () if is(node, &self.syntax.loops) && flow.loops() < MAX_LOOPS => {
                let found = retry::retry_loop(self.source, self.syntax, self.words, node);
                if let (Some(found), Some(function)) = (found, flow.functions.get_mut(function)) {
                    function.loops.push(found);
                }
            }
            () if is(node, &self.syntax.catches) => {
                let mut has_raise = false;
                each(node, |it| has_raise |= is(it, &self.syntax.raises));
                if let Some(function) = flow.functions.get_mut(function) {
                    function.catches += 1;
                    function.swallows += usize::from(!has_raise);
                }
            }
            () if is(node, &syntax.names) => {
                let text = self.source.text_of(node);
                let (random, growing) = (has_word(text, &self.words.random), has_word(text, &self.words.growing));
                if let Some(function) = flow.functions.get_mut(function) {
                    function.is_random |= random;
                    function.is_growing |= growing;
                }
            }
            () if is(node, &self.syntax.operations) => {
                let operator = node.child_by_field_name("operator").map_or("", |it| self.source.text_of(it));
                if self.words.growing_operators.iter().any(|it| it == operator)
                    && let Some(function) = flow.functions.get_mut(function)
                {
                    function.is_growing = true;
                }
            }
            () if is(node, &self.syntax.assignments) => self.add_attempts(node, flow),
            () => {}
        }
        if is(node, &syntax.members) {
            let property = last_child(node).map_or("", |it| self.source.text_of(it));
            let (random, growing) = (has_word(property, &self.words.random), has_word(property, &self.words.growing));
            if let Some(function) = flow.functions.get_mut(function) {
                function.is_random |= random;
                function.is_growing |= growing;
            }
        }
        self.add_read(node, function, flow);
    }

    fn add_literal(&self, node: Node<'t>, function: usize, flow: &mut Flow) {
        let syntax = &self.facts.syntax;
        let mut literal = Literal { span: span(node), function, entries: Vec::new(), is_open: false };
        let mut values: Vec<(SmolStr, Node<'t>)> = Vec::new();
        for child in children(node) {
            if is(child, &syntax.shorthand_entries) {
                literal.entries.push(Spanned { text: self.source.text_of(child).into(), span: span(child) });
                values.push((self.source.text_of(child).into(), child));
                continue;
            }
            if !is(child, &syntax.entries) {
                literal.is_open |= is(child, &self.syntax.spreads);
                continue;
            }
            let (Some(name), Some(value)) = (child.named_child(0), last_child(child)) else { continue };
            if is(name, &self.syntax.spreads) {
                literal.is_open = true;
                continue;
            }
            let name = self
                .source
                .string(name)
                .unwrap_or_else(|| Spanned { text: self.source.text_of(name).into(), span: span(name) });
            values.push((name.text.clone(), value));
            literal.entries.push(name);
        }
        let has = |names: &[String]| values.iter().find(|it| names.iter().any(|name| *name == it.0)).map(|it| it.1);
        for library in self.libraries.iter().filter(|it| !it.values.is_empty()) {
            let value = has(&library.keys);
            if has(&library.values).is_some() && (value.is_some() || !literal.is_open) {
                let place = value.map_or(literal.span, span);
                flow.keys.push(KeyUse { function, by: "key".into(), value: self.key_value(value), span: place });
            }
        }
        for (name, value) in &values {
            if self.words.keys.contains(&name.to_lowercase()) {
                let by = name.clone();
                flow.keys.push(KeyUse { function, by, value: self.key_value(Some(*value)), span: span(*value) });
            }
        }
        flow.literals.push(literal);
    }

    fn add_attempts(&self, node: Node<'t>, flow: &mut Flow) {
        let name = ["name", "left"].into_iter().find_map(|it| node.child_by_field_name(it));
        let value = ["value", "right"].into_iter().find_map(|it| node.child_by_field_name(it));
        let (Some(name), Some(value)) = (name.filter(|it| is(*it, &self.facts.syntax.names)), value) else { return };
        let name = self.source.text_of(name);
        let text = self.source.text_of(value);
        let is_endless = self.words.infinite.iter().any(|it| it == text);
        let is_number = is(value, &self.syntax.numbers);
        // A counter starts with a small number and is no limit.
        let is_limit = name.chars().any(char::is_uppercase) || name.contains("max");
        if has_word(name, &self.words.attempts) && is_limit && (is_number || is_endless) {
            let value = Spanned { text: text.into(), span: span(value) };
            flow.attempts.push(Attempts { name: name.into(), value, is_endless });
        }
    }

    fn add_read(&self, node: Node<'t>, function: usize, flow: &mut Flow) {
        let syntax = &self.facts.syntax;
        let parent = node.parent();
        let mut push = |field: Spanned, from: SmolStr| flow.reads.push(Read { field, from, function });
        let is_target = parent.is_some_and(|it| {
            (is(it, &self.syntax.assignments) || is(it, &self.syntax.updates))
                && ["left", "name"]
                    .into_iter()
                    .any(|name| it.child_by_field_name(name).is_some_and(|it| it.id() == node.id()))
        });
        match () {
            () if is_target => {}
            () if is(node, &syntax.members) => {
                let is_callee = parent
                    .is_some_and(|it| is(it, &syntax.calls) && it.child(0).is_some_and(|it| it.id() == node.id()));
                let Some(field) = last_child(node).filter(|_| !is_callee) else { return };
                let from = node.named_child(0).map(|it| self.last_name(it, 0)).unwrap_or_default();
                push(Spanned { text: self.source.text_of(field).into(), span: span(field) }, from);
            }
            () if is(node, &self.syntax.subscripts) => {
                let Some(field) = last_child(node).and_then(|it| self.source.string(it)) else { return };
                let from = node.named_child(0).map(|it| self.last_name(it, 0)).unwrap_or_default();
                push(field, from);
            }
            () if is(node, &self.syntax.patterns) => {
                let name = if node.named_child_count() > 0 { node.named_child(0) } else { Some(node) };
                let Some(name) = name else { return };
                push(Spanned { text: self.source.text_of(name).into(), span: span(name) }, SmolStr::default());
            }
            () if is(node, &syntax.calls) => {
                let function_node = node.child(0).filter(|it| is(*it, &syntax.members));
                let is_get = function_node.and_then(last_child).is_some_and(|it| self.source.text_of(it) == "get");
                let first = last_child(node).map(children).unwrap_or_default().into_iter().next();
                let Some(field) = first.filter(|_| is_get).and_then(|it| self.source.string(it)) else { return };
                let from = function_node.and_then(|it| it.named_child(0)).map(|it| self.last_name(it, 0));
                push(field, from.unwrap_or_default());
            }
            () => {}
        }
    }
}

/// Whether a value says what it is: a number, a word, nothing that is computed.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.len() < 40 && text.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_' | '.'))
}

/// What stands behind the last point.
fn last_part(text: &str) -> &str {
    text.rsplit('.').next().unwrap_or_default()
}

/// Calls a function with a node and all below it, in the order of the text.
pub(super) fn each<'t>(node: Node<'t>, mut look: impl FnMut(Node<'t>)) {
    let mut cursor = node.walk();
    loop {
        look(cursor.node());
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

pub(super) fn span(node: Node<'_>) -> Span {
    node.byte_range().into()
}
