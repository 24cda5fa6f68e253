//! Styles, numbering, settings and the foot of pages.
//!
//! Faces after GB/T 9704-2012: title 小标宋 (here 宋体 in bold, which every program has), text 仿宋,
//! first headings 黑体, second ones 楷体, third ones 仿宋 in bold (5.2.2, 7.3.1, 7.3.3); page numbers
//! 四号 宋体 between short lines (7.5).

use std::fmt::Write as _;

use super::body::field;
use crate::office::text::xml;
use crate::office::{BodySize, Language, Meta};

pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const FANGSONG: &str = "仿宋";
const SONG: &str = "宋体";
const HEI: &str = "黑体";
const KAI: &str = "楷体";
const LATIN: &str = "Times New Roman";

/// A paragraph style.
struct Style {
    id: &'static str,
    name: &'static str,
    based_on: &'static str,
    next: &'static str,
    /// Inside the paragraph's properties, in the order of the schema.
    paragraph: String,
    face: &'static str,
    /// Half points.
    size: u32,
    bold: bool,
}

pub(super) fn styles(meta: &Meta) -> String {
    let (body, lines) = match meta.body {
        BodySize::Reading => (24, "<w:spacing w:line=\"360\" w:lineRule=\"auto\"/>"),
        BodySize::Official => (32, "<w:spacing w:line=\"560\" w:lineRule=\"exact\"/>"),
    };
    let language = match meta.language {
        Language::Chinese => "zh-CN",
        Language::English => "en-US",
    };
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:styles xmlns:w=\"{MAIN}\"><w:docDefaults>\
         <w:rPrDefault><w:rPr>{}<w:sz w:val=\"{body}\"/><w:szCs w:val=\"{body}\"/>\
         <w:lang w:val=\"en-US\" w:eastAsia=\"{language}\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault/></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>\
         <w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\">\
         <w:name w:val=\"Default Paragraph Font\"/><w:uiPriority w:val=\"1\"/><w:semiHidden/></w:style>\
         <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/>\
         <w:uiPriority w:val=\"99\"/><w:semiHidden/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar>\
         <w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"108\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/>\
         <w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>",
        fonts(FANGSONG),
    );
    for style in list(body, lines) {
        add(&mut out, &style);
    }
    out.push_str(&table_style());
    out.push_str("</w:styles>");
    out
}

fn list(body: u32, lines: &str) -> Vec<Style> {
    let style = |id, name, paragraph: String, face, size, bold| Style {
        id,
        name,
        based_on: "Normal",
        next: "BodyText",
        paragraph,
        face,
        size,
        bold,
    };
    let heading = |level: u32| {
        format!(
            "<w:keepNext/><w:keepLines/><w:spacing w:before=\"240\" w:after=\"120\" w:line=\"320\" w:lineRule=\"atLeast\"/>\
             <w:outlineLvl w:val=\"{}\"/>",
            level - 1
        )
    };
    // Sizes of the headings: all as the text in an official paper, stepped in a report.
    let sizes = if body > 30 { [32, 32, 32] } else { [32, 28, 24] };
    let indent = format!(
        "{lines}<w:ind w:firstLineChars=\"200\" w:firstLine=\"{}\"/><w:jc w:val=\"both\"/>",
        body * 20
    );
    let contents = |characters: u32| {
        let left = characters * 210;
        format!(
            "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"8844\"/></w:tabs>\
             <w:spacing w:before=\"40\" w:after=\"40\"/><w:ind w:left=\"{left}\"/>"
        )
    };
    let centred = |before: u32, after: u32| {
        format!("<w:spacing w:before=\"{before}\" w:after=\"{after}\"/><w:jc w:val=\"center\"/>")
    };
    let mut list = vec![
        style("BodyText", "Body Text", indent, FANGSONG, body, false),
        style("Title", "Title", centred(0, 240), SONG, 44, true),
        style("Subtitle", "Subtitle", centred(0, 240), KAI, 32, false),
        style("Heading1", "heading 1", heading(1), HEI, sizes[0], false),
        style("Heading2", "heading 2", heading(2), KAI, sizes[1], true),
        style("Heading3", "heading 3", heading(3), FANGSONG, sizes[2], true),
        style("ListParagraph", "List Paragraph", lines.to_owned(), FANGSONG, body, false),
        style("Caption", "caption", centred(120, 120), HEI, 21, false),
        style("Figure", "Figure", format!("<w:keepLines/>{}", centred(120, 0)), FANGSONG, body, false),
        style(
            "TableText",
            "Table Text",
            "<w:spacing w:before=\"20\" w:after=\"20\"/>".to_owned(),
            SONG,
            19,
            false,
        ),
        style(
            "Tiny",
            "Section End",
            "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"120\" w:lineRule=\"exact\"/>".to_owned(),
            SONG,
            2,
            false,
        ),
        style("ContentsTitle", "Contents Title", centred(0, 240), HEI, 32, false),
        style("TOC1", "toc 1", contents(0), SONG, 24, false),
        style("TOC2", "toc 2", contents(2), SONG, 24, false),
        style("TOC3", "toc 3", contents(4), SONG, 24, false),
        style("Footer", "footer", "<w:jc w:val=\"center\"/>".to_owned(), SONG, 28, false),
    ];
    for style in &mut list {
        if matches!(style.id, "BodyText" | "ListParagraph" | "TableText" | "Footer" | "Tiny") {
            style.next = style.id;
        }
    }
    list
}

fn add(out: &mut String, style: &Style) {
    let bold = if style.bold { "<w:b/><w:bCs/>" } else { "" };
    // Programs know the others by their names and show them in the user's language.
    let own = ["Figure", "TableText", "Tiny", "ContentsTitle"].contains(&style.id);
    let own = if own { " w:customStyle=\"1\"" } else { "" };
    // Writing to a string does not fail.
    let _ = write!(
        out,
        "<w:style w:type=\"paragraph\"{own} w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"{based}\"/>\
         <w:next w:val=\"{next}\"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>\
         <w:rPr>{fonts}{bold}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr></w:style>",
        id = style.id,
        name = style.name,
        based = style.based_on,
        next = style.next,
        paragraph = style.paragraph,
        fonts = fonts(style.face),
        size = style.size,
    );
}

fn fonts(face: &str) -> String {
    format!("<w:rFonts w:ascii=\"{LATIN}\" w:hAnsi=\"{LATIN}\" w:eastAsia=\"{face}\" w:cs=\"{LATIN}\"/>")
}

fn table_style() -> String {
    let line = |side: &str, size: u32| {
        format!("<w:{side} w:val=\"single\" w:sz=\"{size}\" w:space=\"0\" w:color=\"404040\"/>")
    };
    let borders = [("top", 8), ("left", 4), ("bottom", 8), ("right", 4), ("insideH", 4), ("insideV", 4)];
    let borders: String = borders.iter().map(|(side, size)| line(side, *size)).collect();
    let band = |kind: &str, fill: &str| {
        format!(
            "<w:tblStylePr w:type=\"{kind}\"><w:rPr><w:b/><w:bCs/></w:rPr>\
             <w:tcPr><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{fill}\"/></w:tcPr></w:tblStylePr>"
        )
    };
    format!(
        "<w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"Ledger\"><w:name w:val=\"Ledger\"/>\
         <w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>\
         <w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>{}{}</w:style>",
        band("firstRow", "DDEBF7"),
        band("lastRow", "F2F2F2"),
    )
}

/// List 1 has points; the others count, each from 1.
pub(super) fn numbering(lists: usize) -> String {
    let level = |format: &str, text: &str| {
        format!(
            "<w:multiLevelType w:val=\"singleLevel\"/><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/>\
             <w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"left\"/>\
             <w:pPr><w:ind w:left=\"900\" w:hanging=\"420\"/></w:pPr></w:lvl>"
        )
    };
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:numbering xmlns:w=\"{MAIN}\">\
         <w:abstractNum w:abstractNumId=\"0\">{}</w:abstractNum>\
         <w:abstractNum w:abstractNumId=\"1\">{}</w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>",
        level("bullet", "•"),
        level("decimal", "%1."),
    );
    for list in 0..lists {
        let _ = write!(
            out,
            "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"0\">\
             <w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>",
            list + 2
        );
    }
    out.push_str("</w:numbering>");
    out
}

/// The page's number between short lines, as on official papers.
pub(super) fn footer() -> String {
    let dash = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", xml(text));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:ftr xmlns:w=\"{MAIN}\"><w:p><w:pPr>\
         <w:pStyle w:val=\"Footer\"/></w:pPr>{}{}{}</w:p></w:ftr>",
        dash("— "),
        field("PAGE", "1"),
        dash(" —"),
    )
}

pub(super) fn settings() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:settings xmlns:w=\"{MAIN}\">\
         <w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"420\"/><w:characterSpacingControl w:val=\"compressPunctuation\"/>\
         <w:compat><w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
    )
}

/// Other names of the faces, so that each program finds its own.
pub(super) fn font_table() -> String {
    let faces = [(FANGSONG, "FangSong"), (SONG, "SimSun"), (HEI, "SimHei"), (KAI, "KaiTi")];
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:fonts xmlns:w=\"{MAIN}\">"
    );
    for (face, other) in faces {
        let _ = write!(
            out,
            "<w:font w:name=\"{face}\"><w:altName w:val=\"{other}\"/><w:charset w:val=\"86\"/></w:font>"
        );
    }
    let _ = write!(out, "<w:font w:name=\"{LATIN}\"><w:charset w:val=\"00\"/></w:font></w:fonts>");
    out
}
