//! Runs a command to its end within a time limit.

use std::{
    fmt,
    io::{Read, Write},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// How a command ended and what it printed.
pub struct Finished {
    /// The exit code; a signal counts as -1.
    pub code: i32,
    /// The standard output, with invalid UTF-8 replaced.
    pub stdout: String,
    /// The standard error, with invalid UTF-8 replaced.
    pub stderr: String,
}

impl Finished {
    /// Panics with all output unless the command ended with this exit code.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "unexpected exit code\n{self}");
        self
    }

    /// The standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("the output is not JSON: {error}\n{self}"))
    }
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}\n--- stdout\n{}\n--- stderr\n{}", self.code, self.stdout, self.stderr)
    }
}

/// Runs a command with no input. Panics when it cannot start or takes longer than `limit`.
#[track_caller]
pub fn run(command: &mut Command, limit: Duration) -> Finished {
    feed(command, "", limit)
}

/// Runs a command with a short text as its standard input.
#[track_caller]
pub fn feed(command: &mut Command, input: &str, limit: Duration) -> Finished {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    // A command that does not read its input may have ended already; its output tells more than a broken pipe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let stdout = collect(child.stdout.take().unwrap());
    let stderr = collect(child.stderr.take().unwrap());
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if limit < start.elapsed() {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        thread::sleep(Duration::from_millis(5));
    };
    let code = status.and_then(|it| it.code()).unwrap_or(-1);
    let finished = Finished { code, stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap() };
    assert!(status.is_some(), "{command:?} took longer than {limit:?}\n{finished}");
    finished
}

fn collect(mut stream: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
