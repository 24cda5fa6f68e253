//! The candidates of a division: classes of parts, each with its own price list.

use crate::districting::centred::costs::Costs;
use crate::districting::instance::Instance;

/// What a part may be: a member of one of `classes`, whose cost is a sum over its atoms.
///
/// For parts served from a centre there is a class for every atom, with that atom as its root; for
/// the fewest people moved there is a class for every grid in force. A division takes `chosen`
/// different classes and one part of each.
pub(crate) struct Classes {
    /// Atoms.
    pub(crate) atoms: usize,
    /// Parts of a division.
    pub(crate) chosen: usize,
    /// Of the classes of one family at most one has a part.
    pub(crate) family: Vec<u32>,
    /// Whether an atom may be in a part of the class: classes × atoms.
    pub(crate) allowed: Vec<bool>,
    /// The atom that every part of the class holds, if any.
    pub(crate) roots: Vec<Option<u32>>,
    /// Cost of an atom in a part of the class: classes × atoms.
    pub(crate) costs: Vec<i64>,
}

impl Classes {
    /// A class for every atom: the parts served from it.
    pub(crate) fn centred(costs: &Costs, instance: &Instance) -> Self {
        Self::served(instance, |served, from| costs.of_pair(served, from))
    }

    /// The same by any price of serving one atom from another.
    pub(crate) fn served(instance: &Instance, cost: impl Fn(u32, u32) -> i64) -> Self {
        let atoms = instance.len() as u32;
        let cost = &cost;
        let row = |from: u32| (0..atoms).map(move |served| cost(served, from));
        Self {
            atoms: instance.len(),
            chosen: instance.parts as usize,
            family: (0..atoms).collect(),
            allowed: vec![true; instance.len() * instance.len()],
            roots: (0..atoms).map(Some).collect(),
            costs: (0..atoms).flat_map(row).collect(),
        }
    }

    /// A family for every part of an older division, at the price of the people moved: what it may
    /// become while it keeps its innermost atom, without that but with the next one, and so on.
    ///
    /// A root makes parts quick to price; those without the first few atoms are soon ruled out.
    /// `may` tells whether an atom may be in a part: parts × atoms.
    pub(crate) fn kept(instance: &Instance, prior: &[u32], may: &[bool]) -> Self {
        let n = instance.len();
        let depth = depths(instance, prior);
        let mut classes = Self {
            atoms: n,
            chosen: instance.parts as usize,
            family: Vec::new(),
            allowed: Vec::new(),
            roots: Vec::new(),
            costs: Vec::new(),
        };
        for part in 0..instance.parts {
            let mut own: Vec<u32> = (0..n as u32).filter(|a| prior[*a as usize] == part).collect();
            own.sort_by_key(|&a| (std::cmp::Reverse((depth[a as usize], instance.people[a as usize])), a));
            let mut allowed = may[part as usize * n..][..n].to_vec();
            let elsewhere =
                |a: u32| (0..instance.parts).any(|p| p != part && may[p as usize * n + a as usize]);
            // What can go nowhere else is in every form of its part, and there are no further ones.
            let fixed = own.iter().position(|&a| !elsewhere(a));
            let roots = own.iter().copied().take(fixed.map_or(own.len(), |at| at + 1)).map(Some);
            for root in roots.chain(fixed.is_none().then_some(None)) {
                classes.family.push(part);
                classes.roots.push(root);
                classes.allowed.extend_from_slice(&allowed);
                let atoms = instance.people.iter().zip(prior);
                classes.costs.extend(atoms.map(|(people, &held)| if held == part { 0 } else { *people }));
                if let Some(root) = root {
                    allowed[root as usize] = false;
                }
            }
        }
        classes
    }

    /// The number of families.
    pub(crate) fn families(&self) -> usize {
        self.family.iter().max().map_or(0, |family| *family as usize + 1)
    }

    /// The number of classes.
    pub(crate) fn len(&self) -> usize {
        self.roots.len()
    }

    /// The costs of the atoms in a part of the class.
    pub(crate) fn row(&self, class: usize) -> &[i64] {
        &self.costs[class * self.atoms..(class + 1) * self.atoms]
    }
}

/// How many steps each atom is away from another part. O(n + m).
fn depths(instance: &Instance, part_of: &[u32]) -> Vec<u32> {
    let mut depth = vec![u32::MAX; instance.len()];
    let on_border =
        |&a: &u32| instance.graph.neighbours(a).iter().any(|&b| part_of[b as usize] != part_of[a as usize]);
    let mut queue: Vec<u32> = (0..instance.len() as u32).filter(on_border).collect();
    queue.iter().for_each(|&a| depth[a as usize] = 0);
    let mut head = 0;
    while head < queue.len() {
        let atom = queue[head];
        head += 1;
        for &next in instance.graph.neighbours(atom) {
            if depth[next as usize] == u32::MAX {
                depth[next as usize] = depth[atom as usize] + 1;
                queue.push(next);
            }
        }
    }
    depth
}
