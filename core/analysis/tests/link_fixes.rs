//! Fixes of links, over generated workspaces: what `--fix` applies is certain, settles, and hides nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{collections::BTreeSet, fs, path::Path};

use archwright_analysis::{OpenOptions, Root, Workspace, writer};
use archwright_syntax::markdown::{decode_target, parse};
use proptest::prelude::*;

/// More rounds than fixes of links need.
const ROUNDS: usize = 60;

fn open(folder: &Path) -> Workspace {
    archwright_analysis::open(OpenOptions::batch(Root::Folder(folder.to_path_buf())), &|_| {}).unwrap()
}

/// File, rule and message of every finding.
fn findings(workspace: &Workspace) -> BTreeSet<(String, &'static str, String)> {
    let of = |file| {
        let path = workspace.path(file).to_string();
        workspace.findings(file).iter().map(move |it| (path.clone(), it.rule.code, it.message.to_string()))
    };
    workspace.files().flat_map(of).collect()
}

/// Applies what is certain until nothing is left of it.
fn fix(folder: &Path) {
    for _ in 0..ROUNDS {
        let workspace = open(folder);
        let mut fixes = workspace.files().flat_map(|file| {
            let fixes = workspace.findings(file).iter().map(move |it| (file, it));
            fixes.collect::<Vec<_>>()
        });
        let next = fixes.find_map(|(file, it)| workspace.fixes(file, it).into_iter().find(|it| it.preferred));
        let Some(next) = next else { return };
        writer::apply(folder, &next.edit).unwrap();
    }
}

/// The decoded destinations of the links of a text.
fn destinations(text: &str) -> Vec<String> {
    parse(text).links.iter().map(|it| decode_target(it.target.of(text)).into_owned()).collect()
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The text of a document with one link, after `--fix`.
fn fixed(files: &[(&str, &str)], from: &str, destination: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "archwright.toml", "[links]\ncheck = \"all\"\n");
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    write(folder.path(), from, &format!("# Document\n\n[x]({destination})\n"));
    fix(folder.path());
    let text = fs::read_to_string(folder.path().join(from)).unwrap();
    let destination = text.split_once("](").unwrap().1;
    destination.rsplit_once(')').unwrap().0.to_owned()
}

#[test]
fn only_what_can_be_nothing_else_is_written() {
    let files: &[(&str, &str)] = &[
        ("README.md", "# Read me\n"),
        ("docs/runbooks/consumer-lag.md", "# Lag\n\n## Decision 1\n"),
        ("docs/runbooks/plan-2026-05-15.md", "# Plan\n"),
        ("docs/adrs/0007-use-an-outbox.md", "# Use an outbox\n"),
        ("docs/adrs/0009-template.md", "# Template\n"),
        ("docs/notes (old)/big picture.md", "# Big\n"),
        ("docs/a/unit-tests.md", "# A\n"),
        ("docs/b/unit-tests.md", "# B\n"),
    ];
    for (from, destination, after) in [
        // Certain.
        ("docs/x.md", "runbooks/Consumer_Lag.md", "runbooks/consumer-lag.md"),
        ("docs/x.md", "guides/consumer-lag.md", "runbooks/consumer-lag.md"),
        ("docs/x.md", "./guides/consumer-lag.md#lag", "./runbooks/consumer-lag.md#lag"),
        ("docs/x.md", "/guides/consumer-lag.md", "/docs/runbooks/consumer-lag.md"),
        ("docs/deep/er/x.md", "../runbooks/consumer-lag.md", "../../runbooks/consumer-lag.md"),
        ("docs/x.md", "adrs/0003-use-an-outbox.md", "adrs/0007-use-an-outbox.md"),
        ("docs/x.md", "notes/big%20picture.md", "notes%20%28old%29/big%20picture.md"),
        // Guesses, and things that are gone.
        ("docs/x.md", "../openapi/README.md", "../openapi/README.md"),
        ("docs/x.md", "openapi/README.md", "openapi/README.md"),
        ("docs/x.md", "runbooks/plan-2026-05-12.md", "runbooks/plan-2026-05-12.md"),
        ("docs/x.md", "runbooks/consumer-lagg.md", "runbooks/consumer-lagg.md"),
        ("docs/x.md", "runbooks/consumer-lag.md#decision-17", "runbooks/consumer-lag.md#decision-17"),
        ("docs/x.md", "guides/consumer-lag.md#gone", "guides/consumer-lag.md#gone"),
        ("docs/x.md", "adrs/0003-template.md", "adrs/0003-template.md"),
        ("docs/x.md", "c/unit-tests.md", "c/unit-tests.md"),
        ("docs/adrs/x.md", "0003-use-an-outbox.md \"ADR 3\"", "0007-use-an-outbox.md \"ADR 3\""),
        ("docs/design-template.md", "guides/consumer-lag.md", "guides/consumer-lag.md"),
        // Never the document itself.
        ("docs/adrs/0008-use-a-queue.md", "0018-use-a-queue.md", "0018-use-a-queue.md"),
        ("docs/adrs/0008-use-a-queue.md", "old/0008-use-a-queue.md", "old/0008-use-a-queue.md"),
    ] {
        assert_eq!(fixed(files, from, destination), after, "{from}: {destination}");
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_that_leads_nowhere_is_told_and_left() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "archwright.toml", "[links]\ncheck = \"all\"\n");
    write(folder.path(), "a.md", "# A\n\n[x](open-questions.md) ![y](big-picture.png) [z](good-link.md)\n");
    write(folder.path(), "b.md", "# B\n");
    for (link, target) in [("open-questions.md", "no.md"), ("big-picture.png", "no.png"), ("good-link.md", "b.md")] {
        std::os::unix::fs::symlink(target, folder.path().join(link)).unwrap();
    }
    let found = findings(&open(folder.path()));
    let told: Vec<&str> = found.iter().map(|it| it.2.as_str()).collect();
    assert_eq!(
        told,
        [
            "`big-picture.png` is a symbolic link that leads nowhere.",
            "`open-questions.md` is a symbolic link that leads nowhere."
        ]
    );
}

#[test]
fn sites_find_their_pages() {
    for (config, document, destination, told) in [
        ("docusaurus.config.js", "docs/guide/a.md", "/docs/intro", false),
        ("docusaurus.config.js", "docs/guide/a.md", "../intro", false),
        ("docusaurus.config.js", "docs/guide/a.md", "intro.md", false),
        ("docusaurus.config.js", "docs/guide/a.md", "gone.md", true),
        ("docusaurus.config.js", "docs/guide/a.md", "img/gone.png", true),
        ("docusaurus.config.js", "README.md", "docs/gone", true),
        ("website/docusaurus.config.js", "docs/guide/a.md", "../route", false),
        ("mkdocs.yml", "docs/guide/a.md", "../route/", false),
        ("mkdocs.yml", "docs/guide/a.md", "../gone.md", true),
        ("_config.yml", "guide/a.md", "../gone.html", false),
        ("_config.yml", "guide/a.md", "gone.md", true),
        ("hugo.toml", "content/a.md", "img/gone.png", false),
        ("book.toml", "src/a.md", "gone.md", true),
        (".vitepress/config.mts", "guide/a.md", "./route", false),
        (".vitepress/config.mts", "guide/a.md", "./gone.md", true),
        ("package.json", "guide/a.md", "../route", true),
        ("config/_default/hugo.toml", "content/a.md", "img/gone.png", false),
        ("zensical.toml", "docs/guide/a.md", "../route/", false),
        ("rspress.config.ts", "docs/guide/a.md", "../route", false),
        ("index.html", "guide/a.md", "../route", true),
        ("next.config.mjs", "content/a.md", "route", true),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "archwright.toml", "[links]\ncheck = \"all\"\n");
        write(folder.path(), config, "\n");
        write(folder.path(), "docs/intro.md", "# Intro\n");
        write(folder.path(), document, &format!("# A\n\n[x]({destination})\n"));
        let found = findings(&open(folder.path()));
        assert_eq!(!found.is_empty(), told, "{config}: {document}: {destination}: {found:?}");
    }
}

#[test]
fn sites_lie_where_their_configuration_says() {
    let alike = "## Get & Run\n\n## Über uns\n\n[1](#get-run) [2](#uber-uns) [3](../route/)\n";
    let sites = [
        ("mkdocs.yml", "site_name: x\ndocs_dir: documentation # of ours\n", "documentation/a.md"),
        ("mkdocs.yml", "docs_dir: !ENV [DOCS, 'documentation']\n", "documentation/a.md"),
        ("zensical.toml", "[project]\ndocs_dir = \"documentation\"\n", "documentation/a.md"),
        ("hugo.toml", "contentDir=\"inhalt\"\n", "inhalt/a.md"),
        ("config/_default/hugo.toml", "contentdir = 'inhalt'\n", "inhalt/a.md"),
        ("book.toml", "[book]\nsrc=\"docs\"\n", "docs/a.md"),
        ("web/next.config.mjs", "import nextra from 'nextra'\n", "web/content/a.md"),
        ("theme.config.tsx", "import { useConfig } from 'nextra-theme-docs'\n", "pages/a.md"),
        ("docs/index.html", "<script src=\"//cdn.jsdelivr.net/npm/docsify@4\"></script>\n", "docs/guide/a.md"),
        ("rspress.config.ts", "export default { root: path.join(__dirname, 'pages') }\n", "pages/a.md"),
        ("docusaurus.config.js", "docs: { path: '../guide' },\n", "guide/a.md"),
    ];
    for (config, settings, document) in sites {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "archwright.toml", "[links]\ncheck = \"all\"\n");
        write(folder.path(), config, settings);
        if config.starts_with("docusaurus") {
            fs::create_dir_all(folder.path().join("web")).unwrap();
            fs::rename(folder.path().join(config), folder.path().join("web").join(config)).unwrap();
        }
        let text = format!("# A\n\n{alike}");
        write(folder.path(), document, &text);
        assert_eq!(findings(&open(folder.path())), BTreeSet::new(), "{config}: {settings}");
        fix(folder.path());
        assert_eq!(fs::read_to_string(folder.path().join(document)).unwrap(), text, "{config}: {settings}");
        // What lies elsewhere is no page of the site.
        write(folder.path(), "other/b.md", &text);
        let is_everywhere = findings(&open(folder.path())).iter().all(|it| it.0 != "other/b.md");
        assert!(!is_everywhere, "{config}: {settings}");
    }
}

#[test]
fn a_folder_that_is_set_takes_the_place_of_the_usual_one() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "archwright.toml", "[links]\ncheck = \"all\"\n");
    write(folder.path(), "mkdocs.yml", "docs_dir: documentation\n");
    write(folder.path(), "docs/a.md", "# A\n\n## Get & Run\n\n[1](#get-run)\n");
    assert_eq!(findings(&open(folder.path())).len(), 1);
}

#[test]
fn names_in_another_unicode_normalisation_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "archwright.toml", "[links]\ncheck = \"all\"\n");
    write(folder.path(), "b/caf\u{e9}.md", "# B\n");
    write(folder.path(), "a.md", "# Caf\u{e9}\n\n[x](#cafe\u{301}) [y](b/cafe\u{301}.md)\n");
    let told: Vec<String> = findings(&open(folder.path())).into_iter().map(|it| it.2).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|it| it.contains("differ in their Unicode normalisation")), "{told:?}");
    fix(folder.path());
    let text = fs::read_to_string(folder.path().join("a.md")).unwrap();
    assert_eq!(text, "# Caf\u{e9}\n\n[x](#caf\u{e9}) [y](b/caf\u{e9}.md)\n");
}

#[test]
fn no_slash_stands_behind_the_name_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "archwright.toml", "[links]\ncheck = \"all\"\n");
    write(folder.path(), "guide/first-steps.md", "# B\n");
    write(folder.path(), "a.md", "# A\n\n[x](./guide/first-step.md/)\n");
    let told: Vec<String> = findings(&open(folder.path())).into_iter().map(|it| it.2).collect();
    assert_eq!(told, ["`guide/first-step.md` does not exist. Did you mean `./guide/first-steps.md`?"]);
}

fn path() -> impl Strategy<Value = String> {
    let folder = prop::sample::select(vec!["", "docs/", "docs/adrs/", "docs/run books/", "api (v1)/"]);
    let name = prop::sample::select(vec![
        "README.md",
        "index.md",
        "0001-use-kafka.md",
        "0002-use-kafka.md",
        "0018-use-a-queue.md",
        "plan-2026-05-12.md",
        "plan-2026-05-15.md",
        "consumer-lag.md",
        "Consumer_Lag.md",
        "consumer lag.md",
        "a&amp;b c.md",
        "größe (neu).md",
        "100%-done.md",
    ]);
    (folder, name).prop_map(|(folder, name)| format!("{folder}{name}"))
}

fn destination() -> impl Strategy<Value = String> {
    let ups = prop::sample::select(vec!["", "./", "../", "../../", "/"]);
    let fragment = prop::sample::select(vec!["", "", "#part-one", "#Part_One", "#part-2", "#part-21", "#caf%C3%A9"]);
    (ups, path(), fragment).prop_map(|(ups, path, fragment)| {
        let path = path.replace('%', "%25").replace(' ', "%20").replace('(', "%28").replace(')', "%29");
        format!("{ups}{}{fragment}", path.replace('&', "%26"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_fix_adds_nothing_and_leads_to_the_same_name(
        files in prop::collection::btree_map(path(), prop::collection::vec(destination(), 0..3), 1..6)
    ) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "archwright.toml", "[links]\ncheck = \"all\"\n");
        for (path, links) in &files {
            let mut text = "# Title\n\n## Part one\n\n## Part 2\n\n## Café\n\n".to_owned();
            for link in links {
                text.push_str(&format!("- [x]({link})\n"));
            }
            write(folder.path(), path, &text);
        }
        let before = findings(&open(folder.path()));
        let texts: Vec<String> = files.keys().map(|it| fs::read_to_string(folder.path().join(it)).unwrap()).collect();
        fix(folder.path());
        let after = findings(&open(folder.path()));
        prop_assert!(after.is_subset(&before), "{after:#?} of {before:#?}");
        for (path, old) in files.keys().zip(texts) {
            let new = fs::read_to_string(folder.path().join(path)).unwrap();
            let (old, new) = (destinations(&old), destinations(&new));
            prop_assert_eq!(old.len(), new.len(), "a link is no link any more");
            for (old, new) in old.iter().zip(&new).filter(|(old, new)| old != new) {
                let digits = |it: &str| it.chars().filter(char::is_ascii_digit).collect::<String>();
                let (old_name, new_name) = (old.rsplit('/').next().unwrap(), new.rsplit('/').next().unwrap());
                let letters = |it: &str| it.chars().filter(|it| it.is_alphabetic()).collect::<String>().to_lowercase();
                prop_assert_eq!(letters(old_name), letters(new_name));
                let renumbered = old_name.contains("use-");
                prop_assert!(renumbered || digits(old_name) == digits(new_name), "{} -> {}", old, new);
                // Another heading of the same file is no other README.
                let file = |it: &str| it.split('#').next().unwrap_or_default().to_owned();
                let is_other = file(old) != file(new) && old_name.starts_with("README");
                prop_assert!(!is_other || old.contains('/'), "{} -> {}", old, new);
            }
        }
    }
}
