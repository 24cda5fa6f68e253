//! Files that would unpack to more than is read, or that lie about it.

use super::book::{Cell, Sheet, archive, parts, workbook};
use crate::ledger::{Finding, Options, read};

fn refused(bytes: &[u8]) -> Finding {
    read("t.xlsx", bytes, &Options::default()).expect_err("refused")[0].clone()
}

fn sheet() -> Sheet {
    let text = |t: &str| Cell::Text(t.to_owned());
    let rows = vec![["编码", "名称", "户数"].map(text).to_vec(), ["1", "东里", "5"].map(text).to_vec()];
    Sheet { name: "表".to_owned(), rows, merges: Vec::new() }
}

/// Deflates one byte repeated: a letter, then copies of 258 with the fixed codes.
fn bomb(copies: usize) -> Vec<u8> {
    let mut bits: Vec<u8> = Vec::new();
    let mut put = |value: u32, count: u32| bits.extend((0..count).map(|i| (value >> i & 1) as u8));
    let reversed = |code: u32, count: u32| code.reverse_bits() >> (32 - count);
    put(0b011, 3);
    put(reversed(0x30 + 97, 8), 8);
    for _ in 0..copies {
        put(reversed(0b1100_0101, 8), 8);
        put(0, 5);
    }
    put(0, 7);
    bits.chunks(8).map(|eight| eight.iter().rev().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

/// Replaces a stored part by a deflated one of a claimed size.
fn with_deflated(packed: &[u8], claimed: u32) -> Vec<u8> {
    let mut list = parts(&[sheet()]);
    list.push(("xl/worksheets/sheet9.xml".to_owned(), packed.to_vec()));
    let mut bytes = archive(&list);
    let name = b"xl/worksheets/sheet9.xml";
    let at: Vec<usize> = (0..bytes.len() - name.len()).filter(|i| bytes[*i..].starts_with(name)).collect();
    // In a part's own head the method stands 22 bytes before its name; in the directory, 36.
    for (name_at, method, size) in [(at[0], 22, 8), (at[1], 36, 22)] {
        bytes[name_at - method] = 8;
        bytes[name_at - size..name_at - size + 4].copy_from_slice(&claimed.to_le_bytes());
    }
    bytes
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let packed = bomb(1_100_000);
    assert!(packed.len() < 2_000_000);
    for claimed in [283_800_001, 1000] {
        assert_eq!(refused(&with_deflated(&packed, claimed)).kind.id(), "TooLarge", "{claimed}");
    }
    let small = bomb(10);
    assert_eq!(refused(&with_deflated(&small, 2580)).kind.id(), "WorkbookBroken");
    assert!(read("t.xlsx", &with_deflated(&small, 2581), &Options::default()).is_ok());
    assert_eq!(refused(&with_deflated(&small[..3], 2581)).kind.id(), "WorkbookBroken");
}

#[test]
fn absurd_sheets_are_refused_or_cost_nothing() {
    let with = |from: &str, to: &str| {
        let mut list = parts(&[sheet()]);
        let xml = String::from_utf8_lossy(&list[0].1).replace(from, to);
        list[0].1 = xml.into_bytes();
        archive(&list)
    };
    let claimed = with("<sheetData>", "<dimension ref=\"A1:XFD1048576\"/><sheetData>");
    assert_eq!(read("t", &claimed, &Options::default()).expect("small").rows.len(), 1);
    assert_eq!(refused(&with("r=\"C2\"", "r=\"XFD2\"")).kind.id(), "TooLarge");
    let merged =
        with("</sheetData>", "</sheetData><mergeCells><mergeCell ref=\"A2:XFD1048576\"/></mergeCells>");
    assert!(read("t", &merged, &Options::default()).is_ok());
    let wide = vec!["a"; 1025].join(",");
    assert_eq!(refused(wide.as_bytes()).kind.id(), "TooLarge");
}

#[test]
fn sheets_are_chosen_and_named() {
    let book = workbook(&[Sheet { name: "空".to_owned(), ..Sheet::default() }, sheet()]);
    let ledger = read("t", &book, &Options::default()).expect("a table");
    assert_eq!((ledger.sheet.as_deref(), ledger.findings[0].kind.id()), (Some("表"), "SheetsOther"));
    let options = Options { sheet: Some("无".to_owned()), ..Options::default() };
    assert_eq!(read("t", &book, &options).expect_err("no sheet")[0].kind.id(), "SheetMissing");
    let options = Options { sheet: Some("空".to_owned()), ..Options::default() };
    assert_eq!(read("t", &book, &options).expect_err("blank")[0].kind.id(), "Empty");
}
