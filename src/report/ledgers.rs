//! The deliverables an office hands in, with the columns their forms usually have. UTF-8 with a
//! byte order mark, so that a spreadsheet opens them as they are.

use std::collections::BTreeMap;

use polars::prelude::PolarsResult;

use super::csv::csv;
use super::{File, Subject, rejection};
use crate::model::place::SetAside;
use crate::model::plan::Reach;

pub(super) fn files(subject: &Subject<'_>) -> PolarsResult<Vec<File>> {
    let mut files = Vec::new();
    let mut add = |name: &str, headers: &[&str], rows: Vec<Vec<String>>| -> PolarsResult<()> {
        files.push((format!("ledgers/{name}.csv"), csv(headers, &rows, true)?));
        Ok(())
    };
    if subject.plan.partition.is_some() {
        add("网格一览表", &GRID_HEADERS, grids(subject))?;
        add(
            "网格调整对照表",
            &["原网格编码", "新网格编码", "涉及户数", "调整户数", "原因"],
            changes(subject),
        )?;
    }
    if subject.plan.coverage.is_some() {
        add("覆盖率统计表", &COVERAGE_HEADERS, coverage(subject))?;
        add("党群服务中心台账", &CENTRE_HEADERS, centres(subject))?;
    }
    if subject.plan.siting.is_some() {
        let headers = [
            "排名",
            "编码",
            "名称",
            "措施",
            "地址",
            "面积",
            "成本",
            "新增覆盖人数",
            "节省步行人分钟",
            "结论与理由",
        ];
        add("选址论证", &headers, siting(subject))?;
    }
    Ok(files)
}

const GRID_HEADERS: [&str; 14] = [
    "序号",
    "网格编码",
    "网格名称",
    "网格类型",
    "所属社区",
    "面积",
    "楼栋数",
    "户数",
    "人口数",
    "老年人口",
    "儿童",
    "值守点",
    "是否达标",
    "备注",
];

fn grids(subject: &Subject<'_>) -> Vec<Vec<String>> {
    let place = subject.place;
    let grids = subject.plan.partition.iter().flat_map(|p| &p.grids);
    let row = |(number, grid): (usize, &crate::model::plan::Grid)| {
        vec![
            number.to_string(),
            grid.code.clone(),
            grid.name.clone(),
            if grid.exclusive { "专属网格" } else { "基础网格" }.to_owned(),
            place.communities[grid.community.index()].name.clone(),
            format!("{:.0}", grid.area_m2),
            grid.atoms.to_string(),
            grid.counts.households.to_string(),
            grid.counts.population.to_string(),
            grid.counts.older.to_string(),
            grid.counts.child.to_string(),
            place.atoms[grid.duty_point.index()].code.clone(),
            if grid.reason.is_none() { "是" } else { "否" }.to_owned(),
            grid.reason.as_ref().map(|r| subject.reason(r)).unwrap_or_default(),
        ]
    };
    (1..).zip(grids).map(row).collect()
}

fn changes(subject: &Subject<'_>) -> Vec<Vec<String>> {
    let changes = subject.plan.partition.iter().flat_map(|p| &p.changes);
    let text = |code: &Option<String>| code.clone().unwrap_or_default();
    let row = |c: &crate::model::plan::Change| {
        let kind = c.kind.chinese().to_owned();
        vec![text(&c.old), text(&c.new), c.households.to_string(), c.moved.to_string(), kind]
    };
    changes.map(row).collect()
}

const COVERAGE_HEADERS: [&str; 10] = [
    "社区编码",
    "社区",
    "总人口",
    "覆盖人口",
    "覆盖率",
    "老年覆盖率",
    "儿童覆盖率",
    "平均步行分钟",
    "最远分钟",
    "盲区户数",
];

fn coverage(subject: &Subject<'_>) -> Vec<Vec<String>> {
    let Some(coverage) = &subject.plan.coverage else { return Vec::new() };
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
    let mut rows: Vec<_> = communities
        .zip(coverage.communities.iter().zip(&coverage.gap_households))
        .map(|(community, (reach, gap))| row(&community.code, &community.name, reach, *gap))
        .collect();
    let total = [coverage.all, coverage.groups[1], coverage.groups[2]];
    rows.push(row("", "合计", &total, coverage.gap_households.iter().sum()));
    rows
}

const CENTRE_HEADERS: [&str; 11] =
    ["编码", "名称", "层级", "地址", "经度", "纬度", "坐标系", "建筑面积", "状态", "就近人口", "备注"];

fn centres(subject: &Subject<'_>) -> Vec<Vec<String>> {
    let place = subject.place;
    let frame = crate::geometry::projection::LocalFrame::around(place.origin);
    let mut served: BTreeMap<usize, u64> = BTreeMap::new();
    for (atom, nearest) in place.atoms.iter().zip(subject.plan.coverage.iter().flat_map(|c| &c.nearest)) {
        if let Some((centre, _)) = nearest {
            *served.entry(centre.index()).or_insert(0) += u64::from(atom.counts.population);
        }
    }
    let levels = ["", "市", "区县", "街道乡镇", "社区村", "微站"];
    (0..)
        .zip(&place.centres)
        .map(|(i, centre)| {
            let site = &centre.site;
            let (lon, lat) = frame.to_degrees(site.at.x(), site.at.y());
            let counts = centre.serves(subject.rules.siting.level);
            vec![
                site.code.clone(),
                site.name.clone(),
                centre.level.map_or("", |level| levels[usize::from(level.min(5))]).to_owned(),
                site.address.clone().unwrap_or_default(),
                format!("{lon:.7}"),
                format!("{lat:.7}"),
                "WGS 84".to_owned(),
                site.area_m2.map_or(String::new(), |area| format!("{area:.0}")),
                if centre.open { "开放" } else { "关闭" }.to_owned(),
                served.get(&i).copied().unwrap_or(0).to_string(),
                if counts { "" } else { "不计入本级覆盖" }.to_owned(),
            ]
        })
        .collect()
}

fn siting(subject: &Subject<'_>) -> Vec<Vec<String>> {
    let Some(siting) = &subject.plan.siting else { return Vec::new() };
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
    rows
}
