//! Source code of a change, line by line: what is a comment, and whether anything but comments differs.

use rustc_hash::FxHashMap;

/// Whether a line without the space around it holds a comment and nothing else, in one of the common languages.
pub(crate) fn is_comment(line: &str) -> bool {
    let is_directive = || ["#include", "#define", "#if", "#else", "#endif", "#pragma", "#[", "#!", "#region", "#error"];
    line.starts_with("//")
        || line.starts_with("/*")
        || line.starts_with("*/")
        || line == "*"
        || line.starts_with("* ")
        || line.starts_with("-- ")
        || line.starts_with('#') && !is_directive().iter().any(|it| line.starts_with(it))
}

/// The lines that do something, with the space around them left out. Texts of documentation in Python are none.
pub(crate) fn code_lines(text: &str) -> Vec<&str> {
    let mut open: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        if let Some(quotes) = open {
            if line.ends_with(quotes) {
                open = None;
            }
            continue;
        }
        if let Some(quotes) = ["\"\"\"", "'''"].into_iter().find(|it| line.starts_with(it)) {
            let rest = line.get(3..).unwrap_or_default();
            if !rest.contains(quotes) {
                open = Some(quotes);
            }
            continue;
        }
        if !is_comment(line) {
            lines.push(line);
        }
    }
    lines
}

/// Whether two texts have the same code, be it in another order of imports or with other comments.
pub(super) fn is_same_code(before: &str, after: &str) -> bool {
    code_lines(before) == code_lines(after)
}

/// The lines of code that are in one text and not in the other, counted.
pub(super) fn counts(text: &str) -> FxHashMap<&str, usize> {
    let mut counts = FxHashMap::default();
    for line in code_lines(text) {
        *counts.entry(line).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_no_code() {
        assert!(is_same_code("a();\n// one\n", "// two\na();\n\n"));
        assert!(is_same_code("\"\"\"Old.\n\nMore.\n\"\"\"\nx = 1\n", "\"\"\"New.\"\"\"\nx = 1  \n"));
        assert!(!is_same_code("a();\n", "b();\n"));
        assert!(!is_same_code("#include <a>\n", "#include <b>\n"));
    }
}
