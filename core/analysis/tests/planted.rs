//! Faults between documents, planted ten times each in other words: told at the right line, with the other place named.
//!
//! The words of each fault are drawn by a seed, so that no run is like a page's example and each is like the last.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[allow(dead_code)] // These tests need no cursor.
#[path = "../../rules/src/fixture.rs"]
mod fixture;

use archwright_syntax::{Encoding, LineIndex};
use fixture::Fixture;

/// A fault: the fixture has `{0}`, `{1}` and so on for words that are drawn, and `§` at the line that is told.
struct Fault {
    rule: &'static str,
    /// Whether another place belongs to it.
    related: bool,
    words: &'static [&'static [&'static str]],
    text: &'static str,
}

const COPIES: usize = 10;

/// Names that stand for nothing in the fixtures.
const NAMES: &[&str] = &["schema-compat", "contract_check", "verify-events", "proto-lint", "replay-smoke"];

const FAULTS: &[Fault] = &[
    Fault {
        rule: "evidence/missing-job",
        related: false,
        words: &[
            &[
                "Schemas are held by the CI job",
                "Each pull request runs the job",
                "Before a merge request is merged: CI check",
                "What breaks readers is refused by the pipeline job",
            ],
            NAMES,
        ],
        text: "//- /.github/workflows/ci.yml\non: [push]\njobs:\n  lint:\n    steps:\n      - run: make lint\n\
            //- /docs/features/shop/design.md\n# Design\n\n## Answers\n\n§6. {0} `{1}`.\n",
    },
    Fault {
        rule: "evidence/missing-job",
        related: false,
        words: &[NAMES, &["job in CI holds", "check in CI holds", "workflow in CI compares", "CI job watches"]],
        text: "//- /.gitlab-ci.yml\nlint:\n  script:\n    - make lint\n\
            //- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract\n\n## Growth\n\n§The `{0}` {1} the schema.\n",
    },
    Fault {
        rule: "evidence/missing-script",
        related: false,
        words: &[
            &["Put the cohort back with the script", "Rollback (script", "Everything is undone by the shell script"],
            &["revert-cohort", "undo_wave.py", "tools/drain.sh", "reset-flags.ts"],
        ],
        text: "//- /.git/HEAD\nref: refs/heads/main\n//- /src/a.ts\nexport {};\n\
            //- /docs/features/shop/launches/2026-06-01.md\n# Launch\n\n## Back\n\n§1. {0} `{1}`.\n",
    },
    Fault {
        rule: "evidence/unlisted-component",
        related: true,
        words: &[
            &["hourly", "daily", "nightly"],
            &["reconciliation", "sweeper", "cleanup job", "reaper"],
            &["repairs it", "finds it", "puts it right"],
        ],
        text: "//- /docs/features/shop/design.md\n# Design\n\n## Failure modes\n\n§- A lost order: the {0} {1} {2}.\n\n\
            ## Component inventory\n\n| Component | Team |\n| --- | --- |\n| Order service | Orders |\n",
    },
    Fault {
        rule: "channel/undeclared-security",
        related: true,
        words: &[
            &["kafka", "kafka-secure", "amqps"],
            &[
                "mTLS to the broker, one principal per service.",
                "Kafka is reached with SASL/SCRAM, one user per service.",
                "Producers log in to the cluster by OAUTHBEARER.",
                "Client certificates for everybody who reads a topic.",
                "The brokers ask for mutual TLS.",
            ],
        ],
        text: "//- /docs/features/shop/asyncapi/orders.placed.v1.yaml\nasyncapi: 3.0.0\ninfo: { title: a, version: '1' }\n\
            servers:\n§  main:\n    host: b.example:9093\n    protocol: {0}\n\
            //- /docs/features/shop/design.md\n# Design\n\n## Access\n\n- {1}\n",
    },
    Fault {
        rule: "schema/unmarked-personal-data",
        related: true,
        words: &[
            &["shopper_ref", "doorCode", "device_id", "callerId"],
            &[
                "`{0}` is a pseudonymous id.",
                "Personal data (`{0}`, `other`).",
                "`{0}` is PII and stays in its region.",
            ],
        ],
        text: "//- /docs/features/shop/schemas/orders.placed.v1.json\n{\n  \"type\": \"object\",\n  \"properties\": {\n\
            §    \"{0}\": { \"type\": \"string\" },\n    \"zip\": { \"type\": \"string\", \"x-pii\": true }\n  }\n}\n\
            //- /docs/features/shop/design.md\n# Design\n\n## Privacy\n\n- {1}\n",
    },
    Fault {
        rule: "schema/unasserted-format",
        related: true,
        words: &[
            &["2020-12", "2019-09"],
            &["uuid", "date-time", "email", "uri"],
            &[
                "Contract tests of each consumer.",
                "Validation errors go to the DLQ at once.",
                "Events are validated against the schema.",
            ],
        ],
        text: "//- /docs/features/shop/schemas/orders.placed.v1.json\n{\n\
            \x20 \"$schema\": \"https://json-schema.org/draft/{0}/schema\",\n  \"type\": \"object\",\n  \"properties\": {\n\
            §    \"a\": { \"type\": \"string\", \"format\": \"{1}\" }\n  }\n}\n\
            //- /docs/features/shop/design.md\n# Design\n\n## Tests\n\n- {2}\n",
    },
    Fault {
        rule: "launch/ungated-phase",
        related: true,
        words: &[
            &["P", "Phase ", "Wave ", "Stage ", "R"],
            &["without abort", "ran 3 days", "met its goals"],
            &["telemetry checked", "", "dashboards are ready", "2 nights of rest"],
        ],
        text: "//- /docs/features/shop/launches/2026-06-01.md\n# Launch\n\n## Phases\n\n\
            | Phase | Date | Gate |\n| --- | --- | --- |\n| {0}1 | 2026-06-01 | go |\n| {0}2 | 2026-06-03 | {0}1 {1} |\n\
            | {0}3 | 2026-06-05 | {0}2 {1} |\n§| {0}4 | 2026-06-08 | {2} |\n",
    },
    Fault {
        rule: "launch/soft-gate",
        related: false,
        words: &[
            &["Criterion", "Gate", "Exit criteria", "Condition", "Must hold"],
            &[
                "latency acceptable",
                "0 differences, or each is explained",
                "the dashboard looks good",
                "no major incidents",
                "queue stable",
            ],
        ],
        text: "//- /docs/features/shop/launches/2026-06-01.md\n# Launch\n\n## Gates\n\n\
            | Id | {0} |\n| --- | --- |\n| L1 | p99 below 300 ms |\n§| L2 | {1} |\n",
    },
    Fault {
        rule: "launch/unwatched-stop",
        related: true,
        words: &[
            &["Abort criteria", "When we stop", "Rollback triggers"],
            &["3", "7", "9"],
            &["events in any DLQ within 60 min", "messages in a dead letter queue", "dead letters in any DLQ"],
        ],
        text: "//- /docs/features/shop/launches/2026-06-01.md\n# Launch\n\n## {0}\n\n§- More than {1} {2}.\n\
            //- /docs/features/shop/runbooks/dlq.md\n# DLQ\n\n## Trigger\n\n| DLQ | Ticket | Page |\n| --- | --- | --- |\n\
            | `orders.placed.v1.dlq` | 20 events | 500 events |\n",
    },
    Fault {
        rule: "reliability/late-page",
        related: true,
        words: &[
            &["receipt-mail", "stock_refresh", "invoice-export"],
            &["15 min", "20 minutes", "900 s"],
            &["1 h", "45 min", "4 hours"],
        ],
        text: "//- /docs/features/shop/design.md\n# Design\n\n## Objectives\n\n| Id | Objective |\n| --- | --- |\n\
            | SLO-1 | 99 % of receipt e-mails, stock refreshes and invoice exports are done within {1} |\n\
            //- /docs/features/shop/runbooks/lag.md\n# Lag\n\n## Trigger\n\n| Group | Warn | Page |\n| --- | --- | --- |\n\
            §| `desk.{0}` | 5 min | {2} |\n",
    },
    Fault {
        rule: "reliability/page-mismatch",
        related: true,
        words: &[&["billing.intake", "mail-sender", "search_index"], &["15 min", "20 min", "1 h"], &["30 min", "2 h"]],
        text: "//- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract\n\n## Alerts\n\n\
            | Signal | Page |\n| --- | --- |\n§| Oldest event, `{0}` | {1} |\n\
            //- /docs/features/shop/runbooks/lag.md\n# Lag\n\n## Trigger\n\n| Group | Page |\n| --- | --- |\n| `{0}` | {2} |\n",
    },
    Fault {
        rule: "reliability/attempts-mismatch",
        related: true,
        words: &[&["attempts", "retries", "tries"], &["5", "3"], &["8", "10"], &["with jitter", "then the DLQ"]],
        text: "//- /docs/features/shop/design.md\n# Design\n\n## Answers\n\n4. Retry: {1} {0}, exponential, {3}.\n\
            //- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract\n\n## Duties\n\n§- {2} {0} with backoff, {3}.\n",
    },
    Fault {
        rule: "reliability/missing-alert",
        related: true,
        words: &[&["mail", "search", "ledger"], &["kept 14 days", "owner Growth", "one each"]],
        text: "//- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract\n\n\
            §- **DLQs**: `orders.placed.v1.a.dlq`, `orders.placed.v1.b.dlq`, `orders.placed.v1.{0}.dlq`, {1}\n\
            //- /docs/features/shop/runbooks/dlq.md\n# DLQ\n\n## Trigger\n\n| DLQ | Ticket | Page |\n| --- | --- | --- |\n\
            | `orders.placed.v1.a.dlq` | 1 event | 5 events |\n| `orders.placed.v1.b.dlq` | 1 event | 5 events |\n",
    },
    Fault {
        rule: "reliability/silent-transition",
        related: true,
        words: &[
            &["Every transition", "Each transition", "Every state change"],
            &["writes an outbox row", "publishes an event", "is published"],
            &["Published", "Event out", "Publishes"],
        ],
        text: "//- /docs/features/shop/adrs/0001-process.md\n# ADR-0001: Process\n\n## Decision\n\n\
            | State | Next | {2} |\n| --- | --- | --- |\n| a | b | `x` |\n| b | c | `y` |\n| c | a | |\n| c | d | `z` |\n\n\
            §- {0} {1}.\n",
    },
    Fault {
        rule: "reliability/overclaimed-keeping",
        related: true,
        words: &[
            &["mailer", "notifications", "exporter"],
            &["loses nothing", "nothing is lost", "no message is lost"],
            &["skips events older than 48 h", "drops messages older than 2 days", "discards what is too old"],
        ],
        text: "//- /docs/features/shop/design.md\n# Design\n\n## Outages\n\n§- When `{0}` is down, mail is late and {1}.\n\
            //- /docs/features/shop/runbooks/lag.md\n# Lag\n\n## Notes\n\n- `{0}` {2}.\n",
    },
    Fault {
        rule: "channel/kept-past-erasure",
        related: true,
        words: &[
            &["Erasure requests", "When a data subject asks", "Right to be forgotten"],
            &["14 days", "20 days", "3 weeks"],
            &["30-day limit", "limit of 30 days"],
        ],
        text: "//- /docs/features/shop/design.md\n# Design\n\n## Privacy\n\n\
            §- {0}: channels keep data for at most {1}, inside the {2}.\n\
            //- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract\n\n- **DLQ**: `orders.placed.v1.dlq`, 14 days\n\
            //- /docs/features/shop/runbooks/dlq.md\n# DLQ\n\n## Steps\n\n1. Redrive at 50 messages per second.\n",
    },
    Fault {
        rule: "document/unenforced-length",
        related: true,
        words: &[
            &["at most", "no longer than", "limited to", "up to"],
            &["80", "120", "249"],
            &["characters", "chars"],
        ],
        text: "//- /docs/system/standards/names.md\n# Names\n\n## Rule\n\n§- Names are {0} {1} {2}.\n\
            - The check is `^[a-z-]+\\.[a-z-]+\\.v[0-9]+$`.\n",
    },
    Fault {
        rule: "document/pseudonymised-erasure",
        related: false,
        words: &[
            &["Erasure requests", "To erase a customer", "For a deletion request"],
            &["rows are pseudonymised", "the owner pseudonymizes the rows", "tables are pseudonymised in place"],
        ],
        text: "//- /docs/features/shop/design.md\n# Design\n\n## Privacy\n\n§- {0}: {1}.\n",
    },
    Fault {
        rule: "sync/payer-mismatch",
        related: true,
        words: &[&["Orders", "Growth"], &["channels", "broker retention", "topics"], &["Payments", "Billing"]],
        text: "//- /docs/features/shop/README.md\n# Shop\n\n## System concerns\n\n§- **Cost owner**: {0} ({1}), {2} (fees)\n\
            //- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract\n\n## System concerns\n\n- **Cost owner**: {2}\n",
    },
    Fault {
        rule: "runbook/anonymous-command",
        related: true,
        words: &[
            &["kafka-consumer-groups.sh", "kafka-topics", "kafka-console-consumer", "kafka-get-offsets.sh"],
            &["SASL to the brokers.", "The cluster asks for mTLS.", "Kafka knows us by client certificates."],
        ],
        text: "//- /docs/features/shop/runbooks/lag.md\n# Lag\n\n## Look\n\n```\n§{0} --bootstrap-server $B --list\n```\n\
            //- /docs/features/shop/design.md\n# Design\n\n## Access\n\n- {1}\n",
    },
    Fault {
        rule: "runbook/unpaced-command",
        related: true,
        words: &[
            &["At most", "No faster than", "Limit:"],
            &["20 events/s", "50 messages per second", "500 records per minute"],
            &["kcat -b $B -P -t a", "kafka-console-producer --topic a"],
        ],
        text: "//- /docs/features/shop/runbooks/dlq.md\n# DLQ\n\n## Again\n\n```\n§cat parked | {2}\n```\n\n{0} {1}.\n",
    },
    Fault {
        rule: "runbook/bare-handwork",
        related: false,
        words: &[
            &["skip the event", "delete the row", "move the offset", "advance the partition", "park the message"],
            &["by hand", "manually"],
        ],
        text: "//- /docs/features/shop/runbooks/lag.md\n# Lag\n\n## Act\n\n§If it hangs again, {0} {1} and go on.\n",
    },
    Fault {
        rule: "runbook/foreign-partitioner",
        related: false,
        words: &[&["kcat", "kafkacat"], &["-K '|'", "-K:", "-K ,"], &["-t orders", "-t \"$SRC\""]],
        text: "//- /docs/features/shop/runbooks/dlq.md\n# DLQ\n\n## Again\n\n```\n§cat parked | {0} -b $B -P {2} {1}\n```\n",
    },
    Fault {
        rule: "runbook/missing-part",
        related: false,
        words: &[&["outbox", "connector", "certificate", "disk"], &["10 min", "1 h"], &["Oldest", "State of the"]],
        text: "//- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract\n\n## Alerts\n\n\
            | Signal | Page |\n| --- | --- |\n§| {2} {0} | {1} |\n\
            //- /docs/features/shop/runbooks/lag.md\n# Lag\n\n## Act\n\n1. Look at the consumer.\n",
    },
    Fault {
        rule: "reliability/overclaimed-isolation",
        related: false,
        words: &[
            &["Poison message", "A bad event", "A message that cannot be handled"],
            &["one key delayed, others proceed", "only that key waits", "other keys continue"],
        ],
        text: "//- /docs/features/shop/design.md\n# Design\n\n## Failure modes\n\n| Failure | Effect |\n| --- | --- |\n§| {0} | {1} |\n",
    },
];

#[test]
fn planted_faults_are_told_at_their_places() {
    let (mut planted, mut missed) = (0, Vec::new());
    for (number, fault) in FAULTS.iter().enumerate() {
        for copy in 0..COPIES {
            planted += 1;
            if let Err(why) = plant(fault, &draw(fault.words, (number * COPIES + copy) as u64)) {
                missed.push(format!("{}: {why}", fault.rule));
            }
        }
    }
    let told = planted - missed.len();
    assert!(told * 100 >= planted * 95, "{told} of {planted}: {missed:#?}");
}

/// One word of each list, by a seed.
fn draw(words: &[&'static [&'static str]], seed: u64) -> Vec<&'static str> {
    let mut state = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    words.iter().map(|it| it[next() % it.len()]).collect()
}

fn plant(fault: &Fault, words: &[&str]) -> Result<(), String> {
    let mut text = fault.text.to_owned();
    // Words may have words in them.
    for _ in 0..2 {
        for (number, word) in words.iter().enumerate() {
            text = text.replace(&format!("{{{number}}}"), word);
        }
    }
    let before = &text[..text.find('§').unwrap()];
    let file = before.rfind("//- /").unwrap();
    let path = before[file + 5..].lines().next().unwrap().to_owned();
    let line = before[file..].matches('\n').count() as u32;
    let workspace = Fixture::new(&text.replace('§', "")).open();
    let mut others = Vec::new();
    for id in workspace.files() {
        let said = workspace.text(id).unwrap_or_default();
        let lines = LineIndex::new(&said);
        for finding in workspace.findings(id).iter().filter(|it| it.rule.code == fault.rule) {
            let at = lines.position(finding.span.start as usize, &said, Encoding::Utf8).line + 1;
            if workspace.path(id).as_str() == path && at == line {
                let has_other = !fault.related || !finding.related.is_empty();
                return has_other.then_some(()).ok_or_else(|| format!("no other place in {text}"));
            }
            others.push(format!("{}:{at}", workspace.path(id)));
        }
    }
    Err(format!("not at {path}:{line} but at {others:?} in {text}"))
}
