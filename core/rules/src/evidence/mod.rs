//! Rules about what documents rely on by name, and what the repository shows of it.

mod missing_job;
mod missing_script;
mod unlisted_component;

use archwright_knowledge::claim_words;
use archwright_model::facts::Topic;

use crate::{prelude::*, stated::stated};

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[&missing_job::RULE, &missing_script::RULE, &unlisted_component::RULE];

/// Where code lies. Documents beside no code speak of what lies in another repository.
const CODE: [&str; 12] =
    ["src", "services", "apps", "app", "packages", "cmd", "internal", "lib", "libs", "server", "backend", "crates"];

/// Whether the workspace is all of a repository that has code, so that what is not in it is nowhere.
fn is_whole_repository(cx: &Context) -> bool {
    cx.exists(&RelPath::new(".git")) && CODE.iter().any(|it| cx.exists(&RelPath::new(it)))
}

/// Whether a sentence speaks of something that is still to be made.
fn is_still_to_make(sentence: &str) -> bool {
    claim_words("still-to-make").are_in(sentence)
}

/// Whether a text in code is a name, and neither a command nor a path with placeholders.
fn is_name(text: &str) -> bool {
    text.len() > 2
        && text.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '.')
        && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | '/'))
}

/// Whether the feature describes something by its name: under a heading, or in a row of its own.
fn is_described(cx: &Context, name: &str) -> bool {
    stated(cx, Topic::Described).iter().any(|it| it.statement.subject.eq_ignore_ascii_case(name))
}
