//! `archwright.toml`: what a workspace sets, read with clear errors, over the conventions of a profile.

mod documents;
mod pattern;
mod read;
mod services;
mod settings;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, LazyLock},
};

use archwright_knowledge::lexicon::SensitiveTerms;
use archwright_schema::{breaking::Category, compatibility};
use archwright_syntax::{Decoded, Span};
use globset::GlobSet;
use rustc_hash::FxHashSet;
use serde_spanned::Spanned;

pub use pattern::NamePattern;
pub use services::Service;
pub use settings::{
    BaseSetting, ChannelSettings, CompatibilitySettings, EnvelopeSettings, LinkScope, LinkSettings, ProtobufSetting,
    RegistrySetting, RuleLevel, SectionSettings, SensitiveSettings, Settings,
};

use crate::{
    Kind, RelPath,
    conventions::{
        dialect::Dialects,
        envelope::{Attribute, Need},
        layout::{Layout, PathTemplate},
        profile::{Profile, SectionTemplate, Template},
        role::State,
        vocabulary::{self, Vocabulary, starts_with_words},
    },
};

/// The name of the configuration file, at the workspace root.
pub const FILE_NAME: &str = "archwright.toml";

/// Files larger than this are not read: 8 MiB unless `max-file-size` says otherwise.
pub const MAX_FILE_SIZE: u64 = 8 * 1024 * 1024;

/// The largest `max-file-size` that holds, in bytes: the configuration comes with the repository.
const MOST_FILE_SIZE: u64 = 64 * 1024 * 1024;

/// The largest configuration that is read, in bytes.
const MAX_CONFIG_SIZE: u64 = 1024 * 1024;

/// The effective configuration of a workspace. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Config(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    profile: Profile,
    vocabulary: Vocabulary,
    status: BTreeMap<Kind, Vec<Status>>,
    /// The kinds whose statuses the workspace lists.
    own_status: Vec<Kind>,
    layout: Layout,
    /// Where documents lie that are held to no template.
    documents: Layout,
    dialects: Dialects,
    rule_levels: BTreeMap<Spanned<String>, RuleLevel>,
    exclude: GlobSet,
    /// Channels whose other end is elsewhere.
    external: GlobSet,
    /// Whether a check on the command line reads all code.
    checks_code: bool,
    services: Vec<Service>,
    channel_name: NamePattern,
    envelope: Option<String>,
    /// What messages carry besides their data, each name folded.
    attributes: FxHashSet<String>,
    links: LinkScope,
    sensitive: SensitiveTerms,
    compatibility: CompatibilitySettings,
    max_file_size: u64,
}

/// A status that a kind of document may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The word for it.
    pub name: String,
    /// What it means; `None` for a word of the workspace that nobody knows.
    pub means: Option<State>,
}

/// Something wrong in `archwright.toml`. The rest of the file still counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Where, in bytes of the file.
    pub span: Span,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// A configuration file that cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {error}")]
pub struct ConfigUnreadable {
    /// The file.
    pub path: String,
    /// What the system says.
    pub error: std::io::Error,
}

impl Default for Config {
    fn default() -> Self {
        /// Made once: nearly every workspace starts from it.
        static DEFAULT: LazyLock<Config> = LazyLock::new(|| Config::new(Settings::default()).0);
        DEFAULT.clone()
    }
}

impl Config {
    /// Reads a configuration text. Whatever is wrong becomes a problem with its place, and its default holds.
    pub fn parse(text: &str) -> (Self, Vec<ConfigProblem>) {
        let (settings, wrong) = read::settings(text);
        let (config, problems) = Self::new(settings);
        (config, wrong.into_iter().chain(problems).collect())
    }

    /// Reads the file of a workspace; a workspace without one has the defaults.
    ///
    /// # Errors
    /// If the file exists and cannot be read.
    pub fn load(path: &Path) -> Result<(Self, Vec<ConfigProblem>, Option<String>), ConfigUnreadable> {
        match read_regular(path) {
            Ok(text) => {
                let (config, problems) = Self::parse(&text);
                Ok((config, problems, Some(text)))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok((Self::default(), Vec::new(), None)),
            Err(error) => Err(ConfigUnreadable { path: path.display().to_string(), error }),
        }
    }

    fn new(settings: Settings) -> (Self, Vec<ConfigProblem>) {
        let mut problems = Vec::new();
        let mut profile = Profile::default_profile().clone();
        // What the workspace names comes first, so that it wins over the profile's places.
        let mut layout = documents::places(&settings.layout, &mut problems);
        let documents = documents::places_without_template(&settings, &mut problems);
        let dialects = documents::dialects(&settings, &mut problems);
        layout.extend(
            profile.layout.iter().flat_map(|(kind, it)| it.iter().filter_map(|it| PathTemplate::new(*kind, it).ok())),
        );
        if let Some(channels) = &settings.channels {
            if let Some(name) = &channels.name {
                profile.channels.name.clone_from(name.get_ref());
            }
            if let Some(suffix) = &channels.dlq_suffix {
                profile.channels.dlq_suffix.clone_from(suffix);
            }
            profile.channels.granularity = channels.granularity.unwrap_or(profile.channels.granularity);
        }
        let envelope = settings.envelope.as_ref().and_then(|it| envelope(it, &mut profile, &mut problems));
        let channel_name = NamePattern::new(&profile.channels.name).unwrap_or_else(|message| {
            let span = settings.channels.as_ref().and_then(|it| it.name.as_ref()).map_or(0..0, Spanned::span);
            problems.push(problem(span, message));
            NamePattern::default()
        });
        for (kind, sections) in &settings.sections {
            if let Some(template) = profile.templates.get_mut(kind) {
                apply_sections(template, *kind, sections, &mut problems);
            }
        }
        let vocabulary = Vocabulary::new(&profile, &dialects);
        let status = status(&settings, &profile, &vocabulary);
        let attributes = attributes(&profile);
        let exclude = documents::globs(&settings.exclude, &mut problems);
        let services = services::services(&settings, &mut problems);
        let external = documents::globs(&settings.scan.external, &mut problems);
        let config = Inner {
            profile,
            vocabulary,
            status,
            own_status: settings.status.into_keys().collect(),
            layout: Layout::new(layout),
            documents: Layout::new(documents),
            dialects,
            rule_levels: settings.rules,
            exclude,
            external,
            checks_code: settings.scan.check,
            services,
            channel_name,
            envelope,
            attributes,
            links: settings.links.and_then(|it| it.check).unwrap_or_default(),
            sensitive: SensitiveTerms {
                personal: settings.sensitive.personal.into_iter().collect(),
                secret: settings.sensitive.secret.into_iter().collect(),
                harmless: settings.sensitive.harmless.into_iter().collect(),
            },
            compatibility: settings.compatibility,
            max_file_size: settings.max_file_size.unwrap_or(MAX_FILE_SIZE).min(MOST_FILE_SIZE),
        };
        (Self(Arc::new(config)), problems)
    }

    /// The conventions, with what the workspace overrides.
    pub fn profile(&self) -> &Profile {
        &self.0.profile
    }

    /// Names of sensitive fields that the workspace adds to the known ones.
    pub fn sensitive(&self) -> &SensitiveTerms {
        &self.0.sensitive
    }

    /// Where artifacts lie, the workspace's own places first.
    pub fn layout(&self) -> &Layout {
        &self.0.layout
    }

    /// Where documents lie that are known as what they are and held to no template.
    pub fn documents(&self) -> &Layout {
        &self.0.documents
    }

    /// The forms in which documents are written, the workspace's own first.
    pub fn dialects(&self) -> &Dialects {
        &self.0.dialects
    }

    /// The template of a kind of document.
    pub fn template(&self, kind: Kind) -> Option<&Template> {
        self.0.profile.template(kind)
    }

    /// What sections, fields and columns are called.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.0.vocabulary
    }

    /// The statuses that a kind of document has; none where it has no status.
    pub fn status(&self, kind: Kind) -> &[Status] {
        self.0.status.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Whether a status begins with a word that a kind of document may have, ignoring case and whether a hyphen joins
    /// its parts. In a dialect any word counts that is known, unless the workspace lists its own.
    pub fn is_status(&self, kind: Kind, status: &str, dialect: bool) -> bool {
        let begins = |name: &str| starts_with_words(status, name);
        let own = self.status(kind).iter().any(|it| begins(&it.name));
        let Some(state) = self.0.vocabulary.state(status).filter(|_| !own) else { return own };
        let any = dialect && !self.0.own_status.contains(&kind);
        any || begins(self.0.profile.state(state)) && self.may_be(kind, state)
    }

    /// Whether a kind of document may have a state. A workspace that lists the words of a kind means only these.
    fn may_be(&self, kind: Kind, state: State) -> bool {
        let own = self.status(kind).iter().any(|it| it.means == Some(state));
        own || !self.0.own_status.contains(&kind) && self.0.profile.general_status.contains(&state)
    }

    /// The word for a state in a kind of document: the one that the workspace allows, else that of the profile.
    pub fn status_of(&self, kind: Kind, state: State) -> &str {
        let own = self.status(kind).iter().find(|it| it.means == Some(state));
        own.map_or_else(|| self.0.profile.state(state), |it| &it.name)
    }

    /// What the workspace says of rules (`link/dead-target`) and families (`link/*`), as it is written.
    pub fn rule_levels(&self) -> &BTreeMap<Spanned<String>, RuleLevel> {
        &self.0.rule_levels
    }

    /// Whether the workspace leaves out the path or a folder above it.
    pub fn excludes(&self, path: &RelPath) -> bool {
        let above = || path.as_str().match_indices('/').map(|it| it.0).chain([path.as_str().len()]);
        !self.0.exclude.is_empty()
            && above().filter_map(|end| path.as_str().get(..end)).any(|it| self.0.exclude.is_match(it))
    }

    /// Whether the other end of a channel is said to be elsewhere.
    pub fn is_external(&self, channel: &str) -> bool {
        self.0.external.is_match(channel)
    }

    /// Whether a check on the command line and editors hold code against the documents without being asked to.
    pub fn checks_code(&self) -> bool {
        self.0.checks_code
    }

    /// The grammar of channel names.
    pub fn channel_name(&self) -> &NamePattern {
        &self.0.channel_name
    }

    /// The name of the envelope that the workspace chose for all its messages.
    pub fn envelope(&self) -> Option<&str> {
        self.0.envelope.as_deref()
    }

    /// Whether a name is that of something that an envelope, a broker or a framework carries, whatever joins its words
    /// and whatever says where it stands: `headers.correlation-id`, `ce_partitionkey`.
    pub fn is_carried_beside(&self, name: &str) -> bool {
        /// Where such a thing stands.
        const PLACES: [&str; 4] = ["header", "headers", "envelope", "metadata"];
        let known = |it: &str| self.0.attributes.contains(it);
        let folded: String = vocabulary::folded(name).collect();
        let prefixes = self.0.profile.envelopes.values().flat_map(|it| &it.prefixes);
        let prefixes = prefixes.map(|it| vocabulary::folded(it).collect::<String>());
        let places = PLACES.into_iter().map(str::to_owned);
        known(&folded)
            || name.starts_with("header")
            || places.chain(prefixes).any(|it| folded.strip_prefix(it.as_str()).is_some_and(known))
    }

    /// Which documents' links are checked.
    pub fn links(&self) -> LinkScope {
        self.0.links
    }

    /// What schemas and AsyncAPI documents are compared with, if the workspace says so.
    pub fn base(&self) -> Option<&BaseSetting> {
        self.0.compatibility.base.as_ref()
    }

    /// Whose definition of compatibility holds.
    pub fn registry(&self) -> compatibility::Profile {
        self.0.compatibility.registry.unwrap_or_default().into()
    }

    /// The registry that the workspace chose, if it did.
    pub fn chosen_registry(&self) -> Option<compatibility::Profile> {
        self.0.compatibility.registry.map(Into::into)
    }

    /// The level of buf by which Protobuf files are compared, if the workspace names one.
    pub fn protobuf_level(&self) -> Option<Category> {
        self.0.compatibility.protobuf.map(Into::into)
    }

    /// The size in bytes above which a file is not read.
    pub fn max_file_size(&self) -> u64 {
        self.0.max_file_size
    }
}

/// Reads a file that may lead anywhere: a device never ends and a pipe never begins.
fn read_regular(path: &Path) -> std::io::Result<String> {
    use std::io::{Error, ErrorKind, Read};
    let regular = |it: std::fs::Metadata| match () {
        () if !it.is_file() => Err(Error::new(ErrorKind::InvalidInput, "it is no regular file")),
        () if it.len() > MAX_CONFIG_SIZE => Err(Error::new(ErrorKind::FileTooLarge, "it is larger than 1 MiB")),
        () => Ok(()),
    };
    regular(std::fs::metadata(path)?)?;
    let file = std::fs::File::open(path)?;
    regular(file.metadata()?)?;
    let mut bytes = Vec::new();
    file.take(MAX_CONFIG_SIZE).read_to_end(&mut bytes)?;
    Decoded::new(&bytes).utf8().map(str::to_owned)
}

impl ConfigProblem {
    /// A problem at a place of the file; a message without a full stop gets one.
    pub fn new(span: std::ops::Range<usize>, message: impl Into<String>) -> Self {
        let mut message = message.into();
        if !message.ends_with('.') {
            message.push('.');
        }
        Self { span: span.into(), message }
    }
}

fn problem(span: std::ops::Range<usize>, message: impl Into<String>) -> ConfigProblem {
    ConfigProblem::new(span, message)
}

/// The envelope that was chosen, with the attributes that the workspace adds to it.
fn envelope(settings: &EnvelopeSettings, profile: &mut Profile, problems: &mut Vec<ConfigProblem>) -> Option<String> {
    let name = settings.profile.as_ref()?;
    let Some(envelope) = profile.envelopes.get_mut(name.get_ref()) else {
        let known: Vec<&str> = profile.envelopes.keys().map(String::as_str).collect();
        problems.push(problem(
            name.span(),
            format!("There is no envelope `{}`; write one of {}", name.get_ref(), known.join(", ")),
        ));
        return None;
    };
    for name in &settings.require {
        match envelope.attributes.iter_mut().find(|it| it.name == *name) {
            Some(attribute) => attribute.need = attribute.need.max(Need::Convention),
            None => envelope.attributes.push(Attribute::new(name, Need::Convention)),
        }
    }
    Some(name.get_ref().clone())
}

/// The names of all that messages carry besides their data, folded.
fn attributes(profile: &Profile) -> FxHashSet<String> {
    let of_envelopes = profile.envelopes.values().flat_map(|it| &it.attributes).filter(|it| it.is_header());
    let names = of_envelopes.map(|it| &it.name).chain(&profile.transport_properties);
    names.map(|it| vocabulary::folded(it).collect()).collect()
}

fn apply_sections(
    template: &mut Template,
    kind: Kind,
    sections: &BTreeMap<Spanned<String>, SectionSettings>,
    problems: &mut Vec<ConfigProblem>,
) {
    for (name, settings) in sections {
        let Some(section) = template.sections.iter_mut().find(|it| is_called(it, name.get_ref())) else {
            let known: Vec<&str> = template.sections.iter().map(|it| it.name.as_str()).collect();
            let message =
                format!("{} has no section `{}`; its sections are {}", kind.title(), name.get_ref(), known.join(", "));
            problems.push(problem(name.span(), message));
            continue;
        };
        section.aliases.extend(settings.aliases.iter().cloned());
        if let Some(required) = settings.required {
            section.required = required;
        }
    }
}

/// Whether a name of the configuration is a section's own name or one that it gave an alias for.
fn is_called(section: &SectionTemplate, name: &str) -> bool {
    section.name.eq_ignore_ascii_case(name) || section.aliases.iter().any(|it| it.eq_ignore_ascii_case(name))
}

/// The statuses of each kind: those of the workspace, else those of the profile.
fn status(settings: &Settings, profile: &Profile, vocabulary: &Vocabulary) -> BTreeMap<Kind, Vec<Status>> {
    let of_kind = |(kind, template): (&Kind, &Template)| {
        let of_profile = template.status.iter().map(|it| Status { name: profile.state(*it).into(), means: Some(*it) });
        let own = settings
            .status
            .get(kind)
            .map(|it| it.iter().map(|it| Status { name: it.clone(), means: vocabulary.state(it) }).collect());
        (*kind, own.unwrap_or_else(|| of_profile.collect()))
    };
    profile.templates.iter().map(of_kind).collect()
}

/// The JSON Schema of `archwright.toml`, which takes any name for a rule.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Settings).to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_place() {
        let text = "excludes = []\n";
        let (_, problems) = Config::parse(text);
        assert_eq!(problems[0].span.of(text), "excludes");
        assert!(problems[0].message.contains("exclude"), "{}", problems[0].message);
    }

    #[test]
    fn an_envelope_is_chosen_by_name_and_can_demand_more() {
        let (config, problems) =
            Config::parse("[envelope]\nprofile = \"tenant\"\nrequire = [\"metadata\", \"region\"]\n");
        assert_eq!((problems, config.envelope()), (Vec::new(), Some("tenant")));
        let tenant = &config.profile().envelopes["tenant"];
        assert!(["metadata", "region"].iter().all(|it| tenant.attribute(it).unwrap().need == Need::Convention));
        let (config, problems) = Config::parse("[envelope]\nprofile = \"cloudevent\"\n");
        assert!(
            problems[0].message.contains("`cloudevent`") && problems[0].message.contains("cloudevents"),
            "{problems:?}"
        );
        assert_eq!(config.envelope(), None);
    }

    #[test]
    fn attributes_of_every_envelope_and_of_the_workspace_are_known() {
        let (config, _) = Config::parse("[envelope]\nprofile = \"tenant\"\nrequire = [\"shard-key\"]\n");
        for name in ["eventId", "causation_id", "ce_partitionkey", "headers.traceparent", "routingKey", "shardKey"] {
            assert!(config.is_carried_beside(name), "{name}");
        }
        // What an envelope calls the data is no attribute beside it.
        for name in ["payload", "data", "order_id", "metadata"] {
            assert!(!config.is_carried_beside(name), "{name}");
        }
        assert!(!Config::default().is_carried_beside("shard_key"));
    }

    #[test]
    fn a_broken_file_says_where() {
        let (_, problems) = Config::parse("[rules\n");
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].span.start, 6);
    }
}
