//! What a division that moves few people leaves untouched.
//!
//! With fewer than `limit` people moved, a part of more people keeps an atom of its own, and whoever
//! joins it does so along atoms that join it too: the people along that way are fewer than the limit.
//! Atoms that can go nowhere stay, and those beside one another become one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::districting::graph::Graph;
use crate::districting::instance::Instance;

/// The territory with what stays made one, and where everything else may go.
pub(super) struct Reduced {
    pub(super) instance: Instance,
    pub(super) prior: Vec<u32>,
    /// Whether a group may be in a part: parts × groups.
    pub(super) allowed: Vec<bool>,
    group_of: Vec<u32>,
}

impl Reduced {
    /// For divisions with fewer than `limit` people moved. O(parts · m log n).
    pub(super) fn below(instance: &Instance, prior: &[u32], limit: i64) -> Self {
        let (n, parts) = (instance.len(), instance.parts as usize);
        let may: Vec<bool> = (0..parts as u32).flat_map(|p| reach(instance, prior, p, limit)).collect();
        let stays = |a: usize| (0..parts).all(|p| !may[p * n + a] || prior[a] as usize == p);
        let mut group_of = vec![u32::MAX; n];
        let mut first = Vec::new();
        let mut stack = Vec::new();
        for start in 0..n {
            if group_of[start] != u32::MAX {
                continue;
            }
            let group = first.len() as u32;
            first.push(start);
            group_of[start] = group;
            if stays(start) {
                stack.push(start as u32);
            }
            while let Some(atom) = stack.pop() {
                for &next in instance.graph.neighbours(atom) {
                    let b = next as usize;
                    if group_of[b] == u32::MAX && prior[b] == prior[start] && stays(b) {
                        group_of[b] = group;
                        stack.push(next);
                    }
                }
            }
        }
        let mut people = vec![0; first.len()];
        let mut edges = Vec::new();
        for atom in 0..n as u32 {
            people[group_of[atom as usize] as usize] += instance.people[atom as usize];
            let joins = instance.graph.priced(atom).filter(|(b, _)| atom < *b);
            edges.extend(joins.map(|(b, price)| (group_of[atom as usize], group_of[b as usize], price)));
        }
        let allowed = (0..parts).flat_map(|p| first.iter().map(|&a| may[p * n + a]).collect::<Vec<_>>());
        Self {
            instance: Instance {
                graph: Graph::from_edges(first.len(), &edges),
                people,
                x: Vec::new(),
                y: Vec::new(),
                ..*instance
            },
            prior: first.iter().map(|&a| prior[a]).collect(),
            allowed: allowed.collect(),
            group_of,
        }
    }

    /// The part of each atom from that of each group.
    pub(super) fn unfold(&self, part_of: &[u32]) -> Vec<u32> {
        self.group_of.iter().map(|&group| part_of[group as usize]).collect()
    }
}

/// The atoms that may be in `part`, by shortest ways in people moved (Dijkstra 1959).
fn reach(instance: &Instance, prior: &[u32], part: u32, limit: i64) -> Vec<bool> {
    let own = |a: u32| prior[a as usize] == part;
    let atoms = 0..instance.len() as u32;
    let held: i64 = atoms.clone().filter(|&a| own(a)).map(|a| instance.people[a as usize]).sum();
    if held < limit {
        // It may lose everything it has and live on elsewhere.
        return vec![true; instance.len()];
    }
    let mut way = vec![i64::MAX; instance.len()];
    let mut heap: BinaryHeap<Reverse<(i64, u32)>> =
        atoms.filter(|&a| own(a)).map(|a| Reverse((0, a))).collect();
    heap.iter().for_each(|Reverse((_, a))| way[*a as usize] = 0);
    while let Some(Reverse((people, atom))) = heap.pop() {
        if people > way[atom as usize] {
            continue;
        }
        for &next in instance.graph.neighbours(atom) {
            let longer = people + if own(next) { 0 } else { instance.people[next as usize] };
            if longer < limit && longer < way[next as usize] {
                way[next as usize] = longer;
                heap.push(Reverse((longer, next)));
            }
        }
    }
    way.into_iter().map(|people| people < limit).collect()
}
