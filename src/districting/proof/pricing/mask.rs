//! Sets of the atoms of one class, in one machine word where they fit.

/// A set of small numbers.
pub(super) trait Mask: Clone + PartialEq {
    /// Whether joining a whole row of neighbours costs no more than looking at one of them.
    const NARROW: bool;
    /// The empty set, with room for `bits` numbers.
    fn none(bits: usize) -> Self;
    fn has(&self, bit: usize) -> bool;
    fn put(&mut self, bit: usize);
    fn drop(&mut self, bit: usize);
    /// Adds all of `other`.
    fn join(&mut self, other: &Self);
    /// Keeps only what `other` has too.
    fn keep(&mut self, other: &Self);
    /// Removes all of `other`.
    fn lose(&mut self, other: &Self);
    /// The lowest number.
    fn first(&self) -> Option<usize>;
    fn is_empty(&self) -> bool;

    /// How many numbers both have: none, one, or two for more.
    fn shared(&self, other: &Self) -> u8;

    /// Removes the lowest number and gives it.
    fn pop(&mut self) -> Option<usize> {
        let bit = self.first()?;
        self.drop(bit);
        Some(bit)
    }

    /// All up to `bits`.
    fn all(bits: usize) -> Self {
        let mut mask = Self::none(bits);
        (0..bits).for_each(|bit| mask.put(bit));
        mask
    }

    /// What `other` has not.
    fn less(&self, other: &Self) -> Self {
        let mut mask = self.clone();
        mask.lose(other);
        mask
    }

    /// What both have.
    fn and(&self, other: &Self) -> Self {
        let mut mask = self.clone();
        mask.keep(other);
        mask
    }

    /// What either has.
    fn or(&self, other: &Self) -> Self {
        let mut mask = self.clone();
        mask.join(other);
        mask
    }
}

macro_rules! word {
    ($word:ty) => {
        impl Mask for $word {
            const NARROW: bool = true;
            fn none(_: usize) -> Self {
                0
            }
            fn has(&self, bit: usize) -> bool {
                *self >> bit & 1 == 1
            }
            fn put(&mut self, bit: usize) {
                *self |= 1 << bit;
            }
            fn drop(&mut self, bit: usize) {
                *self &= !(1 << bit);
            }
            fn join(&mut self, other: &Self) {
                *self |= other;
            }
            fn keep(&mut self, other: &Self) {
                *self &= other;
            }
            fn lose(&mut self, other: &Self) {
                *self &= !other;
            }
            fn first(&self) -> Option<usize> {
                (*self != 0).then(|| self.trailing_zeros() as usize)
            }
            fn is_empty(&self) -> bool {
                *self == 0
            }
            fn shared(&self, other: &Self) -> u8 {
                let both = self & other;
                u8::from(both != 0) + u8::from(both & both.wrapping_sub(1) != 0)
            }
            fn pop(&mut self) -> Option<usize> {
                let bit = self.first()?;
                *self &= *self - 1;
                Some(bit)
            }
        }
    };
}

word!(u64);
word!(u128);

impl Mask for Vec<u64> {
    const NARROW: bool = false;
    fn none(bits: usize) -> Self {
        vec![0; bits.div_ceil(64)]
    }
    fn has(&self, bit: usize) -> bool {
        self[bit / 64] >> (bit % 64) & 1 == 1
    }
    fn put(&mut self, bit: usize) {
        self[bit / 64] |= 1 << (bit % 64);
    }
    fn drop(&mut self, bit: usize) {
        self[bit / 64] &= !(1 << (bit % 64));
    }
    fn join(&mut self, other: &Self) {
        self.iter_mut().zip(other).for_each(|(own, other)| *own |= other);
    }
    fn keep(&mut self, other: &Self) {
        self.iter_mut().zip(other).for_each(|(own, other)| *own &= other);
    }
    fn lose(&mut self, other: &Self) {
        self.iter_mut().zip(other).for_each(|(own, other)| *own &= !other);
    }
    fn first(&self) -> Option<usize> {
        let word = self.iter().position(|word| *word != 0)?;
        Some(word * 64 + self[word].trailing_zeros() as usize)
    }
    fn is_empty(&self) -> bool {
        self.iter().all(|word| *word == 0)
    }
    fn shared(&self, other: &Self) -> u8 {
        self.iter().zip(other).map(|(own, other)| (own & other).count_ones()).sum::<u32>().min(2) as u8
    }
}

/// Who is whose neighbour, and who may not share a part with whom, among the atoms of one class.
pub(super) struct Web<M> {
    near: Vec<M>,
    /// Neighbours in a row, where rows of masks are too long.
    lists: Vec<Vec<u16>>,
    pub(super) rivals: Vec<M>,
    /// Cuts on three atoms, by their numbers.
    pub(super) triples: Vec<(u32, M)>,
}

impl<M: Mask> Web<M> {
    /// Of `count` atoms; `neighbours` and `rivals` give those of each that belong to the class.
    pub(super) fn new<N, R>(
        count: usize,
        neighbours: impl Fn(usize) -> N,
        rivals: impl Fn(usize) -> R,
        triples: Vec<(u32, M)>,
    ) -> Self
    where
        N: Iterator<Item = u16>,
        R: Iterator<Item = u16>,
    {
        let mask = |of: &mut dyn Iterator<Item = u16>| {
            let mut mask = M::none(count);
            of.for_each(|slot| mask.put(usize::from(slot)));
            mask
        };
        let narrow = if M::NARROW { count } else { 0 };
        Self {
            near: (0..narrow).map(|slot| mask(&mut neighbours(slot))).collect(),
            lists: (narrow..count).map(|slot| neighbours(slot).collect()).collect(),
            rivals: (0..count).map(|slot| mask(&mut rivals(slot))).collect(),
            triples,
        }
    }

    /// The neighbours of one atom.
    pub(super) fn near(&self, slot: usize) -> M {
        if M::NARROW {
            return self.near[slot].clone();
        }
        let mut mask = M::none(self.rivals.len());
        self.lists[slot].iter().for_each(|&other| mask.put(usize::from(other)));
        mask
    }

    /// The neighbours of many, and of these those that are neighbours to each other.
    pub(super) fn beside(&self, of: &M) -> M {
        let mut mask = M::none(self.rivals.len());
        let mut left = of.clone();
        while let Some(slot) = left.pop() {
            if M::NARROW {
                mask.join(&self.near[slot]);
            } else {
                self.lists[slot].iter().for_each(|&other| mask.put(usize::from(other)));
            }
        }
        mask
    }

    /// What can be reached from `start` by way of `within`. O(m).
    pub(super) fn flood(&self, start: usize, within: &M) -> M {
        let mut reached = M::none(self.rivals.len());
        reached.put(start);
        if M::NARROW {
            let mut front = reached.clone();
            while let Some(slot) = front.pop() {
                let mut fresh = self.near[slot].clone();
                fresh.keep(within);
                fresh.lose(&reached);
                reached.join(&fresh);
                front.join(&fresh);
            }
            return reached;
        }
        let mut stack = vec![start as u16];
        while let Some(slot) = stack.pop() {
            for &other in &self.lists[usize::from(slot)] {
                if within.has(usize::from(other)) && !reached.has(usize::from(other)) {
                    reached.put(usize::from(other));
                    stack.push(other);
                }
            }
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is reached from 0 and what is beside the reached, in a ladder of 20 rungs without some.
    fn walk<M: Mask>() -> (Vec<usize>, Vec<usize>, Vec<usize>) {
        let near = |slot: usize| {
            let beside = [slot.checked_sub(2), Some(slot + 2), Some(slot ^ 1)];
            beside.into_iter().flatten().filter(|other| *other < 40).map(|other| other as u16)
        };
        let web = Web::<M>::new(40, near, |_| std::iter::empty(), Vec::new());
        let mut within = M::all(40);
        [6, 9, 22, 23].into_iter().for_each(|slot| within.drop(slot));
        let reached = web.flood(0, &within);
        let listed = |mask: M| {
            let mut left = mask;
            std::iter::from_fn(move || left.pop()).collect::<Vec<usize>>()
        };
        (listed(reached.clone()), listed(web.beside(&reached).less(&reached)), listed(web.near(7)))
    }

    #[test]
    fn masks_of_all_widths_walk_alike() {
        let (reached, beside, near) = walk::<u64>();
        assert_eq!(reached, [0, 1, 2, 3, 4, 5, 7]);
        assert_eq!(beside, [6, 9]);
        assert_eq!(near, [5, 6, 9]);
        assert_eq!(walk::<u128>(), walk::<u64>());
        assert_eq!(walk::<Vec<u64>>(), walk::<u64>());
    }
}
