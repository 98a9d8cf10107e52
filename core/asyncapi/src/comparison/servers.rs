//! Servers and security: where to connect, over what, and with which credentials.

use std::collections::BTreeMap;

use archwright_syntax::data::{Entry, Node};

use super::{
    BOTH, Comparison, Difference, bindings,
    model::{Document, Named, pairs},
};

pub(super) fn compare<'t>(into: &mut Comparison, old: &Document<'t>, new: &Document<'t>) {
    for pair in pairs(
        &old.servers,
        &new.servers,
        |it| it.key,
        |it| it.body.get("host").or_else(|| it.body.get("url"))?.as_str(),
    ) {
        match pair {
            (Some(old_server), Some(new_server)) => server(into, old, new, *old_server, *new_server),
            (Some(gone), None) => {
                let message = format!(
                    "The server `{}` was removed: whoever is connected to it hears nothing any more.",
                    gone.key
                );
                into.breaking(
                    BOTH,
                    Difference::removed("SERVER_REMOVED", gone.node, message),
                    "Keep it until nobody connects to it any more.",
                );
            }
            (None, Some(more)) => into.harmless(Difference::added(
                "SERVER_ADDED",
                more.node,
                format!("The server `{}` was added.", more.key),
            )),
            (None, None) => {}
        }
    }
    schemes(into, old, new);
}

fn server<'t>(
    into: &mut Comparison,
    old: &Document<'t>,
    new: &Document<'t>,
    old_server: Named<'t>,
    new_server: Named<'t>,
) {
    let (one, other) = (old_server.body, new_server.body);
    if into.is_unread("server", (old, one), (new, other)) {
        return;
    }
    // A URL of 2.x and the host and path of 3.x say the same in different words.
    if old.major == new.major {
        for (field, what) in [("host", "The host"), ("url", "The URL"), ("pathname", "The path")] {
            into.constant(
                "SERVER_ADDRESS_CHANGED",
                what,
                one.get(field),
                other.get(field),
                "clients connect to the old one.",
            );
        }
    }
    into.constant(
        "SERVER_PROTOCOL_CHANGED",
        "The protocol",
        one.get("protocol"),
        other.get("protocol"),
        "clients speak the old one.",
    );
    if let (Some(was), Some(is)) = (one.get("protocolVersion"), other.get("protocolVersion"))
        && was.scalar() != is.scalar()
    {
        let message = "The protocol's version changed; whether clients can speak both depends on the broker.";
        into.unclassified(Difference::changed("SERVER_PROTOCOL_VERSION_CHANGED", was, is, message));
    }
    security(into, old, new, one, other);
    bindings::compare(into, old, new, "server", one, other);
}

/// The requirements of a server or an operation: each of them lets a client in.
pub(super) fn security<'t>(
    into: &mut Comparison,
    old: &Document<'t>,
    new: &Document<'t>,
    one: Node<'t>,
    other: Node<'t>,
) {
    let by_type = into.crosses;
    let (was, is) = (requirements(old, one, by_type), requirements(new, other, by_type));
    let Some(list) = new.field(other, "security").or_else(|| old.field(one, "security")) else { return };
    if was.is_empty() {
        if !is.is_empty() {
            let finding = Difference::added(
                "SECURITY_ADDED",
                list,
                "Clients need credentials now: those who connected without are turned away.",
            );
            if into.is_partial {
                into.unclassified(finding);
            } else {
                into.breaking(BOTH, finding, "Accept both for a while: add the new requirement on a new server.");
            }
        }
        return;
    }
    if is.is_empty() {
        if let Some(gone) = old.field(one, "security") {
            into.harmless(Difference::removed("SECURITY_REMOVED", gone, "Clients need no credentials any more."));
        }
        return;
    }
    for (name, node) in &was {
        if !is.contains_key(name) {
            let message = format!("`{name}` lets nobody in any more: clients that use it are turned away.");
            into.breaking(
                BOTH,
                Difference::removed("SECURITY_REQUIREMENT_REMOVED", *node, message),
                "Keep it beside the new one until all clients changed.",
            );
        }
    }
    for (name, node) in &is {
        if !was.contains_key(name) {
            into.harmless(Difference::added(
                "SECURITY_REQUIREMENT_ADDED",
                *node,
                format!("`{name}` lets clients in as well."),
            ));
        }
    }
}

/// The alternatives of a `security` field by what they demand: by the names of schemes and their scopes, or by the
/// types of these, which 2.x and 3.x have in common.
fn requirements<'t>(document: &Document<'t>, body: Node<'t>, by_type: bool) -> BTreeMap<String, Node<'t>> {
    let mut found = BTreeMap::new();
    let kind = |scheme: Node<'t>, name: &str| {
        let scheme = document.body(scheme);
        let text: Vec<_> =
            ["type", "scheme", "in", "name"].into_iter().filter_map(|it| scheme.get(it)?.as_str()).collect();
        // A scheme that is not here has nothing but its name, which both majors say.
        if text.is_empty() { name.to_owned() } else { text.join(" ") }
    };
    let schemes = document.root.get("components").and_then(|it| it.get("securitySchemes"));
    for item in document.field(body, "security").into_iter().flat_map(Node::items) {
        let reference = item.get("$ref").and_then(Node::as_str);
        let referred = reference.map(|it| it.rsplit('/').next().unwrap_or(it)).unwrap_or_default();
        if by_type {
            let is_named = reference.is_none() && item.get("type").is_none();
            let of_name = |it: Entry<'t>| {
                schemes.and_then(|all| all.get(it.key)).map_or_else(|| it.key.to_owned(), |scheme| kind(scheme, it.key))
            };
            let text = if is_named {
                item.entries().map(of_name).collect::<Vec<_>>().join(" with ")
            } else {
                kind(item, referred)
            };
            found.insert(text, item);
        } else if reference.is_some() {
            found.insert(referred.to_owned(), item);
        } else if item.get("type").is_some() {
            found.insert(kind(item, ""), item);
        } else {
            let names = item.entries().map(|entry| {
                let mut scopes: Vec<&str> = entry.value.items().filter_map(Node::as_str).collect();
                scopes.sort_unstable();
                if scopes.is_empty() { entry.key.to_owned() } else { format!("{}({})", entry.key, scopes.join(", ")) }
            });
            found.insert(names.collect::<Vec<_>>().join(" with "), item);
        }
    }
    found
}

/// A scheme that keeps its name but asks for something else.
fn schemes(into: &mut Comparison, old: &Document<'_>, new: &Document<'_>) {
    let of = |document: &Document<'_>| document.root.get("components").is_some();
    if !of(old) || !of(new) {
        return;
    }
    let (Some(was), Some(is)) = (old.root.get("components"), new.root.get("components")) else { return };
    for one in old.section(was, "securitySchemes") {
        let Some(other) = new.section(is, "securitySchemes").into_iter().find(|it| it.key == one.key) else { continue };
        for (field, what) in [
            ("type", "The type"),
            ("scheme", "The HTTP scheme"),
            ("in", "The place of the key"),
            ("name", "The name of the key"),
        ] {
            let what = format!("{what} of the security scheme `{}`", one.key);
            into.constant(
                "SECURITY_SCHEME_CHANGED",
                &what,
                one.body.get(field),
                other.body.get(field),
                "clients authenticate the old way.",
            );
        }
    }
}
