//! `document/vague-concern`: a system concern that names what it should say, and does not say it.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/vague-concern",
    severity: Severity::Info,
    summary: "A system concern names a time without a number, or several tenants without what keeps them apart.",
    applies_to: Kind::DOCUMENTS,
    sources: &["A-066", "A-213"],
    page: include_str!("vague_concern.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    for RoleValue { role, value: said } in document.concerns() {
        let message = match role {
            Role::DrPosture => unmeasured(&said.text).map(|it| {
                format!("`{it}` has no number here. Name how much is lost and how long it takes, or `none`.")
            }),
            Role::Tenancy => has_bare_tenants(&said.text).then(|| {
                "Several tenants, and nothing keeps them apart. Name it: a field in each message, a channel, schema \
                 or cluster for each."
                    .to_owned()
            }),
            _ => None,
        };
        if let Some(message) = message {
            reporter.report(said.span, message);
        }
    }
}

/// The first of the two times of recovery that is named without a number: `RPO small`.
fn unmeasured(said: &str) -> Option<&'static str> {
    /// What is as good as a number.
    const DEFINITE: [&str; 9] = ["none", "zero", "no ", "nothing", "not applicable", "n/a", "see ", "same as", "tbd"];
    // A number anywhere may be that of either.
    let lower = said.to_lowercase();
    if said.contains(|it: char| it.is_ascii_digit()) || said.contains(['[', '`', '<']) {
        return None;
    }
    let clauses = || lower.split([',', ';', '.']);
    ["RPO", "RTO"].into_iter().find(|name| {
        let of = clauses().find(|it| it.split_whitespace().any(|it| it.eq_ignore_ascii_case(name)));
        of.is_some_and(|it| it.split_whitespace().count() > 1 && !DEFINITE.iter().any(|word| it.contains(word)))
    })
}

/// Whether a value says that there are several tenants, and nothing else.
fn has_bare_tenants(said: &str) -> bool {
    let bare: String = said.to_lowercase().chars().filter(|it| it.is_alphanumeric()).collect();
    matches!(bare.as_str(), "multitenant" | "multipletenants" | "multitenancy" | "severaltenants" | "manytenants")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_number() {
        assert_eq!(unmeasured("RPO small, RTO short, warm standby"), Some("RPO"));
        for said in
            ["RPO 1 minute, RTO short", "RPO none, RTO none", "warm standby", "RPO", "RPO and RTO: see [DR](x.md)"]
        {
            assert_eq!(unmeasured(said), None, "{said}");
        }
    }

    #[test]
    fn tenants_are_kept_apart() {
        assert!(has_bare_tenants("Multi-tenant.") && has_bare_tenants("multi tenant"));
        assert!(!has_bare_tenants("Multi-tenant, by `tenant_id`") && !has_bare_tenants("Single tenant"));
    }
}
