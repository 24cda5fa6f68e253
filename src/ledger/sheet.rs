//! Places named in a sheet's text, looked at before the sheet is read.
//!
//! A reader of workbooks takes them as they come, and one with too many digits would run over and
//! become another place.

/// Digits of a row: a sheet has 1,048,576.
const ROW_DIGITS_MAX: usize = 7;

/// Letters of a column: a sheet ends at XFD.
const COLUMN_LETTERS_MAX: usize = 3;

/// `Err` with a reason if a part that is a sheet names a place no sheet has.
pub(super) fn check(text: &[u8]) -> Result<(), &'static str> {
    if text.starts_with(&[0xff, 0xfe]) || text.starts_with(&[0xfe, 0xff]) {
        return Err("a part is not in UTF-8");
    }
    let head = text[..text.len().min(200)].to_ascii_lowercase();
    let declared = attribute(&head, find(&head, b"encoding").unwrap_or(head.len()), b"encoding");
    if head.starts_with(b"<") && declared.is_some_and(|encoding| encoding != b"utf-8") {
        return Err("a part is not in UTF-8");
    }
    if find(text, b"sheetData").is_none() {
        return Ok(());
    }
    let mut at = 0;
    // An attribute follows a space or, written badly, the quotation mark of the one before.
    let is_gap = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'');
    while let Some(next) = text[at..].iter().position(is_gap) {
        at += next + 1;
        let place = attribute(text, at, b"r").or_else(|| attribute(text, at, b"ref"));
        if place.is_some_and(|place| !is_range(place)) {
            return Err("a sheet names a place that no sheet has");
        }
    }
    Ok(())
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

/// The value of an attribute that begins here; `None` if none of this name does.
fn attribute<'a>(text: &'a [u8], at: usize, name: &[u8]) -> Option<&'a [u8]> {
    let rest = text.get(at..)?.strip_prefix(name)?.trim_ascii_start();
    let rest = rest.strip_prefix(b"=")?.trim_ascii_start();
    let quote = rest.first().copied().filter(|quote| matches!(quote, b'"' | b'\''))?;
    let length = rest[1..].iter().position(|byte| *byte == quote)?;
    Some(&rest[1..=length])
}

/// `B3`, `3` or `A1:C9`, with the second corner not before the first.
fn is_range(text: &[u8]) -> bool {
    let mut corners = text.split(|byte| *byte == b':').map(corner);
    let (first, second, more) = (corners.next().flatten(), corners.next(), corners.next());
    match (first, second) {
        (Some(_), None) => true,
        (Some(first), Some(Some(second))) => first.0 <= second.0 && first.1 <= second.1 && more.is_none(),
        _ => false,
    }
}

/// Column and row.
fn corner(text: &[u8]) -> Option<(u32, u32)> {
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let digits = &text[letters..];
    let sound = letters <= COLUMN_LETTERS_MAX
        && (1..=ROW_DIGITS_MAX).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit);
    let column = |sum: u32, byte: &u8| sum * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
    let row = |sum: u32, byte: &u8| sum * 10 + u32::from(byte - b'0');
    sound.then(|| (text[..letters].iter().fold(0, column), digits.iter().fold(0, row)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_beyond_any_sheet_are_found() {
        let sheet = |inner: &str| check(format!("<sheetData>{inner}</sheetData>").as_bytes()).is_ok();
        for good in ["<c r=\"XFD1048576\"/>", "<row r='1'/>", "<mergeCell ref = \"A1:B2\"/>"] {
            assert!(sheet(good), "{good}");
        }
        for bad in [
            "<c r=\"A99999999\"/>",
            "<c\tr=\"ABCD1\"/>",
            "<mergeCell ref=\"B2:A1\"/>",
            "<c t=\"n\"r=\"A99999999\"/>",
            "<c r = 'A1:B2:C3'/>",
            "<c r=\"\"/>",
        ] {
            assert!(!sheet(bad), "{bad}");
        }
        assert!(check(b"<?xml version=\"1.0\" encoding=\"UTF-16\"?>").is_err());
        assert!(check(b"<a:fillToRect r=\"-80000\"/>").is_ok());
    }
}
