//! Two versions compared, and the next version of what cannot change: for rules and operations.

mod comparison;
mod next_version;

pub use archwright_schema::compatibility::{Mode, Profile};
pub use comparison::{Around, Levels, Likeness, MAX_USERS, changes_between, keys_of_users, mode_for};
pub use comparison::{
    BaseError, BaseRequest, Companion, Compared, ComparedChange, ComparedPlace, Comparison, ComparisonError,
    CompatRequest, Format, NamedText, compare_with_base, compat, json_schema as comparison_schema,
};
pub use comparison::{advice_of_level, declared_in, imported, path_below, text_of, texts};
pub use next_version::{NextVersionError, next_version, replaceable};
pub(crate) use next_version::{Plan as NextVersionPlan, describes, successor};
