//! Numbers of messages: JSON numbers and decimal texts, exact or not at all.
//!
//! Where the digits end is a mask of one vector, and what they stand for is added up eight at a time, by three
//! multiplications of a word. Numbers of feeds have up to eight digits before the point and eight behind it, or up to
//! sixteen without one; whatever has more, or an exponent, is read byte by byte, and what does not fit into 64 bits is left
//! to the caller.

use core::num::NonZeroUsize;

use perf_simd::Isa;

use crate::scan::byte;

/// Integers up to this are exact in a double.
pub(crate) const MAX_SAFE: u64 = (1 << 53) - 1;
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

/// A value and the position after it, which is never 0: so the whole comes back in registers.
type Read<T> = Option<(T, NonZeroUsize)>;

/// A count of a scale.
#[inline(always)]
pub(crate) fn count<I: Isa>(isa: I, bytes: &[u8], at: usize, scale: Scale) -> Read<f64> {
    let (Scaled { magnitude, is_negative }, end) = decimal(isa, bytes, at, scale.form, scale.decimals)?;
    if magnitude > MAX_SAFE {
        return None;
    }
    let mut count = magnitude;
    if scale.step != 1 {
        if count % scale.step != 0 {
            return None;
        }
        count /= scale.step;
    }
    #[allow(clippy::cast_precision_loss, reason = "at most MAX_SAFE")]
    let value = count as f64;
    if !is_negative || count == 0 {
        return Some((value, end));
    }
    scale.is_signed.then_some((-value, end))
}

/// An integer of 64 bits.
#[inline(always)]
pub(crate) fn integer<I: Isa>(isa: I, bytes: &[u8], at: usize, form: Form) -> Read<i64> {
    let (Scaled { magnitude, is_negative }, end) = decimal(isa, bytes, at, form, 0)?;
    let value = if is_negative { 0i64.checked_sub_unsigned(magnitude)? } else { i64::try_from(magnitude).ok()? };
    Some((value, end))
}

/// The nearest double.
#[inline(always)]
pub(crate) fn double<I: Isa>(isa: I, bytes: &[u8], at: usize, form: Form) -> Read<f64> {
    match Digits::read(isa, bytes, at, form).and_then(|digits| digits.double()) {
        Some(read) => Some(read),
        None => long_double(bytes, at, form),
    }
}

/// A number times a power of ten.
#[derive(Clone, Copy)]
struct Scaled {
    magnitude: u64,
    is_negative: bool,
}

#[inline(always)]
fn decimal<I: Isa>(isa: I, bytes: &[u8], at: usize, form: Form, decimals: u32) -> Read<Scaled> {
    match Digits::read(isa, bytes, at, form).and_then(|digits| digits.scaled(decimals)) {
        Some(read) => Some(read),
        None => long_decimal(bytes, at, form, decimals),
    }
}

/// The digits of a number in plain notation without its point, side by side in two words.
///
/// ```text
///   bytes    61800.20"
///   low      6180020.      whole 5   decimals 2
/// ```
struct Digits {
    low: u64,
    high: u64,
    whole: u32,
    decimals: u32,
    is_negative: bool,
    /// After the value.
    end: NonZeroUsize,
}

/// What is looked at of a number: sixteen digits, a point, and what follows.
const LOOK: usize = 24;

impl Digits {
    /// Up to eight digits before a point and eight behind it, or up to sixteen without one. `None` for everything else.
    #[inline(always)]
    fn read<I: Isa>(isa: I, bytes: &[u8], at: usize, form: Form) -> Option<Self> {
        let is_quoted = byte(bytes, at) == b'"';
        if form == if is_quoted { Form::Number } else { Form::Text } {
            return None;
        }
        let start = at + usize::from(is_quoted);
        let is_negative = byte(bytes, start) == b'-';
        let start = start + usize::from(is_negative);
        let chunk: &[u8; LOOK] = bytes.get(start..)?.first_chunk()?;
        let others = non_digits(isa, bytes, start)?;
        let whole = others.trailing_zeros();
        if whole == 0 || whole > 16 {
            return None;
        }
        let mut digits = Self {
            low: word_at(chunk, 0),
            high: word_at(chunk, 8),
            whole,
            decimals: 0,
            is_negative,
            end: NonZeroUsize::MIN,
        };
        let mut length = whole;
        if chunk[length as usize] == b'.' {
            // Two shifts: `whole + 1` is no problem, 64 would be.
            let decimals = (others >> whole >> 1).trailing_zeros();
            if whole > 8 || decimals == 0 || decimals > 8 {
                return None;
            }
            let before = !u64::MAX.checked_shl(8 * whole).unwrap_or(0);
            digits.low = (digits.low & before) | (word_at(chunk, 1) & !before);
            digits.high = word_at(chunk, 9);
            digits.decimals = decimals;
            length += 1 + decimals;
        }
        let next = chunk[length as usize];
        if is_quoted {
            if next != b'"' {
                return None;
            }
        } else if is_more(next) || (whole > 1 && chunk[0] == b'0') {
            // JSON has no leading zeros. What may follow a number is for the reader of the document, but for what would
            // make it longer.
            return None;
        }
        digits.end = NonZeroUsize::new(start + length as usize + usize::from(is_quoted))?;
        Some(digits)
    }

    /// Times `10^decimals`.
    #[inline(always)]
    fn scaled(&self, decimals: u32) -> Read<Scaled> {
        let kept = self.decimals.min(decimals);
        // Venues pad with zeros, which are not precision.
        if decimals > 15 || (kept < self.decimals && !self.ends_in_zeros(self.whole + kept)) {
            return None;
        }
        let magnitude = self.value(self.whole + kept).checked_mul(power_of_ten(decimals - kept))?;
        Some((Scaled { magnitude, is_negative: self.is_negative }, self.end))
    }

    /// An integer and a power of ten that are both exact: their quotient is the nearest double (Clinger, "How to read
    /// floating point numbers accurately", 1990).
    #[inline(always)]
    #[allow(clippy::cast_precision_loss, reason = "the mantissa is at most 2^53, the power at most 10^8")]
    fn double(&self) -> Read<f64> {
        let mantissa = self.value(self.whole + self.decimals);
        if mantissa > MAX_SAFE {
            return None;
        }
        let value = mantissa as f64 / power_of_ten(self.decimals) as f64;
        Some((if self.is_negative { -value } else { value }, self.end))
    }

    /// What the first `count` digits stand for: 1 to 16.
    #[inline(always)]
    fn value(&self, count: u32) -> u64 {
        if count <= 8 {
            return value_of(self.low, count);
        }
        value_of(self.low, 8) * power_of_ten(count - 8) + value_of(self.high, count - 8)
    }

    /// Whether all digits from this one on are zeros.
    #[inline(always)]
    fn ends_in_zeros(&self, from: u32) -> bool {
        let to = self.whole + self.decimals;
        let low = from >= 8 || is_zeros(self.low, from, to.min(8));
        let high = to <= 8 || is_zeros(self.high, from.max(8) - 8, to - 8);
        low && high
    }
}

/// Bytes that are no digits, from the lowest bit on, as far as a vector reaches. Bits above say that there are digits, so
/// a number that reaches there is too long.
#[inline(always)]
fn non_digits<I: Isa>(isa: I, bytes: &[u8], at: usize) -> Option<u64> {
    let mut others = isa.non_digit(isa.load(bytes, at)?);
    if I::BYTES == 8 {
        others |= isa.non_digit(isa.load(bytes, at + 8)?) << 8 | isa.non_digit(isa.load(bytes, at + 16)?) << 16;
    }
    Some(others)
}

/// Whether a number goes on with this byte.
#[inline(always)]
const fn is_more(byte: u8) -> bool {
    byte == b'.' || byte | 0x20 == b'e' || byte.is_ascii_digit()
}

/// Any other number, after its quote and sign.
struct Text<'a> {
    bytes: &'a [u8],
    start: usize,
    is_quoted: bool,
    is_negative: bool,
}

impl<'a> Text<'a> {
    fn open(bytes: &'a [u8], at: usize, form: Form) -> Option<Self> {
        let is_quoted = byte(bytes, at) == b'"';
        if form == if is_quoted { Form::Number } else { Form::Text } {
            return None;
        }
        let at = at + usize::from(is_quoted);
        let is_negative = byte(bytes, at) == b'-';
        Some(Self { bytes, start: at + usize::from(is_negative), is_quoted, is_negative })
    }

    /// As for short ones.
    fn close(&self, at: usize) -> Option<NonZeroUsize> {
        let next = byte(self.bytes, at);
        if self.is_quoted {
            return if next == b'"' { NonZeroUsize::new(at + 1) } else { None };
        }
        let has_leading_zero =
            byte(self.bytes, self.start) == b'0' && byte(self.bytes, self.start + 1).is_ascii_digit();
        if is_more(next) || has_leading_zero { None } else { NonZeroUsize::new(at) }
    }
}

/// A number in any notation times `10^decimals`, if it fits.
#[cold]
fn long_decimal(bytes: &[u8], at: usize, form: Form, decimals: u32) -> Read<Scaled> {
    let text = Text::open(bytes, at, form)?;
    let Plain { mantissa, power, end } = plain(&text)?;
    let shift = power + decimals as i32;
    let magnitude = if mantissa == 0 {
        0
    } else {
        let factor = *POWERS.get(shift.unsigned_abs() as usize)?;
        if shift >= 0 {
            mantissa.checked_mul(factor)?
        } else {
            (mantissa % factor == 0).then_some(mantissa / factor)?
        }
    };
    Some((Scaled { magnitude, is_negative: text.is_negative }, end))
}

/// Whatever is left of the grammar, by the standard library: it rounds correctly too.
#[cold]
fn long_double(bytes: &[u8], at: usize, form: Form) -> Read<f64> {
    let text = Text::open(bytes, at, form)?;
    let Text { start, is_negative, .. } = text;
    let mut at = digits_end(bytes, start)?;
    if byte(bytes, at) == b'.' {
        at = digits_end(bytes, at + 1)?;
    }
    if byte(bytes, at) | 0x20 == b'e' {
        at += 1;
        at = digits_end(bytes, at + usize::from(matches!(byte(bytes, at), b'+' | b'-')))?;
    }
    let end = text.close(at)?;
    let digits = bytes.get(start..at).filter(|digits| digits.len() <= MAX_LENGTH)?;
    let value: f64 = core::str::from_utf8(digits).ok()?.parse().ok()?;
    value.is_finite().then_some((if is_negative { -value } else { value }, end))
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
    end: NonZeroUsize,
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

/// Eight bytes, the first lowest; 0 beyond the end.
#[inline(always)]
pub(crate) fn word_at<const N: usize>(chunk: &[u8; N], at: usize) -> u64 {
    chunk.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u64::from_le_bytes(*word))
}

/// `10^power` for powers below 16.
#[inline(always)]
pub(crate) const fn power_of_ten(power: u32) -> u64 {
    POWERS[(power & 15) as usize]
}

/// What the first `count` bytes of a word stand for, which are digits: `count` from 0 to 8.
#[inline(always)]
fn value_of(word: u64, count: u32) -> u64 {
    sum_of(word.checked_shl(64 - 8 * count).unwrap_or(0))
}

/// What the digits at the end of a word stand for, behind zero bytes.
#[inline(always)]
pub(crate) const fn sum_of(word: u64) -> u64 {
    let digits = word & 0x0f0f_0f0f_0f0f_0f0f;
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
    use perf_simd::{Cpu, Isa, Kernel};

    use super::{Form, Read, Scale, is_zeros, value_of};

    /// A reader of numbers, on every path of the machine.
    macro_rules! on_every_path {
        ($name:ident, $option:ty, $value:ty) => {
            fn $name(bytes: &[u8], option: $option) -> Read<$value> {
                struct Call<'a>(&'a [u8], $option);
                impl Kernel for Call<'_> {
                    type Output = Read<$value>;
                    #[inline(always)]
                    fn run<I: Isa>(self, isa: I) -> Self::Output {
                        super::$name(isa, self.0, 0, self.1)
                    }
                }
                let mut answers = Cpu::supported().map(|cpu| cpu.run(Call(bytes, option)));
                let first = answers.next().flatten();
                assert!(answers.all(|answer| answer == first), "{}", bytes.escape_ascii());
                first
            }
        };
    }
    on_every_path!(count, Scale, f64);
    on_every_path!(integer, Form, i64);
    on_every_path!(double, Form, f64);

    /// The same number in front of the end of the bytes, where words do not fit, and with something behind it.
    fn everywhere<T: PartialEq + core::fmt::Debug>(text: &str, read: impl Fn(&[u8]) -> Read<T>) -> Option<T> {
        let (far, digits) = (" ".repeat(100), "]".to_owned() + &"7".repeat(100));
        let mut answers = [",", "}", "", &far, &digits].map(|tail| {
            let bytes = [text, tail].concat();
            read(bytes.as_bytes()).map(|(value, end)| {
                assert_eq!(end.get(), text.len(), "{bytes}");
                value
            })
        });
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{text}: {answers:?}");
        answers[0].take()
    }

    fn count_of(text: &str, decimals: u32) -> Option<f64> {
        let scale = Scale { decimals, step: 1, is_signed: true, form: Form::Any };
        let plain = everywhere(text, |bytes| count(bytes, scale));
        let quoted = everywhere(&format!("\"{text}\""), |bytes| count(bytes, scale));
        assert!(plain.is_none() || plain == quoted, "{text}: {plain:?} {quoted:?}");
        quoted
    }

    #[test]
    fn digits_of_a_word() {
        let word = |text: &[u8; 8]| u64::from_le_bytes(*text);
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
            assert_eq!(everywhere(&quoted, |bytes| count(bytes, scale)), None, "{text}");
            assert_eq!(everywhere(&quoted, |bytes| double(bytes, Form::Any)), None, "{text}");
            assert_eq!(everywhere(&quoted, |bytes| integer(bytes, Form::Any)), None, "{text}");
        }
    }

    #[test]
    fn leading_zeros_are_for_texts() {
        let scale = Scale { decimals: 1, step: 1, is_signed: false, form: Form::Any };
        assert_eq!(everywhere("\"007.5\"", |bytes| count(bytes, scale)), Some(75.0));
        for text in ["007", "00.5", "01e1", "00000000000000000000001"] {
            assert_eq!(everywhere(text, |bytes| count(bytes, scale)), None, "{text}");
            assert_eq!(everywhere(text, |bytes| double(bytes, Form::Any)), None, "{text}");
        }
        assert_eq!(everywhere("\"00000000000000000000001\"", |bytes| double(bytes, Form::Any)), Some(1.0));
    }

    #[test]
    fn forms_steps_and_signs_are_insisted_on() {
        let scale = |form, step, is_signed| Scale { decimals: 0, step, is_signed, form };
        let read = |text: &str, scale: Scale| everywhere(text, |bytes| count(bytes, scale));
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
            let plain = everywhere(text, |bytes| integer(bytes, Form::Any));
            assert_eq!(everywhere(&format!("\"{text}\""), |bytes| integer(bytes, Form::Any)), plain);
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
                let value = everywhere(&text, |bytes| double(bytes, Form::Any));
                assert_eq!(value.map(f64::to_bits), Some(expected.to_bits()), "{text}");
            }
        }
        assert_eq!(everywhere("1e400", |bytes| double(bytes, Form::Any)), None);
        assert_eq!(everywhere("\"inf\"", |bytes| double(bytes, Form::Any)), None);
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
            let value = everywhere(&text, |bytes| double(bytes, Form::Any));
            assert_eq!(value, text.parse().ok(), "{text}");
        }
    }
}
