//! Sequence diagrams: blocks and their ends, and who is active.

use rustc_hash::FxHashMap;

use super::{Line, Refusal, Refused, lines};

/// The words that open a block. `par_over` is one word to Mermaid.
const OPENING: [&str; 9] = ["loop", "rect", "opt", "alt", "par_over", "par", "critical", "break", "box"];

/// The words that begin the next part of a block, and the blocks that have them.
const PARTS: [(&str, &str); 3] = [("else", "alt"), ("and", "par"), ("option", "critical")];

/// What Mermaid refuses of the blocks of a sequence diagram, and of its activations.
pub(super) fn refusals(body: &str) -> Vec<Refusal> {
    let lines = lines(body);
    let Some((first, lines)) = lines.split_first() else { return Vec::new() };
    if first.text != "sequenceDiagram" || lines.iter().any(is_unclear) {
        return Vec::new();
    }
    blocks(lines).or_else(|| activations(lines)).into_iter().collect()
}

/// Whether a line is read otherwise than as one statement: one that a semicolon parts before a word of a block, or the
/// settings of a participant over several lines.
fn is_unclear(line: &Line) -> bool {
    let of_block = |it: &str| {
        let word = first_word(it.trim_start());
        let is = |known: &str| known.eq_ignore_ascii_case(word);
        is("end") || OPENING.iter().any(|it| is(it)) || PARTS.iter().any(|it| is(it.0))
    };
    line.text.split(';').skip(1).any(of_block) || line.text.contains("@{") && !line.text.contains('}')
}

/// The word that a text begins with, as Mermaid tells words apart.
fn first_word(text: &str) -> &str {
    let end = text.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The first thing that is wrong with the blocks.
fn blocks(lines: &[Line]) -> Option<Refusal> {
    let mut open: Vec<(&str, usize)> = Vec::new();
    for line in lines {
        let word = first_word(line.text);
        let is = |known: &&str| known.eq_ignore_ascii_case(word);
        let at = line.at..line.at + word.len();
        if let Some(opens) = OPENING.iter().find(|it| is(it)) {
            open.push((opens, line.at));
        } else if is(&"end") {
            let behind = line.text.get(word.len()..).unwrap_or_default().trim();
            if !behind.is_empty() && !behind.starts_with(['#', '%', ';']) {
                return None;
            }
            if open.pop().is_none() {
                return Some(Refusal { what: Refused::NothingToClose, at });
            }
        } else if let Some((_, of)) = PARTS.iter().find(|it| is(&it.0)) {
            let fits = open.last().is_some_and(|it| it.0 == *of || *of == "par" && it.0 == "par_over");
            if !fits {
                return Some(Refusal { what: Refused::Misplaced(of), at });
            }
        }
    }
    let (word, at) = open.pop()?;
    Some(Refusal { what: Refused::NotClosed, at: at..at + word.len() })
}

/// Words that begin a line which is no message, whatever it says.
const ASIDE: [&str; 13] = [
    "participant",
    "actor",
    "create",
    "destroy",
    "note",
    "title",
    "links",
    "link",
    "properties",
    "details",
    "autonumber",
    "accTitle",
    "accDescr",
];

/// The first participant that ends what it did not begin. Mermaid counts from top to bottom, through all branches.
fn activations(lines: &[Line]) -> Option<Refusal> {
    let mut active: FxHashMap<&str, usize> = FxHashMap::default();
    for line in lines {
        let word = first_word(line.text);
        let is = |known: &&str| known.eq_ignore_ascii_case(word);
        let is_of_block = || OPENING.iter().any(&is) || PARTS.iter().any(|it| is(&it.0)) || is(&"end");
        if ASIDE.iter().any(&is) || line.text.starts_with('#') || is_of_block() {
            continue;
        }
        let (begins, ends) = if is(&"activate") || is(&"deactivate") {
            let name = plain(line.text.get(word.len()..)?.trim_end_matches(';'))?;
            if is(&"activate") { (Some(name), None) } else { (None, Some(name)) }
        } else {
            match arrow(line.text)? {
                (_, to, Some('+')) => (Some(to), None),
                (from, _, Some(_)) => (None, Some(from)),
                _ => (None, None),
            }
        };
        if let Some(name) = begins {
            *active.entry(name).or_default() += 1;
        }
        if let Some(name) = ends {
            match active.get_mut(name).filter(|it| **it > 0) {
                Some(count) => *count -= 1,
                None => {
                    let end = line.text.find(':').unwrap_or(line.text.len());
                    return Some(Refusal { what: Refused::NotActive, at: line.at..line.at + end });
                }
            }
        }
    }
    None
}

/// Who says something to whom, and the sign of an activation before the second. Nothing if it is not certain.
fn arrow(line: &str) -> Option<(&str, &str, Option<char>)> {
    const ARROWS: [&str; 10] = ["<<-->>", "<<->>", "-->>", "->>", "-->", "->", "--x", "-x", "--)", "-)"];
    let (ends, _) = line.split_once(':')?;
    let at = ends.find(['-', '<'])?;
    let (from, rest) = ends.split_at_checked(at)?;
    let to = ARROWS.iter().find_map(|it| rest.strip_prefix(it))?.trim();
    let sign = to.chars().next().filter(|it| matches!(it, '+' | '-'));
    let to = if sign.is_some() { to.get(1..)? } else { to };
    Some((plain(from)?, plain(to)?, sign))
}

/// A name that Mermaid reads as it stands.
fn plain(name: &str) -> Option<&str> {
    let name = name.trim();
    let is_plain = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | ' ' | '.'));
    is_plain.then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::mermaid::{Refused, refusals};

    /// What is refused, each with the text where it stands.
    fn refused(lines: &[&str]) -> Vec<(Refused, String)> {
        let text = format!("sequenceDiagram\n    {}\n", lines.join("\n    "));
        refusals(&text).into_iter().map(|it| (it.what, text[it.at].to_owned())).collect()
    }

    #[test]
    fn blocks_that_are_closed_are_drawn() {
        for lines in [
            &["alt paid", "a->>b: ship", "else not paid", "a->>b: wait", "end"][..],
            &["par one", "a->>b: x", "and two", "loop each", "a->>c: y", "END", "end"],
            &["par_over one", "a->>b: x", "and two", "a->>c: y", "end %% of par"],
            &["critical stock", "a->>b: x", "option no stock", "a->>b: y", "end"],
            &["box Blue shop", "participant a", "end", "a->>b: the end", "Note over a: end"],
            &["accDescr {", "alt and loop", "end", "}", "a->>b: x"],
            &["looper->>b: x", "endpoint->>b: y", "alternator->>b: z"],
            &["participant end", "title: end", "# end", "%% end", "a->>b: c; d"],
            &["a->>b: x; loop y; a->>b: z; end"],
        ] {
            assert_eq!(refused(lines), [], "{lines:?}");
        }
    }

    #[test]
    fn blocks_that_are_not_closed_are_refused() {
        let is = |what: Refused, at: &str| vec![(what, at.to_owned())];
        assert_eq!(refused(&["alt paid", "loop x", "a->>b: y", "end"]), is(Refused::NotClosed, "alt"));
        assert_eq!(refused(&["a->>b: y", "end"]), is(Refused::NothingToClose, "end"));
        assert_eq!(refused(&["opt paid", "else no", "end"]), is(Refused::Misplaced("alt"), "else"));
        assert_eq!(refused(&["and x", "a->>b: y"]), is(Refused::Misplaced("par"), "and"));
    }

    #[test]
    fn who_ends_an_activation_began_it() {
        let is = |at: &str| vec![(Refused::NotActive, at.to_owned())];
        assert_eq!(refused(&["a->>+b: x", "b-->>-a: y", "activate a", "deactivate a"]), []);
        assert_eq!(refused(&["a->>+b: x", "b-->>-a: y", "b-->>-a: z"]), is("b-->>-a"));
        assert_eq!(refused(&["deactivate a"]), is("deactivate a"));
        assert_eq!(refused(&["a-x+b: x", "b--x-a: y", "a->>b: z"]), []);
    }
}
