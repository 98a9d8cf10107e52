//! Servers: the variables in their addresses, and the addresses themselves.

use archwright_syntax::data::Node;
use rustc_hash::FxHashSet;

use super::super::{Check, Sink, place_of, span_of};
use super::addresses::{Described, names, short};
use super::subject::{Subject, items, written};
use super::{advice, error, listed, warning};

/// The specification demands no description of a variable: the conformance kit has valid documents without.
const UNDEFINED_VARIABLE: Check = warning(
    "undefined-variable",
    "A variable in the address of a server is not described under `variables`.",
    &["asyncapi2-server-variables", "asyncapi-server-variables"],
);
const UNUSED_VARIABLE: Check =
    warning("unused-variable", "A variable of a server does not stand in its address.", UNDEFINED_VARIABLE.same_as);
/// Every tool lets a default that is not allowed pass, and the conformance kit does not tell.
const DEFAULT_OUTSIDE_ENUM: Check =
    warning("default-outside-enum", "The default of a variable or parameter is none of the values in its `enum`.", &[]);
/// The conformance kit of 2.0 demands it.
const EXAMPLE_OUTSIDE_ENUM: Check =
    error("example-outside-enum", "An example of a variable or parameter is none of the values in its `enum`.", &[]);
/// Variables of servers and schemas may not have a value twice, which is told with their structure.
const DUPLICATE_ENUM_VALUE: Check =
    warning("duplicate-enum-value", "A value is in the `enum` of a parameter twice.", &[]);
const EMPTY_VARIABLE: Check = warning(
    "empty-variable",
    "Braces in the address of a server name no variable.",
    &["asyncapi2-server-no-empty-variable", "asyncapi-server-no-empty-variable", "asyncapi-3-server-no-empty-variable"],
);
const SERVER_TRAILING_SLASH: Check = warning(
    "server-trailing-slash",
    "The address of a server ends with a slash.",
    &["asyncapi2-server-no-trailing-slash", "asyncapi-server-no-trailing-slash", "asyncapi-3-server-no-trailing-slash"],
);
const MALFORMED_HOST: Check = warning(
    "malformed-host",
    "The host of a server has a protocol or a path in it, or is otherwise no name with a port.",
    &[],
);
const EXAMPLE_HOST: Check = advice(
    "example-host",
    "A server is at `example.com`, where no broker answers.",
    &["asyncapi-server-not-example-com", "asyncapi-3-server-not-example-com"],
)
.optional();

pub(super) const CHECKS: &[Check] = &[
    UNDEFINED_VARIABLE,
    UNUSED_VARIABLE,
    DEFAULT_OUTSIDE_ENUM,
    EXAMPLE_OUTSIDE_ENUM,
    DUPLICATE_ENUM_VALUE,
    EMPTY_VARIABLE,
    SERVER_TRAILING_SLASH,
    MALFORMED_HOST,
    EXAMPLE_HOST,
];

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    for server in subject.all("server") {
        variables(server, sink);
        for field in ["url", "host", "pathname"] {
            if let Some((value, text)) = server.get(field).and_then(|it| Some((it, it.as_str()?))) {
                address(field, value, text, sink);
            }
        }
    }
    // Parameters of 2.x have a schema, which is checked as such.
    let parameters = || subject.all("parameter").filter(|_| !subject.is_2());
    for object in subject.all("serverVariable").chain(parameters()) {
        outside_enum(subject, object, sink);
    }
    for allowed in parameters().filter_map(|it| it.get("enum")) {
        let mut seen = FxHashSet::default();
        for value in items(allowed).filter(|it| it.as_str().is_some_and(|it| !seen.insert(it))) {
            let message = format!("`{}` is in the list already", short(value.as_str().unwrap_or_default()));
            sink.push(&DUPLICATE_ENUM_VALUE, span_of(value), message);
        }
    }
}

/// A default or example that is none of the values in the `enum` beside it.
fn outside_enum(subject: &Subject<'_>, object: Node<'_>, sink: &mut Sink) {
    let Some(allowed) = object.get("enum").filter(|it| items(*it).next().is_some()) else { return };
    let known: FxHashSet<&str> = items(allowed).filter_map(Node::scalar).collect();
    let of_examples = if subject.is_2() { EXAMPLE_OUTSIDE_ENUM } else { EXAMPLE_OUTSIDE_ENUM.lenient() };
    let default = object.get("default").map(|it| (it, &DEFAULT_OUTSIDE_ENUM));
    let examples = object.get("examples").into_iter().flat_map(items).map(|it| (it, &of_examples));
    for (value, check) in default.into_iter().chain(examples) {
        let Some(text) = value.scalar().filter(|it| !value.is_null() && !known.contains(it)) else { continue };
        let all = || items(allowed).filter_map(Node::scalar);
        let meant = sink.nearest(text, all());
        let message = match meant {
            Some(name) => format!("`{}` is none of the values in `enum`: did you mean `{name}`?", short(text)),
            None => format!("`{}` is none of the values in `enum`, which are {}", short(text), listed(all())),
        };
        sink.push_with(check, span_of(value), message, meant.map(ToOwned::to_owned));
    }
}

/// Names in braces and their descriptions: `url` in 2.x, `host` and `pathname` from 3.0 on.
fn variables(server: Node<'_>, sink: &mut Sink) {
    let texts: Vec<_> = ["url", "host", "pathname"].iter().filter_map(|it| server.get(it)).collect();
    let mut all: Vec<&str> = texts.iter().filter_map(|it| it.as_str()).flat_map(names).collect();
    let mut seen = FxHashSet::default();
    all.retain(|it| seen.insert(*it));
    match server.entry("variables") {
        Some(map) if written(map.value).get("$ref").is_none() && !texts.is_empty() => {
            let checks = (UNDEFINED_VARIABLE, UNUSED_VARIABLE);
            Described { names: &all, map, from: None, place: "address", what: "variable", checks }.compare(sink);
        }
        Some(_) => {}
        None if all.is_empty() => {}
        None => {
            let span =
                texts.iter().find(|it| it.as_str().is_some_and(|it| !names(it).is_empty())).map(|it| span_of(*it));
            let message = format!("The server has no `variables` that describe {}", listed(all));
            sink.push(&UNDEFINED_VARIABLE, span.unwrap_or_else(|| place_of(server)), message);
        }
    }
}

fn address(field: &str, value: Node<'_>, text: &str, sink: &mut Sink) {
    if text.contains("{}") {
        sink.push(
            &EMPTY_VARIABLE,
            span_of(value),
            format!("`{}` has braces without a name: name a variable in them", short(text)),
        );
    }
    let (scheme, rest) = text.split_once("://").map_or((None, text), |it| (Some(it.0), it.1));
    let (host, path) = rest.split_once('/').map_or((rest, None), |it| (it.0, Some(it.1)));
    match (field, scheme, path) {
        ("host", Some(scheme), _) => {
            let advice = if path.is_some_and(|it| !it.is_empty()) { ", and the path in `pathname`" } else { "" };
            let message =
                format!("`{}` is no host: the protocol `{}` belongs in `protocol`{advice}", short(text), short(scheme));
            sink.push(&MALFORMED_HOST, span_of(value), message);
        }
        ("host", None, Some(path)) if !path.is_empty() => {
            let message = format!("`{}` is no host: `/{}` belongs in `pathname`", short(text), short(path));
            sink.push(&MALFORMED_HOST, span_of(value), message);
        }
        ("url" | "host", ..) if text.ends_with('/') => {
            let message = format!("`{}` ends with a slash: tools put another one behind it", short(text));
            sink.push_with(
                &SERVER_TRAILING_SLASH,
                span_of(value),
                message,
                text.strip_suffix('/').map(ToOwned::to_owned),
            );
        }
        _ => {}
    }
    let name = host.rsplit('@').next().unwrap_or(host).split(':').next().unwrap_or(host).to_ascii_lowercase();
    if field != "pathname" && (name == "example.com" || name.ends_with(".example.com")) {
        let message = format!("`{}` is a host for examples, where no server answers", short(text));
        sink.push(&EXAMPLE_HOST, span_of(value), message);
    }
}
