//! Security: the schemes and scopes that servers and operations ask for.

use archwright_syntax::data::{Entry, Kind, Node};

use super::super::{Check, Sink, span_of};
use super::addresses::short;
use super::subject::{Subject, entries, items};
use super::{error, instead};

const UNDEFINED_SECURITY_SCHEME: Check = error(
    "undefined-security-scheme",
    "A security requirement names a scheme that `components.securitySchemes` does not have.",
    &[
        "asyncapi2-server-security",
        "asyncapi2-operation-security",
        "asyncapi-server-security",
        "asyncapi-operation-security",
        "asyncapi-3-operation-security",
    ],
);
const UNDECLARED_SCOPE: Check = error(
    "undeclared-scope",
    "A scope that is asked for is none of the scheme's flows.",
    UNDEFINED_SECURITY_SCHEME.same_as,
);
const UNEXPECTED_SCOPES: Check =
    error("unexpected-scopes", "A scheme that is neither OAuth 2.0 nor OpenID Connect is asked for scopes.", &[]);

pub(super) const CHECKS: &[Check] = &[UNDEFINED_SECURITY_SCHEME, UNDECLARED_SCOPE, UNEXPECTED_SCOPES];

/// The flows of OAuth 2.0, as the OAuth Flows Object names them.
const FLOWS: [&str; 4] = ["implicit", "password", "clientCredentials", "authorizationCode"];

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    if subject.is_2() {
        subject.all("securityRequirement").for_each(|it| requirement(subject, it, sink));
        return;
    }
    // From 3.0 on the scopes that are needed stand in the scheme itself.
    for scheme in subject.all("securityScheme") {
        if let Some(scopes) = scheme.get("scopes") {
            // No tool looks at them.
            declared(scheme, scopes, &UNDECLARED_SCOPE.lenient(), sink);
        } else if scheme.get("type").is_none() && scheme.entries().all(|it| it.value.kind() == Kind::Sequence) {
            // It is written as in 2.x, which is told as such; the names in there are looked up all the same.
            requirement(subject, scheme, sink);
        }
    }
}

/// The schemes of a requirement (2.6.0, Security Requirement Object).
fn requirement<'t>(subject: &Subject<'t>, requirement: Node<'t>, sink: &mut Sink) {
    for entry in entries(requirement).filter(|it| !it.merged) {
        named(subject, entry, sink);
    }
}

/// A scheme by its name, and the scopes that it must grant.
fn named<'t>(subject: &Subject<'t>, entry: Entry<'t>, sink: &mut Sink) {
    let names = || subject.components("securitySchemes").map(|it| it.key);
    let schemes = subject.root.get("components").and_then(|it| it.get("securitySchemes"));
    let Some(scheme) = schemes.and_then(|it| it.get(entry.key)) else {
        let meant = sink.nearest(entry.key, names());
        let message = format!(
            "`{}` is no security scheme of the components{}",
            short(entry.key),
            instead(meant, "security schemes", names())
        );
        return sink.push_with(&UNDEFINED_SECURITY_SCHEME, entry.key_span, message, meant.map(ToOwned::to_owned));
    };
    let Some(scheme) = subject.body(scheme) else { return };
    match scheme.get("type").and_then(Node::as_str) {
        Some("oauth2") => declared(scheme, entry.value, &UNDECLARED_SCOPE, sink),
        // Which scopes there are is found out at run time.
        Some("openIdConnect") | None => {}
        Some(kind) if !entry.value.is_empty() => {
            let message = format!("A scheme of the type `{}` has no scopes: the list must be empty", short(kind));
            let replacement = Some("[]".to_owned());
            sink.push_with(&UNEXPECTED_SCOPES, entry.value.span(), message, replacement);
        }
        Some(_) => {}
    }
}

/// Whether scopes are among those of the flows of a scheme.
fn declared<'t>(scheme: Node<'t>, scopes: Node<'t>, check: &Check, sink: &mut Sink) {
    if scheme.get("type").and_then(Node::as_str) != Some("oauth2") {
        return;
    }
    let flows = || FLOWS.iter().filter_map(|it| scheme.get("flows")?.get(it)).filter_map(scopes_of);
    // Where no flow is described, the scopes are found out elsewhere. A reference is no flow, but there are those who
    // write it.
    let has_none = scheme.get("flows").is_some_and(|it| it.is_null() || (it.kind() == Kind::Mapping && it.is_empty()));
    if has_none || flows().any(|it| it.get("$ref").is_some()) {
        return;
    }
    let is_known = |scope: &str| flows().any(|it| it.entry(scope).is_some());
    for scope in items(scopes) {
        let Some(text) = scope.scalar().filter(|it| !scope.is_null() && !is_known(it)) else { continue };
        let all = || flows().flat_map(Node::entries).map(|it| it.key);
        let meant = sink.nearest(text, all());
        let message =
            format!("No flow of the scheme has the scope `{}`{}", short(text), instead(meant, "scopes", all()));
        sink.push_with(check, span_of(scope), message, meant.map(ToOwned::to_owned));
    }
}

/// The scopes that a flow declares: `scopes` in 2.x, `availableScopes` from 3.0 on.
fn scopes_of(flow: Node<'_>) -> Option<Node<'_>> {
    flow.get("scopes").or_else(|| flow.get("availableScopes"))
}
