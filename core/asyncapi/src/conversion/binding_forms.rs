//! Settings of bindings that must have another form in 3.0: the queue or exchange behind an AMQP channel, and the names
//! that Kafka once took for themselves and now as schemas.

use std::collections::BTreeMap;

use archwright_syntax::{
    TextEdit, TextEdits,
    data::{
        Entry, Format, Kind, Node, Tree, parse,
        write::{Pair, Printer, Style, Value, add, replace},
    },
};

use crate::specification::object_at;

/// The fields of Kafka that are schemas since version 0.1.0 of the binding.
const KAFKA_SCHEMAS: [&str; 3] = ["groupId", "clientId", "key"];

/// Gives settings of a converted document the form that 3.0 wants, and says what was changed.
pub(super) fn adapt(text: &mut String, format: Format) -> Vec<String> {
    let tree = parse(text.as_str(), format);
    let style = Style::of(&tree);
    let changes = BTreeMap::new();
    let printer = Printer::new(&style, &changes);
    let mut forms = Forms { printer, edits: Vec::new(), notes: Vec::new() };
    for (name, binding) in bindings(&tree) {
        match (name, binding.key) {
            ("channelBindings", "amqp") => forms.amqp(binding.value),
            ("operationBindings" | "messageBindings", "kafka") => forms.kafka(binding.value),
            _ => {}
        }
    }
    match TextEdits::new(forms.edits).and_then(|it| it.apply(text)) {
        Ok(after) => *text = after,
        Err(_) => return Vec::new(),
    }
    forms.notes
}

/// The bindings of single protocols that are written in a document, in the order of the text, and what they are
/// bindings of, such as `channelBindings`.
pub(super) fn bindings(tree: &Tree) -> Vec<(&'static str, Entry<'_>)> {
    let Some(root) = tree.root() else { return Vec::new() };
    let mut found = Vec::new();
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        for entry in node.written_entries().filter(|it| !it.value.is_alias()) {
            let held: Vec<Node<'_>> = match entry.key {
                "bindings" => vec![entry.value],
                _ if entry.key.ends_with("Bindings") => entry.value.written_entries().map(|it| it.value).collect(),
                _ => Vec::new(),
            };
            // Properties of schemas may have these names, too.
            for held in held {
                if let Some(name) =
                    object_at(root, &held.path()).map(|it| it.name).filter(|it| it.ends_with("Bindings"))
                {
                    found.extend(held.written_entries().map(|it| (name, it)));
                }
            }
            stack.push(entry.value);
        }
        stack.extend(node.items().filter(|it| !it.is_alias()));
    }
    found.retain(|(_, it)| it.value.kind() == Kind::Mapping && !it.value.is_alias());
    found.sort_by_key(|it| it.1.key_span.start);
    found
}

/// The changes to the form of settings.
struct Forms<'a> {
    printer: Printer<'a>,
    edits: Vec<TextEdit>,
    notes: Vec<String>,
}

impl Forms<'_> {
    /// A channel of AMQP is a queue or an exchange with a routing key, described as such (AMQP binding 0.3.0, JSON
    /// Schema).
    fn amqp(&mut self, binding: Node<'_>) {
        let has = |it: &str| binding.entry(it).is_some();
        if !(has("is") || has("queue") || has("exchange")) {
            return;
        }
        let is_queue = match binding.get("is").and_then(Node::as_str) {
            Some(kind) => kind == "queue",
            None => !has("exchange"),
        };
        let (wanted, other) = if is_queue { ("queue", "exchange") } else { ("exchange", "queue") };
        let place = binding.pointer();
        if let Some(entry) = binding.entry(other).filter(|it| !it.merged) {
            let key = entry.key_span.of(binding.tree().text());
            self.edits.push(TextEdit::replace(entry.key_span, key.replace(other, &format!("x-{other}"))));
            self.notes.push(format!(
                "a channel of AMQP is a queue or an exchange in 3.0: the `{other}` of `{place}` is kept as `x-{other}`"
            ));
        }
        if !has(wanted) {
            let empty = Pair::new(wanted, Value::Map(Vec::new()));
            if let Some(edits) = add(&self.printer, binding, &[(empty, None)]) {
                self.edits.extend(edits);
                self.notes.push(format!(
                    "3.0 wants the `{wanted}` of an AMQP channel described: `{place}` got an empty one to fill in"
                ));
            }
        }
    }

    /// What was a name is a schema that allows this name alone.
    fn kafka(&mut self, binding: Node<'_>) {
        for entry in
            KAFKA_SCHEMAS.iter().filter_map(|it| binding.entry(it)).filter(|it| !it.merged && !it.value.is_null())
        {
            let Some(text) =
                entry.value.scalar().filter(|_| entry.value.kind() != Kind::Bool && !entry.value.is_alias())
            else {
                continue;
            };
            let schema =
                vec![Pair::new("type", Value::text("string")), Pair::new("enum", Value::List(vec![Value::text(text)]))];
            if let Some(edit) = replace(&self.printer, entry.value, &Value::Map(schema)) {
                self.edits.push(edit);
                let place = binding.pointer();
                self.notes.push(format!(
                    "the `{}` of `{place}` is a schema in 3.0: it became one that allows `{text}` alone",
                    entry.key
                ));
            }
        }
    }
}
