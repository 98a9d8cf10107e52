//! The table of rules in `docs/system/compatibility.md` is that of the program.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{fmt::Write as _, fs, path::Path};

use archwright_schema::breaking::{Category, rules};

/// One line per rule: its name, a mark per category, what it asks for, and what to do instead.
fn table() -> String {
    let mut out = String::from("| Rule |");
    for category in Category::ALL {
        write!(out, " {} |", category.name()).unwrap();
    }
    out.push_str(" What it asks for | The safe way |\n|---|:-:|:-:|:-:|:-:|:-:|---|---|\n");
    for rule in rules() {
        write!(out, "| `{}` |", rule.name).unwrap();
        for category in Category::ALL {
            out.push_str(if rule.categories.contains(&category) { " x |" } else { "  |" });
        }
        writeln!(out, " {} | {} |", rule.summary, rule.advice).unwrap();
    }
    out
}

#[test]
fn the_table_of_rules_is_up_to_date() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/system/compatibility.md");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains(&table()), "Put this table into docs/system/compatibility.md:\n{}", table());
}
