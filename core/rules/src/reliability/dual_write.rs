//! `reliability/dual-write`: a state is saved and a message sent, one after the other.

use std::borrow::Cow;

use archwright_knowledge::{Spotted, claim_words, evidence_words, mentions};
use archwright_model::facts::prose;
use archwright_syntax::markdown::CodeBlock;

use crate::{
    claim::{Claim, claims, is_claimed, near, words},
    diagram::{self, Arrow},
    prelude::*,
    stated::named,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/dual-write",
    severity: Severity::Warning,
    summary: "A state is saved and a message sent in two steps, with nothing that keeps them together.",
    applies_to: &[
        Kind::Design,
        Kind::Contract,
        Kind::Adr,
        Kind::Rfc,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    any_dialect: true,
    sources: &["A-142", "T-005", "A-119", "A-136", "A-238", "A-248", "A-370"],
    page: include_str!("dual_write.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    in_diagrams(cx, reporter);
    // Nothing is looked at closely where nobody saves and tells in one paragraph.
    let (words, tells, stores) = (words(cx), claim_words("tells"), claim_words("stores"));
    if !words.has(stores) || !may_write_twice(&words, &cx.facts().text) {
        return;
    }
    let all = claims(cx);
    let does_both = |it: &Claim| [tells, stores].iter().all(|kind| words.has_within(kind, it.span.range()));
    let text = &cx.facts().text;
    // The second step may stand in a sentence of its own.
    let in_two =
        all.windows(2).filter_map(|it| it.first().zip(it.get(1))).filter_map(|(one, two)| pair(text, &words, one, two));
    let single = all.iter().copied().filter(does_both).filter(|it| is_in_force(cx, it) && is_dual_write(it.text));
    let single: Vec<Claim> = single.collect();
    let is_known =
        |it: &Claim| single.iter().any(|known| it.span.start <= known.span.start && known.span.end <= it.span.end);
    let in_two = in_two.filter(does_both).filter(|it| is_in_force(cx, it) && !is_known(it) && is_dual_write(it.text));
    let mut found: Vec<Claim> = single.iter().copied().chain(in_two).collect();
    found.sort_by_key(|it| it.span.start);
    let mut found = found.into_iter().peekable();
    // A document that has what keeps both together speaks of how it works.
    if found.peek().is_none() {
        return;
    }
    // Unless a sentence says that its message goes another way.
    let is_safe = all.iter().any(|it| sends_safely(it));
    let goes_alone = |it: &Claim| !is_safe || claim_words("sends-itself").are_in(it.text);
    for claim in found.filter(goes_alone) {
        reporter.report(claim.span, TWO_STEPS.to_owned());
    }
}

/// A sequence diagram in which one participant first changes its database and then tells a broker, with no outbox.
fn in_diagrams(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(document) = cx.by_role().filter(|_| facts.opted_in() && facts.text.contains("sequenceDiagram")) else {
        return;
    };
    let aside = |it: &CodeBlock| {
        let role = document.role_of(it.section);
        let weighs = [Role::Alternatives, Role::Options, Role::Context, Role::Problem, Role::AntiPatterns];
        role.is_some_and(|it| weighs.contains(&it)) || facts.kind == Kind::Adr && role != Some(Role::Decision)
    };
    for block in document.tree.code_blocks.iter().filter(|it| !aside(it)) {
        let arrows = diagram::sequence(&facts.text, block);
        let has = |kind: &str, it: &str| claim_words(kind).are_in(&it.replace(['.', '_', '-'], " "));
        let keeps_together =
            |it: &Arrow| [it.from, it.to, it.label].iter().any(|said| has("together", said) || said.contains("utbox"));
        if arrows.iter().any(keeps_together) {
            continue;
        }
        let saves = |it: &Arrow| has("stores", it.label) && has("diagram-stores", it.to);
        let told = |it: &Arrow| has("tells", it.label) && (has("diagram-brokers", it.to) || names_channel_in(it.label));
        let dual = arrows.iter().enumerate().find_map(|(at, save)| {
            let behind = arrows.get(at + 1..)?;
            behind.iter().find(|it| saves(save) && it.from == save.from && told(it))
        });
        if let Some(tell) = dual {
            reporter.report(tell.span, TWO_STEPS.to_owned());
        }
    }
}

/// Whether a label names a channel by its version: `publish orders.placed.v1`.
fn names_channel_in(label: &str) -> bool {
    label.split_whitespace().any(|it| names_channel(&format!("`{}`", it.trim_matches(['`', ',', '.']))))
}

/// What is said of a state and a message that may part.
const TWO_STEPS: &str = "A crash between the two steps keeps the state and loses the message, or the other way \
    round. Write the message into an outbox in the same transaction, or take it from the log of the database.";

/// Two sentences as one, where the second goes on with what is done next: behind a semicolon or with a `then`.
fn pair<'a>(text: &'a str, words: &Spotted, one: &Claim, two: &Claim) -> Option<Claim<'a>> {
    /// A word like `then` stands so near to the beginning.
    const NEAR: usize = 24;
    let (start, end) = (one.span.start as usize, two.span.end as usize);
    let between = text.get(one.span.end as usize..two.span.start as usize)?;
    let then = claim_words("then");
    let goes_on = || words.has_within(then, two.span.range()) && then.first(two.text).is_some_and(|it| it.start < NEAR);
    let is_one = between.trim().is_empty() && !between.contains("\n\n") && (one.text.ends_with(';') || goes_on());
    is_one.then_some(Claim { text: text.get(start..end)?, span: Span::new(start, end) })
}

/// Whether a sentence names a channel: `orders.placed.v1`.
fn names_channel(sentence: &str) -> bool {
    let is_version =
        |it: &str| it.strip_prefix('v').is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    named(sentence).iter().any(|it| it.name.rsplit_once('.').is_some_and(|(_, last)| is_version(last)))
}

/// Whether a sentence publishes what has the name of a channel: `` publishes `orders.closed` ``.
fn publishes_a_name(sentence: &str) -> bool {
    // A short last part is that of a file.
    let is_long = |it: &str| it.rsplit_once('.').is_some_and(|(_, last)| last.len() > 4);
    let is_name = |it: &str| is_long(it) && !it.contains(['/', '(', ' ']);
    named(sentence).iter().filter(|it| is_name(it.name)).any(|it| {
        let before = it.before.trim_end();
        let led = [" to", " on", " onto", " into"].iter().find_map(|word| before.strip_suffix(word));
        let mut words = led.unwrap_or(before).rsplit(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        // `Produces a record to`.
        let far = if led.is_some() { 4 } else { 1 };
        words.by_ref().take(far).any(|it| claim_words("publishes").are_all_of(it))
    })
}

/// Whether a paragraph has words of all that a dual write is told by.
fn may_write_twice(words: &Spotted, text: &str) -> bool {
    let needed = ["stores", "state"].map(claim_words);
    let mut end = 0;
    words.all(claim_words("tells")).any(|it| {
        if it.start < end {
            return false;
        }
        let start = text.get(end..it.start).and_then(|it| it.rfind("\n\n")).map_or(end, |at| end + at);
        end = text.get(it.end..).and_then(|it| it.find("\n\n")).map_or(text.len(), |at| it.end + at);
        needed.iter().all(|kind| words.has_within(kind, start..end))
    })
}

/// The section with the decision of a record.
fn decided(cx: &Context) -> Option<Span> {
    let document = cx.by_role().filter(|_| cx.facts().kind == Kind::Adr)?;
    document.section(Role::Decision).map(|it| document.tree.section(it).span)
}

/// Whether a sentence stands where the document decides: a record in its decision, as its other sections weigh and look
/// back; a proposal where it weighs nothing; others anywhere.
fn is_in_force(cx: &Context, claim: &Claim) -> bool {
    match cx.facts().kind {
        Kind::Adr => decided(cx).is_some_and(|it| it.contains(claim.span)),
        // Proposals speak of much that is written and told: here a message is what is told of.
        Kind::Rfc if !tells_of_message(claim.text) => false,
        Kind::Rfc => cx.by_role().is_some_and(|document| {
            let roles = [Role::Alternatives, Role::Options, Role::Context, Role::Problem, Role::AntiPatterns];
            let mut sections = roles.iter().flat_map(|it| document.sections(*it));
            !sections.any(|it| document.tree.section(it).span.contains(claim.span))
        }),
        _ => true,
    }
}

/// Whether what is told is a message: `publishes the event`, `the notification is sent`.
fn tells_of_message(sentence: &str) -> bool {
    near(sentence, "tells", "message", 3).or_else(|| near(sentence, "message", "tells", 3)).is_some()
}

/// Whether a sentence puts a pattern in play that keeps state and message together.
fn sends_safely(claim: &Claim) -> bool {
    let named = mentions(claim.text).into_iter().any(|it| evidence_words("sends-safely").contains(&it.pattern.slug));
    named && is_claimed(claim.text)
}

/// A sentence with the calls in it as words: `` `producer.send` `` sends an event.
fn spoken(sentence: &str) -> Cow<'_, str> {
    /// The last names of calls that send.
    const SENDS: [&str; 8] =
        ["send", "publish", "produce", "emit", "sendmessage", "basicpublish", "basic_publish", "convertandsend"];
    let is_call = |it: &str| {
        let name = it.split('(').next().unwrap_or(it);
        let last = name.rsplit(['.', ':']).next().unwrap_or(name);
        SENDS.contains(&last.to_ascii_lowercase().as_str())
    };
    let calls: Vec<_> = named(sentence).into_iter().filter(|it| is_call(it.name)).map(|it| it.name).collect();
    calls.iter().fold(Cow::Borrowed(sentence), |said, call| {
        Cow::Owned(said.replace(&format!("`{call}`"), "send the event to the broker"))
    })
}

/// Whether a sentence saves a state and then tells others of it.
fn is_dual_write(sentence: &str) -> bool {
    let said = spoken(sentence);
    let said = prose::without_names(&said);
    let has = |kind: &str| claim_words(kind).are_in(&said);
    if has("together")
        || !has("state")
        || !(has("message")
            || claim_words("message").are_in(sentence)
            || names_channel(sentence)
            || publishes_a_name(sentence))
    {
        return false;
    }
    let all = |kind: &str| claim_words(kind).all(&said).collect::<Vec<_>>();
    let (mut stores, tells) = (all("stores"), all("tells"));
    stores.retain(|it| keeps_state(&said, it));
    if stores.is_empty() || tells.is_empty() {
        return false;
    }
    // `Saves the row, then publishes the event`, `saves the row and publishes the event`.
    // `And, right after, publishes` has an insertion.
    let joined = |at: usize| {
        let before = said.get(..at).unwrap_or_default().trim_end();
        // An insertion has a few words; looking at all that stands before each would be slow.
        let few = before.rmatch_indices(char::is_whitespace).nth(7).map_or(0, |(at, _)| at);
        let before = before.get(few..).unwrap_or_default();
        let (clause, inserted) = before.rsplit_once(" and,").unwrap_or((before, ","));
        let has_insertion =
            inserted.ends_with(',') && clause.len() < before.len() && inserted.split_whitespace().count() < 6;
        before.ends_with(" and") || has_insertion
    };
    let Some(saved) = stores.iter().map(|it| it.end).min() else { return false };
    let then = all("then").into_iter().find(|it| it.start >= saved).map(|it| it.end);
    let in_turn =
        tells.iter().any(|tell| then.is_some_and(|it| it <= tell.start) || saved <= tell.start && joined(tell.start));
    // `Publishes the event and then saves the row`.
    let turned = || {
        let told = tells.iter().map(|it| it.end).min().unwrap_or(usize::MAX);
        stores.iter().any(|it| is_next_step(&said, told, it.start))
    };
    if in_turn || turned() {
        return is_claimed(sentence);
    }
    // `Publishes the event after the row was saved`, `After the row is saved, the event is published`.
    let first_told = tells.iter().map(|it| it.end).min().unwrap_or(usize::MAX);
    let last_told = tells.iter().map(|it| it.start).max().unwrap_or_default();
    let (mut told_before, mut told_after) = (None, false);
    for after in all("after") {
        // What turns away before the next store, turns away before all that follow.
        let Some(saved) = stores.get(stores.partition_point(|it| it.start < after.end)) else { break };
        // `After the check, but before the row is committed` is neither.
        let turns = |it: &str| it.contains(" but ") || it.contains("before");
        if said.get(after.end..saved.start).is_none_or(turns) {
            continue;
        }
        told_before = told_before.or((first_told <= after.start).then_some(after.start));
        let comma = said.get(saved.end..).and_then(|it| it.find(',')).map(|it| saved.end + it);
        told_after |= comma.is_some_and(|comma| last_told > comma);
    }
    // What was saved before is past by then, and claimed nevertheless.
    told_before.and_then(|it| said.get(..it)).is_some_and(is_claimed) || told_after && is_claimed(sentence)
}

/// Whether a word of storing begins the step behind another: right behind `and then`, `, then` or `; then`.
fn is_next_step(said: &str, told: usize, store: usize) -> bool {
    let Some(between) = said.get(told..store) else { return false };
    let before = between.trim_end().trim_end_matches(" the row").trim_end();
    let Some(then) = claim_words("then").ending(before) else { return false };
    let head = before.get(..then.start).unwrap_or_default().trim_end();
    let begins = before.get(then).unwrap_or_default().starts_with("and ");
    // `Events sent by basket are then stored` tells of those who receive.
    !head.trim_start().starts_with("by ") && (begins || head.ends_with([',', ';']) || head.ends_with(" and"))
}

/// Whether a word of storing tells what is kept, or is done to it: `saves the row`, `the order is saved`. An `update`
/// or a `created-at` alone is a thing.
fn keeps_state(said: &str, store: &std::ops::Range<usize>) -> bool {
    // What is kept stands within a few words.
    const NEAR: usize = 256;
    let behind = said.get(store.end..).unwrap_or_default();
    let before = said.get(..store.start).unwrap_or_default();
    let near = behind.get(..behind.floor_char_boundary(NEAR)).unwrap_or_default();
    let clause = near.split([',', ';', '.']).next().unwrap_or_default();
    let clause = clause.split(" and ").next().unwrap_or_default();
    let is_done = before.split_whitespace().next_back().is_some_and(|it| claim_words("done-to").are_all_of(it));
    !behind.starts_with('-') && (is_done || claim_words("state").are_in(clause) || is_act(said, store))
}

/// Whether the word is a state itself, as in `after the commit`, and an article stands before it.
fn is_act(said: &str, store: &std::ops::Range<usize>) -> bool {
    let word = said.get(store.clone()).unwrap_or_default();
    claim_words("state").are_all_of(word)
}

#[cfg(test)]
mod tests {
    use super::is_dual_write;

    #[test]
    fn two_steps_are_told_from_one() {
        for sentence in [
            "basket commits the row, then publishes the event.",
            "The order is saved to the database and then sent to Kafka.",
            "After the row is committed, the service publishes an event.",
            "The service emits `orders.placed` to Kafka after it has written the order.",
            "We persist the aggregate, afterwards we produce a message to the topic.",
            "basket writes the row to Postgres and publishes the event to Kafka.",
            "The event is published right after the row was saved.",
            "The worker commits the row in Postgres and, right after, produces `orders.placed.v1` to Kafka.",
            "Once the scan has been stored in the table, the gateway announces it on `parcels.scanned.v2`.",
            "`writer` inserts the reading in the table; as the next step it sends `readings.archived.v1`.",
            "The basket is saved to the database, then `producer.send` is called.",
            "The service sends the event to Kafka and then stores the row.",
        ] {
            assert!(is_dual_write(sentence), "{sentence}");
        }
        for sentence in [
            "The order and its event are saved in one transaction; a relay publishes it afterwards.",
            "The row is saved and then published through the outbox.",
            "Never save the row and then publish the event.",
            "Saving the row and then publishing an event would lose messages.",
            "The consumer saves the row, then commits the offset and sends nothing.",
            "The service saves the draft, then sends a mail.",
            "An event is published.",
            "Events sent by basket are then stored in a table.",
            "Is the row saved before the event is published?",
            "A producer looks at each state update and enqueues events.",
            "The screen shows rows with their created-at, and sends the message.",
        ] {
            assert!(!is_dual_write(sentence), "{sentence}");
        }
    }
}
