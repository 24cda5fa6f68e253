//! The deliverables an office hands in, with the columns their forms usually have: once as tables of
//! text, from which the CSV files and the workbook are made.

use std::collections::BTreeMap;

use polars::prelude::PolarsResult;

use super::csv::csv;
use super::{File, Subject, rejection};
use crate::model::place::{BarrierKind, SetAside};
use crate::model::plan::{Grid, Reach};
use crate::office::Language;
use crate::office::sides::{BoundKind, NamedLine, Surroundings};
use crate::office::workbook::ColumnKind::{self, Decimal, Percent, Text, Whole};

/// A column's header and how its cells are to be read.
pub(super) type Column = (&'static str, ColumnKind);

/// One deliverable. Cells are text; an empty one is to be filled in, or does not apply.
pub(super) struct Ledger {
    pub(super) name: &'static str,
    /// Units, and what has to be known to read it.
    pub(super) note: &'static str,
    pub(super) columns: &'static [Column],
    pub(super) rows: Vec<Vec<String>>,
    pub(super) totals: Option<Vec<String>>,
}

/// Every ledger as CSV: UTF-8 with a byte order mark, so that a spreadsheet opens it as it is.
pub(super) fn files(ledgers: &[Ledger]) -> PolarsResult<Vec<File>> {
    let filled = ledgers.iter().filter(|ledger| !ledger.rows.is_empty() || ledger.name.contains("网格"));
    filled
        .map(|ledger| {
            let headers: Vec<&str> = ledger.columns.iter().map(|column| column.0).collect();
            let rows = [ledger.rows.as_slice(), ledger.totals.as_slice()].concat();
            Ok((format!("ledgers/{}.csv", ledger.name), csv(&headers, &rows, true)?))
        })
        .collect()
}

/// The ledgers of what was planned, in the order of the workbook.
pub(super) fn ledgers(subject: &Subject<'_>) -> Vec<Ledger> {
    let mut all = Vec::new();
    if subject.plan.partition.is_some() {
        all.push(grids(subject));
        all.push(changes(subject));
        all.push(staff(subject));
    }
    if subject.plan.coverage.is_some() {
        all.push(coverage(subject));
        all.push(centres(subject));
    }
    if subject.plan.siting.is_some() {
        all.push(siting(subject));
    }
    all
}

const GRIDS: [Column; 20] = [
    ("序号", Text),
    ("网格编码", Text),
    ("网格名称", Text),
    ("网格类型", Text),
    ("所属社区", Text),
    ("四至", Text),
    ("面积", Whole),
    ("楼栋数", Whole),
    ("户数", Whole),
    ("人口数", Whole),
    ("老年人口", Whole),
    ("儿童", Whole),
    ("党员数", Whole),
    ("网格党支部", Text),
    ("网格长", Text),
    ("网格员", Text),
    ("联系电话", Text),
    ("值守点", Text),
    ("是否达标", Text),
    ("备注", Text),
];

fn grids(subject: &Subject<'_>) -> Ledger {
    let place = subject.place;
    let grids: Vec<&Grid> = subject.plan.partition.iter().flat_map(|p| &p.grids).collect();
    let around = surroundings(subject, &grids);
    let row = |(number, grid): (usize, &&Grid)| {
        let counts = grid.counts;
        let sides = around.sides(&grid.shape, Some(&grid.name)).text(Language::Chinese);
        let kind = if grid.exclusive { "专属网格" } else { "基础网格" };
        let mut row = vec![
            number.to_string(),
            grid.code.clone(),
            grid.name.clone(),
            kind.to_owned(),
            place.communities[grid.community.index()].name.clone(),
            sides,
            format!("{:.0}", grid.area_m2),
        ];
        row.extend(
            [grid.atoms, counts.households, counts.population, counts.older, counts.child]
                .map(|n| n.to_string()),
        );
        row.extend(std::iter::repeat_n(String::new(), 5));
        row.push(place.atoms[grid.duty_point.index()].code.clone());
        row.push(if grid.reason.is_none() { "是" } else { "否" }.to_owned());
        row.push(grid.reason.as_ref().map(|r| subject.reason(r)).unwrap_or_default());
        row
    };
    let rows: Vec<Vec<String>> = (1..).zip(&grids).map(row).collect();
    let totals = totals(&GRIDS, &rows, 6..12);
    Ledger {
        name: "网格一览表",
        note: "面积单位：平方米。户数不在范围的网格，理由见备注。",
        columns: &GRIDS,
        rows,
        totals,
    }
}

/// What could bound a grid: named streets, rivers and railways, then its neighbours.
fn surroundings(subject: &Subject<'_>, grids: &[&Grid]) -> Surroundings {
    let named = subject.place.context.named.iter().map(|named| NamedLine {
        name: named.name.clone(),
        kind: match named.kind {
            None => BoundKind::Street,
            Some(BarrierKind::Railway) => BoundKind::Railway,
            Some(_) => BoundKind::River,
        },
        line: named.line.clone(),
    });
    let neighbour = |name: &str, shape: &geo::MultiPolygon<f64>| {
        let line = |polygon: &geo::Polygon<f64>| NamedLine {
            name: name.to_owned(),
            kind: BoundKind::Neighbour,
            line: polygon.exterior().clone(),
        };
        shape.iter().map(line).collect::<Vec<_>>()
    };
    let neighbours = grids.iter().flat_map(|grid| neighbour(&grid.name, &grid.shape));
    Surroundings::new(&named.chain(neighbours).collect::<Vec<_>>())
}

/// 合计 under some columns of whole numbers.
fn totals(columns: &[Column], rows: &[Vec<String>], sums: std::ops::Range<usize>) -> Option<Vec<String>> {
    let mut line = vec![String::new(); columns.len()];
    line[0] = "合计".to_owned();
    for column in sums {
        let sum: u64 = rows.iter().filter_map(|row| row[column].parse::<u64>().ok()).sum();
        line[column] = sum.to_string();
    }
    (!rows.is_empty()).then_some(line)
}

const CHANGES: [Column; 5] =
    [("原网格编码", Text), ("新网格编码", Text), ("涉及户数", Whole), ("调整户数", Whole), ("原因", Text)];

fn changes(subject: &Subject<'_>) -> Ledger {
    let changes = subject.plan.partition.iter().flat_map(|p| &p.changes);
    let text = |code: &Option<String>| code.clone().unwrap_or_default();
    let row = |c: &crate::model::plan::Change| {
        let kind = c.kind.chinese().to_owned();
        vec![text(&c.old), text(&c.new), c.households.to_string(), c.moved.to_string(), kind]
    };
    let rows: Vec<Vec<String>> = changes.map(row).collect();
    let totals = totals(&CHANGES, &rows, 2..4);
    Ledger { name: "网格调整对照表", note: "单位：户", columns: &CHANGES, rows, totals }
}

const STAFF: [Column; 9] = [
    ("网格编码", Text),
    ("网格名称", Text),
    ("姓名", Text),
    ("性别", Text),
    ("政治面貌", Text),
    ("职务", Text),
    ("专职/兼职", Text),
    ("力量类型", Text),
    ("电话", Text),
];

/// A line for each grid, to be filled in.
fn staff(subject: &Subject<'_>) -> Ledger {
    let grids = subject.plan.partition.iter().flat_map(|p| &p.grids);
    let row = |grid: &Grid| {
        let mut row = vec![grid.code.clone(), grid.name.clone()];
        row.resize(STAFF.len(), String::new());
        row
    };
    let note = "每行一人，请填写；一格多人的请加行。";
    Ledger { name: "网格员配备表", note, columns: &STAFF, rows: grids.map(row).collect(), totals: None }
}

const COVERAGE: [Column; 10] = [
    ("社区编码", Text),
    ("社区", Text),
    ("总人口", Whole),
    ("覆盖人口", Whole),
    ("覆盖率", Percent(1)),
    ("老年覆盖率", Percent(1)),
    ("儿童覆盖率", Percent(1)),
    ("平均步行分钟", Decimal(1)),
    ("最远分钟", Decimal(1)),
    ("盲区户数", Whole),
];

fn coverage(subject: &Subject<'_>) -> Ledger {
    let minutes =
        |t: Option<crate::model::units::WalkTime>| t.map_or(String::new(), |t| format!("{:.1}", t.minutes()));
    let percent =
        |r: &Reach| if r.population == 0 { String::new() } else { format!("{:.1}%", r.share() * 100.0) };
    let row = |code: &str, name: &str, [all, older, child]: &[Reach; 3], gap: u64| {
        vec![
            code.to_owned(),
            name.to_owned(),
            all.population.to_string(),
            all.covered.to_string(),
            percent(all),
            percent(older),
            percent(child),
            minutes(all.mean()),
            minutes(all.longest),
            gap.to_string(),
        ]
    };
    let communities = subject.place.communities.iter();
    let found = subject.plan.coverage.as_ref();
    let each = found.map(|coverage| {
        let rows = communities.zip(coverage.communities.iter().zip(&coverage.gap_households));
        rows.map(|(community, (reach, gap))| row(&community.code, &community.name, reach, *gap)).collect()
    });
    let total = found.map(|coverage| {
        let total = [coverage.all, coverage.groups[1], coverage.groups[2]];
        row("", "合计", &total, coverage.gap_households.iter().sum())
    });
    let note = "单位：人、分钟、户。规定时间内步行可达为覆盖。";
    Ledger {
        name: "覆盖率统计表", note, columns: &COVERAGE, rows: each.unwrap_or_default(), totals: total
    }
}

const CENTRES: [Column; 16] = [
    ("编码", Text),
    ("名称", Text),
    ("层级", Text),
    ("地址", Text),
    ("经度", Decimal(7)),
    ("纬度", Decimal(7)),
    ("坐标系", Text),
    ("建筑面积", Whole),
    ("标准面积", Whole),
    ("差额", Whole),
    ("达标", Text),
    ("方案", Text),
    ("完成时限", Text),
    ("状态", Text),
    ("就近人口", Whole),
    ("备注", Text),
];

fn centres(subject: &Subject<'_>) -> Ledger {
    let place = subject.place;
    let frame = crate::geometry::projection::LocalFrame::around(place.origin);
    let mut served: BTreeMap<usize, u64> = BTreeMap::new();
    for (atom, nearest) in place.atoms.iter().zip(subject.plan.coverage.iter().flat_map(|c| &c.nearest)) {
        if let Some((centre, _)) = nearest {
            *served.entry(centre.index()).or_insert(0) += u64::from(atom.counts.population);
        }
    }
    let levels = ["", "市", "区县", "街道乡镇", "社区村", "微站"];
    let row = |(i, centre): (usize, &crate::model::place::Centre)| {
        let site = &centre.site;
        let (lon, lat) = frame.to_degrees(site.at.x(), site.at.y());
        let counts = centre.serves(subject.rules.siting.level);
        let mut row = vec![
            site.code.clone(),
            site.name.clone(),
            centre.level.map_or("", |level| levels[usize::from(level.min(5))]).to_owned(),
            site.address.clone().unwrap_or_default(),
            format!("{lon:.7}"),
            format!("{lat:.7}"),
            "WGS 84".to_owned(),
            site.area_m2.map_or(String::new(), |area| format!("{area:.0}")),
        ];
        row.extend(std::iter::repeat_n(String::new(), 5));
        row.push(if centre.open { "开放" } else { "关闭" }.to_owned());
        row.push(served.get(&i).copied().unwrap_or(0).to_string());
        row.push(if counts { "" } else { "不计入本级覆盖" }.to_owned());
        row
    };
    let rows = place.centres.iter().enumerate().map(row).collect();
    Ledger {
        name: "党群服务中心台账", note: "面积单位：平方米", columns: &CENTRES, rows, totals: None
    }
}

const SITING: [Column; 10] = [
    ("排名", Text),
    ("编码", Text),
    ("名称", Text),
    ("措施", Text),
    ("地址", Text),
    ("面积", Whole),
    ("成本", Whole),
    ("新增覆盖人数", Whole),
    ("节省步行人分钟", Whole),
    ("结论与理由", Text),
];

fn siting(subject: &Subject<'_>) -> Ledger {
    let place = subject.place;
    let row = |rank: String, i: usize, added: String, saved: String, reason: String| {
        let candidate = &place.candidates[i];
        let site = &candidate.site;
        vec![
            rank,
            site.code.clone(),
            site.name.clone(),
            candidate.action.map_or("", crate::model::place::Action::character).to_owned(),
            site.address.clone().unwrap_or_default(),
            site.area_m2.map_or(String::new(), |area| format!("{area:.0}")),
            candidate.cost.map_or(String::new(), |cost| cost.to_string()),
            added,
            saved,
            reason,
        ]
    };
    let mut rows = Vec::new();
    if let Some(siting) = &subject.plan.siting {
        for (rank, chosen) in (1..).zip(&siting.chosen) {
            let saved = format!("{:.0}", chosen.millis_saved as f64 / 60_000.0);
            let (added, verdict) = (chosen.newly_covered.to_string(), "入选".to_owned());
            rows.push(row(rank.to_string(), chosen.candidate.index(), added, saved, verdict));
        }
        for (id, reason) in &siting.rejected {
            let aside = place.candidates[id.index()].site.set_aside;
            let verdict = if aside == Some(SetAside::Outside) { "未参选" } else { "未入选" };
            let reason = format!("{verdict}：{}", rejection(reason, place, subject.lang));
            rows.push(row(String::new(), id.index(), String::new(), String::new(), reason));
        }
    }
    let note = "面积单位：平方米；成本按候选点台账的单位";
    Ledger { name: "选址论证", note, columns: &SITING, rows, totals: None }
}
