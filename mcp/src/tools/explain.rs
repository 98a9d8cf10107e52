//! `explain`: what a rule, a pattern or a checklist is about.

use std::fmt::Write as _;

use archwright_analysis::{
    explain::{ExplanationKind, explain},
    rules,
};
use archwright_knowledge::{
    ReliabilityQuestion, distributed_questions, pattern, patterns, reliability_questions, system_concerns,
};
use rmcp::model::{JsonObject, Tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed;
use crate::{
    answer::{Answer, MOST_BYTES},
    arguments::nearest,
    schema,
    text::shorten,
};

const DESCRIPTION: &str = "Explains a rule by its code (`link/dead-target`: why it fires, a bad and a good example), a messaging or \
distributed-systems pattern by any of its names (`Transactional Outbox`: when to use it, what a design must state, how it fails, how to \
prove it), or a checklist: `reliability`, `distributed`, `concerns`. `rules` and `patterns` list the names. Use it before you choose a \
pattern or dispute a finding. Reads no file.";

/// The checklists and lists, and what each is.
const TOPICS: [(&str, &str); 5] = [
    ("reliability", "the eight reliability questions of a design"),
    ("distributed", "the six questions of a design that crosses processes, regions or teams"),
    ("concerns", "the seven system concerns"),
    ("patterns", "the names of all patterns"),
    ("rules", "the codes of all rules"),
];

/// The longest name that is looked up, in bytes.
const NAME_BYTES: usize = 200;

/// The sections that a short explanation leaves out.
const LONG_SECTIONS: [&str; 4] = ["How it is built", "Related", "References", "Configuration"];

/// What to explain.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct ExplainArguments {
    /// A rule's code, a pattern's name, or `reliability`, `distributed`, `concerns`, `patterns`, `rules`.
    name: String,
    /// `brief`: the default. `full`: also how a pattern is built, references, and how a rule is configured.
    detail: Option<Detail>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Detail {
    #[default]
    Brief,
    Full,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ExplainAnswer {
    kind: Kind,
    name: String,
    markdown: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Rule,
    Pattern,
    Checklist,
    List,
}

/// The tool as it is listed.
pub fn tool() -> Tool {
    let mut input = schema::arguments::<ExplainArguments>();
    schema::require(&mut input, &["name"]);
    super::tool(
        "explain",
        "Explain a rule, pattern or checklist",
        DESCRIPTION,
        input,
        schema::answer::<ExplainAnswer>(),
        false,
    )
}

/// Runs the tool.
pub fn run(arguments: JsonObject) -> Result<Answer, Answer> {
    let ExplainArguments { name, detail } = typed(arguments)?;
    let name = name.trim().trim_matches('`');
    if name.len() > NAME_BYTES {
        return Err(unknown(name, &[]));
    }
    let (kind, name, markdown) = match topic(name) {
        Some((kind, markdown)) => (kind, name.to_lowercase(), markdown),
        None => known(name, detail.unwrap_or_default())?,
    };
    let markdown = shorten(markdown.trim(), MOST_BYTES / 2 - 1024).into_owned();
    let text = markdown.clone();
    Ok(Answer::new(&ExplainAnswer { kind, name, markdown }, text))
}

/// A rule or a pattern.
fn known(name: &str, detail: Detail) -> Result<(Kind, String, String), Answer> {
    let found = explain(name).map_err(|error| unknown(name, &error.nearest))?;
    let kind = match found.kind {
        ExplanationKind::Rule => Kind::Rule,
        ExplanationKind::Pattern => Kind::Pattern,
    };
    let markdown = match detail {
        Detail::Brief => brief(&found.markdown),
        Detail::Full => found.markdown,
    };
    Ok((kind, found.name, markdown))
}

fn unknown(name: &str, similar: &[String]) -> Answer {
    let mut meant: Vec<String> =
        nearest(shorten(name, NAME_BYTES).as_ref(), TOPICS.map(|it| it.0)).map(str::to_owned).into_iter().collect();
    meant.extend(similar.iter().cloned());
    let meant = match meant.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or ") {
        it if it.is_empty() => it,
        it => format!(" Did you mean {it}?"),
    };
    let topics: Vec<String> = TOPICS.iter().map(|(name, what)| format!("`{name}` ({what})")).collect();
    Answer::mistake(format!(
        "Nothing is known as `{}`.{meant} Allowed are a rule's code, a pattern's name, or one of {}.",
        shorten(name, 80),
        topics.join(", ")
    ))
}

fn topic(name: &str) -> Option<(Kind, String)> {
    Some(match name.to_lowercase().as_str() {
        "reliability" => (Kind::Checklist, questions("Reliability questions", reliability_questions())),
        "distributed" => (Kind::Checklist, questions("Distributed-systems questions", distributed_questions())),
        "concerns" => (Kind::Checklist, concerns()),
        "patterns" => {
            let names: Vec<&str> = patterns().iter().map(|it| it.name.as_str()).collect();
            (Kind::List, format!("# Patterns\n\n{}.\n", names.join(", ")))
        }
        "rules" => (Kind::List, rule_names()),
        name => (Kind::List, family(name.strip_suffix("/*")?)?),
    })
}

/// The names of all rules: they say what is found, and their summaries would fill a page for each family.
fn rule_names() -> String {
    let mut page =
        "# Rules\n\n`explain` with `FAMILY/*` says what the rules of a family find, with a code everything about one.\n\n".to_owned();
    for family in rules::rules().chunk_by(|a, b| a.family() == b.family()) {
        let names: Vec<&str> = family.iter().map(|it| it.name()).collect();
        let _ = writeln!(page, "- **{}/**: {}", family.first().map_or("", |it| it.family()), names.join(", "));
    }
    page
}

/// What the rules of a family find; `None` if there is none of that name.
fn family(name: &str) -> Option<String> {
    let rules: Vec<&&rules::Rule> = rules::rules().iter().filter(|it| it.family() == name).collect();
    let lines: Vec<String> = rules.iter().map(|it| format!("- {}: {}", it.name(), it.summary)).collect();
    (!lines.is_empty()).then(|| format!("# Rules of `{name}`\n\n{}\n", lines.join("\n")))
}

fn questions(title: &str, questions: &[ReliabilityQuestion]) -> String {
    let mut page = format!("# {title}\n");
    for (number, it) in (1..).zip(questions) {
        let patterns: Vec<&str> = it.patterns.iter().filter_map(|it| pattern(it)).map(|it| it.name.as_str()).collect();
        let _ = write!(
            page,
            "\n{number}. **{}** {}\n   Names: {}.\n   Default: {}\n",
            it.name,
            it.question,
            it.names.join("; "),
            it.default
        );
        if !patterns.is_empty() {
            let _ = writeln!(page, "   Patterns: {}.", patterns.join(", "));
        }
    }
    page
}

fn concerns() -> String {
    let mut page = "# System concerns\n".to_owned();
    for it in system_concerns() {
        let _ = write!(page, "\n- **{}** {}\n  Examples: {}.\n", it.name, it.question, it.examples.join("; "));
    }
    page
}

/// A page without the sections that only some readers need.
fn brief(page: &str) -> String {
    let (mut kept, mut keep, mut fence) = (String::new(), true, None);
    for line in page.split_inclusive('\n') {
        let marks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if marks >= 3 => fence = Some(marks),
            Some(open) if marks >= open => fence = None,
            None => {
                if let Some(heading) = line.strip_prefix("## ") {
                    keep = !LONG_SECTIONS.contains(&heading.trim());
                }
            }
            Some(_) => {}
        }
        if keep {
            kept.push_str(line);
        }
    }
    kept
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::answer::USUAL_BYTES;

    #[test]
    fn every_brief_explanation_keeps_to_the_usual_size_in_each_form() {
        let topics = TOPICS.iter().map(|it| it.0.to_owned());
        let names =
            rules::rules().iter().map(|it| it.code.to_owned()).chain(patterns().iter().map(|it| it.name.to_string()));
        let families = rules::rules().iter().map(|it| format!("{}/*", it.family()));
        for name in names.chain(topics).chain(families) {
            let arguments = JsonObject::from_iter([("name".to_owned(), name.as_str().into())]);
            let result = rmcp::model::CallToolResult::from(run(arguments).unwrap());
            let bytes = result.structured_content.unwrap().to_string().len();
            assert!(bytes <= USUAL_BYTES, "{name}: {bytes} bytes");
        }
    }
}
