//! Markdown on a terminal: as it is written, with headings bold and code set apart.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

const HEADING: Style = Style::new().bold();
const CODE: Style = AnsiColor::Cyan.on_default();
const BLOCK: Style = Style::new().dimmed();

/// Writes a text with styles.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_styled(out: &mut impl Write, markdown: &str) -> io::Result<()> {
    let mut fence: Option<&str> = None;
    for line in markdown.trim_end().lines() {
        let trimmed = line.trim_start();
        let ticks = trimmed.get(..trimmed.len() - trimmed.trim_start_matches('`').len()).unwrap_or_default();
        match fence {
            None if ticks.len() >= 3 => {
                fence = Some(ticks);
                writeln!(out, "{BLOCK}{line}{BLOCK:#}")?;
            }
            Some(open) => {
                if ticks.len() >= open.len() && trimmed == ticks {
                    fence = None;
                }
                writeln!(out, "{BLOCK}{line}{BLOCK:#}")?;
            }
            None if line.starts_with('#') => writeln!(out, "{HEADING}{line}{HEADING:#}")?,
            None => write_inline(out, line)?,
        }
    }
    Ok(())
}

/// Every second piece between single backticks is code.
fn write_inline(out: &mut impl Write, line: &str) -> io::Result<()> {
    let pieces: Vec<&str> = line.split('`').collect();
    for (at, piece) in pieces.iter().enumerate() {
        let last = at + 1 == pieces.len();
        match at % 2 {
            1 if !last => write!(out, "{CODE}{piece}{CODE:#}")?,
            1 => write!(out, "`{piece}")?,
            _ => write!(out, "{piece}")?,
        }
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_code_stand_out_and_nothing_gets_lost() {
        let mut out = Vec::new();
        write_styled(&mut out, "# Title\n\nSay `this` and ` that.\n\n```md\n# `no`\n```\n").unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("\u{1b}[1m# Title\u{1b}[0m\n\nSay \u{1b}[36mthis\u{1b}[0m and ` that.\n"), "{text:?}");
        assert!(text.ends_with("\u{1b}[2m# `no`\u{1b}[0m\n\u{1b}[2m```\u{1b}[0m\n"), "{text:?}");
    }
}
