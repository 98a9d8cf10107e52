//! Destinations of links: taken apart, decoded, and written so that they read back as the same path.

use std::{borrow::Cow, ops::Range};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use pulldown_cmark::{Event, Options, Parser, Tag};

/// Where the parts of a destination stand in it, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestinationParts {
    /// The path: all before `?` and `#`.
    pub path: Range<usize>,
    /// What follows the first `#`, if there is one.
    pub fragment: Option<Range<usize>>,
}

/// Takes a destination apart. The `#` of a character reference (`My&#32;File.md`) starts no fragment, and one that is
/// written as a character reference or escaped does.
///
/// ```
/// use archwright_syntax::markdown::split_destination;
///
/// let written = "My&#32;File.md?plain=1#usage";
/// let parts = split_destination(written);
/// assert_eq!(&written[parts.path], "My&#32;File.md");
/// assert_eq!(parts.fragment.map(|it| &written[it]), Some("usage"));
/// ```
pub fn split_destination(destination: &str) -> DestinationParts {
    let mut path_end = None;
    let mut at = 0;
    while let Some(found) = destination.get(at..).and_then(|it| it.find(['&', '\\', '?', '#'])) {
        let start = at + found;
        let rest = destination.get(start..).unwrap_or_default();
        let len = if rest.starts_with('&') { character_reference(rest).unwrap_or(1) } else { 1 };
        // An escaped `#` is a `#` in the address too.
        let len = if rest.starts_with("\\#") || rest.starts_with("\\?") { 2 } else { len };
        match unescaped(rest.get(..len).unwrap_or_default()).as_ref() {
            "#" => {
                return DestinationParts {
                    path: 0..path_end.unwrap_or(start),
                    fragment: Some(start + len..destination.len()),
                };
            }
            "?" => path_end = path_end.or(Some(start)),
            _ => {}
        }
        at = start + len;
    }
    DestinationParts { path: 0..path_end.unwrap_or(destination.len()), fragment: None }
}

/// The length of the character reference (`&amp;`, `&#32;`, `&#x20;`) that a text starts with.
fn character_reference(text: &str) -> Option<usize> {
    let end = text.bytes().take(40).position(|it| it == b';')?;
    let name = text.get(1..end)?;
    let is_name = !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric());
    let is_number = name.strip_prefix('#').is_some_and(|it| {
        let (digits, is_digit): (&str, fn(&u8) -> bool) = match it.strip_prefix(['x', 'X']) {
            Some(it) => (it, u8::is_ascii_hexdigit),
            None => (it, u8::is_ascii_digit),
        };
        !digits.is_empty() && digits.bytes().all(|it| is_digit(&it))
    });
    (is_name || is_number).then_some(end + 1)
}

/// The path or fragment that a part of a destination stands for: without escapes (`file\_1.md`), character references
/// (`a&amp;b.md`) and percent encoding (`my%20file.md`).
///
/// A `%` that no two hexadecimal digits follow stays, and a text that would not decode to UTF-8 is left encoded.
pub fn decode_target(target: &str) -> Cow<'_, str> {
    match unescaped(target) {
        Cow::Borrowed(it) if memchr::memchr(b'%', it.as_bytes()).is_none() => Cow::Borrowed(it),
        Cow::Borrowed(it) => percent_decode_str(it).decode_utf8().unwrap_or(Cow::Borrowed(it)),
        Cow::Owned(it) => {
            let decoded = percent_decode_str(&it).decode_utf8().ok().map(Cow::into_owned);
            Cow::Owned(decoded.unwrap_or(it))
        }
    }
}

/// A destination as it stands in the address that a renderer makes of it. Markdown's own parser knows the names of all
/// characters, so it is asked.
fn unescaped(target: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'&', b'\\', target.as_bytes()).is_none() {
        return Cow::Borrowed(target);
    }
    // A backslash at the end would escape what closes the destination, and means itself.
    let kept = target.trim_end_matches('\\');
    let slashes = target.len() - kept.len();
    let (body, last) = target.split_at_checked(target.len() - slashes % 2).unwrap_or((target, ""));
    let read = |source: &str| {
        let mut events = Parser::new_ext(source, Options::empty()).into_offset_iter();
        events.find_map(|(event, range)| match event {
            Event::Start(Tag::Link { dest_url, .. }) if range.len() == source.len() => Some(dest_url.to_string()),
            _ => None,
        })
    };
    // With parentheses that have no partner only the second form is a link, with `<` only the first.
    match read(&format!("[]({body})")).or_else(|| read(&format!("[](<{body}>)"))) {
        Some(it) => Cow::Owned(it + last),
        None => Cow::Borrowed(target),
    }
}

/// What ends a destination, is read as something else in it, or pairs with something outside of it.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'%')
    .add(b'#')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'|');

/// A path as the destination of a link: [`decode_target`] makes the same path of it, wherever in a document it stands.
///
/// Letters of all scripts stay as they are.
///
/// ```
/// use archwright_syntax::markdown::encode_target;
///
/// assert_eq!(encode_target("Größe (neu).md"), "Größe%20%28neu%29.md");
/// ```
pub fn encode_target(path: &str) -> String {
    // Before the first slash a colon would end a scheme.
    let first = path.find('/').unwrap_or(path.len());
    let mut encoded = String::with_capacity(path.len());
    for (at, char) in path.char_indices() {
        let mut bytes = [0; 4];
        let written = char.encode_utf8(&mut bytes);
        // HTML knows some references without a semicolon.
        let is_reference = char == '&'
            && path.get(at + 1..).is_some_and(|it| it.starts_with(|it: char| it == '#' || it.is_ascii_alphanumeric()));
        if char == ':' && at < first || is_reference {
            encoded.extend(utf8_percent_encode(written, percent_encoding::NON_ALPHANUMERIC));
        } else if char.is_ascii() || char.is_whitespace() || char.is_control() {
            encoded.extend(utf8_percent_encode(written, RESERVED));
        } else {
            encoded.push(char);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::markdown::parse;

    #[test]
    fn escapes_references_and_percent_signs_decode() {
        for (target, expected) in [
            ("a%20b", "a b"),
            ("a%2", "a%2"),
            ("caf%C3%A9", "café"),
            ("%ff", "%ff"),
            ("a\\_b\\", "a_b\\"),
            ("100%x", "100%x"),
            ("a&amp;b.md", "a&b.md"),
            ("My&#32;File.md", "My File.md"),
            ("R&D.md", "R&D.md"),
            ("&nosuchname;.md", "&nosuchname;.md"),
            ("a&amp;(b", "a&(b"),
            ("a &lt; b.md", "a < b.md"),
            ("\\%41", "A"),
        ] {
            assert_eq!(decode_target(target), expected, "{target}");
        }
    }

    #[test]
    fn parts_end_where_the_address_has_them() {
        for (written, path, fragment) in [
            ("a.md", "a.md", None),
            ("a.md#b", "a.md", Some("b")),
            ("#b#c", "", Some("b#c")),
            ("a.md?x=1&y=2#b", "a.md", Some("b")),
            ("a&#32;b.md#c&#33;", "a&#32;b.md", Some("c&#33;")),
            ("a&#35;b", "a", Some("b")),
            ("a\\#b", "a", Some("b")),
            ("a&b#c", "a&b", Some("c")),
            ("a#", "a", Some("")),
            ("a#b?c", "a", Some("b?c")),
        ] {
            let parts = split_destination(written);
            let found = (written.get(parts.path).unwrap(), parts.fragment.map(|it| written.get(it).unwrap()));
            assert_eq!(found, (path, fragment), "{written}");
        }
    }

    proptest! {
        #[test]
        fn a_written_path_reads_back(path in "[^\\\\\u{0}]{1,12}", named in "(a|&amp;|&#35;|b:c|é /)[ -~]{0,6}") {
            for path in [path, named.replace('\\', "/")] {
                let written = encode_target(&path);
                prop_assert_eq!(decode_target(&written), path.as_str());
                for text in [format!("[x]({written})"), format!("[x](<{written}>)"), format!("[x]\n\n\
                    [x]: {written}\n")] {
                    let document = parse(&text);
                    let targets: Vec<_> = document.links.iter().map(|it| it.target.of(&text)).collect();
                    prop_assert_eq!(targets, [written.as_str()], "{}", text);
                }
                let parts = split_destination(&written);
                prop_assert_eq!(parts, DestinationParts { path: 0..written.len(), fragment: None });
            }
        }

        #[test]
        fn any_destination_comes_apart(target in any::<String>(), piece in "[&#;?\\\\xa0-9é]{0,12}") {
            for target in [target, piece] {
                let parts = split_destination(&target);
                prop_assert!(target.get(parts.path).is_some());
                prop_assert!(parts.fragment.is_none_or(|it| target.get(it).is_some()));
                decode_target(&target);
            }
        }
    }
}
