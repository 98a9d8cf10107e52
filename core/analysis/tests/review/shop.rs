//! The sample shop in a git repository of its own, to change and to review.

use std::{fs, path::Path, process::Command};

use archwright_analysis::{
    OpenOptions, Root,
    operations::{Operation, Review, ReviewRequest, Reviewed},
};

pub const FEATURE: &str = "docs/features/order-checkout";

/// The job that the shop's contracts name.
const PIPELINE: &str = "on: [pull_request]\njobs:\n  schema-compat:\n    steps:\n      - run: archwright check\n";

/// The shop as it is committed, with a branch for the change.
pub struct Shop(pub tempfile::TempDir);

impl Shop {
    pub fn new() -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/workspaces/shop");
        copy(&sample, shop.0.path());
        shop.write(".github/workflows/contracts.yml", PIPELINE);
        shop.git(&["init", "-q", "-b", "main"]);
        shop.commit("Start");
        shop.git(&["checkout", "-q", "-b", "change"]);
        shop
    }

    /// A workspace with some files, with a branch for the change.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            shop.write(path, text);
        }
        shop.git(&["init", "-q", "-b", "main"]);
        shop.commit("Start");
        shop.git(&["checkout", "-q", "-b", "change"]);
        shop
    }

    pub fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.current_dir(self.0.path());
        command.args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env_remove("GIT_DIR");
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// Replaces a text that a file must have.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let path = self.0.path().join(path);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{} has no {from:?}", path.display());
        fs::write(path, text.replace(from, to)).unwrap();
    }

    /// Writes a file anew.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Forgets the change.
    pub fn reset(&self) {
        self.git(&["reset", "-q", "--hard", "main"]);
        self.git(&["clean", "-qfd"]);
    }

    pub fn review(&self, request: &ReviewRequest) -> Reviewed {
        let root = Root::Folder(self.0.path().to_path_buf());
        let mut workspace = archwright_analysis::open(OpenOptions::server(root), &|_| {}).unwrap();
        let findings = |it: &archwright_analysis::Workspace| -> Vec<String> {
            it.files().map(|file| format!("{:?}", it.findings(file))).collect()
        };
        let before = findings(&workspace);
        let plan = Review::plan(&mut workspace, request).unwrap();
        assert!(plan.edit.is_empty());
        assert_eq!(before, findings(&workspace), "the workspace is as it was");
        plan.review.unwrap()
    }

    /// Each finding with its place, and the claims.
    pub fn told(&self) -> Vec<String> {
        let review = self.review(&ReviewRequest::default());
        assert!(review.text().len() <= 6_000);
        let findings =
            review.findings.iter().map(|it| format!("{} {}:{} {}", it.code, it.file, it.start.line, it.message));
        let claims = review.claims.iter().map(|it| format!("{:?} \"{}\": {}", it.state, it.words, it.because));
        findings.chain(claims).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { _ = fs::copy(&from, &to).unwrap() }
    }
}
