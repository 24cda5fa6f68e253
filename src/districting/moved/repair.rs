//! A first division with few people moved: annealing from the older one (Kirkpatrick and others 1983).
//!
//! Border atoms go over to a part beside them; what it costs is the people away from their old part
//! and, at a price that rises, the people out of range. Parts stay connected throughout, so that the
//! older division's broken parts have to be mended first, by keeping the largest piece of each.

use crate::districting::cuts::chance::{Chance, decay};
use crate::districting::instance::Instance;

/// Annealings, and moves tried in each for every atom.
const ANNEALINGS: u64 = 6;
const MOVES_AN_ATOM: u64 = 600;

/// What is kept up to date.
struct Repair<'a> {
    instance: &'a Instance,
    prior: &'a [u32],
    part_of: Vec<u32>,
    held: Vec<i64>,
    size: Vec<u32>,
    moved: i64,
    mark: Vec<u32>,
    round: u32,
    stack: Vec<u32>,
    work: u64,
}

/// The division with the fewest people moved that was met, its people moved, and the work.
pub(super) fn repaired(instance: &Instance, prior: &[u32]) -> (Option<(i64, Vec<u32>)>, u64) {
    let mut best: Option<(i64, Vec<u32>)> = None;
    let mut work = 0;
    for annealing in 0..ANNEALINGS {
        let mut repair = Repair::from(instance, prior);
        repair.anneal(&mut Chance::new(1, annealing), &mut best);
        work += repair.work;
    }
    (best, work)
}

impl<'a> Repair<'a> {
    /// The older division with every part in one piece; a new part begins with the last atom that the
    /// fullest part can spare.
    fn from(instance: &'a Instance, prior: &'a [u32]) -> Self {
        let parts = instance.parts as usize;
        let n = instance.len();
        let mut repair = Self {
            instance,
            prior,
            part_of: whole_parts(instance, prior),
            held: vec![0; parts],
            size: vec![0; parts],
            moved: 0,
            mark: vec![0; n],
            round: 0,
            stack: Vec::new(),
            work: 0,
        };
        for (&part, (&people, &before)) in repair.part_of.iter().zip(instance.people.iter().zip(prior)) {
            repair.held[part as usize] += people;
            repair.size[part as usize] += 1;
            repair.moved += if part == before { 0 } else { people };
        }
        for part in 0..parts as u32 {
            if repair.size[part as usize] == 0 {
                let fullness = |a: u32| (repair.held[repair.part_of[a as usize] as usize], a);
                let mut atoms: Vec<u32> = (0..n as u32).collect();
                atoms.sort_by_key(|&a| std::cmp::Reverse(fullness(a)));
                if let Some(spare) = atoms.into_iter().find(|&a| repair.may_leave(a)) {
                    repair.put(spare, part);
                }
            }
        }
        repair
    }

    fn anneal(&mut self, chance: &mut Chance, best: &mut Option<(i64, Vec<u32>)>) {
        let n = self.instance.len();
        let total: i64 = self.instance.people.iter().sum();
        let usual = (total as f64 / n as f64).max(1.0);
        let moves = MOVES_AN_ATOM * n as u64;
        let stages = 40;
        for stage in 0..stages {
            let share = f64::from(stage) / f64::from(stages - 1);
            let heat = usual * (2.0 - 1.95 * share);
            // People out of range weigh one at first and four in the end.
            let weight = 1.0 + 3.0 * share;
            for _ in 0..moves / stages as u64 {
                self.work += 1;
                let atom = chance.below(n) as u32;
                let beside = self.instance.graph.neighbours(atom);
                if beside.is_empty() {
                    continue;
                }
                let to = self.part_of[beside[chance.below(beside.len())] as usize];
                let luck = chance.unit();
                let Some(rise) = self.rise(atom, to, weight) else { continue };
                if (rise <= 0.0 || luck < decay(rise / heat)) && self.may_leave(atom) {
                    self.put(atom, to);
                    if self.is_in_range() && best.as_ref().is_none_or(|(held, _)| self.moved < *held) {
                        *best = Some((self.moved, self.part_of.clone()));
                    }
                }
            }
        }
    }

    fn out(&self, people: i64) -> i64 {
        (self.instance.low - people).max(people - self.instance.high).max(0)
    }

    fn is_in_range(&self) -> bool {
        self.held.iter().all(|&people| self.out(people) == 0)
    }

    /// What a move costs; `None` if it is none or would leave a part empty.
    fn rise(&self, atom: u32, to: u32, weight: f64) -> Option<f64> {
        let (i, from) = (atom as usize, self.part_of[atom as usize]);
        if from == to || self.size[from as usize] < 2 {
            return None;
        }
        let people = self.instance.people[i];
        let away = |part: u32| if part == self.prior[i] { 0 } else { people };
        let (less, more) = (self.held[from as usize], self.held[to as usize]);
        let out = self.out(less - people) + self.out(more + people) - self.out(less) - self.out(more);
        Some((away(to) - away(from)) as f64 + weight * out as f64)
    }

    fn put(&mut self, atom: u32, to: u32) {
        let (i, people) = (atom as usize, self.instance.people[atom as usize]);
        let from = std::mem::replace(&mut self.part_of[i], to);
        self.held[from as usize] -= people;
        self.held[to as usize] += people;
        self.size[from as usize] -= 1;
        self.size[to as usize] += 1;
        self.moved += if from == self.prior[i] { people } else { 0 };
        self.moved -= if to == self.prior[i] { people } else { 0 };
    }

    /// Whether the rest of its part hangs together without `atom`, which is not alone. O(part).
    fn may_leave(&mut self, atom: u32) -> bool {
        let own = self.part_of[atom as usize];
        let graph = &self.instance.graph;
        let inside = |a: u32| self.part_of[a as usize] == own && a != atom;
        let Some(start) = graph.neighbours(atom).iter().copied().find(|&a| inside(a)) else { return false };
        self.round += 1;
        self.mark[start as usize] = self.round;
        self.stack.push(start);
        let mut met = 1;
        while let Some(at) = self.stack.pop() {
            for &next in graph.neighbours(at) {
                if self.mark[next as usize] != self.round
                    && self.part_of[next as usize] == own
                    && next != atom
                {
                    self.mark[next as usize] = self.round;
                    met += 1;
                    self.stack.push(next);
                }
            }
        }
        self.work += u64::from(met) / 8;
        met == self.size[own as usize] - 1
    }
}

/// The older parts without their smaller pieces, which go to a part beside them. O(n + m) a round.
fn whole_parts(instance: &Instance, prior: &[u32]) -> Vec<u32> {
    let n = instance.len();
    let mut part_of = prior.to_vec();
    let mut piece = vec![u32::MAX; n];
    let mut pieces: Vec<(u32, Vec<u32>)> = Vec::new();
    for start in 0..n as u32 {
        if piece[start as usize] != u32::MAX {
            continue;
        }
        let part = prior[start as usize];
        piece[start as usize] = pieces.len() as u32;
        let mut atoms = vec![start];
        let mut head = 0;
        while head < atoms.len() {
            for &next in instance.graph.neighbours(atoms[head]) {
                if piece[next as usize] == u32::MAX && prior[next as usize] == part {
                    piece[next as usize] = pieces.len() as u32;
                    atoms.push(next);
                }
            }
            head += 1;
        }
        pieces.push((part, atoms));
    }
    let people = |atoms: &[u32]| atoms.iter().map(|&a| instance.people[a as usize]).sum::<i64>();
    // Largest first: the first piece of each part stays, the others are given away.
    pieces.sort_by_key(|(part, atoms)| (*part, std::cmp::Reverse(people(atoms)), atoms[0]));
    let mut settled = vec![false; n];
    for group in pieces.chunk_by(|a, b| a.0 == b.0) {
        group[0].1.iter().for_each(|&a| settled[a as usize] = true);
    }
    let mut open: Vec<&Vec<u32>> =
        pieces.iter().map(|(_, atoms)| atoms).filter(|atoms| !settled[atoms[0] as usize]).collect();
    while !open.is_empty() {
        let before = open.len();
        open.retain(|atoms| {
            let beside = atoms.iter().flat_map(|&a| instance.graph.neighbours(a));
            let Some(&home) = beside.into_iter().find(|&&b| settled[b as usize]) else { return true };
            let part = part_of[home as usize];
            for &a in atoms.iter() {
                part_of[a as usize] = part;
                settled[a as usize] = true;
            }
            false
        });
        if open.len() == before {
            break;
        }
    }
    part_of
}
