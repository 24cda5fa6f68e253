//! Text of unknown encoding: GBK and GB18030, UTF-8, Big5.

use encoding_rs::{BIG5, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// An encoding and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// `UTF-8`, `GB18030`, `Big5` or `windows-1252`.
    pub name: &'static str,
    /// True if no file said so and the bytes were judged.
    pub guessed: bool,
}

pub(super) type Charset = &'static encoding_rs::Encoding;

/// The first 4 KiB as text, whatever is no text replaced.
pub(super) fn first_text(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(4096)];
    match encoding_rs::Encoding::for_bom(head) {
        Some((charset, _)) => charset.decode(head).0.into_owned(),
        None => String::from_utf8_lossy(head).into_owned(),
    }
}

/// A charset by the names and code page numbers found in `.cpg` files.
pub(super) fn named(label: &str) -> Option<Charset> {
    let upper = label.trim().trim_start_matches('\u{feff}').to_ascii_uppercase();
    let plain: String = upper.chars().filter(char::is_ascii_alphanumeric).collect();
    let number = plain.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    match (plain.as_str(), number) {
        ("UTF8", _) | (_, "65001") => Some(UTF_8),
        ("GBK" | "GB2312" | "GB18030", _) | (_, "936" | "54936" | "20936") => Some(GB18030),
        ("BIG5" | "BIG5HKSCS" | "BIG5HK", _) | (_, "950" | "951") => Some(BIG5),
        (_, "1252" | "88591" | "28591") => Some(WINDOWS_1252),
        _ => None,
    }
}

/// A charset by the language driver in a `.dbf` file.
pub(super) fn of_driver(driver: u8) -> Option<Charset> {
    match driver {
        0x4d | 0x7a => Some(GB18030),
        0x4f | 0x78 => Some(BIG5),
        0x03 | 0x58 | 0x59 => Some(WINDOWS_1252),
        _ => None,
    }
}

/// Text of a field that may have been cut in the middle of a character; true if it was.
pub(super) fn decode(charset: Charset, bytes: &[u8]) -> Option<(String, bool)> {
    (0..=3.min(bytes.len())).find_map(|cut| {
        let kept = &bytes[..bytes.len() - cut];
        let text = charset.decode_without_bom_handling_and_without_replacement(kept)?;
        // A cut tail is the beginning of a character, never ASCII.
        let torn = bytes[bytes.len() - cut..].first().is_none_or(|byte| *byte >= 0x80);
        torn.then(|| (text.into_owned(), cut > 0))
    })
}

/// Judges the charset of many fields: UTF-8 if all are, else that of the Chinese ones whose
/// commonest characters occur most.
pub(super) fn guess<'a>(fields: impl Iterator<Item = &'a [u8]>) -> Charset {
    let mut utf8 = true;
    let mut common = [0usize; 2];
    let mut faults = [0usize; 2];
    for field in fields.filter(|f| !f.is_ascii()) {
        utf8 = utf8 && decode(UTF_8, field).is_some();
        for (k, charset) in [GB18030, BIG5].into_iter().enumerate() {
            faults[k] += usize::from(decode(charset, field).is_none());
        }
        common[0] += count_common(field, |lead, trail| (0xb0..=0xd7).contains(&lead) && trail >= 0xa1);
        common[1] += count_common(field, |lead, trail| {
            (0xa4..=0xc6).contains(&lead) && ((0x40..=0x7e).contains(&trail) || trail >= 0xa1)
        });
    }
    if utf8 {
        UTF_8
    } else if (faults[1], std::cmp::Reverse(common[1])) < (faults[0], std::cmp::Reverse(common[0])) {
        BIG5
    } else {
        GB18030
    }
}

/// Pairs of bytes that stand for one of the commonest characters.
fn count_common(field: &[u8], is_common: impl Fn(u8, u8) -> bool) -> usize {
    let (mut i, mut count) = (0, 0);
    while let Some(&lead) = field.get(i) {
        match field.get(i + 1) {
            Some(&trail) if lead >= 0x80 => {
                count += usize::from(is_common(lead, trail));
                i += 2;
            }
            _ => i += 1,
        }
    }
    count
}

/// The text of an XML file, by its mark, its declaration, or as UTF-8.
pub(super) fn of_xml(bytes: &[u8]) -> Result<String, String> {
    let declared = || {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
        let after = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
        let quote = after.chars().next().filter(|c| "\"'".contains(*c))?;
        let label = after[1..].split(quote).next()?;
        Some(named(label).or_else(|| encoding_rs::Encoding::for_label(label.as_bytes())))
    };
    let (charset, skip) = match encoding_rs::Encoding::for_bom(bytes) {
        Some(found) => found,
        None => (declared().flatten().unwrap_or(UTF_8), 0),
    };
    let charset = if [UTF_16BE, UTF_16LE].contains(&charset) && skip == 0 { UTF_8 } else { charset };
    charset
        .decode_without_bom_handling_and_without_replacement(&bytes[skip..])
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| charset.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_told_apart() {
        for text in ["大安区社区党群服务中心", "河西区桂林路街道", "祥和社区", "甲乙丙丁"]
        {
            let (gbk, ..) = GB18030.encode(text);
            assert_eq!(guess([&*gbk].into_iter()), GB18030, "{text}");
            assert_eq!(guess([text.as_bytes()].into_iter()), UTF_8, "{text}");
        }
        for text in ["臺北市大安區黎元里", "觀塘民政事務處", "德安里仁慈里", "龍門國民中學"]
        {
            let (big5, ..) = BIG5.encode(text);
            assert_eq!(guess([&*big5].into_iter()), BIG5, "{text}");
        }
        assert_eq!(guess([b"ascii".as_slice()].into_iter()), UTF_8);
    }

    #[test]
    fn torn_characters_are_dropped() {
        let (gbk, ..) = GB18030.encode("社区编码");
        assert_eq!(decode(GB18030, &gbk[..7]), Some(("社区编".to_owned(), true)));
        assert_eq!(decode(UTF_8, &"社区".as_bytes()[..5]), Some(("社".to_owned(), true)));
        assert_eq!(decode(UTF_8, b"\xff\xff\xff\xff\xff"), None);
    }

    #[test]
    fn labels() {
        for (label, charset) in [
            ("UTF-8", Some(UTF_8)),
            ("65001\r\n", Some(UTF_8)),
            ("ANSI 936", Some(GB18030)),
            ("cp936", Some(GB18030)),
            ("GB2312", Some(GB18030)),
            ("OEM 950", Some(BIG5)),
            ("Big5", Some(BIG5)),
            ("ISO-8859-1", Some(WINDOWS_1252)),
            ("", None),
        ] {
            assert_eq!(named(label), charset, "{label}");
        }
    }
}
