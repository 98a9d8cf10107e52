//! Reads the settings one by one, so that a wrong value costs that setting and no other.

use archwright_syntax::{Span, nearest};
use toml_edit::{Document, Item, Table, TableLike};

use super::{ConfigProblem, settings::Settings};

/// So many wrong settings are told; what is beyond a text like this is no configuration.
const MOST: usize = 50;

/// The settings of a text, and what is wrong with it. A setting that cannot be read is as if it were not there.
pub(super) fn settings(text: &str) -> (Settings, Vec<ConfigProblem>) {
    let mut problems = Vec::new();
    // What was wrong is written over with blanks, so that everything else keeps its place.
    let mut left = text.to_owned();
    while problems.len() < MOST {
        let error = match toml_edit::de::from_str::<Settings>(&left) {
            Ok(settings) => return (settings, problems),
            Err(error) => error,
        };
        let span = error.span().unwrap_or_default();
        problems.push(ConfigProblem { span: Span::from(span.clone()), message: in_words(error.message()) });
        let Some(without) = without(&left, span.start) else { break };
        left = without;
    }
    (Settings::default(), problems)
}

/// The text without the setting at a place; nothing if it is no TOML at all.
fn without(text: &str, at: usize) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let mut entry = None;
    find(document.as_table(), at, &mut entry);
    let (start, end) = match entry {
        Some((start, end)) => whole(text, start, end),
        None => table_around(text, document.as_table(), at)?,
    };
    let part = text.get(start..end)?;
    // A blank for each byte, so that what follows keeps its place.
    let blank: String = part.bytes().map(|it| if matches!(it, b'\n' | b'\r') { char::from(it) } else { ' ' }).collect();
    let (before, behind) = (text.get(..start)?, text.get(end..)?);
    (part != blank).then(|| format!("{before}{blank}{behind}"))
}

/// A key and value with the keys before its dots, and the comma that parts it from the next one.
fn whole(text: &str, start: usize, end: usize) -> (usize, usize) {
    let before = text.get(..start).unwrap_or_default();
    let dotted = before.trim_end().ends_with('.');
    let start = if dotted { before.rfind(['\n', ',', '{']).map_or(0, |it| it + 1) } else { start };
    let behind = text.get(end..).unwrap_or_default();
    let rest = behind.trim_start();
    if rest.starts_with(',') {
        return (start, end + behind.len() - rest.len() + 1);
    }
    let before = text.get(..start).unwrap_or_default().trim_end();
    (if rest.starts_with('}') && before.ends_with(',') { before.len() - 1 } else { start }, end)
}

/// The innermost key and value around a place.
fn find(table: &dyn TableLike, at: usize, found: &mut Option<(usize, usize)>) {
    for (name, item) in table.iter() {
        let key = table.key(name).and_then(toml_edit::Key::span);
        let value = item.as_value().and_then(toml_edit::Value::span);
        if let (Some(key), Some(value)) = (key, value)
            && (key.start..=value.end).contains(&at)
        {
            *found = Some((key.start, value.end));
        }
        if let Some(inner) = item.as_table_like() {
            find(inner, at, found);
        }
    }
}

/// The `[table]` around a place, from its header to the next one.
fn table_around(text: &str, root: &Table, at: usize) -> Option<(usize, usize)> {
    let mut headers = Vec::new();
    add_headers(root, &mut headers);
    headers.sort_unstable();
    let next = headers.partition_point(|it| *it <= at);
    let start = *next.checked_sub(1).and_then(|it| headers.get(it))?;
    Some((start, headers.get(next).copied().unwrap_or(text.len())))
}

fn add_headers(table: &Table, headers: &mut Vec<usize>) {
    for (_, item) in table {
        match item {
            Item::Table(it) => {
                headers.extend(it.span().filter(|_| !it.is_dotted() && !it.is_implicit()).map(|it| it.start));
                add_headers(it, headers);
            }
            Item::ArrayOfTables(all) => {
                for it in all {
                    headers.extend(it.span().map(|it| it.start));
                    add_headers(it, headers);
                }
            }
            Item::None | Item::Value(_) => {}
        }
    }
}

/// What the reader of TOML says, for people who know TOML and not Rust.
fn in_words(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let parts = |prefix: &str| message.strip_prefix(prefix)?.split_once(", expected ");
    if let Some((given, known)) = parts("unknown field ").or_else(|| parts("unknown variant ")) {
        let meant = nearest(given.trim_matches('`'), known.split('`').skip(1).step_by(2));
        let meant = meant.map_or_else(String::new, |it| format!(" Did you mean `{it}`?"));
        let known = known.trim_start_matches("one of ").replace(" or ", ", ");
        let what = if message.starts_with("unknown field") { "no setting here" } else { "not known here" };
        return format!("{given} is {what}; known are {known}.{meant}");
    }
    if let Some(wanted) = message.strip_prefix("wanted ") {
        return format!("This should be {}.", wanted.replace("string", "a text").replace("table", "a table"));
    }
    if let Some((given, wanted)) = parts("invalid type: ").or_else(|| parts("invalid value: ")) {
        return format!("This is {}, and should be {}.", given_in_words(given), wanted_in_words(wanted));
    }
    format!("{message}.")
}

fn given_in_words(given: &str) -> String {
    let (kind, value) = given.split_once(' ').map_or((given, ""), |(kind, value)| (kind, value.trim_matches('`')));
    let value = if value.is_empty() { String::new() } else { format!(" {value}") };
    match kind {
        "string" => format!("the text{value}"),
        "integer" | "floating" => format!("the number{}", value.replace(" point `", " ")),
        "boolean" => format!("the value{value}"),
        "sequence" => "a list".to_owned(),
        "map" => "a table".to_owned(),
        _ => given.to_owned(),
    }
}

fn wanted_in_words(wanted: &str) -> &str {
    match wanted {
        "a string" => "a text",
        "a sequence" => "a list",
        "a boolean" => "`true` or `false`",
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" => "a whole number that is not negative",
        "a map" => "a table",
        _ if wanted.starts_with("struct ") => "a table",
        _ if wanted.contains("enum ") || wanted.contains("identifier") => "one of the words that this setting knows",
        _ => wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::settings;

    fn told(text: &str) -> Vec<(&str, String)> {
        settings(text).1.into_iter().map(|it| (it.span.of(text), it.message)).collect()
    }

    /// A message without the list of what is known.
    fn head(message: &str) -> &str {
        message.split(';').next().unwrap_or_default()
    }

    #[test]
    fn a_wrong_value_costs_one_setting() {
        let text = "max-file-size = \"big\"\nexclude = [\"gone/**\"]\n\n[rules]\n\"link/dead-anchor\" = \"off\"\n\
            \"link/dead-target\" = \"loud\"\n\n[nothing]\na = 1\n\n[status]\nadr = \"Proposed\"\n\
            runbook = [\"Ready\"]\n\n[layout]\nroad = [\"x/*.md\"]\nadr = [\"decisions/*.md\"]\n";
        let (settings, problems) = settings(text);
        assert_eq!(problems.len(), 5, "{problems:?}");
        assert_eq!(settings.exclude.len(), 1);
        assert_eq!((settings.rules.len(), settings.status.len(), settings.layout.len()), (1, 1, 1));
        let told = told(text);
        let said: Vec<(&str, &str)> = told.iter().map(|(place, message)| (*place, head(message))).collect();
        assert_eq!(
            said,
            [
                ("\"big\"", "This is the text \"big\", and should be a whole number that is not negative."),
                ("\"loud\"", "`loud` is not known here"),
                ("nothing", "`nothing` is no setting here"),
                ("\"Proposed\"", "This is the text \"Proposed\", and should be a list."),
                ("road", "`road` is not known here"),
            ]
        );
    }

    #[test]
    fn dotted_keys_and_inline_tables_are_settings_too() {
        let text = "links.check = 3\nchannels = { name = 1, dlq-suffix = \".dead\" }\n\"état\" = \"ü\"\nexclude = [\"a\", 1]\n\
            max-file-size = 7\n";
        let (settings, problems) = settings(text);
        assert_eq!(settings.max_file_size, Some(7), "{problems:?}");
        assert_eq!(settings.channels.and_then(|it| it.dlq_suffix).as_deref(), Some(".dead"));
        let told = told(text);
        let said: Vec<(&str, &str)> = told.iter().map(|(place, message)| (*place, head(message))).collect();
        assert_eq!(
            said,
            [
                ("3", "This should be a text or a table."),
                ("1", "This is the number 1, and should be a text."),
                ("\"état\"", "`état` is no setting here"),
                ("1", "This is the number 1, and should be a text."),
            ]
        );
    }

    #[test]
    fn what_is_no_toml_has_the_defaults() {
        let (settings, problems) = settings("exclude = [\"a\"\n");
        assert_eq!((settings.exclude.len(), problems.len()), (0, 1));
    }
}
