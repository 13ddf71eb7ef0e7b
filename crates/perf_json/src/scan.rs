//! Scanners for the tokens of JSON. Each takes the position of a token's first byte and returns that after its last.
//!
//! They read past the end as zeros, which no token contains: running into the end and running into a wrong byte are the
//! same branch, told apart when the fault is made.

use perf_simd::Isa;

use crate::fault::{JsonFault, Reason};

/// The byte at a position, or 0 after the end.
#[inline(always)]
pub(crate) fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// The position of the first byte that is not white space.
#[inline(always)]
pub(crate) fn skip_space<I: Isa>(isa: I, bytes: &[u8], mut at: usize) -> usize {
    // Compact documents have none, and pretty ones have one space after a colon.
    if byte(bytes, at) > b' ' {
        return at;
    }
    if byte(bytes, at) == b' ' && byte(bytes, at + 1) > b' ' {
        return at + 1;
    }
    while let Some(vector) = isa.load(bytes, at) {
        let other = isa.non_space(vector);
        if other != 0 {
            return at + other.trailing_zeros() as usize;
        }
        at += I::BYTES;
    }
    at + isa.non_space(isa.load_padded(bytes, at)).trailing_zeros() as usize
}

/// A string from after its opening quote to after its closing one. UTF-8 is not looked at.
#[inline(always)]
pub(crate) fn string<I: Isa>(isa: I, bytes: &[u8], mut at: usize) -> Result<usize, JsonFault> {
    loop {
        let stops = match isa.load(bytes, at) {
            Some(vector) => isa.string_stops(vector),
            None => isa.string_stops(isa.load_padded(bytes, at)),
        };
        if stops == 0 {
            at += I::BYTES;
            continue;
        }
        at += stops.trailing_zeros() as usize;
        match byte(bytes, at) {
            b'"' => return Ok(at + 1),
            b'\\' => at = escapes(bytes, at)?,
            _ => return Err(JsonFault::at(bytes, at, Reason::Control)),
        }
    }
}

/// A run of escapes: text that is escaped at all often is for a stretch (`\u4f60\u597d`, `\r\n`).
#[inline]
fn escapes(bytes: &[u8], mut at: usize) -> Result<usize, JsonFault> {
    while byte(bytes, at) == b'\\' {
        match byte(bytes, at + 1) {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 2,
            b'u' => {
                let wrong = (2..6).find(|&index| !byte(bytes, at + index).is_ascii_hexdigit());
                if let Some(index) = wrong {
                    return Err(JsonFault::at(bytes, at + index, Reason::Escape));
                }
                at += 6;
            }
            _ => return Err(JsonFault::at(bytes, at + 1, Reason::Escape)),
        }
    }
    Ok(at)
}

/// A number from its sign or first digit. One vector holds almost every number whole: the digits before and after the
/// point are then two runs in one mask, and there is no loop over bytes.
#[inline(always)]
pub(crate) fn number<I: Isa>(isa: I, bytes: &[u8], at: usize) -> Result<usize, JsonFault> {
    let start = at + usize::from(byte(bytes, at) == b'-');
    let Some(vector) = isa.load(bytes, start) else { return number_by_byte(bytes, start) };
    let others = isa.non_digit(vector);
    if others == 0 {
        return number_by_byte(bytes, start);
    }
    let digits = others.trailing_zeros() as usize;
    if digits == 0 || (digits > 1 && byte(bytes, start) == b'0') {
        return number_by_byte(bytes, start);
    }
    let mut end = start + digits;
    if byte(bytes, end) == b'.' {
        // Two shifts: `digits + 1` may be 64.
        let after_point = others >> digits >> 1;
        let decimals = after_point.trailing_zeros() as usize;
        if after_point == 0 || decimals == 0 {
            return number_by_byte(bytes, start);
        }
        end += 1 + decimals;
    }
    if byte(bytes, end) | 0x20 == b'e' { exponent(bytes, end) } else { Ok(end) }
}

/// The same from after the sign, for numbers longer than a vector, at the end of the input, and malformed.
#[cold]
fn number_by_byte(bytes: &[u8], start: usize) -> Result<usize, JsonFault> {
    let mut at = digits(bytes, start)?;
    if byte(bytes, start) == b'0' && at > start + 1 {
        return Err(JsonFault::at(bytes, start + 1, Reason::Number));
    }
    if byte(bytes, at) == b'.' {
        at = digits(bytes, at + 1)?;
    }
    if byte(bytes, at) | 0x20 == b'e' { exponent(bytes, at) } else { Ok(at) }
}

#[inline]
fn exponent(bytes: &[u8], at: usize) -> Result<usize, JsonFault> {
    let sign = matches!(byte(bytes, at + 1), b'+' | b'-');
    digits(bytes, at + 1 + usize::from(sign))
}

/// At least one digit.
#[inline]
fn digits(bytes: &[u8], start: usize) -> Result<usize, JsonFault> {
    let mut at = start;
    while byte(bytes, at).is_ascii_digit() {
        at += 1;
    }
    if at == start { Err(JsonFault::at(bytes, at, Reason::Number)) } else { Ok(at) }
}

/// `true`, `false` or `null`, of which the first letter was seen.
#[inline(always)]
pub(crate) fn literal(bytes: &[u8], at: usize, word: &[u8]) -> Result<usize, JsonFault> {
    if bytes[at..].starts_with(word) { Ok(at + word.len()) } else { Err(misspelt(bytes, at, word)) }
}

#[cold]
fn misspelt(bytes: &[u8], at: usize, word: &[u8]) -> JsonFault {
    let same = word.iter().zip(&bytes[at..]).take_while(|(wanted, found)| wanted == found).count();
    JsonFault::at(bytes, at + same, Reason::Literal)
}
