//! Prices at a vertex, and what is best moved.

use super::{COUNT, Move, NONE, Simplex};

/// Costs, as shares of the largest, that count as nothing.
const TOLERANCE: f64 = 1e-9;
/// Candidates for a step whose length is weighed against what they save.
const WEIGHED: usize = 24;

impl Simplex<'_> {
    /// What tight rows pay and sites cost at this vertex.
    pub(super) fn prices(&mut self) {
        let sites: Vec<(u32, f64)> = (0u32..)
            .zip(&self.part)
            .map(|(f, j)| (f, self.base[*j as usize]))
            .filter(|b| b.1 != 0.0)
            .collect();
        self.more = self.kernel.under(&sites);
        self.work += (sites.len() * self.kernel.size) as u64 / 8;
        self.price.clone_from(&self.base);
        for (t, row) in self.tight.iter().enumerate() {
            let more = self.more[t];
            if *row == COUNT {
                self.price[..self.real].iter_mut().for_each(|price| *price -= more);
                continue;
            }
            let entries = &self.rows.row(*row as usize)[..self.level[*row as usize] as usize];
            entries.iter().for_each(|e| self.price[e.site as usize] -= more);
            self.work += entries.len() as u64;
        }
        self.work += self.price.len() as u64;
    }

    /// What is best moved, and what it saves at first.
    pub(super) fn enter(&mut self) -> Option<(Move, f64)> {
        self.prices();
        let mut found: Vec<(f64, Move)> = Vec::new();
        for (j, price) in self.price.iter().enumerate() {
            if self.slot[j] == NONE {
                let up = self.x[j] < 0.5;
                let saves = if up { -price } else { *price };
                if saves > TOLERANCE {
                    found.push((saves, Move::Site(j as u32, if up { 1.0 } else { -1.0 })));
                }
            }
        }
        for (t, row) in self.tight.iter().enumerate().filter(|(_, row)| **row != COUNT) {
            let more = self.more[t];
            let over = more - self.most(*row as usize);
            if -more > TOLERANCE {
                found.push((-more, Move::Row(t as u32, 1.0)));
            } else if over > TOLERANCE {
                found.push((over, Move::Row(t as u32, -1.0)));
            }
        }
        if found.len() > WEIGHED {
            found.select_nth_unstable_by(WEIGHED - 1, |a, b| {
                b.0.total_cmp(&a.0).then_with(|| a.1.key().cmp(&b.1.key()))
            });
            found.truncate(WEIGHED);
        }
        let mut best: Option<(f64, (Move, f64))> = None;
        for (saves, entering) in found {
            let way = match entering {
                Move::Site(j, _) => self.kernel.times(&self.crossing(j)),
                Move::Row(t, _) => self.kernel.times(&[(t, 1.0)]),
            };
            let score = saves * saves / (1.0 + way.iter().map(|d| d * d).sum::<f64>());
            let better =
                best.as_ref().is_none_or(|b| score > b.0 || (score == b.0 && entering.key() < b.1.0.key()));
            if better {
                best = Some((score, (entering, saves)));
            }
        }
        self.work += (WEIGHED * self.kernel.size) as u64;
        best.map(|b| b.1)
    }
}
