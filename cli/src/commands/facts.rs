//! Facts for an operation, from a file or from stdin.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use archwright_syntax::Decoded;
use serde::de::DeserializeOwned;

use super::CommandError;

/// Reads a request as an agent gives it. Without a file nothing is known.
///
/// # Errors
/// If the file cannot be read or says something else.
pub fn read<T: DeserializeOwned + Default>(path: Option<&Path>) -> Result<T, CommandError> {
    let Some(path) = path else { return Ok(T::default()) };
    let text = text(path).map_err(|error| CommandError::Path { path: path.to_path_buf(), error })?;
    serde_json::from_str(&text).map_err(|error| CommandError::Facts { path: path.to_path_buf(), error })
}

/// The text of a file, or of stdin.
pub fn text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes)?;
    } else {
        bytes = fs::read(path)?;
    }
    Decoded::new(&bytes).utf8().map(str::to_owned)
}
