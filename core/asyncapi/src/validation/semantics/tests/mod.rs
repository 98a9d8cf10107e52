//! Tests of the checks across a document: what is found, where, and what would mend it.

mod parts;
mod places;

use archwright_syntax::data::{Format, parse};

use crate::validation::{Check, NoDocuments, Severity, checks, validate};

/// What the checks made here find in a text, as `check @ marked text`, with ` -> replacement` where there is one.
/// Advice on good style is left out.
fn found(text: &str) -> Vec<String> {
    all(text, false)
}

/// The advice alone.
fn advice(text: &str) -> Vec<String> {
    all(text, true)
}

fn all(text: &str, is_advice: bool) -> Vec<String> {
    let tree = parse(text, Format::Yaml);
    assert!(tree.errors().is_empty(), "{:?}", tree.errors());
    let is_wanted =
        |name: &str| super::CHECKS.iter().copied().flatten().any(|it| it.name == name && is_style(it) == is_advice);
    let diagnostics = validate(&tree, &NoDocuments).into_iter().filter(|it| is_wanted(it.check));
    let mark = |it: &crate::Diagnostic| it.span.of(text).lines().next().unwrap_or_default().to_owned();
    let replacement =
        |it: &crate::Diagnostic| it.replacement.as_ref().map_or_else(String::new, |it| format!(" -> {it}"));
    diagnostics.map(|it| format!("{} @ {}{}", it.check, mark(&it), replacement(&it))).collect()
}

fn is_style(check: &Check) -> bool {
    check.optional || check.severity == Severity::Hint
}

fn messages(text: &str, check: &str) -> Vec<(Severity, String)> {
    let all = validate(&parse(text, Format::Yaml), &NoDocuments);
    all.into_iter().filter(|it| it.check == check).map(|it| (it.severity, it.message)).collect()
}

const HEAD_2: &str = "asyncapi: 2.6.0\ninfo: { title: Orders, version: 1.0.0 }\n";
const HEAD_3: &str = "asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0.0 }\n";

#[test]
fn security_names_schemes_and_scopes_that_are_there() {
    let text = format!(
        "{HEAD_2}servers:
  main:
    url: broker.shop.example
    protocol: kafka
    security: [{{ key: [] }}, {{ oauth: [orders:read, orders:wriet] }}, {{ kye: [all] }}, {{ open: [any] }}]
channels:
  orders: {{ publish: {{ security: [{{ nothing: [] }}], traits: [{{ security: [{{ kye: [] }}, {{ oauth: [orders:write] }}] }}] }} }}
components:
  securitySchemes:
    kye: {{ type: apiKey, in: user }}
    open: {{ type: openIdConnect, openIdConnectUrl: 'https://shop.example/id' }}
    oauth: {{ $ref: '#/components/securitySchemes/flows' }}
    flows:
      type: oauth2
      flows:
        implicit: {{ authorizationUrl: 'https://shop.example', scopes: {{ orders:read: Read }} }}
        password: {{ tokenUrl: 'https://shop.example', scopes: {{ orders:write: Write }} }}
"
    );
    assert_eq!(
        found(&text),
        [
            "undefined-security-scheme @ key -> kye",
            "undeclared-scope @ orders:wriet -> orders:write",
            "unexpected-scopes @ [all] -> []",
            "undefined-security-scheme @ nothing",
        ]
    );
    let text = format!(
        "{HEAD_3}servers: {{ main: {{ host: shop.example, protocol: kafka, security: [{{ $ref: '#/components/securitySchemes/oauth' }}] }} }}
components:
  securitySchemes:
    oauth: {{ type: oauth2, scopes: [read], flows: {{ implicit: {{ authorizationUrl: 'https://shop.example', availableScopes: {{ raed: Read }} }} }} }}
"
    );
    assert_eq!(found(&text), ["undeclared-scope @ read -> raed"]);
    // Flows that are not described leave it open which scopes there are; flows that are not there have none.
    let scopes = |flows: &str| {
        let scheme = format!("components: {{ securitySchemes: {{ a: {{ type: oauth2{flows} }} }} }}");
        let server = "servers: { main: { url: shop.example, protocol: kafka, security: [{ a: [read] }] } }";
        found(&format!("{HEAD_2}{server}\nchannels: {{}}\n{scheme}\n"))
    };
    assert_eq!((scopes(", flows: {}"), scopes("")), (vec![], vec!["undeclared-scope @ read".to_owned()]));
    let text = format!(
        "{HEAD_3}servers: {{ main: {{ host: shop.example, protocol: kafka, security: [{{ key: [] }}, {{ kyes: [] }}] }} }}
components: {{ securitySchemes: {{ keys: {{ type: plain }}, key: {{ type: plain }} }} }}
"
    );
    assert_eq!(found(&text), ["undefined-security-scheme @ kyes -> keys", "unused-security-scheme @ keys"]);
}

#[test]
fn advice_is_given_where_it_belongs() {
    assert_eq!(
        advice(
            "asyncapi: 2.6.0\ninfo: { contact: { name: Shop }, license: { name: MIT } }\nservers: {}\n\
            channels: { a: { publish: {} } }\n"
        ),
        [
            "missing-tags @ asyncapi",
            "missing-id @ asyncapi",
            "missing-default-content-type @ asyncapi",
            "outdated-version @ 2.6.0",
            "missing-info-description @ info",
            "incomplete-contact @ contact",
            "missing-license-url @ license",
            "missing-servers @ servers",
            "missing-operation-description @ publish",
            "missing-operation-id @ publish",
        ]
    );
    let text = "asyncapi: 3.0.0
id: urn:shop:orders
defaultContentType: application/json
info:
  description: Orders.
  contact: { name: Shop, url: 'https://shop.example', email: team@shop.example }
  license: { name: MIT, url: 'https://shop.example' }
  tags: [{ name: b, description: B. }, { name: a }]
servers: { main: { host: mq.example.com } }
channels: { a: { address: 'a/{b}', parameters: { b: {} } } }
";
    assert_eq!(
        advice(text),
        [
            "outdated-version @ 3.0.0 -> 3.1.0",
            "missing-tag-description @ a",
            "unsorted-tags @ a",
            "example-host @ mq.example.com",
            "missing-parameter-description @ b",
        ]
    );
}

#[test]
fn replacements_keep_the_quotes_of_the_text() {
    let text = "{ \"asyncapi\": \"2.6.0\", \"servers\": { \"main\": {} }, \"channels\": { \"a\": { \"servers\": \
        [\"mian\"] } } }";
    let all = validate(&parse(text, Format::Json), &NoDocuments);
    let replacement = all.iter().find(|it| it.check == "undefined-server").and_then(|it| it.replacement.as_deref());
    assert_eq!(replacement, Some("\"main\""));
    let text = format!(
        "{HEAD_3}channels: {{ c: {{ messages: {{ M: {{ $ref: '#/components/messages/M' }} }} }} }}
operations: {{ o: {{ channel: {{ $ref: '#/channels/c' }}, messages: [{{ $ref: \"#/components/messages/M\" }}] }} }}
components: {{ messages: {{ M: {{}} }} }}
"
    );
    assert_eq!(found(&text), ["foreign-message @ \"#/components/messages/M\" -> \"#/channels/c/messages/M\""]);
}

#[test]
fn references_that_lead_in_circles_end() {
    let text = format!(
        "{HEAD_2}channels: {{ a: {{ $ref: '#/channels/b' }}, b: {{ $ref: '#/channels/a' }}, c: {{ publish: {{ message: {{ oneOf: [{{ $ref: '#/channels/c/publish/message' }}] }}, traits: [{{ $ref: '#/components/operationTraits/t' }}] }} }} }}
components:
  operationTraits: {{ t: {{ $ref: '#/components/operationTraits/t' }} }}
  securitySchemes: {{ s: {{ $ref: '#/components/securitySchemes/s' }} }}
"
    );
    assert_eq!(found(&text), ["unused-security-scheme @ s"]);
}

#[test]
fn long_lists_that_are_aliased_are_looked_at_once() {
    use std::fmt::Write;
    let mut text = format!("{HEAD_3}channels:\n  c: &c\n    address: c\n    messages: &m\n");
    for at in 0..400 {
        let _ = writeln!(text, "      M{at}: {{}}");
    }
    text += "operations:\n  o: { action: send, channel: { $ref: '#/channels/c' }, messages: &all [";
    (0..400).for_each(|_| text += "{ $ref: '#/components/messages/X' }, ");
    text += "] }\n";
    for at in 0..400 {
        let _ = writeln!(text, "  o{at}: {{ action: send, channel: {{ $ref: '#/channels/c' }}, messages: *all }}");
    }
    text += "components: { messages: { X: {} } }\n";
    assert_eq!(found(&text).iter().filter(|it| it.starts_with("foreign-message")).count(), 400);
}

/// Documents that have some of everything.
const WHOLE: [&str; 2] = [
    "asyncapi: 2.6.0
info: { title: Orders, version: 1.0.0 }
servers: { main: { url: '{a}.shop.example/', protocol: kafka, variables: { b: { enum: [x], default: y } }, security: [{ key: [s] }] } }
channels:
  'orders/{id}/': &channel
    parameters: { idd: { location: '$message.payload#/x' } }
    servers: [man]
    publish: { operationId: a, tags: [{ name: a }, { name: a }], message: { oneOf: [{ messageId: m }, { $ref: '#/components/messages/M' }] } }
    subscribe: { operationId: a, traits: [{ $ref: '#/components/operationTraits/t' }] }
  other: *channel
components:
  operationTraits: { t: { security: [{ kye: [] }] } }
  messages: { M: { messageId: m, payload: { type: object, additionalProperties: false, required: [x], minProperties: 2, maxProperties: 1 } } }
",
    "asyncapi: 3.0.0
info: { title: Orders, version: 1.0.0, tags: [{ name: b }, { $ref: '#/components/tags/a' }] }
servers: { main: { $ref: '#/components/servers/main' } }
channels:
  a: { address: 'a.{b}#', servers: [{ $ref: '#/components/servers/main' }], messages: &messages { M: { $ref: '#/components/messages/M' } } }
  b: { address: 'a.{c}#', parameters: { d: { enum: [x], examples: [y] } }, messages: *messages }
operations:
  o:
    action: send
    channel: { $ref: '#/channels/a' }
    messages: [{ $ref: '#/components/messages/M' }]
    reply: { address: { location: '$message.header#/a' }, channel: { $ref: '#/components/channels/c' } }
components:
  servers: { main: { host: 'mqtt://x.example.com', protocol: mqtt } }
  channels: { c: { address: c } }
  tags: { a: { name: a } }
  messages: { M: { headers: { type: string }, correlationId: { location: '$message.payload#/q' }, payload: { discriminator: z, enum: [1], type: string } } }
",
];

proptest::proptest! {
    /// Whatever is cut out of a document or written into it, the checks come to an end, and point into the text.
    #[test]
    fn spoilt_documents_are_checked(which in 0_usize..2, from in 0_usize..1_800, length in 0_usize..200, with in "[ \
        a-z{}\\[\\]:,*&#'$\\n-]{0,6}") {
        let text = WHOLE[which];
        let from = from.min(text.len());
        let end = (from + length).min(text.len());
        let text = format!("{}{with}{}", &text[..from], &text[end..]);
        let tree = parse(text.as_str(), Format::Yaml);
        for it in validate(&tree, &NoDocuments) {
            proptest::prop_assert!(text.get(it.span.start as usize..it.span.end as usize).is_some(), "{it:?}");
            proptest::prop_assert!(!it.message.is_empty());
        }
    }
}

#[test]
fn whole_documents_show_what_is_said() {
    let said = |text: &str| -> String {
        let tree = parse(text, Format::Yaml);
        let all = validate(&tree, &NoDocuments);
        let wanted = all.iter().filter(|it| checks().iter().any(|check| check.name == it.check && !is_style(check)));
        wanted.map(|it| format!("{:?} {}: {}", it.severity, it.check, it.message)).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(WHOLE.map(said).join("\n\n"));
}
