//! How wide a text will be, and which of its characters the fonts can draw.
//!
//! Labels are placed before anything is drawn, so widths must be known beforehand and must agree with the
//! renderer. Both read the same two embedded fonts; nothing depends on what is installed on a machine.

use std::sync::OnceLock;
use ttf_parser::Face;

/// The family name inside both fonts.
pub(super) const FAMILY: &str = "Noto Sans CJK SC";

/// The same with stand-ins for whoever opens an SVG where those fonts are not installed.
pub(super) const FAMILIES: &str =
    "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif";

pub(super) static REGULAR: &[u8] = include_bytes!("../../assets/NotoSansSC-Regular-place.otf");
pub(super) static BOLD: &[u8] = include_bytes!("../../assets/NotoSansSC-Bold-place.otf");

/// Width of a character no font knows: most that are missing are ideographs, one em wide.
const UNKNOWN_ADVANCE: f64 = 1.0;

fn face(bold: bool) -> &'static Face<'static> {
    static FACES: OnceLock<[Face<'static>; 2]> = OnceLock::new();
    let parse = |data| Face::parse(data, 0).expect("the embedded fonts are sound; a test parses them");
    &FACES.get_or_init(|| [parse(REGULAR), parse(BOLD)])[usize::from(bold)]
}

/// A font of the caller's for characters that the embedded ones lack.
static MORE: OnceLock<Vec<u8>> = OnceLock::new();

fn more() -> Option<&'static Face<'static>> {
    static FACE: OnceLock<Option<Face<'static>>> = OnceLock::new();
    FACE.get_or_init(|| Face::parse(MORE.get()?, 0).ok()).as_ref()
}

pub(super) fn more_bytes() -> Option<&'static [u8]> {
    MORE.get().map(Vec::as_slice)
}

/// Adds a font for characters that the embedded ones lack. Before anything is drawn, and once.
///
/// # Errors
/// In words, if the bytes are no TrueType or OpenType font, or a font was added before.
pub fn add_font(bytes: Vec<u8>) -> Result<(), &'static str> {
    Face::parse(&bytes, 0).map_err(|_| "it is no TrueType or OpenType font")?;
    MORE.set(bytes).map_err(|_| "a font was added before")
}

fn advance(character: char, bold: bool) -> f64 {
    let of = |face: &Face<'_>| {
        let glyph = face.glyph_index(character)?;
        Some(f64::from(face.glyph_hor_advance(glyph)?) / f64::from(face.units_per_em()))
    };
    let embedded = of(face(bold)).or_else(|| of(face(!bold)));
    embedded.or_else(|| of(more()?)).unwrap_or(UNKNOWN_ADVANCE)
}

/// Width of a text in pixels.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    text.chars().map(|c| advance(c, bold)).sum::<f64>() * size
}

/// Characters of `text` that neither the embedded fonts nor an added one can draw, each once, in order of appearance.
///
/// They would come out as empty boxes; a caller can warn before it prints a hundred sheets.
#[must_use]
pub fn missing_glyphs(text: &str) -> Vec<char> {
    let mut missing = Vec::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        let embedded = face(false).glyph_index(c).or_else(|| face(true).glyph_index(c));
        let drawn = embedded.or_else(|| more()?.glyph_index(c)).is_some();
        if !drawn && !missing.contains(&c) {
            missing.push(c);
        }
    }
    missing
}

/// Breaks a text into lines no wider than `room`: at spaces where there are any, else between characters,
/// but never before a closing mark or inside a number.
pub(super) fn wrap(text: &str, size: f64, bold: bool, room: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        if !line.is_empty() && width(&line, size, bold) + width(word.trim_end(), size, bold) > room {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        line.push_str(word);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// The shortest pieces that must stay together.
fn words(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut previous = None;
    for (at, c) in text.char_indices() {
        let narrow = |c: char| c.is_ascii() && c != ' ';
        let breaks = match previous {
            None => false,
            Some(' ') => true,
            Some(p) => {
                let together = (narrow(p) && narrow(c)) || "（《".contains(p);
                !together && !"，。、；：）》%％—户人 ".contains(c)
            }
        };
        if breaks {
            starts.push(at);
        }
        previous = Some(c);
    }
    let ends = starts.iter().copied().skip(1).chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(from, to)| &text[from..to]).collect()
}

/// The text cut to a width, with an ellipsis where something was cut.
pub(super) fn fitted(text: &str, size: f64, bold: bool, room: f64) -> String {
    if width(text, size, bold) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept, size, bold) + width("…", size, bold) > room {
            kept.pop();
            break;
        }
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ideographs_are_one_em_and_digits_narrower() {
        assert!((width("网格", 10.0, false) - 20.0).abs() < 1e-9);
        let digits = width("003", 10.0, true);
        assert!(digits > 15.0 && digits < 20.0, "{digits}");
    }

    #[test]
    fn missing_glyphs_are_named_once() {
        assert_eq!(missing_glyphs("网格 grid 大安區 ①"), Vec::<char>::new());
        assert_eq!(missing_glyphs("a\u{1F600}b\u{1F600}"), ['\u{1F600}']);
    }

    #[test]
    fn lines_stay_within_their_room() {
        for text in ["步行距离按直线距离乘以1.3估算，未计过街与高差。", "Walks are straight lines times 1.3"]
        {
            let lines = wrap(text, 20.0, false, 200.0);
            assert!(lines.iter().all(|line| width(line, 20.0, false) <= 220.0), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
        assert!(width(&fitted("党群服务中心分中心", 10.0, false, 55.0), 10.0, false) <= 55.0);
    }
}
