//! SVG sheets to one PDF, a page each, with text that can be selected.

mod settled;

use std::collections::BTreeMap;

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref};
use resvg::usvg;
use svg2pdf::ConversionOptions;

use super::png::options;

/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// Why a PDF was not made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The document is no SVG.
    #[error("the sheet is no sound SVG")]
    Unreadable(#[source] usvg::Error),
    /// A picture or a font of it could not be carried over.
    #[error("sheet {page} cannot be turned into PDF: {reason}")]
    Conversion {
        /// From 1.
        page: usize,
        /// Why not.
        reason: String,
    },
}

/// Pages of SVG with their width and height in millimetres. Each is drawn to fill its page.
///
/// # Errors
/// [`PdfError`] at the first page that cannot be drawn.
pub fn pdf(pages: &[(String, (f64, f64))], title: &str) -> Result<Vec<u8>, PdfError> {
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        Ref::new(next)
    };
    let (catalogue, tree, info) = (fresh(), fresh(), fresh());
    let mut pdf = Pdf::new();
    pdf.catalog(catalogue).pages(tree);
    let leaves: Vec<Ref> = pages.iter().map(|_| fresh()).collect();
    pdf.pages(tree).kids(leaves.iter().copied()).count(pages.len() as i32);
    pdf.document_info(info).title(pdf_writer::TextStr(title)).creator(pdf_writer::TextStr("wangge"));
    for (i, (svg, (width, height))) in pages.iter().enumerate() {
        let drawing = usvg::Tree::from_str(svg, &options()).map_err(PdfError::Unreadable)?;
        let (chunk, picture) = svg2pdf::to_chunk(&drawing, ConversionOptions::default())
            .map_err(|error| PdfError::Conversion { page: i + 1, reason: error.to_string() })?;
        let mut names: BTreeMap<i32, Ref> = BTreeMap::new();
        let chunk = chunk.renumber(|old| *names.entry(old.get()).or_insert_with(&mut fresh));
        let picture = names.get(&picture.get()).copied().unwrap_or(picture);
        let content = fresh();
        let (width, height) = ((width * POINTS) as f32, (height * POINTS) as f32);
        let mut page = pdf.page(leaves[i]);
        page.media_box(Rect::new(0.0, 0.0, width, height)).parent(tree).contents(content);
        page.resources().x_objects().pair(Name(b"S"), picture);
        page.finish();
        let mut drawn = Content::new();
        drawn.transform([width, 0.0, 0.0, height, 0.0, 0.0]).x_object(Name(b"S"));
        pdf.stream(content, &drawn.finish());
        pdf.extend(&chunk);
    }
    let made = pdf.finish();
    let settled = settled::settled(&made);
    debug_assert!(settled.is_some(), "a PDF of this program is understood");
    Ok(settled.unwrap_or(made))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_and_sized() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\"><rect width=\"9\" height=\"9\"/></svg>";
        let pages = vec![(svg.to_owned(), (368.0, 260.0)); 3];
        let made = pdf(&pages, "图集").expect("sound pages");
        let text = String::from_utf8_lossy(&made);
        assert!(made.starts_with(b"%PDF-") && text.contains("/Count 3"));
        assert!(text.contains("/MediaBox [0 0 1043.1"));
        assert_eq!(made, pdf(&pages, "图集").expect("the same again"));
        assert!(matches!(pdf(&[("<p>".to_owned(), (1.0, 1.0))], ""), Err(PdfError::Unreadable(_))));
    }
    #[test]
    fn fonts_of_a_sheet_stand_in_one_order() {
        let words = (0..4).map(|i| {
            let weight = if i % 2 == 0 { "bold" } else { "normal" };
            format!(
                "<text x=\"1\" y=\"{}\" font-weight=\"{weight}\" fill-opacity=\"0.{i}5\">网格{i}</text>",
                9 * i + 9
            )
        });
        let words: String = words.collect();
        let svg =
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"60\">{words}</svg>");
        let pages = vec![(svg, (80.0, 60.0)); 2];
        let made = pdf(&pages, "图集").expect("sound pages");
        let text = String::from_utf8_lossy(&made);
        assert_eq!(
            text.matches("/Type /Font\n").count(),
            2 * 2 * 2,
            "two faces a page, each with its glyphs"
        );
        let (_, table) = text.rsplit_once("\nxref\n").expect("a table of objects");
        for (number, line) in table.split("\r\n").skip(1).filter(|line| line.ends_with(" n")).enumerate() {
            let at: usize = line[..10].parse().expect("an offset");
            assert!(made[at..].starts_with(format!("{} 0 obj\n", number + 1).as_bytes()), "{line}");
        }
        for _ in 0..12 {
            assert!(made == pdf(&pages, "图集").expect("the same again"));
        }
    }
}
