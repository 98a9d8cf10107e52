//! Tests of the conversion.

use archwright_syntax::data::Format;
use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

const FIXTURE: &str = include_str!("fixture.yaml");

fn converted(text: &str) -> String {
    to_v3(text, Format::Yaml).unwrap().text
}

fn errors(text: &str) -> Vec<String> {
    validate(&parse(text, Format::Yaml), &NoDocuments)
        .into_iter()
        .filter(|it| it.severity == Severity::Error)
        .map(|it| it.message)
        .collect()
}

#[test]
fn a_document_is_converted_and_keeps_its_comments() {
    let converted = to_v3(FIXTURE, Format::Yaml).unwrap();
    assert_eq!((errors(FIXTURE), errors(&converted.text)), (vec![], vec![]));
    let missing: Vec<_> =
        FIXTURE.lines().filter_map(|it| it.split_once("# ")).filter(|it| !converted.text.contains(it.1)).collect();
    assert_eq!(missing, []);
    assert_snapshot!("document", converted.text);
    let notes: Vec<_> = converted.notes.iter().map(|it| format!("{}: {}", it.span.of(FIXTURE), it.message)).collect();
    assert_snapshot!("notes", notes.join("\n"));
}

#[test]
fn line_endings_stay() {
    let windows = FIXTURE.replace('\n', "\r\n");
    assert_eq!(converted(&windows).replace("\r\n", "\n"), converted(FIXTURE));
    assert_eq!(converted(&windows).matches('\n').count(), converted(&windows).matches("\r\n").count());
}

#[test]
fn json_stays_json_in_its_own_manner() {
    let text = r##"{
    "asyncapi": "2.6.0",
    "info": { "title": "Orders", "version": "1.0.0" },
    "channels": {
        "placed": {
            "x-team": ["a",
                "b"],
            "publish": {
                "message": { "$ref": "#/components/messages/Placed" }
            }
        }
    },
    "components": {
        "messages": {
            "Placed": {
                "messageId": "placed",
                "payload": {
                    "type": "object"
                }
            }
        }
    }
}
"##;
    assert_snapshot!("json", to_v3(text, Format::Json).unwrap().text);
    let compact = r#"{"asyncapi":"2.0.0","info":{"title":"a","version":"1"},"channels":{"a":{"publish":{}}}}"#;
    assert_eq!(
        to_v3(compact, Format::Json).unwrap().text,
        r##"{"asyncapi":"3.0.0","info":{"title":"a","version":"1"},"channels":{"a":{"address":"a"}},"operations":{"a.publish":{"action":"receive","channel":{"$ref":"#/channels/a"}}}}"##
    );
}

const HEAD: &str = "asyncapi: 2.6.0\ninfo:\n  title: a\n  version: '1'\n";

#[test]
fn a_component_that_is_several_messages_becomes_these() {
    let text = format!(
        "{HEAD}channels:\n  a:\n    publish:\n      message:\n        $ref: '#/components/messages/All'\n\
        components:\n  messages:\n    All:\n      oneOf:\n        - $ref: '#/components/messages/One'\n        - \
        payload:\n            type: string\n    One:\n      messageId: first\n"
    );
    let converted = converted(&text);
    assert_eq!(errors(&converted), [] as [&str; 0]);
    assert_snapshot!("several", converted);
}

#[test]
fn channels_of_components_get_the_address_of_their_only_user() {
    let component =
        "components:\n  channels:\n    shared:\n      subscribe:\n        operationId: tell\n        message: {}\n";
    let one = converted(&format!("{HEAD}channels:\n  a/b:\n    $ref: '#/components/channels/shared'\n{component}"));
    assert_eq!(errors(&one), [] as [&str; 0]);
    assert_snapshot!("one_user", one);
    let two = converted(&format!(
        "{HEAD}channels:\n  a/b:\n    $ref: '#/components/channels/shared'\n  c:\n    $ref: \
        '#/components/channels/shared'\n{component}"
    ));
    assert_eq!(errors(&two), [] as [&str; 0]);
    assert_snapshot!("two_users", two);
    let none = converted(&format!("{HEAD}channels: {{}}\n{component}"));
    assert!(none.contains("address: null") && none.contains("tell:\n      action: send"), "{none}");
}

#[test]
fn aliases_are_written_out_where_their_anchors_would_come_later() {
    let text = format!(
        "{HEAD}x-base: &base\n  summary: s\nchannels:\n  a:\n    subscribe: &tell\n      <<: *base\n      message: \
        &message {{ name: M, payload: &p {{ type: object }} }}\n  b:\n    publish: *tell\n    subscribe:\n      \
        message: {{ name: N, payload: *p }}\n"
    );
    let converted = converted(&text);
    assert!(parse(converted.as_str(), Format::Yaml).errors().is_empty(), "{converted}");
    assert_eq!((errors(&text), errors(&converted)), (vec![], vec![]), "{converted}");
    assert_eq!(converted.matches("type: object").count(), 3, "{converted}");
    assert_eq!(converted.matches("summary: s").count(), 3, "{converted}");
}

#[test]
fn what_3_0_has_no_place_for_is_told() {
    let text = format!(
        "{HEAD}channels:\n  a:\n    $ref: ./other.yaml\n  b:\n    deprecated: true\n    parameters: {{ c: {{}} }}\n"
    );
    let converted = to_v3(&text, Format::Yaml).unwrap();
    let notes: Vec<_> = converted.notes.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        notes,
        [
            "`./other.yaml` is another file and stays as it is: convert what it holds, too",
            "channels cannot be deprecated in 3.0: kept as `x-deprecated`",
            "the address has no `c`, so this parameter stands for nothing: left out"
        ]
    );
}

#[test]
fn references_in_the_place_of_bindings_are_written_out() {
    let text = format!(
        "{HEAD}channels:\n  a:\n    publish:\n      bindings:\n        kafka:\n          $ref: \
         '#/components/operationBindings/shared/kafka'\ncomponents:\n  operationBindings:\n    shared:\n      \
         kafka:\n        groupId: {{ type: string }} # one for all\n        bindingVersion: 0.3.0\n"
    );
    let converted = to_v3(&text, Format::Yaml).unwrap();
    let written = "      kafka:\n        groupId: { type: string } # one for all\n        bindingVersion: 0.3.0\n";
    assert_eq!(converted.text.matches(written).count(), 2, "{}", converted.text);
    let notes: Vec<_> = converted.notes.iter().map(|it| it.message.as_str()).collect();
    let expected = "bindings of a protocol are no references in 3.0: `/operations/a.publish/bindings/kafka` has what \
        `#/components/operationBindings/shared/kafka` leads to";
    assert_eq!(notes, [expected]);
    // What another file has is told as before.
    let text = text.replace("'#/components", "'./shared.yaml#/components");
    let converted = to_v3(&text, Format::Yaml).unwrap();
    assert!(converted.text.contains("$ref: './shared.yaml#/components"), "{}", converted.text);
}

#[test]
fn settings_of_old_bindings_are_left_out() {
    let text = format!(
        "{HEAD}channels:\n  a:\n    publish:\n      bindings:\n        http:\n          type: request\n          \
        method: GET # read\n      message: {{}}\n"
    );
    assert_eq!(errors(&text), [] as [&str; 0]);
    let converted = to_v3(&text, Format::Yaml).unwrap();
    assert_eq!(errors(&converted.text), [] as [&str; 0]);
    assert!(
        converted.text.contains("        http:\n          method: GET # read\n")
            || converted.text.contains("http:\n        method: GET # read\n"),
        "{}",
        converted.text
    );
    let notes: Vec<_> = converted.notes.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(notes, ["bindings of 3.0 have no `type`: left out of `/operations/a.publish/bindings/http`"]);
}

#[test]
fn bindings_of_protocols_that_3_0_does_not_have_are_kept_as_extensions() {
    let text = format!(
        "{HEAD}channels:\n  a:\n    bindings:\n      'wss': {{ query: {{ type: object }} }} # as it was\n      ws: \
        {{}}\n"
    );
    let converted = to_v3(&text, Format::Yaml).unwrap();
    assert_eq!(errors(&converted.text), [] as [&str; 0]);
    assert!(
        converted.text.contains("      'x-wss': { query: { type: object } } # as it was\n      ws: {}\n"),
        "{}",
        converted.text
    );
    let notes: Vec<_> = converted.notes.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(notes, ["bindings of 3.0 have no `wss`: kept as `x-wss` in `/channels/a/bindings`"]);
}

#[test]
fn old_versions_of_bindings_give_way_to_what_3_0_has() {
    let convert = |bindings: &str| {
        let text = format!("{HEAD}channels:\n  a:\n    bindings:\n{bindings}");
        let converted = to_v3(&text, Format::Yaml).unwrap();
        assert_eq!((errors(&text), errors(&converted.text)), (vec![], vec![]), "{}", converted.text);
        let bindings = converted.text.split("bindings:\n").nth(1).unwrap_or_default().to_owned();
        (bindings, converted.notes.into_iter().map(|it| it.message).collect::<Vec<_>>())
    };
    // The nearest of the later versions, in the quotes it had.
    let (text, notes) = convert("      kafka:\n        topic: t\n        bindingVersion: '0.1.0' # old\n");
    assert_eq!(text, "      kafka:\n        topic: t\n        bindingVersion: '0.3.0' # old\n");
    let why = "3.0 has other versions of the Kafka Channel Binding than `0.1.0`: the `bindingVersion` of \
        `/channels/a/bindings/kafka`";
    assert_eq!(notes, [format!("{why} became `0.3.0`")]);
    // The nearest that has the settings, so that none of them is lost.
    let (text, _) =
        convert("      kafka:\n        topicConfiguration: { retention.ms: 5 }\n        bindingVersion: 0.2.0\n");
    assert_eq!(text, "      kafka:\n        topicConfiguration: { retention.ms: 5 }\n        bindingVersion: 0.4.0\n");
    // A version that 3.0 has is changed for the sake of the settings alone.
    let (text, _) = convert("      kafka:\n        topicConfiguration: { x: 5 }\n        bindingVersion: 0.3.0\n");
    assert_eq!(text, "      kafka:\n        topicConfiguration: { x: 5 }\n        bindingVersion: 0.5.0\n");
    let (text, notes) = convert("      kafka:\n        topic: t\n        bindingVersion: 0.3.0\n");
    assert_eq!((text.as_str(), notes.len()), ("      kafka:\n        topic: t\n        bindingVersion: 0.3.0\n", 0));
    // What names no version means the latest, and so does what is later than 3.0 knows.
    for version in ["latest", "0.9.0"] {
        let (text, notes) = convert(&format!("      kafka:\n        topic: t\n        bindingVersion: {version}\n"));
        assert_eq!(text, "      kafka:\n        topic: t\n");
        assert!(notes.iter().any(|it| it.ends_with("was left out, so that the latest counts")), "{notes:?}");
    }
}

#[test]
fn settings_get_the_form_that_3_0_wants() {
    let convert = |text: &str, format: Format| {
        let converted = to_v3(text, format).unwrap();
        assert_eq!(errors(&converted.text), [] as [&str; 0], "{}", converted.text);
        (converted.text, converted.notes.into_iter().map(|it| it.message).collect::<Vec<_>>())
    };
    let channel =
        |amqp: &str| convert(&format!("{HEAD}channels:\n  a:\n    bindings:\n      amqp:\n{amqp}"), Format::Yaml);
    let (text, notes) =
        channel("        is: routingKey\n        queue: { name: q } # for now\n        exchange: { name: e }\n");
    assert!(text.contains("        x-queue: { name: q } # for now\n        exchange: { name: e }\n"), "{text}");
    assert_eq!(
        notes,
        ["a channel of AMQP is a queue or an exchange in 3.0: the `queue` of `/channels/a/bindings/amqp` is kept as \
            `x-queue`"]
    );
    let (text, notes) = channel("        is: queue\n");
    assert!(text.contains("        is: queue\n        queue: {}\n"), "{text}");
    assert_eq!(notes.len(), 1);
    let (text, notes) = channel("        queue: { name: q }\n");
    assert!(text.contains("        queue: { name: q }\n") && notes.is_empty(), "{text} {notes:?}");

    let json = r#"{"asyncapi":"2.0.0","info":{"title":"a","version":"1"},"channels":{},"components":{"operationTraits":{"k":{"bindings":{"kafka":{"clientId":"me","groupId":{"type":"string"}}}}}}}"#;
    let (text, notes) = convert(json, Format::Json);
    assert!(
        text.contains(r#""kafka":{"clientId":{"type":"string","enum":["me"]},"groupId":{"type":"string"}}"#),
        "{text}"
    );
    let place = "/components/operationTraits/k/bindings/kafka";
    assert_eq!(
        notes,
        [format!("the `clientId` of `{place}` is a schema in 3.0: it became one that allows `me` alone")]
    );
}

#[test]
fn versions_of_bindings_of_components_are_fitted_too() {
    let text = format!(
        "{HEAD}channels: {{}}\ncomponents:\n  operationBindings:\n    a:\n      mqtt: {{ qos: 1, bindingVersion: 0.1.0 \
        }}\n  messageBindings:\n    b:\n      amqp: {{ bindingVersion: 0.1.0, messageType: m }}\n"
    );
    let converted = to_v3(&text, Format::Yaml).unwrap();
    assert_eq!((errors(&text), errors(&converted.text)), (vec![], vec![]));
    assert!(converted.text.contains("mqtt: { qos: 1, bindingVersion: 0.2.0 }"), "{}", converted.text);
    assert!(converted.text.contains("amqp: { bindingVersion: 0.3.0, messageType: m }"), "{}", converted.text);
    assert_eq!(converted.notes.len(), 2);
}

#[test]
fn other_texts_are_refused() {
    let error = |text: &str| to_v3(text, Format::Yaml).unwrap_err().to_string();
    assert_eq!(
        error("asyncapi: 3.0.0\n"),
        "`3.0.0` is not a version that can be converted: write a document of AsyncAPI 2.0 to 2.6"
    );
    assert_eq!(error("openapi: 3.0.0\n"), "the document has no `asyncapi` version: it is no AsyncAPI document");
    assert!(error("asyncapi: 2.0.0\ninfo: [").starts_with("the document cannot be read at line 2: "));
}

proptest! {
    /// Whatever is missing in a document, what comes out is a document of version 3 that can be read.
    #[test]
    fn half_written_documents_are_converted_or_refused(
        drop in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut lines: Vec<&str> = FIXTURE.lines().collect();
        for at in drop {
            lines.remove(at.index(lines.len()));
        }
        lines.truncate(lines.len() - cut.index(lines.len()) / 4);
        let text = lines.join("\n");
        if let Ok(converted) = to_v3(&text, Format::Yaml) {
            let tree = parse(converted.text.as_str(), Format::Yaml);
            prop_assert_eq!(tree.pointer("/asyncapi").and_then(Node::scalar), Some("3.0.0"));
            prop_assert!(to_v3(&converted.text, Format::Yaml).is_err());
        }
    }
}

#[test]
fn what_traits_said_before_still_counts() {
    let text = "\
asyncapi: 2.6.0
info: { title: Orders, version: 1.0.0 }
channels:
  orders:
    publish:
      operationId: take
      summary: own
      description: own
      traits: [{ $ref: '#/components/operationTraits/Shared' }, { $ref: 'other.yaml' }]
      message:
        name: own
        contentType: text/plain
        bindings: { kafka: { key: { type: string }, bindingVersion: 0.3.0 } }
        traits:
          - { contentType: application/xml }
          - { contentType: application/json, name: own, bindings: { kafka: { key: { type: integer } } } }
components:
  operationTraits:
    Shared: { summary: shared }
";
    let converted = to_v3(text, Format::Yaml).unwrap();
    let tree = parse(converted.text.as_str(), Format::Yaml);
    let at = |pointer: &str| tree.pointer(pointer).and_then(Node::as_str).map(str::to_owned);
    assert_eq!((at("/operations/take/summary"), at("/operations/take/description")), (None, Some("own".to_owned())));
    let message = "/channels/orders/messages/own";
    assert_eq!(at(&format!("{message}/contentType")), None, "{}", converted.text);
    assert_eq!(at(&format!("{message}/name")).as_deref(), Some("own"));
    let notes: Vec<_> = converted.notes.iter().map(|it| it.span.of(text)).collect();
    assert!(
        notes.contains(&"own") && notes.contains(&"text/plain") && notes.iter().any(|it| it.contains("kafka")),
        "{notes:?}"
    );
    assert!(notes.iter().any(|it| it.contains("other.yaml")), "{notes:?}");
}

/// Parts that move, shrink or vanish in 3.0, each with a comment above it and behind it.
const COMMENTED: [&str; 9] = [
    "servers:\n  a:\n    url: mqtts://b.example.org/p\n    protocol: mqtt\n    security:\n      - user: []\n",
    "tags:\n  - name: x\n",
    "externalDocs:\n  url: https://example.org\n",
    "channels:\n  a/{id}:\n    parameters:\n      id:\n        schema:\n          type: string\n          pattern: '#x'\n",
    "channels:\n  a:\n    publish:\n      operationId: b\n      message:\n        oneOf:\n          - $ref: '#/components/messages/A'\n          - name: B\n",
    "channels:\n  a:\n    subscribe:\n      security:\n        - user: []\n      message:\n        payload:\n          type: object\n",
    "components:\n  messages:\n    A:\n      schemaFormat: application/vnd.apache.avro;version=1.9.0\n      payload:\n        type: string\n",
    "components:\n  messages:\n    A:\n      messageId: a\n      description: |\n        # no comment\n        text\n",
    "components:\n  parameters:\n    id:\n      location: $message.payload#/id\n      schema: { type: string, enum: [a, 'b # c'] }\n",
];

/// A document of these parts, in which lines have comments as the choices say.
fn commented(parts: &[bool], comments: &[u8]) -> String {
    let mut text = "asyncapi: 2.6.0\ninfo: { title: a, version: '1' }\n".to_owned();
    let mut seen = std::collections::HashSet::new();
    let wanted = |at: usize| parts.get(at).copied().unwrap_or_default();
    for (at, part) in COMMENTED.into_iter().enumerate().filter(|it| wanted(it.0)) {
        // Each key at the top stands once.
        if !seen.insert(part.split(':').next()) {
            continue;
        }
        let mut is_text = false;
        for (number, line) in part.lines().enumerate() {
            let choice = comments.get((at * 7 + number) % comments.len().max(1)).copied().unwrap_or_default();
            let blanks = line.len() - line.trim_start().len();
            if choice & 1 > 0 && !is_text {
                text.push_str(&format!("{:blanks$}# above {at}.{number}\n", ""));
            }
            text.push_str(line);
            if choice & 2 > 0 && !is_text && !line.ends_with('|') {
                text.push_str(&format!(" # behind {at}.{number}"));
            }
            is_text |= line.ends_with('|');
            text.push('\n');
        }
    }
    text
}

proptest! {
    #[test]
    fn every_comment_is_kept_or_named(
        parts in prop::collection::vec(any::<bool>(), COMMENTED.len()),
        choices in prop::collection::vec(0_u8..4, 1..40),
    ) {
        let text = commented(&parts, &choices);
        let converted = to_v3(&text, Format::Yaml).unwrap();
        let new = parse(converted.text.as_str(), Format::Yaml);
        prop_assert!(new.errors().is_empty(), "{}", converted.text);
        let kept: Vec<&str> = comments::comments(&new).iter().map(|it| it.of(new.text())).collect();
        let old: Vec<&str> = text.lines().filter_map(|it| it.find("# above").or_else(|| it.find("# behind")).and_then(|at| it.get(at..))).collect();
        for comment in &old {
            let named = converted.notes.iter().any(|it| it.message.contains(&format!("`{comment}`")) && it.span.of(&text) == *comment);
            prop_assert!(kept.contains(comment) != named, "{comment}\n{text}\n{}", converted.text);
        }
        let tree = parse(text.as_str(), Format::Yaml);
        prop_assert_eq!(comments::comments(&tree).len(), old.len(), "{}", text);
    }
}

#[test]
fn an_empty_block_is_not_written_into_a_comment() {
    let text = "asyncapi: 2.6.0\ninfo: { title: a, version: '1' }\nchannels:\n  a/{id}:\n    parameters:\n      id: # the id\n        schema:\n          type: string\n";
    let converted = converted(text);
    assert!(converted.contains("id: {} # the id\n"), "{converted}");
    assert_eq!(errors(&converted), [""; 0]);
}

#[test]
fn a_scheme_that_the_protocol_does_not_say_is_told() {
    let notes = |url: &str, protocol: &str| {
        let text = format!(
            "asyncapi: 2.6.0\ninfo: {{ title: a, version: '1' }}\nservers:\n  a: {{ url: '{url}', protocol: {protocol} }}\n\
             channels: {{}}\n"
        );
        let all = to_v3(&text, Format::Yaml).unwrap().notes;
        all.into_iter().map(|it| it.message).collect::<Vec<_>>()
    };
    let told = "`mqtts://` has no place in a host, and `protocol` says `mqtt`: see that it says what holds";
    assert_eq!(notes("mqtts://b.example.org", "mqtt"), [told]);
    for (url, protocol) in
        [("mqtts://b", "mqtts"), ("mqtts://b", "secure-mqtt"), ("MQTT://b", "mqtt"), ("b.example.org", "kafka")]
    {
        assert_eq!(notes(url, protocol), [""; 0], "{url}");
    }
}

#[test]
fn what_is_no_asyncapi_document_is_said_to_be_none() {
    let told = |text: &str| to_v3(text, Format::Yaml).unwrap_err().to_string();
    let none = "the document has no `asyncapi` version: it is no AsyncAPI document";
    assert_eq!(told("# Title\n\n| a | b |\n| - | - |\n"), none);
    assert!(told("asyncapi: 2.6.0\ninfo: | text\n").starts_with("the document cannot be read at line 2"));
}
