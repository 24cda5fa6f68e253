//! `[streets] heights`: an Esri ASCII grid of heights in metres, by longitude and latitude.
//!
//! Six lines of `ncols`, `nrows`, `xllcorner` or `xllcenter`, `yllcorner` or `yllcenter`, `cellsize`
//! and `NODATA_value`, in any order and case and the last optional; then the heights row by row from
//! the north. Between the middles of four cells a height is bilinear.

use crate::walking::metric::Position;

/// Heights on a lattice.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Heights {
    columns: usize,
    /// Middle of the south-west cell, in degrees.
    west: f64,
    south: f64,
    cell: f64,
    /// Row by row from the north; not a number where nothing is known.
    metres: Vec<f32>,
}

/// Cells that a grid may have at most.
const CELLS_MAX: usize = 100_000_000;

impl Heights {
    /// Reads a grid.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut words = text.split_ascii_whitespace().peekable();
        let mut keys: Vec<(String, f64)> = Vec::new();
        while let Some(word) = words.next_if(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())) {
            if word.eq_ignore_ascii_case("nan") {
                return Err("the heights begin with a word that is no number".to_owned());
            }
            let value = words.next().unwrap_or_default();
            let number = value.parse::<f64>().ok().filter(|n| n.is_finite());
            keys.push((word.to_ascii_lowercase(), number.ok_or(format!("{word} is `{value}`, no number"))?));
        }
        let find = |key: &str| keys.iter().find(|(name, _)| name == key).map(|(_, value)| *value);
        let need =
            |key: &str| find(key).ok_or(format!("there is no line `{key}`; is it an Esri ASCII grid?"));
        let count = |key: &str| {
            let whole = need(key)?;
            let fits = (1.0..=CELLS_MAX as f64).contains(&whole) && whole.fract() == 0.0;
            if fits { Ok(whole as usize) } else { Err(format!("{key} is {whole}")) }
        };
        let (columns, rows) = (count("ncols")?, count("nrows")?);
        let cells = columns.checked_mul(rows).filter(|cells| *cells <= CELLS_MAX);
        let cells = cells.ok_or(format!("{columns} x {rows} are more than {CELLS_MAX} cells"))?;
        let cell = need("cellsize")?;
        if !(1e-6..=1.0).contains(&cell) {
            return Err(format!(
                "cellsize {cell} is not in degrees; give the heights by longitude and latitude"
            ));
        }
        let middle = |corner: &str, centre: &str| {
            find(centre).map_or_else(|| need(corner).map(|at| at + cell / 2.0), Ok)
        };
        let (west, south) = (middle("xllcorner", "xllcenter")?, middle("yllcorner", "yllcenter")?);
        if !(-180.0..=180.0).contains(&west) || !(-90.0..=90.0).contains(&south) {
            return Err(format!("it begins at {west}, {south}, which is no longitude and latitude"));
        }
        let nothing = find("nodata_value").unwrap_or(-9999.0);
        let mut metres = Vec::new();
        for word in words {
            let height = word.parse::<f64>().map_err(|_| format!("`{word}` is no height"))?;
            metres.push(if height == nothing || height.abs() > 12_000.0 { f32::NAN } else { height as f32 });
            if metres.len() > cells {
                break;
            }
        }
        if metres.len() == cells {
            Ok(Self { columns, west, south, cell, metres })
        } else {
            let more = if metres.len() > cells { "more" } else { "fewer" };
            Err(format!("it holds {more} heights than the {cells} its first lines promise"))
        }
    }

    /// The height of a place, not a number where it is not known.
    pub(super) fn at(&self, position: Position) -> f32 {
        let (lon, lat) = position.degrees();
        let rows = self.metres.len() / self.columns;
        // Half a cell beyond the outer middles still belongs to the grid.
        let along = |degrees: f64, first: f64, cells: usize| {
            let steps = (degrees - first) / self.cell;
            let last = (cells - 1) as f64;
            (-0.5..=last + 0.5).contains(&steps).then(|| steps.clamp(0.0, last))
        };
        let (Some(x), Some(y)) = (along(lon, self.west, self.columns), along(lat, self.south, rows)) else {
            return f32::NAN;
        };
        let (left, low) = (x.floor() as usize, y.floor() as usize);
        let (right, high) = ((left + 1).min(self.columns - 1), (low + 1).min(rows - 1));
        let cell =
            |column: usize, row: usize| f64::from(self.metres[(rows - 1 - row) * self.columns + column]);
        let (u, v) = (x - left as f64, y - low as f64);
        let south = cell(left, low) * (1.0 - u) + cell(right, low) * u;
        let north = cell(left, high) * (1.0 - u) + cell(right, high) * u;
        (south * (1.0 - v) + north * v) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: &str = "ncols 3\nnrows 2\nXLLCORNER 117.0\nyllcorner 35.0\ncellsize 0.01\nNODATA_value -1\n\
                        10 20 30\n0 10 -1\n";

    #[test]
    fn between_four_middles_heights_are_bilinear() {
        let grid = Heights::parse(GRID).expect("a sound grid");
        let at = |lon, lat| grid.at(Position::from_degrees(lon, lat).expect("on the globe"));
        assert_eq!(at(117.005, 35.005), 0.0);
        assert_eq!(at(117.005, 35.015), 10.0);
        assert_eq!(at(117.01, 35.01), 10.0);
        assert!((at(117.0075, 35.0125) - 10.0).abs() < 1e-4);
        assert!((at(117.001, 35.019) - 10.0).abs() < 1e-4, "the outer half of a cell is level");
        assert!(at(117.025, 35.005).is_nan());
        assert!(at(116.99, 35.005).is_nan());
    }

    #[test]
    fn what_is_no_grid_is_told() {
        let cases = [
            ("", "no line `ncols`"),
            ("ncols 2\nnrows x", "`x`, no number"),
            ("ncols 1.5\nnrows 1\n", "ncols is 1.5"),
            ("ncols 100000\nnrows 100000\ncellsize 1", "more than"),
            ("ncols 1\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 30\n5", "not in degrees"),
            ("ncols 1\nnrows 1\nxllcorner 4000\nyllcorner 0\ncellsize 0.1\n5", "no longitude"),
            ("ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 0.1\n5", "fewer heights"),
            ("ncols 1\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 0.1\n5 6", "more heights"),
            ("ncols 1\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 0.1\n5x", "`5x` is no height"),
        ];
        for (text, reason) in cases {
            let told = Heights::parse(text).expect_err(text);
            assert!(told.contains(reason), "{text}: {told}");
        }
    }
}
