//! Tests of the checks across a document: what is found, where, and what would mend it.

use archwright_syntax::data::{Format, parse};

use crate::validation::{NoDocuments, Severity, checks, validate};

/// What the checks made here find in a text, as `check @ marked text`, with ` -> replacement` where there is one. Advice that
/// is off unless somebody asks for it is left out.
fn found(text: &str) -> Vec<String> {
    all(text, false)
}

/// The advice alone.
fn advice(text: &str) -> Vec<String> {
    all(text, true)
}

fn all(text: &str, optional: bool) -> Vec<String> {
    let tree = parse(text, Format::Yaml);
    assert!(tree.errors().is_empty(), "{:?}", tree.errors());
    let known = checks();
    let of_here = |name: &str| super::CHECKS.iter().copied().flatten().any(|it| it.name == name);
    let is_wanted = |name: &str| of_here(name) && known.iter().any(|it| it.name == name && it.optional == optional);
    let diagnostics = validate(&tree, &NoDocuments).into_iter().filter(|it| is_wanted(it.check));
    let mark = |it: &crate::Diagnostic| it.span.of(text).lines().next().unwrap_or_default().to_owned();
    let replacement = |it: &crate::Diagnostic| it.replacement.as_ref().map_or_else(String::new, |it| format!(" -> {it}"));
    diagnostics.map(|it| format!("{} @ {}{}", it.check, mark(&it), replacement(&it))).collect()
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
}

#[test]
fn server_addresses_and_their_variables() {
    let text = format!(
        "{HEAD_3}servers:
  one: {{ host: '{{region}}.shop.example', pathname: '/{{stage}}', protocol: mqtt, variables: {{ regoin: {{}}, idle: {{}}, stage: {{ enum: [a, b], default: c, examples: [a, d] }} }} }}
  two: {{ host: 'mqtts://shop.example/a', protocol: mqtt }}
  three: {{ host: 'shop.example/', protocol: mqtt }}
  four: {{ host: '{{region}}.{{}}.shop.example', protocol: mqtt }}
  five: {{ host: 'shop.example/a', protocol: mqtt }}
"
    );
    assert_eq!(
        found(&text),
        [
            "unused-variable @ regoin -> region",
            "unused-variable @ idle",
            "default-outside-enum @ c",
            "example-outside-enum @ d",
            "malformed-host @ 'mqtts://shop.example/a'",
            "server-trailing-slash @ 'shop.example/' -> 'shop.example'",
            "undefined-variable @ '{region}.{}.shop.example'",
            "empty-variable @ '{region}.{}.shop.example'",
            "malformed-host @ 'shop.example/a'",
        ]
    );
    let text = format!("{HEAD_2}channels: {{}}\nservers: {{ a: {{ url: 'x.{{b}}.{{c}}', protocol: mqtt, variables: {{ b: {{}} }} }} }}");
    assert_eq!(found(&text), ["undefined-variable @ variables"]);
}

#[test]
fn channels_of_2() {
    let text = format!(
        "{HEAD_2}servers: {{ main: {{ url: shop.example, protocol: kafka }} }}
channels:
  'a/{{x}}/{{y}}': {{ servers: [main, mian, other], parameters: {{ x: {{}}, z: {{}} }} }}
  'b/{{x}}': {{ $ref: '#/components/channels/b' }}
  'c/{{x}}/': {{}}
  'd?q=1': {{ parameters: {{ q: {{}} }} }}
  'c/{{other}}/': {{}}
  'e#f': {{}}
components:
  channels: {{ b: {{ parameters: {{ wrong: {{}} }} }} }}
"
    );
    assert_eq!(
        found(&text),
        [
            "undefined-server @ mian -> main",
            "undefined-server @ other",
            "undefined-parameter @ parameters",
            "unused-parameter @ z",
            "unused-parameter @ 'b/{x}'",
            "undefined-parameter @ 'b/{x}'",
            "channel-trailing-slash @ 'c/{x}/' -> 'c/{x}'",
            "undescribed-parameter @ 'c/{x}/'",
            "address-with-query @ 'd?q=1'",
            "unused-parameter @ q",
            "channel-trailing-slash @ 'c/{other}/' -> 'c/{other}'",
            "duplicate-address @ 'c/{other}/'",
            "undescribed-parameter @ 'c/{other}/'",
            "address-with-query @ 'e#f'",
        ]
    );
    assert_eq!(
        messages(&text, "undefined-server"),
        [
            (Severity::Error, "`mian` is no server of the document: did you mean `main`?".to_owned()),
            (Severity::Error, "`other` is no server of the document: the servers are `main`".to_owned())
        ]
    );
    // Without a parameter in the address no tool minds.
    assert_eq!(messages(&text, "unused-parameter").last().map(|it| it.0), Some(Severity::Warning));
}

#[test]
fn channels_of_3() {
    let text = format!(
        "{HEAD_3}servers:
  main: {{ $ref: '#/components/servers/main' }}
  side: {{ host: shop.example, protocol: kafka }}
channels:
  a: {{ address: 'orders.{{region}}', parameters: {{ region: {{ enum: [eu], default: us }}, zone: {{}} }} }}
  b: {{ address: 'orders.{{zone}}', parameters: {{ zone: {{}} }}, servers: [{{ $ref: '#/components/servers/main' }}] }}
  c: {{ address: 'orders.{{}}', servers: [{{ $ref: '#/servers/side' }}] }}
  d: {{ address: null, parameters: {{ x: {{}} }} }}
  'e?f': {{}}
  g: {{ address: 'g#h/', servers: [{{ $ref: '#/servers/side' }}] }}
  i: {{ address: g#h/, servers: [{{ $ref: '#/servers/main' }}] }}
  j: {{ address: 'j.{{k}}', servers: [{{ $ref: './servers.yaml#/main' }}] }}
components: {{ servers: {{ main: {{ host: shop.example, protocol: kafka }} }} }}
"
    );
    assert_eq!(
        found(&text),
        [
            "default-outside-enum @ us",
            "unused-parameter @ zone",
            "duplicate-address @ 'orders.{zone}'",
            "server-outside-root @ '#/components/servers/main' -> '#/servers/main'",
            "empty-parameter @ 'orders.{}'",
            "duplicate-address @ 'orders.{}'",
            "unused-parameter @ x",
            "address-with-query @ 'e?f'",
            "address-with-query @ 'g#h/'",
            "channel-trailing-slash @ 'g#h/' -> 'g#h'",
            "address-with-query @ g#h/",
            "channel-trailing-slash @ g#h/ -> g#h",
            "undescribed-parameter @ 'j.{k}'",
            "server-outside-root @ './servers.yaml#/main'",
        ]
    );
}

#[test]
fn several_channels_may_share_a_connection() {
    let text = format!(
        "{HEAD_3}servers: {{ main: {{ host: shop.example, protocol: wss }} }}\nchannels: {{ a: {{ address: /v1 }}, b: {{ address: /v1 }} }}\n"
    );
    assert_eq!(found(&text), [""; 0]);
}

#[test]
fn operations_are_about_messages_of_their_channel() {
    let text = format!(
        "{HEAD_3}channels:
  orders: {{ $ref: '#/components/channels/orders' }}
  answers: {{ address: answers, messages: {{ Done: {{ $ref: '#/components/messages/Done' }} }} }}
operations:
  a: {{ action: send, channel: {{ $ref: '#/channels/orders' }}, messages: [{{ $ref: '#/channels/orders/messages/Placed' }}] }}
  b: {{ action: send, channel: {{ $ref: '#/channels/orders' }}, messages: [{{ $ref: '#/components/messages/Placed' }}] }}
  c:
    action: send
    channel: {{ $ref: '#/components/channels/orders' }}
    messages: [{{ $ref: '#/channels/answers/messages/Done' }}, {{ $ref: './other.yaml#/messages/X' }}]
    reply: {{ address: {{ location: '$message.header#/to' }}, channel: {{ $ref: '#/channels/answers' }}, messages: [{{ $ref: '#/components/messages/Done' }}] }}
  d: {{ action: send, channel: {{ $ref: './other.yaml#/channels/x' }}, messages: [{{ $ref: './other.yaml#/channels/x/messages/X' }}, {{ $ref: '#/components/messages/Done' }}] }}
  e: {{ action: send, channel: {{ $ref: './channel.yaml' }} }}
components:
  channels: {{ orders: {{ address: orders, messages: {{ Placed: {{ $ref: '#/components/messages/Placed' }} }} }} }}
  messages: {{ Placed: {{}}, Done: {{}} }}
"
    );
    assert_eq!(
        found(&text),
        [
            "foreign-message @ '#/components/messages/Placed' -> '#/channels/orders/messages/Placed'",
            "channel-outside-root @ '#/components/channels/orders' -> '#/channels/orders'",
            "foreign-message @ '#/channels/answers/messages/Done'",
            "foreign-message @ './other.yaml#/messages/X'",
            "conflicting-reply-address @ address",
            "foreign-message @ '#/components/messages/Done' -> '#/channels/answers/messages/Done'",
            "foreign-message @ '#/components/messages/Done'",
            "channel-outside-root @ './channel.yaml'",
        ]
    );
    // No tool looks at replies.
    let severities: Vec<_> = messages(&text, "foreign-message").iter().map(|it| it.0).collect();
    assert_eq!(severities, [Severity::Error, Severity::Error, Severity::Error, Severity::Warning, Severity::Error]);
}

#[test]
fn identities_are_unique_among_what_is_used() {
    let text = format!(
        "{HEAD_2}channels:
  a: {{ publish: {{ operationId: one, message: {{ $ref: '#/components/messages/A' }} }} }}
  b: {{ publish: {{ operationId: own, traits: [{{ $ref: '#/components/operationTraits/t' }}], message: {{ $ref: '#/components/messages/A' }} }} }}
  c: {{ subscribe: {{ operationId: one, message: {{ oneOf: [{{ messageId: a }}, {{ $ref: '#/components/messages/A' }}, {{ messageId: b }}] }} }} }}
  d: {{ subscribe: {{ traits: [{{ $ref: '#/components/operationTraits/t' }}] }}, publish: {{ operationId: own }} }}
  e: {{ $ref: '#/components/channels/e' }}
components:
  channels: {{ e: {{ publish: {{ operationId: own }} }}, unused: {{ publish: {{ operationId: one }} }} }}
  operationTraits: {{ t: {{ operationId: two }} }}
  messages: {{ A: {{ messageId: a }}, Unused: {{ messageId: a }} }}
"
    );
    let mut found = found(&text);
    found.retain(|it| it.contains("duplicate"));
    assert_eq!(
        found,
        [
            "duplicate-operation-id @ one",
            "duplicate-message-id @ a",
            "duplicate-operation-id @ '#/components/operationTraits/t'",
            "duplicate-operation-id @ own",
        ]
    );
    assert_eq!(
        messages(&text, "duplicate-message-id"),
        [(Severity::Error, "`a` is the `messageId` of a message under `publish` of `a` already: give this message its own".to_owned())]
    );
}

#[test]
fn tags_have_different_names() {
    let text = format!("{HEAD_2}tags: [{{ name: a }}, {{ name: b }}, {{ name: a, description: Again. }}, {{ name: a }}]\nchannels: {{}}\n");
    assert_eq!(found(&text), ["duplicate-tag @ a", "duplicate-tag @ a"]);
    let text = "asyncapi: 3.0.0
info: { title: Orders, version: 1.0.0, tags: [{ name: a, description: One. }, { $ref: '#/components/tags/a' }, { $ref: '#/components/tags/a' }] }
components: { tags: { a: { name: a } } }
";
    let severities: Vec<_> = messages(text, "duplicate-tag").iter().map(|it| it.0).collect();
    assert_eq!(severities, [Severity::Warning, Severity::Error]);
}

#[test]
fn locations_lead_into_the_schema() {
    let text = format!(
        "{HEAD_3}channels:
  orders:
    address: 'orders.{{region}}'
    parameters: {{ region: {{ location: '$message.payload#/region/code' }} }}
    messages: {{ Placed: {{ $ref: '#/components/messages/Placed' }}, Open: {{ $ref: '#/components/messages/Open' }} }}
  closed:
    address: 'closed.{{region}}'
    parameters: {{ region: {{ location: '$message.payload#/region/code' }} }}
    messages: {{ Placed: {{ $ref: '#/components/messages/Placed' }} }}
components:
  messages:
    Open: {{ payload: {{ type: object }} }}
    Placed:
      correlationId: {{ location: '$message.header#/corelation' }}
      headers: {{ type: object, additionalProperties: false, properties: {{ correlation: {{ type: string }} }} }}
      payload: {{ type: object, properties: {{ region: {{ type: string }} }} }}
    Other:
      correlationId: {{ location: '$message.payload#/id' }}
      payload: {{ schemaFormat: application/vnd.apache.avro, schema: {{ type: long }} }}
"
    );
    let mut found = found(&text);
    found.retain(|it| it.contains("location"));
    assert_eq!(
        found,
        [
            "unresolved-location @ '$message.payload#/region/code'",
            "unresolved-location @ '$message.header#/corelation' -> '$message.header#/correlation'",
        ]
    );
}

#[test]
fn schemas_that_say_less_than_they_seem_to() {
    let text = format!(
        "{HEAD_3}components:
  schemas:
    A: {{ additionalProperties: false, required: [a, idd], properties: {{ id: {{}}, b: {{}} }} }}
    B: {{ required: [far, nmae], properties: {{ name: {{}} }} }}
    C: {{ allOf: [{{ required: [nmae], properties: {{ name: {{}} }} }}] }}
    D: {{ type: string, enum: [a, true, 1, null] }}
    E: {{ type: [integer, 'null'], enum: [1, 2.0, null, 2.5], const: x }}
    F: {{ minLength: 3, maxLength: 2, minimum: 1, maximum: 0 }}
    G: {{ minimum: 1, exclusiveMinimum: 0, exclusiveMaximum: 5, maximum: 5 }}
    H: {{ exclusiveMinimum: 1, maximum: 1 }}
    I: {{ discriminator: kind, properties: {{ kind: {{}} }} }}
    J: {{ discriminator: knid, properties: {{ kind: {{}} }} }}
    K: {{ discriminator: kind, required: [kind], properties: {{ kind: {{}} }} }}
"
    );
    let mut found = found(&text);
    found.retain(|it| !it.contains("unused"));
    assert_eq!(
        found,
        [
            "undefined-required-property @ a",
            "undefined-required-property @ idd -> id",
            "undefined-required-property @ nmae -> name",
            "mismatched-enum-value @ true -> \"true\"",
            "mismatched-enum-value @ 1 -> \"1\"",
            "mismatched-enum-value @ null",
            "mismatched-enum-value @ 2.5",
            "mismatched-enum-value @ x",
            "impossible-range @ 2",
            "impossible-range @ 0",
            "redundant-bound @ exclusiveMinimum",
            "redundant-bound @ maximum",
            "impossible-range @ 1",
            "undefined-discriminator @ kind",
            "undefined-discriminator @ knid -> kind",
        ]
    );
}

#[test]
fn components_are_used_from_outside() {
    let text = format!(
        "{HEAD_3}channels: {{ a: {{ messages: {{ M: {{ $ref: '#/components/messages/M' }} }} }} }}
x-more: {{ $ref: '#/components/schemas/ByExtension' }}
components:
  messages: {{ M: {{ payload: {{ $ref: '#/components/schemas/Base' }} }}, N: {{ payload: {{ $ref: '#/components/schemas/OfUnused' }} }} }}
  schemas:
    Base: {{ discriminator: kind, required: [kind], properties: {{ kind: {{}}, x: {{ $ref: '#/components/schemas/Wide/properties/y' }} }} }}
    Subtype: {{ allOf: [{{ $ref: '#/components/schemas/Base' }}] }}
    Wide: {{ properties: {{ y: {{}} }} }}
    OfUnused: {{}}
    Tree: {{ items: {{ $ref: '#/components/schemas/Tree' }} }}
    Left: {{ items: {{ $ref: '#/components/schemas/Right' }} }}
    Right: {{ items: {{ $ref: '#/components/schemas/Left' }} }}
    ByExtension: {{ items: &item {{ type: string }}, not: *item }}
    ByAlias: &alias {{ type: string }}
    User: {{ items: *alias }}
  securitySchemes: {{ idle: {{ type: plain }} }}
  x-notes: {{ one: {{}}, two: {{}} }}
  x-messages: {{ Old: {{}} }}
"
    );
    assert_eq!(
        found(&text),
        [
            "unused-component @ N",
            "unused-component @ Tree",
            "unused-component @ Left",
            "unused-component @ Right",
            "unused-component @ User",
            "unused-security-scheme @ idle",
            "unused-component @ Old",
        ]
    );
    let text = format!(
        "{HEAD_2}channels: {{ a: {{ publish: {{ security: [{{ used: [] }}] }} }} }}\ncomponents: {{ securitySchemes: {{ used: {{ type: plain }} }} }}\n"
    );
    assert_eq!(found(&text), [""; 0]);
}

#[test]
fn advice_is_given_where_it_belongs() {
    assert_eq!(
        advice(
            "asyncapi: 2.6.0\ninfo: { contact: { name: Shop }, license: { name: MIT } }\nservers: {}\nchannels: { a: { publish: {} } }\n"
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
    let text = "{ \"asyncapi\": \"2.6.0\", \"servers\": { \"main\": {} }, \"channels\": { \"a\": { \"servers\": [\"mian\"] } } }";
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
