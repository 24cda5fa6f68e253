//! The cheapest parts, one of each family: places in a division that is only bounded.

use super::classes::Classes;

/// The weights of the cheapest parts offered so far, as many as a division has.
pub(crate) struct Places<'c> {
    classes: &'c Classes,
    /// Each with its class, ascending.
    taken: Vec<(i64, usize)>,
}

impl<'c> Places<'c> {
    pub(crate) fn new(classes: &'c Classes) -> Self {
        Self { classes, taken: Vec::with_capacity(classes.chosen + 1) }
    }

    fn own(&self, class: usize) -> Option<usize> {
        let family = self.classes.family[class];
        self.taken.iter().position(|part| self.classes.family[part.1] == family)
    }

    /// Whether there is a part for every place.
    pub(crate) fn full(&self) -> bool {
        self.taken.len() >= self.classes.chosen
    }

    /// The weight of the last place, if all are taken.
    pub(crate) fn last(&self) -> i64 {
        if self.full() { self.taken.last().map_or(i64::MAX, |part| part.0) } else { i64::MAX }
    }

    /// The weight below which a part of the class takes a place.
    pub(crate) fn to_beat(&self, class: usize) -> i64 {
        self.own(class).map_or(self.last(), |at| self.taken[at].0)
    }

    /// Gives a part a place if it beats another.
    pub(crate) fn offer(&mut self, weight: i64, class: usize) {
        if weight >= self.last() {
            return;
        }
        if let Some(at) = self.own(class) {
            if weight >= self.taken[at].0 {
                return;
            }
            self.taken.remove(at);
        }
        let at = self.taken.partition_point(|part| *part < (weight, class));
        self.taken.insert(at, (weight, class));
        self.taken.truncate(self.classes.chosen);
    }

    /// What all places weigh together, if all are taken.
    pub(crate) fn sum(&self) -> Option<i64> {
        self.full().then(|| self.taken.iter().map(|part| part.0).sum())
    }

    /// The weight of the part that gives way if `class` has a part: its family's, or the dearest one's.
    pub(crate) fn displaced(&self, class: usize) -> i64 {
        self.own(class).map(|at| self.taken[at]).or(self.taken.last().copied()).map_or(0, |part| part.0)
    }
}
