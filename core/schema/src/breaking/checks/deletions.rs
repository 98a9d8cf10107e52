//! Messages, enums, extensions, services and packages stay where they are.

use archwright_syntax::Span;
use rustc_hash::FxHashSet;

use super::super::pairs::{Annotations, Pairs, Was};
use crate::protobuf::schema::Schema;

/// Something that bears a name.
#[derive(Clone, Copy)]
struct Named<'a> {
    nested: &'a str,
    file: usize,
    span: Span,
}

type List = for<'a> fn(&'a Schema<'a>) -> Vec<Named<'a>>;

fn messages<'a>(schema: &'a Schema<'a>) -> Vec<Named<'a>> {
    schema.messages.iter().map(|it| Named { nested: &it.nested, file: it.file, span: it.node.span }).collect()
}

fn enums<'a>(schema: &'a Schema<'a>) -> Vec<Named<'a>> {
    schema.enums.iter().map(|it| Named { nested: &it.nested, file: it.file, span: it.node.span }).collect()
}

fn extensions<'a>(schema: &'a Schema<'a>) -> Vec<Named<'a>> {
    schema.extensions.iter().map(|it| Named { nested: &it.nested, file: it.file, span: it.node.span }).collect()
}

fn services<'a>(schema: &'a Schema<'a>) -> Vec<Named<'a>> {
    schema.services.iter().map(|it| Named { nested: &it.node.name, file: it.file, span: it.node.span }).collect()
}

/// `MESSAGE_NO_DELETE`
pub(in super::super) fn message(pairs: &Pairs<'_>, out: &mut Annotations) {
    from_files(pairs, "message", messages, out);
}

/// `ENUM_NO_DELETE`
pub(in super::super) fn enumeration(pairs: &Pairs<'_>, out: &mut Annotations) {
    from_files(pairs, "enum", enums, out);
}

/// `EXTENSION_NO_DELETE`
pub(in super::super) fn extension(pairs: &Pairs<'_>, out: &mut Annotations) {
    from_files(pairs, "extension", extensions, out);
}

/// `SERVICE_NO_DELETE`
pub(in super::super) fn service(pairs: &Pairs<'_>, out: &mut Annotations) {
    from_files(pairs, "service", services, out);
}

/// `PACKAGE_MESSAGE_NO_DELETE`
pub(in super::super) fn package_message(pairs: &Pairs<'_>, out: &mut Annotations) {
    from_packages(pairs, "message", messages, out);
}

/// `PACKAGE_ENUM_NO_DELETE`
pub(in super::super) fn package_enum(pairs: &Pairs<'_>, out: &mut Annotations) {
    from_packages(pairs, "enum", enums, out);
}

/// `PACKAGE_EXTENSION_NO_DELETE`
pub(in super::super) fn package_extension(pairs: &Pairs<'_>, out: &mut Annotations) {
    from_packages(pairs, "extension", extensions, out);
}

/// `PACKAGE_SERVICE_NO_DELETE`
pub(in super::super) fn package_service(pairs: &Pairs<'_>, out: &mut Annotations) {
    from_packages(pairs, "service", services, out);
}

/// `PACKAGE_NO_DELETE`
pub(in super::super) fn package(pairs: &Pairs<'_>, out: &mut Annotations) {
    let kept: FxHashSet<&str> = pairs.new.sources.iter().map(|it| it.file.package.as_str()).collect();
    let mut gone: Vec<(&str, Was<'_>)> = Vec::new();
    for it in &pairs.old.sources {
        if !kept.contains(it.file.package.as_str()) {
            gone.push((&it.file.package, (it.path, it.file.package_span)));
        }
    }
    gone.sort_unstable();
    gone.dedup_by_key(|it| it.0);
    for (package, was) in gone {
        let message = match package {
            "" => "No file is left without a package.".to_owned(),
            _ => format!("The package `{package}` was deleted."),
        };
        out.add(None, was, message);
    }
}

fn from_files(pairs: &Pairs<'_>, kind: &str, list: List, out: &mut Annotations) {
    let kept: FxHashSet<(usize, &str)> = list(pairs.new).iter().map(|it| (it.file, it.nested)).collect();
    for it in list(pairs.old) {
        let Some(&(_, file)) = pairs.files.iter().find(|pair| pair.0 == it.file) else { continue };
        if !kept.contains(&(file, it.nested)) {
            let message = format!("The {kind} `{}` was deleted from the file.", it.nested);
            out.add(pairs.is(file, around(pairs, file, it.nested)), pairs.was(it.file, it.span), message);
        }
    }
}

fn from_packages(pairs: &Pairs<'_>, kind: &str, list: List, out: &mut Annotations) {
    let kept: FxHashSet<(&str, &str)> =
        list(pairs.new).iter().map(|it| (pairs.new.package(it.file), it.nested)).collect();
    // buf looks at a package only where something of the kind is left in it, and at services where a file is left.
    let packages: FxHashSet<&str> = match kind {
        "service" => (0..pairs.new.sources.len()).map(|it| pairs.new.package(it)).collect(),
        _ => kept.iter().map(|it| it.0).collect(),
    };
    for it in list(pairs.old) {
        let package = pairs.old.package(it.file);
        if !packages.contains(package) || kept.contains(&(package, it.nested)) {
            continue;
        }
        let file = pairs.files.iter().find(|pair| pair.0 == it.file).map(|it| it.1);
        let is = file.map(|file| {
            let around = match kind {
                "message" => around_in_package(pairs, package, it.nested),
                _ => around(pairs, file, it.nested).map(|span| (file, span)),
            };
            around.map_or_else(|| pairs.is(file, None), |(file, span)| pairs.is(file, span))
        });
        let package = if package.is_empty() {
            "the files without a package".to_owned()
        } else {
            format!("the package `{package}`")
        };
        out.add(is, pairs.was(it.file, it.span), format!("The {kind} `{}` was deleted from {package}.", it.nested));
    }
}

/// The nearest message of the new file that is left of those `nested` stood in.
fn around(pairs: &Pairs<'_>, file: usize, nested: &str) -> Option<Span> {
    let message = |name: &str| pairs.new.messages.iter().find(|it| it.file == file && it.nested == name);
    outer(nested).find_map(message).map(|it| it.node.span)
}

/// The nearest message of the package that is left of those `nested` stood in, and its file.
fn around_in_package(pairs: &Pairs<'_>, package: &str, nested: &str) -> Option<(usize, Span)> {
    let message =
        |name: &str| pairs.new.messages.iter().find(|it| it.nested == name && pairs.new.package(it.file) == package);
    outer(nested).find_map(message).map(|it| (it.file, it.node.span))
}

/// The names of the messages a name stands in, from the inside out.
fn outer(nested: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(nested.rsplit_once('.'), |it| it.0.rsplit_once('.')).map(|it| it.0)
}
