//! Explanations cut to what a reader with little room needs: whole sections, and the names of those left out.

use std::borrow::Cow;

use archwright_rules::prelude::nearest;

use super::{Explanation, ExplanationKind};

/// The most that a short card costs, in bytes as a JSON string: with its name and kind it stays below 2 KiB.
const CARD_BYTES: usize = 1_900;

/// The sections that a short explanation leaves out first.
const LONG_SECTIONS: [&str; 4] = ["How it is built", "Related", "References", "Configuration"];

/// The sections that a short card has before all others. What stands in neither list comes in the order of the page.
const FIRST_SECTIONS: [&str; 6] =
    ["Use when", "What to decide", "Take", "Needs beside it", "Failure modes", "How to choose"];

/// A page in parts: what stands before the first section, and the sections with their headings.
struct Parts<'a> {
    head: Cow<'a, str>,
    sections: Vec<(&'a str, &'a str)>,
}

impl Explanation {
    /// The text without the sections that only some readers need. Of a card it has those that fit, whole, and names
    /// the others with how to ask for them.
    pub fn brief(&self) -> String {
        let parts = parts(&self.markdown);
        if matches!(self.kind, ExplanationKind::Pattern | ExplanationKind::Card) {
            return self.fitted(&parts);
        }
        let kept = parts.sections.iter().filter(|it| !LONG_SECTIONS.contains(&it.0)).map(|it| it.1);
        std::iter::once(&*parts.head).chain(kept).collect()
    }

    /// One section of it; nothing if no heading is like this.
    pub(super) fn section(&self, heading: &str) -> Option<Self> {
        let parts = parts(&self.markdown);
        let exact = parts.sections.iter().find(|it| it.0.eq_ignore_ascii_case(heading)).map(|it| it.0);
        let meant = exact.or_else(|| nearest(heading, parts.sections.iter().map(|it| it.0)))?;
        let (heading, text) = parts.sections.iter().find(|it| it.0 == meant)?;
        let text = text.split_once('\n')?.1.trim();
        let name = format!("{}: {heading}", self.name);
        Some(Self { kind: self.kind, markdown: format!("# {name}\n\n{text}\n"), name })
    }

    /// The sections that fit, in the order of the page, those first that matter most.
    fn fitted(&self, parts: &Parts<'_>) -> String {
        let all = self.of(parts, &vec![true; parts.sections.len()]);
        if cost(&all) <= CARD_BYTES {
            return all;
        }
        let parts = &Parts { head: unlinked(&parts.head), sections: parts.sections.clone() };
        let rank = |heading: &str| {
            let first = FIRST_SECTIONS.iter().position(|it| *it == heading);
            first.unwrap_or(FIRST_SECTIONS.len() + usize::from(LONG_SECTIONS.contains(&heading)))
        };
        let mut order: Vec<(usize, usize)> = parts.sections.iter().map(|it| rank(it.0)).zip(0..).collect();
        order.sort_unstable();
        let mut kept = vec![false; parts.sections.len()];
        for (_, at) in order {
            let mut more = kept.clone();
            if let Some(it) = more.get_mut(at) {
                *it = true;
            }
            if cost(&self.of(parts, &more)) <= CARD_BYTES {
                kept = more;
            }
        }
        self.of(parts, &kept)
    }

    /// The head, the sections that are kept, and what is left out.
    fn of(&self, parts: &Parts<'_>, kept: &[bool]) -> String {
        let (mut text, mut left_out) = (parts.head.to_string(), Vec::new());
        for ((heading, section), kept) in parts.sections.iter().zip(kept) {
            if *kept {
                text.push_str(section);
            } else {
                left_out.push(*heading);
            }
        }
        if let Some(first) = left_out.first() {
            let names = left_out.join(", ");
            text = format!("{}\n\nLeft out: {names}. Explain `{}: {first}` to read one.\n", text.trim_end(), self.name);
        }
        text
    }
}

/// A text with the words of its links and without their addresses, which the whole page has.
fn unlinked(text: &str) -> Cow<'static, str> {
    let (mut bare, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("](") {
        let Some((_, behind)) = after.split_once(')') else { break };
        match before.rsplit_once('[') {
            Some((lead, words)) => bare.extend([lead, words]),
            None => bare.push_str(before),
        }
        rest = behind;
    }
    bare.push_str(rest);
    bare.into()
}

/// What a text costs in JSON.
fn cost(text: &str) -> usize {
    text.len() + text.matches(['\n', '"', '\\']).count()
}

/// Cuts a page at its sections; what stands in a fence is none.
fn parts(page: &str) -> Parts<'_> {
    let (mut starts, mut at, mut fence) = (Vec::new(), 0, None);
    for line in page.split_inclusive('\n') {
        let marks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if marks >= 3 => fence = Some(marks),
            Some(open) if marks >= open => fence = None,
            None => {
                if let Some(heading) = line.strip_prefix("## ") {
                    starts.push((at, heading.trim()));
                }
            }
            Some(_) => {}
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).map(|it| it.0).chain([page.len()]);
    let sections =
        starts.iter().zip(ends).filter_map(|((start, heading), end)| Some((*heading, page.get(*start..end)?)));
    let head = starts.first().map_or(page.len(), |it| it.0);
    Parts { head: page.get(..head).unwrap_or_default().into(), sections: sections.collect() }
}

#[cfg(test)]
mod tests {
    use archwright_knowledge as knowledge;

    use super::*;
    use crate::explain::explain;

    #[test]
    fn every_card_is_short_and_what_it_leaves_out_can_be_asked_for() {
        let patterns = knowledge::patterns().iter().map(|it| &it.name);
        for name in patterns.chain(knowledge::cards().iter().map(|it| &it.name)) {
            let found = explain(name).unwrap();
            let brief = found.brief();
            assert!(cost(&brief) <= CARD_BYTES, "{name}: {}", cost(&brief));
            let headings: Vec<&str> = parts(&found.markdown).sections.iter().map(|it| it.0).collect();
            let kept: Vec<&str> = parts(&brief).sections.iter().map(|it| it.0).collect();
            assert!(!kept.is_empty() || headings.is_empty(), "{name}");
            for heading in headings {
                let section = explain(&format!("{name}: {heading}")).unwrap();
                assert_eq!(section.name, format!("{}: {heading}", found.name));
                assert_eq!(
                    kept.contains(&heading),
                    !brief.contains("\nLeft out: ") || {
                        let left_out =
                            brief.rsplit_once("\nLeft out: ").unwrap().1.split_once(". Explain `").unwrap().0;
                        !left_out.split(", ").any(|it| it == heading)
                    }
                );
                let text = section.markdown.split_once("\n\n").unwrap().1.trim();
                assert!(found.markdown.contains(text) && !text.is_empty(), "{name}: {heading}");
            }
        }
    }

    #[test]
    fn a_short_card_says_how_to_get_the_rest() {
        insta::assert_snapshot!(explain("claim check").unwrap().brief());
        insta::assert_snapshot!(explain("Claim Check: failure mode").unwrap().markdown);
    }
}
