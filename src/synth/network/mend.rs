//! Lines with what they are, their noding, and ways to parts that no street reaches.

use std::collections::HashMap;

use super::noding::{Unit, merged, noded, without_repeats};
use super::{CELL_M, Index, SIGHT_M, Street, is_walked, spot_at, written};

/// Lines in units, and the name and class of each.
pub(super) struct Net {
    pub(super) lines: Vec<Vec<Unit>>,
    pub(super) of: Vec<(String, &'static str)>,
}

impl Net {
    pub(super) fn extend(&mut self, streets: Vec<Street>) {
        for street in streets {
            self.lines.push(street.line.iter().map(|&spot| written(spot)).collect());
            self.of.push((street.name, street.highway));
        }
    }

    /// Nodes all lines; the first `base` meet one another already.
    pub(super) fn node(&mut self, base: usize, pinned: &[Unit]) {
        let (first, added) = self.lines.split_at_mut(base);
        merged(first, pinned, added);
        noded(&mut self.lines, base);
        let pieces = without_repeats(&self.lines);
        self.of = pieces.iter().map(|&(number, _)| self.of[number].clone()).collect();
        self.lines = pieces.into_iter().map(|(_, line)| line).collect();
    }

    /// For each part cut off from the largest, the shortest way to it that crosses nothing of what bars the way.
    pub(super) fn strays(&self, bars: impl Fn() -> Index) -> Vec<Street> {
        let walked: Vec<usize> = (0..self.lines.len()).filter(|&line| is_walked(self.of[line].1)).collect();
        let part = self.parts(&walked);
        let mut size = vec![0; self.lines.len()];
        for &line in &walked {
            size[part[line]] += self.lines[line].len();
        }
        let Some(main) = (0..size.len()).max_by_key(|&at| (size[at], std::cmp::Reverse(at))) else {
            return Vec::new();
        };
        let mut others: Vec<usize> = walked.iter().map(|&line| part[line]).filter(|&at| at != main).collect();
        others.sort_unstable();
        others.dedup();
        if others.is_empty() {
            return Vec::new();
        }
        let bars = bars();
        let lines =
            walked.iter().filter(|&&line| part[line] == main).flat_map(|&line| self.lines[line].windows(2));
        let sides = lines.map(|pair| (spot_at(pair[0]), spot_at(pair[1]))).collect();
        let index = Index::new(sides, CELL_M);
        let way = |&other: &usize| {
            let members = walked.iter().filter(|&&line| part[line] == other);
            let ends =
                members.flat_map(|&line| self.lines[line].iter().map(move |&unit| (line, spot_at(unit))));
            let ways = ends.filter_map(|(line, from)| {
                let accept = |_, foot| !bars.is_crossed(from, foot);
                index.nearest(from, SIGHT_M, &accept).map(|(length, foot)| (length, line, from, foot))
            });
            let (_, line, from, foot) = ways.min_by(|a, b| a.0.total_cmp(&b.0))?;
            Some(Street { name: self.of[line].0.clone(), highway: "path", line: vec![from, foot] })
        };
        others.iter().filter_map(way).collect()
    }

    /// The part each line belongs to, as the number of one of its lines.
    fn parts(&self, walked: &[usize]) -> Vec<usize> {
        let mut above: Vec<usize> = (0..self.lines.len()).collect();
        let mut first: HashMap<Unit, usize> = HashMap::new();
        for &line in walked {
            for &unit in &self.lines[line] {
                let other = *first.entry(unit).or_insert(line);
                let (a, b) = (root(&mut above, line), root(&mut above, other));
                above[a.max(b)] = a.min(b);
            }
        }
        (0..above.len()).map(|line| root(&mut above, line)).collect()
    }
}

fn root(above: &mut [usize], mut at: usize) -> usize {
    while above[at] != at {
        above[at] = above[above[at]];
        at = above[at];
    }
    at
}
