//! Which names the writer may touch, decided from the text of a path before any file is looked at.

use archwright_model::RelPath;
use unicode_normalization::UnicodeNormalization;

use super::{NameProblem, WriteError};

/// The longest part of a path in bytes; common file systems end here.
const MAX_NAME: usize = 255;
/// The longest path in bytes below the root, so that root and path together stay below the limits of other programs.
const MAX_PATH: usize = 1024;

/// Names that no edit may touch, folded as by [`fold`]: version control, and what tells an agent, an editor, a hook or
/// a pipeline what to run or to believe. `git~1` is how Windows may shorten `.git`.
const PROTECTED: &[&str] = &[
    ".agent",
    ".agents",
    ".aiassistant",
    ".aider",
    ".aider.conf.yml",
    ".amazonq",
    ".amp",
    ".augment",
    ".augment-guidelines",
    ".bolt",
    ".cargo",
    ".circleci",
    ".claude",
    ".claude-plugin",
    ".cline",
    ".clinerules",
    ".coderabbit.yaml",
    ".coderabbit.yml",
    ".codex",
    ".continue",
    ".copilot",
    ".crush",
    ".crush.json",
    ".cursor",
    ".cursorrules",
    ".devcontainer",
    ".devcontainer.json",
    ".devin",
    ".env",
    ".envrc",
    ".factory",
    ".firebender",
    ".fleet",
    ".gemini",
    ".git",
    ".gitattributes",
    ".githooks",
    ".github",
    ".gitlab",
    ".gitlab-ci.yaml",
    ".gitlab-ci.yml",
    ".gitmodules",
    ".goose",
    ".goosehints",
    ".hg",
    ".husky",
    ".idea",
    ".jj",
    ".junie",
    ".kilocode",
    ".kilocodemodes",
    ".kiro",
    ".lingma",
    ".mcp",
    ".mcp.json",
    ".npmrc",
    ".openai",
    ".opencode",
    ".opencode.json",
    ".openhands",
    ".pre-commit-config.yaml",
    ".qodo",
    ".qwen",
    ".replit",
    ".roo",
    ".roomodes",
    ".roorules",
    ".ruler",
    ".rules",
    ".rulesync",
    ".sourcery.yaml",
    ".svn",
    ".tabnine",
    ".trae",
    ".trae-cn",
    ".void",
    ".vscode",
    ".warp",
    ".windsurf",
    ".windsurfrules",
    ".zed",
    "agent.md",
    "agents.local.md",
    "agents.md",
    "agents.override.md",
    "claude.local.md",
    "claude.md",
    "codex.md",
    "copilot-instructions.md",
    "copilot.md",
    "crush.json",
    "crush.md",
    "cursor.md",
    "firebender.json",
    "gemini.md",
    "git~1",
    "goose.md",
    "jules.md",
    "mcp.json",
    "opencode.json",
    "opencode.jsonc",
    "opencode.md",
    "qwen.md",
    "replit.md",
    "skill.md",
    "warp.md",
];

/// Ends of names with which editors mark instructions for agents, whatever stands in front.
const PROTECTED_ENDS: &[&str] =
    &[".agent.md", ".chatmode.md", ".instructions.md", ".prompt.md", ".rules.md", ".toolsets.json", ".toolsets.jsonc"];

/// Names that agents read at the root of a repository; elsewhere they are documents like others.
const PROTECTED_AT_ROOT: &[&str] = &["conventions.md", "memory.md"];

/// Names of devices that Windows knows in every folder, with any extension.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// The path in `text`, as an agent or a command line gives it.
///
/// # Errors
/// If it is absolute, names a drive, climbs, or is no name of a file the writer may touch.
pub fn checked_path(text: &str) -> Result<RelPath, WriteError> {
    let refuse = |problem| Err(WriteError::Name { path: text.to_owned(), problem });
    if text.starts_with(['/', '\\']) {
        return refuse(NameProblem::Absolute);
    }
    if text.split(['/', '\\']).any(|it| it == "..") {
        return refuse(NameProblem::Climbs);
    }
    let path = RelPath::new(text);
    existing(&path)?;
    Ok(path)
}

/// Whether an edit may touch the file `path`.
pub(super) fn existing(path: &RelPath) -> Result<(), WriteError> {
    let refuse = |problem| Err(WriteError::Name { path: path.as_str().to_owned(), problem });
    let text = path.as_str();
    let mut start = text.chars();
    if text.is_empty() {
        return refuse(NameProblem::Empty);
    }
    if start.next().is_some_and(|it| it.is_ascii_alphabetic()) && start.next() == Some(':') {
        return refuse(NameProblem::Drive);
    }
    if let Some(control) = text.chars().find(|it| it.is_control()) {
        return refuse(NameProblem::Control(control));
    }
    if text.len() > MAX_PATH {
        return refuse(NameProblem::TooLong { bytes: text.len(), limit: MAX_PATH });
    }
    for part in text.split('/') {
        if part == ".." {
            return refuse(NameProblem::Climbs);
        }
        if part.len() > MAX_NAME {
            return refuse(NameProblem::TooLong { bytes: part.len(), limit: MAX_NAME });
        }
        unprotected(path, part)?;
    }
    Ok(())
}

/// Whether a file may come into being at `path`: everything that holds for an existing one, and a name that every
/// operating system can store and every reader can see.
pub(super) fn created(path: &RelPath) -> Result<(), WriteError> {
    existing(path)?;
    let refuse = |problem| Err(WriteError::Name { path: path.as_str().to_owned(), problem });
    if let Some(hidden) = path.as_str().chars().find(|it| is_ignorable(*it)) {
        return refuse(NameProblem::Invisible(hidden));
    }
    if !path.as_str().split('/').all(is_portable) {
        return refuse(NameProblem::NotPortable);
    }
    Ok(())
}

/// Whether the writer creates files of the type of `path`: documents, schemas, configuration. Nothing that anything
/// would run.
pub(super) fn creatable(path: &RelPath) -> Result<(), WriteError> {
    if path.file_type().is_some() { Ok(()) } else { Err(WriteError::Extension { path: path.clone() }) }
}

/// Refuses the part `name` of `path` if it is protected under any spelling that a file system or a reader may take for
/// it.
pub(super) fn unprotected(path: &RelPath, name: &str) -> Result<(), WriteError> {
    let folded = fold(name);
    let is_at_root = || !path.as_str().contains('/') && PROTECTED_AT_ROOT.contains(&folded.as_str());
    let has_end = || PROTECTED_ENDS.iter().any(|it| folded.ends_with(it));
    if PROTECTED.binary_search(&folded.as_str()).is_ok() || has_end() || is_at_root() {
        return Err(WriteError::Protected { path: path.clone(), name: folded });
    }
    if folded.starts_with('.') && !name.is_ascii() {
        return Err(WriteError::LookAlike { path: path.clone() });
    }
    Ok(())
}

/// The name as the most forgiving file system sees it: compatible characters are one, case and ignorable characters do
/// not count, and neither do the dots, spaces and stream names that Windows cuts off.
fn fold(name: &str) -> String {
    let folded: String = name.nfkc().filter(|it| !is_ignorable(*it)).flat_map(char::to_lowercase).collect();
    let folded = folded.split(':').next().unwrap_or_default();
    folded.trim_end_matches(['.', ' ']).to_owned()
}

fn is_portable(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|it| it.len() == 1 && it.bytes().all(|it| it.is_ascii_digit()))
    };
    let device = DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt");
    !device && !part.contains(['<', '>', ':', '"', '|', '?', '*']) && !part.ends_with(['.', ' '])
}

/// Characters that show nothing: Unicode's `Default_Ignorable_Code_Point`, which holds the zero-width and bidirectional
/// ones.
fn is_ignorable(character: char) -> bool {
    matches!(
        u32::from(character),
        0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E
        | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFF8 | 0x1BCA0..=0x1BCA3
        | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protected_names_are_folded_and_sorted_for_the_search() {
        assert!(PROTECTED.is_sorted());
        for name in PROTECTED {
            assert_eq!(fold(name), *name);
        }
    }

    #[test]
    fn protected_names_are_refused_under_every_spelling() {
        for part in [
            ".git",
            ".GIT",
            ".Git.",
            ".git ",
            ".git::$INDEX_ALLOCATION",
            "GIT~1",
            ".\u{ff47}it",
            ".g\u{200c}it",
            "\u{feff}.git",
        ] {
            let path = RelPath::new(&format!("docs/{part}/config.md"));
            assert!(matches!(existing(&path), Err(WriteError::Protected { .. })), "{part:?}: {:?}", existing(&path));
        }
        for part in ["\u{2024}git", ".g\u{456}t", ".cl\u{430}ude"] {
            let path = RelPath::new(&format!("{part}/settings.json"));
            assert!(
                matches!(existing(&path), Err(WriteError::Protected { .. } | WriteError::LookAlike { .. })),
                "{part:?}"
            );
        }
        for name in [
            ".mcp.json",
            "sub/.MCP.json",
            ".cursor/rules/x.md",
            "a/.vscode/tasks.json",
            ".idea/x.md",
            ".github/workflows/ci.yml",
            "CLAUDE.md",
            ".copilot/x.md",
            ".Trae/rules/x.md",
            ".openai/x.md",
            "skills/design/SKILL.md",
            "skills/a/b/Skill.md",
            "docs/api.instructions.md",
            "docs/review.Prompt.md",
            "docs/plan.chatmode.md",
            "CONVENTIONS.md",
            "CRUSH.md",
            "docs/mcp.json",
        ] {
            assert!(matches!(existing(&RelPath::new(name)), Err(WriteError::Protected { .. })), "{name}");
        }
        for name in [
            "docs/instructions.md",
            "docs/prompt.md",
            "docs/conventions.md",
            "docs/git/x.md",
            "docs/.gitkeep.md",
            "docs/über.md",
            "docs/agents/x.md",
            "docs/skills/x.md",
            "vscode.md",
        ] {
            assert!(created(&RelPath::new(name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn paths_from_outside_say_what_is_wrong_with_them() {
        use NameProblem as P;
        let long = "x".repeat(256);
        let deep = "abcdefg/".repeat(200);
        for (text, problem) in [
            ("", P::Empty),
            (".", P::Empty),
            ("/etc/passwd", P::Absolute),
            ("\\\\server\\share", P::Absolute),
            ("C:\\x.md", P::Drive),
            ("c:x.md", P::Drive),
            ("../x.md", P::Climbs),
            ("docs/../x.md", P::Climbs),
            ("docs\\..\\..\\x.md", P::Climbs),
            ("a\0.md", P::Control('\0')),
            ("a\nb.md", P::Control('\n')),
            ("a\u{1b}[0m.md", P::Control('\u{1b}')),
            (long.as_str(), P::TooLong { bytes: 256, limit: 255 }),
            (deep.as_str(), P::TooLong { bytes: 1599, limit: 1024 }),
        ] {
            match checked_path(text) {
                Err(WriteError::Name { problem: found, .. }) => assert_eq!(found, problem, "{text:?}"),
                other => panic!("{text:?}: {other:?}"),
            }
        }
        assert_eq!(checked_path("docs/%2e%2e/x.md").unwrap().as_str(), "docs/%2e%2e/x.md");
    }

    #[test]
    fn new_names_are_portable_and_visible() {
        for name in ["docs/aux.md", "docs/COM1.yaml", "a?.md", "ab:c.md", "docs./x.md", "docs /x.md"] {
            let found = created(&RelPath::new(name));
            assert!(
                matches!(found, Err(WriteError::Name { problem: NameProblem::NotPortable, .. })),
                "{name}: {found:?}"
            );
        }
        for name in ["docs/a\u{202e}dm.md", "docs/a\u{200b}.md"] {
            assert!(matches!(
                created(&RelPath::new(name)),
                Err(WriteError::Name { problem: NameProblem::Invisible(_), .. })
            ));
        }
        assert!(created(&RelPath::new("docs/command.md")).is_ok());
    }
}
