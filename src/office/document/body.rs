//! The text of the document: paragraphs, lists, captions, contents and sections.

use std::fmt::Write as _;

use super::picture::{drawing, extent};
use super::table::table;
use super::{Block, Direction, Picture, Run};
use crate::office::text::{clean, xml};
use crate::office::{Meta, OfficeError};

/// Twentieths of a point in a millimetre.
pub(super) const TWIPS_PER_MM: f64 = 1_440.0 / 25.4;
/// GB/T 9704-2012, 5.2.1: paper, margin over the text, margin left, and the area of the text.
const PAPER_MM: (f64, f64) = (210.0, 297.0);
const TOP_MM: f64 = 37.0;
const LEFT_MM: f64 = 28.0;
const TEXT_MM: (f64, f64) = (156.0, 225.0);
/// Pages across have even margins, which is what wide tables need.
const ACROSS_MARGIN_MM: f64 = 25.0;
/// The foot's page number stands 7 mm under the text (7.5).
const FOOT_MM: f64 = 7.0;
/// First identifier of a file that is a picture; those below name styles and the like.
pub(super) const FIRST_PICTURE: usize = 10;

/// Where text may stand on a page.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub(super) width_mm: f64,
    pub(super) height_mm: f64,
}

fn area(direction: Direction) -> Area {
    match direction {
        Direction::Portrait => Area { width_mm: TEXT_MM.0, height_mm: TEXT_MM.1 },
        Direction::Landscape => Area {
            width_mm: PAPER_MM.1 - 2.0 * ACROSS_MARGIN_MM,
            height_mm: PAPER_MM.0 - 2.0 * ACROSS_MARGIN_MM,
        },
    }
}

/// A document's text being written.
pub(super) struct Body<'a> {
    meta: &'a Meta,
    out: String,
    direction: Direction,
    /// The next paragraph begins a page.
    breaks: bool,
    headings: usize,
    figures: usize,
    tables: usize,
    /// Numbered lists, each of which counts from 1.
    pub(super) lists: usize,
    /// Files of pictures, in order.
    pub(super) pictures: Vec<&'a [u8]>,
}

impl<'a> Body<'a> {
    /// All blocks as the inside of the body element.
    pub(super) fn write(blocks: &'a [Block], meta: &'a Meta) -> Result<(Self, String), OfficeError> {
        let mut body = Self {
            meta,
            out: String::new(),
            direction: Direction::Portrait,
            breaks: false,
            headings: 0,
            figures: 0,
            tables: 0,
            lists: 0,
            pictures: Vec::new(),
        };
        for (at, block) in blocks.iter().enumerate() {
            body.block(block, blocks, at == 0)?;
        }
        // A table may not be the last thing before the section's end.
        if matches!(blocks.last(), None | Some(Block::Table(_))) {
            body.paragraph("Tiny", "", "");
        }
        let section = section(body.direction);
        body.out.push_str(&section);
        let text = std::mem::take(&mut body.out);
        Ok((body, text))
    }

    fn block(&mut self, block: &'a Block, all: &[Block], first: bool) -> Result<(), OfficeError> {
        match block {
            Block::Title(text) => self.paragraph("Title", "", &text_run(text, false)),
            Block::Subtitle(text) => self.paragraph("Subtitle", "", &text_run(text, false)),
            Block::Heading(level, text) => self.heading(*level, text),
            Block::Paragraph(runs) => self.paragraph("BodyText", "", &self::runs(runs)),
            Block::List { numbered, items } => self.list(*numbered, items),
            Block::Table(content) => {
                if !content.caption.is_empty() {
                    self.tables += 1;
                    self.caption("表", "Table", self.tables, &content.caption, "<w:keepNext/>");
                } else if self.breaks {
                    self.paragraph("Tiny", "", "");
                }
                let text = table(content, area(self.direction).width_mm)?;
                self.out.push_str(&text);
                // Two tables in a row would be read as one.
                self.paragraph("Tiny", "", "");
            }
            Block::Picture(picture) => self.picture(picture)?,
            Block::PageBreak => self.breaks = !first,
            Block::Page(direction) => {
                if !first {
                    let section = section(self.direction);
                    let inside = format!("<w:pPr><w:pStyle w:val=\"Tiny\"/>{section}</w:pPr>");
                    let _ = write!(self.out, "<w:p>{inside}</w:p>");
                }
                (self.direction, self.breaks) = (*direction, false);
            }
            Block::Contents => self.contents(all),
        }
        Ok(())
    }

    /// `extra` stands between the page break and the end of the properties.
    fn paragraph(&mut self, style: &str, extra: &str, inside: &str) {
        let page = if std::mem::take(&mut self.breaks) { "<w:pageBreakBefore/>" } else { "" };
        // The schema wants `keepNext` before the page break, all else after it.
        let (before, after) = match extra.strip_prefix("<w:keepNext/>") {
            Some(rest) => ("<w:keepNext/>", rest),
            None => ("", extra),
        };
        let _ = write!(
            self.out,
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{before}{page}{after}</w:pPr>{inside}</w:p>"
        );
    }

    fn heading(&mut self, level: u8, text: &str) {
        self.headings += 1;
        let (id, run) = (self.headings, text_run(text, false));
        let style = format!("Heading{}", level.clamp(1, 3));
        let mark = format!("<w:bookmarkStart w:id=\"{id}\" w:name=\"_Toc{id:06}\"/>");
        self.paragraph(&style, "", &format!("{mark}{run}<w:bookmarkEnd w:id=\"{id}\"/>"));
    }

    fn list(&mut self, numbered: bool, items: &[Vec<Run>]) {
        if numbered {
            self.lists += 1;
        }
        // 1 is the list with points; numbered ones follow.
        let number = if numbered { self.lists + 1 } else { 1 };
        let extra = format!("<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{number}\"/></w:numPr>");
        for item in items {
            self.paragraph("ListParagraph", &extra, &runs(item));
        }
    }

    fn caption(
        &mut self,
        chinese: &'static str,
        english: &'static str,
        number: usize,
        text: &str,
        extra: &str,
    ) {
        let word = self.meta.words(chinese, english);
        let gap = self.meta.words("", " ");
        let count = field(&format!("SEQ {word} \\* ARABIC"), &number.to_string());
        let inside = format!(
            "{}{count}{}",
            text_run(&format!("{word}{gap}"), false),
            text_run(&format!("  {text}"), false)
        );
        self.paragraph("Caption", extra, &inside);
    }

    fn picture(&mut self, picture: &'a Picture) -> Result<(), OfficeError> {
        let refused = || OfficeError::Picture { caption: picture.caption.clone() };
        let pixels = extent(&picture.png).ok_or_else(refused)?;
        self.pictures.push(&picture.png);
        let number = self.pictures.len();
        let relation = format!("rId{}", FIRST_PICTURE + number - 1);
        let drawing = drawing(picture, pixels, area(self.direction), number, &relation);
        let captioned = !picture.caption.is_empty();
        let keep = if captioned { "<w:keepNext/>" } else { "" };
        self.paragraph("Figure", keep, &format!("<w:r>{drawing}</w:r>"));
        if captioned {
            self.figures += 1;
            self.caption("图", "Figure", self.figures, &picture.caption, "");
        }
        Ok(())
    }

    /// The field's result is the list of headings as it stands; each entry leads to its heading.
    fn contents(&mut self, all: &[Block]) {
        let title = self.meta.words("目  录", "Contents");
        self.paragraph("ContentsTitle", "", &text_run(title, false));
        let headings: Vec<_> = all
            .iter()
            .filter_map(|block| match block {
                Block::Heading(level, text) => Some((level.clamp(&1, &3), text)),
                _ => None,
            })
            .collect();
        let begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
            <w:r><w:instrText xml:space=\"preserve\"> TOC \\o \"1-3\" \\h \\z \\u </w:instrText></w:r>\
            <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>";
        let end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        if headings.is_empty() {
            self.paragraph("TOC1", "", &format!("{begin}{end}"));
        }
        for (at, (level, text)) in headings.iter().enumerate() {
            let number = at + 1;
            let begin = if at == 0 { begin } else { "" };
            let end = if number == headings.len() { end } else { "" };
            let run = text_run(&text.replace('\n', " "), false);
            let link =
                format!("<w:hyperlink w:anchor=\"_Toc{number:06}\" w:history=\"1\">{run}</w:hyperlink>");
            self.paragraph(&format!("TOC{level}"), "", &format!("{begin}{link}{end}"));
        }
    }
}

/// A field with its result filled in.
pub(super) fn field(code: &str, result: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
         <w:r><w:instrText xml:space=\"preserve\"> {code} </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>{result}</w:t></w:r>\
         <w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
    )
}

fn runs(runs: &[Run]) -> String {
    runs.iter().map(|run| text_run(&run.text, run.bold)).collect()
}

/// One run; its line breaks and tabs become those of the format.
pub(super) fn text_run(text: &str, bold: bool) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut out = String::from("<w:r>");
    if bold {
        out.push_str("<w:rPr><w:b/><w:bCs/></w:rPr>");
    }
    for (number, line) in clean(text).split('\n').enumerate() {
        if number > 0 {
            out.push_str("<w:br/>");
        }
        for (number, part) in line.split('\t').enumerate() {
            if number > 0 {
                out.push_str("<w:tab/>");
            }
            if !part.is_empty() {
                let _ = write!(out, "<w:t xml:space=\"preserve\">{}</w:t>", xml(part));
            }
        }
    }
    out.push_str("</w:r>");
    out
}

fn section(direction: Direction) -> String {
    let twips = |mm: f64| (mm * TWIPS_PER_MM).round() as u32;
    let (paper, orient, margins) = match direction {
        Direction::Portrait => {
            let right = PAPER_MM.0 - LEFT_MM - TEXT_MM.0;
            let bottom = PAPER_MM.1 - TOP_MM - TEXT_MM.1;
            (PAPER_MM, "", [TOP_MM, right, bottom, LEFT_MM])
        }
        Direction::Landscape => ((PAPER_MM.1, PAPER_MM.0), " w:orient=\"landscape\"", [ACROSS_MARGIN_MM; 4]),
    };
    let [top, right, bottom, left] = margins.map(twips);
    // The number's line is about 5 mm high.
    let foot = twips(margins[2] - FOOT_MM - 5.0);
    format!(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId5\"/><w:type w:val=\"nextPage\"/>\
         <w:pgSz w:w=\"{}\" w:h=\"{}\"{orient}/><w:pgMar w:top=\"{top}\" w:right=\"{right}\" w:bottom=\"{bottom}\" \
         w:left=\"{left}\" w:header=\"850\" w:footer=\"{foot}\" w:gutter=\"0\"/></w:sectPr>",
        twips(paper.0),
        twips(paper.1),
    )
}
