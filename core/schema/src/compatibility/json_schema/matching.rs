//! The largest set of pairs in which nobody occurs twice.

use std::collections::VecDeque;

/// Who is paired with whom.
pub(super) struct Matching {
    /// For each on the left, its partner on the right.
    pub left: Vec<Option<usize>>,
    /// For each on the right, its partner on the left.
    pub right: Vec<Option<usize>>,
}

impl Matching {
    /// How many pairs there are.
    pub(super) fn len(&self) -> usize {
        self.left.iter().flatten().count()
    }
}

/// A maximum matching, found by augmenting paths; `fitting` lists for each on the left whom it fits among `right`.
/// Cost: the number on the left times the number of fitting pairs.
pub(super) fn maximum(fitting: &[Vec<usize>], right: usize) -> Matching {
    let mut matching = Matching { left: vec![None; fitting.len()], right: vec![None; right] };
    for start in 0..fitting.len() {
        augment(&mut matching, fitting, start);
    }
    matching
}

/// Looks for a free partner for `start`, breadth first, where others may move to another partner of theirs.
fn augment(matching: &mut Matching, fitting: &[Vec<usize>], start: usize) {
    let mut reached_from: Vec<Option<usize>> = vec![None; matching.right.len()];
    let mut open = VecDeque::from([start]);
    while let Some(left) = open.pop_front() {
        for &right in fitting.get(left).into_iter().flatten() {
            match reached_from.get_mut(right) {
                Some(from @ None) => *from = Some(left),
                _ => continue,
            }
            match matching.right.get(right).copied().flatten() {
                Some(next) => open.push_back(next),
                None => return turn(matching, &reached_from, right),
            }
        }
    }
}

/// Pairs along the way that led to a free one.
fn turn(matching: &mut Matching, reached_from: &[Option<usize>], free: usize) {
    let mut next = Some(free);
    while let Some(right) = next {
        let Some(left) = reached_from.get(right).copied().flatten() else { return };
        let (Some(of_left), Some(of_right)) = (matching.left.get_mut(left), matching.right.get_mut(right)) else {
            return;
        };
        next = of_left.replace(right);
        *of_right = Some(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_move_to_let_everybody_in() {
        let matching = maximum(&[vec![0, 1], vec![0], vec![1, 2]], 3);
        assert_eq!(matching.left, [Some(1), Some(0), Some(2)]);
        assert_eq!(matching.right, [Some(1), Some(0), Some(2)]);
        assert_eq!(maximum(&[vec![0], vec![0], vec![]], 2).len(), 1);
    }
}
