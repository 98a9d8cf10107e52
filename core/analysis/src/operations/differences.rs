//! What was given and differs from what the files say, as remarks with both values.

use super::PlanNote;
use crate::{RelPath, Workspace, authoring::merge::Kept};

/// What was kept although something else was given, each with its file.
#[derive(Default)]
pub(super) struct Differences(Vec<(RelPath, Kept)>);

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
        self.0.extend(kept.into_iter().map(|it| (path.clone(), it)));
    }

    /// A remark for each difference. One that several places say is one.
    pub(super) fn notes(&self, workspace: &Workspace) -> Told {
        let mut told: Vec<(&RelPath, &Kept, usize)> = Vec::new();
        for (path, kept) in &self.0 {
            let is_same = |it: &&mut (&RelPath, &Kept, usize)| (&it.1.there, &it.1.given) == (&kept.there, &kept.given);
            match told.iter_mut().find(is_same) {
                Some(it) => it.2 += 1,
                None => told.push((path, kept, 0)),
            }
        }
        let note = |(path, kept, more): &(&RelPath, &Kept, usize)| {
            let text = workspace.file(path).and_then(|it| workspace.facts(it)).map_or("", |it| &it.text);
            let Kept { there, given, .. } = kept;
            let elsewhere = match more {
                0 => String::new(),
                1 => ", here and in one more place".to_owned(),
                more => format!(", here and in {more} more places"),
            };
            PlanNote::new(path.as_str(), text, kept.at, format!("Kept “{there}”{elsewhere}; given was “{given}”."))
        };
        let count = told.iter().filter(|it| it.1.is_replaceable).count();
        Told { count, notes: told.iter().map(note).collect() }
    }
}
