//! Reading one file from the disk.

use std::{cell::RefCell, fs::File, io::Read, path::Path};

use archwright_model::facts::{Loaded, Unreadable};

/// Reads one file. `None` if it does not exist or is no regular file.
pub fn load(path: &Path, limit: u64) -> Option<Loaded> {
    match std::fs::symlink_metadata(path) {
        Ok(it) if it.is_file() => load_plain(path, limit),
        Ok(_) => None,
        Err(error) => refused(&error),
    }
}

/// Reads one file that is known to be no link, device or pipe, which spares a look at its path.
pub(crate) fn load_plain(path: &Path, limit: u64) -> Option<Loaded> {
    let read = || {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        if size > limit {
            return Ok(Loaded::Unreadable(Unreadable::TooLarge { size, limit }, "".into()));
        }
        BUFFER.with_borrow_mut(|buffer| {
            read_all(&mut file, usize::try_from(size).unwrap_or(0), buffer)?;
            let loaded = Loaded::decode(buffer);
            buffer.shrink_to(MAX_BUFFER);
            Ok(loaded)
        })
    };
    read().map_or_else(|error: std::io::Error| refused(&error), Some)
}

thread_local! {
    /// The bytes of the file that a thread reads. Its text is copied out once, to where it stays.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// How much of its buffer a thread keeps for the next file, in bytes. Few files are larger.
const MAX_BUFFER: usize = 64 * 1024;

/// Reads a regular file that should have so many bytes, with one call to the system in nearly all cases.
fn read_all(file: &mut File, size: usize, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    bytes.resize(size + 1, 0);
    let mut read = 0;
    while let Some(rest) = bytes.get_mut(read..).filter(|it| !it.is_empty()) {
        match file.read(rest) {
            // The one byte more than the file should have was not there.
            Ok(count) if read + count == size => {
                bytes.truncate(size);
                return Ok(());
            }
            Ok(0) => break,
            Ok(count) => read += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    // It grew or shrank meanwhile, or does not tell its size.
    bytes.truncate(read);
    file.read_to_end(bytes)?;
    Ok(())
}

/// What becomes of a file that the system does not give: nothing if it is gone.
fn refused(error: &std::io::Error) -> Option<Loaded> {
    let is_gone = matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory);
    (!is_gone).then(|| Loaded::Unreadable(Unreadable::Io(error.to_string()), "".into()))
}
