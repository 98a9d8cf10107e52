//! The manifest of an evaluation: a folder, and what is known of the documents in it.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use archwright_model::{RelPath, Severity};
use archwright_rules as rules;

/// More bytes than a manifest of the most labels needs.
const MAX_SIZE: u64 = 8 << 20;

/// The most labels that a manifest may have.
const MAX_LABELS: usize = 20_000;

/// How far a finding may stand from its label at most.
const MAX_NEAR: u32 = 20;

/// How many mistakes of a manifest are told.
const MOST_TOLD: usize = 20;

/// What is known of the documents of a folder: an evaluation counts how much of it is found.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "The manifest of archwright eval")]
pub struct Manifest {
    /// The root of the documents, from which places such as `docs/adr` and `archwright.toml` are looked for: the folder
    /// of the manifest or one below it. Default: the folder of the manifest.
    #[serde(default = "here")]
    pub folder: String,
    /// The rules (`reliability/vague-alert`) and families (`reliability/*`) that are judged. Default: all.
    #[serde(default)]
    pub rules: Vec<String>,
    /// The least severity that counts: `error`, `warning`, `info` or `hint`. Default: `info`, as `archwright check`
    /// shows.
    #[serde(default = "shown")]
    pub severity: Severity,
    /// By how many lines a finding may miss its label. Default: 0.
    #[serde(default)]
    pub near: u32,
    /// Whether the labels name all faults of the folder, so that any other finding is a false alarm. Default: no; then
    /// a finding that meets no label is judged by nobody.
    #[serde(default)]
    pub complete: bool,
    /// What is known.
    #[schemars(length(max = MAX_LABELS))]
    pub labels: Vec<Label>,
}

/// What is known of a place.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Label {
    /// The file, below the folder.
    pub file: String,
    /// The line, counted from 1.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub line: Option<u32>,
    /// The first and the last line, instead of one.
    #[serde(default)]
    pub lines: Option<[u32; 2]>,
    /// The rule (`reliability/vague-alert`) or family (`reliability/*`) that ought to speak here, or not to. Default:
    /// any.
    #[serde(default)]
    pub rule: Option<String>,
    /// What the place is.
    pub kind: LabelKind,
    /// For people: what is wrong, or what looks wrong.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a labelled place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LabelKind {
    /// Something is wrong, and ought to be told.
    Fault,
    /// It looks wrong and is right, and nothing ought to be told.
    Trap,
}

fn here() -> String {
    ".".to_owned()
}

fn shown() -> Severity {
    Severity::Info
}

/// Why a manifest is of no use.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// The manifest.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Its name does not say in which language it is written.
    #[error("{}: a manifest is a .toml or a .json file", path.display())]
    Language {
        /// The manifest.
        path: PathBuf,
    },
    /// It does not parse, or has fields that there are not.
    #[error("{}: {message}", path.display())]
    Syntax {
        /// The manifest.
        path: PathBuf,
        /// What is wrong, with the place.
        message: String,
    },
    /// It says what cannot be.
    #[error("{}: {}", path.display(), told(problems))]
    Content {
        /// The manifest.
        path: PathBuf,
        /// What is wrong.
        problems: Vec<String>,
    },
}

/// Lists what is wrong, and says how much more there is.
fn told(problems: &[String]) -> String {
    let mut text = problems.iter().take(MOST_TOLD).cloned().collect::<Vec<_>>().join("\n  ");
    if let Some(more) = problems.len().checked_sub(MOST_TOLD).filter(|it| *it > 0) {
        text.push_str(&format!("\n  and {more} more"));
    }
    text
}

/// A manifest that was read, with the folder that it names.
#[derive(Clone, Debug)]
pub struct ReadManifest {
    /// What it says.
    pub manifest: Manifest,
    /// The folder with the documents, without links.
    pub folder: PathBuf,
    /// The manifest itself.
    path: PathBuf,
}

impl ReadManifest {
    /// Reads a manifest and looks whether what it says can be.
    ///
    /// # Errors
    /// If it cannot be read or parsed, names a folder outside of its own, a file that is not there, a rule that there
    /// is not, or lines that no file has.
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        let failed = |error| ManifestError::Read { path: path.to_path_buf(), error };
        let text = read_capped(path).map_err(failed)?;
        let manifest = parse(path, &text)?;
        let own = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let own = canonical(own).map_err(failed)?;
        let content = |problem: String| ManifestError::Content { path: path.to_path_buf(), problems: vec![problem] };
        let below = RelPath::new(&manifest.folder);
        if Path::new(&manifest.folder).is_absolute() || below.escapes() {
            let message = format!("`folder` has to lie below the manifest, and `{}` does not", manifest.folder);
            return Err(content(message));
        }
        let folder = canonical(&own.join(below.as_str()))
            .map_err(|error| content(format!("the folder `{}` cannot be read: {error}", manifest.folder)))?;
        if !folder.starts_with(&own) {
            return Err(content(format!("`folder` leads out of the folder of the manifest: `{}`", manifest.folder)));
        }
        if !folder.is_dir() {
            return Err(content(format!("`{}` is no folder", manifest.folder)));
        }
        let problems = manifest.problems(&folder);
        if problems.is_empty() {
            Ok(Self { manifest, folder, path: path.to_path_buf() })
        } else {
            Err(ManifestError::Content { path: path.to_path_buf(), problems })
        }
    }

    /// That what it says cannot be, as is found later.
    pub(super) fn refused(&self, problems: Vec<String>) -> ManifestError {
        ManifestError::Content { path: self.path.clone(), problems }
    }
}

/// A path without links.
fn canonical(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize()
}

/// Reads a regular file of a size that can be.
fn read_capped(path: &Path) -> io::Result<String> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mut text = String::new();
    File::open(path)?.take(MAX_SIZE + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_SIZE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 8 MiB"));
    }
    Ok(text)
}

fn parse(path: &Path, text: &str) -> Result<Manifest, ManifestError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let syntax = |message: String| ManifestError::Syntax { path: path.to_path_buf(), message };
    let extension = path.extension().and_then(|it| it.to_str()).map(str::to_ascii_lowercase);
    match extension.as_deref() {
        Some("toml") => toml_edit::de::from_str(text).map_err(|error| syntax(error.to_string().trim_end().to_owned())),
        Some("json") => serde_json::from_str(text).map_err(|error| syntax(error.to_string())),
        _ => Err(ManifestError::Language { path: path.to_path_buf() }),
    }
}

impl Manifest {
    /// What cannot be, in its order.
    fn problems(&self, folder: &Path) -> Vec<String> {
        let mut problems = Vec::new();
        if self.labels.len() > MAX_LABELS {
            return vec![format!("there are {} labels, and at most {MAX_LABELS} are counted", self.labels.len())];
        }
        if self.labels.is_empty() && !self.complete {
            problems.push("there is no label; say `complete = true` if the folder has no fault".to_owned());
        }
        if self.near > MAX_NEAR {
            problems.push(format!("`near` is {}, and {MAX_NEAR} at most", self.near));
        }
        problems.extend(self.rules.iter().filter_map(|it| unknown(it)));
        for (number, label) in self.labels.iter().enumerate() {
            let problem = label.problem(folder);
            problems.extend(problem.map(|it| format!("label {} ({}): {it}", number + 1, label.file)));
        }
        problems
    }

    /// Whether a rule is judged.
    pub(super) fn judges(&self, code: &str) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|it| names(it, code))
    }
}

impl Label {
    /// The first and the last line; nothing if the label does not say, or says it twice.
    pub(super) fn range(&self) -> Option<(u32, u32)> {
        match (self.line, self.lines) {
            (Some(line), None) => Some((line, line)),
            (None, Some([first, last])) => Some((first, last)),
            _ => None,
        }
    }

    /// Whether it speaks of a rule.
    pub(super) fn means(&self, code: &str) -> bool {
        self.rule.as_ref().is_none_or(|it| names(it, code))
    }

    /// What cannot be.
    fn problem(&self, folder: &Path) -> Option<String> {
        match self.range() {
            None => return Some("say either `line` or `lines = [first, last]`".to_owned()),
            Some((0, _)) => return Some("lines are counted from 1".to_owned()),
            Some((first, last)) if last < first => {
                return Some(format!("lines {first} to {last} end before they begin"));
            }
            Some(_) => {}
        }
        let path = RelPath::new(&self.file);
        if Path::new(&self.file).is_absolute() || path.escapes() || path.as_str().is_empty() {
            return Some("the file has to lie below the folder".to_owned());
        }
        match canonical(&folder.join(path.as_str())) {
            Err(error) => return Some(format!("the file cannot be read: {error}")),
            Ok(it) if !it.starts_with(folder) => return Some("the file leads out of the folder".to_owned()),
            Ok(it) if !it.is_file() => return Some("it is no file".to_owned()),
            Ok(_) => {}
        }
        self.rule.as_ref().and_then(|it| unknown(it))
    }
}

/// Whether a name means a rule: its own, or its family with `/*`.
fn names(name: &str, code: &str) -> bool {
    match name.strip_suffix("/*") {
        Some(family) => code.split_once('/').is_some_and(|it| it.0 == family),
        None => name == code,
    }
}

/// Says that nothing has this name, and what may be meant.
fn unknown(name: &str) -> Option<String> {
    let registry = rules::registry();
    if let Some(family) = name.strip_suffix("/*") {
        let families = registry.families();
        let known = families.contains(&family);
        return (!known).then(|| format!("there is no family `{family}`; the families are {}", families.join(", ")));
    }
    if registry.rule(name).is_some() {
        return None;
    }
    if registry.families().contains(&name) {
        return Some(format!("there is no rule `{name}`; did you mean the family, `{name}/*`?"));
    }
    let near = registry.nearest(name).map_or_else(String::new, |it| format!("; did you mean `{}`?", it.code));
    Some(format!("there is no rule `{name}`{near}"))
}

/// The JSON Schema of a manifest.
pub fn manifest_schema() -> serde_json::Value {
    schemars::schema_for!(Manifest).to_value()
}
