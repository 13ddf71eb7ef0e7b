//! A number whose digits stand at known places: what it stands for is a few operations on words, with nothing to be found
//! out.

use super::number::{MAX_SAFE, power_of_ten, sum_of, word_at};

/// A number in plain notation, of up to eight digits before a point and eight behind it, or up to sixteen without one.
///
/// ```text
///   bytes    "61800.20"      two words, of which the second is a byte further on
///   low      618002          digits that count, side by side at the end of a word
///   rest     1               digits behind the eighth: 10 to the power of their count, 1 for none
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    start: usize,
    /// The ninth digit.
    ninth: usize,
    /// Of the first word, what stands before the point.
    before: u64,
    /// Moves the digits that count to the end of their word.
    shift: u32,
    rest_shift: u32,
    rest: u64,
    /// Decimals that the scale has beyond those that are written.
    factor: u64,
    /// Decimals that are written.
    decimals: u32,
    pub(crate) is_negative: bool,
}

/// More digits may not fit into a word of 64 bits.
const MAX_DIGITS: usize = 18;

impl Placed {
    /// How to read a number that is written like `text` (one that was read, quotes and all) from `at` on, times `10^decimals`, or without its
    /// point; and how many of its digits count. The others have to be what they are in `text`. `None` for other notations.
    pub(crate) fn like(text: &[u8], at: usize, decimals: Option<u32>) -> Option<(Self, usize)> {
        let digits = text.iter().position(|byte| !b"\"-".contains(byte))?;
        let number = &text[digits..text.len() - usize::from(text[0] == b'"')];
        let (whole, behind) = match number.iter().position(|&byte| byte == b'.') {
            Some(point) => (point, number.len() - point - 1),
            None => (number.len(), 0),
        };
        let is_plain = number.iter().filter(|byte| byte.is_ascii_digit()).count() == whole + behind;
        let most = if behind > 0 { 8 } else { 16 };
        if !is_plain || whole == 0 || whole > most || behind > 8 || (behind == 0 && number.len() > whole) {
            return None;
        }
        let decimals = decimals.map_or(behind, |decimals| decimals as usize);
        let kept = whole + behind.min(decimals);
        let missing = decimals.saturating_sub(behind);
        if kept + missing > MAX_DIGITS {
            return None;
        }
        let start = at + digits;
        let low = kept.min(8);
        let rest = kept - low;
        let placed = Self {
            start,
            ninth: start + 8 + usize::from(behind > 0),
            before: if behind > 0 { !u64::MAX.checked_shl(8 * whole as u32).unwrap_or(0) } else { u64::MAX },
            shift: 64 - 8 * low as u32,
            rest_shift: (64 - 8 * rest as u32) % 64,
            rest: power_of_ten(rest as u32),
            factor: 10u64.pow(missing as u32),
            decimals: behind as u32,
            is_negative: text[digits - usize::from(digits > 0)] == b'-',
        };
        Some((placed, kept))
    }

    /// The count of a scale.
    #[inline(always)]
    #[allow(clippy::cast_precision_loss, reason = "at most MAX_SAFE")]
    pub(crate) fn count<const N: usize>(&self, bytes: &[u8; N], step: u64) -> Option<f64> {
        let mut count = self.magnitude(bytes);
        if count > MAX_SAFE {
            return None;
        }
        if step != 1 {
            if !count.is_multiple_of(step) {
                return None;
            }
            count /= step;
        }
        // As an integer, zero has no sign.
        Some(self.signed(count) as f64)
    }

    /// The integer.
    #[inline(always)]
    pub(crate) fn integer<const N: usize>(&self, bytes: &[u8; N]) -> i64 {
        self.signed(self.magnitude(bytes))
    }

    /// The nearest double, as in `number`.
    #[inline(always)]
    #[allow(clippy::cast_precision_loss, reason = "at most MAX_SAFE, and a power of at most 10^8")]
    pub(crate) fn double<const N: usize>(&self, bytes: &[u8; N]) -> Option<f64> {
        let mantissa = self.magnitude(bytes);
        let value = mantissa.cast_signed() as f64 / power_of_ten(self.decimals) as f64;
        (mantissa <= MAX_SAFE).then_some(if self.is_negative { -value } else { value })
    }

    /// Below `10^MAX_DIGITS`, so there is room for a sign.
    #[inline(always)]
    const fn signed(&self, magnitude: u64) -> i64 {
        if self.is_negative { -magnitude.cast_signed() } else { magnitude.cast_signed() }
    }

    /// What the digits stand for. What is read beyond the end of `bytes` counts as zeros.
    #[inline(always)]
    fn magnitude<const N: usize>(&self, bytes: &[u8; N]) -> u64 {
        let (first, second) = (word_at(bytes, self.start), word_at(bytes, self.start + 1));
        let low = (first & self.before) | (second & !self.before);
        let mut magnitude = sum_of(low << (self.shift & 63));
        if self.rest > 1 {
            magnitude = magnitude * self.rest + sum_of(word_at(bytes, self.ninth) << (self.rest_shift & 63));
        }
        magnitude * self.factor
    }
}

#[cfg(test)]
mod tests {
    use super::Placed;

    /// What is read of `text` like `model`, and how many digits of it count.
    fn count(model: &str, text: &str, decimals: u32) -> Option<(Option<f64>, usize)> {
        let (placed, varying) = Placed::like(model.as_bytes(), 7, Some(decimals))?;
        let mut bytes = *b"[\"lead\"                                  ";
        bytes[7..7 + text.len()].copy_from_slice(text.as_bytes());
        Some((placed.count(&bytes, 1), varying))
    }

    #[test]
    fn digits_are_read_where_they_stood() {
        let table = [
            ("\"61800.20\"", "\"71234.50\"", 1, 712_345.0, 6),
            ("\"61800.20\"", "\"71234.56\"", 4, 71_234_560_000.0 / 100.0, 7),
            ("0.006", "5.123", 3, 5123.0, 4),
            ("12345678.12345678", "87654321.12345678", 8, 8_765_432_112_345_678.0, 16),
            ("1723161256299", "1923161256291", 0, 1_923_161_256_291.0, 13),
            ("5.00", "7.00", 0, 7.0, 1),
            ("-5.5", "-0.0", 1, 0.0, 2),
            ("\"-5.5\"", "\"-7.5\"", 1, -75.0, 2),
            ("5", "9", 2, 900.0, 1),
        ];
        for (model, text, decimals, expected, varying) in table {
            let (value, digits) = count(model, text, decimals).expect(model);
            assert_eq!((value, digits), (Some(expected), varying), "{text} like {model}");
        }
        assert_eq!(count("9007199254740991", "9007199254740992", 0), Some((None, 16)));
        assert_eq!(count("-1", "-0", 0).and_then(|(zero, _)| zero).map(f64::is_sign_negative), Some(false));
    }

    #[test]
    fn other_notations_have_no_places() {
        let others =
            ["", "-", "\"", "\"\"", "\"-\"", "5.", ".5", "1e5", "1.5E+2", "123456789.5", "1.123456789", "null"];
        for text in others.into_iter().chain(["12345678901234567", "true", "[1]", "\"1-2\""]) {
            assert!(Placed::like(text.as_bytes(), 0, Some(2)).is_none(), "{text}");
        }
        // More digits than a word is sure to hold.
        assert!(Placed::like(b"1234567890123456", 0, Some(3)).is_none());
    }
}
