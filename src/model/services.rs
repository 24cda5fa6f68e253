//! What centres offer, to whom, and what a centre must be to count.

use serde::{Deserialize, Serialize};

use super::rules::Group;

/// How coverage is counted, beside how far people walk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CoverageRules {
    /// Whether only the centres of one's own community count, as for business tied to residence
    /// (属地办理); centres of the town and above serve everybody all the same. Default no: centres are
    /// open to all (互联互通).
    pub jurisdiction: bool,
    /// Least floor area of a centre that counts, in m²; with a least area, a centre of unknown area
    /// does not count. Default 0, none: cities differ (Dezhou 500, Shenzhen 650).
    pub area_m2_min: u32,
    /// Floor area the centres of a community should have for each 100 households, in m². It decides
    /// what the ledger calls up to standard and nothing else. Default 30: the national guide on
    /// embedded community facilities of 2024.
    pub area_m2_per_100_households: u32,
    /// Longest walk to a centre of each level, 1 city to 5 corner, in seconds, for the levels that
    /// were not asked for; the one asked for goes by `walking.within_s`. Default 900, and 300 for the
    /// corner: the 15 and 5-minute life circles of GB 50180-2018. For city and district there is no
    /// norm on foot; their figure is told all the same.
    pub level_within_s: [u32; 5],
}

impl Default for CoverageRules {
    fn default() -> Self {
        Self {
            jurisdiction: false,
            area_m2_min: 0,
            area_m2_per_100_households: 30,
            level_within_s: [900, 900, 900, 900, 300],
        }
    }
}

/// A service that centres are known to offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// As the forms call it.
    pub chinese: &'static str,
    /// The same in English.
    pub english: &'static str,
    /// Whose walk counts: older people's, children's, or with `Adult` everybody's.
    pub users: Group,
    /// Parts of words by which ledgers name it.
    words: &'static [&'static str],
}

const fn service(
    chinese: &'static str,
    english: &'static str,
    users: Group,
    words: &'static [&'static str],
) -> Service {
    Service { chinese, english, users, words }
}

/// The services of a centre, in the order of the forms. The first whose word a text holds is meant.
pub const SERVICES: [Service; 15] = [
    service(
        "24小时自助",
        "24-hour self-service",
        Group::Adult,
        &["24小时", "24 小时", "自助", "self-service"],
    ),
    service(
        "一站式大厅",
        "one-stop hall",
        Group::Adult,
        &["一站式", "办事大厅", "政务", "便民服务", "one-stop"],
    ),
    service("党员活动室", "party activity room", Group::Adult, &["党员", "党建", "党群活动", "party"]),
    service(
        "养老助餐",
        "meals for older people",
        Group::Older,
        &["助餐", "食堂", "餐厅", "长者餐", "canteen", "meal"],
    ),
    service("日间照料", "elder day care", Group::Older, &["日间照料", "日照", "养老", "elder", "day care"]),
    service("托养床位", "beds", Group::Older, &["床位", "托养", "beds"]),
    service("儿童之家", "children's home", Group::Child, &["儿童", "托育", "托幼", "亲子", "child"]),
    service(
        "图书阅览",
        "reading room",
        Group::Adult,
        &["图书", "阅览", "书屋", "阅读", "reading", "library"],
    ),
    service("健身", "fitness", Group::Adult, &["健身", "体育", "fitness", "sport"]),
    service("文化活动", "theatre or hall", Group::Adult, &["剧场", "文化", "礼堂", "多功能厅", "theatre"]),
    service("会议室", "meeting room", Group::Adult, &["会议", "meeting"]),
    service("法律咨询", "legal aid", Group::Adult, &["法律", "司法", "调解", "legal"]),
    service("退役军人服务站", "veterans' station", Group::Adult, &["退役", "军人", "veteran"]),
    service("维修", "repairs", Group::Adult, &["维修", "修补", "repair"]),
    service("理发", "haircuts", Group::Adult, &["理发", "haircut", "barber"]),
];

/// The service a text names, if it is a known one.
pub fn known(text: &str) -> Option<&'static Service> {
    let text = text.to_lowercase();
    let exact = SERVICES.iter().find(|service| service.chinese == text || service.english == text);
    exact.or_else(|| SERVICES.iter().find(|s| s.words.iter().any(|word| text.contains(word))))
}

/// What a ledger's list of functions names, sorted: known services by their own name, others as they
/// are written.
pub fn functions(text: &str) -> Vec<String> {
    let parts = text.split(['、', '，', ',', '；', ';', '/', '|', '\n']).map(str::trim);
    let mut found: Vec<String> = parts
        .filter(|part| !part.is_empty())
        .map(|part| known(part).map_or(part, |service| service.chinese).to_owned())
        .collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_however_they_are_parted() {
        let expected = ["养老助餐", "图书阅览", "桥牌"].map(str::to_owned);
        assert_eq!(functions("老年食堂、图书室；桥牌"), expected);
        assert_eq!(functions("社区书屋/助餐点，助餐, 桥牌、"), expected);
        assert!(functions(" ; ").is_empty());
    }

    #[test]
    fn every_service_is_known_by_its_own_names() {
        for service in &SERVICES {
            assert_eq!(known(service.chinese), Some(service));
            assert_eq!(known(service.english), Some(service));
        }
    }
}
