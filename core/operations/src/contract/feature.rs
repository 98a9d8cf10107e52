//! What the documents of a feature say of a channel, and what its contract brings into them.

use archwright_engine::Workspace;
use archwright_model::{
    FileEdit, Kind, WorkspaceEdit, WorkspaceEditError,
    conventions::{layout::Captures, role::Role},
    facts::ByRole,
    values::value,
};
use archwright_rules::authoring::{
    compose::{Cell, Part, SectionContent, one_line},
    merge::merge,
};
use archwright_syntax::{Span, TextEdit, TextEdits};

use super::{
    super::{design::index_documents, differences::Differences, plain},
    ContractError,
    channel::Channel,
    request::code,
};

impl Channel<'_> {
    /// Brings what the contract promises into the row of the channel in the design, if there is a design (A-120,
    ///
    pub(super) fn row(&self, edit: &mut WorkspaceEdit, differences: &mut Differences) -> Result<(), ContractError> {
        let config = self.workspace.config();
        let path = config.layout().place(Kind::Design, &self.captures);
        let facts = path.and_then(|it| self.workspace.file(&it)).and_then(|it| self.workspace.facts(it));
        let template = config.template(Kind::Design);
        let template = template.and_then(|it| it.sections.iter().find(|it| it.role == Role::BoundaryContracts));
        let Some((facts, template)) = facts.zip(template).filter(|_| self.producer().is_some()) else {
            return Ok(());
        };
        let cell = |role: Role| {
            let given = match role {
                Role::Channel => Some(one_line(&self.name)),
                Role::DlqOwner => self.given.dlq_owner.clone(),
                role => self.given.given(role, ""),
            };
            let is_given = given.is_some();
            let known = || if matches!(role, Role::DlqOwner) { None } else { self.field(role).0 };
            let value = plain::name(&given.or_else(known)?);
            Some(Cell { value, is_given })
        };
        let mut section = SectionContent::of(template);
        let rows = vec![template.columns.iter().map(|it| cell(it.role)).collect()];
        section.parts.push(Part::Table { columns: template.column_names(config.profile()), rows });
        let failed = |error| WorkspaceEditError::Text { path: facts.path.clone(), error };
        let merged = merge(&facts.text, &[section], self.given.update).map_err(failed)?;
        if !merged.edits.is_empty() {
            edit.texts.push(FileEdit { path: facts.path.clone(), base: facts.hash(), edits: merged.edits });
        }
        differences.add(&facts.path, merged.kept);
        Ok(())
    }

    /// Takes back what the design and the README say of the contract while it is not there.
    pub(super) fn announced(&self, edit: &mut WorkspaceEdit) -> Result<(), ContractError> {
        for kind in [Kind::Design, Kind::FeatureReadme] {
            let path = self.workspace.config().layout().place(kind, &self.captures);
            let facts = path.and_then(|it| self.workspace.file(&it)).and_then(|it| self.workspace.facts(it));
            let Some((facts, document)) = facts.and_then(|it| Some((it, it.document()?))) else { continue };
            let remark = format!(" {}", value::ANNOUNCED);
            let remarks = document.links.iter().filter(|it| it.path == self.path).filter_map(|it| {
                let end = it.span.end as usize;
                let follows = facts.text.get(end..).is_some_and(|it| it.starts_with(&remark));
                follows.then(|| TextEdit::delete(Span::new(end, end + remark.len())))
            });
            let there = edit.texts.iter().find(|it| it.path == facts.path);
            let touched = |edit: &TextEdit| {
                there.is_some_and(|it| {
                    it.edits.iter().any(|it| it.span.start < edit.span.end && edit.span.start < it.span.end)
                })
            };
            let remarks: Vec<TextEdit> = remarks.filter(|it| !touched(it)).collect();
            if remarks.is_empty() {
                continue;
            }
            let failed = |error| WorkspaceEditError::Text { path: facts.path.clone(), error };
            let edits = TextEdits::new(remarks).map_err(failed)?;
            let own = FileEdit { path: facts.path.clone(), base: facts.hash(), edits };
            let own = WorkspaceEdit { texts: vec![own], ..WorkspaceEdit::default() };
            *edit = std::mem::take(edit).merge(own)?;
        }
        Ok(())
    }

    /// What the design of the feature, or its README, says of the channel.
    pub(super) fn in_design(&self, role: Role) -> Option<String> {
        if matches!(role, Role::Producer | Role::Consumers) {
            return listed(self.workspace, &self.captures, &self.name, role);
        }
        let config = self.workspace.config();
        let path = config.layout().place(Kind::Design, &self.captures)?;
        let facts = self.workspace.facts(self.workspace.file(&path)?)?;
        let document = ByRole::of(facts, config)?;
        let column = if role == Role::Dlq { Role::DlqOwner } else { role };
        let section = document.section(Role::BoundaryContracts)?;
        let said = document.tree.tables.iter().filter(|it| it.section == section).find_map(|table| {
            let (name, column) = (document.column(table, Role::Channel)?, document.column(table, column)?);
            let is_own =
                |cells: &&[Span]| cells.get(name).is_some_and(|it| value::plain(it.of(&facts.text)) == self.name);
            let own = document.tree.rows(table).iter().map(|it| document.tree.cells(it)).find(is_own)?;
            own.get(column).map(|it| one_line(it.of(&facts.text)).replace("\\|", "|"))
        });
        let said = said.filter(|it| !value::is_unknown(it))?;
        let suffix = &config.profile().channels.dlq_suffix;
        Some(match role {
            Role::Dlq => format!("`{}{suffix}`, owner {said}", self.name),
            Role::OrderingKey | Role::IdempotencyKey => code(&said),
            _ => said,
        })
    }
}

/// Who sends on a channel or reads it, as the feature's list of channels says it: `search` of `orders.placed.v1:
/// produced, read by search.`
pub(super) fn listed(workspace: &Workspace, captures: &Captures, channel: &str, role: Role) -> Option<String> {
    let path = workspace.config().layout().place(Kind::FeatureReadme, captures)?;
    let facts = workspace.facts(workspace.file(&path)?)?;
    let document = ByRole::of(facts, workspace.config())?;
    let section = document.section(Role::ChannelsOwned)?;
    let items = document.tree.items.iter().filter(|it| it.section == section);
    let own = |it: &archwright_syntax::markdown::Item| {
        let said = value::plain(it.content.of(&facts.text));
        let rest = said.strip_prefix(channel)?.strip_prefix(": ")?;
        let said = rest.split(". ").next().unwrap_or(rest).trim_end_matches('.');
        let party = match role {
            Role::Consumers => said.split_once(index_documents::READ_BY)?.1,
            _ => {
                let sent = said.split_once(index_documents::SENT_BY)?.1;
                sent.split_once(index_documents::READ_BY).map_or(sent, |it| it.0)
            }
        };
        (!party.is_empty()).then(|| party.to_owned())
    };
    items.into_iter().find_map(own)
}
