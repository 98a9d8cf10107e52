//! Which engine keeps facts, index and findings up to date: the delta-maintained index, or a query engine (salsa)?
//!
//! Both run the same extraction on the same generated workspaces and answer the same question: the findings of the file
//! that was edited. `prose` edits change text only, `entry` edits change what the file says under a key.
//! Run with `cargo bench -p archwright-analysis --bench engine`; ADR-0001 holds the figures that decided.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::wildcard_imports)]

use std::{cell::Cell, sync::Arc};

use archwright_analysis::{Change, Config, OpenOptions, RelPath, Root, Workspace, facts, key::Key};
use divan::{AllocProfiler, Bencher, counter::ItemsCount};

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const SIZES: [usize; 2] = [1_000, 10_000];

/// A workspace of `count` designs and contracts that name each other's channels and link to each other.
fn files(count: usize) -> Vec<(RelPath, String)> {
    let filler =
        "The consumer writes its inbox row and its effect in one transaction, and the partition keeps the order of \
        one key. "
            .repeat(9);
    (0..count / 2)
        .flat_map(|at| {
            let (channel, next) = (format!("orders.placed{at}.v1"), (at + 1) % (count / 2));
            let design = format!(
                "# Design: f{at}\n\n## Summary\n\n- **Status**: Accepted\n- **Date**: 2026-01-10\n\n{filler}\n\n\
                ## Boundary contracts\n\n| Channel | Ordering key |\n| --- | --- |\n| {channel} | order_id |\n\n\
                See [next](../f{next}/design.md) and [contract](contracts/{channel}.md).\n"
            );
            let contract = format!(
                "# Contract: {channel}\n\n## Ordering\n\n- **Ordering key**: order_id\n\
                - **DLQ**: {channel}.dlq\n\n{filler}\n\nSee [design](../design.md).\n"
            );
            [
                (RelPath::new(&format!("docs/features/f{at}/design.md")), design),
                (RelPath::new(&format!("docs/features/f{at}/contracts/{channel}.md")), contract),
            ]
        })
        .collect()
}

/// The `n`th variant of the edited design: of its prose only, or of a channel's ordering key.
fn variant(text: &str, n: usize, entry: bool) -> Arc<str> {
    if entry {
        text.replace("order_id", &format!("order_id_{}", n % 7))
    } else {
        format!("{text}{}", ".".repeat(n % 7))
    }
    .into()
}

mod delta {
    use super::*;

    fn open(count: usize) -> (tempfile::TempDir, Workspace, RelPath, String) {
        let folder = tempfile::tempdir().unwrap();
        let files = files(count);
        for (path, text) in &files {
            let path = folder.path().join(path.as_str());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let workspace =
            archwright_analysis::open(OpenOptions::server(Root::Folder(folder.path().to_path_buf())), &|_| {}).unwrap();
        let (path, text) = files[0].clone();
        (folder, workspace, path, text)
    }

    fn edit(bencher: Bencher, count: usize, entry: bool) {
        let (_folder, workspace, path, text) = open(count);
        let workspace = std::cell::RefCell::new(workspace);
        let n = Cell::new(0);
        bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
            n.set(n.get() + 1);
            let mut workspace = workspace.borrow_mut();
            let changed =
                workspace.apply(vec![Change::Edit { path: path.clone(), text: variant(&text, n.get(), entry) }]);
            changed.files.len()
        });
    }

    #[divan::bench(args = SIZES)]
    fn prose(bencher: Bencher, count: usize) {
        edit(bencher, count, false);
    }

    #[divan::bench(args = SIZES)]
    fn entry(bencher: Bencher, count: usize) {
        edit(bencher, count, true);
    }
}

mod query {
    use rustc_hash::FxHashMap;
    use salsa::Setter;

    use super::*;

    #[salsa::input]
    struct Source {
        #[returns(ref)]
        path: RelPath,
        #[returns(ref)]
        text: Arc<str>,
    }

    #[salsa::input]
    struct Sources {
        #[returns(ref)]
        files: Vec<Source>,
    }

    #[salsa::interned]
    struct Name<'db> {
        #[returns(ref)]
        key: Key,
    }

    #[salsa::db]
    #[derive(Clone, Default)]
    struct Database {
        storage: salsa::Storage<Self>,
    }

    #[salsa::db]
    impl salsa::Database for Database {}

    /// Facts without equality: a new text makes new facts.
    #[derive(Clone)]
    struct Facts(Arc<facts::FileFacts>);

    impl PartialEq for Facts {
        fn eq(&self, other: &Self) -> bool {
            Arc::ptr_eq(&self.0, &other.0)
        }
    }

    #[salsa::tracked(returns(ref))]
    fn extract(db: &dyn salsa::Database, source: Source) -> Facts {
        static CONFIG: std::sync::OnceLock<Config> = std::sync::OnceLock::new();
        let config = CONFIG.get_or_init(Config::default);
        Facts(Arc::new(facts::extract(source.path(db), facts::Loaded::Text(source.text(db).clone()), config)))
    }

    /// What a file says, so that edits of prose stop here.
    #[salsa::tracked(returns(ref))]
    fn entries(db: &dyn salsa::Database, source: Source) -> Vec<(Key, u64)> {
        extract(db, source).0.entries.iter().map(|it| (it.key.clone(), it.hash)).collect()
    }

    /// The fold over all files. It depends on all of them.
    #[salsa::tracked(returns(ref))]
    fn index(db: &dyn salsa::Database, sources: Sources) -> FxHashMap<Key, Vec<(usize, u64)>> {
        let mut index: FxHashMap<Key, Vec<(usize, u64)>> = FxHashMap::default();
        for (at, source) in sources.files(db).iter().enumerate() {
            for (key, hash) in entries(db, *source) {
                index.entry(key.clone()).or_default().push((at, *hash));
            }
        }
        index
    }

    #[salsa::tracked(returns(ref))]
    fn contributors<'db>(db: &'db dyn salsa::Database, sources: Sources, name: Name<'db>) -> Vec<(usize, u64)> {
        index(db, sources).get(name.key(db)).cloned().unwrap_or_default()
    }

    /// Stands for the rules: reads each channel that the file names, and the anchors of each file it links to.
    #[salsa::tracked(returns(ref))]
    fn findings(db: &dyn salsa::Database, sources: Sources, source: Source) -> usize {
        let facts = &extract(db, source).0;
        let channels = facts.channels.iter().map(|it| Key::Channel(it.name.text.clone()));
        let links = facts.document().into_iter().flat_map(|it| &it.links).map(|it| Key::Anchors(it.path.clone()));
        channels.chain(links).map(|it| contributors(db, sources, Name::new(db, it)).len()).sum()
    }

    fn edit(bencher: Bencher, count: usize, entry: bool) {
        let mut db = Database::default();
        let files = files(count);
        let text = files[0].1.clone();
        let inputs: Vec<Source> = files.into_iter().map(|(path, text)| Source::new(&db, path, text.into())).collect();
        let first = inputs[0];
        let sources = Sources::new(&db, inputs.clone());
        for source in &inputs {
            findings(&db, sources, *source);
        }
        let n = Cell::new(0);
        let db = std::cell::RefCell::new(&mut db);
        bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
            n.set(n.get() + 1);
            let mut db = db.borrow_mut();
            first.set_text(&mut **db).to(variant(&text, n.get(), entry));
            *findings(&**db, sources, first)
        });
    }

    #[divan::bench(args = SIZES)]
    fn prose(bencher: Bencher, count: usize) {
        edit(bencher, count, false);
    }

    #[divan::bench(args = SIZES)]
    fn entry(bencher: Bencher, count: usize) {
        edit(bencher, count, true);
    }
}
