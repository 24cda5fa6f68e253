//! What is handed in: the workbook of all ledgers, the plan as a document, and a GeoPackage.

use super::ledgers::{Ledger, ledgers};
use super::{File, Subject, gis};
use crate::model::layers::WrittenLayers;
use crate::model::plan::Grid;
use crate::office::document::{Align, Block, Direction, Picture, Run, Table, TableColumn};
use crate::office::workbook::{Cell, Column, ColumnKind, Sheet};
use crate::office::{self, Meta, OfficeError};

/// Lines to fill in on a sheet of rooms.
const BLANK_ROWS: usize = 30;

/// The workbook of a plan, and the GeoPackage of its layers.
///
/// # Errors
/// [`OfficeError`] if one of them cannot be put together.
pub fn papers(subject: &Subject<'_>, layers: &WrittenLayers) -> Result<Vec<File>, OfficeError> {
    let (workbook, package) = rayon::join(
        || {
            let meta = Meta { title: format!("{}网格划分台账", subject.place.name), ..Meta::default() };
            office::workbook(&sheets(subject, &ledgers(subject)), &meta)
        },
        || office::geopackage(&gis::layers(subject, layers)),
    );
    Ok(vec![("ledgers.xlsx".to_owned(), workbook?), ("plan.gpkg".to_owned(), package?)])
}

/// The plan as a document with its maps, if it has grids.
///
/// # Errors
/// [`OfficeError`] if it cannot be put together.
pub fn document(subject: &Subject<'_>, maps: &[File]) -> Result<Option<File>, OfficeError> {
    if subject.plan.partition.is_none() {
        return Ok(None);
    }
    let meta = Meta { title: format!("{}网格划分方案", subject.place.name), ..Meta::default() };
    let blocks = blocks(subject, &ledgers(subject), maps);
    Ok(Some(("方案.docx".to_owned(), office::document(&blocks, &meta)?)))
}

fn cell(text: &str, kind: ColumnKind) -> Cell {
    let number = text.trim_end_matches('%').parse::<f64>();
    match (kind, number) {
        _ if text.is_empty() => Cell::Empty,
        (ColumnKind::Whole, Ok(n)) => Cell::Whole(n as i64),
        (ColumnKind::Decimal(_), Ok(n)) => Cell::Number(n),
        (ColumnKind::Percent(_), Ok(n)) => Cell::Number(n / 100.0),
        _ => Cell::from(text),
    }
}

/// Every ledger as a sheet; one of rooms that nothing is known of has lines to fill in.
fn sheets(subject: &Subject<'_>, all: &[Ledger]) -> Vec<Sheet> {
    all.iter()
        .map(|ledger| {
            let sheet = sheet(subject, ledger);
            match ledger.name {
                "库存房源" | "配套用房" if ledger.rows.is_empty() => {
                    let note = "面积单位：平方米。请填写。".into();
                    Sheet { note, blank_rows: BLANK_ROWS, ..sheet }
                }
                _ => sheet,
            }
        })
        .collect()
}

fn sheet(subject: &Subject<'_>, ledger: &Ledger) -> Sheet {
    let column = |(header, kind): &(&'static str, ColumnKind)| {
        let column = Column::new(*header, *kind);
        match *header {
            "是否达标" | "达标" => column.warning_on("否").with_choices(&["是", "否"]),
            "性别" => column.with_choices(&["男", "女"]),
            "专职/兼职" => column.with_choices(&["专职", "兼职"]),
            "方案" => column.with_choices(&["建", "改", "扩", "不变"]),
            _ => column,
        }
    };
    let cells = |row: &Vec<String>| {
        ledger.columns.iter().zip(row).map(|(column, text)| cell(text, column.1)).collect::<Vec<Cell>>()
    };
    let flag = ledger.columns.iter().position(|column| column.0 == "是否达标");
    let out = |row: &Vec<String>| flag.is_some_and(|at| row[at] == "否");
    let flagged = ledger.rows.iter().enumerate().filter(|(_, row)| out(row)).map(|(i, _)| i).collect();
    Sheet {
        name: ledger.name.into(),
        title: format!("{}{}", subject.place.name, ledger.name),
        note: ledger.note.into(),
        columns: ledger.columns.iter().map(column).collect(),
        rows: ledger.rows.iter().map(cells).collect(),
        totals: ledger.totals.as_ref().map(cells),
        flagged,
        frozen_columns: 2,
        blank_rows: 0,
    }
}

/// Some columns of a ledger with their share of the width.
fn table(ledger: &Ledger, caption: &str, picked: &[(&str, f64, Align)]) -> Table {
    let at: Vec<(usize, f64, Align)> = picked
        .iter()
        .filter_map(|&(name, share, align)| {
            Some((ledger.columns.iter().position(|column| column.0 == name)?, share, align))
        })
        .collect();
    let row = |row: &Vec<String>| at.iter().map(|(c, ..)| row[*c].clone()).collect::<Vec<String>>();
    Table {
        caption: caption.into(),
        columns: at
            .iter()
            .map(|&(c, share, align)| TableColumn { header: ledger.columns[c].0.into(), align, share })
            .collect(),
        rows: ledger.rows.iter().map(row).collect(),
        totals: ledger.totals.as_ref().map(row),
    }
}

fn blocks(subject: &Subject<'_>, all: &[Ledger], maps: &[File]) -> Vec<Block> {
    use Align::{Centre, Left, Right};
    let place = &subject.place.name;
    let grids: Vec<&Grid> = subject.plan.partition.iter().flat_map(|p| &p.grids).collect();
    let named = |name: &str| all.iter().find(|ledger| ledger.name == name);
    let text = |text: String| Block::Paragraph(vec![Run::plain(text)]);
    let picture = |file: &str, caption: &str| {
        maps.iter().find(|(name, _)| name == file).map(|(_, png)| {
            Block::Picture(Picture {
                png: png.clone(),
                width_cm: 15.6,
                caption: caption.into(),
                alt: caption.into(),
            })
        })
    };
    let list = |items: Vec<String>| Block::List {
        numbered: true,
        items: items.into_iter().map(|item| vec![Run::plain(item)]).collect(),
    };
    let rules = subject.rules;
    let out: Vec<&&Grid> = grids.iter().filter(|grid| grid.reason.is_some()).collect();
    let households: u64 = grids.iter().map(|grid| u64::from(grid.counts.households)).sum();
    let people: u64 = grids.iter().map(|grid| u64::from(grid.counts.population)).sum();
    let mut blocks = vec![
        Block::Title(format!("{place}网格划分方案")),
        Block::Subtitle(if subject.place.date.is_empty() {
            String::new()
        } else {
            format!("数据日期 {}", subject.place.date)
        }),
        Block::Contents,
        Block::PageBreak,
        Block::Heading(1, "一、依据与原则".into()),
        text("本方案按照尊重传统、就近就便、规模适度、有利治理四项原则划分网格。".into()),
        Block::Heading(2, "（一）硬性要求".into()),
        list(vec![
            "每个单元只属于一个网格，不留空白、不交叉重叠；".into(),
            "网格不跨社区、村的界线；".into(),
            "网格连成一片，社区本身分块的，块数最少；".into(),
            format!(
                "每个网格 {} 至 {} 户，做不到的逐一说明理由。",
                rules.grids.households_min, rules.grids.households_max
            ),
        ]),
        Block::Heading(2, "（二）四项原则的权重".into()),
        text(format!(
            "尊重传统 {}，就近就便 {}，规模适度 {}，有利治理 {}。",
            rules.weights.respect_tradition,
            rules.weights.near_and_convenient,
            rules.weights.right_size,
            rules.weights.good_for_governing
        )),
        Block::Heading(1, "二、划分结果".into()),
        Block::Paragraph(vec![
            Run::plain(format!(
                "全域 {} 个社区（村），{households} 户，{people} 人，划分为",
                subject.place.communities.len()
            )),
            Run::bold(format!(" {} 个网格", grids.len())),
            Run::plain(format!(
                "，其中专属网格 {} 个；户数达标 {} 个，例外 {} 个。",
                grids.iter().filter(|grid| grid.exclusive).count(),
                grids.len() - out.len(),
                out.len()
            )),
        ]),
    ];
    if let Some(moved) = subject.plan.partition.as_ref().and_then(|p| p.households_moved) {
        let kept = subject.plan.partition.as_ref().map_or(0, |p| p.codes_kept);
        blocks
            .push(text(format!("与现行网格相比，调整 {moved} 户，沿用编码 {kept} 个，详见网格调整对照表。")));
    }
    blocks.extend(picture("maps/grids.png", &format!("{place}网格图")));
    if !out.is_empty() {
        blocks.push(Block::Heading(2, "例外及理由".into()));
        let line = |grid: &&&Grid| {
            let reason = grid.reason.as_ref().map(|r| subject.reason(r)).unwrap_or_default();
            format!("{}（{}，{} 户）：{reason}。", grid.name, grid.code, grid.counts.households)
        };
        blocks.push(list(out.iter().map(line).collect()));
    }
    if let Some(ledger) = named("覆盖率统计表") {
        blocks.push(Block::Heading(1, "三、服务覆盖".into()));
        let columns = [
            ("社区", 1.6, Left),
            ("总人口", 1.0, Right),
            ("覆盖人口", 1.0, Right),
            ("覆盖率", 1.0, Right),
            ("老年覆盖率", 1.1, Right),
            ("儿童覆盖率", 1.1, Right),
            ("盲区户数", 1.0, Right),
        ];
        blocks.push(Block::Table(table(ledger, "各社区步行覆盖情况", &columns)));
        blocks.extend(picture("maps/coverage.png", "党群服务中心步行覆盖图"));
    }
    if let Some(ledger) = named("选址论证") {
        blocks.push(Block::Heading(1, "四、选址".into()));
        let columns = [
            ("排名", 0.6, Centre),
            ("编码", 0.9, Centre),
            ("名称", 2.0, Left),
            ("措施", 0.6, Centre),
            ("新增覆盖人数", 1.0, Right),
            ("结论与理由", 3.0, Left),
        ];
        blocks.push(Block::Table(table(ledger, "候选点论证", &columns)));
        blocks.extend(picture("maps/siting_curve.png", "每增一处中心的效果"));
    }
    if let Some(ledger) = named("网格一览表") {
        blocks.push(Block::Page(Direction::Landscape));
        blocks.push(Block::Heading(1, "附表　网格一览".into()));
        let columns = [
            ("序号", 0.5, Centre),
            ("网格编码", 1.9, Centre),
            ("网格名称", 2.1, Left),
            ("四至", 3.4, Left),
            ("户数", 0.7, Right),
            ("人口数", 0.8, Right),
            ("老年人口", 0.8, Right),
            ("是否达标", 0.7, Centre),
        ];
        blocks.push(Block::Table(table(ledger, "网格一览表", &columns)));
    }
    blocks
}
