//! The operation `prelaunch` over the sample shop: what counts as evidence and what does not, from NO-GO to GO.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{fs, path::Path};

use archwright_analysis::{
    OpenOptions, Root, Severity, Workspace,
    operations::{GateState, Launch, LaunchVerdict, NextStep, Operation, Plan, Prelaunch, PrelaunchRequest},
    writer,
};
use serde_json::{Value, json};

const FEATURE: &str = "docs/features/order-checkout";
const LAUNCH: &str = "docs/features/order-checkout/launches/2026-11-29.md";

/// A copy of the shop, with what a team adds that goes to production.
struct Shop(tempfile::TempDir);

impl Shop {
    fn new() -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/workspaces/shop");
        copy(&sample, shop.0.path());
        shop
    }

    /// The shop with everything that production needs.
    fn ready() -> Self {
        let shop = Self::new();
        shop.write(
            ".github/workflows/ci.yml",
            "on: [pull_request]\njobs:\n  schema-compat:\n    steps:\n      - run: make schemas\n",
        );
        shop.write(
            "services/checkout/test/inbox.test.ts",
            "import { KafkaContainer } from \"@testcontainers/kafka\";\nconst broker = new KafkaContainer();\n\
            test(\"a payment that arrives twice changes the order once\", run);\n\
            test(\"gives up after five attempts\", run);\n\
            test(\"a poison message goes to the dead letter channel\", run);\n\
            test(\"replay of a day changes nothing\", run);\n",
        );
        shop.write("services/checkout/src/main.ts", "process.on(\"SIGTERM\", () => worker.drain());\n");
        let last = "- Update this runbook when a step was missing or wrong.";
        let drill = "\n- Last drill: 2026-10-02, 100 messages redriven in 12 minutes.";
        shop.edit("runbooks/dlq-triage.md", last, &format!("{last}{drill}"));
        shop
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).unwrap()
    }

    /// Replaces a text that a file of the feature, or one named from the root, must have.
    fn edit(&self, path: &str, from: &str, to: &str) {
        let path = if path.contains("//") { path.replace("//", "") } else { format!("{FEATURE}/{path}") };
        let text = self.read(&path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(&path, &text.replace(from, to));
    }

    fn open(&self) -> Workspace {
        let root = Root::Folder(self.0.path().to_path_buf());
        archwright_analysis::open(OpenOptions::server(root), &|_| {}).unwrap()
    }

    fn plan(&self, facts: Value) -> Plan {
        Prelaunch::plan(&mut self.open(), &request(facts)).unwrap()
    }

    fn launch(&self, facts: Value) -> Launch {
        self.plan(facts).launch.unwrap()
    }

    /// Plans and writes, and sees to it that nothing is left to do.
    fn written(&self, facts: Value) -> Plan {
        let plan = self.plan(facts.clone());
        writer::apply(self.0.path(), &plan.edit).unwrap();
        let again = self.plan(facts);
        assert!(again.edit.is_empty(), "{:?}", again.edit);
        assert_eq!(again.next_steps.contains(&NextStep::Nothing), plan.launch.as_ref().unwrap().blockers.is_empty());
        assert!(plan.findings.iter().all(|it| it.severity != Severity::Error), "{:?}", plan.findings);
        let workspace = self.open();
        for file in workspace.files() {
            let errors: Vec<_> = workspace.findings(file).iter().filter(|it| it.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
        plan
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { _ = fs::copy(&from, &to).unwrap() }
    }
}

fn request(facts: Value) -> PrelaunchRequest {
    let mut all = json!({ "feature": "order-checkout", "date": "2026-11-29" });
    all.as_object_mut().unwrap().extend(facts.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

fn rollback() -> Value {
    json!({
        "trigger": "more than 1% of checkouts fail during 5 minutes",
        "steps": ["Switch the flag `new-checkout` off.", "Let the outbox drain."],
        "time": "15 minutes",
    })
}

/// What is asked for production, with the way back.
fn production(more: Value) -> Value {
    let mut all = json!({ "tier": "Production-ready", "rollback": rollback() });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

fn blockers(launch: &Launch) -> Vec<&str> {
    launch.blockers.iter().map(|it| it.id.as_str()).collect()
}

fn state(launch: &Launch, gate: &str) -> GateState {
    launch.gates.iter().find(|it| it.id == gate).unwrap().state
}

#[test]
fn places_of_gates_are_told_as_far_as_there_is_room() {
    let launch = Shop::new().written(json!({ "tier": "production ready" })).launch.unwrap();
    let placed = launch.gates.iter().filter(|it| !it.places.is_empty()).count();
    let (mut whole, mut in_part) = (0, 0);
    for more in 0..12 {
        let mut long = launch.clone();
        long.blockers.extend(launch.blockers.iter().cycle().take(more * 4).cloned());
        let text = long.text();
        let gates = text.split_once("GATES\n").unwrap().1;
        let is_place = |it: &str| it.rsplit_once(':').is_some_and(|it| it.1.parse::<u32>().is_ok());
        let told = gates.split([' ', ',', '\n']).filter(|it| is_place(it)).count();
        let left = gates.rsplit_once(" places of ").map_or(0, |it| it.1.split(' ').next().unwrap().parse().unwrap());
        assert_eq!(told + left, placed, "{text}");
        whole += usize::from(left == 0);
        in_part += usize::from(left > 0 && told > 0);
    }
    assert!(whole > 0 && in_part > 0, "{whole} {in_part}");
}

#[test]
fn a_launch_is_refused_first_and_goes_ahead_when_the_gaps_are_closed() {
    let shop = Shop::new();
    let plan = shop.written(json!({ "tier": "production ready" }));
    let launch = plan.launch.unwrap();
    assert_eq!((launch.decision, launch.tier.as_deref()), (LaunchVerdict::NoGo, Some("Prototype")));
    assert_eq!(launch.downgraded.as_ref().unwrap().place.line, 9);
    assert!(launch.text().len() < 6_000);
    insta::assert_snapshot!("no_go", format!("{}\n=====\n{}", launch.text(), shop.read(LAUNCH)));
    // Nobody has agreed to another tier, and a question is no review.
    let readme = shop.read(&format!("{FEATURE}/README.md"));
    assert!(readme.contains("- **Tier**: Service-ready\n") && !readme.contains("**Last reviewed**: 2026-11-29"));

    let shop = Shop::ready();
    let risk = json!({
        "risk": "Failover is untested", "mitigation": "the standby is restored each week", "accepted_by": "team-orders",
        "until": "2027-03-31",
    });
    let evidence = json!({ "gate": "slo", "where": "https://grafana.shop.example/d/slo", "who": "Ada" });
    let facts = production(json!({ "risks": [risk], "evidence": [evidence], "approvers": ["Ada", "Bob"] }));
    let plan = shop.written(facts);
    let launch = plan.launch.unwrap();
    assert_eq!((launch.decision, launch.tier.as_deref()), (LaunchVerdict::GoWithRisks, Some("Production-ready")));
    insta::assert_snapshot!("go_with_risks", format!("{}\n=====\n{}", launch.text(), shop.read(LAUNCH)));
    let readme = shop.read(&format!("{FEATURE}/README.md"));
    assert!(readme.contains("- **Tier**: Production-ready\n- **Last reviewed**: 2026-11-29"), "{readme}");
    assert!(readme.contains("[2026-06-01](launches/2026-06-01.md), [2026-11-29](launches/2026-11-29.md)"), "{readme}");
    let catalog = shop.read("docs/system/catalog.md");
    assert!(catalog.contains("| order-checkout | team-orders | Production-ready |"), "{catalog}");
    assert!(catalog.contains("Last updated: 2026-11-29\n"), "{catalog}");

    let launch = shop.launch(production(json!({ "date": "2026-11-30" })));
    assert_eq!((launch.decision, blockers(&launch)), (LaunchVerdict::Go, vec![]));
}

#[test]
fn a_no_go_of_people_takes_the_place_of_a_go() {
    let shop = Shop::new();
    let path = format!("{FEATURE}/launches/2026-06-01.md");
    assert!(shop.read(&path).contains("- **Status**: GO\n"));
    let plan = shop.written(json!({ "date": "2026-06-01", "decision": "no-go" }));
    assert!(shop.read(&path).contains("- **Status**: NO-GO\n"));
    let said = |it: &str| plan.notes.iter().any(|note| note.message.contains(it));
    assert!(said("It said GO, and is NO-GO now") && !said("Kept “Status"), "{:?}", plan.notes);
}

#[test]
fn a_feature_that_has_decided_nothing_has_nobody_to_sign() {
    let shop = Shop::new();
    for file in ["README.md", "design.md"] {
        let path = format!("{FEATURE}/{file}");
        let text = shop.read(&path);
        let (before, rest) = text.split_once("## System concerns\n").unwrap();
        let (concerns, after) = rest.split_once("\n## ").unwrap();
        let open = |line: &str| line.split_once(": ").map_or(line.to_owned(), |it| format!("{}: [TBD]", it.0));
        let concerns: Vec<String> = concerns.lines().map(open).collect();
        shop.write(&path, &format!("{before}## System concerns\n{}\n## {after}", concerns.join("\n")));
    }
    let before = shop.read(&format!("{FEATURE}/README.md"));
    let error = Prelaunch::plan(&mut shop.open(), &request(json!({}))).unwrap_err().to_string();
    assert_eq!(
        error,
        "no system concern of `order-checkout` is decided, so nobody could sign for its launch: write at least `Owner \
        team`, `Tenancy` and `Compliance` into docs/features/order-checkout/design.md, then ask again"
    );
    assert_eq!(shop.read(&format!("{FEATURE}/README.md")), before);
}

#[test]
fn a_word_in_passing_is_no_evidence() {
    let drill = "Last drill: 2026-10-02, 100 messages redriven in 12 minutes.";
    let alert = "kept 14 days, alert at 1 message, ";
    let test = "//services/checkout/test/inbox.test.ts";
    let pipeline = "//.github/workflows/ci.yml";
    let cases: &[(&str, &str, &str, &str, GateState)] = &[
        ("runbooks/dlq-triage.md", drill, "The next drill is planned for 2026-10-02.", "drill", GateState::Unknown),
        ("runbooks/dlq-triage.md", drill, "The drill of 2026-10-02 was cancelled.", "drill", GateState::Unknown),
        ("runbooks/dlq-triage.md", drill, "Last drill: 2027-10-02.", "drill", GateState::Unknown),
        ("runbooks/dlq-triage.md", drill, "We have not practised since 2026-10-02.", "drill", GateState::Unknown),
        ("runbooks/dlq-triage.md", drill, "`Last drill: 2026-10-02`", "drill", GateState::Unknown),
        ("runbooks/dlq-triage.md", "## Post-incident", "## Example of a report", "drill", GateState::Unknown),
        ("runbooks/dlq-triage.md", "**Status**: Active", "**Status**: Draft", "runbook", GateState::Missing),
        (
            "runbooks/dlq-triage.md",
            "1. Open the dashboard",
            "1. [TBD: which one?]\n2. Open the dashboard",
            "runbook",
            GateState::Missing,
        ),
        ("runbooks/dlq-triage.md", "**Status**: Active", "**Status**: Retired", "runbook", GateState::Unknown),
        (
            "runbooks/dlq-triage.md",
            "; escalation: duty lead of team-orders after 30 minutes",
            "; no escalation yet",
            "escalation",
            GateState::Unknown,
        ),
        (
            "contracts/orders.placed.v1.md",
            alert,
            "kept 14 days, no alert at 1 message yet, ",
            "alert",
            GateState::Unknown,
        ),
        (
            "contracts/orders.placed.v1.md",
            "owner team-orders, kept 14 days",
            "kept 14 days",
            "dead-letters",
            GateState::Met,
        ),
        (
            "contracts/orders.placed.v1.md",
            "**Idempotency key**: `id`",
            "**Idempotency key**: to be decided",
            "idempotency-key",
            GateState::Missing,
        ),
        (
            "contracts/orders.placed.v1.md",
            "**Compatibility mode**: BACKWARD",
            "**Compatibility mode**: [TBD: which?]",
            "schema",
            GateState::Missing,
        ),
        (
            "contracts/orders.placed.v1.md",
            "**Replay**: by order",
            "**Replay**: later, by order",
            "replay-policy",
            GateState::Met,
        ),
        (
            "contracts/orders.placed.v1.md",
            "`schema-compat` compares",
            "`registry-gate` compares",
            "ci-gate",
            GateState::Missing,
        ),
        (
            "design.md",
            "5 attempts, exponential",
            "unlimited attempts from 5 ms, exponential",
            "dead-letters",
            GateState::Missing,
        ),
        (
            "design.md",
            "- Transactional Outbox: the order row",
            "- Dual write instead of a Transactional Outbox: the order row",
            "safe-messaging",
            GateState::Unknown,
        ),
        (
            "design.md",
            "- Transactional Outbox: the order row",
            "- Transactional Outbox: rejected; the order row",
            "safe-messaging",
            GateState::Unknown,
        ),
        (
            "design.md",
            "**Retry**: 5 attempts",
            "**Retry**: not yet decided, 5 attempts",
            "reliability",
            GateState::Missing,
        ),
        ("asyncapi/orders.placed.v1.yaml", "        traceparent:\n", "        tracing:\n", "trace", GateState::Unknown),
        (test, "test(\"replay", "// test(\"replay", "tests", GateState::Unknown),
        (test, "test(\"gives up", "test.skip(\"gives up", "tests", GateState::Unknown),
        (test, "new KafkaContainer", "new PostgreSqlContainer", "broker-test", GateState::Unknown),
        (pipeline, "    steps:", "    continue-on-error: true\n    steps:", "ci-gate", GateState::Missing),
        (pipeline, "on: [pull_request]", "on: [workflow_dispatch]", "ci-gate", GateState::Missing),
        (pipeline, "  schema-compat:", "  # schema-compat:\n  other:", "ci-gate", GateState::Missing),
        ("//services/checkout/src/main.ts", "worker.drain()", "process.exit(0)", "shutdown", GateState::Unknown),
        ("README.md", "- **Capacity**: 120", "- **Capacity**: unknown\n- **Load**: 120", "concerns", GateState::Met),
    ];
    let shop = Shop::ready();
    let before = shop.launch(production(json!({})));
    for (path, from, to, gate, expected) in cases {
        assert_eq!(state(&before, gate), GateState::Met, "{gate}");
        let whole = if path.contains("//") { path.replace("//", "") } else { format!("{FEATURE}/{path}") };
        let text = shop.read(&whole);
        shop.edit(path, from, to);
        let after = shop.launch(production(json!({})));
        let found = after.gates.iter().find(|it| it.id == *gate).unwrap();
        assert_eq!(found.state, *expected, "{path}: {to}: {found:?}");
        let is_blocked = !after.blockers.is_empty();
        assert_eq!(is_blocked, *expected != GateState::Met, "{path}: {to}: {:?}", after.blockers);
        shop.write(&whole, &text);
    }
}

#[test]
fn code_of_others_and_other_runbooks_show_nothing() {
    let shop = Shop::ready();
    let test = shop.read("services/checkout/test/inbox.test.ts");
    fs::remove_file(shop.0.path().join("services/checkout/test/inbox.test.ts")).unwrap();
    shop.write("services/checkout/node_modules/kafka/test/inbox.test.ts", &test);
    shop.write("services/payments/test/inbox.test.ts", &test);
    // It names the dead letters, and is about lag.
    shop.edit("runbooks/dlq-triage.md", "# DLQ triage: orders", "# Lag of orders");
    shop.edit("runbooks/dlq-triage.md", "**Incident type**: DLQ triage", "**Incident type**: Consumer lag");
    // Another service of the feature, of which nothing says how it ends.
    shop.write("services/importer/package.json", "{}");
    let send = "import { Kafka } from \"kafkajs\";\nconst producer = new Kafka({}).producer();\n\
        await producer.send({ topic: \"orders.placed.v1\", messages: [] });\n";
    shop.write("services/importer/src/main.ts", send);
    let launch = shop.launch(production(json!({})));
    for gate in ["tests", "broker-test", "runbook", "escalation", "shutdown"] {
        assert_eq!(state(&launch, gate), GateState::Unknown, "{gate}");
    }
}

#[test]
fn what_is_open_is_told_one_by_one_with_its_place() {
    let shop = Shop::ready();
    shop.edit(
        "design.md",
        "**Idempotency**: the CloudEvents `id`, kept 30 days in the `inbox` table.",
        "**Idempotency**: [TBD: which key?]",
    );
    for path in ["README.md", "design.md"] {
        shop.edit(
            path,
            "- **Cost owner**: Commerce cost center, 900 EUR a month",
            "- **Cost owner**: [TBD: who pays?]",
        );
    }
    let launch = shop.launch(json!({ "tier": "Prototype", "rollback": rollback() }));
    assert_eq!(blockers(&launch), ["reliability:idempotency", "concern:cost-owner"]);
    let places: Vec<String> = launch
        .blockers
        .iter()
        .map(|it| it.place.as_ref().map(|it| format!("{}:{}", it.file, it.line)).unwrap())
        .collect();
    assert_eq!(places, [format!("{FEATURE}/design.md:41"), format!("{FEATURE}/README.md:17")]);
    assert!(launch.blockers.iter().all(|it| it.owner.as_deref() == Some("team-orders")));
    assert_eq!(launch.tier, None);
}

#[test]
fn an_error_blocks_until_it_is_accepted_by_name_and_then_stays_named() {
    let shop = Shop::ready();
    shop.edit("schemas/orders.placed.v1.json", "\"type\": \"object\"", "\"type\": \"objekt\"");
    let go = json!({ "decision": "go" });
    let launch = shop.launch(production(go.clone()));
    assert_eq!(launch.decision, LaunchVerdict::NoGo, "nobody overrules what blocks");
    let mut ids = blockers(&launch).into_iter();
    let id = ids.find(|it| it.starts_with("schema/invalid:orders.placed.v1.json:")).unwrap().to_owned();
    let remark = &shop.plan(production(go)).notes[0].message;
    assert!(remark.starts_with("It was to go ahead"), "{remark}");

    let accept = |more: Value| {
        let ids: Vec<String> = launch.blockers.iter().map(|it| it.id.clone()).collect();
        let risks: Vec<Value> = ids
            .iter()
            .map(|id| {
                let mut risk = json!({ "risk": format!("Readers may stumble over {id}"), "blocker": id });
                risk.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                risk
            })
            .collect();
        production(json!({ "risks": risks }))
    };
    let unnamed = shop.launch(accept(json!({})));
    assert!(unnamed.decision == LaunchVerdict::NoGo && blockers(&unnamed).contains(&id.as_str()));
    assert!(blockers(&unnamed).contains(&"risk:1"), "a risk that nobody accepted blocks");
    let over = shop.launch(accept(json!({ "accepted_by": "Ada", "until": "2026-11-28" })));
    assert!(blockers(&over).contains(&"risk:1") && blockers(&over).contains(&id.as_str()));
    let other =
        production(json!({ "risks": [{ "risk": "All is well", "blocker": "gate:drill", "accepted_by": "Ada" }] }));
    let plan = shop.plan(other);
    assert_eq!(plan.launch.as_ref().unwrap().decision, LaunchVerdict::NoGo);
    assert!(plan.notes.iter().any(|it| it.message.contains("No blocker is called `gate:drill`")), "{:?}", plan.notes);

    let plan = shop.plan(accept(json!({ "accepted_by": "Ada", "until": "2026-12-31" })));
    assert_eq!(plan.launch.as_ref().unwrap().decision, LaunchVerdict::GoWithRisks);
    let text = &plan.edit.creates[0].content;
    assert!(text.contains(&format!("It blocked as `{id}` ([orders.placed.v1.json:")), "{text}");
    assert!(text.contains("objekt") && text.contains("Accepted by: Ada, until 2026-12-31."), "{text}");
    // The gate of the schema is not met by that.
    assert_eq!(plan.launch.unwrap().tier.as_deref(), Some("Prototype"));
}

#[test]
fn what_people_say_is_kept_as_claimed_and_never_against_the_files() {
    let shop = Shop::new();
    let claim = |gate: &str, place: &str, who: &str| {
        let facts = json!({ "evidence": [{ "gate": gate, "where": place, "who": who }] });
        let plan = shop.plan(facts);
        let state = state(plan.launch.as_ref().unwrap(), gate);
        (state, plan.notes.iter().map(|it| it.message.clone()).collect::<Vec<_>>().join("\n"))
    };
    assert_eq!(claim("tests", "run 4711 of the pipeline `checkout`", "Ada").0, GateState::Claimed);
    assert_eq!(claim("tests", "services/checkout/package.json", "Ada").0, GateState::Claimed);
    for (place, who, why) in [
        ("we have no tests yet", "Ada", "says that there is none"),
        ("[TBD: where?]", "Ada", "says that there is none"),
        ("services/checkout/test/none.test.ts", "Ada", "there is no file"),
        ("", "Ada", "say `where`"),
        ("run 4711", "", "say `where`"),
        ("run 4711", "unknown", "is nobody"),
    ] {
        let (state, told) = claim("tests", place, who);
        assert!(state == GateState::Unknown && told.contains(why), "{place}: {told}");
    }
    assert!(claim("trace", "run 4711", "Ada").1.contains("the files show it already"));
    shop.edit("contracts/orders.placed.v1.md", "**Idempotency key**: `id`", "**Idempotency key**: TBD");
    let (state, told) = claim("idempotency-key", "wiki page 7", "Ada");
    assert!(state == GateState::Missing && told.contains("the files say otherwise"), "{told}");
    let error = Prelaunch::plan(&mut shop.open(), &request(json!({ "evidence": [{ "gate": "luck" }] }))).unwrap_err();
    assert!(error.to_string().contains("`luck` is no gate: write pattern, "), "{error}");
}

#[test]
fn a_decision_that_is_there_is_only_completed() {
    let shop = Shop::new();
    shop.written(json!({}));
    let mine =
        shop.read(LAUNCH).replace("### Blockers\n", "### Blockers\n\n- My own words.\n").replace("\n\n\n", "\n\n");
    shop.write(LAUNCH, &mine);
    let plan = shop.written(
        json!({ "rollback": rollback(), "rollout": "canary at 5%, stopped at 1% errors", "approvers": ["Ada"] }),
    );
    let text = shop.read(LAUNCH);
    assert!(text.contains("- My own words.") && text.contains("**RTO**: 15 minutes"), "{text}");
    let told: Vec<&str> = plan.notes.iter().map(|it| it.message.as_str()).collect();
    assert!(told.iter().any(|it| it.contains("Not placed, because there is no `Rollout`: “canary at 5%")), "{told:?}");
    assert!(told.iter().any(|it| it.contains("given was") && it.contains("Ada")), "{told:?}");

    // What was signed stays, and both values are told.
    let shop = Shop::ready();
    shop.write(LAUNCH, &text);
    let plan = shop.plan(production(json!({})));
    assert_eq!(plan.launch.as_ref().unwrap().decision, LaunchVerdict::Go);
    let told: Vec<&str> = plan.notes.iter().map(|it| it.message.as_str()).collect();
    assert!(told.contains(&"Kept “Status: NO-GO”; the evidence gives “Status: GO”."), "{told:?}");
    writer::apply(shop.0.path(), &plan.edit).unwrap();
    assert!(shop.read(&format!("{FEATURE}/README.md")).contains("- **Tier**: Service-ready"));
}

#[test]
fn people_may_be_stricter_than_the_gates() {
    let shop = Shop::ready();
    let launch = shop.launch(production(json!({ "decision": "NO-GO" })));
    assert_eq!((launch.decision, blockers(&launch)), (LaunchVerdict::NoGo, vec!["decision"]));
    let error = Prelaunch::plan(&mut shop.open(), &request(production(json!({ "decision": "go with risks" }))));
    assert!(error.unwrap_err().to_string().starts_with("Which risk is accepted"));
    for (facts, why) in [
        (json!({ "feature": "order-chekout" }), "did you mean `order-checkout`?"),
        (json!({ "feature": "Order Checkout" }), "is no feature slug"),
        (json!({ "feature": "loyalty" }), "write its design first"),
        (json!({ "tier": "Gold" }), "`Gold` is no tier: write Prototype, Service-ready"),
        (json!({ "date": "29.11.2026" }), "write YYYY-MM-DD"),
        (json!({ "risks": [{ "risk": "a", "until": "soon" }] }), "write YYYY-MM-DD"),
    ] {
        let error = Prelaunch::plan(&mut shop.open(), &request(facts)).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}
