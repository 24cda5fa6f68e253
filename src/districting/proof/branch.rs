//! Branching on two neighbours: in one part, or in two (Ryan and Foster 1981).

use std::rc::Rc;

use super::classes::Classes;
use super::triples::Triple;
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
    /// Cuts with their prices.
    pub(crate) triples: Vec<Triple>,
    /// Whether an atom may be in a part of the class: classes × atoms.
    pub(crate) allowed: Rc<Vec<bool>>,
    /// Parts met above, each with its class.
    pub(crate) pool: Rc<Vec<(u32, Vec<u32>)>>,
}

/// The problem of a node, its groups as atoms.
pub(crate) struct Reduced {
    pub(crate) instance: Instance,
    pub(crate) classes: Classes,
    pub(crate) rivals: Vec<Vec<u32>>,
    pub(crate) prices: Vec<i64>,
    pub(crate) triples: Vec<Triple>,
    pub(crate) pool: Vec<(u32, Vec<u32>)>,
}

impl Node {
    pub(crate) fn root(classes: &Classes) -> Self {
        let atoms = classes.atoms;
        Self {
            bound: 0,
            group: (0..atoms as u32).collect(),
            apart: Vec::new(),
            prices: vec![0; atoms],
            triples: Vec::new(),
            allowed: Rc::new(classes.allowed.clone()),
            pool: Rc::new(Vec::new()),
        }
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
            let row = &self.allowed[class * classes.atoms..(class + 1) * classes.atoms];
            for (&group, allowing) in self.group.iter().zip(row) {
                allowed[class * groups + group as usize] &= allowing;
            }
        }
        let family = classes.family.clone();
        let classes = Classes { atoms: groups, chosen: classes.chosen, family, allowed, roots, costs };
        let (triples, pool) = (self.grouped_triples(), self.grouped_pool(groups, &rivals));
        Some(Reduced { instance, classes, rivals, prices, triples, pool })
    }

    /// The cuts on groups; one of which two atoms are tied says nothing more.
    fn grouped_triples(&self) -> Vec<Triple> {
        let grouped = |triple: &Triple| {
            let mut atoms = triple.atoms.map(|a| self.group[a as usize]);
            atoms.sort_unstable();
            (atoms[0] < atoms[1] && atoms[1] < atoms[2]).then_some(Triple { atoms, ..*triple })
        };
        self.triples.iter().filter_map(grouped).collect()
    }

    /// The parts met above that the node still allows.
    fn grouped_pool(&self, groups: usize, rivals: &[Vec<u32>]) -> Vec<(u32, Vec<u32>)> {
        let mut size = vec![0u32; groups];
        self.group.iter().for_each(|&group| size[group as usize] += 1);
        let mut held = vec![0u32; groups];
        let mut pool = Vec::new();
        for (class, atoms) in self.pool.iter() {
            atoms.iter().for_each(|&a| held[self.group[a as usize] as usize] += 1);
            let mut own: Vec<u32> = atoms.iter().map(|&a| self.group[a as usize]).collect();
            own.sort_unstable();
            own.dedup();
            let whole = |&g: &u32| {
                held[g as usize] == size[g as usize]
                    && rivals[g as usize].iter().all(|r| held[*r as usize] == 0)
            };
            if own.iter().all(whole) {
                pool.push((*class, own));
            }
            atoms.iter().for_each(|&a| held[self.group[a as usize] as usize] = 0);
        }
        pool
    }

    /// The node with what was learnt about its groups.
    pub(crate) fn taught(
        &self,
        bound: i64,
        group_prices: &[i64],
        triples: &[Triple],
        may: impl Fn(usize, u32) -> bool,
        pool: impl Iterator<Item = (u32, Vec<u32>)>,
    ) -> Self {
        let mut atoms_of = vec![Vec::new(); group_prices.len()];
        for (atom, &group) in (0u32..).zip(&self.group) {
            atoms_of[group as usize].push(atom);
        }
        let first = |group: u32| atoms_of[group as usize][0];
        let pool = pool.map(|(class, groups)| {
            (class, groups.iter().flat_map(|&g| atoms_of[g as usize].iter().copied()).collect())
        });
        let classes = self.allowed.len() / self.group.len().max(1);
        let allowed = (0..classes).flat_map(|class| self.group.iter().map(move |&g| (class, g)));
        Self {
            bound,
            group: self.group.clone(),
            apart: self.apart.clone(),
            prices: self.spread(group_prices),
            triples: triples.iter().map(|t| Triple { atoms: t.atoms.map(first), ..*t }).collect(),
            allowed: Rc::new(allowed.map(|(class, group)| may(class, group)).collect()),
            pool: Rc::new(pool.collect()),
        }
    }

    /// The two nodes in which the groups of a pair are one, or apart.
    pub(crate) fn split(&self, pair: (u32, u32)) -> [Self; 2] {
        let first = |group: u32| self.group.iter().position(|&g| g == group).map(|atom| atom as u32);
        let (keep, gone) = (pair.0.min(pair.1), pair.0.max(pair.1));
        let merged = |group: u32| if group == gone { keep } else { group - u32::from(group > gone) };
        let tied = Self { group: self.group.iter().map(|&group| merged(group)).collect(), ..self.clone() };
        let mut apart = self.clone();
        apart.apart.extend(first(keep).zip(first(gone)));
        [tied, apart]
    }

    /// The prices of groups as prices of atoms: the first atom of a group carries its price.
    fn spread(&self, group_prices: &[i64]) -> Vec<i64> {
        let mut left: Vec<i64> = group_prices.to_vec();
        self.group.iter().map(|&group| std::mem::take(&mut left[group as usize])).collect()
    }
}
