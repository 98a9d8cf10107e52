//! Where links lead, and where those that lead nowhere were meant to lead.

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use archwright_knowledge::claim_words;
use archwright_model::{
    conventions::config::LinkScope,
    facts::{LinkFact, destination, way},
    values::value::ANNOUNCED,
};
use archwright_syntax::Guesses;

use super::{
    github,
    meant::{self, Meant},
    placeholder::{self, Placeholder},
    site::Sites,
};
use crate::prelude::*;

/// What became of a target that is not there, unless it cannot be told or the text says that it is yet to be written.
pub(super) enum Target {
    /// Something stands where the destination belongs.
    Placeholder(Placeholder),
    /// It is there if the path climbs more or fewer folders.
    OtherDepth(Meant<RelPath>),
    /// It is nowhere.
    Missing,
}

/// The links of a document whose target is not there, by their place among its links.
struct Dead(Vec<(usize, Target)>);

/// The links of the file of a context and what became of them.
pub(super) struct Links<'a, 'c> {
    cx: &'c Context<'a>,
    /// The lines that announce something: few documents need them.
    announcing: OnceCell<Vec<Span>>,
    guesses: RefCell<Guesses>,
}

/// Above so many folders nobody has the root of a repository.
const MOST_ABOVE: usize = 8;

/// Whether the links of a file are checked: it is a document of a known kind, or the configuration says so.
pub(super) fn are_checked(cx: &Context) -> bool {
    cx.facts().is_recognised() || cx.facts().opted_in() || cx.config().links() == LinkScope::All
}

impl<'a, 'c> Links<'a, 'c> {
    pub(super) fn of(cx: &'c Context<'a>) -> Self {
        Self { cx, announcing: OnceCell::new(), guesses: RefCell::default() }
    }

    /// The links that are checked.
    pub(super) fn checked(&self) -> impl Iterator<Item = &'a LinkFact> + use<'a> {
        self.all().iter().filter(|it| it.shown)
    }

    fn all(&self) -> &'a [LinkFact] {
        self.cx.facts().document().filter(|_| are_checked(self.cx)).map_or(&[], |it| &it.links)
    }

    /// Calls `each` with the checked links whose target is not there, and what became of it. Every rule of the family
    /// asks; the targets are looked for once.
    pub(super) fn dead(&self, mut each: impl FnMut(&'a LinkFact, &Target)) {
        let links = self.all();
        let dead = self.cx.shared(|| {
            let shown = links.iter().enumerate().filter(|it| it.1.shown);
            Dead(shown.filter_map(|(at, it)| Some((at, self.resolve(it)?))).collect())
        });
        for (at, target) in &dead.0 {
            if let Some(link) = links.get(*at) {
                each(link, target);
            }
        }
    }

    /// What became of the target of a link; nothing if it is there, or may be.
    fn resolve(&self, link: &LinkFact) -> Option<Target> {
        let cx = self.cx;
        if link.path_span.is_empty() || link.path.as_str().is_empty() || cx.exists(&link.path) {
            return None;
        }
        if self.is_announced(link) {
            return None;
        }
        match placeholder::of(cx.facts().slice(link.target)) {
            Some(Placeholder::Expression) if self.sites().is_some() => return None,
            Some(it) => return Some(Target::Placeholder(it)),
            None => {}
        }
        let written = cx.facts().slice(link.path_span);
        if self.sites().may_have(cx, written) {
            return None;
        }
        if let Some(path) = self.at_other_depth(link) {
            return Some(Target::OtherDepth(path));
        }
        let may_be = || github::is_page(&link.path) || cx.is_made(&link.path) || self.leaves(link);
        (!may_be()).then_some(Target::Missing)
    }

    /// Whether a link climbs out of the repository, so that nobody can tell what is there. A workspace that is a folder
    /// of a repository knows what is beside it.
    fn leaves(&self, link: &LinkFact) -> bool {
        let path = link.path.as_str();
        let climbed = (path.len() - path.trim_start_matches("../").len()) / "../".len();
        if climbed == 0 {
            return false;
        }
        let has_repository = |ups: usize| self.cx.exists(&RelPath::new(&format!("{}.git", "../".repeat(ups))));
        !(climbed..climbed + MOST_ABOVE).any(has_repository) || (0..climbed).any(has_repository)
    }

    /// The file that a dead link was probably meant to lead to.
    pub(super) fn meant(&self, link: &LinkFact) -> Option<Meant<&'a RelPath>> {
        meant::file(self.cx, link, &mut self.guesses.borrow_mut())
    }

    /// The sites that the document is part of.
    pub(super) fn sites(&self) -> Rc<Sites> {
        self.cx.shared(|| Sites::of(self.cx))
    }

    /// Whether the line of a link says that its target is yet to be written.
    fn is_announced(&self, link: &LinkFact) -> bool {
        let text = &self.cx.facts().text;
        let announcing = self.announcing.get_or_init(|| {
            let line = |at: usize| text.get(..at).and_then(|it| it.rfind(['\n', '\r'])).map_or(0, |it| it + 1);
            memchr::memmem::find_iter(text.as_bytes(), ANNOUNCED).map(|at| Span::new(line(at), at)).collect()
        });
        // A remark in brackets may say it in other words: `[ADR-0012](0012-queues.md) *(planned)*`.
        let rest = text.get(link.span.end as usize..).and_then(|it| it.lines().next()).unwrap_or_default();
        let remark = rest.trim_start_matches([' ', '*', '_', ':']).strip_prefix('(').and_then(|it| it.split_once(')'));
        if remark.is_some_and(|it| claim_words("still-to-make").begin(it.0.trim_start_matches(['*', '_']))) {
            return true;
        }
        // The remark stands behind the link.
        let end = link.target.end;
        let next = announcing.get(announcing.partition_point(|it| it.end < end));
        next.is_some_and(|it| it.start <= end)
    }

    /// The file that the link reaches with another number of `../`, if exactly one other number works.
    fn at_other_depth(&self, link: &LinkFact) -> Option<Meant<RelPath>> {
        let cx = self.cx;
        let decoded = archwright_syntax::markdown::decode_target(cx.facts().slice(link.path_span));
        let rest = decoded.trim_start_matches("../").trim_start_matches("./");
        let name = rest.rsplit('/').next()?;
        if rest.is_empty() || name.is_empty() || rest.starts_with('/') {
            return None;
        }
        // A name alone is found in one of the folders above by chance, unless no other file can be meant.
        let has_folder = rest.contains('/');
        let stem = name.rsplit_once('.').map_or(name, |it| it.0);
        if !has_folder && (!decoded.starts_with("../") || meant::is_everywhere(stem)) {
            return None;
        }
        let is_specific = has_folder || meant::is_specific(name);
        let own = &cx.facts().path;
        let folder = own.parent();
        let depth = folder.as_str().split('/').filter(|it| !it.is_empty()).count();
        let candidates = cx.count_of_name(name);
        if candidates == 0 {
            return None;
        }
        let reachable = (0..=depth).map(|ups| folder.join(&format!("{}{rest}", "../".repeat(ups))));
        let mut hits: Vec<RelPath> =
            reachable.filter(|it| it != own && *it != link.path && cx.is_named_there(it)).collect();
        hits.dedup();
        let target = hits.pop().filter(|_| hits.is_empty())?;
        let certain = is_specific && candidates == 1 && meant::is_kept(cx, link, &target);
        Some(Meant { target, certain })
    }
}

/// How the document of a context writes a link to a file: as a reader sees it and as it stands in the text. A slash
/// behind the old path goes, because nothing lies below a file.
pub(super) fn written(cx: &Context, link: &LinkFact, target: &RelPath) -> (String, String) {
    let facts = cx.facts();
    let old = facts.slice(link.path_span).trim_end_matches('/');
    let shown = if old.starts_with('/') { format!("/{target}") } else { way(target, &facts.path, old) };
    (shown, destination(target, &facts.path, old))
}
