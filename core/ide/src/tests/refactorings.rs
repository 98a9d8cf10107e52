//! Refactorings of AsyncAPI documents: what is offered where, and what comes of it.

use archwright_engine::Workspace;
use archwright_model::{FileId, WorkspaceEdit};
use archwright_syntax::{
    Span,
    data::{self, Format, Node},
};
use insta::assert_snapshot;
use proptest::prelude::*;

use super::{open, shop};
use crate::{ActionKind, Refactoring, fixture::Fixture, refactoring_edit, refactorings};

const HEAD: &str = "//- /docs/features/shop/asyncapi/orders.placed.v1.yaml\n";
const JSON: &str = "//- /docs/features/shop/asyncapi/orders.placed.v1.json\n";

fn offered(workspace: &Workspace, file: FileId, span: Span) -> Vec<Refactoring> {
    refactorings(workspace, file, span, &|_| true)
}

fn edit_of(workspace: &Workspace, file: FileId, span: Span, offer: &Refactoring) -> Option<WorkspaceEdit> {
    offer.edit.clone().or_else(|| refactoring_edit(workspace, file, span, offer.id))
}

/// The titles with their kinds.
fn titles(text: &str) -> String {
    let (_fixture, workspace, file, offset) = shop(text);
    offered(&workspace, file, Span::empty(offset))
        .iter()
        .map(|it| format!("{:?}: {}\n", it.kind, it.title))
        .collect::<Vec<_>>()
        .concat()
}

/// The touched files after the refactoring whose title starts like this.
fn after(text: &str, title: &str) -> String {
    let (_fixture, workspace, file, offset) = shop(text);
    let offers = offered(&workspace, file, Span::empty(offset));
    let offer = offers.iter().find(|it| it.title.starts_with(title));
    let offer = offer
        .unwrap_or_else(|| panic!("{title} is not among {:?}", offers.iter().map(|it| &it.title).collect::<Vec<_>>()));
    let edit = edit_of(&workspace, file, Span::empty(offset), offer).unwrap();
    let read = |path: &archwright_model::RelPath| {
        workspace.file(path).and_then(|it| workspace.text(it)).map(|it| it.to_string())
    };
    let previews = edit.preview(read).unwrap();
    previews
        .iter()
        .map(|it| format!("--- {}\n{}", it.path, it.after.clone().unwrap_or_default()))
        .collect::<Vec<_>>()
        .concat()
}

#[test]
fn a_missing_component_is_created_in_its_section() {
    let text = "asyncapi: 3.0.0\n\ninfo:\n  title: Orders\n  version: 1.0.0\n\n\
        channels:\n  placed:\n    address: orders.placed.v1\n    messages:\n      OrderPlaced:\n        $ref: \
        '#/components/mess$0ages/OrderPlaced' # the only one\n\n# At the end.\nx-team: orders\n";
    assert_snapshot!("create_component", after(&format!("{HEAD}{text}"), "Create `#/components/messages/OrderPlaced`"));
}

#[test]
fn a_missing_channel_and_message_are_created_together() {
    let text = "asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0.0 }\n\
        operations:\n  tell:\n    action: send\n    channel: { $ref: '#/channels/placed' }\n    messages:\n      - \
        $ref: '#/channels/placed/messages/OrderP$0laced'\n";
    assert_snapshot!("create_channel", after(&format!("{HEAD}{text}"), "Create"));
}

#[test]
fn components_of_version_2_and_of_json_are_created() {
    let text = "asyncapi: 2.6.0\ninfo: { title: Orders, version: 1.0.0 }\n\
        channels:\n  a:\n    publish:\n      message: { $ref: '#/components/messages/OrderPl$0aced' }\ncomponents: {}\n\
        tags: []\n";
    assert_snapshot!("create_2", after(&format!("{HEAD}{text}"), "Create"));
    let text = "{\n  \"asyncapi\": \"2.6.0\",\n  \"servers\": {\n    \"s\": {\n      \"url\": \"u\",\n      \
        \"bindings\": { \"$ref\": \"#/components/serverBindings/Kaf$0ka\" }\n    }\n  },\n  \"components\": {\n    \
        \"messages\": {}\n  }\n}\n";
    assert_snapshot!("create_json", after(&format!("{JSON}{text}"), "Create"));
}

#[test]
fn what_does_not_belong_there_is_not_created() {
    let create = |target: &str| {
        let text =
            format!("{HEAD}asyncapi: 3.0.0\nchannels:\n  a:\n    messages:\n      M: {{ $ref: '{target}$0' }}\n");
        titles(&text).contains("Create")
    };
    assert!(
        create("#/components/messages/M")
            && !create("#/components/schemas/M")
            && !create("#/nowhere/M")
            && !create("#/info/title")
    );
    assert!(create("./messages.yaml#/M") && !create("https://shop.example/m.yaml") && !create("./m.proto"));
}

#[test]
fn a_missing_file_is_created() {
    let text = "asyncapi: 3.0.0\ncomponents:\n  messages:\n    M:\n      payload:\n        $ref: \
        ../schemas/or$0der.json#/$defs/Order\n";
    assert_snapshot!("create_file", after(&format!("{HEAD}{text}"), "Create"));
}

const INLINE: &str = "\
asyncapi: 2.6.0
info: { title: Orders, version: 1.0.0 }
channels:
  orders.placed.v1:
    publish:
      message:
        $ref: '#/components/messages/Ord$0erPlaced' # the one
components:
  messages:
    # Said once.
    OrderPlaced:
      # What it is called.
      name: OrderPlaced # here
      payload:
        $ref: '#/components/schemas/Order'
  schemas:
    Order: { type: object }
";

#[test]
fn a_reference_is_inlined() {
    assert_snapshot!("inline", after(&format!("{HEAD}{INLINE}"), "Inline"));
}

#[test]
fn a_part_of_another_file_is_inlined_with_its_references() {
    let other = "//- /docs/features/shop/schemas/order.json\n\
        {\n  \"$defs\": {\n    \"Order\": { \"properties\": { \"line\": { \"$ref\": \"#/$defs/Line\" }, \"shop\": { \
        \"$ref\": \"shop.json\" } } },\n    \"Line\": {}\n  }\n}\n";
    let text =
        "asyncapi: 3.0.0\ncomponents:\n  schemas:\n    Order:\n      $ref: ../schemas/order.json#/$defs/Or$0der\n";
    assert_snapshot!("inline_file", after(&format!("{other}{HEAD}{text}"), "Inline"));
}

#[test]
fn references_that_must_be_references_and_circles_are_not_inlined() {
    let text = "asyncapi: 3.0.0\nchannels:\n  a: { address: a }\n\
        operations:\n  o: { action: send, channel: { $ref: '#/channels/a$0' } }\n";
    assert!(!titles(&format!("{HEAD}{text}")).contains("Inline"));
    let text = "asyncapi: 3.0.0\ncomponents:\n  schemas:\n    Tree: { properties: { left: { $ref: \
        '#/components/schemas/Tree$0' } } }\n";
    assert!(!titles(&format!("{HEAD}{text}")).contains("Inline"));
}

const EXTRACT: &str = "\
asyncapi: 3.0.0
info: { title: Orders, version: 1.0.0 }
channels:
  placed:
    address: orders.placed.v1
    messages:
      OrderPlaced:
        # What is said.
        payload: # of the order
          # It is an object.
          type: object$0
          properties:
            line: { type: string } # one
            other: { $ref: '#/channels/placed/messages/OrderPlaced/payload/properties/line' }
            file: { $ref: './shared.yaml#/x' }
        headers:
          type: object
components:
  messages:
    Shared:
      payload: { $ref: '#/channels/placed/messages/OrderPlaced/payload/properties/line' }
";

#[test]
fn an_object_is_extracted_to_components() {
    assert_snapshot!("offers", titles(&format!("{HEAD}{EXTRACT}")));
    assert_snapshot!("extract", after(&format!("{HEAD}{EXTRACT}"), "Extract to `#"));
}

#[test]
fn line_endings_stay_when_something_is_taken_out() {
    let unix = after(&format!("{HEAD}{EXTRACT}"), "Extract to `#");
    let windows = after(&format!("{HEAD}{}", EXTRACT.replace('\n', "\r\n")), "Extract to `#");
    assert_eq!(windows.replace("\r\n", "\n"), unix);
    assert_eq!(windows.matches("\r\n").count() + 1, windows.matches('\n').count(), "all but the line of the path");
}

#[test]
fn an_object_is_extracted_to_a_file() {
    assert_snapshot!("extract_file", after(&format!("{HEAD}{EXTRACT}"), "Extract to the file"));
}

#[test]
fn identical_objects_share_what_is_extracted() {
    let text = "{\n  \"asyncapi\": \"3.0.0\",\n  \"components\": {\n    \"messages\": {\n      \"A\": { \"payload\": { \
        \"properties\": { \"id\": { \"type\": \"string\", \"form$0at\": \"uuid\" } } } },\n      \"B\": {\n        \
        \"payload\": {\n          \"properties\": {\n            \"id\": {\n              \"type\": \
        \"string\",\n              \"format\": \"uuid\"\n            }\n          }\n        }\n      }\n    }\n  }\n\
        }\n";
    assert_snapshot!(
        "share",
        after(&format!("{JSON}{text}"), "Extract to `#/components/schemas/Id` and share it with the identical one")
    );
    let text = text.replace(
        "\"components\": {\n",
        "\"components\": {\n    \"schemas\": { \"Id\": { \"type\": \"string\", \"format\": \"uuid\" } },\n",
    );
    assert_snapshot!("refer", after(&format!("{JSON}{text}"), "Refer to"));
}

#[test]
fn what_may_be_no_reference_is_not_extracted() {
    for text in [
        "asyncapi: 3.0.0\ninfo:\n  cont$0act: { name: a }\n",
        "asyncapi: 3.0.0\ncomponents:\n  schemas:\n    A: { ty$0pe: object }\n",
        "asyncapi: 2.6.0\nchannels:\n  a:\n    descrip$0tion: a\n",
        "asyncapi: 3.0.0\ncomponents:\n  schemas:\n    A: { examples: [{ a: { b$0: 1 } }] }\n",
    ] {
        assert!(!titles(&format!("{HEAD}{text}")).contains("Extract"), "{text}");
    }
}

#[test]
fn missing_required_fields_are_added_in_order() {
    let fields = |text: &str| after(&format!("{HEAD}{text}"), "Add the missing field");
    assert_snapshot!(
        "fields",
        fields("asyncapi: 3.0.0\nchannels:\n  a: {}\noperations:\n  tell:\n    # Why.\n    sum$0mary: Tells.\n")
    );
    assert_snapshot!(
        "fields_flow",
        fields(
            "asyncapi: 2.6.0\ninfo: { title: a, version: 1.0.0 }\nchannels: {}\nservers:\n  x: { desc$0ription: a }\n"
        )
    );
    assert_snapshot!("fields_root", fields("asyncapi: 2.6.0$0\nservers: {}\n"));
}

#[test]
fn the_envelope_is_added_to_headers() {
    let message = |headers: &str| {
        format!(
            "{HEAD}asyncapi: 3.0.0\ncomponents:\n  messages:\n    M:\n      na$0me: M\n\
            {headers}      payload: {{ type: object }}\n"
        )
    };
    assert_snapshot!("envelope_new", after(&message(""), "Add the missing required attributes"));
    let some = "      headers:\n        type: object\n        required: [ce_id]\n        properties:\n          ce_id: \
        { type: string } # theirs\n";
    assert_snapshot!("envelope_some", after(&message(some), "Add all missing attributes"));
    assert!(
        !titles(&message("      headers: { schemaFormat: application/vnd.apache.avro, schema: {} }\n"))
            .contains("attributes")
    );
}

#[test]
fn a_document_of_version_2_is_converted() {
    let text = INLINE.replace("$0", "").replace("2.6.0", "2.6$0.0");
    assert!(titles(&format!("{HEAD}{text}")).contains("Rewrite: Convert from AsyncAPI 2.6.0 to 3.0.0"));
    let converted = after(&format!("{HEAD}{text}"), "Convert");
    assert!(converted.contains("asyncapi: 3.0.0\n") && converted.contains("address: orders.placed.v1"), "{converted}");
}

const CONTRACT: &str = "\
//- /docs/features/shop/README.md
# shop

## Service info

- **Owner team**: team-orders
- **SLO**: 99.9 %
- **Tier**: Prototype
- **Last reviewed**: 2026-01-01

## System concerns

- **Owner team**: team-orders
- **Tenancy**: Single tenant
- **Compliance**: GDPR
- **Cost owner**: [TBD: Who pays for the channels, storage and replay?]
- **Capacity**: [TBD: What are the median and peak rates, and how do they grow?]
- **DR posture**: [TBD: What are RPO and RTO, and which region strategy meets them?]
- **Lifecycle**: [TBD: When was it created, what ends its life, and what replaces it?]

## Artifacts

- **ADRs**: [ADR-0001](adrs/0001-use-an-outbox.md)
- **Contracts**: [orders.placed.v1](contracts/orders.placed.v1.md)
- **Runbooks**: [Consumer lag](runbooks/consumer-lag.md)

## Channels owned

- orders.placed.v1: produced. See [contract](contracts/orders.placed.v1.md).
//- /docs/features/shop/asyncapi/orders.shipped.v1.yaml
asyncapi: 3.0.0
info:
  title: Shipping
  version: 1.0.0
  contact: { name: team-shipping }
channels:
  ship$0ped:
    address: orders.shipped.v1
    summary: An order left the house.
    messages:
      OrderShipped:
        headers:
          type: object
          properties:
            ce_id: { type: string }
        payload:
          $ref: '#/components/schemas/Order'
        bindings:
          kafka:
            key: { $ref: '#/components/schemas/Order/properties/order_id' }
    bindings:
      kafka:
        topicConfiguration:
          retention.ms: 604800000
operations:
  tell:
    action: send
    channel: { $ref: '#/channels/shipped' }
components:
  schemas:
    Order:
      type: object
      required: [order_id]
      properties:
        order_id: { type: string }
        lines: { type: array, items: { $ref: '#/components/schemas/Line' } }
    Line:
      type: object
      properties:
        parts: { type: array, items: { $ref: '#/components/schemas/Line' } }
";

/// The findings of a workspace that are no advice, but for what the fixture had before.
fn errors(workspace: &Workspace) -> Vec<String> {
    let findings = workspace.files().flat_map(|it| workspace.findings(it).iter().map(move |finding| (it, finding)));
    let errors = findings.filter(|it| it.1.severity == archwright_model::Severity::Error);
    errors.map(|(file, it)| format!("{}: {}: {}", workspace.path(file), it.rule.code, it.message)).collect()
}

#[test]
fn a_channel_gets_its_contract_and_its_schema() {
    let (fixture, workspace, file, offset) = shop(CONTRACT);
    let offers = refactorings(&workspace, file, Span::empty(offset), &|it| it == ActionKind::Source);
    assert_eq!(offers.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["Write the contract of `shipped`"]);
    let before = errors(&workspace);
    let edit = edit_of(&workspace, file, Span::empty(offset), &offers[0]).unwrap();
    archwright_writer::apply(fixture.folder.path(), &edit).unwrap();
    let workspace = fixture.open();
    assert_eq!(errors(&workspace), before);
    let read = |path: &str| fixture.read(&path.into());
    let contract =
        read("docs/features/shop/contracts/orders.shipped.v1.md").replace(&archwright_model::date::today(), "TODAY");
    assert_snapshot!("contract", contract);
    assert_snapshot!("contract_schema", read("docs/features/shop/schemas/orders.shipped.v1.json"));
    assert_snapshot!("contract_readme", read("docs/features/shop/README.md"));
    // What the new files are told is advice about what is not known yet, or about what the document itself does.
    let new = ["contracts/orders.shipped.v1.md", "schemas/orders.shipped.v1.json", "README.md"];
    let told = workspace.files().filter(|it| new.iter().any(|new| workspace.path(*it).as_str().ends_with(new)));
    let told = told.flat_map(|it| workspace.findings(it)).filter(|it| !it.rule.asks);
    let told: Vec<_> = told.map(|it| format!("{}: {}", it.rule.code, it.message)).collect();
    assert_snapshot!("contract_findings", told.join("\n"));
    let file = workspace.file(&"docs/features/shop/asyncapi/orders.shipped.v1.yaml".into()).unwrap();
    assert!(refactorings(&workspace, file, Span::empty(offset), &|it| it == ActionKind::Source).is_empty());
}

#[test]
fn a_contract_needs_no_readme_and_knows_version_2_and_avro() {
    let text = "//- /docs/features/pay/asyncapi/pay.v1.yaml\nasyncapi: 2.6.0\ninfo: { title: Payments, version: '1' }\n\
        channels:\n  payments/{shop}/captured.v1$0:\n    publish:\n      message:\n        schemaFormat: \
        application/vnd.apache.avro+yaml;version=1.9.0\n        payload: { type: record, name: Captured, fields: [{ \
        name: id, type: string }] }\n";
    let (fixture, workspace, file, offset) = open(text);
    let offers = refactorings(&workspace, file, Span::empty(offset), &|it| it == ActionKind::Source);
    let edit = edit_of(&workspace, file, Span::empty(offset), &offers[0]).unwrap();
    let before = errors(&workspace);
    archwright_writer::apply(fixture.folder.path(), &edit).unwrap();
    assert_eq!(errors(&fixture.open()), before);
    let readme = fixture.read(&"docs/features/pay/README.md".into());
    assert!(
        readme.contains("[payments.shop.captured.v1](contracts/payments.shop.captured.v1.md)")
            && !readme.contains("design.md"),
        "{readme}"
    );
    let contract = fixture.read(&"docs/features/pay/contracts/payments.shop.captured.v1.md".into());
    assert!(
        contract.contains("- **Channel**: `payments/{shop}/captured.v1`\n")
            && contract.contains("- **Consumers**: Payments\n"),
        "{contract}"
    );
    let schema = fixture.read(&"docs/features/pay/schemas/payments.shop.captured.v1.avsc".into());
    assert!(schema.contains("\"name\": \"Captured\""), "{schema}");
}

#[test]
fn the_files_of_a_channel_have_a_name_whatever_its_address_is() {
    let named = |address: &str, key: &str| {
        let text = format!(
            "//- /docs/features/pay/asyncapi/pay.v1.yaml\nasyncapi: 3.0.0\ninfo: {{ title: Payments, version: '1' }}\n\
            channels:\n  {key}$0:\n    address: '{address}'\n"
        );
        let (_fixture, workspace, file, offset) = open(&text);
        let offers = refactorings(&workspace, file, Span::empty(offset), &|it| it == ActionKind::Source);
        let edit = edit_of(&workspace, file, Span::empty(offset), offers.first()?)?;
        edit.creates.iter().map(|it| it.path.to_string()).find(|it| it.contains("contracts/"))
    };
    let path = |name: &str| Some(format!("docs/features/pay/contracts/{name}.md"));
    assert_eq!(named("lights.{id}.on", "on"), path("lights.id.on"));
    assert_eq!(named("/", "root"), path("root"));
    assert_eq!(named("../../etc", "up"), path("etc"));
    // Nothing is offered that could not be written.
    assert_eq!(named("/", "'*'"), None);
}

/// What a document says, with local references to components in their place.
fn json(text: &str, format: Format) -> serde_json::Value {
    let tree = data::parse(text, format);
    assert!(tree.errors().is_empty(), "{text}\n{:?}", tree.errors());
    tree.root().and_then(|it| it.to_json(100_000)).unwrap()
}

/// Every place of a document: everything that is offered can be done, and the result can be read.
fn every_offer_applies(head: &str, text: &str, step: usize) -> usize {
    let fixture = Fixture::new(&format!("{head}{text}"));
    let workspace = fixture.open();
    let file = workspace.files().next().unwrap();
    let format = Format::of_path(workspace.path(file).as_str()).unwrap();
    let before = data::parse(text, format).errors().len();
    let mut count = 0;
    for offset in (0..=text.len()).step_by(step) {
        for offer in offered(&workspace, file, Span::empty(offset)) {
            let edit = edit_of(&workspace, file, Span::empty(offset), &offer)
                .unwrap_or_else(|| panic!("{} at {offset}", offer.title));
            for touched in edit.preview(|_| Some(text.to_owned())).unwrap() {
                let after = touched.after.unwrap();
                let Some(format) = Format::of_path(touched.path.as_str()) else { continue };
                assert!(
                    data::parse(after.as_str(), format).errors().len() <= before,
                    "{} at {offset}:\n{after}",
                    offer.title
                );
                count += 1;
            }
        }
    }
    count
}

#[test]
fn every_offer_of_a_document_applies() {
    assert!(every_offer_applies(HEAD, &EXTRACT.replace("$0", ""), 3) > 20);
    assert!(every_offer_applies(HEAD, &INLINE.replace("$0", ""), 3) > 20);
    let json = json(&EXTRACT.replace("$0", ""), Format::Yaml);
    assert!(every_offer_applies(JSON, &serde_json::to_string_pretty(&json).unwrap(), 3) > 20);
    assert!(every_offer_applies(JSON, &json.to_string(), 3) > 20);
}

/// Schemas in many layouts.
fn schema() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("{ type: string } # c".to_owned()),
        Just("\n            type: integer\n            # inner\n            minimum: 1".to_owned()),
        Just(
            "\n            description: |\n              text\n                more\n            enum: \
            [a,\n              b]"
                .to_owned()
        ),
        Just("{ $ref: '#/components/schemas/Other' }".to_owned()),
        Just(
            "\n            # first\n            allOf:\n            - type: object\n            - { type: string \
            }"
            .to_owned()
        ),
    ];
    prop::collection::vec(leaf, 1..4).prop_map(|leaves| {
        leaves.iter().enumerate().map(|(at, it)| format!("          p{at}: {it}\n")).collect::<Vec<_>>().concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What is extracted and inlined again says what it said before.
    #[test]
    fn extracting_and_inlining_changes_nothing(properties in schema(), as_json: bool, which in 0_usize..4) {
        let text = format!("asyncapi: 3.0.0\ncomponents:\n  schemas:\n    Other: {{}}\n  messages:\n    M:\n      \
            payload:\n        properties:\n{properties}\n# end\n");
        let value = json(&text, Format::Yaml);
        let (head, format, text) = if as_json {
            (JSON, Format::Json, serde_json::to_string_pretty(&value).unwrap())
        } else {
            (HEAD, Format::Yaml, text)
        };
        let pointer = ["/components/messages/M/payload", "/components/messages/M/payload/properties/p0", "/components/messages/M/payload/properties/p1", "/components/messages/M/payload/properties/p2"][which];
        let tree = data::parse(text.as_str(), format);
        let Some(node) = tree.pointer(pointer) else { return Ok(()) };
        let key = node.as_entry().unwrap().key_span.start as usize;
        let (fixture, workspace, file, _) = open(&format!("{head}{}$0{}", &text[..key], &text[key..]));
        let Some(offer) = offered(&workspace, file, Span::empty(key)).into_iter().find(|it| it.kind == ActionKind::Extract && it.title.starts_with("Extract \
            to `#")) else {
            prop_assert!(node.get("$ref").is_some());
            return Ok(());
        };
        archwright_writer::apply(fixture.folder.path(), &offer.edit.unwrap()).unwrap();
        let path = workspace.path(file).clone();
        let extracted = fixture.read(&path);
        let comments = |text: &str| text.matches("# ").count();
        prop_assert!(comments(&text) <= comments(&extracted), "{}", extracted);
        let workspace = fixture.open();
        let file = workspace.file(&path).unwrap();
        let reference = data::parse(extracted.as_str(), format).pointer(&format!("{pointer}/$ref")).map(Node::span).unwrap();
        let offers = offered(&workspace, file, Span::empty(reference.start as usize + 1));
        let inline = offers.into_iter().find(|it| it.kind == ActionKind::Inline).unwrap();
        let inlined = inline.edit.unwrap().preview(|_| Some(extracted.clone())).unwrap().remove(0).after.unwrap();
        let again = json(&inlined, format);
        prop_assert_eq!(again.pointer(pointer), value.pointer(pointer), "{}", inlined);
        prop_assert_eq!(again.pointer("/components/messages"), value.pointer("/components/messages"));
    }

    /// Half-written documents have no offers that do not apply.
    #[test]
    fn offers_of_half_written_documents_apply(cut in any::<prop::sample::Index>(), len in 1_usize..40, v2: bool) {
        let whole = if v2 { INLINE } else { EXTRACT }.replace("$0", "");
        let start = cut.index(whole.len());
        let text = format!("{}{}", &whole[..start], &whole[(start + len).min(whole.len())..]);
        if data::parse(text.as_str(), Format::Yaml).root().is_some() && text.starts_with("asyncapi") {
            every_offer_applies(HEAD, &text, 23);
        }
    }
}

/// Documents of others: whatever is offered can be done, and does not make a document say what the specification
/// forbids.
#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
#[allow(clippy::print_stdout, reason = "the figures are what the run is for")]
fn offers_on_the_corpus_apply_and_add_no_errors() {
    let corpus =
        std::path::PathBuf::from(std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names a folder"))
            .join("asyncapi");
    let index = std::fs::read_to_string(corpus.join("index.jsonl")).unwrap();
    let (mut applied, mut bad) = (0_usize, Vec::new());
    for line in index.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = entry["file"].as_str().unwrap();
        let Some(format) = Format::of_path(name).filter(|_| entry["label"] == "valid") else { continue };
        let text = std::fs::read_to_string(corpus.join(name)).unwrap();
        if text.len() > 40_000 || text.contains("//- ") {
            continue;
        }
        let extension = if format == Format::Json { "json" } else { "yaml" };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("docs/features/shop/asyncapi/orders.v1.{extension}"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &text).unwrap();
        let workspace = archwright_rules::open(
            archwright_engine::OpenOptions::server(archwright_engine::Root::Folder(folder.path().to_path_buf())),
            &|_| {},
        )
        .unwrap();
        let Some(file) = workspace.files().find(|it| workspace.kind(*it) == archwright_model::Kind::Asyncapi) else {
            continue;
        };
        let faults = |text: &str| {
            let tree = data::parse(text, format);
            let found = archwright_asyncapi::validate(&tree, &archwright_asyncapi::NoDocuments);
            // What a default or an example says of a schema is looked at in components only, so moving can bring it to
            // light.
            let counts = |it: &archwright_asyncapi::Diagnostic| {
                it.severity == archwright_asyncapi::Severity::Error && !it.check.contains("mismatch")
            };
            let found: Vec<_> = found.into_iter().filter(counts).map(|it| it.message).collect();
            (tree.errors().len(), found)
        };
        let before = faults(&text);
        let was_valid = before.1.is_empty();
        let step = (text.len() / 40).max(1);
        for offset in (0..=text.len()).step_by(step) {
            // What is wrong in another version is wrong in other words.
            let offers = offered(&workspace, file, Span::empty(offset))
                .into_iter()
                .filter(|it| was_valid || !it.title.starts_with("Convert"));
            for offer in offers {
                let Some(edit) = edit_of(&workspace, file, Span::empty(offset), &offer) else {
                    bad.push(format!("{name}:{offset}: {}: no edit", offer.title));
                    continue;
                };
                applied += 1;
                for touched in edit.preview(|_| Some(text.clone())).unwrap() {
                    let Some(after) = touched.after.filter(|_| touched.path == *workspace.path(file)) else { continue };
                    let now = faults(&after);
                    if now.0 > before.0 || now.1.iter().any(|it| !before.1.contains(it)) {
                        bad.push(format!(
                            "{name}:{offset}: {}: {:?}",
                            offer.title,
                            now.1.iter().find(|it| !before.1.contains(it))
                        ));
                    }
                }
            }
        }
    }
    println!("{applied} edits, {} bad\n{}", bad.len(), bad.join("\n"));
    assert!(applied > 1_000 && bad.is_empty());
}

#[test]
fn a_record_in_force_can_be_superseded() {
    let record = |number: u32, status: &str| {
        format!(
            "//- /docs/adr/000{number}-title-{number}.md\n# {number}. Title {number}\n\nDate: 2026-01-0{number}\n\n## \
            Status\n\n{status}\n\n## Context\n\nText.\n\n## Decision\n\nText.\n\n## Consequences\n\nText.\n\n"
        )
    };
    let all = format!("{}{}", record(1, "Acc$0epted"), record(2, "Proposed"));
    let title = "Write a record that supersedes this one";
    let text = after(&all, title);
    let today = archwright_model::date::today();
    assert_snapshot!("supersede", text.replace(&today, "2026-11-29"));
    assert_eq!(titles(&all), format!("Source: {title}\n"));
    for status in ["Prop$0osed", "Super$0seded by [2. Title 2](0002-title-2.md)", "Depre$0cated"] {
        assert_eq!(titles(&record(1, status)), "", "{status}");
    }
    assert_eq!(titles(&record(1, "Accepted").replace("## Context", "## Con$0text")), "");
}
