//! Cards as Markdown for readers: a short hover and the full page.

use std::fmt::Write as _;

use smol_str::SmolStr;

use crate::{
    card::{Card, title},
    front::{self, Authority, Companion, Confusable, Reference, authority_line, is_other_name},
    pattern::Pattern,
};

impl Pattern {
    /// The short form for a hover: name, summary, authorities, when to use it, what to decide, what not to confuse,
    /// companions. 30 lines at most.
    pub fn hover_markdown(&self) -> String {
        self.view().hover(None)
    }

    /// The hover of a mention, which says so if the document uses another name for it.
    pub fn hover_markdown_for(&self, written: &str) -> String {
        self.view().hover(Some(written))
    }

    /// The whole card for `explain` and the generated site: links between cards become plain names.
    pub fn page_markdown(&self) -> String {
        self.view().page(None)
    }

    /// The page for somebody who asked by another name, which is said first.
    pub fn page_markdown_for(&self, asked: &str) -> String {
        self.view().page(Some(asked))
    }

    fn view(&self) -> View<'_> {
        View {
            name: &self.name,
            label: self.group.title(),
            summary: self.summary.to_string(),
            aliases: &self.aliases,
            authorities: &self.authorities,
            body: self.body,
            in_hover: &["Use when", "What to decide"],
            not_to_confuse: &self.not_to_confuse,
            companions: &self.companions,
            related: &self.related,
            references: &self.references,
        }
    }
}

impl Card {
    /// The short form for a hover, which says so if the document uses another name. 30 lines at most.
    pub fn hover_markdown_for(&self, written: &str) -> String {
        self.view(self.summary.to_string()).hover(Some(written))
    }

    /// The whole card for `explain`, which says so if it was asked for by another name.
    pub fn page_markdown_for(&self, asked: &str) -> String {
        let mut noun = self.kind.noun.chars();
        let noun: String = noun.next().into_iter().flat_map(char::to_uppercase).chain(noun).collect();
        self.view(format!("{noun}: {}", self.summary)).page(Some(asked))
    }

    fn view(&self, summary: String) -> View<'_> {
        View {
            name: &self.name,
            label: self.kind.noun.to_owned(),
            summary,
            aliases: &self.aliases,
            authorities: &self.authorities,
            body: &self.body,
            in_hover: self.kind.in_hover,
            not_to_confuse: &self.not_to_confuse,
            companions: &self.companions,
            related: &self.related,
            references: &self.references,
        }
    }
}

/// What is shown of a card, whatever its kind.
struct View<'a> {
    name: &'a str,
    label: String,
    summary: String,
    aliases: &'a [SmolStr],
    authorities: &'a [Authority],
    body: &'a str,
    in_hover: &'a [&'a str],
    not_to_confuse: &'a [Confusable],
    companions: &'a [Companion],
    related: &'a [SmolStr],
    references: &'a [Reference],
}

impl View<'_> {
    fn hover(&self, written: Option<&str>) -> String {
        let mut res = format!("**{}** ({})", self.name, self.label);
        if let Some(written) = self.other_name(written) {
            let _ = write!(res, ", here called \"{written}\"");
        }
        let _ = write!(res, "\n\n{}\n", self.summary);
        self.write_authorities(&mut res);
        for heading in self.in_hover {
            if let Some(text) = front::section(self.body, heading) {
                let _ = write!(res, "\n**{heading}**\n{}\n", without_links(text));
            }
        }
        self.write_confusables(&mut res, "\n**Not to confuse with**\n");
        self.write_companions(&mut res, "\n**Needs beside it**\n");
        res
    }

    fn page(&self, asked: Option<&str>) -> String {
        let mut res = format!("# {}\n\n", self.name);
        if let Some(asked) = self.other_name(asked) {
            // As it is usually written, not as somebody typed it.
            let known = self.aliases.iter().find(|it| !is_other_name(&asked, it));
            let _ = write!(res, "\"{}\" is another name for it.\n\n", known.map_or(asked.as_str(), |it| it));
        }
        let _ = writeln!(res, "{}", self.summary);
        if !self.aliases.is_empty() {
            let _ = write!(res, "\nAlso called: {}.\n", self.aliases.join(", "));
        }
        self.write_authorities(&mut res);
        if !self.body.is_empty() {
            let _ = write!(res, "\n{}\n", without_links(self.body.trim_end()));
        }
        self.write_confusables(&mut res, "\n## Not to confuse with\n\n");
        self.write_companions(&mut res, "\n## Needs beside it\n\n");
        let related: Vec<_> = self.related.iter().filter_map(|it| title(it)).collect();
        if !related.is_empty() {
            let _ = write!(res, "\n## Related\n\n{}.\n", related.join(", "));
        }
        if !self.references.is_empty() {
            res += "\n## References\n\n";
            for reference in self.references {
                let _ = match &reference.url {
                    Some(url) => writeln!(res, "- [{}]({url})", reference.title),
                    None => writeln!(res, "- {}", reference.title),
                };
            }
        }
        res
    }

    /// The name that was used, on one line, if it is another than the canonical one.
    fn other_name(&self, used: Option<&str>) -> Option<String> {
        let used = used.filter(|it| is_other_name(it, self.name))?;
        Some(used.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn write_authorities(&self, res: &mut String) {
        let line = authority_line(self.authorities, self.name);
        if !line.is_empty() {
            let _ = write!(res, "\n{line}\n");
        }
    }

    fn write_confusables(&self, res: &mut String, heading: &str) {
        if self.not_to_confuse.is_empty() {
            return;
        }
        *res += heading;
        for it in self.not_to_confuse {
            let _ = writeln!(res, "- {}: {}", it.with, it.because);
        }
    }

    fn write_companions(&self, res: &mut String, heading: &str) {
        if self.companions.is_empty() {
            return;
        }
        *res += heading;
        for companion in self.companions {
            let name = title(&companion.slug).unwrap_or(&companion.slug);
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
    let in_folder = |it: &str| !it.contains(['/', ' ', '\n', ':']);
    let is_card = target.strip_suffix(".md").is_some_and(|it| match it.strip_prefix("../") {
        Some(path) => path.split_once('/').is_some_and(|(folder, name)| in_folder(folder) && in_folder(name)),
        None => in_folder(it),
    });
    (is_card && !label.contains(['[', ']'])).then_some((label, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_between_cards_become_text() {
        let text = "[a] [Idempotent Receiver](idempotent-receiver.md), [spec](https://example.com/x.md) and a[0]; \
                    [Kafka](../platforms/apache-kafka.md), [no](../x.md)";
        let expected = "[a] Idempotent Receiver, [spec](https://example.com/x.md) and a[0]; Kafka, [no](../x.md)";
        assert_eq!(without_links(text), expected);
    }
}
