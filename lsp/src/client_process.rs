//! The client's process: a server whose client died without a word must not stay.

use std::time::Duration;

use sysinfo::{Pid, ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System};

/// How often to look.
const INTERVAL: Duration = Duration::from_secs(3);

/// Waits until a process that runs now has ended. Never comes back if there is none of this number: the client of a
/// server in a container has a number that means nothing here.
pub(crate) async fn ended(process: u32) {
    let process = Pid::from_u32(process);
    let mut system = System::new();
    let Some(started) = start(&mut system, process) else {
        tracing::info!(%process, "the client's process cannot be seen from here");
        return std::future::pending().await;
    };
    // Another start means that the number was given to another process.
    while start(&mut system, process) == Some(started) {
        tokio::time::sleep(INTERVAL).await;
    }
}

/// When a process started, in seconds; `None` if it does not run.
fn start(system: &mut System, process: Pid) -> Option<u64> {
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[process]), true, ProcessRefreshKind::nothing());
    let found = system.process(process)?;
    let ended = matches!(found.status(), ProcessStatus::Zombie | ProcessStatus::Dead);
    (!ended).then(|| found.start_time())
}
