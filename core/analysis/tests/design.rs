//! The design operation: what it writes, what it keeps, when it declines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{fs, path::Path};

use archwright_analysis::{
    OpenOptions, Root, Workspace,
    operations::{Design, DesignRequest, FileState, Operation, Plan},
    writer,
};

fn open(root: &Path) -> Workspace {
    archwright_analysis::open(OpenOptions::server(Root::Folder(root.to_path_buf())), &|_| {}).unwrap()
}

fn request(json: serde_json::Value) -> DesignRequest {
    serde_json::from_value(json).unwrap()
}

fn checkout() -> DesignRequest {
    request(serde_json::json!({
        "feature": "order-checkout",
        "description": "Checkout tells billing and search that an order was placed.",
        "title": "Order checkout",
        "services": ["checkout", "billing", "search"],
        "channels": [{"name": "orders.placed.v1", "ordering_key": "order_id", "retention": "7 d"}],
        "patterns": [{"name": "outbox", "why": "the order and its event commit together"}],
        "reliability": {"delivery": "at-least-once"},
        "concerns": {"owner_team": "team-orders", "compliance": "PII"},
        "open_questions": [{"question": "Archive after 90 days?", "owner": "team-orders", "due": "2026-12-01"}],
        "slo": "99.9 % within 5 s",
        "date": "2026-06-01"
    }))
}

fn run(root: &Path, request: &DesignRequest) -> Plan {
    let outcome = Design::plan(&mut open(root), request).unwrap();
    writer::apply(root, &outcome.edit).unwrap();
    outcome
}

fn states(outcome: &Plan) -> Vec<(&str, FileState)> {
    outcome.files.iter().map(|it| (it.path.as_str(), it.state)).collect()
}

#[test]
fn an_empty_workspace_gets_a_design_an_index_and_a_catalog_that_pass_a_check() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), &checkout());
    assert_eq!(
        states(&outcome),
        [
            ("docs/features/order-checkout/design.md", FileState::Created),
            ("docs/features/order-checkout/README.md", FileState::Created),
            ("docs/system/catalog.md", FileState::Created)
        ]
    );
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    insta::assert_snapshot!("design", read("docs/features/order-checkout/design.md"));
    insta::assert_snapshot!("readme", read("docs/features/order-checkout/README.md"));
    insta::assert_snapshot!("catalog", read("docs/system/catalog.md"));
    let workspace = open(folder.path());
    let errors: Vec<_> = workspace
        .files()
        .flat_map(|it| workspace.findings(it))
        .filter(|it| !it.rule.asks && it.rule.code != "channel/missing-contract")
        .map(|it| (it.rule.code, &it.message))
        .collect();
    assert_eq!(errors, []);
    assert!(outcome.questions.iter().any(|it| it.field.as_deref() == Some("Tenancy")), "{:?}", outcome.questions);
}

#[test]
fn the_second_call_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &checkout());
    let again = Design::plan(&mut open(folder.path()), &checkout()).unwrap();
    assert!(again.edit.is_empty());
    assert!(again.files.iter().all(|it| it.state == FileState::Unchanged));
}

#[test]
fn answers_take_the_place_of_placeholders_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &checkout());
    let path = folder.path().join("docs/features/order-checkout/design.md");
    let mine =
        fs::read_to_string(&path).unwrap().replace("- **Status**: Draft", "- **Status**: Proposed\n\nA word of mine.");
    fs::write(&path, &mine).unwrap();
    let mut more = checkout();
    more.concerns.tenancy = Some("multi-tenant, isolated by tenant id".to_owned());
    more.concerns.owner_team = Some("team-other".to_owned());
    more.channels.push(serde_json::from_value(serde_json::json!({"name": "orders.cancelled.v1"})).unwrap());
    run(folder.path(), &more);
    let after = fs::read_to_string(&path).unwrap();
    assert!(after.contains("- **Tenancy**: multi-tenant, isolated by tenant id\n"));
    assert!(after.contains("- **Owner team**: team-orders\n"), "what was decided stays");
    assert!(after.contains("- **Status**: Proposed\n\nA word of mine.\n"));
    assert!(after.contains("| orders.cancelled.v1 | [TBD] |"));
    assert_eq!(after.matches("orders.placed.v1 |").count(), 1);
}

#[test]
fn a_catalog_keeps_its_rows_and_their_order() {
    let folder = tempfile::tempdir().unwrap();
    for feature in ["refunds", "billing", "order-checkout"] {
        run(folder.path(), &DesignRequest { feature: feature.to_owned(), ..checkout() });
    }
    let catalog = fs::read_to_string(folder.path().join("docs/system/catalog.md")).unwrap();
    let rows: Vec<&str> = catalog.lines().filter_map(|it| it.strip_prefix("| ")?.split(" |").next()).collect();
    assert_eq!(rows, ["Feature", "---", "billing", "order-checkout", "refunds"]);
}

#[test]
fn work_inside_one_service_is_declined_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let small =
        request(serde_json::json!({"feature": "dark-mode", "description": "A frontend-only toggle for dark mode."}));
    let outcome = Design::plan(&mut open(folder.path()), &small).unwrap();
    assert!(outcome.declined.is_some() && outcome.edit.is_empty());
    let forced = Design::plan(&mut open(folder.path()), &DesignRequest { force: true, ..small }).unwrap();
    assert!(forced.declined.is_none() && !forced.edit.is_empty());
    let errors = forced.findings.iter().filter(|it| it.severity == archwright_analysis::Severity::Error);
    assert_eq!(errors.count(), 0, "a draft that asks its questions passes: {:?}", forced.findings);
}

#[test]
fn mistakes_in_a_request_say_what_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let message = |request: DesignRequest| Design::plan(&mut open(folder.path()), &request).unwrap_err().to_string();
    assert!(message(DesignRequest { feature: "OrderCheckout".to_owned(), ..checkout() }).contains("`order-checkout`"));
    assert!(message(DesignRequest { description: String::new(), ..checkout() }).contains("description"));
    let wrong = serde_json::json!({"feature": "a", "channels": [{"name": "b", "compatibility": "sideways"}]});
    let wrong = serde_json::from_value::<DesignRequest>(wrong).unwrap_err().to_string();
    assert!(wrong.contains("`sideways` is no compatibility mode: write backward, "), "{wrong}");
    let spelt = serde_json::json!({"channels": [{"name": "b", "compatibility": "Full-Transitive", "role": ""}]});
    let spelt = serde_json::from_value::<DesignRequest>(spelt).unwrap();
    assert_eq!(spelt.channels[0].compatibility.map(|it| it.0.name()), Some("full_transitive"));
    let unknown = serde_json::from_value::<DesignRequest>(serde_json::json!({"feature": "a", "descripton": "b"}))
        .unwrap_err()
        .to_string();
    assert!(unknown.contains("descripton") && unknown.contains("description"), "{unknown}");
}

#[test]
fn lists_are_read_however_an_agent_writes_them() {
    let written = request(
        serde_json::json!({"feature": "a", "description": "b", "services": "[\"x\", \"y\"]", "teams": "one", "anti_patterns": null, "slo": ""}),
    );
    assert_eq!(written.services, ["x", "y"]);
    assert_eq!(written.teams, ["one"]);
    assert_eq!((written.anti_patterns.len(), written.slo), (0, None));
}

#[test]
fn crlf_documents_stay_crlf() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("docs/features/order-checkout/design.md");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "# Design\r\n\r\n## Patterns\r\n\r\n- [TBD]\r\n").unwrap();
    run(folder.path(), &checkout());
    let after = fs::read_to_string(&path).unwrap();
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{after:?}");
}
