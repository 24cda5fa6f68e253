//! The directory of a workbook's archive: what its parts unpack to, measured, not believed.

use super::inflate::{Fault, unpack};
use super::kind::Kind;
use super::limits::{KEPT_BYTES_MAX, PARTS_MAX, UNPACKED_BYTES_MAX};
use super::sheet;

const DIRECTORY_END: [u8; 4] = *b"PK\x05\x06";

/// `Ok` if every part can be unpacked within the limits.
pub(super) fn check(bytes: &[u8]) -> Result<(), Kind> {
    let broken = |reason: &str| Kind::WorkbookBroken { reason: reason.to_owned() };
    let end =
        bytes.windows(4).rposition(|four| four == DIRECTORY_END).ok_or_else(|| broken("no directory"))?;
    let short = |at: usize| Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let long = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
    let head = || Some((short(end + 10)?, long(end + 12)?, long(end + 16)?, short(end + 20)?));
    let (parts, size, start, comment) = head().ok_or_else(|| broken("directory cut short"))?;
    // Anything but one directory right before its end could be read in two ways.
    if start.checked_add(size) != Some(end) || end + 22 + comment != bytes.len() {
        return Err(broken("directory out of place"));
    }
    if parts > PARTS_MAX {
        return Err(Kind::TooLarge { what: "parts", found: parts as u64, limit: PARTS_MAX as u64 });
    }
    let mut total = 0u64;
    let mut at = start;
    for _ in 0..parts {
        let entry = || {
            let name = bytes.get(at + 46..at + 46 + short(at + 28)?)?;
            let next = at + 46 + name.len() + short(at + 30)? + short(at + 32)?;
            Some((name, short(at + 10)?, long(at + 20)?, long(at + 24)?, long(at + 42)?, next))
        };
        let (name, method, packed, declared, offset, next) =
            entry().filter(|e| e.5 <= end).ok_or_else(|| broken("directory cut short"))?;
        let body = || {
            let from = offset.checked_add(30 + short(offset + 26)? + short(offset + 28)?)?;
            bytes.get(from..from.checked_add(packed)?)
        };
        let body = body().ok_or_else(|| broken("a part is cut short"))?;
        let kept = !String::from_utf8_lossy(name).contains("worksheets/");
        let limit = if kept { KEPT_BYTES_MAX } else { UNPACKED_BYTES_MAX };
        let unpacked;
        let text = match method {
            0 => body,
            8 => match unpack(body, limit as usize) {
                Ok(text) => {
                    unpacked = text;
                    &unpacked
                }
                Err(Fault::Broken) => return Err(broken("a part is damaged")),
                Err(Fault::Long) => {
                    let found = limit + 1;
                    return Err(Kind::TooLarge { what: "unpacked bytes", found, limit });
                }
            },
            _ => return Err(broken("an unusual compression")),
        };
        let length = text.len() as u64;
        if length != declared as u64 {
            return Err(broken("a part is not as long as the directory says"));
        }
        total += length;
        if total > UNPACKED_BYTES_MAX || (kept && length > KEPT_BYTES_MAX) {
            let limit = if total > UNPACKED_BYTES_MAX { UNPACKED_BYTES_MAX } else { KEPT_BYTES_MAX };
            return Err(Kind::TooLarge { what: "unpacked bytes", found: total.max(length), limit });
        }
        sheet::check(text).map_err(broken)?;
        at = next;
    }
    Ok(())
}
