//! Faults in words that the lists did not have when they were written, as another writer puts them: what is missed is
//! mended by its kind, and this is the floor.

use crate::{
    Bench,
    seeds::{CONTRACT, DESIGN, LAUNCH, Place, RECORD, TRIAGE, without},
};

/// What share is found at least, in per cent.
const FOUND: usize = 90;

/// A fault: the rule that ought to speak, where, and what is said there.
type Fault = (&'static str, &'static str, Place, &'static str);

const RETRY: &str = "reliability/unbounded-retry";
const DELIVERY: &str = "reliability/overclaimed-delivery";
const ORDER: &str = "reliability/overclaimed-order";
const TWICE: &str = "reliability/unguarded-repetition";
const HOLLOW: &str = "reliability/hollow-answer";
const DUAL: &str = "reliability/dual-write";
const ALERT: &str = "reliability/vague-alert";
const TRIGGER: &str = "document/vague-trigger";
const REDRIVE: &str = "runbook/unbounded-redrive";
const OWNER: &str = "document/vague-owner";
const OPEN: &str = "decision/uncommitted";

const FAULTS: &[Fault] = &[
    (RETRY, DESIGN, Place::Value("4. **Retry**:"), "we try again every second till it answers."),
    (RETRY, DESIGN, Place::Value("4. **Retry**:"), "there is no cap on attempts; the consumer keeps redelivering."),
    (RETRY, DESIGN, Place::Value("4. **Retry**:"), "attempted over and over until the other side recovers."),
    (RETRY, CONTRACT, Place::Paragraph("## DLQ and replay"), "A failed event is redelivered any number of times."),
    (RETRY, DESIGN, Place::Item("## Patterns"), "Retry: a message is retried as many times as it takes."),
    (DELIVERY, DESIGN, Place::Value("1. **Delivery**:"), "each event reaches each consumer precisely once."),
    (DELIVERY, CONTRACT, Place::Value("- **Delivery**:"), "guaranteed, with no duplicates ever"),
    (DELIVERY, CONTRACT, Place::Value("- **Delivery**:"), "at-most-once; every event arrives"),
    (DELIVERY, DESIGN, Place::Value("1. **Delivery**:"), "exactly one delivery per event, from end to end."),
    (ORDER, DESIGN, Place::Value("5. **Ordering**:"), "FIFO across the whole topic."),
    (ORDER, DESIGN, Place::Value("5. **Ordering**:"), "every event is seen in the sequence in which it was sent."),
    (TWICE, CONTRACT, Place::Value("- **Idempotency key**:"), "no need for one"),
    (TWICE, CONTRACT, Place::Value("- **Idempotency key**:"), "skipped"),
    (HOLLOW, DESIGN, Place::Value("8. **Failure boundary**:"), "should be ok"),
    (HOLLOW, DESIGN, Place::Value("7. **Observability**:"), "monitored as usual"),
    (HOLLOW, DESIGN, Place::Value("3. **Bad messages**:"), "RabbitMQ sorts that out."),
    (HOLLOW, DESIGN, Place::Value("2. **Idempotency**:"), "already in place"),
    (DUAL, DESIGN, Place::Item("## Patterns"), "Events: once the order row is committed, we fire the event at Kafka."),
    (DUAL, DESIGN, Place::Item("## Patterns"), "Events: the handler adds the order row and pushes a message to Kafka."),
    (
        ALERT,
        CONTRACT,
        Place::Value("- **DLQ**:"),
        "`orders.placed.v1.dlq`, owner team-orders, kept 14 days, alerting on size",
    ),
    (
        ALERT,
        CONTRACT,
        Place::Value("- **DLQ**:"),
        "`orders.placed.v1.dlq`, owner team-orders, kept 14 days, alert if it fills up",
    ),
    (TRIGGER, LAUNCH, Place::Value("- **Trigger**:"), "things look off"),
    (TRIGGER, LAUNCH, Place::Value("- **Trigger**:"), "customers are unhappy"),
    (TRIGGER, TRIAGE, Place::Item("## Stop criteria"), "Stop if the numbers are not looking good."),
    (TRIGGER, TRIAGE, Place::Item("## Stop criteria"), "Abort when the load gets heavy."),
    (REDRIVE, TRIAGE, Place::Step("## Mitigation"), "Push the whole dead letter queue back into the topic."),
    (REDRIVE, TRIAGE, Place::Step("## Mitigation"), "Redrive the dead letters in a single shot."),
    (OWNER, TRIAGE, Place::Item("## Post-incident"), "**Owner**: the whole team"),
    (OWNER, TRIAGE, Place::Item("## Post-incident"), "**Owner**: anyone available"),
    (OPEN, RECORD, Place::Paragraph("## Decision"), "We prefer the poller, though the connector remains possible."),
    (OPEN, RECORD, Place::Paragraph("## Decision"), "We are leaning towards the poller."),
    ("launch/open-blockers", LAUNCH, Place::Item("### Blockers"), "Waiting for the sign-off of security."),
    ("document/unowned-question", DESIGN, Place::Item("## Open questions"), "Do we want a second region?"),
    ("document/wrong-weekday", LAUNCH, Place::Item("### Recommended fixes"), "Rehearse it on Sat, 2 June 2026."),
    (
        "reliability/unreachable-cap",
        DESIGN,
        Place::Value("4. **Retry**:"),
        "4 tries, first wait 1 s, doubling, at most 5 min.",
    ),
    (RETRY, DESIGN, Place::Value("4. **Retry**:"), "the message is handed out again until somebody takes it."),
    (RETRY, DESIGN, Place::Value("4. **Retry**:"), "redelivery continues for as long as the consumer is down."),
    (RETRY, DESIGN, Place::Value("4. **Retry**:"), "an open-ended series of attempts with backoff."),
    (RETRY, CONTRACT, Place::Paragraph("## DLQ and replay"), "A consumer goes on retrying a message eternally."),
    (DELIVERY, CONTRACT, Place::Value("- **Delivery**:"), "once, and never twice"),
    (DELIVERY, DESIGN, Place::Value("1. **Delivery**:"), "each message is handled a single time, across all services."),
    (DELIVERY, CONTRACT, Place::Value("- **Delivery**:"), "at-most-once, fully reliable"),
    (ORDER, DESIGN, Place::Value("5. **Ordering**:"), "consumers see one sequence for everything."),
    (ORDER, DESIGN, Place::Value("5. **Ordering**:"), "chronological, for all orders together."),
    (TWICE, CONTRACT, Place::Value("- **Idempotency key**:"), "does not apply"),
    (TWICE, CONTRACT, Place::Value("- **Idempotency key**:"), "superfluous"),
    (HOLLOW, DESIGN, Place::Value("8. **Failure boundary**:"), "nothing can go wrong here"),
    (HOLLOW, DESIGN, Place::Value("3. **Bad messages**:"), "we trust the broker"),
    (HOLLOW, DESIGN, Place::Value("7. **Observability**:"), "as in other services"),
    (DUAL, DESIGN, Place::Item("## Patterns"), "Events: we save the order and tell Kafka of it afterwards."),
    (
        DUAL,
        DESIGN,
        Place::Item("## Patterns"),
        "Events: after saving the order row, the service informs Kafka by an event.",
    ),
    (
        ALERT,
        CONTRACT,
        Place::Value("- **DLQ**:"),
        "`orders.placed.v1.dlq`, owner team-orders, kept 14 days, alarms when messages pile up",
    ),
    (
        ALERT,
        CONTRACT,
        Place::Value("- **DLQ**:"),
        "`orders.placed.v1.dlq`, owner team-orders, kept 14 days, on call is notified of growth",
    ),
    (TRIGGER, LAUNCH, Place::Value("- **Trigger**:"), "performance is not acceptable"),
    (TRIGGER, LAUNCH, Place::Value("- **Trigger**:"), "the team loses confidence"),
    (TRIGGER, TRIAGE, Place::Item("## Stop criteria"), "Stop when it takes unreasonably long."),
    (TRIGGER, TRIAGE, Place::Item("## Stop criteria"), "Stop if the database struggles."),
    (REDRIVE, TRIAGE, Place::Step("## Mitigation"), "Flush the dead letter queue back to the topic."),
    (REDRIVE, TRIAGE, Place::Step("## Mitigation"), "Replay the lot."),
    (OWNER, TRIAGE, Place::Item("## Post-incident"), "**Owner**: shared by all"),
    (OPEN, RECORD, Place::Paragraph("## Decision"), "We are torn between a poller and a connector."),
    (OPEN, RECORD, Place::Paragraph("## Decision"), "Perhaps a poller, for the time being."),
    ("launch/open-blockers", LAUNCH, Place::Item("### Blockers"), "Capacity test outstanding."),
    ("document/unowned-question", DESIGN, Place::Item("## Open questions"), "Which of the two names is right?"),
];

#[test]
fn faults_in_other_words_are_found() {
    let mut bench = Bench::open("shop");
    let (mut found, mut missed) = (0, Vec::new());
    for (rule, file, place, sentence) in FAULTS {
        bench.restore();
        let words: &[&str] = match *rule {
            DUAL => &["utbox", "inbox"],
            REDRIVE => &["per second"],
            _ => &[],
        };
        let clean = without(&bench.text(file), words);
        let rules = bench.new_rules(file, &clean, &place.plant(&clean, sentence));
        if rules.contains(rule) {
            found += 1;
        } else {
            missed.push(format!("{rule}: {sentence} {rules:?}"));
        }
    }
    println!("{found} of {} are found; missed: {missed:#?}", FAULTS.len());
    assert!(found * 100 >= FAULTS.len() * FOUND, "{found} of {}: {missed:#?}", FAULTS.len());
}
