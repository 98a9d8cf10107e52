//! Reads the code of a workspace, and holds what was found against its documents.

use std::collections::BTreeSet;

use archwright_engine::Workspace;
use archwright_model::{Kind, RelPath, facts::ChannelRole};
use archwright_scan::{
    Skipped,
    discover::{Channel, Discovery, Resolution, Risk},
    flow::is_dead_letter,
};

use super::{
    super::{
        code::{self, Code},
        graph::Names,
        impact,
    },
    answer::{self, Scanned, ScannedBroker, ScannedEdge, ScannedRisk, ScannedWrites},
    drift,
};

/// What stands below a path.
pub(super) fn scan(workspace: &Workspace, below: &RelPath, unresolved: bool) -> Scanned {
    let Code { found, files, unreadable } = code::discovered(workspace);
    let is_below = |path: &str| {
        let rest = path.strip_prefix(below.as_str());
        below.as_str().is_empty() || rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
    };
    let documents = impact::documents(workspace);
    let names = Names::new(&found, &documents, workspace.config());
    let mut scanned = told(&found, &names, &is_below);
    // What is said of a part counts that part.
    scanned.files = if below.as_str().is_empty() { files } else { code::count(workspace, below) };
    scanned.not_read = not_read(&found, unreadable);
    scanned.not_read.retain(|it| is_below(it.split_once(": ").map_or(it.as_str(), |it| it.0)));
    scanned.all = scanned.edges.len();
    if unresolved {
        scanned.is_unresolved = true;
        scanned.edges.retain(|it| it.channel.is_none());
        scanned.infrastructure.retain(|it| it.channel.is_none());
        return Scanned { dual_writes: Vec::new(), risks: Vec::new(), brokers: Vec::new(), ..scanned };
    }
    compare(workspace, &found, &mut scanned);
    let mut drift = drift::drift(workspace, &found);
    drift.drift.retain(|it| is_below(it.file.as_str()) || is_below(it.document.as_str()));
    drift.dangling.retain(|it| is_below(it.file.as_str()));
    Scanned { drift: drift.drift, dangling: drift.dangling, not_compared: drift.left_out, ..scanned }
}

/// Where documents say of a channel otherwise than code: the channel, and both with their places.
pub(crate) fn drifts(workspace: &Workspace, found: &Discovery) -> Vec<(String, String)> {
    let drift = drift::drift(workspace, found).drift;
    let told = drift.into_iter().map(|it| {
        let code = format!("{}:{}", it.file, it.line);
        let document = format!("{}:{}", it.document, it.document_line);
        let said = it.sentence(&code, &document);
        (it.channel, said)
    });
    told.collect()
}

fn told(found: &Discovery, names: &Names<'_>, is_below: &dyn Fn(&str) -> bool) -> Scanned {
    let edges = found.edges.iter().filter(|it| is_below(&it.path)).map(|it| ScannedEdge {
        dir: it.action.into(),
        channel: known(&it.channel),
        resolution: answer::resolution(it.channel.resolution),
        expression: (it.channel.resolution == Resolution::Unresolved && it.channel.name != "?")
            .then(|| it.channel.name.to_string()),
        message: it.message.as_ref().map(ToString::to_string),
        service: names.of_edge(it).to_owned(),
        file: RelPath::new(&it.path),
        line: it.line,
        library: it.library.to_string(),
        rests_on: it.rests_on.as_ref().map(ToString::to_string),
        through: it.through.as_ref().map(ToString::to_string),
        group: it.group.as_ref().map(|it| it.name.to_string()),
        outbox: it.outbox,
    });
    let writes = found.dual_writes.iter().filter(|it| is_below(&it.path)).map(|it| ScannedWrites {
        file: RelPath::new(&it.path),
        line: it.send,
        write_line: it.write,
        channel: known(&it.channel),
    });
    let risks = found.risks.iter().filter(|it| is_below(&it.path)).map(ScannedRisk::of);
    let brokers = found.brokers.iter().filter_map(|it| {
        let evidence: Vec<_> = it.evidence.iter().filter(|it| is_below(it)).map(ToString::to_string).collect();
        (!evidence.is_empty()).then(|| ScannedBroker { kind: it.kind.to_string(), evidence })
    });
    Scanned {
        infrastructure: found.declared.iter().filter(|it| is_below(&it.path)).map(Into::into).collect(),
        edges: edges.collect(),
        dual_writes: writes.collect(),
        risks: risks.collect(),
        brokers: brokers.collect(),
        ..Scanned::default()
    }
}

impl ScannedRisk {
    /// A risk as it was found.
    pub(super) fn of(it: &Risk) -> Self {
        Self {
            kind: it.kind.name(),
            level: answer::level(it.level),
            file: RelPath::new(&it.path),
            line: it.line,
            because_line: it.because,
            says: it.says.to_string(),
            pattern: it.pattern.to_string(),
            library: it.library.to_string(),
        }
    }
}

fn known(channel: &Channel) -> Option<String> {
    (channel.resolution != Resolution::Unresolved).then(|| channel.name.to_string())
}

/// What documents and code know of each other. A name that only stands for a channel says nothing about documents.
fn compare(workspace: &Workspace, found: &Discovery, scanned: &mut Scanned) {
    let mut described: BTreeSet<&str> = BTreeSet::new();
    let mut promised: BTreeSet<&str> = BTreeSet::new();
    for facts in workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind != Kind::Code) {
        for mention in &facts.channels {
            described.insert(&mention.name.text);
            if mention.role == ChannelRole::Contract {
                promised.insert(&mention.name.text);
            }
        }
    }
    if described.is_empty() {
        return;
    }
    let is_name = |it: &Resolution| {
        matches!(it, Resolution::Literal | Resolution::Constant | Resolution::Configuration | Resolution::Default)
    };
    let seen: BTreeSet<&str> =
        found.edges.iter().filter(|it| is_name(&it.channel.resolution)).map(|it| it.channel.name.as_str()).collect();
    let told: BTreeSet<&str> = scanned.edges.iter().filter_map(|it| it.channel.as_deref()).collect();
    let undocumented = seen.iter().filter(|it| told.contains(*it) && !described.contains(*it) && !is_dead_letter(it));
    scanned.undocumented = undocumented.map(|it| (*it).to_owned()).collect();
    if !found.edges.is_empty() {
        scanned.not_seen = promised.iter().filter(|it| !seen.contains(*it)).map(|it| (*it).to_owned()).collect();
    }
}

/// Which files of code were not read, and why.
pub(crate) fn not_read(found: &Discovery, mut unreadable: Vec<String>) -> Vec<String> {
    let told = found.skipped.iter().map(|(path, why)| {
        let why = match why {
            Skipped::Long(limit) => format!("it is longer than {limit} bytes"),
            Skipped::LongLine(limit) => format!("a line of it is longer than {limit} bytes"),
            Skipped::Deep => "it is nested too deeply".to_owned(),
            Skipped::Slow => "it takes too long to parse".to_owned(),
            Skipped::Syntax => "it is not written as its language wants it".to_owned(),
        };
        format!("{path}: {why}")
    });
    unreadable.extend(told);
    unreadable
}
