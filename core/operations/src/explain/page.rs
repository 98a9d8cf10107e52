//! The page of a rule as people read it: files and places in words instead of the marks that tests read.

use archwright_engine::page::{Example, File, Mark, Role, examples};

/// The page with its examples shown file by file.
pub(super) fn readable(page: &str) -> String {
    let (mut text, mut done) = (String::new(), 0);
    for example in examples(page) {
        text.push_str(page.get(done..example.span.start as usize).unwrap_or_default());
        let files: Vec<String> = example.files.iter().map(|file| shown(file, &example)).collect();
        text.push_str(&files.join("\n\n"));
        done = example.span.end as usize;
    }
    text.push_str(page.get(done..).unwrap_or_default());
    text
}

/// A file with its name above and what is found in it below.
fn shown(file: &File, example: &Example) -> String {
    let title = match (file.base(), example.role) {
        (Some(path), _) => format!("`{path}`, before the change:"),
        (None, Role::Fixed) => format!("`{}`, fixed:", file.path),
        (None, _) if example.files.iter().any(|it| it.base().as_ref() == Some(&file.path)) => {
            format!("`{}`, after it:", file.path)
        }
        (None, _) => format!("`{}`:", file.path),
    };
    let fence = fence(&file.text);
    let mut shown = format!("{title}\n\n{fence}{}\n{}", language(file), file.text);
    if !file.text.ends_with('\n') && !file.text.is_empty() {
        shown.push('\n');
    }
    shown.push_str(&fence);
    if !file.marks.is_empty() {
        let found: Vec<String> = file.marks.iter().map(|mark| found(mark, file)).collect();
        shown.push_str(&format!("\n\nFound here:\n\n{}", found.join("\n")));
    }
    shown
}

/// A mark in words: line, what stands there, and what is said of it.
fn found(mark: &Mark, file: &File) -> String {
    let line = file.text.lines().nth(mark.line as usize).unwrap_or_default();
    let marked: String = line.chars().take(mark.end as usize).skip(mark.start as usize).collect();
    let place = match marked.as_str() {
        "" => format!("line {}, column {}", mark.line + 1, mark.start + 1),
        it => format!("line {}, {}", mark.line + 1, code(it)),
    };
    if mark.message.is_empty() { format!("- {place}") } else { format!("- {place}: {}", mark.message) }
}

/// A text as a span of code, whatever backticks are in it.
fn code(text: &str) -> String {
    let ticks = "`".repeat(longest_run(text) + 1);
    if text.starts_with('`') || text.ends_with('`') {
        format!("{ticks} {text} {ticks}")
    } else {
        format!("{ticks}{text}{ticks}")
    }
}

/// A fence that no line of the text closes.
fn fence(text: &str) -> String {
    "`".repeat((longest_run(text) + 1).max(3))
}

/// How many backticks follow each other at most.
fn longest_run(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or_default()
}

/// What a reader's highlighter calls the language of a file.
fn language(file: &File) -> &'static str {
    if let Some(ty) = file.path.file_type() {
        return ty.fence();
    }
    match file.path.extension() {
        "ts" => "ts",
        "js" => "js",
        "py" => "python",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{rule_hover, rule_page};
    use archwright_rules::rules;

    #[test]
    fn files_and_marks_are_told_in_words() {
        let page = "Why.\n\n````bad\n//- base/a.md\nOld\n//- /a.md\n# A ``` b\n  ^ is no `name`\n^<\n````\n\n\
            Use instead:\n\n\
                    ````good\n//- /b.yaml\na: 1\n````\n\n````fixed\n//- /a.md\n# B\n````\n";
        let expected = "Why.\n\n`a.md`, before the change:\n\n```markdown\nOld\n```\n\n`a.md`, after it:\n\n\
            ````markdown\n\
                        # A ``` b\n````\n\nFound here:\n\n- line 1, `A`: is no `name`\n- line 1, column 1\n\n\
                        Use instead:\n\n`b.yaml`:\n\n```yaml\na: 1\n```\n\n`a.md`, fixed:\n\n```markdown\n# B\n```\n";
        assert_eq!(readable(page), expected);
    }

    #[test]
    fn no_page_shows_what_only_tests_read() {
        for rule in rules() {
            let page = rule_page(rule);
            for line in page.lines().chain(rule_hover(rule).lines()) {
                let is_mark = line.trim_start().starts_with('^') || line.starts_with("//- ");
                assert!(!is_mark && !line.ends_with("no-fix"), "{}: {line}", rule.code);
            }
        }
    }
}
