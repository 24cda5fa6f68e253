//! In which encoding a file is written, and its text; never with replacement characters.

use encoding_rs::{BIG5, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::finding::Finding;
use super::kind::Kind;

/// The encodings offices use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GB 18030, which holds GBK and GB 2312.
    Gb18030,
    /// Big5 with the usual extensions.
    Big5,
}

impl Encoding {
    /// The name for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gb18030 => "GB18030",
            Self::Big5 => "Big5",
        }
    }

    /// By any of its usual names; `None` if it is not known.
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().replace(['-', '_'], "").as_str() {
            "utf8" => Some(Self::Utf8),
            "utf16" | "utf16le" => Some(Self::Utf16Le),
            "utf16be" => Some(Self::Utf16Be),
            "gb18030" | "gbk" | "gb2312" | "cp936" => Some(Self::Gb18030),
            "big5" | "cp950" => Some(Self::Big5),
            _ => None,
        }
    }

    fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Gb18030 => GB18030,
            Self::Big5 => BIG5,
        }
    }

    fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => &[0xef, 0xbb, 0xbf],
            Self::Utf16Le => &[0xff, 0xfe],
            Self::Utf16Be => &[0xfe, 0xff],
            Self::Gb18030 => &[0x84, 0x31, 0x95, 0x33],
            Self::Big5 => &[],
        }
    }
}

/// The text of a file, the encoding it was read in, and what is doubtful about that.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: Encoding,
    pub(super) doubt: Option<Finding>,
}

/// Reads bytes as text; `named` overrides the guess.
pub(super) fn decode(bytes: &[u8], named: Option<Encoding>) -> Result<Decoded, Box<Finding>> {
    if let Some(encoding) = named {
        return strict(bytes, encoding).map(|text| Decoded { text, encoding, doubt: None });
    }
    let marked = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030]
        .into_iter()
        .find(|encoding| bytes.starts_with(encoding.mark()));
    if let Some(encoding) = marked.or_else(|| wide(bytes)) {
        return strict(bytes, encoding).map(|text| Decoded { text, encoding, doubt: None });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Decoded { text: text.to_owned(), encoding: Encoding::Utf8, doubt: None }),
        // A damaged file of UTF-8 would pass as GB 18030, which gives nearly any bytes a meaning.
        Err(_) if is_mostly_utf8(bytes) => {
            return strict(bytes, Encoding::Utf8).map(|text| Decoded {
                text,
                encoding: Encoding::Utf8,
                doubt: None,
            });
        }
        Err(_) => {}
    }
    let (gb, big5) = (strict(bytes, Encoding::Gb18030), strict(bytes, Encoding::Big5));
    let (encoding, other) = match (&gb, &big5) {
        (Ok(gb), Ok(big5)) if fluency(big5) > fluency(gb) => (Encoding::Big5, Some(gb)),
        (Ok(_), Ok(big5)) => (Encoding::Gb18030, Some(big5)),
        (Err(_), Ok(_)) => (Encoding::Big5, None),
        // Damaged text is named in the encoding that carries it further.
        (Err(gb), Err(big5)) if place(big5) > place(gb) => (Encoding::Big5, None),
        _ => (Encoding::Gb18030, None),
    };
    let other_fluency = other.map_or(0, |text| fluency(text));
    let text = if encoding == Encoding::Big5 { big5 } else { gb }?;
    let unsure = fluency(&text) < 150 || other_fluency * 2 > fluency(&text);
    let other = if encoding == Encoding::Big5 { Encoding::Gb18030 } else { Encoding::Big5 };
    let doubt = unsure.then(|| {
        let kind = Kind::EncodingUnsure { read: encoding.name(), other: other.name() };
        Finding::whole(kind)
    });
    Ok(Decoded { text, encoding, doubt })
}

fn place(finding: &Finding) -> u64 {
    if let Kind::Undecodable { byte, .. } = finding.kind { byte } else { 0 }
}

/// UTF-16 without a mark: separators, digits and line ends have a zero in a fixed place.
fn wide(bytes: &[u8]) -> Option<Encoding> {
    let sample = &bytes[..bytes.len().min(1 << 16)];
    let zeros = |at: usize| sample.iter().skip(at).step_by(2).filter(|b| **b == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    match (high, low) {
        // A few stray zeros are damage, not another encoding.
        _ if (high + low) * 20 < sample.len() => None,
        _ if low > 8 * high => Some(Encoding::Utf16Le),
        _ if high > 8 * low => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// True if there are more sound three-byte sequences of UTF-8 than faults; in GBK those are rare.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let sound = |chunk: &std::str::Utf8Chunk<'_>| chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += sound(&chunk);
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

fn strict(bytes: &[u8], encoding: Encoding) -> Result<String, Box<Finding>> {
    let mark = encoding.mark();
    let skipped = if !mark.is_empty() && bytes.starts_with(mark) { mark.len() } else { 0 };
    let body = &bytes[skipped..];
    let whole = encoding.codec().decode_without_bom_handling_and_without_replacement(body);
    let text = whole.map(std::borrow::Cow::into_owned);
    text.ok_or_else(|| fault(body, skipped, encoding))
}

/// The first byte that is no text, found piece by piece.
fn fault(body: &[u8], skipped: usize, encoding: Encoding) -> Box<Finding> {
    let mut decoder = encoding.codec().new_decoder_without_bom_handling();
    let mut out = String::with_capacity(1 << 14);
    let (mut at, mut lines) = (0, 1u32);
    loop {
        out.clear();
        let (result, read) = decoder.decode_to_string_without_replacement(&body[at..], &mut out, true);
        at += read;
        let unix = out.matches('\n').count();
        lines += if unix > 0 { unix } else { out.matches('\r').count() } as u32;
        match result {
            encoding_rs::DecoderResult::OutputFull if read > 0 || !out.is_empty() => {}
            encoding_rs::DecoderResult::Malformed(length, after) => {
                at = at.saturating_sub(usize::from(length) + usize::from(after));
                break;
            }
            _ => break,
        }
    }
    let kind = Kind::Undecodable { encoding: encoding.name(), byte: (at + skipped) as u64 };
    Box::new(Finding::row(lines, kind))
}

/// Common characters per thousand beyond ASCII, plus 100 for each different word of a ledger.
fn fluency(text: &str) -> usize {
    let head: String = text.chars().filter(|c| !c.is_whitespace()).take(20_000).collect();
    let wide = head.chars().filter(|c| !c.is_ascii()).count();
    if wide == 0 {
        return 1000;
    }
    let common = head.chars().filter(|c| COMMON.contains(*c)).count();
    let words = WORDS.iter().filter(|word| head.contains(**word)).count();
    common * 1000 / wide + 100 * words
}

/// Characters that place names and ledgers are made of, in both forms.
const COMMON: &str = "一二三四五六七八九十上下中大小东東西南北里村社区區街道镇鎮乡鄉县縣市省路号號\
安平和民光明新华華永福兴興隆龙龍泉山水河江湖海湾灣桥橋门門城园園花林家庄莊王李张張刘劉陈陳杨楊\
赵趙黄黃周吴吳徐孙孫胡朱高马馬古金长長青春天文武仁义義德信忠孝爱愛学學校院场場站心党黨群服务務\
户戶数數人口编編码碼名称稱地址经經纬緯度面积積合计計总總注备備单單位岁歲以及儿兒童老年居委会會";

const WORDS: [&str; 26] = [
    "街道", "社区", "社區", "编码", "編碼", "代码", "代碼", "名称", "名稱", "户数", "戶數", "人口", "合计",
    "合計", "地址", "经度", "經度", "纬度", "緯度", "面积", "面積", "单位", "單位", "村", "岁", "歲",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(bytes: &[u8]) -> Encoding {
        decode(bytes, None).expect("text").encoding
    }

    #[test]
    fn encodings_are_told_apart() {
        let simplified = "社区编码,社区名称,户数\n120106001001,光明里社区,12\n";
        let traditional = "代碼,名稱,戶數\n63000030001,德安里,12\n";
        assert_eq!(guess(simplified.as_bytes()), Encoding::Utf8);
        assert_eq!(guess(&GB18030.encode(simplified).0), Encoding::Gb18030);
        assert_eq!(guess(&GB18030.encode(traditional).0), Encoding::Gb18030);
        assert_eq!(guess(&BIG5.encode(traditional).0), Encoding::Big5);
        let low: Vec<u8> = simplified.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let high: Vec<u8> = simplified.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((guess(&low), guess(&high)), (Encoding::Utf16Le, Encoding::Utf16Be));
    }

    #[test]
    fn a_bad_byte_is_named_with_its_line() {
        let mut bytes = "社区编码,名称\n1,光明里\n2,和安里\n".as_bytes().to_vec();
        bytes[25] = 0xff;
        let finding = decode(&bytes, None).expect_err("no text");
        assert_eq!(finding.row, Some(2));
        assert_eq!(finding.kind, Kind::Undecodable { encoding: "UTF-8", byte: 25 });
        let mut bytes = GB18030.encode("社区,名称\n光明里,和安里\n").0.into_owned();
        bytes.push(0xff);
        let finding = decode(&bytes, None).expect_err("no text");
        assert_eq!(finding.row, Some(3));
        assert!(matches!(finding.kind, Kind::Undecodable { encoding: "GB18030", byte: 24 }), "{finding:?}");
    }
}
