//! Which rules run, and how bad what they find is: the registry as the configuration wants it.

use rustc_hash::FxHashMap;

use super::{registry::Registry, rule::Rule};
use crate::{
    Severity,
    conventions::config::{Config, ConfigProblem},
};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::registry;

    fn select(text: &str) -> (Selection, Vec<ConfigProblem>) {
        let (config, problems) = Config::parse(text);
        assert_eq!(problems, []);
        Selection::new(registry(), &config)
    }

    #[test]
    fn a_family_without_its_star_is_told() {
        let (_, problems) = select("[rules]\nlink = \"off\"\n");
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        assert!(problem.message.contains("did you mean the family, `link/*`?"), "{problem:?}");
    }

    #[test]
    fn an_unknown_rule_is_named_with_its_place_and_the_nearest_one() {
        let text = "[rules]\n\"link/dead-targt\" = \"off\"\n";
        let (_, problems) = select(text);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].message.contains("link/dead-target"), "{}", problems[0].message);
        assert_eq!(problems[0].span.of(text), "\"link/dead-targt\"");
    }

    #[test]
    fn a_rule_can_be_silenced_and_a_family_lowered() {
        let (selection, problems) = select("[rules]\n\"link/*\" = \"hint\"\n\"link/dead-target\" = \"off\"\n");
        assert_eq!(problems, []);
        assert_eq!(selection.severity(registry().rule("link/dead-target").unwrap()), None);
        assert_eq!(selection.severity(registry().rule("link/wrong-depth").unwrap()), Some(Severity::Hint));
    }

    #[test]
    fn an_unknown_family_is_told_with_those_that_there_are() {
        let text = "[rules]\n\"nope/*\" = \"off\"\n";
        let (_, problems) = select(text);
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        assert_eq!(problem.span.of(text), "\"nope/*\"");
        assert!(problem.message.contains("`nope`") && problem.message.contains("asyncapi, channel"), "{problem:?}");
    }
}
