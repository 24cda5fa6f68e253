//! Documents: their parts, their order, and what must not break them.

use super::*;
use crate::office::archive::parts;
use crate::office::text::Loss;
use crate::office::{Language, Meta, OfficeError};

fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend([0, 0, 2, 0, 0, 0, 1, 0]);
    bytes
}

fn part(bytes: &[u8], name: &str) -> String {
    let found = parts(bytes).into_iter().find(|(n, _)| n == name).expect("the part");
    String::from_utf8(found.1).expect("text")
}

fn body(blocks: &[Block]) -> String {
    part(&document(blocks, &Meta::default()).expect("a document"), "word/document.xml")
}

fn plan() -> Vec<Block> {
    let columns = vec![
        TableColumn { header: "网格".to_owned(), share: 2.0, ..TableColumn::default() },
        TableColumn { header: "户数".to_owned(), align: Align::Right, share: 1.0 },
    ];
    let table = Table {
        caption: "各网格户数".to_owned(),
        columns,
        rows: vec![vec!["第1网格".to_owned(), "312".to_owned()], vec!["=1+1 <&>".to_owned()]],
        totals: Some(vec!["合计".to_owned(), "312".to_owned()]),
    };
    let picture =
        Picture {
            png: png(), width_cm: 12.0, caption: "网格图".to_owned(), alt: "\"甲\"<乙>".to_owned()
        };
    vec![
        Block::Title("网格划分方案".to_owned()),
        Block::Subtitle("清禾街道".to_owned()),
        Block::Contents,
        Block::PageBreak,
        Block::Heading(1, "一、依据".to_owned()),
        Block::Paragraph(vec![Run::plain("共"), Run::bold("98"), Run::plain("个网格。")]),
        Block::List { numbered: true, items: vec![vec![Run::plain("甲")], vec![Run::plain("乙")]] },
        Block::List { numbered: false, items: vec![vec![Run::plain("丙")]] },
        Block::List { numbered: true, items: vec![vec![Run::plain("丁")]] },
        Block::Heading(9, "（一）原则".to_owned()),
        Block::Picture(picture.clone()),
        Block::Page(Direction::Landscape),
        Block::Table(table),
        Block::Page(Direction::Portrait),
        Block::Picture(picture),
    ]
}

/// Names of elements open and close in order; nothing else is looked at.
fn is_nested(xml: &str) -> bool {
    let mut open = Vec::new();
    for tag in xml.split('<').skip(1) {
        let Some((inside, text)) = tag.split_once('>') else { return false };
        let name = inside.split([' ', '/']).find(|n| !n.is_empty()).unwrap_or("");
        if text.contains('>') || inside.matches('"').count() % 2 == 1 {
            return false;
        }
        match (inside.starts_with('/'), inside.ends_with('/') || inside.starts_with('?')) {
            (true, _) if open.pop() != Some(name) => return false,
            (false, false) => open.push(name),
            _ => {}
        }
    }
    open.is_empty()
}

#[test]
fn every_part_is_well_formed_and_referred_to() {
    let bytes =
        document(&plan(), &Meta { title: "a<&>\"".to_owned(), ..Meta::default() }).expect("a document");
    let types = part(&bytes, "[Content_Types].xml");
    for (name, content) in parts(&bytes) {
        if name.ends_with(".png") {
            assert_eq!(content, png());
            continue;
        }
        let text = String::from_utf8(content).expect("text");
        assert!(is_nested(&text), "{name}: {text}");
        assert!(name.ends_with("rels") || name.starts_with('[') || types.contains(&format!("\"/{name}\"")));
    }
    assert!(!is_nested("<a><b></a></b>"));
}

#[test]
fn headings_are_real_and_the_contents_lead_to_them() {
    let text = body(&plan());
    assert!(text.contains("<w:pStyle w:val=\"Heading1\"/><w:pageBreakBefore/>"));
    assert!(text.contains("<w:pStyle w:val=\"Heading3\"/>"));
    for number in 1..=2 {
        let name = format!("_Toc{number:06}");
        assert_eq!(text.matches(&format!("w:name=\"{name}\"")).count(), 1);
        assert_eq!(text.matches(&format!("w:anchor=\"{name}\"")).count(), 1);
    }
    assert_eq!(text.matches("一、依据").count(), 2);
    assert_eq!(text.matches("\"begin\"").count(), text.matches("\"end\"").count());
    let styles = part(&document(&plan(), &Meta::default()).expect("a document"), "word/styles.xml");
    assert!(styles.contains("<w:outlineLvl w:val=\"0\"/>") && styles.contains("w:eastAsia=\"黑体\""));
    for style in text.split("<w:pStyle w:val=\"").skip(1).filter_map(|s| s.split('"').next()) {
        assert!(styles.contains(&format!("w:styleId=\"{style}\"")), "{style}");
    }
}

#[test]
fn tables_repeat_their_header_and_pictures_are_numbered() {
    let text = body(&plan());
    assert_eq!(text.matches("<w:tblHeader/>").count(), 1);
    assert_eq!(text.matches("<w:tc>").count(), 8);
    // Short: all but the last row keep to the next.
    assert_eq!(text.matches("<w:pStyle w:val=\"TableText\"/><w:keepNext/>").count(), 6);
    assert!(text.contains("=1+1 &lt;&amp;&gt;"));
    assert!(text.contains("cx=\"4320000\" cy=\"2160000\""));
    assert!(text.contains("descr=\"&quot;甲&quot;&lt;乙&gt;\""));
    assert!(text.contains("SEQ 图") && text.contains("SEQ 表"));
    assert!(text.contains("r:embed=\"rId10\"") && text.contains("r:embed=\"rId11\""));
    assert_eq!(text.matches("<w:sectPr>").count(), 3);
    assert_eq!(text.matches("w:orient=\"landscape\"").count(), 1);
}

#[test]
fn each_numbered_list_counts_from_one() {
    let bytes = document(&plan(), &Meta::default()).expect("a document");
    let text = part(&bytes, "word/document.xml");
    let numbers: Vec<_> =
        text.split("<w:numId w:val=\"").skip(1).filter_map(|s| s.split('"').next()).collect();
    assert_eq!(numbers, ["2", "2", "1", "3"]);
    assert_eq!(part(&bytes, "word/numbering.xml").matches("startOverride").count(), 2);
}

#[test]
fn the_same_blocks_give_the_same_bytes() {
    let make = || document(&plan(), &Meta::default());
    assert_eq!(make(), make());
}

#[test]
fn english_words_in_an_english_document() {
    let meta = Meta { language: Language::English, ..Meta::default() };
    let text = part(&document(&plan(), &meta).expect("a document"), "word/document.xml");
    assert!(text.contains("Figure ") && text.contains("Contents") && !text.contains("目  录"));
}

#[test]
fn what_cannot_be_written_is_refused_or_listed() {
    let bad = Picture { png: b"no".to_vec(), caption: "坏".to_owned(), ..Picture::default() };
    let error = OfficeError::Picture { caption: "坏".to_owned() };
    assert_eq!(document(&[Block::Picture(bad)], &Meta::default()), Err(error));
    let none = Block::Table(Table::default());
    assert!(matches!(document(&[none], &Meta::default()), Err(OfficeError::TableSize { .. })));
    let blocks = [Block::Title("甲\u{2}".to_owned())];
    assert_eq!(unwritable(&blocks)[0].what, Loss::Character(2));
    assert!(body(&blocks).contains(">甲<"));
    assert!(is_nested(&body(&[])));
}
