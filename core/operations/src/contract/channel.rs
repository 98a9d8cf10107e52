//! A channel of an AsyncAPI document, and its contract.

use std::sync::Arc;

use archwright_asyncapi::{Action, terms::ChannelTerms};
use archwright_engine::Workspace;
use archwright_model::{
    ContentHash, FileCreate, FileEdit, Kind, RelPath, WorkspaceEdit, WorkspaceEditError,
    conventions::{
        layout::Captures,
        role::{Role, State},
    },
    date,
    facts::{self, ByRole, ChannelMention, FileFacts, RoleValue},
    values::{retention, value},
};
use archwright_rules::{
    authoring::{
        compose::{FieldContent, ListItem, Part, SectionContent, one_line, render},
        listing::Listing,
        merge::{merge, says},
        skeleton,
    },
    prelude,
};
use archwright_syntax::{
    TextEdits,
    data::{Tree, follow},
};

use super::{
    super::{
        choice::{Choice, Closed},
        design::{BoundaryRole, ChannelRequest, DesignRequest, index_documents},
        differences::Differences,
        listing,
    },
    ChannelPlace, ContractError, ContractRequest,
};

pub(crate) use archwright_model::conventions::layout::channel_stem as file_stem;

/// A channel without a contract.
pub(super) struct Channel<'w> {
    pub(super) workspace: &'w Workspace,
    pub(super) facts: &'w FileFacts,
    pub(super) tree: Arc<Tree>,
    pub(super) terms: &'w ChannelTerms,
    /// What was given of it.
    pub(super) given: &'w ContractRequest,
    /// Its address, or its key if it has none.
    pub(super) name: String,
    pub(super) captures: Captures,
    /// Where the contract is or goes.
    pub(super) path: RelPath,
    /// Whether it is there.
    pub(super) exists: bool,
}

impl<'w> Channel<'w> {
    pub(super) fn find(
        workspace: &'w Workspace,
        request: &ChannelPlace,
        given: &'w ContractRequest,
    ) -> Result<Self, ContractError> {
        let document = || ContractError::Document(request.document.clone());
        let file = workspace.file(&request.document).ok_or_else(document)?;
        let facts = workspace.facts(file).ok_or_else(document)?;
        let asyncapi = facts.asyncapi().ok_or_else(document)?;
        let feature = facts.captures.feature.clone().ok_or_else(|| ContractError::Feature(request.document.clone()))?;
        let terms = asyncapi.terms.channels.iter().find(|it| it.key.text == request.channel).ok_or_else(|| {
            let keys = asyncapi.terms.channels.iter().map(|it| it.key.text.as_str());
            let nearest = archwright_syntax::nearest(&request.channel, keys).map(str::to_owned);
            ContractError::Channel { document: request.document.clone(), channel: request.channel.clone(), nearest }
        })?;
        let name = terms.address.as_ref().unwrap_or(&terms.key).text.to_string();
        // An address such as `/` has no word in it; its key is a name at least.
        let file_name =
            Some(file_stem(&name)).filter(|it| !it.is_empty()).unwrap_or_else(|| file_stem(&terms.key.text));
        if file_name.is_empty() {
            return Err(ContractError::Name { document: request.document.clone(), channel: name });
        }
        let captures = Captures { feature: Some(feature), channel: Some(file_name.into()), ..Captures::default() };
        let path = workspace
            .config()
            .layout()
            .place(Kind::Contract, &captures)
            .ok_or_else(|| ContractError::Feature(request.document.clone()))?;
        let exists = workspace.context(file).is_none_or(|it| it.exists(&path));
        let tree = Arc::clone(&asyncapi.tree);
        Ok(Self { workspace, facts, tree, terms, given, name, captures, path, exists })
    }

    /// The contract and what belongs to it: new, or brought into the one that is there. With what was kept although
    /// something else was given.
    pub(super) fn compose(&self) -> Result<(WorkspaceEdit, Differences), ContractError> {
        let config = self.workspace.config();
        let mut edit = WorkspaceEdit::default();
        let schema = self.schema();
        let schema_path = schema.path;
        edit.creates.extend(schema.create);
        let readme = config.layout().place(Kind::FeatureReadme, &self.captures);
        let template = config.template(Kind::Contract);
        let mut sections = Vec::new();
        for template in template.into_iter().flat_map(|it| &it.sections).filter(|it| it.required) {
            let mut section = SectionContent::of(template);
            section.parts.push(self.part(template, readme.as_ref(), schema_path.as_ref()));
            sections.push(section);
        }
        let mut differences = Differences::default();
        if let Some(there) = self.workspace.file(&self.path).and_then(|it| self.workspace.facts(it)) {
            let failed = |error| WorkspaceEditError::Text { path: self.path.clone(), error };
            let merged = merge(&there.text, &sections, self.given.update).map_err(failed)?;
            differences.add(&self.path, merged.kept);
            if !merged.edits.is_empty() {
                edit.texts.push(FileEdit { path: self.path.clone(), base: there.hash(), edits: merged.edits });
            }
        } else {
            let title = config.profile().title(Kind::Contract, &one_line(&self.name));
            edit.creates.push(FileCreate { path: self.path.clone(), content: render(&title, &sections) });
        }
        if let Some(readme) = readme {
            self.list(&readme, &mut edit)?;
        }
        self.row(&mut edit, &mut differences)?;
        self.announced(&mut edit)?;
        Ok((edit, differences))
    }

    /// What the AsyncAPI document says in the terms of contracts.
    fn said<'a, T: 'a>(&'a self, what: impl Fn(&'a ChannelMention) -> Option<T> + 'a) -> Option<T> {
        let names = |it: &&ChannelMention| it.name.text == self.name;
        self.facts.channels.iter().filter(names).find_map(what)
    }

    fn part(
        &self,
        template: &archwright_model::conventions::profile::SectionTemplate,
        readme: Option<&RelPath>,
        schema: Option<&RelPath>,
    ) -> Part {
        let config = self.workspace.config();
        if template.concerns {
            let stated = self.concerns();
            let fields = config.profile().concerns.iter().map(|it| {
                let value = stated.iter().find(|stated| stated.role == it.role).map(|it| it.value.as_str());
                FieldContent::of(config.profile(), it.role, value, &it.question)
            });
            return Part::Fields { fields: fields.collect(), numbered: false };
        }
        if template.role == Role::RelatedArtifacts {
            return Part::Bullets { items: self.related(readme, schema), placeholder: value::NONE.to_owned() };
        }
        if template.fields.is_empty() {
            let usual = skeleton::body(template, config, &skeleton::Around::NOTHING);
            let names = if template.role == Role::Patterns { self.patterns_of_design() } else { Vec::new() };
            let placeholder = match value::question(&usual) {
                Some(question) if !names.is_empty() => {
                    let names = prelude::enumerate(&names, "and");
                    format!("- {}", value::placeholder(&format!("{question} The design names {names}.")))
                }
                _ => usual,
            };
            return Part::Bullets { items: Vec::new(), placeholder };
        }
        let suffix = &config.profile().channels.dlq_suffix;
        let field = |role: &Role| {
            let (value, question) = self.field(*role);
            match self.given.given(*role, suffix) {
                Some(given) => FieldContent::of(config.profile(), *role, Some(&given), question).given(),
                None => {
                    // Nobody has stated the party that a document is only named after, nor the key that an envelope
                    // brings along; and what the design says in more words says more.
                    let design = self.in_design(*role).filter(|design| match role {
                        Role::Producer | Role::Consumers | Role::IdempotencyKey => true,
                        Role::OrderingKey | Role::Retention => value.as_ref().is_none_or(|it| says(design, it)),
                        _ => value.is_none(),
                    });
                    let value = design.or(value);
                    FieldContent::of(config.profile(), *role, value.as_deref(), question)
                }
            }
        };
        Part::Fields { fields: template.fields.iter().map(field).collect(), numbered: false }
    }

    /// The patterns of the catalogue that the design of the feature lists.
    fn patterns_of_design(&self) -> Vec<String> {
        let feature = self.captures.feature.as_ref();
        let design = feature.and_then(|it| listing::document(self.workspace, it, Kind::Design));
        let Some(document) = design.and_then(|it| ByRole::of(it, self.workspace.config())) else { return Vec::new() };
        let section = document.section(Role::Patterns);
        let items = document.tree.items.iter().filter(|it| it.depth == 0 && Some(it.section) == section);
        let name = |it: &archwright_syntax::markdown::Item| {
            let line = value::line(it.content.of(document.text)).replace('*', "");
            let name = line.split(':').next().unwrap_or_default();
            archwright_knowledge::pattern(name).map(|it| it.name.to_string())
        };
        items.filter_map(name).collect()
    }

    /// What a field of the template says, and what to ask where nothing is known.
    pub(super) fn field(&self, role: Role) -> (Option<String>, &'static str) {
        let draft = || self.workspace.config().status_of(Kind::Contract, State::Draft).to_owned();
        match role {
            Role::Status => (Some(draft()), ""),
            Role::Date => (Some(date::today()), ""),
            Role::Channel => (Some(format!("`{}`", one_line(&self.name))), ""),
            Role::Owner => (self.owner(), "Which team answers for this channel, and how is it reached?"),
            Role::Tldr => (self.summary(), "What does a message on this channel tell, in one sentence?"),
            Role::Producer => (self.producer(), "Which service sends the messages?"),
            Role::Consumers => {
                (self.application().filter(|_| self.does(Action::Receive)), "Which services receive the messages?")
            }
            Role::CompatibilityMode => (
                self.said(|it| it.compatibility.as_ref().map(|it| it.text.to_string())),
                "BACKWARD, FORWARD, FULL or NONE, and why?",
            ),
            Role::CiGate => (None, "Which check refuses an incompatible schema before it is merged?"),
            Role::Versioning => (
                self.version().map(|it| format!("`{it}` in the name of the channel")),
                "Where does the version stand, and what leads to a new one?",
            ),
            Role::OrderingKey => (
                self.said(|it| it.ordering_key.as_ref().map(|it| format!("`{}`", it.text))),
                "Which field keeps messages in order, or none?",
            ),
            Role::IdempotencyKey => {
                (self.identifier(), "By which field do consumers recognise a message that they have seen?")
            }
            Role::Delivery => (None, "At most once, at least once or effectively once?"),
            Role::Retention => (
                self.said(|it| it.retention.as_ref().map(|it| retention::as_written(&it.text))),
                "How long are messages kept?",
            ),
            Role::Dlq => (
                self.said(|it| {
                    it.dlq.as_ref().map(|it| format!("`{}`, owner {}", it.text, value::placeholder("which team?")))
                }),
                "Where do messages go that cannot be handled, and which team owns that channel?",
            ),
            Role::Replay => (None, "Who may replay messages, how, and at which rate?"),
            _ => (None, ""),
        }
    }

    /// The application that the document describes.
    fn application(&self) -> Option<String> {
        self.tree.pointer("/info/title").and_then(archwright_syntax::data::Node::as_str).map(one_line)
    }

    /// Whether the application sends or receives on the channel.
    fn does(&self, action: Action) -> bool {
        let operations = self.facts.asyncapi().into_iter().flat_map(|it| &it.outline.operations);
        let is_own = |it: &archwright_syntax::Spanned| it.text == self.terms.key.text;
        operations.filter(|it| it.channel.as_ref().is_some_and(is_own)).any(|it| it.action == Some(action))
    }

    pub(super) fn producer(&self) -> Option<String> {
        self.application().filter(|_| self.does(Action::Send))
    }

    fn owner(&self) -> Option<String> {
        let terms = &self.facts.asyncapi()?.terms;
        let own =
            self.terms.owner.as_ref().or(terms.owner.as_ref()).or(terms.contact.as_ref()).map(|it| one_line(&it.text));
        own.or_else(|| self.concerns().into_iter().find(|it| it.role == Role::OwnerTeam).map(|it| it.value))
    }

    /// What the document says of the channel or its first message, in one line.
    fn summary(&self) -> Option<String> {
        let root = self.tree.root()?;
        let channel = root.get("channels")?.get(&self.terms.key.text)?;
        let channel = follow(root, channel)?;
        let operation = ["publish", "subscribe"].iter().filter_map(|it| channel.get(it));
        let message = self.messages().into_iter().next().map(|it| it.1);
        let places = [channel].into_iter().chain(operation).chain(message);
        let text = places
            .flat_map(|it| ["summary", "description", "title"].map(|key| it.get(key)))
            .flatten()
            .find_map(archwright_syntax::data::Node::as_str)?;
        // The first paragraph is enough.
        let text = one_line(text.split("\n\n").next().unwrap_or(text));
        (!text.is_empty()).then_some(text)
    }

    fn version(&self) -> Option<String> {
        let number = self.workspace.config().channel_name().version(&self.name)?;
        Some(format!("v{number}"))
    }

    /// The header that tells one message from all others.
    fn identifier(&self) -> Option<String> {
        let terms = &self.facts.asyncapi()?.terms;
        let config = self.workspace.config();
        let envelopes = &config.profile().envelopes;
        let messages = self.terms.messages.iter().filter_map(|it| terms.messages.get(*it));
        for property in messages.flat_map(|it| &it.headers.properties) {
            let is_id = |it: &&archwright_model::conventions::envelope::Envelope| {
                let bare = it.bare(&property.path);
                it.attributes.iter().any(|attribute| attribute.means == "id" && attribute.name == bare)
            };
            if envelopes.values().find(is_id).is_some() {
                return Some(format!("`{}`, a header", property.path));
            }
        }
        None
    }

    /// The system concerns that the feature's design or README has decided.
    fn concerns(&self) -> Vec<RoleValue<String>> {
        let config = self.workspace.config();
        let mut found: Vec<RoleValue<String>> = Vec::new();
        for kind in [Kind::Design, Kind::FeatureReadme] {
            let path = config.layout().place(kind, &self.captures);
            let facts = path.and_then(|it| self.workspace.file(&it)).and_then(|it| self.workspace.facts(it));
            let Some(document) = facts.and_then(|it| ByRole::of(it, config)) else { continue };
            for RoleValue { role, value } in document.concerns() {
                if let Some(value) = facts::known(value).filter(|_| !found.iter().any(|it| it.role == role)) {
                    found.push(RoleValue { role, value: one_line(&value.text) });
                }
            }
        }
        found
    }

    /// Links to what there is.
    fn related(&self, readme: Option<&RelPath>, schema: Option<&RelPath>) -> Vec<ListItem> {
        let folder = self.path.parent();
        let link = |name: &str, path: &RelPath| {
            let link = format!("[{name}]({})", path.relative_to(&folder));
            ListItem::new(link.clone(), link)
        };
        let design =
            self.workspace.config().layout().place(Kind::Design, &self.captures).filter(|it| self.is_there(it));
        // What the contract links already, in whatever words, is not linked again.
        let there = self.workspace.file(&self.path).and_then(|it| self.workspace.facts(it)?.document());
        let is_linked = |path: &RelPath| there.is_some_and(|it| it.links.iter().any(|it| it.path == *path));
        let all = [("Index", readme), ("Design", design.as_ref()), ("Schema", schema)];
        let all = all.into_iter().chain([("AsyncAPI", Some(&self.facts.path))]);
        all.filter_map(|(name, path)| Some(link(name, path.filter(|it| !is_linked(it))?))).collect()
    }

    pub(super) fn is_there(&self, path: &RelPath) -> bool {
        self.workspace.file(path).is_some_and(|it| self.workspace.facts(it).is_some())
    }

    /// Lists the contract in the README of the feature, which is written if there is none.
    fn list(&self, readme: &RelPath, edit: &mut WorkspaceEdit) -> Result<(), ContractError> {
        let folder = readme.parent();
        let link =
            format!("[{}]({})", self.captures.channel.as_deref().unwrap_or(&self.name), self.path.relative_to(&folder));
        let role = if self.producer().is_some() { BoundaryRole::Produced } else { BoundaryRole::Consumed };
        let channel = ListItem::new(
            format!("{}:", one_line(&self.name)),
            format!("{}: {}. See [contract]({}).", one_line(&self.name), role.name(), self.path.relative_to(&folder)),
        );
        let design = self
            .workspace
            .config()
            .layout()
            .place(Kind::Design, &self.captures)
            .unwrap_or_else(|| folder.join("design.md"));
        let request = DesignRequest {
            feature: self.captures.feature.as_ref().map(ToString::to_string).unwrap_or_default(),
            channels: vec![ChannelRequest {
                name: self.name.clone(),
                role: Some(Choice(role)),
                ..ChannelRequest::default()
            }],
            ..DesignRequest::default()
        };
        let config = self.workspace.config();
        let profile = config.profile();
        let mut sections = index_documents::readme(self.workspace, &request, readme, &design);
        for section in &mut sections {
            for part in &mut section.parts {
                match part {
                    Part::Bullets { items, .. } => *items = vec![channel.clone()],
                    Part::Fields { fields, .. } if section.role == Role::Artifacts => {
                        let (contracts, designs) = (profile.name(Role::Contracts), profile.name(Role::Designs));
                        fields.retain(|it| it.name != contracts && (it.name != designs || self.is_there(&design)));
                        fields.push(FieldContent::of(profile, Role::Contracts, Some(&link), ""));
                    }
                    Part::Fields { .. } | Part::Table { .. } | Part::Text(_) => {}
                }
            }
        }
        let existing = self.workspace.file(readme).and_then(|it| self.workspace.facts(it));
        let Some(facts) = existing else {
            edit.creates.push(FileCreate { path: readme.clone(), content: render(&request.feature, &sections) });
            return Ok(());
        };
        // What is there is only added to: the channel, and the contract behind those that are listed already.
        let section = facts.document().and_then(|it| it.readme.as_ref()?.artifacts);
        let listed_in = |it: &archwright_syntax::markdown::SectionId| {
            facts
                .document()
                .is_some_and(|document| document.links.iter().any(|link| link.path == self.path && link.section == *it))
        };
        let is_listed = section.as_ref().is_some_and(listed_in);
        let document = ByRole::of(facts, config);
        let listed = document
            .as_ref()
            .zip(section)
            .filter(|_| !is_listed)
            .and_then(|(document, section)| Listing::new(document, section).add(Kind::Contract, &link, profile));
        sections.retain(|it| match it.role {
            Role::ChannelsOwned => true,
            Role::Artifacts => section.is_none(),
            _ => false,
        });
        let failed = |error| WorkspaceEditError::Text { path: readme.clone(), error };
        let merged = merge(&facts.text, &sections, false).map_err(failed)?.edits;
        let edits = TextEdits::new(merged.iter().cloned().chain(listed).collect()).map_err(failed)?;
        if !edits.is_empty() {
            edit.texts.push(FileEdit { path: readme.clone(), base: ContentHash::of(facts.text.as_bytes()), edits });
        }
        Ok(())
    }
}
