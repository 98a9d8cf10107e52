//! From a path to an artifact: path templates, and what their placeholders caught.

use smol_str::SmolStr;

use crate::{Kind, RelPath};

/// What a path says about its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captures {
    /// The feature folder's name.
    pub feature: Option<SmolStr>,
    /// The channel, for contracts, schemas and AsyncAPI files.
    pub channel: Option<SmolStr>,
    /// The free part of the file name: ADR, runbook or standard.
    pub name: Option<SmolStr>,
    /// The date part of the file name.
    pub date: Option<SmolStr>,
}

/// The name of a file for a channel: without slashes and braces, and without the dots that would hide it or
/// stand where they were, as in `light.{id}.on`.
pub fn channel_stem(channel: &str) -> String {
    let words =
        channel.split(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '-' | '_'))).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join(".")
}

/// A path template: literal parts, placeholders and `*`, split at `/`.
#[derive(Clone, Debug)]
pub struct PathTemplate {
    kind: Kind,
    parts: Vec<Part>,
    /// How many parts a path must have; any number if there is a `**`.
    length: Option<usize>,
    /// What a path must end with.
    end: String,
}

#[derive(Clone, Debug)]
enum Part {
    /// The part is exactly this.
    Literal(String),
    /// `{name}` between a prefix and a suffix.
    Capture { prefix: String, name: String, suffix: String },
    /// Literal pieces with one `*` between each two, which stands for anything and is caught by nothing.
    Glob(Vec<String>),
    /// `**`: any number of parts.
    Any,
}

/// A template that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A placeholder that has no meaning.
    #[error("`{{{0}}}` is no placeholder; write {{feature}}, {{name}}, {{channel}} or {{date}}")]
    Placeholder(String),
    /// Two placeholders in one part of the path.
    #[error("`{0}` has two placeholders; a part of a path can have one")]
    TwoPlaceholders(String),
    /// A placeholder and `*` in one part of the path.
    #[error("`{0}` has a placeholder and `*`; a part of a path can have one of them")]
    PlaceholderAndStar(String),
}

impl PathTemplate {
    /// Reads a template such as `docs/features/{feature}/adrs/{name}.md` or `docs/decisions/*.md`.
    ///
    /// # Errors
    /// If a placeholder is unknown, or a part has two or one beside `*`.
    pub fn new(kind: Kind, template: &str) -> Result<Self, TemplateError> {
        let mut parts = template.trim_start_matches("./").split('/').map(part).collect::<Result<Vec<_>, _>>()?;
        // Two `**` in a row match what one does, and cost far more.
        parts.dedup_by(|a, b| matches!((a, b), (Part::Any, Part::Any)));
        let length = (!parts.iter().any(|it| matches!(it, Part::Any))).then_some(parts.len());
        let end = match parts.last() {
            Some(Part::Literal(end) | Part::Capture { suffix: end, .. }) => end.clone(),
            Some(Part::Glob(pieces)) => pieces.last().cloned().unwrap_or_default(),
            Some(Part::Any) | None => String::new(),
        };
        Ok(Self { kind, parts, length, end })
    }

    /// What the template catches of `path`, if it matches.
    pub fn captures(&self, path: &RelPath) -> Option<Captures> {
        let parts: Vec<&str> = path.as_str().split('/').collect();
        self.captures_of(&parts)
    }

    fn captures_of(&self, parts: &[&str]) -> Option<Captures> {
        // Most templates are ruled out by this already.
        if self.length.is_some_and(|it| it != parts.len()) || !parts.last().is_some_and(|it| it.ends_with(&self.end)) {
            return None;
        }
        let mut captures = Captures::default();
        matches(&self.parts, parts, &mut captures).then_some(captures)
    }

    /// The path that the template makes of `captures`; `None` if it needs one that is missing or has a `*` or `**`.
    pub fn path(&self, captures: &Captures) -> Option<RelPath> {
        let parts: Option<Vec<String>> = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Literal(it) => Some(it.clone()),
                Part::Capture { prefix, name, suffix } => captures.get(name).map(|it| format!("{prefix}{it}{suffix}")),
                Part::Glob(_) | Part::Any => None,
            })
            .collect();
        parts.map(|it| RelPath::new(&it.join("/")))
    }

    /// The kind of file that the template describes.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The placeholders it has.
    fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|it| match it {
            Part::Capture { name, .. } => Some(name.as_str()),
            _ => None,
        })
    }
}

impl Captures {
    fn get(&self, name: &str) -> Option<&SmolStr> {
        match name {
            "feature" => self.feature.as_ref(),
            "channel" => self.channel.as_ref(),
            "name" => self.name.as_ref(),
            _ => self.date.as_ref(),
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        let value = Some(SmolStr::new(value));
        match name {
            "feature" => self.feature = value,
            "channel" => self.channel = value,
            "name" => self.name = value,
            _ => self.date = value,
        }
    }
}

fn part(part: &str) -> Result<Part, TemplateError> {
    if part == "**" {
        return Ok(Part::Any);
    }
    let placeholder = part.split_once('{').and_then(|(prefix, rest)| Some((prefix, rest.split_once('}')?)));
    let Some((prefix, (name, suffix))) = placeholder else {
        let pieces: Vec<String> = part.split('*').map(str::to_owned).collect();
        return Ok(if pieces.len() > 1 { Part::Glob(pieces) } else { Part::Literal(part.to_owned()) });
    };
    if part.contains('*') {
        return Err(TemplateError::PlaceholderAndStar(part.to_owned()));
    }
    if suffix.contains('{') {
        return Err(TemplateError::TwoPlaceholders(part.to_owned()));
    }
    if !matches!(name, "feature" | "name" | "channel" | "date") {
        return Err(TemplateError::Placeholder(name.to_owned()));
    }
    Ok(Part::Capture { prefix: prefix.to_owned(), name: name.to_owned(), suffix: suffix.to_owned() })
}

fn matches(template: &[Part], path: &[&str], captures: &mut Captures) -> bool {
    match (template.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((Part::Any, rest)), _) => {
            (0..=path.len()).any(|it| matches(rest, path.get(it..).unwrap_or_default(), captures))
        }
        (Some((Part::Literal(it), rest)), Some((head, tail))) => it == head && matches(rest, tail, captures),
        (Some((Part::Glob(pieces), rest)), Some((head, tail))) => {
            is_glob_of(pieces, head) && matches(rest, tail, captures)
        }
        (Some((Part::Capture { prefix, name, suffix }, rest)), Some((head, tail))) => {
            let Some(value) = head.strip_prefix(prefix.as_str()).and_then(|it| it.strip_suffix(suffix.as_str())) else {
                return false;
            };
            if value.is_empty() || !matches(rest, tail, captures) {
                return false;
            }
            captures.set(name, value);
            true
        }
        _ => false,
    }
}

/// Whether `text` starts with the first piece, ends with the last, and has the others between in order. A hidden file
/// needs its dot in the pattern, as in a shell.
fn is_glob_of(pieces: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = pieces else { return false };
    if first.is_empty() && text.starts_with('.') {
        return false;
    }
    let Some(mut rest) = text.strip_prefix(first.as_str()).and_then(|it| it.strip_suffix(last.as_str())) else {
        return false;
    };
    for piece in middle {
        let Some((_, after)) = rest.split_once(piece.as_str()) else { return false };
        rest = after;
    }
    true
}

/// Where the artifacts of a workspace lie: its path templates, tried in order.
#[derive(Clone, Debug, Default)]
pub struct Layout(Vec<PathTemplate>);

impl Layout {
    /// A layout of these templates; earlier ones win.
    pub fn new(templates: Vec<PathTemplate>) -> Self {
        Self(templates)
    }

    /// The templates, in the order in which they are tried.
    pub fn templates(&self) -> &[PathTemplate] {
        &self.0
    }

    /// The kind and captures of a path, or `None` if no template matches.
    pub fn classify(&self, path: &RelPath) -> Option<(Kind, Captures)> {
        let parts: Vec<&str> = path.as_str().split('/').collect();
        let found = self.0.iter().find_map(|it| it.captures_of(&parts).map(|captures| (it, captures)));
        let (template, captures) = found?;
        (!is_helper(template, path, &captures)).then_some((template.kind, captures))
    }

    /// Where an artifact of `kind` with these captures belongs: the first template whose placeholders are all known,
    /// with preference for the one that uses the feature.
    pub fn place(&self, kind: Kind, captures: &Captures) -> Option<RelPath> {
        let candidates = || self.0.iter().filter(|it| it.kind == kind);
        let uses_feature =
            |it: &&PathTemplate| it.placeholders().any(|it| it == "feature") == captures.feature.is_some();
        candidates()
            .filter(uses_feature)
            .find_map(|it| it.path(captures))
            .or_else(|| candidates().find_map(|it| it.path(captures)))
    }
}

/// Names of files that help a folder of artifacts along without being one: its index, its template.
const HELPERS: [&str; 8] =
    ["readme", "index", "_index", "changelog", "template", "_template", "adr-template", "0000-template"];

fn is_helper(template: &PathTemplate, path: &RelPath, captures: &Captures) -> bool {
    let by_star = matches!(template.parts.last(), Some(Part::Glob(_) | Part::Any)).then(|| path.stem());
    let name = captures.name.as_deref().or(captures.date.as_deref()).or(by_star);
    name.is_some_and(is_helper_name)
}

/// Whether a file of this name, without its extension, helps a folder of artifacts along without being one.
pub fn is_helper_name(name: &str) -> bool {
    HELPERS.iter().any(|it| it.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conventions::config::Config;

    #[test]
    fn a_template_catches_its_placeholders_and_makes_the_path_again() {
        let template = PathTemplate::new(Kind::Contract, "docs/features/{feature}/contracts/{channel}.md").unwrap();
        let path = RelPath::new("docs/features/order-checkout/contracts/orders.placed.v1.md");
        let captures = template.captures(&path).unwrap();
        assert_eq!(captures.feature.as_deref(), Some("order-checkout"));
        assert_eq!(captures.channel.as_deref(), Some("orders.placed.v1"));
        assert_eq!(template.path(&captures), Some(path));
        assert_eq!(template.captures(&RelPath::new("docs/features/x/y/contracts/a.md")), None);
    }

    #[test]
    fn two_stars_match_any_depth() {
        let template = PathTemplate::new(Kind::Adr, "**/decisions/{name}.md").unwrap();
        for path in ["decisions/1.md", "a/b/decisions/1.md"] {
            assert_eq!(template.captures(&RelPath::new(path)).and_then(|it| it.name).as_deref(), Some("1"));
        }
    }

    #[test]
    fn the_index_and_the_template_of_a_folder_are_no_artifacts() {
        let kind = |path: &str| Config::default().layout().classify(&RelPath::new(path)).map(|it| it.0);
        assert_eq!(kind("docs/system/adrs/README.md"), None);
        assert_eq!(kind("docs/system/adrs/0000-template.md"), None);
        assert_eq!(kind("docs/features/a/README.md"), Some(Kind::FeatureReadme));
        assert_eq!(kind("docs/system/adrs/0000-record-decisions.md"), Some(Kind::Adr));
    }

    #[test]
    fn one_star_matches_a_part_or_a_piece_of_it_and_catches_nothing() {
        let matches =
            |template: &str, path: &str| PathTemplate::new(Kind::Adr, template).unwrap().captures(&RelPath::new(path));
        for (template, path) in [
            ("docs/decisions/*.md", "docs/decisions/0001-x.md"),
            ("docs/*/adr-*-*.md", "docs/any/adr-1-x.md"),
            ("*", "a.md"),
            ("**/adr/*.md", "adr/1.md"),
            ("docs/.*/x.md", "docs/.hidden/x.md"),
        ] {
            assert_eq!(matches(template, path), Some(Captures::default()), "{template} {path}");
        }
        for (template, path) in [
            ("docs/decisions/*.md", "docs/decisions/old/0001-x.md"),
            ("docs/decisions/*.md", "docs/decisions/x.txt"),
            ("docs/decisions/*.md", "docs/decisions/.x.md"),
            ("ab*ba.md", "aba.md"),
            ("*a*b*", "ba"),
        ] {
            assert_eq!(matches(template, path), None, "{template} {path}");
        }
        let mixed = matches("docs/*/{feature}/adrs/*.md", "docs/team/shop/adrs/1.md").unwrap();
        assert_eq!(mixed.feature.as_deref(), Some("shop"));
        let place = PathTemplate::new(Kind::Adr, "docs/decisions/*.md").unwrap();
        assert_eq!(place.path(&Captures { name: Some("1".into()), ..Captures::default() }), None);
    }

    #[test]
    fn a_placeholder_and_a_star_in_one_part_are_refused() {
        let error = PathTemplate::new(Kind::Adr, "docs/{name}-*.md").unwrap_err();
        assert_eq!(error.to_string(), "`{name}-*.md` has a placeholder and `*`; a part of a path can have one of them");
    }

    #[test]
    fn a_glob_in_the_configuration_names_a_folder_of_decisions() {
        let (config, problems) = Config::parse("[layout]\nadr = [\"decisions/*.md\"]\n");
        assert_eq!(problems, []);
        let kind = |path: &str| config.layout().classify(&RelPath::new(path)).map(|it| it.0);
        assert_eq!(kind("decisions/0001-x.md"), Some(Kind::Adr));
        assert_eq!(kind("decisions/README.md"), None);
        assert_eq!(kind("docs/system/catalog.md"), Some(Kind::Catalog));
    }

    #[test]
    fn an_unknown_placeholder_is_named() {
        assert_eq!(PathTemplate::new(Kind::Adr, "{what}.md").unwrap_err(), TemplateError::Placeholder("what".into()));
    }
}
