//! Security: the schemes and scopes that servers and operations ask for.

use archwright_syntax::data::{Entry, Kind, Node};

use super::super::{Check, Sink, span_of};
use super::addresses::short;
use super::subject::{Subject, entries, items};
use super::{error, instead, note};

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

const PLAINTEXT_CREDENTIALS: Check =
    note("plaintext-credentials", "A server takes passwords or keys over a protocol that encrypts nothing.", &[]);

pub(super) const CHECKS: &[Check] =
    &[UNDEFINED_SECURITY_SCHEME, UNDECLARED_SCOPE, UNEXPECTED_SCOPES, PLAINTEXT_CREDENTIALS];

/// Protocols that encrypt nothing, and what the specification calls them with encryption (Server Object, `protocol`).
const PLAINTEXT: [(&str, &str); 7] = [
    ("amqp", "amqps"),
    ("http", "https"),
    ("kafka", "kafka-secure"),
    ("mqtt", "secure-mqtt"),
    ("mqtt5", "secure-mqtt"),
    ("stomp", "stomps"),
    ("ws", "wss"),
];

/// The kinds of schemes that send what must stay secret as it is (Security Scheme Object, `type`).
const SENDS_SECRET: [&str; 5] = ["userPassword", "apiKey", "plain", "http", "httpApiKey"];

/// Words in names, addresses and descriptions of servers that nobody outside reaches, or that are encrypted anyhow.
const HARMLESS: [&str; 13] = [
    "localhost",
    "127.0.0.1",
    "local",
    "dev",
    "development",
    "test",
    "testing",
    "mock",
    "docker",
    "tls",
    "ssl",
    "sandbox",
    "encrypted",
];

/// Ports at which brokers listen with encryption (IANA; 9093 is usual for Kafka).
const ENCRYPTED_PORTS: [&str; 6] = ["443", "8443", "5671", "8883", "9093", "61614"];

/// The flows of OAuth 2.0, as the OAuth Flows Object names them.
const FLOWS: [&str; 4] = ["implicit", "password", "clientCredentials", "authorizationCode"];

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    subject.section("servers").for_each(|it| plaintext(subject, it, sink));
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

/// A server that takes secrets over a protocol without encryption.
fn plaintext<'t>(subject: &Subject<'t>, server: Entry<'t>, sink: &mut Sink) {
    let Some(body) = subject.body(server.value) else { return };
    let Some(protocol) = body.get("protocol").filter(|it| it.as_str().is_some()) else { return };
    let said = protocol.as_str().unwrap_or_default().to_ascii_lowercase();
    let Some((_, encrypted)) = PLAINTEXT.iter().find(|it| it.0 == said) else { return };
    let texts = ["url", "host", "description", "title", "summary"].into_iter().filter_map(|it| body.get(it)?.as_str());
    let is_harmless = |text: &str| {
        let text = text.to_ascii_lowercase();
        let words = || text.split(|it: char| !it.is_ascii_alphanumeric() && it != '.').flat_map(|it| it.split('.'));
        text.contains("127.0.0.1") || words().any(|it| HARMLESS.contains(&it) || ENCRYPTED_PORTS.contains(&it))
    };
    // An address with another protocol is a contradiction of another kind.
    let is_other = |text: &str| text.split_once("://").is_some_and(|it| !it.0.eq_ignore_ascii_case(&said));
    if texts.chain([server.key]).any(|it| is_harmless(it) || is_other(it)) || body.get("variables").is_some() {
        return;
    }
    let schemes = subject.root.get("components").and_then(|it| it.get("securitySchemes"));
    let scheme_of = |it: Node<'t>| -> Vec<Node<'t>> {
        if subject.is_2() {
            entries(it).filter_map(|it| schemes?.get(it.key)).filter_map(|it| subject.body(it)).collect()
        } else {
            subject.body(it).into_iter().collect()
        }
    };
    let asked: Vec<Node<'_>> = body.get("security").into_iter().flat_map(items).flat_map(scheme_of).collect();
    let kind = |it: &Node<'t>| it.get("type").and_then(Node::as_str);
    // Certificates of clients are a part of encryption.
    let says_encrypted = |it: &Node<'t>| {
        let texts = it.as_entry().map(|it| it.key).into_iter();
        texts.chain(it.get("description").and_then(Node::as_str)).any(is_harmless)
    };
    let is_secret = |it: &Node<'t>| kind(it).is_some_and(|it| SENDS_SECRET.contains(&it)) && !says_encrypted(it);
    if !asked.is_empty() && asked.iter().all(is_secret) {
        let message = format!(
            "Passwords or keys for the server `{}` go over `{said}`, which encrypts nothing: use `{encrypted}`",
            short(server.key)
        );
        sink.push(&PLAINTEXT_CREDENTIALS, span_of(protocol), message);
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
