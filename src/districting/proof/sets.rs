//! Many sets of atoms, each with a number.

/// Sets as rows of bits, with a weight each.
pub(crate) struct Sets {
    words: usize,
    bits: Vec<u64>,
    pub(crate) weights: Vec<i64>,
}

impl Sets {
    pub(crate) fn new(atoms: usize) -> Self {
        Self { words: atoms.div_ceil(64), bits: Vec::new(), weights: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.weights.len()
    }

    pub(crate) fn push(&mut self, atoms: &[u32], weight: i64) {
        let first = self.bits.len();
        self.bits.resize(first + self.words, 0);
        for &atom in atoms {
            self.bits[first + atom as usize / 64] |= 1 << (atom % 64);
        }
        self.weights.push(weight);
    }

    /// Takes the last set away.
    pub(crate) fn pop(&mut self) {
        if self.weights.pop().is_some() {
            self.bits.truncate(self.bits.len() - self.words);
        }
    }

    pub(crate) fn push_bits(&mut self, bits: &[u64], weight: i64) {
        self.bits.extend_from_slice(bits);
        self.weights.push(weight);
    }

    pub(crate) fn of(&self, set: usize) -> &[u64] {
        &self.bits[set * self.words..(set + 1) * self.words]
    }

    pub(crate) fn holds(&self, set: usize, atom: u32) -> bool {
        self.bits[set * self.words + atom as usize / 64] >> (atom % 64) & 1 == 1
    }

    pub(crate) fn atoms(&self, set: usize) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(self.of(set)).flat_map(|(word, &bits)| {
            std::iter::successors((bits != 0).then_some(bits), |b| Some(b & (b - 1)).filter(|b| *b != 0))
                .map(move |b| word * 64 + b.trailing_zeros())
        })
    }
}
