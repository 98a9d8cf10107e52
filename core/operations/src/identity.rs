//! Whether two names are those of one service: `orders-service`, `OrdersService` and `orders` are.

/// What two names have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// They have nothing in common.
    Other,
    /// They may be the same: one is a part of the other, or says nothing.
    Unclear,
    /// They differ in their form only.
    Same,
}

/// Words that say what a service is and not which.
const GENERIC: [&str; 42] = [
    "service",
    "svc",
    "srv",
    "api",
    "app",
    "application",
    "server",
    "worker",
    "consumer",
    "producer",
    "publisher",
    "subscriber",
    "listener",
    "handler",
    "processor",
    "microservice",
    "ms",
    "backend",
    "system",
    "module",
    "domain",
    "infrastructure",
    "infra",
    "event",
    "message",
    "messaging",
    "kafka",
    "rabbitmq",
    "rabbit",
    "nats",
    "async",
    "asyncapi",
    "bot",
    "job",
    "the",
    "main",
    "web",
    "impl",
    "node",
    "project",
    "org",
    "com",
];

/// Words of code that several services share, or that only tries others out.
const SHARED: [&str; 33] = [
    "common",
    "shared",
    "lib",
    "core",
    "sdk",
    "util",
    "utils",
    "utility",
    "kit",
    "framework",
    "building",
    "contract",
    "platform",
    "starter",
    "base",
    "client",
    "package",
    "pkg",
    "internal",
    "test",
    "example",
    "sample",
    "demo",
    "tool",
    "simulator",
    "generator",
    "seed",
    "script",
    "mock",
    "replay",
    "migration",
    "e2e",
    "bench",
];

/// The words of a name in lower case and in the singular, without those that say nothing.
fn words(name: &str) -> Vec<String> {
    all_words(name).into_iter().filter(|it| !GENERIC.contains(&it.as_str())).collect()
}

fn all_words(name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut last: Option<char> = None;
    for it in name.chars() {
        if !it.is_alphanumeric() {
            last = None;
            continue;
        }
        let is_hump = it.is_uppercase() && last.is_some_and(|it| it.is_lowercase() || it.is_numeric());
        match found.last_mut().filter(|_| last.is_some() && !is_hump) {
            Some(word) => word.extend(it.to_lowercase()),
            None => found.push(it.to_lowercase().collect()),
        }
        last = Some(it);
    }
    found.iter().map(|it| bare(it)).collect()
}

/// A word without its plural, and without `service` at its end: `orderservice`.
fn bare(word: &str) -> String {
    let shorter = ["microservice", "service", "svc", "api", "app"].iter().find_map(|it| word.strip_suffix(it));
    let word = shorter.filter(|it| it.len() > 2).unwrap_or(word);
    let is_plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    match word.strip_suffix("ies").filter(|it| it.len() > 2) {
        Some(stem) => format!("{stem}y"),
        None if is_plural => word.strip_suffix('s').unwrap_or(word).to_owned(),
        None => word.to_owned(),
    }
}

/// What two names have to do with each other.
pub(crate) fn likeness(a: &str, b: &str) -> Likeness {
    let (all_a, all_b) = (all_words(a), all_words(b));
    let (a, b) = (words(a), words(b));
    if a.is_empty() || b.is_empty() {
        return Likeness::Unclear;
    }
    let (whole_a, whole_b) = (a.concat(), b.concat());
    if whole_a == whole_b {
        return Likeness::Same;
    }
    // `pay` and `payment`, `auth` and `authentication`.
    let is_near = |a: &String, b: &String| {
        let short = a.len().min(b.len());
        let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
        same >= 3 && (same >= short || same >= 5)
    };
    let is_contained = whole_a.contains(whole_b.as_str()) || whole_b.contains(whole_a.as_str());
    let initials = |words: &[String]| words.iter().filter_map(|it| it.chars().next()).collect::<String>();
    let is_short_of = |short: &str, words: &[String]| short.len() > 1 && initials(words).starts_with(short);
    let is_short = is_short_of(&whole_b, &all_a) || is_short_of(&whole_a, &all_b);
    if is_contained || is_short || a.iter().any(|a| b.iter().any(|b| is_near(a, b))) {
        return Likeness::Unclear;
    }
    Likeness::Other
}

/// Whether a name has a word that says which service it is.
pub(crate) fn is_telling(name: &str) -> bool {
    !words(name).is_empty()
}

/// Whether a folder or name is that of code which several services share, or which tries others out.
pub(crate) fn is_shared(name: &str) -> bool {
    all_words(name).iter().any(|it| SHARED.contains(&it.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_form_or_another_are_the_same() {
        for (a, b) in [
            ("orders-service", "OrdersService"),
            ("orders", "order-api"),
            ("orderservice", "Orders"),
            ("Ordering.API", "ordering"),
            ("payment_worker", "PaymentService"),
            ("deliveries", "delivery-svc"),
        ] {
            assert_eq!(likeness(a, b), Likeness::Same, "{a} {b}");
        }
    }

    #[test]
    fn names_with_something_in_common_are_not_told_apart() {
        for (a, b) in [
            ("checkout", "order-checkout"),
            ("payments", "pay"),
            ("auth", "authentication-service"),
            ("service", "orders"),
            ("order-history", "order-placement"),
            ("ops", "order-processing-system-service"),
            ("invoicing", "invoices"),
        ] {
            assert_eq!(likeness(a, b), Likeness::Unclear, "{a} {b}");
        }
        assert_eq!(likeness("billing", "search"), Likeness::Other);
        assert_eq!(likeness("billing", "payment-capture"), Likeness::Other);
    }

    #[test]
    fn code_of_several_services_is_known_by_its_name() {
        assert!(is_shared("Shop.Common") && is_shared("shared-lib") && is_shared("BuildingBlocks"));
        assert!(!is_shared("billing") && !is_shared("library-catalog"));
    }
}
