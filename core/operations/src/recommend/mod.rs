//! The operation `recommend`: what to choose, by what somebody has stated (A-298..A-301, T-001..T-027).
//!
//! What was not stated is not assumed, in either direction. Where reasons contradict each other, or there are none, the
//! answer is neutral and asks what would decide. The reasons are data in the knowledge base.

mod answer;
mod text;

use archwright_knowledge::{
    ChoiceOption, ChoiceSignal, ChoiceTopic, Choose, Reason, choice_signals, choice_topics, pattern,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use answer::{Because, Chosen, Recommendation, Recommended, Rejected};

use archwright_engine::Workspace;
use archwright_model::RelPath;

use super::{
    Argument, NextStep, Offer, Operation, OperationError, Plan,
    choice::{Choice, Closed},
    lenient,
};

/// Recommends a choice.
#[derive(Clone, Copy, Debug)]
pub struct Recommend;

/// What is known, and what is to be chosen.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RecommendRequest {
    /// What the user or the files state; leave out what nobody stated.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Choice<StatedSignal>>,
    /// What to choose; all if left out.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Choice<AskedTopic>>,
}

/// A signal of the knowledge base, by its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatedSignal(usize);

impl StatedSignal {
    fn known(self) -> Option<&'static ChoiceSignal> {
        choice_signals().get(self.0)
    }
}

impl Closed for StatedSignal {
    const WHAT: &'static str = "signal";

    fn all() -> Vec<Self> {
        (0..choice_signals().len()).map(Self).collect()
    }

    fn name(self) -> &'static str {
        self.known().map_or("", |it| it.id.as_str())
    }
}

/// A topic of the knowledge base, by its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AskedTopic(usize);

impl Closed for AskedTopic {
    const WHAT: &'static str = "thing to choose";

    fn all() -> Vec<Self> {
        (0..choice_topics().len()).map(Self).collect()
    }

    fn name(self) -> &'static str {
        choice_topics().get(self.0).map_or("", |it| it.id.as_str())
    }
}

impl Operation for Recommend {
    type Request = RecommendRequest;

    const NAME: &'static str = "recommend";
    const TITLE: &'static str = "Recommend what to choose";
    const ABOUT: &'static str = "Command, event or request-reply, messaging or a call, push or pull, which pattern \
        (outbox, saga, DLQ) with its companions, reliability level 0 to 2, choreography or orchestration, which \
        tests, which document: decided by the signals that somebody stated, with the reasons and what was rejected. \
        Neutral, with the question that decides, where they do not. Use it before you choose.";
    const SEARCHED: &'static str = "choose pattern, queue or RPC, trade-off";
    const WRITES: bool = false;
    const REQUIRED: &'static [&'static str] = &["signals"];
    const ARGUMENTS: &'static [Argument] = &[
        Argument {
            name: "signals",
            ask: "What is known of it",
            example: "several-receivers",
            optional: false,
            list: true,
            offered: true,
        },
        Argument {
            name: "topics",
            ask: "What to choose, or nothing for all that the signals bear on",
            example: "message-kind",
            optional: true,
            list: true,
            offered: true,
        },
    ];

    fn offers(_: &Workspace, argument: &str) -> Vec<Offer> {
        let offer = |value: &str, about: &str| Offer {
            about: about.to_owned(),
            files: Vec::new(),
            ..Offer::of(value, &RelPath::default())
        };
        match argument {
            "signals" => choice_signals().iter().map(|it| offer(&it.id, &it.means)).collect(),
            "topics" => choice_topics().iter().map(|it| offer(&it.id, &it.ask)).collect(),
            _ => Vec::new(),
        }
    }

    fn plan(_: &mut Workspace, request: &RecommendRequest) -> Result<Plan, OperationError> {
        let recommended = recommend(request)?;
        let open = recommended.topics.iter().filter(|it| it.is_neutral()).count();
        let step = (open > 0).then_some(NextStep::StateSignals { count: open });
        Ok(Plan { recommended: Some(recommended), next_steps: step.into_iter().collect(), ..Plan::default() })
    }
}

/// What to choose, by what was stated.
///
/// # Errors
/// If nothing is stated, or two statements contradict each other.
pub fn recommend(request: &RecommendRequest) -> Result<Recommended, OperationError> {
    let mut stated: Vec<&ChoiceSignal> = request.signals.iter().filter_map(|it| it.0.known()).collect();
    stated.dedup_by_key(|it| &it.id);
    if stated.is_empty() {
        return Err(OperationError::Missing("signals"));
    }
    for it in &stated {
        if let Some(other) = stated.iter().find(|other| it.not.contains(&other.id)) {
            return Err(OperationError::Contradiction { one: it.id.to_string(), other: other.id.to_string() });
        }
    }
    let is_stated = |id: &str| stated.iter().any(|it| it.id == id);
    let is_asked = |topic: &ChoiceTopic| {
        let asked = || request.topics.iter().any(|it| it.0.name() == topic.id);
        let reasons = || topic.options.iter().flat_map(|it| &it.reasons);
        if request.topics.is_empty() { reasons().any(|it| holds(it, &is_stated)) } else { asked() }
    };
    let topics = choice_topics().iter().filter(|it| is_asked(it)).map(|it| choose(it, &is_stated)).collect();
    let signals = stated.iter().map(|it| it.id.to_string()).collect();
    Ok(Recommended { signals, topics })
}

fn holds(reason: &Reason, is_stated: &impl Fn(&str) -> bool) -> bool {
    reason.when.iter().all(|it| is_stated(it))
}

fn choose(topic: &'static ChoiceTopic, is_stated: &impl Fn(&str) -> bool) -> Recommendation {
    let fired = |reasons: &'static [Reason]| -> Vec<Because> {
        reasons.iter().filter(|it| holds(it, is_stated)).map(Because::of).collect()
    };
    let weighed: Vec<Weighed> = topic
        .options
        .iter()
        .map(|option| Weighed { option, reasons: fired(&option.reasons), against: fired(&option.against) })
        .collect();
    let taken = take(topic.choose, &weighed);
    let mut answer = Recommendation { topic: topic.id.to_string(), ..Recommendation::default() };
    for it in &weighed {
        if taken.iter().any(|taken| taken.id == it.option.id) {
            answer.chosen.push(it.chosen(is_stated));
        } else if topic.choose != Choose::Many || !it.reasons.is_empty() || !it.against.is_empty() {
            answer.rejected.push(it.rejected(&taken));
        }
    }
    if answer.is_neutral() {
        answer.ask = Some(topic.ask.to_string());
    }
    answer
}

/// An option with the reasons that hold.
struct Weighed {
    option: &'static ChoiceOption,
    reasons: Vec<Because>,
    against: Vec<Because>,
}

/// The options to take: none where reasons contradict each other.
fn take(choose: Choose, weighed: &[Weighed]) -> Vec<&'static ChoiceOption> {
    let supported: Vec<&Weighed> = weighed.iter().filter(|it| !it.reasons.is_empty()).collect();
    let free = |it: &&&Weighed| it.against.is_empty();
    match choose {
        Choose::Many => supported.iter().filter(free).map(|it| it.option).collect(),
        Choose::One => {
            let is_beaten = |it: &Weighed| supported.iter().any(|by| by.option.beats.contains(&it.option.id));
            let left: Vec<&&Weighed> = supported.iter().filter(|it| !is_beaten(it)).collect();
            // What speaks for one and against it at once leaves all of them open.
            match left.as_slice() {
                [only] if only.against.is_empty() => vec![only.option],
                _ => Vec::new(),
            }
        }
        Choose::Highest => match supported.last() {
            Some(last) if last.against.is_empty() => vec![last.option],
            _ => Vec::new(),
        },
    }
}

impl Weighed {
    fn chosen(&self, is_stated: &impl Fn(&str) -> bool) -> Chosen {
        // A companion that a stated signal makes needless is not asked for.
        let needless = |slug: &str| {
            let known = choice_topics().iter().flat_map(|it| &it.options).find(|it| it.id == slug);
            known.is_some_and(|it| it.against.iter().any(|it| holds(it, is_stated)))
        };
        let named = self.option.companions.iter().map(smol_str::SmolStr::as_str);
        let card = pattern(&self.option.id).map(|it| it.companions.as_slice()).unwrap_or_default();
        let mut companions: Vec<String> = Vec::new();
        for slug in named.chain(card.iter().map(|it| it.slug.as_str())).filter(|it| !needless(it)) {
            if let Some(name) = pattern(slug).map(|it| it.name.to_string()).filter(|it| !companions.contains(it)) {
                companions.push(name);
            }
        }
        Chosen {
            id: self.option.id.to_string(),
            name: self.option.name.to_string(),
            because: self.reasons.clone(),
            companions,
        }
    }

    fn rejected(&self, taken: &[&'static ChoiceOption]) -> Rejected {
        let beaten = taken.iter().find(|it| it.beats.contains(&self.option.id));
        let right_when = self.option.reasons.iter().map(|it| it.when.join(" + ")).collect();
        Rejected {
            id: self.option.id.to_string(),
            name: self.option.name.to_string(),
            why: self.against.clone(),
            gives_way_to: beaten.map(|it| it.name.to_string()),
            speaks_for_it: self.reasons.clone(),
            right_when,
        }
    }
}
