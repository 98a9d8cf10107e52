//! The forms of English words: `retry*` in a list of words stands for retries, retried and retrying too.

use std::collections::BTreeMap;

/// The past forms of the verbs that do not build them by the rules.
pub(crate) struct Verbs(BTreeMap<String, Vec<String>>);

impl Verbs {
    pub(crate) fn new(irregular: BTreeMap<String, Vec<String>>) -> Self {
        Self(irregular)
    }

    /// All forms of what a list says: each word with a `*` behind it in each of its forms, the others as written. What
    /// begins with `re-` is written in one word as well, and `-ise` with a z.
    pub(crate) fn forms(&self, written: &str) -> Vec<String> {
        let mut phrases = vec![String::new()];
        for word in written.split_inclusive(' ') {
            let (word, blank) = word.strip_suffix(' ').map_or((word, ""), |it| (it, " "));
            let words = word.strip_suffix('*').map_or_else(|| vec![word.to_owned()], |it| self.of_word(it));
            let longer = phrases.iter().flat_map(|it| words.iter().map(move |word| format!("{it}{word}{blank}")));
            phrases = longer.collect();
        }
        phrases
    }

    /// The forms of one word as a verb: those of a noun are among them.
    fn of_word(&self, word: &str) -> Vec<String> {
        let mut all: Vec<String> = vec![word.to_owned()];
        if let Some(joined) = word.strip_prefix("re-") {
            all.push(format!("re{joined}"));
        }
        let other: Vec<String> = all
            .iter()
            .filter_map(|it| {
                it.strip_suffix("ise")
                    .map(|it| format!("{it}ize"))
                    .or_else(|| it.strip_suffix("ize").map(|it| format!("{it}ise")))
            })
            .collect();
        all.extend(other);
        let mut found = Vec::new();
        for it in all {
            found.extend([third(&it), progressive(&it, false)]);
            let (prefix, base) = self.irregular_base(&it);
            match self.0.get(base) {
                Some(pasts) => found.extend(pasts.iter().map(|it| format!("{prefix}{it}"))),
                None => found.push(past(&it, false)),
            }
            if doubles(&it) {
                found.extend([past(&it, true), progressive(&it, true)]);
            }
            found.push(it);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The part of a word that the list of irregular words has, without what stands before it: `send` of `resend`.
    fn irregular_base<'a>(&self, word: &'a str) -> (&'a str, &'a str) {
        let base = word.strip_prefix("re-").or_else(|| word.strip_prefix("re"));
        match base {
            Some(base) if self.0.contains_key(base) && !self.0.contains_key(word) => {
                word.split_at(word.len() - base.len())
            }
            _ => ("", word),
        }
    }
}

fn is_vowel(letter: char) -> bool {
    "aeiou".contains(letter)
}

/// Whether a word ends in a consonant and y, which becomes an i.
fn has_soft_y(word: &str) -> bool {
    word.strip_suffix('y').is_some_and(|it| it.ends_with(|it: char| !is_vowel(it)))
}

/// Whether the last consonant may be doubled: it stands alone behind a single vowel.
fn doubles(word: &str) -> bool {
    let mut last = word.chars().rev();
    let (Some(end), Some(vowel), before) = (last.next(), last.next(), last.next()) else { return false };
    end.is_alphabetic()
        && !is_vowel(end)
        && !"wxy".contains(end)
        && is_vowel(vowel)
        && before.is_some_and(|it| !is_vowel(it))
}

fn third(word: &str) -> String {
    if has_soft_y(word) {
        format!("{}ies", word.strip_suffix('y').unwrap_or(word))
    } else if ["s", "x", "z", "ch", "sh", "o"].iter().any(|it| word.ends_with(it)) {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}

fn past(word: &str, doubled: bool) -> String {
    if has_soft_y(word) {
        format!("{}ied", word.strip_suffix('y').unwrap_or(word))
    } else if word.ends_with('e') {
        format!("{word}d")
    } else {
        format!("{word}{}ed", last_if(word, doubled))
    }
}

fn progressive(word: &str, doubled: bool) -> String {
    match word.strip_suffix('e').filter(|it| !it.ends_with(['e', 'o', 'i'])) {
        Some(stem) => format!("{stem}ing"),
        None => format!("{word}{}ing", last_if(word, doubled)),
    }
}

fn last_if(word: &str, doubled: bool) -> &str {
    let at = word.char_indices().last().map_or(0, |it| it.0);
    if doubled { word.get(at..).unwrap_or_default() } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_their_forms() {
        let irregular =
            [("write", "wrote written"), ("send", "sent"), ("put", "put"), ("go", "went gone"), ("keep", "kept")];
        let pasts = |it: &str| it.split(' ').map(str::to_owned).collect();
        let verbs = Verbs::new(irregular.into_iter().map(|it| (it.0.to_owned(), pasts(it.1))).collect());
        let verbs = |written: &str| verbs.forms(written);
        for (written, expected) in [
            ("retry*", "retried retries retry retrying"),
            ("push*", "push pushed pushes pushing"),
            ("write*", "write writes writing written wrote"),
            (
                "pseudonymise*",
                "pseudonymise pseudonymised pseudonymises pseudonymising pseudonymize pseudonymized \
                pseudonymizes pseudonymizing",
            ),
            ("once", "once"),
            ("agree*", "agree agreed agreeing agrees"),
        ] {
            let mut forms: Vec<String> = verbs(written);
            forms.sort_unstable();
            assert_eq!(forms.join(" "), expected);
        }
        let has = |written: &str, form: &str| verbs(written).iter().any(|it| it == form);
        assert!(has("drop*", "dropped") && has("commit*", "committing") && has("cancel*", "cancelled"));
        assert!(has("cancel*", "canceled") && has("re-send*", "resent") && has("re-send*", "re-sent"));
        assert!(has("put* it back", "putting it back") && has("go* back", "went back"));
        assert!(!has("keep*", "keeped") && has("keep* trying", "kept trying"));
    }
}
