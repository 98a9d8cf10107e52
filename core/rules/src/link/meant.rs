//! Which file or heading a dead link was meant to lead to, and whether that is certain.
//!
//! A link that is dead says that it is. One that was mended wrongly says nothing any more, so a target is certain only
//! if nothing else can have been meant: it is called the same, by a name that says what it is about, and no other is.

use std::cell::OnceCell;

use archwright_model::{
    FileId,
    conventions::layout::is_helper_name,
    facts::LinkFact,
    values::file_name::{folded, numbers, record_title},
};
use archwright_syntax::{Guesses, markdown::decode_target};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use unicode_normalization::UnicodeNormalization as _;

use super::github;
use crate::prelude::*;

/// What was probably meant.
pub(super) struct Meant<T> {
    pub(super) target: T,
    /// Whether it can be nothing else; otherwise it is a guess.
    pub(super) certain: bool,
}

/// What to say of the one that was probably meant, as both are shown.
pub(super) fn hint(written: &str, meant: &str) -> String {
    if written.nfc().eq(meant.nfc()) {
        return format!(" `{meant}` is there and looks the same: the two differ in their Unicode normalisation.");
    }
    format!(" Did you mean `{meant}`?")
}

/// Names that say nothing of what is in a file, so that files of different content are called so.
const COMMON: [&str; 10] = [
    "codeofconduct",
    "gettingstarted",
    "howto",
    "issuetemplate",
    "pullrequesttemplate",
    "readme",
    "recordarchitecturedecisions",
    "releasenotes",
    "tableofcontents",
    "template",
];

/// The file that a link was meant to lead to, from the document of the context.
pub(super) fn file<'a>(cx: &Context<'a>, link: &LinkFact, guesses: &mut Guesses) -> Option<Meant<&'a RelPath>> {
    let meant = in_folder(cx, link, guesses).or_else(|| moved(cx, link)).filter(|it| cx.exists(it.target))?;
    let certain = meant.certain && is_kept(cx, link, meant.target);
    Some(Meant { certain, ..meant })
}

/// Whether a link can be written anew without doubt: its heading is there too, and it counts from its own document.
/// Those of a template count from where it will be used, and `~` is another place on every machine.
pub(super) fn is_kept(cx: &Context, link: &LinkFact, target: &RelPath) -> bool {
    let is_template = cx.facts().path.as_str().to_lowercase().contains("template");
    !is_template && !cx.facts().slice(link.path_span).starts_with('~') && holds(cx, link, target)
}

/// A file of the same name elsewhere, the nearest one.
fn moved<'a>(cx: &Context<'a>, link: &LinkFact) -> Option<Meant<&'a RelPath>> {
    let (own, path) = (&cx.facts().path, &link.path);
    let from = own.parent();
    if cx.count_of_name(path.name()) > MOST_NAMESAKES {
        return None;
    }
    let named: Vec<&RelPath> = cx.named(path.name()).into_iter().filter(|it| *it != path).collect();
    let steps = |it: &RelPath| it.relative_to(&from).matches('/').count();
    // A README of another folder is no help: such names are everywhere.
    let folder = |it: &RelPath| it.parent().name().to_lowercase();
    let specific = is_specific(path.name());
    let only = named.len() == 1;
    // Of one word or two too few, the only file called so is worth a guess.
    let is_alone = only && !is_everywhere(path.stem());
    let others = named.iter().copied().filter(|it| *it != own && (specific || is_alone || folder(it) == folder(path)));
    let target = others.min_by_key(|it| (steps(it), it.as_str()))?;
    (only || steps(target) <= 2).then(|| Meant { target, certain: only && specific && holds(cx, link, target) })
}

/// A file in the folder that was meant: called the same but for case and separators, renumbered, or nearly the same.
fn in_folder<'a>(cx: &Context<'a>, link: &LinkFact, guesses: &mut Guesses) -> Option<Meant<&'a RelPath>> {
    let (own, path) = (&cx.facts().path, &link.path);
    let siblings = cx.folder_by_name(&path.parent())?;
    let others = |files: &'a [FileId]| cx.paths(files).filter(|it| ![own, path].contains(it));
    let only = |files: &'a [FileId], is_it: &dyn Fn(&RelPath) -> bool| {
        let mut found = others(files).filter(|it| is_it(it));
        found.next().filter(|_| found.next().is_none())
    };
    let name = path.name();
    let wanted = folded(name);
    if wanted.is_empty() {
        return None;
    }
    let in_folder = || cx.folder(&path.parent()).into_iter().filter(|it| ![own, path].contains(it));
    let equal = (!name.is_ascii()).then(|| in_folder().find(|it| it.name().nfc().eq(name.nfc()))).flatten();
    if let Some(target) = equal {
        return Some(Meant { target, certain: true });
    }
    if let Some(target) = only(siblings.called(&wanted), &|it| same_numbers(it.name(), name)) {
        return Some(Meant { target, certain: true });
    }
    // A record that got another number keeps what it is about.
    if let Some(title) = record_title(name)
        && let Some(target) = only(siblings.titled(&folded(title)), &|_| true)
    {
        return Some(Meant {
            target,
            certain: is_specific(title) && is_titled(cx, target, title) && !says_number(cx, link, name),
        });
    }
    // A record that is named without its number.
    if record_title(name).is_none()
        && is_specific(name)
        && let Some(target) = only(siblings.titled(&wanted), &|_| true)
    {
        return Some(Meant { target, certain: false });
    }
    let alike = siblings.numbered(name);
    if alike.len() > MOST_ALIKE {
        return None;
    }
    let near = guesses.nearest(name, others(alike).map(RelPath::name));
    // Of a record that is called otherwise now the number is left, and a word of its title.
    let words = |name: &str| -> Vec<String> {
        let words = name.split(|it: char| !it.is_alphabetic()).filter(|it| it.len() > SHORT_WORD);
        words.map(str::to_lowercase).collect()
    };
    let own_words = record_title(path.name()).map(words).unwrap_or_default();
    let by_number = || only(alike, &|_| true).filter(|it| words(it.stem()).iter().any(|it| own_words.contains(it)));
    let Some(name) = near else { return by_number().map(|target| Meant { target, certain: false }) };
    others(alike).find(|it| it.name() == name).map(|target| Meant { target, certain: false })
}

/// Words of so many letters are in too many titles.
const SHORT_WORD: usize = 4;

/// Among more files with the same numbers in their names none is looked for that is called nearly the same: as many
/// files may have as many dead links.
const MOST_ALIKE: usize = 300;

/// Among more files of one name nobody can tell which was meant.
const MOST_NAMESAKES: usize = 64;

/// The anchors of a document, to look up what was meant by one that is not there.
pub(super) struct Anchors {
    all: Vec<SmolStr>,
    lower: FxHashSet<String>,
    folded: FxHashMap<String, Vec<usize>>,
    /// By their numbers: a link to chapter 12 does not mean chapter 13, and need not look at it.
    by_numbers: FxHashMap<String, Vec<usize>>,
    /// What generators make of them that keep letters of ASCII only, once somebody asks.
    ascii: OnceCell<FxHashSet<String>>,
}

impl Anchors {
    pub(super) fn new(all: Vec<SmolStr>) -> Self {
        let lower = all.iter().map(|it| it.to_lowercase()).collect();
        let mut by_folded: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        let mut by_numbers: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, it) in all.iter().enumerate() {
            by_folded.entry(folded(it)).or_default().push(at);
            by_numbers.entry(all_numbers(it)).or_default().push(at);
        }
        Self { all, lower, folded: by_folded, by_numbers, ascii: OnceCell::new() }
    }

    /// Whether there is one, whatever its case.
    pub(super) fn has(&self, name: &str) -> bool {
        self.lower.contains(&name.to_lowercase())
    }

    /// Whether a generator that keeps letters of ASCII only may make an anchor so: `uber-uns` or `ber-uns` of
    /// `über-uns`, and `_1` or `section` where nothing is left.
    pub(super) fn has_in_ascii(&self, name: &str) -> bool {
        let ascii = self.ascii.get_or_init(|| self.all.iter().flat_map(|it| in_ascii(it)).collect());
        let bare = folded(name);
        let is_numbered = || bare.trim_start_matches("section").bytes().all(|it| it.is_ascii_digit());
        ascii.contains(&bare) || ascii.contains("") && is_numbered()
    }

    /// The anchor that a fragment was meant to name.
    pub(super) fn meant(&self, name: &str, guesses: &mut Guesses) -> Option<Meant<&str>> {
        let mut equal = self.all.iter().filter(|it| !name.is_ascii() && it.nfc().eq(name.nfc()));
        if let (Some(target), None) = (equal.next(), equal.next()) {
            return Some(Meant { target, certain: true });
        }
        let wanted = folded(name);
        let same = self.folded.get(&wanted).into_iter().flatten().filter_map(|it| self.all.get(*it));
        let mut same = same.filter(|it| same_numbers(it, name));
        if let (false, Some(target), None) = (wanted.is_empty(), same.next(), same.next()) {
            return Some(Meant { target, certain: true });
        }
        // A heading that goes on: `Alternative 1: Poll` of `#alternative-1`.
        let goes_on = |it: &&SmolStr| it.strip_prefix(name).is_some_and(|it| it.starts_with('-'));
        let mut longer = self.all.iter().filter(|it| name.len() > SHORT_WORD && goes_on(it));
        if let (Some(target), None) = (longer.next(), longer.next()) {
            return Some(Meant { target, certain: false });
        }
        let alike = self.by_numbers.get(&all_numbers(name)).into_iter().flatten();
        let alike = alike.filter_map(|it| self.all.get(*it)).map(SmolStr::as_str);
        guesses.nearest(name, alike).map(|target| Meant { target, certain: false })
    }
}

/// An anchor in letters of ASCII, folded: with the letters below accents, and without those that have one.
fn in_ascii(anchor: &str) -> [String; 2] {
    let kept = |it: &char| it.is_ascii();
    let below: String = anchor.nfkd().filter(kept).collect();
    let without: String = anchor.chars().filter(kept).collect();
    [folded(&below), folded(&without)]
}

/// Whether a record has the title that its name says.
fn is_titled(cx: &Context, path: &RelPath, name: &str) -> bool {
    let Some(facts) = cx.anchored(path) else { return false };
    let Some(tree) = facts.markdown() else { return false };
    let title = tree.section_ids().nth(1).map(|it| folded(&tree.plain_title(it.0, &facts.text)));
    let stem = name.rsplit_once('.').map_or(name, |it| it.0);
    title.is_some_and(|it| it.ends_with(&folded(stem)))
}

/// Whether the text of a link names the old number, so that it would contradict a new one.
fn says_number(cx: &Context, link: &LinkFact, name: &str) -> bool {
    let text = cx.facts().text.get(link.span.start as usize..link.path_span.start as usize).unwrap_or_default();
    let plain = |it: &str| it.trim_start_matches('0').to_owned();
    numbers(name).next().is_some_and(|old| numbers(text).any(|it| plain(it) == plain(old)))
}

/// Whether a file has the heading that a link names; otherwise the link would be dead there too.
pub(super) fn holds(cx: &Context, link: &LinkFact, path: &RelPath) -> bool {
    let Some(fragment) = link.fragment else { return true };
    let Some(target) = cx.anchored(path) else { return true };
    let Some(tree) = target.markdown() else { return true };
    let name = decode_target(cx.facts().slice(fragment)).to_lowercase();
    github::heading(&name).is_none_or(|it| tree.anchors(&target.text).iter().any(|found| found.0.to_lowercase() == it))
}

/// Whether files are called so in many folders: `README.md`, `index.md`, `template.md`.
pub(super) fn is_everywhere(stem: &str) -> bool {
    is_helper_name(stem) || COMMON.contains(&folded(stem).as_str()) || !stem.chars().any(char::is_alphabetic)
}

/// Whether files called so are about one thing.
pub(super) fn is_specific(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |it| it.0);
    let letters: String = folded(stem).chars().filter(|it| !it.is_ascii_digit()).collect();
    words(stem).count() > 1
        && words(stem).any(|it| it.chars().filter(|it| it.is_alphabetic()).count() > 3)
        && !COMMON.contains(&letters.as_str())
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty())
}

/// The numbers of a name, one after the other.
fn all_numbers(name: &str) -> String {
    numbers(name).flat_map(|it| [it, " "]).collect()
}

/// Whether two names have the same numbers.
fn same_numbers(one: &str, other: &str) -> bool {
    numbers(one).eq(numbers(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_specific_name_says_what_is_in_the_file() {
        for (name, specific) in [
            ("consumer-lag.md", true),
            ("orders.placed.v1.md", true),
            ("0007-outbox.md", true),
            ("README.md", false),
            ("0000-template.md", false),
            ("plan.md", false),
            ("2026-05-12.md", false),
            ("0001-record-architecture-decisions.md", false),
        ] {
            assert_eq!(is_specific(name), specific, "{name}");
        }
    }

    #[test]
    fn a_fragment_means_a_heading_called_alike() {
        let anchors = Anchors::new(["decision-1", "error-handling", "mitigation"].map(SmolStr::from).into());
        let meant = |name: &str| anchors.meant(name, &mut Guesses::default()).map(|it| (it.target, it.certain));
        assert_eq!(meant("error_handling"), Some(("error-handling", true)));
        assert_eq!(meant("mitigations"), Some(("mitigation", false)));
        assert_eq!(meant("decision-17"), None);
        assert_eq!(meant(""), None);
    }

    #[test]
    fn accents_are_told_from_letters() {
        let anchors = Anchors::new(["über-uns", "caf\u{e9}", "straße", "第一章"].map(SmolStr::from).into());
        for (name, has) in
            [("uber-uns", true), ("ber-uns", true), ("cafe", true), ("strae", true), ("_1", true), ("unter-uns", false)]
        {
            assert_eq!(anchors.has_in_ascii(name), has, "{name}");
        }
        let plain = Anchors::new(["uns"].map(SmolStr::from).into());
        assert!(!plain.has_in_ascii("_1"));
        let meant = anchors.meant("cafe\u{301}", &mut Guesses::default()).map(|it| (it.target, it.certain));
        assert_eq!(meant, Some(("caf\u{e9}", true)));
        assert_eq!(
            hint("#cafe\u{301}", "#caf\u{e9}"),
            " `#caf\u{e9}` is there and looks the same: the two differ in their Unicode normalisation."
        );
    }
}
