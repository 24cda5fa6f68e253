//! The choice among all parts that a division can use: relaxed, cut, and branched where need be.

use super::bound::Dual;
use super::cover::Cover;
use super::linear::Linear;
use super::pool::Pool;
use super::triples::Triple;
use crate::districting::instance::Instance;

/// Parts with which a program begins.
const FIRST: usize = 2_500;

/// Rounds of cuts, cuts in each, and by how much they have to be broken.
const ROUNDS: usize = 30;
const CUTS: usize = 40;
const BROKEN: f64 = 0.03;

/// Percent of the gap that a round of cuts may leave if another one is to follow.
const WORTH: i64 = 96;

/// Parts up to which it is tried to choose at once, and nodes for that.
const FEW: usize = 12_000;
const NODES: u64 = 30_000;

/// What a choice costs, and for each part its family and its atoms.
pub(crate) type Choice = (i64, Vec<(u32, Vec<u32>)>);

/// How the search for the best choice ended.
pub(crate) struct Chosen {
    /// No choice costs less than this or the limit.
    pub(crate) bound: i64,
    /// The best choice below the limit.
    pub(crate) best: Option<Choice>,
    /// Work done.
    pub(crate) work: u64,
}

struct Branch<'p> {
    bound: i64,
    pool: Pool<'p>,
    /// Prices of atoms and cuts with which to begin.
    prices: Vec<i64>,
    triples: Vec<Triple>,
    /// For each atom those it is known to share a part with, or not to.
    decided: Vec<Vec<u32>>,
    /// Parts of the program above.
    parts: Vec<(u32, Vec<u32>)>,
}

struct Chooser<'i> {
    instance: &'i Instance,
    limit: i64,
    best: Option<Choice>,
    work: u64,
    most: u64,
    few: usize,
}

/// The best choice within `most` work from `pool`, which holds every part that one below the limit of `dual` could use.
pub(crate) fn choose(
    instance: &Instance,
    rivals: &[Vec<u32>],
    pool: Pool<'_>,
    dual: &Dual,
    most: u64,
) -> Chosen {
    choose_by(instance, rivals, pool, dual, most, FEW)
}

/// The same with a choice at once from up to `few` parts.
pub(super) fn choose_by(
    instance: &Instance,
    rivals: &[Vec<u32>],
    pool: Pool<'_>,
    dual: &Dual,
    most: u64,
    few: usize,
) -> Chosen {
    let mut chooser = Chooser { instance, limit: dual.limit, best: None, work: 0, most, few };
    let mut open = vec![Branch {
        bound: dual.bound,
        pool,
        prices: dual.prices.clone(),
        triples: dual.triples.clone(),
        decided: rivals.to_vec(),
        parts: Vec::new(),
    }];
    while let Some(at) = (0..open.len()).min_by_key(|&i| (open[i].bound, i)) {
        if open[at].bound >= chooser.limit || chooser.work >= most {
            break;
        }
        let branch = open.swap_remove(at);
        chooser.work += 1;
        open.extend(chooser.visit(branch));
    }
    let bound = open.iter().map(|branch| branch.bound).min().unwrap_or(chooser.limit).min(chooser.limit);
    Chosen { bound, best: chooser.best, work: chooser.work }
}

impl Chooser<'_> {
    fn visit<'p>(&mut self, mut branch: Branch<'p>) -> Vec<Branch<'p>> {
        let mut dual = Dual::new(branch.prices.clone(), branch.bound, branch.pool.classes, self.limit);
        dual.triples = branch.triples.clone();
        if branch.pool.len() == 0 || !branch.pool.refine(self.instance, &mut dual) {
            self.work += dual.nodes;
            return Vec::new();
        }
        let mut first = std::mem::take(&mut branch.parts);
        first.extend(branch.pool.lightest(FIRST));
        let mut linear = Linear::new(branch.pool.classes, first, &dual, &branch.triples);
        let mut tried = usize::MAX;
        for round in 0..ROUNDS {
            let before = self.limit - dual.bound;
            dual.limit = self.limit;
            let open = linear.converge(&mut branch.pool, &mut dual, false, u64::MAX);
            self.work += linear.work() + std::mem::take(&mut dual.nodes);
            if !open || dual.bound >= self.limit || !branch.pool.refine(self.instance, &mut dual) {
                self.work += dual.nodes;
                return Vec::new();
            }
            if branch.pool.len() < tried.min(self.few) {
                tried = branch.pool.len() / 4 * 3;
                if self.cover(&branch.pool, &dual, NODES) {
                    return Vec::new();
                }
            }
            if self.work >= self.most {
                break;
            }
            linear.purge(&dual);
            linear.forbid_all_but(&branch.pool.holds());
            let gap = self.limit - dual.bound;
            if (round > 0 && gap > before / 100 * WORTH) || linear.separate(CUTS, BROKEN) == 0 {
                break;
            }
        }
        branch.bound = branch.bound.max(dual.bound);
        branch.prices.clone_from(&dual.prices);
        branch.triples.clone_from(&dual.triples);
        if self.work >= self.most {
            return vec![branch];
        }
        let pair = linear.pair(self.instance, &branch.decided, self.limit);
        self.work += linear.work();
        match pair {
            Some(pair) => branch.split(pair, &linear.parts().collect::<Vec<_>>()),
            // Every two neighbours are decided: nothing is left but to look.
            None => {
                self.cover(&branch.pool, &dual, u64::MAX);
                Vec::new()
            }
        }
    }

    /// Chooses at once; whether every choice was looked at or ruled out.
    fn cover(&mut self, pool: &Pool<'_>, dual: &Dual, nodes: u64) -> bool {
        let families: Vec<u32> = (0..pool.len()).map(|set| pool.family(set)).collect();
        let base = dual.prices.iter().sum::<i64>() - dual.paid();
        let classes = pool.classes;
        let cover = Cover::new(&pool.sets, pool.costs(), &families, classes.atoms, classes.chosen, base);
        let covered = cover.search(self.limit, nodes);
        self.work += covered.nodes;
        if let Some((cost, sets)) = covered.best {
            self.limit = cost;
            let part = |&set: &u32| (families[set as usize], pool.sets.atoms(set as usize).collect());
            self.best = Some((cost, sets.iter().map(part).collect()));
        }
        covered.whole
    }
}

impl<'p> Branch<'p> {
    /// The two branches in which a pair shares a part, or does not.
    fn split(self, (a, b): (u32, u32), parts: &[(u32, Vec<u32>)]) -> Vec<Self> {
        let branch = |tied: bool| {
            let fits = |(has_a, has_b): (bool, bool)| if tied { has_a == has_b } else { !(has_a && has_b) };
            let sets = &self.pool.sets;
            let pool = self.pool.only(|set| fits((sets.holds(set, a), sets.holds(set, b))));
            let mut parts: Vec<(u32, Vec<u32>)> = parts.to_vec();
            parts.retain(|(_, atoms)| fits((atoms.contains(&a), atoms.contains(&b))));
            let mut decided = self.decided.clone();
            decided[a as usize].push(b);
            decided[b as usize].push(a);
            Self {
                bound: self.bound,
                pool,
                prices: self.prices.clone(),
                triples: self.triples.clone(),
                decided,
                parts,
            }
        };
        vec![branch(true), branch(false)]
    }
}
