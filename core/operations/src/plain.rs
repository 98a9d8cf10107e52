//! Facts as people and agents give them, without the marks of the list, the heading or the quotation that they were
//! copied from.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A request whose facts have no marks of Markdown in front. What stands under the names in `kept` stays as it is:
/// texts that are Markdown, and values of a payload.
pub(super) fn request<T: Serialize + DeserializeOwned + Clone>(request: &T, kept: &[&str]) -> T {
    let Ok(mut value) = serde_json::to_value(request) else { return request.clone() };
    strip(&mut value, None, kept);
    serde_json::from_value(value).unwrap_or_else(|_| request.clone())
}

fn strip(value: &mut Value, place: Option<usize>, kept: &[&str]) {
    match value {
        Value::String(text) => {
            let plain = fact(text, place);
            if plain != *text {
                *text = plain;
            }
        }
        Value::Array(items) => items.iter_mut().enumerate().for_each(|(at, it)| strip(it, Some(at), kept)),
        Value::Object(fields) => {
            let fields = fields.iter_mut().filter(|it| !kept.contains(&it.0.as_str()));
            fields.for_each(|it| strip(it.1, place, kept));
        }
        _ => {}
    }
}

/// A fact without the marks in front of its lines. Lines that each have one are a list, and are told apart once they
/// stand in one.
fn fact(text: &str, place: Option<usize>) -> String {
    let lines: Vec<&str> = text.lines().filter(|it| !it.trim().is_empty()).collect();
    if lines.len() < 2 {
        return unmarked(text.trim(), place).to_owned();
    }
    let plain: Vec<&str> = lines.iter().enumerate().map(|(at, it)| unmarked(it.trim(), Some(at))).collect();
    let is_list = lines.iter().zip(&plain).all(|(line, plain)| line.trim() != *plain);
    if is_list {
        return plain.iter().map(|it| it.trim_end_matches(';')).collect::<Vec<_>>().join("; ");
    }
    plain.join("\n")
}

/// A line without its marks: of a list, a box to tick, a heading, a quotation. A number is one only where it counts the
/// facts: `2. level support` as the first of them is none.
fn unmarked(line: &str, place: Option<usize>) -> &str {
    let mut rest = line;
    loop {
        let next = without_one(rest, place);
        // A mark alone is what somebody gave.
        if next.is_empty() || next.len() == rest.len() {
            return rest;
        }
        rest = next;
    }
}

fn without_one(line: &str, place: Option<usize>) -> &str {
    let behind = |rest: &str, len: usize| rest.get(len..).filter(|it| it.starts_with([' ', '\t'])).map(str::len);
    let marks = ["-", "*", "+", ">", "[ ]", "[x]", "[X]"];
    let sign = marks.iter().find(|it| line.starts_with(**it)).map(|it| it.len());
    let heading = Some(line.len() - line.trim_start_matches('#').len()).filter(|it| (1..=6).contains(it));
    let digits = line.len() - line.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    let counts = |it: usize| it == 1 || place.is_some_and(|place| it == place + 1);
    let number = line.get(..digits).and_then(|it| it.parse().ok()).filter(|it| place.is_some() && counts(*it));
    let number = number.filter(|_| line.get(digits..).is_some_and(|it| it.starts_with(['.', ')']))).map(|_| digits + 1);
    let left = sign.or(heading).or(number).and_then(|it| behind(line, it));
    left.and_then(|it| line.get(line.len() - it..)).map_or(line, str::trim_start)
}

/// A fact as the beginning of an item of a list: a number in front would begin a list inside of it.
pub(super) fn item(text: &str) -> String {
    let (digits, rest) = text.split_at(text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len());
    let is_number = !digits.is_empty() && [". ", ") "].iter().any(|it| rest.starts_with(it));
    if is_number { format!("{digits}\\{rest}") } else { text.to_owned() }
}

/// The name of a channel as it is: without the signs of a code span around it.
pub(super) fn name(text: &str) -> String {
    let text = text.trim();
    let bare = text.trim_matches('`').trim();
    if bare.is_empty() || bare.contains('`') { text.to_owned() } else { bare.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_in_front_of_a_fact_are_no_part_of_it() {
        for (given, place, expected) in [
            ("- dual write", None, "dual write"),
            ("* Positive: cheap.", None, "Positive: cheap."),
            ("1. polling", Some(0), "polling"),
            ("1. polling", Some(1), "polling"),
            ("2) polling", Some(1), "polling"),
            ("2. level support", Some(0), "2. level support"),
            ("1. level support", None, "1. level support"),
            ("## Data", None, "Data"),
            ("> - said", None, "said"),
            ("- [ ] open", None, "open"),
            ("-5 degrees", None, "-5 degrees"),
            ("#lead", None, "#lead"),
            ("*bold* words", None, "*bold* words"),
            ("`a` | b", None, "`a` | b"),
            ("-", None, "-"),
            ("- a\n- b", None, "a; b"),
            ("First.\n\nSecond.", None, "First.\nSecond."),
        ] {
            assert_eq!(fact(given, place), expected, "{given}");
        }
        assert_eq!(name(" `orders.new.v1` "), "orders.new.v1");
        assert_eq!(item("2. level support"), "2\\. level support");
        assert_eq!(item("2.5 seconds"), "2.5 seconds");
        assert_eq!(name("`a` and `b`"), "`a` and `b`");
    }
}
