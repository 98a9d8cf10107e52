//! The operation `convert`: an AsyncAPI document of version 2 as one of version 3.

use archwright_asyncapi::conversion::{self, ConversionError};
use archwright_syntax::data::Format;

pub use archwright_asyncapi::conversion::{Converted, Note, TARGET as CONVERSION_TARGET};

/// What is converted.
#[derive(Clone, Debug)]
pub struct ConvertRequest<'a> {
    /// The name of the file, which tells its notation; without an extension that does, the first character tells.
    pub name: &'a str,
    /// The document.
    pub text: &'a str,
    /// The version that is wanted.
    pub to: &'a str,
}

/// Why a document is not converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// The document cannot be converted.
    #[error("{name}: {error}")]
    Document {
        /// The file.
        name: String,
        /// Why.
        error: ConversionError,
    },
    /// Nobody converts to this version.
    #[error("cannot convert to `{0}`: the only version to convert to is {target}", target = conversion::TARGET)]
    Target(String),
}

/// Converts a document of AsyncAPI 2.0 to 2.6 to 3.0.0, in its own notation and with its comments.
///
/// # Errors
/// If the text is no such document, or another version is wanted.
pub fn convert(request: &ConvertRequest<'_>) -> Result<Converted, ConvertError> {
    if !matches!(request.to, conversion::TARGET | "3.0" | "3") {
        return Err(ConvertError::Target(request.to.to_owned()));
    }
    let by_text = || {
        if request.text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
            Format::Json
        } else {
            Format::Yaml
        }
    };
    let format = Format::of_path(request.name).unwrap_or_else(by_text);
    conversion::to_v3(request.text, format)
        .map_err(|error| ConvertError::Document { name: request.name.to_owned(), error })
}
