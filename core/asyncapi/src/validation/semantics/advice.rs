//! Advice: what a document should say of itself.

use archwright_syntax::data::Node;

use super::super::{Check, Sink};
use super::subject::Subject;
use super::{advice, listed};
use crate::specification::VERSIONS;

const OUTDATED_VERSION: Check = advice(
    "outdated-version",
    "The document does not follow the latest version of the specification.",
    &["asyncapi-latest-version"],
);
const MISSING_ID: Check = advice("missing-id", "The document has no `id`.", &["asyncapi-id"]);
const MISSING_DEFAULT_CONTENT_TYPE: Check = advice(
    "missing-default-content-type",
    "The document has no `defaultContentType`.",
    &["asyncapi-defaultContentType"],
);
const MISSING_SERVERS: Check = advice("missing-servers", "The document has no servers.", &["asyncapi-servers"]);
const MISSING_INFO_DESCRIPTION: Check = advice(
    "missing-info-description",
    "`info` does not say what the application does.",
    &["asyncapi-info-description"],
);
const MISSING_CONTACT: Check =
    advice("missing-contact", "`info` does not say whom to ask.", &["asyncapi-info-contact"]);
const INCOMPLETE_CONTACT: Check = advice(
    "incomplete-contact",
    "The contact lacks a name, a URL or an e-mail address.",
    &["asyncapi-info-contact-properties"],
);
const MISSING_LICENSE: Check = advice("missing-license", "`info` names no license.", &["asyncapi-info-license"]);
const MISSING_LICENSE_URL: Check =
    advice("missing-license-url", "The license does not say where its text is.", &["asyncapi-info-license-url"])
        .optional();

pub(super) const CHECKS: &[Check] = &[
    OUTDATED_VERSION,
    MISSING_ID,
    MISSING_DEFAULT_CONTENT_TYPE,
    MISSING_SERVERS,
    MISSING_INFO_DESCRIPTION,
    MISSING_CONTACT,
    INCOMPLETE_CONTACT,
    MISSING_LICENSE,
    MISSING_LICENSE_URL,
];

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let root = subject.root;
    let Some(version) = root.entry("asyncapi") else { return };
    if let Some((major, minor)) = VERSIONS.last().filter(|it| **it > subject.version) {
        let latest = format!("{major}.{minor}.0");
        let message = format!("`{latest}` is the latest version of the specification");
        // Within 3.x a newer version only adds to the older one.
        let replacement = (subject.version.0 == *major).then_some(latest);
        sink.push_with(&OUTDATED_VERSION, version.value.span(), message, replacement);
    }
    if is_blank(root.get("id")) {
        sink.push(
            &MISSING_ID,
            version.key_span,
            "The document has no `id` that names the application for good, such as a URN",
        );
    }
    if is_blank(root.get("defaultContentType")) {
        let message = "The document has no `defaultContentType`, so that every message must name its own";
        sink.push(&MISSING_DEFAULT_CONTENT_TYPE, version.key_span, message);
    }
    match root.entry("servers") {
        None => sink.push(
            &MISSING_SERVERS,
            version.key_span,
            "The document has no `servers`, so nobody knows where its channels are",
        ),
        Some(servers) if servers.value.is_empty() => {
            sink.push(&MISSING_SERVERS, servers.key_span, "There are no servers in here");
        }
        Some(_) => {}
    }
    info(root, sink);
}

fn info(root: Node<'_>, sink: &mut Sink) {
    let Some(info) = root.entry("info") else { return };
    if is_blank(info.value.get("description")) {
        sink.push(
            &MISSING_INFO_DESCRIPTION,
            info.key_span,
            "`info` has no `description` that says what the application does",
        );
    }
    match info.value.entry("contact").filter(|it| !it.value.is_null()) {
        None => sink.push(&MISSING_CONTACT, info.key_span, "`info` has no `contact` that says whom to ask"),
        Some(contact) => {
            let missing: Vec<_> =
                ["name", "url", "email"].into_iter().filter(|it| is_blank(contact.value.get(it))).collect();
            if !missing.is_empty() {
                sink.push(&INCOMPLETE_CONTACT, contact.key_span, format!("The contact has no {}", listed(missing)));
            }
        }
    }
    match info.value.entry("license").filter(|it| !it.value.is_null()) {
        None => sink.push(&MISSING_LICENSE, info.key_span, "`info` has no `license`, so nobody knows what is allowed"),
        Some(license) if is_blank(license.value.get("url")) => {
            sink.push(&MISSING_LICENSE_URL, license.key_span, "The license has no `url` where its text is");
        }
        Some(_) => {}
    }
}

/// Whether a text is not there or says nothing.
fn is_blank(node: Option<Node<'_>>) -> bool {
    node.is_none_or(|it| it.is_null() || it.as_str().is_some_and(|it| it.trim().is_empty()))
}
