//! Resources: the artifacts of the workspace, and the cards, checklists and rules of the knowledge base, by their
//! `archwright://` addresses.

use archwright_analysis::{
    RelPath,
    explain::{Explainable, ExplanationKind, explain, explainable},
};
use archwright_syntax::nearest;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use rmcp::{
    ErrorData,
    model::{
        CompleteRequestParams, CompleteResult, CompletionInfo, ListResourceTemplatesResult, ListResourcesResult,
        Reference, Resource, ResourceContents, ResourceTemplate,
    },
};

use crate::{
    session::Open,
    text::{sanitize, shorten},
};

const SCHEME: &str = "archwright://";

/// What stands behind the scheme, by what is addressed.
const ARTIFACT: &str = "artifact/";
const CARD: &str = "card/";
const RULE: &str = "rule/";

/// The templates, the argument of each, and what it is about.
const TEMPLATES: [(&str, &str, &str, &str); 3] = [
    (
        "archwright://artifact/{+path}",
        "path",
        "artifact",
        "A design document, contract, schema or the like, by its path.",
    ),
    (
        "archwright://card/{name}",
        "name",
        "card",
        "A card of a pattern, a failure mode, a platform or another kind, or a checklist: `transactional-outbox`.",
    ),
    ("archwright://rule/{+code}", "code", "rule", "What a rule finds and how it is mended: `link/dead-target`."),
];

/// So many resources are on a page of the list.
const PAGE: usize = 100;

/// A longer artifact is not read through this server: clients would cut it, and nobody would know where. In bytes.
const MOST_BYTES: usize = 256 * 1024;

/// What an address keeps as it is, beside letters and digits: what a path may hold.
const KEPT: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`').add(b'{').add(b'}');

/// What an address means.
#[derive(Debug, PartialEq, Eq)]
pub enum Address {
    /// A file of the workspace.
    Artifact(String),
    /// A part of the knowledge base.
    Known(String),
}

/// An artifact of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    path: RelPath,
    kind: &'static str,
    size: usize,
}

/// The artifacts of the workspace, by their paths.
pub fn artifacts(open: &mut Open) -> Vec<Artifact> {
    let workspace = &open.workspace;
    let all = workspace.files().filter_map(|it| workspace.facts(it));
    let artifacts = all.filter(|it| it.kind.is_artifact() && it.unreadable.is_none());
    let mut artifacts: Vec<Artifact> =
        artifacts.map(|it| Artifact { path: it.path.clone(), kind: it.kind.noun(), size: it.text.len() }).collect();
    artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    artifacts
}

/// A page of the list: the checklists and cards, then the artifacts. What is only a name or a rule, templates tell.
///
/// The cursor is the address that came last, so that files that come and go shift nothing.
pub fn list(artifacts: &[Artifact], cursor: Option<&str>) -> ListResourcesResult {
    let cards: Vec<Explainable> = explainable().filter(|it| it.is_long && it.kind != ExplanationKind::Rule).collect();
    let is_last = |it: &Explainable| cursor.and_then(|it| it.strip_prefix(SCHEME)?.strip_prefix(CARD)) == Some(it.id);
    // Artifacts are in the order of their paths: one that is gone leaves its place.
    let path = cursor.and_then(|it| address(it).ok()).and_then(|it| match it {
        Address::Artifact(path) => Some(RelPath::new(&path)),
        Address::Known(_) => None,
    });
    let start = match path {
        Some(path) => cards.len() + artifacts.partition_point(|it| it.path <= path),
        None => cards.iter().position(is_last).map_or(0, |it| it + 1),
    };
    let resources = cards.iter().skip(start).map(card);
    let page: Vec<Resource> =
        resources.chain(artifacts.iter().skip(start.saturating_sub(cards.len())).map(file)).take(PAGE).collect();
    let has_more = start + page.len() < cards.len() + artifacts.len();
    let next = page.last().filter(|_| has_more).map(|it| it.uri.clone());
    let mut list = ListResourcesResult::with_all_items(page);
    list.next_cursor = next;
    list
}

fn card(it: &Explainable) -> Resource {
    let resource = Resource::new(format!("{SCHEME}{CARD}{}", it.id), it.id).with_title(it.title);
    resource.with_description(it.about).with_mime_type("text/markdown")
}

fn file(it: &Artifact) -> Resource {
    let name = sanitize(it.path.as_str()).into_owned();
    let resource = Resource::new(format!("{SCHEME}{ARTIFACT}{}", encoded(it.path.as_str())), name);
    resource.with_description(it.kind).with_mime_type(mime(&it.path)).with_size(it.size as u64)
}

/// The templates of addresses.
pub fn templates() -> ListResourceTemplatesResult {
    let template = |(uri, _, name, about): (&str, &str, &str, &str)| {
        ResourceTemplate::new(uri, name).with_title(name).with_description(about)
    };
    ListResourceTemplatesResult::with_all_items(TEMPLATES.into_iter().map(template).collect())
}

/// What an address means.
///
/// # Errors
/// If it is none of ours.
pub fn address(uri: &str) -> Result<Address, ErrorData> {
    let decoded = |it: &str| percent_decode_str(it).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    let rest = uri.strip_prefix(SCHEME);
    let read = |lead: &str| rest.and_then(|it| it.strip_prefix(lead)).and_then(decoded).filter(|it| !it.is_empty());
    if let Some(path) = read(ARTIFACT) {
        return Ok(Address::Artifact(path));
    }
    if let Some(name) = read(CARD).or_else(|| read(RULE)) {
        return Ok(Address::Known(name));
    }
    let known: Vec<&str> = TEMPLATES.iter().map(|it| it.0).collect();
    Err(missing(uri, &format!("addresses are {}", known.join(", "))))
}

/// A card, a checklist or a rule.
///
/// # Errors
/// If there is none of this name.
pub fn known(uri: &str, name: &str) -> Result<ResourceContents, ErrorData> {
    let found = explain(name).map_err(|error| missing(uri, &error.to_string()))?;
    Ok(ResourceContents::text(found.markdown, uri).with_mime_type("text/markdown"))
}

/// An artifact. Only files that the workspace knows as such can be read, so no address leads out of it.
///
/// # Errors
/// If there is none at this path, or it is too long.
pub fn artifact(open: &mut Open, uri: &str, path: &str) -> Result<ResourceContents, ErrorData> {
    let workspace = &open.workspace;
    let wanted = RelPath::new(path);
    let file = workspace.file(&wanted).filter(|_| !wanted.escapes() && !path.starts_with('/'));
    let is_artifact = file.and_then(|it| workspace.facts(it)).is_some_and(|it| it.kind.is_artifact());
    let Some(text) = file.filter(|_| is_artifact).and_then(|it| workspace.text(it)) else {
        let artifacts = artifacts(open);
        let near = nearest(path, artifacts.iter().map(|it| it.path.as_str()));
        let near = near.map_or(String::new(), |it| format!("; did you mean `{it}`?"));
        return Err(missing(uri, &format!("there is no artifact of this path in the workspace{near}")));
    };
    if text.len() > MOST_BYTES {
        let why = format!("it has {} bytes; read the file itself, in parts", text.len());
        return Err(ErrorData::invalid_params(format!("`{}`: {why}.", sanitize(&shorten(uri, 200))), None));
    }
    Ok(ResourceContents::text(sanitize(&text).into_owned(), uri).with_mime_type(mime(&wanted)))
}

/// Whether a completion can only be answered by the workspace.
pub fn asks_for_artifacts(request: &CompleteRequestParams) -> bool {
    argument_of(request) == Some("path")
}

/// The argument that is completed, if it is one of a template.
fn argument_of(request: &CompleteRequestParams) -> Option<&'static str> {
    let Reference::Resource(reference) = &request.r#ref else { return None };
    let template = TEMPLATES.iter().find(|it| it.0 == reference.uri && it.1 == request.argument.name)?;
    Some(template.1)
}

/// What an argument could be: those that begin with what is written, then those that hold it.
pub fn complete(request: &CompleteRequestParams, artifacts: &[Artifact]) -> CompleteResult {
    let known = |is: fn(&Explainable) -> bool| explainable().filter(is).map(|it| it.id.to_owned()).collect();
    let all: Vec<String> = match argument_of(request) {
        Some("path") => artifacts.iter().map(|it| sanitize(it.path.as_str()).into_owned()).collect(),
        Some("code") => known(|it| it.kind == ExplanationKind::Rule),
        Some(_) => known(|it| it.kind != ExplanationKind::Rule),
        None => Vec::new(),
    };
    let written = request.argument.value.trim().to_lowercase();
    let begins = all.iter().filter(|it| it.to_lowercase().starts_with(&written));
    let holds =
        all.iter().filter(|it| !it.to_lowercase().starts_with(&written) && it.to_lowercase().contains(&written));
    let found: Vec<String> = begins.chain(holds).cloned().collect();
    let total = u32::try_from(found.len()).ok();
    let has_more = found.len() > CompletionInfo::MAX_VALUES;
    let values = found.into_iter().take(CompletionInfo::MAX_VALUES).collect();
    CompleteResult::new(CompletionInfo::with_pagination(values, total, has_more).unwrap_or_default())
}

fn missing(uri: &str, why: &str) -> ErrorData {
    let uri = shorten(uri, 200);
    ErrorData::resource_not_found(sanitize(&format!("There is no resource `{uri}`: {why}")).into_owned(), None)
}

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, KEPT).to_string()
}

fn mime(path: &RelPath) -> &'static str {
    match path.extension() {
        "md" | "markdown" => "text/markdown",
        "json" | "avsc" => "application/json",
        "yaml" | "yml" => "application/yaml",
        _ => "text/plain",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_others_refused() {
        let artifact = |it: &str| Address::Artifact(it.to_owned());
        assert_eq!(address("archwright://artifact/docs/a%20b.md").unwrap(), artifact("docs/a b.md"));
        assert_eq!(address("archwright://card/outbox").unwrap(), Address::Known("outbox".to_owned()));
        assert_eq!(
            address("archwright://rule/link/dead-target").unwrap(),
            Address::Known("link/dead-target".to_owned())
        );
        for wrong in ["", "file:///etc/passwd", "archwright://", "archwright://artifact/", "archwright://secret/x"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_page_goes_on_where_the_last_one_ended() {
        let file = |it: usize| Artifact { path: RelPath::new(&format!("docs/{it:03}.md")), kind: "design", size: 1 };
        let mut files: Vec<Artifact> = (0..250).map(file).collect();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = list(&files, cursor.as_deref());
            seen.extend(page.resources.into_iter().map(|it| it.uri));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let all: std::collections::BTreeSet<&String> = seen.iter().collect();
        assert!(seen.len() > 250 && all.len() == seen.len(), "{}", seen.len());
        assert_eq!(seen.last().map(String::as_str), Some("archwright://artifact/docs/249.md"));
        // What is gone meanwhile leaves its place.
        files.remove(120);
        let page = list(&files, Some("archwright://artifact/docs/120.md"));
        assert_eq!(page.resources.first().map(|it| it.uri.as_str()), Some("archwright://artifact/docs/121.md"));
    }
}
