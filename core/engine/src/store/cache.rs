//! What was read of a workspace, kept from one run to the next (ADR-0027).
//!
//! A cache is a folder with one file for each workspace and kind of content, outside of the workspace. Its entries are
//! found by the hash of what they were made from. A file that is cut, changed or made by another version gives
//! nothing, and what cannot be read or written is done without: nothing here fails.

use std::{
    fs::{self, File},
    hash::{BuildHasher, RandomState},
    io::{BufWriter, Read, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use archwright_model::ContentHash;
use rustc_hash::FxHashMap;

/// The environment variable that names the folder, or says `off`.
pub const VARIABLE: &str = "ARCHWRIGHT_CACHE";

/// How every file of a cache begins, and no other. The digit changes with the format.
const MAGIC: &[u8; 16] = b"archwright-kept1";

/// How the names of files of a cache end.
const SUFFIX: &str = "kept";

/// How the names of files end that are still written.
const UNFINISHED: &str = "unfinished";

/// Larger files are neither read nor written. In bytes.
const MAX_LEN: u64 = 512 * 1024 * 1024;

/// A file that nobody wrote anew for so long is that of a workspace that is gone.
const OLD: Duration = Duration::from_hours(24 * 30);

/// The folder for caches of whoever runs this: what the environment names, else the place of the system for them.
/// `None` if there is none, or the environment says `off`.
pub fn folder() -> Option<PathBuf> {
    folder_in(&|name| std::env::var_os(name).map(PathBuf::from))
}

fn folder_in(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    if let Some(own) = variable(VARIABLE).filter(|it| !it.as_os_str().is_empty()) {
        return own.is_absolute().then_some(own);
    }
    let absolute = |name: &str| variable(name).filter(|it| it.is_absolute());
    let base = match () {
        () if cfg!(windows) => absolute("LOCALAPPDATA"),
        () if cfg!(target_os = "macos") => absolute("HOME").map(|it| it.join("Library").join("Caches")),
        () => absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|it| it.join(".cache"))),
    };
    base.map(|it| it.join("archwright"))
}

/// The cache of one workspace.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Stands for the root of the workspace.
    workspace: String,
}

/// The entries of one kind, as they were kept.
#[derive(Debug, Default)]
pub struct Kept {
    bytes: Vec<u8>,
    /// Where each entry stands, and what it adds up to.
    places: FxHashMap<[u8; 32], Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    start: usize,
    end: usize,
    sum: [u8; SUM],
}

/// So many bytes of a hash tell whether an entry is whole.
const SUM: usize = 8;

/// What stands before all entries: the beginning of the file, the version, and how many there are.
const HEAD: usize = MAGIC.len() + 32 + 8;

/// What stands before the entries of each: its key, its length and its sum.
const ROW: usize = 32 + 8 + SUM;

impl Cache {
    /// The cache of a workspace in a folder. `None` if the folder lies in the workspace, where nothing is written.
    pub fn new(folder: &Path, root: &Path) -> Option<Self> {
        let root = fs::canonicalize(root).ok()?;
        // What is not made yet has the place of what it will lie in.
        let real = folder.ancestors().find_map(|it| Some((it, fs::canonicalize(it).ok()?)));
        let real = real.map(|(above, real)| real.join(folder.strip_prefix(above).unwrap_or(folder)))?;
        let workspace = ContentHash::of(root.as_os_str().as_encoded_bytes()).to_string();
        let workspace = workspace.get(..16).unwrap_or(&workspace).to_owned();
        (!real.starts_with(&root)).then_some(Self { folder: real, workspace })
    }

    fn file(&self, kind: &str) -> PathBuf {
        self.folder.join(format!("{}-{kind}.{SUFFIX}", self.workspace))
    }

    /// Whether anything of a kind was kept, of whatever version.
    pub fn has(&self, kind: &str) -> bool {
        self.file(kind).is_file()
    }

    /// What a version kept of a kind.
    pub fn read(&self, kind: &str, version: &str) -> Kept {
        self.bytes(kind).and_then(|it| Kept::of(it, version)).unwrap_or_default()
    }

    fn bytes(&self, kind: &str) -> Option<Vec<u8>> {
        let file = File::open(self.file(kind)).ok()?;
        let meta = file.metadata().ok().filter(|it| it.is_file() && it.len() <= MAX_LEN)?;
        let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).ok()?);
        file.take(MAX_LEN).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Keeps entries in place of all others of the kind. Other runs see the old ones or the new ones, never a part.
    pub fn write(&self, kind: &str, version: &str, entries: &[(ContentHash, Vec<u8>)]) {
        if self.try_write(kind, version, entries).is_ok() {
            self.tidy();
        }
    }

    fn try_write(&self, kind: &str, version: &str, entries: &[(ContentHash, Vec<u8>)]) -> std::io::Result<()> {
        let len: u64 = entries.iter().map(|it| (ROW + it.1.len()) as u64).sum();
        if len > MAX_LEN - HEAD as u64 {
            return Ok(());
        }
        make_folder(&self.folder)?;
        let unfinished = RandomState::new().hash_one(std::process::id());
        let unfinished = self.folder.join(format!("{}-{unfinished:016x}.{UNFINISHED}", self.workspace));
        let write = || {
            let mut out = BufWriter::new(File::create_new(&unfinished)?);
            out.write_all(MAGIC)?;
            out.write_all(ContentHash::of(version.as_bytes()).bytes())?;
            out.write_all(&(entries.len() as u64).to_le_bytes())?;
            for (key, bytes) in entries {
                out.write_all(key.bytes())?;
                out.write_all(&(bytes.len() as u64).to_le_bytes())?;
                out.write_all(&sum(key.bytes(), bytes))?;
            }
            for (_, bytes) in entries {
                out.write_all(bytes)?;
            }
            out.into_inner()?;
            fs::rename(&unfinished, self.file(kind))
        };
        write().inspect_err(|_| _ = fs::remove_file(&unfinished))
    }

    /// Removes what workspaces left behind that are gone, and what runs left behind that were ended.
    fn tidy(&self) {
        let is_ours = |path: &Path| path.extension().is_some_and(|it| it == SUFFIX || it == UNFINISHED);
        let is_old = |path: &Path| {
            let changed = fs::symlink_metadata(path).and_then(|it| it.modified()).ok();
            changed.and_then(|it| SystemTime::now().duration_since(it).ok()).is_some_and(|it| it > OLD)
        };
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|it| it.path());
        for path in entries.filter(|it| is_ours(it) && is_old(it)) {
            let _ = fs::remove_file(path);
        }
    }
}

/// Makes a folder that is nobody else's: what it holds is made from code.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn sum(key: &[u8], bytes: &[u8]) -> [u8; SUM] {
    let hash = ContentHash::of_parts(&[key, bytes]);
    let mut sum = [0; SUM];
    sum.iter_mut().zip(hash.bytes()).for_each(|(to, from)| *to = *from);
    sum
}

impl Kept {
    fn of(bytes: Vec<u8>, version: &str) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(HEAD)?;
        let rest = (head.strip_prefix(MAGIC)?.strip_prefix(ContentHash::of(version.as_bytes()).bytes())?, rest);
        let count = usize::try_from(u64::from_le_bytes(rest.0.try_into().ok()?)).ok()?;
        let table = rest.1.get(..count.checked_mul(ROW)?)?;
        let mut start = HEAD + table.len();
        let mut places = FxHashMap::default();
        for row in table.chunks_exact(ROW) {
            let (key, rest) = row.split_first_chunk::<32>()?;
            let (len, rest) = rest.split_first_chunk::<8>()?;
            let end = start.checked_add(usize::try_from(u64::from_le_bytes(*len)).ok()?)?;
            places.insert(*key, Place { start, end, sum: rest.try_into().ok()? });
            start = end;
        }
        // A file that was cut has lost its last entries.
        (start == bytes.len()).then_some(Self { bytes, places })
    }

    /// The entry of a key, if it is as it was written.
    pub fn get(&self, key: &ContentHash) -> Option<&[u8]> {
        let place = self.places.get(key.bytes())?;
        let bytes = self.bytes.get(place.start..place.end)?;
        (sum(key.bytes(), bytes) == place.sum).then_some(bytes)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(folder: &Path) -> Cache {
        let root = folder.join("workspace");
        fs::create_dir_all(&root).unwrap();
        Cache::new(&folder.join("home/.cache/archwright"), &root).unwrap()
    }

    fn key(text: &str) -> ContentHash {
        ContentHash::of(text.as_bytes())
    }

    #[test]
    fn what_is_kept_is_read_by_the_same_version_alone() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        assert!(cache.read("code", "1").is_empty());
        cache.write("code", "1", &[(key("a"), b"one".to_vec()), (key("b"), Vec::new())]);
        let kept = cache.read("code", "1");
        assert_eq!((kept.len(), kept.get(&key("a")), kept.get(&key("b"))), (2, Some(&b"one"[..]), Some(&b""[..])));
        assert_eq!(kept.get(&key("c")), None);
        assert!(cache.read("code", "2").is_empty());
        assert!(cache.read("found", "1").is_empty());
        cache.write("code", "2", &[(key("a"), b"two".to_vec())]);
        assert_eq!(cache.read("code", "2").get(&key("a")), Some(&b"two"[..]));
        assert!(cache.read("code", "1").is_empty());
    }

    #[test]
    fn every_change_of_a_byte_loses_entries_and_gives_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        cache.write("code", "1", &[(key("a"), b"one".to_vec()), (key("b"), b"other".to_vec())]);
        let whole = fs::read(cache.file("code")).unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x41;
            fs::write(cache.file("code"), &changed).unwrap();
            let kept = cache.read("code", "1");
            let (a, b) = (kept.get(&key("a")), kept.get(&key("b")));
            assert!(a.is_none() || b.is_none(), "byte {at} does not matter");
            assert!(a.is_none_or(|it| it == b"one") && b.is_none_or(|it| it == b"other"), "byte {at} gives another");
            fs::write(cache.file("code"), &whole[..at]).unwrap();
            assert!(cache.read("code", "1").is_empty(), "cut at {at}");
        }
    }

    #[test]
    fn runs_at_the_same_time_leave_a_whole_file() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        std::thread::scope(|scope| {
            for number in 0..8_u8 {
                let cache = &cache;
                scope.spawn(move || {
                    for _ in 0..20 {
                        cache.write("code", "1", &[(key("a"), vec![number; 10_000])]);
                        let kept = cache.read("code", "1");
                        let bytes = kept.get(&key("a")).unwrap();
                        assert!(bytes.len() == 10_000 && bytes.iter().all(|it| *it == bytes[0]));
                    }
                });
            }
        });
        let left: Vec<_> = fs::read_dir(&cache.folder).unwrap().map(|it| it.unwrap().path()).collect();
        assert_eq!(left, [cache.file("code")]);
    }

    #[test]
    fn nothing_is_written_into_the_workspace_or_where_it_must_not_be() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Cache::new(&folder.path().join(".cache/archwright"), folder.path()).is_none());
        let file = folder.path().join("file");
        fs::write(&file, "no folder").unwrap();
        fs::create_dir(folder.path().join("workspace")).unwrap();
        let cache = Cache::new(&file.join("archwright"), &folder.path().join("workspace")).unwrap();
        cache.write("code", "1", &[(key("a"), b"one".to_vec())]);
        assert!(cache.read("code", "1").is_empty());
        assert_eq!(fs::read_to_string(&file).unwrap(), "no folder");
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn the_environment_says_where_it_lies() {
        let folder = |variables: &[(&str, &str)]| {
            folder_in(&|name| variables.iter().find(|it| it.0 == name).map(|it| PathBuf::from(it.1)))
        };
        assert_eq!(folder(&[("HOME", "/home/a")]), Some("/home/a/.cache/archwright".into()));
        assert_eq!(folder(&[("HOME", "/home/a"), ("XDG_CACHE_HOME", "/c")]), Some("/c/archwright".into()));
        assert_eq!(
            folder(&[("HOME", "/home/a"), ("XDG_CACHE_HOME", "relative")]),
            Some("/home/a/.cache/archwright".into())
        );
        assert_eq!(folder(&[("HOME", "/home/a"), (VARIABLE, "/own")]), Some("/own".into()));
        assert_eq!(folder(&[("HOME", "/home/a"), (VARIABLE, "off")]), None);
        assert_eq!(folder(&[]), None);
    }
}
