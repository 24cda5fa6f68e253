//! One community as a task of its own: local ids, its people, its joins and its pieces.

use std::collections::BTreeMap;

use crate::index::fabric::Fabric;
use crate::model::ids::CommunityId;
use crate::model::rules::Keep;

/// A community's atoms under local ids `0..n`, ascending with the global ones.
pub(super) struct Task {
    /// Global ids.
    pub(super) atoms: Vec<u32>,
    pub(super) households: Vec<i64>,
    pub(super) population: Vec<i64>,
    /// Position from the community's first atom, in centimetres.
    pub(super) x: Vec<i64>,
    pub(super) y: Vec<i64>,
    /// The same in units coarse enough that people times their squares sum up in 64 bits.
    pub(super) coarse: Vec<(i64, i64)>,
    /// Square centimetres of one such unit squared.
    pub(super) coarse_square: f64,
    first_out: Vec<u32>,
    arcs: Vec<(u32, u32)>,
    /// The connected piece of the community that holds each atom.
    pub(super) piece: Vec<u32>,
    pub(super) pieces: usize,
    /// One link to each further piece of the community, so that growth can reach it.
    pub(super) leaps: Vec<(u32, u32)>,
    /// Sets that should stay together: compounds and grids in force, each with its atoms' set ids.
    pub(super) sets_of: Vec<[u32; 2]>,
    pub(super) sets: usize,
    /// The atoms of each compound that has more than one here.
    pub(super) compounds: Vec<Vec<u32>>,
    pub(super) area_m2: u64,
}

/// An atom that belongs to no set of a sort.
pub(super) const NO_SET: u32 = u32::MAX;

impl Task {
    /// Grids in force become sets to hold together unless they are to be ignored.
    pub(super) fn of(fabric: &Fabric, community: CommunityId, keep: Keep) -> Self {
        Self::over(fabric, fabric.members[community.index()].clone(), keep)
    }

    /// A task over some atoms of one community; they join with no others.
    pub(super) fn over(fabric: &Fabric, atoms: Vec<u32>, keep: Keep) -> Self {
        let local: BTreeMap<u32, u32> = atoms.iter().copied().zip(0..).collect();
        let mut first_out = vec![0u32];
        let mut arcs = Vec::new();
        for &atom in &atoms {
            arcs.extend(fabric.joins.of(atom).map(|(other, shared)| (local[&other], shared)));
            first_out.push(arcs.len() as u32);
        }
        let origin = atoms.first().map_or([0, 0], |&a| fabric.spots[a as usize]);
        let spot =
            |axis: usize| atoms.iter().map(|&a| fabric.spots[a as usize][axis] - origin[axis]).collect();
        let (sets_of, sets) = sets(fabric, &atoms, keep);
        let mut task = Self {
            households: atoms.iter().map(|&a| i64::from(fabric.counts[a as usize].households)).collect(),
            population: atoms.iter().map(|&a| i64::from(fabric.counts[a as usize].population)).collect(),
            x: spot(0),
            y: spot(1),
            coarse: Vec::new(),
            coarse_square: 1.0,
            first_out,
            arcs,
            piece: Vec::new(),
            pieces: 0,
            leaps: Vec::new(),
            sets_of,
            sets,
            compounds: compounds(fabric, &atoms),
            area_m2: atoms.iter().map(|&a| fabric.area_m2[a as usize]).sum(),
            atoms,
        };
        task.coarsen();
        task.find_pieces();
        task.leaps = task.shortest_leaps();
        task
    }

    pub(super) fn len(&self) -> usize {
        self.atoms.len()
    }

    /// Neighbours with the shared boundary in centimetres.
    pub(super) fn joins(&self, atom: u32) -> &[(u32, u32)] {
        &self.arcs[self.first_out[atom as usize] as usize..self.first_out[atom as usize + 1] as usize]
    }

    /// Squared distance in square centimetres.
    pub(super) fn square(&self, a: u32, b: u32) -> i64 {
        let (a, b) = (a as usize, b as usize);
        (self.x[a] - self.x[b]).pow(2) + (self.y[a] - self.y[b]).pow(2)
    }

    /// Centimetres nearly always; halved until the sums of a grid cannot overflow.
    fn coarsen(&mut self) {
        let people: i128 = self.population.iter().map(|p| i128::from(*p)).sum();
        let far = self.x.iter().chain(&self.y).map(|v| i128::from(v.abs())).max().unwrap_or(0);
        let mut shift = 0;
        while people * 2 * (far >> shift) * (far >> shift) >= 1 << 62 {
            shift += 1;
        }
        self.coarse = self.x.iter().zip(&self.y).map(|(x, y)| (x >> shift, y >> shift)).collect();
        self.coarse_square = f64::from(shift).exp2().powi(2);
    }

    fn find_pieces(&mut self) {
        let mut piece = vec![u32::MAX; self.len()];
        let mut count = 0;
        for start in 0..self.len() as u32 {
            if piece[start as usize] != u32::MAX {
                continue;
            }
            let mut stack = vec![start];
            piece[start as usize] = count;
            while let Some(atom) = stack.pop() {
                for &(next, _) in self.joins(atom) {
                    if piece[next as usize] == u32::MAX {
                        piece[next as usize] = count;
                        stack.push(next);
                    }
                }
            }
            count += 1;
        }
        self.piece = piece;
        self.pieces = count as usize;
    }

    /// A shortest tree over the pieces (Prim 1957), by nearest atoms. O(pieces · n) beside O(n²)
    /// distances, which only communities in pieces pay.
    fn shortest_leaps(&self) -> Vec<(u32, u32)> {
        if self.pieces < 2 {
            return Vec::new();
        }
        let n = self.len();
        let mut inside = vec![false; self.pieces];
        let mut best = vec![(i64::MAX, 0u32); n];
        let mut leaps = Vec::with_capacity(self.pieces - 1);
        let mut current = 0;
        loop {
            inside[current as usize] = true;
            let joined: Vec<u32> = (0..n as u32).filter(|&a| self.piece[a as usize] == current).collect();
            let mut next: Option<(i64, u32, u32)> = None;
            for v in 0..n as u32 {
                if inside[self.piece[v as usize] as usize] {
                    continue;
                }
                for &u in &joined {
                    best[v as usize] = best[v as usize].min((self.square(u, v), u));
                }
                let (square, u) = best[v as usize];
                if next.is_none_or(|(s, _, w)| (square, v) < (s, w)) {
                    next = Some((square, u, v));
                }
            }
            let Some((_, u, v)) = next else { return leaps };
            leaps.push((u, v));
            current = self.piece[v as usize];
        }
    }
}

/// Local set ids of compounds and of grids in force.
fn sets(fabric: &Fabric, atoms: &[u32], keep: Keep) -> (Vec<[u32; 2]>, usize) {
    let mut ids: BTreeMap<(u8, u32), u32> = BTreeMap::new();
    let keys = |a: u32| {
        let compound = fabric.compound[a as usize].map(|c| (0u8, c.0));
        let in_force = fabric.grid_in_force[a as usize].filter(|_| keep != Keep::None);
        [compound, in_force.map(|g| (1u8, g))]
    };
    for &atom in atoms {
        for key in keys(atom).into_iter().flatten() {
            let next = ids.len() as u32;
            ids.entry(key).or_insert(next);
        }
    }
    let id = |key: Option<(u8, u32)>| key.map_or(NO_SET, |key| ids[&key]);
    (atoms.iter().map(|&a| keys(a).map(id)).collect(), ids.len())
}

fn compounds(fabric: &Fabric, atoms: &[u32]) -> Vec<Vec<u32>> {
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (local, &atom) in (0u32..).zip(atoms) {
        if let Some(compound) = fabric.compound[atom as usize] {
            members.entry(compound.0).or_default().push(local);
        }
    }
    members.into_values().filter(|atoms| atoms.len() > 1).collect()
}
