//! Where in the clean sample the faults of each rule are planted, and with which words.

/// A place in a clean document and a sentence that is wrong there.
pub struct Seed {
    pub rule: &'static str,
    pub file: &'static str,
    pub place: Place,
    /// The kind of words that take the place of `{}`.
    pub words: &'static str,
    /// Words of the kind that bear another meaning in this sentence, and say nothing wrong.
    pub but: &'static [&'static str],
    pub sentence: &'static str,
    /// Lines with one of these are taken away first, as they excuse the fault.
    pub without: &'static [&'static str],
}

/// Where a sentence is planted.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// Behind the marks with which a line begins, instead of what stands there: `1. **Delivery**:`.
    Value(&'static str),
    /// As the first item under a heading.
    Item(&'static str),
    /// As the first step under a heading.
    Step(&'static str),
    /// As the first paragraph under a heading, before the others.
    Paragraph(&'static str),
}

impl Place {
    /// A text with a sentence planted in it.
    pub fn plant(self, text: &str, sentence: &str) -> String {
        let (line, planted) = match self {
            Self::Value(start) => (start, format!("{start} {sentence}")),
            Self::Item(heading) => (heading, format!("{heading}\n\n- {sentence}")),
            Self::Step(heading) => (heading, format!("{heading}\n\n1. {sentence}")),
            Self::Paragraph(heading) => (heading, format!("{heading}\n\n{sentence}\n")),
        };
        let is_value = matches!(self, Self::Value(_));
        let is_place = |it: &str| if is_value { it.starts_with(line) } else { it.trim_end() == line };
        assert_eq!(text.lines().filter(|it| is_place(it)).count(), 1, "`{line}` stands once in:\n{text}");
        let lines: Vec<&str> = text.lines().collect();
        let at = lines.iter().position(|it| is_place(it)).unwrap();
        // A list goes on below its heading without a blank line between.
        let rest = if !is_value && !matches!(self, Self::Paragraph(_)) { at + 2 } else { at + 1 };
        let mut planted: Vec<String> = vec![planted];
        let head = lines[..at].iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        planted.splice(0..0, head);
        planted.extend(lines[rest.min(lines.len())..].iter().map(|it| (*it).to_owned()));
        planted.join("\n") + "\n"
    }
}

/// A text without the lines that have one of some words.
pub fn without(text: &str, words: &[&str]) -> String {
    let kept = text.lines().filter(|line| !words.iter().any(|it| line.contains(it)));
    kept.collect::<Vec<_>>().join("\n") + "\n"
}

pub const DESIGN: &str = "docs/features/order-checkout/design.md";
pub const CONTRACT: &str = "docs/features/order-checkout/contracts/orders.placed.v1.md";
pub const LAUNCH: &str = "docs/features/order-checkout/launches/2026-06-01.md";
pub const TRIAGE: &str = "docs/features/order-checkout/runbooks/dlq-triage.md";
pub const RECORD: &str = "docs/features/order-checkout/adrs/0002-relay-outbox-with-polling-publisher.md";

const fn seed(
    rule: &'static str,
    file: &'static str,
    place: Place,
    words: &'static str,
    sentence: &'static str,
) -> Seed {
    Seed { rule, file, place, words, but: &[], sentence, without: &[] }
}

/// What says that dual writes are kept together.
const OUTBOX: &[&str] = &["utbox", "inbox"];

/// One for each kind of words that makes a rule speak.
pub fn seeds() -> Vec<Seed> {
    use Place::{Item, Paragraph, Step, Value};
    let retry = "reliability/unbounded-retry";
    vec![
        seed(retry, DESIGN, Value("4. **Retry**:"), "unbounded", "the consumer retries a message {}."),
        seed(retry, DESIGN, Item("## Patterns"), "unbounded", "Retry: a failed message is retried {}."),
        seed(retry, CONTRACT, Paragraph("## DLQ and replay"), "unbounded", "Consumers retry a failed message {}."),
        seed(retry, DESIGN, Value("4. **Retry**:"), "retry", "{} of the message, forever."),
        seed("reliability/overclaimed-delivery", DESIGN, Value("1. **Delivery**:"), "exactly-once", "{}, end to end."),
        seed("reliability/overclaimed-delivery", CONTRACT, Value("- **Delivery**:"), "exactly-once", "{}"),
        seed("reliability/overclaimed-delivery", CONTRACT, Value("- **Delivery**:"), "no-loss", "at-most-once, and {}"),
        seed(
            "reliability/overclaimed-delivery",
            CONTRACT,
            Value("- **Delivery**:"),
            "at-most-once",
            "{}, and no event is ever lost",
        ),
        seed("reliability/overclaimed-order", DESIGN, Value("5. **Ordering**:"), "total-order", "events keep {}."),
        seed("reliability/unguarded-repetition", CONTRACT, Value("- **Idempotency key**:"), "unneeded", "{}"),
        seed("reliability/hollow-answer", DESIGN, Value("8. **Failure boundary**:"), "hollow", "{}"),
        seed("reliability/hollow-answer", DESIGN, Value("8. **Failure boundary**:"), "hollow-by", "{} the broker"),
        seed("reliability/hollow-answer", DESIGN, Value("8. **Failure boundary**:"), "hollow-end", "Kafka {}."),
        Seed {
            without: OUTBOX,
            ..seed(
                "reliability/dual-write",
                DESIGN,
                Item("## Patterns"),
                "stores",
                "Events: checkout {} the order row, then publishes the event to Kafka.",
            )
        },
        Seed {
            without: OUTBOX,
            ..seed(
                "reliability/dual-write",
                DESIGN,
                Item("## Patterns"),
                "tells",
                "Events: checkout saves the order row, then {} the event to Kafka.",
            )
        },
        Seed {
            without: OUTBOX,
            ..seed(
                "reliability/dual-write",
                DESIGN,
                Item("## Patterns"),
                "then",
                "Events: checkout saves the order row {} publishes the event to Kafka.",
            )
        },
        seed(
            "reliability/vague-alert",
            CONTRACT,
            Value("- **DLQ**:"),
            "alerts",
            "`orders.placed.v1.dlq`, owner team-orders, kept 14 days, {} on depth",
        ),
        seed(
            "reliability/vague-alert",
            CONTRACT,
            Value("- **DLQ**:"),
            "signals",
            "`orders.placed.v1.dlq`, owner team-orders, kept 14 days, alert on {}",
        ),
        seed("document/vague-trigger", LAUNCH, Value("- **Trigger**:"), "vague", "{}"),
        seed("document/vague-trigger", TRIAGE, Item("## Stop criteria"), "vague", "Stop when it is {}."),
        Seed {
            without: &["per second"],
            ..seed(
                "runbook/unbounded-redrive",
                TRIAGE,
                Step("## Mitigation"),
                "redrives",
                "Mend the consumer, then {} the dead letters.",
            )
        },
        seed(
            "runbook/unbounded-redrive",
            TRIAGE,
            Step("## Mitigation"),
            "all-at-once",
            "Mend the consumer, then redrive {}.",
        ),
        seed("document/vague-owner", TRIAGE, Item("## Post-incident"), "anybody", "**Owner**: {}"),
    ]
}
