//! What cards of every kind have in their front matter beside names: authorities, companions, references.

use std::fmt::Write as _;

use smol_str::SmolStr;

use crate::{
    name,
    source::{self, Node},
};

/// Something that must stand beside what a card is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// Slug of its card.
    pub slug: SmolStr,
    /// Why, as one sentence.
    pub because: SmolStr,
}

/// A book or specification that says more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Title, with the section where it matters.
    pub title: SmolStr,
    /// Address of a public specification.
    pub url: Option<SmolStr>,
}

/// Who named it: a book, a specification or a public catalogue of patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The authority: `Enterprise Integration Patterns`.
    pub name: SmolStr,
    /// Its name for it, where that is another than the card's.
    pub known_as: Option<SmolStr>,
    /// Address of its page.
    pub url: Option<SmolStr>,
}

/// Something else that has the same name, or one that is easily taken for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusable {
    /// The name of the other thing.
    pub with: SmolStr,
    /// How the two differ, as one sentence.
    pub because: SmolStr,
}

pub(crate) fn companions(node: Node<'_>) -> Vec<Companion> {
    let read =
        |it: Node<'_>| Some(Companion { slug: source::text(it, "slug")?, because: source::text(it, "because")? });
    source::nodes(node, "companions").into_iter().filter_map(read).collect()
}

pub(crate) fn references(node: Node<'_>) -> Vec<Reference> {
    let read = |it: Node<'_>| Some(Reference { title: source::text(it, "title")?, url: source::text(it, "url") });
    source::nodes(node, "references").into_iter().filter_map(read).collect()
}

pub(crate) fn authorities(node: Node<'_>) -> Vec<Authority> {
    let read = |it: Node<'_>| {
        let (known_as, url) = (source::text(it, "as"), source::text(it, "url"));
        Some(Authority { name: source::text(it, "name")?, known_as, url })
    };
    source::nodes(node, "authority").into_iter().filter_map(read).collect()
}

pub(crate) fn confusables(node: Node<'_>) -> Vec<Confusable> {
    let read =
        |it: Node<'_>| Some(Confusable { with: source::text(it, "with")?, because: source::text(it, "because")? });
    source::nodes(node, "not-to-confuse").into_iter().filter_map(read).collect()
}

/// The text of one section of a body, without its heading.
pub(crate) fn section<'b>(body: &'b str, heading: &str) -> Option<&'b str> {
    let mut sections = body.split("\n## ").map(|it| it.strip_prefix("## ").unwrap_or(it));
    sections
        .find_map(|it| it.split_once('\n').filter(|(title, _)| title.trim() == heading))
        .map(|(_, text)| text.trim())
}

/// The line that names the authorities, with the names that they use where these differ from `name`; empty if there are
/// none.
pub(crate) fn authority_line(authorities: &[Authority], name: &str) -> String {
    let mut line = String::new();
    for it in authorities {
        line += if line.is_empty() { "Named by: " } else { "; " };
        let _ = match &it.url {
            Some(url) => write!(line, "[{}]({url})", it.name),
            None => write!(line, "{}", it.name),
        };
        if let Some(known_as) = it.known_as.as_deref().filter(|it| is_other_name(it, name)) {
            let _ = write!(line, " as {known_as}");
        }
    }
    if !line.is_empty() {
        line += ".";
    }
    line
}

/// Whether `written` is another name than `name`: letter case, hyphens, plural and a closing "pattern" make none.
pub(crate) fn is_other_name(written: &str, name: &str) -> bool {
    let key = name::key(written);
    name::key(name) != key.strip_suffix(" pattern").unwrap_or(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_named_with_its_own_name_for_it() {
        let front = "authority:\n  - { name: Nygard, as: breakers }\n  - name: Azure\n    as: Circuit Breaker pattern\n\
                     \x20   url: https://example.com/a\n  - as: nobody\nnot-to-confuse:\n  - { with: Fuse, because: \"It \
                     melts.\" }\n";
        let tree = source::yaml(front);
        let authorities = authorities(tree.root().unwrap());
        assert_eq!(
            authority_line(&authorities, "Circuit Breaker"),
            "Named by: Nygard as breakers; [Azure](https://example.com/a)."
        );
        assert_eq!(authority_line(&[], "Circuit Breaker"), "");
        let confusables = confusables(tree.root().unwrap());
        assert_eq!(confusables, [Confusable { with: "Fuse".into(), because: "It melts.".into() }]);
    }
}
