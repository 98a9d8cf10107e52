//! Cards as Markdown for readers: a short hover and the full page.

use std::fmt::Write as _;

use crate::{
    card::{authority_line, is_other_name},
    pattern::{Pattern, pattern},
};

impl Pattern {
    /// The short form for a hover: name, summary, authorities, when to use it, what to decide, what not to confuse,
    /// companions. 30 lines at most.
    pub fn hover_markdown(&self) -> String {
        self.hover_of(None)
    }

    /// The hover of a mention, which says so if the document uses another name for it.
    pub fn hover_markdown_for(&self, written: &str) -> String {
        self.hover_of(Some(written).filter(|it| is_other_name(it, &self.name)))
    }

    fn hover_of(&self, other_name: Option<&str>) -> String {
        let mut res = format!("**{}** ({})", self.name, self.group.title());
        if let Some(written) = other_name {
            // A name may be broken over lines.
            let words: Vec<&str> = written.split_whitespace().collect();
            let _ = write!(res, ", here called \"{}\"", words.join(" "));
        }
        let _ = write!(res, "\n\n{}\n", self.summary);
        self.write_authorities(&mut res);
        for heading in ["Use when", "What to decide"] {
            if let Some(text) = self.section(heading) {
                let _ = write!(res, "\n**{heading}**\n{}\n", without_links(text));
            }
        }
        self.write_confusables(&mut res, "\n**Not to confuse with**\n");
        self.write_companions(&mut res, "\n**Needs beside it**\n");
        res
    }

    /// The whole card for `explain` and the generated site: links between cards become plain names.
    pub fn page_markdown(&self) -> String {
        self.page_of(None)
    }

    /// The page for somebody who asked by another name, which is said first.
    pub fn page_markdown_for(&self, asked: &str) -> String {
        self.page_of(Some(asked).filter(|it| is_other_name(it, &self.name)))
    }

    fn page_of(&self, other_name: Option<&str>) -> String {
        let mut res = format!("# {}\n\n", self.name);
        if let Some(asked) = other_name {
            let _ = write!(res, "\"{asked}\" is another name for it.\n\n");
        }
        let _ = writeln!(res, "{}", self.summary);
        if !self.aliases.is_empty() {
            let _ = write!(res, "\nAlso called: {}.\n", self.aliases.join(", "));
        }
        self.write_authorities(&mut res);
        if let Some(body) = self.body {
            let _ = write!(res, "\n{}\n", without_links(body.trim_end()));
        }
        self.write_confusables(&mut res, "\n## Not to confuse with\n\n");
        self.write_companions(&mut res, "\n## Needs beside it\n\n");
        let related: Vec<_> = self.related.iter().filter_map(|it| Some(pattern(it)?.name.as_str())).collect();
        if !related.is_empty() {
            let _ = write!(res, "\n## Related\n\n{}.\n", related.join(", "));
        }
        if !self.references.is_empty() {
            res += "\n## References\n\n";
            for reference in &self.references {
                let _ = match &reference.url {
                    Some(url) => writeln!(res, "- [{}]({url})", reference.title),
                    None => writeln!(res, "- {}", reference.title),
                };
            }
        }
        res
    }

    fn write_authorities(&self, res: &mut String) {
        let line = authority_line(&self.authorities, &self.name);
        if !line.is_empty() {
            let _ = write!(res, "\n{line}\n");
        }
    }

    fn write_confusables(&self, res: &mut String, heading: &str) {
        if self.not_to_confuse.is_empty() {
            return;
        }
        *res += heading;
        for it in &self.not_to_confuse {
            let _ = writeln!(res, "- {}: {}", it.with, it.because);
        }
    }

    fn write_companions(&self, res: &mut String, heading: &str) {
        if self.companions.is_empty() {
            return;
        }
        *res += heading;
        for companion in &self.companions {
            let name = pattern(&companion.slug).map_or(companion.slug.as_str(), |it| &it.name);
            let _ = writeln!(res, "- {name}: {}", companion.because);
        }
    }
}

/// Replaces links between cards by their text: outside the folder of cards their relative targets lead nowhere.
fn without_links(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        res += before;
        rest = after;
        match card_link(after) {
            Some((label, tail)) => {
                res += label;
                rest = tail;
            }
            None => res.push('['),
        }
    }
    res + rest
}

/// The label of a link to another card and the text after it, when `text` starts right behind its opening bracket.
fn card_link(text: &str) -> Option<(&str, &str)> {
    let (label, after) = text.split_once("](")?;
    let (target, tail) = after.split_once(')')?;
    let is_card = target.strip_suffix(".md").is_some_and(|it| !it.contains(['/', ' ', '\n', ':']));
    (is_card && !label.contains(['[', ']'])).then_some((label, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_between_cards_become_text() {
        let text = "[a] [Idempotent Receiver](idempotent-receiver.md), [spec](https://example.com/x.md) and a[0]";
        assert_eq!(without_links(text), "[a] Idempotent Receiver, [spec](https://example.com/x.md) and a[0]");
    }
}
