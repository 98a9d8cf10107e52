//! The list of all rules and lookups in it.

use std::sync::OnceLock;

use super::{Rule, asyncapi, channel, configuration, decision, document, drift, layout, link, message, schema, sync};
use crate::engine::Registry;

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
    &document::invalid_suppression::RULE,
    &document::missing_field::RULE,
    &document::missing_section::RULE,
    &document::syntax_error::RULE,
    &document::undecided_concerns::RULE,
    &document::unknown_status::RULE,
    &document::unreadable::RULE,
    &document::unused_suppression::RULE,
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

/// All rules.
pub fn registry() -> &'static Registry {
    static ALL: OnceLock<Registry> = OnceLock::new();
    ALL.get_or_init(|| Registry::new(DECLARED.iter().copied().chain(asyncapi::rules())))
}

/// All rules, sorted by code.
pub fn rules() -> &'static [&'static Rule] {
    registry().rules()
}

/// The rule with this code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    registry().rule(code)
}

/// The rule whose code is nearest to what was written, if any is near.
pub fn nearest_rule(code: &str) -> Option<&'static Rule> {
    registry().nearest(code)
}
