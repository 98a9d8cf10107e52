//! Sagas and other state machines as a state diagram of Mermaid, with all states in which they end.

use std::fmt::Write as _;

use super::{
    answer::EventFlow,
    label::Notation,
    saga::{FlowSaga, Machine, Spot},
    text::count,
};

/// More make no drawing that people can read; what is left out is told in the drawing.
const MAX_MACHINES: usize = 30;
const MAX_MOVES: usize = 400;

impl EventFlow {
    /// All sagas and state machines, each in a state of its own, with at most so many arrows.
    pub(super) fn states(&self, most: usize) -> String {
        let mut text = String::from("stateDiagram-v2\n");
        let (mut drawn, mut left) = (0_usize, most.min(MAX_MOVES));
        for saga in self.sagas.iter().take(MAX_MACHINES) {
            let machine = Machine::of(saga);
            let Some(rest) = left.checked_sub(machine.moves.len()) else { continue };
            left = rest;
            drawn += 1;
            draw(&mut text, saga, &machine, drawn);
        }
        let mut notes = Vec::new();
        if self.sagas.is_empty() {
            notes.push(
                "No saga and no state machine: no document has a table or list of steps with compensations, a table of \
                 transitions or a state diagram, and there is no definition of a workflow."
                    .to_owned(),
            );
        }
        if self.sagas.len() > drawn {
            let more = count(self.sagas.len() - drawn, "more saga or state machine");
            notes.push(format!("{more} left out; ask for one name to see those of it"));
        }
        notes.extend(self.sagas_left_out.iter().cloned());
        for (number, note) in (1..).zip(&notes) {
            let _ = writeln!(text, "  state \"{}\" as note{number}", Notation::Mermaid.whole(note));
        }
        text
    }
}

fn draw(text: &mut String, saga: &FlowSaga, machine: &Machine, number: usize) {
    let name = Notation::Mermaid.label(&saga.name);
    let at = Notation::Mermaid.label(&format!("{}:{}", saga.at.file, saga.at.line));
    let _ = writeln!(text, "  state \"{name} ({at})\" as m{number}\n  state m{number} {{");
    for (at, state) in machine.states.iter().enumerate() {
        let _ = writeln!(text, "    state \"{}\" as m{number}s{}", Notation::Mermaid.label(state), at + 1);
    }
    let spot = |it: Spot| match it {
        Spot::Start | Spot::End => "[*]".to_owned(),
        Spot::State(at) => format!("m{number}s{}", at + 1),
    };
    for (from, to, on) in &machine.moves {
        let on = on.as_ref().map_or_else(String::new, |it| format!(": {}", Notation::MermaidState.label(it)));
        let _ = writeln!(text, "    {} --> {}{on}", spot(*from), spot(*to));
    }
    for (at, words) in &machine.open {
        let _ = writeln!(text, "    note right of m{number}s{}: {}", at + 1, Notation::MermaidState.label(words));
    }
    text.push_str("  }\n");
}
