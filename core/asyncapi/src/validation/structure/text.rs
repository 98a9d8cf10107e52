//! How texts must be written.

use crate::specification::{KeyFormat, TextFormat};

/// What is wrong with a text; `None` when nothing is.
pub(super) fn fault(text: &str, format: TextFormat) -> Option<String> {
    match format {
        // A pattern should be one of ECMA-262 (Schema Object, Properties), which `invalid-pattern` looks at.
        TextFormat::Any | TextFormat::Pattern => None,
        TextFormat::Uri => (!is_uri(text)).then(|| {
            format!("`{text}` is no absolute URI: it needs a scheme such as `https:` and no blanks or braces")
        }),
        TextFormat::Reference => (!text.chars().all(is_uri_char))
            .then(|| format!("`{text}` is no URI reference: it has characters that must be escaped")),
        TextFormat::Email => {
            (!is_email(text)).then(|| format!("`{text}` is no e-mail address of the form `name@host.example`"))
        }
        TextFormat::Expression => (!is_expression(text)).then(|| {
            format!("`{text}` is no runtime expression: it must be `$message.header#/...` or `$message.payload#/...`")
        }),
        TextFormat::AtMost(most) => {
            let found = text.chars().take(most as usize + 1).count();
            (most as usize)
                .lt(&found)
                .then(|| format!("The text has more than {most} characters, which is the most allowed"))
        }
    }
}

/// What is wrong with a key; `None` when nothing is.
pub(super) fn key_fault(key: &str, format: KeyFormat) -> Option<String> {
    let all =
        |extra: &[char]| !key.is_empty() && key.chars().all(|it| it.is_ascii_alphanumeric() || extra.contains(&it));
    match format {
        KeyFormat::Any | KeyFormat::Pattern => None,
        KeyFormat::Name => (!all(&['.', '-', '_'])).then(|| {
            format!(
                "The name `{key}` has other characters than letters, digits, `.`, `-` and `_`, which are all that is \
                allowed"
            )
        }),
        KeyFormat::Word => (!all(&['-', '_'])).then(|| {
            format!(
                "The name `{key}` has other characters than letters, digits, `-` and `_`, which are all that is \
                allowed"
            )
        }),
        // The last level of NATS takes all that follow.
        KeyFormat::Template => (!is_template(key.strip_suffix(".>").unwrap_or(key))).then(|| {
            format!("`{key}` is no address: each `{{` needs its `}}`, with a name of letters, digits and `_` between")
        }),
    }
}

fn is_uri_char(it: char) -> bool {
    it.is_ascii_graphic() && !matches!(it, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
}

/// RFC 3986: a scheme, a colon and characters that need no escape.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.'));
    is_scheme && rest.chars().all(is_uri_char) && has_whole_escapes(rest)
}

/// Whether two hexadecimal digits follow every percent sign.
fn has_whole_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|it| it.as_bytes().get(..2).is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit)))
}

fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let is_atom = |it: &str| {
        !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(it))
    };
    let is_label = |it: &str| {
        !it.is_empty()
            && !it.starts_with('-')
            && !it.ends_with('-')
            && it.chars().all(|it| it.is_ascii_alphanumeric() || it == '-')
    };
    local.split('.').all(is_atom) && host.contains('.') && host.split('.').all(is_label)
}

/// AsyncAPI's runtime expressions: a part of the message and a JSON Pointer into it.
fn is_expression(text: &str) -> bool {
    let pointer = text.strip_prefix("$message.header#").or_else(|| text.strip_prefix("$message.payload#"));
    pointer.is_some_and(|it| {
        (it.is_empty() || it.starts_with('/')) && it.split('~').skip(1).all(|it| it.starts_with(['0', '1']))
    })
}

/// RFC 6570, as far as addresses go: names in braces, and no characters between them that a URI cannot have.
fn is_template(text: &str) -> bool {
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (literal, tail) = rest.split_at(open);
        let Some((expression, after)) = tail.get(1..).and_then(|it| it.split_once('}')) else { return false };
        let names =
            expression.strip_prefix(['+', '#', '.', '/', ';', '?', '&', '=', ',', '!', '@', '|']).unwrap_or(expression);
        if !is_literal(literal) || !names.split(',').all(is_variable) {
            return false;
        }
        rest = after;
    }
    is_literal(rest)
}

fn is_literal(text: &str) -> bool {
    text.chars().all(|it| it > ' ' && !matches!(it, '"' | '\'' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}'))
        && has_whole_escapes(text)
}

fn is_variable(text: &str) -> bool {
    let name = text.strip_suffix('*').or_else(|| text.split_once(':').map(|it| it.0)).unwrap_or(text);
    !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '%' | '.' | '-'))
}

/// What is plainly wrong with a regular expression of ECMAScript: brackets that do not match and quantifiers of
/// nothing.
pub(in crate::validation) fn pattern_fault(text: &str) -> Option<&'static str> {
    let mut open = 0_u32;
    let mut in_class = false;
    let mut can_repeat = false;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\\' => {
                if chars.next().is_none() {
                    return Some("it ends in a backslash");
                }
                can_repeat = true;
            }
            ']' if in_class => (in_class, can_repeat) = (false, true),
            _ if in_class => {}
            '[' => in_class = true,
            '(' => {
                open += 1;
                // `(?:`, `(?=`, `(?<name>`: the question mark repeats nothing.
                chars.next_if_eq(&'?');
                can_repeat = false;
            }
            ')' => {
                open = match open.checked_sub(1) {
                    Some(left) => left,
                    None => return Some("a `)` has no `(`"),
                };
                can_repeat = true;
            }
            '*' | '+' | '?' => {
                if !can_repeat {
                    return Some("there is nothing to repeat before `*`, `+` or `?`");
                }
                can_repeat = char != '?' && chars.peek() == Some(&'?');
            }
            '|' | '^' => can_repeat = false,
            _ => can_repeat = true,
        }
    }
    match (in_class, open) {
        (true, _) => Some("a `[` has no `]`"),
        (false, 0) => None,
        (false, _) => Some("a `(` has no `)`"),
    }
}
