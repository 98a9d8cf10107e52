//! The tables that templates ask for, known by their columns: which of the columns are there, and which lack.

use archwright_syntax::markdown::Table;

use crate::prelude::*;

/// The kinds of documents that have such tables.
pub(super) const KINDS: &[Kind] = &[
    Kind::Design,
    Kind::Rfc,
    Kind::Overview,
    Kind::ImplementationPlan,
    Kind::MigrationPlan,
    Kind::ReadinessReview,
    Kind::Contract,
    Kind::Catalog,
];

/// A table that a template asks for.
pub(super) struct Register<'a> {
    /// What its rows are: `risks`.
    pub what: &'static str,
    /// The table.
    pub table: &'a Table,
    /// The columns that it asks for and has.
    pub columns: Vec<Column>,
    /// The names of those that it lacks.
    pub missing: Vec<String>,
}

/// A column that is asked for.
pub(super) struct Column {
    /// What it is called.
    pub name: String,
    /// Its place.
    pub at: usize,
}

/// A table that is known by the words of its columns.
struct Form {
    what: &'static str,
    /// How the first column begins.
    first: &'static [&'static str],
    /// The columns, each with words of which one stands in its title.
    columns: &'static [(&'static str, &'static [&'static str])],
    /// So many of them have to be there for the table to be one of these.
    least: usize,
}

const FORMS: [Form; 4] = [
    Form {
        what: "risks",
        first: &["risk"],
        columns: &[
            ("Impact", &["impact", "severity"]),
            ("Likelihood", &["likelihood", "probability"]),
            ("Mitigation", &["mitigation", "response", "action"]),
            ("Owner", &["owner", "accepted by", "who", "accountable"]),
        ],
        least: 3,
    },
    Form {
        what: "quality goals",
        first: &["attribute", "quality"],
        columns: &[("Target", &["target", "goal"]), ("Design support", &["support", "design"]), ("Risk", &["risk"])],
        least: 2,
    },
    Form {
        what: "budgets",
        first: &["channel"],
        columns: &[
            ("Budget", &["budget"]),
            ("Alert threshold", &["alert", "threshold"]),
            ("Owner", &["owner", "payer", "who"]),
        ],
        least: 2,
    },
    Form {
        what: "tests",
        first: &["scenario"],
        columns: &[
            ("Input", &["input", "given", "stimulus"]),
            ("Expected behavior", &["expected", "then", "outcome"]),
            ("Evidence", &["evidence", "test", "proof"]),
        ],
        least: 2,
    },
];

/// The columns of a table of patterns beside the pattern itself.
const PATTERNS: [(&str, &[&str]); 4] = [
    ("Concern", &["concern", "need", "problem"]),
    ("Tool", &["tool", "implementation", "realization", "realisation", "technology"]),
    ("Why", &["why", "reason", "rationale"]),
    ("Verification", &["verif", "proof", "test", "evidence", "check"]),
];

/// What a design states of a channel. Either of several columns will do.
const CHANNELS: [&[Role]; 5] = [
    &[Role::OrderingKey],
    &[Role::IdempotencyKey],
    &[Role::Retention],
    &[Role::DlqOwner, Role::Dlq],
    &[Role::CompatibilityMode],
];

/// The tables of a document that a template asks for.
pub(super) fn registers<'a>(cx: &Context<'a>, document: &ByRole<'a>) -> Vec<Register<'a>> {
    let tree = document.tree;
    if tree.tables.is_empty() {
        return Vec::new();
    }
    if cx.facts().kind == Kind::Catalog {
        return catalog(cx, document).into_iter().collect();
    }
    let boundary = document.section(Role::BoundaryContracts);
    let mapping = document.section(Role::PatternMapping);
    let mut found = Vec::new();
    for table in &tree.tables {
        if Some(table.section) == boundary && document.column(table, Role::Channel).is_some() {
            found.push(channels(cx, document, table));
        } else if Some(table.section) == mapping && document.column(table, Role::Pattern).is_some() {
            found.extend(of_words(document, table, "patterns", &PATTERNS, 2));
        } else {
            let titles = titles(document, table);
            let first = titles.first().map_or("", String::as_str);
            let form = FORMS.iter().find(|form| form.first.iter().any(|it| first.starts_with(it)));
            found.extend(form.and_then(|it| of_words(document, table, it.what, it.columns, it.least)));
        }
    }
    found
}

/// The column of what realises a pattern.
pub(super) fn tool_column(document: &ByRole, table: &Table) -> Option<usize> {
    let (_, words) = PATTERNS.iter().find(|it| it.0 == "Tool")?;
    titles(document, table).iter().position(|title| words.iter().any(|it| title.contains(it)))
}

fn titles(document: &ByRole, table: &Table) -> Vec<String> {
    let titles = document.tree.header(table).iter();
    titles.map(|it| it.of(document.text).trim_matches([' ', '*', '`', '_']).to_lowercase()).collect()
}

/// A table whose columns are told by words, if enough of them are there.
fn of_words<'a>(
    document: &ByRole<'a>,
    table: &'a Table,
    what: &'static str,
    wanted: &[(&str, &[&str])],
    least: usize,
) -> Option<Register<'a>> {
    let titles = titles(document, table);
    let (mut columns, mut missing) = (Vec::new(), Vec::new());
    for (name, words) in wanted {
        let is_it = |title: &String| words.iter().any(|it| title.contains(it));
        match titles.iter().skip(1).position(is_it).map(|it| it + 1).or_else(|| titles.iter().position(is_it)) {
            Some(at) => columns.push(Column { name: (*name).to_owned(), at }),
            None => missing.push((*name).to_owned()),
        }
    }
    (columns.len() >= least).then_some(Register { what, table, columns, missing })
}

/// The channels of a design.
fn channels<'a>(cx: &Context<'a>, document: &ByRole<'a>, table: &'a Table) -> Register<'a> {
    let profile = cx.config().profile();
    let around = document.tree.section(table.section).body.of(document.text);
    let said = around.replace(table.span.of(document.text), " ").to_lowercase();
    let others = document.tree.tables.iter().filter(|it| it.section == table.section && it.span != table.span);
    let others: Vec<&Table> = others.collect();
    let (mut columns, mut missing) = (Vec::new(), Vec::new());
    for roles in CHANNELS {
        let Some(first) = roles.first() else { continue };
        let name = profile.name(*first).to_owned();
        if let Some(at) = roles.iter().find_map(|it| document.column(table, *it)) {
            columns.push(Column { name, at });
            continue;
        }
        // What is said of all channels beside the table, or in a second one, needs no column.
        let is_beside = roles.iter().any(|role| {
            profile.names(*role).any(|it| said.contains(&it.to_lowercase()))
                || others.iter().any(|it| document.column(it, *role).is_some())
        });
        if !is_beside {
            missing.push(name);
        }
    }
    Register { what: "channels", table, columns, missing }
}

/// The features of the catalog.
fn catalog<'a>(cx: &Context<'a>, document: &ByRole<'a>) -> Option<Register<'a>> {
    let at = cx.facts().document()?.catalog.as_ref()?.table?;
    let table = document.tree.tables.get(at)?;
    let profile = cx.config().profile();
    let wanted: Vec<Role> = profile.catalog.features.columns.iter().map(|it| it.role).collect();
    let missing = wanted.iter().filter(|it| document.column(table, **it).is_none());
    let missing: Vec<String> = missing.map(|it| profile.name(*it).to_owned()).collect();
    // A short list of features is none of the template.
    if missing.len() * 2 > wanted.len() {
        return None;
    }
    Some(Register { what: "features", table, columns: Vec::new(), missing })
}
