//! The memory allocator: mimalloc, fast for a check, and frugal for a server that stays (ADR-0009).

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What mimalloc reads when a process starts: free memory goes back to the system at once, and no page of two megabytes stays
/// as long as a few bytes of it are in use.
#[cfg(unix)]
const FRUGAL: [(&str, &str); 2] = [("MIMALLOC_PURGE_DELAY", "0"), ("MIMALLOC_ALLOW_THP", "0")];

/// Makes the process keep no memory that it does not use. For servers: they idle most of the time, beside all else that a
/// developer runs.
///
/// The allocator is in use before `main` and has its options from the environment, so the process executes the same program
/// anew with the options set, which takes a millisecond or two; it does nothing if somebody has set one of them. Where it is
/// not possible, the server runs with more memory.
#[cfg(unix)]
pub fn be_frugal() {
    use std::{env, os::unix::process::CommandExt, process::Command};

    if FRUGAL.iter().any(|it| env::var_os(it.0).is_some()) {
        return;
    }
    let mut own = env::args_os();
    let name = own.next().unwrap_or_default();
    let error = match env::current_exe() {
        Ok(program) => Command::new(program).arg0(name).args(own).envs(FRUGAL).exec(),
        Err(error) => error,
    };
    tracing::debug!("the allocator keeps its options: {error}");
}

/// Elsewhere a process cannot execute another program in its place.
#[cfg(not(unix))]
pub fn be_frugal() {}
