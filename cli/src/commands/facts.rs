//! Facts for an operation, from a file or from stdin.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

use archwright_analysis::operations::{Choice, choice::Closed, facts};
use archwright_syntax::Decoded;
use serde::de::DeserializeOwned;

use super::CommandError;

/// Reads a request as an agent gives it, in JSON or YAML: by the name of the file, else by how the text begins. Without
/// a file nothing is known.
///
/// # Errors
/// If the file cannot be read or says something else.
pub fn read<T: DeserializeOwned + Default>(path: Option<&Path>) -> Result<T, CommandError> {
    let Some(path) = path else { return Ok(T::default()) };
    let text = text(path).map_err(|error| CommandError::Path { path: path.to_path_buf(), error })?;
    let name = path.file_name().and_then(|it| it.to_str());
    facts::read(name, &text).map_err(|error| CommandError::Facts { path: path.to_path_buf(), error })
}

/// What the command line says beside facts. It goes before them; where the two differ, people are told.
#[derive(Clone, Copy, Debug)]
pub struct CommandLine<'a> {
    /// Where the facts come from.
    pub facts: Option<&'a Path>,
}

impl CommandLine<'_> {
    /// A text that may be left out.
    pub fn over(self, name: &str, fact: &mut Option<String>, said: Option<&String>) {
        let Some(said) = said else { return };
        if let Some(fact) = fact.as_deref() {
            self.tell(name, fact, said);
        }
        *fact = Some(said.clone());
    }

    /// A text that stands for nothing if it is empty.
    pub fn over_text(self, name: &str, fact: &mut String, said: Option<&String>) {
        let Some(said) = said else { return };
        self.tell(name, fact, said);
        fact.clone_from(said);
    }

    /// One of some values.
    pub fn over_choice<T: Closed>(self, name: &str, fact: &mut Option<Choice<T>>, said: Option<T>) {
        let Some(said) = said else { return };
        if let Some(fact) = fact {
            self.tell(name, fact.0.name(), said.name());
        }
        *fact = Some(Choice(said));
    }

    /// A list that is given as a whole.
    pub fn over_list(self, name: &str, fact: &mut Vec<String>, said: &[String]) {
        if !said.is_empty() {
            self.tell(name, &fact.join(", "), &said.join(", "));
            *fact = said.to_vec();
        }
    }

    fn tell(self, name: &str, fact: &str, said: &str) {
        let (fact, said) = (fact.trim(), said.trim());
        if fact.is_empty() || fact == said {
            return;
        }
        let path = self.facts.map_or_else(|| "the facts".into(), |it| it.to_string_lossy());
        let path = if path == "-" { "the facts".into() } else { path };
        // A remark that nobody reads is no reason to end.
        let _ = writeln!(
            anstream::stderr(),
            "note: `{name}` is `{fact}` in {path} and `{said}` on the command line; `{said}` is taken"
        );
    }
}

/// A fact that the operation is about, whoever gave it.
///
/// # Errors
/// If nobody did.
pub fn needed(name: &'static str, fact: &str) -> Result<(), CommandError> {
    if fact.trim().is_empty() { Err(CommandError::Unsaid { name }) } else { Ok(()) }
}

/// The text of a file, or of stdin.
pub fn text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes)?;
    } else {
        bytes = file(path)?;
    }
    Decoded::new(&bytes).utf8().map(str::to_owned)
}

/// What a shell hands over is read up to this size, in bytes.
const MOST: u64 = 64 * 1024 * 1024;

/// The bytes of a file, or of what a shell hands over as one: `--facts <(make-facts)`. Another pipe is not waited for,
/// and a device not read until there is no memory left.
pub fn file(path: &Path) -> io::Result<Vec<u8>> {
    if !["/dev/fd", "/proc/self/fd"].iter().any(|it| path.starts_with(it)) {
        regular(path)?;
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 64 MiB"));
    }
    Ok(bytes)
}

/// Whether a path leads to a regular file, which can be opened without waiting for somebody.
pub fn regular(path: &Path) -> io::Result<()> {
    let found = fs::metadata(path)?;
    // Of a folder the system says itself what it is.
    if found.is_file() || found.is_dir() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"))
}

#[cfg(test)]
mod tests {
    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_shell_hands_over_is_read() {
        use std::{io::Write, os::fd::AsRawFd, path::PathBuf};

        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(b"{}").unwrap();
        drop(writer);
        let path = PathBuf::from(format!("/dev/fd/{}", reader.as_raw_fd()));
        assert_eq!(super::file(&path).unwrap(), b"{}");
        assert!(super::file("/dev/zero".as_ref()).is_err());
    }
}
