//! A feature from its design to its launch, as an agent drives it (A-408): every answer is a snapshot.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

use crate::client::{Client, Era, write};

/// The sample shop in a git repository, with a branch for the feature.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/workspaces/shop"), folder.path());
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "Sell things"]);
    git(folder.path(), &["checkout", "-qb", "loyalty"]);
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { _ = fs::copy(&path, &target).unwrap() }
    }
}

pub fn git(root: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(root).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "core.autocrlf=false"]);
    assert!(command.args(arguments).output().unwrap().status.success(), "git {arguments:?}");
}

/// An answer without what differs from run to run.
fn stable(text: &str) -> String {
    let is_hash = |word: &&str| word.len() >= 7 && word.chars().all(|it| it.is_ascii_hexdigit());
    let words = text.split_inclusive(|it: char| !it.is_ascii_alphanumeric());
    let stable = words.map(|it| {
        let word = it.trim_end_matches(|it: char| !it.is_ascii_alphanumeric());
        if is_hash(&word) && word.chars().any(|it| it.is_ascii_digit()) {
            it.replace(word, "…")
        } else {
            it.to_owned()
        }
    });
    stable.collect()
}

/// A client, what it was answered, and how many bytes it gave and got.
pub struct Walk {
    pub client: Client,
    pub log: String,
    pub bytes: (usize, usize),
}

impl Walk {
    pub async fn new(root: &Path) -> Self {
        Self { client: Client::new(root, Era::Legacy).await, log: String::new(), bytes: (0, 0) }
    }

    pub async fn call(&mut self, tool: &str, arguments: Value) -> String {
        self.bytes.0 += arguments.to_string().len();
        let answer = self.client.call(tool, arguments).await;
        let text = answer["content"][0]["text"].as_str().unwrap().to_owned();
        assert_ne!(answer["isError"], true, "{tool}: {text}");
        self.bytes.1 += text.len();
        self.log.push_str(&format!("# {tool}\n\n{}\n\n", stable(&text)));
        text
    }
}

const OUTBOX: &str = r#"// Books points and relays their events.
import { Kafka } from "kafkajs";

export async function relay(rows: Row[]): Promise<void> {
  const messages = rows.map((row) => ({ key: row.memberId, value: row.payload }));
  await producer.send({ topic: "points.booked.v1", messages });
}
"#;

fn design() -> Value {
    json!({
        "feature": "loyalty-points",
        "description": "Members get points once money has arrived; other services read what was booked.",
        "integration_style": "messaging, because a booking may wait for the payment",
        "services": ["loyalty", "payment-capture"],
        "teams": ["team-loyalty", "team-payments"],
        "channels": [
            {"name": "payments.captured.v1", "role": "consumed", "retention": "3 days"},
            {"name": "points.booked.v1", "ordering_key": "member_id", "idempotency_key": "id", "retention": "7 days",
             "dlq_owner": "team-loyalty", "compatibility": "backward", "consumers": ["mail"]}
        ],
        "patterns": [
            {"name": "outbox", "why": "booking and event are saved by one transaction"},
            {"name": "idempotent receiver", "why": "a payment event that arrives twice books once"},
            {"name": "dead letter channel", "why": "a payment that cannot be booked leaves the partition"}
        ],
        "reliability": {
            "delivery": "at-least-once, from the outbox", "idempotency": "the `id` of the event, 30 days in `inbox`",
            "bad_messages": "`payments.captured.v1.dlq` of team-payments, alert at 1 message",
            "retry": "5 attempts, exponential backoff from 200 ms with jitter; permanent errors skip retry",
            "ordering": "per key, by `member_id`",
            "schema_evolution": "JSON Schema, BACKWARD, checked by the `schema-compat` job in CI",
            "observability": "`traceparent` on every event; lag, failures and DLQ depth measured",
            "failure_boundary": "a booking that fails is compensated by a reversal"
        },
        "concerns": {
            "owner_team": "team-loyalty", "tenancy": "Single tenant, one shop per deployment",
            "compliance": "GDPR, PII", "cost_owner": "Loyalty cost center, 100 EUR a month",
            "capacity": "120 bookings per second at peak",
            "dr_posture": "RPO 1 minute, RTO 30 minutes, warm standby in a second region",
            "lifecycle": "Created 2026-11-29; deprecated once v2 carries every booking for 90 days; replaced by v2"
        },
        "anti_patterns": ["Booking points from a cache of payments."],
        "open_questions": [{"question": "Do points expire?", "owner": "team-loyalty", "due": "2099-03-31"}],
        "slo": "99.9 % of points are booked within 60 seconds", "tier": "Prototype",
        "upstream": ["payment-capture"], "downstream": ["mail"], "date": "2026-11-29"
    })
}

fn contract() -> Value {
    json!({
        "channel": "points.booked.v1", "message": "PointsBooked", "summary": "Points have been booked for a member.",
        "fields": [
            {"name": "member_id", "type": "uuid", "description": "Number of the member; the ordering key.",
             "example": "0196f1a2-7c40-7b11-9a5e-3f0c2d9b6e01"},
            {"name": "points", "type": "integer", "description": "Points added.", "example": "120"}
        ],
        "delivery": "at-least-once", "ci_gate": "`schema-compat` compares the schema with the one on the main branch",
        "dlq": "points.booked.v1.dlq, kept 14 days, alert at 1 message",
        "replay": "by member within 7 days, at most 50 messages per second, started by team-loyalty",
        "owner": "team-loyalty, on call through the loyalty rotation"
    })
}

fn launch(more: &Value) -> Value {
    let mut request = json!({
        "feature": "loyalty-points", "tier": "Service-ready",
        "rollback": {
            "trigger": "more than 1 % of bookings fail during 5 minutes",
            "steps": ["switch the flag `loyalty-points` off", "let the outbox drain"],
            "time": "15 minutes", "who": "lead of team-loyalty"
        }
    });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

#[tokio::test]
async fn a_feature_goes_from_its_design_to_its_launch() {
    let folder = shop();
    let root = folder.path();
    let mut walk = Walk::new(root).await;
    walk.call("design", design()).await;
    walk.call("contract", contract()).await;
    let jobs = "jobs:\n  schema-compat:\n    steps: [{ run: archwright check }]\n  loyalty-faults:\n    steps: []\n";
    write(&folder, ".github/workflows/ci.yml", &format!("on: [pull_request]\n{jobs}"));
    write(&folder, "services/loyalty/package.json", "{ \"name\": \"loyalty\" }\n");
    write(&folder, "services/loyalty/src/outbox.ts", OUTBOX);
    let review = walk.call("review", json!({"text": "Add loyalty points. Docs only."})).await;
    assert!(review.contains("false \"docs only\""), "{review}");
    let runbook = json!({
        "incident": "dlq-triage", "channel": "points.booked.v1",
        "causes": [{"cause": "schema mismatch", "fix": "deploy the mail service that reads it"}],
        "dashboards": ["Loyalty: dead letters"], "never": ["purge the dead letters"], "date": "2026-11-29",
        "escalation": "team-platform after 30 minutes", "approver": "lead of team-loyalty",
        "rate": "50 messages per second"
    });
    walk.call("runbook", runbook).await;
    // A second feature is told what the first ones have decided.
    let second = json!({"feature": "gift-cards", "description": "Two services reserve an amount.", "force": true,
        "date": "2026-11-29", "dry_run": true});
    let second = walk.call("design", second).await;
    assert!(
        second.contains("“Single tenant, one shop per deployment”, as in loyalty-points and 1 more?")
            || second.contains("“Single tenant, one shop per deployment”, as in loyalty-points and order-checkout?"),
        "{second}"
    );
    let no_go = walk.call("prelaunch", launch(&json!({"date": "2026-11-30"}))).await;
    assert!(no_go.contains("NO-GO  loyalty-points") && no_go.contains("gate:tests"), "{no_go}");
    let evidence = json!({"date": "2026-12-01", "evidence": [
        {"gate": "tests", "where": "the job `loyalty-faults` of the pipeline", "who": "team-loyalty"},
        {"gate": "shutdown", "where": "the drill of 2026-11-20", "who": "team-loyalty"}
    ]});
    let go = walk.call("prelaunch", launch(&evidence)).await;
    assert!(go.contains("\nGO  loyalty-points on 2026-12-01"), "{go}");
    let answer = walk.client.data("check", json!({})).await;
    let bad = ["errors", "warnings"].map(|it| answer["summary"][it].as_u64().unwrap_or_default());
    assert_eq!(bad, [0, 0], "{answer:#}");
    let (given, answered) = walk.bytes;
    assert!(given < 6 * 1024 && answered < 40 * 1024, "{given} bytes given, {answered} answered");
    insta::assert_snapshot!(walk.log);
    walk.client.end().await;
}
