//! `explain`: what a rule, a pattern, another card or a checklist is about.

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
    design must state, how it fails, how to prove it), another card (a failure mode, a platform such as `SQS`, a \
    decision), or a checklist: `reliability`, `distributed`, `concerns`. `rules`, `patterns`, `cards` list the names. \
    `Claim Check: Failure modes` is one section. Use it before you choose a pattern or dispute a finding.";

/// The longest name that is looked up, in bytes.
const NAME_BYTES: usize = 200;

/// What to explain.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct ExplainArguments {
    /// A rule's code, a card's name (with `: heading` for one section), a checklist or a list.
    name: String,
    /// `brief`: the default, 2 KB of a card. `full`: the whole page.
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
        "Explain a rule, card or checklist",
        DESCRIPTION,
        "what is outbox saga DLQ; rule meaning",
        (input, schema::answer::<ExplainAnswer>()),
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
    use archwright_analysis::{
        explain::{explainable, topics},
        rules,
    };

    use super::*;
    use crate::answer::USUAL_BYTES;

    fn bytes(name: &str) -> usize {
        let arguments = JsonObject::from_iter([("name".to_owned(), name.into())]);
        let result = rmcp::model::CallToolResult::from(run(arguments).unwrap());
        result.structured_content.unwrap().to_string().len()
    }

    #[test]
    fn every_brief_explanation_keeps_to_the_usual_size_in_each_form() {
        let families = rules::rules().iter().map(|it| format!("{}/*", it.family()));
        let names = rules::rules().iter().map(|it| it.code).chain(topics().map(|it| it.0)).map(str::to_owned);
        for name in names.chain(families) {
            assert!(bytes(&name) <= USUAL_BYTES, "{name}: {} bytes", bytes(&name));
        }
    }

    #[test]
    fn no_card_costs_an_agent_more_than_two_kilobytes() {
        let is_card = |kind| matches!(kind, ExplanationKind::Pattern | ExplanationKind::Card);
        let cards: Vec<_> = explainable().filter(|it| is_card(it.kind)).collect();
        assert!(cards.len() > 250, "{}", cards.len());
        for it in cards {
            assert!(bytes(it.title) <= 2048, "{}: {} bytes", it.title, bytes(it.title));
        }
    }
}
