//! `explain`: what a rule, a pattern or a checklist is about.

use archwright_analysis::explain::{ExplanationKind, UnknownName, explain};
use rmcp::model::{JsonObject, Tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed;
use crate::{
    answer::{Answer, MOST_BYTES},
    schema,
    text::shorten,
};

const DESCRIPTION: &str = "Explains a rule by its code (`link/dead-target`: why it fires, a bad and a good example), \
    a messaging or distributed-systems pattern by any of its names (`Transactional Outbox`: when to use it, what a \
    design must state, how it fails, how to prove it), or a checklist: `reliability`, `distributed`, `concerns`. \
    `rules` and `patterns` list the names. Use it before you choose a pattern or dispute a finding. Reads no file.";

/// The longest name that is looked up, in bytes.
const NAME_BYTES: usize = 200;

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
    kind: ExplanationKind,
    name: String,
    markdown: String,
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
        let start = shorten(name, 80);
        return Err(Answer::mistake(format!("`{start}` is longer than the name of anything that can be explained.")));
    }
    let found = explain(name).map_err(|error| Answer::mistake(sentence(&error)))?;
    let markdown = match detail.unwrap_or_default() {
        Detail::Brief => found.brief(),
        Detail::Full => found.markdown,
    };
    let markdown = shorten(markdown.trim(), MOST_BYTES / 2 - 2048).into_owned();
    let text = markdown.clone();
    Ok(Answer::new(&ExplainAnswer { kind: found.kind, name: found.name, markdown }, text))
}

fn sentence(error: &UnknownName) -> String {
    let text = error.to_string();
    let (first, rest) = text.split_at(1);
    let end = if text.ends_with('?') { "" } else { "." };
    format!("{}{rest}{end}", first.to_uppercase())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use archwright_analysis::{explain::TOPICS, rules};

    use super::*;
    use crate::answer::USUAL_BYTES;

    #[test]
    fn every_brief_explanation_keeps_to_the_usual_size_in_each_form() {
        let topics = TOPICS.iter().map(|(topic, _)| (*topic).to_owned());
        let listed = explain("patterns").unwrap().markdown;
        let patterns = listed.trim_start_matches("# Patterns").trim().trim_end_matches('.').split(", ");
        let names = rules::rules().iter().map(|it| it.code.to_owned()).chain(patterns.map(str::to_owned));
        let families = rules::rules().iter().map(|it| format!("{}/*", it.family()));
        for name in names.chain(topics).chain(families) {
            let arguments = JsonObject::from_iter([("name".to_owned(), name.as_str().into())]);
            let result = rmcp::model::CallToolResult::from(run(arguments).unwrap());
            let bytes = result.structured_content.unwrap().to_string().len();
            assert!(bytes <= USUAL_BYTES, "{name}: {bytes} bytes");
        }
    }
}
