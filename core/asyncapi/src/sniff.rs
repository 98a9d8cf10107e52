//! Whether a text is an AsyncAPI document, told without parsing it.

use archwright_syntax::data::Node;

/// The key that makes a mapping an AsyncAPI document.
const KEY: &str = "asyncapi";

/// How many bytes are looked at for what a document without its version has.
const HEAD: usize = 4096;

/// Whether the mapping that a text begins with has the key `asyncapi`, wherever it stands in it: in blocks or in
/// braces, on one line or after a long comment. One pass over texts that have the word, so cheap enough to ask of every
/// file. A text may be cut off anywhere.
pub fn is_asyncapi(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    (text.contains(KEY) && has_key_at_top(text)) || lacks_only_its_version(head(text))
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Whether the first document of a text is a mapping with the key.
fn has_key_at_top(text: &str) -> bool {
    // How far the keys of the mapping are indented, once its first line was seen.
    let mut indent = None;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['\n', '\r']).map_or(rest.len(), |it| it + 1);
        let (line, after) = rest.split_at(end);
        let line = line.trim_end();
        let is_marker = is_marker(line);
        if indent.is_some() && is_marker {
            return false;
        }
        // What a document is may stand behind the marker that begins it.
        let begins = if is_marker { line.get(3..).unwrap_or_default() } else { line };
        let body = begins.trim_start_matches([' ', '\t']);
        let is_content = !body.is_empty() && !body.starts_with('#') && !line.starts_with('%');
        if is_content {
            let width = begins.len() - body.len();
            if indent.is_none() && body.starts_with('{') {
                return has_key_in_braces(rest.get(line.len() - body.len()..).unwrap_or_default());
            }
            // A key further out than the first line is a slip, which is told later.
            if width <= *indent.get_or_insert(width) && is_key(body) {
                return true;
            }
        }
        rest = after;
    }
    false
}

/// Whether a line begins or ends a document of YAML.
fn is_marker(line: &str) -> bool {
    let after = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
    after.is_some_and(|it| it.is_empty() || it.starts_with([' ', '\t']))
}

/// Whether a line starts with the key.
fn is_key(line: &str) -> bool {
    if let Some(explicit) = line.strip_prefix("? ") {
        return explicit.trim_matches([' ', '"', '\'']) == KEY;
    }
    let unquoted = ['"', '\''].iter().find_map(|it| line.strip_prefix(*it)?.strip_prefix(KEY)?.strip_prefix(*it));
    unquoted.or_else(|| line.strip_prefix(KEY)).is_some_and(is_before_value)
}

/// Whether what follows a key is its colon.
fn is_before_value(text: &str) -> bool {
    text.trim_start().starts_with(':')
}

/// Whether a mapping in braces, as JSON and YAML have it, has the key.
fn has_key_in_braces(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut is_key_next) = (0, 0_usize, false);
    while let Some(byte) = bytes.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        match byte {
            b'{' | b'[' => {
                depth += 1;
                is_key_next = depth == 1;
            }
            b'}' | b']' if depth <= 1 => return false,
            b'}' | b']' => depth -= 1,
            b',' => is_key_next = depth == 1,
            b'"' | b'\'' => {
                let Some(length) = quoted(rest) else { return false };
                let (text, after) = rest.split_at(length);
                if is_key_next && text.get(1..length - 1) == Some(KEY) && is_before_value(after) {
                    return true;
                }
                is_key_next = false;
                at += length;
                continue;
            }
            b'#' if at == 0 || bytes.get(at - 1).is_some_and(u8::is_ascii_whitespace) => {
                at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                continue;
            }
            // What follows may be quoted.
            b':' => {}
            _ if byte.is_ascii_whitespace() => {}
            _ => {
                if is_key_next && rest.strip_prefix(KEY).is_some_and(is_before_value) {
                    return true;
                }
                is_key_next = false;
                // A quote within a plain word begins nothing.
                at += rest.find([',', '[', ']', '{', '}', ' ', '\t', '\n', '\r']).unwrap_or(rest.len());
                continue;
            }
        }
        at += 1;
    }
    false
}

/// The length of the quoted text at the start of `text` with its quotes, if it ends.
fn quoted(text: &str) -> Option<usize> {
    let quote = *text.as_bytes().first()?;
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if quote == b'"' => {
                bytes.next();
            }
            // Doubled, a single quote stands for itself; the second one begins what goes on.
            _ if byte == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Whether a YAML text has what no other kind of document has together: title and version of an application under
/// `info`, and its channels. The one key that is missing is a mistake worth telling.
fn lacks_only_its_version(head: &str) -> bool {
    let is_title = |it: &str| it.starts_with("  title:");
    let is_version = |it: &str| it.starts_with("  version:");
    let mut lines = head.lines();
    let is_other = |it: &str| it.starts_with("openapi:") || it.starts_with("swagger:");
    let info: Vec<&str> =
        lines.by_ref().skip_while(|it| *it != "info:").skip(1).take_while(|it| it.starts_with(' ')).collect();
    info.iter().any(|it| is_title(it))
        && info.iter().any(|it| is_version(it))
        && head.lines().any(|it| it == "channels:")
        && !head.lines().any(is_other)
}

/// Whether a tree is a document of AsyncAPI, if need be one that lacks its version.
pub fn is_document(root: Node<'_>) -> bool {
    let has = |key: &str| root.get(key).is_some();
    has("asyncapi") || has("info") && has("channels") && !has("openapi") && !has("swagger")
}

#[cfg(test)]
mod tests {
    use super::is_asyncapi;

    #[test]
    fn documents_are_told_by_their_key() {
        for text in [
            "asyncapi: 3.0.0\n",
            "\u{feff}asyncapi : 2.6.0",
            "# About orders.\n---\r\nasyncapi: 3.0.0",
            "%YAML 1.2\n--- # Orders.\nasyncapi: 3.0.0",
            "'asyncapi': 3.0.0",
            "\"asyncapi\": 3.0.0",
            "? asyncapi\n: 3.0.0",
            "info:\n  title: Orders\nasyncapi: 3.0.0",
            "  info: {}\n  asyncapi: 3.0.0",
            "  info: {}\nasyncapi: 3.0.0",
            "{\n  \"info\": {},\n  \"asyncapi\" : \"3.0.0\"\n}",
            "{\"asyncapi\":\"3.0.0\"}",
            r#"{"info":{"title":"\"Orders\", and {more","version":"1.0.0"},"asyncapi":"3.0.0"}"#,
            "{info: {title: Don't ask, version: 1.0.0}, asyncapi: 3.0.0}",
            "{info: {title: 'Don''t, {ask'}, # asked, {\n 'asyncapi': 3.0.0}",
            "--- {tags: [a, b], asyncapi: 3.0.0}",
            "{ asyncapi\n: 3.0.0 }",
            "info:\n  title: Shop\n  version: 1.0.0\nchannels:\n  a: {}\n",
            // Cut off in the middle of a word.
            "{\"asyncapi\": \"3.0.0\", \"inf",
        ] {
            assert!(is_asyncapi(text), "{text}");
        }
        assert!(is_asyncapi(&format!("{}\nasyncapi: 3.0.0", "# Licensed as is.\n".repeat(1_000))));
        assert!(is_asyncapi(&format!(
            "{{\"info\": {{\"description\": \"{}\"}}, \"asyncapi\": \"3.0.0\"}}",
            "é".repeat(9_000)
        )));
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "",
            "openapi: 3.0.0",
            "title: asyncapi: yes",
            "asyncapi",
            "asyncapis: 1",
            "x:\n  asyncapi: 3.0.0",
            "kind: Service\n---\nasyncapi: 3.0.0",
            "{\n  \"scripts\": {\n    \"asyncapi\": \"generate\"\n  }\n}",
            "{\"tools\": [\"asyncapi\"], \"asyncapis\": 1}",
            "{\"name\": \"asyncapi\", \"is\": \", asyncapi: \"}",
            "{a: 1} asyncapi: 3.0.0",
            "- asyncapi: 3.0.0",
            "[{\"asyncapi\": \"3.0.0\"}]",
            "{a: 1, # asyncapi: 3.0.0\n}",
            "{\"never closed, asyncapi: 3.0.0",
            "info:\n  title: Shop\nchannels:\n- conda\n",
            "openapi: 3.0.0\ninfo:\n  title: T\n  version: '1'\nchannels:\n",
        ] {
            assert!(!is_asyncapi(text), "{text}");
        }
    }
}
