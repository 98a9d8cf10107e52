//! The state actor: one thread that owns the buffers and workspaces and handles one message after the other.
//!
//! **Invariant**: only this thread takes a workspace's lock. Reads get their guard from it at their place in the queue,
//! so a read sees exactly the edits that the client sent before it. An edit tells running reads to stop and waits for
//! them. **Invariant**: nothing here waits for the client.

mod code;
mod message;
mod operate;
mod pull;
mod roots;
mod sync;

use std::{
    collections::{HashMap, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Weak,
        mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError},
    },
    time::Duration,
};

use tower_lsp::ls_types::{ClientCapabilities, MessageType};

use self::roots::Root;
pub(crate) use self::{
    code::{CodeJudged, CodeRead},
    message::{Message, Operate, Pull, Read, Scope},
};
use crate::{
    cancel::Cancel,
    capabilities::Session,
    convert,
    document::Buffer,
    outbox::Outbox,
    snapshot::{Documents, Snapshot},
};

/// Workspace pulls that wait are repeated after this much quiet, not at every keystroke.
const QUIET: Duration = Duration::from_millis(200);

/// Everything the session knows.
pub(crate) struct State {
    outbox: Outbox,
    /// For threads and tasks that report back.
    sender: Sender<Message>,
    session: Arc<Session>,
    /// Folders to open once the client is ready.
    waiting_folders: Vec<PathBuf>,
    started: bool,
    roots: Vec<Root>,
    /// Open documents by absolute path.
    buffers: HashMap<PathBuf, Buffer>,
    /// Name and version of each buffer, shared with reads.
    documents: Arc<Documents>,
    /// Reads that may still run.
    reads: Vec<Weak<Cancel>>,
    /// Grows with every change of findings.
    revision: u64,
    /// Open documents whose diagnostics may be different, each once.
    reviews: VecDeque<Review>,
    /// Workspace pulls that wait for news, and the revision they have seen.
    parked: Vec<(Pull, u64)>,
    refresh: Refresh,
}

/// A document whose diagnostics may be different.
struct Review {
    path: PathBuf,
    /// Whether its own text changed.
    edited: bool,
}

/// Where the request to pull again stands. One is under way at most.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refresh {
    Idle,
    /// To be sent when the queue is empty.
    Due,
    /// Sent, not answered.
    Sent,
    /// Sent, not answered, and due again.
    SentAndDue,
}

impl State {
    /// A state that knows nothing yet.
    pub(crate) fn new(outbox: Outbox, sender: Sender<Message>) -> Self {
        Self {
            outbox,
            sender,
            session: Arc::new(Session::new(&ClientCapabilities::default(), None)),
            waiting_folders: Vec::new(),
            started: false,
            roots: Vec::new(),
            buffers: HashMap::new(),
            documents: Arc::default(),
            reads: Vec::new(),
            revision: 0,
            reviews: VecDeque::new(),
            parked: Vec::new(),
            refresh: Refresh::Idle,
        }
    }

    /// Handles messages until [`Message::Stop`]. Work that nobody asked for by name is done while the queue is empty,
    /// one piece at a time: that coalesces bursts of edits and answers the last one at once.
    pub(crate) fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            let message = match inbox.try_recv() {
                Ok(it) => it,
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {
                    if self.guarded("background work", Self::idle).unwrap_or(false) {
                        continue;
                    }
                    let waiting = if self.pulls_are_due() || self.code_waits() {
                        inbox.recv_timeout(QUIET)
                    } else {
                        inbox.recv().map_err(Into::into)
                    };
                    match waiting {
                        Ok(it) => it,
                        Err(RecvTimeoutError::Timeout) => {
                            self.guarded("waiting pulls", Self::wake_pulls);
                            self.guarded("code", |it| it.read_code(true));
                            continue;
                        }
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
            };
            if matches!(message, Message::Stop) {
                return;
            }
            self.guarded("a message", |it| it.handle(message));
        }
    }

    /// Runs `work` and survives its panic. Panics while a workspace changes are handled where they happen.
    fn guarded<T>(&mut self, what: &str, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let result = catch_unwind(AssertUnwindSafe(|| work(self)));
        result.inspect_err(|_| tracing::error!("handling {what} failed")).ok()
    }

    fn handle(&mut self, message: Message) {
        if !matches!(message, Message::Initialize(..) | Message::Shutdown | Message::Stop) {
            self.start();
        }
        match message {
            Message::Initialize(session, folders) => {
                self.session = session;
                self.waiting_folders = folders;
            }
            Message::Initialized | Message::Stop => {}
            Message::Open(it) => self.open(it),
            Message::Change(it) => self.change(&it),
            Message::Close(it) => self.close(&it),
            Message::Disk(it) => self.disk(it),
            Message::Configuration => self.rescan(),
            Message::Folders(it) => self.change_folders(&it),
            Message::Read(it) => self.read(it),
            Message::Operate(it) => self.operate(it),
            Message::Pull(it) => self.pull(it),
            Message::Park(it, revision) => self.park(it, revision),
            Message::Refreshed => self.refreshed(),
            Message::CodeRead(it) => self.code_read(*it),
            Message::CodeJudged(it) => self.code_judged(*it),
            Message::Shutdown => self.shutdown(),
        }
    }

    /// Opens the folders at the first message after `initialize`, whichever it is.
    fn start(&mut self) {
        if !std::mem::replace(&mut self.started, true) {
            if self.session.watches_files {
                self.register_watchers();
            }
            for folder in std::mem::take(&mut self.waiting_folders) {
                self.add_folder(&folder);
            }
        }
    }

    /// One piece of waiting work; false if there is none.
    fn idle(&mut self) -> bool {
        self.flush() || self.review_next() || self.review_config() || self.send_refresh() || self.read_code(false)
    }

    /// Starts a read on a blocking thread, with everything that came before it applied.
    fn read(&mut self, read: Read) {
        if read.cancel.is_dropped() {
            return;
        }
        self.flush();
        let read = if read.needs_code { self.wait_for_code(self.find(&read.scope), read) } else { Some(read) };
        if let Some(read) = read {
            self.start_read(read);
        }
    }

    fn start_read(&mut self, read: Read) {
        let first = self.find(&read.scope);
        let others = (0..self.roots.len()).filter(|it| Some(*it) != first);
        let meant: Vec<usize> = match (&read.scope, first) {
            (Scope::All, _) => (0..self.roots.len()).collect(),
            (Scope::From(_), Some(_)) => first.into_iter().chain(others).collect(),
            _ => first.into_iter().collect(),
        };
        let roots = meant.into_iter().filter_map(|it| self.roots.get(it));
        let snapshots = roots.map(|it| self.snapshot(it, &read.cancel)).collect();
        self.track(&read.cancel);
        self.outbox.runtime().spawn_blocking(move || {
            // Threads may have been scarce, and the client's patience too.
            if !read.cancel.is_dropped() {
                (read.job)(snapshots);
            }
        });
    }

    /// The workspace that is meant, by position.
    fn find(&self, scope: &Scope) -> Option<usize> {
        match scope {
            Scope::Of(uri) | Scope::From(uri) => self.home(&convert::file_path(uri)?).map(|it| it.0),
            // The first of the client's folders.
            Scope::First | Scope::All => self
                .roots
                .iter()
                .position(|it| !it.folders.is_empty())
                .or_else(|| (!self.roots.is_empty()).then_some(0)),
        }
    }

    fn snapshot(&self, root: &Root, cancel: &Arc<Cancel>) -> Snapshot {
        Snapshot::new(&root.workspace, self.documents.clone(), self.session.clone(), cancel.clone())
            .with_code(root.code.view())
    }

    /// Remembers a read, so that the next change can tell it to stop.
    fn track(&mut self, cancel: &Arc<Cancel>) {
        if self.reads.len() >= 64 {
            self.reads.retain(|it| it.strong_count() > 0);
        }
        self.reads.push(Arc::downgrade(cancel));
    }

    /// Tells running reads that a change waits for them.
    fn interrupt(&mut self) {
        for read in self.reads.drain(..).filter_map(|it| it.upgrade()) {
            read.outdate();
        }
    }

    /// Tells the user that something inside went wrong, and the log more.
    fn complain(&self, message: &str) {
        tracing::error!("{message}");
        self.outbox.show(MessageType::ERROR, message);
    }
}
