//! Numbers of messages: JSON numbers and decimal texts, exact or not at all.
//!
//! Digits are read eight at a time, as one word: which of the bytes are digits is a few operations on all of them, and
//! three multiplications add up what they stand for. Numbers of feeds have at most sixteen digits before the point
//! and eight behind it; whatever has more, or an exponent, is read byte by byte, and what does not fit into 64 bits is left
//! to the caller.

use crate::scan::byte;

/// Integers up to this are exact in a double.
const MAX_SAFE: u64 = (1 << 53) - 1;
/// Decimals that a word of eight digits can hold.
const WORD_DECIMALS: u32 = 8;
/// Longer texts are left to the caller, whose readers end at 400.
const MAX_LENGTH: usize = 300;
const ZEROS: u64 = 0x3030_3030_3030_3030;

const POWERS: [u64; 20] = {
    let mut powers = [1; 20];
    let mut power = 1;
    while power < powers.len() {
        powers[power] = powers[power - 1] * 10;
        power += 1;
    }
    powers
};

/// Whether a number has to be one of JSON, or a text of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Any,
    Number,
    Text,
}

/// The grid of prices or quantities: a count `n` stands for `n * step / 10^decimals`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(crate) decimals: u32,
    pub(crate) step: u64,
    pub(crate) is_signed: bool,
    pub(crate) form: Form,
}

/// A value and the position after it.
type Read<T> = Option<(T, usize)>;

/// A count of a scale.
#[inline]
pub(crate) fn count(bytes: &[u8], at: usize, scale: &Scale) -> Read<f64> {
    let text = Text::open(bytes, at, scale.form)?;
    let (scaled, end) = match short_count(&text, scale.decimals) {
        Some(read) => read,
        None => long_count(&text, scale.decimals)?,
    };
    if scaled > MAX_SAFE {
        return None;
    }
    let mut count = scaled;
    if scale.step != 1 {
        if count % scale.step != 0 {
            return None;
        }
        count /= scale.step;
    }
    if count == 0 {
        return Some((0.0, end));
    }
    if text.is_negative && !scale.is_signed {
        return None;
    }
    #[allow(clippy::cast_precision_loss, reason = "at most MAX_SAFE")]
    let count = count as f64;
    Some((if text.is_negative { -count } else { count }, end))
}

/// An integer of 64 bits.
#[inline]
pub(crate) fn integer(bytes: &[u8], at: usize, form: Form) -> Read<i64> {
    let text = Text::open(bytes, at, form)?;
    let (magnitude, end) = match short_count(&text, 0) {
        Some(read) => read,
        None => long_count(&text, 0)?,
    };
    let value = if text.is_negative { 0i64.checked_sub_unsigned(magnitude)? } else { i64::try_from(magnitude).ok()? };
    Some((value, end))
}

/// The nearest double.
#[inline]
pub(crate) fn double(bytes: &[u8], at: usize) -> Read<f64> {
    let text = Text::open(bytes, at, Form::Any)?;
    let (magnitude, end) = match short_double(&text) {
        Some(read) => read,
        None => long_double(&text)?,
    };
    Some((if text.is_negative { -magnitude } else { magnitude }, end))
}

/// A number after its sign.
struct Text<'a> {
    bytes: &'a [u8],
    start: usize,
    is_quoted: bool,
    is_negative: bool,
}

impl<'a> Text<'a> {
    #[inline(always)]
    fn open(bytes: &'a [u8], at: usize, form: Form) -> Option<Self> {
        let is_quoted = byte(bytes, at) == b'"';
        if form == if is_quoted { Form::Number } else { Form::Text } {
            return None;
        }
        let at = at + usize::from(is_quoted);
        let is_negative = byte(bytes, at) == b'-';
        Some(Self { bytes, start: at + usize::from(is_negative), is_quoted, is_negative })
    }

    /// The position after the value, if the text of the number ends at `at`. Numbers of JSON have no leading zeros; what
    /// may follow them is for the reader of the document, but for what would make them longer.
    #[inline(always)]
    fn close(&self, at: usize) -> Option<usize> {
        let next = byte(self.bytes, at);
        if self.is_quoted {
            return (next == b'"').then_some(at + 1);
        }
        let is_cut = next == b'.' || next | 0x20 == b'e' || next.is_ascii_digit();
        let has_leading_zero =
            byte(self.bytes, self.start) == b'0' && byte(self.bytes, self.start + 1).is_ascii_digit();
        (!is_cut && !has_leading_zero).then_some(at)
    }
}

/// What plain notation of few digits says, times `10^decimals`.
#[inline(always)]
fn short_count(text: &Text, decimals: u32) -> Read<u64> {
    let Text { bytes, start, .. } = *text;
    let (whole, digits) = run(bytes, start)?;
    if digits == 0 || decimals > WORD_DECIMALS {
        return None;
    }
    let mut scaled = whole.checked_mul(POWERS[decimals as usize])?;
    let mut at = start + digits;
    if byte(bytes, at) == b'.' {
        let word = word(bytes, at + 1)?;
        let digits = digits_in(word);
        let kept = digits.min(decimals);
        // Venues pad with zeros, which are not precision.
        if digits == 0 || !is_zeros(word, kept, digits) {
            return None;
        }
        scaled = scaled.checked_add(value_of(word, kept) * POWERS[(decimals - kept) as usize])?;
        at += 1 + digits as usize;
    }
    Some((scaled, text.close(at)?))
}

/// The same of any notation, if it fits.
#[cold]
fn long_count(text: &Text, decimals: u32) -> Read<u64> {
    let Plain { mantissa, power, end } = plain(text)?;
    if mantissa == 0 {
        return Some((0, end));
    }
    let shift = power + decimals as i32;
    let factor = *POWERS.get(shift.unsigned_abs() as usize)?;
    let scaled = if shift >= 0 {
        mantissa.checked_mul(factor)?
    } else {
        (mantissa % factor == 0).then_some(mantissa / factor)?
    };
    Some((scaled, end))
}

/// An integer and a power of ten that are both exact: their quotient is the nearest double (Clinger, "How to read floating
/// point numbers accurately", 1990).
#[inline(always)]
#[allow(clippy::cast_precision_loss, reason = "both are at most 2^53, or a power of ten up to 10^16")]
fn short_double(text: &Text) -> Read<f64> {
    let Text { bytes, start, .. } = *text;
    let (whole, digits) = run(bytes, start)?;
    if digits == 0 {
        return None;
    }
    let at = start + digits;
    if byte(bytes, at) != b'.' {
        return if whole <= MAX_SAFE { Some((whole as f64, text.close(at)?)) } else { None };
    }
    let (fraction, decimals) = run(bytes, at + 1)?;
    if decimals == 0 || digits + decimals >= POWERS.len() {
        return None;
    }
    let power = POWERS[decimals];
    let mantissa = whole * power + fraction;
    if mantissa > MAX_SAFE {
        return None;
    }
    Some((mantissa as f64 / power as f64, text.close(at + 1 + decimals)?))
}

/// Whatever is left of the grammar, by the standard library: it rounds correctly too.
#[cold]
fn long_double(text: &Text) -> Read<f64> {
    let Text { bytes, start, is_quoted, .. } = *text;
    let mut at = digits_end(bytes, start)?;
    if byte(bytes, at) == b'.' {
        at = digits_end(bytes, at + 1)?;
    }
    if byte(bytes, at) | 0x20 == b'e' {
        at += 1;
        at = digits_end(bytes, at + usize::from(matches!(byte(bytes, at), b'+' | b'-')))?;
    }
    let end = text.close(at)?;
    debug_assert!(is_quoted || end == at);
    let digits = bytes.get(start..at).filter(|digits| digits.len() <= MAX_LENGTH)?;
    let value: f64 = core::str::from_utf8(digits).ok()?.parse().ok()?;
    value.is_finite().then_some((value, end))
}

/// After at least one digit.
fn digits_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while byte(bytes, at).is_ascii_digit() {
        at += 1;
    }
    (at > start).then_some(at)
}

/// `mantissa * 10^power`, without zeros at its end behind the point.
struct Plain {
    mantissa: u64,
    power: i32,
    end: usize,
}

/// Digits, an optional point with digits, an optional exponent of up to three digits.
fn plain(text: &Text) -> Option<Plain> {
    let Text { bytes, start, .. } = *text;
    let mut at = start;
    let mut mantissa = 0u64;
    while let Some(digit) = digit(bytes, at) {
        mantissa = mantissa.checked_mul(10)?.checked_add(digit)?;
        at += 1;
    }
    if at == start {
        return None;
    }
    let mut power = 0;
    if byte(bytes, at) == b'.' {
        at += 1;
        let first = at;
        // Zeros count only when a digit follows them.
        let mut kept = first;
        while let Some(digit) = digit(bytes, at) {
            at += 1;
            if digit != 0 {
                mantissa = mantissa.checked_mul(*POWERS.get(at - kept)?)?.checked_add(digit)?;
                kept = at;
            }
        }
        if at == first {
            return None;
        }
        power = -i32::try_from(kept - first).ok()?;
    }
    if byte(bytes, at) | 0x20 == b'e' {
        at += 1;
        let is_negative = byte(bytes, at) == b'-';
        at += usize::from(is_negative || byte(bytes, at) == b'+');
        let first = at;
        let mut exponent = 0;
        while let Some(digit) = digit(bytes, at) {
            exponent = exponent * 10 + digit as i32;
            at += 1;
            if at - first > 3 {
                return None;
            }
        }
        if at == first {
            return None;
        }
        power += if is_negative { -exponent } else { exponent };
    }
    if at - start > MAX_LENGTH {
        return None;
    }
    Some(Plain { mantissa, power, end: text.close(at)? })
}

#[inline(always)]
fn digit(bytes: &[u8], at: usize) -> Option<u64> {
    let digit = byte(bytes, at).wrapping_sub(b'0');
    (digit <= 9).then_some(u64::from(digit))
}

/// Up to sixteen digits and how many there are; more may follow sixteen. `None` close to the end of the bytes.
#[inline(always)]
fn run(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let first = word(bytes, at)?;
    let count = digits_in(first);
    let high = value_of(first, count);
    if count < 8 {
        return Some((high, count as usize));
    }
    let second = word(bytes, at + 8)?;
    let count = digits_in(second);
    Some((high * POWERS[count as usize] + value_of(second, count), 8 + count as usize))
}

/// Eight bytes, the first lowest.
#[inline(always)]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

/// How many bytes of a word are digits, up to the first that is not: 0 to 8.
#[inline(always)]
const fn digits_in(word: u64) -> u32 {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    // A digit has 3 in its upper half, and still has it with 6 added. A sum beyond 255 carries into the next byte, which
    // comes after one that is no digit.
    let upper = word & HIGH | (word.wrapping_add(0x0606_0606_0606_0606) & HIGH) >> 4;
    (upper ^ 0x3333_3333_3333_3333).trailing_zeros() / 8
}

/// What the first `count` bytes of a word stand for, which are digits: `count` from 0 to 8.
#[inline(always)]
fn value_of(word: u64, count: u32) -> u64 {
    // Moved to the end of the word, zeros (of value) come in before them.
    let digits = word.checked_shl(64 - 8 * count).unwrap_or(0) & 0x0f0f_0f0f_0f0f_0f0f;
    // Neighbours are added up: tens and ones to bytes, those to pairs, those to one half.
    let pairs = (digits.wrapping_mul(10 * 0x100 + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 * 0x1_0000 + 1) >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(10_000 * 0x1_0000_0000 + 1) >> 32
}

/// Whether the bytes of a word from `from` up to `to` are zeros (digits): `from` up to `to`, which is from 1 to 8.
#[inline(always)]
fn is_zeros(word: u64, from: u32, to: u32) -> bool {
    let others = (word ^ ZEROS) << (64 - 8 * to);
    // Nothing is left of the word where `from` is 8.
    others.checked_shr(64 - 8 * (to - from)).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::{Form, Scale, count, digits_in, double, integer, is_zeros, value_of};

    /// The same number in front of the end of the bytes, where words do not fit, and with something behind it.
    fn everywhere<T: PartialEq + core::fmt::Debug>(
        text: &str,
        read: impl Fn(&[u8]) -> Option<(T, usize)>,
    ) -> Option<T> {
        let mut answers = [",", "}", "", ",         ", "\n                    "].map(|tail| {
            let bytes = [text, tail].concat();
            read(bytes.as_bytes()).map(|(value, end)| {
                assert_eq!(end, text.len(), "{bytes}");
                value
            })
        });
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{text}: {answers:?}");
        answers[0].take()
    }

    fn count_of(text: &str, decimals: u32) -> Option<f64> {
        let scale = Scale { decimals, step: 1, is_signed: true, form: Form::Any };
        let plain = everywhere(text, |bytes| count(bytes, 0, &scale));
        let quoted = everywhere(&format!("\"{text}\""), |bytes| count(bytes, 0, &scale));
        assert!(plain.is_none() || plain == quoted, "{text}: {plain:?} {quoted:?}");
        quoted
    }

    #[test]
    fn digits_of_a_word() {
        let word = |text: &[u8; 8]| u64::from_le_bytes(*text);
        assert_eq!(digits_in(word(b"12345678")), 8);
        assert_eq!(digits_in(word(b"1234567:")), 7);
        assert_eq!(digits_in(word(b"/1234567")), 0);
        assert_eq!(digits_in(word(b"1\xff345678")), 1);
        assert_eq!(digits_in(word(b"12\xfa95678")), 2);
        for other in (0..=255u8).filter(|byte| !byte.is_ascii_digit()) {
            for place in 0..8 {
                let mut bytes = *b"09182736";
                bytes[place] = other;
                assert_eq!(digits_in(u64::from_le_bytes(bytes)), place as u32, "{other} at {place}");
            }
        }
        for count in 0..=8 {
            let expected = "87654321"[..count as usize].parse().unwrap_or(0);
            assert_eq!(value_of(word(b"87654321"), count), expected);
        }
        assert!(is_zeros(word(b"12000\",\""), 2, 5) && !is_zeros(word(b"12000\",\""), 1, 5));
        assert!(is_zeros(word(b"12345678"), 8, 8) && is_zeros(word(b"00000000"), 0, 8));
        assert!(!is_zeros(word(b"00000001"), 0, 8) && is_zeros(word(b"00000001"), 0, 7));
    }

    #[test]
    fn counts_are_exact_or_refused() {
        let table = [
            ("61800.20", 1, Some(618_002.0)),
            ("61800.25", 1, None),
            ("0.006", 3, Some(6.0)),
            ("0.00100000", 8, Some(100_000.0)),
            ("0.001000000", 8, Some(100_000.0)),
            ("0.001000001", 8, None),
            ("0.001000001", 9, Some(1_000_001.0)),
            ("5", 0, Some(5.0)),
            ("5.000000000000000000000", 0, Some(5.0)),
            ("-5.5", 1, Some(-55.0)),
            ("1723161256299", 0, Some(1_723_161_256_299.0)),
            ("9007199254740991", 0, Some(9_007_199_254_740_991.0)),
            ("9007199254740992", 0, None),
            ("90071992547409.91", 2, Some(9_007_199_254_740_991.0)),
            ("90071992547409.92", 2, None),
            ("12345678901234567890123", 0, None),
            ("1e2", 0, Some(100.0)),
            ("1E-2", 2, Some(1.0)),
            ("1e-2", 1, None),
            ("1.5e+3", 0, Some(1500.0)),
            ("0e999", 0, Some(0.0)),
            ("0e9999", 0, None),
            ("1e0005", 0, None),
            ("1e400", 0, None),
            ("0.000000000000000001", 18, Some(1.0)),
            ("123456.000000000000000001", 18, None),
            ("1", 30, None),
        ];
        for (text, decimals, expected) in table {
            assert_eq!(count_of(text, decimals), expected, "{text} at {decimals}");
        }
        assert_eq!(count_of("-0.0", 1).map(f64::is_sign_negative), Some(false));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["", "-", ".", "5.", ".5", "+1", "1.2.3", "--1", "1e", "1e+", "0x10", "NaN", " 1", "1 ", "1_0", "1-"]
        {
            let quoted = format!("\"{text}\"");
            let scale = Scale { decimals: 2, step: 1, is_signed: true, form: Form::Any };
            assert_eq!(everywhere(&quoted, |bytes| count(bytes, 0, &scale)), None, "{text}");
            assert_eq!(everywhere(&quoted, |bytes| double(bytes, 0)), None, "{text}");
            assert_eq!(everywhere(&quoted, |bytes| integer(bytes, 0, Form::Any)), None, "{text}");
        }
    }

    #[test]
    fn leading_zeros_are_for_texts() {
        let scale = Scale { decimals: 1, step: 1, is_signed: false, form: Form::Any };
        assert_eq!(everywhere("\"007.5\"", |bytes| count(bytes, 0, &scale)), Some(75.0));
        for text in ["007", "00.5", "01e1", "00000000000000000000001"] {
            assert_eq!(everywhere(text, |bytes| count(bytes, 0, &scale)), None, "{text}");
            assert_eq!(everywhere(text, |bytes| double(bytes, 0)), None, "{text}");
        }
        assert_eq!(everywhere("\"00000000000000000000001\"", |bytes| double(bytes, 0)), Some(1.0));
    }

    #[test]
    fn forms_steps_and_signs_are_insisted_on() {
        let scale = |form, step, is_signed| Scale { decimals: 0, step, is_signed, form };
        let read = |text: &str, scale: Scale| everywhere(text, |bytes| count(bytes, 0, &scale));
        assert_eq!(read("5", scale(Form::Text, 1, false)), None);
        assert_eq!(read("\"5\"", scale(Form::Number, 1, false)), None);
        assert_eq!(read("\"5\"", scale(Form::Text, 1, false)), Some(5.0));
        assert_eq!(read("5", scale(Form::Number, 5, false)), Some(1.0));
        assert_eq!(read("6", scale(Form::Number, 5, false)), None);
        assert_eq!(read("-5", scale(Form::Number, 5, false)), None);
        assert_eq!(read("-5", scale(Form::Number, 5, true)), Some(-1.0));
        assert_eq!(read("-0", scale(Form::Number, 5, false)), Some(0.0));
    }

    #[test]
    fn integers_have_64_bits() {
        let read = |text: &str| {
            let plain = everywhere(text, |bytes| integer(bytes, 0, Form::Any));
            assert_eq!(everywhere(&format!("\"{text}\""), |bytes| integer(bytes, 0, Form::Any)), plain);
            plain
        };
        for value in [0, 1, -1, 9, 10, 99_999_999, 100_000_000, 1_723_161_256_299, i64::MAX, i64::MIN] {
            assert_eq!(read(&value.to_string()), Some(value));
        }
        for digits in 1..19 {
            let value = 10i64.pow(digits) - 1;
            assert_eq!(read(&value.to_string()), Some(value));
            assert_eq!(read(&(-value).to_string()), Some(-value));
        }
        assert_eq!(read("9223372036854775808"), None);
        assert_eq!(read("-9223372036854775809"), None);
        assert_eq!(read("18446744073709551616"), None);
        assert_eq!(read("1.0"), Some(1));
        assert_eq!(read("1e2"), Some(100));
        assert_eq!(read("1.5"), None);
        assert_eq!(read("-0"), Some(0));
    }

    #[test]
    fn doubles_are_those_of_the_standard_library() {
        let table = [
            "0",
            "-0",
            "1",
            "0.1",
            "4.35",
            "0.30000000000000004",
            "1e22",
            "1e23",
            "5e-324",
            "2e-324",
            "1.7976931348623157e308",
            "-65.613616999999977",
            "9007199254740991",
            "9007199254740992",
            "9007199254740993",
            "900719925474099.1",
            "12345678901234567.5",
            "0.0000000000000001",
            "123456789.123456789",
            "1e0005",
            "1E+2",
            "1234567890.1234567890",
            "3.141592653589793238462643383279",
            "1e-400",
        ];
        for text in table {
            let expected: f64 = text.parse().unwrap();
            for text in [text.to_owned(), format!("\"{text}\"")] {
                let value = everywhere(&text, |bytes| double(bytes, 0));
                assert_eq!(value.map(f64::to_bits), Some(expected.to_bits()), "{text}");
            }
        }
        assert_eq!(everywhere("1e400", |bytes| double(bytes, 0)), None);
        assert_eq!(everywhere("\"inf\"", |bytes| double(bytes, 0)), None);
    }

    #[allow(clippy::cast_precision_loss, reason = "below 2^53")]
    #[test]
    fn random_numbers_are_those_of_wide_integers() {
        let mut state = 7u64;
        let mut below = |bound: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        for _ in 0..if cfg!(miri) { 200 } else { 50_000 } {
            let mut digits = |most| (0..=below(most)).map(|_| char::from(b'0' + below(10) as u8)).collect::<String>();
            let (whole, fraction) = (digits(18), digits(10));
            let whole = whole.trim_start_matches('0');
            let whole = if whole.is_empty() { "0" } else { whole };
            let decimals = below(12) as u32;
            let text = format!("{whole}.{fraction}");
            let exact = || {
                let (kept, rest) = fraction.split_at(fraction.len().min(decimals as usize));
                if rest.bytes().any(|byte| byte != b'0') {
                    return None;
                }
                let value: u128 = format!("{whole}{kept:0<width$}", width = decimals as usize).parse().ok()?;
                (value < 1 << 53).then_some(value as u64 as f64)
            };
            assert_eq!(count_of(&text, decimals), exact(), "{text} at {decimals}");
            let value = everywhere(&text, |bytes| double(bytes, 0));
            assert_eq!(value, text.parse().ok(), "{text}");
        }
    }
}
