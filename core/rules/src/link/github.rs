//! Links that GitHub makes more of than files and headings: pages of a repository, lines, the top of a page.

use archwright_model::RelPath;

/// The pages of a repository, by the first part of their addresses.
const PAGES: [&str; 36] = [
    "actions",
    "activity",
    "archive",
    "blame",
    "blob",
    "branches",
    "commit",
    "commits",
    "community",
    "compare",
    "contributors",
    "deployments",
    "discussions",
    "edit",
    "find",
    "forks",
    "fork",
    "graphs",
    "issues",
    "labels",
    "milestone",
    "milestones",
    "network",
    "new",
    "packages",
    "projects",
    "pull",
    "pulls",
    "pulse",
    "raw",
    "releases",
    "security",
    "stargazers",
    "tags",
    "tree",
    "wiki",
];

/// Whether a path that no file has is a page beside the files. A file is shown at `OWNER/NAME/blob/BRANCH/PATH`, so
/// that two folders above the root of the repository are its pages, and three or four above are other repositories.
pub(super) fn is_page(path: &RelPath) -> bool {
    let below = path.as_str().trim_start_matches("../");
    let climbed = (path.as_str().len() - below.len()) / 3;
    let mut parts = below.split('/');
    let mut is_page = || parts.next().is_some_and(|it| PAGES.contains(&it));
    match climbed {
        0 | 1 => false,
        2 => is_page(),
        // The workspace may be a folder of the repository.
        _ => is_page() || is_page() || is_page() || !below.rsplit('/').next().unwrap_or_default().contains('.'),
    }
}

/// The heading that a fragment names, without what GitHub puts in front of it; `None` for one that names lines, the top
/// of the page, a footnote or nothing.
pub(super) fn heading(fragment: &str) -> Option<&str> {
    // What follows `:~:` is for the browser.
    let name = fragment.split(":~:").next().unwrap_or_default();
    let name = name.strip_prefix("user-content-").unwrap_or(name);
    let is_footnote = ["fn-", "fnref-"].iter().any(|it| name.starts_with(it));
    let is_place = name.is_empty() || name.eq_ignore_ascii_case("top") || are_lines(name) || is_footnote;
    (!is_place).then_some(name)
}

/// `L10`, `L10-L20`, `L12C1-L13C4`.
fn are_lines(name: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let is_place = |text: &str| {
        let Some(place) = text.strip_prefix(['L', 'l']) else { return false };
        place.split_once(['C', 'c']).map_or_else(|| number(place), |(line, column)| number(line) && number(column))
    };
    name.split_once('-').map_or_else(|| is_place(name), |(from, to)| is_place(from) && (is_place(to) || number(to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_stand_two_folders_above_the_root() {
        for (path, page) in [
            ("../../issues/3", true),
            ("../../pull/4", true),
            ("../../wiki", true),
            ("../../../issues", true),
            ("../../../other-repository", true),
            ("../../../other/blob/main/README.md", true),
            ("../issues/3", false),
            ("issues/3", false),
            ("../../docs/design.md", false),
            ("../../../docs/design.md", false),
        ] {
            assert_eq!(is_page(&RelPath::new(path)), page, "{path}");
        }
    }

    #[test]
    fn lines_are_no_headings() {
        for (fragment, name) in [
            ("L10", None),
            ("L10-L20", None),
            ("L12C1", None),
            ("l12c1-l13c4", None),
            ("top", None),
            ("", None),
            (":~:text=lag", None),
            ("user-content-fn-1", None),
            ("L1-cache-miss", Some("L1-cache-miss")),
            ("l", Some("l")),
            ("L10x", Some("L10x")),
            ("user-content-usage", Some("usage")),
            ("usage:~:text=lag", Some("usage")),
        ] {
            assert_eq!(heading(fragment), name, "{fragment}");
        }
    }
}
