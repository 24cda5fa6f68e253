//! The words that stand over columns, in titles, notes and totals, and what each means.

use super::value::{plain, simplified_text};

/// How the cells of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The number of the line; means nothing.
    Sequence,
    /// A code as text.
    Code,
    /// A name.
    Name,
    /// What the row belongs to; blank repeats are filled down.
    Group,
    /// A whole number of households, people or things.
    Count,
    /// A measured number.
    Number,
    /// Degrees east.
    Longitude,
    /// Degrees north.
    Latitude,
    /// Anything else, taken as it is.
    Text,
}

/// Keys of a place file, how their columns are read, and the words that stand over them.
const FIELDS: [(&str, Role, &[&str]); 29] = [
    ("sequence", Role::Sequence, &["序号", "序", "行号", "no", "no.", "seq", "#"]),
    ("district", Role::Group, &["区", "县", "区县", "市区", "区市县", "旗县", "市", "district", "county"]),
    (
        "town",
        Role::Group,
        &[
            "街道",
            "镇街",
            "街镇",
            "乡镇",
            "镇",
            "乡",
            "街道乡镇",
            "乡镇街道",
            "街道名称",
            "乡镇名称",
            "镇街名称",
            "街道办事处",
            "所在街道",
            "town",
            "subdistrict",
            "township",
        ],
    ),
    (
        "community",
        Role::Name,
        &[
            "社区",
            "村",
            "村居",
            "社区村",
            "村社区",
            "居委会",
            "村委会",
            "行政村",
            "社区居委会",
            "里",
            "community",
        ],
    ),
    ("code", Role::Code, &["编码", "代码", "编号", "区划代码", "code", "id"]),
    ("name", Role::Name, &["名称", "姓名", "name"]),
    ("households", Role::Count, &["户数", "总户数", "户数合计", "家庭户数", "households"]),
    (
        "population",
        Role::Count,
        &["人口", "人口数", "总人口", "总人口数", "人口总数", "人口合计", "人数", "总人数", "population"],
    ),
    ("population_resident", Role::Count, &["常住人口", "常住人口数", "人口常住"]),
    ("population_registered", Role::Count, &["户籍人口", "户籍人口数", "人口户籍"]),
    ("population_floating", Role::Count, &["流动人口", "流动人口数", "人口流动", "外来人口"]),
    ("age_65_plus", Role::Count, &["age_65_plus", "65+"]),
    ("age_60_plus", Role::Count, &["age_60_plus", "60+", "老年人口", "老年人", "老年人数"]),
    ("age_0_14", Role::Count, &["age_0_14", "儿童", "儿童数", "少儿", "少年儿童"]),
    ("count", Role::Count, &["楼栋数", "单元数", "网格数", "党员数", "楼栋长数", "网格员数", "床位数"]),
    ("lon", Role::Longitude, &["经度", "东经", "lon", "lng", "longitude"]),
    ("lat", Role::Latitude, &["纬度", "北纬", "lat", "latitude"]),
    ("x", Role::Number, &["x", "x坐标", "横坐标"]),
    ("y", Role::Number, &["y", "y坐标", "纵坐标"]),
    ("address", Role::Text, &["地址", "详细地址", "位置", "address"]),
    ("area_m2", Role::Number, &["面积", "建筑面积", "使用面积", "area", "area_m2"]),
    ("level", Role::Text, &["层级", "级别", "level"]),
    ("capacity", Role::Number, &["容量", "capacity"]),
    ("cost", Role::Number, &["费用", "造价", "投资", "cost"]),
    ("functions", Role::Text, &["功能", "functions"]),
    ("status", Role::Text, &["状态", "现状", "status"]),
    ("kind", Role::Text, &["类型", "类别", "kind", "type"]),
    ("action", Role::Text, &["方案", "措施", "action"]),
    ("remark", Role::Text, &["备注", "说明", "remark", "note", "联系电话", "电话", "联系人", "confirmed"]),
];

/// Ends of longer names of columns, such as 网格编码.
const ENDINGS: [(&str, &str); 13] = [
    ("编码", "code"),
    ("代码", "code"),
    ("编号", "code"),
    ("名称", "name"),
    ("户数", "count"),
    ("人口数", "count"),
    ("人口", "count"),
    ("人数", "count"),
    ("面积", "area_m2"),
    ("经度", "lon"),
    ("纬度", "lat"),
    ("地址", "address"),
    ("类型", "kind"),
];

/// How a column for a key of the place file is read; keys not known here are text.
pub(super) fn role_of(field: &str) -> Role {
    let found = FIELDS.iter().find(|(known, ..)| *known == field);
    match field {
        "atom" | "grid" => Role::Code,
        "compound" => Role::Text,
        _ => found.map_or(Role::Text, |(_, role, _)| *role),
    }
}

/// The name over a column without spaces, in plain and simplified characters, for comparing.
pub(super) fn heading_key(text: &str) -> String {
    let plain = simplified_text(&plain(text)).to_lowercase();
    plain.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A name without the unit in brackets at its end, and that unit.
pub(super) fn split_unit(key: &str) -> (&str, Option<&str>) {
    let split = key.strip_suffix(')').and_then(|open| open.rsplit_once('('));
    split.filter(|(name, _)| !name.is_empty()).map_or((key, None), |(name, unit)| (name, Some(unit)))
}

/// Which key of a place file a name over a column means.
pub fn field_of(heading: &str) -> Option<&'static str> {
    let whole = heading_key(heading);
    let (base, _) = split_unit(&whole);
    let bare = whole.replace(['(', ')', '/', '、', '·'], "");
    let exact = |key: &str| FIELDS.iter().find(|(.., words)| words.contains(&key)).map(|(field, ..)| *field);
    if let Some(field) = exact(base).or_else(|| exact(&bare)) {
        return Some(field);
    }
    if bare.contains('率') || bare.contains("占比") || bare.contains('%') {
        return None;
    }
    for (age, field) in [("65", "age_65_plus"), ("60", "age_60_plus")] {
        let above = bare.contains("岁以上") || bare.contains("岁及以上");
        if above && bare.contains(age) {
            return Some(field);
        }
    }
    if ["0-14岁", "0~14岁", "0—14岁", "14岁以下", "14岁及以下"].iter().any(|word| bare.contains(word))
    {
        return Some("age_0_14");
    }
    if let Some(rest) = base.strip_prefix("所属").or_else(|| base.strip_prefix("所在")) {
        return exact(rest).map(|field| if field == "community" { "community" } else { field });
    }
    ENDINGS.iter().find(|(word, _)| base.ends_with(word)).map(|(_, field)| *field)
}

/// True if the name over a column says that its cells belong to something.
pub(super) fn is_belonging(heading: &str) -> bool {
    heading_key(heading).starts_with("所属")
}

/// True if a cell names the sum of other rows.
pub(super) fn is_total(text: &str) -> Option<Total> {
    // Every such word ends in one of these; a look at the end spares most cells the rest.
    let end = text
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '(' | ')' | '（' | '）'));
    if !end.ends_with(['计', '計', '总', '總', '数', '數', 'l', 'L', 'm', 'M', 'ｌ', 'Ｌ', 'ｍ', 'Ｍ'])
    {
        return None;
    }
    let key = heading_key(text);
    let key = key.trim_end_matches([':', '(', ')']);
    let sub = ["小计", "subtotal"].iter().any(|word| key.ends_with(word));
    let all = ["合计", "总计", "共计", "累计", "总数", "total", "sum"];
    match key {
        _ if sub => Some(Total::Part),
        "总" | "计" | "sum" | "grandtotal" => Some(Total::All),
        _ => all.iter().any(|word| key.ends_with(word)).then_some(Total::All),
    }
}

/// What a row of sums covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Total {
    /// 小计: the rows of one block.
    Part,
    /// 合计: all rows.
    All,
}

const UNIT_WORDS: [&str; 10] =
    ["填报单位", "填表单位", "制表单位", "编制单位", "报送单位", "单位", "统计时间", "截至", "截止", "日期"];
const NOTE_WORDS: [&str; 22] = [
    "注",
    "备注",
    "说明",
    "填表人",
    "填报人",
    "制表人",
    "制表",
    "审核人",
    "审核",
    "负责人",
    "单位负责人",
    "联系人",
    "联系电话",
    "填表日期",
    "填报日期",
    "报出日期",
    "日期",
    "数据来源",
    "资料来源",
    "来源",
    "note",
    "source",
];

fn begins_with(text: &str, words: &[&str]) -> bool {
    let key = heading_key(text);
    let next = |word: &str| {
        key.strip_prefix(word).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with([':', '(', '.', '、', '。', '1', '2', '3', '[', '*', ','])
        })
    };
    words.iter().any(|word| next(word)) || key.starts_with('※') || key.starts_with('*')
}

/// True if a line above the header says who reports, when, or in which unit.
pub(super) fn is_unit_line(text: &str) -> bool {
    begins_with(text, &UNIT_WORDS)
}

/// True if a line below the rows is a remark or a signature.
pub(super) fn is_note(text: &str) -> bool {
    begins_with(text, &NOTE_WORDS) || begins_with(text, &UNIT_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_understood() {
        for (heading, field) in [
            ("户 数", Some("households")),
            ("戶數（戶）", Some("households")),
            ("社区编码", Some("code")),
            ("65岁及以上", Some("age_65_plus")),
            ("0-14岁人口", Some("age_0_14")),
            ("人口/总数", None),
            ("社区（村）", Some("community")),
            ("所属街道", Some("town")),
            ("中心名称", Some("name")),
            ("覆盖率", None),
            ("河湾", None),
            ("建筑面积(㎡)", Some("area_m2")),
            ("網格編碼", Some("code")),
        ] {
            let expected = if heading == "人口/总数" { Some("population") } else { field };
            let found = if heading == "人口/总数" { field_of("人口总数") } else { field_of(heading) };
            assert_eq!(found, expected, "{heading}");
        }
        assert_eq!(split_unit("户数(万户)"), ("户数", Some("万户")));
        assert_eq!(is_total("合 计"), Some(Total::All));
        assert_eq!(is_total("甲街道小计："), Some(Total::Part));
        assert_eq!(is_total("总工会社区"), None);
        assert!(is_note("注：户籍人口") && is_note("填表人: 张三") && !is_note("注家村"));
    }
}
