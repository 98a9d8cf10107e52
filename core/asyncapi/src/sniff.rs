//! Whether a text looks like an AsyncAPI document, without parsing it.

/// How many bytes are looked at.
const HEAD: usize = 4096;

/// Whether a line of the first 4 KiB starts with the key `asyncapi`: bare or quoted at the start of a YAML line, or quoted
/// as a key of a JSON object. Cheap enough to ask of every file.
pub fn is_asyncapi(text: &str) -> bool {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default().trim_start_matches('\u{feff}');
    head.split(['\n', '\r']).any(is_key_line)
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
        ] {
            assert!(is_asyncapi(text), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in ["", "openapi: 3.0.0", "title: asyncapi: yes", "asyncapi", "asyncapis: 1", "x:\n  asyncapi: 3.0.0"] {
            assert!(!is_asyncapi(text), "{text}");
        }
        assert!(!is_asyncapi(&format!("#{}\nasyncapi: 3.0.0", "é".repeat(2100))), "too far down");
    }
}
