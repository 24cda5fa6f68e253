//! 党群服务中心台账, 库存房源, 配套用房 and 选址论证.

use std::collections::BTreeMap;

use super::{Column, LEVELS, Ledger};
use crate::model::place::{Action, Candidate, Centre, SetAside};
use crate::office::workbook::ColumnKind::{Decimal, Text, Whole};
use crate::report::{Subject, rejection};

const CENTRES: [Column; 19] = [
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
    ("功能", Text),
    ("开放时间", Text),
    ("方案", Text),
    ("完成时限", Text),
    ("状态", Text),
    ("销号日期", Text),
    ("就近人口", Whole),
    ("备注", Text),
];

pub(super) fn centres(subject: &Subject<'_>) -> Ledger {
    let place = subject.place;
    let frame = crate::geometry::projection::LocalFrame::around(place.origin);
    let mut served: BTreeMap<usize, u64> = BTreeMap::new();
    for (atom, nearest) in place.atoms.iter().zip(subject.plan.coverage.iter().flat_map(|c| &c.nearest)) {
        if let Some((centre, _)) = nearest {
            *served.entry(centre.index()).or_insert(0) += u64::from(atom.counts.population);
        }
    }
    let row = |(i, centre): (usize, &Centre)| {
        let site = &centre.site;
        let (lon, lat) = frame.to_degrees(site.at.x(), site.at.y());
        let rules = subject.rules;
        let counts = centre.serves(rules.siting.level, &rules.coverage);
        let standard = standard_m2(subject, centre);
        let short = standard.zip(site.area_m2).map(|(standard, area)| (standard - area.floor()).max(0.0));
        let whole = |m2: Option<f64>| m2.map_or(String::new(), |m2| format!("{m2:.0}"));
        let mut row = vec![
            site.code.clone(),
            site.name.clone(),
            centre.level.map_or("", |level| LEVELS[usize::from(level.min(5))]).to_owned(),
            site.address.clone().unwrap_or_default(),
            format!("{lon:.7}"),
            format!("{lat:.7}"),
            "WGS 84".to_owned(),
            site.area_m2.map_or(String::new(), |area| format!("{area:.0}")),
        ];
        row.extend([whole(standard), whole(short)]);
        row.push(short.map_or("", |short| if short > 0.0 { "否" } else { "是" }).to_owned());
        row.push(centre.functions.join("、"));
        row.push(centre.hours.clone().unwrap_or_default());
        row.push(centre.action.map_or("", Action::character).to_owned());
        row.push(String::new());
        row.push(if centre.open { "开放" } else { "关闭" }.to_owned());
        row.push(String::new());
        row.push(served.get(&i).copied().unwrap_or(0).to_string());
        row.push(if counts { "" } else { "不计入本级覆盖" }.to_owned());
        row
    };
    let rows = place.centres.iter().enumerate().map(row).collect();
    Ledger {
        name: "党群服务中心台账",
        note: "面积单位：平方米。标准面积：本社区每百户应有面积，由本社区同级中心平分。",
        columns: &CENTRES,
        rows,
        totals: None,
    }
}

/// The floor area a centre should have: the rule's least, or what the households of its community call
/// for, shared evenly by the centres that count there; none for a centre of no community or level.
fn standard_m2(subject: &Subject<'_>, centre: &Centre) -> Option<f64> {
    let rules = subject.rules;
    let counts = |other: &&Centre| other.serves(rules.siting.level, &rules.coverage);
    let at_level = centre.level.is_none_or(|level| level == rules.siting.level);
    let community = centre.community.filter(|_| at_level)?;
    let own = subject.place.centres.iter().filter(counts).filter(|c| c.community == Some(community)).count();
    let households: u64 = subject
        .fabric
        .of_community(community.index())
        .map(|a| u64::from(subject.fabric.counts[a as usize].households))
        .sum();
    let area = households as f64 * f64::from(rules.coverage.area_m2_per_100_households) / 100.0;
    Some((area / own.max(1) as f64).ceil().max(f64::from(rules.coverage.area_m2_min)))
}

const ROOMS: [Column; 9] = [
    ("编号", Text),
    ("名称", Text),
    ("地址", Text),
    ("面积", Decimal(1)),
    ("楼层", Text),
    ("产权", Text),
    ("现状", Text),
    ("可用时间", Text),
    ("备注", Text),
];

/// The ledgers of rooms, from the candidates whose kind says that they are one; empty where none is.
pub(super) fn rooms(subject: &Subject<'_>) -> [Ledger; 2] {
    let rank = |i: usize| {
        let chosen = subject.plan.siting.iter().flat_map(|siting| &siting.chosen).zip(1..);
        chosen.into_iter().find(|(c, _)| c.candidate.index() == i).map(|(_, rank): (_, u32)| rank)
    };
    let text = |word: &Option<String>| word.clone().unwrap_or_default();
    [("库存房源", "库存"), ("配套用房", "配套")].map(|(name, word)| {
        let of_kind = |c: &Candidate| c.room.kind.as_ref().is_some_and(|kind| kind.contains(word));
        let all = subject.place.candidates.iter().enumerate().filter(|(_, c)| of_kind(c));
        let rows = all.map(|(i, candidate)| {
            let (site, room) = (&candidate.site, &candidate.room);
            let remark = rank(i).map_or(String::new(), |rank| format!("选址排名第 {rank}"));
            let area = site.area_m2.map_or(String::new(), |area| format!("{area:.1}"));
            let mut row = vec![site.code.clone(), site.name.clone(), text(&site.address), area];
            row.extend([&room.floor, &room.ownership, &room.condition, &room.available].map(text));
            row.push(remark);
            row
        });
        let (rows, note) = (rows.collect(), "面积单位：平方米");
        Ledger { name, note, columns: &ROOMS, rows, totals: None }
    })
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

pub(super) fn siting(subject: &Subject<'_>) -> Ledger {
    let place = subject.place;
    let row = |rank: String, i: usize, added: String, saved: String, reason: String| {
        let candidate = &place.candidates[i];
        let site = &candidate.site;
        vec![
            rank,
            site.code.clone(),
            site.name.clone(),
            candidate.action.map_or("", Action::character).to_owned(),
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
