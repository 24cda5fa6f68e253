//! Pictures on the page: their extent from the PNG itself.

use std::fmt::Write as _;

use super::Picture;
use super::body::Area;
use crate::office::text::xml;

/// English metric units of a millimetre (ECMA-376 part 1, 20.1.2.1).
const EMU_PER_MM: f64 = 36_000.0;

/// Pixels across and down, from the first chunk of a PNG (W3C PNG, 11.2.1); `None` if it is no
/// PNG or has no extent.
pub(super) fn extent(png: &[u8]) -> Option<(u32, u32)> {
    let header = png.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
    let number = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    let (width, height) = (number(0)?, number(4)?);
    let sound = |n: u32| n > 0 && n <= i32::MAX as u32;
    (sound(width) && sound(height)).then_some((width, height))
}

/// Width and height in units of the format: as wide as asked, but within the page and the height
/// that leaves room for a caption.
fn size(picture: &Picture, pixels: (u32, u32), area: Area) -> (u64, u64) {
    let ratio = f64::from(pixels.1) / f64::from(pixels.0);
    let wanted = picture.width_cm * 10.0;
    let wanted = if wanted.is_finite() && wanted > 0.0 { wanted } else { area.width_mm };
    let width = wanted.min(area.width_mm).min((area.height_mm - 20.0) / ratio);
    let units = |mm: f64| ((mm * EMU_PER_MM).round() as u64).max(1);
    (units(width), units(width * ratio))
}

/// The drawing inside a run. `number` tells pictures apart, `relation` names the file.
pub(super) fn drawing(
    picture: &Picture,
    pixels: (u32, u32),
    area: Area,
    number: usize,
    relation: &str,
) -> String {
    let (width, height) = size(picture, pixels, area);
    let alt = xml(&picture.alt.replace(['\n', '\r'], " "));
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write!(
        out,
        "<w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
         <wp:extent cx=\"{width}\" cy=\"{height}\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/>\
         <wp:docPr id=\"{number}\" name=\"Picture {number}\" descr=\"{alt}\"/>\
         <wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect=\"1\"/></wp:cNvGraphicFramePr>\
         <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>\
         <pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"picture{number}.png\" descr=\"{alt}\"/><pic:cNvPicPr/></pic:nvPicPr>\
         <pic:blipFill><a:blip r:embed=\"{relation}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
         <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr>\
         </pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn extent_is_read_from_the_header() {
        assert_eq!(extent(&png(640, 480)), Some((640, 480)));
        assert_eq!(extent(&png(0, 480)), None);
        assert_eq!(extent(&png(640, 480)[..20]), None);
        assert_eq!(extent(b"GIF89a"), None);
    }

    #[test]
    fn a_picture_keeps_its_shape_within_the_page() {
        let area = Area { width_mm: 156.0, height_mm: 225.0 };
        let of = |width_cm: f64, pixels| size(&Picture { width_cm, ..Picture::default() }, pixels, area);
        assert_eq!(of(10.0, (200, 100)), (3_600_000, 1_800_000));
        assert_eq!(of(100.0, (200, 100)).0, 156 * 36_000);
        assert_eq!(of(f64::NAN, (200, 100)).0, 156 * 36_000);
        let (width, height) = of(15.0, (100, 1_000));
        assert_eq!((height, width), (205 * 36_000, 205 * 3_600));
    }
}
