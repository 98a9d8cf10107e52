//! `document/secret-in-text`: a password or token that stands in a document.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/secret-in-text",
    severity: Severity::Warning,
    summary: "A password or token stands in a document, where everybody can read it.",
    applies_to: SECRETS_IN,
    any_dialect: true,
    sources: &["A-208", "A-239"],
    page: include_str!("secret_in_text.md"),
    check,
    ..Rule::OURS
};

/// Documents, and the descriptions of contracts.
const SECRETS_IN: &[Kind] = &[
    Kind::FeatureReadme,
    Kind::Design,
    Kind::Adr,
    Kind::Rfc,
    Kind::Contract,
    Kind::Runbook,
    Kind::Launch,
    Kind::Asyncapi,
    Kind::ImplementationPlan,
    Kind::MigrationPlan,
    Kind::ReadinessReview,
];

const MESSAGE: &str = "Whoever reads this document or its history has this secret. Change it, and let the command read \
    it from the environment or from the store of secrets.";

fn check(cx: &Context, reporter: &mut Reporter) {
    let text: &str = &cx.facts().text;
    for at in memchr::memmem::find_iter(text.as_bytes(), "://") {
        if let Some(secret) = in_address(text, at + 3) {
            reporter.report(secret, MESSAGE.to_owned());
        }
    }
    for secret in text.lines().flat_map(|line| of_curl(line).into_iter().chain(beside_key_id(line))) {
        let start = secret.as_ptr() as usize - text.as_ptr() as usize;
        reporter.report(Span::new(start, start + secret.len()), MESSAGE.to_owned());
    }
    let has = |it: &str| memchr::memmem::find(text.as_bytes(), it.as_bytes()).is_some();
    if !["assword", "ASSW", "ecret", "SECRET"].into_iter().any(has) {
        return;
    }
    for (at, sign) in text.char_indices().filter(|it| matches!(it.1, '=' | ' ')) {
        let before = text.get(..at).unwrap_or_default();
        let start =
            before.rfind(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '_' | '-'))).map_or(0, |it| it + 1);
        let name = before.get(start..).unwrap_or_default();
        let is_option = name.starts_with("--");
        let names_secret = OPTIONS.iter().any(|it| name.trim_start_matches('-').eq_ignore_ascii_case(it))
            || name == name.to_ascii_uppercase() && VARIABLES.iter().any(|it| name.ends_with(it));
        // `With the password Blue-2031-sky`, `Password: Blue-2031-sky`.
        let label = before.trim_end_matches(['*', ' ']).strip_suffix(':').map(|it| it.trim_end_matches('*'));
        let labelled = label.and_then(|it| it.rsplit(|it: char| !it.is_ascii_alphanumeric()).next());
        let is_told =
            sign == ' ' && (name == "password" || labelled.is_some_and(|it| it.eq_ignore_ascii_case("password")));
        if !(names_secret || is_told) || sign == ' ' && !is_option && !is_told {
            continue;
        }
        let value = value_at(text, at + 1, |it| it.is_whitespace() || matches!(it, '`' | '"' | '\'' | '|' | '&'));
        let long_enough = |it: &Span| !is_told || it.of(text).len() >= 8;
        if let Some(secret) = value.filter(|it| is_literal(it.of(text)) && long_enough(it)) {
            reporter.report(secret, MESSAGE.to_owned());
        }
    }
}

/// Options whose value is a secret.
const OPTIONS: [&str; 5] = ["password", "passwd", "client-secret", "secret-key", "sasl-password"];

/// Variables of the environment whose value is a secret.
const VARIABLES: [&str; 5] = ["PASSWORD", "PASSWD", "PGPASSWORD", "SECRET_ACCESS_KEY", "CLIENT_SECRET"];

/// The password of `scheme://user:password@host`, where the host is none of one's own machine.
fn in_address(text: &str, start: usize) -> Option<Span> {
    let ends = |it: char| it.is_whitespace() || matches!(it, '`' | '"' | '\'' | '<' | '>' | ')' | '/' | ',');
    let authority = value_at(text, start, ends)?.of(text);
    let (user, host) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let host = host.split(':').next().unwrap_or_default();
    let is_local = ["localhost", "127.0.0.1", "0.0.0.0", "host", "hostname", "example.com"].contains(&host)
        || host.ends_with(".example.com")
        || host.is_empty();
    // `guest:guest`, `user:user`: nobody takes it for a secret.
    let from = start + name.len() + 1;
    (!is_local && name != password && is_literal(password)).then(|| Span::new(from, from + password.len()))
}

/// The password of `curl -u user:password`, where it is asked of another machine than one's own.
fn of_curl(line: &str) -> Option<&str> {
    let (_, options) = line.split_once("curl ")?;
    let is_own = ["localhost", "127.0.0.1", "0.0.0.0", "example.com"].iter().any(|it| options.contains(it));
    let given = ["-u ", "--user "].iter().find_map(|it| options.split_once(it))?.1;
    let login = given.trim_start_matches(['"', '\'']).split([' ', '"', '\'', '`']).next()?;
    let (name, password) = login.split_once(':')?;
    (!is_own && name != password && password.len() >= 8 && is_literal(password)).then_some(password)
}

/// The secret of an access key that stands on the line of its id: forty signs beside `AKIA` and sixteen.
fn beside_key_id(line: &str) -> Option<&str> {
    let is_sign = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '/');
    let words = || line.split(|it: char| !is_sign(it));
    let is_id = |it: &str| it.len() == 20 && (it.starts_with("AKIA") || it.starts_with("ASIA"));
    if !words().any(|it| is_id(it) && !it.contains("EXAMPLE")) {
        return None;
    }
    let mixes = |it: &str| {
        it.contains(|it: char| it.is_ascii_digit())
            && it.contains(|it: char| it.is_ascii_lowercase())
            && it.contains(|it: char| it.is_ascii_uppercase())
    };
    words().find(|it| it.len() == 40 && mixes(it) && !it.contains("EXAMPLE"))
}

/// What stands at a place up to an end, without the quotes around it.
fn value_at(text: &str, start: usize, ends: impl Fn(char) -> bool) -> Option<Span> {
    let rest = text.get(start..)?;
    let quotes = rest.len() - rest.trim_start_matches(['"', '\'', '`']).len();
    let value = rest.get(quotes..)?;
    let end = value.find(ends).unwrap_or(value.len());
    (end > 0).then(|| Span::new(start + quotes, start + quotes + end))
}

/// Whether a value is a secret itself: no variable, no placeholder, no word that says where it comes from.
fn is_literal(value: &str) -> bool {
    /// What examples write in the place of a secret.
    const EXAMPLES: [&str; 14] = [
        "password",
        "passwd",
        "pass",
        "secret",
        "changeme",
        "change-me",
        "change_me",
        "example",
        "redacted",
        "hidden",
        "your",
        "dummy",
        "hunter2",
        "placeholder",
    ];
    let lower = value.to_ascii_lowercase();
    let is_masked = |it: char| value.len() > 2 && value.chars().all(|sign| sign == it);
    let has_digit = value.contains(|it: char| it.is_ascii_digit());
    let has_letter = value.contains(|it: char| it.is_ascii_alphabetic());
    value.len() >= 6
        && has_digit
        && has_letter
        && !value.contains(['$', '<', '{', '[', '(', '*', '%', '…'])
        && !value.contains("...")
        && !EXAMPLES.iter().any(|it| lower.contains(it))
        && !['x', 'X', '.'].into_iter().any(is_masked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_what_stands_for_them() {
        let told = |text: &str| text.find("://").is_some_and(|at| in_address(text, at + 3).is_some());
        assert!(told("psql postgres://ops:Summer2031x@stock-db.internal/stock"));
        assert!(told("amqps://relay:k3yR1ngs@mq.internal:5671/"));
        for text in [
            "postgres://ops:$PGPASSWORD@stock-db.internal/stock",
            "postgres://ops:<password>@stock-db.internal/stock",
            "amqp://guest:guest@mq.internal",
            "amqp://ops:abc123def@localhost:5672",
            "https://stock.internal:8443/a?b=c@d",
            "postgres://ops:password1@stock-db.internal",
            "https://team@git.internal",
        ] {
            assert!(!told(text), "{text}");
        }
        assert!(is_literal("s3cr3tless9") && !is_literal("xxxxxx") && !is_literal("${PW}"));
    }
}
