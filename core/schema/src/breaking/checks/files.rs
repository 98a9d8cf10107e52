//! Files keep their path, their syntax, their package and the options that name generated code.

use super::super::pairs::{Annotations, Pairs};
use crate::protobuf::tree::{Constant, Opt, Syntax, place, value};

/// `FILE_NO_DELETE`
pub(in super::super) fn no_delete(pairs: &Pairs<'_>, out: &mut Annotations) {
    for it in &pairs.old.sources {
        if !pairs.new.sources.iter().any(|new| new.path == it.path) {
            out.add(None, (it.path, None), format!("The file {} was deleted.", it.path));
        }
    }
}

/// `FILE_SAME_SYNTAX`
pub(in super::super) fn same_syntax(pairs: &Pairs<'_>, out: &mut Annotations) {
    let name = |syntax| match syntax {
        Syntax::Proto2 => "proto2",
        Syntax::Proto3 => "proto3",
        Syntax::Edition(_) => "editions",
    };
    for (old, new) in pairs.files() {
        let (before, after) = (name(old.file.syntax), name(new.file.syntax));
        if before != after {
            let message = format!("The syntax of the file changed from {before} to {after}.");
            out.add((new.path, new.file.syntax_span), (old.path, old.file.syntax_span), message);
        }
    }
}

/// `FILE_SAME_PACKAGE`
pub(in super::super) fn same_package(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.files() {
        let (before, after) = (&old.file.package, &new.file.package);
        if before != after {
            let message = format!("The package of the file changed from {} to {}.", shown(before), shown(after));
            out.add((new.path, new.file.package_span), (old.path, old.file.package_span), message);
        }
    }
}

/// The rules on one option each.
pub(in super::super) fn same_option(pairs: &Pairs<'_>, name: &str, default: &str, out: &mut Annotations) {
    for (old, new) in pairs.files() {
        let (before, after) = (text(&old.file.options, name, default), text(&new.file.options, name, default));
        if before != after {
            let message = format!("The file option `{name}` changed from {} to {}.", shown(&before), shown(&after));
            let is = place(&new.file.options, name, name);
            out.add((new.path, is), (old.path, place(&old.file.options, name, name)), message);
        }
    }
}

/// The value of an option as text.
pub(super) fn text(options: &[Opt], name: &str, default: &str) -> String {
    match value(options, name) {
        Some(Constant::Word(it)) => it.clone(),
        Some(Constant::Text(it)) => String::from_utf8_lossy(it).into_owned(),
        Some(Constant::Integer(it)) => it.to_string(),
        Some(Constant::Float(it)) => it.to_string(),
        Some(Constant::Parts(_) | Constant::List(_)) | None => default.to_owned(),
    }
}

fn shown(value: &str) -> String {
    if value.is_empty() { "none".to_owned() } else { format!("`{value}`") }
}
