//! Every operation keeps the promises of the table: schemas, names, refusals, and workspaces that stay as they are.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{fs, path::Path};

use archwright_analysis::{
    OpenOptions, Root, Workspace,
    operations::{Contract, ContractRequest, FileState, NextStep, OPERATIONS, Operation, operation},
};
use serde_json::{Value, json};

const ASYNCAPI: &str = "asyncapi: 3.0.0
info: { title: Orders, version: 1.0.0 }
channels:
  placed:
    address: orders.placed.v1
    messages:
      OrderPlaced: { payload: { type: object, properties: { order_id: { type: string } } } }
operations:
  tell: { action: send, channel: { $ref: '#/channels/placed' } }
";

fn open(root: &Path) -> Workspace {
    archwright_analysis::open(OpenOptions::server(Root::Folder(root.to_path_buf())), &|_| {}).unwrap()
}

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let asyncapi = folder.path().join("docs/features/shop/asyncapi");
    fs::create_dir_all(&asyncapi).unwrap();
    fs::write(asyncapi.join("orders.yaml"), ASYNCAPI).unwrap();
    folder
}

#[test]
fn the_table_is_whole() {
    for entry in &OPERATIONS {
        assert_eq!(operation(entry.name).map(|it| it.title), Some(entry.title));
        assert!(entry.about.ends_with('.') && entry.about.len() <= 520, "{}: {}", entry.name, entry.about.len());
        let schema = entry.schema();
        assert_eq!(schema["additionalProperties"], false, "{}: unknown fields are refused", entry.name);
        for field in entry.required.iter().filter(|it| !it.contains('[')) {
            assert!(schema["properties"].get(field).is_some(), "{} has no field {field}", entry.name);
        }
        for argument in entry.arguments {
            let field = &schema["properties"][argument.name];
            assert!(field.is_object(), "{} has no field {}", entry.name, argument.name);
            assert_eq!(field["type"] == "array", argument.list, "{}: {}", entry.name, argument.name);
            assert_eq!(argument.optional, !entry.required.contains(&argument.name), "{}", argument.name);
            assert!(!argument.ask.ends_with('.') && !argument.example.is_empty(), "{}", argument.ask);
        }
        let asked = |field: &&str| entry.arguments.iter().any(|it| it.name == *field);
        assert!(
            entry.required.iter().filter(|it| !it.contains('[')).all(asked),
            "{}: what is needed is asked",
            entry.name
        );
        let optional = entry.arguments.iter().position(|it| it.optional).unwrap_or(entry.arguments.len());
        assert!(
            entry.arguments.iter().skip(optional).all(|it| it.optional),
            "{}: what is needed comes first",
            entry.name
        );
    }
}

/// What an operation offers for its first argument: the values, what they come with, and the files they stand in.
fn offers(root: &Path, operation_name: &str) -> Vec<String> {
    let entry = operation(operation_name).unwrap();
    let offers = entry.offers(&open(root), entry.arguments[0].name);
    let files = |it: &archwright_analysis::operations::Offer| {
        it.files.iter().map(|it| it.name().to_owned()).collect::<Vec<_>>().join(", ")
    };
    let with = |it: &archwright_analysis::operations::Offer| if it.with.is_empty() { "" } else { " with its document" };
    offers.iter().map(|it| format!("{} in {}{}", it.value, files(it), with(it))).collect()
}

#[test]
fn what_is_offered_can_be_done() {
    let folder = shop();
    let write = |path: &str, text: &str| {
        let path = folder.path().join("docs/features/shop").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    assert_eq!(offers(folder.path(), "design"), [""; 0]);
    assert_eq!(offers(folder.path(), "contract"), ["orders.placed.v1 in orders.yaml"]);
    assert_eq!(offers(folder.path(), "next-version"), [""; 0]);
    assert_eq!(offers(folder.path(), "diff"), ["docs/features/shop/asyncapi/orders.yaml in orders.yaml"]);
    assert_eq!(offers(folder.path(), "convert"), [""; 0]);

    // Two documents describe one channel, a contract another, and one document is old.
    write("asyncapi/same.yaml", ASYNCAPI);
    write(
        "contracts/orders.paid.v1.md",
        "# Contract: orders.paid.v1\n\n## Summary\n\n- **Channel**: `orders.paid.v1`\n",
    );
    write("asyncapi/orders.paid.v1.yaml", &ASYNCAPI.replace("orders.placed.v1", "orders.paid.v1"));
    write("asyncapi/old.yaml", "asyncapi: 2.6.0\ninfo: { title: A, version: '1' }\nchannels: {}\n");
    let named = " in orders.yaml with its document";
    assert_eq!(
        offers(folder.path(), "contract"),
        [format!("orders.placed.v1{named}"), "orders.placed.v1 in same.yaml with its document".to_owned()]
    );
    let files = "orders.paid.v1.md, orders.paid.v1.yaml";
    assert_eq!(offers(folder.path(), "next-version"), [format!("orders.paid.v1 in {files}")]);
    assert_eq!(offers(folder.path(), "convert"), ["docs/features/shop/asyncapi/old.yaml in old.yaml"]);
    assert_eq!(offers(folder.path(), "diff").len(), 4);

    // Everything that is offered plans, where somebody has decided anything.
    write("README.md", "# shop\n\n## System concerns\n\n- **Owner team**: team-shop\n");
    let mut workspace = open(folder.path());
    for entry in OPERATIONS.iter().filter(|it| it.writes) {
        for argument in entry.arguments.iter().filter(|it| it.offered) {
            for offer in entry.offers(&workspace, argument.name) {
                // What is not offered is made up.
                let others = entry.arguments.iter().filter(|it| it.name != argument.name);
                let others = others.filter(|it| !it.offered || !it.optional);
                let mut request: Value =
                    others.map(|it| (it.name.to_owned(), json!(it.example))).collect::<serde_json::Map<_, _>>().into();
                request[argument.name] = json!(offer.value);
                offer.with.iter().for_each(|(field, value)| request[*field] = json!(value));
                let plan = entry.plan(&mut workspace, request).unwrap();
                assert!(!plan.edit.is_empty(), "{}: {offer:?}", entry.name);
            }
        }
    }

    // A channel that has a next version is not offered any more.
    write("contracts/orders.paid.v2.md", "# Contract: orders.paid.v2\n");
    assert_eq!(offers(folder.path(), "next-version"), ["orders.paid.v2 in orders.paid.v2.md"]);
}

#[test]
fn a_request_that_does_not_fit_is_refused_and_changes_nothing() {
    let folder = shop();
    let mut workspace = open(folder.path());
    let before: Vec<String> = workspace.files().map(|it| format!("{:?}", workspace.findings(it))).collect();
    for entry in &OPERATIONS {
        let error = entry.plan(&mut workspace, json!({ "no-such-field": 1 })).unwrap_err().to_string();
        assert!(error.contains("no-such-field"), "{}: {error}", entry.name);
        if !entry.required.is_empty() {
            assert!(entry.plan(&mut workspace, json!({})).is_err(), "{} takes an empty request", entry.name);
        }
    }
    let after: Vec<String> = workspace.files().map(|it| format!("{:?}", workspace.findings(it))).collect();
    assert_eq!(before, after);
}

#[test]
fn a_contract_is_found_by_address_and_by_key_and_its_plan_comes_first() {
    let folder = shop();
    let mut workspace = open(folder.path());
    for channel in ["orders.placed.v1", "placed"] {
        let request = ContractRequest { channel: channel.to_owned(), ..ContractRequest::default() };
        let plan = Contract::plan(&mut workspace, &request).unwrap();
        assert_eq!(plan.files[0].path.as_str(), "docs/features/shop/contracts/orders.placed.v1.md");
        assert_eq!(plan.files[0].state, FileState::Created);
        assert!(plan.next_steps.contains(&NextStep::AnswerQuestions { count: plan.questions.len() }), "{plan:?}");
    }
    let error = |channel: &str| {
        let request = ContractRequest { channel: channel.to_owned(), ..ContractRequest::default() };
        Contract::plan(&mut open(folder.path()), &request).unwrap_err().to_string()
    };
    assert!(error("orders.placed.v2").contains("did you mean `orders.placed.v1`?"), "{}", error("orders.placed.v2"));
}

#[test]
fn converting_rewrites_the_document_or_writes_another_and_keeps_what_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = "asyncapi: 2.6.0\ninfo: { title: A, version: '1' }\nchannels: {}\n";
    fs::write(folder.path().join("a.yaml"), text).unwrap();
    let mut workspace = open(folder.path());
    let convert = operation("convert").unwrap();
    let plan = convert.plan(&mut workspace, json!({ "document": "a.yaml" })).unwrap();
    assert_eq!(plan.files[0].state, FileState::Changed);
    let plan = convert.plan(&mut workspace, json!({ "document": "a.yaml", "output": "b.yaml" })).unwrap();
    assert_eq!((plan.files[0].path.as_str(), plan.files[0].state), ("b.yaml", FileState::Created));
    assert!(plan.edit.creates[0].content.contains("asyncapi: 3.0.0"));
    let error = convert.plan(&mut workspace, json!({ "document": "c.yaml" })).unwrap_err().to_string();
    assert!(error.contains("there is no file `c.yaml`"), "{error}");
    let error = convert.plan(&mut workspace, json!({ "document": "a.yaml", "to": "4.0.0" })).unwrap_err().to_string();
    assert!(error.contains("write 3.0.0"), "{error}");
}

#[test]
fn files_of_the_workspace_are_compared_with_older_ones() {
    let folder = tempfile::tempdir().unwrap();
    let schema = |kind: &str| json!({ "type": "object", "properties": { "id": { "type": kind } } }).to_string();
    fs::write(folder.path().join("old.json"), schema("string")).unwrap();
    fs::write(folder.path().join("new.json"), schema("integer")).unwrap();
    let request: Value = json!({ "paths": ["new.json"], "old": ["old.json"], "language": "json-schema" });
    let plan = operation("diff").unwrap().plan(&mut open(folder.path()), request).unwrap();
    assert!(plan.edit.is_empty());
    assert_eq!(plan.next_steps, [NextStep::MendBreaks { count: 1 }]);
    let compared = plan.compared.unwrap();
    assert!(compared.summary().starts_with("Incompatible: 1 breaking change"), "{}", compared.summary());
}
