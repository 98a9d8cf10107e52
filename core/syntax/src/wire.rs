//! What other programs send: JSON with broken characters, and the URIs of files.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

/// The path that a `file:` URI names, without a query and a fragment. `None` for another URI, for a file of another
/// machine (dropping the host would name another file of this one), and for a path that is no text or not absolute.
///
/// ```
/// use std::path::Path;
///
/// use archwright_syntax::wire::file_path;
///
/// # #[cfg(unix)] {
/// assert_eq!(file_path("file:///docs/a%20b.md#goals").as_deref(), Some(Path::new("/docs/a b.md")));
/// assert_eq!(file_path("file://host/share/a.md"), None);
/// # }
/// ```
pub fn file_path(uri: &str) -> Option<PathBuf> {
    let (scheme, rest) = uri.trim().split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = rest.split(['?', '#']).next()?;
    let path = match rest.strip_prefix("//") {
        Some(rest) => {
            let (host, _) = rest.split_once('/')?;
            if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") {
                return None;
            }
            rest.get(host.len()..)?
        }
        None => rest,
    };
    let path = percent_decode_str(path).decode_utf8().ok().filter(|it| !it.contains('\0'))?;
    // `/c:/a` names a drive.
    let path = if cfg!(windows) { path.strip_prefix('/')? } else { &path };
    Some(PathBuf::from(path)).filter(|it| it.is_absolute())
}

/// The text with whatever is no character replaced, or `None` if nothing is: a byte that belongs to no UTF-8 sequence
/// becomes U+001A (substitute), which has the one byte that editors count for it, and half of a surrogate pair, written
/// as `\ud800`, becomes U+FFFD. The outcome need not be JSON either.
pub fn mended_json(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            // Within a text a control character has to be escaped, and outside of texts nothing can be mended.
            text.push_str("\\u001a");
        }
    }
    let paired = with_whole_pairs(&text);
    match paired {
        Some(it) => Some(it),
        None => (text.as_bytes() != bytes).then_some(text),
    }
}

/// The text with U+FFFD for every escape of half a surrogate pair; `None` if there is none.
fn with_whole_pairs(text: &str) -> Option<String> {
    let mut mended = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let whole = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => 0,
            (Some(_), _) => 6,
            // Another escape, or what is none: the character behind the backslash may be a backslash too.
            (None, _) => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        if whole == 0 {
            mended.push_str("\\ufffd");
        }
        let (kept, after) = escape.split_at_checked(if whole == 0 { 6 } else { whole })?;
        if whole > 0 {
            mended.push_str(kept);
        }
        rest = after;
    }
    mended.push_str(rest);
    (mended != text).then_some(mended)
}

/// The UTF-16 unit of the escape that a text begins with.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|it| it.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn broken_characters_are_replaced_one_for_one() {
        for (given, mended) in [
            (&br#"{"a":"caf\u00e9 \ud83d\ude00 \\ud800"}"#[..], None),
            (br#""x \ud800 y""#, Some(r#""x \ufffd y""#)),
            (br#""\ude00\ud83d""#, Some(r#""\ufffd\ufffd""#)),
            (br#""\ud83d\ud83d\ude00""#, Some(r#""\ufffd\ud83d\ude00""#)),
            (br#""\\\ud800""#, Some(r#""\\\ufffd""#)),
            (br#""\uD80""#, None),
            (b"\"caf\xe9\"", Some(r#""caf\u001a""#)),
            (b"\"\xff\xfe \\udc00\"", Some(r#""\u001a\u001a \ufffd""#)),
            (b"\\", None),
            (b"", None),
        ] {
            assert_eq!(mended_json(given).as_deref(), mended, "{:?}", String::from_utf8_lossy(given));
        }
    }

    #[cfg(unix)]
    #[test]
    fn uris_of_files_are_paths() {
        for (uri, path) in [
            ("file:///a/b.md", Some("/a/b.md")),
            ("FILE://localhost/a/b.md", Some("/a/b.md")),
            ("file:/a/b.md", Some("/a/b.md")),
            ("file:///", Some("/")),
            ("file:///a/%C3%BC%23.md?x#y", Some("/a/ü#.md")),
            ("file:///a/%252e", Some("/a/%2e")),
            ("file://host/share/a.md", None),
            ("file://host:80/a.md", None),
            ("file://user@localhost/a.md", None),
            ("file://", None),
            ("file:a.md", None),
            ("file:///a%00b", None),
            ("file:///a%ff", None),
            ("https:///a", None),
            ("/a/b.md", None),
            ("", None),
        ] {
            assert_eq!(file_path(uri), path.map(PathBuf::from), "{uri}");
        }
    }

    proptest! {
        /// Whatever comes, JSON that a text with broken characters was is JSON afterwards, and sound JSON stays.
        #[test]
        fn texts_become_json(parts in prop::collection::vec("[a😀é\"\\\\]|\\\\u[d][0-9a-f]{3}", 0..8)) {
            let text = parts.concat();
            let mended = mended_json(text.as_bytes()).unwrap_or(text);
            prop_assert_eq!(mended_json(mended.as_bytes()), None);
        }

        #[test]
        fn sound_json_stays(text in any::<String>()) {
            let json = format!("{text:?}");
            prop_assert_eq!(mended_json(json.as_bytes()), None);
        }
    }
}
