//! `document/missing-field`: a section of the template lacks one of its fields.

use std::{cell::OnceCell, collections::BTreeMap};

use archwright_model::{
    conventions::vocabulary::{Meaning, as_field},
    facts::{front_matter, known},
    values::value,
};
use archwright_syntax::markdown::{Field, FieldOrigin, SectionId};

use super::template::{Templated, opening_fields};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/missing-field",
    severity: Severity::Warning,
    summary: "A section lacks a field that its kind's template gives it.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &[
        "A-061", "A-064", "A-065", "A-075", "A-092", "A-094", "A-095", "A-101", "A-076", "A-077", "A-169", "A-176",
        "A-178", "A-188", "A-210", "A-240", "A-246", "A-249", "A-323", "A-332", "A-343", "A-383", "A-390", "D-C12",
        "E-003", "E-004", "E-028", "E-049", "E-054", "E-055", "E-056", "E-057", "E-058", "E-065", "H-017", "H-018",
        "H-020", "H-021", "H-035", "H-036", "N-017", "N-020", "N-023", "N-032", "N-037", "N-039",
    ],
    page: include_str!("missing_field.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

/// A field that a section must have.
struct Wanted<'a> {
    name: &'a str,
    question: &'a str,
    place: Place<'a>,
}

/// What became of a wanted field.
enum Place<'a> {
    /// It stands in the section itself, perhaps without a value.
    Here { field: &'a Field, has_value: bool },
    /// It stands somewhere else, or in another form than a field.
    Elsewhere,
    /// It is nowhere.
    Missing,
}

impl Wanted<'_> {
    fn is_missing(&self) -> bool {
        matches!(self.place, Place::Missing)
    }

    fn quoted(&self) -> String {
        format!("`{}`", self.name)
    }

    fn is_empty(&self) -> bool {
        matches!(self.place, Place::Here { has_value: false, .. })
    }
}

/// A section and the fields that it lacks.
struct Lacking<'a> {
    id: SectionId,
    wanted: Vec<Wanted<'a>>,
}

/// All fields that a document lacks are one finding, at the first section that lacks some.
fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = Templated::new(cx) else { return };
    let sections = lacking(cx, &document);
    let Some((first, others)) = sections.split_first() else { return };
    let name = |it: &Lacking| format!("`{}`", document.tree.plain_title(it.id, document.text));
    let more = match others {
        [] => String::new(),
        others => {
            let names: Vec<String> = others.iter().map(|it| format!("{} {}", name(it), it.fault())).collect();
            format!("; {}", enumerate(&names, "and"))
        }
    };
    let message =
        format!("The section {} {}{more}. Write `[TBD]` for what is not known yet.", name(first), first.fault());
    let title = |it: &Lacking| document.tree.section(it.id).title;
    let related = others.iter().map(|it| cx.related(cx.file(), title(it), it.fault()));
    let related: Vec<_> = related.collect();
    let finding = reporter.report(title(first), message);
    finding.related = related;
    // A placeholder answers nothing, so it is for people to ask for.
    finding.certain = false;
}

/// The sections of a document that lack fields.
fn lacking<'a>(cx: &Context<'a>, document: &Templated<'a>) -> Vec<Lacking<'a>> {
    let look = |at: usize| {
        let id = document.find(at)?;
        // An empty section is another finding.
        let has_content = |id| document.tree.section(id).has_content;
        if !has_content(id) && !document.tree.descendants(id).any(has_content) {
            return None;
        }
        let wanted = wanted(cx, document, at, id);
        let lacks = wanted.iter().any(|it| it.is_missing() || it.is_empty());
        (lacks && !is_prose(document, at, &wanted)).then_some(Lacking { id, wanted })
    };
    let mut sections: Vec<_> = (0..document.template.sections.len()).filter_map(look).collect();
    sections.sort_by_key(|it| it.id);
    sections
}

impl Lacking<'_> {
    /// What is wrong with the section.
    fn fault(&self) -> String {
        let missing: Vec<_> = self.wanted.iter().filter(|it| it.is_missing()).map(Wanted::quoted).collect();
        let empty: Vec<_> = self.wanted.iter().filter(|it| it.is_empty()).map(Wanted::quoted).collect();
        match (missing.as_slice(), empty.as_slice()) {
            (missing, []) => format!("lacks {}", enumerate(missing, "and")),
            ([], empty) => format!("lacks a value for {}", enumerate(empty, "and")),
            (missing, empty) => {
                format!("lacks {}, and a value for {}", enumerate(missing, "and"), enumerate(empty, "and"))
            }
        }
    }
}

/// The fields that the section `at` of the template has, and where they stand.
fn wanted<'a>(cx: &Context<'a>, document: &Templated<'a>, at: usize, id: SectionId) -> Vec<Wanted<'a>> {
    let Some(section) = document.template.sections.get(at) else { return Vec::new() };
    let profile = cx.config().profile();
    let named = Named::new();
    let wanted = |role: Role, question: &'a str| Wanted {
        name: profile.name(role),
        question,
        place: place(cx, document, at, id, role, &named),
    };
    if section.concerns {
        profile.concerns.iter().map(|it| wanted(it.role, &it.question)).collect()
    } else {
        section.fields.iter().map(|it| wanted(*it, "")).collect()
    }
}

/// Whether a section says what it says without any of its fields, so that nobody can tell what it leaves out. The head
/// of a document and its concerns are read by others, and have their fields.
fn is_prose(document: &Templated, at: usize, wanted: &[Wanted]) -> bool {
    let section = document.template.sections.get(at);
    let is_read = section.is_some_and(|it| it.concerns || matches!(it.role, Role::Summary | Role::ServiceInfo));
    !is_read && !wanted.iter().any(|it| matches!(it.place, Place::Here { .. }))
}

/// Whether the document says what a field of its first section is for without such a field: in its name, its title or
/// its concerns. A head that has one of its kind's own fields is one in which the others were forgotten.
pub(super) fn is_implied<'a>(cx: &Context<'a>, document: &Templated<'a>, role: Role) -> bool {
    let facts = cx.facts();
    let Some(by_role) = cx.by_role() else { return false };
    let is_general = |role: &Role| matches!(role, Role::Status | Role::Date | Role::Tldr);
    let own = document.template.sections.first().into_iter().flat_map(|it| &it.fields).filter(|it| !is_general(it));
    let head = document.find(0).map_or(&[][..], |it| document.tree.fields_under(it));
    let is_service = document.template.sections.first().is_some_and(|it| it.role == Role::ServiceInfo);
    if !is_service && own.into_iter().any(|it| by_role.field_among(head, *it).is_some()) {
        return false;
    }
    let title = facts.slice(facts.title_span());
    let stated = |role: Role| {
        let section = by_role.heading_of(role);
        section.is_some_and(|it| document.tree.section(it).has_content) || by_role.field(role).is_some()
    };
    match role {
        Role::Channel => facts.captures.channel.as_ref().is_some_and(|it| title.contains(it.as_str())),
        Role::Feature => facts.captures.feature.is_some(),
        Role::Owner | Role::OwnerTeam => by_role.concern(Role::OwnerTeam).and_then(known).is_some(),
        Role::IncidentType => title.split_once(':').is_some_and(|it| !it.1.trim().is_empty()),
        Role::TierAchieved => {
            let said = document.find(0).map_or("", |it| document.tree.section(it).span.of(document.text));
            cx.config().profile().tiers.names.iter().any(|it| said.contains(it.as_str()))
        }
        Role::AppliesTo => stated(role),
        _ => false,
    }
}

/// What a section names by its headings and in its tables, read once for all of its fields.
struct Named<'a> {
    headings: OnceCell<Vec<&'a [Meaning]>>,
    cells: OnceCell<Vec<&'a [Meaning]>>,
}

impl<'a> Named<'a> {
    fn new() -> Self {
        Self { headings: OnceCell::new(), cells: OnceCell::new() }
    }

    /// Whether a heading at or below the section is called like a field and has something below it.
    fn by_heading(&self, cx: &Context<'a>, document: &Templated<'a>, id: SectionId, role: Role) -> bool {
        let (tree, vocabulary) = (document.tree, cx.config().vocabulary());
        let has_content = |id: SectionId| tree.section(id).has_content;
        let look_up = || {
            let all = std::iter::once(id).chain(tree.descendants(id));
            let filled = all.filter(|it| has_content(*it) || tree.descendants(*it).any(has_content));
            filled.map(|it| vocabulary.meanings(&tree.plain_title(it, document.text))).collect()
        };
        self.headings.get_or_init(look_up).iter().any(|it| as_field(it, role).is_some())
    }

    /// Whether a table at or below the section is called like a field in its header or in its first column.
    fn by_cell(&self, cx: &Context<'a>, document: &Templated<'a>, id: SectionId, role: Role) -> bool {
        let (tree, vocabulary) = (document.tree, cx.config().vocabulary());
        let in_section = |section: SectionId| section == id || tree.descendants(id).any(|it| it == section);
        let look_up = || {
            let mut names = Vec::new();
            for table in tree.tables.iter().filter(|it| in_section(it.section)) {
                let rows = tree.rows(table).iter().map(|it| tree.cells(it));
                let filled = rows.filter(|cells| cells.iter().skip(1).any(|it| !it.is_empty()));
                let cells = tree.header(table).iter().chain(filled.filter_map(<[Span]>::first));
                names.extend(cells.map(|it| vocabulary.meanings(it.of(document.text))));
            }
            names
        };
        self.cells.get_or_init(look_up).iter().any(|it| as_field(it, role).is_some())
    }
}

/// Where the field with a role stands.
fn place<'a>(
    cx: &Context<'a>,
    document: &Templated<'a>,
    at: usize,
    id: SectionId,
    role: Role,
    named: &Named<'a>,
) -> Place<'a> {
    let (tree, text) = (document.tree, document.text);
    let vocabulary = cx.config().vocabulary();
    let is = |name: &str| vocabulary.field(name, role).is_some();
    let is_filled = |it: &Field| vocabulary.field(it.name.of(text), role).is_some() && has_value(it, text);
    let fields = || cx.by_role().into_iter().flat_map(|it| it.named(tree.fields_under(id), role));
    if let Some((_, field)) = fields().filter(|it| has_value(it.1, text)).min_by_key(|it| it.0) {
        return Place::Here { field, has_value: true };
    }
    if let Some((_, field)) = fields().next() {
        return Place::Here { field, has_value: false };
    }
    // What the first section says may also stand before it, in whatever form.
    let in_head = || {
        opening_fields(tree).iter().any(is_filled)
            || front_matter(tree, text).iter().any(|it| is(it.0) && !it.1.is_empty())
            || role == Role::Status && cx.by_role().and_then(ByRole::status).is_some_and(|it| !it.text.is_empty())
            || is_implied(cx, document, role)
    };
    // A README names its owner among the facts of the service.
    let in_service_info = || {
        cx.facts().kind == Kind::FeatureReadme
            && document.find(0).is_some_and(|it| tree.fields_under(it).iter().any(is_filled))
    };
    let is_elsewhere = named.by_heading(cx, document, id, role)
        || named.by_cell(cx, document, id, role)
        || at == 0 && in_head()
        || in_service_info();
    if is_elsewhere { Place::Elsewhere } else { Place::Missing }
}

/// Whether a field has a value, be it a list or a block below it.
fn has_value(field: &Field, text: &str) -> bool {
    if !field.value.is_empty() || field.origin == FieldOrigin::TableRow {
        return !field.value.is_empty();
    }
    let after = text.get(field.value.end as usize..).unwrap_or_default();
    let rest = after.split_once('\n').map_or("", |it| it.1);
    let Some(next) = rest.lines().find(|it| !it.trim().is_empty()) else { return false };
    match field.origin {
        FieldOrigin::ListItem => indent(next) > indent(field.item.of(text)),
        _ => next.trim_start().starts_with(['-', '*', '+', '|', '`', '~', '>']) && !next.trim_start().starts_with("**"),
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// The fields of all sections at once, then those of each.
fn fix(cx: &Context, _: &Finding) -> Vec<Fix> {
    let Some(document) = Templated::new(cx) else { return Vec::new() };
    let sections = lacking(cx, &document);
    let name = |it: &Lacking| {
        let names = it.wanted.iter().filter(|it| it.is_missing() || it.is_empty()).map(Wanted::quoted);
        enumerate(&names.collect::<Vec<_>>(), "and")
    };
    let each = sections.iter().map(|it| (name(it), additions(&document, it)));
    let each: Vec<(String, Vec<TextEdit>)> = each.collect();
    let all = (each.len() > 1).then(|| {
        let edits = each.iter().flat_map(|it| it.1.iter().cloned()).collect();
        ask_here(cx, format!("Add the missing fields of {} sections", each.len()), edits)
    });
    let alone = each.into_iter().filter_map(|(name, edits)| ask_here(cx, format!("Add {name}"), edits));
    let alone: Vec<Fix> = alone.collect();
    all.flatten().into_iter().chain(alone).collect()
}

/// What gives a section the fields that it lacks.
fn additions(document: &Templated, lacking: &Lacking) -> Vec<TextEdit> {
    let (id, wanted) = (lacking.id, &lacking.wanted);
    let newline = archwright_syntax::newline(document.text);
    let mut edits = Vec::new();
    let mut insertions: BTreeMap<usize, String> = BTreeMap::new();
    for (position, field) in wanted.iter().enumerate() {
        match &field.place {
            Place::Here { field: there, has_value: false } => edits.push(fill(there, field, document.text)),
            Place::Missing => {
                let (offset, line) = insertion(document, id, wanted, position);
                insertions.entry(offset).or_default().push_str(&line);
            }
            _ => {}
        }
    }
    for (offset, mut lines) in insertions {
        let head = document.text.get(..offset).unwrap_or_default();
        if !head.is_empty() && !head.ends_with('\n') {
            lines = format!("\n{}", lines.trim_end_matches('\n'));
        }
        let section = document.tree.section(id);
        let is_below_heading = offset == section.heading.end as usize;
        if is_below_heading && !head.ends_with("\n\n") {
            // A blank line on either side; the one behind is usually there already.
            lines.insert(0, '\n');
            let rest = document.text.get(offset..).unwrap_or_default();
            if !rest.is_empty() && !rest.starts_with(['\n', '\r']) {
                lines.push('\n');
            }
        }
        edits.push(TextEdit::insert(offset, lines.replace('\n', newline)));
    }
    edits
}

fn placeholder(field: &Wanted) -> String {
    value::placeholder(field.question)
}

/// Gives a field without a value a placeholder.
fn fill(there: &Field, field: &Wanted, text: &str) -> TextEdit {
    let at = there.value.start as usize;
    let spaced = text.get(..at).is_some_and(|it| it.ends_with([' ', '\t']));
    TextEdit::replace(there.value, format!("{}{}", if spaced { "" } else { " " }, placeholder(field)))
}

/// Where the field at `position` goes, and its line: beside its neighbor in the template, in the neighbor's form.
fn insertion(document: &Templated, id: SectionId, wanted: &[Wanted], position: usize) -> (usize, String) {
    let there = |it: &&Wanted| matches!(it.place, Place::Here { .. });
    let (before, after) = wanted.split_at_checked(position).unwrap_or((wanted, &[]));
    let text = document.text;
    let Some(this) = after.first() else { return (text.len(), String::new()) };
    if let Some(Place::Here { field, .. }) = before.iter().rfind(there).map(|it| &it.place) {
        return (end_of(field, text), line(field, this, text));
    }
    if let Some(Place::Here { field, .. }) = after.iter().find(there).map(|it| &it.place) {
        return (field.item.start as usize, line(field, this, text));
    }
    (document.tree.section(id).heading.end as usize, format!("- **{}**: {}\n", this.name, placeholder(this)))
}

/// The end of a field with what is nested below it.
fn end_of(field: &Field, text: &str) -> usize {
    let mut end = field.item.end as usize;
    if field.origin == FieldOrigin::ListItem {
        let own = indent(field.item.of(text));
        for line in text.get(end..).unwrap_or_default().split_inclusive('\n') {
            if line.trim().is_empty() || indent(line) <= own {
                break;
            }
            end += line.len();
        }
    }
    // An item may end with the blank lines before the next block.
    let content = text.get(..end).unwrap_or_default().trim_end().len();
    text.get(content..end).and_then(|it| it.find('\n')).map_or(end, |it| content + it + 1)
}

/// The line of a new field in the form of its neighbor.
fn line(neighbor: &Field, field: &Wanted, text: &str) -> String {
    let prefix = Span::new(neighbor.item.start as usize, neighbor.name.start as usize).of(text);
    let is_bold = prefix.ends_with("**");
    let name = if is_bold { format!("**{}**", field.name) } else { field.name.to_owned() };
    let value = placeholder(field);
    let marker = prefix.trim_end_matches('*');
    match neighbor.origin {
        FieldOrigin::TableRow => format!("| {name} | {value} |\n"),
        FieldOrigin::ListItem => format!("{marker}{name}: {value}\n"),
        FieldOrigin::Line => {
            // Lines of one paragraph stay lines by what stands at their ends.
            let neighbor = neighbor.item.of(text).trim_end_matches(['\n', '\r']);
            let end = if neighbor.ends_with("  ") {
                "  "
            } else if neighbor.ends_with('\\') {
                "\\"
            } else {
                ""
            };
            format!("{marker}{name}: {value}{end}\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::Fixture;
    use archwright_writer as writer;

    /// The text of an overview after all fixes.
    fn fixed(text: &str) -> String {
        let fixture = Fixture::new("//- /docs/system/architecture-overview.md\n");
        let path = fixture.files[0].path.clone();
        std::fs::write(fixture.folder.path().join(path.as_str()), text).unwrap();
        loop {
            let workspace = fixture.open();
            let file = workspace.file(&path).unwrap();
            let Some(finding) = workspace.findings(file).iter().find(|it| it.rule == &super::RULE) else {
                return fixture.read(&path);
            };
            writer::apply(fixture.folder.path(), &workspace.fixes(file, finding)[0].edit).unwrap();
        }
    }

    #[test]
    fn a_new_field_takes_the_form_of_its_neighbors() {
        let text = "# A\n\n## Summary\n\n| Field | Value |\n|---|---|\n| **Status** | Draft |\n| **TL;DR** | All. |\n";
        assert!(
            fixed(text).contains("| **Status** | Draft |\n| **Date** | [TBD] |\n| **TL;DR** | All. |\n"),
            "{}",
            fixed(text)
        );
        let text = "# A\n\n## Summary\n\n**Status:** Draft  \n**TL;DR:** All.\n";
        assert!(fixed(text).contains("**Status:** Draft  \n**Date**: [TBD]  \n**TL;DR:** All.\n"), "{}", fixed(text));
        let text = "# A\n\n## Summary\n\n* **Status**: Draft\n  - nested\n* **TL;DR**: All.";
        assert!(fixed(text).contains("  - nested\n* **Date**: [TBD]\n* **TL;DR**: All."), "{}", fixed(text));
    }

    #[test]
    fn fields_go_below_the_heading_of_a_section_without_any() {
        let text = "# A\r\n\r\n## Summary\r\nProse.\r\n";
        let expected = "# A\r\n\r\n## Summary\r\n\r\n- **Status**: [TBD]\r\n- **Date**: [TBD]\r\n- **TL;DR**: [TBD]\r\n\
            \r\nProse.\r\n";
        assert_eq!(fixed(text), expected);
        assert!(
            fixed("# A\n\n## Summary\n\nProse.")
                .contains("## Summary\n\n- **Status**: [TBD]\n- **Date**: [TBD]\n- **TL;DR**: [TBD]\n\nProse.")
        );
    }

    #[test]
    fn a_list_below_a_field_is_its_value_and_an_empty_field_gets_one() {
        let text = "# A\n\n## Summary\n\n- **Status**:\n  - Draft\n- **Date**:\n- **TL;DR**: All.\n";
        assert_eq!(fixed(text), text.replace("**Date**:", "**Date**: [TBD]"));
    }

    #[test]
    fn the_last_field_of_a_file_without_a_final_line_ending_can_be_added() {
        let text = "# A\n\n## Summary\n\n- **Status**: Draft\n- **Date**: 2026-01-01";
        assert_eq!(fixed(text), format!("{text}\n- **TL;DR**: [TBD]"));
    }
}
