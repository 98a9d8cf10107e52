//! Facts for an operation, from a file or from stdin.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use archwright_analysis::operations::facts;
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
