//! The files that `protoc` brings along, known by the paths they are imported with.
//!
//! They come from the package of `protoc` (`build.rs`). Their options are what limits the use of options: `targets`,
//! the numbers of extensions, and the editions in which a feature exists.

use std::sync::OnceLock;

use super::parser;
use super::tree::File;

/// A file that everybody may import.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
    pub(crate) file: File,
}

/// The file that declares what options there are.
pub(crate) const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// What the paths of these files start with.
pub(crate) const FOLDER: &str = "google/protobuf/";

include!(concat!(env!("OUT_DIR"), "/known.rs"));

/// All of them, in the order of their paths.
pub(crate) fn all() -> &'static [Known] {
    static ALL: OnceLock<Vec<Known>> = OnceLock::new();
    ALL.get_or_init(|| TEXTS.iter().map(|&(path, text)| Known { path, text, file: parser::parse(text).file }).collect())
}

/// The file of this path.
pub(crate) fn of_path(path: &str) -> Option<&'static Known> {
    all().iter().find(|it| it.path == path)
}

/// The path of the file that declares a type of this full name at its top.
pub(crate) fn declaring(full: &str) -> Option<&'static str> {
    let (package, name) = full.strip_prefix('.').unwrap_or(full).rsplit_once('.')?;
    let declares = |it: &&Known| {
        let messages = it.file.messages.iter().map(|it| &it.name);
        it.file.package == package && messages.chain(it.file.enums.iter().map(|it| &it.name)).any(|it| it == name)
    };
    all().iter().find(declares).map(|it| it.path)
}

#[cfg(test)]
mod tests {
    use super::all;
    use crate::{Language, shape_with_imports};

    #[test]
    fn nothing_is_wrong_with_any() {
        for known in all() {
            let shape = shape_with_imports(known.text, Language::Protobuf, known.path, &mut |_| None);
            assert_eq!(shape.diagnostics, [], "{}", known.path);
        }
    }
}
