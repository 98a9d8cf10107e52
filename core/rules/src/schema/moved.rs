//! Where schemas and AsyncAPI documents came from and went that have another path than where the work began.

use std::sync::Arc;

use archwright_schema::Language;
use rustc_hash::FxHashMap;

use crate::{
    evolution::{Moves, compared_format},
    prelude::*,
};

/// Where this file was, if it is no longer there.
pub(super) fn moved_from<'a>(cx: &Context<'a>) -> Option<&'a RelPath> {
    moves(cx).get(&cx.facts().path)
}

/// Where a file went that is no longer there.
pub(super) fn moved_to<'a>(cx: &Context<'a>, gone: &RelPath) -> Option<&'a RelPath> {
    moves(cx).iter().find(|it| it.1 == gone).map(|it| it.0)
}

/// What came of which file, as `diff` pairs them.
fn moves<'a>(cx: &Context<'a>) -> &'a FxHashMap<RelPath, RelPath> {
    let pair = |gone: &[RelPath], came: &[RelPath]| {
        let mut moves = Moves::default();
        let nothing: Arc<str> = Arc::default();
        for path in gone {
            let text = cx.base_text_of(path, &nothing);
            if let Some(text) = text.filter(|it| compared_format(cx.config(), path, it).is_some()) {
                moves.gone(path, &text);
            }
        }
        for path in came {
            if let Some(text) = cx.text_below(path) {
                moves.came(path, &text);
            }
        }
        moves.pair();
        moves.into_origins()
    };
    &cx.moved(|it| Language::of_path(it.as_str()).is_some(), pair).from
}
