//! 网格一览表, 网格调整对照表 and 网格员配备表.

use super::{Column, Ledger, totals};
use crate::model::place::BarrierKind;
use crate::model::plan::Grid;
use crate::office::Language;
use crate::office::sides::{BoundKind, NamedLine, Surroundings};
use crate::office::workbook::ColumnKind::{Text, Whole};
use crate::report::Subject;

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

pub(super) fn grids(subject: &Subject<'_>) -> Ledger {
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

const CHANGES: [Column; 5] =
    [("原网格编码", Text), ("新网格编码", Text), ("涉及户数", Whole), ("调整户数", Whole), ("原因", Text)];

pub(super) fn changes(subject: &Subject<'_>) -> Ledger {
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
pub(super) fn staff(subject: &Subject<'_>) -> Ledger {
    let grids = subject.plan.partition.iter().flat_map(|p| &p.grids);
    let row = |grid: &Grid| {
        let mut row = vec![grid.code.clone(), grid.name.clone()];
        row.resize(STAFF.len(), String::new());
        row
    };
    let note = "每行一人，请填写；一格多人的请加行。";
    Ledger { name: "网格员配备表", note, columns: &STAFF, rows: grids.map(row).collect(), totals: None }
}
