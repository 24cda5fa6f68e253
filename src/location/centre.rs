//! p-center: a short longest distance, by bisection over whole radii.

use super::answer::{Siting, Unsolvable};
use super::cover::{finish, within};
use super::instance::{Instance, State};
use super::nearby::Nearby;
use super::setcover;
use super::tree::Meter;

/// A short longest distance with `p` sites.
pub(super) fn solve(instance: &Instance, p: u32, work: u64) -> Result<Siting, Unsolvable> {
    let free = instance.in_state(State::Free);
    if p as usize > free.len() {
        return Err(Unsolvable::FewSites { wanted: p, free: free.len() });
    }
    let mut usable = free.clone();
    usable.extend(instance.in_state(State::Open));
    usable.sort_unstable();
    if usable.is_empty() || (p == 0 && usable.len() == free.len()) {
        return Err(Unsolvable::NoSites);
    }
    let near = Nearby::of(instance, &usable);
    let people = || (0..instance.weights.len()).filter(|row| instance.weights[*row] > 0);
    let beyond: Vec<u32> =
        people().filter(|row| near.nearest(*row).is_none()).map(|row| row as u32).collect();
    if !beyond.is_empty() {
        return Err(Unsolvable::Unreachable { rows: beyond, radius: None });
    }
    let mut meter = Meter { done: 0, limit: work };
    // Nobody is nearer than their nearest site; the longest distance at all is within the type.
    let mut low = people().filter_map(|row| near.nearest(row)).map(|e| e.distance).max().unwrap_or(0);
    let mut siting = farthest_first(instance, &free, p as usize);
    let mut high = match longest(instance, &siting) {
        Some(longest) => longest,
        None => pieces(instance, &free, p, &mut meter, &mut siting)?,
    };
    let mut open_from = low;
    while open_from < high {
        let radius = open_from.midpoint(high);
        let reach = within(instance, &free, radius, true);
        let mut refused = !reach.beyond.is_empty();
        if !refused {
            let found = setcover::fewest(&reach.rows, p as usize, true, &mut meter);
            if found.chosen.len() <= p as usize {
                let chosen = found.chosen.iter().map(|j| free[*j as usize]).collect();
                siting = finish(instance, &free, chosen, p as usize, u32::MAX);
                high = longest(instance, &siting).map_or(radius, |l| l.min(radius));
                continue;
            }
            refused = found.bound > p as usize;
        }
        if refused && low == open_from {
            low = radius + 1;
        }
        open_from = radius + 1;
    }
    Ok(Siting { value: i64::from(high), bound: i64::from(low.min(high)), ..siting })
}

/// Where sites chosen far apart do not reach everybody: a choice that does, by covering.
fn pieces(
    instance: &Instance,
    free: &[u32],
    p: u32,
    meter: &mut Meter,
    siting: &mut Siting,
) -> Result<u32, Unsolvable> {
    let reach = within(instance, free, u32::MAX - 1, true);
    let found = setcover::fewest(&reach.rows, p as usize, false, meter);
    let (chosen, needed) = (found.chosen, found.bound);
    if needed > p as usize {
        return Err(Unsolvable::NeedMore { wanted: p, needed: needed as u32 });
    }
    if chosen.len() > p as usize {
        return Err(Unsolvable::NotFound);
    }
    let chosen = chosen.iter().map(|j| free[*j as usize]).collect();
    *siting = finish(instance, free, chosen, p as usize, u32::MAX);
    longest(instance, siting).ok_or(Unsolvable::NotFound)
}

/// Sites far from one another (Gonzalez 1985): each next one serves the row that is farthest.
fn farthest_first(instance: &Instance, free: &[u32], p: usize) -> Siting {
    let all = Nearby::of(instance, free);
    let stands = Nearby::of(instance, &instance.in_state(State::Open));
    let mut far: Vec<u32> = (0..instance.weights.len())
        .map(|row| {
            if instance.weights[row] == 0 { 0 } else { stands.nearest(row).map_or(u32::MAX, |e| e.distance) }
        })
        .collect();
    let mut chosen: Vec<u32> = Vec::new();
    for _ in 0..p {
        let Some(row) = (0..far.len()).max_by_key(|row| (far[*row], std::cmp::Reverse(*row))) else { break };
        let Some(site) = all.nearest(row).map(|e| e.site).filter(|j| far[row] > 0 && !chosen.contains(j))
        else {
            break;
        };
        chosen.push(site);
        let one = Nearby::of(instance, &[site]);
        for (row, far) in far.iter_mut().enumerate() {
            *far = (*far).min(one.nearest(row).map_or(u32::MAX, |e| e.distance));
        }
    }
    finish(instance, free, chosen, p, u32::MAX)
}

/// The longest distance of a row with weight; none if a row is not served.
fn longest(instance: &Instance, siting: &Siting) -> Option<u32> {
    let near = Nearby::of(instance, &siting.chosen);
    let mut longest = 0;
    for row in (0..instance.weights.len()).filter(|row| instance.weights[*row] > 0) {
        longest = longest.max(near.nearest(row)?.distance);
    }
    Some(longest)
}
