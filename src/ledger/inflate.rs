//! Unpacks a deflated stream within a limit, as RFC 1951 has it.
//!
//! A workbook may lie about the size of its parts and hold places no sheet has, so its parts are
//! looked at before they are given to a reader that trusts them.

/// Bits of a stream, the lowest first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u64,
    count: u32,
}

impl Bits<'_> {
    fn fill(&mut self) {
        while self.count <= 48 {
            let Some(byte) = self.bytes.get(self.at) else { return };
            self.held |= u64::from(*byte) << self.count;
            self.at += 1;
            self.count += 8;
        }
    }

    fn take(&mut self, count: u32) -> Option<u32> {
        self.fill();
        if self.count < count {
            return None;
        }
        let value = self.held & ((1 << count) - 1);
        self.held >>= count;
        self.count -= count;
        Some(value as u32)
    }

    /// Drops what is left of the last byte and skips whole bytes.
    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.at -= (self.count / 8) as usize;
        (self.held, self.count) = (0, 0);
        self.at = self.at.checked_add(bytes).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }
}

const BITS_MAX: usize = 15;

/// A canonical prefix code: how many words of each length, and symbols in their order.
struct Code {
    counts: [u16; BITS_MAX + 1],
    symbols: Vec<u16>,
}

impl Code {
    /// `None` if more words are claimed than the lengths allow.
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0u16; BITS_MAX + 1];
        for length in lengths {
            counts[usize::from(*length)] += 1;
        }
        counts[0] = 0;
        let mut free = 1i32;
        let mut starts = [0usize; BITS_MAX + 2];
        for bits in 1..=BITS_MAX {
            free = 2 * free - i32::from(counts[bits]);
            if free < 0 {
                return None;
            }
            starts[bits + 1] = starts[bits] + usize::from(counts[bits]);
        }
        let mut symbols = vec![0; lengths.len()];
        for (symbol, length) in (0u16..).zip(lengths).filter(|(_, length)| **length > 0) {
            symbols[starts[usize::from(*length)]] = symbol;
            starts[usize::from(*length)] += 1;
        }
        Some(Self { counts, symbols })
    }

    fn read(&self, bits: &mut Bits<'_>) -> Option<u16> {
        bits.fill();
        let (mut code, mut first, mut index) = (0i32, 0i32, 0i32);
        for length in 1..=BITS_MAX.min(bits.count as usize) {
            code |= (bits.held >> (length - 1) & 1) as i32;
            let count = i32::from(self.counts[length]);
            if code - count < first {
                bits.held >>= length;
                bits.count -= length as u32;
                return self.symbols.get((index + code - first) as usize).copied();
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

const LENGTH_BASE: [u16; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
    227, 258,
];
const LENGTH_EXTRA: [u32; 29] =
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Why a stream cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is no deflated stream, or ends too early.
    Broken,
    /// It is longer than the limit.
    Long,
}

/// The unpacked bytes, at most so many.
pub(super) fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    let whole = stream(bytes, &mut out, limit);
    if out.len() > limit { Err(Fault::Long) } else { whole.map(|()| out).ok_or(Fault::Broken) }
}

/// `None` if the stream is broken or too long.
fn stream(bytes: &[u8], out: &mut Vec<u8>, limit: usize) -> Option<()> {
    let mut bits = Bits { bytes, at: 0, held: 0, count: 0 };
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => {
                bits.skip(0)?;
                let length = bits.take(16)?;
                if bits.take(16)? != length ^ 0xffff {
                    return None;
                }
                bits.skip(0)?;
                let from = bits.at;
                bits.skip(length as usize)?;
                out.extend(&bytes[from..bits.at]);
            }
            1 => {
                let mut lengths = [8u8; 288];
                lengths[144..256].fill(9);
                lengths[256..280].fill(7);
                block(&mut bits, &Code::new(&lengths)?, &Code::new(&[5; 30])?, out, limit)?;
            }
            2 => {
                let (literals, distances) = codes(&mut bits)?;
                block(&mut bits, &literals, &distances, out, limit)?;
            }
            _ => return None,
        }
        if out.len() > limit {
            return None;
        }
        if last {
            return Some(());
        }
    }
}

fn block(
    bits: &mut Bits<'_>,
    literals: &Code,
    distances: &Code,
    out: &mut Vec<u8>,
    limit: usize,
) -> Option<()> {
    while out.len() <= limit {
        match literals.read(bits)? {
            literal @ 0..=255 => out.push(literal as u8),
            256 => return Some(()),
            symbol => {
                let symbol = usize::from(symbol) - 257;
                let length =
                    bits.take(*LENGTH_EXTRA.get(symbol)?)? as usize + usize::from(LENGTH_BASE[symbol]);
                let distance = u32::from(distances.read(bits)?);
                let extra = distance.checked_sub(2).map_or(0, |d| d / 2);
                let base = if distance < 4 { distance } else { (2 + distance % 2) << extra };
                let back = 1 + base as usize + bits.take(extra)? as usize;
                let from = out.len().checked_sub(back)?;
                for i in from..from + length {
                    out.push(out[i]);
                }
            }
        }
    }
    None
}

/// The two codes a block brings along.
fn codes(bits: &mut Bits<'_>) -> Option<(Code, Code)> {
    let literals = bits.take(5)? as usize + 257;
    let distances = bits.take(5)? as usize + 1;
    let given = bits.take(4)? as usize + 4;
    let mut lengths = [0u8; 19];
    for place in &ORDER[..given] {
        lengths[*place] = bits.take(3)? as u8;
    }
    let code = Code::new(&lengths)?;
    let mut lengths = Vec::with_capacity(320);
    while lengths.len() < literals + distances {
        let (value, times) = match code.read(bits)? {
            16 => (*lengths.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length as u8, 1),
        };
        lengths.extend(std::iter::repeat_n(value, times as usize));
    }
    if lengths.len() > literals + distances {
        return None;
    }
    Some((Code::new(&lengths[..literals])?, Code::new(&lengths[literals..])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_fixed_and_brought_codes_are_unpacked() {
        assert_eq!(unpack(&[1, 3, 0, 0xfc, 0xff, b'a', b'b', b'c'], 9), Ok(b"abc".to_vec()));
        // "aaaaaaaaaa" with the fixed code: literals and a copy.
        assert_eq!(unpack(&[0x4b, 0x4c, 0x84, 0x01, 0x00], 99), Ok(vec![b'a'; 10]));
        assert_eq!(unpack(&[0x4b, 0x4c, 0x84, 0x01, 0x00], 9), Err(Fault::Long));
        assert_eq!(unpack(&[0x4b, 0x84], 99), Err(Fault::Broken));
        assert_eq!(unpack(&[7], 99), Err(Fault::Broken));
        let text: String = (0..60).map(|i| format!("{i},{};", i * i)).collect();
        assert_eq!(unpack(&SQUARES, 1000), Ok(text.into_bytes()));
        assert_eq!(unpack(&SQUARES, 423), Err(Fault::Long));
        assert_eq!(unpack(&SQUARES[..SQUARES.len() - 2], 1000), Err(Fault::Broken));
    }

    /// The text `0,0;1,1;2,4;` and so on up to 59, with codes of its own.
    #[rustfmt::skip]
    const SQUARES: [u8; 219] = [
        0x15, 0x90, 0xc9, 0x0d, 0x00, 0x31, 0x08, 0x03, 0x1b, 0xf2, 0x83, 0x3b, 0x89, 0xe8, 0xbf, 0xaf,
        0x9d, 0x7d, 0x45, 0x28, 0x78, 0xb0, 0x6d, 0xb2, 0x75, 0xf9, 0x86, 0x6a, 0x53, 0x6f, 0x4b, 0x3e,
        0xdb, 0x8a, 0xde, 0x51, 0xce, 0x1e, 0xd5, 0xdb, 0xab, 0xa9, 0x7d, 0xba, 0xbe, 0x6e, 0x72, 0x43,
        0x80, 0x22, 0x98, 0x42, 0x5e, 0xb5, 0x9e, 0x68, 0xde, 0x3a, 0xd2, 0x37, 0xeb, 0x88, 0x51, 0xfb,
        0xc0, 0x60, 0x3a, 0x8a, 0xcb, 0xdf, 0x55, 0x06, 0x9b, 0x0f, 0x26, 0xb7, 0x4c, 0x05, 0x25, 0x5c,
        0x55, 0x4c, 0x9c, 0xbe, 0xb5, 0x91, 0xea, 0x78, 0x1b, 0xa5, 0x3e, 0xb3, 0xd1, 0x1a, 0x28, 0x31,
        0x9a, 0x7f, 0x3a, 0x3a, 0xff, 0xdf, 0xd5, 0xf9, 0x37, 0xb1, 0x82, 0x2e, 0x4d, 0x0f, 0x4a, 0xba,
        0x1e, 0xcc, 0xc4, 0x8b, 0x71, 0x22, 0x31, 0x63, 0x5c, 0x4c, 0xdc, 0x38, 0x06, 0xb2, 0xb1, 0x0a,
        0x29, 0x87, 0x17, 0x7b, 0x79, 0xe4, 0x89, 0xdb, 0xbc, 0xbf, 0x77, 0xf6, 0x9f, 0xbc, 0xc9, 0x52,
        0x24, 0x1b, 0x70, 0x45, 0xb4, 0x21, 0x69, 0xc1, 0x3b, 0xc4, 0x2e, 0x78, 0x97, 0x0e, 0xea, 0x4f,
        0x47, 0x21, 0x45, 0x3c, 0x83, 0x57, 0xe4, 0x73, 0xaa, 0x2a, 0x02, 0x86, 0xf1, 0x7f, 0x15, 0x69,
        0xec, 0x3f, 0x45, 0x99, 0x6f, 0x1b, 0xf9, 0xe1, 0xb5, 0x2b, 0xe6, 0x9f, 0x43, 0x71, 0xf8, 0xef,
        0xa4, 0x10, 0xf6, 0xbb, 0x14, 0xef, 0xaf, 0xba, 0x95, 0x3f, 0xaf, 0xa9, 0x1b, 0x63, 0xdb, 0xe7,
        0x6f, 0x8a, 0x7f, 0x1a, 0x4b, 0xee, 0x37, 0x95, 0x15, 0x7e, 0x3e,
    ];
}
