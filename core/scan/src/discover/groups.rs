//! The groups that share the work of receiving: consumer groups and queue groups.

use super::configuration::Setting;
use super::index::Index;
use super::types::Scope;
use super::values::Value;
use super::{Channel, Resolution};
use crate::code::Call;
use crate::facts::{Argument, Operation, Place};
use crate::infrastructure::is_real;

impl<'f> Index<'f> {
    /// The group that a call receives for: what stands there, or in settings of its project if nothing does. `channels`
    /// are the names that stand in code.
    pub(super) fn group(
        &self,
        operation: &Operation,
        channels: &[Value],
        call: &'f Call,
        scope: Scope,
    ) -> Option<Channel> {
        let is_written = |place: &&Place| match &place.argument {
            Argument::Keyword(name) => call.named(name).is_some(),
            _ => !self.values_at(place, call, scope).is_empty(),
        };
        if let Some(place) = operation.group.iter().find(is_written) {
            let mut values = self.values_at(place, call, scope);
            values.dedup();
            let [Value::Known(group)] = values.as_slice() else { return None };
            let is_named = group.resolution < Resolution::Environment && group.resolution != Resolution::TypeName;
            return (is_named && !group.name.trim().is_empty()).then(|| group.clone());
        }
        let [Value::Known(channel)] = channels else { return None };
        let is_elsewhere = || {
            operation.group_elsewhere.iter().any(|it| call.named(it).is_some())
                || operation.group_unless.iter().any(|it| self.mentions(it))
        };
        if operation.group_settings.is_empty() || is_elsewhere() {
            return None;
        }
        self.group_set(operation, &channel.name, scope)
    }

    /// The group that settings of the project have under a name.
    pub(super) fn group_set(&self, operation: &Operation, name: &str, scope: Scope) -> Option<Channel> {
        let mut keys = operation.group_settings.iter();
        let value = keys.find_map(|it| self.own_setting(&it.replace("{}", name), scope))?.value.as_str();
        let is_plain = !value.is_empty() && !value.contains(['$', '{', '#', '@', ' ']);
        is_plain.then(|| Channel { name: value.into(), resolution: Resolution::Configuration })
    }

    /// What the settings of the project of some code say.
    pub(super) fn own_setting(&self, key: &str, scope: Scope) -> Option<&'f Setting> {
        self.setting_in(key, self.projects.folder(self.files.get(scope.file)?.path))
    }

    /// What the settings of a project say with one voice; those of tests and of somebody's own computer are none.
    pub(super) fn setting_in(&self, key: &str, folder: &str) -> Option<&'f Setting> {
        let keys: Vec<&str> = key.split('.').collect();
        let is_own = |path: &str| {
            let inside = path.strip_prefix(folder).is_some_and(|it| folder.is_empty() || it.starts_with('/'));
            inside && self.projects.folder(path) == folder && is_real(path)
        };
        let found: Vec<_> = self.settings_at(&keys).filter(|it| is_own(it.0) && !is_of_tests(it.0)).collect();
        let (_, first) = *found.first()?;
        found.iter().all(|it| it.1.value == first.value).then_some(first)
    }
}

/// Whether a file of settings is one of tests.
pub(super) fn is_of_tests(path: &str) -> bool {
    path.split('/').any(|it| matches!(it, "test" | "tests" | "testFixtures" | "integrationTest"))
}
