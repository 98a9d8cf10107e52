//! The grammar of names: literal text with words and numbers in angle brackets.

/// A name grammar such as `<domain>.<event>.v<N>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    source: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    /// Lower-case letters, digits and single hyphens, starting with a letter.
    Word,
    /// Digits without a leading zero.
    Number,
}

impl Default for NamePattern {
    fn default() -> Self {
        let parts = vec![Part::Word, Part::Literal(".".into()), Part::Word, Part::Literal(".v".into()), Part::Number];
        Self { source: "<domain>.<event>.v<N>".into(), parts }
    }
}

impl NamePattern {
    /// Reads a grammar.
    ///
    /// # Errors
    /// A sentence if a bracket is not closed or two placeholders touch.
    pub fn new(source: &str) -> Result<Self, String> {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = source;
        while let Some((literal, tail)) = rest.split_once('<') {
            let Some((name, after)) = tail.split_once('>') else {
                return Err(format!("`{source}` has a `<` without a `>`"));
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            } else if !parts.is_empty() {
                return Err(format!("`{source}` needs a separator such as `.` before `<{name}>`"));
            }
            parts.push(if name == "N" { Part::Number } else { Part::Word });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self { source: source.to_owned(), parts })
    }

    /// The grammar as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether `name` follows the grammar. A word may have further dotted words inside (`shop.orders.placed.v1`), as long
    /// as the grammar separates words by dots.
    pub fn matches(&self, name: &str) -> bool {
        matches(&self.parts, name)
    }

    /// The version number at the end of a name, if the grammar ends in `<N>`: `orders.placed.v2` has 2.
    pub fn version(&self, name: &str) -> Option<u32> {
        let [.., Part::Literal(mark), Part::Number] = self.parts.as_slice() else { return None };
        name.rsplit_once(mark.as_str()).and_then(|it| it.1.parse().ok())
    }
}

fn matches(parts: &[Part], text: &str) -> bool {
    match parts.split_first() {
        None => text.is_empty(),
        Some((Part::Literal(it), rest)) => text.strip_prefix(it.as_str()).is_some_and(|text| matches(rest, text)),
        Some((Part::Number, rest)) => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            digits > 0 && !(digits > 1 && text.starts_with('0')) && text.get(digits..).is_some_and(|it| matches(rest, it))
        }
        Some((Part::Word, rest)) => text
            .char_indices()
            .map(|(at, char)| at + char.len_utf8())
            .take_while(|&end| {
                text.get(..end).is_some_and(|it| {
                    it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, b'-' | b'.' | b'_'))
                })
            })
            .any(|end| text.get(..end).is_some_and(is_word) && text.get(end..).is_some_and(|it| matches(rest, it))),
    }
}

/// A word, or dotted words.
fn is_word(text: &str) -> bool {
    text.split('.').all(|it| {
        it.starts_with(|it: char| it.is_ascii_lowercase())
            && !it.ends_with('-')
            && !it.contains("--")
            && !it.contains('_')
            && it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_grammar_wants_lower_case_words_and_a_version() {
        let pattern = NamePattern::default();
        assert_eq!(NamePattern::new("<domain>.<event>.v<N>").unwrap(), pattern);
        for good in ["orders.placed.v1", "shop.orders.placed.v12", "order-items.re-priced.v3", "quotes.issued00017.v1"] {
            assert!(pattern.matches(good), "{good}");
        }
        for bad in [
            "orders.placed",
            "OrderEvents",
            "events",
            "orders.placed.v01",
            "orders..v1",
            "orders.placed.v1.dlq",
            "orders_x.placed.v1",
            "é.a.v1",
        ] {
            assert!(!pattern.matches(bad), "{bad}");
        }
        assert_eq!(pattern.version("orders.placed.v12"), Some(12));
    }

    #[test]
    fn a_grammar_that_cannot_be_read_says_why() {
        assert!(NamePattern::new("<a.v<N>").is_ok_and(|it| !it.matches("x.v1")) || NamePattern::new("<a").is_err());
        assert!(NamePattern::new("<a><b>").unwrap_err().contains("separator"));
    }
}
