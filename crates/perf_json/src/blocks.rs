//! The verdict from masks: 64 bytes at a time, one bit per byte, and no branch per token.
//!
//! Most of the grammar says which token may follow which. With a mask per kind of token, "the tokens that follow a token
//! of this kind" is one addition: a carry starts behind each of them and runs through the gap (ones) to the next token (a
//! zero). The same addition runs from a point or an exponent through its digits to what ends them. What is left is done
//! one by one: brackets, for what is open, and literals.
//!
//! ```text
//!   bytes         {"a":[1, "b"],"c":-1.5e3}
//!   colon         0000100000000000010000000
//!   gaps          0010001010110000101011111      (not the first byte of a token)
//!   after colon   0000010000000000001000000      ((colon << 1) + gaps, of which the tokens)
//! ```
//!
//! In the picture the first byte stands left; in a word it is the lowest bit.
//!
//! The answer is "valid" or "cannot tell": then the walk over tokens repeats the document and finds what is wrong, or, for
//! documents without brackets, does all of it. So nothing here has to know where a fault is, or which of two comes first.

use perf_simd::Isa;

use crate::nesting::Nesting;
use crate::scan::skip_space;

/// Vectors narrower than this make more work of the masks than a walk has: the scalar path walks.
pub(crate) const BLOCKS_FROM_BYTES: usize = 16;

/// What the pass leaves behind, beside its verdict.
pub(crate) trait Trace {
    /// The block at `at` has keys and values that start at `starts`. Each has one bit in `ends` of this block or a later one:
    /// strings at their closing quote, numbers and literals behind their last byte, and containers where they start. Blocks
    /// from the middle of a string are not told.
    fn block<I: Isa>(&mut self, isa: I, at: usize, starts: u64, ends: u64);

    /// A bracket opens in the block that was last told, with so many of the block's starts before it.
    fn open(&mut self, starts_before: usize);

    /// A bracket closes there.
    fn close(&mut self, starts_before: usize);
}

/// For the verdict alone.
impl Trace for () {
    #[inline(always)]
    fn block<I: Isa>(&mut self, _isa: I, _at: usize, _starts: u64, _ends: u64) {}

    #[inline(always)]
    fn open(&mut self, _starts_before: usize) {}

    #[inline(always)]
    fn close(&mut self, _starts_before: usize) {}
}

/// The last bit of a mask, for the next block.
#[derive(Clone, Copy, Default)]
struct Carry(u64);

impl Carry {
    /// The bits one place up: those after the set ones.
    #[inline(always)]
    fn after(&mut self, mask: u64) -> u64 {
        let shifted = mask << 1 | self.0;
        self.0 = mask >> 63;
        shifted
    }

    /// From each set bit on through the ones of `gaps` to the first zero. Carries end at zeros; ones that no carry
    /// reaches stay, so what is wanted of the result are its bits outside the gaps.
    #[inline(always)]
    fn through(&mut self, mask: u64, gaps: u64) -> u64 {
        let (reached, overflow) = (mask << 1 | self.0).overflowing_add(gaps);
        self.0 = mask >> 63 | u64::from(overflow);
        reached & !gaps
    }
}

/// Whether `bytes` are a document, as far as masks can tell.
#[inline(always)]
pub(crate) fn is_document<I: Isa, T: Trace>(isa: I, bytes: &[u8], max_depth: u32, trace: &mut T) -> bool {
    let start = skip_space(isa, bytes, 0);
    if !matches!(bytes.get(start), Some(b'{' | b'[')) {
        return false;
    }
    let mut text = Text::new(isa);
    let mut order = Order::default();
    let mut scalars = Scalars::default();
    let mut nesting = Nesting::new();
    let mut at = start;
    while at < bytes.len() {
        let padded;
        let chunk = if let Some(chunk) = bytes[at..].first_chunk() {
            chunk
        } else {
            padded = pad(&bytes[at..]);
            &padded
        };
        let block = isa.block(chunk);
        let Some(strings) = text.strings(isa, block) else { return false };
        if strings.inside == u64::MAX && strings.opening == 0 {
            // The middle of a long string: no tokens, and whatever was carried over had ended before it.
            at += 64;
            continue;
        }
        let outside = !(strings.inside | strings.closing);
        let comma = isa.equal_any(block, *b",");
        let colon = isa.equal_any(block, *b":");
        let open = isa.equal_any(block, *b"{[");
        let close = isa.equal_any(block, *b"}]");
        let scalar = outside & !(isa.space(block) | comma | colon | open | close);
        let scalar_after = scalars.running.after(scalar);
        let tokens = Tokens {
            comma: comma & outside,
            colon: colon & outside,
            open: open & outside,
            close: close & outside,
            string: strings.opening,
            scalar: scalar & !scalar_after,
        };
        let starts = tokens.string | tokens.scalar | tokens.open;
        trace.block(isa, at, starts, strings.closing | (scalar_after & !scalar) | tokens.open);

        let mut in_object = if nesting.in_object() { u64::MAX } else { 0 };
        let mut brackets = tokens.open | tokens.close;
        let mut is_done = false;
        while brackets != 0 {
            let index = brackets.trailing_zeros() as usize;
            let below = (1 << index) - 1;
            let above = u64::MAX << index << 1;
            let starts_before = (starts & below).count_ones() as usize;
            // The curly ones have this bit, the square ones have not.
            let is_curly = chunk[index] & 0x20 != 0;
            if tokens.open >> index & 1 == 1 {
                if nesting.depth() == max_depth {
                    return false;
                }
                nesting.open(is_curly);
                trace.open(starts_before);
            } else {
                if nesting.in_object() != is_curly {
                    return false;
                }
                nesting.close();
                trace.close(starts_before);
                if nesting.depth() == 0 {
                    if tokens.all() & above != 0 || skip_space(isa, bytes, at + index + 1) != bytes.len() {
                        return false;
                    }
                    is_done = true;
                    break;
                }
            }
            in_object = if nesting.in_object() { in_object | above } else { in_object & !above };
            brackets &= brackets - 1;
        }
        let wrong = order.wrong(&tokens, in_object) | scalars.wrong(isa, block, bytes, at, scalar, tokens.scalar);
        if wrong != 0 {
            return false;
        }
        if is_done {
            return true;
        }
        at += 64;
    }
    false
}

/// Whether what stands first is no bracket: masks cannot tell then.
pub(crate) fn is_scalar(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first().is_none_or(|byte| !b"{[".contains(byte))
}

/// The end of the array or object that opens at `at`: by its brackets outside strings, whatever else is there.
#[inline(always)]
pub(crate) fn container_end<I: Isa>(isa: I, bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut escapes = Escapes::default();
    let mut inside_before = 0;
    let mut depth = 0;
    while at < bytes.len() {
        let padded;
        let chunk = if let Some(chunk) = bytes[at..].first_chunk() {
            chunk
        } else {
            padded = pad(&bytes[at..]);
            &padded
        };
        let block = isa.block(chunk);
        let mut quote = isa.equal_any(block, *b"\"");
        let backslash = isa.equal_any(block, *b"\\");
        if (backslash | escapes.0) != 0 {
            quote &= !escapes.escaped(backslash);
        }
        let inside = isa.prefix_xor(quote) ^ inside_before;
        inside_before = (inside as i64 >> 63) as u64;
        let open = isa.equal_any(block, *b"{[") & !inside;
        let mut close = isa.equal_any(block, *b"}]") & !inside;
        let after = depth + open.count_ones() as usize;
        let closing = close.count_ones() as usize;
        // As long as more are open than close here, the one in question is not among them.
        if depth <= closing {
            let mut closed = 0;
            while close != 0 {
                let index = close.trailing_zeros() as usize;
                closed += 1;
                if depth + (open & ((1 << index) - 1)).count_ones() as usize <= closed {
                    return Some(at + index + 1);
                }
                close &= close - 1;
            }
        }
        depth = after.saturating_sub(closing);
        at += 64;
    }
    None
}

#[inline(always)]
fn pad(rest: &[u8]) -> [u8; 64] {
    let mut chunk = [b' '; 64];
    chunk[..rest.len()].copy_from_slice(rest);
    chunk
}

/// Which bytes a backslash escapes. The word is one if the first byte of the next block is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Escapes(pub(crate) u64);

impl Escapes {
    /// The bytes after a backslash that is not escaped itself: in a run of backslashes every second one escapes.
    #[inline(always)]
    pub(crate) fn escaped(&mut self, backslash: u64) -> u64 {
        const EVEN: u64 = 0x5555_5555_5555_5555;
        let escaping = backslash & !self.0;
        let after = escaping << 1 | self.0;
        // Added to the backslashes, the start of a run at an odd place carries to the end of it. Where the sum differs
        // from the alternation, the run began there.
        let odd_starts = escaping & !EVEN & !after;
        let (sum, overflow) = odd_starts.overflowing_add(escaping);
        self.0 = u64::from(overflow);
        (EVEN ^ (sum << 1)) & after
    }
}

/// Strings, their escapes, and UTF-8.
struct Text<I: Isa> {
    before: I::Block,
    high_before: u64,
    /// All ones while a string runs on from the block before.
    inside: u64,
    escapes: Escapes,
    /// The first bytes that have to be hex digits.
    hex: u64,
}

struct Strings {
    /// From the opening quote to before the closing one.
    inside: u64,
    opening: u64,
    closing: u64,
}

impl<I: Isa> Text<I> {
    #[inline(always)]
    fn new(isa: I) -> Self {
        Self { before: isa.block(&[b' '; 64]), high_before: 0, inside: 0, escapes: Escapes(0), hex: 0 }
    }

    /// The strings of a block, or `None` if something is wrong inside one, or with the UTF-8 anywhere.
    #[inline(always)]
    fn strings(&mut self, isa: I, block: I::Block) -> Option<Strings> {
        let high = isa.high(block);
        // Between two ASCII blocks nothing can go wrong, not even a sequence cut off by the second.
        if (high | self.high_before) != 0 && isa.is_malformed(self.before, block) {
            return None;
        }
        self.before = block;
        self.high_before = high;

        let mut quote = isa.equal_any(block, *b"\"");
        let backslash = isa.equal_any(block, *b"\\");
        if (backslash | self.escapes.0 | self.hex) != 0 {
            let escaped = self.escapes.escaped(backslash);
            if self.has_wrong_escape(isa, block, escaped) {
                return None;
            }
            quote &= !escaped;
        }
        let inside = isa.prefix_xor(quote) ^ self.inside;
        self.inside = (inside as i64 >> 63) as u64;
        if isa.between(block, 0, 0x1f) & inside != 0 {
            return None;
        }
        Some(Strings { inside, opening: quote & inside, closing: quote & !inside })
    }

    #[inline(always)]
    fn has_wrong_escape(&mut self, isa: I, block: I::Block, escaped: u64) -> bool {
        let unicode = isa.equal_any(block, *b"u") & escaped;
        let mut wrong = escaped & !isa.equal_any(block, *b"\"\\/bfnrtu");
        if (unicode | self.hex) != 0 {
            let wanted = unicode << 1 | unicode << 2 | unicode << 3 | unicode << 4 | self.hex;
            self.hex = unicode >> 63 | unicode >> 62 | unicode >> 61 | unicode >> 60;
            let digits = isa.between(block, b'0', b'9');
            let letters = isa.between(block, b'a', b'f') | isa.between(block, b'A', b'F');
            wrong |= wanted & !(digits | letters);
        }
        wrong != 0
    }
}

/// The first bytes of tokens.
struct Tokens {
    comma: u64,
    colon: u64,
    open: u64,
    close: u64,
    string: u64,
    scalar: u64,
}

impl Tokens {
    #[inline(always)]
    fn all(&self) -> u64 {
        self.comma | self.colon | self.open | self.close | self.string | self.scalar
    }
}

/// Which token may follow which. Before the first one stands, in effect, a colon: a value has to follow.
#[derive(Default)]
struct Order {
    end: Carry,
    open: Carry,
    comma: Carry,
    key: Carry,
}

impl Order {
    /// The tokens that must not stand where they stand.
    #[inline(always)]
    fn wrong(&mut self, tokens: &Tokens, in_object: u64) -> u64 {
        let gaps = !tokens.all();
        let leaf = tokens.string | tokens.scalar;
        let after_end = self.end.through(leaf | tokens.close, gaps);
        let after_open = self.open.through(tokens.open, gaps);
        let after_comma = self.comma.through(tokens.comma, gaps);
        let key = (after_open | after_comma) & in_object & !tokens.close;
        let after_key = self.key.through(key, gaps);

        let second_value = after_end & (leaf | tokens.open);
        let no_value = !after_end & (tokens.comma | tokens.colon | (tokens.close & !after_open));
        second_value | no_value | (key & !tokens.string) | (after_key ^ tokens.colon)
    }
}

/// Numbers and literals: runs of bytes outside strings that are neither white space nor punctuation.
#[derive(Default)]
struct Scalars {
    running: Carry,
    /// The first bytes that belong to a literal of the block before.
    literal: u64,
    number: Carry,
    digit: Carry,
    point: Carry,
    exponent: Carry,
    sign: Carry,
    minus: Carry,
    zero: Carry,
    fraction: Carry,
    power: Carry,
}

impl Scalars {
    #[inline(always)]
    fn wrong<I: Isa>(&mut self, isa: I, block: I::Block, bytes: &[u8], at: usize, scalar: u64, starts: u64) -> u64 {
        if (scalar | self.number.0) == 0 {
            return 0;
        }
        let digit = isa.between(block, b'0', b'9');
        let minus = isa.equal_any(block, *b"-");
        let mut literal = core::mem::take(&mut self.literal);
        let mut letters = starts & !(digit | minus);
        while letters != 0 {
            let index = letters.trailing_zeros() as usize;
            let length = literal_length(bytes, at + index);
            if length == 0 {
                return 1;
            }
            let ones = (1u64 << length) - 1;
            literal |= ones << index;
            self.literal |= ones >> 1 >> (63 - index);
            letters &= letters - 1;
        }
        let number = scalar & !literal;
        if (number | self.number.0) == 0 {
            return 0;
        }
        if number & !digit == 0 && self.is_plain() {
            return self.wrong_integer(isa, block, number, starts);
        }
        self.wrong_number(isa, block, number, starts, digit & number, minus & number)
    }

    /// Whether the block before ended in digits before a point, or in no number.
    #[inline(always)]
    fn is_plain(&self) -> bool {
        let behind_more = self.point.0 | self.exponent.0 | self.sign.0 | self.minus.0 | self.fraction.0 | self.power.0;
        behind_more == 0
    }

    /// The same of digits alone.
    #[inline(always)]
    fn wrong_integer<I: Isa>(&mut self, isa: I, block: I::Block, number: u64, starts: u64) -> u64 {
        let start = number & !self.number.after(number);
        self.digit.after(number);
        let zero = isa.equal_any(block, *b"0") & start;
        (start & !starts) | (self.zero.after(zero) & number)
    }

    #[inline(always)]
    fn wrong_number<I: Isa>(
        &mut self,
        isa: I,
        block: I::Block,
        number: u64,
        starts: u64,
        digit: u64,
        minus: u64,
    ) -> u64 {
        let plus = isa.equal_any(block, *b"+") & number;
        let point = isa.equal_any(block, *b".") & number;
        let exponent = isa.equal_any(block, *b"eE") & number;
        let zero = isa.equal_any(block, *b"0") & number;
        let sign = minus | plus;
        let start = number & !self.number.after(number);
        let after_digit = self.digit.after(digit);
        let after_exponent = self.exponent.after(exponent);
        let after_sign = self.sign.after(sign);
        let first_digit = start | self.minus.after(minus & start);

        // A literal and a number that touch are one run of scalar bytes, which has one start.
        let mut wrong = start & !starts;
        wrong |= number & !(digit | sign | point | exponent);
        wrong |= start & !(digit | minus);
        wrong |= (minus & !(start | after_exponent)) | (plus & !after_exponent);
        wrong |= (point | exponent) & !after_digit;
        wrong |= after_sign & !digit;
        wrong |= after_exponent & !(digit | sign);
        wrong |= self.zero.after(zero & first_digit) & digit;
        // One point, then one exponent: behind their digits must come neither a point nor, behind an exponent's, another.
        let after_point = self.point.after(point);
        wrong |= after_point & !digit;
        wrong |= run(&mut self.fraction, after_point, digit) & point;
        let power = after_exponent | (after_sign & !first_digit);
        wrong | (run(&mut self.power, power & digit, digit) & (point | exponent))
    }
}

/// What ends the runs of `digit` that have a first digit in `first`.
#[inline(always)]
fn run(carry: &mut Carry, first: u64, digit: u64) -> u64 {
    let (reached, overflow) = (first | carry.0).overflowing_add(digit);
    carry.0 = u64::from(overflow);
    reached & !digit
}

/// How long the literal here is, or 0. Something follows every literal: brackets are open.
#[inline(always)]
fn literal_length(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..).and_then(<[u8]>::first_chunk::<5>) {
        Some(b"false") => 5,
        Some([b't', b'r', b'u', b'e', _] | [b'n', b'u', b'l', b'l', _]) => 4,
        _ => 0,
    }
}
