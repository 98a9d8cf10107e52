//! The documents that no rule reads, counted for the line that says what was looked at.

use archwright_model::{RelPath, conventions::unread::Unread};
use schemars::JsonSchema;
use serde::Serialize;

/// Documents of one kind that no rule reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnreadDocuments {
    /// What one of them is called: `ADR`, `postmortem`.
    pub what: String,
    /// The markup in which they are written, if that is why they are not read; else no rule knows their kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markup: Option<String>,
    /// How many there are.
    pub number: usize,
    /// The folder with most of them, relative to the workspace root.
    #[schemars(with = "String")]
    pub folder: RelPath,
    /// How many are in other folders.
    pub elsewhere: usize,
}

/// Counts documents that are not read, folder by folder.
#[derive(Debug, Default)]
pub(super) struct Counts(Vec<UnreadDocuments>);

impl Counts {
    /// One more in a folder. Those of a folder come one after another.
    pub(super) fn add(&mut self, unread: Unread, folder: &RelPath) {
        let is_same = |it: &&mut UnreadDocuments| {
            it.what == unread.noun && it.markup.as_deref() == unread.markup && it.folder == *folder
        };
        match self.0.iter_mut().find(is_same) {
            Some(found) => found.number += 1,
            None => self.0.push(UnreadDocuments {
                what: unread.noun.to_owned(),
                markup: unread.markup.map(str::to_owned),
                number: 1,
                folder: folder.clone(),
                elsewhere: 0,
            }),
        }
    }

    /// One entry for each kind and markup.
    pub(super) fn by_kind(self) -> Vec<UnreadDocuments> {
        sums(self.0)
    }
}

/// One entry for each kind and markup, the fullest first.
pub(super) fn sums(all: Vec<UnreadDocuments>) -> Vec<UnreadDocuments> {
    let mut sums: Vec<UnreadDocuments> = Vec::new();
    for one in all {
        let Some(sum) = sums.iter_mut().find(|it| it.what == one.what && it.markup == one.markup) else {
            sums.push(one);
            continue;
        };
        let number = sum.number + one.number;
        let (in_sum, in_one) = (sum.number - sum.elsewhere, one.number - one.elsewhere);
        if in_one > in_sum {
            sum.folder = one.folder;
        }
        (sum.number, sum.elsewhere) = (number, number - in_one.max(in_sum));
    }
    sums.sort_by_key(|it| std::cmp::Reverse(it.number));
    sums
}

/// The same in sentences, for people and agents.
pub(super) fn sentences(all: &[UnreadDocuments]) -> String {
    let told = |it: &UnreadDocuments| {
        let plural = if it.number == 1 { "" } else { "s" };
        let markup = it.markup.as_ref().map(|it| format!(" in {it}")).unwrap_or_default();
        let folder = if it.folder.as_str().is_empty() { "the root" } else { it.folder.as_str() };
        let elsewhere = if it.elsewhere > 0 { format!(" and {} elsewhere", it.elsewhere) } else { String::new() };
        format!("{} {}{plural}{markup} ({folder}{elsewhere})", it.number, it.what)
    };
    let list = |is_markup: bool| -> Vec<String> {
        all.iter().filter(|it| it.markup.is_some() == is_markup).map(told).collect()
    };
    let mut text = String::new();
    for (list, head) in [(list(true), "Not read, because they are not Markdown"), (list(false), "Read by no rule")] {
        if !list.is_empty() {
            text.push_str(&format!(" {head}: {}.", list.join(", ")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_summed_up_with_the_fullest_folder() {
        let mut counts = Counts::default();
        let adr = Unread { noun: "ADR", markup: Some("AsciiDoc") };
        for folder in ["a/adr", "b/adr", "b/adr"] {
            counts.add(adr, &RelPath::new(folder));
        }
        counts.add(Unread { noun: "postmortem", markup: None }, &RelPath::new("postmortems"));
        let one = counts.by_kind();
        let expected = " Not read, because they are not Markdown: 3 ADRs in AsciiDoc (b/adr and 1 elsewhere). Read by no \
            rule: 1 postmortem (postmortems).";
        assert_eq!(sentences(&one), expected);
        let both = sums(one.iter().chain(&one).cloned().collect());
        assert_eq!(both.first().map(|it| (it.number, it.elsewhere)), Some((6, 4)));
    }
}
