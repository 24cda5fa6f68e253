//! A lower bound on the moment of inertia, as a certificate.
//!
//! Any division into k grids picks k duty points and sends everybody to that of their own grid, so
//! the k-median of the same people is never worse. Its Lagrangian dual (Cornuéjols, Fisher and
//! Nemhauser 1977) bounds it: for any prices u, Σu + the k smallest Σ min(0, c − u). Prices are
//! whole numbers and so is the sum, hence no rounding can lift it above the truth. O(n²) an
//! iteration, iterations limited so that the work stays near [`WORK`].

use super::task::Task;

/// Distance evaluations spent on one community.
const WORK: usize = 400_000;

/// Most iterations of the subgradient method.
const ITERATIONS: usize = 120;

/// Squared distance in whole square metres, rounded.
pub(super) fn square_m2(square_cm: i64) -> u64 {
    (square_cm.unsigned_abs() + 5_000) / 10_000
}

/// Moment around the best atom of a set, and that atom (the lowest of equals).
pub(super) fn inertia_of(task: &Task, atoms: &[u32]) -> (u64, u32) {
    let moment = |centre: u32| -> u64 {
        let of = |&a: &u32| task.population[a as usize] as u64 * square_m2(task.square(a, centre));
        atoms.iter().map(of).sum()
    };
    atoms.iter().map(|&a| (moment(a), a)).min().unwrap_or((0, 0))
}

/// A number that the moment of inertia of no division into `grids` grids falls below.
pub(super) fn inertia(task: &Task, grids: usize, grid_of: &[u32]) -> u64 {
    let n = task.len();
    let people: Vec<usize> = (0..n).filter(|&a| task.population[a] > 0).collect();
    if people.is_empty() || grids == 0 {
        return 0;
    }
    let target: i128 = (0..grids as u32)
        .map(|g| {
            let atoms: Vec<u32> = (0..n as u32).filter(|&a| grid_of[a as usize] == g).collect();
            i128::from(inertia_of(task, &atoms).0)
        })
        .sum();
    let cost =
        |i: usize, j: u32| i128::from(task.population[i]) * i128::from(square_m2(task.square(i as u32, j)));
    // Start from what everybody walks now.
    let mut price: Vec<i128> = people
        .iter()
        .map(|&i| {
            let own = grid_of[i];
            let centre = (0..n as u32).filter(|&a| grid_of[a as usize] == own);
            centre.map(|j| cost(i, j)).max().unwrap_or(0) / 2
        })
        .collect();
    let rounds = (WORK / (people.len() * n)).min(ITERATIONS);
    let mut best = 0i128;
    let mut step = 1.0f64;
    for _ in 0..rounds {
        let mut gains: Vec<(i128, u32)> = (0..n as u32)
            .map(|j| {
                let gain = people.iter().zip(&price).map(|(&i, u)| (cost(i, j) - u).min(0)).sum();
                (gain, j)
            })
            .collect();
        gains.sort_unstable();
        let open = &gains[..grids.min(gains.len())];
        let value = price.iter().sum::<i128>() + open.iter().map(|g| g.0).sum::<i128>();
        if value > best {
            best = value;
        } else {
            step *= 0.9;
        }
        // One person served too often lowers a price, one served by nobody raises it.
        let slope: Vec<i128> = people
            .iter()
            .zip(&price)
            .map(|(&i, u)| 1 - open.iter().filter(|g| cost(i, g.1) < *u).count() as i128)
            .collect();
        let length: i128 = slope.iter().map(|s| s * s).sum();
        if length == 0 {
            break;
        }
        let size = step * (target - value).max(1) as f64 / length as f64;
        for (price, slope) in price.iter_mut().zip(&slope) {
            *price = (*price + (size * *slope as f64) as i128).max(0);
        }
    }
    u64::try_from(best.max(0)).unwrap_or(u64::MAX)
}
