//! Counts of labels and findings, and the shares that follow from them.

use std::ops::AddAssign;

use schemars::JsonSchema;
use serde::Serialize;

/// What was counted, and the shares that follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Score {
    /// Labelled faults that a finding meets.
    pub hits: usize,
    /// Labelled faults that none meets.
    pub misses: usize,
    /// Labelled traps.
    pub traps: usize,
    /// Traps at which a finding speaks that meets no fault.
    pub sprung: usize,
    /// Findings that meet a labelled fault.
    pub right: usize,
    /// Findings at traps, and, where the labels are complete, all that meet none.
    pub false_alarms: usize,
    /// Findings that meet no label, where the labels are not complete.
    pub unjudged: usize,
    /// Which share of the judged findings is right, 0 to 1; nothing if none was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<f64>,
    /// Which share of the faults is found, 0 to 1; nothing if none is labelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<f64>,
    /// The harmonic mean of the two; nothing where one is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1: Option<f64>,
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.hits += other.hits;
        self.misses += other.misses;
        self.traps += other.traps;
        self.sprung += other.sprung;
        self.right += other.right;
        self.false_alarms += other.false_alarms;
        self.unjudged += other.unjudged;
    }
}

impl Score {
    /// Computes the shares from the counts, which are far below what a float holds exactly.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn settle(&mut self) {
        let share = |of: usize, rest: usize| (of + rest > 0).then(|| of as f64 / (of + rest) as f64);
        self.precision = share(self.right, self.false_alarms);
        self.recall = share(self.hits, self.misses);
        self.f1 = self.precision.zip(self.recall).map(|(precision, recall)| {
            let sum = precision + recall;
            if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 }
        });
    }
}
