//! Workbooks: cells, formulas that are none, and the same bytes again.

use super::*;
use crate::office::Meta;
use crate::office::OfficeError;
use crate::office::archive::parts;

fn meta() -> Meta {
    Meta {
        title: "台账".to_owned(),
        maker: "清禾街道 A&B".to_owned(),
        date: Some((2026, 3, 5)),
        ..Meta::default()
    }
}

fn ledger(rows: usize) -> Sheet {
    let columns = vec![
        Column::new("网格编码", ColumnKind::Text),
        Column::new("户数", ColumnKind::Whole),
        Column::new("面积（平方米）", ColumnKind::Decimal(1)),
        Column::new("覆盖率", ColumnKind::Percent(1)),
        Column::new("是否达标", ColumnKind::Text).warning_on("否").with_choices(&["是", "否"]),
    ];
    let row = |i: usize| {
        vec![
            Cell::Text(format!("{:015}", 990_101_001_001_001_u64 + i as u64)),
            Cell::Whole(i as i64),
            Cell::Number(i as f64 / 2.0),
            Cell::Number(0.5),
            Cell::from(if i.is_multiple_of(3) { "否" } else { "是" }),
        ]
    };
    let sum = (0..rows as i64).sum::<i64>();
    Sheet {
        name: "网格一览表".to_owned(),
        title: "网格一览表".to_owned(),
        note: "单位：户".to_owned(),
        columns,
        rows: (0..rows).map(row).collect(),
        totals: Some(vec![Cell::from("合计"), Cell::Whole(sum), Cell::Empty, Cell::Number(0.5)]),
        flagged: vec![0, 999_999],
        frozen_columns: 1,
        blank_rows: 0,
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let found = parts(bytes).into_iter().find(|(n, _)| n == name).expect("the part");
    String::from_utf8(found.1).expect("text")
}

fn first_sheet(sheet: Sheet) -> String {
    part(&workbook(&[sheet], &meta()).expect("a workbook"), "xl/worksheets/sheet1.xml")
}

#[test]
fn the_same_sheets_give_the_same_bytes() {
    let sheets: Vec<_> = (1..6).map(|n| Sheet { name: format!("表{n}"), ..ledger(40 * n) }).collect();
    let first = workbook(&sheets, &meta()).expect("a workbook");
    for _ in 0..10 {
        assert_eq!(workbook(&sheets, &meta()).expect("a workbook"), first);
    }
}

#[test]
fn set_up_for_screen_and_paper() {
    let xml = first_sheet(ledger(5));
    assert!(xml.contains(r#"<pane xSplit="1" ySplit="3" topLeftCell="B4""#));
    assert!(xml.contains(r#"<autoFilter ref="A3:E8"/>"#));
    assert!(xml.contains(r#"paperSize="8""#) && xml.contains(r#"orientation="landscape""#));
    assert!(xml.contains(r#"fitToHeight="0""#) && xml.contains("<mergeCell ref=\"A1:E1\"/>"));
    assert!(xml.contains("第 &amp;P 页，共 &amp;N 页") && xml.contains("A&amp;&amp;B"));
    assert!(xml.contains("$E4=&quot;否&quot;") || xml.contains("$E4=\"否\""));
    assert!(xml.contains(r#"type="list""#));
    assert!(xml.contains("<f>SUM(B4:B8)</f><v>10</v>"), "{xml}");
    // The rate is not a sum and stays a number.
    assert!(!xml.contains("SUM(D"));
}

#[test]
fn what_looks_like_a_formula_stays_text() {
    let evil = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "=HYPERLINK(\"http://x\")"];
    let columns = vec![Column::new("=header()", ColumnKind::Whole)];
    let rows = evil.map(|text| vec![Cell::from(text)]).into();
    let sheet = Sheet {
        name: "=x".to_owned(),
        title: "=title()".to_owned(),
        columns,
        rows,
        totals: Some(vec![Cell::from("=SUM(A1)")]),
        ..Sheet::default()
    };
    let xml = first_sheet(sheet);
    assert!(!xml.contains("<f>"), "{xml}");
    assert_eq!(xml.matches("t=\"s\"").count(), 1 + 1 + evil.len() + 1);
}

#[test]
fn codes_are_text_whatever_type_they_come_in() {
    let columns = vec![Column::new("编码", ColumnKind::Text), Column::new("数", ColumnKind::Whole)];
    let rows = vec![
        vec![Cell::Whole(990_101_001_001_001), Cell::Whole(i64::MIN)],
        vec![Cell::Number(1.5), Cell::Number(f64::NAN)],
        vec![],
    ];
    let xml = first_sheet(Sheet { columns, rows, ..Sheet::default() });
    assert_eq!(xml.matches("<v>").count(), xml.matches("t=\"s\"").count(), "no cell is a number: {xml}");
}

#[test]
fn empty_sheets_keep_their_header_and_can_be_filled_in() {
    let columns = vec![Column::new("性别", ColumnKind::Text).with_choices(&["男", "女"])];
    let xml = first_sheet(Sheet { columns: columns.clone(), blank_rows: 30, ..Sheet::default() });
    assert!(xml.contains("\"男,女\"") || xml.contains("&quot;男,女&quot;"), "{xml}");
    assert!(xml.contains("sqref=\"A4:A33\""));
    assert!(first_sheet(Sheet { columns, ..Sheet::default() }).contains("<autoFilter"));
    assert!(workbook(&[], &meta()).is_ok());
}

#[test]
fn long_and_odd_texts_are_cut_cleaned_and_listed() {
    let columns = vec![Column::new("备注<&>", ColumnKind::Text)];
    let rows = vec![vec![Cell::Text("长".repeat(40_000))], vec![Cell::from("a\u{1}<b>&\"'")]];
    let sheet = Sheet { name: "表".to_owned(), columns, rows, ..Sheet::default() };
    assert_eq!(
        sheet.unwritable(),
        [
            Unwritable { at: "表 row 1 column 1".to_owned(), what: Loss::Beyond(CELL_UNITS) },
            Unwritable { at: "表 row 2 column 1".to_owned(), what: Loss::Character(1) },
        ]
    );
    let strings = part(&workbook(&[sheet], &meta()).expect("a workbook"), "xl/sharedStrings.xml");
    assert!(strings.contains("a&lt;b&gt;&amp;"));
    assert_eq!(strings.matches('长').count(), CELL_UNITS);
}

#[test]
fn tables_that_cannot_be_are_refused() {
    let none = Sheet { name: "空".to_owned(), ..Sheet::default() };
    assert_eq!(workbook(&[none], &meta()), Err(OfficeError::TableSize { table: "空".to_owned() }));
    let mut long = ledger(2);
    long.rows[1].extend([Cell::Empty, Cell::Empty]);
    let error = OfficeError::RowTooLong { table: "网格一览表".to_owned(), row: 1 };
    assert_eq!(workbook(&[long], &meta()), Err(error));
    let many = Sheet { blank_rows: usize::MAX, ..ledger(2) };
    assert!(matches!(workbook(&[many], &meta()), Err(OfficeError::TableSize { .. })));
}

#[test]
fn ten_thousand_rows() {
    let bytes = workbook(&[ledger(10_000)], &meta()).expect("a workbook");
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert_eq!(xml.matches("<row ").count(), 10_004);
    assert!(xml.contains("SUM(B4:B10003)"));
}
