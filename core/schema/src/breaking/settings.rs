//! Reads which rules a project asks for in its `buf.yaml`.

use archwright_syntax::{
    Span,
    data::{Format, Node, parse},
};

use super::Category;
use super::selection::{Selection, named};

/// Settings that cannot be followed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct InvalidSettings {
    /// Where in the file.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

/// The versions of the settings, which differ in the rules they know and in how they group them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    V1Beta1,
    V1,
    V2,
}

impl Selection {
    /// What a `buf.yaml` asks for under `breaking`; the rules of `FILE` when it says nothing. Where it lists a single
    /// module, the settings of that module count first. Names of rules that are unknown may come from plugins, if there
    /// are any.
    ///
    /// # Errors
    /// When a name in it is no rule and no category.
    pub fn of_buf_yaml(text: &str) -> Result<Self, InvalidSettings> {
        Self::of_buf_yaml_for(text, "")
    }

    /// The same for one file, with its path from the folder of the `buf.yaml`: where several modules are listed, the
    /// settings of the innermost one that the file lies in count first.
    ///
    /// # Errors
    /// When a name in it is no rule and no category.
    pub fn of_buf_yaml_for(text: &str, path: &str) -> Result<Self, InvalidSettings> {
        let tree = parse(text, Format::Yaml);
        let version = match tree.pointer("/version").and_then(Node::scalar) {
            Some("v1beta1") => Version::V1Beta1,
            Some("v1") => Version::V1,
            _ => Version::V2,
        };
        let plugins = tree.pointer("/plugins").is_some();
        let module = module_of(tree.pointer("/modules"), path);
        let section = |key: &str| {
            let own = module.and_then(|it| it.get("breaking")?.get(key));
            own.or_else(|| tree.pointer(&format!("/breaking/{key}")))
        };
        let rules_of = |list: Option<Node<'_>>| -> Result<Vec<&'static str>, InvalidSettings> {
            let mut rules = Vec::new();
            for it in items(list) {
                match known(it.scalar().unwrap_or_default(), version) {
                    Some(mut it) => rules.append(&mut it),
                    None if plugins => (),
                    None => return Err(unknown(it)),
                }
            }
            Ok(rules)
        };
        let list = section("use").filter(|it| it.items().next().is_some());
        let mut rules = match list {
            Some(_) => rules_of(list)?,
            None => known("FILE", version).unwrap_or_default(),
        };
        let except = rules_of(section("except"))?;
        rules.retain(|it| !except.contains(it));
        let mut selection = Self::of_rules(rules.into_iter());
        selection.ignore = paths(section("ignore"));
        selection.ignore_unstable_packages =
            section("ignore_unstable_packages").and_then(Node::as_bool).unwrap_or_default();
        for entry in section("ignore_only").into_iter().flat_map(Node::entries) {
            for rule in known(entry.key, version).unwrap_or_default() {
                selection.ignore_only.extend(paths(Some(entry.value)).into_iter().map(|it| (rule.to_owned(), it)));
            }
        }
        Ok(selection)
    }
}

/// The only module, else the innermost one that a path lies in.
fn module_of<'t>(modules: Option<Node<'t>>, path: &str) -> Option<Node<'t>> {
    let modules: Vec<Node<'t>> = items(modules).collect();
    if let [only] = modules.as_slice() {
        return Some(*only);
    }
    let length = |it: &Node<'t>| {
        let folder = it.get("path").and_then(Node::as_str).unwrap_or(".");
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        if folder == "." || folder.is_empty() {
            return (!path.is_empty()).then_some(0);
        }
        path.strip_prefix(folder).is_some_and(|it| it.starts_with('/')).then_some(folder.len())
    };
    modules.into_iter().filter_map(|it| Some((length(&it)?, it))).max_by_key(|it| it.0).map(|it| it.1)
}

fn items(list: Option<Node<'_>>) -> impl Iterator<Item = Node<'_>> {
    list.into_iter().flat_map(Node::items)
}

fn paths(list: Option<Node<'_>>) -> Vec<String> {
    items(list).filter_map(Node::scalar).map(str::to_owned).collect()
}

fn unknown(it: Node<'_>) -> InvalidSettings {
    let name = it.scalar().unwrap_or_default();
    let categories = Category::ALL.map(Category::name).join(", ");
    InvalidSettings {
        span: it.span(),
        message: format!("`{name}` is neither a rule nor one of the categories {categories}."),
    }
}

/// What a name stands for in this version of the settings.
fn known(name: &str, version: Version) -> Option<Vec<&'static str>> {
    let mut rules = named(name).ok()?;
    let category = Category::of_name(name);
    if version != Version::V2 && category.is_some() {
        rules.retain(|it| !matches!(*it, "EXTENSION_NO_DELETE" | "PACKAGE_EXTENSION_NO_DELETE" | "FIELD_SAME_DEFAULT"));
    }
    if version == Version::V1Beta1 {
        if category.is_some_and(|it| it != Category::File) {
            rules.retain(|it| *it != "FILE_SAME_PACKAGE");
        }
        if matches!(category, Some(Category::Wire | Category::WireJson)) {
            rules.retain(|it| !matches!(*it, "FIELD_WIRE_COMPATIBLE_TYPE" | "FIELD_WIRE_JSON_COMPATIBLE_TYPE"));
            rules.extend(["FIELD_SAME_CARDINALITY", "FIELD_SAME_TYPE"]);
        }
        if name == "FIELD_SAME_LABEL" {
            rules = vec!["FIELD_SAME_CARDINALITY"];
        }
    }
    Some(rules)
}
