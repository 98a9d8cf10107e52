//! Gets the YAML parser past a mistake: small changes to the text, in order of likelihood.

use super::SyntaxErrorKind;
use super::lines::{BLANK, Line, balanced_end, open_brackets, quoted_end};
use super::patch::{Patch, insert, quote};
use crate::Span;

/// Where and why the parser stopped, in places of the text as written.
#[derive(Clone, Debug, Default)]
pub(super) struct Failure {
    pub(super) at: usize,
    /// The parser's own words.
    pub(super) info: String,
    /// The last scalar it read.
    pub(super) scalar: Option<Span>,
    /// Where the outermost open flow collection starts.
    pub(super) flow: Option<usize>,
    /// Where the last thing it read starts.
    pub(super) last: usize,
}

/// A guess at what is wrong, and how to read on.
pub(super) struct Candidate {
    pub(super) patches: Vec<Patch>,
    pub(super) span: Span,
    /// `None` if loaders agree to accept the text as it is.
    pub(super) message: Option<String>,
    pub(super) kind: SyntaxErrorKind,
    /// The guess is good if the parser gets past this place.
    pub(super) past: usize,
    /// It leaves text out.
    pub(super) is_last_resort: bool,
}

/// A diagnosis in progress.
struct Diagnosis<'a> {
    text: &'a str,
    failure: &'a Failure,
    line: Line<'a>,
    candidates: Vec<Candidate>,
}

/// Guesses at what is wrong, the likeliest first. Each is a way to read on.
pub(super) fn diagnose(text: &str, failure: &Failure) -> Vec<Candidate> {
    let line = Line::at(text, failure.at);
    let mut it = Diagnosis { text, failure, line, candidates: Vec::new() };
    it.tab_behind_colon();
    it.specific();
    if failure.flow.is_some() || failure.info.contains("flow") || failure.info.contains("invalid indentation") {
        it.unclosed_flow();
    }
    if failure.info != "invalid trailing content after double-quoted scalar" {
        it.open_quote();
    }
    let likely = it.candidates.len();
    it.drop_lines();
    it.candidates.iter_mut().skip(likely).for_each(|it| it.is_last_resort = true);
    it.candidates
}

impl<'a> Diagnosis<'a> {
    fn specific(&mut self) {
        let at = self.failure.at;
        match self.failure.info.as_str() {
            "simple key expect ':'" | "simple key expected" => self.missing_colon(),
            "mapping values are not allowed in this context" => self.colon_in_value(),
            "while parsing a block mapping, did not find expected key" => self.misplaced_line(),
            "while parsing a block collection, did not find expected '-' indicator" => self.misplaced_line(),
            "illegal placement of ':' indicator" => self.unclosed_flow(),
            "invalid indentation" | "invalid indentation in flow construct" => self.flow_indentation(),
            "recursion limit exceeded" => self.too_deep(),
            "while parsing node, found unknown anchor" => self.unknown_alias(),
            "misplaced bracket" => {
                let span = Span::new(at, at + 1);
                let message =
                    format!("This `{}` closes nothing. Remove it, or put quotes around the value.", span.of(self.text));
                self.offer(span, vec![Patch { span, with: String::new() }], message);
            }
            "invalid trailing content after double-quoted scalar" => self.text_behind_quotes(),
            "while parsing a quoted scalar, found unknown escape character"
            | "while parsing a quoted scalar, did not find expected hexadecimal number"
            | "while parsing a quoted scalar, found invalid Unicode character escape code" => self.bad_escape(),
            "template" => self.quote_value(
                at,
                "A template placeholder starts like a mapping of YAML. Put quotes around the whole value.",
            ),
            "block sequence entries are not allowed in this context" => {
                self.quote_value(
                    at,
                    "A list cannot start behind a key on its line. Put each `- ` item on a line of its own, or quotes \
                    around the value.",
                );
            }
            "found unprintable character" => {
                let span = self.char_at(at);
                self.offer(
                    span,
                    vec![Patch { span, with: " ".into() }],
                    "This control character cannot stand in YAML. Remove it, or write it as an escape in double \
                    quotes.",
                );
            }
            "a byte order mark must not appear inside a document" => {
                let span = self.char_at(at);
                self.offer(
                    span,
                    vec![Patch { span, with: String::new() }],
                    "A byte order mark stands inside the document. Remove it.",
                );
            }
            "the handle wasn't declared" => {
                let rest = self.text.get(at..).unwrap_or_default();
                let span = Span::new(
                    at,
                    at + rest.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}']).unwrap_or(rest.len()),
                );
                let message = format!(
                    "The handle of the tag `{}` is not declared. Declare it with `%TAG`, or use a tag with one `!`.",
                    span.of(self.text)
                );
                self.offer(span, vec![Patch { span, with: String::new() }], message);
            }
            info if info.contains("quoted scalar") => self.close_quote(at),
            info if info.contains("tab") => self.tabs(),
            info if info.starts_with("unexpected character") => {
                let char = self.char_at(at);
                let message = format!(
                    "A value cannot start with '{}' outside of quotes. Put quotes around it.",
                    char.of(self.text).escape_debug()
                );
                self.quote_value(at, &message);
            }
            info if info.contains("anchor or alias") => {
                self.quote_value(
                    at,
                    "`&` and `*` start the name of an anchor or alias, and no name follows. Put quotes around the \
                    value.",
                );
            }
            info if info.contains("block scalar") => {
                self.quote_value(
                    at,
                    "Behind `|` or `>` only an indentation digit, `+` or `-` and a comment may stand. Put the text on \
                    the next lines, or quotes around the value.",
                );
                let below = Span::new(self.line.end, Self::block(self.line).end as usize);
                if let Some(it) = self.candidates.last_mut().filter(|_| !below.is_empty()) {
                    it.patches.push(Patch { span: below, with: String::new() });
                }
            }
            info if info.contains("tag") => {
                self.quote_value(at, "This tag is not complete. End it with a space, or put quotes around the value.");
            }
            info if info.contains("node content") || info.contains("plain scalar") => {
                self.quote_value(at, "A value cannot start with this character. Put quotes around it.");
            }
            _ => {}
        }
    }

    fn offer(&mut self, span: Span, patches: Vec<Patch>, message: impl Into<String>) {
        self.push(SyntaxErrorKind::Syntax, span, patches, Some(message.into()));
    }

    fn push(&mut self, kind: SyntaxErrorKind, span: Span, patches: Vec<Patch>, message: Option<String>) {
        let past = self.failure.at.max(span.end as usize);
        self.candidates.push(Candidate { patches, span, message, kind, past, is_last_resort: false });
    }

    /// A closing character is missing at `at`. Where the parser noticed, often at the end of the text, says nothing.
    fn offer_closing(&mut self, span: Span, at: usize, patches: Vec<Patch>, message: String) {
        self.offer(span, patches, message);
        if let Some(it) = self.candidates.last_mut() {
            it.past = at;
        }
    }

    fn char_at(&self, at: usize) -> Span {
        let len = self.text.get(at..).and_then(|it| it.chars().next()).map_or(0, char::len_utf8);
        Span::new(at, at + len)
    }

    /// The last line with content before the place of failure, or the line itself if it has content before that place.
    fn culprit(&self) -> Option<Line<'a>> {
        let before = Span::new(self.line.start, self.failure.at).of(self.text);
        if before.trim().is_empty() { self.line.previous_content() } else { Some(self.line) }
    }

    fn missing_colon(&mut self) {
        let Some(line) = self.culprit() else { return };
        if let Some(head) = Self::bare_head(line) {
            self.add_colon(head);
        }
        self.add_colon(line);
    }

    /// The line that a line is indented under, if it is no key: its word and the deeper lines below it read as one
    /// text.
    fn bare_head(line: Line<'a>) -> Option<Line<'a>> {
        let above = std::iter::successors(line.previous_content(), |it| it.previous_content());
        above.take(1_000).find(|it| it.indent() < line.indent()).filter(|it| !it.starts_entry())
    }

    /// Reads `key` as `key:` and `key:value` as `key: value`.
    fn add_colon(&mut self, line: Line<'a>) {
        let mut content = line.content();
        if line.starts_item() {
            let inner = content.of(self.text).strip_prefix('-').map_or("", str::trim_start);
            content.start = content.end - inner.len() as u32;
        }
        let words = content.of(self.text);
        let tight = words.find(':').filter(|&it| it > 0 && !words.get(it..).unwrap_or_default().starts_with("://"));
        if let Some(colon) =
            tight.filter(|&it| !words.get(it..).unwrap_or_default().starts_with(": ") && it + 1 < words.len())
        {
            let at = content.start as usize + colon + 1;
            let span = Span::new(content.start as usize, at);
            self.offer(
                content,
                vec![insert(at, " ")],
                format!("A space is missing behind `{}`. Put one there.", span.of(self.text)),
            );
        }
        let shown: String = words.chars().take(60).collect();
        self.offer(
            content,
            vec![insert(content.end as usize, ":")],
            format!("`{shown}` is neither a key nor part of a value here. If it is a key, put a colon behind it."),
        );
    }

    /// A second colon in one value, or a line whose indentation makes it part of the value before it.
    fn colon_in_value(&mut self) {
        let at = self.failure.at;
        let Some(scalar) = self.failure.scalar.filter(|it| it.end as usize <= at + 1) else { return };
        let first = Line::at(self.text, scalar.start as usize);
        if first.start == self.line.start {
            let message =
                "A value cannot hold `: ` without quotes. Put quotes around it, or the inner key on a line of its own.";
            self.quote_value(scalar.start as usize, message);
            return;
        }
        // The scalar runs on into this line.
        let starts_its_line = Span::new(first.start, scalar.start as usize)
            .of(self.text)
            .trim_start()
            .trim_start_matches("- ")
            .is_empty();
        if starts_its_line {
            self.add_colon(first);
        }
        let Some(previous) = self.line.previous_content() else { return };
        let key = Span::new(self.line.content().start as usize, at);
        for indent in [first.indent(), previous.indent()] {
            if indent < self.line.indent() {
                let message = format!(
                    "This line is indented by {} spaces and so continues the value above. Indent it by {indent}.",
                    self.line.indent()
                );
                self.offer(key, vec![self.reindent(indent)], message);
            }
        }
        if !starts_its_line {
            self.add_colon(previous);
        }
    }

    fn reindent(&self, indent: usize) -> Patch {
        let start = self.line.start;
        Patch { span: Span::new(start, start + self.line.indent()), with: " ".repeat(indent) }
    }

    /// A line that does not belong to the collection at its indentation.
    fn misplaced_line(&mut self) {
        let line = self.line;
        let content = line.content();
        let words = line.words();
        // Something follows a value on its line.
        if self.failure.at > content.start as usize && !line.starts_item() {
            let from = self.value_start(line);
            self.quote_value(
                from,
                "Something follows the end of this value. Put quotes around all of it, or remove the rest.",
            );
            return;
        }
        if let Some(previous) = line.previous_content() {
            let mut indents = Vec::new();
            if !line.starts_item() && previous.starts_item() {
                indents.push(previous.indent() + 2);
            }
            let mut above = Some(previous);
            let mut level = usize::MAX;
            while let Some(it) = above.filter(|_| level > 0) {
                if it.indent() < level {
                    level = it.indent();
                    if level != line.indent() && it.starts_item() == line.starts_item() {
                        indents.push(level);
                    }
                }
                above = it.previous_content();
            }
            indents.sort_by_key(|&it| it.abs_diff(line.indent()));
            indents.dedup();
            indents.truncate(4);
            // Where the lines around it are of one kind, this one is the stranger among them.
            let is_stranger = line
                .next_content()
                .is_some_and(|it| it.indent() == line.indent() && it.starts_item() != line.starts_item());
            indents.retain(|&it| !is_stranger || it > line.indent());
            for indent in indents {
                let message = format!(
                    "This line is indented by {} spaces and fits no key or list above. Indent it by {indent}.",
                    line.indent()
                );
                let span =
                    Span::new(content.start as usize, content.start as usize + words.find(": ").unwrap_or(words.len()));
                self.offer(span, Self::reindent_block(line, indent), message);
            }
        }
        let patches = vec![Patch { span: Self::block(line), with: String::new() }];
        let message = if line.starts_item() {
            "A list item cannot stand among the keys of a mapping. Indent it under a key, or remove it."
        } else {
            "A key cannot stand among the items of a list. Indent it under an item, or move it out."
        };
        self.offer(content, patches, message);
    }

    /// Moves a line to `indent`, and the deeper lines below it along unless they are its neighbors there.
    fn reindent_block(line: Line<'_>, indent: usize) -> Vec<Patch> {
        let is_alone = !line.words().ends_with(':') && line.next_content().is_some_and(|it| it.indent() == indent);
        let end = if is_alone { line.end } else { Self::block(line).end as usize };
        let old = line.indent();
        let lines = std::iter::successors(Some(line), |it| it.next()).take_while(|it| it.start < end);
        lines
            .filter(|it| !it.is_blank())
            .map(|it| Patch {
                span: Span::new(it.start, it.start + it.indent()),
                with: " ".repeat((it.indent() + indent).saturating_sub(old)),
            })
            .collect()
    }

    /// The line's content and all deeper lines below it.
    fn block(line: Line<'_>) -> Span {
        let mut end = line.end;
        let mut next = line.next_content();
        while let Some(it) = next.filter(|it| it.indent() > line.indent()) {
            end = it.end;
            next = it.next_content();
        }
        Span::new(line.start, end)
    }

    /// Where the value of a `key: value` line starts; the line's content if it has no key.
    fn value_start(&self, line: Line<'a>) -> usize {
        let content = line.content();
        let words = content.of(self.text);
        let from = words.find(": ").map_or(0, |it| it + 2);
        let from = from + words.get(from..).map_or(0, |it| it.len() - it.trim_start().len());
        content.start as usize + from
    }

    /// Reads everything from `from` to the end of the value's line as text.
    fn quote_value(&mut self, from: usize, message: &str) {
        let line = Line::at(self.text, from);
        let mut end = (line.content().end as usize).max(from);
        if self.failure.flow.is_some_and(|it| it < from) {
            let rest = Span::new(from, end).of(self.text);
            // A placeholder's own braces and its commas are no delimiters.
            let skip = if rest.starts_with("{{") { rest.find("}}").map_or(0, |it| it + 2) } else { 0 };
            let len = rest.get(skip..).and_then(|it| it.find([',', ']', '}'])).map_or(rest.len(), |it| skip + it);
            end = from + rest.get(..len).unwrap_or_default().trim_end_matches(BLANK).len();
        }
        let span = Span::new(from, end);
        if span.is_empty() {
            return;
        }
        self.offer(span, quote(self.text, span), message);
    }

    /// `"text" more`: the first quote was never closed, or the whole is text.
    fn text_behind_quotes(&mut self) {
        if !self.open_quote() {
            let from = self.value_start(self.line);
            self.quote_value(
                from,
                "Something follows the closing quote. Put quotes around all of the value, or remove the rest.",
            );
        }
    }

    /// A quote that ends on a later line, before the place of failure: perhaps it was meant to end on its own. Returns
    /// whether there is one.
    fn open_quote(&mut self) -> bool {
        let mut at = self.failure.last;
        while let Some(found) = self.text.get(at..self.failure.at).and_then(|it| it.find(['"', '\''])) {
            let start = at + found;
            let before = self.text.get(..start).and_then(|it| it.chars().next_back());
            if !before.is_none_or(|it| matches!(it, ' ' | '\t' | '\n' | '\r' | '[' | '{' | ',' | ':')) {
                at = start + 1;
                continue;
            }
            at = quoted_end(self.text, start);
            if Line::at(self.text, start).end < at {
                self.close_quote(start);
                return true;
            }
        }
        false
    }

    /// Closes the quote at `at` at the end of its line.
    fn close_quote(&mut self, at: usize) {
        let Some(quote) = self.text.get(at..).and_then(|it| it.chars().next()).filter(|it| matches!(it, '"' | '\''))
        else {
            return;
        };
        let line = Line::at(self.text, at);
        let source = Span::new(at, line.end).of(self.text);
        let mut end = at + source.trim_end_matches(BLANK).len();
        if self.failure.flow.is_some_and(|it| it < at) {
            end = at + source.trim_end_matches([',', ']', '}', ' ', '\t']).len();
        }
        let mut patches = Vec::new();
        if quote == '"' && Span::new(at, end).of(self.text).ends_with('\\') {
            patches.push(insert(end, "\\"));
        }
        patches.push(insert(end, &quote.to_string()));
        let span = Span::new(at, end);
        self.offer_closing(span, end, patches, format!("This quote is not closed. Add a `{quote}` at its end."));
    }

    fn bad_escape(&mut self) {
        // The parser names the scalar and not the place, so all its bad escapes are made good at once and the first is
        // told.
        let start = self.failure.at;
        let Some(rest) = self.text.get(start..).filter(|it| it.starts_with('"')) else { return };
        let mut chars = rest.char_indices().skip(1);
        let mut patches = Vec::new();
        let mut first: Option<(Span, String)> = None;
        while let Some((at, char)) = chars.next().filter(|it| it.1 != '"') {
            let Some((next_at, next)) = (char == '\\').then(|| chars.next()).flatten() else { continue };
            let behind = next_at + next.len_utf8();
            // The escapes of YAML 1.2, section 5.7.
            let (fits, message) = match next {
                'x' | 'u' | 'U' => {
                    let digits = if next == 'x' {
                        2
                    } else if next == 'u' {
                        4
                    } else {
                        8
                    };
                    let hex =
                        rest.get(behind..behind + digits).filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
                    let char = hex.and_then(|it| u32::from_str_radix(it, 16).ok()).and_then(char::from_u32);
                    (
                        char.is_some(),
                        format!("`\\{next}` takes the {digits} hexadecimal digits of a character. Write them all."),
                    )
                }
                _ => (
                    "0abtnvfre \"/\\N_LP\n\r\t".contains(next),
                    format!(
                        "`\\{}` is not an escape of YAML. Write `\\\\` for a backslash, or use single quotes.",
                        next.escape_debug()
                    ),
                ),
            };
            if !fits {
                patches.push(insert(start + at, "\\"));
                first.get_or_insert((Span::new(start + at, start + behind), message));
            }
        }
        if let Some((span, message)) = first {
            self.offer(span, patches, message);
        }
    }

    /// A tab between a key and its value, which YAML allows and the parser takes for the end of the text:
    /// reads it as a space, with those of the lines that follow.
    fn tab_behind_colon(&mut self) {
        let tab = |it: &Line<'a>| {
            let words = it.words();
            let colon =
                words.find(":\t").filter(|at| !words.get(..*at).is_some_and(|it| it.contains(['"', '\'', '#'])))?;
            let start = it.content().start as usize + colon + 1;
            let tabs = words.get(colon + 1..)?;
            let end = start + tabs.len() - tabs.trim_start_matches([' ', '\t']).len();
            Some(Span::new(start, end))
        };
        let here = [Some(self.line), self.culprit()].into_iter().flatten().find(|it| tab(it).is_some());
        let run = std::iter::successors(here, |it| it.next()).map_while(|it| tab(&it)).take(1_000);
        let patches: Vec<Patch> = run.map(|span| Patch { span, with: " ".repeat(span.len()) }).collect();
        if let Some(first) = patches.first().map(|it| it.span) {
            self.push(SyntaxErrorKind::Syntax, first, patches, None);
        }
    }

    /// Tabs as indentation: reads them as spaces, at the likeliest depths.
    fn tabs(&mut self) {
        let has_tab = |it: &Line<'_>| it.source().trim_start_matches(' ').starts_with('\t') && !it.is_blank();
        let Some(line) = std::iter::successors(Some(self.line), |it| it.next()).take(1_000).find(has_tab) else {
            return;
        };
        let blank = |it: Line<'_>| it.content().start as usize - it.start;
        let tabs = |it: Line<'_>| it.source().chars().take(blank(it)).filter(|&it| it == '\t').count();
        let above = line.previous_content().map_or(0, blank);
        let below = std::iter::successors(line.next_content(), |it| it.next_content())
            .find(|it| !has_tab(it))
            .map_or(0, Line::indent);
        let run: Vec<Line<'_>> = std::iter::successors(Some(line), |it| it.next())
            .take_while(|it| has_tab(it) || it.is_blank())
            .filter(has_tab)
            .collect();
        let depth = tabs(line);
        let is_nested = line.previous_content().is_some_and(|it| it.words().ends_with(':'));
        let indents = if is_nested { [above + 2, above, below, 0] } else { [above, above + 2, below, 0] };
        for indent in indents {
            let patches = run.iter().map(|it| Patch {
                span: Span::new(it.start, it.start + blank(*it)),
                with: " ".repeat((indent + 2 * tabs(*it)).saturating_sub(2 * depth)),
            });
            let patches = patches.collect();
            let span = Span::new(line.start, line.start + blank(line));
            self.offer(
                span,
                patches,
                "A tab stands in the indentation, and YAML indents with spaces only. Replace it with spaces.",
            );
        }
    }

    fn unknown_alias(&mut self) {
        let rest = self.text.get(self.failure.at..).unwrap_or_default();
        let len = rest.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}']).unwrap_or(rest.len());
        let span = Span::new(self.failure.at, self.failure.at + len);
        let name = span.of(self.text).trim_start_matches('*');
        let message = format!(
            "No anchor `&{name}` stands before this alias. Define it above, or put quotes around the value if it is \
            text."
        );
        let patches = vec![Patch { span, with: "~".into() }];
        self.push(SyntaxErrorKind::UnknownAlias, span, patches, Some(message));
    }

    fn too_deep(&mut self) {
        let at = self.failure.at;
        let end = balanced_end(self.text, at);
        let mut with = String::from("~");
        if end.is_none() {
            with.extend(self.lex(at).iter().rev().map(|it| if it.1 == b'[' { ']' } else { '}' }));
        }
        let patches = vec![Patch { span: Span::new(at, end.unwrap_or(self.text.len())), with }];
        let message = "Brackets nest more than 255 levels deep in YAML; what is deeper is left out. Nest less, or \
            keep the data as JSON.";
        let span = Span::new(at, at + 1);
        self.push(SyntaxErrorKind::DepthLimit, span, patches, Some(message.into()));
    }

    /// Lines of a flow collection that are not indented, most often its closing bracket. The specification forbids them
    /// and the usual loaders read them, so they are no mistake.
    fn flow_indentation(&mut self) {
        let Some(open) = self.failure.flow.or_else(|| self.lex(self.line.end).first().map(|it| it.0)) else { return };
        let Some(end) = balanced_end(self.text, open) else { return };
        let first = Line::at(self.text, open);
        // Most documents that do this do it throughout.
        let mut patches = Vec::new();
        let mut block_scalar: Option<usize> = None;
        for line in std::iter::successors(first.next(), |it| it.next()) {
            let inside = line.start < end;
            if line.is_blank() || (!inside && block_scalar.is_some_and(|it| line.indent() > it)) {
                continue;
            }
            let words = line.words();
            let last = words.rsplit(' ').next().unwrap_or_default();
            block_scalar = (last.starts_with(['|', '>']) && last.len() < 4).then(|| line.indent());
            if inside && line.indent() <= first.indent() {
                patches.push(insert(line.start, &" ".repeat(first.indent() + 2 - line.indent())));
            } else if !inside && words.starts_with([']', '}']) {
                patches.push(insert(line.start + line.indent(), " "));
            }
        }
        let span = self.char_at(self.failure.at);
        let here = patches.iter().filter(|it| (it.span.start as usize) < end).cloned().collect();
        for patches in [patches, here] {
            self.push(SyntaxErrorKind::Syntax, span, patches, None);
        }
    }

    /// The brackets open at `to`, read from the outermost that the parser has seen.
    fn lex(&self, to: usize) -> Vec<(usize, u8)> {
        let from = self.failure.flow.unwrap_or(self.failure.last);
        open_brackets(self.text, from, to).0
    }

    /// A bracket without its partner: closes it before the first line that cannot belong to it.
    fn unclosed_flow(&mut self) {
        let open = self.lex(self.failure.at);
        let Some(&(start, _)) = open.first() else { return };
        let first = Line::at(self.text, start);
        let mut last = first;
        let mut next = first.next_content();
        while let Some(line) = next {
            if line.start > self.failure.at
                || (line.indent() <= first.indent() && !line.words().starts_with([']', '}']))
            {
                break;
            }
            // A key or an item of its own below a list of plain values.
            if line.start == self.line.start && line.starts_entry() {
                break;
            }
            last = line;
            next = line.next_content();
        }
        for line in [last, first] {
            let (open, end) = open_brackets(self.text, start, line.end);
            if open.is_empty() {
                continue;
            }
            let closers: String = open.iter().rev().map(|it| if it.1 == b'[' { ']' } else { '}' }).collect();
            let culprit = open.last().map_or(start, |it| it.0);
            let span = Span::new(culprit, culprit + 1);
            let bracket = span.of(self.text);
            let partner = if bracket == "[" { ']' } else { '}' };
            self.offer_closing(
                span,
                end,
                vec![insert(end, &closers)],
                format!("This `{bracket}` is never closed. Add the `{partner}`."),
            );
        }
        if !open_brackets(self.text, start, first.end).0.is_empty() {
            self.quote_value(
                start,
                "This value starts like a list or a mapping and does not go on as one. Put quotes around it, or close \
                the bracket.",
            );
        }
    }

    /// When nothing better fits: leaves out the line, the line above, or all up to the next line at that depth.
    fn drop_lines(&mut self) {
        let message = "This line does not fit the YAML around it. Check its indentation, quotes and colon.";
        let line = if self.line.is_blank() { self.line.previous_content().unwrap_or(self.line) } else { self.line };
        let culprit = self.culprit().unwrap_or(line);
        let flow = self.failure.flow.map(|it| Line::at(self.text, it));
        let spans = [
            Some((line, Span::new(line.start, line.end))),
            Some((culprit, Span::new(culprit.start, culprit.end))),
            Self::bare_head(line).map(|it| (it, Span::new(it.start, it.end))),
            Some((line, Self::block(line))),
            Some((culprit, Self::block(culprit))),
            flow.map(|it| (it, Span::new(it.start, line.end.max(it.end)))),
        ];
        for (line, span) in spans.into_iter().flatten() {
            let shown = line.content();
            self.offer(shown, vec![Patch { span, with: String::new() }], message);
        }
    }
}
