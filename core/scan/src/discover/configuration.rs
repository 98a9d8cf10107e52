//! Reads settings out of configuration files, and finds one by the name that code has for it.

use archwright_syntax::data::{self, Format, Kind, Node};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::infrastructure::{self, Item, Lines};

/// A setting: a path of keys, and a value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Setting {
    /// The keys from the outside, as they are written, joined with dots.
    pub(super) key: SmolStr,
    pub(super) value: SmolStr,
    /// Counts from 1.
    pub(super) line: u32,
}

/// Settings that are read of one file at most; longer files are data.
const MAX_SETTINGS: usize = 5_000;

/// Settings that are nested deeper are not read.
const MAX_NESTING: usize = 30;

/// Whether a file may hold settings. The path is in lower case.
pub(super) fn is_configuration(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let data = [".yml", ".yaml", ".json", ".properties", ".env", ".toml", ".ini"];
    let is_lock = name.contains("lock") || name.starts_with("tsconfig") || name == "angular.json";
    let is_hocon = name.starts_with("application") && name.rsplit('.').next() == Some("conf");
    let is_named = name.starts_with(".env") || name == "dockerfile" || is_hocon;
    !is_lock && (is_named || data.iter().any(|it| name.ends_with(it)))
}

/// In which notation a file holds its settings; `None` for lines. The path is in lower case.
pub(super) fn notation(path: &str) -> Option<Format> {
    match path.rsplit('.').next().unwrap_or_default() {
        "yml" | "yaml" => Some(Format::Yaml),
        "json" => Some(Format::Json),
        _ => None,
    }
}

/// Reads the settings of a file in a notation, and what it declares of infrastructure.
pub(super) fn read(notation: Option<Format>, text: &str) -> (Vec<Setting>, Vec<Item>) {
    if text.len() > infrastructure::MAX_LEN {
        return (Vec::new(), Vec::new());
    }
    let mut settings = Vec::new();
    let mut items = Vec::new();
    match notation {
        Some(format) => {
            // Templates of Ruby in a file of YAML are no YAML.
            let tree = data::parse(text.to_owned(), format);
            let lines = Lines::new(text);
            tree.roots().for_each(|it| flatten(it, "", 0, &lines, &mut settings));
            items = infrastructure::of_document(text, &tree);
        }
        None => lines(text, &mut settings),
    }
    settings.truncate(MAX_SETTINGS);
    (settings, items)
}

fn flatten(node: Node<'_>, key: &str, depth: usize, lines: &Lines, settings: &mut Vec<Setting>) {
    if depth > MAX_NESTING || settings.len() >= MAX_SETTINGS {
        return;
    }
    let line = lines.of(node.span().start as usize);
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match node.kind() {
        Kind::Mapping => {
            // `{ name: X, value: Y }` is how Kubernetes has a variable.
            let entry = |name: &str| node.entry(name).map(|it| it.value);
            if let (Some(name), Some(value)) = (entry("name"), entry("value"))
                && let (Some(name), Some(text)) = (name.scalar(), value.scalar())
            {
                let line = lines.of(value.span().start as usize);
                settings.push(Setting { key: below(name).into(), value: text.trim().into(), line });
            }
            node.entries().for_each(|it| flatten(it.value, &below(it.key), depth + 1, lines, settings));
        }
        Kind::Sequence => node.items().for_each(|it| flatten(it, key, depth + 1, lines, settings)),
        _ => {
            // What a function of a template gives is nothing that is written here.
            let Some(text) = node.scalar().filter(|_| !infrastructure::is_function(node)) else { return };
            // `NAME=value`, as lists of environments have it.
            let pair = text.split_once('=').filter(|it| is_variable(it.0));
            let (name, value) = pair.unwrap_or(("", text));
            let key = if name.is_empty() { key.to_owned() } else { below(name) };
            settings.push(Setting { key: key.into(), value: value.trim().into(), line });
        }
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_')
}

/// `key = value` and `key: value` lines, with sections in brackets, or in braces as HOCON has them.
fn lines(text: &str, settings: &mut Vec<Setting>) {
    let mut section = String::new();
    let mut braces: Vec<&str> = Vec::new();
    for (number, line) in (1..).zip(text.lines().map(str::trim).take(MAX_SETTINGS)) {
        let line = line.strip_prefix("ENV ").or_else(|| line.strip_prefix("export ")).unwrap_or(line);
        if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            name.trim_matches(['[', ']']).clone_into(&mut section);
            continue;
        }
        if line.starts_with(['#', ';', '!']) || line.starts_with("//") {
            continue;
        }
        if let Some(name) = line.strip_suffix('{').map(|it| it.trim_end_matches([' ', '=', ':'])) {
            braces.push(name);
            continue;
        }
        if line == "}" {
            braces.pop();
            continue;
        }
        let Some((key, value)) = line.split_once(['=', ':']) else { continue };
        let key = key.trim();
        let key = if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
        let key = if braces.is_empty() { key } else { format!("{}.{key}", braces.join(".")) };
        // What a variable may replace stands on the line before, if there is anything.
        if value.trim().starts_with("${?") && settings.iter().any(|it| it.key == key) {
            continue;
        }
        let value = value.replace("${?", "${");
        settings.push(Setting { key: key.into(), value: value.trim().trim_matches(['"', '\'']).into(), line: number });
    }
}

/// A key as it is compared: in lower case, without what joins words.
pub(super) fn folded(key: &str) -> String {
    key.chars().filter(|it| !matches!(it, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_hold_settings() {
        let text = "shop {
              // names
              kafka = {
                orders = \"orders.v1\"
                orders = ${?ORDERS}
                mails = ${?MAILS}
              }
              port = 1
            }
            name = shop
            ";
        let found = read(None, text).0;
        let told: Vec<_> = found.iter().map(|it| format!("{}={}", it.key, it.value)).collect();
        assert_eq!(told, ["shop.kafka.orders=orders.v1", "shop.kafka.mails=${MAILS}", "shop.port=1", "name=shop"]);
        assert!(is_configuration("src/main/resources/application.conf"));
        assert!(!is_configuration("nginx/nginx.conf"));
    }
}
