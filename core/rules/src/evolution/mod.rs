//! Two versions compared, and the next version of what cannot change: for rules and operations.

mod comparison;
mod next_version;

pub use archwright_schema::compatibility::{Mode, Profile};
pub use comparison::{
    Around, BaseError, BaseRequest, Companion, Compared, ComparedChange, ComparedPlace, Comparison, ComparisonError,
    CompatRequest, Format, Levels, Likeness, MAX_USERS, NamedText, advice_of_level, changes_between, compare_with_base,
    compat, declared_in, imported, is_untold_schema, json_schema as comparison_schema, keys_of_importers,
    keys_of_users, mode_for, path_below, takes_from, text_of, texts,
};
pub(crate) use comparison::{Moves, compared_format, reference_to};
pub use next_version::{NextVersionError, next_version, replaceable};
pub(crate) use next_version::{Plan as NextVersionPlan, describes, successor};
