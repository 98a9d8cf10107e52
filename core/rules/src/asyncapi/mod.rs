//! `asyncapi/*`: what the checks of `archwright-asyncapi` say of AsyncAPI documents, one rule per check.
//!
//! The checks run once per document and every rule picks its own, so a rule here is a page and the catalogue rows it
//! carries.

use archwright_asyncapi::{Diagnostic, Documents, Opened, checks, terms::Terms, validate};
use archwright_engine::store::{Declared, Referenced};
use archwright_model::facts::{counts_from_nothing, file_of_reference, split_reference};
use archwright_syntax::data::Tree;
use elsa::FrozenMap;
use percent_encoding::percent_decode_str;

use crate::prelude::*;

/// What a check needs to be a rule.
struct Page {
    check: &'static str,
    text: &'static str,
}

macro_rules! pages {
    ($($check:literal $file:literal)*) => {
        &[$(Page { check: $check, text: include_str!($file) }),*]
    };
}

/// The pages of the checks, by name.
static PAGES: &[Page] = pages![
    "address-with-query" "address_with_query.md"
    "avro-example-mismatch" "avro_example_mismatch.md"
    "channel-outside-root" "channel_outside_root.md"
    "channel-trailing-slash" "channel_trailing_slash.md"
    "conflicting-reply-address" "conflicting_reply_address.md"
    "dangling-reference" "dangling_reference.md"
    "default-mismatch" "default_mismatch.md"
    "default-outside-enum" "default_outside_enum.md"
    "duplicate-address" "duplicate_address.md"
    "duplicate-enum-value" "duplicate_enum_value.md"
    "duplicate-message-id" "duplicate_message_id.md"
    "duplicate-operation-id" "duplicate_operation_id.md"
    "duplicate-tag" "duplicate_tag.md"
    "empty-parameter" "empty_parameter.md"
    "empty-variable" "empty_variable.md"
    "example-host" "example_host.md"
    "example-mismatch" "example_mismatch.md"
    "example-outside-enum" "example_outside_enum.md"
    "foreign-message" "foreign_message.md"
    "headers-not-object" "headers_not_object.md"
    "impossible-range" "impossible_range.md"
    "incomplete-contact" "incomplete_contact.md"
    "invalid-avro-schema" "invalid_avro_schema.md"
    "invalid-pattern" "invalid_pattern.md"
    "invalid-protobuf-schema" "invalid_protobuf_schema.md"
    "invalid-schema" "invalid_schema.md"
    "malformed-host" "malformed_host.md"
    "malformed-value" "malformed_value.md"
    "mismatched-enum-value" "mismatched_enum_value.md"
    "misplaced-reference" "misplaced_reference.md"
    "missing-contact" "missing_contact.md"
    "missing-default-content-type" "missing_default_content_type.md"
    "missing-field" "missing_field.md"
    "missing-id" "missing_id.md"
    "missing-info-description" "missing_info_description.md"
    "missing-license" "missing_license.md"
    "missing-license-url" "missing_license_url.md"
    "missing-message-id" "missing_message_id.md"
    "missing-operation-description" "missing_operation_description.md"
    "missing-operation-id" "missing_operation_id.md"
    "missing-parameter-description" "missing_parameter_description.md"
    "missing-servers" "missing_servers.md"
    "missing-tag-description" "missing_tag_description.md"
    "missing-tags" "missing_tags.md"
    "outdated-version" "outdated_version.md"
    "plaintext-credentials" "plaintext_credentials.md"
    "redundant-bound" "redundant_bound.md"
    "reference-cycle" "reference_cycle.md"
    "reference-siblings" "reference_siblings.md"
    "remote-reference" "remote_reference.md"
    "schema-example-mismatch" "schema_example_mismatch.md"
    "second-document" "second_document.md"
    "server-outside-root" "server_outside_root.md"
    "server-trailing-slash" "server_trailing_slash.md"
    "undeclared-scope" "undeclared_scope.md"
    "undefined-discriminator" "undefined_discriminator.md"
    "undefined-parameter" "undefined_parameter.md"
    "undefined-required-property" "undefined_required_property.md"
    "undefined-security-scheme" "undefined_security_scheme.md"
    "undefined-server" "undefined_server.md"
    "undefined-variable" "undefined_variable.md"
    "undescribed-parameter" "undescribed_parameter.md"
    "unexpected-scopes" "unexpected_scopes.md"
    "unknown-field" "unknown_field.md"
    "unknown-value" "unknown_value.md"
    "unresolved-location" "unresolved_location.md"
    "unsorted-tags" "unsorted_tags.md"
    "unsupported-schema-format" "unsupported_schema_format.md"
    "unsupported-version" "unsupported_version.md"
    "unused-component" "unused_component.md"
    "unused-parameter" "unused_parameter.md"
    "unused-security-scheme" "unused_security_scheme.md"
    "unused-variable" "unused_variable.md"
    "wrong-reference-target" "wrong_reference_target.md"
    "wrong-type" "wrong_type.md"
];

/// AsyncAPI files in the repository (A-235), one per event API (A-197).
const SOURCES: &[&str] = &["A-197", "A-235"];
/// The row on encryption.
const ENCRYPTED: &[&str] = &["A-207"];

/// The rules, one per check. They live as long as the program.
pub(super) fn rules() -> Vec<&'static Rule> {
    let page = |name: &str| PAGES.iter().find(|it| it.check == name).map_or("", |it| it.text);
    let rule = |check: archwright_asyncapi::Check| -> &'static Rule {
        let page = page(check.name);
        Box::leak(Box::new(Rule {
            code: Box::leak(format!("asyncapi/{}", check.name).into_boxed_str()),
            severity: severity(check.severity),
            summary: check.summary,
            applies_to: &[Kind::Asyncapi],
            any_dialect: true,
            optional: check.optional,
            same_as: check.same_as,
            sources: if check.name == "plaintext-credentials" { ENCRYPTED } else { SOURCES },
            page,
            check: report,
            // A page that shows no fixed example promises no fix.
            fix: page.contains("````fixed").then_some(fix),
            ..Rule::OURS
        }))
    };
    checks().iter().map(|it| rule(*it)).collect()
}

fn severity(of: archwright_asyncapi::Severity) -> Severity {
    match of {
        archwright_asyncapi::Severity::Error => Severity::Error,
        archwright_asyncapi::Severity::Warning => Severity::Warning,
        archwright_asyncapi::Severity::Info => Severity::Info,
        archwright_asyncapi::Severity::Hint => Severity::Hint,
    }
}

fn report(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.facts().asyncapi() else { return };
    let diagnostics = cx.shared(|| {
        let files = Files { cx, folder: cx.facts().path.parent(), opened: FrozenMap::new(), texts: FrozenMap::new() };
        let mut found = validate(&document.tree, &files);
        found.extend(cut_messages(&document.terms));
        found
    });
    let name = reporter.rule().name();
    for Diagnostic { span, message, replacement, severity: own, .. } in diagnostics.iter().filter(|it| it.check == name)
    {
        let finding = reporter.report(*span, sentence(message));
        // A check may mind some things less than others.
        if finding.severity == finding.rule.severity {
            finding.severity = severity(*own);
        }
        finding.fixable = finding.fixable && replacement.is_some();
        finding.data = replacement.clone().unwrap_or_default();
    }
}

/// What is said of messages with more fields than are read.
fn cut_messages(terms: &Terms) -> Option<Diagnostic> {
    let mut cut = terms.messages.iter().filter(|it| it.headers.is_cut || it.payload.is_cut);
    let first = cut.next()?;
    let others = match cut.count() {
        0 => String::new(),
        count => format!(" So it is with {count} more messages."),
    };
    Some(Diagnostic {
        check: "invalid-schema",
        severity: archwright_asyncapi::Severity::Info,
        span: first.name.span,
        message: format!(
            "Some fields of `{}` are left out, because there are too many or they nest too deep: no rule looks at \
            them.{others} Split the message, or the document.",
            first.name.text
        ),
        replacement: None,
    })
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    let fix = edit_here(cx, format!("Write `{}`", finding.data), vec![edit]);
    // What the specification forbids cannot be meant; of anything else people decide.
    fix.map(|it| Fix { preferred: finding.rule.severity == Severity::Error, ..it }).into_iter().collect()
}

/// The files beside a document, as its checks see them.
struct Files<'c, 'a> {
    cx: &'c Context<'a>,
    folder: RelPath,
    opened: FrozenMap<RelPath, std::sync::Arc<Tree>>,
    texts: FrozenMap<RelPath, std::sync::Arc<str>>,
}

impl Documents for Files<'_, '_> {
    fn open(&self, reference: &str) -> Opened<'_> {
        if reference.starts_with('/') {
            return Opened::Unknown;
        }
        // A folder is no document.
        if reference.ends_with('/') {
            let path = self.folder.join(reference.trim_end_matches('/'));
            return if matches!(self.cx.referenced(&path), Referenced::Folder) {
                Opened::Folder
            } else {
                Opened::Missing
            };
        }
        let path = self.folder.join(reference);
        if path == self.cx.facts().path {
            return self.cx.facts().asyncapi().map_or(Opened::Unknown, |it| Opened::Tree(&it.tree));
        }
        if let Some(tree) = self.opened.get(&path) {
            return Opened::Tree(tree);
        }
        match self.cx.referenced(&path) {
            Referenced::Tree(tree) => Opened::Tree(self.opened.insert(path, tree)),
            Referenced::Other => Opened::Other,
            Referenced::Folder => Opened::Folder,
            Referenced::Outside => Opened::Unknown,
            Referenced::Missing if self.cx.is_made(&path) => Opened::Unknown,
            Referenced::Missing => Opened::Missing,
        }
    }

    fn way_from_root(&self, reference: &str) -> Option<String> {
        let (path, fragment) = reference.split_once('#').map_or((reference, ""), |it| (it.0, it.1));
        let below = percent_decode_str(path.trim_start_matches('/')).decode_utf8().ok().filter(|it| !it.is_empty())?;
        // Whatever serves it has the workspace for its root, or a folder around the document.
        let mut folder = self.folder.clone();
        let mut found = Vec::new();
        loop {
            let path = folder.join(&below);
            if matches!(self.cx.referenced(&path), Referenced::Tree(_) | Referenced::Other) && !found.contains(&path) {
                found.push(path);
            }
            if folder.as_str().is_empty() {
                break;
            }
            folder = folder.parent();
        }
        let way = found.pop().filter(|_| found.is_empty())?.relative_to(&self.folder);
        let hash = if reference.contains('#') { "#" } else { "" };
        Some(format!("{way}{hash}{fragment}"))
    }

    fn used_elsewhere(&self) -> Option<Vec<String>> {
        let own = &self.cx.facts().path;
        let mut fragments = Vec::new();
        // What is named by its `$id` is not told apart.
        let addresses = self.cx.facts().entries.iter().filter_map(|it| match &it.key {
            Key::Identified(name) => Some(Key::Addressed(name.clone())),
            _ => None,
        });
        if addresses.into_iter().any(|it| self.cx.files(it).iter().any(|it| it.facts.path != *own)) {
            return None;
        }
        for FileRef { facts, .. } in self.cx.files(Key::References(own.clone())) {
            // Prose links to documents and uses nothing of them.
            if facts.path == *own || facts.document().is_some() {
                continue;
            }
            // What other files refer to is not kept.
            let references = &facts.asyncapi()?.outline.references;
            let leads =
                references.iter().filter(|it| file_of_reference(&facts.path, &it.target.text).as_ref() == Some(own));
            for reference in leads {
                let (_, fragment) = split_reference(&reference.target.text);
                // Whoever takes all of it may use all of it.
                if fragment.trim_matches('/').is_empty() || fragment == "/components" {
                    return None;
                }
                fragments.push(fragment.to_owned());
            }
        }
        Some(fragments)
    }

    fn declares(&self, file: &str, name: &str) -> bool {
        let path = self.folder.join(file);
        let (namespace, simple) = name.rsplit_once('.').unwrap_or(("", name));
        // A type of a namespace that the file is not of may come from another repository.
        let text = self.cx.text_below(&path);
        if !namespace.is_empty() && !text.is_some_and(|it| it.contains(&format!("\"{namespace}\""))) {
            return true;
        }
        let is_declared = |name: &str| {
            self.cx.files(Key::TypeAnywhere(name.into())).iter().any(|it| it.facts.path != path)
                || self.cx.files(Key::Type(path.parent(), name.into())).iter().any(|it| it.facts.path != path)
        };
        is_declared(simple) || is_declared(name)
    }

    fn declared(&self, address: &str) -> archwright_asyncapi::Declared {
        let name =
            if counts_from_nothing(address) { address.into() } else { self.folder.join(address).as_str().into() };
        match self.cx.declared(&name) {
            Declared::Nowhere => archwright_asyncapi::Declared::Nowhere,
            Declared::In(_, path) => archwright_asyncapi::Declared::In(path.relative_to(&self.folder)),
            Declared::Several => archwright_asyncapi::Declared::Several,
        }
    }

    fn text(&self, reference: &str) -> Option<&str> {
        let path = self.folder.join(reference);
        match self.texts.get(&path) {
            Some(text) => Some(text),
            None => Some(self.texts.insert(path.clone(), self.cx.referenced_text(&path)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_that_other_files_use_are_used() {
        let document = "asyncapi: 3.0.0\ninfo: { title: Parts, version: 1.0.0 }\n\
            components:\n  schemas:\n    Order: { properties: { line: { $ref: '#/components/schemas/Line' } } }\n    \
            Line: { type: object }\n    Money: { type: object }\n";
        let found = |other: &str| {
            let fixture = crate::fixture::Fixture::new(&format!("//- /apis/parts.yaml\n{document}{other}"));
            let workspace = fixture.open();
            let file = workspace.file(&RelPath::new("apis/parts.yaml")).unwrap();
            let unused = workspace.findings(file).iter().filter(|it| it.rule.code == "asyncapi/unused-component");
            unused.map(|it| it.span.of(document).to_owned()).collect::<Vec<_>>()
        };
        let user = |target: &str| {
            format!(
                "//- /apis/orders.yaml\nasyncapi: 3.0.0\ninfo: {{ title: Orders, version: 1.0.0 }}\n\
                channels:\n  placed: {{ address: a, messages: {{ M: {{ payload: {{ $ref: '{target}' }} }} }} }}\n"
            )
        };
        assert_eq!(found(""), ["Order", "Money"]);
        assert_eq!(found(&user("./parts.yaml#/components/schemas/Order")), ["Money"]);
        assert_eq!(found(&user("parts.yaml")), [""; 0]);
        assert_eq!(
            found("//- /apis/list.json\n{\"a\": {\"$ref\": \"parts.yaml#/components/schemas/Money\"}}\n"),
            [""; 0]
        );
        assert_eq!(found("//- /docs/a.md\n# A\n\n[parts](../apis/parts.yaml)\n"), ["Order", "Money"]);
    }

    #[test]
    fn a_type_that_no_schema_declares_is_told_behind_a_reference_as_well() {
        let found = |payload: &str, format: &str, version: &str, files: &str| {
            let channels = match version {
                "2.6.0" => format!("{{ a: {{ publish: {{ message: {{ payload: {payload}{format} }} }} }} }}"),
                _ => format!("{{ a: {{ address: a, messages: {{ M: {{ payload: {payload} }} }} }} }}"),
            };
            let info = "{ title: Orders, version: 1.0.0 }";
            let text = format!("//- /a.yaml\nasyncapi: {version}\ninfo: {info}\nchannels: {channels}\n{files}");
            let fixture = crate::fixture::Fixture::new(&text);
            let workspace = fixture.open();
            let file = workspace.file(&RelPath::new("a.yaml")).unwrap();
            let told = workspace.findings(file).iter().filter(|it| it.rule.code == "asyncapi/invalid-avro-schema");
            told.map(|it| it.message.to_string()).collect::<Vec<_>>()
        };
        let record = |name: &str, ty: &str| {
            let fields = format!("[{{\"name\": \"a\", \"type\": \"{ty}\"}}]");
            format!("{{\"type\": \"record\", \"name\": \"{name}\", \"fields\": {fields}}}\n")
        };
        let wrong = format!("//- /r.avsc\n{}", record("R", "strng"));
        let avro = "'application/vnd.apache.avro;version=1.9.0'";
        let in_3 = format!("{{ schemaFormat: {avro}, schema: {{ $ref: ./r.avsc }} }}");
        let in_2 = format!(", schemaFormat: {avro}");
        for (payload, format, version) in [(in_3.as_str(), "", "3.0.0"), ("{ $ref: ./r.avsc }", in_2.as_str(), "2.6.0")]
        {
            let told = found(payload, format, version, &wrong);
            assert!(told.len() == 1 && told[0].contains("`strng` is no type"), "{version}: {told:?}");
            // Another schema declares it, in whatever folder, or it is of another namespace.
            let other = format!("{wrong}//- /x/other.avsc\n{}", record("strng", "int"));
            assert_eq!(found(payload, format, version, &other), [""; 0], "{version}");
            let foreign = format!("//- /r.avsc\n{}", record("R", "other.strng"));
            assert_eq!(found(payload, format, version, &foreign), [""; 0], "{version}");
        }
    }

    #[test]
    fn references_that_can_lead_to_no_object_are_told() {
        let found = |target: &str| {
            let text = format!(
                "//- /self.yaml\nasyncapi: 3.0.0\ninfo: {{ title: Orders, version: 1.0.0 }}\nchannels:\n  a: {{ address: \
                 a, messages: {{ M: {{ $ref: '{target}' }} }} }}\ncomponents: {{ messages: {{ M: {{}} }} }}\n\
                 //- /README.md\n# Read me\n//- /sub/a.txt\ntext\n//- /empty.yaml\n\n//- /m.yaml\nname: M\n"
            );
            let fixture = crate::fixture::Fixture::new(&text);
            let workspace = fixture.open();
            let file = workspace.file(&RelPath::new("self.yaml")).unwrap();
            let told = workspace.findings(file).iter().filter(|it| it.rule.code == "asyncapi/dangling-reference");
            told.map(|it| it.message.to_string()).collect::<Vec<_>>()
        };
        for (target, said) in [
            ("./README.md", "is a Markdown document"),
            ("./sub", "`./sub` is a folder"),
            ("./sub/", "`./sub/` is a folder"),
            ("./empty.yaml", "`./empty.yaml` is empty"),
            ("./self.yaml#components/messages/M", "a path in a file begins with `#/`"),
            ("./gone/", "does not exist"),
        ] {
            let told = found(target);
            assert!(told.len() == 1 && told[0].contains(said), "{target}: {told:?}");
        }
        for target in ["./m.yaml", "./self.yaml#/components/messages/M", "./sub/a.txt"] {
            assert_eq!(found(target), [""; 0], "{target}");
        }
    }

    #[test]
    fn every_check_has_a_page_and_every_page_a_check() {
        let mut names: Vec<&str> = PAGES.iter().map(|it| it.check).collect();
        names.sort_unstable();
        let checks: Vec<&str> = checks().iter().map(|it| it.name).collect();
        assert_eq!(names, checks);
    }
}
