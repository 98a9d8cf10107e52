//! How names compare: letter case, hyphens and plural do not matter.

/// The form of a name under which `Dead-Letter Queues` and `dead letter queue` are the same.
///
/// Words are lower-cased, joined by one space, and folded so that singular and plural meet (`queries` and `query`,
/// `boxes` and `box`).
pub(crate) fn key(name: &str) -> String {
    let mut res = String::with_capacity(name.len());
    for word in name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()) {
        if !res.is_empty() {
            res.push(' ');
        }
        let word = word.to_lowercase();
        let word = match word.strip_suffix('s') {
            Some(singular) if word.len() > 3 && !singular.ends_with(['s', 'u']) => singular,
            _ => &word,
        };
        let word = word.strip_suffix('e').unwrap_or(word);
        match word.strip_suffix('y') {
            Some(stem) if !stem.is_empty() => {
                res += stem;
                res.push('i');
            }
            _ => res += word,
        }
    }
    res
}

/// The other number of a name's last word: the plural of a singular, the singular of a plural.
pub(crate) fn other_number(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let ends = |suffixes: &[&str]| suffixes.iter().any(|it| lower.ends_with(it));
    if ends(&["ss", "us", "x", "ch", "sh"]) {
        return format!("{name}es");
    }
    if let Some(singular) = name.strip_suffix('s') {
        return singular.to_owned();
    }
    match name.strip_suffix('y') {
        Some(stem) if !ends(&["ay", "ey", "oy", "uy"]) => format!("{stem}ies"),
        _ => format!("{name}s"),
    }
}

/// The slug of a name: lower-case words joined by hyphens.
pub(crate) fn slug(name: &str) -> String {
    let words = name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_case_and_hyphens_do_not_matter() {
        for (left, right) in [
            ("Dead-Letter Queues", "dead letter queue"),
            ("Competing Consumer", "competing-consumers"),
            ("outboxes", "Outbox"),
            ("caches", "cache"),
            ("message bus", "Message Buses"),
            ("queries", "query"),
            ("Leases", "lease"),
        ] {
            assert_eq!(key(left), key(right), "{left} and {right}");
        }
        assert_ne!(key("message bus"), key("message bu"));
    }

    #[test]
    fn the_other_number_reads_well() {
        let others = ["Saga", "Competing Consumers", "Message Bus", "Outbox", "CDC", "Read Replica"].map(other_number);
        assert_eq!(others, ["Sagas", "Competing Consumer", "Message Buses", "Outboxes", "CDCs", "Read Replicas"]);
    }
}
