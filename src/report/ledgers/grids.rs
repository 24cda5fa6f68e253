//! 网格一览表, 网格调整对照表 and 网格员配备表.

use super::{Column, Ledger, totals};
use crate::model::place::{BarrierKind, Place, Staff};
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
        row.push(String::new());
        row.extend(served_by(place, &grid.code));
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

/// 网格党支部, 网格长, 网格员 and 联系电话 of a grid whose code lives on.
fn served_by(place: &Place, code: &str) -> [String; 4] {
    let own: Vec<&Staff> = place.staff.iter().filter(|staff| staff.grid == code).collect();
    let [post, phone, branch] = [2, 5, 6];
    let (heads, others): (Vec<&Staff>, Vec<&Staff>) =
        own.iter().partition(|staff| staff.details[post].contains('长'));
    let names = |list: &[&Staff]| list.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join("、");
    let first = |at: usize| {
        let told = heads.iter().chain(&others).map(|staff| staff.details[at].clone());
        told.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    };
    [first(branch), names(&heads), names(&others), first(phone)]
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

const STAFF: [Column; 10] = [
    ("网格编码", Text),
    ("网格名称", Text),
    ("姓名", Text),
    ("性别", Text),
    ("政治面貌", Text),
    ("职务", Text),
    ("专职/兼职", Text),
    ("力量类型", Text),
    ("电话", Text),
    ("备注", Text),
];

/// Those who serve each grid, or a line to be filled in; then those whose grid is no more.
pub(super) fn staff(subject: &Subject<'_>) -> Ledger {
    let grids: Vec<&Grid> = subject.plan.partition.iter().flat_map(|p| &p.grids).collect();
    let line = |code: &str, name: &str, staff: Option<&Staff>, remark: &str| {
        let mut row = vec![code.to_owned(), name.to_owned()];
        match staff {
            Some(staff) => {
                row.push(staff.name.clone());
                row.extend(staff.details[..6].iter().cloned());
            }
            None => row.resize(STAFF.len() - 1, String::new()),
        }
        row.push(remark.to_owned());
        row
    };
    let all = &subject.place.staff;
    let mut rows = Vec::new();
    for grid in &grids {
        let own: Vec<&Staff> = all.iter().filter(|staff| staff.grid == grid.code).collect();
        if own.is_empty() {
            rows.push(line(&grid.code, &grid.name, None, ""));
        }
        rows.extend(own.into_iter().map(|staff| line(&grid.code, &grid.name, Some(staff), "")));
    }
    let lives = |staff: &&Staff| grids.iter().any(|grid| grid.code == staff.grid);
    let homeless = all.iter().filter(|staff| !lives(staff));
    rows.extend(homeless.map(|staff| line(&staff.grid, "", Some(staff), "原网格编码已不存在，请重新安排")));
    let note = "每行一人，空行请填写；一格多人的请加行。含个人信息，仅供内部使用。";
    Ledger { name: "网格员配备表", note, columns: &STAFF, rows, totals: None }
}
