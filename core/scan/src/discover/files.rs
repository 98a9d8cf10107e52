//! Reads one file of a repository: code, a manifest, or configuration.

use std::borrow::Cow;

use archwright_syntax::data::Format;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::configuration::{self, Setting};
use super::homes::{ends_in, is_list_of_requirements};
use crate::code::{self, Expression, Field, Unit};
use crate::facts::libraries;
use crate::infrastructure::{self, Item, Module};
use crate::source::{Deadline, parse_with};
use crate::{Language, Skipped, too_much};

/// The folder that generated code stands in.
const GENERATED: &str = "generated";

/// How a text of Kotlin begins in which a single dollar stands for itself.
const DOLLARS: &str = "$$\"${";

/// What one file says, read from its text alone.
#[derive(Debug)]
pub struct FileFacts {
    /// Relative to the root of the repository, with forward slashes.
    pub(super) path: SmolStr,
    pub(super) content: Content,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Content {
    Code {
        language: Language,
        unit: Box<Unit>,
    },
    /// A manifest with the text in which the names of packages are looked for.
    Manifest(String),
    Settings(Vec<Setting>),
    /// Settings with what they declare of infrastructure.
    Infrastructure(Vec<Setting>, Vec<Item>),
    Skipped(Skipped),
}

impl FileFacts {
    /// The settings of the file.
    pub(super) fn settings(&self) -> &[Setting] {
        match &self.content {
            Content::Settings(settings) | Content::Infrastructure(settings, _) => settings,
            _ => &[],
        }
    }

    /// What the file declares of infrastructure.
    fn items(&self) -> &[Item] {
        match &self.content {
            Content::Infrastructure(_, items) => items,
            _ => &[],
        }
    }

    /// What the file declares of infrastructure, with its path.
    pub(crate) fn module(&self) -> Module<'_> {
        Module { path: &self.path, items: self.items() }
    }

    /// Why the file was not read.
    pub(super) fn skipped(&self) -> Option<(SmolStr, Skipped)> {
        match self.content {
            Content::Skipped(why) => Some((self.path.clone(), why)),
            _ => None,
        }
    }
}

/// Why a file does not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ignored {
    /// It is a test, a mock or a benchmark.
    Test,
    /// It was generated, bundled, or is the code of others.
    Foreign,
    /// It stands where a build puts what it makes.
    Output,
    /// It is neither code in a language that is read, nor a manifest, nor configuration.
    Other,
}

/// The folders that builds write to, and the manifests beside them that say so.
const OUTPUTS: [(&str, &[&str]); 5] = [
    ("bin", &[".csproj", ".fsproj", ".vbproj", ".sln", "pom.xml", "build.gradle", "build.gradle.kts"]),
    (
        "build",
        &["build.gradle", "build.gradle.kts", "package.json", "pyproject.toml", "setup.py", "setup.cfg", "pom.xml"],
    ),
    ("dist", &["package.json", "pyproject.toml", "setup.py", "setup.cfg"]),
    ("obj", &[".csproj", ".fsproj", ".vbproj", ".sln"]),
    ("target", &["pom.xml", "cargo.toml", "build.sbt", "build.gradle", "build.gradle.kts"]),
];

/// The folders of a repository that builds write to. A folder with such a name is code, unless a manifest beside it
/// says that a build writes there.
#[derive(Debug, Default)]
pub struct Outputs(FxHashSet<String>);

impl Outputs {
    /// Those of a repository with some files, by their paths.
    pub fn of<'p>(paths: impl Iterator<Item = &'p str>) -> Self {
        let mut found = FxHashSet::default();
        for path in paths {
            let (folder, name) = path.rsplit_once('/').map_or(("", path), |it| it);
            // Few files are manifests, and those that are end like one of these.
            if ![".xml", ".gradle", ".kts", "proj", ".sln", ".json", ".toml", ".py", ".cfg", ".sbt"]
                .iter()
                .any(|it| name.ends_with(it))
            {
                continue;
            }
            let name = name.to_ascii_lowercase();
            let says = |it: &&str| if it.starts_with('.') { name.ends_with(*it) } else { name == *it };
            for (output, _) in OUTPUTS.iter().filter(|it| it.1.iter().any(&says)) {
                let folder = folder.to_ascii_lowercase();
                found.insert(if folder.is_empty() { (*output).to_owned() } else { format!("{folder}/{output}") });
            }
        }
        Self(found)
    }

    /// Why a file does not count; `None` if it does.
    pub fn ignored(&self, path: &str) -> Option<Ignored> {
        ignored_but(path, |folder| self.0.contains(folder))
    }
}

/// Why a file does not count, told by its path alone; `None` if it does.
pub fn ignored(path: &str) -> Option<Ignored> {
    ignored_but(path, |_| true)
}

/// Why a file does not count, where it is known whether a folder is one that a build writes to.
fn ignored_but(path: &str, is_output: impl Fn(&str) -> bool) -> Option<Ignored> {
    /// Folders of tests.
    const TESTS: &[&str] = &[
        "test",
        "tests",
        "__tests__",
        "__test__",
        "__mocks__",
        "spec",
        "specs",
        "e2e",
        "testdata",
        "fixtures",
        "integration-test",
        "integration-tests",
        "integration_test",
        "integration_tests",
        "functional_tests",
        "unit_tests",
        "component-test",
        "component-tests",
        "unit-tests",
        "functional-tests",
        "end-to-end-tests",
        "e2e-tests",
        "functionaltests",
        "unittests",
        "androidtest",
        "benches",
        "benchmarks",
    ];
    /// How folders of test projects end.
    const TEST_PROJECTS: &[&str] = &[".tests", ".test", ".unittests", ".integrationtests", ".functionaltests"];
    /// How files of tests end; those of Java and C# say it in capitals.
    const TEST_FILES: &[&str] =
        &["Test.java", "Tests.java", "IT.java", "Test.kt", "Tests.kt", "Test.cs", "Tests.cs", "Test.php"];
    /// Folders of others.
    const FOREIGN: &[&str] = &[
        "node_modules",
        "vendor",
        ".venv",
        "venv",
        "site-packages",
        "third_party",
        GENERATED,
        "__pycache__",
        "bower_components",
        "cdk.out",
        ".git",
    ];
    let lower = path.to_ascii_lowercase();
    let mut folders: Vec<&str> = lower.split('/').collect();
    let name = folders.pop().unwrap_or_default();
    let is_test_project = |it: &&str| TEST_PROJECTS.iter().any(|end| it.ends_with(end));
    // `bin` holds programs in Ruby and Rust, and output elsewhere.
    let ends = |all: &[&str]| all.iter().any(|it| name.ends_with(it));
    let is_program = ends(&[".rb", ".rs", ".py"]);
    if folders.iter().any(|it| FOREIGN.contains(it) && !(*it == GENERATED && is_generated(&lower))) {
        return Some(Ignored::Foreign);
    }
    let mut end = 0;
    for folder in &folders {
        end += folder.len();
        let is_named = OUTPUTS.iter().any(|it| it.0 == *folder) && !(*folder == "bin" && is_program);
        if is_named && is_output(lower.get(..end).unwrap_or_default()) {
            return Some(Ignored::Output);
        }
        end += 1;
    }
    let stem = name.split('.').next().unwrap_or_default();
    let is_test_file = ["_test", "_spec"].iter().any(|it| stem.ends_with(it))
        || stem.starts_with("test_")
        || [".spec.", ".test."].iter().any(|it| name.contains(it))
        || TEST_FILES.iter().any(|it| path.ends_with(it));
    if is_test_file || folders.iter().any(|it| TESTS.contains(it) || is_test_project(it)) {
        return Some(Ignored::Test);
    }
    let generated =
        [".min.js", "_pb2.py", "_pb2_grpc.py", ".pb.go", ".pb.cs", ".g.cs", ".designer.cs", ".d.ts", "_pb.js"];
    if generated.iter().any(|it| name.ends_with(it)) || name.starts_with("_ide_helper") {
        return Some(Ignored::Foreign);
    }
    let counts = Language::of_path(path).is_some()
        || is_manifest(&lower)
        || configuration::is_configuration(&lower)
        || infrastructure::is_terraform(&lower);
    (!counts).then_some(Ignored::Other)
}

/// Whether the text of a file of code has the name of a client library as its imports have it.
pub fn speaks_of_messaging(path: &str, text: &str) -> bool {
    let Some(language) = Language::of_path(path) else { return false };
    let kind = if language == Language::Kotlin { "java" } else { language.folder() };
    let imports = libraries().iter().filter(|it| it.0 == kind).flat_map(|it| &it.1.imports);
    // Short names are words of anything.
    imports.filter(|it| it.len() > 4).any(|it| text.contains(it.as_str()))
}

/// Whether a file names the packages that a project uses. The path is in lower case.
pub(super) fn is_manifest(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let exact = [
        "package.json",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "go.mod",
        "cargo.toml",
        "pyproject.toml",
        "pipfile",
        "setup.py",
        "setup.cfg",
        "gemfile",
        // Gems that others bring along are used as well.
        "gemfile.lock",
        "composer.json",
        "directory.packages.props",
        "libs.versions.toml",
        "directory.build.props",
    ];
    let ends = [".csproj", ".gemspec", ".fsproj"];
    exact.contains(&name)
        || ends.iter().any(|it| name.ends_with(it))
        || (name.starts_with("requirements") && ends_in(name, &["txt", "in"]))
        || is_list_of_requirements(path)
}

/// How a file is read: all that its path decides. What is read depends on this and on its text alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner {
    /// As code in a language.
    Code(Language),
    /// As generated code, of which only the names count that other code has from it.
    Names(Language),
    /// As a manifest, in which packages are looked for.
    Manifest,
    /// As what sets up a package of Python, or as any module that has the name.
    Setup,
    /// As settings in a notation, or in lines.
    Settings(Option<Format>),
    /// As blocks of Terraform.
    Terraform,
}

impl Manner {
    /// How a file is read, told by its path; `None` if it says nothing that counts.
    pub fn of(path: &str) -> Option<Self> {
        let lower = path.to_ascii_lowercase();
        match Language::of_path(path) {
            _ if lower.rsplit('/').next() == Some("setup.py") => Some(Self::Setup),
            _ if is_manifest(&lower) => Some(Self::Manifest),
            Some(language) if is_generated(&lower) => Some(Self::Names(language)),
            Some(language) => Some(Self::Code(language)),
            None if infrastructure::is_terraform(&lower) => Some(Self::Terraform),
            None => configuration::is_configuration(&lower).then(|| Self::Settings(configuration::notation(&lower))),
        }
    }

    /// A word for it that no other has.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code(language) => language.name(),
            Self::Names(_) => "names of generated TypeScript",
            Self::Manifest => "manifest",
            Self::Setup => "manifest or Python",
            Self::Settings(Some(Format::Yaml)) => "settings as YAML",
            Self::Settings(Some(Format::Json)) => "settings as JSON",
            Self::Settings(None) => "settings in lines",
            Self::Terraform => "Terraform",
        }
    }
}

/// Words of a `setup.py` that sets a package up.
const SETUPS: [&str; 3] = ["setuptools", "distutils", "setup("];

/// Reads one file; `None` if it says nothing that counts.
pub fn read(path: &str, text: &str) -> Option<FileFacts> {
    let is_long = text.len() > infrastructure::MAX_LEN;
    let too_long = Content::Skipped(Skipped::Long(infrastructure::MAX_LEN));
    let content = match Manner::of(path)? {
        Manner::Setup if !SETUPS.iter().any(|it| text.contains(it)) => read_code(text, Language::Python),
        Manner::Manifest | Manner::Setup => Content::Manifest(text.to_ascii_lowercase()),
        Manner::Code(language) => read_code(text, language),
        Manner::Names(language) => read_names(text, language),
        // Most long files of this kind are data, of which nobody wants to hear.
        Manner::Settings(Some(_)) if is_long && infrastructure::seems_to_declare(text) => too_long,
        Manner::Settings(notation) => read_settings(notation, text),
        Manner::Terraform if is_long => too_long,
        Manner::Terraform => match infrastructure::of_terraform(text) {
            Some(items) => Content::Infrastructure(Vec::new(), items),
            None => Content::Skipped(Skipped::Syntax),
        },
    };
    Some(FileFacts { path: path.into(), content })
}

fn read_settings(notation: Option<Format>, text: &str) -> Content {
    let (settings, items) = configuration::read(notation, text);
    if items.is_empty() { Content::Settings(settings) } else { Content::Infrastructure(settings, items) }
}

/// Whether a file is generated code of TypeScript, whose enums other code may take the names of channels from. The path
/// is in lower case.
fn is_generated(path: &str) -> bool {
    let is_typescript = Language::of_path(path) == Some(Language::TypeScript);
    is_typescript && path.split('/').any(|it| it == GENERATED)
}

/// The enums of generated code; nothing else counts there.
fn read_names(text: &str, language: Language) -> Content {
    let nothing = || Content::Settings(Vec::new());
    if !text.contains("enum ") || too_much(text).is_some() {
        return nothing();
    }
    let Content::Code { mut unit, .. } = read_code(text, language) else { return nothing() };
    let is_text = |it: &Field| matches!(it.value, Some(Expression::Text(_)));
    unit.types.retain(|it| !it.fields.is_empty() && it.fields.iter().all(is_text));
    unit.imports.clear();
    unit.functions.clear();
    if unit.types.is_empty() {
        return nothing();
    }
    Content::Code { language, unit }
}

fn read_code(text: &str, language: Language) -> Content {
    if let Some(why) = too_much(text) {
        return Content::Skipped(why);
    }
    // `$$"${orders}"` of Kotlin, which its grammar does not know, is `"\${orders}"`, at the same place.
    let text = match language {
        Language::Kotlin if text.contains(DOLLARS) => Cow::Owned(text.replace(DOLLARS, " \"\\${")),
        _ => Cow::Borrowed(text),
    };
    match parse_with(&text, &language.grammar(), Deadline::start()) {
        Some(tree) => Content::Code { language, unit: Box::new(code::read(&text, language, &tree)) },
        None => Content::Skipped(Skipped::Slow),
    }
}
