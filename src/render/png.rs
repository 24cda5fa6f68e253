//! An SVG document as a PNG image.
//!
//! Only the two embedded fonts, and one that the caller adds, are offered to the renderer, never the system's, so a sheet looks the same on
//! every machine. The fonts are borrowed where they lie in the program and are not copied.

use super::text::{BOLD, FAMILY, REGULAR, more_bytes};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{self, fontdb};
use std::sync::{Arc, OnceLock};

/// Most pixels on a side; beyond this a sheet no longer fits in memory with any comfort.
const SIDE_MAX: f32 = 16_000.0;

/// Why a document could not be turned into an image.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    /// The document is not an SVG that the renderer can read.
    #[error("the SVG cannot be read")]
    Unreadable(#[source] usvg::Error),
    /// The image would have no pixel, or too many.
    #[error("an image of {width:.0} × {height:.0} pixels cannot be made; choose another scale")]
    Size {
        /// Width asked for, in pixels.
        width: f32,
        /// Height asked for, in pixels.
        height: f32,
    },
    /// The image could not be compressed.
    #[error("the image cannot be encoded as PNG")]
    Encode(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut database = fontdb::Database::new();
        for data in [REGULAR, BOLD] {
            database.load_font_source(fontdb::Source::Binary(Arc::new(data)));
        }
        if let Some(more) = more_bytes() {
            database.load_font_data(more.to_vec());
        }
        database.set_sans_serif_family(FAMILY);
        Arc::new(database)
    };
    Arc::clone(FONTS.get_or_init(load))
}

/// The embedded fonts and nothing of the machine.
pub(super) fn options() -> usvg::Options<'static> {
    usvg::Options { font_family: FAMILY.to_owned(), fontdb: fonts(), ..usvg::Options::default() }
}

/// Draws an SVG document on white paper at `scale` times its size.
///
/// # Errors
/// [`RasterError`] if the document is not SVG, if the image would be empty or longer than 16,000 pixels on a
/// side, or if it cannot be compressed.
pub fn rasterise(svg: &str, scale: f32) -> Result<Vec<u8>, RasterError> {
    let tree = usvg::Tree::from_str(svg, &options()).map_err(RasterError::Unreadable)?;
    let (width, height) = (tree.size().width() * scale, tree.size().height() * scale);
    let fits = |side: f32| (0.5..=SIDE_MAX).contains(&side);
    let empty = RasterError::Size { width, height };
    if !fits(width) || !fits(height) {
        return Err(empty);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0.5 and 16,000")]
    let mut image = Pixmap::new(width.round() as u32, height.round() as u32).ok_or(empty)?;
    image.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut image.as_mut());
    encoded(&image).map_err(|error| RasterError::Encode(Box::new(error)))
}

/// The pixels without their opacity, which on white paper says nothing.
fn encoded(image: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let colours: Vec<u8> =
        image.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, image.width(), image.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&colours)?;
    writer.finish()?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_drawn_with_the_embedded_fonts() {
        let page = |body: &str| {
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"40\">{body}</svg>")
        };
        let blank = rasterise(&page(""), 1.0).expect("a sound document");
        let body = format!("<text x=\"2\" y=\"32\" font-size=\"30\" font-family=\"{FAMILY}\">网</text>");
        let written = rasterise(&page(&body), 1.0).expect("a sound document");
        assert!(written.starts_with(b"\x89PNG") && written.len() > blank.len());
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        assert!(matches!(rasterise("<p>", 1.0), Err(RasterError::Unreadable(_))));
        let page = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"40\"/>";
        for scale in [0.0, -1.0, 1e6, f32::NAN] {
            assert!(matches!(rasterise(page, scale), Err(RasterError::Size { .. })), "{scale}");
        }
    }
}
