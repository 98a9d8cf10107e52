//! A change of a file that others refer to is told once, where it stands, with those others beside it.

use archwright_asyncapi::comparison::Class;
use archwright_syntax::Span;
use rustc_hash::FxHashMap;

use super::{ComparedChange, ComparedPlace, NamedText, Places, companions};

/// A change, and which comparison told it.
pub(super) struct Told {
    /// The name of the file that was compared, as it is now.
    pub of: String,
    /// Whether levels of buf were asked, which have names of their own for what registries call otherwise.
    pub by_level: bool,
    /// The change.
    pub change: ComparedChange,
}

/// Where a change stands, whatever way led there: the file, the place in it, and what changed.
type Key = (String, String, &'static str);

/// Leaves each change once, those that the comparison of a file itself told first. `files` are the new texts that were
/// compared, by their names; what only stands in the old text of a file is called `NAME@REVISION`.
pub(super) fn once(told: Vec<Told>, files: &FxHashMap<String, NamedText>, revision: &str) -> Vec<ComparedChange> {
    let at = format!("@{revision}");
    let stands_in = |change: &ComparedChange| {
        let place = change.new.as_ref().or(change.old.as_ref())?;
        Some(place.file.strip_suffix(&at).unwrap_or(&place.file).to_owned())
    };
    let is_own = |it: &Told| stands_in(&it.change).is_none_or(|file| file == it.of);
    let mut kept: Vec<ComparedChange> = Vec::new();
    let mut known: FxHashMap<Key, usize> = FxHashMap::default();
    let mut by_level: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    // In the end they stand in the order in which they were told.
    let mut order: Vec<usize> = Vec::new();
    let mut numbered: Vec<(bool, usize, Told)> =
        told.into_iter().enumerate().map(|(at, it)| (!is_own(&it), at, it)).collect();
    numbered.sort_by_key(|it| (it.0, it.1));
    for (is_foreign, number, it) in numbered {
        let is_own = !is_foreign;
        let Some(file) = stands_in(&it.change) else {
            kept.push(it.change);
            order.push(number);
            continue;
        };
        let reference = files.get(&it.of).filter(|_| !is_own).and_then(|named| reference_to(named, &file));
        let key = (file.clone(), place_in_file(&it.change.path).to_owned(), it.change.kind);
        let of_levels = || {
            let mut of_file = by_level.get(&file)?.iter().copied();
            of_file.find(|at| kept.get(*at).is_some_and(|known| overlap(known, &it.change)))
        };
        let twin = known.get(&key).copied().filter(|_| !it.by_level).or_else(of_levels);
        if let Some(first) = twin.filter(|_| !is_own || !it.by_level).and_then(|at| kept.get_mut(at)) {
            merge(first, it.change, reference);
            continue;
        }
        if it.by_level {
            by_level.entry(file).or_default().push(kept.len());
        } else {
            known.insert(key, kept.len());
        }
        kept.push(ComparedChange { related: reference.into_iter().collect(), ..it.change });
        order.push(number);
    }
    let mut kept: Vec<_> = order.into_iter().zip(kept).collect();
    kept.sort_by_key(|it| it.0);
    kept.into_iter().map(|it| it.1).collect()
}

/// Where a file leads to another one.
fn reference_to(named: &NamedText, file: &str) -> Option<ComparedPlace> {
    let span = companions::reference_to(named, file)?;
    let (start, end) = Places::of(named.text.clone()).points(span);
    Some(ComparedPlace { file: named.name.clone(), start, end, span })
}

/// The place of a change without the way to its file.
fn place_in_file(path: &str) -> &str {
    path.split_once('#').map_or(path, |it| it.1)
}

/// Adds what another comparison said of the same change. Who is broken by one of them is broken.
fn merge(first: &mut ComparedChange, other: ComparedChange, reference: Option<ComparedPlace>) {
    let is_worse = |one: &ComparedChange, than: &ComparedChange| {
        one.class == Class::Breaking.name() && than.class != Class::Breaking.name()
    };
    if is_worse(&other, first) {
        (first.class, first.mode, first.message, first.advice) = (other.class, other.mode, other.message, other.advice);
    }
    for side in other.breaks {
        if !first.breaks.contains(&side) {
            first.breaks.push(side);
        }
    }
    first.breaks.sort_unstable();
    for place in other.related.into_iter().chain(reference) {
        if !first.related.contains(&place) {
            first.related.push(place);
        }
    }
}

/// Whether two changes stand at the same place of a text.
fn overlap(one: &ComparedChange, other: &ComparedChange) -> bool {
    let touch = |one: Option<&ComparedPlace>, other: Option<&ComparedPlace>| {
        let inside = |a: Span, b: Span| a.start <= b.start && b.end <= a.end;
        matches!((one, other), (Some(one), Some(other)) if inside(one.span, other.span) || inside(other.span, one.span))
    };
    touch(one.new.as_ref(), other.new.as_ref()) || touch(one.old.as_ref(), other.old.as_ref())
}
