//! Protocol buffers as bytes: varints, fields, packed lists. Every read is checked.

/// Bytes that are not what they should be; the reader of the file adds where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

/// What is left of a message.
#[derive(Clone, Copy)]
pub(super) struct Wire<'a>(pub(super) &'a [u8]);

/// A field: a number or bytes.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    pub(super) fn number(self) -> Result<u64, Malformed> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Bytes(_) => Err(Malformed("bytes where a number is due")),
        }
    }

    pub(super) fn bytes(self) -> Result<&'a [u8], Malformed> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Number(_) => Err(Malformed("a number where bytes are due")),
        }
    }
}

impl<'a> Wire<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Numbers in a packed list, unless its end is missing.
    pub(super) fn numbers(&self) -> usize {
        self.0.iter().filter(|byte| **byte < 0x80).count()
    }

    /// The next base-128 number.
    #[inline]
    pub(super) fn varint(&mut self) -> Result<u64, Malformed> {
        // Deltas are short: one and two bytes go first.
        if let [first, rest @ ..] = self.0
            && *first < 0x80
        {
            self.0 = rest;
            return Ok(u64::from(*first));
        }
        if let [first, second, rest @ ..] = self.0
            && *second < 0x80
        {
            self.0 = rest;
            return Ok(u64::from(*first & 0x7f) | u64::from(*second) << 7);
        }
        self.long_varint()
    }

    fn long_varint(&mut self) -> Result<u64, Malformed> {
        let mut number = 0u64;
        for (k, byte) in self.0.iter().take(10).enumerate() {
            number |= u64::from(byte & 0x7f) << (7 * k);
            if *byte < 0x80 {
                self.0 = &self.0[k + 1..];
                return Ok(number);
            }
        }
        Err(Malformed("a number does not end"))
    }

    /// The next number with its sign in the lowest bit.
    #[inline]
    pub(super) fn zigzag(&mut self) -> Result<i64, Malformed> {
        let number = self.varint()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The next field and its number, or none at the end.
    pub(super) fn field(&mut self) -> Result<Option<(u64, Value<'a>)>, Malformed> {
        if self.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Number(self.varint()?),
            1 => Value::Bytes(self.take(8)?),
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Bytes(self.take(4)?),
            _ => return Err(Malformed("an unknown kind of field")),
        };
        Ok(Some((key >> 3, value)))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let Some((head, rest)) =
            usize::try_from(length).ok().and_then(|length| self.0.split_at_checked(length))
        else {
            return Err(Malformed("a field is longer than what holds it"));
        };
        self.0 = rest;
        Ok(head)
    }
}
