//! Measurements side by side.

use std::fmt::Write as _;

/// One stage at one size, in milliseconds of processor time.
#[derive(Clone, Copy)]
pub(crate) struct Measured {
    /// Median of the runs.
    pub(crate) median_ms: f64,
    /// The same by plain means, if there are any.
    pub(crate) naive_ms: Option<f64>,
}

/// Rows as they are measured: all stages at one size, then at the next.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<(&'static str, u32, usize, Measured)>,
}

impl Table {
    pub(crate) fn add(&mut self, stage: &'static str, people: u32, atoms: usize, measured: Measured) {
        self.rows.push((stage, people, atoms, measured));
    }

    /// Markdown, one row a stage and size. `growth` is the exponent of atoms between the two sizes.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(
            "| stage | people | atoms | median ms | ns an atom | naive ms | times faster | growth |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        for (i, (stage, people, atoms, measured)) in self.rows.iter().enumerate() {
            let Measured { median_ms, naive_ms } = *measured;
            let an_atom = median_ms * 1e6 / *atoms as f64;
            let naive = naive_ms.map_or("–".to_owned(), |ms| format!("{ms:.2}"));
            let ratio = naive_ms.map_or("–".to_owned(), |ms| format!("{:.1}", ms / median_ms));
            let smaller = self.rows[..i].iter().find(|row| row.0 == *stage);
            let growth = smaller.map_or("–".to_owned(), |(_, _, fewer, before)| {
                let exponent = (median_ms / before.median_ms).ln() / (*atoms as f64 / *fewer as f64).ln();
                format!("{exponent:.2}")
            });
            let _ = writeln!(
                text,
                "| {stage} | {people} | {atoms} | {median_ms:.2} | {an_atom:.0} | {naive} | {ratio} | {growth} |"
            );
        }
        text
    }
}
