//! What moving fewer households costs: balance and nearness against households moved, one dot a weight.
//!
//! Two panels over one axis rather than two scales in one panel, which would invite comparing their
//! slopes. Left to plotters, like the histogram.

use super::layers::Lang;
use super::text::FAMILY;
use super::words::pick;
use plotters::coord::Shift;
use plotters::prelude::*;

const WIDTH: u32 = 1000;
const HEIGHT: u32 = 900;

const BALANCE: RGBColor = RGBColor(0x1B, 0x3F, 0x8B);
const NEARNESS: RGBColor = RGBColor(0xB0, 0x4A, 0x1C);
const INK: RGBColor = RGBColor(0x22, 0x24, 0x28);
const QUIET: RGBColor = RGBColor(0x5B, 0x60, 0x68);

/// One division of the trade-off.
#[derive(Debug, Clone, PartialEq)]
pub struct TradeOffPoint {
    /// The weight it was made with, as the dot is labelled.
    pub label: String,
    /// Households that change their grid.
    pub moved: u32,
    /// Coefficient of variation of households.
    pub variation: f64,
    /// Mean walk to the duty point, in metres.
    pub metres: f64,
}

/// The trade-off as an SVG document: lower and further left is better in both panels. An empty list
/// gives empty panels.
#[must_use]
pub fn trade_off(points: &[TradeOffPoint], lang: Lang) -> String {
    let mut svg = String::new();
    draw(&mut svg, points, lang).expect("writing to a string cannot fail");
    svg
}

type DrawResult = Result<(), Box<dyn std::error::Error>>;

fn draw(svg: &mut String, points: &[TradeOffPoint], lang: Lang) -> DrawResult {
    let area = SVGBackend::with_string(svg, (WIDTH, HEIGHT)).into_drawing_area();
    area.fill(&WHITE)?;
    let title = pick(lang, "少调整户数的代价", "What moving fewer households costs");
    let area = area.titled(title, (FAMILY, 30).into_font().color(&INK))?;
    let note = pick(
        lang,
        "点旁数字为“尊重传统”的权重，越往左调整的户数越少，越往下越好",
        "Beside each dot: the weight of respect for tradition. Left: fewer households move; low: better",
    );
    let area = area.titled(note, (FAMILY, 19).into_font().color(&QUIET))?;
    let panels = area.split_evenly((2, 1));
    let balance = pick(lang, "户数变异系数（均衡）", "Variation of households");
    panel(&panels[0], points, |p| p.variation, balance, BALANCE, lang)?;
    let nearness = pick(lang, "到值守点平均米数（就近）", "Mean metres to duty point");
    panel(&panels[1], points, |p| p.metres, nearness, NEARNESS, lang)?;
    area.present()?;
    Ok(())
}

/// Room around the values, so that no dot sits on the frame.
fn span(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(f64::NEG_INFINITY, f64::max);
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.15).max(high.abs() * 0.02).max(1e-3);
    ((low - room).max(0.0), high + room)
}

/// Dots that fall on one spot, with their labels joined, from left to right.
fn spots(points: &[TradeOffPoint], of: impl Fn(&TradeOffPoint) -> f64) -> Vec<(f64, f64, String)> {
    let mut spots: Vec<(f64, f64, String)> = Vec::new();
    for point in points {
        let (x, y) = (f64::from(point.moved), of(point));
        match spots.iter_mut().find(|(px, py, _)| (*px, *py) == (x, y)) {
            Some((_, _, label)) => label.push_str(&format!(", {}", point.label)),
            None => spots.push((x, y, point.label.clone())),
        }
    }
    spots.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    spots
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    points: &[TradeOffPoint],
    of: impl Fn(&TradeOffPoint) -> f64 + Copy,
    name: &str,
    colour: RGBColor,
    lang: Lang,
) -> DrawResult {
    let (left, right) = span(points.iter().map(|p| f64::from(p.moved)));
    let (low, high) = span(points.iter().map(of));
    let digits = if high < 10.0 { 3 } else { 1 };
    let mut chart = ChartBuilder::on(area)
        .margin(18)
        .x_label_area_size(56)
        .y_label_area_size(92)
        .build_cartesian_2d(left..right, low..high)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(QUIET.mix(0.2))
        .axis_style(QUIET)
        .x_labels(8)
        .y_labels(6)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.digits$}"))
        .label_style((FAMILY, 18).into_font().color(&QUIET))
        .axis_desc_style((FAMILY, 20).into_font().color(&INK))
        .x_desc(pick(lang, "调整户数", "Households moved"))
        .y_desc(name)
        .draw()?;
    let spots = spots(points, of);
    chart.draw_series(LineSeries::new(spots.iter().map(|s| (s.0, s.1)), colour.mix(0.45).stroke_width(2)))?;
    chart.draw_series(spots.iter().map(|s| Circle::new((s.0, s.1), 6, colour.filled())))?;
    let label = (FAMILY, 18).into_font().color(&INK);
    let at: Vec<(i32, i32)> = spots.iter().map(|s| chart.backend_coord(&(s.0, s.1))).collect();
    let texts: Vec<&str> = spots.iter().map(|s| s.2.as_str()).collect();
    for ((x, y, text), offset) in spots.iter().zip(label_offsets(&at, &texts)) {
        let text = EmptyElement::at((*x, *y)) + Text::new(text.clone(), offset, label.clone());
        chart.draw_series(std::iter::once(text))?;
    }
    Ok(())
}

/// Pixels of a label's line, of one of its letters, and of a dot with some room.
const LINE: i32 = 20;
const LETTER: i32 = 10;
const DOT: i32 = 9;

/// Where each label stands beside its dot: the first place that covers no dot and no earlier label.
fn label_offsets(dots: &[(i32, i32)], texts: &[&str]) -> Vec<(i32, i32)> {
    let mut taken: Vec<[i32; 4]> = dots.iter().map(|(x, y)| [x - DOT, y - DOT, x + DOT, y + DOT]).collect();
    let free = |taken: &[[i32; 4]], new: &[i32; 4]| {
        taken.iter().all(|t| new[2] <= t[0] || t[2] <= new[0] || new[3] <= t[1] || t[3] <= new[1])
    };
    let place = |(&(x, y), text): (&(i32, i32), &&str)| {
        let width = LETTER * text.chars().count() as i32;
        let heights =
            [-1, 0, -2, 1, -3, 2].map(|lines| if lines < 0 { lines * LINE - 4 } else { lines * LINE + 8 });
        let offsets = heights.iter().flat_map(|&dy| [(8, dy), (-8 - width, dy)]);
        let boxed = |(dx, dy): (i32, i32)| [x + dx, y + dy, x + dx + width, y + dy + LINE];
        let offset = offsets.into_iter().find(|&offset| free(&taken, &boxed(offset))).unwrap_or((8, -24));
        taken.push(boxed(offset));
        offset
    };
    dots.iter().zip(texts).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_on_one_spot_share_a_label() {
        let point = |label: &str, moved: u32| TradeOffPoint {
            label: label.to_owned(),
            moved,
            variation: 0.1,
            metres: 80.0,
        };
        let points = [point("0", 90), point("16", 40), point("64", 40)];
        let labels: Vec<String> = spots(&points, |p| p.variation).into_iter().map(|s| s.2).collect();
        assert_eq!(labels, ["16, 64", "0"]);
        let crowd = [(100, 100), (104, 101), (110, 100)];
        let mut offsets = label_offsets(&crowd, &["1000", "64", "strict"]);
        offsets.dedup();
        assert_eq!(offsets.len(), 3, "labels of near dots stand apart");
        for list in [&points[..], &points[..1], &[]] {
            let svg = trade_off(list, Lang::En);
            assert!(resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).is_ok());
            assert_eq!(svg, trade_off(list, Lang::En));
        }
    }
}
