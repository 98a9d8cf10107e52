//! Steps: what a document tells its reader to do, however it is written.

use archwright_knowledge::claim_words;
use archwright_syntax::{
    Span,
    markdown::{CodeBlock, Item, Paragraph, SectionId},
};

use super::ByRole;
use crate::conventions::role::Role;

/// How a step is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepForm {
    /// An item of an ordered list.
    Numbered,
    /// An item of another list, with a box or without one, in a section that says what to do.
    Bullet,
    /// A heading with a number: `### Step 4: Send them again`.
    Heading,
    /// A paragraph that begins with a number in bold letters: `**4. Send them again**`.
    Label,
}

/// Something that the reader is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The section in whose body it stands; for a heading the section that it opens.
    pub section: SectionId,
    /// What is to be done, without mark, box and number.
    pub content: Span,
    /// All of it, with what stands below: commands, remarks and steps of its own.
    pub span: Span,
    /// How it is written.
    pub form: StepForm,
    /// What the section around it is for, or the nearest one around that says so.
    pub role: Option<Role>,
}

/// The steps of a document, in its order.
///
/// An item of an ordered list is a step wherever it stands; one without a number is one where a section says what to
/// do, such as mitigation, and so is a heading with a number.
pub fn steps(document: &ByRole) -> Vec<Step> {
    let tree = document.tree;
    let parts: Vec<Option<Role>> = tree.section_ids().map(|(id, _)| part_of(document, id)).collect();
    let part = |id: SectionId| parts.get(id.index()).copied().flatten();
    let mut steps = Vec::new();
    for (at, item) in tree.items.iter().enumerate().filter(|it| !it.1.content.is_empty()) {
        let role = part(item.section);
        let form = if item.ordered.is_some() { StepForm::Numbered } else { StepForm::Bullet };
        if form == StepForm::Numbered || role == Some(Role::Mitigation) {
            let span = Span::new(item.span.start as usize, end_of_item(document, at, item));
            steps.push(Step { section: item.section, content: item.content, span, form, role });
        }
    }
    for (id, section) in tree.section_ids().skip(1).filter(|it| it.1.level > 1) {
        let role = section.parent.and_then(part);
        let is_numbered = || role == Some(Role::Mitigation) && section.level > 2;
        let Some(content) = numbered(section.title, document.text, is_numbered()) else { continue };
        steps.push(Step { section: id, content, span: section.span, form: StepForm::Heading, role });
    }
    let labels: Vec<(&Paragraph, Span)> =
        tree.paragraphs.iter().filter_map(|it| Some((it, label(document, it, part(it.section))?))).collect();
    for (at, (paragraph, content)) in labels.iter().enumerate() {
        let next = labels.get(at + 1).map(|it| it.0).filter(|it| it.section == paragraph.section);
        let end = next.map_or(tree.section(paragraph.section).body.end, |it| it.span.start);
        let span = Span::new(paragraph.span.start as usize, end as usize);
        let role = part(paragraph.section);
        steps.push(Step { section: paragraph.section, content: *content, span, form: StepForm::Label, role });
    }
    steps.sort_by_key(|it| (it.span.start, std::cmp::Reverse(it.span.end)));
    steps
}

impl Step {
    /// The blocks of code that stand in it.
    pub fn blocks<'a>(&self, document: &ByRole<'a>) -> impl Iterator<Item = &'a CodeBlock> + use<'a> {
        let span = self.span;
        document.tree.code_blocks.iter().filter(move |it| span.contains(it.span))
    }
}

/// What a section is for: by its own name, or by that of the nearest section around it that says so. The title of the
/// document is what it is called.
pub fn part_of(document: &ByRole, id: SectionId) -> Option<Role> {
    let mut at = Some(id);
    while let Some(id) = at {
        let section = document.tree.section(id);
        if section.level == 0 {
            return None;
        }
        if let Some(role) = document.role_of(id) {
            return Some(role);
        }
        let title = document.tree.plain_title(id, document.text);
        // The first heading of a document is its title, and tells of all of it.
        if section.level > 1 || id.0 > 1 {
            if claim_words("titles-beside").are_in(&title) {
                return None;
            }
            if claim_words("titles-of-steps").are_in(&title) {
                return Some(Role::Mitigation);
            }
        }
        at = section.parent;
    }
    None
}

/// Where an item ends together with what stands below it: before the next one beside it, or with its section.
fn end_of_item(document: &ByRole, at: usize, item: &Item) -> usize {
    let behind = document.tree.items.iter().skip(at + 1).take_while(|it| it.section == item.section);
    // What stands between two numbers belongs to the first, however it is indented.
    let is_next = |it: &&Item| it.depth <= item.depth && (item.ordered.is_none() || it.ordered.is_some());
    let next = behind.filter(is_next).map(|it| it.span.start).next();
    let labelled = document.tree.paragraphs.iter().map(|it| it.span).filter(|it| it.start > item.span.end);
    let section = document.tree.section(item.section).body;
    let label = labelled.take_while(|it| it.start < section.end).find(|it| it.of(document.text).starts_with("**"));
    let end = next.unwrap_or(section.end).min(label.map_or(u32::MAX, |it| it.start));
    end.max(item.span.end) as usize
}

/// A title behind its number; `Step 4` is one anywhere.
fn numbered(title: Span, text: &str, is_any: bool) -> Option<Span> {
    let said = title.of(text);
    let bare = said.trim_start_matches(|it: char| !(it.is_alphanumeric()));
    let word = bare.split(|it: char| !it.is_alphanumeric()).next()?;
    let is_word = claim_words("step-names").are_all_of(word);
    let behind = if is_word { bare.get(word.len()..)?.trim_start() } else { bare };
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let rest = behind.get(digits..)?;
    let is_number = (1..=2).contains(&digits) && rest.starts_with(['.', ')', ':', ' ', '-', '–', '—', '*']);
    if !is_number || !is_word && (!is_any || !rest.starts_with(['.', ')', ':'])) {
        return None;
    }
    let name = rest.trim_start_matches(|it: char| !it.is_alphanumeric());
    // `3.2 Redrive` has a number of sections.
    let is_section =
        rest.starts_with('.') && rest.get(1..).is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()));
    let start = title.start as usize + said.len() - name.len();
    (!name.is_empty() && !is_section).then(|| Span::new(start, title.end as usize))
}

/// What a paragraph names as a step that begins with a number in bold letters: `**4. Send them again**`, or
/// `**Step 4**: Send them again`.
fn label(document: &ByRole, paragraph: &Paragraph, part: Option<Role>) -> Option<Span> {
    let said = paragraph.span.of(document.text);
    let bold = said.strip_prefix("**")?;
    let end = bold.find("**").filter(|it| !paragraph.quoted && *it < LONGEST)?;
    let start = paragraph.span.start as usize + 2;
    let line = bold.lines().next().unwrap_or_default().len();
    let is_any = part == Some(Role::Mitigation);
    let inside = numbered(Span::new(start, start + end), document.text, is_any);
    inside.or_else(|| {
        // The name stands behind the marks, and its number within.
        let span = numbered(Span::new(start, start + line), document.text, is_any)?;
        let name = span.of(document.text).trim_matches(['*', ':', ' ']);
        (span.start as usize > start + end && !name.is_empty()).then_some(span)
    })
}

/// A label that is longer, in bytes, is a sentence.
const LONGEST: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, conventions::config::Config, facts::document::tree};

    /// The steps of a runbook, `form: content` each.
    fn found(text: &str) -> Vec<String> {
        let (tree, config) = (tree(text), Config::default());
        let document = ByRole::new(&tree, text, Kind::Runbook, &config);
        steps(&document).iter().map(|it| format!("{:?}: {}", it.form, it.content.of(text))).collect()
    }

    #[test]
    fn steps_are_found_however_they_are_written() {
        let cases: [(&str, &[&str]); 9] = [
            ("# A\n\n## Notes\n\n1. Look.\n- Aside.\n", &["Numbered: Look."]),
            ("# A\n\n## Mitigation\n\n- Stop it.\n- [ ] Ask.\n", &["Bullet: Stop it.", "Bullet: Ask."]),
            ("# A\n\n## 4. Remediation options\n\n- Stop it.\n", &["Bullet: Stop it."]),
            (
                "# A\n\n## Message recovery\n\n### 2. Send again\n\n- Slowly.\n",
                &["Heading: Send again", "Bullet: Slowly."],
            ),
            ("# A\n\n## Anything\n\n### Step 3: Send again\n\n- Slowly.\n", &["Heading: Send again"]),
            ("# A\n\n## Fix\n\n**Step 4: Start it**\n\n**Step 5**: Look\n", &["Label: Start it", "Label: Look"]),
            ("# A\n\n## Resolution\n\n### Verification\n\n- It runs.\n", &[]),
            ("# Recovery of the queue\n\n## Overview\n\n- It has parts.\n", &[]),
            ("# A\n\n## Prevention\n\n- Fix it.\n\n### 3.2 Redrive\n\nText.\n", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn a_step_holds_what_stands_below_it() {
        let text = "# A\n\n## Fix\n\n1. **Replay**\n\n- Slowly\n\n```\nx\n```\n\n2. Look\n\n```\ny\n```\n";
        let (tree, config) = (tree(text), Config::default());
        let document = ByRole::new(&tree, text, Kind::Runbook, &config);
        let all = steps(&document);
        let blocks: Vec<usize> = all.iter().map(|it| it.blocks(&document).count()).collect();
        assert_eq!((all.len(), blocks), (3, vec![1, 1, 1]));
    }
}
