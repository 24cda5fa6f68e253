//! 覆盖率统计表 and 服务覆盖统计表.

use super::{Column, LEVELS, Ledger};
use crate::model::plan::Reach;
use crate::model::rules::Group;
use crate::model::units::WalkTime;
use crate::office::workbook::ColumnKind::{Decimal, Percent, Text, Whole};
use crate::report::Subject;

fn minutes(walk: Option<WalkTime>) -> String {
    walk.map_or(String::new(), |walk| format!("{:.1}", walk.minutes()))
}

fn percent(reach: &Reach) -> String {
    if reach.population == 0 { String::new() } else { format!("{:.1}%", reach.share() * 100.0) }
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

pub(super) fn coverage(subject: &Subject<'_>) -> Ledger {
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

const SERVICES: [Column; 10] = [
    ("层级", Text),
    ("服务", Text),
    ("对象", Text),
    ("规定分钟", Decimal(0)),
    ("中心数", Whole),
    ("对象人数", Whole),
    ("覆盖人数", Whole),
    ("覆盖率", Percent(1)),
    ("平均步行分钟", Decimal(1)),
    ("最远分钟", Decimal(1)),
];

/// Every level with its groups, then the services of its centres.
pub(super) fn services(subject: &Subject<'_>) -> Ledger {
    let row = |level: u8, service: &str, users: Group, within: WalkTime, centres: u32, reach: &Reach| {
        let users = match users {
            Group::Older => "老年人",
            Group::Child => "儿童",
            Group::Adult | Group::Wheelchair => "全体居民",
        };
        vec![
            LEVELS[usize::from(level.min(5))].to_owned(),
            service.to_owned(),
            users.to_owned(),
            format!("{:.0}", within.minutes()),
            centres.to_string(),
            reach.population.to_string(),
            reach.covered.to_string(),
            percent(reach),
            minutes(reach.mean()),
            minutes(reach.longest),
        ]
    };
    let levels = subject.plan.coverage.iter().flat_map(|coverage| &coverage.levels);
    let rows = levels.flat_map(|of| {
        let groups = [Group::Adult, Group::Older, Group::Child].into_iter().zip(&of.reach);
        let all = groups.map(|(group, reach)| row(of.level, "中心", group, of.within, of.centres, reach));
        let services =
            of.services.iter().map(|s| row(of.level, &s.service, s.users, of.within, s.centres, &s.reach));
        all.chain(services).collect::<Vec<_>>()
    });
    Ledger {
        name: "服务覆盖统计表",
        note: "单位：人、分钟。各层级分别统计，高一级中心不计入低一级的覆盖；各对象按本人步速。",
        columns: &SERVICES,
        rows: rows.collect(),
        totals: None,
    }
}
