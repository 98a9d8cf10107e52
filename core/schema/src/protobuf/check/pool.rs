//! A file with all that it imports, and what the names in it stand for.

use std::{collections::VecDeque, collections::hash_map::Entry, sync::Arc};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::protobuf::known::{self, DESCRIPTOR};
use crate::protobuf::parser::{self, Parsed};
use crate::protobuf::schema::{Schema, Source, qualified};
use crate::protobuf::tree::{File, ImportKind};

/// How many imports are read; more is a generated forest of which one message uses little. What the others declare is
/// not judged.
const MAX_IMPORTS: usize = 200;

/// After so many files those are left out that are only imported by imports: nothing in them can be used. They only
/// tell where a name is declared that is not imported.
const MAX_DISTANT: usize = 40;

/// Asks for the text of an imported file by its path as the import states it; nothing for what is not known.
pub(crate) type Read<'r> = &'r mut dyn FnMut(&str) -> Option<Arc<str>>;

/// The files that one file imports, directly or through others.
pub(crate) struct Imports {
    files: Vec<Imported>,
    by_path: FxHashMap<String, usize>,
    /// How many files that may be used were not read, because there are too many.
    pub(crate) left_out: usize,
}

struct Imported {
    path: String,
    tree: Tree,
    /// Whether all of it could be read.
    is_whole: bool,
}

enum Tree {
    Known(&'static File),
    Read(Box<File>),
}

impl Imported {
    fn file(&self) -> &File {
        match &self.tree {
            Tree::Known(file) => file,
            Tree::Read(file) => file,
        }
    }
}

impl Imports {
    /// Reads what a file imports that goes by the paths `own`.
    pub(crate) fn read(file: &File, own: &[String], read: Read<'_>) -> Self {
        let mut imports = Self { files: Vec::new(), by_path: FxHashMap::default(), left_out: 0 };
        let mut near: VecDeque<String> = file.imports.iter().map(|it| it.path.clone()).collect();
        let mut distant: VecDeque<String> = VecDeque::new();
        let mut seen = FxHashSet::default();
        let mut left_out = FxHashSet::default();
        seen.insert(own.first().cloned().unwrap_or_default());
        loop {
            let is_near = !near.is_empty();
            let Some(path) = near.pop_front().or_else(|| distant.pop_front()) else { break };
            let most = if is_near { MAX_IMPORTS } else { MAX_DISTANT };
            if seen.contains(&path) {
                continue;
            }
            if seen.len() >= most {
                imports.left_out += usize::from(is_near && left_out.insert(path));
                continue;
            }
            seen.insert(path.clone());
            let (tree, is_whole) = if let Some(known) = known::of_path(&path) {
                (Tree::Known(&known.file), true)
            } else if let Some(text) = read(&path) {
                let Parsed { mut file, faults } = parser::parse(&text);
                file.name_once(own);
                (Tree::Read(Box::new(file)), !faults.iter().any(|it| it.is_lost))
            } else {
                continue;
            };
            let imported = Imported { path: path.clone(), tree, is_whole };
            for it in &imported.file().imports {
                let waiting = if is_near && it.kind == ImportKind::Public { &mut near } else { &mut distant };
                waiting.push_back(it.path.clone());
            }
            imports.by_path.insert(path, imports.files.len());
            imports.files.push(imported);
        }
        imports
    }

    /// The file of a path, counted from 1 on, because 0 is the file that imports.
    fn index(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).map(|it| it + 1)
    }
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Message(usize),
    Enum(usize),
    Extension(usize),
    /// A value of an enum, a field, a oneof, a service or a method.
    Other,
    Service,
    Package,
}

/// What a name stands for, and in which file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Symbol {
    pub(crate) kind: Kind,
    pub(crate) file: usize,
}

impl Symbol {
    fn is_type(self) -> bool {
        matches!(self.kind, Kind::Message(_) | Kind::Enum(_))
    }

    /// Whether names may stand in it.
    fn is_scope(self) -> bool {
        matches!(self.kind, Kind::Message(_) | Kind::Enum(_) | Kind::Service | Kind::Package)
    }
}

/// What came of looking a name up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Lookup {
    Found(Symbol),
    /// Nothing bears the name.
    Missing,
    /// The first part of the name stands for something closer by, which does not have the rest. With the full name that
    /// was looked for.
    Hidden(String),
    /// A file that is not imported has it.
    NotImported(usize),
    /// It may stand in a file that is not known.
    Unknown,
}

/// A file (number 0) and the files that it imports.
pub(crate) struct Pool<'s> {
    pub(crate) schema: Schema<'s>,
    /// Of which files the types may be used.
    visible: Vec<bool>,
    /// Of which files only extensions may be used, as options.
    for_options: Vec<bool>,
    /// Whether nothing is missing: all imports are known, and all files could be read.
    pub(crate) is_complete: bool,
    pub(crate) symbols: FxHashMap<String, Symbol>,
    /// The names of the file that an imported file declares as well, with that file.
    pub(crate) declared_elsewhere: FxHashMap<String, usize>,
    /// The other files by the paths by which they are imported.
    by_path: &'s FxHashMap<String, usize>,
    /// The files of each package and of the packages around it.
    packages: FxHashMap<String, Vec<usize>>,
}

impl<'s> Pool<'s> {
    /// `is_whole` says whether all of the file could be read.
    pub(crate) fn new(file: &'s File, path: &'s str, is_whole: bool, imports: &'s Imports) -> Self {
        let mut sources = vec![Source { path, file }];
        sources.extend(imports.files.iter().map(|it| Source { path: &it.path, file: it.file() }));
        let imported = sources.len();
        if imports.index(DESCRIPTOR).is_none()
            && let Some(descriptor) = known::of_path(DESCRIPTOR)
        {
            sources.push(Source { path: descriptor.path, file: &descriptor.file });
        }
        let schema = Schema::new(sources);
        let mut pool = Self {
            visible: vec![false; imported],
            for_options: vec![false; imported],
            is_complete: is_whole,
            symbols: FxHashMap::default(),
            declared_elsewhere: FxHashMap::default(),
            by_path: &imports.by_path,
            packages: FxHashMap::default(),
            schema,
        };
        pool.see(imports);
        for file in (0..imported).rev() {
            pool.add(file);
        }
        pool
    }

    /// Finds out which files the file may use: those it imports, and those that these import publicly.
    fn see(&mut self, imports: &Imports) {
        let Some(own) = self.schema.sources.first().map(|it| it.file) else { return };
        if let Some(it) = self.visible.first_mut() {
            *it = true;
        }
        let mut waiting: Vec<(&str, bool)> =
            own.imports.iter().map(|it| (it.path.as_str(), it.kind == ImportKind::Option)).collect();
        while let Some((path, is_for_options)) = waiting.pop() {
            let Some(index) = imports.index(path) else {
                self.is_complete &= path == self.path(0);
                continue;
            };
            let seen = if is_for_options { &mut self.for_options } else { &mut self.visible };
            if seen.get_mut(index).is_none_or(|it| std::mem::replace(it, true)) {
                continue;
            }
            let Some(imported) = imports.files.get(index - 1) else { continue };
            self.is_complete &= imported.is_whole;
            let public = imported.file().imports.iter().filter(|it| it.kind == ImportKind::Public);
            waiting.extend(public.map(|it| (it.path.as_str(), is_for_options)));
        }
    }

    /// Adds the names that a file declares; those of the file with the smallest number count.
    fn add(&mut self, file: usize) {
        let Self { schema, symbols, packages, declared_elsewhere, .. } = self;
        let mut add = |name: String, kind: Kind| match symbols.entry(name) {
            Entry::Vacant(it) => _ = it.insert(Symbol { kind, file }),
            Entry::Occupied(mut it) => {
                let before = *it.get();
                // Of two declarations of one file, the type is what is meant where the name is used.
                if before.file != file || !before.is_type() {
                    it.insert(Symbol { kind, file });
                }
                if file == 0 && before.file != 0 {
                    declared_elsewhere.insert(it.key().clone(), before.file);
                }
            }
        };
        for (index, it) in schema.messages.iter().enumerate().filter(|(_, it)| it.file == file) {
            let inside = it.node.fields.iter().map(|it| &it.name).chain(it.node.oneofs.iter().map(|it| &it.name));
            inside.for_each(|name| add(format!("{}.{name}", it.full), Kind::Other));
            add(it.full.clone(), Kind::Message(index));
        }
        for (index, it) in schema.extensions.iter().enumerate().filter(|(_, it)| it.file == file) {
            add(it.full.clone(), Kind::Extension(index));
        }
        for (index, it) in schema.enums.iter().enumerate().filter(|(_, it)| it.file == file) {
            let scope = schema.scope(file, it.parent);
            it.node.values.iter().for_each(|it| add(qualified(scope, &it.name), Kind::Other));
            add(it.full.clone(), Kind::Enum(index));
        }
        for it in schema.services.iter().filter(|it| it.file == file) {
            it.node.methods.iter().for_each(|method| add(format!("{}.{}", it.full, method.name), Kind::Other));
            add(it.full.clone(), Kind::Service);
        }
        let mut package = Some(schema.package(file));
        while let Some(name) = package.filter(|it| !it.is_empty()) {
            packages.entry(name.to_owned()).or_default().push(file);
            package = name.rsplit_once('.').map(|it| it.0);
        }
    }

    pub(crate) fn own(&self) -> Option<&'s File> {
        self.schema.sources.first().map(|it| it.file)
    }

    /// The file that is imported by a path.
    pub(crate) fn imported(&self, path: &str) -> Option<&'s File> {
        let index = self.by_path.get(path)? + 1;
        self.schema.sources.get(index).map(|it| it.file)
    }

    /// The path of a file, for a sentence.
    pub(crate) fn path(&self, file: usize) -> &'s str {
        self.schema.path(file)
    }

    /// The package with this name that another file declares.
    pub(crate) fn package_elsewhere(&self, name: &str) -> Option<usize> {
        self.packages.get(name)?.iter().copied().find(|it| *it != 0)
    }

    /// What bears a full name and may be used.
    fn find(&self, full: &str, elsewhere: &mut Option<usize>) -> Option<Symbol> {
        let sees = |file: usize| self.visible.get(file) == Some(&true);
        let sees_options = |file: usize| self.for_options.get(file) == Some(&true);
        if let Some(&symbol) = self.symbols.get(full) {
            let is_option = matches!(symbol.kind, Kind::Extension(_)) && sees_options(symbol.file);
            if sees(symbol.file) || is_option {
                return Some(symbol);
            }
            *elsewhere = Some(symbol.file);
            return None;
        }
        let files = self.packages.get(full)?;
        let file = files.iter().copied().find(|it| sees(*it) || sees_options(*it))?;
        Some(Symbol { kind: Kind::Package, file })
    }

    /// Looks a name up from the scope around `inside` outwards. The innermost scope that has the first part of the name
    /// must have all of it (protobuf.dev, "Packages and Name Resolution").
    pub(crate) fn look_up(&self, written: &str, inside: &str, types_only: bool) -> Lookup {
        let mut elsewhere = None;
        if let Some(full) = written.strip_prefix('.') {
            let found = self.find(full, &mut elsewhere);
            return found.map_or_else(|| self.missing(elsewhere), Lookup::Found);
        }
        let (first, rest) = written.split_once('.').map_or((written, None), |(first, rest)| (first, Some(rest)));
        let mut scope = inside;
        while let Some((outer, _)) = scope.rsplit_once('.') {
            scope = outer;
            let Some(symbol) = self.find(&format!("{scope}.{first}"), &mut elsewhere) else { continue };
            match rest {
                None if types_only && !symbol.is_type() => (),
                None => return Lookup::Found(symbol),
                Some(rest) if symbol.is_scope() => {
                    let full = format!("{scope}.{first}.{rest}");
                    return match self.find(&full, &mut elsewhere) {
                        Some(symbol) => Lookup::Found(symbol),
                        // An unknown file may add to a package, but not to a message.
                        None if !self.is_complete && symbol.kind == Kind::Package => Lookup::Unknown,
                        None => elsewhere.map_or(Lookup::Hidden(full), Lookup::NotImported),
                    };
                }
                Some(_) => (),
            }
        }
        let found = self.find(written, &mut elsewhere);
        found.map_or_else(|| self.missing(elsewhere), Lookup::Found)
    }

    fn missing(&self, elsewhere: Option<usize>) -> Lookup {
        if self.is_complete { elsewhere.map_or(Lookup::Missing, Lookup::NotImported) } else { Lookup::Unknown }
    }

    /// All full names of types that may be used.
    pub(crate) fn type_names(&self) -> impl Iterator<Item = &str> {
        let usable = |it: &(&String, &Symbol)| it.1.is_type() && self.visible.get(it.1.file) == Some(&true);
        self.symbols.iter().filter(usable).map(|it| it.0.as_str())
    }
}
