//! The grammar of names: literal text with words and numbers in angle brackets.

use smallvec::{SmallVec, smallvec};

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

    /// Whether `name` follows the grammar. A word may have further dotted words inside (`shop.orders.placed.v1`), as
    /// long as the grammar separates words by dots.
    pub fn matches(&self, name: &str) -> bool {
        matches(&self.parts, name)
    }

    /// The version number at the end of a name, if the grammar ends in `<N>`: `orders.placed.v2` has 2.
    pub fn version(&self, name: &str) -> Option<u32> {
        let [.., Part::Literal(mark), Part::Number] = self.parts.as_slice() else { return None };
        name.rsplit_once(mark.as_str()).and_then(|it| it.1.parse().ok())
    }
}

/// For each place of a text, from its start to its end, whether the parts so far may end there.
type Places = SmallVec<[bool; 96]>;

fn matches(parts: &[Part], text: &str) -> bool {
    let text = text.as_bytes();
    let mut places: Places = smallvec![false; text.len() + 1];
    if let Some(start) = places.first_mut() {
        *start = true;
    }
    for part in parts {
        places = match part {
            Part::Literal(it) => behind_literal(it.as_bytes(), text, &places),
            Part::Word => behind_word(text, &places),
            Part::Number => behind_number(text, &places),
        };
    }
    places.last() == Some(&true)
}

fn behind_literal(literal: &[u8], text: &[u8], starts: &Places) -> Places {
    let is_end = |end: usize| {
        let start = end.checked_sub(literal.len())?;
        Some(starts.get(start) == Some(&true) && text.get(start..end) == Some(literal))
    };
    (0..=text.len()).map(|end| is_end(end) == Some(true)).collect()
}

/// A word, or dotted words. One look at each character, however many places a word may start at: what may follow
/// depends on nothing but the character before.
fn behind_word(text: &[u8], starts: &Places) -> Places {
    let mut ends: Places = smallvec![false];
    let (mut inside, mut before) = (false, b'.');
    for (byte, starts) in text.iter().zip(starts) {
        let goes_on = match byte {
            b'a'..=b'z' => true,
            b'0'..=b'9' => before != b'.',
            b'-' | b'.' => !matches!(before, b'-' | b'.'),
            _ => false,
        };
        inside = inside && goes_on || *starts && byte.is_ascii_lowercase();
        ends.push(inside && byte.is_ascii_alphanumeric());
        before = *byte;
    }
    ends
}

/// All digits that stand there, without a leading zero.
fn behind_number(text: &[u8], starts: &Places) -> Places {
    let mut ends: Places = smallvec![false; text.len() + 1];
    // Of starts within one run of digits all end with the run.
    let mut counts = false;
    for (at, (byte, starts)) in text.iter().zip(starts).enumerate() {
        let is_over = text.get(at + 1).is_none_or(|it| !it.is_ascii_digit());
        if !byte.is_ascii_digit() {
            counts = false;
            continue;
        }
        let at_zero = *starts && *byte == b'0' && is_over;
        counts |= *starts && *byte != b'0';
        if let Some(end) = ends.get_mut(at + 1).filter(|_| is_over && (counts || at_zero)) {
            *end = true;
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_grammar_wants_lower_case_words_and_a_version() {
        let pattern = NamePattern::default();
        assert_eq!(NamePattern::new("<domain>.<event>.v<N>").unwrap(), pattern);
        for good in ["orders.placed.v1", "shop.orders.placed.v12", "order-items.re-priced.v3", "quotes.issued00017.v1"]
        {
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

    /// By trying everything.
    fn plainly(parts: &[Part], text: &str) -> bool {
        let is_word = |it: &str| {
            it.split('.').all(|it| {
                it.starts_with(|it: char| it.is_ascii_lowercase())
                    && !it.ends_with('-')
                    && !it.contains("--")
                    && it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
            })
        };
        match parts.split_first() {
            None => text.is_empty(),
            Some((Part::Literal(it), rest)) => text.strip_prefix(it.as_str()).is_some_and(|text| plainly(rest, text)),
            Some((Part::Number, rest)) => {
                let digits = text.bytes().take_while(u8::is_ascii_digit).count();
                digits > 0 && !(digits > 1 && text.starts_with('0')) && plainly(rest, &text[digits..])
            }
            Some((Part::Word, rest)) => {
                (1..=text.len()).any(|end| is_word(&text[..end]) && plainly(rest, &text[end..]))
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn one_look_at_each_character_is_as_good_as_trying_everything(
            text in "[ab0v1._-]{0,14}",
            source in 0_usize..5,
        ) {
            let source = ["<domain>.<event>.v<N>", "<a>-<b>", "v<N>.<a>", "<a>.<N>.<N>", "<a>v<N>b"][source];
            let pattern = NamePattern::new(source).unwrap();
            proptest::prop_assert_eq!(pattern.matches(&text), plainly(&pattern.parts, &text));
        }
    }

    #[test]
    fn long_names_take_no_time() {
        let name = "a.".repeat(100_000) + "v1";
        assert!(NamePattern::default().matches(&name));
        assert!(!NamePattern::default().matches(&(name + "-")));
    }

    #[test]
    fn a_grammar_that_cannot_be_read_says_why() {
        assert!(NamePattern::new("<a.v<N>").is_ok_and(|it| !it.matches("x.v1")) || NamePattern::new("<a").is_err());
        assert!(NamePattern::new("<a><b>").unwrap_err().contains("separator"));
    }
}
