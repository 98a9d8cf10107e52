//! What a launch is judged by: the feature's documents, its channels with their contracts, and its code.

use std::cell::OnceCell;

use archwright_engine::{
    Workspace,
    store::{git::GitRepository, read::load},
};
use archwright_knowledge::evidence_words;
use archwright_model::{
    FileId, Key, Kind, RelPath, TextFile,
    conventions::{
        config::Config,
        role::{Role, State},
    },
    date::is_date,
    facts::{ByRole, ChannelMention, ChannelRole, FileFacts, Loaded, Spanned, prose},
    values::value,
};
use archwright_syntax::{Encoding, LineIndex};
use smol_str::SmolStr;

use super::super::{BoundaryRole, ReviewPlace, choice::Closed, listing};

/// Larger files are generated; in bytes.
const MAX_TEXT: u64 = 1024 * 1024;

/// So many files of code are looked through; where there are more, nothing is said to be absent.
const MAX_CODE: usize = 20_000;

/// The code of the services.
struct Code {
    files: Vec<TextFile>,
    /// Whether there is more of it.
    has_more: bool,
}

/// What a contract says in a field.
pub(super) enum Said {
    /// It says something.
    Yes(String, ReviewPlace),
    /// It is there and says nothing.
    No(ReviewPlace),
    /// It is not there by a name that is known; the contract may say the same in other words.
    Absent(ReviewPlace),
}

/// The feature and what there is to look at.
pub(super) struct Case<'w> {
    pub workspace: &'w Workspace,
    pub feature: SmolStr,
    /// The day of the decision.
    pub day: String,
    pub readme: Option<&'w FileFacts>,
    pub design: Option<&'w FileFacts>,
    /// The channels that the feature sends to, in order.
    pub sent: Vec<SmolStr>,
    /// The channels of others that it reads.
    pub read: Vec<SmolStr>,
    code: OnceCell<Code>,
    pipelines: OnceCell<Vec<TextFile>>,
}

impl<'w> Case<'w> {
    pub(super) fn new(workspace: &'w Workspace, feature: &SmolStr, day: String) -> Self {
        let document = |kind| listing::document(workspace, feature, kind);
        let mut case = Self {
            workspace,
            feature: feature.clone(),
            day,
            readme: document(Kind::FeatureReadme),
            design: document(Kind::Design),
            sent: Vec::new(),
            read: Vec::new(),
            code: OnceCell::new(),
            pipelines: OnceCell::new(),
        };
        // What was given up shows nothing.
        case.design = case.design.filter(|it| case.is_in_force(it));
        case.find_channels();
        case
    }

    fn find_channels(&mut self) {
        let retired = |mention: &ChannelMention| {
            let state = mention.status.as_ref().and_then(|it| self.config().vocabulary().state(&it.text));
            matches!(state, Some(State::Retired | State::Superseded | State::Rejected))
        };
        let mut own: Vec<SmolStr> = Vec::new();
        for facts in listing::of_kind(self.workspace, &self.feature, Kind::Contract) {
            own.extend(facts.channels.iter().filter(|it| !retired(it)).map(|it| it.name.text.clone()));
        }
        let mut other: Vec<SmolStr> = Vec::new();
        for facts in [self.design, self.readme].into_iter().flatten() {
            for mention in &facts.channels {
                let name = &mention.name.text;
                // A contract elsewhere makes it another feature's; without any, the README says which way it goes.
                let contract = self.contract(name);
                let is_own = contract.is_some_and(|it| it.captures.feature.as_ref() == Some(&self.feature));
                if !is_own && (contract.is_some() || self.is_read(name)) {
                    other.push(name.clone());
                } else if contract.is_none() {
                    own.push(name.clone());
                }
            }
        }
        for list in [&mut own, &mut other] {
            list.sort();
            list.dedup();
        }
        (self.sent, self.read) = (own, other);
    }

    /// Whether an AsyncAPI document of the feature, or the words of its README, say that it reads a channel.
    fn is_read(&self, channel: &str) -> bool {
        let Some(readme) = self.readme else { return false };
        let word = BoundaryRole::Consumed.name();
        let mention = readme.channels.iter().find(|it| it.name.text == channel);
        mention.is_some_and(|it| {
            let rest = readme.text.get(it.name.span.end as usize..).unwrap_or_default();
            let line = rest.lines().next().unwrap_or_default();
            line.to_lowercase().contains(word) && !line.to_lowercase().contains(BoundaryRole::Produced.name())
        })
    }

    pub(super) fn config(&self) -> &'w Config {
        self.workspace.config()
    }

    /// A document of the feature by its roles.
    pub(super) fn by_role(&self, facts: &'w FileFacts) -> Option<ByRole<'w>> {
        ByRole::of(facts, self.config())
    }

    /// The contract of a channel, the feature's own first.
    pub(super) fn contract(&self, channel: &str) -> Option<&'w FileFacts> {
        let files = self.speakers(channel).filter(|it| it.kind == Kind::Contract);
        files.min_by_key(|it| (it.captures.feature.as_ref() != Some(&self.feature), it.path.clone()))
    }

    /// The files that speak of a channel.
    pub(super) fn speakers(&self, channel: &str) -> impl Iterator<Item = &'w FileFacts> {
        let workspace = self.workspace;
        let ids = workspace.index().contributors(&Key::Channel(channel.into()));
        let mut files: Vec<&FileFacts> = ids.iter().filter_map(|it| workspace.facts(*it)).collect();
        files.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
        files.into_iter()
    }

    /// What the contract of a channel says in a field.
    pub(super) fn field(&self, contract: &'w FileFacts, role: Role) -> Said {
        let document = self.by_role(contract);
        let said: Option<Spanned> = document.as_ref().and_then(|it| it.field(role));
        match said {
            Some(said) if prose::is_content(&said.text) => {
                let place = place(contract, said.span.start as usize);
                Said::Yes(said.text.to_string(), place)
            }
            Some(said) => Said::No(place(contract, said.span.start as usize)),
            None => Said::Absent(start(contract)),
        }
    }

    /// The documents of the feature, launches aside: they say what was found, and so show nothing.
    pub(super) fn documents(&self) -> Vec<&'w FileFacts> {
        let ids = self.workspace.index().contributors(&Key::Feature(self.feature.clone()));
        let files = ids.iter().filter_map(|it| self.workspace.facts(*it));
        let mut files: Vec<&FileFacts> = files.filter(|it| it.kind != Kind::Launch).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// The documents of the feature that hold.
    pub(super) fn evidence(&self) -> Vec<&'w FileFacts> {
        self.documents().into_iter().filter(|it| self.is_in_force(it)).collect()
    }

    /// The launch decision before that day, if there is one.
    fn last_launch(&self, path: &RelPath) -> Option<&'w FileFacts> {
        let launches = listing::of_kind(self.workspace, &self.feature, Kind::Launch);
        let before = |it: &&FileFacts| it.path != *path && is_date(it.path.stem()) && it.path.stem() < &*self.day;
        launches.into_iter().filter(before).max_by(|a, b| a.path.stem().cmp(b.path.stem()))
    }

    /// What the last launch decision said of the way back, and its day.
    pub(super) fn last_rollback(&self, path: &RelPath, role: Role) -> Option<(String, String)> {
        let last = self.last_launch(path)?;
        let document = self.by_role(last)?;
        let section = document.section(Role::RollbackPlan)?;
        let field = document.field_among(document.tree.fields_under(section), role)?;
        let said = field.value.of(&last.text);
        prose::is_content(said).then(|| (said.to_owned(), last.path.stem().to_owned()))
    }

    /// What the last launch decision put off or accepted, and its day: somebody has to say what became of it.
    pub(super) fn last_promises(&self, path: &RelPath) -> Vec<(String, String)> {
        let Some(last) = self.last_launch(path) else { return Vec::new() };
        let Some(document) = self.by_role(last) else { return Vec::new() };
        let sections: Vec<_> = [Role::RecommendedFixes, Role::AcknowledgedRisks]
            .into_iter()
            .filter_map(|it| document.section(it))
            .collect();
        let items = document.tree.items.iter().filter(|it| it.depth == 0 && sections.contains(&it.section));
        let said = items.map(|it| value::line(it.content.of(&last.text)));
        // `None open on 2026-06-01.` promises nothing.
        let said = said.filter(|it| prose::is_content(it) && !it.to_lowercase().starts_with("none "));
        said.map(|it| (it, last.path.stem().to_owned())).collect()
    }

    /// The documents that hold for all features.
    pub(super) fn shared(&self) -> Vec<&'w FileFacts> {
        let is_shared = |it: &&FileFacts| {
            it.captures.feature.is_none() && matches!(it.kind, Kind::Shared | Kind::Standard | Kind::Runbook)
        };
        let all = self.workspace.files().filter_map(|it| self.workspace.facts(it));
        let mut files: Vec<&FileFacts> = all.filter(is_shared).filter(|it| self.is_in_force(it)).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// Whether a document is not out of use.
    pub(super) fn is_in_force(&self, facts: &FileFacts) -> bool {
        let status = ByRole::of(facts, self.config()).and_then(|it| it.status());
        let state = status.and_then(|it| self.config().vocabulary().state(&it.text));
        !matches!(
            state,
            Some(State::Retired | State::Superseded | State::Rejected | State::Deprecated | State::Deprecating)
        )
    }

    /// The runbooks for the dead letters of a channel: those that are about dead letters and name it.
    pub(super) fn runbooks(&self, channel: &str) -> Vec<&'w FileFacts> {
        let dlq = self.contract(channel).and_then(|it| {
            let mention = it.channel(channel, ChannelRole::Contract)?;
            mention.dlq.as_ref().map(|it| it.text.clone())
        });
        let dlq = dlq.unwrap_or_default();
        let contract = self.contract(channel).and_then(|it| it.document());
        let suffix = &self.config().profile().channels.dlq_suffix;
        let names = |text: &str, name: &str| !name.is_empty() && names_channel(text, name);
        // Each consumer may have its own: `orders.placed.v1.billing.dlq`.
        let names_own = |text: &str| {
            let words = text.split(|it: char| !(it.is_alphanumeric() || matches!(it, '.' | '-' | '_')));
            let is_dlq = |it: &str| {
                let rest = it.trim_end_matches('.').strip_prefix(channel);
                rest.is_some_and(|it| it.starts_with('.') && it.ends_with(suffix.as_str()))
            };
            words.into_iter().any(is_dlq)
        };
        // A runbook of others may name the channel in passing.
        let speaks = |it: &&FileFacts| {
            let document = ByRole::of(it, self.config());
            let said = |role| document.as_ref().and_then(|it| it.field(role)).map(|it| it.text).unwrap_or_default();
            let head = [Role::IncidentType, Role::Tldr, Role::Channel, Role::Dlq].map(said).join(" | ");
            let head = format!("{} | {head}", it.slice(it.title_span()));
            let is_own = it.captures.feature.as_ref() == Some(&self.feature);
            prose::has_any(&prose::without_names(&head), "about-dead-letters")
                && (names(&head, &dlq)
                    || names(&head, channel)
                    || is_own && (names(&it.text, &dlq) || names_own(&it.text))
                    || contract.is_some_and(|contract| contract.links.iter().any(|link| link.path == it.path)))
        };
        let all = self.workspace.files().filter_map(|it| self.workspace.facts(it));
        let runbooks = all.filter(|it| it.kind == Kind::Runbook && self.is_in_force(it));
        let mut files: Vec<&FileFacts> = runbooks.filter(speaks).collect();
        files.sort_by_key(|it| (it.captures.feature.as_ref() != Some(&self.feature), it.path.clone()));
        files
    }

    /// Where code sends to or receives from the feature's channels.
    pub(super) fn sites(&self) -> Vec<ReviewPlace> {
        let mut places = Vec::new();
        let sites = |channels: &[SmolStr], role: ChannelRole| {
            let mut places = Vec::new();
            for channel in channels {
                for facts in self.speakers(channel).filter(|it| it.kind == Kind::Code && !is_test(&it.path)) {
                    let mention = facts.channel(channel, role);
                    places.extend(mention.map(|it| place(facts, it.name.span.start as usize)));
                }
            }
            places
        };
        places.extend(sites(&self.sent, ChannelRole::Send));
        // Others read the same channels: a service is the feature's if it sends for it, or if the feature sends nothing
        // and one service alone reads.
        let senders: Vec<RelPath> = places.iter().filter_map(|it| self.service(&it.file)).collect();
        let readers = sites(&self.read, ChannelRole::Receive);
        let mut services: Vec<RelPath> = readers.iter().filter_map(|it| self.service(&it.file)).collect();
        services.sort();
        services.dedup();
        let is_alone = self.sent.is_empty() && services.len() == 1;
        let is_own = |it: &ReviewPlace| self.service(&it.file).is_some_and(|it| senders.contains(&it));
        places.extend(readers.into_iter().filter(|it| is_alone || is_own(it)));
        places.sort();
        places.dedup();
        places
    }

    /// The folders of the services that send or receive for the feature.
    pub(super) fn services(&self) -> Vec<RelPath> {
        let mut services: Vec<RelPath> = self.sites().iter().filter_map(|it| self.service(&it.file)).collect();
        services.sort();
        services.dedup();
        services
    }

    /// The code of the services that send or receive for the feature, tests too.
    pub(super) fn code(&self) -> &[TextFile] {
        &self.all_code().files
    }

    /// Whether there is more code than is looked through, so that nothing can be said to be absent.
    pub(super) fn has_more_code(&self) -> bool {
        self.all_code().has_more
    }

    fn all_code(&self) -> &Code {
        self.code.get_or_init(|| {
            let services = self.services();
            let ids = services.iter().flat_map(|it| self.workspace.below(it));
            let is_own =
                |it: &RelPath| !it.as_str().split('/').any(|it| evidence_words("foreign").iter().any(|f| f == it));
            let is_code = |it: &FileId| self.workspace.kind(*it) == Kind::Code && is_own(self.workspace.path(*it));
            let mut files: Vec<FileId> = ids.filter(is_code).collect();
            files.sort_by(|a, b| self.workspace.path(*a).cmp(self.workspace.path(*b)));
            files.dedup();
            let has_more = files.len() > MAX_CODE;
            files.truncate(MAX_CODE);
            let read = |it| Some(TextFile { path: self.workspace.path(it).clone(), text: self.workspace.text(it)? });
            Code { files: files.into_iter().filter_map(read).collect(), has_more }
        })
    }

    /// The folder of the service that a file of code belongs to.
    fn service(&self, file: &RelPath) -> Option<RelPath> {
        let mut folder = file.parent();
        while !folder.as_str().is_empty() {
            let has = |it: &SmolStr| self.workspace.exists(&folder.join(it));
            if evidence_words("manifests").iter().any(has) {
                return Some(folder);
            }
            folder = folder.parent();
        }
        None
    }

    /// The files in which pipelines are described: those of the workspace, and of the repository that it lies in.
    pub(super) fn pipelines(&self) -> &[TextFile] {
        self.pipelines.get_or_init(|| {
            let root = self.workspace.root();
            let repository = GitRepository::discover(root).ok().flatten().map(|it| it.workdir().to_path_buf());
            let mut found: Vec<TextFile> = Vec::new();
            for base in [Some(root.to_path_buf()), repository].into_iter().flatten() {
                let mut paths: Vec<std::path::PathBuf> =
                    evidence_words("pipelines").iter().map(|it| base.join(it.as_str())).collect();
                for folder in evidence_words("pipeline-folders") {
                    let entries = std::fs::read_dir(base.join(folder.as_str())).into_iter().flatten().flatten();
                    let mut files: Vec<_> = entries.map(|it| it.path()).collect();
                    files.sort();
                    let is_data =
                        |it: &std::path::PathBuf| it.extension().is_some_and(|it| it == "yml" || it == "yaml");
                    paths.extend(files.into_iter().filter(is_data));
                }
                for path in paths {
                    // Above the root a path is told as seen from there.
                    let Some(shown) = RelPath::seen_from(&path, root) else { continue };
                    if let Some(Loaded::Text(text)) = load(&path, MAX_TEXT)
                        && !found.iter().any(|it| it.path == shown)
                    {
                        found.push(TextFile { path: shown, text });
                    }
                }
            }
            found
        })
    }
}

/// Whether a path is that of a test.
pub(crate) fn is_test(path: &RelPath) -> bool {
    let folders = ["test", "tests", "spec", "specs", "__tests__", "e2e", "integration-tests", "integration"];
    let in_folder = path.parent().as_str().split('/').any(|it| folders.contains(&it));
    let stem = path.stem();
    in_folder
        || [".test", ".spec", "_test", "_spec", "Test", "Tests", "IT"].iter().any(|it| stem.ends_with(it))
        || stem.starts_with("test_")
}

/// Whether a text names a channel, and not another one that begins or ends like it.
fn names_channel(text: &str, name: &str) -> bool {
    let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || matches!(it, '-' | '_'));
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + name.len()..).unwrap_or_default();
        // A full stop ends a sentence, or goes on with a part of the name.
        let goes_on = after.strip_prefix('.').is_some_and(|it| it.starts_with(char::is_alphanumeric));
        !is_part(before.chars().next_back()) && !before.ends_with('.') && !is_part(after.chars().next()) && !goes_on
    })
}

/// The place of a byte of a file.
pub(super) fn place(facts: &FileFacts, at: usize) -> ReviewPlace {
    let line = LineIndex::new(&facts.text).position(at, &facts.text, Encoding::Utf32).line + 1;
    ReviewPlace { file: facts.path.clone(), line }
}

/// Where a document begins.
pub(super) fn start(facts: &FileFacts) -> ReviewPlace {
    place(facts, facts.title_span().start as usize)
}
