//! `document/missing-section`: a section that the template asks for is not there.

use archwright_engine::Related;
use archwright_model::conventions::profile::SectionTemplate;
use archwright_syntax::markdown::SectionId;

use super::{
    missing_field::is_implied,
    slip::{is_english, is_misspelt},
    template::{Templated, beside},
};
use crate::{
    authoring::skeleton::{self, Around},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/missing-section",
    severity: Severity::Warning,
    summary: "A document lacks a section of its kind's template.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &[
        "A-061", "A-064", "A-067", "A-069", "A-075", "A-078", "A-079", "A-093", "A-094", "A-095", "A-101", "A-059",
        "A-343", "A-345", "A-369", "A-390",
    ],
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
    /// A heading whose name is nearly this in a document of another language.
    Foreign(SectionId),
    /// Nothing.
    Nothing,
}

/// A section of the template that the document lacks.
struct Part<'a> {
    /// Its position in the template.
    at: usize,
    section: &'a SectionTemplate,
    instead: Instead,
    /// What makes the section of a heading that is there, if that can be done.
    mended: Option<Mend>,
}

/// A change of a heading that makes it the section.
struct Mend {
    title: String,
    edit: TextEdit,
    /// Whether nothing else can be meant and nothing else changes.
    certain: bool,
}

/// All that a document lacks is one finding: it is one task for one person.
fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = Templated::new(cx) else { return };
    let parts = missing(cx, &document);
    let kind = cx.facts().kind.title();
    let message = match parts.as_slice() {
        [] => return,
        [only] => {
            format!("The section `{}` of {kind} is missing. {}", only.section.name, advice(only, &document))
        }
        several => {
            let names: Vec<String> = several.iter().map(|it| format!("`{}`", it.section.name)).collect();
            let names = enumerate(&names, "and");
            let number = several.len();
            format!("{number} sections of {kind} are missing: {names}. Add them, with `[TBD]` where an answer is open.")
        }
    };
    let related: Vec<_> = parts.iter().map(|it| related(cx, &document, it)).collect();
    let finding = reporter.report(cx.facts().title_span(), message);
    finding.related = related;
    finding.fixable = parts.iter().any(|it| it.mended.is_some() || it.is_to_insert());
    // A section of questions says nothing, so it is for people to ask for.
    finding.certain = parts.iter().any(|it| it.mended.as_ref().is_some_and(|it| it.certain));
}

fn missing<'a>(cx: &Context<'a>, document: &Templated<'a>) -> Vec<Part<'a>> {
    let required = document.template.sections.iter().enumerate().filter(|it| it.1.required);
    let lacks = |(at, section): &(usize, &SectionTemplate)| {
        document.find(*at).is_none() && !is_elsewhere(cx, document, section)
    };
    let part = |(at, section)| {
        let instead = instead(document, at);
        let mended = mended(cx, document, section, &instead);
        Part { at, section, instead, mended }
    };
    required.filter(lacks).map(part).collect()
}

impl Part<'_> {
    /// Whether a section of its own can be what the document lacks.
    fn is_to_insert(&self) -> bool {
        !matches!(self.instead, Instead::OtherLevel(_) | Instead::Foreign(_))
    }
}

/// What to do about a part.
fn advice(part: &Part, document: &Templated) -> String {
    let (tree, text) = (document.tree, document.text);
    match part.instead {
        Instead::OtherLevel(id) => format!(
            "`{}` is a heading of level {}; make it level {}.",
            tree.title(id, text),
            tree.section(id).level,
            part.section.level
        ),
        Instead::NearMiss(id) => format!("`{}` is close; rename it if it is meant.", tree.title(id, text)),
        Instead::Kin(id) => format!("If `{}` is it, rename it; else add it.", tree.plain_title(id, text).trim()),
        Instead::Foreign(id) => format!(
            "If `{}` is it, list it under `aliases` of the section in `archwright.toml`; else add it.",
            tree.plain_title(id, text).trim()
        ),
        Instead::Nothing => "Add it, with `[TBD]` where an answer is open.".to_owned(),
    }
}

/// Where a part belongs, or what stands there instead.
fn related(cx: &Context, document: &Templated, part: &Part) -> Related {
    let name = &part.section.name;
    let (span, message) = match part.instead {
        Instead::OtherLevel(id) => {
            (document.tree.section(id).title, format!("`{name}` is a heading of level {}", part.section.level))
        }
        Instead::NearMiss(id) | Instead::Kin(id) | Instead::Foreign(id) => {
            (document.tree.section(id).title, format!("perhaps this is `{name}`"))
        }
        Instead::Nothing => {
            let place = place(document, part.at);
            let title = |id: SectionId| document.tree.section(id).title;
            match place.beside {
                Some((id, side)) => (title(id), format!("`{name}` belongs {side} this")),
                None => (cx.facts().title_span(), format!("`{name}` belongs at the end")),
            }
        }
    };
    cx.related(cx.file(), span, message)
}

/// What makes the section of the heading that stands there instead.
fn mended(cx: &Context, document: &Templated, section: &SectionTemplate, instead: &Instead) -> Option<Mend> {
    // Under its name a section is asked for what it lacks.
    let is_whole = !asks_for_more(section);
    match *instead {
        Instead::OtherLevel(id) => {
            let title = format!("Make `{}` a heading of level {}", section.name, section.level);
            relevel(document, id, section.level).map(|edit| Mend { title, edit, certain: is_whole })
        }
        Instead::NearMiss(id) => {
            let title = document.tree.section(id).title;
            let edit = TextEdit::replace(title, section.name.clone());
            let written = title.of(document.text);
            // Links to the heading would be dead.
            let certain =
                is_whole && is_misspelt(written, &section.name, document.text) && !is_linked(cx, document, id);
            Some(Mend { title: format!("Rename `{written}` to `{}`", section.name), edit, certain })
        }
        Instead::Kin(_) | Instead::Foreign(_) | Instead::Nothing => None,
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
    if let Some((id, title)) = level.iter().find(|it| is_slip(it.1, &section.name)) {
        // `Contexte` is a word of its own.
        return if !is_english(text) {
            Instead::Foreign(*id)
        } else if is_misspelt(title, &section.name, text) {
            Instead::NearMiss(*id)
        } else {
            Instead::Kin(*id)
        };
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

/// What is certain comes first, as one change; then what makes a section of each heading that is close, all that is
/// to be asked, and each of the questions alone.
fn fix(cx: &Context, _: &Finding) -> Vec<Fix> {
    let Some(document) = Templated::new(cx) else { return Vec::new() };
    let parts = missing(cx, &document);
    let mends = || parts.iter().filter_map(|it| it.mended.as_ref());
    let certain: Vec<&Mend> = mends().filter(|it| it.certain).collect();
    let title = match certain.as_slice() {
        [only] => only.title.clone(),
        several => format!("Mend {} headings", several.len()),
    };
    let edits = || certain.iter().map(|it| it.edit.clone()).collect();
    let all_certain = (!certain.is_empty()).then(|| edit_here(cx, title, edits())).flatten();
    let alone = |it: &Mend| {
        let fix = edit_here(cx, it.title.clone(), vec![it.edit.clone()]);
        fix.map(|fix| Fix { preferred: false, ..fix })
    };
    let is_told = |it: &&Mend| it.certain && certain.len() == 1;
    let mended = mends().filter(|it| !is_told(it)).filter_map(alone);
    // What a heading may be is asked for last, and not with the rest.
    let to_insert = |is_near: bool| {
        let parts = parts.iter().filter(move |it| it.is_to_insert() && it.mended.is_some() == is_near);
        parts.map(|it| it.at).collect::<Vec<usize>>()
    };
    let (wanted, near) = (to_insert(false), to_insert(true));
    let insert_all = (wanted.len() > 1).then(|| {
        let title = format!("Insert all {} missing sections", wanted.len());
        ask_here(cx, title, insertions(cx, &document, &wanted))
    });
    let insert = wanted.iter().chain(&near).filter_map(|at| {
        let name = &document.template.sections.get(*at)?.name;
        ask_here(cx, format!("Insert `{name}`"), insertions(cx, &document, &[*at]))
    });
    let insert: Vec<Fix> = insert.collect();
    all_certain.into_iter().chain(mended).chain(insert_all.flatten()).chain(insert).collect()
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

/// Where a section goes.
struct Place {
    /// The blank space there.
    span: Span,
    /// The heading that it comes after or before; none where it comes last.
    beside: Option<(SectionId, &'static str)>,
}

/// Where the template has a section.
fn place(document: &Templated, at: usize) -> Place {
    let (tree, text) = (document.tree, document.text);
    let Some(section) = document.template.sections.get(at) else {
        return Place { span: Span::empty(text.len()), beside: None };
    };
    let before = (0..at).rev().find_map(|it| document.find(it));
    let before = before.map(|it| (beside(tree, it, section.level).span.end, (it, "after")));
    let after = (at + 1..document.template.sections.len()).find_map(|it| document.find(it));
    let after = || after.map(|it| (beside(tree, it, section.level).heading.start, (it, "before")));
    let mut own = tree.section_ids().skip(1).filter(|it| it.1.level >= 2 && !document.is_title(it.0));
    let mut first = || own.next().map(|it| (it.1.heading.start, (it.0, "before")));
    // What speaks for the whole document comes before all sections of its own, and the links come after them.
    let found = match section.role {
        Role::Summary | Role::SystemConcerns => before.or_else(&mut first),
        Role::RelatedArtifacts => None,
        _ => before.or_else(after),
    };
    let at = found.map_or(text.len(), |it| it.0 as usize);
    let (head, tail) = text.split_at_checked(at).unwrap_or((text, ""));
    // The blank space around the place belongs to it, so that exactly one blank line remains.
    let start = head.trim_end().len();
    let end = at + tail.len() - tail.trim_start_matches(['\n', '\r']).len();
    Place { span: Span::new(start, end), beside: found.map(|it| it.1) }
}

/// Puts sections where the template has them, with one blank line on either side.
fn insertions<'a>(cx: &Context<'a>, document: &Templated<'a>, parts: &[usize]) -> Vec<TextEdit> {
    let text = document.text;
    let folder = cx.facts().path.parent();
    let exists = |path: &str| cx.exists(&folder.join(path));
    let mut inserted: Vec<(Span, String)> = Vec::new();
    for at in parts {
        let Some(section) = document.template.sections.get(*at) else { continue };
        let states =
            |role| *at == 0 && cx.by_role().is_some_and(|it| it.states(role) || is_implied(cx, document, role));
        let written = skeleton::section(section, cx.config(), &Around { exists: &exists, states: &states });
        let span = place(document, *at).span;
        match inserted.iter_mut().find(|it| it.0 == span) {
            Some((_, there)) => there.push_str(&format!("\n\n{written}")),
            None => inserted.push((span, written)),
        }
    }
    let newline = archwright_syntax::newline(text);
    let edit = |(span, written): (Span, String)| {
        let above = if span.start > 0 { "\n\n" } else { "" };
        let below = if (span.end as usize) < text.len() { "\n\n" } else { "\n" };
        TextEdit::replace(span, format!("{above}{written}{below}").replace('\n', newline))
    };
    inserted.into_iter().map(edit).collect()
}

#[cfg(test)]
mod tests {
    use crate::fixture::Fixture;
    use archwright_writer as writer;

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
    fn a_heading_of_another_language_is_not_renamed() {
        let certain = |heading: &str, prose: &str| {
            let text = format!(
                "//- /docs/system/adrs/0001-use-x.md\n# ADR-0001: Use X\n\n- **Status**: Accepted\n\n\
                 ## {heading}\n\n{prose}\n"
            );
            let fixture = Fixture::new(&text);
            let workspace = fixture.open();
            let file = workspace.file(&fixture.files[0].path).unwrap();
            let finding = workspace.findings(file).iter().find(|it| it.rule.code == super::RULE.code).unwrap();
            let offered = workspace.fixes(file, finding);
            let rename = offered.iter().find(|it| it.title.starts_with("Rename")).map(|it| it.preferred);
            (finding.certain, rename)
        };
        assert_eq!(certain("Contxt", "The queue is full."), (true, Some(true)));
        // It is a word of its own, or the document is in another language: it may be listed as an alias.
        for (heading, prose) in [
            ("Contexte", "La file est pleine."),
            ("Contexte", "The queue is full."),
            ("Contexto", "Kafka."),
            ("Consequencies", "Els clients que sont a la cua."),
        ] {
            assert_eq!(certain(heading, prose), (false, None), "{heading}: {prose}");
        }
    }

    #[test]
    fn all_sections_of_an_empty_document_can_be_inserted() {
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
        // All at once, and the last one that is offered again and again.
        for alone in [false, true] {
            let fixture = Fixture::new("//- /docs/features/a/design.md\n# Design: a\n");
            let path = fixture.files[0].path.clone();
            for round in 0.. {
                let workspace = fixture.open();
                let file = workspace.file(&path).unwrap();
                let mut found = workspace.findings(file).iter().filter(|it| it.rule.code == super::RULE.code);
                let Some(finding) = found.next() else { break };
                assert!(found.next().is_none());
                assert_eq!(finding.related.len(), if alone { 8 - round } else { 8 });
                let mut fixes = workspace.fixes(file, finding);
                let fix = if alone { fixes.pop().unwrap() } else { fixes.swap_remove(0) };
                writer::apply(fixture.folder.path(), &fix.edit).unwrap();
            }
            let fixed = fixture.read(&path);
            let headings: Vec<&str> = fixed.lines().filter_map(|it| it.strip_prefix("## ")).collect();
            assert_eq!(headings, expected, "{fixed}");
            assert!(!fixed.contains("\n\n\n") && fixed.ends_with('\n') && !fixed.ends_with("\n\n"), "{fixed}");
        }
    }
}
