//! Seconds against size, both axes logarithmic: a straight line is a power, its slope the exponent.

use plotters::prelude::*;

use crate::Series;

const COLOURS: [RGBColor; 4] =
    [RGBColor(27, 63, 139), RGBColor(176, 74, 28), RGBColor(46, 111, 64), RGBColor(120, 60, 130)];

/// The chart as an SVG document.
pub(crate) fn svg(unit: &str, series: &[Series]) -> String {
    let mut text = String::new();
    draw(&mut text, unit, series).expect("writing to a string cannot fail");
    text
}

fn draw(text: &mut String, unit: &str, series: &[Series]) -> Result<(), Box<dyn std::error::Error>> {
    let points = || series.iter().flat_map(|line| line.points.iter().copied());
    let (least, most) = points().fold((usize::MAX, 1), |span, p| (span.0.min(p.0), span.1.max(p.0)));
    let (fast, slow) = points().fold((f64::MAX, 0.0f64), |span, p| (span.0.min(p.1), span.1.max(p.1)));
    let area = SVGBackend::with_string(text, (860, 560)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(20)
        .x_label_area_size(52)
        .y_label_area_size(84)
        .build_cartesian_2d((least..most * 2).log_scale(), (fast / 2.0..slow * 2.0).log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.12))
        .x_desc(unit)
        .y_desc("seconds of processor time")
        .label_style(("sans-serif", 15))
        .axis_desc_style(("sans-serif", 17))
        .y_label_formatter(&|s| if *s < 0.01 { format!("{s:.4}") } else { format!("{s:.2}") })
        .draw()?;
    for (line, colour) in series.iter().zip(COLOURS.iter().cycle()) {
        let colour = *colour;
        chart
            .draw_series(LineSeries::new(line.points.iter().copied(), colour.stroke_width(2)))?
            .label(line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 22, y)], colour.stroke_width(3)));
        chart.draw_series(line.points.iter().map(|p| Circle::new(*p, 4, colour.filled())))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.2))
        .label_font(("sans-serif", 15))
        .draw()?;
    area.present()?;
    Ok(())
}
