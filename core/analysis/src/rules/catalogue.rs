//! The list of all rules and lookups in it.

use std::sync::OnceLock;

use archwright_syntax::edit_distance;

use super::{Rule, asyncapi, channel, configuration, decision, document, drift, layout, link, message, schema, sync};
use crate::Kind;

/// The rules that have a file of their own, sorted by code.
static DECLARED: &[&Rule] = &[
    &channel::address_mismatch::RULE,
    &channel::compatibility_mismatch::RULE,
    &channel::dlq_mismatch::RULE,
    &channel::dlq_name::RULE,
    &channel::idle_consumers::RULE,
    &channel::invalid_name::RULE,
    &channel::lossy_binding::RULE,
    &channel::missing_contract::RULE,
    &channel::ordering_key_mismatch::RULE,
    &channel::owner_mismatch::RULE,
    &channel::partition_mismatch::RULE,
    &channel::retention_mismatch::RULE,
    &channel::several_event_types::RULE,
    &channel::unknown_compatibility::RULE,
    &channel::unlisted_contract::RULE,
    &configuration::invalid_setting::RULE,
    &decision::one_sided_supersede::RULE,
    &decision::unknown_pattern::RULE,
    &document::code_in_design::RULE,
    &document::duplicate_section::RULE,
    &document::empty_section::RULE,
    &document::invalid_date::RULE,
    &document::suppression::INVALID,
    &document::missing_field::RULE,
    &document::missing_section::RULE,
    &document::syntax_error::RULE,
    &document::undecided_concerns::RULE,
    &document::unknown_status::RULE,
    &document::unreadable::RULE,
    &document::suppression::UNUSED,
    &drift::retired_channel::RULE,
    &drift::undocumented_channel::RULE,
    &drift::unknown_code_pattern::RULE,
    &layout::adr_title_mismatch::RULE,
    &layout::duplicate_adr_number::RULE,
    &layout::invalid_slug::RULE,
    &layout::launch_date_mismatch::RULE,
    &layout::malformed_adr_number::RULE,
    &layout::missing_sibling::RULE,
    &link::dead_anchor::RULE,
    &link::dead_target::RULE,
    &link::wrong_depth::RULE,
    &message::missing_attribute::RULE,
    &message::name_mismatch::RULE,
    &schema::closed_enum::RULE,
    &schema::closed_model::RULE,
    &schema::incompatible_change::RULE,
    &schema::nullable_without_default::RULE,
    &schema::secret_in_payload::RULE,
    &schema::unclassified_personal_data::RULE,
    &schema::undeclared_required::RULE,
    &schema::unfitting_default::RULE,
    &schema::unknown_ordering_key::RULE,
    &sync::catalog_mismatch::RULE,
    &sync::catalog_missing_feature::RULE,
    &sync::catalog_order::RULE,
    &sync::catalog_unknown_feature::RULE,
    &sync::concerns_mismatch::RULE,
    &sync::unlisted_artifact::RULE,
];

/// All rules, sorted by code.
pub fn rules() -> &'static [&'static Rule] {
    static ALL: OnceLock<Vec<&'static Rule>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: Vec<_> = DECLARED.iter().copied().chain(asyncapi::rules()).collect();
        all.sort_unstable_by_key(|it| it.code);
        all
    })
}

/// The rule with this code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    rules().iter().find(|it| it.code == code).copied()
}

/// The rule whose code is nearest to what was written, if any is near.
pub fn nearest_rule(code: &str) -> Option<&'static Rule> {
    let most = (code.len() / 3).max(2);
    let distance =
        |it: &Rule| edit_distance(it.code, code, most).into_iter().chain(edit_distance(it.name(), code, most)).min();
    rules().iter().filter_map(|it| Some((distance(it)?, *it))).min_by_key(|it| it.0).map(|it| it.1)
}

/// The rules that look at a kind of file.
pub(super) fn for_kind(kind: Kind) -> &'static [&'static Rule] {
    static BY_KIND: OnceLock<Vec<(Kind, Vec<&'static Rule>)>> = OnceLock::new();
    let by_kind = BY_KIND.get_or_init(|| {
        let of = |kind: Kind| rules().iter().filter(|it| it.applies_to.contains(&kind)).copied().collect();
        Kind::ALL.into_iter().map(|kind| (kind, of(kind))).collect()
    });
    by_kind.iter().find(|it| it.0 == kind).map_or(&[], |it| &it.1)
}
