//! A scene as an SVG document.
//!
//! Coordinates are written in whole tenths of a pixel, so equal scenes give equal bytes on every machine and
//! a file stays small. Everything stands in presentation attributes rather than in a style sheet, since
//! office programs read those and skip the other. Text is escaped, and control characters, which XML forbids
//! even when escaped, are removed.

use super::palette;
use super::scene::{Anchor, Colour, Group, Item, Line, Paint, Path, Pattern, Scene, Stroke, Style, Text};
use super::text::FAMILIES;

/// Writes a scene.
#[must_use]
pub(super) fn write(scene: &Scene) -> String {
    let mut out = Out { text: String::with_capacity(1 << 18) };
    let (w, h) = (tenths(scene.width), tenths(scene.height));
    out.raw(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" \
         font-family=\"{FAMILIES}\" stroke-linejoin=\"round\">\n<title>{}</title>\n<defs>\n",
        escape(&scene.title)
    ));
    for pattern in used_patterns(&scene.items) {
        out.raw(&definition(pattern));
    }
    out.raw("</defs>\n");
    out.raw(&format!("<path fill=\"{}\" d=\"M0 0H{w}V{h}H0Z\"/>\n", hex(palette::PAPER)));
    out.items(&scene.items);
    out.raw("</svg>\n");
    out.text
}

/// Replaces what XML reserves and drops what it forbids.
#[must_use]
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A number rounded to a tenth; what is not finite becomes 0, so that a document stays well formed.
fn tenths(value: f64) -> String {
    let mut out = String::new();
    push_tenths(&mut out, value);
    out
}

fn push_tenths(out: &mut String, value: f64) {
    push_number(out, whole_tenths(value));
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to a page")]
fn whole_tenths(value: f64) -> i32 {
    let value = if value.is_finite() { value.clamp(-1e6, 1e6) } else { 0.0 };
    (value * 10.0).round() as i32
}

/// Writes a number of tenths. Maps hold hundreds of thousands of them: plain digits, no formatter.
fn push_number(out: &mut String, tenths: i32) {
    if tenths < 0 {
        out.push('-');
    }
    let (mut whole, part) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    let mut digits = [b'0'; 10];
    let mut first = digits.len() - 1;
    while whole > 9 {
        digits[first] = b'0' + (whole % 10) as u8;
        whole /= 10;
        first -= 1;
    }
    digits[first] = b'0' + whole as u8;
    digits[first..].iter().for_each(|digit| out.push(char::from(*digit)));
    if part > 0 {
        out.push('.');
        out.push(char::from(b'0' + part as u8));
    }
}

fn hex(colour: Colour) -> String {
    format!("#{:06x}", colour.0 & 0xFF_FFFF)
}

/// Opacities and small dashes need two digits.
fn hundredths(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

const fn id(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::Beyond => "beyond",
        Pattern::Gained => "gained",
        Pattern::Above => "above",
        Pattern::Below => "below",
        Pattern::Exclusive => "exclusive",
        Pattern::Empty => "empty",
    }
}

/// A tile of whole pixels: diagonals run from corner to corner and again across the two other corners, so
/// tiles join without a gap and need no rotation, which would blur them.
fn definition(pattern: Pattern) -> String {
    let tile = |side: u32, body: &str| {
        let name = id(pattern);
        format!(
            "<pattern id=\"{name}\" width=\"{side}\" height=\"{side}\" patternUnits=\"userSpaceOnUse\">{body}\
             </pattern>\n"
        )
    };
    let rising = |s: i32, width: f64, colour| {
        let line = format!(
            "<path fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" d=\"M-2 2L2 -2M-2 {}L{} -2M{} {}L{} {}\"/>",
            hex(colour),
            hundredths(width),
            s + 2,
            s + 2,
            s - 2,
            s + 2,
            s + 2,
            s - 2
        );
        line
    };
    let falling = |s: i32, width: f64, colour| {
        let line = format!(
            "<path fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" d=\"M-2 {}L2 {}M-2 -2L{} {}M{} -2L{} 2\"/>",
            hex(colour),
            hundredths(width),
            s - 2,
            s + 2,
            s + 2,
            s + 2,
            s - 2,
            s + 2
        );
        line
    };
    match pattern {
        Pattern::Beyond => tile(9, &rising(9, 1.5, palette::BEYOND_HATCH)),
        Pattern::Gained => {
            tile(10, &format!("<path fill=\"{}\" d=\"M1 1h2v2h-2zM6 6h2v2h-2z\"/>", hex(palette::GAINED_DOT)))
        }
        Pattern::Above => tile(14, &rising(14, 1.4, palette::RANGE_MARK)),
        Pattern::Below => tile(14, &falling(14, 1.4, palette::RANGE_MARK)),
        Pattern::Empty => tile(
            16,
            &format!("<path fill=\"{}\" d=\"M3 3h2v2h-2zM11 11h2v2h-2z\"/>", hex(palette::EMPTY_SPECK)),
        ),
        Pattern::Exclusive => tile(
            14,
            &format!("<path fill=\"none\" stroke=\"{}\" d=\"M2 4.5h5M4.5 2v5\"/>", hex(palette::QUIET)),
        ),
    }
}

fn used_patterns(items: &[Item]) -> Vec<Pattern> {
    let mut used = Vec::new();
    for item in items {
        let style = match item {
            Item::Path(path) => &path.style,
            Item::Disc { style, .. } => style,
            Item::Group(group) => {
                used.extend(used_patterns(&group.items));
                continue;
            }
            Item::Text(_) => continue,
        };
        if let Paint::Pattern(pattern) = style.fill {
            used.push(pattern);
        }
    }
    used.sort_unstable();
    used.dedup();
    used
}

struct Out {
    text: String,
}

impl Out {
    fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Path(path) => self.path(path),
                Item::Disc { at, radius, style } => {
                    let (x, y, r) = (tenths(at[0]), tenths(at[1]), tenths(*radius));
                    let style = attributes(style);
                    self.raw(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"{style}/>\n"));
                }
                Item::Text(text) => self.text(text),
                Item::Group(group) => self.group(group),
            }
        }
    }

    fn group(&mut self, group: &Group) {
        self.raw(&format!("<g class=\"{}\">\n", group.class));
        self.items(&group.items);
        self.raw("</g>\n");
    }

    fn path(&mut self, path: &Path) {
        if path.lines.iter().all(|line| line.points.is_empty()) {
            return;
        }
        self.raw("<path");
        self.raw(&attributes(&path.style));
        self.raw(" d=\"");
        for line in &path.lines {
            self.line(line);
        }
        match &path.title {
            None => self.raw("\"/>\n"),
            Some(title) => self.raw(&format!("\"><title>{}</title></path>\n", escape(title))),
        }
    }

    /// A line by its first point and the steps from point to point, which are half as long to write.
    fn line(&mut self, line: &Line) {
        let mut before: Option<[i32; 2]> = None;
        for (at, point) in line.points.iter().enumerate() {
            let here = point.map(whole_tenths);
            let step = before.map_or(here, |before| [here[0] - before[0], here[1] - before[1]]);
            match at {
                0 => self.text.push('M'),
                1 => self.text.push('l'),
                _ if step[0] >= 0 => self.text.push(' '),
                _ => {}
            }
            push_number(&mut self.text, step[0]);
            if step[1] >= 0 {
                self.text.push(' ');
            }
            push_number(&mut self.text, step[1]);
            before = Some(here);
        }
        if line.closed && !line.points.is_empty() {
            self.text.push('Z');
        }
    }

    fn text(&mut self, text: &Text) {
        let [x, y] = text.at.map(tenths);
        let anchor = match text.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if text.bold { " font-weight=\"bold\"" } else { "" };
        let halo = text.halo.map_or_else(String::new, |(colour, width)| {
            let (colour, width) = (hex(colour), tenths(width));
            format!(" stroke=\"{colour}\" stroke-width=\"{width}\" paint-order=\"stroke\"")
        });
        self.raw(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{}\"{anchor}{weight}{halo}>{}</text>\n",
            tenths(text.size),
            hex(text.fill),
            escape(&text.text)
        ));
    }
}

fn attributes(style: &Style) -> String {
    let mut out = match style.fill {
        Paint::None => " fill=\"none\"".to_owned(),
        Paint::Solid(colour) => format!(" fill=\"{}\" fill-rule=\"evenodd\"", hex(colour)),
        Paint::Pattern(pattern) => format!(" fill=\"url(#{})\" fill-rule=\"evenodd\"", id(pattern)),
    };
    if style.fill != Paint::None && style.opacity < 1.0 {
        out.push_str(&format!(" fill-opacity=\"{}\"", hundredths(style.opacity)));
    }
    if let Some(Stroke { colour, width, dash, opacity }) = &style.stroke {
        out.push_str(&format!(" stroke=\"{}\" stroke-width=\"{}\"", hex(*colour), hundredths(*width)));
        if !dash.is_empty() {
            let dash: Vec<String> = dash.iter().map(|d| hundredths(*d)).collect();
            out.push_str(&format!(" stroke-dasharray=\"{}\"", dash.join(" ")));
        }
        if *opacity < 1.0 {
            out.push_str(&format!(" stroke-opacity=\"{}\"", hundredths(*opacity)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_forbidden_characters_do_not_survive() {
        assert_eq!(escape("a<b>&\"c\"'\u{0}\u{1B}\u{85}d\n东"), "a&lt;b&gt;&amp;&quot;c&quot;&#39;d 东");
    }

    #[test]
    fn numbers_are_tenths_and_always_numbers() {
        let cases =
            [(1.0, "1"), (1.25, "1.3"), (-0.04, "0"), (-1.26, "-1.3"), (f64::NAN, "0"), (0.05, "0.1")];
        for (value, expected) in cases {
            assert_eq!(tenths(value), expected, "{value}");
        }
        assert_eq!(hundredths(0.50), "0.5");
    }
}
