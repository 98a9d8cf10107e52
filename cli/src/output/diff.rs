//! `--fix --dry-run`: what would change, as a unified diff that `git apply` and `patch` read.

use std::io::{self, Write};

use archwright_analysis::{FilePreview, RelPath};
use similar::TextDiff;

use super::escape::visible;

/// Writes the diff of one file.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut impl Write, file: &FilePreview, shown: &dyn Fn(&RelPath) -> String) -> io::Result<()> {
    let path = shown(&file.path);
    let path = visible(&path);
    let name = |side: &str, text: &Option<String>| {
        text.as_ref().map_or_else(|| "/dev/null".to_owned(), |_| format!("{side}/{path}"))
    };
    let (before, after) = (file.before.as_deref().unwrap_or_default(), file.after.as_deref().unwrap_or_default());
    let diff = TextDiff::from_lines(before, after);
    write!(out, "{}", diff.unified_diff().header(&name("a", &file.before), &name("b", &file.after)))
}
