//! What may be hung on the wall: tables without personal data in which no count below k is shown or
//! can be recomputed, from totals of communities or of the whole.
//!
//! Two levels are protected together: communities against the totals of the whole, then the grids of
//! each community against those of its totals that are shown.

use std::collections::BTreeSet;

use polars::prelude::PolarsResult;

use super::csv::csv;
use super::ledgers::Ledger;
use super::{File, Subject};
use crate::model::plan::Grid;
use crate::model::units::Counts;
use crate::office::privacy::{HIDDEN, Suppression, Table, suppress};

/// The public tables, and the codes of grids whose households are not shown.
pub struct Public {
    /// Files under `public/`.
    pub files: Vec<File>,
    /// Grids whose number of households is hidden.
    pub hidden: BTreeSet<String>,
}

/// Makes the public tables of a plan.
///
/// # Errors
/// If a table cannot be turned into CSV, which polars decides.
pub fn public(subject: &Subject<'_>, k: u64) -> PolarsResult<Public> {
    let ledgers = super::ledgers::ledgers(subject);
    let mut files = Vec::new();
    let mut hidden = BTreeSet::new();
    if subject.plan.partition.is_some() {
        let (file, grids) = grids(subject, &ledgers, k)?;
        files.push(file);
        hidden = grids;
    }
    if subject.plan.coverage.is_some() {
        files.push(coverage(subject, k)?);
    }
    Ok(Public { files, hidden })
}

fn published(rows: Vec<Vec<u64>>) -> Table {
    Table { rows, row_totals: true, column_totals: true, grand_total: true }
}

/// Children, others and older people; nobody is in two.
fn ages(counts: Counts) -> Vec<u64> {
    let others = counts.population.saturating_sub(counts.child).saturating_sub(counts.older);
    [counts.child, others, counts.older].map(u64::from).to_vec()
}

/// Hides what must be in one set of columns of the grids, community by community, and tells which
/// communities are shown at all. Where a figure of a community is hidden, small or not, its grids are
/// hidden whole: their sum would give it away.
fn protected(
    grids: &[Vec<&Grid>],
    columns: &dyn Fn(&Grid) -> Vec<u64>,
    k: u64,
) -> (Vec<Suppression>, Vec<bool>) {
    let width = grids.iter().flatten().map(|grid| columns(grid).len()).max().unwrap_or(1);
    let sums = |own: &Vec<&Grid>| {
        let mut sums = vec![0; width];
        own.iter().for_each(|grid| sums.iter_mut().zip(columns(grid)).for_each(|(sum, n)| *sum += n));
        sums
    };
    let whole = suppress(&published(grids.iter().map(sums).collect()), k);
    let hides = |i: usize| {
        whole.row_totals.get(i).copied().unwrap_or(false)
            || whole.cells.get(i).is_some_and(|cells| cells.iter().any(|hidden| *hidden))
    };
    let shown: Vec<bool> = (0..grids.len()).map(|i| !hides(i)).collect();
    let block = |(i, own): (usize, &Vec<&Grid>)| {
        if !shown[i] {
            let cells = vec![vec![true; width]; own.len()];
            let (row_totals, column_totals) = (vec![true; own.len()], vec![true; width]);
            return Suppression { cells, row_totals, column_totals, grand_total: true };
        }
        let rows = own.iter().map(|grid| columns(grid)).collect();
        suppress(&Table { rows, row_totals: width > 1, column_totals: true, grand_total: true }, k)
    };
    let blocks = grids.iter().enumerate().map(block).collect();
    (blocks, shown)
}

/// The grids of each community.
fn by_community<'a>(subject: &Subject<'a>) -> Vec<Vec<&'a Grid>> {
    let mut blocks: Vec<Vec<&Grid>> = vec![Vec::new(); subject.place.communities.len()];
    for grid in subject.plan.partition.iter().flat_map(|p| &p.grids) {
        blocks[grid.community.index()].push(grid);
    }
    blocks
}

fn grids(subject: &Subject<'_>, ledgers: &[Ledger], k: u64) -> PolarsResult<(File, BTreeSet<String>)> {
    let place = subject.place;
    let blocks = by_community(subject);
    let (households, _) = protected(&blocks, &|grid| vec![u64::from(grid.counts.households)], k);
    let (people, _) = protected(&blocks, &|grid| ages(grid.counts), k);
    let ledger = ledgers.iter().find(|ledger| ledger.name == "网格一览表");
    let sides = |code: &str| {
        let row = ledger.and_then(|ledger| ledger.rows.iter().find(|row| row[1] == code));
        row.map(|row| row[5].clone()).unwrap_or_default()
    };
    let mut hidden = BTreeSet::new();
    let mut rows = Vec::new();
    for (c, block) in blocks.iter().enumerate() {
        for (i, grid) in block.iter().enumerate() {
            let count = households[c].shown(i, 0, u64::from(grid.counts.households));
            if count == HIDDEN {
                hidden.insert(grid.code.clone());
            }
            let total = people[c].row_totals.get(i).copied().unwrap_or(false);
            let population = if total { HIDDEN.to_owned() } else { grid.counts.population.to_string() };
            let mut row = vec![
                grid.code.clone(),
                grid.name.clone(),
                if grid.exclusive { "专属网格" } else { "基础网格" }.to_owned(),
                place.communities[c].name.clone(),
                sides(&grid.code),
                count,
                population,
            ];
            row.extend(ages(grid.counts).into_iter().enumerate().map(|(j, n)| people[c].shown(i, j, n)));
            rows.push(row);
        }
    }
    let headers = [
        "网格编码",
        "网格名称",
        "网格类型",
        "所属社区",
        "四至",
        "户数",
        "人口数",
        "儿童",
        "其他",
        "老年人口",
    ];
    Ok((("public/网格一览表（公示）.csv".to_owned(), csv(&headers, &rows, true)?), hidden))
}

fn coverage(subject: &Subject<'_>, k: u64) -> PolarsResult<File> {
    let found = subject.plan.coverage.as_ref();
    let reach: Vec<(u64, u64)> = found.map_or_else(Vec::new, |coverage| {
        coverage.communities.iter().map(|[all, ..]| (all.covered, all.population - all.covered)).collect()
    });
    // A community whose figures are hidden beside its grids is hidden here too.
    let (_, shown) = protected(&by_community(subject), &|grid| ages(grid.counts), k);
    let table = suppress(&published(reach.iter().map(|(a, b)| vec![*a, *b]).collect()), k);
    let rows: Vec<Vec<String>> = subject
        .place
        .communities
        .iter()
        .zip(&reach)
        .enumerate()
        .map(|(i, (community, (covered, beyond)))| {
            let bare = !shown.get(i).copied().unwrap_or(true);
            let total = bare || table.row_totals.get(i).copied().unwrap_or(false);
            let any = total || table.cells[i].iter().any(|hidden| *hidden);
            let all = covered + beyond;
            // A rate would tell the count it was made of.
            let rate = if any || all == 0 {
                HIDDEN.to_owned()
            } else {
                format!("{:.1}%", *covered as f64 / all as f64 * 100.0)
            };
            vec![
                community.name.clone(),
                if total { HIDDEN.to_owned() } else { all.to_string() },
                if bare { HIDDEN.to_owned() } else { table.shown(i, 0, *covered) },
                if bare { HIDDEN.to_owned() } else { table.shown(i, 1, *beyond) },
                rate,
            ]
        })
        .collect();
    let headers = ["社区", "总人口", "覆盖人口", "未覆盖人口", "覆盖率"];
    Ok(("public/覆盖率统计表（公示）.csv".to_owned(), csv(&headers, &rows, true)?))
}
