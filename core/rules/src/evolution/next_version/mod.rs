//! The next version of a channel: the parallel files, the old contract on its way out, and the table that shows who has
//! moved.

mod parallel;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use archwright_engine::{FileRef, Workspace};
use archwright_model::{
    ContentHash, Kind, RelPath, TextFile, WorkspaceEdit,
    conventions::{
        config::Config,
        role::{Role, State},
    },
    date,
    edit::{FileCreate, FileEdit},
    facts::{self, ByRole, ChannelRole, FileFacts, LinkFact},
    values::value,
};
use archwright_syntax::{
    FileType, Span, TextEdit, TextEdits,
    data::{self, Node},
};

/// A channel and what its next version takes.
#[derive(Clone, Debug)]
pub struct NextVersion {
    /// The channel that is replaced.
    pub channel: String,
    /// The channel that replaces it.
    pub next: String,
    /// The change, for the writer or the editor.
    pub edit: WorkspaceEdit,
}

/// Why a channel gets no next version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NextVersionError {
    /// Nothing in the workspace describes the channel.
    #[error("no contract and no schema describes the channel `{0}`")]
    UnknownChannel(String),
    /// The name does not end with a version.
    #[error("`{0}` has no version at its end, such as `.v1`")]
    NoVersion(String),
    /// The next version exists.
    #[error("`{0}` exists already")]
    Exists(String),
}

/// Plans the next version of a channel: its schema with what was changed in it, its contract and its AsyncAPI document;
/// the old schema as it was where the work began; the old contract deprecated, with a table of its known consumers.
///
/// # Errors
/// If nothing describes the channel, its name has no version, or there is a next version.
pub fn next_version(
    workspace: &Workspace,
    channel: &str,
    today: Option<&str>,
) -> Result<NextVersion, NextVersionError> {
    let all = workspace.files().filter_map(|id| Some(FileRef { id, facts: workspace.facts(id)? }));
    let speaks = |facts: &FileFacts, name: &str| facts.channels.iter().any(|it| it.name.text == name);
    let files: Vec<_> = all.filter(|it| speaks(it.facts, channel)).collect();
    let next = successor(workspace.config(), channel).ok_or_else(|| NextVersionError::NoVersion(channel.to_owned()))?;
    let exists = |it| workspace.facts(it).is_some_and(|it| describes(it, &next));
    if workspace.files().any(exists) {
        return Err(NextVersionError::Exists(next));
    }
    let schemas = files.iter().filter(|it| it.facts.kind == Kind::Schema);
    let before =
        schemas.filter_map(|it| Some(TextFile { path: it.facts.path.clone(), text: workspace.base_text(it.id)? }));
    let plan = Plan {
        channel,
        next: &next,
        files: files.iter().map(|it| it.facts).collect(),
        before: before.collect(),
        config: workspace.config(),
        today: today.map_or_else(date::today, str::to_owned),
    };
    let edit = plan.edit().ok_or_else(|| NextVersionError::UnknownChannel(channel.to_owned()))?;
    Ok(NextVersion { channel: channel.to_owned(), next, edit })
}

/// The channels that can be replaced, each with the files that describe it: those with a contract or a schema, a
/// version at the end of the name, and no next version yet.
pub fn replaceable(workspace: &Workspace) -> BTreeMap<String, Vec<RelPath>> {
    let all = || workspace.files().filter_map(|it| workspace.facts(it));
    let mut channels: BTreeMap<String, Vec<RelPath>> = BTreeMap::new();
    for facts in all().filter(|it| matches!(it.kind, Kind::Contract | Kind::Schema)) {
        if let Some(channel) = &facts.captures.channel {
            channels.entry(channel.to_string()).or_default().push(facts.path.clone());
        }
    }
    let config = workspace.config();
    let is_last = |channel: &str| successor(config, channel).is_some_and(|next| !channels.contains_key(next.as_str()));
    let last: BTreeSet<String> = channels.keys().filter(|it| is_last(it)).cloned().collect();
    channels.retain(|it, _| last.contains(it));
    for facts in all().filter(|it| it.kind == Kind::Asyncapi) {
        for mention in &facts.channels {
            if let Some(files) = channels.get_mut(mention.name.text.as_str()).filter(|it| !it.contains(&facts.path)) {
                files.push(facts.path.clone());
            }
        }
    }
    channels
}

/// The name of the next version: `orders.placed.v2` for `orders.placed.v1`.
pub(crate) fn successor(config: &Config, channel: &str) -> Option<String> {
    let version = config.channel_name().version(channel)?;
    Some(format!("{}{}", channel.trim_end_matches(|it: char| it.is_ascii_digit()), version.checked_add(1)?))
}

/// Whether a file is the contract or a schema of a channel.
pub(crate) fn describes(facts: &FileFacts, channel: &str) -> bool {
    matches!(facts.kind, Kind::Contract | Kind::Schema) && facts.captures.channel.as_deref() == Some(channel)
}

/// What a next version is made from.
pub(crate) struct Plan<'a> {
    pub(crate) channel: &'a str,
    pub(crate) next: &'a str,
    /// Every file that speaks of the channel.
    pub(crate) files: Vec<&'a FileFacts>,
    /// The schemas that changed, as they were.
    pub(crate) before: Vec<TextFile>,
    /// What a contract calls its parts.
    pub(crate) config: &'a Config,
    pub(crate) today: String,
}

/// How far from a channel's name a path around it is looked at, in characters.
const MAX_PATH: usize = 300;

impl Plan<'_> {
    /// The change; `None` when nothing describes the channel.
    pub(crate) fn edit(&self) -> Option<WorkspaceEdit> {
        let described = |it: &&&FileFacts| {
            describes(it, self.channel) || it.kind == Kind::Asyncapi && it.path.stem() == self.channel
        };
        let copied: Vec<&FileFacts> = self.files.iter().filter(described).copied().collect();
        if !copied.iter().any(|it| describes(it, self.channel)) {
            return None;
        }
        let copies: Vec<&RelPath> = copied.iter().map(|it| &it.path).collect();
        let mut edit = WorkspaceEdit::default();
        for facts in &copied {
            let name = facts.path.name().replacen(self.channel, self.next, 1);
            let text = self.renamed(&facts.text, &facts.path.parent(), &copies);
            let content = match facts.kind {
                Kind::Contract => self.new_contract(&text),
                Kind::Schema => self.apart(text, facts),
                _ => text,
            };
            edit.creates.push(FileCreate { path: facts.path.parent().join(&name), content });
            let edits = match facts.kind {
                Kind::Contract => self.retire(facts),
                _ => self.restore(facts),
            };
            edit.texts.extend(file_edit(facts, edits));
        }
        let of_others = self.files.iter().filter(|it| it.kind == Kind::Asyncapi && !copies.contains(&&it.path));
        let feature = copied.iter().find_map(|it| it.captures.feature.as_ref());
        for facts in of_others.filter(|it| it.captures.feature.as_ref() == feature) {
            edit.texts.extend(file_edit(facts, self.beside(facts, &copies)));
        }
        let contract = copied.iter().find(|it| it.kind == Kind::Contract);
        if let Some(contract) = contract {
            for facts in self.files.iter().filter(|it| it.captures.feature == contract.captures.feature) {
                let edits = match facts.kind {
                    Kind::FeatureReadme => self.list(facts, &contract.path, &copies),
                    Kind::Design => self.row(facts, &copies).into_iter().collect(),
                    _ => continue,
                };
                edit.texts.extend(file_edit(facts, edits));
            }
        }
        Some(edit)
    }

    /// A text of a folder with the channel's name replaced, but for links to files that have no next version.
    fn renamed(&self, text: &str, folder: &RelPath, copies: &[&RelPath]) -> String {
        let mut out = String::with_capacity(text.len() + 64);
        let mut done = 0;
        for (at, _) in text.match_indices(self.channel) {
            let (before, behind) =
                (text.get(..at).unwrap_or_default(), text.get(at + self.channel.len()..).unwrap_or_default());
            let in_word = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
            let is_part = |it: char| it.is_alphanumeric() || matches!(it, '.' | '-' | '_' | '/');
            let length = |it: &mut dyn Iterator<Item = char>| {
                it.take(MAX_PATH).take_while(|it| is_part(*it)).map(char::len_utf8).sum::<usize>()
            };
            let start = at - length(&mut before.chars().rev());
            let end = at + self.channel.len() + length(&mut behind.chars());
            // A path with a host in front is an address, which moves along.
            let path = text
                .get(start..end)
                .map(|it| it.trim_end_matches('.'))
                .filter(|it| it.contains('/') && !it.starts_with("//"));
            let target =
                path.filter(|it| it.rsplit_once('.').is_some_and(|it| is_extension(it.1))).map(|it| folder.join(it));
            let elsewhere = target.is_some_and(|it| !copies.contains(&&it));
            if at < done || in_word(before.chars().next_back()) || in_word(behind.chars().next()) || elsewhere {
                continue;
            }
            out.push_str(text.get(done..at).unwrap_or_default());
            out.push_str(self.next);
            done = at + self.channel.len();
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }

    /// A new schema whose names do not clash with those of the old one: both are compiled side by side for a while. A
    /// package or namespace moves to the next version where it carries the old one.
    fn apart(&self, text: String, facts: &FileFacts) -> String {
        let version = |name: &str| name.rsplit('.').next().map(str::to_owned).unwrap_or_default();
        let (old, new) = (version(self.channel), version(self.next));
        let spaces: Vec<String> = match facts.path.file_type() {
            // What a file imports may be part of the same package, which stays where it is.
            Some(FileType::Protobuf) if !imports_others(&text) => {
                package(&text).map(str::to_owned).into_iter().collect()
            }
            Some(FileType::Avro) => namespaces(&text),
            _ => Vec::new(),
        };
        let mut text = text;
        for space in spaces {
            let Some(stem) = space.strip_suffix(&old).filter(|it| it.ends_with('.')) else { continue };
            text = replace_words(&text, &space, &format!("{stem}{new}"));
            if facts.path.file_type() == Some(FileType::Protobuf) {
                // Packages of other languages follow: `option java_package = "com.example.orders.v1";`.
                let lines = text.split_inclusive('\n').map(|line| {
                    let is_option = line.trim_start().starts_with("option ");
                    let moved =
                        || replace_words(&replace_words(line, &old, &new), &old.to_uppercase(), &new.to_uppercase());
                    if is_option { moved() } else { line.to_owned() }
                });
                text = lines.collect();
            }
        }
        text
    }

    /// The contract of the next version, which is a draft of today and says what it replaces.
    fn new_contract(&self, text: &str) -> String {
        let tree = facts::tree(text);
        let document = ByRole::new(&tree, text, Kind::Contract, self.config);
        let mut edits = Vec::new();
        if let Some(status) = document.field(Role::Status) {
            edits.extend(self.status(&[State::Draft]).map(|it| TextEdit::replace(status.span, it)));
        }
        if let Some(date) = document.field(Role::Date) {
            edits.push(TextEdit::replace(date.span, self.today.clone()));
        }
        let replaced = format!("[{0}]({0}.md)", self.channel);
        edits.extend(self.behind_field(&document, Role::Channel, Role::Replaces, &replaced));
        TextEdits::new(edits).and_then(|it| it.apply(text)).unwrap_or_else(|_| text.to_owned())
    }

    /// The old contract: deprecated, with a date to be found, and with the table of its consumers.
    fn retire(&self, contract: &FileFacts) -> Vec<TextEdit> {
        let Some(document) = ByRole::of(contract, self.config) else { return Vec::new() };
        let (tree, text) = (document.tree, document.text);
        let mut edits = Vec::new();
        if let Some(status) = document.field(Role::Status) {
            let going = self.status(&[State::Deprecating, State::Deprecated]);
            edits.extend(going.map(|it| TextEdit::replace(status.span, it)));
        }
        let sunset = value::placeholder(&format!("on which date is `{}` switched off?", self.channel));
        edits.extend(self.behind_field(&document, Role::Status, Role::Sunset, &sunset));
        let newline = archwright_syntax::newline(text);
        let section = self.migration(&document, contract).join(newline);
        edits.push(match document.section(Role::RelatedArtifacts) {
            Some(related) => {
                let place = tree.section(related).heading.start as usize;
                TextEdit::insert(place, format!("{section}{newline}{newline}"))
            }
            None => TextEdit::insert(text.len(), format!("{newline}{section}{newline}")),
        });
        edits
    }

    /// The word for the first of some states that a contract may have.
    fn status(&self, states: &[State]) -> Option<String> {
        let allowed = self.config.status(Kind::Contract);
        states.iter().find_map(|state| allowed.iter().find(|it| it.means == Some(*state))).map(|it| it.name.clone())
    }

    /// Inserts a line with a new field behind the list item of another.
    fn behind_field(&self, document: &ByRole, behind: Role, new: Role, value: &str) -> Option<TextEdit> {
        let text = document.text;
        let field = document.field_among(&document.tree.fields, behind)?;
        let written = field.item.of(text).trim_end();
        let is_item = written.trim_start().starts_with(['-', '*', '+']);
        let line = format!("{}- **{}**: {value}", archwright_syntax::newline(text), self.config.profile().name(new));
        is_item.then(|| TextEdit::insert(field.item.start as usize + written.len(), line))
    }

    fn migration(&self, document: &ByRole, contract: &FileFacts) -> Vec<String> {
        let next = self.next;
        let template = &self.config.profile().migration;
        let named = |it: &str| it.replace("{next}", next);
        let titles: Vec<String> = template.columns.iter().map(|it| named(&it.name)).collect();
        let mut lines = vec![
            format!("## {}", named(&template.title)),
            String::new(),
            format!(
                "Both channels carry every message until each consumer reads [{next}]({next}.md) or has signed off."
            ),
            String::new(),
            format!("| {} |", titles.join(" | ")),
            format!("|{}", " --- |".repeat(titles.len())),
        ];
        let row = |name: Option<&str>, owner: Option<&str>| {
            let cells = template.columns.iter().map(|column| {
                let known = match column.role {
                    Role::Consumer => name,
                    Role::Owner => owner,
                    _ => None,
                };
                let open = || column.placeholder.clone().unwrap_or_else(|| value::placeholder(""));
                known.map_or_else(open, str::to_owned)
            });
            format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
        };
        let consumers = self.consumers(document, contract);
        lines.extend(consumers.iter().map(|(name, owner)| row(Some(name), owner.as_deref())));
        if consumers.is_empty() {
            lines.push(row(None, None));
        }
        lines
    }

    /// Who is known to read the channel, each with its owner: whom the contract names, other features whose README
    /// lists the channel, and code that receives from it.
    fn consumers(&self, document: &ByRole, contract: &FileFacts) -> Vec<(String, Option<String>)> {
        let mut consumers: Vec<(String, Option<String>)> = Vec::new();
        let said = document.field(Role::Consumers);
        let said = said.filter(|it| !value::is_unknown(&it.text) && !value::is_none(&it.text));
        for part in said.iter().flat_map(|it| it.text.split([',', ';'])).map(value::cell).filter(|it| !it.is_empty()) {
            consumers.push(match part.split_once(" (") {
                Some((name, owner)) => (name.to_owned(), Some(owner.trim_end_matches([')', '.']).to_owned())),
                None => (part, None),
            });
        }
        let has =
            |all: &[(String, Option<String>)], name: &str| all.iter().any(|it| it.0 == name || name.contains(&it.0));
        for facts in &self.files {
            let name = match (&facts.captures.feature, facts.kind) {
                (Some(feature), Kind::FeatureReadme)
                    if *feature != contract.captures.feature.clone().unwrap_or_default() =>
                {
                    feature.to_string()
                }
                _ if facts.channel(self.channel, ChannelRole::Receive).is_some() => format!("`{}`", facts.path),
                _ => continue,
            };
            if !has(&consumers, &name) {
                let owner = ByRole::of(facts, self.config).and_then(|it| it.field(Role::OwnerTeam));
                consumers.push((name, owner.map(|it| value::cell(&it.text))));
            }
        }
        consumers
    }

    /// A schema that changed becomes what it was.
    fn restore(&self, facts: &FileFacts) -> Vec<TextEdit> {
        let before = self.before.iter().find(|it| it.path == facts.path);
        let all = Span::new(0, facts.text.len());
        before.filter(|it| it.text != facts.text).map(|it| TextEdit::replace(all, &*it.text)).into_iter().collect()
    }

    /// The row of the new channel in the boundary contracts of a design, below the old one's.
    fn row(&self, design: &FileFacts, copies: &[&RelPath]) -> Option<TextEdit> {
        let text = &*design.text;
        let name = design.channel(self.channel, ChannelRole::Design)?.name.span;
        let start = text.get(..name.start as usize)?.rfind('\n').map_or(0, |it| it + 1);
        let row = text.get(start..)?.lines().next().filter(|it| it.trim_start().starts_with('|'))?;
        let copy = format!("{}{}", archwright_syntax::newline(text), self.renamed(row, &design.path.parent(), copies));
        Some(TextEdit::insert(start + row.len(), copy))
    }

    /// Lists the new contract and the new channel in the README of the feature, behind the old ones.
    fn list(&self, readme: &FileFacts, contract: &RelPath, copies: &[&RelPath]) -> Vec<TextEdit> {
        let (Some(document), text) = (readme.document(), &*readme.text) else { return Vec::new() };
        let next = contract.parent().join(&format!("{}.md", self.next)).relative_to(&readme.path.parent());
        let owned = readme.channel(self.channel, ChannelRole::Readme).map(|it| it.name.span);
        let item = document
            .tree
            .items
            .iter()
            .find(|it| owned.is_some_and(|name| it.content.start <= name.start && name.end <= it.content.end));
        let in_item =
            |link: &&LinkFact| item.is_some_and(|it| it.span.start <= link.span.start && link.span.end <= it.span.end);
        let mut edits = Vec::new();
        if let Some(link) =
            document.links.iter().find(|it| it.path == *contract && it.fragment.is_none() && !in_item(it))
        {
            edits.push(TextEdit::insert(link.span.end as usize, format!(", [{}]({next})", self.next)));
        }
        if let Some(item) = item {
            let written = item.span.of(text).trim_end();
            let line = text.get(..item.span.start as usize).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
            let copy = format!(
                "{}{line}{}",
                archwright_syntax::newline(text),
                self.renamed(written, &readme.path.parent(), copies)
            );
            edits.push(TextEdit::insert(item.span.start as usize + written.len(), copy));
        }
        edits
    }
}

/// The package of a Protobuf file.
fn package(text: &str) -> Option<&str> {
    let line = text.lines().find_map(|it| it.trim_start().strip_prefix("package "))?;
    Some(line.split_once(';')?.0.trim())
}

/// Whether a Protobuf file imports more than what comes with Protobuf.
fn imports_others(text: &str) -> bool {
    let mut imports = text.lines().filter_map(|it| it.trim_start().strip_prefix("import "));
    imports.any(|it| !it.contains("\"google/protobuf/"))
}

/// The namespaces that an Avro schema declares, each once.
fn namespaces(text: &str) -> Vec<String> {
    let tree = data::parse(text, data::Format::Json);
    let mut found: Vec<String> = Vec::new();
    let mut open: Vec<_> = tree.root().into_iter().collect();
    while let Some(node) = open.pop() {
        if let Some(space) = node.get("namespace").and_then(Node::as_str)
            && !found.iter().any(|it| it == space)
        {
            found.push(space.to_owned());
        }
        open.extend(node.items());
        open.extend(node.entries().map(|it| it.value));
    }
    found
}

/// Replaces a name wherever it is no part of a longer word; a dot ends a word.
fn replace_words(text: &str, old: &str, new: &str) -> String {
    let in_word = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let mut out = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for (at, found) in text.match_indices(old) {
        let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at + found.len()..).unwrap_or_default());
        if in_word(before.chars().next_back()) || in_word(behind.chars().next()) {
            continue;
        }
        out.push_str(text.get(done..at).unwrap_or_default());
        out.push_str(new);
        done = at + found.len();
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

fn is_extension(text: &str) -> bool {
    FileType::ALL.iter().any(|it| it.extensions().contains(&text))
}

fn file_edit(facts: &FileFacts, edits: Vec<TextEdit>) -> Option<FileEdit> {
    let edits = TextEdits::new(edits).ok().filter(|it| !it.is_empty())?;
    Some(FileEdit { path: facts.path.clone(), base: ContentHash::of(facts.text.as_bytes()), edits })
}
