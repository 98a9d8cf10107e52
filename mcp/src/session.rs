//! The workspace of a session: opened by the first call that needs it, up to date at every call.

use std::{
    collections::BTreeSet,
    future::Future,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use archwright_analysis::{
    Base, OpenError, OpenOptions, RelPath, Root, Stamps, Workspace, discover, git::GitRepository,
};
use archwright_syntax::{nearest, wire};
use tokio::sync::Mutex;

use crate::{ServeError, answer::Answer, text::shorten};

/// What the calls of one client share.
#[derive(Debug)]
pub struct Session {
    place: parking_lot::Mutex<Place>,
    /// Whether somebody chose the root, or it is only where the client happened to start the server.
    chosen: bool,
    /// Whether the client may name its folders, if nobody chose the root.
    asks: bool,
    /// Whether the client has been asked for its folders.
    asked: Mutex<bool>,
    /// Whether an answer has said which of several folders is served.
    told: AtomicBool,
    slot: Arc<Mutex<Slot>>,
}

/// Where the session is.
#[derive(Clone, Debug)]
struct Place {
    root: Root,
    start: PathBuf,
    /// Other folders that the client has open, which this session does not serve.
    others: Vec<PathBuf>,
}

impl Place {
    /// The workspace that a folder belongs to.
    fn new(start: &Path) -> Self {
        let start = std::path::absolute(start).unwrap_or_else(|_| start.to_path_buf());
        Self { root: discover(&start), start, others: Vec::new() }
    }

    /// Says which of several folders is served, and how to reach the others.
    fn unserved(&self) -> Option<String> {
        let [first, rest @ ..] = self.others.as_slice() else { return None };
        let more = match rest.len() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        Some(format!(
            "Of the folders that the client has open, `{}` is served; `{}`{more} is not. For another one, add a server \
             with `archwright mcp --root <folder>`.",
            self.root.folder().display(),
            first.display()
        ))
    }
}

/// The workspace, if it is open.
#[derive(Debug, Default)]
struct Slot {
    open: Option<Open>,
    /// When the last look at the disk began.
    looked: Option<Instant>,
}

/// An open workspace and what is known of its files on disk.
#[derive(Debug)]
pub struct Open {
    /// The workspace.
    pub workspace: Workspace,
    stamps: Stamps,
    /// Where the server was started; relative paths that are none from the root may be meant from here.
    start: PathBuf,
    /// Which folders of the client are not served, in a sentence.
    unserved: Option<String>,
}

impl Open {
    /// Opens a workspace as it is on disk now.
    fn new(place: Place) -> Result<Self, OpenError> {
        let unserved = place.unserved();
        let Place { root, start, .. } = place;
        let stamps = Stamps::new();
        let workspace = archwright_analysis::open(OpenOptions::server(root).cached(), &|_| {})?;
        Ok(Self { workspace, stamps, start, unserved })
    }

    /// Takes over what changed on disk.
    pub fn refresh(&mut self) {
        self.workspace.refresh(&mut self.stamps);
    }

    /// Compares schemas and AsyncAPI documents with a revision from now on: the one named, the usual one, or none.
    ///
    /// # Errors
    /// If it names no commit.
    pub fn compare_with(&mut self, revision: Option<&str>) -> Result<(), Answer> {
        let base = match revision.map(str::trim).filter(|it| !it.is_empty()) {
            None => Base::Git { revision: None },
            Some("none") => Base::None,
            Some(named) => {
                let failed = |it: &dyn std::fmt::Display| Answer::mistake(format!("`base`: {it}."));
                match GitRepository::discover(self.workspace.root()) {
                    Ok(Some(it)) => it.base(Some(named)).map_err(|error| failed(&error))?,
                    Ok(None) => return Err(failed(&"there is no git repository; leave it out")),
                    Err(error) => return Err(failed(&error)),
                };
                Base::Git { revision: Some(named.to_owned()) }
            }
        };
        self.workspace.compare_with(base);
        Ok(())
    }

    /// The paths that a caller named, relative to the root. The root itself stands for everything.
    ///
    /// # Errors
    /// Which of them lie outside the workspace or do not exist, with what is near.
    pub fn paths(&self, given: &[String]) -> Result<Vec<RelPath>, Vec<String>> {
        let (mut paths, mut mistakes) = (Vec::new(), Vec::new());
        for given in given {
            match self.path(given) {
                Ok(path) => paths.push(path),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if paths.iter().any(|it| it.as_str().is_empty()) {
            paths.clear();
        }
        if mistakes.is_empty() { Ok(paths) } else { Err(mistakes) }
    }

    fn path(&self, given: &str) -> Result<RelPath, String> {
        let root = self.workspace.root();
        let shown = shorten(given, 200);
        let unserved = self.unserved.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
        let outside = || {
            format!(
                "`{shown}` does not lie in the workspace {}; name files and folders below it.{unserved}",
                root.display()
            )
        };
        let is_uri = given.trim().get(..5).is_some_and(|it| it.eq_ignore_ascii_case("file:"));
        let uri = if is_uri { Some(wire::file_path(given).ok_or_else(outside)?) } else { None };
        let named = uri.as_deref().unwrap_or(Path::new(given.trim()));
        let from_root = if named.is_absolute() {
            let real =
                named.canonicalize().ok().zip(root.canonicalize().ok()).and_then(|(it, root)| RelPath::of(&it, &root));
            RelPath::of(named, root).or(real).ok_or_else(outside)?
        } else {
            RelPath::new(given.trim())
        };
        let exists =
            |it: &RelPath| !it.escapes() && (self.workspace.file(it).is_some() || root.join(it.as_str()).exists());
        if from_root.as_str().is_empty() || exists(&from_root) {
            return Ok(from_root);
        }
        let from_start = RelPath::of(&self.start, root).map(|it| it.join(given.trim())).filter(exists);
        if let Some(path) = from_start {
            return Ok(path);
        }
        if from_root.escapes() {
            return Err(outside());
        }
        let near = self.similar(&from_root).map_or(String::new(), |it| format!(" Did you mean `{it}`?"));
        Err(format!("There is no file or folder `{shown}` in the workspace {}.{near}", root.display()))
    }

    /// A checked file, or a folder above one, that has the name that was meant, or nearly the path.
    fn similar(&self, path: &RelPath) -> Option<RelPath> {
        let mut known: BTreeSet<RelPath> = BTreeSet::new();
        for file in self.workspace.files() {
            let mut path = self.workspace.path(file).clone();
            while !path.as_str().is_empty() && known.insert(path.clone()) {
                path = path.parent();
            }
        }
        let named = known.iter().filter(|it| it.name() == path.name()).min_by_key(|it| it.as_str().len());
        let near = || nearest(path.as_str(), known.iter().map(RelPath::as_str)).map(RelPath::new);
        named.cloned().or_else(near)
    }
}

impl Session {
    /// A session in the workspace that a folder belongs to: the one given, else the client's project, else the current
    /// one.
    ///
    /// # Errors
    /// If the root given is no folder.
    pub fn new(root: Option<PathBuf>) -> Result<Self, ServeError> {
        let project = || std::env::var_os("CLAUDE_PROJECT_DIR").map(PathBuf::from).filter(|it| it.is_dir());
        let chosen = root.is_some() || project().is_some();
        let start = match root {
            Some(path) => match std::fs::canonicalize(&path) {
                Ok(it) if it.is_dir() => path,
                Ok(_) => return Err(ServeError::Root { path, error: std::io::ErrorKind::NotADirectory.into() }),
                Err(error) => return Err(ServeError::Root { path, error }),
            },
            None => project().or_else(|| std::env::current_dir().ok()).unwrap_or_else(|| PathBuf::from(".")),
        };
        let place = parking_lot::Mutex::new(Place::new(&start));
        let (asked, told) = (Mutex::default(), AtomicBool::default());
        Ok(Self { place, chosen, asks: !chosen, asked, told, slot: Arc::default() })
    }

    /// The same, for clients that may be anybody: where the server looks is not theirs to say.
    ///
    /// # Errors
    /// If the root given is no folder.
    pub fn fixed(root: Option<PathBuf>) -> Result<Self, ServeError> {
        Ok(Self { asks: false, ..Self::new(root)? })
    }

    /// The folder that paths are relative to.
    #[cfg(test)]
    fn root(&self) -> PathBuf {
        self.place.lock().root.folder().to_path_buf()
    }

    /// The workspace in use by somebody, until this is dropped.
    #[cfg(test)]
    pub async fn occupied(&self) -> impl Sized + use<> {
        Arc::clone(&self.slot).lock_owned().await
    }

    /// Moves to the folders that the client has open, if nobody chose the root: the one that the server was started
    /// in, else the first. `ask` runs once, and calls wait for it.
    pub async fn settle(&self, ask: impl Future<Output = Vec<String>>) {
        if !self.asks {
            return;
        }
        let mut asked = self.asked.lock().await;
        if std::mem::replace(&mut *asked, true) {
            return;
        }
        let folders: Vec<PathBuf> =
            ask.await.iter().filter_map(|it| wire::file_path(it)).filter(|it| it.is_dir()).collect();
        let mut place = self.place.lock();
        let around = folders.iter().any(|it| place.start.starts_with(it));
        if let Some(folder) = folders.first().filter(|_| !around) {
            *place = Place::new(folder);
        }
        let served = place.root.folder().to_path_buf();
        place.others = folders.into_iter().filter(|it| !it.starts_with(&served) && !served.starts_with(it)).collect();
        self.told.store(place.others.is_empty(), Ordering::SeqCst);
    }

    /// The client's folders are others now; the next call asks for them.
    pub async fn unsettle(&self) {
        *self.asked.lock().await = false;
    }

    /// Runs `work` as [`Session::with`] does; what keeps it from running is an answer too.
    pub async fn run<F>(&self, cancelled: impl Future<Output = ()>, work: F) -> Answer
    where
        F: FnOnce(&mut Open) -> Answer + Send + 'static,
    {
        let answer = self.with(cancelled, work).await.unwrap_or_else(|mistake| mistake);
        // Once is enough; silence would make one folder look like all.
        let unserved = self.place.lock().unserved();
        match unserved.filter(|_| !self.told.swap(true, Ordering::SeqCst)) {
            Some(sentence) => answer.with_remark(&sentence),
            None => answer,
        }
    }

    /// Runs `work` on the workspace as it is on disk now, on a thread that may take its time. Calls run one after the
    /// other; those that wait share one look at the disk. Nothing runs if the call is cancelled while it waits.
    ///
    /// # Errors
    /// Why it did not run.
    pub async fn with<F, T>(&self, cancelled: impl Future<Output = ()>, work: F) -> Result<T, Answer>
    where
        F: FnOnce(&mut Open) -> T + Send + 'static,
        T: Send + 'static,
    {
        let place = self.place.lock().clone();
        if !self.chosen && place.root.folder().parent().is_none() {
            return Err(Answer::mistake(format!(
                "The server was started in `{}`, which is no project. Start it in the project, or with `archwright \
                mcp --root <folder>`.",
                place.root.folder().display()
            )));
        }
        let arrived = Instant::now();
        let mut slot = tokio::select! {
            slot = Arc::clone(&self.slot).lock_owned() => slot,
            () = cancelled => return Err(Answer::mistake("The call was cancelled.")),
        };
        let done = tokio::task::spawn_blocking(move || {
            // Taken out, so that a workspace in which something failed half-way is not used again.
            let look = Instant::now();
            let mut open = match slot
                .open
                .take()
                .filter(|it| it.workspace.root() == place.root.folder() && it.unserved == place.unserved())
            {
                Some(mut open) if slot.looked.is_some_and(|it| it < arrived) => {
                    open.refresh();
                    slot.looked = Some(look);
                    open
                }
                Some(open) => open,
                None => match Open::new(place) {
                    Ok(open) => {
                        slot.looked = Some(look);
                        open
                    }
                    Err(error) => return Err(Answer::mistake(format!("The workspace cannot be opened: {error}."))),
                },
            };
            let outcome = work(&mut open);
            slot.open = Some(open);
            Ok(outcome)
        });
        done.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a call failed");
            let text = "The call failed inside Archwright; call again, and report it if that does not help.";
            Err(Answer::mistake(text))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn the_folders_of_the_client_count_where_nobody_chose() {
        let folder = tempfile::tempdir().unwrap();
        let uri = format!("file://{}", folder.path().display());
        let folders = || std::future::ready(vec!["file://host/x".to_owned(), "http://x".to_owned(), uri.clone()]);
        let mut session = Session::new(Some(PathBuf::from("."))).unwrap();
        let before = session.root();
        session.settle(folders()).await;
        assert_eq!(session.root(), before, "somebody chose");
        (session.chosen, session.asks) = (false, true);
        session.settle(folders()).await;
        assert_eq!(session.root(), folder.path());
        session.settle(async { panic!("asked twice") }).await;
        let below = folder.path().join("below");
        std::fs::create_dir(&below).unwrap();
        *session.place.lock() = Place::new(&below);
        session.unsettle().await;
        session.settle(folders()).await;
        assert_eq!(session.root(), below, "the server runs within the client's folder");
    }

    #[tokio::test]
    async fn strangers_do_not_say_where_the_server_looks() {
        let folder = tempfile::tempdir().unwrap();
        let uri = format!("file://{}", folder.path().display());
        let mut session = Session::fixed(None).unwrap();
        session.chosen = false;
        let before = session.root();
        session.unsettle().await;
        session.settle(std::future::ready(vec![uri])).await;
        assert_eq!(session.root(), before);
    }

    #[tokio::test]
    async fn folders_that_are_not_served_are_named_once() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let uri = |it: &tempfile::TempDir| format!("file://{}", it.path().display());
        let mut session = Session::new(Some(PathBuf::from("."))).unwrap();
        (session.chosen, session.asks) = (false, true);
        session.settle(std::future::ready(vec![uri(&one), uri(&other)])).await;
        assert_eq!(session.root(), one.path());
        let call = async |arguments: serde_json::Value| {
            let arguments = arguments.as_object().cloned().unwrap_or_default();
            let work = |open: &mut Open| crate::tools::check::run(open, arguments).unwrap_or_else(|it| it);
            session.run(std::future::pending(), work).await.text().to_owned()
        };
        let sentence = format!("`{}` is served; `{}` is not.", one.path().display(), other.path().display());
        let first = call(serde_json::json!({})).await;
        assert!(first.contains(&sentence) && first.contains("archwright mcp --root"), "{first}");
        assert!(!call(serde_json::json!({})).await.contains(&sentence));
        // Who names a file of the other one is told where it is.
        let outside = call(serde_json::json!({"paths": [other.path()]})).await;
        assert!(outside.contains("does not lie in the workspace") && outside.contains(&sentence), "{outside}");
    }

    #[tokio::test]
    async fn the_base_of_a_call_is_that_of_no_other() {
        use archwright_analysis::report::ReportFilter;

        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.avsc"), r#"{"type": "record", "name": "A", "fields": []}"#).unwrap();
        let session = Session::new(Some(folder.path().to_path_buf())).unwrap();
        let is_compared = |open: &Open| open.workspace.compared_with(&ReportFilter::default()).is_some();
        let kept = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&kept);
        let call = move |open: &mut Open| {
            let before = is_compared(open);
            let arguments = serde_json::json!({"base": "none"}).as_object().cloned().unwrap_or_default();
            let answer = crate::tools::check::run(open, arguments).unwrap_or_else(|it| it);
            seen.store(before && is_compared(open), Ordering::SeqCst);
            answer
        };
        session.run(std::future::pending(), call).await;
        assert!(kept.load(Ordering::SeqCst), "what one call asked for holds for others");
    }

    #[tokio::test]
    async fn a_call_that_is_cancelled_while_it_waits_does_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let session = Session::new(Some(folder.path().to_path_buf())).unwrap();
        let ran = Arc::new(AtomicBool::new(false));
        let call = || {
            let ran = Arc::clone(&ran);
            move |_: &mut Open| {
                ran.store(true, Ordering::SeqCst);
                Answer::mistake("It ran.")
            }
        };
        let busy = session.occupied().await;
        let waiting = session.run(std::future::ready(()), call());
        tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap();
        assert!(!ran.load(Ordering::SeqCst), "a cancelled call ran");
        drop(busy);
        session.run(std::future::pending(), call()).await;
        assert!(ran.load(Ordering::SeqCst), "a call that nobody cancelled did not run");
    }
}
