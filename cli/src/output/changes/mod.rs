//! The formats of `archwright diff`.

mod markdown;
mod text;

use archwright_analysis::operations::{ComparedChange, Comparison, NamedText};

pub use markdown::write as write_markdown;
pub use text::write as write_text;

use super::count;

/// A comparison and the texts it is about.
#[derive(Debug)]
pub struct Compared {
    /// The changes.
    pub comparison: Comparison,
    /// The texts, by the names that the changes use.
    pub texts: Vec<NamedText>,
    /// The git revision, when that is what was compared with.
    pub against: Option<String>,
    /// How many pairs of files were compared.
    pub files: usize,
}

impl Compared {
    /// Gives every file another name.
    pub fn rename(&mut self, name: &dyn Fn(&str) -> String) {
        for text in &mut self.texts {
            text.name = name(&text.name);
        }
        for change in &mut self.comparison.changes {
            for place in change.old.iter_mut().chain(&mut change.new) {
                place.file = name(&place.file);
            }
        }
    }

    /// What came of it, in one sentence.
    fn summary(&self) -> String {
        let changes = &self.comparison.changes;
        let of = |class: &str| changes.iter().filter(|it| it.class == class).count();
        let (breaking, harmless, open) = (of("breaking"), of("non-breaking"), of("unclassified"));
        let against = self.against.as_ref().map(|it| format!(" against {it}")).unwrap_or_default();
        let compared = format!("{} compared{against}", count(self.files, "file"));
        let mut others = String::new();
        for (number, what) in [(open, "change to judge"), (harmless, "harmless change")] {
            if number > 0 {
                others += ", ";
                others += &count(number, what).replace("change to judges", "changes to judge");
            }
        }
        match breaking {
            0 => format!("Compatible: {compared}{others}."),
            _ => format!("Incompatible: {}{others}, {compared}.", count(breaking, "breaking change")),
        }
    }
}

/// Whom a change breaks, in words.
fn breaks(change: &ComparedChange) -> String {
    let sides = change.breaks.iter().map(|it| match *it {
        "backward" => "new readers of old messages",
        "forward" => "old readers of new messages",
        other => other,
    });
    sides.collect::<Vec<_>>().join(" and ")
}
