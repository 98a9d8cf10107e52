//! Values as documents write them: compared without their marks, and written into other places.

use std::borrow::Cow;

/// The text of a value as a reader sees it: link labels for links, no backticks or bold marks, single spaces.
pub fn plain(value: &str) -> String {
    shown(value).into_owned()
}

/// The same of a value that is looked at and not kept.
pub fn shown(value: &str) -> Cow<'_, str> {
    let text = unlinked(value);
    // Most values have no marks.
    let mut before = b' ';
    let is_plain = text.bytes().all(|it| {
        let is_blank_again = it == b' ' && before == b' ';
        before = it;
        (b' '..0x7f).contains(&it) && !is_blank_again && !matches!(it, b'\\' | b'*' | b'`')
    });
    if is_plain && (before != b' ' || text.is_empty()) {
        return text;
    }
    Cow::Owned(without_marks(&text))
}

fn without_marks(text: &str) -> String {
    let text = text.replace("\\|", "|").replace("**", "").replace('`', "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value for a table cell of another file: on one line, its links reduced to their labels, bars escaped.
pub fn cell(value: &str) -> String {
    let line = unlinked(value).split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace("\\|", "|").replace('|', "\\|")
}

/// A value for a field of another file: on one line, its links reduced to their labels.
pub fn line(value: &str) -> String {
    unlinked(value).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands where there is nothing.
pub const NONE: &str = "None.";

/// What a document says behind a link to a file that is still to be written.
pub const ANNOUNCED: &str = "(not yet written)";

/// The words that say that an answer is open; the last one stands for a date.
pub(crate) const WORDS: [&str; 4] = ["TBD", "TODO", "FIXME", "YYYY-MM-DD"];

/// What else says so between brackets, where no sentence goes on: `<to be decided>`.
const PHRASES: [&str; 9] = [
    "to be announced",
    "to be clarified",
    "to be confirmed",
    "to be decided",
    "to be defined",
    "to be determined",
    "to be discussed",
    "to be specified",
    "to be written",
];

/// The length of the word or phrase at the beginning of what stands in brackets that says that an answer is open. One
/// that is not in capitals must be all that stands there, but for a question behind a colon.
pub(crate) fn open_word(inner: &str, close: char) -> Option<usize> {
    let ends = |len: usize, signs: &[char]| inner.get(len..).is_some_and(|it| it.starts_with(signs)).then_some(len);
    let begins = |word: &str| inner.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
    if let Some(word) = WORDS.iter().find(|it| inner.starts_with(**it)) {
        return ends(word.len(), &[close, ':', ' ']);
    }
    let word = WORDS.iter().chain(&PHRASES).find(|it| begins(it))?;
    ends(word.len(), &[close, ':'])
}

/// What stands where an answer is open, with the question that it waits for. In brackets, because `<TBD>` is a tag of
/// HTML: most pages hide it (ADR-0017).
pub fn placeholder(question: &str) -> String {
    if question.is_empty() { "[TBD]".to_owned() } else { format!("[TBD: {question}]") }
}

/// The question of the first placeholder in a text that has one.
pub fn question(text: &str) -> Option<&str> {
    let in_brackets = text.split_once("[TBD: ").and_then(|it| it.1.split_once(']'));
    let as_tag = || text.split_once("<TBD: ").and_then(|it| it.1.split_once('>'));
    Some(in_brackets.or_else(as_tag)?.0)
}

/// Whether a text begins with a placeholder, whatever follows: a question, or who answers it.
pub fn waits(text: &str) -> bool {
    let bare = text.trim_start_matches(['`', '*', '_', '[', '<']);
    let is_marked = bare.len() < text.len() && text.starts_with(['[', '<']);
    let word = WORDS.iter().find(|it| bare.starts_with(**it));
    let goes_on = |rest: &str| {
        let rest = rest.trim_start_matches(['`', '*', '_']);
        rest.is_empty()
            || rest.starts_with(['.', ':', ',', ';', ']', '>'])
            || is_marked && rest.starts_with(' ')
            || [" (", " -", " –", " —"].iter().any(|it| rest.starts_with(it))
    };
    word.is_some_and(|it| bare.get(it.len()..).is_some_and(goes_on)) || is_placeholder(text)
}

/// Whether a value is a placeholder: `[TBD]`, `[TBD: question]`, `<TBD>`, `TBD`, `TODO`, `<YYYY-MM-DD>`.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim().trim_matches(['`', '*', '_', '.']);
    let between = |open: char, close: char| value.strip_prefix(open)?.strip_suffix(close);
    let inner = between('[', ']').or_else(|| between('<', '>')).unwrap_or(value);
    if inner.len() != value.len() && PHRASES.iter().any(|it| it.eq_ignore_ascii_case(inner)) {
        return true;
    }
    let word = inner.split([':', ' ']).next().unwrap_or_default();
    WORDS.iter().any(|it| it.eq_ignore_ascii_case(word)) && (inner.len() != value.len() || inner.len() == word.len())
}

/// Whether a value says nothing: it is empty, a dash or a placeholder.
pub fn is_unknown(value: &str) -> bool {
    matches!(value.trim(), "" | "-" | "–" | "—") || is_placeholder(value)
}

/// Whether a value says that there is nothing: `none`, `None yet.`, `n/a`.
pub fn is_none(value: &str) -> bool {
    let value = plain(value).to_lowercase();
    matches!(value.trim_end_matches('.'), "none" | "none yet" | "no" | "n/a" | "na" | "not applicable" | "nothing yet")
}

/// Whether a value says what the other says and nothing else: each of its words stands in the other, in whatever order.
pub fn is_part_of(short: &str, long: &str) -> bool {
    let (short, long) = (words(short), words(long));
    !short.is_empty() && short.iter().all(|it| long.contains(it))
}

/// Whether a value says another one in its very words, among others.
pub fn contains(long: &str, short: &str) -> bool {
    let (short, long) = (words(short), words(long));
    short.is_empty() || long.windows(short.len()).any(|it| it == short)
}

/// How many words a value has at most that names something instead of describing it.
const BRIEF: usize = 6;

/// Whether two values name different things. Of what is described at length nobody can say without reading it.
pub fn name_different_things(one: &str, other: &str) -> bool {
    let is_brief = |it: &str| words(it).len() <= BRIEF;
    is_brief(one) && is_brief(other) && !is_part_of(one, other) && !is_part_of(other, one)
}

/// The words of a value in lower case; numbers keep their points and signs.
fn words(value: &str) -> Vec<String> {
    let plain = plain(value).to_lowercase();
    let words = plain.split(|it: char| !(it.is_alphanumeric() || matches!(it, '.' | '%' | '-' | '_')));
    words.map(|it| it.trim_matches(['.', '-']).to_owned()).filter(|it| !it.is_empty()).collect()
}

fn unlinked(value: &str) -> Cow<'_, str> {
    // One byte is found faster than two.
    if !value.contains(']') || !value.contains("](") {
        return Cow::Borrowed(value);
    }
    let mut res = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("](") {
        if let (Some((lead, label)), Some((_, tail))) = (before.rsplit_once('['), after.split_once(')')) {
            res.push_str(lead);
            res.push_str(label);
            rest = tail;
        } else {
            res.push_str(before);
            res.push_str("](");
            rest = after;
        }
    }
    res.push_str(rest);
    Cow::Owned(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_no_part_of_a_value() {
        for (value, expected) in [
            ("`order_id`", "order_id"),
            ("[team-orders](../../teams.md), on  call", "team-orders, on call"),
            ("**GDPR**,\n  PII", "GDPR, PII"),
            ("a \\| b", "a | b"),
            ("](", "]("),
        ] {
            assert_eq!(plain(value), expected, "{value:?}");
        }
        assert_eq!(cell("a | b \\| [c](d.md)"), "a \\| b \\| c");
    }

    proptest::proptest! {
        #[test]
        fn values_without_marks_are_taken_as_they_are(value in "[ -~\t\u{a0}é]{0,12}") {
            proptest::prop_assert_eq!(plain(&value), without_marks(&unlinked(&value)));
        }
    }

    #[test]
    fn a_longer_wording_is_no_other_value() {
        for (short, long) in [
            ("Growth", "Growth (#growth-oncall); dunning: Payments"),
            ("GDPR, EU residency", "GDPR personal data with EU residency; cards stay at the gateway"),
            ("99.9 % in 60 min", "99.9 % of renewals in 60 min of the start of the window"),
        ] {
            assert!(is_part_of(short, long) && !name_different_things(long, short), "{short}");
        }
        assert!(!is_part_of("99 % in 60 min", "99.9 % in 60 min") && !is_part_of("", "Growth"));
        assert!(name_different_things("team-orders", "`team-payments`") && name_different_things("none", "GDPR, PII"));
        let prose = "multi-tenant, with a home region for each customer and one cluster for each region";
        assert!(!name_different_things("single tenant", prose));
    }

    #[test]
    fn what_waits_is_no_sentence_about_waiting() {
        for text in
            ["TBD", "TBD, ask Maria", "TODO: write this", "**TBD** (soon)", "[TBD: who?] or more", "TBD - later", "tbd"]
        {
            assert!(waits(text), "{text}");
        }
        for text in ["TODO list of the week", "TBDs are listed below", "todo, later", "The TBD"] {
            assert!(!waits(text), "{text}");
        }
        assert_eq!(question("a [TBD: who?] b"), Some("who?"));
        assert_eq!(question("a <TBD: who?> b"), Some("who?"));
        assert_eq!(question("a [TBD] b"), None);
    }

    #[test]
    fn nothing_has_many_names() {
        assert!(is_none("None yet.") && is_none("`none`") && !is_none("none of the two"));
        assert!(
            is_unknown("[TBD: who?]")
                && is_unknown("<TBD: who?>")
                && is_unknown("<TBD>")
                && is_unknown("**TBD.**")
                && is_unknown("<to be decided>")
                && !is_unknown("[to be decided](x.md)")
                && is_unknown(" — ")
                && !is_unknown("none")
        );
    }
}
