//! What each choice of sites loses in each scenario: a table of tints with its figures.

use super::layers::Lang;
use super::text::FAMILY;
use super::words::pick;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

const LEFT: i32 = 250;
const TOP: i32 = 150;
const CELL: (i32, i32) = (118, 46);

const INK: RGBColor = RGBColor(0x22, 0x24, 0x28);
const QUIET: RGBColor = RGBColor(0x5B, 0x60, 0x68);
const LOSS: RGBColor = RGBColor(0xC2, 0x5B, 0x2A);
const NONE: RGBColor = RGBColor(0xE4, 0xE6, 0xEA);
const MARK: RGBColor = RGBColor(0x1B, 0x3F, 0x8B);

/// A loss of so many ten-thousandths has the deepest tint.
const DEEPEST: f64 = 2_000.0;

/// Longest name that fits its column or row, in columns of a letter.
const COLUMN_WIDTH: usize = 12;
const ROW_WIDTH: usize = 24;

/// One choice of sites.
#[derive(Debug, Clone, PartialEq)]
pub struct RegretRow {
    /// What it is called.
    pub name: String,
    /// Its loss in each scenario in ten-thousandths of the best; `None` where it may not be chosen.
    pub regrets: Vec<Option<u64>>,
    /// The one to recommend.
    pub robust: bool,
}

/// The table as an SVG document, scenarios across and choices down.
#[must_use]
pub fn regrets(scenarios: &[String], rows: &[RegretRow], lang: Lang) -> String {
    let mut svg = String::new();
    draw(&mut svg, scenarios, rows, lang).expect("writing to a string cannot fail");
    svg
}

/// A name cut to so many columns; a Chinese character takes two.
fn short(name: &str, columns: usize) -> String {
    let mut width = 0;
    let mut cut = String::new();
    for c in name.chars() {
        width += if c.is_ascii() { 1 } else { 2 };
        if width > columns {
            cut.push('…');
            break;
        }
        cut.push(c);
    }
    cut
}

fn draw(
    svg: &mut String,
    scenarios: &[String],
    rows: &[RegretRow],
    lang: Lang,
) -> Result<(), Box<dyn std::error::Error>> {
    let (across, down) = (scenarios.len() as i32 + 1, rows.len() as i32);
    let size = ((LEFT + across * CELL.0 + 40).max(900) as u32, (TOP + down * CELL.1 + 70) as u32);
    let area = SVGBackend::with_string(svg, size).into_drawing_area();
    area.fill(&WHITE)?;
    let text = |size: i32, colour: RGBColor, h: HPos| {
        (FAMILY, size).into_font().color(&colour).pos(Pos::new(h, VPos::Center))
    };
    area.draw(&Text::new(
        pick(lang, "各方案在各情景下的损失", "What each choice loses in each scenario"),
        (24, 36),
        text(30, INK, HPos::Left),
    ))?;
    area.draw(&Text::new(
        pick(
            lang,
            "与该情景最优方案相比少达到的百分比；蓝框为最大损失最小的方案",
            "Per cent short of the best of that scenario; framed: the choice whose largest loss is least",
        ),
        (24, 76),
        text(19, QUIET, HPos::Left),
    ))?;
    let largest = pick(lang, "最大", "Largest").to_owned();
    for (i, name) in scenarios.iter().chain([&largest]).enumerate() {
        let x = LEFT + i as i32 * CELL.0 + CELL.0 / 2;
        area.draw(&Text::new(short(name, COLUMN_WIDTH), (x, TOP - 22), text(18, INK, HPos::Center)))?;
    }
    for (r, row) in rows.iter().enumerate() {
        let y = TOP + r as i32 * CELL.1;
        let middle = y + CELL.1 / 2;
        area.draw(&Text::new(short(&row.name, ROW_WIDTH), (LEFT - 14, middle), text(18, INK, HPos::Right)))?;
        let all: Option<Vec<u64>> = row.regrets.iter().copied().collect();
        let largest = all.and_then(|all| all.into_iter().max());
        for (c, regret) in row.regrets.iter().copied().chain([largest]).enumerate() {
            let x = LEFT + c as i32 * CELL.0;
            let tint = regret.map_or(NONE.mix(1.0), |loss| LOSS.mix((loss as f64 / DEEPEST).min(1.0) * 0.8));
            let cell = [(x + 1, y + 1), (x + CELL.0 - 1, y + CELL.1 - 1)];
            area.draw(&Rectangle::new(cell, tint.filled()))?;
            let figure = regret.map_or("–".to_owned(), |loss| format!("{:.1} %", loss as f64 / 100.0));
            area.draw(&Text::new(figure, (x + CELL.0 / 2, middle), text(18, INK, HPos::Center)))?;
        }
        if row.robust {
            let frame = [(LEFT - 2, y - 1), (LEFT + across * CELL.0 + 2, y + CELL.1 + 1)];
            area.draw(&Rectangle::new(frame, MARK.stroke_width(3)))?;
        }
    }
    area.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sound_svg() {
        let row =
            |regrets| RegretRow {
                name: "一个很长很长很长很长很长的方案".to_owned(), regrets, robust: true
            };
        let names = ["现状".to_owned(), "人口增长".to_owned()];
        for rows in [vec![], vec![row(vec![Some(0), None]), row(vec![Some(120), Some(9_999)])]] {
            let svg = regrets(&names, &rows, Lang::Zh);
            assert!(resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).is_ok());
        }
    }
}
