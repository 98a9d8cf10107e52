//! `link/dead-target`: a relative link to a file that does not exist.

use archwright_syntax::markdown::decode_target;

use super::{
    meant::hint,
    once::{self, Found, Once},
    target::{Links, Target, written},
};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "link/dead-target",
    severity: Severity::Error,
    summary: "A relative link leads to a file that does not exist.",
    applies_to: &[
        Kind::FeatureReadme,
        Kind::Design,
        Kind::Adr,
        Kind::Rfc,
        Kind::Overview,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
        Kind::Contract,
        Kind::Runbook,
        Kind::Launch,
        Kind::Catalog,
        Kind::Standard,
        Kind::Shared,
        Kind::Document,
    ],
    any_dialect: true,
    sources: &["A-097", "A-118", "A-127", "A-110", "A-130", "A-137"],
    page: include_str!("dead_target.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let links = Links::of(cx);
    let mut once = Once::default();
    links.dead(|link, target| {
        let Target::Missing = target else { return };
        let meant = links.meant(link);
        let new = meant.as_ref().map(|it| written(cx, link, it.target));
        let hint =
            new.as_ref().map_or_else(String::new, |it| hint(&decode_target(cx.facts().slice(link.path_span)), &it.0));
        if let Some(address) = address(cx.facts().slice(link.path_span)) {
            let message = format!("`{address}` is an address without `mailto:`, so that the link leads to a file.");
            let data = format!("mailto:{address}");
            once.add(cx, &RULE, Found { span: link.path_span, message, data, fixable: true, certain: true });
            return;
        }
        if is_host(&decode_target(cx.facts().slice(link.path_span))) {
            let written = cx.facts().slice(link.path_span);
            let message = format!("`{written}` is an address without `https://`, so that the link leads to a file.");
            let data = format!("https://{written}");
            once.add(cx, &RULE, Found { span: link.path_span, message, data, fixable: true, certain: false });
            return;
        }
        let whole = cx.facts().slice(link.path_span);
        if HOMES.iter().any(|it| whole.starts_with(it)) && whole.matches('/').count() > 2 {
            let message = format!("`{whole}` is a path on the machine of one person, and dead for all others.");
            let data = String::new();
            once.add(cx, &RULE, Found { span: link.path_span, message, data, fixable: false, certain: false });
            return;
        }
        // A walk lists a symbolic link whether or not anything is behind it.
        let fault = if cx.is_listed(&link.path) { "is a symbolic link that leads nowhere" } else { "does not exist" };
        let found = Found {
            span: link.path_span,
            message: format!("`{}` {fault}.{hint}", link.path),
            data: new.unwrap_or_default().1,
            fixable: meant.is_some(),
            certain: meant.is_some_and(|it| it.certain),
        };
        once.add(cx, &RULE, found);
    });
    once.report(cx, reporter);
}

/// Where people have their files on a machine.
const HOMES: [&str; 3] = ["/Users/", "/home/", "/private/tmp/"];

/// Whether an address of the web stands where a path is expected: `example.org/orders`, `www.example.org`,
/// `chat.example.org`.
fn is_host(written: &str) -> bool {
    let (host, has_path) = written.split_once('/').map_or((written, false), |it| (it.0, true));
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |it: &&str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let is_top = labels.last().is_some_and(|it| TOPS.iter().any(|top| top.eq_ignore_ascii_case(it)));
    let is_long = labels.len() > if has_path { 1 } else { 2 };
    is_top && is_long && labels.iter().all(is_label)
}

/// Ends of the names of hosts that are no usual endings of files.
const TOPS: [&str; 9] = ["com", "org", "net", "io", "dev", "gov", "edu", "cloud", "uk"];

/// An address of electronic mail that stands where a path is expected: `team@example.org`.
fn address(written: &str) -> Option<&str> {
    let (name, host) = written.split_once('@')?;
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_' | '+');
    let is_host = host.contains('.') && host.split('.').all(|it| !it.is_empty()) && host.chars().all(is_part);
    let (_, top) = host.rsplit_once('.')?;
    let is_top = top.len() >= 2 && top.bytes().all(|it| it.is_ascii_alphabetic()) && !NO_TOPS.contains(&top);
    (!name.is_empty() && name.chars().all(is_part) && is_host && is_top).then_some(written)
}

/// Endings of files behind an `@`: `logo@2x.png`.
const NO_TOPS: [&str; 12] = ["png", "jpg", "jpeg", "svg", "gif", "webp", "md", "html", "json", "yaml", "yml", "pdf"];

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    if finding.data.starts_with("mailto:") || finding.data.starts_with("https://") {
        let edits = once::edits(cx, finding, &finding.data);
        let fix = edit_here(cx, format!("Write `{}`", finding.data), edits);
        return fix.map(|it| Fix { preferred: finding.certain, ..it }).into_iter().collect();
    }
    super::link_to(cx, finding, format!("Link to `{}`", decode_target(&finding.data)))
}
