//! Sections that a document lacks, with the text they start with.

use archwright_model::{
    conventions::{
        config::Config,
        profile::{SectionTemplate, Template},
    },
    facts::{ByRole, FileFacts},
};
use archwright_rules::authoring::skeleton::{self, Around};
use archwright_syntax::markdown::SectionId;

use super::{Completion, CompletionKind, Cursor};

/// On an empty line or behind `#`: the sections that the template has and the document lacks.
pub(super) fn headings(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let (before, facts) = (cursor.before, cursor.facts);
    if !(cursor.line.is_empty() || before.starts_with('#')) || !facts.opted_in() || cursor.in_front_matter() {
        return None;
    }
    let typed = before.trim_start_matches('#').trim_start();
    let config = cursor.workspace.config();
    let template = config.template(facts.kind)?;
    // The heading that is being written does not count as one that is there.
    let current = cursor.tree.section_at(cursor.offset);
    let section = cursor.tree.section(current);
    let is_stub = section.heading.touches(cursor.offset) && !section.has_content && before.starts_with('#');
    let missing = missing_besides(facts, config, template, is_stub.then_some(current));
    let starts = |it: &&SectionTemplate| it.name.get(..typed.len()).is_some_and(|it| it.eq_ignore_ascii_case(typed));
    let newline = archwright_syntax::newline(&facts.text);
    let (above, below) = (blank_above(cursor), blank_below(cursor));
    let folder = facts.path.parent();
    let exists = |path: &str| cursor.workspace.exists(&folder.join(path));
    let document = ByRole::new(cursor.tree, &facts.text, facts.kind, config);
    let states = |role| document.states(role);
    let section = |it: &SectionTemplate| {
        let text = skeleton::section(it, config, &Around { exists: &exists, states: &states });
        let insert = format!("{}{text}{}", if above { "" } else { "\n" }, if below { "" } else { "\n" });
        Completion {
            label: format!("{} {}", "#".repeat(usize::from(it.level)), it.name),
            kind: CompletionKind::Section,
            detail: Some(if it.required { "missing section".to_owned() } else { "optional section".to_owned() }),
            documentation: Some(format!("```markdown\n{text}\n```")),
            replace: cursor.line,
            insert: if newline == "\n" { insert } else { insert.replace('\n', newline) },
        }
    };
    Some(missing.into_iter().filter(starts).map(section).collect())
}

/// Whether the line above the cursor's is blank or there is none.
fn blank_above(cursor: &Cursor<'_>) -> bool {
    let above = cursor.facts.text.get(..cursor.line.start as usize).unwrap_or_default();
    above.lines().next_back().is_none_or(|it| it.trim().is_empty())
}

/// Whether the line below the cursor's is blank or there is none.
fn blank_below(cursor: &Cursor<'_>) -> bool {
    let below = cursor.facts.text.get(cursor.line.end as usize..).unwrap_or_default();
    below.lines().nth(1).is_none_or(|it| it.trim().is_empty())
}

/// The sections of the template that a document does not have, if one of its own is left aside.
fn missing_besides<'t>(
    facts: &FileFacts,
    config: &Config,
    template: &'t Template,
    besides: Option<SectionId>,
) -> Vec<&'t SectionTemplate> {
    let Some(tree) = facts.markdown() else { return Vec::new() };
    let present = tree.section_ids().skip(1).filter(|(id, _)| Some(*id) != besides);
    let document = ByRole::new(tree, &facts.text, facts.kind, config);
    let roles: Vec<_> = present.filter_map(|(id, _)| document.role_of(id)).collect();
    template.sections.iter().filter(|it| it.offered && !roles.contains(&it.role)).collect()
}
