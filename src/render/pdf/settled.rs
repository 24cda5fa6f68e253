//! The objects of a PDF in one settled order.
//!
//! The converter of drawings keeps fonts and resources in hash tables, whose order changes from run to run.
//! Here objects are numbered as they are first met from the catalogue on, and names of resources are
//! sorted, so that equal pages are equal bytes. Only what `pdf-writer` writes is understood: every object
//! from its own line to `endobj`, lengths of streams as plain numbers.

use std::collections::BTreeMap;
use std::ops::Range;

/// An object: what stands before its stream, in lines, and from its stream on.
struct Object {
    head: String,
    stream: Range<usize>,
}

/// The same document, its objects in order; `None` if it is not written as expected.
pub(super) fn settled(pdf: &[u8]) -> Option<Vec<u8>> {
    let start = find(pdf, b" 0 obj\n", 0)?;
    let start = pdf[..start].iter().rposition(|byte| !byte.is_ascii_digit())? + 1;
    let mut objects = BTreeMap::new();
    let mut at = start;
    while pdf.get(at)?.is_ascii_digit() {
        let (number, object, end) = object(pdf, at)?;
        objects.insert(number, object);
        at = end;
    }
    let trailer = &pdf[find(pdf, b"trailer\n", at)?..];
    let trailer = std::str::from_utf8(&trailer[..find(trailer, b">>", 0)?]).ok()?;

    let mut order: Vec<u32> = Vec::with_capacity(objects.len());
    let mut place: BTreeMap<u32, u32> = BTreeMap::new();
    let mut meet = |text: &str, order: &mut Vec<u32>| {
        renumbered(text, &mut |old| {
            *place.entry(old).or_insert_with(|| {
                order.push(old);
                order.len() as u32
            })
        })
    };
    let trailer = meet(trailer, &mut order);
    let mut out = pdf[..start].to_vec();
    let mut offsets = Vec::with_capacity(objects.len());
    while let Some(old) = order.get(offsets.len()) {
        let object = objects.get(old)?;
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", offsets.len()).bytes());
        out.extend(meet(&object.head, &mut order).bytes());
        out.extend(&pdf[object.stream.clone()]);
        out.extend(b"\nendobj\n\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f\r\n", offsets.len() + 1).bytes());
    for offset in &offsets {
        out.extend(format!("{offset:010} 00000 n\r\n").bytes());
    }
    let size = trailer.lines().find(|line| line.contains("/Size"))?;
    let trailer = trailer.replace(size, &format!("  /Size {}", offsets.len() + 1));
    out.extend(format!("{trailer}>>\nstartxref\n{table}\n%%EOF").bytes());
    Some(out)
}

/// Reads an object: its number, itself, and where the next one begins.
fn object(pdf: &[u8], at: usize) -> Option<(u32, Object, usize)> {
    let begin = find(pdf, b" 0 obj\n", at)?;
    let number = std::str::from_utf8(&pdf[at..begin]).ok()?.parse().ok()?;
    let begin = begin + b" 0 obj\n".len();
    let mut end = find(pdf, b"\nendobj\n", begin)?;
    let mut head_end = end;
    if let Some(stream) = find(&pdf[..end], b"\nstream\n", begin) {
        let head = std::str::from_utf8(&pdf[begin..stream]).ok()?;
        let (_, length) = head.rsplit_once("/Length ")?;
        let digits = length.bytes().take_while(u8::is_ascii_digit).count();
        let length: usize = length[..digits].parse().ok()?;
        (head_end, end) = (stream, find(pdf, b"\nendobj\n", stream + b"\nstream\n".len() + length)?);
    }
    let head = std::str::from_utf8(&pdf[begin..head_end]).ok()?;
    let mut next = end + b"\nendobj\n".len();
    while pdf.get(next) == Some(&b'\n') {
        next += 1;
    }
    Some((number, Object { head: sorted(head), stream: head_end..end }, next))
}

fn find(bytes: &[u8], word: &[u8], from: usize) -> Option<usize> {
    let found = bytes.get(from..)?.windows(word.len()).position(|window| window == word)?;
    Some(from + found)
}

/// Lines of a name and a reference beside one another, in the order of their names.
fn sorted(head: &str) -> String {
    let mut lines: Vec<&str> = head.split('\n').collect();
    let is_entry = |line: &&str| line.trim_start().starts_with('/') && line.ends_with(" 0 R");
    for run in lines.chunk_by_mut(|a, b| is_entry(a) && is_entry(b)) {
        run.sort_unstable();
    }
    lines.join("\n")
}

/// The text with every reference `n 0 R` given its new number.
fn renumbered(text: &str, number: &mut impl FnMut(u32) -> u32) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(end) = rest.find(" 0 R") {
        let digits = rest[..end].bytes().rev().take_while(u8::is_ascii_digit).count();
        let begin = end - digits;
        let after = rest[end + " 0 R".len()..].bytes().next();
        match rest[begin..end].parse() {
            Ok(old) if !after.is_some_and(|byte| byte.is_ascii_alphanumeric()) => {
                out.push_str(&rest[..begin]);
                out.push_str(&format!("{} 0 R", number(old)));
            }
            _ => out.push_str(&rest[..end + " 0 R".len()]),
        }
        rest = &rest[end + " 0 R".len()..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_followed_and_names_sorted() {
        let mut seen = Vec::new();
        let text = renumbered("[12 0 R 3 0 R] /A 0 R /B 12 0 Road", &mut |old| {
            seen.push(old);
            old + 1
        });
        assert_eq!((text.as_str(), seen), ("[13 0 R 4 0 R] /A 0 R /B 12 0 Road", vec![12, 3]));
        assert_eq!(sorted("<<\n  /f1 9 0 R\n  /f0 7 0 R\n>>"), "<<\n  /f0 7 0 R\n  /f1 9 0 R\n>>");
    }

    #[test]
    fn what_is_no_pdf_is_not_understood() {
        for bytes in [
            b"".as_slice(),
            b"%PDF-1.7\n",
            b"1 0 obj\n",
            b"%\n1 0 obj\n<<\n  /Length 9\n>>\nstream\n\nendobj\n",
        ] {
            assert!(settled(bytes).is_none());
        }
    }
}
