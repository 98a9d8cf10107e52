//! The graph of decision records: which replaces which, as either of them says. It is asked record by record, by keys.

use archwright_model::{
    facts::{AdrFacts, Supersession},
    key::FileId,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::prelude::*;

/// A decision record.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub file: FileId,
    pub facts: &'a FileFacts,
    pub adr: &'a AdrFacts,
}

/// What became of the record that a claim names.
pub(super) enum Named<'a> {
    One(Record<'a>),
    /// There is no record of this number.
    Missing(u32),
    /// It is no decision record, or it cannot be told which one it is. Other rules speak of that.
    Unclear,
}

/// How many records of a chain are looked at. Longer ones are no circle that anybody could follow.
const REACH: usize = 64;

impl<'a> Record<'a> {
    pub(super) fn of(FileRef { id: file, facts }: FileRef<'a>) -> Option<Self> {
        Some(Self { file, facts, adr: facts.document()?.adr.as_ref()? })
    }

    /// The record that a rule looks at.
    pub(super) fn own(cx: &Context<'a>) -> Option<Self> {
        Self::of(FileRef { id: cx.file(), facts: cx.facts() })
    }

    pub(super) fn path(&self) -> &'a RelPath {
        &self.facts.path
    }

    /// Whether its decision is made: one that is not made yet replaces nothing, so the old record stays as it is.
    pub(super) fn is_made(&self, cx: &Context) -> bool {
        let state = self.adr.status.as_ref().and_then(|it| cx.config().vocabulary().state(&it.text));
        state.is_none_or(State::is_decided)
    }

    /// Whether it was weighed and turned down.
    pub(super) fn is_refused(&self, cx: &Context) -> bool {
        let state = self.adr.status.as_ref().and_then(|it| cx.config().vocabulary().state(&it.text));
        state == Some(State::Rejected)
    }

    /// The record that one of its claims names: by its link, else by its number in the same folder.
    pub(super) fn named(&self, cx: &Context<'a>, claim: &Supersession) -> Named<'a> {
        if let Some(path) = &claim.path {
            return cx.decision(path).and_then(Self::of).map_or(Named::Unclear, Named::One);
        }
        let Some(number) = claim.number else { return Named::Unclear };
        let mut records = cx.files(Key::Numbered(self.path().parent(), number)).into_iter().filter_map(Self::of);
        match (records.next(), records.next()) {
            (None, _) => Named::Missing(number),
            (Some(record), None) => {
                // The number was read through the folder, what the record says is read now.
                cx.decision(record.path());
                Named::One(record)
            }
            _ => Named::Unclear,
        }
    }

    /// The first of its claims that names another record.
    pub(super) fn claim<'c>(&self, claims: &'c [Supersession], other: &Record) -> Option<&'c Supersession> {
        let same_folder = self.path().parent() == other.path().parent();
        claims.iter().find(|it| match &it.path {
            Some(path) => path == other.path(),
            None => same_folder && it.number.is_some() && it.number == other.adr.number,
        })
    }

    /// The records that name this one in a claim, in the order of their paths.
    pub(super) fn claimants(&self, cx: &Context<'a>) -> Vec<Record<'a>> {
        let mut files = cx.files(Key::Claims(self.path().clone()));
        if let Some(number) = self.adr.number {
            let folder = self.path().parent();
            let by_number = cx.files(Key::ClaimsOfNumber(folder.clone(), number));
            // A number that several records have names none of them.
            if !by_number.is_empty() && cx.count(Key::Numbered(folder, number)) == 1 {
                files.extend(by_number);
            }
        }
        let mut records: Vec<Record> = files.into_iter().filter_map(Self::of).collect();
        records.retain(|it| it.file != self.file);
        records.sort_by_key(Record::path);
        records.dedup_by_key(|it| it.file);
        records
    }

    /// The records that this one replaces, as it says itself or as they say.
    fn older(&self, cx: &Context<'a>) -> Vec<Record<'a>> {
        let named = |it: &Supersession| match self.named(cx, it) {
            Named::One(record) => Some(record),
            _ => None,
        };
        let claims = self.adr.supersedes.iter().filter(|it| it.binding);
        let mut older: Vec<Record> = claims.filter_map(named).collect();
        // A record that is not decided yet replaces no other; to replace itself is a mistake at any time.
        older.retain(|it| it.file == self.file || self.is_made(cx));
        let says_so = |it: &Record| it.claim(&it.adr.superseded_by, self).is_some_and(|it| it.binding);
        older.extend(self.claimants(cx).into_iter().filter(says_so));
        // Nobody is among its own claimants, and to be replaced by itself is the same mistake.
        let is_own = |it: &Supersession| matches!(self.named(cx, it), Named::One(record) if record.file == self.file);
        older.extend(self.adr.superseded_by.iter().any(|it| it.binding && is_own(it)).then_some(*self));
        older
    }

    /// The shortest way from this record to another over records that each replace the next, both ends included.
    pub(super) fn way_to(&self, cx: &Context<'a>, goal: &Record) -> Option<Vec<Record<'a>>> {
        let mut from: FxHashMap<FileId, Record<'a>> = FxHashMap::default();
        let mut seen: FxHashSet<FileId> = FxHashSet::default();
        let mut next = std::collections::VecDeque::from([*self]);
        while let Some(record) = next.pop_front() {
            if seen.len() > REACH {
                return None;
            }
            for older in record.older(cx) {
                if older.file == goal.file {
                    let mut way = vec![older, record];
                    while let Some(before) = way.last().and_then(|it| from.get(&it.file)) {
                        way.push(*before);
                    }
                    way.reverse();
                    return Some(way);
                }
                if older.file != self.file && seen.insert(older.file) {
                    from.insert(older.file, record);
                    next.push_back(older);
                }
            }
        }
        None
    }
}
