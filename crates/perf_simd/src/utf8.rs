//! UTF-8 validation that says where.
//!
//! The vector form is the three-lookup algorithm of Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per
//! Byte" (2021): the high and low nibble of the byte before and the high nibble of the byte itself each select a set of
//! possible errors, and an error is what is left in all three. It tells that a vector is wrong, not where, so the vector
//! is then read again byte by byte: a fault is met once, at the end of the work.

use crate::isa::{Isa, Kernel};

/// The kernel form of [`Isa::utf8_fault`].
#[derive(Clone, Copy, Debug)]
pub struct Utf8Fault<'a>(pub &'a [u8]);

impl Kernel for Utf8Fault<'_> {
    type Output = Option<usize>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Option<usize> {
        isa.utf8_fault(self.0)
    }
}

/// What the lookup algorithm needs beside [`Isa`]. Scalar code has its own algorithm, so it does not implement this.
#[cfg_attr(not(any(target_arch = "x86_64", target_arch = "aarch64")), allow(dead_code, reason = "vector paths only"))]
pub(crate) trait Lookup: Isa {
    fn splat(self, byte: u8) -> Self::Vector;
    fn or(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn and(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn xor(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn saturating_sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn is_zero(self, vector: Self::Vector) -> bool;
    /// `table[byte >> 4]` for every byte.
    fn by_high_nibble(self, table: &[u8; 16], vector: Self::Vector) -> Self::Vector;
    /// `table[byte & 15]` for every byte.
    fn by_low_nibble(self, table: &[u8; 16], vector: Self::Vector) -> Self::Vector;
    /// The vector that starts `N` bytes before `current` in the stream `before ++ current`.
    fn shifted<const N: i32>(self, before: Self::Vector, current: Self::Vector) -> Self::Vector;
}

// One bit per kind of error. Two kinds share a bit where they cannot both be set by the first two lookups.
const TOO_SHORT: u8 = 1 << 0; // lead followed by lead or ASCII
const TOO_LONG: u8 = 1 << 1; // ASCII followed by continuation
const OVERLONG_3: u8 = 1 << 2; // E0 80..9F
const TOO_LARGE: u8 = 1 << 3; // F4 90.., F5.. and above
const SURROGATE: u8 = 1 << 4; // ED A0..BF
const OVERLONG_2: u8 = 1 << 5; // C0, C1
const TOO_LARGE_1000: u8 = 1 << 6; // F5.. 80..8F
const OVERLONG_4: u8 = 1 << 6; // F0 80..8F
const TWO_CONTS: u8 = 1 << 7; // continuation after continuation: right only in third or fourth place
const CARRY: u8 = TOO_SHORT | TOO_LONG | TWO_CONTS;

#[rustfmt::skip]
const FIRST_HIGH: [u8; 16] = [
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
    TWO_CONTS, TWO_CONTS, TWO_CONTS, TWO_CONTS,
    TOO_SHORT | OVERLONG_2,
    TOO_SHORT,
    TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
];

#[rustfmt::skip]
const FIRST_LOW: [u8; 16] = [
    CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
    CARRY | OVERLONG_2,
    CARRY, CARRY,
    CARRY | TOO_LARGE,
    CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE,
    CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
];

const SECOND_HIGH: [u8; 16] = {
    let mut table = [TOO_SHORT; 16];
    table[0x8] = TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4;
    table[0x9] = TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE;
    table[0xa] = TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE;
    table[0xb] = table[0xa];
    table
};

#[inline(always)]
pub(crate) fn is_malformed<I: Lookup>(isa: I, before: I::Vector, current: I::Vector) -> bool {
    let first = isa.shifted::<1>(before, current);
    let candidates = isa.and(
        isa.and(isa.by_high_nibble(&FIRST_HIGH, first), isa.by_low_nibble(&FIRST_LOW, first)),
        isa.by_high_nibble(&SECOND_HIGH, current),
    );
    // 0x80 where the byte two back leads three or more, or the byte three back leads four: there TWO_CONTS is right.
    let third = isa.saturating_sub(isa.shifted::<2>(before, current), isa.splat(0xe0 - 0x80));
    let fourth = isa.saturating_sub(isa.shifted::<3>(before, current), isa.splat(0xf0 - 0x80));
    let expected = isa.and(isa.or(third, fourth), isa.splat(0x80));
    !isa.is_zero(isa.xor(expected, candidates))
}

#[inline(always)]
#[cfg_attr(not(any(target_arch = "x86_64", target_arch = "aarch64")), allow(dead_code, reason = "vector paths only"))]
pub(crate) fn utf8_fault_vector<I: Lookup>(isa: I, bytes: &[u8]) -> Option<usize> {
    let mut before = isa.splat(0);
    let mut before_is_ascii = true;
    let mut at = 0;
    while let Some(current) = isa.load(bytes, at) {
        let is_ascii = isa.non_ascii(current) == 0;
        // Between two ASCII vectors nothing can go wrong, not even a sequence cut off by the second.
        if !(is_ascii && before_is_ascii) && is_malformed(isa, before, current) {
            return locate(bytes, at);
        }
        before = current;
        before_is_ascii = is_ascii;
        at += I::BYTES;
    }
    // The zeros after the end are ASCII, so a sequence that the end cuts off shows as too short.
    let last = isa.load_padded(bytes, at);
    if is_malformed(isa, before, last) { locate(bytes, at) } else { None }
}

/// The fault in or just before the vector at `at`, given that everything before it is well formed but for a sequence
/// that may run across its start.
#[cold]
fn locate(bytes: &[u8], at: usize) -> Option<usize> {
    let mut from = at;
    while from > 0 && at - from < 3 {
        from -= 1;
        if bytes[from] >= 0xc0 {
            break; // the lead of the sequence that runs across
        }
        if bytes[from] < 0x80 {
            break;
        }
    }
    while from < at && is_continuation(bytes[from]) {
        from += 1; // the middle of a sequence that was complete: start after it
    }
    utf8_fault_scalar(bytes, from)
}

/// The offset of the first malformed sequence at or after `from`, which must be a sequence boundary.
///
/// Well formed is Unicode table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF. The offset is that of the
/// sequence's first byte: the lead whose continuation is missing or wrong, or the byte that cannot lead.
#[must_use]
pub fn utf8_fault_scalar(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while at < bytes.len() {
        if let Some(chunk) = bytes[at..].first_chunk()
            && u64::from_le_bytes(*chunk) & 0x8080_8080_8080_8080 == 0
        {
            at += 8;
            continue;
        }
        let length = sequence_length(&bytes[at..]);
        if length == 0 {
            return Some(at);
        }
        at += length;
    }
    None
}

/// Whether these bytes begin a sequence and end before it does.
pub(crate) fn is_cut_off(bytes: &[u8]) -> bool {
    let filled = |tail: &[u8]| sequence_length(&[bytes, tail].concat()) > bytes.len();
    bytes.len() < 4
        && [&[0x80][..], &[0xa0], &[0x80, 0x80], &[0xa0, 0x80], &[0x90, 0x80, 0x80], &[0x80, 0x80, 0x80]]
            .into_iter()
            .any(filled)
}

/// How many bytes the well-formed sequence at the start of `bytes` has, or 0 where it is malformed.
fn sequence_length(bytes: &[u8]) -> usize {
    let next = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let (second, third, fourth) = (next(1), next(2), next(3));
    let tail = is_continuation(third);
    match next(0) {
        0x00..=0x7f => 1,
        0xc2..=0xdf if is_continuation(second) => 2,
        0xe0 if matches!(second, 0xa0..=0xbf) && tail => 3,
        0xed if matches!(second, 0x80..=0x9f) && tail => 3,
        0xe1..=0xec | 0xee..=0xef if is_continuation(second) && tail => 3,
        0xf0 if matches!(second, 0x90..=0xbf) && tail && is_continuation(fourth) => 4,
        0xf1..=0xf3 if is_continuation(second) && tail && is_continuation(fourth) => 4,
        0xf4 if matches!(second, 0x80..=0x8f) && tail && is_continuation(fourth) => 4,
        _ => 0,
    }
}

const fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}
