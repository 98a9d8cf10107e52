//! `message/invalid-attribute`: an attribute that its envelope does not allow.

use archwright_asyncapi::terms::{Fields, MessageTerms};
use archwright_model::conventions::envelope::Envelope;

use super::missing_attribute::{carrier, envelopes};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "message/invalid-attribute",
    severity: Severity::Warning,
    summary: "An attribute of the envelope has a value or a name that the envelope does not allow.",
    applies_to: &[Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-229", "A-230"],
    page: include_str!("invalid_attribute.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for found in envelopes(cx) {
        let Some((fields, _)) = carrier(found.message, found.envelope) else { continue };
        values(reporter, found.message, found.envelope, fields);
        names(reporter, found.envelope, fields);
    }
}

/// The only value that an attribute can have here, and the one that it has by the envelope.
fn values(reporter: &mut Reporter, message: &MessageTerms, envelope: &Envelope, fields: &Fields) {
    for property in fields.first_level() {
        let attribute = envelope.attribute(envelope.bare(&property.path));
        let Some(wanted) = attribute.and_then(|it| it.r#const.as_deref()) else { continue };
        let Some(ours) = property.constant.as_ref().filter(|it| it.text != wanted) else { continue };
        let text = format!(
            "`{}` of the message `{}` is `{}` here, and {} knows only `{wanted}`.",
            property.name.text, message.name.text, ours.text, envelope.title
        );
        reporter.report(ours.span, text);
    }
}

/// Names of attributes with the mark of a protocol, such as `ce_`, are attributes whatever they are called.
fn names(reporter: &mut Reporter, envelope: &Envelope, fields: &Fields) {
    // Only CloudEvents says how its attributes are written.
    if !envelope.marks.iter().any(|it| it == "specversion") {
        return;
    }
    for property in fields.first_level() {
        let bare = envelope.bare(&property.path);
        let is_plain = bare.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
        // A known attribute that is written otherwise is told as that.
        let folded: String = bare.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        if bare.len() == property.path.len() || is_plain || envelope.attribute(&folded).is_some() {
            continue;
        }
        let text = format!(
            "`{bare}` is no name of an attribute of {}: it has lower-case letters and digits only, such as `{folded}`.",
            envelope.title
        );
        reporter.report(property.name.span, text);
    }
}
