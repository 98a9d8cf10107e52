//! The services that `archwright.toml` names, put over what names alone tell.

use archwright_engine::{Workspace, report::Places};
use archwright_model::RelPath;
use archwright_scan::discover::{Discovery, Project};
use smol_str::SmolStr;

use crate::{ReviewPlace, graph};

/// Says of the projects of code which service they belong to. A place inside of a project that is said to be of a
/// service is a project of its own.
pub(crate) fn tell(workspace: &Workspace, found: &mut Discovery) {
    let config = workspace.config();
    // What is all of the repository, and has no name in a manifest, goes by the name of its folder.
    let root = workspace.root().file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    for edge in found.edges.iter_mut().filter(|it| it.service.is_empty()) {
        edge.service = root.as_str().into();
    }
    if config.services().is_empty() {
        return;
    }
    for project in &mut found.projects {
        let Some((service, _)) = config.service_at(&project.folder) else { continue };
        project.service = Some(service.name.as_str().into());
        let own = std::iter::once(&service.name).chain(&service.aliases).map(SmolStr::new);
        let mut names: Vec<SmolStr> = own.collect();
        names.append(&mut project.names);
        let mut seen = Vec::new();
        names.retain(|it| {
            !seen.contains(it) && {
                seen.push(it.clone());
                true
            }
        });
        project.names = names;
    }
    for edge in &found.edges {
        let Some((service, folder)) = config.service_at(&edge.path) else { continue };
        let project = found.projects.iter().filter(|it| is_in(&edge.path, &it.folder)).max_by_key(|it| it.folder.len());
        if project.is_some_and(|it| it.service.as_deref() == Some(&service.name)) {
            continue;
        }
        found.projects.push(Project {
            folder: folder.into(),
            names: std::iter::once(&service.name).chain(&service.aliases).map(SmolStr::new).collect(),
            files: 0,
            service: Some(service.name.as_str().into()),
        });
    }
    found.projects.sort_by(|a, b| a.folder.cmp(&b.folder));
}

fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

/// What a service is called, if the workspace says that a name is one of its; else the name.
pub(crate) fn called(workspace: &Workspace, name: &str) -> SmolStr {
    workspace.config().service_called(name).map_or_else(|| name.into(), |it| it.name.as_str().into())
}

/// A draft of the table of services: one entry for each project of code that sends or receives and is in none yet.
/// What documents call it is only proposed where the names differ in more than their form.
pub(crate) fn draft(workspace: &Workspace) -> String {
    let quoted = |it: &str| toml_edit::Value::from(it).to_string();
    let mut text = String::new();
    for it in graph::unlisted(workspace) {
        let is_bare = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
        let key = if it.name.chars().all(is_bare) { it.name.clone() } else { quoted(&it.name) };
        text.push_str(&format!("[services.{key}]\npaths = [{}]\n", quoted(&it.folder)));
        for name in it.perhaps.iter().filter(|it| !it.contains(char::is_control)) {
            text.push_str(&format!("# If documents mean it by {}: aliases = [{}]\n", name, quoted(name)));
        }
        text.push('\n');
    }
    if text.is_empty() { text } else { format!("{HEAD}\n{}", text.trim_end()) + "\n" }
}

const HEAD: &str = "\
# Services whose code sends or receives messages: the name that documents and drawings have for each, and the folders of
# its code. `aliases = [\"...\"]` are further names of it, `owner = \"...\"` is the team that owns it.
";

/// A service whose owner the configuration names.
pub(crate) struct Owned {
    pub service: String,
    pub owner: String,
    pub at: ReviewPlace,
}

/// The owners that the configuration names.
pub(crate) fn owners(workspace: &Workspace) -> Vec<Owned> {
    let Some(file) = workspace.config_file() else { return Vec::new() };
    let places = Places::new(workspace, file);
    let path: &RelPath = workspace.path(file);
    let owned = workspace.config().services().iter().filter_map(|it| {
        let (owner, span) = it.owner.as_ref()?;
        let at = ReviewPlace { file: path.clone(), line: places.points(*span).0.line };
        Some(Owned { service: it.name.clone(), owner: owner.clone(), at })
    });
    owned.collect()
}
