//! Puts the nodes of a drawing into layers from left to right, so that arrows lead to the right where they can and
//! cross each other seldom. Whole numbers alone, and no chance: the same drawing has the same places everywhere.
//!
//! The steps are those of Sugiyama, Tagawa and Toda (1981): arrows that close a circle are turned, each node is put
//! behind all that lead to it, layers are sorted by where their neighbours stand, and nodes are moved towards them.

use std::collections::VecDeque;

/// A node takes so much room. In pixels, as all lengths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// From left to right.
    pub width: i64,
    /// From top to bottom.
    pub height: i64,
}

/// A point: how far from the left, and from the top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Point {
    /// From the left.
    pub x: i64,
    /// From the top.
    pub y: i64,
}

/// Where everything stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// The left upper corner of each node.
    pub nodes: Vec<Point>,
    /// The points that each arrow passes, from its start to its end.
    pub ways: Vec<Vec<Point>>,
    /// What all of it takes.
    pub size: Size,
}

/// Between two layers.
const GAP_X: i64 = 72;

/// Between two nodes of a layer, and between two arrows that pass it.
const GAP_Y: i64 = 18;

/// An arrow that passes a layer takes so much of its height.
const PASSING: i64 = 8;

/// How far the two arrows of a pair that leads there and back are apart from the middle.
const PAIR: i64 = 5;

/// An arrow over more layers is drawn straight, behind what stands there.
const MAX_SPAN: usize = 24;

/// How often layers are sorted, and how often nodes are moved.
const ROUNDS: usize = 8;

/// A node, or a place where an arrow passes a layer.
#[derive(Clone, Debug, Default)]
struct Cell {
    layer: usize,
    height: i64,
    /// Neighbours in the layer before, and in the layer behind.
    before: Vec<usize>,
    behind: Vec<usize>,
    /// The middle.
    y: i64,
}

/// Where nodes of these sizes stand, and which way arrows between them go. Arrows to nodes that are not there, and from
/// a node to itself, have no way.
pub(super) fn places(sizes: &[Size], arrows: &[(usize, usize)]) -> Places {
    let is_drawn = |it: &(usize, usize)| it.0 != it.1 && it.0 < sizes.len() && it.1 < sizes.len();
    let turned = turned(sizes.len(), arrows, &is_drawn);
    let forward = |at: usize, it: (usize, usize)| if turned.get(at) == Some(&true) { (it.1, it.0) } else { it };
    let led: Vec<Option<(usize, usize)>> =
        arrows.iter().enumerate().map(|(at, it)| is_drawn(it).then(|| forward(at, *it))).collect();
    let layer_of = layers(sizes.len(), &led);
    let mut cells: Vec<Cell> = sizes
        .iter()
        .zip(&layer_of)
        .map(|(size, layer)| Cell { layer: *layer, height: size.height, ..Cell::default() })
        .collect();
    let mut passed: Vec<Vec<usize>> = Vec::with_capacity(led.len());
    for ends in &led {
        passed.push(ends.map(|it| pass(&mut cells, it)).unwrap_or_default());
    }
    let count = cells.iter().map(|it| it.layer + 1).max().unwrap_or_default();
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, cell) in cells.iter().enumerate() {
        if let Some(layer) = order.get_mut(cell.layer) {
            layer.push(at);
        }
    }
    sort(&mut order, &cells);
    stand(&order, &mut cells);
    close_up(&mut cells);
    let mut lefts = Vec::with_capacity(count);
    let mut left = 0;
    for layer in &order {
        let width = layer.iter().filter_map(|it| sizes.get(*it)).map(|it| it.width).max().unwrap_or_default();
        lefts.push((left, width));
        left += width + GAP_X;
    }
    let top = cells.iter().map(|it| it.y - it.height / 2).min().unwrap_or_default();
    let bottom = cells.iter().map(|it| it.y + it.height / 2 + it.height % 2).max().unwrap_or_default();
    let column = |at: usize| cells.get(at).and_then(|it| lefts.get(it.layer)).copied().unwrap_or_default();
    let middle = |at: usize| cells.get(at).map_or(0, |it| it.y - top);
    let width_of = |at: usize| sizes.get(at).map_or(0, |it| it.width);
    let nodes = sizes.iter().enumerate().map(|(at, size)| {
        let (left, width) = column(at);
        Point { x: left + (width - size.width) / 2, y: middle(at) - size.height / 2 }
    });
    let nodes: Vec<Point> = nodes.collect();
    let left_of = |at: usize| nodes.get(at).map_or(0, |it| it.x);
    let ways = led.iter().enumerate().map(|(at, ends)| {
        let Some((from, to)) = *ends else { return Vec::new() };
        let is_turned = turned.get(at) == Some(&true);
        // There and back do not cover each other.
        let aside = match (led.contains(&Some((from, to))), arrows.contains(&(from, to)), arrows.contains(&(to, from)))
        {
            (true, true, true) if is_turned => PAIR,
            (true, true, true) => -PAIR,
            _ => 0,
        };
        let mut way = vec![Point { x: left_of(from) + width_of(from), y: middle(from) + aside }];
        for passing in passed.get(at).into_iter().flatten() {
            let (left, width) = column(*passing);
            way.push(Point { x: left, y: middle(*passing) });
            way.push(Point { x: left + width, y: middle(*passing) });
        }
        way.push(Point { x: left_of(to), y: middle(to) + aside });
        if is_turned {
            way.reverse();
        }
        way
    });
    let ways = ways.collect();
    Places { nodes, ways, size: Size { width: (left - GAP_X).max(0), height: bottom - top } }
}

/// Which arrows lead back to a node from which they were reached.
fn turned(count: usize, arrows: &[(usize, usize)], is_drawn: &dyn Fn(&(usize, usize)) -> bool) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Seen {
        Never,
        Open,
        Done,
    }
    let mut leads: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut is_reached = vec![false; count];
    for (at, arrow) in arrows.iter().enumerate().filter(|it| is_drawn(it.1)) {
        if let Some(list) = leads.get_mut(arrow.0) {
            list.push(at);
        }
        if let Some(reached) = is_reached.get_mut(arrow.1) {
            *reached = true;
        }
    }
    let mut seen = vec![Seen::Never; count];
    let mut turned = vec![false; arrows.len()];
    let is_start = |at: &usize| is_reached.get(*at) == Some(&false);
    // What nothing leads to comes first, so that circles are cut where they are entered.
    for start in (0..count).filter(is_start).chain((0..count).filter(|it| !is_start(it))) {
        if seen.get(start) != Some(&Seen::Never) {
            continue;
        }
        let mut open: Vec<(usize, usize)> = vec![(start, 0)];
        if let Some(it) = seen.get_mut(start) {
            *it = Seen::Open;
        }
        while let Some((node, next)) = open.last_mut() {
            let Some(&arrow) = leads.get(*node).and_then(|it| it.get(*next)) else {
                if let Some(it) = seen.get_mut(*node) {
                    *it = Seen::Done;
                }
                open.pop();
                continue;
            };
            *next += 1;
            let Some(&(_, to)) = arrows.get(arrow) else { continue };
            match seen.get(to) {
                Some(Seen::Open) => {
                    if let Some(it) = turned.get_mut(arrow) {
                        *it = true;
                    }
                }
                Some(Seen::Never) => {
                    if let Some(it) = seen.get_mut(to) {
                        *it = Seen::Open;
                    }
                    open.push((to, 0));
                }
                _ => {}
            }
        }
    }
    turned
}

/// The layer of each node: behind all that lead to it, and what nothing leads to directly before what it leads to.
fn layers(count: usize, led: &[Option<(usize, usize)>]) -> Vec<usize> {
    let mut missing = vec![0_usize; count];
    let mut leads: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in led.iter().flatten() {
        if let (Some(list), Some(missing)) = (leads.get_mut(*from), missing.get_mut(*to)) {
            list.push(*to);
            *missing += 1;
        }
    }
    let is_start: Vec<bool> = missing.iter().map(|it| *it == 0).collect();
    let mut layer = vec![0_usize; count];
    let mut queue: VecDeque<usize> = (0..count).filter(|it| is_start.get(*it) == Some(&true)).collect();
    while let Some(node) = queue.pop_front() {
        let next = layer.get(node).copied().unwrap_or_default() + 1;
        for to in leads.get(node).into_iter().flatten() {
            if let (Some(layer), Some(missing)) = (layer.get_mut(*to), missing.get_mut(*to)) {
                *layer = (*layer).max(next);
                *missing = missing.saturating_sub(1);
                if *missing == 0 {
                    queue.push_back(*to);
                }
            }
        }
    }
    for node in (0..count).filter(|it| is_start.get(*it) == Some(&true)) {
        let nearest = leads.get(node).into_iter().flatten().filter_map(|it| layer.get(*it)).min().copied();
        if let (Some(nearest), Some(own)) = (nearest, layer.get_mut(node)) {
            *own = nearest.saturating_sub(1);
        }
    }
    layer
}

/// Leads an arrow through the layers between its ends, and returns the places where it passes them.
fn pass(cells: &mut Vec<Cell>, (from, to): (usize, usize)) -> Vec<usize> {
    let layer = |cells: &[Cell], at: usize| cells.get(at).map_or(0, |it| it.layer);
    let (first, last) = (layer(cells, from), layer(cells, to));
    if last.saturating_sub(first) > MAX_SPAN {
        return Vec::new();
    }
    let mut passed = Vec::new();
    let mut before = from;
    for between in first + 1..last {
        let at = cells.len();
        cells.push(Cell { layer: between, height: PASSING, ..Cell::default() });
        join(cells, before, at);
        passed.push(at);
        before = at;
    }
    join(cells, before, to);
    passed
}

fn join(cells: &mut [Cell], before: usize, behind: usize) {
    if let Some(it) = cells.get_mut(before) {
        it.behind.push(behind);
    }
    if let Some(it) = cells.get_mut(behind) {
        it.before.push(before);
    }
}

/// Sorts each layer by where the neighbours of its nodes stand, from left to right and back.
fn sort(order: &mut [Vec<usize>], cells: &[Cell]) {
    let mut place = vec![0_usize; cells.len()];
    let number = |layer: &[usize], place: &mut [usize]| {
        for (number, at) in layer.iter().enumerate() {
            if let Some(it) = place.get_mut(*at) {
                *it = number;
            }
        }
    };
    for layer in order.iter() {
        number(layer, &mut place);
    }
    let count = order.len();
    for round in 0..ROUNDS {
        let is_back = round % 2 == 1;
        for step in 0..count {
            let at = if is_back { count - 1 - step } else { step };
            let Some(layer) = order.get_mut(at) else { continue };
            let mean = |it: &usize| {
                let cell = cells.get(*it);
                let near = cell.map(|it| if is_back { &it.behind } else { &it.before });
                let own = place.get(*it).copied().unwrap_or_default();
                let near = near.map(Vec::as_slice).unwrap_or_default();
                // A thousandth is fine enough, and whole.
                let sum: usize = near.iter().filter_map(|it| place.get(*it)).sum();
                if near.is_empty() { own * 1000 } else { sum * 1000 / near.len() }
            };
            let mut keyed: Vec<(usize, usize)> = layer.iter().map(|it| (mean(it), *it)).collect();
            keyed.sort_by_key(|it| it.0);
            *layer = keyed.into_iter().map(|it| it.1).collect();
            number(layer, &mut place);
        }
    }
}

/// Gives each node its height in its layer: near its neighbours, and none over another.
fn stand(order: &[Vec<usize>], cells: &mut [Cell]) {
    for layer in order {
        let mut top = 0;
        for at in layer {
            if let Some(cell) = cells.get_mut(*at) {
                cell.y = top + cell.height / 2;
                top += cell.height + GAP_Y;
            }
        }
    }
    for round in 0..ROUNDS * 2 {
        let is_back = round % 2 == 1;
        for step in 0..order.len() {
            let at = if is_back { order.len() - 1 - step } else { step };
            let Some(layer) = order.get(at) else { continue };
            let wanted = layer.iter().map(|it| {
                let Some(cell) = cells.get(*it) else { return 0 };
                let near = if is_back { &cell.behind } else { &cell.before };
                let near: Vec<i64> = near.iter().filter_map(|it| cells.get(*it)).map(|it| it.y).collect();
                let count = i64::try_from(near.len()).unwrap_or(1).max(1);
                if near.is_empty() { cell.y } else { near.iter().sum::<i64>() / count }
            });
            let wanted: Vec<i64> = wanted.collect();
            let heights: Vec<i64> = layer.iter().map(|it| cells.get(*it).map_or(0, |it| it.height)).collect();
            for (cell, y) in layer.iter().zip(apart(&wanted, &heights)) {
                if let Some(cell) = cells.get_mut(*cell) {
                    cell.y = y;
                }
            }
        }
    }
}

/// Takes out what nothing stands in from left to right, but for a gap.
fn close_up(cells: &mut [Cell]) {
    let mut by_top: Vec<(i64, i64, usize)> = cells
        .iter()
        .enumerate()
        .map(|(at, it)| (it.y - it.height / 2, it.y + it.height / 2 + it.height % 2, at))
        .collect();
    by_top.sort_unstable();
    let (mut moved, mut bottom) = (0, by_top.first().map_or(0, |it| it.0));
    for (top, end, at) in by_top {
        let empty = top - bottom - 2 * GAP_Y;
        if empty > 0 {
            moved += empty;
        }
        bottom = bottom.max(end);
        if let Some(cell) = cells.get_mut(at) {
            cell.y -= moved;
        }
    }
}

/// Moves the middles of a layer apart: half way between moving all that is too near down, and moving it up.
fn apart(wanted: &[i64], heights: &[i64]) -> Vec<i64> {
    let distance = |a: Option<&i64>, b: Option<&i64>| {
        let (a, b) = (a.copied().unwrap_or_default(), b.copied().unwrap_or_default());
        i64::midpoint(a, b) + GAP_Y + 1
    };
    let mut down = wanted.to_vec();
    for at in 1..down.len() {
        let least = down.get(at - 1).copied().unwrap_or_default() + distance(heights.get(at - 1), heights.get(at));
        if let Some(it) = down.get_mut(at) {
            *it = (*it).max(least);
        }
    }
    let mut up = wanted.to_vec();
    for at in (1..up.len()).rev() {
        let most = up.get(at).copied().unwrap_or_default() - distance(heights.get(at - 1), heights.get(at));
        if let Some(it) = up.get_mut(at - 1) {
            *it = (*it).min(most);
        }
    }
    // Half of each, rounded down: two of these are as far apart as in both.
    down.iter().zip(&up).map(|(a, b)| (a + b).div_euclid(2)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(count: usize) -> Vec<Size> {
        (0..count).map(|it| Size { width: 60 + 10 * i64::try_from(it % 7).unwrap(), height: 30 }).collect()
    }

    fn overlap(places: &Places, sizes: &[Size]) -> bool {
        let boxes: Vec<(Point, Size)> = places.nodes.iter().copied().zip(sizes.iter().copied()).collect();
        boxes.iter().enumerate().any(|(at, (a, of_a))| {
            boxes.iter().skip(at + 1).any(|(b, of_b)| {
                a.x < b.x + of_b.width && b.x < a.x + of_a.width && a.y < b.y + of_b.height && b.y < a.y + of_a.height
            })
        })
    }

    #[test]
    fn arrows_lead_to_the_right() {
        let sizes = sizes(5);
        let places = places(&sizes, &[(0, 1), (1, 2), (0, 3), (3, 2), (4, 2)]);
        let x: Vec<i64> = places.nodes.iter().map(|it| it.x).collect();
        assert!(x[0] < x[1] && x[1] < x[2] && x[3] < x[2] && x[4] > x[0] && x[4] < x[2], "{x:?}");
        assert!(!overlap(&places, &sizes));
        for way in &places.ways {
            assert!(way.first().unwrap().x < way.last().unwrap().x, "{way:?}");
        }
    }

    #[test]
    fn a_circle_leads_back_once() {
        let sizes = sizes(4);
        let places = places(&sizes, &[(0, 1), (1, 2), (2, 3), (3, 0)]);
        let back: Vec<bool> = places.ways.iter().map(|it| it.first().unwrap().x > it.last().unwrap().x).collect();
        assert_eq!(back, [false, false, false, true]);
        assert_eq!(places.ways[3].len(), 6, "it passes what stands between");
        let pair = super::places(&sizes, &[(0, 1), (1, 0), (0, 0), (0, 9)]);
        assert_ne!(pair.ways[0][0].y, pair.ways[1][1].y, "there and back do not cover each other");
        assert!(pair.ways[2].is_empty() && pair.ways[3].is_empty());
    }

    #[test]
    fn nodes_do_not_cover_each_other() {
        // A generator of Lehmer's, so that each run has the same.
        let mut seed = 7_u64;
        let mut next = |below: usize| {
            seed = seed * 48_271 % 2_147_483_647;
            usize::try_from(seed).unwrap() % below
        };
        for _ in 0..200 {
            let count = 1 + next(30);
            let sizes = sizes(count);
            let arrows: Vec<(usize, usize)> = (0..next(60)).map(|_| (next(count), next(count))).collect();
            let places = places(&sizes, &arrows);
            assert!(!overlap(&places, &sizes), "{arrows:?}");
            let is_in = |at: &Point, size: &Size| {
                at.x >= 0
                    && at.y >= 0
                    && at.x + size.width <= places.size.width
                    && at.y + size.height <= places.size.height
            };
            assert!(places.nodes.iter().zip(&sizes).all(|(at, size)| is_in(at, size)), "{places:?}");
            assert_eq!(places, super::places(&sizes, &arrows));
        }
    }
}
