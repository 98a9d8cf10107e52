//! Quoted text made safe for terminals and readers: characters that act or hide are shown as escapes.

use std::borrow::Cow;

/// Whether a character would act on a terminal or deceive a reader instead of being seen.
pub fn is_hidden(char: char) -> bool {
    match char {
        '\t' | ' '..='~' => false,
        // Marks of direction, zero-width characters, line and paragraph separators, invisible operators, tags.
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        char => char.is_control(),
    }
}

/// Appends a character as a reader can see it; returns how many characters that took.
pub fn push_visible(text: &mut String, char: char) -> usize {
    if is_hidden(char) {
        let escape = char.escape_unicode();
        let len = escape.len();
        text.extend(escape);
        len
    } else {
        text.push(char);
        1
    }
}

/// The text as a reader can see it. Line ends count as hidden: a message is one line.
pub fn visible(text: &str) -> Cow<'_, str> {
    // Nearly all texts are ASCII without control characters.
    if text.bytes().all(|it| matches!(it, b' '..=b'~')) || !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        push_visible(&mut shown, char);
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_or_hides_is_shown_as_an_escape() {
        assert_eq!(
            visible("a\u{1b}[31mb\u{202e}c\u{200b}d\r\n\u{feff}\u{9b}"),
            "a\\u{1b}[31mb\\u{202e}c\\u{200b}d\\u{d}\\u{a}\\u{feff}\\u{9b}"
        );
        assert_eq!(visible("Grüße, 注文, ✅\ta"), "Grüße, 注文, ✅\ta");
    }
}
