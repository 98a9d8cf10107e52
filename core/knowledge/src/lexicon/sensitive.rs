//! Names of fields that hold personal data or secrets.

use std::collections::{HashMap, HashSet};

use smol_str::SmolStr;

use super::lexicon;
use crate::source::{self, Node};

/// What kind of care a value needs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sensitivity {
    /// It says something about a person.
    Personal,
    /// Whoever has it may do what only others should.
    Secret,
}

/// Names that a workspace adds to the known ones, in words: `loyalty number`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SensitiveTerms {
    /// Names of personal data.
    pub personal: Terms,
    /// Names of secrets.
    pub secret: Terms,
    /// Names that are neither, whatever they end with.
    pub harmless: Terms,
}

/// Names, found by the end of another name whatever their number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The first of each, by its words.
    by_words: HashMap<Vec<String>, usize>,
    /// How many words the longest has.
    longest: usize,
}

impl FromIterator<String> for Terms {
    fn from_iter<T: IntoIterator<Item = String>>(names: T) -> Self {
        let mut terms = Self::default();
        for (at, name) in names.into_iter().enumerate() {
            let words = words(&name);
            terms.longest = terms.longest.max(words.len());
            terms.by_words.entry(words).or_insert(at);
        }
        terms
    }
}

impl Terms {
    /// The first term that `name` ends with, as [`ends_with`] has it.
    fn at_end_of(&self, name: &[String]) -> Option<Vec<String>> {
        if self.by_words.is_empty() {
            return None;
        }
        let (last, before) = name.split_last()?;
        let mut found: Option<(usize, Vec<String>)> = None;
        for form in forms(last) {
            for from in before.len().saturating_sub(self.longest)..=before.len() {
                let mut term = before.get(from..).unwrap_or_default().to_vec();
                term.push(form.to_owned());
                if let Some(at) = self.by_words.get(&term).filter(|at| found.as_ref().is_none_or(|it| **at < it.0)) {
                    found = Some((*at, term));
                }
            }
        }
        found.map(|it| it.1)
    }
}

/// A word as it stands, and without a number or the ending of a plural behind it.
fn forms<'w>(word: &'w str) -> impl Iterator<Item = &'w str> {
    let of = |it: &'w str| [Some(it), it.strip_suffix('s'), it.strip_suffix("es")];
    let bare = Some(word.trim_end_matches(char::is_numeric)).filter(|it| it.len() < word.len());
    [Some(word), bare].into_iter().flatten().flat_map(of).flatten()
}

/// What a field is, as far as its name does not tell.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FieldValue {
    /// Yes or no.
    Flag,
    /// A number.
    Number,
    /// Anything else.
    Other,
}

/// The lists of the lexicon.
pub(super) struct Sensitive {
    personal: KnownTerms,
    secret: KnownTerms,
    numeric: HashSet<SmolStr>,
    questions: HashSet<SmolStr>,
    protected: HashSet<SmolStr>,
    organizations: HashSet<SmolStr>,
}

/// The names of one kind of data, in words, by their last word: a field's name is compared with few of them.
#[derive(Default)]
struct KnownTerms(HashMap<String, Vec<KnownTerm>>);

struct KnownTerm {
    words: Vec<String>,
    /// Whether it says so only when nothing stands before it.
    is_alone: bool,
}

impl KnownTerms {
    fn new(endings: Vec<Vec<String>>, alone: Vec<Vec<String>>) -> Self {
        let mut known = Self::default();
        let alone = alone.into_iter().map(|words| KnownTerm { words, is_alone: true });
        for term in endings.into_iter().map(|words| KnownTerm { words, is_alone: false }).chain(alone) {
            let Some(last) = term.words.last().cloned() else { continue };
            known.0.entry(last).or_default().push(term);
        }
        known
    }

    /// The longest term that a name ends with, else the term that it is, whatever their number.
    fn in_name(&self, name: &[String]) -> Option<&[String]> {
        let (last, before) = name.split_last()?;
        let near = forms(last).filter_map(|it| self.0.get(it)).flatten();
        let fits = |it: &&KnownTerm| {
            let wanted = it.words.split_last().map_or(&[][..], |it| it.1);
            if it.is_alone { before == wanted } else { before.ends_with(wanted) }
        };
        let best = near.filter(fits).max_by_key(|it| (!it.is_alone, it.words.len()));
        best.map(|it| it.words.as_slice())
    }
}

impl Sensitive {
    pub(super) fn new(root: Option<Node<'_>>) -> Self {
        let node = root.and_then(|it| it.get("sensitive"));
        let texts = |key| node.map(|it| source::texts(it, key)).unwrap_or_default();
        let terms = |key| texts(key).iter().map(|it| words(it)).collect::<Vec<_>>();
        let set = |key| texts(key).into_iter().collect();
        Self {
            personal: KnownTerms::new(terms("personal"), terms("personal-alone")),
            secret: KnownTerms::new(terms("secret"), terms("secret-alone")),
            numeric: set("numeric"),
            questions: set("questions"),
            protected: set("protected"),
            organizations: set("organizations"),
        }
    }
}

/// What the name of a field says of its value, and the term that says so. `path` leads to the field (`customer.email`):
/// a parent that is an organization or a machine makes personal data of its own impossible. A name that only contains a
/// term, such as `email_sent_count`, says nothing.
pub fn sensitivity(path: &str, value: FieldValue, more: &SensitiveTerms) -> Option<(Sensitivity, String)> {
    let lists = &lexicon().sensitive;
    let mut parts: Vec<Vec<String>> = path.split('.').map(words).collect();
    let name = parts.pop()?;
    let own = |terms: &Terms| terms.at_end_of(&name);
    let question = name.first().is_some_and(|it| lists.questions.contains(it.as_str()));
    let protected = name.iter().any(|it| lists.protected.contains(it.as_str()));
    if value == FieldValue::Flag || question || protected || own(&more.harmless).is_some() {
        return None;
    }
    let secret = lists.secret.in_name(&name).map(<[_]>::to_vec).or_else(|| own(&more.secret));
    let personal = || {
        let term = lists.personal.in_name(&name).map(<[_]>::to_vec).or_else(|| own(&more.personal))?;
        let around =
            parts.iter().filter_map(|it| it.last()).chain(name.iter().take(name.len().saturating_sub(term.len())));
        let mut around = around.map(|it| it.strip_suffix('s').unwrap_or(it));
        (!around.any(|it| lists.organizations.contains(it))).then_some(term)
    };
    let (kind, term) =
        secret.map(|it| (Sensitivity::Secret, it)).or_else(|| Some((Sensitivity::Personal, personal()?)))?;
    let may_be_number = term.last().is_some_and(|it| lists.numeric.contains(it.as_str()));
    (value == FieldValue::Other || may_be_number).then(|| (kind, term.join(" ")))
}

/// The words of a name, in lower case: `customerEmail`, `customer_email` and `CUSTOMER-EMAIL` are two. Numbers at its
/// end only tell it from others.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().take(200).collect();
    for (at, &it) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|it| chars.get(it));
        let after = chars.get(at + 1);
        let is_joint = !it.is_alphanumeric();
        let starts = it.is_uppercase()
            && (before.is_some_and(|it| it.is_lowercase() || it.is_numeric())
                || before.is_some_and(|it| it.is_uppercase()) && after.is_some_and(|it| it.is_lowercase()));
        if (is_joint || starts) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if !is_joint {
            word.extend(it.to_lowercase());
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    while words.len() > 1 && words.last().is_some_and(|it| it.chars().all(char::is_numeric)) {
        words.pop();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> Option<(Sensitivity, String)> {
        sensitivity(path, FieldValue::Other, &SensitiveTerms::default())
    }

    #[test]
    fn names_end_with_what_they_hold() {
        for (path, term) in [
            ("email", "email"),
            ("customer.emailAddress", "email address"),
            ("contact_emails", "email"),
            ("PHONE-NUMBER", "phone number"),
            ("dateOfBirth", "date of birth"),
            ("order.billing_address", "billing address"),
            ("address", "address"),
            ("address_line_2", "address line"),
            ("addressLine1", "address line"),
            ("payerIBAN", "iban"),
            ("clientIP", "client ip"),
            ("ssn", "ssn"),
        ] {
            assert_eq!(of(path), Some((Sensitivity::Personal, term.to_owned())), "{path}");
        }
        for (path, term) in [
            ("password", "password"),
            ("newPassword", "password"),
            ("credentials.apiKey", "api key"),
            ("token", "token"),
            ("card.cvv", "cvv"),
            ("card_number", "card number"),
            ("oauth_access_token", "access token"),
        ] {
            assert_eq!(of(path), Some((Sensitivity::Secret, term.to_owned())), "{path}");
        }
    }

    #[test]
    fn names_that_only_contain_a_term_say_nothing() {
        for path in [
            "email_sent_count",
            "token_count",
            "address_count",
            "password_changed_at",
            "emailVerified",
            "has_email",
            "is_password_set",
            "next_page_token",
            "tokens_used",
            "total_tokens",
            "channel_address",
            "wallet_address",
            "memoryAddress",
            "email_template",
            "masked_card_number",
            "password_hash",
            "store.address",
            "warehouse.postcode",
            "support_email",
            "company.phone",
            "phone_model",
            "customer_id",
            "name",
            "product_name",
            "event_name",
            "file_name",
            "order_number",
            "account_id",
            "secretary",
            "tokenizer",
            "card_last_four",
            "card_token",
            "keyboard_key",
            "partition_key",
            "idempotency_key",
            "idempotencyKey",
            "public_key",
            "genderless",
            "passwordless",
            "subaddress",
            "",
            "...",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
    }

    #[test]
    fn types_count_too() {
        let of = |path, value| sensitivity(path, value, &SensitiveTerms::default()).is_some();
        assert!(
            !of("email", FieldValue::Flag) && !of("emails", FieldValue::Number) && !of("password", FieldValue::Number)
        );
        assert!(
            of("phone_number", FieldValue::Number)
                && of("cvv", FieldValue::Number)
                && of("birth_date", FieldValue::Number)
        );
    }

    #[test]
    fn a_workspace_has_names_of_its_own() {
        let more = SensitiveTerms {
            personal: ["loyalty number".to_owned()].into_iter().collect(),
            secret: ["voucher code".to_owned()].into_iter().collect(),
            harmless: ["press email".to_owned()].into_iter().collect(),
        };
        let of = |path| sensitivity(path, FieldValue::Other, &more).map(|it| it.0);
        assert_eq!(of("loyaltyNumber"), Some(Sensitivity::Personal));
        assert_eq!(of("gift_voucher_code"), Some(Sensitivity::Secret));
        assert_eq!((of("press_email"), of("email")), (None, Some(Sensitivity::Personal)));
    }
}
