//! Words of a text, read eight bytes at a time, and what joins them.

/// A word of a text.
#[derive(Clone, Copy)]
pub(super) struct Word {
    /// Where it starts if there is none.
    pub end: usize,
    /// What it is looked up by.
    pub hash: u64,
}

/// No two words of at most so many bytes have the same hash.
pub(super) const SURE: usize = 8;

/// The word behind another one, and where it starts, if a joint is between.
#[inline]
pub(super) fn second(bytes: &[u8], first: Word) -> Option<(usize, Word)> {
    let start = first.end + joint(bytes.get(first.end..)?)?;
    let second = word(bytes, start);
    (second.end > start).then_some((start, second))
}

/// Whether a letter or digit stands at a byte.
pub(super) fn goes_on(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(|it| if it.is_ascii() { it.is_ascii_alphanumeric() } else { word(bytes, at).end > at })
}

/// The word that begins at a byte; an empty one if none does. Its case does not matter.
#[inline]
pub(super) fn word(bytes: &[u8], start: usize) -> Word {
    // Most words have less than eight letters, all of ASCII, and do not end the text.
    if let Some(eight) = bytes.get(start..).and_then(|it| it.first_chunk()) {
        let eight = u64::from_le_bytes(*eight);
        let others = others(eight);
        let first = others & others.wrapping_neg();
        if first != 0 && eight & first == 0 {
            let letters = (eight | (0x20 * ONES)) & ((first >> 7) - 1);
            return Word { end: start + others.trailing_zeros() as usize / 8, hash: mix(0, letters) };
        }
    }
    long_word(bytes, start)
}

#[inline(never)]
fn long_word(bytes: &[u8], start: usize) -> Word {
    let (mut hash, mut end) = (0, start);
    loop {
        let rest = bytes.get(end..).unwrap_or_default();
        let eight = u64::from_le_bytes(rest.first_chunk().copied().unwrap_or_else(|| padded(rest)));
        let (letters, count) = leading(eight);
        if count == 8 {
            hash = mix(hash, letters);
            end += 8;
            continue;
        }
        if (eight >> (8 * count)) & 0x80 != 0 {
            return any_word(bytes, start);
        }
        let hash = if count > 0 { mix(hash, letters) } else { hash };
        return Word { end: end + count, hash };
    }
}

/// The end of a text, with what is no letter behind it.
fn padded(rest: &[u8]) -> [u8; 8] {
    let mut eight = [0; 8];
    if let Some(padded) = eight.get_mut(..rest.len()) {
        padded.copy_from_slice(rest);
    }
    eight
}

/// The letters and digits that eight bytes begin with, in lower case, and how many these are.
#[inline]
fn leading(eight: u64) -> (u64, usize) {
    let count = others(eight).trailing_zeros() / 8;
    let kept = 1_u64.checked_shl(8 * count).unwrap_or_default().wrapping_sub(1);
    ((eight | (0x20 * ONES)) & kept, count as usize)
}

/// A bit in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The high bits of those of eight bytes that are neither letters nor digits in ASCII.
#[inline]
fn others(eight: u64) -> u64 {
    const HIGH: u64 = 0x80 * ONES;
    let ascii = eight & !HIGH;
    let lower = ascii | (0x20 * ONES);
    // The high bit of a sum says whether the byte is at least so much: no sum goes over into the next byte.
    let at_least = |bytes: u64, least: u8| bytes + (0x80 - u64::from(least)) * ONES;
    let letters = at_least(lower, b'a') & !at_least(lower, b'z' + 1);
    let digits = at_least(ascii, b'0') & !at_least(ascii, b'9' + 1);
    !(letters | digits) & HIGH | eight & HIGH
}

/// The same as [`word`] of any letters, byte by byte: for other alphabets.
#[cold]
#[inline(never)]
fn any_word(bytes: &[u8], start: usize) -> Word {
    let (mut hash, mut eight, mut end) = (0, 0, start);
    let mut push = |byte: u8, count: usize| {
        eight |= u64::from(byte) << (8 * (count % 8));
        if count % 8 == 7 {
            hash = mix(hash, std::mem::take(&mut eight));
        }
    };
    while let Some(byte) = bytes.get(end) {
        if byte.is_ascii_alphanumeric() {
            push(byte.to_ascii_lowercase(), end - start);
            end += 1;
            continue;
        }
        let wide = bytes.get(end..end + width(*byte)).and_then(|it| str::from_utf8(it).ok());
        let Some(wide) = wide.filter(|it| it.chars().all(char::is_alphanumeric)) else { break };
        for byte in wide.bytes() {
            push(byte, end - start);
            end += 1;
        }
    }
    let hash = if (end - start).is_multiple_of(8) { hash } else { mix(hash, eight) };
    Word { end, hash }
}

/// What a word is looked up by, with its next eight bytes. No two words of at most eight have the same.
#[inline]
pub(super) fn mix(hash: u64, eight: u64) -> u64 {
    (hash ^ eight).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}

/// How long what joins two words is: a hyphen, or blanks with at most one line ending among them.
pub(super) fn joint(rest: &[u8]) -> Option<usize> {
    /// The hyphens and blanks of printers.
    const WIDE: [&str; 5] = ["\u{2010}", "\u{2011}", "–", "\u{a0}", "\u{202f}"];
    let is_blank = |it: &u8| matches!(it, b' ' | b'\n' | b'\r' | b'\t');
    match rest {
        [b'-', ..] => Some(1),
        [b' ', next, ..] if !is_blank(next) => Some(1),
        [b' ' | b'\n' | b'\r' | b'\t', ..] => {
            let blanks = rest.iter().take_while(|it| is_blank(it)).count();
            let lines = rest.iter().take(blanks).filter(|it| **it == b'\n').count();
            (lines < 2).then_some(blanks)
        }
        [first, ..] if !first.is_ascii() => WIDE.iter().find(|it| rest.starts_with(it.as_bytes())).map(|it| it.len()),
        _ => None,
    }
}

/// How many bytes a letter has, by its first.
pub(super) fn width(byte: u8) -> usize {
    match byte {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words of all lengths, what stands beside letters and digits in ASCII, and what is wider.
    const MANY_WORDS: &str = "([a-zA-Z0-9]{1,20}|[@`\\[{/:é…😀\u{7f}\u{e0}]|[ -~]){0,6} {0,9}";

    proptest! {
        #[test]
        fn words_are_read_alike_eight_bytes_at_a_time(text in MANY_WORDS) {
            let read = |it: Word| (it.end, it.hash);
            for at in text.char_indices().map(|it| it.0) {
                let by_bytes = any_word(text.as_bytes(), at);
                prop_assert_eq!(read(word(text.as_bytes(), at)), read(by_bytes));
                let said = text[at..].find(|it: char| !it.is_alphanumeric()).unwrap_or(text.len() - at);
                prop_assert_eq!(by_bytes.end - at, said);
                prop_assert_eq!(by_bytes.hash, any_word(text[at..].to_ascii_lowercase().as_bytes(), 0).hash);
            }
        }
    }
}
