//! Whether a task is big enough for a design: the activation threshold (A-001..A-005).

use std::collections::{BTreeSet, HashSet};

use archwright_syntax::Span;
use smol_str::SmolStr;

use super::{Technology, lexicon};
use crate::{
    mention::Matcher,
    name,
    pattern::Prose,
    source::{self, Node},
};

/// What a signal says about whether a task needs a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SignalKind {
    /// A named service. Two different ones meet the threshold.
    Service,
    /// A named team. Two different ones meet the threshold.
    Team,
    /// A phrase that says several services or teams take part.
    Boundary,
    /// Durable shared infrastructure.
    Infrastructure,
    /// An explicit request for a document: ADR, RFC, runbook, launch decision.
    Request,
    /// A phrase that speaks against a design: prototype, one process, frontend only.
    Decline,
    /// The opening of a question about a term, which wants an answer and no document (A-003).
    Question,
}

/// A place in a text that counts for or against the threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// What it says.
    pub kind: SignalKind,
    /// The canonical word; for services and teams the lower-case name.
    pub word: SmolStr,
    /// Where it stands.
    pub span: Span,
}

/// What the signals of a text add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A design is due.
    Due,
    /// The text speaks for and against, or says nothing of it; ask how many services and teams take part and whether it
    /// is for production (A-005).
    Ask,
    /// The text itself says that it is below the threshold: decline with the reason.
    Decline,
}

/// Everything in a text that speaks for or against a design, in order. Services and teams are named, so that different
/// ones can be counted.
pub fn threshold_signals(text: &str) -> Vec<Signal> {
    let threshold = &lexicon().threshold;
    let mut res: Vec<_> = threshold
        .matcher
        .find(text)
        .filter_map(|(span, at)| {
            threshold.signals.get(at).map(|(kind, word)| Signal { kind: *kind, word: word.clone(), span })
        })
        .collect();
    res.extend(names_before(text, "service", SignalKind::Service, &threshold.not_names));
    res.extend(names_after(text, "service", SignalKind::Service, &threshold.not_names));
    res.extend(names_before(text, "team", SignalKind::Team, &threshold.not_names));
    res.extend(names_after(text, "team", SignalKind::Team, &threshold.not_names));
    res.extend(threshold.tellings(text));
    res.sort_by_key(|it| (it.span, it.kind));
    res
}

/// Weighs signals (A-001, A-005): an explicit request decides; several services or teams, or infrastructure, speak for
/// a design.
///
/// ```
/// use archwright_knowledge::lexicon::{Verdict, threshold_signals, threshold_verdict};
///
/// let verdict = |text| threshold_verdict(&threshold_signals(text));
/// assert_eq!(verdict("The order service tells the billing service what was paid."), Verdict::Due);
/// assert_eq!(verdict("Make the button blue."), Verdict::Ask);
/// assert_eq!(verdict("A prototype."), Verdict::Decline);
/// ```
pub fn threshold_verdict(signals: &[Signal]) -> Verdict {
    let has = |kind| signals.iter().any(|it| it.kind == kind);
    let different =
        |kind| signals.iter().filter(|it| it.kind == kind).map(|it| &it.word).collect::<BTreeSet<_>>().len();
    let (services, teams) = (different(SignalKind::Service), different(SignalKind::Team));
    let crosses = has(SignalKind::Boundary) || services >= 2 || teams >= 2;
    match (crosses || has(SignalKind::Infrastructure), has(SignalKind::Decline)) {
        _ if has(SignalKind::Question) && !crosses => Verdict::Decline,
        _ if has(SignalKind::Request) => Verdict::Due,
        (true, false) => Verdict::Due,
        (true, true) => Verdict::Ask,
        // Nothing speaks against it, so nobody knows (A-005).
        (false, false) => Verdict::Ask,
        (false, true) => Verdict::Decline,
    }
}

/// The words behind the signals.
pub(super) struct Threshold {
    signals: Vec<(SignalKind, SmolStr)>,
    matcher: Matcher<usize>,
    not_names: HashSet<SmolStr>,
    /// Verbs before what is told: `tells`.
    telling: HashSet<SmolStr>,
    /// Verbs before what is sent, with `to` before who gets it: `publishes`.
    telling_to: HashSet<SmolStr>,
    not_services: HashSet<SmolStr>,
}

/// How many words may stand between a verb of sending and its `to`.
const MOST_BETWEEN: usize = 8;

impl Threshold {
    pub(super) fn new(root: Option<Node<'_>>, technologies: &[Technology], prose: impl Fn(&str) -> Prose) -> Self {
        let node = root.and_then(|it| it.get("threshold"));
        let words = |key| node.map(|it| source::texts(it, key)).unwrap_or_default();
        let mut signals = Vec::new();
        let mut terms = Vec::new();
        for (key, kind) in [
            ("boundary", SignalKind::Boundary),
            ("infrastructure", SignalKind::Infrastructure),
            ("request", SignalKind::Request),
            ("decline", SignalKind::Decline),
            ("question", SignalKind::Question),
        ] {
            for word in words(key) {
                terms.push((word.to_string(), prose(&word), signals.len()));
                // "microservices" means several, "microservice" does not.
                if !matches!(kind, SignalKind::Boundary | SignalKind::Question) {
                    terms.push((name::other_number(&word), prose(&word), signals.len()));
                }
                signals.push((kind, word));
            }
        }
        for technology in technologies.iter().filter(|it| it.is_infrastructure) {
            for name in std::iter::once(&technology.name).chain(&technology.aliases) {
                terms.push((name.to_string(), prose(name), signals.len()));
            }
            signals.push((SignalKind::Infrastructure, technology.name.clone()));
        }
        let set = |key| words(key).into_iter().collect();
        Self {
            signals,
            matcher: Matcher::new(terms),
            not_names: set("not-names"),
            telling: set("telling"),
            telling_to: set("telling-to"),
            not_services: set("not-services"),
        }
    }

    /// Two names with a verb of sending between them are two services: `checkout tells billing`.
    fn tellings(&self, text: &str) -> Vec<Signal> {
        let words: Vec<(Span, String)> = words(text).into_iter().map(|it| (it, it.of(text).to_lowercase())).collect();
        let mut signals = Vec::new();
        for (at, (verb, word)) in words.iter().enumerate() {
            let goes_to = self.telling_to.contains(word.as_str());
            if !goes_to && !self.telling.contains(word.as_str()) {
                continue;
            }
            let Some((before, subject)) = at.checked_sub(1).and_then(|it| words.get(it)) else { continue };
            // Who tells and what tells stand side by side.
            let is_close = Span::new(before.end as usize, verb.start as usize).of(text) == " ";
            let rest = words.get(at + 1..).unwrap_or_default();
            let sentence = |it: &&(Span, String)| {
                !Span::new(verb.end as usize, it.0.start as usize).of(text).contains(['.', ';', '?', '!', ':'])
            };
            let mut told = rest.iter().take_while(sentence);
            if goes_to && told.by_ref().take(MOST_BETWEEN).all(|(_, it)| it != "to") {
                continue;
            }
            let Some((after, object)) = told.find(|(_, it)| !matches!(it.as_str(), "a" | "an" | "the")) else {
                continue;
            };
            if is_close && self.is_service(subject) && self.is_service(object) && subject != object {
                let signal = |span: Span, word: &str| Signal { kind: SignalKind::Service, word: word.into(), span };
                signals.extend([signal(*before, subject), signal(*after, object)]);
            }
        }
        signals
    }

    fn is_service(&self, word: &str) -> bool {
        word.len() > 1 && !self.not_names.contains(word) && !self.not_services.contains(word) && word != "service"
    }
}

/// Names in front of a noun: `billing service`, `billing-service`, `the Payments team`.
fn names_before(text: &str, noun: &str, kind: SignalKind, not_names: &HashSet<SmolStr>) -> Vec<Signal> {
    let words = words(text);
    let mut res = Vec::new();
    for (at, &span) in words.iter().enumerate() {
        let word = span.of(text).to_lowercase();
        let compound = word.strip_suffix(noun).and_then(|it| it.strip_suffix('-'));
        let (name, span) = match compound {
            Some(name) => (name.to_owned(), span),
            None if word == noun => {
                let Some(&before) = at.checked_sub(1).and_then(|it| words.get(it)) else { continue };
                // Only a blank may stand between the name and the noun.
                if Span::new(before.end as usize, span.start as usize).of(text) != " " {
                    continue;
                }
                (before.of(text).to_lowercase(), before.cover(span))
            }
            None => continue,
        };
        // "service-to-service" names none.
        if name.len() > 1
            && !not_names.contains(name.as_str())
            && !name.ends_with("-to")
            && name.chars().any(char::is_alphabetic)
        {
            res.push(Signal { kind, word: name.into(), span });
        }
    }
    res
}

/// Names behind a noun: `service A`, `team Payments`. A noun that has one in front (`the search service API`) is no
/// part of another, and what is written large throughout is no name.
fn names_after(text: &str, noun: &str, kind: SignalKind, not_names: &HashSet<SmolStr>) -> Vec<Signal> {
    let words = words(text);
    let mut res = Vec::new();
    for (at, pair) in words.windows(2).enumerate() {
        let &[span, after] = pair else { continue };
        let name = after.of(text);
        let is_noun = span.of(text).eq_ignore_ascii_case(noun)
            && Span::new(span.end as usize, after.start as usize).of(text) == " ";
        let mut letters = name.chars();
        let is_capital = letters.next().is_some_and(char::is_uppercase) && name != "I";
        let is_letter = name.chars().count() == 1;
        let is_word =
            !is_letter && letters.all(|it| !it.is_uppercase()) && !not_names.contains(name.to_lowercase().as_str());
        let before = at.checked_sub(1).and_then(|it| words.get(it)).map(|it| it.of(text).to_lowercase());
        let has_own = before.is_some_and(|it| !not_names.contains(it.as_str()) && !it.ends_with('s'));
        if is_noun && is_capital && (is_letter || is_word && !has_own) {
            res.push(Signal { kind, word: name.to_lowercase().into(), span: span.cover(after) });
        }
    }
    res
}

/// The words of a text: letters, digits, and hyphens between them.
fn words(text: &str) -> Vec<Span> {
    let mut res = Vec::new();
    let mut start = None;
    for (at, char) in text.char_indices().chain([(text.len(), ' ')]) {
        if char.is_alphanumeric() || (start.is_some() && (char == '-' || char == '_')) {
            start.get_or_insert(at);
        } else if let Some(start) = start.take() {
            res.push(Span::new(start, at));
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signals(text: &str) -> Vec<(SignalKind, String)> {
        threshold_signals(text).into_iter().map(|it| (it.kind, it.word.to_string())).collect()
    }

    #[test]
    fn services_and_teams_are_counted_by_name() {
        use SignalKind::{Service, Team};
        assert_eq!(
            signals("The order service calls billing-service; the Payments team owns it. A service of our team."),
            [(Service, "order".into()), (Service, "billing".into()), (Team, "payments".into())]
        );
    }

    #[test]
    fn infrastructure_requests_and_declines_are_signals() {
        use SignalKind::{Boundary, Decline, Infrastructure, Request};
        let kinds = |text| signals(text).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        assert_eq!(
            kinds("Introduce a schema registry and RabbitMQ across teams."),
            [Infrastructure, Infrastructure, Boundary]
        );
        assert_eq!(kinds("Write an ADR and a runbook."), [Request, Request]);
        assert_eq!(kinds("A hackathon prototype, frontend-only."), [Decline, Decline, Decline]);
        assert_eq!(kinds("Rename a button."), []);
    }

    #[test]
    fn signals_add_up_to_a_verdict() {
        for (text, verdict) in [
            ("The order service tells the billing service.", Verdict::Due),
            ("Introduce Kafka.", Verdict::Due),
            ("Write a runbook for my prototype.", Verdict::Due),
            ("A prototype with RabbitMQ.", Verdict::Ask),
            ("Speed up the search service.", Verdict::Ask),
            ("What is a dead letter queue?", Verdict::Decline),
            ("What is an ADR?", Verdict::Decline),
            ("What is the best way to couple two services?", Verdict::Due),
            ("A hackathon page.", Verdict::Decline),
            ("Rename a button.", Verdict::Ask),
            ("When an order is placed, reserve stock and charge the card.", Verdict::Ask),
            ("Checkout tells billing and search that an order was placed.", Verdict::Due),
            ("Service A calls service B over HTTP to reserve stock.", Verdict::Due),
            ("Service Checkout asks service Billing for the price.", Verdict::Due),
            ("Team Red hands its orders to team Blue.", Verdict::Due),
            ("The search service API and its service I know.", Verdict::Ask),
            ("Orders publishes what was sold to the warehouse.", Verdict::Due),
            ("Checkout tells the customer that an order was placed.", Verdict::Ask),
            ("The page sends the form to us.", Verdict::Ask),
            ("Checkout sends mail. Billing listens to music.", Verdict::Ask),
        ] {
            assert_eq!(threshold_verdict(&threshold_signals(text)), verdict, "{text}");
        }
    }
}
