//! What an edit of a file of code costs: until findings stand in their new places, which somebody who types waits for,
//! and until code is read and held against documents again, which goes on beside.
//!
//! Run with `cargo bench -p archwright-analysis --bench code`.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    cell::{Cell, RefCell},
    fs,
    path::Path,
    sync::Arc,
};

use archwright_analysis::{
    Change, OpenOptions, RelPath, Root, Workspace, open,
    operations::{CodeChange, CodeReader, CodeView, code_findings},
};
use divan::Bencher;

fn main() {
    divan::main();
}

const SIZES: [usize; 2] = [1_000, 4_000];

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Services of twenty files each, of which one receives and one sends, and contracts that do not know of every second
/// receiver.
fn files(root: &Path, count: usize) {
    for at in 0..count / 20 {
        let (service, channel) = (format!("services/s{at}"), format!("orders.placed{at}.v1"));
        write(root, &format!("{service}/pom.xml"), &format!("<artifactId>s{at}</artifactId><a>spring-kafka</a>"));
        for part in 0..18 {
            let method = |it: usize| {
                format!(
                    "  /** Adds what is asked for. */\n  public int add{it}(int a, int b) {{\n    \
                    int sum = a + b;\n    if (sum > {it}) {{ log.info(\"more than {it}\"); }}\n    \
                    return helper.keep(sum);\n  }}\n"
                )
            };
            let methods = (0..30).map(method).collect::<Vec<_>>().concat();
            let text = format!("package shop.s{at};\n\npublic class Part{part} {{\n{methods}}}\n");
            write(root, &format!("{service}/src/Part{part}.java"), &text);
        }
        let listener =
            format!("class Events {{\n  @KafkaListener(topics = \"{channel}\")\n  void on(Order order) {{}}\n}}\n");
        write(root, &format!("{service}/src/Events.java"), &listener);
        let sender = format!(
            "class Sender {{\n  KafkaTemplate<String, String> kafka;\n  void send() {{\n    \
            kafka.send(\"{channel}\", \"\");\n  }}\n}}\n"
        );
        write(root, &format!("{service}/src/Sender.java"), &sender);
        let consumer = if at % 2 == 0 { "elsewhere".to_owned() } else { format!("s{at}") };
        let contract = format!(
            "# Contract: {channel}\n\n- **Status**: Active\n- **Consumers**: {consumer}\n- **Producer**: s{at}\n"
        );
        write(root, &format!("docs/features/f{at}/contracts/{channel}.md"), &contract);
    }
}

struct Case {
    _folder: tempfile::TempDir,
    workspace: Workspace,
    reader: CodeReader,
    path: RelPath,
    text: Arc<str>,
}

impl Case {
    fn new(count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        files(folder.path(), count);
        let mut workspace = open(OpenOptions::server(Root::Folder(folder.path().to_path_buf())), &|_| {}).unwrap();
        let path = RelPath::new("services/s0/src/Events.java");
        let text = workspace.text(workspace.file(&path).unwrap()).unwrap();
        workspace.apply(vec![Change::Open { path: path.clone(), text: text.clone() }]);
        let mut it = Self { _folder: folder, workspace, reader: CodeReader::default(), path, text };
        let found = it.read(&CodeChange::Everything);
        assert!(found > 0, "nothing was found");
        it
    }

    /// The `n`th text of the open file.
    fn edit(&mut self, n: usize) {
        let text = format!("// {n}\n{}", self.text);
        self.workspace.apply(vec![Change::Edit { path: self.path.clone(), text: text.as_str().into() }]);
    }

    fn view(&mut self, change: &CodeChange) -> CodeView {
        let order = self.reader.order(&self.workspace, change).unwrap();
        CodeView::new(&self.workspace, self.reader.read(order).unwrap())
    }

    fn read(&mut self, change: &CodeChange) -> usize {
        let view = self.view(change);
        let found = code_findings(&self.workspace, &view, &|| false).unwrap();
        let count = found.len();
        self.workspace.set_code_findings(found);
        count
    }
}

fn run(bencher: Bencher<'_, '_>, count: usize, work: impl Fn(&mut Case)) {
    let case = RefCell::new(Case::new(count));
    let n = Cell::new(0);
    bencher.bench_local(|| {
        n.set(n.get() + 1);
        let mut case = case.borrow_mut();
        case.edit(n.get());
        work(&mut case);
    });
}

/// Findings move with their lines.
#[divan::bench(args = SIZES)]
fn moved(bencher: Bencher<'_, '_>, count: usize) {
    run(bencher, count, |_| {});
}

/// Code is read again and joined.
#[divan::bench(args = SIZES, sample_count = 10)]
fn joined(bencher: Bencher<'_, '_>, count: usize) {
    run(bencher, count, |it| {
        let change = CodeChange::Paths([it.path.clone()].into());
        it.view(&change);
    });
}

/// Documents are held against it, too.
#[divan::bench(args = SIZES, sample_count = 10)]
fn judged(bencher: Bencher<'_, '_>, count: usize) {
    run(bencher, count, |it| {
        let change = CodeChange::Paths([it.path.clone()].into());
        it.read(&change);
    });
}
