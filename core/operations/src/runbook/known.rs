//! What the workspace knows of an incident: from the contract of the channel, the design, AsyncAPI documents, and the
//! runbooks beside the new one.

use archwright_engine::Workspace;
use archwright_model::{
    Kind, RelPath,
    conventions::role::Role,
    facts::{self, ByRole, ChannelMention, ChannelRole, FileFacts},
    values::{retention, value},
};
use archwright_rules::authoring::compose::one_line;
use archwright_syntax::data::{Node, follow};
use smol_str::SmolStr;

use super::{
    super::{
        channels::{contract, mentions},
        listing,
    },
    RunbookRequest,
};

/// A value and the file that says it.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// The value.
    pub value: String,
    /// Who says it; nothing for what the caller says.
    pub source: Option<RelPath>,
}

/// What is known.
pub(super) struct Known<'w> {
    workspace: &'w Workspace,
    request: &'w RunbookRequest,
    /// The feature whose runbook it is.
    pub feature: Option<SmolStr>,
    /// The channel.
    pub channel: Option<String>,
    /// The contract of the channel.
    pub contract: Option<&'w FileFacts>,
}

impl<'w> Known<'w> {
    pub(super) fn new(
        workspace: &'w Workspace,
        request: &'w RunbookRequest,
        feature: Option<SmolStr>,
        channel: Option<String>,
    ) -> Self {
        let contract = channel.as_deref().and_then(|it| contract(workspace, it));
        Self { workspace, request, feature, channel, contract }
    }

    /// The value of a fact about the systems concerned.
    pub(super) fn fact(&self, role: Role) -> Option<Said> {
        let given = |it: &Option<String>| it.as_deref().map(|it| Said { value: one_line(it), source: None });
        match role {
            Role::Channel => {
                let source = self.contract.map(|it| it.path.clone());
                self.channel.as_ref().map(|it| Said { value: format!("`{it}`"), source })
            }
            Role::Approver => given(&self.request.approver),
            Role::ConsumerGroup => given(&self.request.group).or_else(|| self.group()),
            Role::Dashboards if !self.request.dashboards.is_empty() => {
                let all = self.request.dashboards.iter().map(|it| one_line(it)).collect::<Vec<_>>();
                Some(Said { value: all.join(", "), source: None })
            }
            Role::Dashboards => None,
            _ => self.of_contract(role).or_else(|| self.of_mention(role)),
        }
    }

    /// What the contract of the channel says.
    fn of_contract(&self, role: Role) -> Option<Said> {
        let contract = self.contract?;
        let document = ByRole::of(contract, self.workspace.config())?;
        let said = facts::known(document.field(role)?)?;
        if value::waits(&said.text) || said.text.contains("[TBD") {
            return None;
        }
        Some(Said { value: without_links(&said.text), source: Some(contract.path.clone()) })
    }

    /// What the design or an AsyncAPI document says of the channel.
    fn of_mention(&self, role: Role) -> Option<Said> {
        let channel = self.channel.as_deref()?;
        let mentions = mentions(self.workspace, channel);
        mentions.into_iter().filter(|it| it.0.kind != Kind::Contract).find_map(|(facts, mention)| {
            let said = match role {
                Role::Dlq => named_dlq(mention).map(|it| format!("`{it}`")),
                Role::OrderingKey => mention.ordering_key.as_ref().map(|it| format!("`{}`", it.text)),
                Role::Retention => mention.retention.as_ref().map(|it| retention::as_written(&it.text)),
                _ => None,
            };
            Some(Said { value: said?, source: Some(facts.path.clone()) })
        })
    }

    /// The consumer group that an AsyncAPI document binds.
    fn group(&self) -> Option<Said> {
        let channel = self.channel.as_deref()?;
        let feature = self.feature.as_ref();
        let all = self.workspace.files().filter_map(|it| self.workspace.facts(it));
        all.filter(|it| it.captures.feature.as_ref() == feature).find_map(|facts| {
            let asyncapi = facts.asyncapi()?;
            let names =
                |it: &&archwright_asyncapi::terms::ChannelTerms| it.address.as_ref().unwrap_or(&it.key).text == channel;
            let key = &asyncapi.terms.channels.iter().find(names)?.key.text;
            let root = asyncapi.tree.root()?;
            let group = root.get("operations")?.entries().find_map(|operation| {
                let reference = operation.value.get("channel")?.get("$ref")?.as_str()?;
                let is_own = reference.rsplit('/').next() == Some(key.as_str());
                let binding = follow(root, operation.value.get("bindings")?)?.get("kafka")?.get("groupId")?;
                is_own.then(|| constant(binding)).flatten()
            })?;
            Some(Said { value: format!("`{group}`"), source: Some(facts.path.clone()) })
        })
    }

    /// The team that answers: given, the owner of the contract, or that of the feature.
    pub(super) fn owner(&self) -> Option<Said> {
        if let Some(owner) = &self.request.owner {
            return Some(Said { value: one_line(owner), source: None });
        }
        let concerns = self.feature.as_ref().map(|it| listing::concerns(self.workspace, it)).unwrap_or_default();
        let team = concerns.into_iter().find(|it| it.role == Role::OwnerTeam);
        team.map(|it| Said { value: it.value, source: Some(it.path) }).or_else(|| self.of_contract(Role::Owner))
    }

    /// The name of the dead letter channel.
    pub(super) fn dlq(&self) -> Option<String> {
        let all = mentions(self.workspace, self.channel.as_deref()?);
        all.into_iter().find_map(|it| named_dlq(it.1).map(str::to_owned))
    }

    /// How fast messages may be sent again, and who says so.
    pub(super) fn rate(&self) -> Option<Said> {
        if let Some(rate) = &self.request.rate {
            return Some(Said { value: one_line(rate), source: None });
        }
        let replay = self.of_contract(Role::Replay)?;
        Some(Said { value: rate(&replay.value)?, ..replay })
    }

    /// What a runbook beside the new one says, which holds here only if somebody confirms it.
    pub(super) fn beside(&self, path: &RelPath, find: impl Fn(&str) -> Option<String>) -> Option<Said> {
        let all =
            self.workspace.files().filter_map(|it| self.workspace.facts(it)).filter(|it| it.kind == Kind::Runbook);
        let mut all: Vec<&FileFacts> = all.collect();
        all.sort_by(|a, b| a.path.cmp(&b.path));
        // Another team calls other people, at another pace.
        let mut beside = all.into_iter().filter(|it| it.captures.feature == self.feature && it.path != *path);
        beside.find_map(|it| Some(Said { value: find(&it.text)?, source: Some(it.path.clone()) }))
    }
}

/// The dead letter channel that a contract or an AsyncAPI document names; designs name its owner.
fn named_dlq(mention: &ChannelMention) -> Option<&str> {
    let names = matches!(mention.role, ChannelRole::Contract | ChannelRole::AsyncApi);
    mention.dlq.as_ref().filter(|_| names).map(|it| it.text.as_str())
}

/// A value without what is only a link: the way from there is none from here.
fn without_links(text: &str) -> String {
    let pieces = text.split(", ").filter(|it| !(it.starts_with('[') && it.ends_with(')')));
    value::line(&pieces.collect::<Vec<_>>().join(", "))
}

/// The value that a schema allows only.
fn constant(node: Node<'_>) -> Option<String> {
    let only = node.get("const").or_else(|| node.get("default")).or_else(|| node.get("enum")?.items().next());
    only.unwrap_or(node).as_str().map(str::to_owned)
}

/// The rate in a sentence: `50 messages per second` of `at most 50 messages per second, started by team-orders`.
pub(super) fn rate(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.windows(2).position(|it| {
        matches!(it, ["per" | "a", unit] if ["second", "minute", "hour"].iter().any(|known| unit.starts_with(known)))
    })?;
    let start = (at.saturating_sub(3)..at)
        .find(|it| words.get(*it).is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit())))?;
    let said = words.get(start..at + 2)?.join(" ");
    Some(said.trim_end_matches(|it: char| !it.is_alphanumeric()).to_owned())
}

/// Whom a runbook says to call next: what its owner field has behind the word.
pub(super) fn escalation(text: &str) -> Option<String> {
    let line = text.lines().find(|it| it.contains("escalation: "))?;
    let (_, rest) = line.split_once("escalation: ")?;
    let said = rest.split(';').next()?.trim();
    (!said.is_empty() && !said.contains("[TBD")).then(|| said.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_found_in_a_sentence() {
        for (text, expected) in [
            ("within 7 days, at most 50 messages per second, by team-a", Some("50 messages per second")),
            ("100 a minute.", Some("100 a minute")),
            ("by order within 7 days", None),
            ("a few messages per second", None),
        ] {
            assert_eq!(rate(text).as_deref(), expected, "{text}");
        }
    }
}
