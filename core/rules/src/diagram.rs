//! Diagrams of Mermaid: who says what to whom, in turn in a sequence diagram and along the arrows of a flowchart, and
//! which states lead where.

use archwright_syntax::markdown::CodeBlock;
use rustc_hash::FxHashMap;

use crate::prelude::*;

/// An arrow of a diagram, with the names that its ends are shown by.
#[derive(Clone, Copy)]
pub(super) struct Arrow<'t> {
    pub from: &'t str,
    pub to: &'t str,
    pub label: &'t str,
    pub span: Span,
}

/// The arrows of a block, in its order; none if it is no sequence diagram.
pub(super) fn sequence<'t>(text: &'t str, block: &CodeBlock) -> Vec<Arrow<'t>> {
    let content = block.content.of(text);
    let is_diagram = block.language.of(text).eq_ignore_ascii_case("mermaid")
        && content.lines().any(|it| it.trim() == "sequenceDiagram");
    if !is_diagram {
        return Vec::new();
    }
    let mut shown: FxHashMap<&str, &str> = FxHashMap::default();
    let mut found = Vec::new();
    let mut at = block.content.start as usize;
    for line in content.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let line = line.trim();
        let declared = ["participant ", "actor ", "create participant "].iter().find_map(|it| line.strip_prefix(it));
        if let Some((id, name)) = declared.and_then(|it| it.split_once(" as ")) {
            shown.insert(id.trim(), name.trim());
        } else if let Some((ends, label)) = line.split_once(':').filter(|_| declared.is_none())
            && let Some((from, to)) = ends_of(ends)
        {
            let name = |it: &'t str| shown.get(it).copied().unwrap_or(it);
            let span = Span::new(start, start + line.len());
            found.push(Arrow { from: name(from), to: name(to), label: label.trim(), span });
        }
    }
    found
}

/// The ends of an arrow: `basket` and `db` of `basket->>+db`.
fn ends_of(text: &str) -> Option<(&str, &str)> {
    const HEADS: [&str; 8] = ["-->>", "->>", "-->", "->", "--x", "-x", "--)", "-)"];
    let at = text.find('-')?;
    let (from, rest) = text.split_at_checked(at)?;
    let to = HEADS.iter().find_map(|it| rest.strip_prefix(it))?;
    let (from, to) = (from.trim(), to.trim().trim_start_matches(['+', '-']).trim());
    (!from.is_empty() && !to.is_empty()).then_some((from, to))
}

/// The arrows of a flowchart, in its order; none if the block is none. An arrow without a label has an empty one.
pub(super) fn flowchart<'t>(text: &'t str, block: &CodeBlock) -> Vec<Arrow<'t>> {
    let content = block.content.of(text);
    let begins = |it: &str| ["flowchart", "graph "].iter().any(|word| it.trim_start().starts_with(word));
    let is_diagram = block.language.of(text).eq_ignore_ascii_case("mermaid")
        && content.lines().find(|it| !it.trim().is_empty() && !it.trim_start().starts_with("%%")).is_some_and(begins);
    if !is_diagram {
        return Vec::new();
    }
    let mut shown: FxHashMap<&str, &str> = FxHashMap::default();
    let mut found: Vec<Arrow> = Vec::new();
    let mut at = block.content.start as usize;
    for line in content.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let line = line.trim().trim_end_matches(';');
        let span = Span::new(start, start + line.len());
        let mut rest = line;
        let Some(mut from) = node(&mut rest, &mut shown) else { continue };
        // `a --> b --> c` has two arrows.
        while let Some(label) = link(&mut rest) {
            let Some(to) = node(&mut rest, &mut shown) else { break };
            found.push(Arrow { from, to, label, span });
            from = to;
        }
    }
    // A label may stand behind the first arrow that names its node.
    for arrow in &mut found {
        arrow.from = shown.get(arrow.from).copied().unwrap_or(arrow.from);
        arrow.to = shown.get(arrow.to).copied().unwrap_or(arrow.to);
    }
    found
}

/// The id of the node that a text begins with, whose label is noted: `w` of `w["warehouse"] --> b`.
fn node<'t>(rest: &mut &'t str, shown: &mut FxHashMap<&'t str, &'t str>) -> Option<&'t str> {
    let text = rest.trim_start();
    let is_of_id = |it: char| it.is_alphanumeric() || matches!(it, '_' | '.');
    // A hyphen inside of an id is followed by a letter; an arrow is not.
    let mut end = 0;
    for (at, sign) in text.char_indices() {
        let goes_on = || text.get(at + 1..).is_some_and(|it| it.starts_with(char::is_alphanumeric));
        if !(is_of_id(sign) || sign == '-' && at > 0 && goes_on()) {
            break;
        }
        end = at + sign.len_utf8();
    }
    let (id, behind) = text.split_at_checked(end)?;
    if id.is_empty() {
        return None;
    }
    *rest = behind;
    if behind.starts_with(['[', '(', '{', '>']) {
        let open: &[char] = &['[', '(', '{', '>', '/', '\\'];
        let inner = behind.trim_start_matches(open);
        let (label, after) = if let Some(quoted) = inner.strip_prefix('"') {
            let (label, after) = quoted.split_once('"')?;
            (label, after)
        } else {
            inner.split_at_checked(inner.find([']', ')', '}'])?)?
        };
        *rest = after.trim_start_matches([']', ')', '}', '/', '\\']);
        shown.insert(id, label.trim());
    }
    Some(id)
}

/// The label of the arrow that a text begins with; nothing if it begins with none.
fn link<'t>(rest: &mut &'t str) -> Option<&'t str> {
    let text = rest.trim_start();
    let is_of_line = |it: char| matches!(it, '-' | '=' | '.' | '~');
    let line = text.trim_start_matches('<').trim_start_matches(is_of_line);
    if line.len() == text.len() {
        return None;
    }
    // `-->|label|` and `-- label -->`.
    let line = line.strip_prefix(['>', 'x', 'o']).filter(|it| !it.starts_with(char::is_alphanumeric)).unwrap_or(line);
    if let Some(behind) = line.trim_start().strip_prefix('|') {
        let (label, after) = behind.split_once('|')?;
        *rest = after;
        return Some(label.trim().trim_matches('"'));
    }
    if let Some(end) = line.find("-->").or_else(|| line.find("==>")).or_else(|| line.find(".->"))
        && line.starts_with(' ')
        && !line.get(..end).is_some_and(|it| it.contains(['[', '(', '{', '|', '&']))
        && line.get(..end).is_some_and(|it| it.trim().contains(' ') || it.trim().contains('.'))
    {
        let (label, after) = line.split_at_checked(end)?;
        *rest = after.trim_start_matches(['-', '=', '.', '>']);
        return Some(label.trim().trim_matches('"'));
    }
    *rest = line;
    Some("")
}

/// A state diagram: who leads where.
#[derive(Default)]
pub(super) struct States<'t> {
    /// The transitions, in their order; `[*]` is the beginning and the end.
    pub arrows: Vec<Arrow<'t>>,
    /// States that hold others, and those that only choose, fork or join.
    pub others: Vec<&'t str>,
    /// Whether parts of the diagram run beside each other, or something in it is not understood.
    pub is_unclear: bool,
}

/// The states of a block; none if it is no state diagram.
pub(super) fn states<'t>(text: &'t str, block: &CodeBlock) -> States<'t> {
    let content = block.content.of(text);
    let mut found = States::default();
    let begins = content.lines().map(str::trim).find(|it| !it.is_empty() && !it.starts_with("%%"));
    let is_diagram = block.language.of(text).eq_ignore_ascii_case("mermaid")
        && begins.is_some_and(|it| matches!(it, "stateDiagram" | "stateDiagram-v2"));
    if !is_diagram {
        return found;
    }
    let mut at = block.content.start as usize;
    let mut is_noted = false;
    for line in content.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let line = line.trim().trim_end_matches(';');
        let span = Span::new(start, start + line.len());
        if is_noted {
            is_noted = line != "end note";
        } else if line.starts_with("note ") {
            is_noted = !line.contains(':');
        } else if let Some(declared) = line.strip_prefix("state ") {
            let name = declared.split(" as ").last().unwrap_or(declared);
            let name = name.split(['{', '<', ' ']).next().unwrap_or_default().trim();
            if declared.contains("<<") || declared.contains('{') {
                found.others.push(name);
            }
        } else if let Some((from, rest)) = line.split_once("-->") {
            let (to, label) = rest.split_once(':').unwrap_or((rest, ""));
            let name = |it: &'t str| it.split(":::").next().unwrap_or_default().trim();
            let arrow = Arrow { from: name(from), to: name(to), label: label.trim(), span };
            found.is_unclear |= [arrow.from, arrow.to].iter().any(|it| it.is_empty() || it.contains([' ', '"', '>']));
            found.arrows.push(arrow);
        } else if line == "--" {
            found.is_unclear = true;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use archwright_syntax::markdown;

    use super::*;

    /// The arrows of a diagram as `from -label-> to`.
    fn drawn(diagram: &str) -> Vec<String> {
        let text = format!("# A\n\n```mermaid\n{diagram}\n```\n");
        let tree = markdown::parse(&text);
        let block = tree.code_blocks.first().unwrap();
        let all = [sequence(&text, block), flowchart(&text, block)].concat();
        all.into_iter().map(|it| format!("{} -{}-> {}", it.from, it.label, it.to)).collect()
    }

    #[test]
    fn arrows_of_flowcharts_are_read() {
        assert_eq!(
            drawn(
                "flowchart LR\n  stock-api -->|stock.reserved.v1| b[\"basket\"]\n  \
                 b -- baskets.submitted.v1 --> w(warehouse)\n  w -.-> d[(db)]\n  w --> x & y"
            ),
            [
                "stock-api -stock.reserved.v1-> basket",
                "basket -baskets.submitted.v1-> warehouse",
                "warehouse --> db",
                "warehouse --> x"
            ]
        );
        assert_eq!(drawn("graph TD\n  a --> b --> c;"), ["a --> b", "b --> c"]);
        assert_eq!(drawn("pie\n  a --> b"), [""; 0]);
    }

    #[test]
    fn states_and_their_transitions_are_read() {
        let text = "# A\n\n```mermaid\nstateDiagram-v2\n  [*] --> Open\n  Open --> Paid: paid; all\n  state x <<choice>>\n  \
                    note right of Open\n    Open --> Lost\n  end note\n  Paid --> [*]\n```\n";
        let tree = markdown::parse(text);
        let found = states(text, tree.code_blocks.first().unwrap());
        let arrows: Vec<_> = found.arrows.iter().map(|it| format!("{} -{}-> {}", it.from, it.label, it.to)).collect();
        assert_eq!(arrows, ["[*] --> Open", "Open -paid; all-> Paid", "Paid --> [*]"]);
        assert_eq!((found.others, found.is_unclear), (vec!["x"], false));
    }

    #[test]
    fn arrows_of_sequences_are_read() {
        assert_eq!(
            drawn("sequenceDiagram\n  participant b as basket\n  b->>+w: POST /stock\n  w-->>b: 201"),
            ["basket -POST /stock-> w", "w -201-> basket"]
        );
    }
}
