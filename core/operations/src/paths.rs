//! Paths as callers name them: from the root, absolute, or nearly right.

use archwright_engine::Workspace;
use archwright_model::RelPath;
use archwright_rules::prelude;

use super::OperationError;

/// A file or folder that a caller names, which need not be there.
pub(super) fn named(workspace: &Workspace, given: &str) -> Result<RelPath, OperationError> {
    let given = given.trim();
    let path = std::path::Path::new(given);
    let path = if path.is_absolute() { RelPath::of(path, workspace.root()) } else { Some(RelPath::new(given)) };
    path.filter(|it| !it.escapes()).ok_or_else(|| unknown(workspace, given))
}

/// A file that is there.
pub(super) fn existing(workspace: &Workspace, given: &str) -> Result<RelPath, OperationError> {
    let path = named(workspace, given)?;
    let file = workspace.file(&path).filter(|it| workspace.text(*it).is_some());
    match file.ok_or_else(|| unknown(workspace, given)).map(|it| workspace.why_unreadable(it))? {
        None => Ok(path),
        Some(why) => Err(OperationError::Unreadable { path: path.to_string(), why: why.to_string() }),
    }
}

fn unknown(workspace: &Workspace, given: &str) -> OperationError {
    let paths: Vec<&str> = workspace.files().map(|it| workspace.path(it).as_str()).collect();
    let nearest = prelude::nearest(given.trim(), paths).map(str::to_owned);
    OperationError::NoSuchFile { given: given.to_owned(), nearest }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::{
        Contract, ContractRequest, Convert, ConvertRequest, Diff, DiffRequest, Operation, OperationError,
        fixture::Fixture,
    };

    #[test]
    fn a_file_in_utf_16_is_told_by_every_operation_that_is_given_it() {
        let document = "asyncapi: 2.6.0\ninfo: { title: T, version: 1.0.0 }\nchannels: {}\n";
        for unit in [u16::to_le_bytes, u16::to_be_bytes] {
            let fixture = Fixture::new("//- /docs/a.md\n# A\n");
            let bytes: Vec<u8> = format!("\u{feff}{document}").encode_utf16().flat_map(unit).collect();
            fs::write(fixture.folder.path().join("a.yaml"), &bytes).unwrap();
            let mut workspace = fixture.open();
            let a = || "a.yaml".to_owned();
            let convert = ConvertRequest { document: a(), ..ConvertRequest::default() };
            let diff = DiffRequest { paths: vec![a()], old: vec![a()], ..DiffRequest::default() };
            let contract =
                ContractRequest { channel: "a.b.v1".to_owned(), document: Some(a()), ..ContractRequest::default() };
            for answer in [
                Convert::plan(&mut workspace, &convert),
                Diff::plan(&mut workspace, &diff),
                Contract::plan(&mut workspace, &contract),
            ] {
                let told = answer.map_or_else(|it: OperationError| it.to_string(), |_| String::new());
                assert_eq!(told, "`a.yaml` is UTF-16; save it as UTF-8 text");
            }
        }
    }
}
