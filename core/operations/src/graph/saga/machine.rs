//! The states of a saga, and what leads from one to another.
//!
//! For steps with compensations they are those of Garcia-Molina and Salem (1987): the steps in their order; where one
//! fails, what was done before it is undone from the last to the first. It ends completed, compensated, or failed,
//! where something stays done that nothing undoes.

use std::{collections::BTreeMap, fmt::Write as _};

use archwright_knowledge::claim_words;

use super::{FlowSaga, FlowStep, FlowUndo};

/// The states of a saga.
#[derive(Debug, Default)]
pub(in crate::graph) struct Machine {
    /// What each is called.
    pub states: Vec<String>,
    /// What leads from one to another.
    pub moves: Vec<(Spot, Spot, Option<String>)>,
    /// What is not said, with the state that it is not said of.
    pub open: Vec<(usize, String)>,
}

/// Where a move begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::graph) enum Spot {
    /// Before the first state.
    Start,
    /// A state, by its place.
    State(usize),
    /// Behind the last state.
    End,
}

/// How a saga of steps ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graph) enum End {
    /// All steps are done.
    Completed,
    /// What was done is undone.
    Compensated,
    /// Something stays done, or nothing was.
    Failed,
}

impl End {
    /// As people read it.
    pub(in crate::graph) fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Compensated => "compensated",
            Self::Failed => "failed",
        }
    }
}

impl Machine {
    /// The states of a saga as it is stated.
    pub(in crate::graph) fn of(saga: &FlowSaga) -> Self {
        if saga.steps.is_empty() { Self::of_transitions(saga) } else { Self::of_steps(&saga.steps) }
    }

    /// The names of the states in which it ends, in their order.
    pub(super) fn ends(&self) -> Vec<String> {
        let is_end = |at: &usize| self.moves.iter().any(|it| it.0 == Spot::State(*at) && it.1 == Spot::End);
        (0..self.states.len()).filter(is_end).filter_map(|it| self.states.get(it).cloned()).collect()
    }

    fn add(&mut self, name: impl Into<String>) -> usize {
        self.states.push(name.into());
        self.states.len() - 1
    }

    fn lead(&mut self, from: Spot, to: Spot, on: Option<String>) {
        self.moves.push((from, to, on));
    }

    fn of_transitions(saga: &FlowSaga) -> Self {
        let mut machine = Self::default();
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        for name in saga.transitions.iter().flat_map(|it| [&it.from, &it.to]).flatten() {
            known.entry(name).or_insert_with(|| machine.add(name));
        }
        let spot = |name: &Option<String>, outside: Spot| {
            name.as_ref().and_then(|it| known.get(it.as_str())).map_or(outside, |it| Spot::State(*it))
        };
        for it in &saga.transitions {
            machine.lead(spot(&it.from, Spot::Start), spot(&it.to, Spot::End), it.on.clone());
        }
        // What nothing leads out of is an end, whether or not it is called one.
        for at in 0..machine.states.len() {
            let leads_on = |it: &(Spot, Spot, Option<String>)| it.0 == Spot::State(at) && it.1 != it.0;
            if !machine.moves.iter().any(leads_on) {
                machine.lead(Spot::State(at), Spot::End, None);
            }
        }
        machine
    }

    fn of_steps(steps: &[FlowStep]) -> Self {
        let mut machine = Self::default();
        let own: Vec<usize> = steps.iter().map(|it| machine.add(named(it))).collect();
        let undone = |it: &FlowStep| if let FlowUndo::By(undo) = &it.undo { Some(undo.clone()) } else { None };
        // The compensation of each step that has one, and the nearest one at or before each step.
        let undo: Vec<Option<usize>> = steps.iter().map(|it| Some(machine.add(undone(it)?))).collect();
        let nearest = |before: usize| undo.iter().take(before).rev().find_map(|it| *it);
        let last = undo.iter().rposition(Option::is_some);
        let completed = machine.add(End::Completed.name());
        let compensated = machine.add(End::Compensated.name());
        let failed = machine.add(End::Failed.name());
        let state = |list: &[usize], at: usize| list.get(at).copied().map_or(Spot::End, Spot::State);
        machine.lead(Spot::Start, state(&own, 0), None);
        for (at, step) in steps.iter().enumerate() {
            let here = state(&own, at);
            let next = if at + 1 < steps.len() { state(&own, at + 1) } else { Spot::State(completed) };
            machine.lead(here, next, step.on_success.clone());
            if let Some(attempts) = &step.attempts {
                machine.lead(here, here, Some(format!("again, attempts {attempts}")));
            }
            let is_behind = last.is_none_or(|last| at > last + 1) && at > 0;
            match &step.on_failure {
                Some(said) if is_behind || !begins_undoing(said) => {
                    machine.open.extend(own.get(at).map(|own| (*own, format!("on failure {said}"))));
                }
                // Behind the step after the last one that can be undone nothing says what a failure leads to.
                None if is_behind => {
                    let words = "what a failure leads to is not stated".to_owned();
                    machine.open.extend(own.get(at).map(|own| (*own, words)));
                }
                _ => {
                    let to = nearest(at).unwrap_or(failed);
                    machine.lead(here, Spot::State(to), Some(failing(step)));
                }
            }
        }
        for (at, step) in steps.iter().enumerate() {
            if let Some(Some(undo)) = undo.get(at) {
                machine.lead(Spot::State(*undo), Spot::State(nearest(at).unwrap_or(compensated)), None);
            }
            let words = match step.undo {
                FlowUndo::Nothing => "nothing undoes it",
                FlowUndo::NotStated => "what undoes it is not stated",
                FlowUndo::By(_) | FlowUndo::NotNeeded => continue,
            };
            // Behind the last one that can be undone nothing needs to be.
            let own = own.get(at).filter(|_| last.is_some_and(|last| at <= last));
            machine.open.extend(own.map(|own| (*own, words.to_owned())));
        }
        // Where the first compensation is done, what has none before the last one stays done.
        let first = undo.iter().flatten().next().copied();
        let stay = |it: &&FlowStep| matches!(it.undo, FlowUndo::Nothing | FlowUndo::NotStated);
        let staying: Vec<&str> =
            steps.iter().take(last.unwrap_or_default()).filter(stay).map(|it| it.does.as_str()).collect();
        if let Some(first) = first.filter(|_| !staying.is_empty()) {
            let words = format!("{} stays done", staying.join(" or "));
            machine.lead(Spot::State(first), Spot::State(failed), Some(words));
        }
        for end in [completed, compensated, failed] {
            let is_reached = machine.moves.iter().any(|it| it.1 == Spot::State(end));
            if is_reached {
                machine.lead(Spot::State(end), Spot::End, None);
            }
        }
        machine.without_unreached(&[completed, compensated, failed])
    }

    /// Without ends that nothing leads to.
    fn without_unreached(mut self, ends: &[usize]) -> Self {
        let is_reached = |at: usize| self.moves.iter().any(|it| it.1 == Spot::State(at));
        let kept: Vec<usize> = (0..self.states.len()).filter(|it| !ends.contains(it) || is_reached(*it)).collect();
        let renamed: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let spot = |it: Spot| match it {
            Spot::State(at) => renamed.get(&at).copied().map_or(Spot::End, Spot::State),
            other => other,
        };
        self.moves = self.moves.into_iter().map(|it| (spot(it.0), spot(it.1), it.2)).collect();
        self.open = self.open.into_iter().filter_map(|it| Some((*renamed.get(&it.0)?, it.1))).collect();
        self.states = kept.iter().filter_map(|it| self.states.get(*it).cloned()).collect();
        self
    }
}

/// A step with who does it.
fn named(step: &FlowStep) -> String {
    step.by.as_ref().map_or_else(|| step.does.clone(), |by| format!("{} ({by})", step.does))
}

/// Whether what is said of a failure is that what was done is undone: the name of an event, or words for it.
pub(in crate::graph) fn begins_undoing(said: &str) -> bool {
    !said.contains(char::is_whitespace) || claim_words("begins-undoing").are_in(said)
}

/// When a step is left for what undoes the others.
pub(in crate::graph) fn failing(step: &FlowStep) -> String {
    let mut words = "fails".to_owned();
    if let Some(timeout) = &step.timeout {
        let _ = write!(words, " or takes longer than {timeout}");
    }
    if let Some(said) = &step.on_failure {
        let _ = write!(words, ", {said}");
    }
    words
}
