//! `document/missing-section`: a section that the template asks for is not there.

use archwright_syntax::markdown::SectionId;

use super::{
    missing_field::is_implied,
    template::{Templated, beside},
};
use crate::{
    authoring::skeleton::{self, Around},
    conventions::profile::SectionTemplate,
    rules::prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/missing-section",
    severity: Severity::Warning,
    summary: "A document lacks a section of its kind's template.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &["A-061", "A-064", "A-067", "A-069", "A-075", "A-078", "A-079", "A-093", "A-094", "A-095", "A-101"],
    page: include_str!("missing_section.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

/// What stands in the document instead of the section.
enum Instead {
    /// A heading of this name at another level.
    OtherLevel(SectionId),
    /// A heading whose name is nearly this.
    NearMiss(SectionId),
    /// A heading that shares a telling word with it, so that it may be the same.
    Kin(SectionId),
    /// Nothing.
    Nothing,
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = Templated::new(cx) else { return };
    let (tree, text) = (document.tree, document.text);
    for (at, section) in document.template.sections.iter().enumerate() {
        if !section.required || document.find(at).is_some() || is_elsewhere(cx, &document, section) {
            continue;
        }
        let missing = format!("The section `{}` of {} is missing.", section.name, cx.facts().kind.title());
        let instead = instead(&document, at);
        let advice = match instead {
            Instead::OtherLevel(id) => {
                format!(
                    "`{}` is a heading of level {}; make it level {}.",
                    tree.title(id, text),
                    tree.section(id).level,
                    section.level
                )
            }
            Instead::NearMiss(id) => format!("`{}` is close; rename it if it is meant.", tree.title(id, text)),
            Instead::Kin(id) => format!("If `{}` is it, rename it; else add it.", tree.plain_title(id, text).trim()),
            Instead::Nothing => "Add it, with `[TBD]` where an answer is open.".to_owned(),
        };
        let finding = reporter.report(cx.facts().title_span(), format!("{missing} {advice}"));
        finding.data = at.to_string();
        finding.fixable =
            !matches!(instead, Instead::OtherLevel(id) if relevel(&document, id, section.level).is_none());
        // A section of questions says nothing, so it is for people to ask for.
        finding.certain = match instead {
            // Under its name a section is asked for what it lacks.
            _ if asks_for_more(section) => false,
            Instead::OtherLevel(_) => true,
            // Links to the heading would be dead.
            Instead::NearMiss(id) => !is_linked(cx, &document, id),
            Instead::Kin(_) | Instead::Nothing => false,
        };
    }
}

/// Whether a section has more to it than its heading.
fn asks_for_more(section: &SectionTemplate) -> bool {
    section.concerns || section.checklist.is_some() || !section.fields.is_empty() || !section.columns.is_empty()
}

fn instead(document: &Templated, at: usize) -> Instead {
    let Some(section) = document.template.sections.get(at) else { return Instead::Nothing };
    let (tree, text) = (document.tree, document.text);
    // The title of the document is no candidate, nor is what the template calls otherwise.
    let is_title = |id: SectionId| document.is_title(id);
    let free = || tree.section_ids().skip(1).filter(|(id, _)| !is_title(*id) && document.canonical(*id).is_none());
    if let Some((id, _)) = free().find(|(id, _)| tree.plain_title(*id, text).trim().eq_ignore_ascii_case(&section.name))
    {
        return Instead::OtherLevel(id);
    }
    let level: Vec<_> = free().filter(|it| it.1.level == section.level).map(|it| (it.0, it.1.title.of(text))).collect();
    // `Trigger` is not `Triage`.
    if let Some((id, _)) = level.iter().find(|it| is_slip(it.1, &section.name)) {
        return Instead::NearMiss(*id);
    }
    let kin = free().find(|it| is_kin(&tree.plain_title(it.0, text), &section.name));
    kin.map_or(Instead::Nothing, |it| Instead::Kin(it.0))
}

/// Whether a title shares a word with a section's name that tells what the section is about.
fn is_kin(title: &str, name: &str) -> bool {
    let words = |it: &str| -> Vec<String> {
        let words = it.split(|it: char| !it.is_alphanumeric()).filter(|it| it.len() > 4);
        words.map(|it| it.to_lowercase().trim_end_matches('s').to_owned()).collect()
    };
    let ours = words(name);
    words(title).iter().any(|it| ours.contains(it))
}

/// Whether the document says what a section is for in another form: under a name of it at another level, in a field
/// called like it, or in a field that belongs there.
fn is_elsewhere(cx: &Context, document: &Templated, section: &SectionTemplate) -> bool {
    let Some(by_role) = cx.by_role() else { return false };
    let (tree, text) = (document.tree, document.text);
    // Head and concerns are asked for as such.
    let is_head = section.concerns || matches!(section.role, Role::Summary | Role::ServiceInfo);
    let canonical = |id| tree.plain_title(id, text).trim().eq_ignore_ascii_case(&section.name);
    let at_other_level = by_role.sections(section.role).any(|id| id.0 > 1 && !canonical(id));
    let vocabulary = cx.config().vocabulary();
    let is_section = |name: &str| vocabulary.section(cx.facts().kind, name).is_some_and(|it| it.role == section.role);
    let in_row = || !is_head && document.has_row(is_section);
    let as_field = || !is_head && tree.fields.iter().any(|it| !it.value.is_empty() && is_section(it.name.of(text)));
    let field_stated = || {
        let roles = section.fields.iter().filter(|it| **it != Role::Replay);
        let is_stated =
            |role: Role| by_role.field(role).is_some() || document.has_row(|it| vocabulary.field(it, role).is_some());
        !is_head && roles.into_iter().any(|it| is_stated(*it))
    };
    // Numbered steps are what a runbook does, whatever they are called.
    let is_step = |it: &archwright_syntax::markdown::Section| {
        let title = it.title.of(text);
        it.level == 2 && title.get(..5).is_some_and(|it| it.eq_ignore_ascii_case("step "))
    };
    let in_steps = || {
        matches!(section.role, Role::Triage | Role::Mitigation)
            && tree.sections.iter().filter(|it| is_step(it)).count() > 1
    };
    at_other_level || as_field() || in_row() || field_stated() || in_steps()
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let Some(document) = Templated::new(cx) else { return Vec::new() };
    let Ok(at) = finding.data.parse::<usize>() else { return Vec::new() };
    let Some(section) = document.template.sections.get(at) else { return Vec::new() };
    let insert = || ask_here(cx, format!("Insert `{}`", section.name), vec![insertion(cx, &document, at)]);
    let fixes = match instead(&document, at) {
        Instead::OtherLevel(id) => {
            let title = format!("Make `{}` a heading of level {}", section.name, section.level);
            let fix = relevel(&document, id, section.level).and_then(|edit| edit_here(cx, title, vec![edit]));
            vec![fix.map(|it| Fix { preferred: finding.certain, ..it })]
        }
        Instead::NearMiss(id) => {
            let title = document.tree.section(id).title;
            let edit = TextEdit::replace(title, section.name.clone());
            let rename =
                edit_here(cx, format!("Rename `{}` to `{}`", title.of(document.text), section.name), vec![edit]);
            vec![rename.map(|it| Fix { preferred: finding.certain, ..it }), insert()]
        }
        Instead::Kin(_) | Instead::Nothing => vec![insert()],
    };
    fixes.into_iter().flatten().collect()
}

/// Whether a link of any document leads to a heading.
fn is_linked(cx: &Context, document: &Templated, id: SectionId) -> bool {
    let anchors = document.tree.anchors(document.text);
    let Some((anchor, _)) = anchors.iter().find(|it| it.1 == id) else { return false };
    let path = &cx.facts().path;
    let leads = |text: &str, fragment: Option<Span>| fragment.is_some_and(|it| it.of(text) == anchor.as_str());
    let own = cx
        .facts()
        .document()
        .is_some_and(|it| it.links.iter().any(|it| it.path == *path && leads(document.text, it.fragment)));
    own || cx.linking_to(path).iter().any(|(facts, links)| links.iter().any(|it| leads(&facts.text, it.fragment)))
}

/// Gives a heading another level, unless that would take the headings below it along.
fn relevel(document: &Templated, id: SectionId, level: u8) -> Option<TextEdit> {
    let section = document.tree.section(id);
    let after = document.tree.sections.iter().find(|it| it.heading.start >= section.span.end);
    let takes_along = after.is_some_and(|it| it.level > level)
        || section.level < level && document.tree.children(id).next().is_some();
    if section.setext || takes_along {
        return None;
    }
    let heading = section.heading.of(document.text);
    let start = section.heading.start as usize + heading.find('#')?;
    Some(TextEdit::replace(Span::new(start, start + usize::from(section.level)), "#".repeat(usize::from(level))))
}

/// Puts the section where the template has it, with one blank line on either side.
fn insertion<'a>(cx: &Context<'a>, document: &Templated<'a>, at: usize) -> TextEdit {
    let (tree, text) = (document.tree, document.text);
    let Some(section) = document.template.sections.get(at) else { return TextEdit::insert(text.len(), "") };
    let before = (0..at).rev().find_map(|it| document.find(it)).map(|it| beside(tree, it, section.level).span.end);
    let after = (at + 1..document.template.sections.len()).find_map(|it| document.find(it));
    let after = || after.map(|it| beside(tree, it, section.level).heading.start);
    let mut own = tree.section_ids().skip(1).filter(|it| it.1.level >= 2 && !document.is_title(it.0));
    let mut first = || own.next().map(|it| it.1.heading.start);
    // What speaks for the whole document comes before all sections of its own, and the links come after them.
    let place = match section.role {
        Role::Summary | Role::SystemConcerns => before.or_else(&mut first),
        Role::RelatedArtifacts => None,
        _ => before.or_else(after),
    };
    let place = place.map_or(text.len(), |it| it as usize);
    let (head, tail) = text.split_at_checked(place).unwrap_or((text, ""));
    // The blank space around the place goes into the edit, so that exactly one blank line remains.
    let start = head.trim_end().len();
    let end = place + tail.len() - tail.trim_start_matches(['\n', '\r']).len();
    let folder = cx.facts().path.parent();
    let exists = |path: &str| cx.exists(&folder.join(path));
    let states = |role| at == 0 && cx.by_role().is_some_and(|it| it.states(role) || is_implied(cx, document, role));
    let mut inserted = skeleton::section(section, cx.config(), &Around { exists: &exists, states: &states });
    if start > 0 {
        inserted.insert_str(0, "\n\n");
    }
    inserted.push_str(if end < text.len() { "\n\n" } else { "\n" });
    TextEdit::replace(Span::new(start, end), inserted.replace('\n', archwright_syntax::newline(text)))
}

#[cfg(test)]
mod tests {
    use crate::{fixture::Fixture, writer};

    #[test]
    fn a_file_with_windows_line_endings_keeps_them() {
        let fixture = Fixture::new("//- /docs/system/architecture-overview.md\n");
        let path = fixture.files[0].path.clone();
        let text =
            "# Overview\r\n\r\n## Summary\r\n\r\n- **Status**: Draft\r\n\r\n\r\n## Related artifacts\r\n\r\nNone.\r\n";
        std::fs::write(fixture.folder.path().join(path.as_str()), text).unwrap();
        let workspace = fixture.open();
        let file = workspace.file(&path).unwrap();
        let finding = workspace.findings(file).iter().find(|it| it.rule.code == super::RULE.code).unwrap();
        writer::apply(fixture.folder.path(), &workspace.fixes(file, finding)[0].edit).unwrap();
        let fixed = fixture.read(&path);
        assert_eq!(fixed.matches('\n').count(), fixed.matches("\r\n").count());
        assert!(fixed.contains("Draft\r\n\r\n## System concerns\r\n\r\n- **Owner team**"), "{fixed}");
        assert!(fixed.contains("]\r\n\r\n## Related artifacts\r\n"), "{fixed}");
        assert!(!fixed.contains("\r\n\r\n\r\n"), "{fixed}");
    }

    #[test]
    fn all_sections_of_an_empty_document_can_be_inserted() {
        let fixture = Fixture::new("//- /docs/features/a/design.md\n# Design: a\n");
        let path = fixture.files[0].path.clone();
        for _ in 0..8 {
            let workspace = fixture.open();
            let file = workspace.file(&path).unwrap();
            let finding = workspace.findings(file).iter().rfind(|it| it.rule.code == super::RULE.code).unwrap();
            writer::apply(fixture.folder.path(), &workspace.fixes(file, finding)[0].edit).unwrap();
        }
        let fixed = fixture.read(&path);
        let headings: Vec<&str> = fixed.lines().filter_map(|it| it.strip_prefix("## ")).collect();
        let expected = [
            "Summary",
            "System concerns",
            "Patterns",
            "Reliability checklist",
            "Boundary contracts",
            "Anti-patterns to avoid",
            "Open questions",
            "Related artifacts",
        ];
        assert_eq!(headings, expected, "{fixed}");
        assert!(!fixed.contains("\n\n\n") && fixed.ends_with('\n') && !fixed.ends_with("\n\n"), "{fixed}");
    }
}
