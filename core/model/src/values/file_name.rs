//! Names of files: what makes two of them alike, and what a numbered record is about.

/// A name without case and separators.
pub fn folded(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The numbers in a name: `decision-17` and `decision-1` are not the same thing, nor are two dates.
pub fn numbers(name: &str) -> impl Iterator<Item = &str> {
    name.split(|it: char| !it.is_numeric()).filter(|it| !it.is_empty())
}

/// What a numbered record is about: `use-an-outbox.md` of `0007-use-an-outbox.md` and of `ADR-7-use-an-outbox.md`.
pub fn record_title(name: &str) -> Option<&str> {
    let rest = name.trim_start_matches(|it: char| it.is_ascii_alphabetic());
    let rest = if rest.len() == name.len() { name } else { rest.strip_prefix(['-', '_'])? };
    let title = rest.trim_start_matches(|it: char| it.is_ascii_digit());
    let title = title.strip_prefix(['-', '_']).filter(|_| title.len() < rest.len())?;
    // A date is no number of a record.
    title.starts_with(|it: char| it.is_alphabetic()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_titles_are_told() {
        for (one, other, same) in [
            ("decision-17", "decision-1", false),
            ("plan-2026-05-12.md", "plan-2026-05-15.md", false),
            ("step-1-2", "step-12", false),
            ("Step_1", "step-1", true),
            ("intro", "outro", true),
        ] {
            assert_eq!(numbers(one).eq(numbers(other)), same, "{one} {other}");
        }
        for (name, title) in [
            ("0007-use-an-outbox.md", Some("use-an-outbox.md")),
            ("ADR-7_use-an-outbox.md", Some("use-an-outbox.md")),
            ("2026-05-12-launch.md", None),
            ("v2-plan.md", None),
            ("use-an-outbox.md", None),
        ] {
            assert_eq!(record_title(name), title, "{name}");
        }
    }
}
