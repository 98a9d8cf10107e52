//! The design operation: what it writes, what it keeps, when it declines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{fs, path::Path};

use archwright_analysis::{
    OpenOptions, Root, Workspace,
    operations::{Design, DesignRequest, FileState, NextStep, Operation, Plan},
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
    let due = |due: &str| {
        let questions = serde_json::json!([{"question": "Archive?", "due": due}]);
        DesignRequest { open_questions: serde_json::from_value(questions).unwrap(), ..checkout() }
    };
    let told = message(due("2026-13-01"));
    assert!(told.contains("2026-13-01") && told.contains("open_questions[].due"), "{told}");
    assert!(Design::plan(&mut open(folder.path()), &due("before the launch")).is_ok());
    let tier = Some("Gold".to_owned());
    let tier = message(DesignRequest { tier, ..checkout() });
    assert_eq!(
        tier,
        "`Gold` is no tier of a design: write Prototype, Service-ready, Production-ready, Enterprise-critical"
    );
    assert!(
        message(DesignRequest { status: Some("Done".to_owned()), ..checkout() })
            .contains("no status of a design: write Draft, ")
    );
    let sections = serde_json::json!({"feature": "a", "description": "b", "sections": [{"title": "Storage"}]});
    assert_eq!(message(request(sections)), "`sections[].text` is missing");
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

/// Every fact that a request can hold, each in words of its own.
fn everything() -> serde_json::Value {
    serde_json::json!({
        "feature": "loyalty-points",
        "description": "Points are booked when money has arrived.",
        "title": "Loyalty points",
        "integration_style": "messaging, because bookings may wait",
        "services": ["ledger-service", "card-service"],
        "teams": ["team-loyalty", "team-cards"],
        "channels": [
            {"name": "points.booked.v1", "ordering_key": "member_id", "idempotency_key": "booking_id",
             "retention": "9 days", "dlq_owner": "team-points-dlq", "compatibility": "full", "consumers": ["mail-service"]},
            {"name": "cards.closed.v1", "role": "consumed", "producer": "vault-service", "ordering_key": "card_no",
             "idempotency_key": "closing_id", "retention": "11 days", "dlq_owner": "team-vault",
             "compatibility": "forward"}
        ],
        "patterns": [{"name": "outbox", "why": "booking and event commit together"}],
        "reliability": {
            "delivery": "at-least-once, fact-a", "idempotency": "fact-b in the inbox", "bad_messages": "fact-c dlq",
            "retry": "5 attempts, fact-d", "ordering": "per key, fact-e", "schema_evolution": "Avro, fact-f",
            "observability": "traceparent, fact-g", "failure_boundary": "compensated, fact-h"
        },
        "concerns": {
            "owner_team": "team-loyalty", "tenancy": "one tenant, fact-i", "compliance": "GDPR, fact-j",
            "cost_owner": "fact-k", "capacity": "40 a second, fact-l", "dr_posture": "RPO 1 minute, fact-m",
            "lifecycle": "created 2026, fact-n"
        },
        "anti_patterns": ["booking from a cache, fact-o"],
        "open_questions": [{"question": "Do points expire?", "owner": "team-fact-p", "due": "2027-03-04"}],
        "slo": "99.5 % of bookings within 5 s",
        "tier": "Service-ready",
        "last_reviewed": "2026-04-29",
        "status": "Proposed",
        "upstream": ["payment-fact-q"],
        "downstream": ["mail-fact-r"],
        "external": ["partner-fact-s"],
        "shared_infrastructure": ["cluster-fact-t"],
        "sections": [
            {"title": "Storage", "text": "Table `ledger`, kept ten years.\n\n- fact-u"},
            {"title": "Integration style", "text": "fact-v"}
        ],
        "date": "2026-05-06"
    })
}

/// The texts in a request, but for the slug and words that mean something to the program.
fn facts(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.extend(text.lines().filter(|it| !it.is_empty()).map(str::to_owned)),
        serde_json::Value::Array(items) => items.iter().for_each(|it| facts(it, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|it| facts(it, found)),
        _ => {}
    }
}

#[test]
fn every_fact_is_placed_or_named_as_not_placed() {
    let folder = tempfile::tempdir().unwrap();
    let plan = run(folder.path(), &request(everything()));
    let written: String =
        plan.files.iter().map(|it| fs::read_to_string(folder.path().join(it.path.as_str())).unwrap()).collect();
    let notes: Vec<&str> = plan.notes.iter().map(|it| it.message.as_str()).collect();
    let mut given = Vec::new();
    facts(&everything(), &mut given);
    let all = format!("{written}{}", notes.join("\n")).to_lowercase();
    let lost: Vec<&String> =
        given.iter().filter(|it| *it != "outbox" && !all.contains(&it.trim_end_matches('.').to_lowercase())).collect();
    assert_eq!(lost, Vec::<&String>::new(), "{written}");
    assert_eq!(notes.len(), 5, "what is said of the channel of another: {notes:#?}");
    assert!(notes.iter().all(|it| it.starts_with("Not placed: ")), "{notes:#?}");
    insta::assert_snapshot!("everything", fs::read_to_string(folder.path().join(plan.files[0].path.as_str())).unwrap());
    insta::assert_snapshot!(
        "everything_readme",
        fs::read_to_string(folder.path().join(plan.files[1].path.as_str())).unwrap()
    );
    let again = Design::plan(&mut open(folder.path()), &request(everything())).unwrap();
    assert!(again.edit.is_empty() && again.notes.len() == 5, "{:?} {:#?}", again.edit, again.notes);
}

#[test]
fn nothing_is_stated_that_nobody_stated() {
    let folder = tempfile::tempdir().unwrap();
    let small = request(serde_json::json!({
        "feature": "a", "description": "b", "channels": [{"name": "c.d.v1"}], "date": "2026-05-06"
    }));
    let plan = run(folder.path(), &small);
    for file in &plan.files {
        let text = fs::read_to_string(folder.path().join(file.path.as_str())).unwrap();
        for invented in ["BACKWARD", "None.", "| Prototype", "**Tier**: Prototype", "0 "] {
            assert!(!text.contains(invented), "{invented} in {text}");
        }
    }
    let errors = plan.findings.iter().filter(|it| it.severity == archwright_analysis::Severity::Error);
    assert_eq!(errors.count(), 0, "{:?}", plan.findings);
}

#[test]
fn what_contradicts_the_files_is_told_with_both_values_and_taken_on_request() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &request(everything()));
    let other = serde_json::json!({
        "feature": "loyalty-points",
        "concerns": {"owner_team": "team-other"},
        "slo": "99.9 % of bookings within 1 s",
        "tier": "Prototype",
        "last_reviewed": "2026-05-05",
        "channels": [{"name": "points.booked.v1", "retention": "3 days", "ordering_key": "member_id"}],
        "patterns": [{"name": "Transactional Outbox", "why": "for speed"}],
        "reliability": {"retry": "5 attempts, fact-d"},
        "sections": [{"title": "Storage", "text": "Files."}]
    });
    let plan = Design::plan(&mut open(folder.path()), &request(other.clone())).unwrap();
    assert!(plan.edit.is_empty(), "{:?}", plan.edit);
    let told: Vec<String> = plan.notes.iter().map(|it| format!("{}:{}: {}", it.file, it.at.line, it.message)).collect();
    insta::assert_snapshot!("differences", told.join("\n"));
    assert!(plan.next_steps.contains(&NextStep::SettleDifferences { count: 6 }), "{:?}", plan.next_steps);

    let update = DesignRequest { update: true, ..request(other) };
    let plan = run(folder.path(), &update);
    let read = |at: usize| fs::read_to_string(folder.path().join(plan.files[at].path.as_str())).unwrap();
    let (design, readme, catalog) = (read(0), read(1), read(2));
    assert!(
        design.contains("| points.booked.v1 | member_id | booking_id | 3 days | team-points-dlq | FULL |"),
        "{design}"
    );
    assert!(design.contains("- Transactional Outbox: for speed\n") && design.contains("Table `ledger`"), "{design}");
    assert_eq!(readme.matches("team-other").count(), 2, "{readme}");
    assert!(
        catalog.contains("| loyalty-points | team-other | Prototype | 99.9 % of bookings within 1 s |")
            && catalog.contains("| 2026-05-05 |"),
        "{catalog}"
    );
    assert!(readme.contains("- **Last reviewed**: 2026-05-05\n"), "{readme}");
    assert_eq!(plan.notes.len(), 1, "a section is never replaced: {:?}", plan.notes);
    let again = Design::plan(&mut open(folder.path()), &update).unwrap();
    assert!(again.edit.is_empty(), "{:?}", again.edit);
}

#[test]
fn a_contract_that_is_written_is_no_longer_announced() {
    let folder = tempfile::tempdir().unwrap();
    let plan = run(folder.path(), &checkout());
    assert_eq!(plan.next_steps.last(), Some(&NextStep::WriteContract { channel: "orders.placed.v1".to_owned() }));
    let contract = folder.path().join("docs/features/order-checkout/contracts/orders.placed.v1.md");
    fs::create_dir_all(contract.parent().unwrap()).unwrap();
    fs::write(&contract, "# Contract: orders.placed.v1\n\n## Compatibility\n\n- **Compatibility mode**: FULL\n")
        .unwrap();
    let plan = run(folder.path(), &checkout());
    for file in plan.files.iter().take(2) {
        let text = fs::read_to_string(folder.path().join(file.path.as_str())).unwrap();
        assert!(text.contains("contracts/orders.placed.v1.md") && !text.contains("not yet written"), "{text}");
        assert_eq!(
            text.matches("contracts/orders.placed.v1.md").count(),
            1 + usize::from(file.path.name() == "README.md"),
            "{text}"
        );
    }
    let design = fs::read_to_string(folder.path().join("docs/features/order-checkout/design.md")).unwrap();
    assert!(design.contains("| orders.placed.v1 | order_id | [TBD] | 7 d | [TBD] | FULL |"), "{design}");
    let told: Vec<&str> = plan.notes.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(told, ["Taken from here for orders.placed.v1: compatibility mode “FULL”."]);
    assert!(!plan.next_steps.iter().any(|it| matches!(it, NextStep::WriteContract { .. })), "{:?}", plan.next_steps);
}

#[test]
fn the_repository_answers_first() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/workspaces/shop");
    let plan = Design::plan(
        &mut open(&root),
        &request(serde_json::json!({
            "feature": "loyalty-points",
            "description": "Points are booked when money has arrived.",
            "channels": [
                {"name": "payments.captured.v1", "role": "consumed", "retention": "3 days", "ordering_key": "order_id"},
                {"name": "points.booked.v1"}
            ],
            "date": "2026-06-07"
        })),
    )
    .unwrap();
    let text = |name: &str| {
        let file = plan.edit.creates.iter().find(|it| it.path.as_str().ends_with(name)).unwrap();
        file.content.clone()
    };
    insta::assert_snapshot!("neighbours", text("design.md"));
    insta::assert_snapshot!("neighbours_readme", text("README.md"));
    let told: Vec<String> = plan.notes.iter().map(|it| format!("{}:{}: {}", it.file, it.at.line, it.message)).collect();
    insta::assert_snapshot!("neighbours_notes", told.join("\n"));
}

/// Facts are copied out of lists, headings, quotations and code: the marks are no part of them, and a second call with
/// the same facts has nothing to do.
#[test]
fn marks_of_markdown_before_a_fact_are_left_out_and_a_second_call_changes_nothing() {
    let marks =
        ["", "- ", "* ", "+ ", "1. ", "2) ", "7. ", "## ", "> ", "- - ", "- [ ] ", "`a|b` ", "\"so\" ", "| ", "#"];
    for mark in marks {
        let folder = tempfile::tempdir().unwrap();
        let said = |text: &str| format!("{mark}{text}");
        let given = request(serde_json::json!({
            "feature": "order-checkout",
            "description": said("Checkout tells billing and search that an order was placed."),
            "services": [said("checkout"), "billing"],
            "channels": [{"name": "`orders.new.v1`", "ordering_key": said("order_id"), "producer": "checkout",
                "consumers": [said("billing")]}, {"name": "a|b"}],
            "patterns": [{"name": said("own way"), "why": said("both commit together")}],
            "reliability": {"retry": said("five attempts")},
            "concerns": {"owner_team": said("team-orders")},
            "anti_patterns": [said("dual write"), said("polling")],
            "open_questions": [{"question": said("Archive after 90 days?"), "owner": said("team-orders")}],
            "sections": [{"title": said("Data"), "text": "Postgres.\n\n# How long\n\n```\na: 1\n```\n\n- a year"}],
            "slo": said("99.9 %"),
            "date": "2026-06-01"
        }));
        run(folder.path(), &given);
        let read =
            |path: &str| fs::read_to_string(folder.path().join("docs/features/order-checkout").join(path)).unwrap();
        let (design, readme) = (read("design.md"), read("README.md"));
        let again = Design::plan(&mut open(folder.path()), &given).unwrap();
        assert!(again.edit.is_empty(), "{mark}: {:?}", again.edit);
        assert_eq!(again.notes.iter().map(|it| it.message.as_str()).collect::<Vec<_>>(), Vec::<&str>::new(), "{mark}");
        for whole in [&design, &readme] {
            assert!(!["- - ", "- * ", "- + ", "- 1. ", "- ## ", "## ## ", "- > "].iter().any(|it| whole.contains(it)));
            assert!(!whole.contains("`orders.new.v1`.md"), "{whole}");
        }
        assert!(design.contains("| orders.new.v1 |") && design.contains("(contracts/orders.new.v1.md)"), "{design}");
        assert!(design.contains("dual write\n") && design.contains("both commit together\n"), "{design}");
    }
}
