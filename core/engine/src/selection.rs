//! Which rules run, and how bad what they find is: the registry as the configuration wants it.

use archwright_model::{
    Severity,
    conventions::config::{Config, ConfigProblem},
};
use rustc_hash::FxHashMap;

use super::{registry::Registry, rule::Rule};

/// The rules of a workspace with the severities that hold there.
#[derive(Clone, Debug)]
pub struct Selection {
    registry: &'static Registry,
    /// What differs from the severity that a rule declares; `None` is off.
    levels: FxHashMap<&'static str, Option<Severity>>,
}

impl Selection {
    /// Resolves what the configuration says of rules and families. Names that mean none become problems.
    pub fn new(registry: &'static Registry, config: &Config) -> (Self, Vec<ConfigProblem>) {
        let (mut levels, mut problems) = (FxHashMap::default(), Vec::new());
        for (name, level) in config.rule_levels() {
            let severity = level.severity();
            let written = name.get_ref().as_str();
            if let Some(family) = written.strip_suffix("/*") {
                let mut rules = registry.family(family).peekable();
                if rules.peek().is_none() {
                    let families = registry.families().join(", ");
                    let message = format!("There is no family of rules `{family}`; write one of {families}");
                    problems.push(ConfigProblem::new(name.span(), message));
                }
                for rule in rules {
                    levels.entry(rule.code).or_insert(severity);
                }
            } else if let Some(rule) = registry.rule(written) {
                levels.insert(rule.code, severity);
            } else if registry.families().contains(&written) {
                let message = format!("There is no rule `{written}`; did you mean the family, `{written}/*`?");
                problems.push(ConfigProblem::new(name.span(), message));
            } else {
                let hint = registry.nearest(written).map_or_else(
                    || format!("the families are {}", registry.families().join(", ")),
                    |it| format!("did you mean `{}`?", it.code),
                );
                problems.push(ConfigProblem::new(name.span(), format!("There is no rule `{written}`; {hint}")));
            }
        }
        // Settled here, because it is asked of every rule for every file.
        for rule in registry.rules().iter().filter(|it| it.optional) {
            levels.entry(rule.code).or_insert(None);
        }
        (Self { registry, levels }, problems)
    }

    /// All rules, whether or not they are on.
    pub fn registry(&self) -> &'static Registry {
        self.registry
    }

    /// The severity of a rule; `None` if it is off.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.levels.get(rule.code).copied().unwrap_or(Some(rule.severity))
    }
}
