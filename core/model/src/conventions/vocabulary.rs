//! The vocabulary: which role a title, a field's name or a column's title has, whatever the document calls it.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use smallvec::SmallVec;

use crate::{
    Kind,
    conventions::{
        dialect::{Dialect, DialectId, Dialects},
        profile::{Name, Profile, SectionTemplate},
        role::{Role, State},
    },
};

/// The names of a profile, with what the workspace adds to them, by what they mean.
///
/// A look-up hashes the name once, folded as it is read: case, spaces, punctuation and marks do not count, so that
/// `TL;DR`, `tldr` and `**TL;DR**` are one name. Nothing is allocated for names in ASCII.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    words: HashTable<Word>,
    /// How many bytes the longest folded name has.
    longest: usize,
    concerns: Vec<Role>,
    /// Each with the letters that its names begin with, as bits.
    states: Vec<(State, Name, u64)>,
}

/// A name as it is looked up, and what it means.
#[derive(Clone, Debug)]
struct Word {
    folded: Box<str>,
    meanings: SmallVec<[Meaning; 2]>,
    signs: SmallVec<[Sign; 2]>,
}

/// What a heading is a sign of: one of a group of titles in a form of a dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sign {
    dialect: u16,
    form: u16,
    group: u16,
}

impl Sign {
    /// The sign of a group of titles.
    pub fn of(dialect: DialectId, form: usize, group: usize) -> Option<Self> {
        Some(Self { dialect: dialect.0, form: u16::try_from(form).ok()?, group: u16::try_from(group).ok()? })
    }
}

/// What a name means in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Where it means that.
    place: Place,
    /// What it means.
    pub role: Role,
    /// Whether it is the profile's own name for it.
    pub called: Called,
}

/// Where a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the heading of a section of any artifact.
    Heading,
    /// In the heading of a section of one kind of artifact.
    HeadingOf(Kind),
    /// In the heading of a section of one dialect.
    HeadingIn(DialectId),
    /// Before a value.
    Field,
    /// Above a column of a table of one kind of artifact.
    ColumnOf(Kind),
}

/// By which of its names something is called. The canonical name of one thing wins over an alias of it elsewhere in the
/// document: two names that may mean one thing may as well mean two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Called {
    /// By the name that the profile writes.
    Canonically,
    /// By another name.
    ByAlias,
}

impl Vocabulary {
    /// The names of a profile and of dialects.
    pub fn new(profile: &Profile, dialects: &Dialects) -> Self {
        let mut vocabulary = Self {
            words: HashTable::new(),
            longest: 0,
            concerns: profile.concerns.iter().map(|it| it.role).collect(),
            states: profile.states.iter().map(|(state, name)| (*state, name.clone(), 0)).collect(),
        };
        for (role, name) in &profile.fields {
            vocabulary.add(Place::Field, *role, &name.name, &name.aliases);
        }
        for (role, name) in &profile.sections {
            vocabulary.add(Place::Heading, *role, &name.name, &name.aliases);
        }
        for (kind, template) in &profile.templates {
            for section in &template.sections {
                vocabulary.add_section(*kind, section);
            }
        }
        vocabulary.add_section(Kind::Catalog, &profile.catalog.features);
        for (id, dialect) in dialects.iter() {
            vocabulary.add_dialect(id, dialect);
        }
        for (_, name, initials) in &mut vocabulary.states {
            *initials = name.names().filter_map(initial).fold(0, |bits, it| bits | 1 << (it & 63));
        }
        vocabulary
    }

    fn add_dialect(&mut self, id: DialectId, dialect: &Dialect) {
        for (role, names) in &dialect.sections {
            self.add_names(Place::HeadingIn(id), *role, Called::ByAlias, names);
        }
        for (role, names) in &dialect.fields {
            self.add_names(Place::Field, *role, Called::ByAlias, names);
        }
        for (state, words) in &dialect.states {
            match self.states.iter_mut().find(|it| it.0 == *state) {
                Some((_, name, _)) => name.aliases.extend(words.iter().cloned()),
                None => self.states.push((*state, Name { name: String::new(), aliases: words.clone() }, 0)),
            }
        }
        for (form, at) in dialect.forms.iter().zip(0..) {
            for (group, titles) in form.headings.iter().enumerate() {
                let Some(sign) = Sign::of(id, at, group) else { continue };
                for title in titles {
                    let word = self.word_mut(title);
                    if !word.signs.contains(&sign) {
                        word.signs.push(sign);
                    }
                }
            }
        }
    }

    fn add_section(&mut self, kind: Kind, section: &SectionTemplate) {
        self.add(Place::HeadingOf(kind), section.role, &section.name, &section.aliases);
        for column in &section.columns {
            self.add(Place::ColumnOf(kind), column.role, &column.name, &column.aliases);
        }
    }

    fn add(&mut self, place: Place, role: Role, name: &str, aliases: &[String]) {
        self.add_names(place, role, Called::Canonically, &[name]);
        self.add_names(place, role, Called::ByAlias, aliases);
    }

    fn add_names(&mut self, place: Place, role: Role, called: Called, names: &[impl AsRef<str>]) {
        for name in names {
            let word = self.word_mut(name.as_ref());
            if !word.meanings.iter().any(|it| it.place == place && it.role == role) {
                word.meanings.push(Meaning { place, role, called });
            }
        }
    }

    /// The word for a name, which is new if nobody used it yet.
    fn word_mut(&mut self, name: &str) -> &mut Word {
        let folded: String = folded(name).collect();
        self.longest = self.longest.max(folded.len());
        let hash = hash(folded.as_bytes());
        let entry = self.words.entry(hash, |it| *it.folded == folded, |it| self::hash(it.folded.as_bytes()));
        let make = || Word { folded: folded.clone().into(), meanings: SmallVec::new(), signs: SmallVec::new() };
        entry.or_insert_with(make).into_mut()
    }

    /// All that a name may mean, in whatever place.
    pub fn meanings(&self, name: &str) -> &[Meaning] {
        self.word(name).map_or(&[], |it| &it.meanings)
    }

    fn word(&self, name: &str) -> Option<&Word> {
        let find = |folded: &[u8]| self.words.find(hash(folded), |it| it.folded.as_bytes() == folded);
        with_folded(name, self.longest, find).flatten()
    }

    /// All that the heading of a section may mean. A number before it (`3.1 Context`), a colon behind it and a remark
    /// in parentheses at its end do not count.
    pub fn heading(&self, title: &str) -> &[Meaning] {
        let is_heading = |it: &Word| it.meanings.iter().any(|it| it.is_heading());
        self.heading_word(title, is_heading).map_or(&[], |it| &it.meanings)
    }

    /// What the heading of a section is a sign of.
    pub fn signs(&self, title: &str) -> &[Sign] {
        self.heading_word(title, |it| !it.signs.is_empty()).map_or(&[], |it| &it.signs)
    }

    /// The word that a heading is, without what does not count: the first that is wanted, else what is left at last.
    fn heading_word(&self, title: &str, is_wanted: impl Fn(&Word) -> bool) -> Option<&Word> {
        let (mut name, mut unnumbered) = (title.trim(), false);
        loop {
            let word = self.word(name);
            if word.is_some_and(&is_wanted) {
                return word;
            }
            match (without_number(name).filter(|_| !unnumbered), without_remark(name)) {
                (Some(rest), _) => (name, unnumbered) = (rest, true),
                (None, Some(rest)) => name = rest,
                (None, None) => return word,
            }
        }
    }

    /// The section that a heading opens in a kind of document.
    pub fn section(&self, kind: Kind, title: &str) -> Option<Meaning> {
        in_kind(self.heading(title), kind)
    }

    /// Whether a field's name is one of a role's, and by which.
    pub fn field(&self, name: &str, role: Role) -> Option<Called> {
        as_field(self.meanings(name), role)
    }

    /// Whether the title of a column is one of a role's, and by which. A table of a kind may call a field otherwise
    /// than the rest of the documents do.
    pub fn column(&self, kind: Kind, title: &str, role: Role) -> Option<Called> {
        let meanings = self.meanings(title);
        let here = meanings.iter().find(|it| it.place == Place::ColumnOf(kind) && it.role == role);
        here.map(|it| it.called).or_else(|| as_field(meanings, role))
    }

    /// Whether a role is that of a system concern.
    pub fn is_concern(&self, role: Role) -> bool {
        self.concerns.contains(&role)
    }

    /// The state that a status begins with: `Superseded by ADR-0002` says that it is superseded.
    pub fn state(&self, status: &str) -> Option<State> {
        let status = status.trim_start_matches(|it: char| !it.is_alphanumeric());
        // Nearly all names begin otherwise.
        let first = initial(status);
        let begins = |it: &&(State, Name, u64)| first.is_none_or(|byte| it.2 >> (byte & 63) & 1 != 0);
        let said = self.states.iter().filter(begins).filter_map(|(state, name, _)| {
            let names = name.names().filter(|it| initial(it) == first && starts_with_words(status, it));
            Some((names.map(str::len).max()?, *state))
        });
        said.max().map(|it| it.1)
    }
}

impl Meaning {
    fn is_heading(self) -> bool {
        matches!(self.place, Place::Heading | Place::HeadingOf(_) | Place::HeadingIn(_))
    }
}

/// What a heading means in a kind of document: what its template says of it first, canonical names before aliases.
pub fn in_kind(meanings: &[Meaning], kind: Kind) -> Option<Meaning> {
    let of_kind = meanings.iter().filter(|it| it.place == Place::HeadingOf(kind));
    let of_all = || meanings.iter().filter(|it| it.place == Place::Heading);
    of_kind.min_by_key(|it| it.called).or_else(|| of_all().min_by_key(|it| it.called)).copied()
}

/// What a heading means in a document of a kind that is written in a dialect: what the dialect says comes first.
pub fn in_dialect(meanings: &[Meaning], kind: Kind, dialect: Option<DialectId>) -> Option<Meaning> {
    let of_dialect = |id| meanings.iter().find(|it| it.place == Place::HeadingIn(id)).copied();
    dialect.and_then(of_dialect).or_else(|| in_kind(meanings, kind))
}

/// Whether a name is that of a field with the role, and which of its names.
pub fn as_field(meanings: &[Meaning], role: Role) -> Option<Called> {
    meanings.iter().find(|it| it.place == Place::Field && it.role == role).map(|it| it.called)
}

/// Whether the first words of a text are `words`, ignoring case and whether a hyphen joins them.
pub fn starts_with_words(text: &str, words: &str) -> bool {
    let is_joint = |it: char| matches!(it, ' ' | '-');
    let same = |a: char, b: char| a.eq_ignore_ascii_case(&b) || is_joint(a) && is_joint(b);
    let mut rest = text.chars();
    words.chars().all(|it| rest.next().is_some_and(|other| same(other, it)))
        && rest.next().is_none_or(|it| !it.is_alphanumeric())
}

/// The byte that a text begins with, in lower case.
fn initial(text: &str) -> Option<u8> {
    text.bytes().next().map(|it| it.to_ascii_lowercase())
}

/// A name without what does not count: letters and digits, in lower case.
pub fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// How long a name is at most that is folded without allocating, in bytes. Few headings are longer.
const USUAL_LENGTH: usize = 96;

/// What each byte counts as in a name: a letter in lower case, a digit, or nothing.
// The index is below the length.
#[allow(clippy::indexing_slicing)]
const FOLDED: [u8; 128] = {
    let mut folded = [0; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            folded[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    folded
};

/// Calls `look` with the bytes of the folded name, unless it has more than `longest`. Nearly all names are ASCII and
/// short, and are folded byte by byte.
fn with_folded<T>(name: &str, longest: usize, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
    if !name.is_ascii() || longest >= USUAL_LENGTH {
        return Some(look(folded(name).collect::<String>().as_bytes()));
    }
    let mut buffer = [0; USUAL_LENGTH];
    let mut length = 0;
    for byte in name.bytes() {
        let folded = FOLDED.get(usize::from(byte)).copied().unwrap_or_default();
        if folded == 0 {
            continue;
        }
        // What is longer than all that is known is not read to its end: sentences stand in cells, too.
        if length == longest {
            return None;
        }
        *buffer.get_mut(length)? = folded;
        length += 1;
    }
    buffer.get(..length).map(look)
}

fn hash(folded: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(folded);
    hasher.finish()
}

/// A title without `1.`, `1.2`, `1)`, `IV.` or `Step 1:` before it.
fn without_number(title: &str) -> Option<&str> {
    let step = title.get(..5).filter(|it| it.eq_ignore_ascii_case("step ")).and_then(|_| title.get(5..));
    if let Some((number, rest)) = step.and_then(|it| it.split_once([':', '.', ')'])) {
        let is_number = !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit());
        return is_number.then(|| rest.trim_start()).filter(|it| !it.is_empty());
    }
    if !title.starts_with(|it: char| it.is_ascii_digit() || "IVXLC".contains(it)) {
        return None;
    }
    let (number, rest) = title.split_once(char::is_whitespace)?;
    let core = number.strip_suffix(['.', ')', ':']).unwrap_or(number);
    let is_decimal = core.split('.').all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    // A Roman number needs its mark: "I" alone is a word.
    let is_roman = core.len() < number.len() && !core.is_empty() && core.bytes().all(|it| b"IVXLC".contains(&it));
    (is_decimal || is_roman).then(|| rest.trim_start())
}

/// A title without the parentheses or brackets at its end.
fn without_remark(title: &str) -> Option<&str> {
    let title = title.trim_end_matches([':', ' ']);
    let in_brackets = |close: char, open: char| title.strip_suffix(close)?.rsplit_once(open);
    let (name, _) = in_brackets(')', '(').or_else(|| in_brackets(']', '['))?;
    Some(name.trim_end()).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let (dialects, _) = Dialects::new(crate::conventions::dialect::known().to_vec());
        Vocabulary::new(Profile::default_profile(), &dialects)
    }

    #[test]
    fn a_title_has_a_role_however_it_is_written() {
        let vocabulary = vocabulary();
        for title in [
            "Boundary contracts",
            "BOUNDARY CONTRACTS:",
            "3. Boundary contracts",
            "3.1 boundary-contracts",
            "IV. Boundary Contracts",
            "Boundary contracts (conceptual)",
            "2) Boundary contracts (not code):",
            "Boundary contracts [conceptual]",
            "Step 2: boundary contracts",
        ] {
            let meaning = vocabulary.section(Kind::Design, title).map(|it| (it.role, it.called));
            assert_eq!(meaning, Some((Role::BoundaryContracts, Called::Canonically)), "{title}");
        }
        let alias = vocabulary.section(Kind::Design, "Channels").map(|it| (it.role, it.called));
        assert_eq!(alias, Some((Role::BoundaryContracts, Called::ByAlias)));
        assert_eq!(vocabulary.section(Kind::Design, "I boundary contracts"), None);
        assert_eq!(vocabulary.section(Kind::Design, "()"), None);
    }

    #[test]
    fn names_are_folded_alike_whatever_they_are_written_in() {
        for name in ["TL;DR", "**Ordering key**", "", "Größe (Byte)", "ÉTAT", &"x-1 ".repeat(40)] {
            let slow: String = folded(name).collect();
            assert_eq!(with_folded(name, USUAL_LENGTH - 1, |it| it == slow.as_bytes()), Some(true), "{name}");
        }
        assert_eq!(with_folded("Status", 6, <[u8]>::len), Some(6));
        assert_eq!(with_folded("Status quo", 6, <[u8]>::len), None);
    }

    #[test]
    fn one_title_means_different_things_in_different_kinds() {
        let vocabulary = vocabulary();
        let role = |kind| vocabulary.section(kind, "Context").map(|it| it.role);
        assert_eq!((role(Kind::Adr), role(Kind::Rfc)), (Some(Role::Context), Some(Role::Problem)));
        assert_eq!(role(Kind::Contract), None);
    }

    #[test]
    fn a_field_may_have_several_roles_and_one_name_of_its_own() {
        let vocabulary = vocabulary();
        assert_eq!(vocabulary.field("Owner", Role::Owner), Some(Called::Canonically));
        assert_eq!(vocabulary.field("owner", Role::OwnerTeam), Some(Called::ByAlias));
        assert_eq!(vocabulary.field("dead-letter queue", Role::Dlq), Some(Called::ByAlias));
        assert_eq!(vocabulary.field("Owner", Role::Dlq), None);
        assert_eq!(vocabulary.field("", Role::Dlq), None);
    }

    #[test]
    fn a_column_may_be_called_as_no_field_is() {
        let vocabulary = vocabulary();
        assert!(vocabulary.column(Kind::Design, "Topic", Role::Channel).is_some());
        assert!(vocabulary.field("Topic", Role::Channel).is_none());
        assert!(vocabulary.column(Kind::Design, "Partition key", Role::OrderingKey).is_some());
        assert_eq!(vocabulary.column(Kind::Catalog, "Owner", Role::OwnerTeam), Some(Called::Canonically));
    }

    #[test]
    fn the_first_words_of_a_status_say_the_state() {
        let vocabulary = vocabulary();
        for (status, state) in [
            ("Accepted on 2026-01-01", Some(State::Accepted)),
            ("**Superseded** by [ADR-2](2.md)", Some(State::Superseded)),
            ("superseded", Some(State::Superseded)),
            ("GO with risks", Some(State::GoWithRisks)),
            ("No go", Some(State::NoGo)),
            ("GO", Some(State::Go)),
            ("Goes on", None),
            ("Retirement", None),
            ("", None),
        ] {
            assert_eq!(vocabulary.state(status), state, "{status}");
        }
    }

    #[test]
    fn no_title_means_two_sections_of_one_kind() {
        for word in &vocabulary().words {
            for kind in Kind::ALL {
                let roles: Vec<_> = word.meanings.iter().filter(|it| it.place == Place::HeadingOf(kind)).collect();
                assert!(roles.len() < 2, "{}: {roles:?}", word.folded);
            }
        }
    }

    #[test]
    fn every_role_that_the_templates_name_has_a_name() {
        let profile = Profile::default_profile();
        for (kind, template) in &profile.templates {
            for section in &template.sections {
                assert!(!section.name.is_empty(), "{kind} {:?}", section.role);
                for role in &section.fields {
                    assert!(!profile.name(*role).is_empty(), "{kind} {role:?}");
                }
                for column in &section.columns {
                    assert!(!column.name.is_empty(), "{kind} {:?}", column.role);
                }
            }
        }
    }
}
