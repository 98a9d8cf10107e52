//! Which name was meant by one that is not there, and how far two names are apart.

/// Longer names are no slips of the finger, and comparing them takes the square of their length.
const MAX_LENGTH: usize = 256;

/// No character has more than four bytes, so that the characters of long names need not be counted.
const MAX_BYTES: usize = 4 * MAX_LENGTH;

/// How many bytes of names one search reads and how many pairs of characters it compares, both together: those of a
/// thousand names of 64 characters.
const MAX_WORK: usize = 64 * 64 * 1_000;

/// How many letters of a name may differ from the one that was meant: one in three, three at most.
fn most_slips(length: usize) -> usize {
    (length / 3).min(3)
}

/// The candidate that was probably meant by `given`, for "did you mean".
///
/// Names are compared by the edit distance of their letters and digits; case and separators decide between
/// candidates that are as near as each other. One letter in three may differ, three at most. `None` when two candidates
/// are as near: a wrong guess is worse than none. The work is bounded: of very many candidates only the first are
/// compared.
pub fn nearest<'c>(given: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    search(given, candidates, &mut { MAX_WORK })
}

/// Searches for names that were meant, of which all together do so much work and no more: with as many wrong names as
/// there are right ones, [`nearest`] for each would take the square of the document. What is asked for later is not
/// looked for; the mistake is told without a guess.
#[derive(Clone, Debug)]
pub struct Guesses {
    left: usize,
}

impl Default for Guesses {
    fn default() -> Self {
        Self { left: 8 * MAX_WORK }
    }
}

impl Guesses {
    /// As [`nearest`], unless the searches before have done all the work.
    pub fn nearest<'c>(&mut self, given: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
        if self.left == 0 {
            return None;
        }
        let mut left = MAX_WORK;
        let found = search(given, candidates, &mut left);
        self.left = self.left.saturating_sub(MAX_WORK - left);
        found
    }
}

/// See [`nearest`]; `left` is how much work may be done.
fn search<'c>(given: &str, candidates: impl IntoIterator<Item = &'c str>, left: &mut usize) -> Option<&'c str> {
    if given.len() > MAX_BYTES {
        return None;
    }
    let wanted = folded(given);
    let length = wanted.chars().count();
    if length == 0 || length > MAX_LENGTH {
        return None;
    }
    let letters = letters(&wanted);
    let (mut least, mut best): (usize, Vec<&str>) = (most_slips(length), Vec::new());
    for candidate in candidates {
        *left = left.saturating_sub(1);
        // Folding may shorten a name to the length that is wanted, but it makes none longer than its bytes are.
        if candidate.len() + least < length || candidate.len() > MAX_BYTES {
            continue;
        }
        *left = left.saturating_sub(candidate.len());
        if *left == 0 {
            break;
        }
        let folded = folded(candidate);
        let other = folded.chars().count();
        if other.abs_diff(length) > least {
            continue;
        }
        *left = left.saturating_sub(if folded == wanted { 0 } else { length * other });
        if letters_apart(letters, self::letters(&folded)) > least {
            continue;
        }
        let Some(distance) = edit_distance(&wanted, &folded, least) else { continue };
        if distance < least {
            best.clear();
        }
        least = distance;
        best.push(candidate);
    }
    match best.as_slice() {
        [first, rest @ ..] if rest.iter().all(|it| it == first) => Some(first),
        several => nearest_as_written(given, several),
    }
}

/// Which of the candidates with the same letters wrong is nearest as it is written; `None` when two are.
fn nearest_as_written<'c>(given: &str, candidates: &[&'c str]) -> Option<&'c str> {
    /// More that are as near as each other do not come down to one.
    const MAX_TIES: usize = 16;
    if candidates.len() > MAX_TIES {
        return None;
    }
    let apart = |one: &str, other: &str| edit_distance(one, other, usize::MAX).unwrap_or(usize::MAX);
    let lower = given.to_lowercase();
    let distance = |it: &str| (apart(&lower, &it.to_lowercase()), apart(given, it));
    let least = candidates.iter().map(|it| distance(it)).min()?;
    let mut near = candidates.iter().copied().filter(|it| distance(it) == least);
    near.next().filter(|first| near.all(|it| it == *first))
}

/// Whether one of two words is a slip for the other: one letter in four differs, two at most. Most words are near to
/// some other (`created` and `updated` are three letters apart), so that this asks for more than [`nearest`] does of
/// names that somebody made up.
pub fn is_slip(one: &str, other: &str) -> bool {
    if one.len().max(other.len()) > MAX_BYTES {
        return false;
    }
    let (one, other) = (folded(one), folded(other));
    let length = one.chars().count().min(other.chars().count());
    edit_distance(&one, &other, (length / 4).min(2)).is_some()
}

/// Which letters a name has, as bits; several have the same one.
fn letters(name: &str) -> u64 {
    name.chars().fold(0, |letters, it| letters | 1 << (u32::from(it) & 63))
}

/// How many letters are in one name and not in the other, at least: so many must be changed, added or left out.
fn letters_apart(one: u64, other: u64) -> usize {
    (one & !other).count_ones().max((other & !one).count_ones()) as usize
}

/// A name as people confuse it: without case and separators.
fn folded(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many characters are to be changed, added, left out or swapped to make one name of the other (Damerau and
/// Levenshtein), if it is no more than `most`. Names of more than 256 characters are near to nothing but themselves.
pub(crate) fn edit_distance(one: &str, other: &str, most: usize) -> Option<usize> {
    if one == other {
        return Some(0);
    }
    if one.len().max(other.len()) > MAX_BYTES {
        return None;
    }
    let lengths = [one, other].map(|it| it.chars().count());
    let is_far = lengths.iter().any(|it| *it > MAX_LENGTH) || lengths[0].abs_diff(lengths[1]) > most;
    (!is_far).then(|| strsim::damerau_levenshtein(one, other)).filter(|it| *it <= most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slips_are_recognised() {
        let names = ["order_id", "customerId", "placed.at", "tags", "url"];
        for (given, meant) in [
            ("order_id", Some("order_id")),
            ("orderId", Some("order_id")),
            ("oder-id", Some("order_id")),
            ("odrerid", Some("order_id")),
            ("customer_ID", Some("customerId")),
            ("costumrId", Some("customerId")),
            ("placedAt", Some("placed.at")),
            ("tag", Some("tags")),
            ("ulr", Some("url")),
            ("id", None),
            ("urn!", Some("url")),
            ("warehouse", None),
            ("", None),
            ("._-", None),
        ] {
            assert_eq!(nearest(given, names), meant, "{given}");
        }
    }

    #[test]
    fn one_letter_in_three_may_differ_and_no_more_than_three() {
        for (given, candidate, is_near) in [
            ("ab", "A-B", true),
            ("ab", "ac", false),
            ("abc", "abx", true),
            ("abcde", "abcxy", false),
            ("abcdef", "abcdxy", true),
            ("abcdefghi", "abcdefxyz", true),
            ("abcdefghijkl", "abcdefghwxyz", false),
        ] {
            assert_eq!(nearest(given, [candidate]).is_some(), is_near, "{given} {candidate}");
        }
    }

    #[test]
    fn words_are_nearer_to_each_other_than_names() {
        for (one, other, is_near) in [
            ("Fencing", "fencing", true),
            ("finding", "fencing", false),
            ("opened", "open", false),
            ("orders.created", "orders.updated", false),
            ("patern", "pattern", true),
            ("Dead leter chanel", "Dead-Letter Channel", true),
            ("DLX", "DLQ", false),
            ("", "", true),
        ] {
            assert_eq!(is_slip(one, other), is_near, "{one} {other}");
        }
    }

    #[test]
    fn a_wrong_guess_is_worse_than_none() {
        assert_eq!(nearest("orders-3", ["orders-1", "orders-2"]), None);
        assert_eq!(nearest("orders-1", ["orders-1", "orders-2"]), Some("orders-1"));
        assert_eq!(nearest("odrers", ["orders", "orders", "stock"]), Some("orders"), "the same twice is one");
    }

    #[test]
    fn case_and_separators_decide_between_equals() {
        assert_eq!(nearest("orderid", ["order_id", "orderId"]), Some("orderId"));
        assert_eq!(nearest("OrderID", ["orderId", "OrderId"]), Some("OrderId"));
        assert_eq!(nearest("orders_placed", ["orders.placed", "orders/placed"]), None);
    }

    #[test]
    fn many_and_long_names_take_no_time() {
        let long = "ab".repeat(200_000);
        assert_eq!(nearest(&long, [long.as_str()]), None);
        assert_eq!(nearest("orders", [long.as_str(), "order"]), Some("order"));
        let like: Vec<String> = (0..100_000).map(|it| format!("{it:0>200}")).collect();
        assert_eq!(nearest(&"x".repeat(200), like.iter().map(String::as_str)), None);
    }

    /// Counts how many names are looked at when as many wrong ones are looked up as there are right ones.
    fn looks(names: usize) -> usize {
        let all: Vec<String> = (0..names).map(|it| format!("name{it}")).collect();
        let (mut guesses, mut looks) = (Guesses::default(), 0);
        for at in 0..names {
            guesses.nearest(&format!("nmae{at}"), all.iter().map(String::as_str).inspect(|_| looks += 1));
        }
        looks
    }

    #[test]
    fn many_searches_take_no_more_time_than_a_few() {
        assert_eq!(looks(100), 100 * 100, "a document as people write it gets all guesses");
        let (many, twice) = (looks(10_000), looks(20_000));
        assert!(twice <= many * 2, "{many} {twice}");
    }

    proptest! {
        #[test]
        fn what_is_found_is_a_candidate_and_the_order_does_not_matter(
            given in "[a-cA_é]{0,6}", mut names in prop::collection::vec("[a-cA_é]{0,6}", 0..6)
        ) {
            let found = nearest(&given, names.iter().map(String::as_str)).map(str::to_owned);
            prop_assert!(found.as_ref().is_none_or(|it| names.contains(it)));
            names.reverse();
            prop_assert_eq!(found.as_deref(), nearest(&given, names.iter().map(String::as_str)));
        }

        #[test]
        fn a_name_means_itself(
            name in "[a-z_.]{0,4}[a-z][a-z_.]{0,4}",
            others in prop::collection::vec("[a-z_.]{0,9}", 0..6),
        ) {
            prop_assert_eq!(nearest(&name, others.iter().map(String::as_str).chain([name.as_str()])), Some(&*name));
        }
    }

    #[test]
    fn names_are_apart_by_what_has_to_be_typed() {
        assert_eq!(edit_distance("orders", "orders", 0), Some(0));
        assert_eq!(edit_distance("orders", "order", 1), Some(1));
        assert_eq!(edit_distance("odrers", "orders", 2), Some(1));
        assert_eq!(edit_distance("orders", "stock", 2), None);
        assert_eq!(edit_distance("größe", "grösse", 2), Some(2));
    }

    #[test]
    fn long_names_take_no_time() {
        let long = "a.".repeat(200_000);
        assert_eq!(edit_distance(&long, &format!("{long}b"), usize::MAX), None);
        assert_eq!(edit_distance(&long, &long.clone(), 0), Some(0));
        let at_bound = "é".repeat(MAX_LENGTH);
        assert_eq!(edit_distance(&at_bound, &"é".repeat(MAX_LENGTH - 1), 1), Some(1));
        assert_eq!(edit_distance(&at_bound, &"é".repeat(MAX_LENGTH + 1), 1), None);
    }
}
