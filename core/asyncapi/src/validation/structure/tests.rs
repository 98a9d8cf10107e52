//! Tests of the checks: what is found, where, and what would mend it.

use archwright_syntax::data::{Format, Tree, parse};

use crate::validation::{Declared, Diagnostic, Documents, NoDocuments, Opened, Severity, validate};

/// The diagnostics of a text as `check @ offending text`, in the order of the text.
fn found(text: &str) -> Vec<String> {
    found_beside(text, &NoDocuments)
}

fn found_beside(text: &str, documents: &dyn Documents) -> Vec<String> {
    diagnostics(text, documents).iter().map(|it| format!("{} @ {}", it.check, it.span.of(text))).collect()
}

/// What the checks of the structure say; those of the semantics have their own tests.
fn diagnostics(text: &str, documents: &dyn Documents) -> Vec<Diagnostic> {
    let mut all = validate(&parse(text, Format::Yaml), documents);
    all.retain(|it| super::CHECKS.iter().any(|check| check.name == it.check));
    all
}

const HEAD_2: &str = "asyncapi: 2.6.0\ninfo: { title: Orders, version: 1.0.0 }\n";
const HEAD_3: &str = "asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0.0 }\n";

#[test]
fn a_sound_document_is_left_alone() {
    let text = format!(
        "{HEAD_3}
id: urn:shop:orders
x-team: payments
servers:
  main: {{ host: broker.shop.example, protocol: kafka, security: [{{ $ref: '#/components/securitySchemes/key' }}] }}
channels:
  placed:
    address: orders.{{region}}
    servers: [{{ $ref: '#/servers/main' }}]
    messages: {{ Placed: {{ $ref: '#/components/messages/Placed' }} }}
    parameters: {{ region: {{ enum: [eu, us], location: '$message.header#/region' }} }}
    bindings: {{ kafka: {{ partitions: 12, x-owner: me }} }}
operations:
  place: {{ action: send, channel: {{ $ref: '#/channels/placed' }}, messages: [{{ $ref: '#/channels/placed/messages/Placed' }}] }}
components:
  securitySchemes: {{ key: {{ type: apiKey, in: user }} }}
  messages:
    Placed: {{ payload: {{ $ref: '#/components/schemas/Order' }} }}
    Avro: {{ payload: {{ schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: {{ type: long }} }} }}
  schemas: {{ Order: {{ type: object, properties: {{ parts: {{ items: {{ $ref: '#/components/schemas/Order' }} }} }}, anything: 1 }} }}
"
    );
    assert_eq!(found(&text), [""; 0]);
}

#[test]
fn versions_are_told() {
    let one = |text: &str| diagnostics(text, &NoDocuments).remove(0);
    let short = one("asyncapi: '2.6'\nwhatever: 1");
    assert_eq!((short.check, short.replacement.as_deref()), ("unsupported-version", Some("'2.6.0'")));
    assert_eq!(one("asyncapi: 4.0.0").check, "unsupported-version");
    assert_eq!(one("asyncapi:\n").check, "unsupported-version");
    assert_eq!(found("openapi: 3.0.0"), [""; 0]);
}

#[test]
fn fields_are_required_and_known() {
    let text = "asyncapi: 2.6.0\ninfo: { titel: Orders, version: 1.0.0, x-a: 1, x-: 2 }\n";
    let all = diagnostics(text, &NoDocuments);
    let fields: Vec<_> = all.iter().map(|it| (it.check, it.span.of(text), it.replacement.as_deref())).collect();
    assert_eq!(
        fields,
        [
            ("missing-field", "asyncapi: 2.6.0\ninfo: { titel: Orders, version: 1.0.0, x-a: 1, x-: 2 }", None),
            ("missing-field", "info", None),
            ("unknown-field", "titel", Some("title")),
            ("unknown-field", "x-", None),
        ]
        .map(|it| if it.1.starts_with("asyncapi: ") { (it.0, "asyncapi", it.2) } else { it })
    );
}

#[test]
fn types_values_and_forms() {
    let text = format!(
        "{HEAD_3}channels:\n  1:\n    messages: []\n    parameters: {{ a b: {{}} }}\n    bindings: {{ mqtt5: {{}}, \
        kafka: {{ partitions: 0 }} }}\n\
         operations:\n  a: {{ action: recieve, channel: {{}} }}\n\
         components:\n  correlationIds: {{ c: {{ location: $message.body#/x }} }}\n  securitySchemes: {{ s: {{ type: \
        htpp }}, t: {{}} }}\n"
    );
    assert_eq!(
        found(&text),
        [
            "wrong-type @ messages",
            "malformed-value @ a b",
            "malformed-value @ 0",
            "unknown-value @ recieve",
            "missing-field @ channel",
            "malformed-value @ $message.body#/x",
            "unknown-value @ htpp",
            "missing-field @ t",
        ]
    );
    let number = diagnostics("asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0 }", &NoDocuments).remove(0);
    assert_eq!((number.check, number.replacement.as_deref()), ("wrong-type", Some("\"1.0\"")));
}

#[test]
fn references() {
    let text = format!(
        "{HEAD_3}servers: {{ s: {{ $ref: '#/components/servers/s' }} }}\n\
         channels:\n  a: {{ messages: {{ m: {{ $ref: '#/components/schemas/S', summary: x }} }} }}\n\
         operations:\n  o: {{ action: send, channel: {{ $ref: '#/servers/s' }} }}\n\
         components:\n  servers: {{ s: {{ $ref: '#/components/servers/t' }}, t: {{ $ref: '#/servers/s' }} }}\n  \
        schemas:\n    S: {{ items: {{ $ref: '#/components/schemas/T' }} }}\n    \
         R: {{ $ref: 'https://shop.example/x.json' }}\n"
    );
    assert_eq!(
        found(&text),
        [
            "reference-cycle @ '#/components/servers/s'",
            "wrong-reference-target @ '#/components/schemas/S'",
            "reference-siblings @ summary",
            "wrong-reference-target @ '#/servers/s'",
            "dangling-reference @ '#/components/schemas/T'",
            "remote-reference @ 'https://shop.example/x.json'",
        ]
    );
    let misplaced = format!(
        "{HEAD_2}channels: {{}}\ntags: [{{ $ref: '#/components/x-tags/a' }}]\n\
        components: {{ x-tags: {{ a: {{ name: a }} }} }}"
    );
    assert_eq!(found(&misplaced), ["misplaced-reference @ $ref"]);
}

#[test]
fn what_no_table_knows_is_read_as_what_it_is_used_for() {
    let text = format!(
        "{HEAD_2}channels: {{ a: {{ publish: {{ message: {{ $ref: '#/x-parts/m' }} }} }} }}\n\
        x-parts: {{ m: {{ nam: Placed }} }}"
    );
    assert_eq!(found(&text), ["unknown-field @ nam"]);
}

/// Two files beside the document.
struct Beside(Tree, Tree);

impl Documents for Beside {
    fn open(&self, reference: &str) -> Opened<'_> {
        match reference {
            "./parts/messages.yaml" => Opened::Tree(&self.0),
            "./parts/./orders.yaml" => Opened::Tree(&self.1),
            "./parts/order.proto" => Opened::Other,
            _ => Opened::Missing,
        }
    }
}

#[test]
fn other_files_are_looked_into() {
    let messages = "good: { payload: { $ref: './orders.yaml#/Order' } }\nbad: { contentTyp: x }\n\
        worse: { payload: { $ref: './none.yaml' } }";
    let beside = Beside(parse(messages, Format::Yaml), parse("Order: { type: object }", Format::Yaml));
    let name = |it: &str| format!("      - {{ $ref: './parts/messages.yaml#/{it}' }}\n");
    let all = ["good", "bad", "worse", "none"].map(name).concat();
    let text = format!(
        "{HEAD_2}channels:\n  a:\n   publish:\n    message:\n     oneOf:\n\
        {all}      - {{ payload: {{ $ref: ./gone.json }} }}\n      - {{ payload: {{ $ref: ./parts/order.proto }} }}\n"
    );
    assert_eq!(
        found_beside(&text, &beside),
        [
            "wrong-reference-target @ './parts/messages.yaml#/bad'",
            "dangling-reference @ './parts/messages.yaml#/worse'",
            "dangling-reference @ './parts/messages.yaml#/none'",
            "dangling-reference @ ./gone.json",
        ]
    );
}

#[test]
fn schemas_are_checked_where_they_are_in_the_own_format() {
    let text = format!(
        "{HEAD_3}components:\n  schemas:\n    A: {{ type: strin, maxLength: -1, required: yes, properties: {{ b: 1, c: \
        true }}, pattern: '(a' }}\n    \
         B: {{ schemaFormat: application/vnd.apache.avro;version=1.9.0, schema: {{ type: strin }} }}\n    C: true\n"
    );
    // No tool reads a bare boolean where a schema of another format may stand.
    assert_eq!(
        found(&text),
        [
            "invalid-schema @ strin",
            "invalid-schema @ -1",
            "invalid-schema @ yes",
            "invalid-schema @ 1",
            "invalid-schema @ true"
        ]
    );
}

#[test]
fn bindings_of_3_have_the_fields_of_their_version() {
    let channel = |bindings: &str| found(&format!("{HEAD_3}channels: {{ a: {{ bindings: {{ {bindings} }} }} }}"));
    assert_eq!(channel("kafka: { bindingVersion: 0.1.0 }"), ["unknown-value @ 0.1.0"]);
    assert_eq!(channel("kafka: { bindingVersion: latest }"), ["unknown-value @ latest"]);
    assert_eq!(
        channel("kafka: { topicConfiguration: {}, bindingVersion: 0.3.0 }"),
        ["unknown-field @ topicConfiguration"]
    );
    let confluent = "topicConfiguration: { confluent.key.schema.validation: true }";
    assert_eq!(
        channel(&format!("kafka: {{ {confluent}, bindingVersion: 0.4.0 }}")),
        ["unknown-field @ confluent.key.schema.validation"]
    );
    assert_eq!(channel(&format!("kafka: {{ {confluent}, bindingVersion: 0.5.0 }}")), [""; 0]);
    assert_eq!(channel(&format!("kafka: {{ {confluent} }}")), [""; 0]);
    assert_eq!(channel("ibmmq: { destinationType: queue }"), ["missing-field @ ibmmq"]);
    assert_eq!(channel("sqs: { queue: { name: q } }"), ["missing-field @ queue"]);
    let message =
        |binding: &str| found(&format!("{HEAD_3}components: {{ messages: {{ a: {{ bindings: {{ {binding} }} }} }} }}"));
    assert_eq!(message("http: { statusCode: 200, bindingVersion: 0.2.0 }"), ["unknown-field @ statusCode"]);
    assert_eq!(message("http: { statusCode: 200 }"), [""; 0]);
    assert_eq!(message("ibmmq: { type: jms, headers: MQRFH2 }"), ["unknown-field @ headers"]);
    let key = |key: &str| message(&format!("kafka: {{ key: {key} }}"));
    assert_eq!(
        (key("{ type: strin }"), key("{ type: long, x: 1 }")),
        (vec!["invalid-schema @ strin".to_owned()], vec![])
    );
    assert_eq!(key("{ $ref: '#/components/schemas/None' }"), ["dangling-reference @ '#/components/schemas/None'"]);
    // In 2.x any version may be written.
    assert_eq!(
        found(&format!("{HEAD_2}channels: {{ a: {{ bindings: {{ kafka: {{ bindingVersion: 0.1.0 }} }} }} }}")),
        [""; 0]
    );
}

#[test]
fn payloads_of_openapi_have_its_fields() {
    let payload = |version: &str, schema: &str| {
        let format = format!("application/vnd.oai.openapi;version={version}");
        found(&format!(
            "{HEAD_2}channels: {{ a: {{ publish: {{ message: {{ schemaFormat: '{format}', payload: {schema} }} }} }} }}"
        ))
    };
    assert_eq!(
        payload("3.0.0", "{ type: strin, items: { const: 1 }, nullable: true, x-a: 1 }"),
        ["invalid-schema @ strin", "unknown-field @ const"]
    );
    assert_eq!(payload("3.0.0", "{ exclusiveMinimum: 5, additionalProperties: false }"), ["invalid-schema @ 5"]);
    assert_eq!(payload("3.1.0", "{ type: [string], const: 1 }"), [""; 0]);
    let schema = |target: &str| {
        let format = "schemaFormat: application/vnd.oai.openapi;version=3.0.0";
        let one = format!("{{ {format}, schema: {{ items: {{ $ref: '#/components/schemas/{target}' }} }} }}");
        found(&format!(
            "{HEAD_3}components: {{ schemas: {{ A: {one}, B: {{ {format}, schema: {{}} }}, C: {{ type: string }} }} }}"
        ))
    };
    assert_eq!(
        (schema("B"), schema("C")),
        (vec!["wrong-reference-target @ '#/components/schemas/B'".to_owned()], vec![])
    );
}

#[test]
fn what_every_tool_lets_pass_is_a_warning() {
    let warned = |text: &str| {
        let mut all: Vec<_> = diagnostics(text, &NoDocuments).into_iter().map(|it| (it.check, it.severity)).collect();
        all.retain(|it| it.1 != Severity::Info);
        all
    };
    let text =
        format!("{HEAD_3}channels: {{ a: {{}} }}\noperations: {{ b: {{ action: send, channel: {{ address: c }} }} }}");
    assert_eq!(warned(&text), [("missing-field", Severity::Warning)]);
    let text = format!("{HEAD_3}channels: {{ a: {{ address: '{{b c}}', parameters: {{ 'b c': {{}} }} }} }}");
    assert!(warned(&text).contains(&("malformed-value", Severity::Warning)), "{:?}", warned(&text));
    let schemas = "A: { properties: { $ref: '#/components/schemas/B/properties' } }, B: { properties: { c: {} } }";
    assert_eq!(
        warned(&format!("{HEAD_3}components: {{ schemas: {{ {schemas} }} }}")),
        [("misplaced-reference", Severity::Warning)]
    );
    // Until version 3 the schema of the specification says nothing of what stands below the name of a protocol.
    let channel = |kafka: &str| {
        format!("channels: {{ a: {{ bindings: {{ kafka: {{ $ref: '#/components/x-parts/{kafka}' }} }} }} }}")
    };
    let parts = "components: { x-parts: { kafka: { partitions: 3 } } }";
    let text = |head: &str, kafka: &str| format!("{head}{}\n{parts}", channel(kafka));
    assert_eq!(warned(&text(HEAD_2, "kafka")), [("misplaced-reference", Severity::Warning)]);
    assert_eq!(warned(&text(HEAD_3, "kafka")), [("misplaced-reference", Severity::Error)]);
    let dangling = warned(&text(HEAD_2, "amqp"));
    assert!(dangling.contains(&("dangling-reference", Severity::Error)), "{dangling:?}");
}

#[test]
fn references_within_what_another_replaces_lead_nowhere_in_peace() {
    let text = |schema: &str| format!("{HEAD_3}components: {{ schemas: {{ A: {{}}, B: {schema} }} }}");
    let nowhere = "{ $ref: '#/components/schemas/None' }";
    assert_eq!(
        found(&text(&format!("{{ $ref: '#/components/schemas/A', not: {nowhere} }}"))),
        ["reference-siblings @ not"]
    );
    assert_eq!(found(&text(&format!("{{ not: {nowhere} }}"))), ["dangling-reference @ '#/components/schemas/None'"]);
    // Resolvers know nothing of examples.
    assert_eq!(
        found(&text(&format!("{{ examples: [{nowhere}, {{ $ref: '#/components/schemas/A' }}, {{ $ref: a.yaml }}] }}"))),
        ["dangling-reference @ '#/components/schemas/None'"]
    );
    assert_eq!(found(&text("{ $ref: '' }")), ["dangling-reference @ ''"]);
    assert_eq!(found(&text("{ $ref: '#components/schemas/A' }")), ["dangling-reference @ '#components/schemas/A'"]);
    // The property is called `$ref`; nothing is replaced.
    assert_eq!(
        found(&text(&format!("{{ properties: {{ $ref: {nowhere} }} }}"))),
        ["dangling-reference @ '#/components/schemas/None'"]
    );
}

#[test]
fn half_written_documents_are_checked_as_far_as_they_go() {
    let text = "asyncapi: 3.0.0\ninfo:\n  title: Orders\n  version: '1'\n  contact:\nchannels:\n  a: {address: b\n\
        operations: [";
    assert!(found(text).iter().any(|it| it == "wrong-type @ contact"));
    for end in 0..text.len() {
        let _ = found(text.get(..end).unwrap());
    }
    let deep = format!("{HEAD_3}components:\n  schemas:\n    A: {}{}", "{ not: ".repeat(400), "}".repeat(400));
    assert!(diagnostics(&deep, &NoDocuments).iter().all(|it| it.severity != Severity::Warning));
}

/// Every file is one of two, wherever it is looked for.
struct Anywhere(Beside);
impl Documents for Anywhere {
    fn open(&self, reference: &str) -> Opened<'_> {
        Opened::Tree(if reference.ends_with("orders.yaml") { &self.0.1 } else { &self.0.0 })
    }
}

#[test]
fn files_that_lead_to_each_other_end() {
    let part = |name: &str| {
        format!(
            "{name}: {{ allOf: [{}] }}\n",
            "{ $ref: './orders.yaml#/a' }, { $ref: './orders.yaml#/b' }, { $ref: './orders.yaml#/c' }"
        )
    };
    let all = ["a", "b", "c"].map(part).concat();
    let beside = Beside(parse("m: { payload: { $ref: './orders.yaml#/a' } }", Format::Yaml), parse(all, Format::Yaml));
    let text =
        format!("{HEAD_2}channels: {{ a: {{ publish: {{ message: {{ $ref: './parts/messages.yaml#/m' }} }} }} }}");
    assert_eq!(found_beside(&text, &Anywhere(beside)), [""; 0]);
}

#[test]
fn replacements_keep_the_quotes_of_what_they_replace() {
    let mended = |text: &str, format| {
        let tree = parse(text.to_owned(), format);
        let mut errors = validate(&tree, &NoDocuments).into_iter().filter(|it| it.severity == Severity::Error);
        errors.find_map(|it| it.replacement)
    };
    let reference =
        "components: { messages: { Placed: {} } }\nchannels: { a: { messages: { Placed: { $ref: QUOTED } } } }";
    let document = |quoted: &str| {
        format!("asyncapi: 3.0.0\ninfo: {{ title: T, version: '1' }}\n{}", reference.replace("QUOTED", quoted))
    };
    for quote in ['\'', '"'] {
        let wanted = |name: &str| format!("{quote}#/components/messages/{name}{quote}");
        assert_eq!(mended(&document(&wanted("Placde")), Format::Yaml), Some(wanted("Placed")));
    }
    let json = r#"{"asyncapi":"3.0.0","info":{"title":"T","version":"1"},"channels":{"a":{"adress":"x"}}}"#;
    assert_eq!(mended(json, Format::Json).as_deref(), Some("\"address\""));
}

/// Files that lead to each other in a ring, and how often one was asked for.
struct Ring(Vec<Tree>, std::cell::Cell<usize>);

impl Documents for Ring {
    fn open(&self, reference: &str) -> Opened<'_> {
        self.1.set(self.1.get() + 1);
        let number = reference.rsplit('/').next().and_then(|it| it.strip_prefix('s')?.strip_suffix(".yaml"));
        number.and_then(|it| self.0.get(it.parse::<usize>().ok()?)).map_or(Opened::Missing, Opened::Tree)
    }
}

#[test]
fn a_long_ring_of_files_is_not_read_from_each_of_them() {
    let opened = |files: usize| {
        let text = |at: usize| {
            let next = (at + 1) % files;
            format!("{HEAD_3}components:\n  schemas:\n    S: {{ $ref: 's{next}.yaml#/components/schemas/S' }}\n")
        };
        let ring = Ring((0..files).map(|it| parse(text(it), Format::Yaml)).collect(), std::cell::Cell::new(0));
        diagnostics(&text(0), &ring);
        ring.1.get()
    };
    assert_eq!(opened(200), opened(400));
    assert!(opened(400) < 200, "{}", opened(400));
}

#[test]
fn references_count_from_the_ids_around_them() {
    let found = |references: &str| {
        let text = format!(
            "asyncapi: 3.0.0
info: {{ title: Orders, version: 1.0.0 }}
components:
  schemas:
    Order:
      $id: https://shop.example/schemas/order.json
      properties: {{ {references} }}
      $defs:
        Line: {{ $id: line.json, $defs: {{ Sku: {{ $anchor: sku }} }} }}
    Plain: {{ $anchor: plain }}
    Old: {{ $schema: 'http://json-schema.org/draft-04/schema#', id: old.json, definitions: {{ a: {{ id: '#a' }} }} }}
"
        );
        let all = validate(&parse(text.as_str(), Format::Yaml), &NoDocuments);
        let ours = all.into_iter().filter(|it| it.check.contains("reference"));
        ours.map(|it| format!("{}: {}", it.check, it.message)).collect::<Vec<_>>()
    };
    for there in [
        "a: { $ref: line.json }",
        "a: { $ref: ./line.json }",
        "a: { $ref: /schemas/line.json }",
        "a: { $ref: 'line.json#sku' }",
        "a: { $ref: 'line.json#/$defs/Sku' }",
        "a: { $ref: 'https://shop.example/schemas/line.json' }",
        "a: { $ref: 'https://shop.example/schemas/order.json#/$defs/Line' }",
        "a: { $ref: '#/$defs/Line' }",
        "a: { $ref: '#/components/schemas/Plain' }",
        "a: { $ref: '#plain' }",
        "a: { $ref: '#' }",
    ] {
        let told = found(there);
        assert!(told.is_empty(), "{there}: {told:?}");
    }
    for (gone, check) in [
        ("a: { $ref: 'line.json#/$defs/Sk' }", "dangling-reference"),
        ("a: { $ref: 'https://shop.example/schemas/line.json#nope' }", "dangling-reference"),
        ("a: { $ref: '#nope' }", "dangling-reference"),
        ("a: { $ref: '#/$defs/Lin' }", "dangling-reference"),
        ("a: { $ref: 'https://shop.example/schemas/item.json' }", "remote-reference"),
    ] {
        let told = found(gone);
        assert!(told.len() == 1 && told[0].starts_with(check), "{gone}: {told:?}");
    }
}

#[test]
fn fields_of_bindings_have_the_types_that_these_say() {
    let found = |version: &str, place: &str, binding: &str| {
        let channels = match (version.starts_with('2'), place) {
            (true, "channel") => format!("channels: {{ a: {{ bindings: {binding} }} }}"),
            (true, "operation") => format!("channels: {{ a: {{ publish: {{ bindings: {binding} }} }} }}"),
            (true, _) => {
                format!("channels: {{ a: {{ publish: {{ message: {{ payload: true, bindings: {binding} }} }} }} }}")
            }
            (false, "channel") => format!("channels: {{ a: {{ bindings: {binding} }} }}"),
            (false, "operation") => format!(
                "channels: {{ a: {{}} }}\noperations: {{ b: {{ action: send, channel: {{ $ref: '#/channels/a' }}, bindings: \
                 {binding} }} }}"
            ),
            (false, _) => format!("channels: {{ a: {{ messages: {{ m: {{ bindings: {binding} }} }} }} }}"),
        };
        let text = format!("asyncapi: {version}\ninfo: {{ title: a, version: 1.0.0 }}\n{channels}\n");
        let tree = parse(text.as_str(), Format::Yaml);
        assert!(tree.errors().is_empty(), "{text}");
        let all = validate(&tree, &NoDocuments);
        let ours = all.into_iter().filter(|it| it.severity <= Severity::Warning && it.check != "missing-field");
        ours.map(|it| format!("{:?} {} {}", it.severity, it.check, it.span.of(&text))).collect::<Vec<_>>()
    };
    for (place, binding, wrong) in [
        ("channel", "{ kafka: { partitions: many } }", "many"),
        ("channel", "{ kafka: { topicConfiguration: { retention.ms: forever } } }", "forever"),
        ("channel", "{ amqp: { is: routingKey, exchange: { name: x, durable: 1 } } }", "1"),
        ("operation", "{ amqp: { priority: high } }", "high"),
        ("operation", "{ amqp: { cc: orders } }", "orders"),
        ("operation", "{ mqtt: { qos: 7 } }", "7"),
        ("operation", "{ mqtt: { retain: 'yes' } }", "'yes'"),
        ("operation", "{ kafka: { groupId: [a] } }", "groupId"),
        ("message", "{ kafka: { schemaIdLocation: 5 } }", "5"),
    ] {
        for version in ["2.0.0", "2.6.0", "3.0.0", "3.1.0"] {
            let told = found(version, place, binding);
            assert!(
                told.len() == 1 && told[0].starts_with("Error ") && told[0].ends_with(wrong),
                "{version} {binding}: {told:?}"
            );
        }
    }
    // A text was right before the binding had versions, and is a schema since.
    let of = |version: &str, more: &str| {
        found(version, "operation", &format!("{{ kafka: {{ clientId: my-app-id{more} }} }}"))
    };
    for version in ["2.0.0", "2.6.0"] {
        assert_eq!(of(version, ""), ["Warning invalid-schema my-app-id"]);
        assert_eq!(of(version, ", bindingVersion: 0.1.0"), ["Error invalid-schema my-app-id"]);
        assert_eq!(of(version, ", bindingVersion: 0.3.0"), ["Error invalid-schema my-app-id"]);
    }
    assert_eq!(of("3.0.0", ""), ["Error invalid-schema my-app-id"]);
}

/// Files beside the document, by the way to them, of which the second calls itself something.
struct Named(Tree, Tree);

impl Documents for Named {
    fn open(&self, reference: &str) -> Opened<'_> {
        match reference {
            "parts.yaml" => Opened::Tree(&self.0),
            "../schemas/customer.json" => Opened::Tree(&self.1),
            _ => Opened::Missing,
        }
    }

    fn declared(&self, address: &str) -> Declared {
        match address {
            "https://shop.example/customer.json" | "/customer" => Declared::In("../schemas/customer.json".to_owned()),
            "urn:shop:twice" => Declared::Several,
            _ => Declared::Nowhere,
        }
    }
}

#[test]
fn schemas_of_other_files_are_found_by_what_they_call_themselves() {
    let customer =
        "{ $id: https://shop.example/customer.json, $defs: { name: { $anchor: name }, c: { $id: /customer } } }";
    let named = Named(parse("", Format::Yaml), parse(customer, Format::Yaml));
    let found = |reference: &str| {
        let text = format!("{HEAD_3}components: {{ schemas: {{ A: {{ $ref: '{reference}' }} }} }}");
        let found = diagnostics(&text, &named).into_iter();
        found.map(|it| format!("{} {}", it.check, it.message)).collect::<Vec<_>>().join("\n")
    };
    for reference in ["", "#name", "#/$defs/name"] {
        assert_eq!(found(&format!("https://shop.example/customer.json{reference}")), "", "{reference}");
    }
    assert_eq!(found("/customer"), "");
    assert_eq!(
        found("https://shop.example/customer.json#/$defs/nam"),
        "dangling-reference `https://shop.example/customer.json#/$defs/nam` names no part of the schema in \
         `../schemas/customer.json` that has this address"
    );
    assert!(found("urn:shop:twice").contains("several schemas of the workspace call themselves so"));
    assert!(found("https://shop.example/order.json").contains("is on another host and was not looked up"));
}

#[test]
fn references_that_are_not_followed_are_told() {
    let told = |count: usize| {
        let part = |at: usize| format!("m{at}: {{ payload: {{ type: object }} }}\n");
        let parts: String = (0..count).map(part).collect();
        let named = Named(parse(parts, Format::Yaml), parse("", Format::Yaml));
        let message = |at: usize| format!("    m{at}: {{ $ref: 'parts.yaml#/m{at}' }}\n");
        let messages: String = (0..count).map(message).collect();
        let text = format!("{HEAD_3}components:\n  messages:\n{messages}");
        diagnostics(&text, &named).into_iter().map(|it| (it.severity, it.span.of(&text).to_owned(), it.message)).next()
    };
    assert_eq!(told(40), None);
    let (severity, place, message) = told(43).unwrap();
    assert_eq!((severity, place.as_str()), (Severity::Info, "'parts.yaml#/m40'"));
    assert!(message.starts_with("From here on 3 references to other files were not followed"), "{message}");
}

#[test]
fn one_slip_of_indentation_is_told_once() {
    let message = |lines: &[&str]| {
        let lines: String = lines.iter().flat_map(|it| ["        ", it, "\n"]).collect();
        found(&format!(
            "asyncapi: 3.0.0\ninfo: {{ title: T, version: '1' }}\nchannels:\n  a:\n    messages:\n      b:\n        name: b\n{lines}"
        ))
    };
    let fields = ["type: object", "properties:", "  id: { type: string }", "required: [id]", "description: x"];
    // Below an empty payload, and an own message in the place of one.
    assert_eq!(message(&[&["payload:"], &fields[..]].concat()), ["unknown-field @ type"]);
    assert_eq!(message(&[&["headers:"], &fields[..]].concat()), ["unknown-field @ type"]);
    assert_eq!(message(&fields), ["unknown-field @ type"]);
    let outer: Vec<String> = fields.iter().map(|it| format!("  {it}")).collect();
    let lines: String = outer.iter().flat_map(|it| ["      ", it, "\n"]).collect();
    let head = "asyncapi: 3.0.0\ninfo: { title: T, version: '1' }\nchannels:\n  a:\n    messages:\n      b:\n        name: b\n";
    assert_eq!(found(&format!("{head}      payload:\n{lines}")), ["unknown-field @ payload"]);
    // One field that is none is one mistake of its own.
    assert_eq!(message(&["required: true", "payload: { type: object }"]), ["unknown-field @ required"]);
    assert_eq!(message(&["payload: { type: object }"]), [""; 0]);
}

#[test]
fn what_lies_on_other_hosts_is_told_once() {
    let text = format!(
        "{HEAD_3}components:\n  schemas:\n    A: {{ $ref: 'https://shop.example/a.json' }}\n\
        \x20   B: {{ $ref: 'https://shop.example/b.json' }}\n    C: {{ $ref: 'file:///c.json' }}\n"
    );
    let told = found(&text);
    assert_eq!(told.iter().filter(|it| it.starts_with("remote-reference")).count(), 2, "{told:?}");
}
