//! What each further centre brings: share covered and mean walk against the number of new centres, with
//! the bound that no choice passes.

use super::layers::Lang;
use super::text::FAMILY;
use super::words::pick;
use plotters::coord::Shift;
use plotters::prelude::*;

const WIDTH: u32 = 1000;
const HEIGHT: u32 = 900;

const COVER: RGBColor = RGBColor(0x1B, 0x3F, 0x8B);
const WALK: RGBColor = RGBColor(0xB0, 0x4A, 0x1C);
const INK: RGBColor = RGBColor(0x22, 0x24, 0x28);
const QUIET: RGBColor = RGBColor(0x5B, 0x60, 0x68);

/// One number of new centres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SiteCurvePoint {
    /// New centres.
    pub centres: u32,
    /// Share of people covered, 0 to 1, and the share no choice passes.
    pub share: (f64, f64),
    /// Mean walk in minutes, and the mean no choice goes below.
    pub minutes: (f64, f64),
}

/// The curve as an SVG document; `chosen` is the plan's own number. An empty list gives empty panels.
#[must_use]
pub fn site_curve(points: &[SiteCurvePoint], chosen: u32, lang: Lang) -> String {
    let mut svg = String::new();
    draw(&mut svg, points, chosen, lang).expect("writing to a string cannot fail");
    svg
}

type DrawResult = Result<(), Box<dyn std::error::Error>>;

fn draw(svg: &mut String, points: &[SiteCurvePoint], chosen: u32, lang: Lang) -> DrawResult {
    let area = SVGBackend::with_string(svg, (WIDTH, HEIGHT)).into_drawing_area();
    area.fill(&WHITE)?;
    let title = pick(lang, "每增一处中心的效果", "What each further centre brings");
    let area = area.titled(title, (FAMILY, 30).into_font().color(&INK))?;
    let note = pick(
        lang,
        "实线为求得的最优方案，虚线为任何方案都不能超过的界；圆圈为本方案的数量",
        "Line: the best choice found; dashes: what no choice can pass; ring: the number of this plan",
    );
    let area = area.titled(note, (FAMILY, 19).into_font().color(&QUIET))?;
    let panels = area.split_evenly((2, 1));
    let percent = |share: f64| share * 100.0;
    let cover: Vec<_> = points.iter().map(|p| (p.centres, percent(p.share.0), percent(p.share.1))).collect();
    panel(&panels[0], &cover, chosen, pick(lang, "覆盖率（%）", "People covered, %"), COVER, lang)?;
    let walk: Vec<_> = points.iter().map(|p| (p.centres, p.minutes.0, p.minutes.1)).collect();
    panel(&panels[1], &walk, chosen, pick(lang, "平均步行分钟", "Mean walk, minutes"), WALK, lang)?;
    area.present()?;
    Ok(())
}

/// Room around the values, so that no dot sits on the frame.
fn span(points: &[(u32, f64, f64)]) -> (f64, f64) {
    let values = || points.iter().flat_map(|p| [p.1, p.2]);
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.18).max(high.abs() * 0.02).max(1e-3);
    ((low - room).max(0.0), high + room)
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    points: &[(u32, f64, f64)],
    chosen: u32,
    name: &str,
    colour: RGBColor,
    lang: Lang,
) -> DrawResult {
    let right = points.last().map_or(1.0, |p| f64::from(p.0));
    let (low, high) = span(points);
    let mut chart = ChartBuilder::on(area)
        .margin(18)
        .x_label_area_size(56)
        .y_label_area_size(84)
        .build_cartesian_2d(-0.3..right + 0.4, low..high)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(QUIET.mix(0.2))
        .axis_style(QUIET)
        .x_labels(points.len().clamp(2, 12))
        .y_labels(6)
        .x_label_formatter(&|x| if x.fract().abs() < 1e-9 { format!("{x:.0}") } else { String::new() })
        .y_label_formatter(&|y| format!("{y:.1}"))
        .label_style((FAMILY, 18).into_font().color(&QUIET))
        .axis_desc_style((FAMILY, 20).into_font().color(&INK))
        .x_desc(pick(lang, "新增中心数", "New centres"))
        .y_desc(name)
        .draw()?;
    let at = |p: &(u32, f64, f64)| (f64::from(p.0), p.1);
    let bound = points.iter().map(|p| (f64::from(p.0), p.2));
    chart.draw_series(DashedLineSeries::new(bound, 7, 5, QUIET.stroke_width(2)))?;
    chart.draw_series(LineSeries::new(points.iter().map(at), colour.stroke_width(3)))?;
    chart.draw_series(points.iter().map(|p| Circle::new(at(p), 5, colour.filled())))?;
    let own = points.iter().filter(|p| p.0 == chosen);
    chart.draw_series(own.map(|p| Circle::new(at(p), 11, INK.stroke_width(2))))?;
    let label = (FAMILY, 17).into_font().color(&INK);
    let lift = (high - low) * 0.07;
    chart.draw_series(points.iter().map(|p| {
        let (x, y) = at(p);
        Text::new(format!("{y:.1}"), (x + 0.06, y + lift), label.clone())
    }))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_sound_svg() {
        let point = |centres, share, minutes| SiteCurvePoint { centres, share, minutes };
        let some = [point(0, (0.5, 0.5), (14.0, 14.0)), point(1, (0.7, 0.71), (12.0, 11.5))];
        for points in [&some[..], &some[..1], &[]] {
            for lang in [Lang::Zh, Lang::En] {
                let svg = site_curve(points, 1, lang);
                assert!(resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).is_ok());
            }
        }
    }
}
