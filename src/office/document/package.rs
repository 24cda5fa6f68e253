//! The parts of the file and how they refer to one another (ECMA-376 part 2).

use std::fmt::Write as _;

use super::Block;
use super::body::{Body, FIRST_PICTURE};
use super::styles::{MAIN, font_table, footer, numbering, settings, styles};
use crate::office::archive::Archive;
use crate::office::text::xml;
use crate::office::{Meta, OfficeError};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CORE: &str = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// The blocks as a word-processor document (`.docx`).
///
/// # Errors
/// If a picture is no PNG, or a table has no columns, too many, or a row longer than them.
pub fn document(blocks: &[Block], meta: &Meta) -> Result<Vec<u8>, OfficeError> {
    let (body, text) = Body::write(blocks, meta)?;
    let text = format!(
        "{HEAD}<w:document xmlns:w=\"{MAIN}\" xmlns:r=\"{OFFICE}\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>{text}</w:body></w:document>"
    );
    let mut archive = Archive::new();
    let mut add = |name: &str, content: &str| archive.add(name, content.as_bytes());
    add("[Content_Types].xml", &content_types())?;
    add("_rels/.rels", &package_relations())?;
    add("docProps/core.xml", &core(meta))?;
    add("docProps/app.xml", &app())?;
    add("word/document.xml", &text)?;
    add("word/_rels/document.xml.rels", &document_relations(body.pictures.len()))?;
    add("word/styles.xml", &styles(meta))?;
    add("word/numbering.xml", &numbering(body.lists))?;
    add("word/settings.xml", &settings())?;
    add("word/fontTable.xml", &font_table())?;
    add("word/footer1.xml", &footer())?;
    for (number, png) in (1..).zip(&body.pictures) {
        archive.add(&format!("word/media/picture{number}.png"), png)?;
    }
    Ok(archive.finish())
}

fn content_types() -> String {
    let mut out = format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Default Extension=\"png\" ContentType=\"image/png\"/>\
         <Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
         <Override PartName=\"/docProps/app.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.extended-properties+xml\"/>"
    );
    let parts = [
        ("document", "document.main"),
        ("styles", "styles"),
        ("numbering", "numbering"),
        ("settings", "settings"),
        ("fontTable", "fontTable"),
        ("footer1", "footer"),
    ];
    for (part, kind) in parts {
        // Writing to a string does not fail.
        let _ = write!(out, "<Override PartName=\"/word/{part}.xml\" ContentType=\"{WORD}.{kind}+xml\"/>");
    }
    out.push_str("</Types>");
    out
}

fn relation(id: usize, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"rId{id}\" Type=\"{kind}\" Target=\"{target}\"/>")
}

fn package_relations() -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"{RELATIONS}\">{}{}{}</Relationships>",
        relation(1, &format!("{OFFICE}/officeDocument"), "word/document.xml"),
        relation(
            2,
            "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
            "docProps/core.xml"
        ),
        relation(3, &format!("{OFFICE}/extended-properties"), "docProps/app.xml"),
    )
}

fn document_relations(pictures: usize) -> String {
    let mut out = format!("{HEAD}<Relationships xmlns=\"{RELATIONS}\">");
    let parts = ["styles", "numbering", "settings", "fontTable"];
    for (id, part) in (1..).zip(parts) {
        out.push_str(&relation(id, &format!("{OFFICE}/{part}"), &format!("{part}.xml")));
    }
    out.push_str(&relation(5, &format!("{OFFICE}/footer"), "footer1.xml"));
    for number in 0..pictures {
        let target = format!("media/picture{}.png", number + 1);
        out.push_str(&relation(FIRST_PICTURE + number, &format!("{OFFICE}/image"), &target));
    }
    out.push_str("</Relationships>");
    out
}

fn core(meta: &Meta) -> String {
    let (title, maker, instant) = (xml(&meta.title), xml(&meta.maker), meta.instant());
    let language = meta.words("zh-CN", "en");
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"{CORE}\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <dc:title>{title}</dc:title><dc:creator>{maker}</dc:creator><dc:language>{language}</dc:language>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{instant}</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{instant}</dcterms:modified></cp:coreProperties>"
    )
}

fn app() -> String {
    format!(
        "{HEAD}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
         <Application>wangge</Application></Properties>"
    )
}
