//! Servers and security: addresses in parts, and references to schemes.

use archwright_syntax::{
    data::{
        Entry, Kind, Node,
        write::{Pair, Value},
    },
    pointer,
};

use archwright_syntax::data::follow;

use super::{Conversion, entries};

/// Schemes of these types name the scopes that are needed.
const SCOPED: [&str; 2] = ["oauth2", "openIdConnect"];

impl<'t> Conversion<'t> {
    /// The servers of the document or of its components.
    pub(super) fn servers(&mut self, entry: Entry<'t>) -> Pair<'t> {
        self.each(entry, Self::server)
    }

    fn server(&mut self, node: Node<'t>) -> Value<'t> {
        let mut pairs = Vec::new();
        for entry in entries(node) {
            match entry.key {
                "url" if entry.value.scalar().is_some() => {
                    let url = entry.value.scalar().unwrap_or_default();
                    self.note_scheme(entry.value, url, node.get("protocol").and_then(Node::scalar));
                    let (host, path) = split_address(url);
                    pairs.push(Pair::new("host", Value::text(host)).instead_of(entry));
                    pairs.extend(path.map(|it| Pair::new("pathname", Value::text(it))));
                }
                "security" => pairs.push(self.security(entry)),
                _ => pairs.push(Pair::kept(entry)),
            }
        }
        Value::Map(pairs)
    }

    /// Says that the scheme of an address is left out where `protocol` does not say the same.
    fn note_scheme(&mut self, at: Node<'_>, url: &str, protocol: Option<&str>) {
        let Some((scheme, _)) = url.split_once("://") else { return };
        // The specification has two names for MQTT over TLS.
        let name = |it: &str| if it == "secure-mqtt" { "mqtts".to_owned() } else { it.to_lowercase() };
        match protocol {
            Some(it) if name(it) == name(scheme) => {}
            Some(it) => self.note(
                at,
                format!(
                    "`{scheme}://` has no place in a host, and `protocol` says `{it}`: see that it says what holds"
                ),
            ),
            None => self.note(at, format!("`{scheme}://` has no place in a host, and there is no `protocol`")),
        }
    }

    /// Names of schemes become references to them. Needed scopes stand in the scheme itself in 3.0, so they make a
    /// copy.
    pub(super) fn security(&mut self, entry: Entry<'t>) -> Pair<'t> {
        if entry.value.kind() != Kind::Sequence {
            return Pair::kept(entry);
        }
        let mut items = Vec::new();
        for requirement in entry.value.items() {
            let names: Vec<Entry<'t>> = entries(requirement).collect();
            if names.len() > 1 {
                self.note(
                    requirement,
                    "all of these schemes were needed together; in 3.0 each of a list is enough on its own",
                );
            }
            for scheme in names {
                let scopes: Vec<&'t str> = scheme.value.items().filter_map(Node::scalar).collect();
                let value = if scopes.is_empty() { None } else { self.scoped_scheme(scheme, &scopes) };
                items.push(value.unwrap_or_else(|| {
                    Value::reference(super::pointers::reference_to(&format!(
                        "/components/securitySchemes/{}",
                        pointer::escape(scheme.key)
                    )))
                }));
            }
        }
        Pair::new(entry.key, Value::List(items)).instead_of(entry)
    }

    fn scoped_scheme(&mut self, scheme: Entry<'t>, scopes: &[&'t str]) -> Option<Value<'t>> {
        let defined = self.root.get("components").and_then(|it| it.get("securitySchemes")?.get(scheme.key));
        let body = defined.and_then(|it| follow(self.root, it));
        if !body.and_then(|it| it.get("type")?.as_str()).is_some_and(|it| SCOPED.contains(&it)) {
            self.note(
                scheme.value,
                format!("`{}` is no scheme that can name scopes in 3.0, or it is not in this document", scheme.key),
            );
            return None;
        }
        let Value::Map(pairs) = scheme_value(body?) else { return None };
        let mut pairs: Vec<_> = pairs.into_iter().filter(|it| it.key != "scopes").map(uncommented).collect();
        pairs.push(Pair::new("scopes", Value::List(scopes.iter().map(|it| Value::text(*it)).collect())));
        Some(Value::Map(pairs))
    }

    /// The schemes of components.
    pub(super) fn security_schemes(&mut self, entry: Entry<'t>) -> Pair<'t> {
        self.each(entry, |_, node| scheme_value(node))
    }

    /// Every entry of a map, converted; references stay.
    pub(super) fn each(&mut self, entry: Entry<'t>, convert: impl Fn(&mut Self, Node<'t>) -> Value<'t>) -> Pair<'t> {
        if entry.value.kind() != Kind::Mapping {
            return Pair::kept(entry);
        }
        let mut pairs = Vec::new();
        for named in entries(entry.value) {
            let is_plain = named.value.kind() == Kind::Mapping && named.value.get("$ref").is_none();
            pairs.push(if is_plain {
                Pair::new(named.key, convert(self, named.value)).instead_of(named)
            } else {
                Pair::kept(named)
            });
        }
        Pair::new(entry.key, Value::Map(pairs)).instead_of(entry)
    }
}

/// A scheme with its flows.
fn scheme_value<'t>(node: Node<'t>) -> Value<'t> {
    let field = |entry: Entry<'t>| {
        if entry_is(&entry, "flows") {
            Pair::new(entry.key, Value::Map(entries(entry.value).map(flow).collect())).instead_of(entry)
        } else {
            Pair::kept(entry)
        }
    };
    Value::Map(entries(node).map(field).collect())
}

fn entry_is(entry: &Entry<'_>, key: &str) -> bool {
    entry.key == key && entry.value.kind() == Kind::Mapping
}

/// The scopes that a flow offers are called `availableScopes`.
fn flow(flow: Entry<'_>) -> Pair<'_> {
    if flow.value.get("scopes").is_none() {
        return Pair::kept(flow);
    }
    let mut fields = Vec::new();
    for entry in entries(flow.value) {
        let key = if entry.key == "scopes" { "availableScopes" } else { entry.key };
        fields.push(Pair::new(key, Value::Node(entry.value)).instead_of(entry));
    }
    Pair::new(flow.key, Value::Map(fields)).instead_of(flow)
}

/// A pair without the comments that another copy of it has.
fn uncommented(pair: Pair<'_>) -> Pair<'_> {
    let value = match pair.value.clone() {
        Value::Map(pairs) => Value::Map(pairs.into_iter().map(|it| Pair { from: Vec::new(), ..it }).collect()),
        value => value,
    };
    Pair { value, from: Vec::new(), ..pair }
}

/// A server's address as host and path, without a scheme in front.
fn split_address(url: &str) -> (&str, Option<&str>) {
    let rest = url.split_once("://").map_or(url, |it| it.1);
    // A slash within braces belongs to no path.
    let mut depth = 0_usize;
    let slash = rest.char_indices().find(|(_, it)| {
        match it {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *it == '/' && depth == 0
    });
    match slash.and_then(|it| rest.split_at_checked(it.0)) {
        Some((host, path)) => (host, Some(path)),
        None => (rest, None),
    }
}
