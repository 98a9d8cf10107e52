//! Text of files on its way to a model: without what acts on a terminal or hides from a reader, and not too long.

use std::borrow::Cow;

use serde_json::Value;

/// The text without terminal escapes, other control characters, and characters that are not seen or turn the reading
/// direction. Line ends and tabs stay.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        match char {
            '\u{1b}' => skip_escape(&mut rest),
            '\u{9b}' => skip_parameters(&mut rest),
            char if is_hidden(char) => {}
            char => clean.push(char),
        }
    }
    Cow::Owned(clean)
}

/// Sanitizes every text in a value, names of members included.
pub fn sanitize_all(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(clean) = sanitize(text) {
                *text = clean;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(sanitize_all),
        Value::Object(members) => {
            if members.keys().any(|it| matches!(sanitize(it), Cow::Owned(_))) {
                let taken = std::mem::take(members);
                members.extend(taken.into_iter().map(|(name, value)| (sanitize(&name).into_owned(), value)));
            }
            members.values_mut().for_each(sanitize_all);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What follows an escape character: `[` and parameters up to a letter, `]` and a text up to its end, or one character.
fn skip_escape(rest: &mut std::str::Chars<'_>) {
    match rest.next() {
        Some('[') => skip_parameters(rest),
        Some(']' | 'P' | 'X' | '^' | '_') => {
            let mut ahead = rest.clone();
            // A text that never ends hides nothing that should be shown.
            while let Some(char) = ahead.next() {
                if char == '\u{7}' || char == '\u{9c}' {
                    *rest = ahead;
                    return;
                }
                if char == '\u{1b}' {
                    ahead.next();
                    *rest = ahead;
                    return;
                }
            }
        }
        Some(_) | None => {}
    }
}

fn skip_parameters(rest: &mut std::str::Chars<'_>) {
    let mut ahead = rest.clone();
    while let Some(char) = ahead.next() {
        match char {
            '\u{20}'..='\u{3f}' => {}
            '\u{40}'..='\u{7e}' => {
                *rest = ahead;
                return;
            }
            _ => return,
        }
    }
}

/// Control characters, marks of direction, zero-width characters, separators, invisible operators, tags.
fn is_hidden(char: char) -> bool {
    match char {
        '\t' | '\n' => false,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        char => char.is_control(),
    }
}

/// At most `limit` bytes of a text, cut between characters, with a mark where it was cut.
pub fn shorten(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(limit.saturating_sub('…'.len_utf8()));
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default()))
}

/// `1 error`, `2 errors`.
pub fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_or_hides_goes_and_the_rest_stays() {
        let cases = [
            ("a\u{1b}[31;1mred\u{1b}[0m b", "ared b"),
            ("\u{1b}]0;title\u{7}shown", "shown"),
            ("\u{1b}]8;;https://x\u{1b}\\link", "link"),
            ("\u{9b}2Jcleared", "cleared"),
            ("left\u{202e}right\u{2066}x\u{200b}\u{feff}", "leftrightx"),
            ("tag\u{e0041}\u{e007f}", "tag"),
            ("bell\u{7} nul\0 cr\r\nnext\tcolumn", "bell nul cr\nnext\tcolumn"),
            ("never ends \u{1b}]0;hidden?", "never ends 0;hidden?"),
            ("Grüße, 注文, ✅", "Grüße, 注文, ✅"),
        ];
        for (given, expected) in cases {
            assert_eq!(sanitize(given), expected, "{given:?}");
        }
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(shorten("short", 5), "short");
        assert_eq!(shorten("注文注文", 8), "注…");
    }
}
