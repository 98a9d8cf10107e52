//! Which rules are checked, and where nobody minds.

use super::rules::replacements;
use super::{Category, rule, rules};
use crate::protobuf::schema::Schema;

/// Which rules to check, and where to look away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selection {
    rules: Vec<&'static str>,
    /// Whether changes to files of unstable packages, such as `pay.v1beta1`, are of no interest.
    pub ignore_unstable_packages: bool,
    /// Files and folders in which changes are of no interest.
    pub ignore: Vec<String>,
    /// Names of rules, each with a file or folder in which it is of no interest.
    pub ignore_only: Vec<(String, String)>,
}

impl Selection {
    /// The rules of these categories.
    pub fn of_categories(categories: &[Category]) -> Self {
        Self::of_rules(rules().filter(|it| it.categories.iter().any(|it| categories.contains(it))).map(|it| it.name))
    }

    /// The rules of these names, which may be categories, rules, and older names of rules.
    ///
    /// # Errors
    /// The name that is unknown.
    pub fn of_names<'n>(names: &[&'n str]) -> Result<Self, &'n str> {
        let mut res = Self::of_categories(&[]);
        for name in names {
            res.rules.append(&mut named(name)?);
        }
        Ok(Self::of_rules(res.rules.into_iter()))
    }

    /// Leaves out the rules of these names, which may be categories too.
    ///
    /// # Errors
    /// The name that is unknown.
    pub fn except<'n>(mut self, names: &[&'n str]) -> Result<Self, &'n str> {
        for name in names {
            let out = named(name)?;
            self.rules.retain(|it| !out.contains(it));
        }
        Ok(self)
    }

    pub(super) fn of_rules(names: impl Iterator<Item = &'static str>) -> Self {
        let mut rules: Vec<_> = names.collect();
        rules.sort_unstable();
        rules.dedup();
        Self { rules, ignore_unstable_packages: false, ignore: Vec::new(), ignore_only: Vec::new() }
    }

    /// The names of the rules, sorted.
    pub fn rules(&self) -> &[&'static str] {
        &self.rules
    }

    /// Whether a finding at this place of the new or of the old files is of no interest.
    pub(super) fn ignores(&self, rule: &str, path: &str, schema: &Schema<'_>) -> bool {
        let inside = |folder: &str| {
            let folder = folder.trim_start_matches("./").trim_end_matches('/');
            folder == "." || path.strip_prefix(folder).is_some_and(|it| it.is_empty() || it.starts_with('/'))
        };
        self.ignore.iter().any(|it| inside(it))
            || self.ignore_only.iter().any(|(name, folder)| name == rule && inside(folder))
            || self.ignore_unstable_packages
                && schema.sources.iter().any(|it| it.path == path && is_unstable(&it.file.package))
    }
}

/// The rules that a name stands for.
pub(super) fn named(name: &str) -> Result<Vec<&'static str>, &str> {
    if let Some(category) = Category::of_name(name) {
        return Ok(Selection::of_categories(&[category]).rules);
    }
    match rule(name) {
        Some(rule) => Ok(vec![rule.name]),
        None => replacements(name).map(<[_]>::to_vec).ok_or(name),
    }
}

/// Whether the last part of a package is a version that promises nothing: `v1alpha1`, `v1beta1`, `v1p1beta1` or
/// `v1test`.
pub(super) fn is_unstable(package: &str) -> bool {
    let Some((_, version)) = package.rsplit_once('.') else { return false };
    let Some(version) = version.strip_prefix('v') else { return false };
    let rest = version.trim_start_matches(|it: char| it.is_ascii_digit());
    if rest.len() == version.len() || version.starts_with('0') {
        return false;
    }
    if rest.starts_with("test") {
        return true;
    }
    let number = |it: &str| !it.is_empty() && !it.starts_with('0') && it.bytes().all(|it| it.is_ascii_digit());
    let stage = rest.find("alpha").or_else(|| rest.find("beta"));
    let Some((patch, stage)) = stage.and_then(|it| rest.split_at_checked(it)) else { return false };
    let stage = stage.trim_start_matches("alpha").trim_start_matches("beta");
    (patch.is_empty() || patch.strip_prefix('p').is_some_and(number)) && (stage.is_empty() || number(stage))
}
