//! Writing with the operation `architecture`, for the tests of all that it writes.

use archwright_analysis::{
    operations::{Architecture, ArchitectureRequest, Operation, Plan},
    writer,
};

use crate::fixture::Fixture;

/// Plans and writes, and sees to it that nothing is left to do. Gives all files that changed, one after the other.
pub fn written(fixture: &Fixture, request: &ArchitectureRequest) -> (String, Plan) {
    let root = fixture.folder.path();
    let plan = Architecture::plan(&mut fixture.open(), request).unwrap();
    let mut text = String::new();
    for file in plan.edit.preview(|path| std::fs::read_to_string(root.join(path.as_str())).ok()).unwrap() {
        text.push_str(&format!("=== {}\n{}", file.path, file.after.unwrap()));
    }
    writer::apply(root, &plan.edit).unwrap();
    let again = Architecture::plan(&mut fixture.open(), request).unwrap();
    assert!(again.edit.is_empty(), "{:?}", again.edit);
    for note in &plan.notes {
        text.push_str(&format!("--- {}:{}: {}\n", note.file, note.at.line, note.message));
    }
    (text, plan)
}
