//! Writes workbooks: parts stored without compression in one archive.

/// A cell of a workbook.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Blank,
    Text(String),
    Number(String),
    Formula(&'static str),
}

/// A sheet: its name, its rows, and its merged ranges.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) merges: Vec<String>,
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `A1` and so on; columns up to Z.
pub(super) fn reference(row: usize, column: usize) -> String {
    format!("{}{}", (b'A' + column as u8) as char, row + 1)
}

impl Sheet {
    pub(super) fn xml(&self) -> String {
        let mut xml = String::from(
            "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
        );
        for (r, row) in self.rows.iter().enumerate() {
            xml.push_str(&format!("<row r=\"{}\">", r + 1));
            for (c, cell) in row.iter().enumerate() {
                let at = reference(r, c);
                match cell {
                    Cell::Blank => {}
                    Cell::Text(text) => xml.push_str(&format!(
                        "<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                        escape(text)
                    )),
                    Cell::Number(number) => xml.push_str(&format!("<c r=\"{at}\"><v>{number}</v></c>")),
                    Cell::Formula(formula) => {
                        xml.push_str(&format!("<c r=\"{at}\"><f>{formula}</f><v/></c>"));
                    }
                }
            }
            xml.push_str("</row>");
        }
        xml.push_str("</sheetData>");
        if !self.merges.is_empty() {
            xml.push_str(&format!("<mergeCells count=\"{}\">", self.merges.len()));
            self.merges.iter().for_each(|m| xml.push_str(&format!("<mergeCell ref=\"{m}\"/>")));
            xml.push_str("</mergeCells>");
        }
        xml.push_str("</worksheet>");
        xml
    }
}

/// The parts of a workbook, by name.
pub(super) fn parts(sheets: &[Sheet]) -> Vec<(String, Vec<u8>)> {
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let mut list = String::new();
    let mut links = String::new();
    let mut parts = Vec::new();
    for (i, sheet) in (1..).zip(sheets) {
        list.push_str(&format!("<sheet name=\"{}\" sheetId=\"{i}\" r:id=\"rId{i}\"/>", escape(&sheet.name)));
        links.push_str(&format!(
            "<Relationship Id=\"rId{i}\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>"
        ));
        parts.push((format!("xl/worksheets/sheet{i}.xml"), sheet.xml().into_bytes()));
    }
    let book = format!(
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{relations}\"><sheets>{list}</sheets></workbook>"
    );
    let of_book = format!("<Relationships xmlns=\"{package}/relationships\">{links}</Relationships>");
    let root = format!(
        "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let types = format!("<Types xmlns=\"{package}/content-types\"></Types>");
    for (name, text) in [
        ("[Content_Types].xml", types),
        ("_rels/.rels", root),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", of_book),
    ] {
        parts.push((name.to_owned(), text.into_bytes()));
    }
    parts
}

/// A workbook file.
pub(super) fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    archive(&parts(sheets))
}

/// An archive of stored parts.
pub(super) fn archive(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    let short = |n: usize| (n as u16).to_le_bytes();
    let long = |n: usize| (n as u32).to_le_bytes();
    for (name, body) in parts {
        let offset = bytes.len();
        let mut common = Vec::new();
        // Version, flags, method, time, date.
        for field in [20, 0x800, 0, 0, 0x21] {
            common.extend(short(field));
        }
        common.extend(check_sum(body).to_le_bytes());
        common.extend(long(body.len()));
        common.extend(long(body.len()));
        common.extend(short(name.len()));
        common.extend(short(0));
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(body);
        directory.extend(b"PK\x01\x02");
        directory.extend(short(20));
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(long(offset));
        directory.extend(name.as_bytes());
    }
    let start = bytes.len();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(short(parts.len()));
    bytes.extend(short(parts.len()));
    bytes.extend(long(directory.len()));
    bytes.extend(long(start));
    bytes.extend(short(0));
    bytes
}

/// CRC-32 as archives have it.
fn check_sum(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg());
        }
    }
    !sum
}
