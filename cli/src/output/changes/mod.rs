//! The formats of `archwright diff`.

mod markdown;
mod text;

use archwright_analysis::operations::ComparedChange;

pub use markdown::write as write_markdown;
pub use text::write as write_text;

/// Whom a change breaks, in words.
fn breaks(change: &ComparedChange) -> String {
    let sides = change.breaks.iter().map(|it| match *it {
        "backward" => "new readers of old messages",
        "forward" => "old readers of new messages",
        other => other,
    });
    sides.collect::<Vec<_>>().join(" and ")
}
