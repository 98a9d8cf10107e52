//! `link/placeholder`: a link whose destination nobody filled in.

use archwright_syntax::markdown::decode_target;

use super::target::{Links, Target};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "link/placeholder",
    severity: Severity::Hint,
    summary: "A link has a placeholder where its destination belongs.",
    applies_to: super::dead_target::RULE.applies_to,
    any_dialect: true,
    sources: &["A-118"],
    page: include_str!("placeholder.md"),
    check,
    ..Rule::OURS
};

/// What stands where a destination belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placeholder {
    /// A word or pattern that is to be replaced: `URL`, `{slug}`, `yyyymmdd-title.md`.
    Blank,
    /// An expression of a template language: `{{ site.url }}`. Something may put a destination in its place.
    Expression,
    /// The name of a person or a team.
    Mention,
}

/// Destinations that name what belongs there.
const BLANKS: [&str; 11] =
    ["url", "uri", "link", "href", "todo", "tbd", "fixme", "placeholder", "target", "path", "file"];

/// Beginnings of destinations that are examples.
const EXAMPLES: [&str; 6] = ["path/to/", "link-to", "link_to", "insert-", "insert_", "your-"];

fn check(cx: &Context, reporter: &mut Reporter) {
    Links::of(cx).dead(|link, target| {
        let Target::Placeholder(found) = target else { return };
        let written = cx.facts().slice(link.target);
        let message = match found {
            Placeholder::Blank => format!("`{written}` holds the place of a destination. Write where the link leads."),
            Placeholder::Expression => {
                format!("`{written}` is an expression that nothing here replaces. Write where the link leads.")
            }
            Placeholder::Mention => {
                format!("`{written}` is a name and no address. Link to a page, or leave the name without a link.")
            }
        };
        reporter.report(link.target, message);
    });
}

/// What a destination that leads nowhere is, if it was never meant to lead anywhere.
pub(super) fn of(destination: &str) -> Option<Placeholder> {
    if ["{{", "{%", "<%", "${"].iter().any(|it| destination.contains(it)) {
        return Some(Placeholder::Expression);
    }
    let decoded = decode_target(destination);
    if decoded.strip_prefix('@').is_some_and(|it| !it.is_empty() && !it.contains(['.', '#'])) {
        return Some(Placeholder::Mention);
    }
    let lower = decoded.to_lowercase();
    let whole = lower.trim_matches(['<', '>', '[', ']', '.', '/', '_']);
    let words: Vec<&str> = whole.split_whitespace().collect();
    // A name of a file has an ending.
    let is_described = words.len() > 1
        && !whole.contains(['.', '/'])
        && [words.first(), words.last()].into_iter().flatten().any(|it| BLANKS.contains(it) || *it == "insert");
    let is_example = is_described || EXAMPLES.iter().any(|it| whole.starts_with(it));
    let has_blank = has_pair(&decoded, '{', '}') || has_pair(&decoded, '<', '>') || decoded.contains('…');
    let is_blank = has_blank || is_example || BLANKS.contains(&whole) || whole.is_empty();
    let has_pattern = || decoded.split(|it: char| !it.is_alphanumeric()).any(is_pattern);
    (is_blank || has_pattern()).then_some(Placeholder::Blank)
}

/// Whether one bracket stands before the other, with something between them.
fn has_pair(text: &str, open: char, close: char) -> bool {
    text.split_once(open).is_some_and(|it| it.1.find(close).is_some_and(|it| it > 0))
}

/// Whether a word stands for a number or a date: `NNNN`, `xxx`, `yyyymmdd`.
fn is_pattern(word: &str) -> bool {
    let only = |letters: &str| word.len() > 2 && word.chars().all(|it| letters.contains(it));
    let is_date = || {
        let lower = word.to_lowercase();
        lower.starts_with("yyyy") && lower.trim_start_matches('y').bytes().all(|it| b"md".contains(&it))
    };
    only("x") || only("X") || only("n") || only("N") || is_date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_paths() {
        use Placeholder::{Blank, Expression, Mention};
        for (destination, found) in [
            ("URL", Some(Blank)),
            ("<url>", Some(Blank)),
            ("{slug}", Some(Blank)),
            ("../adrs/{number}-title.md", Some(Blank)),
            ("yyyymmdd-xxx.md", Some(Blank)),
            ("YYYY-MM-DD-launch.md", Some(Blank)),
            ("NNNN-title.md", Some(Blank)),
            ("adr-XXXX.md", Some(Blank)),
            ("path/to/file.md", Some(Blank)),
            ("link-to-issue", Some(Blank)),
            ("link to issue", Some(Blank)),
            ("ticket URL", Some(Blank)),
            ("link to us.md", None),
            ("big picture", None),
            ("...", Some(Blank)),
            ("TODO", Some(Blank)),
            ("{{ site.baseurl }}/a.md", Some(Expression)),
            ("${BASE}/a.md", Some(Expression)),
            ("@alice", Some(Mention)),
            ("@acme/payments", Some(Mention)),
            ("runbooks/consumer-lag.md", None),
            ("url.md", None),
            ("annex.md", None),
            ("../links/todo.md", None),
            ("xx-large.md", None),
            ("@types.md", None),
            ("a{b.md", None),
        ] {
            assert_eq!(of(destination), found, "{destination}");
        }
    }
}
