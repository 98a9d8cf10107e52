//! Teams as documents name them: by a slug, or by words that say that it is a team.

use super::value;

/// A team as a document names it.
pub struct Team {
    /// Its name as it is written.
    pub name: String,
    /// Its words in lower case, without those that only say that it is a team; sorted.
    words: Vec<String>,
}

/// Whether two values name one team, however much they say besides: `Growth team` and `Growth (#growth-oncall)`.
pub fn name_one_team(one: &str, other: &str) -> bool {
    let words = |it: &str| -> Vec<String> {
        let plain = value::plain(it);
        let head = plain.split(['(', ';', ',', ':']).next().unwrap_or_default().to_lowercase();
        let words = head.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty() && !is_mark(it));
        words.map(str::to_owned).collect()
    };
    let (one_words, other_words) = (words(one), words(other));
    let within = |a: &[String], b: &[String]| !a.is_empty() && a.iter().all(|it| b.contains(it));
    let agree = || Team::of(one).zip(Team::of(other)).is_some_and(|(one, other)| one.agrees(&other));
    within(&one_words, &other_words) || within(&other_words, &one_words) || agree()
}

/// Whether a word only says that something is a team.
fn is_mark(word: &str) -> bool {
    matches!(word, "team" | "squad" | "tribe" | "guild" | "crew")
}

impl Team {
    /// The team at the beginning of a value. `None` for people, addresses and prose: they say who, not which team.
    pub fn of(text: &str) -> Option<Self> {
        let plain = value::plain(text);
        let head = plain.get(..end_of_name(&plain)).unwrap_or(&plain);
        let head = head.trim().trim_end_matches('.');
        // `@shop/team-orders` is how code owners are written.
        let name = head.strip_prefix('@').map_or(head, |it| it.rsplit('/').next().unwrap_or(it));
        if value::is_unknown(name) || value::is_none(name) || name.contains(['@', '<', '/', '{']) {
            return None;
        }
        let all: Vec<String> =
            name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).map(str::to_lowercase).collect();
        let is_slug = name.contains(['-', '_']) && !name.contains(' ');
        if !is_slug && !all.iter().any(|it| is_mark(it)) {
            return None;
        }
        let mut words: Vec<String> = all.into_iter().filter(|it| !is_mark(it) && it != "the" && it != "and").collect();
        words.sort_unstable();
        (1..=4).contains(&words.len()).then(|| Self { name: name.to_owned(), words })
    }

    /// What all spellings of the name have in common: `team-orders` and `Orders team` are one.
    pub fn key(&self) -> String {
        self.words.join(" ")
    }

    /// Whether both may be one team: one name has the words of the other, or its initials.
    pub fn agrees(&self, other: &Self) -> bool {
        let within = |a: &Self, b: &Self| a.words.iter().all(|it| b.words.contains(it));
        let initials = |it: &Self| {
            let mut initials: Vec<char> = it.words.iter().filter_map(|it| it.chars().next()).collect();
            initials.sort_unstable();
            initials
        };
        let short = |a: &Self, b: &Self| {
            let [only] = a.words.as_slice() else { return false };
            let mut letters: Vec<char> = only.chars().collect();
            letters.sort_unstable();
            b.words.len() > 1 && letters == initials(b)
        };
        within(self, other) || within(other, self) || short(self, other) || short(other, self)
    }
}

/// Where what stands behind a name begins: a mark that ends a clause, a bracket, a dash between blanks.
fn end_of_name(text: &str) -> usize {
    let ends = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        rest.starts_with([',', ';']) || [" (", ": ", ". ", " - ", " – ", " — "].iter().any(|it| rest.starts_with(it))
    };
    text.match_indices([',', ';', ':', '.', ' ']).map(|it| it.0).find(|at| ends(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_told_from_people_and_prose() {
        for (text, expected) in [
            ("team-orders, on call through the orders rotation", Some("team-orders")),
            ("Orders team (see the rota)", Some("Orders team")),
            ("@shop/order-desk", Some("order-desk")),
            ("`team-orders`", Some("team-orders")),
            ("Ada Lovelace", None),
            ("orders@shop.example", None),
            ("[TBD: which team?]", None),
            ("whoever wrote the service of that team most recently", None),
            ("none", None),
        ] {
            assert_eq!(Team::of(text).map(|it| it.name).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn one_team_has_several_spellings() {
        let agree = |a: &str, b: &str| Team::of(a).unwrap().agrees(&Team::of(b).unwrap());
        assert!(agree("team-orders", "Orders team"));
        assert!(agree("team-orders", "orders-platform"));
        assert!(agree("order-management-systems", "team-oms"));
        assert!(!agree("team-orders", "team-payments"));
        assert!(name_one_team("Growth team (#growth)", "Growth (#growth-oncall); dunning: Payments"));
        assert!(!name_one_team("Growth", "Payments") && !name_one_team("team", "Growth"));
    }
}
