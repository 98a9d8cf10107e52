//! Names in kebab-case: lower-case letters and digits in words joined by single hyphens.

/// Whether the name is in kebab-case.
pub(super) fn is_kebab(name: &str) -> bool {
    name.split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit()))
}

/// The name in kebab-case, `order-returns` for `Order_Returns` and `OrderReturns`; empty if it has no letter or digit.
pub(super) fn kebab(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    let mut before = ' ';
    for it in name.chars() {
        let starts_word = it.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        if starts_word || !it.is_ascii_alphanumeric() {
            words.push(' ');
        }
        if it.is_ascii_alphanumeric() {
            words.push(it.to_ascii_lowercase());
        }
        before = it;
    }
    words.split_whitespace().collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_kebab_case() {
        for (name, expected) in [
            ("Order_Returns", "order-returns"),
            ("OrderReturns", "order-returns"),
            ("v2 API", "v2-api"),
            ("--a--b", "a-b"),
            ("é", ""),
        ] {
            assert_eq!(kebab(name), expected);
            assert!(!is_kebab(name));
            assert!(expected.is_empty() || is_kebab(expected));
        }
    }
}
