//! The skills: for each operation, how to collect its facts and what to do with its answer.

use std::sync::LazyLock;

use crate::{
    files::skill_files,
    source::{split, text, yaml},
};

/// What an agent is told to do for a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    /// The operation it is about: `contract`.
    pub name: String,
    /// What it does and when to use it.
    pub description: String,
    /// The instructions, in Markdown.
    pub body: &'static str,
}

/// All skills, by name.
pub fn skills() -> &'static [Skill] {
    static SKILLS: LazyLock<Vec<Skill>> = LazyLock::new(|| {
        let own = skill_files().filter(|it| it.path.ends_with("/SKILL.md"));
        own.filter_map(|it| {
            let parts = split(it.text)?;
            let tree = yaml(parts.front);
            let root = tree.root()?;
            let name = text(root, "name")?.to_string();
            Some(Skill { name, description: text(root, "description")?.to_string(), body: parts.body })
        })
        .collect()
    });
    &SKILLS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_skill_can_be_read_and_says_when_to_use_it() {
        let files = skill_files().filter(|it| it.path.ends_with("/SKILL.md")).count();
        assert_eq!(skills().len(), files);
        assert!(files >= 5);
        for skill in skills() {
            assert!(skill.description.contains("Use ") && skill.description.contains("Not for "), "{}", skill.name);
            assert!(skill.body.starts_with("# ") && skill.body.lines().count() < 120, "{}", skill.name);
        }
    }
}
