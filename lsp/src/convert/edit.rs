//! Changes of the workspace become edits that the client applies.

use std::collections::HashMap;

use archwright_analysis::{FileCreate, FileEdit, FileRename, WorkspaceEdit};
use tower_lsp::ls_types::{
    self as lsp, CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Position, Range, RenameFile, RenameFileOptions, ResourceOp,
    TextDocumentEdit, TextEdit,
};

use super::Converter;

/// The edit as the client takes it; `None` if it needs something that the client cannot do.
pub(crate) fn workspace_edit(it: &mut Converter<'_>, edit: &WorkspaceEdit) -> Option<lsp::WorkspaceEdit> {
    let session = it.snapshot.session();
    if (!edit.creates.is_empty() && !session.creates_files) || (!edit.renames.is_empty() && !session.renames_files) {
        return None;
    }
    if !session.document_changes {
        let changes = edit.texts.iter().map(|edit| Some((it.relative_uri(&edit.path)?, text_edits(it, edit)?)));
        return Some(lsp::WorkspaceEdit {
            changes: Some(changes.collect::<Option<HashMap<_, _>>>()?),
            ..lsp::WorkspaceEdit::default()
        });
    }
    let mut operations = Vec::new();
    for create in &edit.creates {
        operations.extend(creation(it, create)?);
    }
    for edit in &edit.texts {
        operations.push(DocumentChangeOperation::Edit(document_edit(it, edit)?));
    }
    for rename in &edit.renames {
        operations.push(renaming(it, rename)?);
    }
    Some(lsp::WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(operations)),
        ..lsp::WorkspaceEdit::default()
    })
}

fn creation(it: &Converter<'_>, create: &FileCreate) -> Option<[DocumentChangeOperation; 2]> {
    let uri = it.relative_uri(&create.path)?;
    let insert = TextEdit::new(Range::new(Position::default(), Position::default()), create.content.clone());
    let operation = CreateFile {
        uri: uri.clone(),
        options: Some(CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) }),
        annotation_id: None,
    };
    let content = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version: None },
        edits: vec![OneOf::Left(insert)],
    };
    Some([DocumentChangeOperation::Op(ResourceOp::Create(operation)), DocumentChangeOperation::Edit(content)])
}

fn renaming(it: &Converter<'_>, rename: &FileRename) -> Option<DocumentChangeOperation> {
    let operation = RenameFile {
        old_uri: it.relative_uri(&rename.from)?,
        new_uri: it.relative_uri(&rename.to)?,
        options: Some(RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) }),
        annotation_id: None,
    };
    Some(DocumentChangeOperation::Op(ResourceOp::Rename(operation)))
}

fn document_edit(it: &mut Converter<'_>, edit: &FileEdit) -> Option<TextDocumentEdit> {
    let edits = text_edits(it, edit)?.into_iter().map(OneOf::Left).collect();
    let file = it.snapshot.workspace().file(&edit.path)?;
    let text_document = OptionalVersionedTextDocumentIdentifier { uri: it.uri(file)?, version: it.version(file) };
    Some(TextDocumentEdit { text_document, edits })
}

fn text_edits(it: &mut Converter<'_>, edit: &FileEdit) -> Option<Vec<TextEdit>> {
    let file = it.snapshot.workspace().file(&edit.path)?;
    let view = it.view(file)?;
    Some(edit.edits.iter().map(|edit| TextEdit::new(view.range(edit.span), edit.replacement.clone())).collect())
}
