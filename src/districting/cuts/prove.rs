//! The proof: a sweep over all divisions that are not yet known to be too dear.

use super::boxes::Grain;
use super::diagram::{Course, Diagram, FAR};
use super::net::Net;
use super::order::{sweep_order, widths};
use super::pattern::{self, Layer, MOST_PARTS, Rules, WIDEST};

/// The most patterns or states in one layer, and the most patterns in all.
const MOST_STATES: usize = 100_000;
const MOST_PATTERNS: usize = 3_000_000;

/// What a sweep came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proof {
    /// No division costs less; [`FAR`] when there is no division at all.
    pub(crate) bound: i64,
    /// A division found on the way, cheaper than what was known.
    pub(crate) part_of: Option<Vec<u32>>,
    /// Arcs and choices looked at.
    pub(crate) work: u64,
}

/// Whether people and parts fit the numbers a sweep keeps.
pub(crate) fn fits(net: &Net) -> bool {
    let small = net.total().max(net.high) < i64::from(u32::MAX) && net.low >= 0;
    small && net.parts as usize <= MOST_PARTS && net.len() < 100_000
}

/// An order for sweeps over `net`, when one is narrow enough; counts its work.
pub(crate) fn order_for(net: &Net, work: &mut u64) -> Option<Vec<u32>> {
    let starts = (400_000 / net.len().max(1)).clamp(4, 300);
    let order = sweep_order(net, starts);
    let widths = widths(net, &order);
    *work += (starts * widths.iter().sum::<usize>() * 4) as u64;
    (widths.iter().max().copied().unwrap_or(0) < WIDEST && order.len() == net.len()).then_some(order)
}

/// Sweeps over the divisions cheaper than `below` (all when nothing is known), first with parts
/// that need not be in one piece, then with connected ones, with people told apart ever more
/// finely. Ends when the bound meets a division or `limit` work is done; patterns that need more
/// than two thirds of that leave no hope.
pub(crate) fn prove(net: &Net, order: &[u32], below: Option<i64>, limit: u64) -> Proof {
    let below = below.unwrap_or(FAR);
    let mut proof = Proof::default();
    let mut work = 0;
    let joined = Rules { below, most: MOST_PATTERNS, joined: true, guide: None, limit: limit / 3 * 2 };
    let Some(layers) = pattern::layers(net, order, &joined, &mut work) else {
        return Proof { work, ..proof };
    };
    let top = 63 - (net.high.max(1) as u64).leading_zeros();
    let mut sweep = Sweep { net, order, below, limit, work, shift: top };
    let mut diagram = Diagram::coarsest(&layers);
    let mut layers = layers;
    let mut connected = false;
    sweep.judge(&diagram, &mut proof);
    while proof.bound < below {
        let Some(finer) = sweep.refine(&diagram, &layers) else { break };
        diagram = finer;
        sweep.judge(&diagram, &mut proof);
        if connected && sweep.found(&diagram, &layers, &mut proof) || proof.bound >= below {
            break;
        }
        if !connected {
            let rules = Rules { joined: false, guide: Some(&diagram), limit, ..joined };
            if let Some(finer) = pattern::layers(net, order, &rules, &mut sweep.work) {
                layers = finer;
                diagram = Diagram::coarsest(&layers);
                connected = true;
                sweep.judge(&diagram, &mut proof);
            }
        }
        if sweep.shift == 0 {
            break;
        }
        sweep.shift -= 1;
    }
    Proof { work: sweep.work, ..proof }
}

struct Sweep<'a> {
    net: &'a Net,
    order: &'a [u32],
    below: i64,
    limit: u64,
    work: u64,
    shift: u32,
}

impl Sweep<'_> {
    fn refine(&mut self, diagram: &Diagram, layers: &[Layer]) -> Option<Diagram> {
        let course = Course { net: self.net, order: self.order, layers };
        let grain = Grain { shift: self.shift, most: MOST_STATES, below: self.below };
        diagram.refined(&course, grain, &mut self.work, self.limit)
    }

    /// Whatever is dearer than what is known was left out, so nothing more is proven than that.
    fn judge(&self, diagram: &Diagram, proof: &mut Proof) {
        proof.bound = proof.bound.max(diagram.cheapest().min(self.below));
    }

    /// Whether a cheapest way through the diagram is a division in range: then it is best.
    fn found(&self, diagram: &Diagram, layers: &[Layer], proof: &mut Proof) -> bool {
        let Some(labels) = diagram.labels(self.net, layers) else { return false };
        let mut part_of = vec![0; labels.len()];
        for (&atom, &label) in self.order.iter().zip(&labels) {
            part_of[atom as usize] = label;
        }
        let good = self.net.in_range(&part_of) && self.net.cut(&part_of) == diagram.cheapest();
        if good {
            proof.part_of = Some(part_of);
        }
        good
    }
}
