//! `evidence/missing-job`: a document relies on a job in the pipeline, and no pipeline has it.

use archwright_knowledge::claim_words;
use archwright_model::facts::runs::slug;

use super::{is_described, is_name, is_still_to_make, is_whole_repository};
use crate::{
    claim::{claims, is_claimed, words},
    prelude::*,
    stated::{Named, named, within},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "evidence/missing-job",
    severity: Severity::Warning,
    summary: "A document relies on a job in CI that no pipeline of the repository has.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &["A-203", "A-323", "A-235", "A-373"],
    page: include_str!("missing_job.md"),
    check,
    ..Rule::OURS
};

/// Pipelines that are described in languages that are not read.
const OTHERS: [&str; 4] = ["Jenkinsfile", "buildspec.yml", "Earthfile", "semaphore.yml"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, jobs, inside) = (words(cx), claim_words("job-kinds"), claim_words("in-a-pipeline"));
    if !words.has(inside) && !words.has(jobs) {
        return;
    }
    let has_pipeline = cx.is_spoken_of(Key::Pipelines);
    // Where nothing is checked at all, it is enough to say so in the design.
    if !has_pipeline && cx.facts().kind != Kind::Design {
        return;
    }
    if !has_pipeline && (OTHERS.iter().any(|it| cx.count_of_name(it) > 0) || !is_whole_repository(cx)) {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    let mut unnamed = None;
    for claim in claims(cx) {
        let speaks = words.has_within(inside, claim.span.range());
        if !speaks && !words.has_within(jobs, claim.span.range()) || is_still_to_make(claim.text) {
            continue;
        }
        // A job may run anywhere; one in a sentence on the pipeline runs there.
        let is_of_pipeline = speaks || claim_words("pipeline-things").are_in(claim.text);
        let loose = claim_words("job-kinds-in-ci");
        let is_job = |it: &Named| is_of_pipeline && it.is_called(jobs) || speaks && it.is_called(loose);
        let mut is_named = false;
        for it in named(claim.text).into_iter().filter(|it| is_name(it.name) && is_job(it)) {
            is_named = true;
            let last = it.name.rsplit('/').next().unwrap_or(it.name);
            let is_there = || {
                let names = [it.name.to_ascii_lowercase(), last.to_ascii_lowercase(), slug(it.name)];
                names.iter().any(|it| cx.is_spoken_of(Key::Runs(it.as_str().into()))) || is_described(cx, it.name)
            };
            if told.contains(&it.name) || is_there() {
                continue;
            }
            told.push(it.name);
            let what =
                if has_pipeline { "no pipeline of this repository has it" } else { "the repository has no pipeline" };
            let message =
                format!("`{}` is relied on as a job in CI, and {what}. Add it, or say what checks this now.", it.name);
            reporter.report(within(&claim, &it.at), message);
        }
        if !has_pipeline && !is_named && unnamed.is_none() && speaks && is_claimed(claim.text) {
            unnamed = inside.first(claim.text).map(|it| within(&claim, &it));
        }
    }
    if let Some(place) = unnamed.filter(|_| told.is_empty()) {
        let message = "What is checked in CI here is checked nowhere: the repository has no pipeline. Add the job, or \
            say who checks it.";
        reporter.report(place, message);
    }
}
