//! Messages: by name instead of in `oneOf`, and payloads together with their format.

use std::collections::{HashMap, HashSet};

use archwright_syntax::{
    data::{
        Entry, Kind, Node,
        write::{Pair, Value},
    },
    pointer,
};

use archwright_syntax::data::follow;

use super::{Conversion, entries, pointers::reference_to};

/// How often a choice of messages leads to another.
const MAX_NESTING: usize = 16;

/// More messages than a choice of choices shall grow to.
const MAX_CHOICES: usize = 1_000;

/// One of the messages of a component that is several.
#[derive(Clone, Debug)]
pub(super) struct Choice<'t> {
    /// The message or the reference.
    pub(super) node: Node<'t>,
    /// Where it is found in the new document.
    target: String,
    /// The component it becomes, unless it is one.
    pub(super) made: Option<String>,
}

/// A message of a channel.
pub(super) struct Named<'t> {
    pub(super) name: String,
    pub(super) value: Value<'t>,
    /// The message in the old document, and where it stood, unless it was referred to.
    node: Option<Node<'t>>,
}

/// The messages of a channel, each under a name of its own.
#[derive(Default)]
pub(super) struct Messages<'t> {
    all: Vec<Named<'t>>,
    by_name: HashMap<String, usize>,
    /// Those that are references, by what they name.
    by_target: HashMap<String, usize>,
    /// The number up to which names with a number behind them are taken.
    numbers: HashMap<String, u32>,
}

impl<'t> Messages<'t> {
    fn get(&self, name: &str) -> Option<&Named<'t>> {
        self.by_name.get(name).and_then(|it| self.all.get(*it))
    }

    /// A name that is not taken.
    fn unique(&mut self, wanted: &str) -> String {
        if !self.by_name.contains_key(wanted) {
            return wanted.to_owned();
        }
        let number = self.numbers.entry(wanted.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let name = format!("{wanted}-{number}");
            if !self.by_name.contains_key(&name) {
                return name;
            }
        }
    }

    fn push(&mut self, message: Named<'t>) {
        self.by_name.insert(message.name.clone(), self.all.len());
        self.all.push(message);
    }

    /// The messages in their order.
    pub(super) fn into_pairs(self) -> Vec<Pair<'t>> {
        self.all.into_iter().map(|it| Pair::new(it.name, it.value)).collect()
    }
}

impl<'t> Conversion<'t> {
    /// Finds components that are several messages, which 3.0 does not have.
    pub(super) fn find_choices(&mut self) {
        let Some(section) = self.root.get("components").and_then(|it| it.get("messages")) else { return };
        let mut names: HashSet<String> = section.entries().map(|it| it.key.to_owned()).collect();
        for entry in entries(section) {
            let Some(items) =
                entry.value.get("oneOf").filter(|it| it.kind() == Kind::Sequence && entry.value.get("$ref").is_none())
            else {
                continue;
            };
            let mut choices = Vec::new();
            for (at, node) in items.items().enumerate() {
                if let Some(target) = node.get("$ref").and_then(Node::as_str) {
                    choices.push(Choice { node, target: target.to_owned(), made: None });
                    continue;
                }
                let name =
                    unique(&own_name(node).unwrap_or_else(|| format!("{}.{at}", entry.key)), |it| names.contains(it));
                names.insert(name.clone());
                let pointer = format!("/components/messages/{}", pointer::escape(&name));
                self.pointers.add(&format!("/components/messages/{}/oneOf/{at}", pointer::escape(entry.key)), &pointer);
                choices.push(Choice { node, target: reference_to(&pointer), made: Some(name) });
            }
            self.choices.insert(entry.key.to_owned(), choices);
        }
    }

    /// The messages of an operation, with names that are unique among those `there`. Gives the names.
    pub(super) fn messages_of(
        &mut self,
        operation: Entry<'t>,
        label: &str,
        old: &str,
        new: &str,
        there: &mut Messages<'t>,
    ) -> Vec<String> {
        let Some(message) = operation.value.get("message").filter(|it| it.kind() == Kind::Mapping) else {
            return Vec::new();
        };
        let choices = message.get("oneOf").filter(|it| it.kind() == Kind::Sequence && message.get("$ref").is_none());
        let mut names = Vec::new();
        let old = format!("{old}/message");
        match choices {
            None => self.add_message(message, &format!("{label}.message"), &old, new, there, &mut names),
            Some(choices) => {
                for (at, item) in choices.items().enumerate() {
                    self.add_message(
                        item,
                        &format!("{label}.message.{at}"),
                        &format!("{old}/oneOf/{at}"),
                        new,
                        there,
                        &mut names,
                    );
                }
            }
        }
        names
    }

    fn add_message(
        &mut self,
        node: Node<'t>,
        fallback: &str,
        old: &str,
        new: &str,
        there: &mut Messages<'t>,
        names: &mut Vec<String>,
    ) {
        if let Some(target) = node.get("$ref").and_then(Node::as_str) {
            let before = names.len();
            self.add_reference(target, Some(node), there, names, 0);
            if let Some(name) = names.get(before).filter(|_| names.len() == before + 1) {
                self.pointers.add(old, &format!("{new}/messages/{}", pointer::escape(name)));
            }
            return;
        }
        let wanted = own_name(node).unwrap_or_else(|| fallback.to_owned());
        let json = |it: Node<'_>| it.to_json(10_000);
        let is_same = there.get(&wanted).is_some_and(|it| {
            it.node.is_some_and(|it| it == node || json(it).is_some_and(|it| Some(it) == json(node)))
        });
        let name = if is_same { wanted } else { there.unique(&wanted) };
        let pointer = format!("{new}/messages/{}", pointer::escape(&name));
        self.pointers.add(old, &pointer);
        if !is_same {
            let value = self.message(node, old, &pointer);
            there.push(Named { name: name.clone(), value, node: Some(node) });
        }
        names.push(name);
    }

    /// Says that a choice of messages is cut.
    fn tell_choices(&mut self, node: Node<'t>) {
        let message =
            format!("an operation has more than {MAX_CHOICES} messages here: this one and later ones are left out");
        if self.notes.last().is_none_or(|it| it.message != message) {
            self.note(node, message);
        }
    }

    fn add_reference(
        &mut self,
        target: &str,
        node: Option<Node<'t>>,
        there: &mut Messages<'t>,
        names: &mut Vec<String>,
        depth: usize,
    ) {
        let component = target.strip_prefix("#/components/messages/");
        if let Some(choices) = component.and_then(|it| self.choices.get(it)).cloned() {
            for choice in choices.into_iter().filter(|_| depth < MAX_NESTING) {
                if names.len() >= MAX_CHOICES {
                    return self.tell_choices(choice.node);
                }
                self.add_reference(&choice.target, None, there, names, depth + 1);
            }
            return;
        }
        let body = self.named(target).and_then(|it| follow(self.root, it));
        if let Some(items) =
            body.and_then(|it| it.get("oneOf")).filter(|it| it.kind() == Kind::Sequence && depth < MAX_NESTING)
        {
            for (node, item) in items.items().filter_map(|it| Some((it, it.get("$ref")?.as_str()?))) {
                if names.len() >= MAX_CHOICES {
                    return self.tell_choices(node);
                }
                self.add_reference(item, None, there, names, depth + 1);
            }
            return;
        }
        let id = body.and_then(|it| it.get("messageId")?.as_str()).filter(|it| is_name(it));
        let wanted = id.map_or_else(|| last_word(target), str::to_owned);
        let value = match node {
            Some(node) if node.written_entries().count() == 1 => Value::Node(node),
            _ => Value::reference(self.pointers.moved(target).unwrap_or_else(|| target.to_owned())),
        };
        let text = |it: &Value<'_>| match it {
            Value::Node(node) => node.get("$ref").and_then(Node::as_str).map(str::to_owned),
            Value::Map(pairs) => {
                pairs.first().and_then(|it| if let Value::Text(it) = &it.value { Some(it.to_string()) } else { None })
            }
            _ => None,
        };
        if let Some(same) = there.by_target.get(target).and_then(|it| there.all.get(*it)) {
            names.push(same.name.clone());
            return;
        }
        let name = there.unique(&wanted);
        if let Some(target) = text(&value) {
            there.by_target.entry(target).or_insert(there.all.len());
        }
        there.push(Named { name: name.clone(), value, node: None });
        names.push(name);
    }

    /// The node a local reference leads to.
    fn named(&self, target: &str) -> Option<Node<'t>> {
        match crate::references::target(self.root, target) {
            crate::references::Target::Node(it) => Some(it),
            _ => None,
        }
    }

    /// A message as 3.0 writes it. `old` and `new` are where it stands.
    pub(super) fn message(&mut self, node: Node<'t>, old: &str, new: &str) -> Value<'t> {
        if node.kind() != Kind::Mapping || node.get("$ref").is_some() {
            return Value::Node(node);
        }
        let format = self.format_of(node);
        let is_old = node.get("messageId").is_some()
            || format.is_some()
            || node.get("traits").is_some()
            || node.get("examples").is_some();
        if !is_old {
            return Value::Node(node);
        }
        let mut pairs = Vec::new();
        let replaced = self.replaced_by_traits(node);
        for entry in entries(node).filter(|it| !replaced.contains(&it.key)) {
            match entry.key {
                "messageId" => {}
                "schemaFormat" if node.get("payload").is_none() => {
                    self.note(entry.value, "a format without a payload says nothing in 3.0: left out");
                }
                "schemaFormat" => {}
                "payload" => match format {
                    None => pairs.push(Pair::kept(entry)),
                    Some(format) => {
                        self.pointers.add(&format!("{old}/payload"), &format!("{new}/payload/schema"));
                        let format = match format.parent() {
                            Some(parent) if parent == node => format.as_entry().map(Pair::kept),
                            _ => format.as_str().map(|it| Pair::new("schemaFormat", Value::text(it))),
                        };
                        let schema = Pair::new("schema", Value::Node(entry.value)).instead_of(entry);
                        pairs.push(Pair::new("payload", Value::Map(format.into_iter().chain([schema]).collect())));
                    }
                },
                "traits" => pairs.push(self.traits(entry, Self::message_trait)),
                "examples" => pairs.push(examples(entry)),
                _ => pairs.push(Pair::kept(entry)),
            }
        }
        Value::Map(pairs)
    }

    /// The format of a message's payload: its own, or that of a trait.
    fn format_of(&self, node: Node<'t>) -> Option<Node<'t>> {
        let traits = node.get("traits").into_iter().flat_map(Node::items).filter_map(|it| follow(self.root, it));
        node.get("schemaFormat")
            .or_else(|| traits.filter_map(|it| it.get("schemaFormat")).last())
            .filter(|it| it.as_str().is_some())
    }

    pub(super) fn message_trait(&mut self, node: Node<'t>) -> Value<'t> {
        let mut pairs = Vec::new();
        for entry in entries(node) {
            match entry.key {
                "messageId" => {
                    self.note(entry.value, "messages go by their key in 3.0: `messageId` of a trait is left out");
                }
                // The messages with the trait have it with their payloads.
                "schemaFormat" => {}
                "examples" => pairs.push(examples(entry)),
                _ => pairs.push(Pair::kept(entry)),
            }
        }
        Value::Map(pairs)
    }
}

/// Examples that say neither which headers nor which payload they are, as 2.0 had them, are payloads.
fn examples(entry: Entry<'_>) -> Pair<'_> {
    let is_new = |it: Node<'_>| it.get("headers").is_some() || it.get("payload").is_some() || it.get("$ref").is_some();
    if entry.value.kind() != Kind::Sequence || entry.value.items().all(is_new) {
        return Pair::kept(entry);
    }
    let item = |it| if is_new(it) { Value::Node(it) } else { Value::Map(vec![Pair::new("payload", Value::Node(it))]) };
    Pair::new(entry.key, Value::List(entry.value.items().map(item).collect())).instead_of(entry)
}

/// What a message calls itself.
fn own_name(node: Node<'_>) -> Option<String> {
    let text = |key: &str| node.get(key).and_then(Node::as_str).filter(|it| is_name(it)).map(str::to_owned);
    text("messageId").or_else(|| text("name"))
}

/// Whether a text can be the key of a component (AsyncAPI 3.0.0, Components Object).
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_'))
}

/// The last word of a reference: of its fragment, or the name of the file.
fn last_word(target: &str) -> String {
    let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
    let last = fragment.rsplit('/').next().filter(|it| !it.is_empty());
    let stem = || file.rsplit('/').next().and_then(|it| it.split('.').next());
    let word = last.or_else(stem).unwrap_or_default();
    if word.is_empty() { "message".to_owned() } else { pointer::unescape(word).into_owned() }
}

/// A name that is not taken.
pub(super) fn unique(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(wanted) {
        return wanted.to_owned();
    }
    (2..u32::MAX).map(|it| format!("{wanted}-{it}")).find(|it| !is_taken(it)).unwrap_or_default()
}
