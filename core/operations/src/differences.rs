//! What was given and differs from what the files say, as remarks with both values.

use archwright_engine::Workspace;
use archwright_model::RelPath;
use archwright_rules::authoring::merge::Kept;

use super::PlanNote;

/// What was kept although something else was given.
#[derive(Default)]
pub(super) struct Differences(Vec<Difference>);

/// One value that was kept, and the file that has it.
struct Difference {
    path: RelPath,
    kept: Kept,
}

/// A difference that is told, and in how many more places the files say the same.
struct Remark<'a> {
    first: &'a Difference,
    more: usize,
}

/// The differences in words.
pub(super) struct Told {
    /// How many of them `update` would settle.
    pub count: usize,
    /// A remark for each.
    pub notes: Vec<PlanNote>,
}

impl Differences {
    /// Adds those of a file.
    pub(super) fn add(&mut self, path: &RelPath, kept: Vec<Kept>) {
        self.0.extend(kept.into_iter().map(|kept| Difference { path: path.clone(), kept }));
    }

    /// A remark for each difference. One that several places say is one.
    pub(super) fn notes(&self, workspace: &Workspace) -> Told {
        let mut remarks: Vec<Remark> = Vec::new();
        for it in &self.0 {
            match remarks.iter_mut().find(|remark| remark.first.says_same(it)) {
                Some(remark) => remark.more += 1,
                None => remarks.push(Remark { first: it, more: 0 }),
            }
        }
        let count = remarks.iter().filter(|it| it.first.kept.is_replaceable).count();
        Told { count, notes: remarks.iter().map(|it| it.note(workspace)).collect() }
    }
}

impl Difference {
    fn says_same(&self, other: &Self) -> bool {
        self.kept.there == other.kept.there && self.kept.given == other.kept.given
    }
}

impl Remark<'_> {
    fn note(&self, workspace: &Workspace) -> PlanNote {
        let Difference { path, kept } = self.first;
        let text = workspace.file(path).and_then(|it| workspace.facts(it)).map_or("", |it| &it.text);
        let Kept { there, given, .. } = kept;
        let elsewhere = match self.more {
            0 => String::new(),
            1 => ", here and in one more place".to_owned(),
            more => format!(", here and in {more} more places"),
        };
        PlanNote::new(path.as_str(), text, kept.at, format!("Kept “{there}”{elsewhere}; given was “{given}”."))
    }
}
