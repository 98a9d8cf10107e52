//! `document/unreadable`: an artifact, or a place in the workspace, that cannot be read.

use archwright_model::facts::Unreadable;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/unreadable",
    severity: Severity::Error,
    summary: "An artifact cannot be read, so nothing in it is checked.",
    applies_to: &Kind::ALL,
    any_dialect: true,
    sources: &["A-015"],
    page: include_str!("unreadable.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(why) = &facts.unreadable else { return };
    let (span, message) = match why.as_ref() {
        // What the system refuses may hide artifacts, whatever it is.
        Unreadable::Io(error) => {
            let error = error.trim_end_matches('.');
            (
                Span::empty(0),
                format!("`{}` cannot be read: {error}. Grant access, or name it under `exclude`.", facts.path),
            )
        }
        _ if !facts.kind.is_artifact() => return,
        Unreadable::NotUtf8 { at } => {
            let readable = facts.text.get(..*at).unwrap_or(&facts.text);
            let line = readable.matches('\n').count() + 1;
            let message = format!("The file is not UTF-8 from byte {at} in line {line} on. Save it as UTF-8.");
            (Span::empty((*at).min(facts.text.len())), message)
        }
        Unreadable::Binary => {
            let message = "The file has the name of a text and the content of a binary. Save it as UTF-8 text, or \
                give it another name.";
            (Span::empty(0), message.to_owned())
        }
        Unreadable::Utf16 => (Span::empty(0), "The file is UTF-16. Save it as UTF-8.".to_owned()),
        Unreadable::TooLarge { size, limit } => {
            let message = format!(
                "The file has {} and is not read, because the limit is {}. Split it, or raise `max-file-size` in \
                archwright.toml.",
                mebibytes(*size),
                mebibytes(*limit)
            );
            (Span::empty(0), message)
        }
    };
    reporter.report(span, message);
}

/// A size in MiB with one decimal, or in bytes where that would say nothing.
fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) / (1024 * 1024);
    if tenths == 0 { format!("{bytes} bytes") } else { format!("{}.{} MiB", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::fixture::Fixture;
    use archwright_engine::Change;
    use archwright_model::RelPath;

    fn message(bytes: &[u8], path: &str) -> Vec<String> {
        let fixture = Fixture::new("//- /docs/system/glossary.md\n# Glossary\n");
        fs::write(fixture.folder.path().join(path), bytes).unwrap();
        let workspace = fixture.open();
        workspace
            .files()
            .flat_map(|it| workspace.findings(it))
            .map(|it| format!("{} {}", it.rule.code, it.message))
            .collect()
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named_with_offset_and_line() {
        let found = message(b"# Topology\n\nM\xfcller\n", "docs/system/topology.md");
        assert_eq!(found, ["document/unreadable The file is not UTF-8 from byte 13 in line 3 on. Save it as UTF-8."]);
    }

    #[test]
    fn binary_content_is_named() {
        let found = message(b"\x89PNG\0\0", "docs/system/topology.md");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("binary"), "{found:?}");
    }

    #[test]
    fn a_file_in_utf_16_is_read_while_an_editor_has_it_open() {
        let fixture = Fixture::new("//- /docs/system/glossary.md\n# Glossary\n");
        let path = RelPath::new("docs/features/a/design.md");
        let at = fixture.folder.path().join(path.as_str());
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        let bytes: Vec<u8> = "\u{feff}# Design: a\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        fs::write(&at, bytes).unwrap();
        let mut workspace = fixture.open();
        let is_told = |workspace: &archwright_engine::Workspace| {
            let file = workspace.file(&path).unwrap();
            workspace.findings(file).iter().any(|it| it.message == "The file is UTF-16. Save it as UTF-8.")
        };
        assert!(is_told(&workspace));
        workspace.apply(vec![Change::Open { path: path.clone(), text: "# Design: a\n".into() }]);
        assert!(!is_told(&workspace));
        workspace.apply(vec![Change::Close { path: path.clone() }]);
        assert!(is_told(&workspace));
    }

    #[test]
    fn a_file_that_is_no_artifact_may_be_anything() {
        assert_eq!(message(b"M\xfcller", "docs/notes.md"), [""; 0]);
    }
}
