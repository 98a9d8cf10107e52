//! `allOf`, `anyOf` and `oneOf`, lists of types, and keywords of several kinds in one schema.

use super::Confluent;
use crate::compatibility::json_schema::meaning::Meaning;
use crate::compatibility::json_schema::parts::{Criterion, Part, PartId, Shape};
use crate::compatibility::json_schema::search::{Definition, Incompatibility, Outcome};

impl<'t> Confluent<'_, 't> {
    /// Compares two combinations: how, how many, and whether each branch finds one that takes what it lets through.
    pub(super) fn combined(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (Shape::Combined { criterion: was, parts: old }, Shape::Combined { criterion: is, parts: new }) =
            (&writer.shape, &reader.shape)
        else {
            return Ok(Vec::new());
        };
        let (writer_list, reader_list) = (writer.branches(), reader.branches());
        let finding = |kind, meaning| Incompatibility {
            kind,
            meaning,
            path: Vec::new(),
            writer: writer_list,
            reader: reader_list,
        };
        let (one, other) = (old.len() == 1, new.len() == 1);
        let is_looser = *is == Criterion::Any
            || (one && other)
            || (one && *is == Criterion::One)
            || (other && *was == Criterion::All);
        if was != is && !is_looser {
            return Ok(vec![finding("COMBINED_TYPE_CHANGED", Meaning::Criterion)]);
        }
        let (old, new) = (self.parts.distinct(old), self.parts.distinct(new));
        let mut found = Vec::new();
        if old.len() < new.len() && *is == Criterion::All {
            found.push(finding("PRODUCT_TYPE_EXTENDED", Meaning::Conditions));
        }
        let matching = self.matched(&old, &new)?;
        // The first branch that is left over shows what changed.
        let left_over = |of: &[Option<usize>], ids: &[PartId]| {
            let id = of.iter().position(Option::is_none).and_then(|at| ids.get(at))?;
            self.parts.place(*id)
        };
        let old_branch = left_over(&matching.left, &old).unwrap_or(writer_list);
        if old.len() > new.len() && *was != Criterion::All {
            found.push(Incompatibility { writer: old_branch, ..finding("SUM_TYPE_NARROWED", Meaning::Alternatives) });
        }
        if matching.len() < old.len().min(new.len()) {
            let new_branch = left_over(&matching.right, &new).unwrap_or(reader_list);
            let kind = "COMBINED_TYPE_SUBSCHEMAS_CHANGED";
            let finding = Incompatibility {
                kind,
                meaning: Meaning::Counterpart,
                path: Vec::new(),
                writer: old_branch,
                reader: new_branch,
            };
            let lonely = matching.left.iter().position(Option::is_none).and_then(|at| old.get(at));
            found.push(match lonely {
                Some(lonely) => self.nearest(*lonely, &new, finding)?,
                None => finding,
            });
        }
        Ok(found)
    }
}
