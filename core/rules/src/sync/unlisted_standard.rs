//! `sync/unlisted-standard`: a standard that the documents of a feature follow and its README does not name.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/unlisted-standard",
    severity: Severity::Info,
    summary: "Documents of a feature link a standard that its README does not list among the shared references.",
    applies_to: &[Kind::FeatureReadme],
    sources: &["A-112"],
    page: include_str!("unlisted_standard.md"),
    check,
    ..Rule::OURS
};

/// Where the standards of the platform lie.
const STANDARDS: &str = "docs/system/standards";

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(feature) = &cx.facts().captures.feature else { return };
    let Some(document) = cx.by_role() else { return };
    let Some(section) = document.section(Role::SharedReferences) else { return };
    let folder = RelPath::new(STANDARDS);
    for standard in cx.folder(&folder) {
        let linking = cx.files(Key::References(standard.clone()));
        let is_listed = linking.iter().any(|it| it.id == cx.file());
        let of_feature = |it: &&FileRef| {
            it.facts.captures.feature.as_ref() == Some(feature)
                && matches!(it.facts.kind, Kind::Design | Kind::Contract | Kind::Adr)
        };
        let Some(first) = linking.iter().find(of_feature).filter(|_| !is_listed) else { continue };
        // A link to the folder names all of them.
        let to_folder = cx.files(Key::References(folder.clone()));
        if to_folder.iter().any(|it| it.id == cx.file()) {
            continue;
        }
        let message = format!(
            "`{}` follows `{}`, which is not among the shared references; add a link.",
            first.facts.path.relative_to(&cx.facts().path.parent()),
            standard.name()
        );
        reporter.report(document.tree.section(section).title, message);
    }
}
