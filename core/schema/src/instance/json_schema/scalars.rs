//! Keywords of texts and numbers.

use archwright_syntax::data::Node;

use super::super::value::{count, number, shortened, shown};
use super::{Validator, formats};

/// Characters that cost one step.
const CHARS_A_STEP: usize = 64;

impl<'t> Validator<'t, '_> {
    pub(super) fn of_text(&mut self, schema: Node<'t>, key: &str, value: Node<'t>, instance: Node<'t>) -> bool {
        let fault = instance.as_str().and_then(|it| self.text_fault(key, value, it));
        fault.is_none_or(|fault| {
            let message = format!("{} is not allowed: {fault}", shown(instance));
            self.fault(schema, instance, message, None, None)
        })
    }

    /// What a keyword has against a text.
    pub(super) fn text_fault(&mut self, key: &str, value: Node<'t>, text: &str) -> Option<String> {
        let limit = || count(value);
        match key {
            "minLength" => limit()
                .filter(|it| text.chars().count() < *it)
                .map(|it| format!("it must have at least {it} characters")),
            "maxLength" => limit()
                .filter(|it| text.chars().count() > *it)
                .map(|it| format!("it must have at most {it} characters")),
            "pattern" => {
                let pattern = value.as_str()?;
                match self.matches(pattern, text) {
                    Some(matches) => (!matches).then(|| format!("it must match `{}`", shortened(pattern))),
                    None => {
                        self.unsure = true;
                        None
                    }
                }
            }
            "format" => formats::text_fault(value.as_str()?, text).map(|it| format!("it must be {it}")),
            _ => None,
        }
    }

    pub(super) fn matches(&mut self, pattern: &str, text: &str) -> Option<bool> {
        self.left = self.left.saturating_sub(u32::try_from(text.len() / CHARS_A_STEP).unwrap_or(u32::MAX));
        (self.left > 0).then(|| self.patterns.matches(pattern, text)).flatten()
    }

    pub(super) fn of_number(&mut self, schema: Node<'t>, key: &str, value: Node<'t>, instance: Node<'t>) -> bool {
        let Some(found) = number(instance) else { return true };
        if let Some(wanted) = value.as_str().filter(|_| key == "format").and_then(|it| formats::number_fault(it, found))
        {
            let message = format!("{} is not allowed: it must be {wanted}", shown(instance));
            return self.fault(schema, instance, message, None, None);
        }
        let is_exclusive = |key: &str| schema.get(key).and_then(Node::as_bool) == Some(true);
        let limit = number(value);
        let (holds, wanted) = match (key, limit) {
            ("minimum", Some(least)) if is_exclusive("exclusiveMinimum") => (found > least, "more than"),
            ("maximum", Some(most)) if is_exclusive("exclusiveMaximum") => (found < most, "less than"),
            ("minimum", Some(least)) => (found >= least, "at least"),
            ("maximum", Some(most)) => (found <= most, "at most"),
            ("exclusiveMinimum", Some(least)) => (found > least, "more than"),
            ("exclusiveMaximum", Some(most)) => (found < most, "less than"),
            ("multipleOf", Some(step)) if step > 0.0 => (is_multiple(instance, value, found, step), "a multiple of"),
            _ => return true,
        };
        holds || {
            let message = format!("{} is not allowed: it must be {wanted} {}", shown(instance), shown(value));
            self.fault(schema, instance, message, None, None)
        }
    }
}

/// Whether a number is a multiple of another. Fractions are compared with room for what binary floats cannot say: 0.3
/// is a multiple of 0.1.
fn is_multiple(instance: Node<'_>, value: Node<'_>, found: f64, step: f64) -> bool {
    if let (Some(found), Some(step)) = (instance.as_i64(), value.as_i64()) {
        return step == 0 || found % step == 0;
    }
    let times = found / step;
    !times.is_finite() || (times - times.round()).abs() <= times.abs().max(1.0) * 1e-9
}
