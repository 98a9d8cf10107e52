//! Tests of parts that others refer to or look up: schemas, components, tags and identities.

use super::{HEAD_2, HEAD_3, found, messages};
use crate::validation::Severity;

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
        [(
            Severity::Error,
            "`a` is the `messageId` of a message under `publish` of `a` already: give this message its own".to_owned()
        )]
    );
}

#[test]
fn tags_have_different_names() {
    let text = format!(
        "{HEAD_2}tags: [{{ name: a }}, {{ name: b }}, {{ name: a, description: Again. }}, {{ name: a }}]\n\
        channels: {{}}\n"
    );
    assert_eq!(found(&text), ["duplicate-tag @ a", "duplicate-tag @ a"]);
    let text = "asyncapi: 3.0.0
info: { title: Orders, version: 1.0.0, tags: [{ name: a, description: One. }, { $ref: '#/components/tags/a' }, { $ref: '#/components/tags/a' }] }
components: { tags: { a: { name: a } } }
";
    let severities: Vec<_> = messages(text, "duplicate-tag").iter().map(|it| it.0).collect();
    assert_eq!(severities, [Severity::Warning, Severity::Error]);
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
        "{HEAD_2}channels: {{ a: {{ publish: {{ security: [{{ used: [] }}] }} }} }}\n\
        components: {{ securitySchemes: {{ used: {{ type: plain }} }} }}\n"
    );
    assert_eq!(found(&text), [""; 0]);
}
