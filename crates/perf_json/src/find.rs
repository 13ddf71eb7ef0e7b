//! One value of a document that is taken on trust: whatever is not on the way to it is skipped by its brackets and quotes.

use std::ops::Range;

use perf_simd::{Cpu, Isa, Kernel, Path, entry_for};

use crate::blocks::container_end;
use crate::scan::{byte, skip_space};

/// Finds single values in documents that are known to be valid.
#[derive(Clone, Copy, Debug)]
pub struct Finder {
    cpu: Cpu,
    // Never to be called on a machine without the path of `cpu`.
    entry: unsafe fn(&[u8], &[u8]) -> Option<Range<usize>>,
}

/// # Safety
/// The machine must have the instruction set `I`.
unsafe fn entry<I: Isa>(bytes: &[u8], pointer: &[u8]) -> Option<Range<usize>> {
    // SAFETY: passed on to the caller.
    unsafe { I::assume() }.run(Find { bytes, pointer })
}

impl Finder {
    /// The finder that uses what `cpu` stands for.
    #[must_use]
    pub fn new(cpu: Cpu) -> Self {
        Self { cpu, entry: entry_for!(cpu, entry) }
    }

    /// The CPU path in use.
    #[must_use]
    pub const fn path(&self) -> Path {
        self.cpu.path()
    }

    /// The bytes of the value that an RFC 6901 pointer (in UTF-8) names, or `None`. Of several members with the same key
    /// the first is taken. Keys are compared unescaped.
    ///
    /// Nothing is validated. In bytes that are no document the answer is some range inside them, or `None`.
    ///
    /// ```
    /// use perf_json::Finder;
    ///
    /// let finder = Finder::new(perf_simd::Cpu::best());
    /// assert_eq!(finder.find(br#"{"a":[1,"x"]}"#, b"/a/1"), Some(8..11));
    /// assert_eq!(finder.find(br#"{"a":[1,"x"]}"#, b"/a/2"), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn find(&self, bytes: &[u8], pointer: &[u8]) -> Option<Range<usize>> {
        // SAFETY: `new` chose the entry by a `Cpu`, and only detection makes those.
        unsafe { (self.entry)(bytes, pointer) }
    }
}

struct Find<'a> {
    bytes: &'a [u8],
    pointer: &'a [u8],
}

impl Kernel for Find<'_> {
    type Output = Option<Range<usize>>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { bytes, mut pointer } = self;
        let mut at = skip_space(isa, bytes, 0);
        while let Some((slash, rest)) = pointer.split_first() {
            if *slash != b'/' {
                return None;
            }
            let end = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
            at = match byte(bytes, at) {
                b'{' => member(isa, bytes, at, &rest[..end])?,
                b'[' => element(isa, bytes, at, &rest[..end])?,
                _ => return None,
            };
            pointer = &rest[end..];
        }
        value_end(isa, bytes, at).map(|end| at..end)
    }
}

/// The value of a key in the object at `at`.
#[inline(always)]
fn member<I: Isa>(isa: I, bytes: &[u8], at: usize, token: &[u8]) -> Option<usize> {
    let mut at = skip_space(isa, bytes, at + 1);
    while byte(bytes, at) == b'"' {
        let (end, has_escapes) = string_end(isa, bytes, at)?;
        let is_wanted = is_key(&bytes[at + 1..end - 1], has_escapes, token);
        at = skip_space(isa, bytes, end);
        if byte(bytes, at) != b':' {
            return None;
        }
        at = skip_space(isa, bytes, at + 1);
        if is_wanted {
            return Some(at);
        }
        at = next(isa, bytes, at)?;
    }
    None
}

/// An element of the array at `at`.
#[inline(always)]
fn element<I: Isa>(isa: I, bytes: &[u8], at: usize, token: &[u8]) -> Option<usize> {
    if !token.iter().all(u8::is_ascii_digit) || (token.len() > 1 && token[0] == b'0') {
        return None;
    }
    let index: usize = core::str::from_utf8(token).ok()?.parse().ok()?;
    let mut at = skip_space(isa, bytes, at + 1);
    if byte(bytes, at) == b']' {
        return None;
    }
    for _ in 0..index {
        at = next(isa, bytes, at)?;
    }
    Some(at)
}

/// What stands after a value and a comma.
#[inline(always)]
fn next<I: Isa>(isa: I, bytes: &[u8], at: usize) -> Option<usize> {
    let comma = skip_space(isa, bytes, value_end(isa, bytes, at)?);
    (byte(bytes, comma) == b',').then(|| skip_space(isa, bytes, comma + 1))
}

#[inline(always)]
fn value_end<I: Isa>(isa: I, bytes: &[u8], at: usize) -> Option<usize> {
    match byte(bytes, at) {
        b'"' => string_end(isa, bytes, at).map(|(end, _)| end),
        b'{' | b'[' => container_end(isa, bytes, at),
        _ => {
            let rest = bytes.get(at..)?;
            let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
            let length = rest.iter().position(is_end).unwrap_or(rest.len());
            (length > 0).then_some(at + length)
        }
    }
}

/// The byte after the closing quote of the string at `at`, and whether a backslash was seen on the way.
#[inline(always)]
fn string_end<I: Isa>(isa: I, bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    let mut at = at + 1;
    let mut has_escapes = false;
    while at < bytes.len() {
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
            b'"' => return Some((at + 1, has_escapes)),
            b'\\' => {
                has_escapes = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
    None
}

/// Whether a key is the one that a token of a pointer means.
#[inline(always)]
fn is_key(raw: &[u8], has_escapes: bool, token: &[u8]) -> bool {
    if has_escapes || token.contains(&b'~') { unescaped_key(raw) == Some(unescaped_token(token)) } else { raw == token }
}

#[cold]
fn unescaped_token(token: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(token.len());
    let mut bytes = token.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let replaced = match (byte, bytes.peek()) {
            (b'~', Some(b'0')) => Some(b'~'),
            (b'~', Some(b'1')) => Some(b'/'),
            _ => None,
        };
        if replaced.is_some() {
            bytes.next();
        }
        text.push(replaced.unwrap_or(byte));
    }
    text
}

/// The text of a key, or `None` where it is not well-formed Unicode, which no pointer in UTF-8 can name.
#[cold]
fn unescaped_key(raw: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'\\' {
            text.push(first);
            continue;
        }
        let (&kind, after) = rest.split_first()?;
        rest = after;
        let plain = match kind {
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let mut unit = code_unit(rest)?;
                rest = &rest[4..];
                if (0xd800..0xdc00).contains(&unit) {
                    let low = code_unit(rest.strip_prefix(b"\\u")?).filter(|low| (0xdc00..0xe000).contains(low))?;
                    rest = &rest[6..];
                    unit = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                }
                text.extend_from_slice(char::from_u32(unit)?.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            other => other,
        };
        text.push(plain);
    }
    Some(text)
}

fn code_unit(digits: &[u8]) -> Option<u32> {
    u32::from_str_radix(core::str::from_utf8(digits.get(..4)?).ok()?, 16).ok()
}
