//! Services as documents name them, one or several in a value: `basket (team-basket), search and billing`.

use super::value;

/// Longer names of services are sentences.
pub(crate) const MOST_WORDS: usize = 3;

/// The names of services in a value: `basket` and `search` of `basket (team-basket), search`. What is told of them
/// behind `which` names none.
pub fn parties(text: &str) -> Vec<String> {
    let mut bare = String::new();
    let mut depth = 0_usize;
    for it in value::plain(text).chars() {
        match it {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(it),
            _ => {}
        }
    }
    let clause = |text: &str, opening: &str| text.find(opening).unwrap_or(text.len());
    let end = [", which ", " which ", ", who ", ", each of ", ", all of ", ", both of "];
    bare.truncate(end.iter().map(|it| clause(&bare, it)).min().unwrap_or(bare.len()));
    let names = bare.replace(" and ", ",").replace(" & ", ",");
    names.split([',', ';']).map(|it| it.trim().trim_end_matches('.').to_owned()).filter(|it| !it.is_empty()).collect()
}

/// Whether a name is short enough to be one.
pub fn is_name(party: &str) -> bool {
    !party.is_empty() && party.split_whitespace().count() <= MOST_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_told_from_their_teams() {
        assert_eq!(parties("basket (team-basket), `search` and billing."), ["basket", "search", "billing"]);
        assert_eq!(parties("pricing (team-pricing)"), ["pricing"]);
        assert_eq!(parties("portal (team-portal), which is the only group"), ["portal"]);
        assert_eq!(parties("(none)"), [""; 0]);
    }
}
