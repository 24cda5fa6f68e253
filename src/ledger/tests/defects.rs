//! Clean ledgers put through any combination of defects: what is certain comes back as it was, and
//! what is not is named by its row; nothing differs silently.

use encoding_rs::{BIG5, GB18030};

use super::Xorshift;
use super::book::{Cell, Sheet, reference, workbook};
use super::writings::{SPACES, certain, thousands, uncertain, wide};
use crate::ledger::{Finding, Ledger, Options, Severity, Value, read};

const CASES: usize = 10_000;

const SIMPLIFIED: [&str; 7] = ["街道", "社区编码", "社区名称", "户数", "人口数", "65岁及以上", "建筑面积"];
const TRADITIONAL: [&str; 7] = ["街道", "社區編碼", "社區名稱", "戶數", "人口數", "65歲及以上", "建築面積"];
const TOWNS: [&str; 5] = ["甲街道", "乙街道", "中山街道", "和平街道", "新城街道"];
const SYLLABLES: [&str; 14] =
    ["光", "明", "安", "和", "永", "福", "新", "大", "中", "平", "古", "文", "德", "信"];
const MISSING: [&str; 12] = ["", "—", "－", "-", "无", "無", "/", "\\", "空", "N/A", "暂无", "——"];

const SHORT: &str = "12010600100";

/// One line of a file, and what it is.
struct Written {
    cells: Vec<Cell>,
    /// The clean row, if this is one.
    clean: Option<Vec<Value>>,
    /// The column of a defect that must be an error; past the last for the row as a whole.
    bad: Option<usize>,
    /// A row that must be named for repeating the one before.
    repeat: bool,
    /// A total that is wrong in this column.
    wrong_sum: Option<usize>,
}

impl Written {
    fn line(cells: Vec<Cell>) -> Self {
        Self { cells, clean: None, bad: None, repeat: false, wrong_sum: None }
    }
}

fn texts(cells: &[&str]) -> Vec<Cell> {
    cells.iter().map(|cell| Cell::Text((*cell).to_owned())).collect()
}

struct Case {
    lines: Vec<Written>,
    merges: Vec<String>,
    book: bool,
    traditional: bool,
}

/// Writes a random ledger with random defects.
fn write(random: &mut Xorshift, spoil: bool) -> Case {
    let (book, traditional) = (random.once_in(3), random.once_in(3));
    let mut case = Case { lines: Vec::new(), merges: Vec::new(), book, traditional };
    if random.once_in(2) {
        case.lines.push(Written::line(texts(&["大安區基本情况一覽表"])));
    }
    if random.once_in(3) {
        let unit = if traditional { "單位：戶、人" } else { "单位：户、人" };
        case.lines.push(Written::line(texts(&["", "", unit])));
    }
    if random.once_in(4) {
        case.lines.push(Written::line(texts(&[""])));
    }
    let heads = if traditional { TRADITIONAL } else { SIMPLIFIED };
    let spaced = random.once_in(5);
    let heads = heads.map(|head| if spaced && head == "户数" { "户\u{3000}数" } else { head });
    case.lines.push(Written::line(texts(&heads)));
    let style = random.below(3);
    let (parts, total) = (random.once_in(3), random.once_in(2));
    let mut sums = [0u64; 3];
    let mut serial = 0;
    let groups = 1 + random.below(4);
    for town in TOWNS.iter().take(groups) {
        let first = case.lines.len();
        let mut part = [0u64; 3];
        for i in 0..1 + random.below(6) {
            serial += 1 + random.below(3);
            let mut line = community(random, book, serial, town, &mut part);
            if style > 0 && i > 0 {
                line.cells[0] = Cell::Blank;
            }
            if spoil && random.once_in(7) {
                damage(&mut line, random);
            }
            let repeat = line.bad.is_none() && random.once_in(15);
            let copy =
                repeat.then(|| Written { repeat: true, clean: None, ..Written::line(line.cells.clone()) });
            case.lines.push(line);
            if let Some(mut copy) = copy {
                if style > 0 {
                    copy.cells[0] = Cell::Blank;
                }
                case.lines.push(copy);
            }
            if random.once_in(20) {
                case.lines.push(Written::line(texts(&[""])));
            }
        }
        let last = case.lines.len() - 1;
        if style == 2 && book && last > first {
            case.merges.push(format!("{}:{}", reference(first, 0), reference(last, 0)));
        }
        if parts {
            case.lines.push(sum_line("小计", part, random, spoil));
        }
        (0..3).for_each(|k| sums[k] += part[k]);
    }
    if total {
        case.lines.push(sum_line(if random.once_in(2) { "合计" } else { "合　計" }, sums, random, spoil));
    }
    if random.once_in(3) {
        case.lines.push(Written::line(texts(&["注：人口"])));
    }
    case
}

fn community(random: &mut Xorshift, book: bool, serial: usize, town: &str, sums: &mut [u64; 3]) -> Written {
    let code = format!("120106{:06}", 1000 + serial);
    let mut name = format!("{}{}里", random.pick(&SYLLABLES), random.pick(&SYLLABLES));
    let mut clean = vec![Value::Text(town.to_owned()), Value::Text(code.clone()), Value::Text(name.clone())];
    let mut cells = vec![Cell::Text(town.to_owned())];
    cells.push(match random.below(6) {
        0 => Cell::Text(format!("'{code}")),
        1 => Cell::Text(wide(&code)),
        2 if book => Cell::Number(code),
        3 => Cell::Text(format!("{code}{}", random.pick(&SPACES))),
        _ => Cell::Text(code),
    });
    match random.below(6) {
        0 => name.push('\u{3000}'),
        1 => name = name.chars().map(String::from).collect::<Vec<_>>().join("\u{3000}"),
        _ => {}
    }
    cells.push(Cell::Text(name));
    let households = 1 + random.below(4000) as u64;
    for (k, n) in [households, households * 2, households / 3].into_iter().enumerate() {
        if random.once_in(10) {
            cells.push(Cell::Text((*random.pick(&MISSING)).to_owned()));
            clean.push(Value::Missing);
        } else {
            cells.push(certain(n, book, random));
            clean.push(Value::Count(n));
            sums[k] += n;
        }
    }
    let area = random.below(20_000) as u64;
    cells.push(Cell::Text(format!(
        "{}.{}{}",
        area / 10,
        area % 10,
        random.pick(&["", "㎡", "平方米", " m2"])
    )));
    clean.push(Value::Number(format!("{}.{}", area / 10, area % 10).parse().expect("a number")));
    Written { clean: Some(clean), ..Written::line(cells) }
}

/// Spoils one cell, or the row.
fn damage(line: &mut Written, random: &mut Xorshift) {
    let column = [1, 3, 4, 5, 6, 7][random.below(6)];
    let text = match column {
        1 => Some((*random.pick(&["1.20106E+11", SHORT, "1.2E11"])).to_owned()),
        6 => Some((*random.pick(&["650,5", "3亩", "-4", "约500㎡", "1e3", "abc"])).to_owned()),
        7 => None,
        _ => Some(uncertain(1 + random.below(5000) as u64, random)),
    };
    match text {
        Some(text) => line.cells[column] = Cell::Text(text),
        None => line.cells.push(Cell::Text("多出的".to_owned())),
    }
    line.bad = Some(column);
}

fn sum_line(label: &str, mut sums: [u64; 3], random: &mut Xorshift, spoil: bool) -> Written {
    let wrong = (spoil && random.once_in(3)).then(|| random.below(3));
    if let Some(k) = wrong {
        sums[k] += 1;
    }
    let mut cells = texts(&[label, "", ""]);
    cells.extend(sums.map(|n| Cell::Text(if random.once_in(2) { n.to_string() } else { thousands(n) })));
    cells.push(Cell::Blank);
    Written { wrong_sum: wrong.map(|k| k + 3), ..Written::line(cells) }
}

fn text_of(cell: Option<&Cell>) -> &str {
    match cell {
        Some(Cell::Text(text) | Cell::Number(text)) => text,
        _ => "",
    }
}

/// As separated text in some encoding, or as a workbook.
fn bytes(case: &Case, random: &mut Xorshift) -> Vec<u8> {
    if case.book {
        let rows = case.lines.iter().map(|line| line.cells.clone()).collect();
        return workbook(&[Sheet { name: "台账".to_owned(), rows, merges: case.merges.clone() }]);
    }
    let separator = *random.pick(&[',', '\t', ';']);
    let end = *random.pick(&["\n", "\r\n", "\r"]);
    let quotes = random.once_in(4);
    let mut text = String::new();
    for line in &case.lines {
        for column in 0..line.cells.len().max(7) {
            let cell = text_of(line.cells.get(column));
            if column > 0 {
                text.push(separator);
            }
            if quotes || cell.contains([separator, '"']) {
                text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
            } else {
                text.push_str(cell);
            }
        }
        text.push_str(end);
    }
    let words = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    match random.below(8) {
        0 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        1 => words(&format!("\u{feff}{text}")).into_iter().flat_map(u16::to_le_bytes).collect(),
        2 => words(&format!("\u{feff}{text}")).into_iter().flat_map(u16::to_be_bytes).collect(),
        3 => words(&text).into_iter().flat_map(u16::to_le_bytes).collect(),
        4 | 5 => GB18030.encode(&text).0.into_owned(),
        6 if case.traditional => {
            let (bytes, _, lossy) = BIG5.encode(&text);
            if lossy { text.into_bytes() } else { bytes.into_owned() }
        }
        _ => text.into_bytes(),
    }
}

/// Holds a ledger against what was written.
fn compare(case: &Case, ledger: &Ledger, heads: &[String]) {
    let named = |row: usize, column: Option<&str>, least: Severity| {
        let names = |f: &&Finding| {
            f.row == Some(row as u32)
                && f.severity() <= least
                && column.is_none_or(|column| f.column.as_deref().is_none_or(|there| there == column))
        };
        ledger.findings.iter().any(|finding| names(&finding))
    };
    let mut expected = 0;
    for (i, line) in case.lines.iter().enumerate() {
        let number = i + 1;
        let found = ledger.rows.iter().find(|row| row.number as usize == number);
        let known = |line: &Written| line.clean.is_some() && line.bad != Some(1);
        // A lost digit shows only beside a code that has all of them.
        let shows = text_of(line.cells.get(1)) != SHORT || case.lines.iter().any(known);
        if let Some(bad) = line.bad.filter(|_| shows) {
            let column = heads.get(bad).map(String::as_str);
            assert!(
                named(number, column, Severity::Error),
                "row {number}: damage in {column:?} is not named"
            );
        }
        if let Some(column) = line.wrong_sum {
            let torn = case.lines.iter().any(|line| line.bad.is_some());
            let least = if torn { Severity::Note } else { Severity::Warning };
            assert!(named(number, Some(&heads[column]), least), "row {number}: a wrong sum is not named");
        }
        let Some(clean) = &line.clean else {
            assert!(found.is_none(), "row {number} is no row");
            assert!(
                !line.repeat || named(number, None, Severity::Warning),
                "row {number}: a repeat is not named"
            );
            continue;
        };
        expected += 1;
        let Some(row) = found else {
            assert!(named(number, None, Severity::Error), "row {number} is lost");
            continue;
        };
        for (column, clean) in clean.iter().enumerate() {
            let name = &heads[column];
            let value = &row.cells[column];
            if !shows && column == 1 {
                continue;
            }
            assert!(
                value == clean || named(number, Some(name), Severity::Warning),
                "row {number}, {name}: {value:?} for {clean:?}"
            );
            let before = text_of(line.cells.get(column));
            let after = value.text();
            let same = before == after
                || matches!(value, Value::Number(n) if before.parse() == Ok(*n))
                || matches!(value, Value::Unread(_));
            let repairs: Vec<_> =
                ledger.repairs.iter().filter(|r| r.row as usize == number && r.column == *name).collect();
            assert_eq!(
                repairs.len(),
                usize::from(!same),
                "row {number}, {name}: {before:?} {after:?} {repairs:?}"
            );
            assert!(repairs.iter().all(|r| r.before == before && r.after == after), "{repairs:?}");
        }
    }
    assert!(ledger.rows.len() <= expected);
}

#[test]
fn no_combination_of_defects_changes_a_ledger_silently() {
    let mut differing = 0;
    for seed in 0..CASES as u64 {
        let mut random = Xorshift::new(seed + 1);
        let spoil = seed % 2 == 1;
        let case = write(&mut random, spoil);
        let bytes = bytes(&case, &mut random);
        let ledger = read("t", &bytes, &Options::default());
        let ledger = ledger.unwrap_or_else(|findings| panic!("case {seed}: {findings:?}"));
        let heads: Vec<String> = ledger.columns.iter().map(|column| column.name.clone()).collect();
        assert_eq!(heads.len(), 7, "case {seed}: {heads:?}");
        let outcome = std::panic::catch_unwind(|| compare(&case, &ledger, &heads));
        assert!(outcome.is_ok(), "case {seed}: {:?} {:?}", ledger.encoding, ledger.findings);
        if !spoil {
            let bad: Vec<_> = ledger.findings.iter().filter(|f| f.severity() == Severity::Error).collect();
            assert!(bad.is_empty(), "case {seed}: {bad:?}");
            let rows = case.lines.iter().filter(|line| line.clean.is_some()).count();
            assert_eq!(ledger.rows.len(), rows, "case {seed}");
        }
        differing += usize::from(!ledger.is_sound());
    }
    assert!(differing * 4 > CASES, "too few cases were spoilt to prove anything");
}

#[test]
fn a_byte_that_is_no_text_is_always_an_error_with_its_line() {
    for seed in 0..500 {
        let mut random = Xorshift::new(seed + 77);
        let case = Case { book: false, ..write(&mut random, false) };
        let lines: Vec<String> = case
            .lines
            .iter()
            .map(|line| {
                (0..7).map(|c| format!("\"{}\"", text_of(line.cells.get(c)))).collect::<Vec<_>>().join(",")
            })
            .collect();
        let bad = random.below(lines.len());
        let text = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let (head, tail) = (text(&lines[..bad]), text(&lines[bad..]));
        let encode = |text: &str| {
            if seed % 2 == 0 { text.as_bytes().to_vec() } else { GB18030.encode(text).0.into_owned() }
        };
        let bytes = [encode(&head), vec![0xff], encode(&tail)].concat();
        let findings = read("t", &bytes, &Options::default()).expect_err("no text");
        assert_eq!(findings[0].row, Some(bad as u32 + 1), "case {seed}: {findings:?}");
        assert_eq!(findings[0].kind.id(), "Undecodable");
    }
}
