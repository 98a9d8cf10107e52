//! No feature minds an offset that is no place in the text.

use std::sync::OnceLock;

use archwright_engine::Workspace;
use archwright_syntax::Span;
use proptest::prelude::*;

use crate::{
    Occasion, actions, completions, definition, document_links, document_symbols, fix_all, fixture::Fixture, folds,
    hover, line_at, prepare_rename, references, rename, show_path, workspace_symbols,
};

/// Documents with characters of one to four bytes, unfinished constructs and all line endings.
const DOCUMENTS: &str = "\
//- /docs/features/größe/design.md
\u{feff}# Design: größe 😀

## Summary

- **Status**: Drä
- **Status:**
| Tier | 😀 |
[a](ädrs/0001.md#ü) [b][ü] ![c](d.png)

[ü]: ../größe/README.md#😀

## Patterns

- Transactional Outbox: `orders.placed.v1` — é
- Trans
## P
```yaml
status: ö
//- /docs/features/größe/README.md
---
status: ä
---
# 😀

## Channels owned

- `orders.placed.v1`: ü
<!-- archwright: allow link/dead-target, é -->
| ord | ü |
<!-- archwright: allow
//- /docs/features/größe/contracts/orders.placed.v1.md
# Contract\r\n\r## Summary\r\n\r\n- **Channel**: `ö\r
//- /docs/features/größe/asyncapi/orders.placed.v1.yaml
asyncapi: 3.0.0 # archwright: allow é
channels: {ö: {address: orders.placed.v1}}
//- /archwright.toml
rules.\"link/dead-target\" = \"off\" # é
//- /notes.md
😀
//- /empty.md
";

fn workspace() -> &'static Workspace {
    static WORKSPACE: OnceLock<(Fixture, Workspace)> = OnceLock::new();
    let opened = WORKSPACE.get_or_init(|| {
        let fixture = Fixture::new(DOCUMENTS);
        let workspace = fixture.open();
        (fixture, workspace)
    });
    &opened.1
}

fn check(offset: usize) {
    let workspace = workspace();
    for file in workspace.files() {
        let text = workspace.text(file).unwrap_or_default();
        let fits = |it: Span| text.is_char_boundary(it.start as usize) && text.is_char_boundary(it.end as usize);
        for it in completions(workspace, file, offset, Occasion::Asked) {
            let line = line_at(&text, offset);
            let cursor = text.floor_char_boundary(offset);
            assert!(fits(it.replace) && it.replace.touches(cursor) && line.contains(it.replace), "{offset}: {it:?}");
        }
        if let Some(it) = hover(workspace, file, offset, &show_path) {
            assert!(fits(it.span) && it.span.touches(offset), "{offset}: {it:?}");
        }
        if let Some(it) = definition(workspace, file, offset) {
            assert!(fits(it.origin), "{offset}: {it:?}");
        }
        for it in references(workspace, file, offset, true) {
            let text = workspace.text(it.file).unwrap_or_default();
            assert!(text.get(it.span.range()).is_some(), "{offset}: {it:?}");
        }
        if let Ok(it) = prepare_rename(workspace, file, offset) {
            assert!(fits(it.span) && it.span.touches(offset), "{offset}: {it:?}");
        }
        // What is refused is refused with a reason; what is done fits the files.
        if let Ok(edit) = rename(workspace, file, offset, "größer.v1") {
            let read = |it: &archwright_model::RelPath| {
                workspace.file(it).and_then(|it| workspace.text(it)).map(|it| it.to_string())
            };
            assert!(edit.preview(read).is_ok(), "{offset}: {edit:?}");
        }
        actions(workspace, file, Span::empty(offset));
    }
}

#[test]
fn no_feature_panics_at_any_place_of_the_documents() {
    let longest = workspace().files().filter_map(|it| workspace().text(it)).map(|it| it.len()).max().unwrap();
    for offset in (0..longest + 3).chain([usize::MAX, u32::MAX as usize, u32::MAX as usize + 1]) {
        check(offset);
    }
    for file in workspace().files() {
        document_links(workspace(), file);
        document_symbols(workspace(), file);
        folds(workspace(), file);
        fix_all(workspace(), file);
    }
    for query in ["", "ö", "😀 v1", "\u{0}"] {
        workspace_symbols(workspace(), query);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_feature_panics_in_any_text(
        text in "([a-zé😀#|`*: \\[\\]()<!>./\\-\r\n]|archwright: allow |Status|\\]\\(|## |```|--- ?\n){0,40}",
    ) {
        let fixture = Fixture::new(&format!("//- /docs/features/a/design.md\n# D\n\n{text}\n\
            //- /docs/system/adrs/0001-a.md\n{text}"));
        let workspace = fixture.open();
        for file in workspace.files() {
            let text = workspace.text(file).unwrap_or_default();
            for offset in 0..=text.len() + 1 {
                for it in completions(&workspace, file, offset, Occasion::Typed) {
                    prop_assert!(text.get(it.replace.range()).is_some() && line_at(&text, offset).contains(it.replace), "{it:?}");
                }
                hover(&workspace, file, offset, &show_path);
                definition(&workspace, file, offset);
                references(&workspace, file, offset, false);
                let _ = rename(&workspace, file, offset, "new (name)");
            }
        }
    }
}
