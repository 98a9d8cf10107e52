//! `channel/drawn-otherwise`: a diagram in which somebody writes or reads a channel whom its contract does not name
//! there.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::Spanned,
    values::party::{is_name, parties},
};
use archwright_syntax::markdown::CodeBlock;

use super::{ContractOf, contracts};
use crate::{
    diagram::{self, Arrow},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/drawn-otherwise",
    severity: Severity::Info,
    summary: "A diagram lets a service write or read a channel whose contract names others there.",
    applies_to: &[Kind::Design, Kind::FeatureReadme, Kind::Contract, Kind::Runbook],
    sources: &["A-085", "A-121"],
    page: include_str!("drawn_otherwise.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let text = &cx.facts().text;
    let Some(document) = cx.by_role().filter(|_| text.contains("mermaid")) else { return };
    let weighs = [Role::Alternatives, Role::Options, Role::Context, Role::Problem, Role::AntiPatterns];
    let aside = |it: &CodeBlock| document.role_of(it.section).is_some_and(|it| weighs.contains(&it));
    for block in document.tree.code_blocks.iter().filter(|it| !aside(it)) {
        let mut arrows = diagram::flowchart(text, block);
        arrows.extend(diagram::sequence(text, block));
        for arrow in &arrows {
            of_arrow(cx, arrow, &arrows, reporter);
        }
    }
}

/// An arrow that carries one channel with a contract, from its producer to a consumer.
fn of_arrow(cx: &Context, arrow: &Arrow, all: &[Arrow], reporter: &mut Reporter) {
    let mut channels = channels(cx, arrow.label);
    let Some(channel) = channels.pop().filter(|_| channels.is_empty()) else { return };
    let of_channel = contracts(cx, channel);
    let [ContractOf { file, mention, .. }] = of_channel.as_slice() else { return };
    let (Some(producer), Some(consumers)) = (mention.producer.as_deref(), mention.consumers.as_deref()) else {
        return;
    };
    let is_definite = |it: &Spanned| {
        let parties = parties(&it.text);
        !parties.is_empty() && parties.iter().all(|it| is_name(it))
    };
    if !is_definite(producer) || !is_definite(consumers) {
        return;
    }
    let ends =
        [(arrow.from, producer, "writes", "as its producer"), (arrow.to, consumers, "reads", "among its consumers")];
    let names_one =
        |it: &Spanned, name: &str| parties(&it.text).iter().any(|it| is_same(it, name)) || is_same(&it.text, name);
    // Whoever draws by other names than contracts have draws nothing that can be held against them.
    let is_known = |name: &str| names_one(producer, name) || names_one(consumers, name);
    if !all.iter().any(|it| is_known(it.from) || is_known(it.to)) {
        return;
    }
    for (name, named, verb, role) in ends {
        // A broker neither writes nor reads for itself.
        if !is_service(cx, name) || names_one(named, name) || is_team_of(named, name) {
            continue;
        }
        // `warehouse -->|reads stock.reserved.v1| basket` may be drawn from the reader.
        let turned = is_known(name) && claim_words("reads").are_in(arrow.label);
        if turned {
            continue;
        }
        let stated: Vec<String> = parties(&named.text).iter().map(|it| format!("`{it}`")).collect();
        let message = format!(
            "`{name}` {verb} `{channel}` in this diagram, and its contract names {} {role}; make the two agree.",
            enumerate(&stated, "and")
        );
        let related = cx.related(*file, named.span, format!("the contract says `{}`", named.text));
        reporter.report(arrow.span, message).related.push(related);
    }
}

/// The names in a label that contracts have.
fn channels<'t>(cx: &Context, label: &'t str) -> Vec<&'t str> {
    let is_of_name = |it: char| it.is_alphanumeric() || matches!(it, '.' | '-' | '_' | '/');
    let names = label.split(|it| !is_of_name(it)).map(|it| it.trim_matches(['.', '-', '/']));
    names.filter(|it| it.contains('.') && !contracts(cx, it).is_empty()).collect()
}

/// Whether a node is a service: neither a channel, nor what carries or stores messages, nor a word for any of them.
fn is_service(cx: &Context, name: &str) -> bool {
    let words = name.replace(['_', '-', '.'], " ");
    let is_other = ["diagram-brokers", "diagram-stores", "together", "dead-letters", "diagram-roles"];
    is_name(name)
        && name.len() > 2
        && contracts(cx, name).is_empty()
        && !is_other.iter().any(|kind| claim_words(kind).are_in(&words))
}

/// Whether two names are those of one service: `stock-api`, `Stock service` and `stock`.
fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (bare(one), bare(other));
    !one.is_empty() && !other.is_empty() && (one.contains(&other) || other.contains(&one))
}

/// A name without what only says that it is one of a service.
fn bare(name: &str) -> String {
    let words = name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    let kept = words.map(str::to_lowercase).filter(|it| !claim_words("service-words").are_all_of(it));
    kept.map(|it| it.trim_end_matches('s').to_owned()).collect()
}

/// Whether a contract names the team of a service only: `team-basket` for `basket`.
fn is_team_of(named: &Spanned, name: &str) -> bool {
    let name = bare(name);
    named.text.split([',', ';', '(', ')']).any(|it| bare(it).contains(&name))
}
