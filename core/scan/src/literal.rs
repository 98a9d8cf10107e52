//! Decodes what stands between the quotes of a string.

/// The text with its escapes replaced: those that C, JavaScript and Python share. An escape that is none stands for the
/// character behind the backslash.
pub(crate) fn decode(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut chars = after.chars();
        let escaped = chars.next();
        rest = chars.as_str();
        match escaped {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('x') => rest = code_point(rest, 2, &mut out),
            Some('u') => rest = code_point(rest, 4, &mut out),
            Some('U') => rest = code_point(rest, 8, &mut out),
            // A line that goes on.
            Some('\n') => {}
            Some(other) => out.push(other),
            None => {}
        }
    }
    out.push_str(rest);
    out
}

/// Adds the character that `rest` starts with, as `digits` hexadecimal digits or any number of them in braces, and
/// returns what follows.
fn code_point<'t>(rest: &'t str, digits: usize, out: &mut String) -> &'t str {
    let braced = rest.strip_prefix('{').and_then(|it| it.split_once('}'));
    let fixed = || Some((rest.get(..digits)?, rest.get(digits..)?));
    let Some((code, tail)) = braced.or_else(fixed) else { return rest };
    out.push(u32::from_str_radix(code, 16).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
    tail
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn escapes_stand_for_characters() {
        assert_eq!(decode(r"a\x2eb\u002ec\u{2e}d"), "a.b.c.d");
        assert_eq!(decode(r#"\"\\\'\n"#), "\"\\'\n");
        assert_eq!(decode("a\\\nb"), "ab");
        assert_eq!(decode(r"\xzzé\ud800!\u12\"), "\u{fffd}é\u{fffd}!12");
    }
}
