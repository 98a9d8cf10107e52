//! How far two names are apart, for saying which one was meant.

/// Longer names are no slips of the finger, and comparing them takes the square of their length.
const MAX_LENGTH: usize = 256;

/// How many characters are to be changed, added, left out or swapped to make one name of the other (Damerau and
/// Levenshtein), if it is no more than `most`. Names of more than 256 characters are near to nothing but themselves.
pub fn edit_distance(one: &str, other: &str, most: usize) -> Option<usize> {
    if one == other {
        return Some(0);
    }
    // No character has more than four bytes, so that long names need not be counted.
    if one.len().max(other.len()) > 4 * MAX_LENGTH {
        return None;
    }
    let lengths = [one, other].map(|it| it.chars().count());
    let is_far = lengths.iter().any(|it| *it > MAX_LENGTH) || lengths[0].abs_diff(lengths[1]) > most;
    (!is_far).then(|| strsim::damerau_levenshtein(one, other)).filter(|it| *it <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

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
