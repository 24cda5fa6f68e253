//! The optimum over few sites first: those left out are taken in as their prices ask for them
//! (sifting). Steps over few sites and short lists cost a fraction of those over all.

use super::vertex::Vertex;
use super::{Ended, Simplex};
use crate::location::rows::{Fate, Rows};
use crate::location::tree::Meter;

/// Share of the sites to begin with, as a divisor, and how many more for each that is to be open.
const FIRST: usize = 4;
const EACH: usize = 3;
/// Rounds of sites taken in.
const ROUNDS: u32 = 12;
/// Steps in a round.
const STEPS: u32 = 20_000;
/// Shares of the price of the last open site below which a difference counts as none.
const SAME: i64 = 1 << 30;

/// Some of the sites, and the rows over them.
struct Part {
    rows: Rows,
    /// The number outside of each site and row, and the other way round.
    sites: Vec<u32>,
    kept: Vec<u32>,
    site_of: Vec<Option<u32>>,
    row_of: Vec<Option<u32>>,
}

impl Part {
    fn of(rows: &Rows, within: &[bool]) -> Self {
        let fate: Vec<Fate> =
            within.iter().map(|within| if *within { Fate::Free } else { Fate::Closed }).collect();
        let (part, sites, kept) = rows.restricted(&fate);
        let (site_of, row_of) = (inverse(&sites, rows.sites), inverse(&kept, rows.len()));
        Self { rows: part, sites, kept, site_of, row_of }
    }
}

/// The place of each number below `count`.
pub(super) fn inverse(numbers: &[u32], count: usize) -> Vec<Option<u32>> {
    let mut places = vec![None; count];
    for (k, number) in (0u32..).zip(numbers) {
        places[*number as usize] = Some(k);
    }
    places
}

/// A vertex at or near the optimum, from sites to open and what each site costs less earns under
/// multipliers nearly as good; none where that is of no help.
pub(super) fn vertex(
    rows: &Rows,
    scale: i64,
    open: &[u32],
    price: &[i64],
    meter: &mut Meter,
) -> Option<Vertex> {
    let few = rows.sites / FIRST + EACH * open.len();
    if price.len() != rows.sites || few * 2 > rows.sites || open.is_empty() {
        return None;
    }
    let mut within = vec![false; rows.sites];
    open.iter().for_each(|j| within[*j as usize] = true);
    let mut order: Vec<u32> = (0..rows.sites as u32).collect();
    order.select_nth_unstable_by_key(few, |j| (price[*j as usize], *j));
    order[..few].iter().for_each(|j| within[*j as usize] = true);
    let mut at: Option<Vertex> = None;
    for _ in 0..ROUNDS {
        let part = Part::of(rows, &within);
        let columns = part.rows.columns();
        meter.done += rows.entries.len() as u64;
        let start: Vec<u32> = open.iter().filter_map(|j| part.site_of[*j as usize]).collect();
        let mut simplex = Simplex::new(&part.rows, &columns, Some(open.len()), 0.0, &start);
        if let Some(at) = &at {
            let (site, row) = (|j: u32| part.site_of[j as usize], |i: u32| part.row_of[i as usize]);
            if !simplex.restore(&at.carried(rows, &part.rows, site, row)) {
                simplex = Simplex::new(&part.rows, &columns, Some(open.len()), 0.0, &start);
            }
        }
        if simplex.run(STEPS, meter) != Ended::Optimal {
            return at;
        }
        let (site, row) = (|j: u32| Some(part.sites[j as usize]), |i: u32| Some(part.kept[i as usize]));
        at = Some(simplex.vertex().carried(&part.rows, rows, site, row));
        let price = prices(rows, scale, &part, &simplex.multipliers(scale));
        meter.done += rows.entries.len() as u64;
        let mut own: Vec<i64> = part.sites.iter().map(|j| price[*j as usize]).collect();
        let last = *own.select_nth_unstable(open.len() - 1).1;
        let mut missing: Vec<u32> = (0..rows.sites as u32)
            .filter(|j| !within[*j as usize] && price[*j as usize] < last - last.abs() / SAME)
            .collect();
        if missing.is_empty() {
            break;
        }
        missing.sort_unstable_by_key(|j| (price[*j as usize], *j));
        missing.iter().take(few).for_each(|j| within[*j as usize] = true);
    }
    at
}

/// What each site costs less earns where rows without a site in the part pay for their alternative.
fn prices(rows: &Rows, scale: i64, part: &Part, pays: &[i64]) -> Vec<i64> {
    let mut price = vec![0i64; rows.sites];
    for row in 0..rows.len() {
        let unit = rows.weight[row] * scale;
        let pays = part.row_of[row].map_or(unit * i64::from(rows.cap[row]), |k| pays[k as usize]);
        for e in rows.row(row) {
            let less = unit * i64::from(e.distance) - pays;
            if less >= 0 {
                break;
            }
            price[e.site as usize] += less;
        }
    }
    price
}
