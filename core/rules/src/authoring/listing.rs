//! The list of artifacts in a feature's README: which field an artifact belongs to, and the edit that adds it.

use archwright_syntax::{
    TextEdit,
    markdown::{Document, Field, FieldOrigin, SectionId},
};

use archwright_model::{
    Kind,
    conventions::{profile::Profile, role::Role},
    facts::ByRole,
    values::value,
};

/// The fields of the list, in the order of the template.
pub const GROUPS: [(Kind, Role); 5] = [
    (Kind::Design, Role::Designs),
    (Kind::Adr, Role::Adrs),
    (Kind::Contract, Role::Contracts),
    (Kind::Runbook, Role::Runbooks),
    (Kind::Launch, Role::LaunchDecisions),
];

/// The list of a README.
pub struct Listing<'d, 'a> {
    document: &'d ByRole<'a>,
    section: SectionId,
}

/// Documents that are listed where somebody wrote them; a README need not name them.
pub const DOCUMENTS: [Kind; 5] =
    [Kind::Rfc, Kind::Overview, Kind::ImplementationPlan, Kind::MigrationPlan, Kind::ReadinessReview];

/// The field that a README must list the artifacts of a kind in, if there is one for it.
pub(crate) fn group(kind: Kind) -> Option<Role> {
    GROUPS.iter().find(|it| it.0 == kind).map(|it| it.1)
}

/// The field that the artifacts of a kind are listed in, whether they must be or may be.
pub fn field_of(kind: Kind) -> Option<Role> {
    group(kind).or_else(|| DOCUMENTS.contains(&kind).then_some(Role::ArchitectureDocuments))
}

/// The fields of the list in order.
fn order() -> impl Iterator<Item = Role> {
    let (first, rest) = GROUPS.split_at(1);
    let role = |it: &(Kind, Role)| it.1;
    first.iter().map(role).chain([Role::ArchitectureDocuments]).chain(rest.iter().map(role))
}

impl<'d, 'a> Listing<'d, 'a> {
    /// The list in a section of a README.
    pub fn new(document: &'d ByRole<'a>, section: SectionId) -> Self {
        Self { document, section }
    }

    /// The field that lists the artifacts of a group.
    pub(crate) fn field(&self, group: Role) -> Option<&'a Field> {
        self.document.field_among(self.document.tree.fields_under(self.section), group)
    }

    /// The edit that adds a link to the list of artifacts, in the field of its kind.
    pub fn add(&self, kind: Kind, link: &str, profile: &Profile) -> Option<TextEdit> {
        let group = field_of(kind)?;
        let (tree, text) = (self.document.tree, self.document.text);
        Some(if let Some(field) = self.field(group) {
            match nested_end(tree, text, field) {
                Some((end, start)) => {
                    TextEdit::insert(end, format!("{}{start}{link}", archwright_syntax::newline(text)))
                }
                None => add_to_value(text, field, link),
            }
        } else {
            let name = profile.name(group);
            let (at, line_breaks) = self.place_of_field(group);
            TextEdit::insert(
                at,
                format!("{}- **{name}**: {link}", archwright_syntax::newline(text).repeat(line_breaks)),
            )
        })
    }

    /// Where a new field goes, and how many line breaks come before it: behind the groups that the template puts before
    /// it.
    fn place_of_field(&self, group: Role) -> (usize, usize) {
        let (tree, text) = (self.document.tree, self.document.text);
        let groups_before = order().take_while(|it| *it != group).collect::<Vec<_>>();
        let before = groups_before.into_iter().rev().find_map(|it| self.field(it));
        let last = tree.fields_under(self.section).iter().rev().find(|it| it.origin == FieldOrigin::ListItem);
        if let Some(field) = before.filter(|it| it.origin == FieldOrigin::ListItem).or(last) {
            let own = field.item.start as usize + field.item.of(text).trim_end().len();
            return (nested_end(tree, text, field).map_or(own, |it| it.0.max(own)), 1);
        }
        let heading = tree.section(self.section).heading;
        (heading.start as usize + heading.of(text).trim_end().len(), 2)
    }
}

/// Appends the link to a value, or puts it in the place of one that says nothing.
fn add_to_value(text: &str, field: &Field, link: &str) -> TextEdit {
    let said = field.value.of(text);
    if value::is_unknown(said) || value::is_none(said) {
        let before = text.get(..field.value.start as usize).unwrap_or_default();
        let space = if before.ends_with([' ', '\t']) { "" } else { " " };
        return TextEdit::replace(field.value, format!("{space}{link}"));
    }
    let comma = if said.ends_with(',') { " " } else { ", " };
    TextEdit::insert(field.value.end as usize, format!("{comma}{link}"))
}

/// Where the list below a field's item ends, and how its lines start.
fn nested_end<'t>(tree: &Document, text: &'t str, field: &Field) -> Option<(usize, String)> {
    if field.origin != FieldOrigin::ListItem {
        return None;
    }
    let after = tree.items.iter().skip_while(|it| it.span.start <= field.item.start);
    let last = after.take_while(|it| it.depth > 0 && it.section == field.section).last()?;
    let start = last.span.start as usize;
    let line: &'t str = text.get(..start)?.rsplit('\n').next()?;
    let marker = last.span.of(text).chars().next().filter(|it| matches!(it, '-' | '*' | '+')).unwrap_or('-');
    Some((start + last.span.of(text).trim_end().len(), format!("{line}{marker} ")))
}
