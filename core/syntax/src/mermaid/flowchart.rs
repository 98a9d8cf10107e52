//! Flowcharts: subgraphs and their ends, and the labels of nodes and arrows.

use super::{Line, Refusal, Refused, lines};

/// What Mermaid refuses of the labels of a flowchart, and of its subgraphs.
pub(super) fn refusals(body: &str) -> Vec<Refusal> {
    let masked = without_attributes(body);
    let all = lines(&masked);
    let Some((first, lines)) = all.split_first() else { return Vec::new() };
    // The first line may go on with statements, behind a semicolon.
    let goes_on = first.text.split_once(';').is_some_and(|it| !it.1.trim().is_empty());
    let words = first.text.trim_end_matches(';').split_whitespace().count();
    if goes_on || words > 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut is_clear = true;
    // A label may go over several lines.
    let mut read_to = 0;
    for line in lines.iter().filter(|it| !it.text.is_empty()) {
        if line.at < read_to {
            is_clear = false;
            continue;
        }
        match statement(&masked, line) {
            Read::Refused(refusal) => {
                let is_open = refusal.what == Refused::OpenLabel;
                found.push(refusal);
                // Mermaid reads no further; a label that is open has taken all that follows.
                if is_open || found.len() >= MOST {
                    return found;
                }
            }
            Read::To(end) => read_to = end,
            Read::Unclear => is_clear = false,
        }
    }
    if is_clear && found.is_empty() {
        found.extend(subgraphs(lines));
    }
    found
}

/// So many labels of one diagram are told of.
const MOST: usize = 5;

/// How far a statement was read.
enum Read {
    /// Mermaid refuses it.
    Refused(Refusal),
    /// It is read up to here, or nothing of interest is in it.
    To(usize),
    /// Something in it is not understood here.
    Unclear,
}

/// A text in which the attributes of HTML are in single quotes, as Mermaid writes them before it reads.
fn without_attributes(body: &str) -> String {
    let mut bytes = body.as_bytes().to_vec();
    for (at, _) in body.match_indices("=\"") {
        let before = body.get(..at).unwrap_or_default();
        let opened = before.rfind('<').filter(|it| {
            let tag = before.get(it + 1..).unwrap_or_default();
            tag.starts_with(|it: char| it.is_ascii_alphanumeric()) && !tag.contains('>')
        });
        let end = body.get(at + 2..).and_then(|it| it.find('"'));
        if let (Some(_), Some(end)) = (opened, end) {
            for quote in [at + 1, at + 2 + end] {
                if let Some(it) = bytes.get_mut(quote) {
                    *it = b'\'';
                }
            }
        }
    }
    // Only whole characters were exchanged for others of their length.
    String::from_utf8(bytes).unwrap_or_default()
}

/// The first thing that is wrong with subgraphs and their ends.
fn subgraphs(lines: &[Line]) -> Option<Refusal> {
    let mut open: Vec<usize> = Vec::new();
    for line in lines {
        let mut at = line.at;
        for (number, piece) in line.text.split(';').enumerate() {
            let said = piece.trim();
            let start = at + piece.len() - piece.trim_start().len();
            at += piece.len() + 1;
            let of_block = begins_with(said, "subgraph") || begins_with(said, "end");
            // `a[x; end]` has no end.
            if number > 0 && of_block && line.text.contains(['[', '(', '{', '"', '|']) {
                return None;
            }
            if begins_with(said, "subgraph") {
                open.push(start);
            } else if begins_with(said, "end") {
                if said != "end" {
                    return None;
                }
                if open.pop().is_none() {
                    return Some(Refusal { what: Refused::NothingToClose, at: start..start + said.len() });
                }
            }
        }
    }
    let at = open.pop()?;
    Some(Refusal { what: Refused::NotClosed, at: at..at + "subgraph".len() })
}

/// Whether a text begins with a word.
fn begins_with(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word);
    rest.is_some_and(|it| !it.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_'))
}

/// Statements that have no labels of nodes.
const ASIDE: [&str; 10] =
    ["style", "linkStyle", "classDef", "class", "click", "direction", "accTitle", "accDescr", "end", "default"];

/// Reads a statement as far as it is understood.
fn statement(body: &str, line: &Line) -> Read {
    if ASIDE.iter().any(|it| begins_with(line.text, it)) {
        return if line.text.matches('"').count() % 2 == 1 { Read::Unclear } else { Read::To(line.at) };
    }
    if begins_with(line.text, "subgraph") {
        return title(body, line);
    }
    // A word that stands for something else anywhere: Mermaid takes the whole line for a direction.
    if line.text.contains("direction") {
        return Read::Unclear;
    }
    let mut at = line.at;
    let line_end = line.at + line.text.len();
    loop {
        match node(body, at) {
            Read::To(end) => at = end,
            other => return other,
        }
        let (text, start) = rest(body, at);
        if at >= line_end || text.is_empty() {
            return Read::To(at);
        }
        if let Some(behind) = text.strip_prefix('&').filter(|_| start > at) {
            at = start + 1 + behind.len() - behind.trim_start_matches(' ').len();
            continue;
        }
        if let Some(behind) = text.strip_prefix(';') {
            at = start + 1 + behind.len() - behind.trim_start_matches(' ').len();
            if rest(body, at).0.is_empty() {
                return Read::To(at);
            }
            // What follows is a statement of its own.
            let next = Line { text: rest(body, at).0, at };
            return statement(body, &next);
        }
        match link(body, start) {
            Read::To(end) => at = end,
            other => return other,
        }
    }
}

/// What stands behind a place in its line, and where it begins.
fn rest(body: &str, at: usize) -> (&str, usize) {
    let line = body.get(at..).and_then(|it| it.split('\n').next()).unwrap_or_default();
    let text = line.trim();
    (text, at + line.len() - line.trim_start().len())
}

/// The title of a subgraph.
fn title(body: &str, line: &Line) -> Read {
    let said = line.text.strip_prefix("subgraph").unwrap_or_default();
    let start = line.at + line.text.len() - said.trim_start().len();
    let said = said.trim().trim_end_matches(';').trim_end();
    if said.is_empty() || said.contains(';') {
        return Read::Unclear;
    }
    if said.starts_with('"') {
        let is_whole = said.len() > 1 && said.matches('"').count() == 2 && said.ends_with('"');
        return if is_whole { Read::To(start + said.len()) } else { Read::Unclear };
    }
    let signs: &[char] = &['[', '(', '{', '"', '|', '<', '>'];
    let Some(at) = said.find(signs) else { return Read::To(start + said.len()) };
    let sign = said.get(at..).unwrap_or_default();
    // `direction` anywhere in a line is read otherwise.
    if said.contains("direction") {
        return Read::Unclear;
    }
    if sign.starts_with('[') && !sign.starts_with("[/") && !sign.starts_with("[\\") {
        return match shape(body, start + at) {
            Some(Read::To(end)) if rest(body, end).0.trim_end_matches(';').is_empty() => Read::To(end),
            Some(Read::Refused(it)) => Read::Refused(it),
            _ => Read::Unclear,
        };
    }
    if sign.starts_with('(') && !said.contains(['"', '[', '{', '|']) {
        let what = Refused::Unquoted(Some((start, start + said.len())));
        return Read::Refused(Refusal { what, at: start + at..start + at + 1 });
    }
    Read::Unclear
}

/// Reads a node with its label.
fn node(body: &str, at: usize) -> Read {
    let text = rest(body, at).0;
    let mut end = 0;
    for (place, sign) in text.char_indices() {
        let goes_on = || text.get(place + 1..).is_some_and(|it| it.starts_with(|it: char| it.is_ascii_alphanumeric()));
        if !(sign.is_ascii_alphanumeric() || sign == '_' || matches!(sign, '-' | '.') && place > 0 && goes_on()) {
            break;
        }
        end = place + 1;
    }
    let id = text.get(..end).unwrap_or_default();
    // Some words stand for something else.
    let is_taken = ["end", "graph", "flowchart", "subgraph", "call", "href"].iter().any(|it| begins_with(id, it));
    if id.is_empty() || is_taken {
        return Read::Unclear;
    }
    let mut at = at + end;
    match shape(body, at) {
        Some(Read::To(end)) => at = end,
        Some(other) => return other,
        None => {}
    }
    let behind = rest(body, at).0;
    if let Some(class) = body.get(at..).and_then(|it| it.strip_prefix(":::")) {
        let length = class.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).unwrap_or(class.len());
        return Read::To(at + 3 + length);
    }
    if behind.starts_with(['@', '[', '(', '{']) { Read::Unclear } else { Read::To(at) }
}

/// Openings of shapes, with what closes them. The longer ones are read first.
const SHAPES: [(&str, &[&str]); 9] = [
    ("(((", &[")))"]),
    ("([", &["])"]),
    ("[[", &["]]"]),
    ("[(", &[")]"]),
    ("((", &[")", ")"]),
    ("{{", &["}", "}"]),
    ("{", &["}"]),
    ("(", &[")"]),
    ("[", &["]"]),
];

/// Reads the label of a node in its brackets; nothing if there is none.
fn shape(body: &str, at: usize) -> Option<Read> {
    let text = body.get(at..)?;
    if !text.starts_with(['[', '(', '{']) {
        return None;
    }
    if text.starts_with("[/") || text.starts_with("[\\") {
        return Some(slanted(body, at));
    }
    if text.starts_with("(-") || text.starts_with("[|") {
        return Some(Read::Unclear);
    }
    let (open, closing) = SHAPES.iter().find(|it| text.starts_with(it.0))?;
    Some(label(body, at, open, closing))
}

/// Reads a label up to what closes it.
fn label(body: &str, opened: usize, open: &str, closing: &[&str]) -> Read {
    /// The tokens that Mermaid knows in a label, the longer ones first.
    const TOKENS: [&str; 12] = ["])", "]]", ")]", ")))", "|", ")", "]", "}", "[", "(", "{", "\""];
    let start = opened + open.len();
    let mut at = start;
    let mut is_quoted = false;
    let text = |at: usize| body.get(at..).unwrap_or_default();
    if text(start).starts_with('"') {
        let quoted = text(start + 1);
        let end = if quoted.starts_with('`') { quoted.find("`\"").map(|it| it + 1) } else { quoted.find('"') };
        let Some(end) = end else { return Read::Refused(open_label(opened, open)) };
        // A quote over lines may be one that lacks its end.
        if quoted.get(..end).is_some_and(|it| it.contains('\n')) {
            return Read::Unclear;
        }
        at = start + 1 + end + 1;
        is_quoted = true;
    }
    let mut left = closing;
    while let Some((next, others)) = left.split_first() {
        let inner = text(at);
        let Some(length) = inner.find(['[', ']', '(', ')', '{', '}', '|', '"']) else {
            return Read::Refused(open_label(opened, open));
        };
        // Between two brackets that close there is nothing.
        let is_bare = at == start && !is_quoted && length == 0 || left.len() < closing.len() && length > 0;
        let token = TOKENS.iter().find(|it| inner.get(length..).is_some_and(|text| text.starts_with(**it)));
        let Some(token) = token else { return Read::Unclear };
        let place = at + length;
        let is_same_line = !body.get(opened..place).is_some_and(|it| it.contains('\n'));
        if token == next {
            if is_bare {
                return Read::Unclear;
            }
            at = place + token.len();
            left = others;
            continue;
        }
        if !is_same_line {
            return Read::Refused(open_label(opened, open));
        }
        if is_quoted || !matches!(*token, "(" | "[" | "{" | "\"" | "|" | ")" | "}") {
            return Read::Unclear;
        }
        let whole = balanced(body, start, closing);
        // An opening bracket that never closes is none of a label to be quoted.
        let what = match whole {
            Some(end) => Refused::Unquoted(Some((start, end))),
            None if matches!(*token, "(" | "[" | "{" | "\"") => Refused::Unquoted(None),
            None => return Read::Unclear,
        };
        return Read::Refused(Refusal { what, at: place..place + 1 });
    }
    Read::To(at)
}

/// A label that never closes.
fn open_label(opened: usize, open: &str) -> Refusal {
    Refusal { what: Refused::OpenLabel, at: opened..opened + open.len() }
}

/// Where the label in a line ends whose inner brackets are in pairs; nothing where that is not certain, or where it has
/// quotes of its own.
fn balanced(body: &str, start: usize, closing: &[&str]) -> Option<usize> {
    let line = body.get(start..)?.split('\n').next()?;
    let closing: String = closing.concat();
    let mut open = Vec::new();
    for (at, sign) in line.char_indices() {
        match sign {
            '"' => return None,
            '|' if closing == "|" && open.is_empty() => return (at > 0).then_some(start + at),
            '[' => open.push(']'),
            '(' => open.push(')'),
            '{' => open.push('}'),
            ']' | ')' | '}' => {
                if open.is_empty() {
                    let behind = line.get(at..)?.strip_prefix(closing.as_str())?;
                    let goes_on = behind.starts_with(['[', ']', '(', ')', '{', '}']);
                    return (!goes_on && at > 0).then_some(start + at);
                }
                if open.pop() != Some(sign) {
                    return None;
                }
            }
            _ => {}
        }
    }
    None
}

/// Reads a label in slanted brackets: `[/x/]`.
fn slanted(body: &str, opened: usize) -> Read {
    let start = opened + 2;
    let Some(text) = body.get(start..) else { return Read::Unclear };
    let line = text.split('\n').next().unwrap_or_default();
    let mut signs = line.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let closes = signs.peek().is_some_and(|it| it.1 == ']');
        match sign {
            '"' => return Read::Unclear,
            '/' | '\\' if closes && at > 0 => return Read::To(start + at + 2),
            '(' | ')' | ']' | '/' | '\\' if closes => return Read::Unclear,
            ']' | '(' | '{' | '[' => {
                let whole = balanced(body, opened + 1, &["]"]);
                let is_slanted = whole.and_then(|it| body.get(..it)).is_some_and(|it| it.ends_with(['/', '\\']));
                // `[/x (y)/]` is to be quoted within its slanted brackets.
                let what = match whole {
                    Some(end) if is_slanted => Refused::Unquoted(Some((start, end - 1))),
                    Some(end) => Refused::Slanted(Some((opened + 1, end))),
                    None => return Read::Unclear,
                };
                let at = if is_slanted { start + at..start + at + 1 } else { opened..opened + 2 };
                return Read::Refused(Refusal { what, at });
            }
            ')' | '}' => return Read::Unclear,
            _ => {}
        }
    }
    Read::Unclear
}

/// Reads an arrow with its label, up to the next node.
fn link(body: &str, at: usize) -> Read {
    let (text, _) = rest(body, at);
    let Some(length) = arrow(text) else { return labelled(body, at) };
    let behind = at + length;
    let (text, start) = rest(body, behind);
    if !text.starts_with('|') {
        return if text.is_empty() { Read::Unclear } else { Read::To(start) };
    }
    match label(body, start, "|", &["|"]) {
        Read::To(end) => {
            let (text, start) = rest(body, end);
            if text.is_empty() { Read::Unclear } else { Read::To(start) }
        }
        other => other,
    }
}

/// How long the arrow is that a text begins with, if it has no label within.
fn arrow(text: &str) -> Option<usize> {
    let head = text.len() - text.strip_prefix(['x', 'o', '<']).unwrap_or(text).len();
    let line = text.get(head..)?;
    let run = |sign: char| line.len() - line.trim_start_matches(sign).len();
    for sign in ['-', '='] {
        let length = run(sign);
        if length >= 2 {
            let ends = line.get(length..)?.starts_with(['x', 'o', '>']);
            return (ends || length >= 3).then_some(head + length + usize::from(ends));
        }
    }
    if let Some(dotted) = line.strip_prefix("-.").or_else(|| line.strip_prefix('.')) {
        let behind = dotted.trim_start_matches('.').strip_prefix('-')?;
        let behind = behind.strip_prefix(['x', 'o', '>']).unwrap_or(behind);
        return Some(head + line.len() - behind.len());
    }
    (run('~') >= 3).then(|| head + run('~'))
}

/// Reads an arrow with a label in its middle: `-- text -->`.
fn labelled(body: &str, at: usize) -> Read {
    let (text, start) = rest(body, at);
    let line = text.strip_prefix(['x', 'o', '<']).unwrap_or(text);
    let head = text.len() - line.len();
    for (opens, closes) in [("--", "--"), ("==", "=="), ("-.", ".-")] {
        let Some(said) = line.strip_prefix(opens) else { continue };
        let Some(end) = said.find(closes) else { return Read::Unclear };
        let (label, behind) = said.split_at_checked(end).unwrap_or_default();
        let bare = label.trim();
        let quotes = bare.matches('"').count();
        let is_quoted = quotes == 2 && bare.len() > 2 && bare.starts_with('"') && bare.ends_with('"');
        let Some(length) = arrow(behind).filter(|_| !bare.is_empty() && (quotes == 0 || is_quoted)) else {
            return Read::Unclear;
        };
        let (text, next) = rest(body, start + head + opens.len() + end + length);
        return if text.is_empty() { Read::Unclear } else { Read::To(next) };
    }
    Read::Unclear
}

#[cfg(test)]
mod tests {
    use crate::mermaid::{Refused, refusals};

    /// What is refused, each with the text where it stands.
    fn refused(lines: &str) -> Vec<(Refused, String)> {
        let text = format!("flowchart LR\n{lines}\n");
        refusals(&text).into_iter().map(|it| (it.what, text[it.at].to_owned())).collect()
    }

    /// What has to be quoted.
    fn quoted(lines: &str) -> Vec<String> {
        let text = format!("flowchart LR\n{lines}\n");
        let places = refusals(&text).into_iter().filter_map(|it| match it.what {
            Refused::Unquoted(place) | Refused::Slanted(place) => place,
            _ => None,
        });
        places.map(|(from, to)| text[from..to].to_owned()).collect()
    }

    #[test]
    fn labels_that_mermaid_reads_are_drawn() {
        for lines in [
            "a[\"stock (main)\"] --> b[stock]",
            "a -->|\"paid (all)\"| b\na -- paid (all) --> c\na == x [y] ==> d\na -. x {y} .-> e",
            "a([x]) --> b[[x]] --> c[(x)] --> d((x)) --> e(((x))) --> f{{x}} --> g{x?} & h(x)",
            "a[/x/] --> b[\\x/] --> c[/x\\] --> d[/a/b/]",
            "a[x\n  y] --> b",
            "a[<b title=\"x\">y</b>] --> b[#quot;x#40;y#quot;]",
            "a@{ shape: rect, label: \"x (y)\" }\nclick a \"https://shop.example/a(b)\"",
            "a:::grey --> b; b --> c;\nclassDef grey fill:#eee,stroke:#333",
            "a[\"`x (y)`\"] --> b>x]",
            "%% a[x (y)]\na --> b",
            "subgraph s1 [Shop]\n direction TB\n a\nend\nsubgraph \"s2 (old)\"\n b\nend",
            "subgraph s1[\"Shop (old)\"]; a; end",
            "Ending --> END",
        ] {
            assert_eq!(refused(lines), [], "{lines}");
        }
    }

    #[test]
    fn labels_that_need_quotes_are_told_with_what_to_quote() {
        for (lines, whole) in [
            ("a[stock (main)] --> b", "stock (main)"),
            ("b --> a{is it {x}?}", "is it {x}?"),
            ("a -->|paid (all)| b", "paid (all)"),
            ("a --> b(x (y))", "x (y)"),
            ("a((x (y)))", "x (y)"),
            ("a[/api/v1] --> b", "/api/v1"),
            ("a[/x (y)/] --> b", "x (y)"),
            ("subgraph Shop (old)\n a\nend", "Shop (old)"),
            ("subgraph s1 [Shop (old)]\n a\nend", "Shop (old)"),
            ("a[x | y]", "x | y"),
        ] {
            assert_eq!(quoted(lines), [whole], "{lines}");
        }
        assert_eq!(refused("a[it says \"x\"]"), [(Refused::Unquoted(None), "\"".to_owned())]);
        assert_eq!(refused("a[stock\nb --> c[x]"), [(Refused::OpenLabel, "[".to_owned())]);
    }

    #[test]
    fn subgraphs_that_are_not_closed_are_refused() {
        assert_eq!(refused("subgraph s1\n subgraph s2\n a\n end"), [(Refused::NotClosed, "subgraph".to_owned())]);
        assert_eq!(refused("a --> b\nend"), [(Refused::NothingToClose, "end".to_owned())]);
        assert_eq!(refused("subgraph s1\n a[x; end]\n"), [], "not certain");
    }
}
