//! A histogram of households per grid, for the report.
//!
//! A chart has axes and bars and needs none of the map's machinery, so it is left to plotters, which writes
//! SVG with the same font family as the maps.

use super::layers::Lang;
use super::text::FAMILY;
use super::words::pick;
use plotters::prelude::*;
use plotters::style::FontTransform;

const WIDTH: u32 = 1000;
const HEIGHT: u32 = 560;
/// Bars wanted between the limits; their width is rounded to a number one can say.
const BARS_IN_RANGE: u32 = 8;
/// Largest limit drawn.
const AXIS_MAX: u32 = 1_000_000;

const INSIDE: RGBColor = RGBColor(0x5B, 0x9F, 0x94);
const OUTSIDE: RGBColor = RGBColor(0xD0, 0x7B, 0x4A);
const LIMIT: RGBColor = RGBColor(0x22, 0x24, 0x28);
const QUIET: RGBColor = RGBColor(0x5B, 0x60, 0x68);

/// The number of grids by households, as an SVG document. Grids outside `range` have another colour, and the
/// range's two limits are drawn as lines, so that the chart can be read in black and white. All from twice
/// the upper limit on share the last bar: one tower should not flatten the rest. An empty list gives an empty
/// chart.
#[must_use]
pub fn households_histogram(values: &[u32], range: (u32, u32), lang: Lang) -> String {
    let mut svg = String::new();
    draw(&mut svg, values, range, lang).expect("writing to a string cannot fail");
    svg
}

/// Width of a bar: 1, 2 or 5 times a power of ten, about an eighth of the range.
fn bar_width(range: (u32, u32)) -> u32 {
    let wanted = (range.1.saturating_sub(range.0) / BARS_IN_RANGE).max(1);
    let mut power = 1_u32;
    loop {
        for step in [1, 2, 5] {
            if step * power >= wanted {
                return step * power;
            }
        }
        power *= 10;
    }
}

/// A bar's values inside the range and outside it.
type Bar = (u32, u32);

/// Counts of values in steps of `width`; the last bar takes in all that lies further right.
fn bars(values: &[u32], width: u32, range: (u32, u32)) -> Vec<Bar> {
    let last = range.1.saturating_mul(2) / width;
    let longest = values.iter().map(|value| (value / width).min(last)).max().unwrap_or(0);
    let mut bars = vec![(0, 0); longest.max(range.1 / width) as usize + 1];
    for &value in values {
        let bar = &mut bars[(value / width).min(last) as usize];
        if (range.0..=range.1).contains(&value) {
            bar.0 += 1;
        } else {
            bar.1 += 1;
        }
    }
    bars
}

type DrawResult = Result<(), Box<dyn std::error::Error>>;

fn draw(svg: &mut String, values: &[u32], range: (u32, u32), lang: Lang) -> DrawResult {
    // A limit that no household count can have would only make the axis overflow.
    let range = (range.0.min(AXIS_MAX), range.1.clamp(1, AXIS_MAX));
    let width = bar_width(range);
    let bars = bars(values, width, range);
    let tallest = bars.iter().map(|(inside, outside)| inside + outside).max().unwrap_or(0).max(1);
    let (right, top) = (u32::try_from(bars.len())? * width, tallest + tallest / 8 + 1);

    let area = SVGBackend::with_string(svg, (WIDTH, HEIGHT)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(24)
        .x_label_area_size(64)
        .y_label_area_size(72)
        .caption(pick(lang, "各网格户数分布", "Households per grid"), (FAMILY, 30).into_font().color(&LIMIT))
        .build_cartesian_2d(0..right, 0..top)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(QUIET.mix(0.2))
        .axis_style(QUIET)
        .label_style((FAMILY, 18).into_font().color(&QUIET))
        .axis_desc_style((FAMILY, 20).into_font().color(&LIMIT))
        .x_desc(pick(lang, "户数", "Households"))
        .y_desc(pick(lang, "网格数", "Grids"))
        .draw()?;
    let bar = |from: u32, low: u32, high: u32, fill: RGBColor| {
        let mut bar = Rectangle::new([(from, low), (from + width, high)], fill.filled());
        bar.set_margin(0, 0, 1, 1);
        bar
    };
    for (at, (inside, outside)) in (0..).zip(bars.iter().copied()) {
        let from = at * width;
        let stacked = [(0, inside, INSIDE), (inside, inside + outside, OUTSIDE)];
        let seen = stacked.into_iter().filter(|(low, high, _)| low < high);
        chart.draw_series(seen.map(|(low, high, fill)| bar(from, low, high, fill)))?;
    }
    let note = (FAMILY, 18).into_font().transform(FontTransform::None).color(&LIMIT);
    for limit in [range.0, range.1] {
        chart.draw_series(DashedLineSeries::new([(limit, 0), (limit, top)], 8, 5, LIMIT.stroke_width(2)))?;
        chart.draw_series([Text::new(limit.to_string(), (limit + width / 8, top), note.clone())])?;
    }
    let beyond = right - width;
    if values.iter().any(|&value| value >= right) {
        let height = bars.last().map_or(0, |(inside, outside)| inside + outside) + top / 16 + 1;
        let at = (beyond.saturating_sub(width / 4), height);
        chart.draw_series([Text::new(format!("≥{beyond}"), at, note)])?;
    }
    area.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_one_bar_and_on_its_side_of_the_limits() {
        let values = [0, 299, 300, 499, 500, 501, 999, 1484];
        let bars = bars(&values, bar_width((300, 500)), (300, 500));
        let sums = bars.iter().fold((0, 0), |sum, bar| (sum.0 + bar.0, sum.1 + bar.1));
        assert_eq!(sums, (3, 5));
        assert_eq!(bars.last(), Some(&(0, 1)));
        let widths = [(0, 0), (300, 500), (0, 1000), (0, u32::MAX)].map(bar_width);
        assert_eq!(widths, [1, 50, 200, 1_000_000_000]);
    }

    #[test]
    fn charts_are_sound_svg() {
        let lists: [&[u32]; 4] = [&[], &[400], &[300, 320, 380, 410, 505, 1484], &[0, u32::MAX]];
        let ranges = [(300, 500), (0, 0), (300, 500), (7, u32::MAX)];
        for (values, range) in lists.into_iter().zip(ranges) {
            for lang in [Lang::Zh, Lang::En] {
                let svg = households_histogram(values, range, lang);
                assert!(resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).is_ok());
                assert_eq!(svg, households_histogram(values, range, lang));
            }
        }
    }
}
