//! Files as offices hand them in, made here, and what a reader gets from them.

use encoding_rs::GB18030;

use super::book::{Cell, Sheet, workbook};
use crate::ledger::{AsideKind, Encoding, Kind, Ledger, Options, Rule, Severity, Value, read};

const NAMES: [&str; 20] = [
    "德安里",
    "仁慈里",
    "和安里",
    "民炤里",
    "仁愛里",
    "義村里",
    "民輝里",
    "昌隆里",
    "誠安里",
    "光武里",
    "龍坡里",
    "龍泉里",
    "古風里",
    "古莊里",
    "龍安里",
    "錦安里",
    "福住里",
    "永康里",
    "光明里",
    "錦泰里",
];
const COUNTS: [(u64, u64, u64); 20] = [
    (2343, 5680, 1355),
    (2054, 5799, 1055),
    (2490, 7077, 1260),
    (3326, 8311, 1934),
    (2130, 5154, 1390),
    (2389, 5363, 1479),
    (2842, 6656, 1681),
    (1276, 3045, 933),
    (1770, 3910, 700),
    (3248, 7431, 1823),
    (2335, 5993, 1296),
    (2176, 5373, 800),
    (1806, 4301, 982),
    (3280, 7588, 1511),
    (3885, 8503, 1691),
    (2408, 6473, 1147),
    (2450, 6830, 1138),
    (1516, 3971, 719),
    (1496, 4123, 603),
    (1446, 4074, 737),
];

fn code(i: usize) -> String {
    format!("630000300{:02}", i + 1)
}

/// A ledger with the usual defects, as separated text.
fn text(separator: char) -> String {
    let mut lines = Vec::new();
    let mut line = |cells: &[&str]| lines.push(cells.join(&separator.to_string()));
    let title = separator == ',';
    if title {
        line(&["大安区社区基本情况一览表", "", "", "", "", ""]);
        line(&["填报单位：（盖章）", "", "", "单位：户、人", "", ""]);
    }
    line(&["序号", "社区编码", "社区名称", "户数", "人口数", "65岁及以上"]);
    for (i, (h, p, o)) in COUNTS.iter().enumerate() {
        let (mut name, mut h, mut p, mut o) =
            (NAMES[i].to_owned(), h.to_string(), p.to_string(), o.to_string());
        match i {
            2 => (h, p) = ("２４９０".to_owned(), "７０７７".to_owned()),
            4 if title => p = "\"5,154\"".to_owned(),
            4 => p = "5,154".to_owned(),
            6 => name = "民\u{3000}輝里".to_owned(),
            8 => o = "—".to_owned(),
            9 => name.push(' '),
            11 => o.clear(),
            13 => p.push('人'),
            _ => {}
        }
        let number = (i + 1).to_string();
        let cells = [number.as_str(), &code(i), &name, &h, &p, &o];
        line(&cells);
        if i == 15 {
            line(&cells);
        }
    }
    line(&["合计", "", "", "46666", "115655", ""]);
    line(&["注：人口数为户籍人口", "", "", "", "", ""]);
    lines.join("\r\n") + "\r\n"
}

fn sum(ledger: &Ledger, field: &str) -> u64 {
    let column = ledger.field(field).expect("the column");
    let count = |value: &Value| if let Value::Count(n) = value { *n } else { 0 };
    ledger.rows.iter().map(|row| count(&row.cells[column])).sum()
}

fn ids(ledger: &Ledger) -> Vec<(&'static str, Option<u32>)> {
    ledger.findings.iter().map(|finding| (finding.kind.id(), finding.row)).collect()
}

/// What both text files hold; `first` is the row of the first community.
fn expect_communities(ledger: &Ledger, first: u32) {
    assert!(ledger.is_sound(), "{:?}", ledger.findings);
    assert_eq!(ledger.rows.len(), 20);
    assert_eq!((sum(ledger, "households"), sum(ledger, "population")), (46_666, 115_655));
    assert_eq!(ledger.rows[6].cells[2], Value::Text("民輝里".to_owned()));
    assert_eq!(ledger.rows[8].cells[5], Value::Missing);
    assert_eq!(
        ids(ledger),
        [
            ("ValueMissing", Some(first + 8)),
            ("ValueMissing", Some(first + 11)),
            ("RowRepeated", Some(first + 16))
        ]
    );
    let repairs: Vec<_> = ledger
        .repairs
        .iter()
        .map(|r| (r.row - first, r.column.as_str(), r.before.as_str(), r.after.as_str(), r.rules.as_slice()))
        .collect();
    assert_eq!(
        repairs,
        [
            (2, "户数", "２４９０", "2490", &[Rule::Width][..]),
            (2, "人口数", "７０７７", "7077", &[Rule::Width]),
            (4, "人口数", "5,154", "5154", &[Rule::Thousands]),
            (6, "社区名称", "民\u{3000}輝里", "民輝里", &[Rule::Spaces]),
            (8, "65岁及以上", "—", "", &[Rule::MissingMark]),
            (9, "社区名称", "光武里 ", "光武里", &[Rule::Spaces]),
            (13, "人口数", "7588人", "7588", &[Rule::Unit]),
        ]
    );
}

fn aside(ledger: &Ledger) -> Vec<AsideKind> {
    ledger.aside.iter().map(|aside| aside.kind).collect()
}

fn expect_gbk(bytes: &[u8]) {
    let ledger = read("a.csv", bytes, &Options::default()).expect("a table");
    assert_eq!(
        (ledger.encoding, ledger.separator, ledger.header),
        (Some(Encoding::Gb18030), Some(','), (3, 3))
    );
    assert_eq!(aside(&ledger), [AsideKind::Title, AsideKind::Unit, AsideKind::Total, AsideKind::Note]);
    expect_communities(&ledger, 4);
}

fn expect_utf16(bytes: &[u8]) {
    let ledger = read("a.txt", bytes, &Options::default()).expect("a table");
    assert_eq!((ledger.encoding, ledger.separator), (Some(Encoding::Utf16Le), Some('\t')));
    expect_communities(&ledger, 2);
}

fn expect_merged(bytes: &[u8]) {
    let ledger = read("a.xlsx", bytes, &Options::default()).expect("a table");
    assert!(ledger.is_sound(), "{:?}", ledger.findings);
    assert_eq!((ledger.rows.len(), ledger.sheet.as_deref()), (20, Some("社区台账")));
    assert_eq!((sum(&ledger, "households"), sum(&ledger, "population")), (46_666, 115_655));
    for (i, row) in ledger.rows.iter().enumerate() {
        let town = if i < 9 { "甲街道" } else { "乙街道" };
        assert_eq!(row.cells[0], Value::Text(town.to_owned()), "row {}", row.number);
        assert_eq!(row.cells[1], Value::Text(code(i)));
    }
    assert_eq!(ledger.repairs.len(), 18);
    assert!(ledger.repairs.iter().all(|repair| repair.rules == [Rule::Merged]));
    assert_eq!(
        ids(&ledger),
        [
            ("SheetsOther", None),
            ("CodeNumbers", Some(4)),
            ("TotalUnchecked", Some(23)),
            ("TotalUnchecked", Some(23))
        ]
    );
    assert_eq!(aside(&ledger), [AsideKind::Title, AsideKind::Total]);
}

type Centre = (&'static str, &'static str, &'static str, Option<(f64, f64)>);

/// Positions as written, and as a reader gets them.
const CENTRES: [Centre; 12] = [
    ("117.237442", "39.161517", "1000", Some((117.237442, 39.161517))),
    ("117.275895", "39.161018", "650", Some((117.275895, 39.161018))),
    ("117.166434", "39.133508", "260", Some((117.166434, 39.133508))),
    ("39.177454", "117.240553", "180", Some((117.240553, 39.177454))),
    ("117.207498", "39.173754", "420", Some((117.207498, 39.173754))),
    ("0", "0", "180", None),
    ("117.250399", "39.128149", "260", Some((117.250399, 39.128149))),
    ("１１７.２７２７４０", "39.163658", "260", Some((117.27274, 39.163658))),
    ("117.254070", "39.094478", "650㎡", Some((117.25407, 39.094478))),
    ("", "", "180", None),
    ("117°16′46.07″", "39.087439", "260", Some((117.279_463_888_888_9, 39.087439))),
    ("117.277989", "39.103529", "260", Some((117.277989, 39.103529))),
];

fn centres() -> String {
    let mut text = String::from("中心名称,层级,经度,纬度,建筑面积\r\n");
    for (i, (lon, lat, area, _)) in CENTRES.iter().enumerate() {
        text.push_str(&format!("样例{:02}社区党群服务中心,社区,{lon},{lat},{area}\r\n", i + 1));
    }
    text
}

fn expect_centres(bytes: &[u8]) {
    let ledger = read("c.csv", bytes, &Options::default()).expect("a table");
    assert!(ledger.is_sound(), "{:?}", ledger.findings);
    let (lon, lat) = (ledger.field("lon").expect("lon"), ledger.field("lat").expect("lat"));
    for (row, (_, _, area, expected)) in ledger.rows.iter().zip(CENTRES) {
        match (&row.cells[lon], &row.cells[lat], expected) {
            (Value::Number(x), Value::Number(y), Some((ex, ey))) => {
                assert!((x - ex).abs() < 1e-9 && (y - ey).abs() < 1e-9, "{row:?}");
            }
            (Value::Missing, Value::Missing, None) => {}
            _ => panic!("{row:?}"),
        }
        assert_eq!(row.cells[4], Value::Number(area.trim_end_matches('㎡').parse().expect("a number")));
    }
    assert_eq!(ids(&ledger), [("PositionMissing", Some(7)), ("PositionMissing", Some(11))]);
    let repairs: Vec<_> = ledger.repairs.iter().map(|r| (r.row, r.column.as_str(), r.rules[0])).collect();
    assert_eq!(
        repairs,
        [
            (5, "经度", Rule::Swapped),
            (5, "纬度", Rule::Swapped),
            (7, "经度", Rule::ZeroPosition),
            (7, "纬度", Rule::ZeroPosition),
            (9, "经度", Rule::Width),
            (10, "建筑面积", Rule::Unit),
            (12, "经度", Rule::Sexagesimal),
        ]
    );
}

fn merged() -> Vec<u8> {
    let text = |t: &str| Cell::Text(t.to_owned());
    let mut sheet = Sheet { name: "社区台账".to_owned(), ..Sheet::default() };
    sheet.rows.push(vec![text("大安区社区台账（示例）")]);
    sheet.rows.push(["街道", "社区编码", "社区名称", "户数", "人口数", "备注"].map(text).to_vec());
    for (i, (h, p, _)) in COUNTS.iter().enumerate() {
        let town = if i == 0 {
            text("甲街道")
        } else if i == 9 {
            text("乙街道")
        } else {
            Cell::Blank
        };
        let code = if i % 2 == 0 { Cell::Text(code(i)) } else { Cell::Number(code(i)) };
        let h = if i == 5 { Cell::Text(h.to_string()) } else { Cell::Number(h.to_string()) };
        sheet.rows.push(vec![town, code, text(NAMES[i]), h, Cell::Number(p.to_string())]);
    }
    let formula = |f| Cell::Formula(f);
    sheet.rows.push(vec![
        text("合计"),
        Cell::Blank,
        Cell::Blank,
        formula("SUM(D3:D22)"),
        formula("SUM(E3:E22)"),
    ]);
    sheet.merges = ["A3:A11", "A12:A22", "A1:F1"].map(str::to_owned).to_vec();
    workbook(&[sheet, Sheet { name: "Sheet2".to_owned(), ..Sheet::default() }])
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn ledgers_of_the_usual_kinds_are_read_to_the_last_person() {
    expect_gbk(&GB18030.encode(&text(',')).0);
    expect_utf16(&utf16(&text('\t')));
    expect_merged(&merged());
    expect_centres(&GB18030.encode(&centres()).0);
}

fn of(text: &str) -> Ledger {
    read("t.csv", text.as_bytes(), &Options::default()).expect("a table")
}

#[test]
fn headers_of_two_lines_are_joined() {
    let ledger = of("社区编码,社区名称,人口,,\n,,总数,户籍人口,65岁以上\n120106001001,光明里,10,8,2\n");
    let names: Vec<_> = ledger.columns.iter().map(|c| (c.name.as_str(), c.field.as_deref())).collect();
    assert_eq!(
        names,
        [
            ("社区编码", Some("code")),
            ("社区名称", Some("name")),
            ("人口/总数", Some("population")),
            ("人口/户籍人口", Some("population_registered")),
            ("人口/65岁以上", Some("age_65_plus"))
        ]
    );
    assert_eq!((ledger.header, ledger.rows.len()), ((1, 2), 1));
    // 人口 under 人数 are the people; and the place file may name the lower line's columns alone.
    let text = "人口统计表,,,,\n编码,户数,人数,,\n,,人口,65岁以上,0-14岁\n120106001001,4,10,2,1\n";
    let fields = |ledger: &Ledger| ledger.columns.iter().map(|c| c.field.clone()).collect::<Vec<_>>();
    let expected = ["code", "households", "population", "age_65_plus", "age_0_14"];
    let expected = expected.map(|field| Some(field.to_owned()));
    assert_eq!(fields(&of(text)), expected);
    let named = [("population", "人口"), ("age_65_plus", "65岁以上"), ("age_0_14", "0-14岁")];
    let columns = named.map(|(field, name)| (field.to_owned(), name.to_owned())).to_vec();
    let options = Options { columns, ..Options::default() };
    let ledger = read("t.csv", text.as_bytes(), &options).expect("a table");
    assert_eq!(fields(&ledger), expected);
    assert_eq!((ledger.header, ledger.rows.len()), ((2, 3), 1));
}

#[test]
fn sums_are_held_against_their_rows() {
    let ledger =
        of("街道,社区名称,户数\n甲街道,东里,10\n,西里,20\n小计,,30\n乙街道,南里,5\n小计,,6\n合计,,35\n");
    assert_eq!(ledger.rows.len(), 3);
    let differing: Vec<_> = ledger.findings.iter().filter(|f| f.severity() == Severity::Warning).collect();
    let kind = Kind::TotalDiffers {
        label: "小计".to_owned(),
        stated: "6".to_owned(),
        summed: "5".to_owned(),
        missing: 0,
    };
    assert_eq!(differing.iter().map(|f| (f.row, f.kind.clone())).collect::<Vec<_>>(), [(Some(6), kind)]);
    let above =
        of("街道,社区名称,户数\n合计,,35\n小计,,30\n甲街道,东里,10\n,西里,20\n小计,,5\n乙街道,南里,5\n");
    assert!(ids(&above).is_empty(), "{:?}", above.findings);
}

#[test]
fn lost_digits_and_odd_lines_are_named() {
    let ledger = of(
        "编码,名称,户数\n120106001001,东里,1\n120106001002,西里,2\n12010600103,南里,3\n120106001004,北里,4\n甲片\n",
    );
    let found: Vec<_> = ids(&ledger).into_iter().filter(|(id, _)| *id != "CountsOdd").collect();
    assert_eq!(found, [("LineAside", Some(6)), ("CodeShort", Some(4))]);
    let ragged = of("编码,名称,户数\n1,东里\n2,西里,2,3\n3,南里,3,,\n");
    assert_eq!(ids(&ragged), [("RowRagged", Some(2)), ("RowRagged", Some(3))]);
    assert_eq!(ragged.rows.len(), 1);
    let again = of("编码,名称,户数,人口数\n甲,乙,1,2\n1,东里,2,4\n编码,名称,户数,人口数\n2,西里,3,6\n");
    assert_eq!((ids(&again), again.rows.len()), (Vec::new(), 2));
    assert_eq!(aside(&again), [AsideKind::Numbering, AsideKind::HeaderAgain]);
}

#[test]
fn units_in_headers_that_change_numbers_are_refused() {
    let ledger = of("编码,名称,人口（万人）\n1,东里,2\n");
    assert_eq!(ids(&ledger), [("ColumnUnit", Some(1))]);
    let line = of("单位：万人,,\n编码,名称,人口\n1,东里,2\n");
    assert_eq!(ids(&line), [("ColumnUnit", Some(1))]);
    assert!(ids(&of("单位：户、人,,\n编码,名称,人口（人）\n1,东里,2\n")).is_empty());
}

#[test]
fn what_is_no_table_is_refused_with_a_reason() {
    let refused = |bytes: &[u8]| read("t", bytes, &Options::default()).expect_err("refused")[0].kind.id();
    assert_eq!(refused(b""), "Empty");
    assert_eq!(refused(b"\n\n ,\n"), "Empty");
    assert_eq!(refused(b"1,2\n3,4\n"), "HeaderMissing");
    assert_eq!(refused(b"PK\x03\x04"), "WorkbookBroken");
    assert_eq!(refused(&[0xd0, 0xcf, 0x11, 0xe0, 1]), "FormatUnknown");
    assert_eq!(refused(b"code,name\n1,\x01\n"), "Binary");
}
