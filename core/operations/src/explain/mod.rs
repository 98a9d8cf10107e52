//! Explanations: what a rule or a pattern is, from the same text that pages and hovers show.

mod nearest;
mod page;
mod topics;

use archwright_knowledge as knowledge;
use archwright_syntax::markdown;

use archwright_rules::{self as rules, Rule, prelude::enumerate};

pub use topics::TOPICS;

/// What kind of thing was explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExplanationKind {
    /// A rule.
    Rule,
    /// A pattern.
    Pattern,
    /// A checklist of the knowledge base.
    Checklist,
    /// The names of what can be explained.
    List,
}

/// An explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Of what.
    pub kind: ExplanationKind,
    /// The canonical name: a rule's code or a pattern's name.
    pub name: String,
    /// The text in Markdown, with a title.
    pub markdown: String,
}

/// Nothing is known under the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing is known as `{name}`{}", hint(.nearest))]
pub struct UnknownName {
    /// What was asked for.
    pub name: String,
    /// What may have been meant.
    pub nearest: Vec<String>,
}

fn hint(nearest: &[String]) -> String {
    if nearest.is_empty() {
        let topics: Vec<String> = TOPICS.iter().map(|(name, what)| format!("`{name}` ({what})")).collect();
        format!(": write a rule's code, a pattern's name, or one of {}", topics.join(", "))
    } else {
        let nearest: Vec<String> = nearest.iter().map(|it| format!("`{it}`")).collect();
        format!("; did you mean {}?", enumerate(&nearest, "or"))
    }
}

/// Explains a rule by its code, a pattern by any of its names, or one of [`TOPICS`].
///
/// # Errors
/// If there is nothing of this name; the error names what is near.
pub fn explain(name: &str) -> Result<Explanation, UnknownName> {
    let name = name.trim().trim_matches('`');
    if let Some((kind, markdown)) = topics::topic(name) {
        return Ok(Explanation { kind, name: name.to_lowercase(), markdown });
    }
    if let Some(rule) = rules::rule(name) {
        return Ok(of_rule(rule));
    }
    if let Some(pattern) = knowledge::pattern(name) {
        return Ok(Explanation {
            kind: ExplanationKind::Pattern,
            name: pattern.name.to_string(),
            markdown: pattern.page_markdown_for(name),
        });
    }
    // `dead-target` is enough when only one family has it.
    let mut named = rules::rules().iter().filter(|it| it.name() == name);
    if let (Some(rule), None) = (named.next(), named.next()) {
        return Ok(of_rule(rule));
    }
    Err(UnknownName { name: name.to_owned(), nearest: nearest::nearest(name) })
}

/// Something that can be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explainable {
    /// What kind of thing it is.
    pub kind: ExplanationKind,
    /// The name that a computer gives it: `transactional-outbox`, `link/dead-target`.
    pub id: &'static str,
    /// The name that readers give it.
    pub title: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// Whether there is more to say than the sentence.
    pub is_long: bool,
}

/// All checklists, patterns and rules, in this order.
pub fn explainable() -> impl Iterator<Item = Explainable> {
    let topic = |(id, about): (&'static str, &'static str)| {
        let is_long = !matches!(topics::topic(id), Some((ExplanationKind::List, _)));
        let kind = if is_long { ExplanationKind::Checklist } else { ExplanationKind::List };
        Explainable { kind, id, title: id, about, is_long }
    };
    let pattern = |it: &'static knowledge::Pattern| Explainable {
        kind: ExplanationKind::Pattern,
        id: &it.slug,
        title: &it.name,
        about: &it.summary,
        is_long: it.body.is_some(),
    };
    let rule = |it: &&'static Rule| Explainable {
        kind: ExplanationKind::Rule,
        id: it.code,
        title: it.code,
        about: it.summary,
        is_long: true,
    };
    let patterns = knowledge::patterns().iter().map(pattern);
    TOPICS.into_iter().map(topic).chain(patterns).chain(rules::rules().iter().map(rule))
}

fn of_rule(rule: &Rule) -> Explanation {
    Explanation { kind: ExplanationKind::Rule, name: rule.code.to_owned(), markdown: rule_page(rule) }
}

impl Explanation {
    /// The text without the sections that only some readers need.
    pub fn brief(&self) -> String {
        brief(&self.markdown)
    }
}

/// The sections that a short explanation leaves out.
const LONG_SECTIONS: [&str; 4] = ["How it is built", "Related", "References", "Configuration"];

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

/// The whole page of a rule, with links to the rows of the catalogue that it carries.
pub fn rule_page(rule: &Rule) -> String {
    let rows: Vec<String> = rule.source_urls().map(|(row, url)| format!("[{row}]({url})")).collect();
    format!("{}\nCatalogue: {}.\n", rule_text(rule), rows.join(", "))
}

/// The page of a rule without the rows of the catalogue.
pub fn rule_text(rule: &Rule) -> String {
    let fix = if rule.fixable() { "It has a fix." } else { "It has no fix." };
    let kinds: Vec<String> = rule.applies_to.iter().map(|it| format!("`{it}`")).collect();
    let kinds = if kinds.len() > 15 { "every file".to_owned() } else { kinds.join(", ") };
    let dialects = if rule.any_dialect {
        ""
    } else {
        " It looks only at documents in the configured layout, or whose front matter names their kind."
    };
    format!(
        "# {code}\n\n{summary}\n\nDefault severity: **{severity}**{optional}. {fix} Looks at: {kinds}.{dialects}\n\n\
        ## Why\n\n{page}\n## Configuration\n\n```toml\n[rules]\n\
        \"{code}\" = \"off\" # or \"hint\", \"info\", \"warning\", \"error\"\n```\n\n\
        In one place: `<!-- archwright: allow {code} -- reason -->`.\n",
        code = rule.code,
        summary = rule.summary,
        severity = rule.severity,
        optional = if rule.optional { ", and off unless it is asked for" } else { "" },
        page = page::readable(rule.page),
    )
}

/// The part of a rule's page that fits a hover: what it finds and why that matters.
pub fn rule_hover(rule: &Rule) -> String {
    let tree = markdown::parse(rule.page);
    let end = tree.sections.get(1).map_or(rule.page.len(), |it| it.heading.start as usize);
    let why = rule.page.get(..end).unwrap_or_default().trim();
    format!("**{}** ({})\n\n{}\n\n{}\n\n[Documentation]({})", rule.code, rule.severity, rule.summary, why, rule.url())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(name: &str) -> Vec<String> {
        explain(name).unwrap_err().nearest
    }

    #[test]
    fn a_slip_of_any_kind_of_name_gets_the_name() {
        for (written, name) in [
            ("transactional outbx", "Transactional Outbox"),
            ("outboks", "Transactional Outbox"),
            ("saga patern", "Saga"),
            ("Sagga", "Saga"),
            ("link/dead-tagret", "link/dead-target"),
            ("links/dead-target", "link/dead-target"),
            ("dead-targt", "link/dead-target"),
            ("links/*", "link/*"),
            ("shcema/*", "schema/*"),
            ("reliabilty", "reliability"),
            ("concern", "concerns"),
            ("distribted", "distributed"),
            ("paterns", "patterns"),
        ] {
            assert!(meant(written).iter().any(|it| it == name), "{written}: {:?}", meant(written));
            assert!(explain(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_part_of_a_name_gets_the_names_that_have_it() {
        for (written, name) in [
            ("dead letter", "Dead Letter Channel"),
            ("circuit", "Circuit Breaker"),
            ("idempotent", "Idempotent Receiver"),
            ("ordering key", "channel/ordering-key-mismatch"),
            ("schema", "schema/*"),
            ("the asyncapi rules", "asyncapi/*"),
            ("incompatible change", "schema/incompatible-change"),
        ] {
            let meant = meant(written);
            assert!(meant.iter().any(|it| it == name) && meant.len() <= 6, "{written}: {meant:?}");
            assert!(meant.iter().all(|it| explain(it).is_ok()), "{meant:?}");
        }
    }

    #[test]
    fn what_is_like_nothing_gets_no_guess() {
        for name in ["no such thing", "", "rule", "zzzz", "xyz/*", "ünï-côdé 😀"] {
            let result = explain(name);
            let nearest = result.err().map(|it| it.nearest).unwrap_or_default();
            assert!(nearest.iter().all(|it| TOPICS.iter().any(|topic| topic.0 == it)), "{name}: {nearest:?}");
        }
    }
}
