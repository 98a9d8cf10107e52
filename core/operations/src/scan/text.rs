//! The answer as a text, for terminals, editors and agents.

use std::{collections::BTreeMap, fmt::Write as _};

use super::answer::{DriftKind, Scanned, ScannedDrift, ScannedEdge, ScannedWay};
use crate::ReviewPlace;

/// So many files of evidence are told of a broker, and so many files that were not read.
const FEW: usize = 3;

impl Scanned {
    /// The answer as a text, with at most so many entries of each list, from `offset` on.
    pub fn text(&self, most: usize) -> String {
        self.lines(&|it| format!("{}:{}", it.file, it.line), most, false)
    }

    /// The answer as Markdown; `place` words a place, with a link if it can.
    pub fn markdown(&self, place: &dyn Fn(&ReviewPlace) -> String) -> String {
        self.lines(place, usize::MAX, true)
    }

    fn lines(&self, place: &dyn Fn(&ReviewPlace) -> String, most: usize, is_markdown: bool) -> String {
        let mut text = String::new();
        let (title, item) = if is_markdown { ("## ", "- ") } else { ("", "  ") };
        let mut services: BTreeMap<&str, Vec<&ScannedEdge>> = BTreeMap::new();
        for edge in self.edges.iter().skip(self.offset).take(most) {
            services.entry(&edge.service).or_default().push(edge);
        }
        let heading = |text: &mut String, words: &str| {
            let line = if is_markdown { format!("\n{title}{words}\n\n") } else { format!("{words}\n") };
            text.push_str(&line);
        };
        for (service, edges) in services {
            heading(&mut text, service);
            for edge in edges {
                let _ = writeln!(text, "{item}{}", line(edge, place));
            }
        }
        self.tell_rest(&mut text, item, self.edges.len(), most);
        if self.infrastructure.len() > self.offset {
            heading(&mut text, "Channels that infrastructure declares");
            for it in self.infrastructure.iter().skip(self.offset).take(most) {
                let at = place(&ReviewPlace { file: it.file.clone(), line: it.line });
                let _ = writeln!(text, "{item}{}", it.line(&at));
            }
            self.tell_rest(&mut text, item, self.infrastructure.len(), most);
        }
        if self.dual_writes.len() > self.offset {
            heading(
                &mut text,
                "Database writes beside sends: one may be done and the other not (Transactional Outbox)",
            );
            for it in self.dual_writes.iter().skip(self.offset).take(most) {
                let channel = it.channel.as_deref().unwrap_or("a channel whose name is not known");
                let at = place(&ReviewPlace { file: it.file.clone(), line: it.line });
                let _ = writeln!(text, "{item}{at}  sends to {channel}, writes in line {}", it.write_line);
            }
            self.tell_rest(&mut text, item, self.dual_writes.len(), most);
        }
        self.tell_risks(&mut text, &heading, place, most, item);
        self.tell_drift(&mut text, &heading, place, most, item);
        for (words, channels) in [
            ("Channels of the code that no document describes", &self.undocumented),
            ("Channels with a contract that no code was seen to touch", &self.not_seen),
        ] {
            if channels.len() > self.offset {
                heading(&mut text, words);
                for channel in channels.iter().skip(self.offset).take(most) {
                    let _ = writeln!(text, "{item}{channel}");
                }
                self.tell_rest(&mut text, item, channels.len(), most);
            }
        }
        for broker in &self.brokers {
            let shown: Vec<&str> = broker.evidence.iter().take(FEW).map(String::as_str).collect();
            let more = broker.evidence.len().saturating_sub(FEW);
            let more = match more {
                0 => String::new(),
                1 => " and 1 more file".to_owned(),
                _ => format!(" and {more} more files"),
            };
            let lead = if is_markdown { "\n" } else { "" };
            let _ = writeln!(text, "{lead}Broker {}: {}{more}", broker.kind, shown.join(", "));
        }
        let is_listed = is_markdown || most != usize::MAX;
        if is_listed && self.not_read.len() > self.offset.max(FEW) {
            heading(&mut text, "Not read");
            self.not_read.iter().skip(self.offset).take(most).for_each(|it| _ = writeln!(text, "{item}{it}"));
            self.tell_rest(&mut text, item, self.not_read.len(), most);
        }
        let _ = write!(text, "{}{}", if is_markdown { "\n" } else { "" }, self.summary(is_listed));
        text
    }

    /// How many entries of a list come after those that are told, and how to see them.
    fn tell_rest(&self, text: &mut String, item: &str, all: usize, most: usize) {
        let next = self.offset.saturating_add(most);
        if all > next {
            let _ = writeln!(text, "{item}{} more: ask again with `offset` {next}, or a `path`", all - next);
        }
    }

    fn tell_drift(
        &self,
        text: &mut String,
        heading: &dyn Fn(&mut String, &str),
        place: &dyn Fn(&ReviewPlace) -> String,
        most: usize,
        item: &str,
    ) {
        if self.drift.len() > self.offset {
            heading(text, "Documents that say otherwise than the code");
            for it in self.drift.iter().skip(self.offset).take(most) {
                let code = place(&ReviewPlace { file: it.file.clone(), line: it.line });
                let document = place(&ReviewPlace { file: it.document.clone(), line: it.document_line });
                let _ = writeln!(text, "{item}{}", it.sentence(&code, &document));
            }
            self.tell_rest(text, item, self.drift.len(), most);
        }
        for (dir, words) in [
            (ScannedWay::Produce, "Channels that are sent to and not received from here"),
            (ScannedWay::Consume, "Channels that are received from and not sent to here"),
        ] {
            let dangling: Vec<_> = self.dangling.iter().filter(|it| it.dir == dir).collect();
            if dangling.len() <= self.offset {
                continue;
            }
            heading(text, words);
            for it in dangling.iter().skip(self.offset).take(most) {
                let at = place(&ReviewPlace { file: it.file.clone(), line: it.line });
                let _ = writeln!(text, "{item}{}  {at}", it.channel);
            }
            self.tell_rest(text, item, dangling.len(), most);
        }
    }

    fn tell_risks(
        &self,
        text: &mut String,
        heading: &dyn Fn(&mut String, &str),
        place: &dyn Fn(&ReviewPlace) -> String,
        most: usize,
        item: &str,
    ) {
        if self.risks.len() <= self.offset {
            return;
        }
        heading(text, "Where messages can be lost or come again");
        for it in self.risks.iter().skip(self.offset).take(most) {
            let at = place(&ReviewPlace { file: it.file.clone(), line: it.line });
            let because = it.because_line.map(|it| format!(" (line {it})")).unwrap_or_default();
            let _ = writeln!(text, "{item}{at}  {} {}: {}{because}; {}", it.level, it.kind, it.says, it.pattern);
        }
        self.tell_rest(text, item, self.risks.len(), most);
    }

    /// What was read and found, in a sentence or two.
    fn summary(&self, is_listed: bool) -> String {
        let files = if self.files == 1 { "1 file".to_owned() } else { format!("{} files", self.files) };
        let count = if self.is_unresolved { self.all } else { self.edges.len() };
        let mut text = match count {
            0 => format!("No sends or receives were found in {files} of code.\n"),
            1 => format!("1 send or receive in {files} of code.\n"),
            count => format!("{count} sends and receives in {files} of code.\n"),
        };
        if self.is_unresolved && count > 0 && self.edges.is_empty() {
            text.push_str("The name of every channel is known.\n");
        }
        let unknown = self.edges.iter().filter(|it| it.channel.is_none()).count();
        if unknown > 0 {
            let _ = writeln!(text, "The channel of {unknown} of them has no name that could be found.");
        }
        let declared = self.infrastructure.iter().filter(|it| it.does == "declares").count();
        if declared > 0 {
            let channels = if declared == 1 { "1 channel is" } else { &format!("{declared} channels are") };
            let _ = writeln!(text, "{channels} declared by infrastructure.");
        }
        self.not_compared.iter().for_each(|it| _ = writeln!(text, "{it}"));
        // A longer list stands above.
        if !self.not_read.is_empty() && (!is_listed || self.not_read.len() <= FEW) {
            let shown: Vec<&str> = self.not_read.iter().take(FEW).map(String::as_str).collect();
            let more = self.not_read.len().saturating_sub(FEW);
            let more = if more > 0 { format!("; and {more} more, which `--format json` names") } else { String::new() };
            let _ = writeln!(text, "Not read: {}{more}.", shown.join("; "));
        }
        text
    }
}

impl ScannedDrift {
    /// Both values with their places, and what kind of difference it is.
    pub(super) fn sentence(&self, code: &str, document: &str) -> String {
        let Self { channel, in_code, in_document, .. } = self;
        let kind = self.kind.name();
        match self.kind {
            DriftKind::UnlistedConsumer => format!(
                "{code}  {kind}: {in_code} receives from {channel}, whose consumers are {in_document}  {document}"
            ),
            DriftKind::OtherProducer => {
                format!("{code}  {kind}: {in_code} sends to {channel}, whose producer is {in_document}  {document}")
            }
            DriftKind::MissingInDocument => format!(
                "{code}  {kind}: {in_code} {channel}, and the AsyncAPI document of the service has only \
                 {in_document}  {document}"
            ),
            DriftKind::ConsumerNotSeen => format!(
                "{document}  {kind}: {in_document} receives from {channel}; its code was read and does not, but for \
                 example {in_code}  {code}"
            ),
            DriftKind::ProducerNotSeen => format!(
                "{document}  {kind}: {in_document} sends to {channel}; its code was read and does not, but for \
                 example {in_code}  {code}"
            ),
            DriftKind::BrokenPromise => {
                format!("{code}  {kind}: {channel} is promised {in_document} in the document; {in_code}  {document}")
            }
            DriftKind::OtherGroup => format!(
                "{code}  {kind}: receives from {channel} for the group {in_code}, which is {in_document} in the \
                 document  {document}"
            ),
            DriftKind::OtherFields => {
                format!("{code}  {kind}: what is sent to {channel} is not what its schema says: {in_code}  {document}")
            }
            DriftKind::OtherPartitions => {
                format!(
                    "{code}  {kind}: {channel} has {in_code} partitions, and {in_document} in the document  {document}"
                )
            }
            DriftKind::OtherRetention => format!(
                "{code}  {kind}: {channel} is kept for {in_code}, and for {in_document} in the document  {document}"
            ),
            DriftKind::OtherAttempts => format!(
                "{code}  {kind}: a message of {channel} is put aside after {in_code} attempts, and after {in_document} \
                 in the document  {document}"
            ),
            DriftKind::OtherOrdering => format!(
                "{code}  {kind}: {channel} is not in order, and ordered by {in_document} in the document  {document}"
            ),
            DriftKind::NotProvisioned => format!(
                "{document}  {kind}: {channel} is no {in_document}, which others are, such as {in_code}  {code}"
            ),
            DriftKind::UnpromisedChannel => format!(
                "{code}  {kind}: {channel} ({in_code}) is described nowhere; others have a contract, such as \
                 {in_document}  {document}"
            ),
            DriftKind::OtherDeadLetters => format!(
                "{code}  {kind}: dead letters of {channel} go to {in_code}, and to {in_document} in the document  \
                 {document}"
            ),
        }
    }
}

fn line(edge: &ScannedEdge, place: &dyn Fn(&ReviewPlace) -> String) -> String {
    let way = match edge.dir {
        ScannedWay::Produce => "sends to",
        ScannedWay::Consume => "receives from",
    };
    let channel = match (&edge.channel, &edge.expression) {
        (Some(channel), _) => channel.clone(),
        (None, Some(expression)) => format!("? ({expression})"),
        (None, None) => "?".to_owned(),
    };
    let mut how: Vec<String> = Vec::new();
    if !matches!(edge.resolution, "literal" | "unresolved") {
        how.push(edge.resolution.to_owned());
    }
    how.extend(edge.message.as_ref().filter(|it| Some(*it) != edge.channel.as_ref()).map(|it| format!("message {it}")));
    how.push(edge.library.clone());
    how.extend(edge.through.as_ref().map(|it| format!("through {it}")));
    how.extend(edge.group.as_ref().map(|it| format!("group {it}")));
    how.extend(edge.outbox.then(|| "outbox".to_owned()));
    let at = place(&ReviewPlace { file: edge.file.clone(), line: edge.line });
    format!("{way} {channel}  {at}  ({})", how.join(", "))
}
