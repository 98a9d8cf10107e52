//! What code does with data: statements of SQL by their text, methods of mappers and repositories by their names.

use smol_str::SmolStr;

/// What a statement does with which table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it does.
    pub verb: Verb,
    /// The table; of a mapper what the method is called on.
    pub table: SmolStr,
    /// The columns of an insert, as they are listed.
    pub columns: Vec<SmolStr>,
    /// Whether it is a text of SQL; the name of a method says less.
    pub is_certain: bool,
    /// Whether a row that is there already makes it do nothing.
    pub is_once: bool,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It reads.
    Read,
    /// It adds.
    Insert,
    /// It changes or removes.
    Change,
}

/// So many columns are read.
const MAX_COLUMNS: usize = 100;

/// A statement of SQL, if the text is one.
pub(super) fn of_sql(text: &str) -> Option<Statement> {
    let text = text.trim_start_matches(|it: char| it.is_whitespace() || matches!(it, '"' | '\'' | '`' | 'f' | 'r'));
    let words = text.split(|it: char| it.is_whitespace() || matches!(it, '(' | ')' | ',' | ';' | '`' | '"'));
    let mut words = words.filter(|it| !it.is_empty());
    let first = words.next()?.to_ascii_uppercase();
    let mut after = |wanted: &str| {
        words.find(|it| it.eq_ignore_ascii_case(wanted))?;
        words.next()
    };
    let (verb, table) = match first.as_str() {
        "INSERT" | "REPLACE" | "MERGE" => (Verb::Insert, after("INTO")?),
        "SELECT" | "WITH" => (Verb::Read, after("FROM").unwrap_or_default()),
        "DELETE" => (Verb::Change, after("FROM")?),
        "UPDATE" => (Verb::Change, table_of_update(text)?),
        _ => return None,
    };
    let upper = text.to_ascii_uppercase();
    if first == "UPDATE" && !upper.split_whitespace().any(|it| it == "SET") {
        return None;
    }
    let is_once = upper.contains("ON CONFLICT") || upper.contains("INSERT IGNORE");
    let columns = if verb == Verb::Insert { columns(text) } else { Vec::new() };
    Some(Statement { verb, table: table.into(), columns, is_certain: true, is_once })
}

/// The table of an update.
fn table_of_update(text: &str) -> Option<&str> {
    let name = text.split_whitespace().nth(1)?;
    Some(name.trim_matches(['"', '`', '(', ',']))
}

/// What stands in the first brackets.
fn columns(text: &str) -> Vec<SmolStr> {
    let inside = text.split_once('(').and_then(|it| it.1.split_once(')')).map_or("", |it| it.0);
    let names = inside.split(',').map(|it| it.trim().trim_matches(['"', '`']));
    names.filter(|it| !it.is_empty()).take(MAX_COLUMNS).map(SmolStr::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_by_their_words() {
        let of = |text: &str| of_sql(text).map(|it| (it.verb, it.table.to_string()));
        assert_eq!(of("INSERT INTO outbox (a, b) VALUES ($1, $2)"), Some((Verb::Insert, "outbox".to_owned())));
        assert_eq!(of("\n  update orders set x = 1"), Some((Verb::Change, "orders".to_owned())));
        assert_eq!(of("SELECT * FROM outbox WHERE x"), Some((Verb::Read, "outbox".to_owned())));
        assert_eq!(of("select now()"), Some((Verb::Read, String::new())));
        assert_eq!(of("Update your order"), None);
        assert_eq!(of("orders.placed.v1"), None);
        let insert = of_sql("INSERT INTO inbox (event_id) VALUES ($1) ON CONFLICT DO NOTHING").unwrap();
        assert!(insert.is_once && insert.columns == ["event_id"]);
    }
}
