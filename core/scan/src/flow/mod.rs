//! What the functions of a file do with messages and in which order: what a change of code is judged by.
//!
//! [`flow`] reads one version of a file. Nothing here says that code is wrong; two versions are compared elsewhere.

mod read;
mod retry;
mod statement;

use archwright_syntax::{Span, Spanned};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use smol_str::SmolStr;

use crate::{
    Language,
    facts::FlowWords,
    source::{self, Deadline, Source},
    too_much, words,
};

pub use statement::{Statement, Verb};

/// What a file does, function by function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Its functions in the order of the text; the first is what stands in none, and has no name.
    pub functions: Vec<Function>,
    /// Settings on which it depends what is lost.
    pub settings: Vec<Setting>,
    /// The objects that are written out.
    pub literals: Vec<Literal>,
    /// Entries that are read by their names.
    pub reads: Vec<Read>,
    /// Where the key of a message is given.
    pub keys: Vec<KeyUse>,
    /// Constants that say how often something is tried.
    pub attempts: Vec<Attempts>,
    /// When the client library tells the broker that a message is handled, if the code does not; `None` without one.
    pub acknowledges: Option<Acknowledges>,
    /// The place of each function whose name no other has.
    by_name: FxHashMap<SmolStr, Option<usize>>,
}

/// A function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Function {
    /// Its name, or that of the variable it is bound to.
    pub name: SmolStr,
    /// All of it.
    pub span: Span,
    /// The names of its parameters.
    pub parameters: Vec<SmolStr>,
    /// What it does, in the order of the text.
    pub steps: Vec<Step>,
    /// The loops that try something again.
    pub loops: Vec<RetryLoop>,
    /// Whether something in it is random.
    pub is_random: bool,
    /// Whether something in it grows from time to time.
    pub is_growing: bool,
    /// How many of its handlers of failures there are.
    pub catches: usize,
    /// How many of them end without handing the failure on.
    pub swallows: usize,
}

/// Something that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub act: Act,
    /// The last name of what is called.
    pub name: SmolStr,
    /// The call.
    pub span: Span,
    /// Whether it is waited for.
    pub is_awaited: bool,
    /// Whether nobody waits for it or takes its value.
    pub is_detached: bool,
    /// Whether it says something and does nothing.
    pub is_quiet: bool,
    /// The names of the arguments by position, as far as they have one.
    pub arguments: Vec<SmolStr>,
}

/// What a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A call of something that is not known.
    Call,
    /// A message is sent, to a channel if that is written out.
    Send(Option<SmolStr>),
    /// The broker is told that a message is handled.
    Ack,
    /// Data are read or written.
    Data(Statement),
    /// A message is put where a relay finds it, by a helper that is called so.
    Outbox,
    /// A pause.
    Wait,
}

/// A loop with a handler of failures in it that does not always leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryLoop {
    /// All of it.
    pub span: Span,
    /// Whether it ends.
    pub bound: Bound,
    /// The names of what is called in it.
    pub calls: Vec<SmolStr>,
}

/// Whether a loop ends although what is tried fails for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// It counts.
    Counted,
    /// Nothing ends it.
    None,
    /// It cannot be told.
    Unknown,
}

/// When a library tells the broker that a message is handled, if the code does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Acknowledges {
    /// When the handler has ended.
    After,
    /// By the clock, or when the message is handed out.
    Before,
    /// Never.
    #[default]
    Manual,
}

/// A setting as the code has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: SmolStr,
    /// What it is about.
    pub means: SettingMeaning,
    /// What it does.
    pub effect: Effect,
    /// The value as it is written.
    pub value: Spanned,
    /// Whether something is lost where it is not set.
    pub needed: bool,
    /// The calls that it belongs to; any if there are none.
    pub of: Vec<SmolStr>,
}

/// What a setting is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingMeaning {
    /// Whether messages count as handled before they are.
    Early,
    /// Whether the broker confirms what it keeps.
    Acks,
    /// Where messages go that cannot be handled.
    DeadLetters,
    /// How often something is tried.
    Bound,
    /// How long to wait before it is tried again.
    Pause,
}

/// What a value does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing is lost.
    Good,
    /// Something is lost.
    Bad,
    /// It cannot be told.
    Unknown,
}

/// An object that is written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// All of it.
    pub span: Span,
    /// The function, by its place.
    pub function: usize,
    /// The names of its entries.
    pub entries: Vec<Spanned>,
    /// Whether it takes over entries of something else.
    pub is_open: bool,
}

/// An entry that is read by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Its name.
    pub field: Spanned,
    /// What it is read from, if that has a name.
    pub from: SmolStr,
    /// The function, by its place.
    pub function: usize,
}

/// Where the key of a message is given, or could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// The function, by its place.
    pub function: usize,
    /// What gives it: an entry, an argument, a column.
    pub by: SmolStr,
    /// The last name of the value, as words; empty without one.
    pub value: SmolStr,
    /// Where.
    pub span: Span,
}

/// A constant that says how often something is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// Its name.
    pub name: SmolStr,
    /// Its value as it is written.
    pub value: Spanned,
    /// Whether it is without end.
    pub is_endless: bool,
}

/// So deep are calls of functions of the same file followed.
const MAX_CALLS: usize = 3;

/// More functions are not followed from one.
const MAX_REACH: usize = 100;

/// More steps of one function are not followed.
const MAX_STEPS: usize = 2_000;

/// Reads what the functions of a file do. Files that are too long or broken for [`scan`](crate::scan()) are not read.
///
/// ```
/// use archwright_scan::{Language, flow::{Act, flow}};
///
/// let text = "async def run(consumer):\n    await consumer.commit()\n    await handle(1)\n";
/// let text = format!("from aiokafka import AIOKafkaConsumer\n\n{text}");
/// let run = &flow(&text, Language::Python).unwrap().functions[1];
/// let acts: Vec<_> = run.steps.iter().map(|it| (it.name.as_str(), it.act == Act::Ack)).collect();
/// assert_eq!(acts, [("commit", true), ("handle", false)]);
/// ```
pub fn flow(text: &str, language: Language) -> Option<Flow> {
    let facts = language.facts()?;
    let words = FlowWords::load()?;
    if too_much(text).is_some() {
        return None;
    }
    let deadline = Deadline::start();
    let tree = source::parse(text, facts, deadline)?;
    let source = Source::new(text, facts, &tree, deadline);
    Some(read::Reader::new(text, facts, words, &source, &tree).read())
}

impl Flow {
    /// The function of this name, if there is just one.
    pub fn function(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied().flatten()
    }

    fn loops(&self) -> usize {
        self.functions.iter().map(|it| it.loops.len()).sum()
    }

    fn index(&mut self) {
        for (at, function) in self.functions.iter().enumerate().skip(1) {
            self.by_name.entry(function.name.clone()).and_modify(|it| *it = None).or_insert(Some(at));
        }
    }

    /// What a function does, with what the functions of the same file do that it calls: each call is followed by what
    /// it leads to.
    pub fn steps(&self, function: usize) -> Vec<&Step> {
        let mut steps = Vec::new();
        self.add_steps(function, &mut Vec::new(), &mut steps);
        steps
    }

    fn add_steps<'f>(&'f self, function: usize, open: &mut Vec<usize>, steps: &mut Vec<&'f Step>) {
        let Some(found) = self.functions.get(function) else { return };
        open.push(function);
        for step in &found.steps {
            if steps.len() >= MAX_STEPS {
                break;
            }
            steps.push(step);
            if let Some(called) = self.function(&step.name).filter(|it| open.len() <= MAX_CALLS && !open.contains(it)) {
                self.add_steps(called, open, steps);
            }
        }
        open.pop();
    }

    /// A function and the functions of the same file that it leads to.
    pub fn reach(&self, function: usize) -> Vec<usize> {
        let mut reached = vec![function];
        let mut at = 0;
        while let Some(found) = reached.get(at).and_then(|it| self.functions.get(*it)) {
            for called in found.steps.iter().filter_map(|it| self.function(&it.name)) {
                if reached.len() < MAX_REACH && !reached.contains(&called) {
                    reached.push(called);
                }
            }
            at += 1;
        }
        reached
    }

    /// Whether what is called waits, by its name or by what it does.
    pub fn waits(&self, name: &str) -> bool {
        let is_wait = |name: &str| FlowWords::load().is_some_and(|it| has_word(name, &it.waits));
        let reached = self.function(name).map(|it| self.reach(it)).unwrap_or_default();
        let steps = reached.iter().filter_map(|it| self.functions.get(*it)).flat_map(|it| &it.steps);
        is_wait(name) || steps.into_iter().any(|it| is_wait(&it.name))
    }
}

/// Whether one of the words of a name, or all of it, is one of some words.
fn has_word(name: &str, wanted: &[String]) -> bool {
    let lower = name.to_lowercase();
    wanted.contains(&lower) || words(name).iter().any(|it| wanted.contains(it))
}

/// Whether a name is that of a channel for what could not be handled.
pub fn is_dead_letter(name: &str) -> bool {
    FlowWords::load().is_some_and(|it| has_word(name, &it.dead_letters))
}

/// Whether a name is that of a table or a helper that keeps messages until a relay has sent them.
pub fn is_outbox(name: &str) -> bool {
    FlowWords::load().is_some_and(|it| has_word(name, &it.outbox))
}

/// Whether a name is that of a table that remembers what was handled.
pub fn is_inbox(name: &str) -> bool {
    FlowWords::load().is_some_and(|it| has_word(name, &it.inbox))
}

/// Whether the name of an entry is one by which others recognise a repetition.
pub fn is_idempotency_entry(name: &str) -> bool {
    FlowWords::load().is_some_and(|it| it.idempotency.contains(&name.to_lowercase()))
}

/// A name as words joined by `_`, so that `orderId` and `order_id` are one.
pub fn folded(name: &str) -> SmolStr {
    words(name).into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("_").into()
}

#[cfg(test)]
mod tests;
