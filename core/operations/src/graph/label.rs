//! Names as labels of drawings: whatever stands in a name, the drawing keeps its form.

use std::fmt::Write as _;

/// So many bytes of a name are drawn.
const MAX_NAME: usize = 120;

/// A language for drawings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    /// Mermaid, between quotes.
    Mermaid,
    /// Mermaid, up to the end of a line of a sequence.
    MermaidLine,
    /// Mermaid, behind a state or an arrow between states.
    MermaidState,
    /// DOT, between quotes.
    Dot,
    /// Text and values of attributes in SVG.
    Svg,
}

impl Notation {
    /// A name as a label can have it: what the language reads itself is written by its number or behind a mark.
    pub(crate) fn label(self, name: &str) -> String {
        let cut = name.floor_char_boundary(MAX_NAME);
        let (shown, more) = name.split_at(cut);
        let mut text = self.whole(shown);
        if !more.is_empty() {
            text.push('…');
        }
        text
    }

    /// The same, however long it is.
    pub(crate) fn whole(self, name: &str) -> String {
        let mut text = String::with_capacity(name.len());
        // Mermaid takes `wrap:` for an order, and looks for styles in all lines before it reads their numbers.
        let is_colon_read =
            self == Self::MermaidState || ["wrap", "style", "classDef"].iter().any(|it| name.contains(it));
        for it in name.chars() {
            if is_no_sign(it) {
                text.push(' ');
                continue;
            }
            match self {
                Self::Mermaid | Self::MermaidLine | Self::MermaidState if is_read_by_mermaid(it) => {
                    let is_kept = it == ':' && !is_colon_read || it == ';' && self == Self::Mermaid;
                    _ = if is_kept { write!(text, "{it}") } else { write!(text, "#{};", u32::from(it)) };
                }
                Self::Dot if matches!(it, '"' | '\\') => {
                    text.push('\\');
                    text.push(it);
                }
                Self::Svg if matches!(it, '<' | '>' | '&' | '"' | '\'') => _ = write!(text, "&#{};", u32::from(it)),
                _ => text.push(it),
            }
        }
        let bare = text.trim();
        // A label without any sign would be none.
        if bare.is_empty() { "?".to_owned() } else { bare.to_owned() }
    }
}

/// What ends a line somewhere, is no character of XML, or turns the direction of what is written behind it.
fn is_no_sign(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{61c}')
        || matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether Mermaid may read a mark in one of its diagrams: as the end of a string, a label or a line (`"`, `:`, `;`), a
/// comment or a directive (`%`), a number of a character (`#`), Markdown (`` ` ``), a formula (`$`), or HTML. Names of
/// channels seldom have any of them.
fn is_read_by_mermaid(it: char) -> bool {
    it.is_ascii_punctuation()
        && !matches!(it, '.' | '-' | '_' | '/' | '(' | ')' | ',' | '+' | '=' | '\'' | '?' | '!' | '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_language_reads_itself_is_no_part_of_a_label() {
        let hostile = "a\"b]#<i>`c|d;e:f%%{g}\\h\n$$i\u{202e}j";
        let quoted = "a#34;b#93;#35;#60;i#62;#96;c#124;d;e:f#37;#37;#123;g#125;#92;h #36;#36;i j";
        assert_eq!(Notation::Mermaid.label(hostile), quoted);
        assert_eq!(Notation::MermaidLine.label(hostile), quoted.replace("d;e", "d#59;e"));
        assert_eq!(Notation::MermaidState.label(hostile), quoted.replace("d;e:f", "d#59;e#58;f"));
        assert_eq!(Notation::MermaidLine.label("nowrap: a"), "nowrap#58; a");
        assert_eq!(Notation::Mermaid.label("style a: b"), "style a#58; b");
        assert_eq!(Notation::Dot.label(hostile), "a\\\"b]#<i>`c|d;e:f%%{g}\\\\h $$i j");
        assert_eq!(Notation::Svg.label(hostile), "a&#34;b]#&#60;i&#62;`c|d;e:f%%{g}\\h $$i j");
        for notation in [Notation::Mermaid, Notation::MermaidLine, Notation::MermaidState, Notation::Dot, Notation::Svg]
        {
            assert_eq!(notation.label("orders.placed.v1 (eu/orders)"), "orders.placed.v1 (eu/orders)");
            assert_eq!(notation.label(" \u{feff}\n"), "?");
            assert_eq!(notation.label(&"é".repeat(200)).chars().count(), 61);
        }
    }
}
