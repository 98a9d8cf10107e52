//! The fields of the messages that code sends, from the types that it declares.

use archwright_engine::Workspace;
use archwright_model::RelPath;
use archwright_scan::{
    discover::{Discovery, Edge},
    payload::{self, Declared, PayloadField},
};
use smol_str::SmolStr;

/// What a type of messages holds, with what it extends.
#[derive(Clone, Debug)]
pub(crate) struct SentType {
    /// The file that declares it.
    pub path: RelPath,
    /// The line of its name; counts from 1.
    pub line: u32,
    /// All fields, those of what it extends first.
    pub fields: Vec<PayloadField>,
}

/// How far a type is followed through what it extends.
const MAX_SUPERS: usize = 8;

/// The type of what an edge sends or receives, if all of its fields are known.
pub(crate) fn sent_type(workspace: &Workspace, found: &Discovery, edge: &Edge) -> Option<SentType> {
    let name = edge.message.as_ref().filter(|_| !edge.has_more_types)?;
    let message = found.messages.iter().find(|it| it.used_in == edge.path && it.name == *name)?;
    let first = message.declared.first()?;
    let (mut fields, line) = fields(workspace, &message.declared, first, MAX_SUPERS)?;
    // What is declared again is the one that is nearer.
    let names: Vec<SmolStr> = fields.iter().map(|it| it.name.clone()).collect();
    let mut at = 0;
    fields.retain(|it| {
        at += 1;
        !names.get(at..).is_some_and(|rest| rest.contains(&it.name))
    });
    Some(SentType { path: RelPath::new(&first.path), line, fields })
}

fn fields(workspace: &Workspace, all: &[Declared], one: &Declared, depth: usize) -> Option<(Vec<PayloadField>, u32)> {
    let depth = depth.checked_sub(1)?;
    let file = workspace.file(&RelPath::new(&one.path))?;
    let text = super::Source::of(workspace, file).text()?.ok()?;
    let read = payload::read(&one.path, &text, &one.name)?;
    let mut fields_of_all = Vec::new();
    for above in &read.supers {
        let above = all.iter().find(|it| it.name == *above && *it != one)?;
        fields_of_all.extend(fields(workspace, all, above, depth)?.0);
    }
    fields_of_all.extend(read.fields);
    Some((fields_of_all, read.line))
}
