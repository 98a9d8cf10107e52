//! Channels and operations, which are apart in 3.0.

use archwright_syntax::{
    data::follow,
    data::{
        Entry, Kind, Node,
        write::{Pair, Value},
    },
    pointer,
};

use super::{
    Conversion, entries,
    messages::{Messages, is_name, unique},
    pointers::reference_to,
};

/// The operations of a channel, and what the application does: `publish` is what others do, who send to the
/// application.
const VERBS: [(&str, &str); 2] = [("publish", "receive"), ("subscribe", "send")];

/// A channel that operations are made of.
struct Channel<'t> {
    /// Its name in the new document.
    name: String,
    /// Where its body stood.
    old: String,
    /// Where it is referred to now.
    new: String,
    body: Node<'t>,
    in_components: bool,
}

impl<'t> Conversion<'t> {
    /// Finds which channels of the document use which channels of components, since only the former know their
    /// addresses.
    pub(super) fn find_addresses(&mut self) {
        for entry in self.root.get("channels").into_iter().flat_map(entries) {
            if let Some(component) = used_component(self.root, entry.value) {
                self.addresses.entry(component.to_owned()).or_default().push(entry.key);
            }
        }
    }

    /// The channels of the document or of its components.
    pub(super) fn channels(&mut self, section: Entry<'t>, in_components: bool) -> Pair<'t> {
        if section.value.kind() != Kind::Mapping {
            return Pair::kept(section);
        }
        let mut pairs: Vec<Pair<'t>> = Vec::new();
        let place = if in_components { "/components/channels" } else { "/channels" };
        for entry in entries(section.value) {
            let wanted =
                entry.value.get("x-channelId").and_then(Node::as_str).filter(|it| is_name(it)).unwrap_or(entry.key);
            let name = unique(wanted, |it| {
                it != entry.key && (section.value.get(it).is_some() || pairs.iter().any(|there| there.key == it))
            });
            let old = format!("{place}/{}", pointer::escape(entry.key));
            let new = format!("{place}/{}", pointer::escape(&name));
            self.pointers.add(&old, &new);
            pairs.push(self.channel(entry, name, old, new, in_components));
        }
        Pair::new(section.key, Value::Map(pairs)).instead_of(section)
    }

    fn channel(&mut self, entry: Entry<'t>, name: String, old: String, new: String, in_components: bool) -> Pair<'t> {
        let kept = |name: String| Pair::new(name, Value::Node(entry.value)).instead_of(entry);
        if entry.value.get("$ref").is_none() {
            let address = match (in_components, self.addresses.get(entry.key).map(Vec::as_slice)) {
                (false, _) => Value::text(entry.key),
                (true, Some([address])) => Value::text(*address),
                (true, _) => Value::Plain("null".into()),
            };
            if entry.value.kind() == Kind::Null {
                return Pair::new(name, Value::Map(vec![Pair::new("address", address)])).instead_of(entry);
            }
            if entry.value.kind() != Kind::Mapping {
                return kept(name);
            }
            // The operations of a channel that others refer to are made for those.
            let is_used = in_components && self.addresses.contains_key(entry.key);
            let channel = Channel { name: name.clone(), old, new, body: entry.value, in_components };
            let value = self.channel_value(&channel, address, !is_used);
            return Pair::new(name, value).instead_of(entry);
        }
        let Some(body) = follow(self.root, entry.value).filter(|it| it.kind() == Kind::Mapping && !in_components)
        else {
            return kept(name);
        };
        let is_shared =
            used_component(self.root, entry.value).and_then(|it| self.addresses.get(it)).is_none_or(|it| it.len() > 1);
        let channel = Channel { name: name.clone(), old: body.pointer(), new, body, in_components };
        if is_shared {
            // The same channel at another address is another channel in 3.0.
            let value = self.channel_value(&channel, Value::text(entry.key), true);
            return Pair::new(name, value).instead_of(entry);
        }
        self.operations(&channel, true);
        kept(name)
    }

    /// A channel with its address and messages; its operations are put beside it if they are wanted.
    fn channel_value(&mut self, channel: &Channel<'t>, address: Value<'t>, with_operations: bool) -> Value<'t> {
        let messages = self.operations(channel, with_operations);
        let mut pairs = vec![Pair::new("address", address)];
        if !messages.is_empty() {
            pairs.push(Pair::new("messages", Value::Map(messages)));
        }
        for entry in entries(channel.body) {
            match entry.key {
                "publish" | "subscribe" | "address" | "messages" => {}
                "servers" if entry.value.kind() == Kind::Sequence => pairs.push(servers_by_reference(entry)),
                "parameters" => pairs.extend(self.used_parameters(entry, pairs.first().map(|it| &it.value).cloned())),
                "deprecated" => {
                    self.note(entry.value, "channels cannot be deprecated in 3.0: kept as `x-deprecated`");
                    pairs.push(Pair::new("x-deprecated", Value::Node(entry.value)).instead_of(entry));
                }
                _ => pairs.push(Pair::kept(entry)),
            }
        }
        Value::Map(pairs)
    }

    /// The parameters that the address has: 3.0 forbids others.
    fn used_parameters(&mut self, entry: Entry<'t>, address: Option<Value<'t>>) -> Option<Pair<'t>> {
        let mut parameters = self.parameters(entry);
        if let (Value::Map(pairs), Some(Value::Text(address))) = (&mut parameters.value, address) {
            let is_used = |it: &Pair<'_>| address.contains(&format!("{{{}}}", it.key));
            for unused in pairs.iter().filter(|it| !is_used(it)) {
                self.note(
                    entry.value,
                    format!("the address has no `{}`, so this parameter stands for nothing: left out", unused.key),
                );
            }
            let count = pairs.len();
            pairs.retain(is_used);
            if pairs.is_empty() && count > 0 {
                return None;
            }
        }
        Some(parameters)
    }

    /// Makes the operations of a channel and gives its messages.
    fn operations(&mut self, channel: &Channel<'t>, wanted: bool) -> Vec<Pair<'t>> {
        let mut messages = Messages::default();
        for entry in entries(channel.body) {
            let Some((_, action)) = VERBS.iter().find(|it| it.0 == entry.key) else { continue };
            if entry.value.kind() != Kind::Mapping {
                continue;
            }
            let id = entry.value.get("operationId").and_then(Node::as_str);
            let label = id.map_or(entry.key, |it| it.rsplit('.').next().unwrap_or(it));
            let old = format!("{}/{}", channel.old, entry.key);
            let names = self.messages_of(entry, label, &old, &channel.new, &mut messages);
            if wanted {
                let name = self.operation_name(id, channel, entry.key);
                let place = if channel.in_components { "/components/operations" } else { "/operations" };
                self.pointers.add(&old, &format!("{place}/{}", pointer::escape(&name)));
                let value = self.operation(entry, action, channel, &names);
                let mut pair = Pair::new(name, value).instead_of(entry);
                pair.from.extend(entry.value.entry("operationId"));
                let operations =
                    if channel.in_components { &mut self.component_operations } else { &mut self.operations };
                operations.push(pair);
            }
        }
        messages.into_pairs()
    }

    fn operation_name(&mut self, id: Option<&str>, channel: &Channel<'t>, verb: &str) -> String {
        let wanted = id.map_or_else(|| format!("{}.{verb}", channel.name), str::to_owned);
        let wanted = if channel.in_components {
            wanted
                .chars()
                .map(|it| if it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_') { it } else { '-' })
                .collect()
        } else {
            wanted
        };
        let name = unique(&wanted, |it| self.operation_names.contains(it));
        self.operation_names.insert(name.clone());
        name
    }

    fn operation(
        &mut self,
        entry: Entry<'t>,
        action: &'static str,
        channel: &Channel<'t>,
        messages: &[String],
    ) -> Value<'t> {
        let mut pairs = vec![
            Pair::new("action", Value::text(action)),
            Pair::new("channel", Value::reference(reference_to(&channel.new))),
        ];
        let message =
            |it: &String| Value::reference(reference_to(&format!("{}/messages/{}", channel.new, pointer::escape(it))));
        let replaced = self.replaced_by_traits(entry.value);
        for entry in entries(entry.value).filter(|it| !replaced.contains(&it.key)) {
            match entry.key {
                "operationId" | "action" | "channel" | "messages" => {}
                "message" if messages.is_empty() => {}
                "message" => pairs
                    .push(Pair::new("messages", Value::List(messages.iter().map(message).collect())).instead_of(entry)),
                "security" => pairs.push(self.security(entry)),
                "traits" => pairs.push(self.traits(entry, Self::operation_trait)),
                _ => pairs.push(Pair::kept(entry)),
            }
        }
        Value::Map(pairs)
    }
}

/// The names of servers as references to them.
fn servers_by_reference(entry: Entry<'_>) -> Pair<'_> {
    let server = |it: Node<'_>| {
        it.scalar().map(|it| Value::reference(reference_to(&format!("/servers/{}", pointer::escape(it)))))
    };
    Pair::new(entry.key, Value::List(entry.value.items().filter_map(server).collect())).instead_of(entry)
}

/// The name of the channel of components that a channel is, over local references.
fn used_component<'t>(root: Node<'t>, channel: Node<'t>) -> Option<&'t str> {
    channel.get("$ref")?;
    let body = follow(root, channel)?;
    let section = root.get("components")?.get("channels")?;
    section.entries().find(|it| it.value == body).map(|it| it.key)
}
