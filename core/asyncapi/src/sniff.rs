//! Whether a text looks like an AsyncAPI document, without parsing it.

use archwright_syntax::data::Node;

/// How many bytes are looked at.
const HEAD: usize = 4096;

/// Whether a line of the first 4 KiB starts with the key `asyncapi`: bare or quoted at the start of a YAML line, or
/// quoted as a key of a JSON object. Cheap enough to ask of every file.
pub fn is_asyncapi(text: &str) -> bool {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default().trim_start_matches('\u{feff}');
    head.split(['\n', '\r']).any(is_key_line) || lacks_only_its_version(head)
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
pub(crate) fn is_document(root: Node<'_>) -> bool {
    let has = |key: &str| root.get(key).is_some();
    has("asyncapi") || has("info") && has("channels") && !has("openapi") && !has("swagger")
}

fn is_key_line(line: &str) -> bool {
    let rest = line.strip_prefix("asyncapi").or_else(|| line.strip_prefix("'asyncapi'"));
    let rest = rest.or_else(|| line.trim_start_matches([' ', '\t', '{']).strip_prefix("\"asyncapi\""));
    rest.is_some_and(|it| it.trim_start_matches([' ', '\t']).starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::is_asyncapi;

    #[test]
    fn documents_are_told_by_their_first_key() {
        for text in [
            "asyncapi: 3.0.0\n",
            "\u{feff}asyncapi : 2.6.0",
            "# About orders.\n---\r\nasyncapi: 3.0.0",
            "'asyncapi': 3.0.0",
            "\"asyncapi\": 3.0.0",
            "{\n  \"info\": {},\n  \"asyncapi\" : \"3.0.0\"\n}",
            "{\"asyncapi\":\"3.0.0\"}",
            "info:\n  title: Shop\n  version: 1.0.0\nchannels:\n  a: {}\n",
        ] {
            assert!(is_asyncapi(text), "{text}");
        }
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
            "info:\n  title: Shop\nchannels:\n- conda\n",
            "openapi: 3.0.0\ninfo:\n  title: T\n  version: '1'\nchannels:\n",
        ] {
            assert!(!is_asyncapi(text), "{text}");
        }
        assert!(!is_asyncapi(&format!("#{}\nasyncapi: 3.0.0", "é".repeat(2100))), "too far down");
    }
}
