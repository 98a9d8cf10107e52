//! The links to a runbook that other files need: in the README of its feature, the contract, the catalog.

use archwright_model::{
    Kind, RelPath,
    conventions::role::{Role, State},
    facts::{ByRole, FileFacts},
    values::value,
};
use archwright_syntax::TextEdit;

use super::{super::listing, Composer};

impl Composer<'_> {
    /// The links that other files need: the README of the feature, the contract, the catalog.
    pub(super) fn links(&self) -> Vec<(RelPath, TextEdit)> {
        let mut links = Vec::new();
        let label = self.name_in_lists();
        match &self.known.feature {
            Some(feature) => links.extend(listing::add(self.workspace, feature, Kind::Runbook, &self.path, &label)),
            None => links.extend(self.catalog_row()),
        }
        // The team that owns the contract finds the runbook of its channel there.
        let own = self.known.contract.filter(|it| it.captures.feature == self.known.feature);
        links.extend(own.and_then(|it| self.contract_link(it)));
        links
    }

    /// The title without the word for what it is.
    fn short_title(&self) -> &str {
        let beginning = self.config().profile().title(Kind::Runbook, "");
        let title = self.title.strip_prefix(&beginning).unwrap_or(&self.title);
        title.trim_start_matches([':', ' '])
    }

    /// What lists call it: the incident, unless there are several of its kind.
    fn name_in_lists(&self) -> String {
        let is_only = self.path.stem() == self.incident.id;
        if is_only { self.incident.name.to_string() } else { self.short_title().to_owned() }
    }

    fn contract_link(&self, contract: &FileFacts) -> Option<(RelPath, TextEdit)> {
        let document = contract.document()?;
        if document.links.iter().any(|it| it.path == self.path) {
            return None;
        }
        let by_role = ByRole::of(contract, self.config())?;
        let section = by_role.section(Role::RelatedArtifacts)?;
        let (tree, text) = (&document.tree, &*contract.text);
        let newline = archwright_syntax::newline(text);
        let title = self.short_title();
        let link = format!("[{title}]({})", self.path.relative_to(&contract.path.parent()));
        let items = || tree.items.iter().filter(|it| it.section == section && it.depth == 0);
        let names: Vec<&str> = self.config().profile().names(Role::Runbooks).collect();
        let group = items().find(|it| {
            let name = it.content.of(text).split(':').next().unwrap_or_default().trim_matches('*');
            it.content.of(text).contains(':') && names.iter().any(|it| it.eq_ignore_ascii_case(name))
        });
        let end = |it: &archwright_syntax::markdown::Item| it.span.start as usize + it.span.of(text).trim_end().len();
        let edit = match (group, items().next_back()) {
            (Some(group), _) => TextEdit::insert(end(group), format!(", {link}")),
            (None, Some(last)) if value::waits(last.content.of(text)) => TextEdit::replace(last.content, link),
            (None, Some(last)) => TextEdit::insert(end(last), format!("{newline}- {link}")),
            (None, None) => return None,
        };
        Some((contract.path.clone(), edit))
    }

    /// The row in the catalog's table of what concerns all, if it has one with runbooks.
    fn catalog_row(&self) -> Option<(RelPath, TextEdit)> {
        let state = self.config().status_of(Kind::Runbook, State::Draft);
        let label = self.name_in_lists();
        listing::catalog_row(self.workspace, &self.path, [&label, &label], state, |it| it.kind == Kind::Runbook)
    }
}
