//! What the files and the titles of decision records look like, read from those that are there.

use archwright_model::{
    RelPath,
    facts::{number_like, number_of},
    values::file_name,
};

/// How the files of a folder's decision records are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNames {
    /// What stands before the number, with the sign between the two: `ADR-`.
    prefix: String,
    /// What counts the records.
    count: Count,
    /// What joins the parts of the name.
    joint: char,
    /// What joins the words of the subject.
    words: char,
    /// Whether words begin with a capital.
    capitals: bool,
    /// Whether the subject is part of the name.
    has_subject: bool,
}

/// What tells the files of records apart before their subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// A number of so many digits.
    Number(usize),
    /// The day, `20260131`.
    Day,
    /// The day, `2026-01-31`.
    DayWithHyphens,
    /// Nothing.
    Nothing,
}

impl Default for FileNames {
    /// `0001-use-an-outbox`.
    fn default() -> Self {
        Self {
            prefix: String::new(),
            count: Count::Number(4),
            joint: '-',
            words: '-',
            capitals: false,
            has_subject: true,
        }
    }
}

impl FileNames {
    /// The form of one file's name without its extension.
    fn of(stem: &str) -> Self {
        let letters = stem.bytes().take_while(u8::is_ascii_alphabetic).count();
        let after = stem.get(letters..).unwrap_or_default();
        let is_prefix = letters > 0
            && after.strip_prefix(['-', '_']).map_or(after, |it| it).starts_with(|it: char| it.is_ascii_digit());
        let prefix = if is_prefix { letters + usize::from(after.starts_with(['-', '_'])) } else { 0 };
        let (prefix, rest) = stem.split_at_checked(prefix).unwrap_or(("", stem));
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_day = rest.get(..10).is_some_and(archwright_model::date::is_date);
        let (count, after) = match digits {
            0 => (Count::Nothing, rest),
            _ if is_day => (Count::DayWithHyphens, rest.get(10..).unwrap_or_default()),
            8 => (Count::Day, rest.get(8..).unwrap_or_default()),
            _ => (Count::Number(digits), rest.get(digits..).unwrap_or_default()),
        };
        let joint = after.chars().next().filter(|_| count != Count::Nothing);
        let subject = if joint.is_some() { after.get(1..).unwrap_or_default() } else { after };
        let words = if subject.contains('_') && !subject.contains('-') { '_' } else { '-' };
        let capitals = subject.split(['-', '_']).filter(|it| it.starts_with(|it: char| it.is_uppercase())).count();
        Self {
            prefix: prefix.to_owned(),
            count,
            joint: joint.filter(|it| matches!(it, '-' | '_' | '.')).unwrap_or('-'),
            words,
            capitals: capitals > 1,
            has_subject: !subject.is_empty(),
        }
    }

    /// The form that most of the names have; of equally frequent ones the later.
    pub fn most<'a>(stems: impl Iterator<Item = &'a str>) -> Self {
        super::most(stems.map(Self::of)).unwrap_or_default()
    }

    /// The name of a new record's file without its extension.
    pub fn stem(&self, number: u32, title: &str, date: &str) -> String {
        let count = match self.count {
            Count::Number(width) => format!("{number:0width$}"),
            Count::Day => date.replace('-', ""),
            Count::DayWithHyphens => date.to_owned(),
            Count::Nothing => String::new(),
        };
        let mut subject = subject(title, self.words);
        if self.capitals {
            let capital = |word: &str| {
                let mut chars = word.chars();
                chars.next().map_or_else(String::new, |it| it.to_uppercase().chain(chars).collect())
            };
            subject = subject.split(self.words).map(capital).collect::<Vec<String>>().join(&self.words.to_string());
        }
        let parts = [count, if self.has_subject { subject } else { String::new() }];
        let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
        format!("{}{}", self.prefix, parts.join(&self.joint.to_string()))
    }
}

/// The words of a title in lower case, joined by a sign. Letters of all scripts stay.
pub fn subject(title: &str, joint: char) -> String {
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let mut subject = String::new();
    for word in words {
        // File systems take 255 bytes, and nobody reads that many.
        if subject.len() + word.len() > 80 {
            break;
        }
        if !subject.is_empty() {
            subject.push(joint);
        }
        subject.push_str(word);
    }
    subject
}

/// How the titles of decision records begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Titles {
    /// With the subject alone.
    Plain,
    /// With a number between two texts: `ADR-0012: Use an outbox`, `12. Use an outbox`.
    Numbered {
        /// What stands before the number.
        before: String,
        /// How many digits it has at least.
        width: usize,
        /// What stands between the number and the subject.
        after: String,
    },
}

impl Titles {
    /// The form of one title, and its subject.
    pub fn of(title: &str) -> (Self, &str) {
        let plain = (Self::Plain, title);
        let Some(at) = title.find(|it: char| it.is_ascii_digit()) else { return plain };
        let (before, rest) = title.split_at_checked(at).unwrap_or(("", title));
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = rest.split_at_checked(digits).unwrap_or((rest, ""));
        let subject = rest.trim_start_matches(|it: char| !it.is_alphanumeric() && !matches!(it, '`' | '"' | '(' | '['));
        let (after, subject) = rest.split_at_checked(rest.len() - subject.len()).unwrap_or((rest, ""));
        let is_named = before.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr"))
            && before.chars().filter(|it| it.is_alphabetic()).count() == 3;
        let is_counted = before.trim().is_empty() && after.starts_with(['.', ':', ')', ' ', '-']) && after.len() > 1;
        if number.is_empty() || number.len() > 6 || after.is_empty() && !subject.is_empty() || !(is_named || is_counted)
        {
            return plain;
        }
        // `3 brokers are enough` counts no decisions.
        if !is_named && after.trim().is_empty() {
            return plain;
        }
        let width = if number.starts_with('0') || is_named { number.len() } else { 1 };
        (Self::Numbered { before: before.to_owned(), width, after: after.to_owned() }, subject)
    }

    /// The form that most titles have.
    pub(crate) fn most<'a>(titles: impl Iterator<Item = &'a str>) -> Option<Self> {
        super::most(titles.map(|it| Self::of(it).0))
    }

    /// The title of a new record.
    pub fn title(&self, number: u32, subject: &str) -> String {
        match self {
            Self::Plain => subject.to_owned(),
            Self::Numbered { before, width, after } => {
                let width = *width;
                format!("{before}{number:0width$}{after}{subject}")
            }
        }
    }
}

/// What a title is about, without its number.
pub fn subject_of(title: &str) -> &str {
    Titles::of(title).1
}

/// How a record is referred to: `ADR-0012` where its title or its place says so, `12. Use an outbox` where titles are
/// counted like that, else its title.
pub fn label(path: &RelPath, title: &str) -> String {
    let number = number_of(path.stem());
    match (Titles::of(title), number) {
        ((Titles::Numbered { before, .. }, _), Some(number)) if !before.is_empty() => {
            let digits = title.bytes().skip(before.len()).take_while(u8::is_ascii_digit).count();
            format!("{}{number:0digits$}", before.to_uppercase().replace(' ', "-"))
        }
        ((Titles::Numbered { .. }, _), Some(_)) => title.to_owned(),
        (_, Some(number)) => format!("ADR-{}", number_like(path.stem(), number)),
        _ if title.is_empty() => path.stem().to_owned(),
        _ => title.to_owned(),
    }
}

/// Whether two titles say the same, whatever number they have.
pub fn same_subject(one: &str, other: &str) -> bool {
    let folded = |it: &str| file_name::folded(subject_of(it));
    !folded(one).is_empty() && folded(one) == folded(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_files_are_named_as_those_that_are_there() {
        let date = "2026-11-29";
        for (there, next) in [
            ("0012-use-kafka", "0013-use-an-outbox"),
            ("ADR-012-use-kafka", "ADR-013-use-an-outbox"),
            ("adr-9-use-kafka", "adr-13-use-an-outbox"),
            ("adr_0012_use_kafka", "adr_0013_use_an_outbox"),
            ("0012_use_kafka", "0013_use_an_outbox"),
            ("017-Variable-Naming", "013-Use-An-Outbox"),
            ("ADR-28", "ADR-13"),
            ("20260101-use-kafka", "20261129-use-an-outbox"),
            ("2026-01-01-use-kafka", "2026-11-29-use-an-outbox"),
            ("use-kafka", "use-an-outbox"),
        ] {
            let names = FileNames::most([there].into_iter());
            assert_eq!(names.stem(13, "Use an outbox", date), next, "{there}");
        }
        assert_eq!(FileNames::most(std::iter::empty()).stem(1, "Use “x”, y/z!", date), "0001-use-x-y-z");
        assert_eq!(FileNames::default().stem(1, "Отправлять через outbox", date), "0001-отправлять-через-outbox");
    }

    #[test]
    fn new_titles_begin_as_those_that_are_there() {
        for (there, subject, next) in [
            ("ADR-0012: Use Kafka", "Use Kafka", "ADR-0013: Use an outbox"),
            ("ADR 0012 — Use Kafka", "Use Kafka", "ADR 0013 — Use an outbox"),
            ("ADR-012 Use Kafka", "Use Kafka", "ADR-013 Use an outbox"),
            ("12. Use Kafka", "Use Kafka", "13. Use an outbox"),
            ("3: Use `kafka`", "Use `kafka`", "13: Use an outbox"),
            ("0012. Use Kafka", "Use Kafka", "0013. Use an outbox"),
            ("Use Kafka", "Use Kafka", "Use an outbox"),
            ("Use Kafka 4 for events", "Use Kafka 4 for events", "Use an outbox"),
            ("3 brokers are enough", "3 brokers are enough", "Use an outbox"),
            ("2026-01-01 Use Kafka", "2026-01-01 Use Kafka", "Use an outbox"),
        ] {
            let (titles, said) = Titles::of(there);
            assert_eq!((said, titles.title(13, "Use an outbox").as_str()), (subject, next), "{there}");
        }
    }

    #[test]
    fn records_are_referred_to_as_they_call_themselves() {
        for (path, title, expected) in [
            ("a/0012-x.md", "ADR-0012: X", "ADR-0012"),
            ("a/ADR-012-x.md", "ADR-012 X", "ADR-012"),
            ("a/ADR-012-x.md", "ADR 012: X", "ADR-012"),
            ("a/0012-x.md", "12. X", "12. X"),
            ("a/0012-x.md", "X", "ADR-0012"),
            ("a/20260101-x.md", "X", "X"),
        ] {
            assert_eq!(label(&RelPath::new(path), title), expected, "{path} {title}");
        }
    }
}
