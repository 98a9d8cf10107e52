//! The progress bar of a check: on a terminal only, and only when the check takes long enough to wonder.

use std::{
    io::IsTerminal,
    sync::OnceLock,
    time::{Duration, Instant},
};

use archwright_analysis::{Progress, Stage};
use indicatif::{ProgressBar, ProgressStyle};

/// How long a check runs before the bar shows.
const PATIENCE: Duration = Duration::from_millis(500);

/// Shows progress on stderr.
#[derive(Debug)]
pub struct Meter {
    start: Instant,
    enabled: bool,
    bar: OnceLock<ProgressBar>,
}

impl Meter {
    /// A meter that shows nothing yet, or never.
    pub fn new(quiet: bool) -> Self {
        Self { start: Instant::now(), enabled: !quiet && std::io::stderr().is_terminal(), bar: OnceLock::new() }
    }

    /// Shows how far the check has come.
    pub fn show(&self, progress: Progress) {
        if !self.enabled || self.start.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let style = ProgressStyle::with_template("{msg:>8} {bar:40} {pos}/{len}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(0).with_style(style)
        });
        bar.set_message(match progress.stage {
            Stage::Walk => "Listing",
            Stage::Read => "Reading",
            Stage::Check => "Checking",
        });
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
