//! Branching on two neighbours: in one part, or in two (Ryan and Foster 1981).

use super::classes::Classes;
use crate::districting::graph::Graph;
use crate::districting::instance::Instance;

/// A node of the search: which atoms are tied and which pairs are kept apart.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// No division of this node costs less.
    pub(crate) bound: i64,
    /// The tied group of each atom, groups numbered by first atom.
    pub(crate) group: Vec<u32>,
    /// Pairs of atoms, one of each group, that may not share a part.
    pub(crate) apart: Vec<(u32, u32)>,
    /// Dual prices of the atoms.
    pub(crate) prices: Vec<i64>,
}

/// The problem of a node, its groups as atoms.
pub(crate) struct Reduced {
    pub(crate) instance: Instance,
    pub(crate) classes: Classes,
    pub(crate) rivals: Vec<Vec<u32>>,
    pub(crate) prices: Vec<i64>,
}

impl Node {
    pub(crate) fn root(atoms: usize) -> Self {
        Self { bound: 0, group: (0..atoms as u32).collect(), apart: Vec::new(), prices: vec![0; atoms] }
    }

    /// The node's problem; `None` if a tied pair is also kept apart.
    pub(crate) fn reduce(&self, instance: &Instance, classes: &Classes) -> Option<Reduced> {
        let groups = self.group.iter().max().map_or(0, |g| *g as usize + 1);
        let mut people = vec![0; groups];
        let mut prices = vec![0; groups];
        let mut edges = Vec::with_capacity(instance.graph.edges());
        for atom in 0..instance.len() as u32 {
            let group = self.group[atom as usize];
            people[group as usize] += instance.people[atom as usize];
            prices[group as usize] += self.prices[atom as usize];
            let later = instance.graph.priced(atom).filter(|(other, _)| *other > atom);
            edges.extend(later.map(|(other, price)| (group, self.group[other as usize], price)));
        }
        let mut rivals = vec![Vec::new(); groups];
        for &(a, b) in &self.apart {
            let (a, b) = (self.group[a as usize], self.group[b as usize]);
            if a == b {
                return None;
            }
            rivals[a as usize].push(b);
            rivals[b as usize].push(a);
        }
        let mut costs = vec![0; classes.len() * groups];
        for (class, row) in costs.chunks_exact_mut(groups.max(1)).enumerate() {
            for (&group, cost) in self.group.iter().zip(classes.row(class)) {
                row[group as usize] += cost;
            }
        }
        let roots = classes.roots.iter().map(|root| root.map(|atom| self.group[atom as usize])).collect();
        let instance = Instance {
            graph: Graph::from_edges(groups, &edges),
            people,
            x: Vec::new(),
            y: Vec::new(),
            parts: instance.parts,
            low: instance.low,
            high: instance.high,
        };
        let mut allowed = vec![true; classes.len() * groups];
        for class in 0..classes.len() {
            let row = &classes.allowed[class * classes.atoms..(class + 1) * classes.atoms];
            for (&group, allowing) in self.group.iter().zip(row) {
                allowed[class * groups + group as usize] &= allowing;
            }
        }
        let family = classes.family.clone();
        let classes = Classes { atoms: groups, chosen: classes.chosen, family, allowed, roots, costs };
        Some(Reduced { instance, classes, rivals, prices })
    }

    /// The two nodes in which the groups of a pair are one, or apart.
    pub(crate) fn split(&self, bound: i64, group_prices: &[i64], pair: (u32, u32)) -> [Self; 2] {
        let prices = self.spread(group_prices);
        let first = |group: u32| self.group.iter().position(|&g| g == group).map(|atom| atom as u32);
        let (keep, gone) = (pair.0.min(pair.1), pair.0.max(pair.1));
        let merged = |group: u32| if group == gone { keep } else { group - u32::from(group > gone) };
        let tied = Self {
            bound,
            group: self.group.iter().map(|&group| merged(group)).collect(),
            apart: self.apart.clone(),
            prices: prices.clone(),
        };
        let mut apart = self.apart.clone();
        apart.extend(first(keep).zip(first(gone)));
        [tied, Self { bound, group: self.group.clone(), apart, prices }]
    }

    /// Takes over the prices of its groups.
    pub(crate) fn set_prices(&mut self, group_prices: &[i64]) {
        self.prices = self.spread(group_prices);
    }

    /// The prices of groups as prices of atoms: the first atom of a group carries its price.
    fn spread(&self, group_prices: &[i64]) -> Vec<i64> {
        let mut left: Vec<i64> = group_prices.to_vec();
        self.group.iter().map(|&group| std::mem::take(&mut left[group as usize])).collect()
    }
}
