//! Small pairs of schemas: what each registry makes of them, and what people are told.

mod confluent;
mod hostile;
mod others;
mod references;

use crate::{
    Language,
    compatibility::{Change, Mode, Profile, compare},
};

const DRAFT_2020: &str = r#""$schema": "https://json-schema.org/draft/2020-12/schema""#;

fn compared(old: &str, new: &str, mode: Mode, profile: Profile) -> Vec<Change> {
    let found = compare(&[old], new, Language::JsonSchema, mode, profile).unwrap();
    for it in &found {
        assert!(it.advice.is_some() && it.message.ends_with('.') && it.breaks.is_empty() == it.is_open, "{it:?}");
        assert_eq!((it.old.unwrap().version, it.new.unwrap().version), (0, 1));
    }
    found
}

/// Kind and path of each change, with what it stands on in the new schema.
fn changes(old: &str, new: &str, mode: Mode, profile: Profile) -> Vec<String> {
    let show = |it: Change| format!("{} {} `{}`", it.kind, it.path, it.new.unwrap().span.of(new));
    compared(old, new, mode, profile).into_iter().map(show).collect()
}

/// The kinds only, with the strict policy of Confluent.
fn kinds(old: &str, new: &str) -> Vec<&'static str> {
    compared(old, new, Mode::Backward, Profile::Confluent).into_iter().map(|it| it.kind).collect()
}

fn fits(old: &str, new: &str, profile: Profile) -> bool {
    compared(old, new, Mode::Backward, profile).is_empty()
}

/// What people read about the changes of both directions.
fn told(old: &str, new: &str, profile: Profile) -> String {
    let show = |it: Change| {
        let sides: Vec<_> = it.breaks.iter().map(|it| it.name()).collect();
        let places = (it.old.unwrap().span.of(old), it.new.unwrap().span.of(new));
        format!(
            "{} {} breaks {}\n  old `{}`, new `{}`\n  {}\n  {}\n",
            it.kind,
            it.path,
            sides.join(" and "),
            places.0,
            places.1,
            it.message,
            it.advice.unwrap()
        )
    };
    compared(old, new, Mode::Full, profile).into_iter().map(show).collect()
}
