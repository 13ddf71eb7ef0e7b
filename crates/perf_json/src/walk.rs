//! The grammar, walked a token at a time, and then the UTF-8 in a pass of its own.
//!
//! Two passes because the second is several times faster than the first can be, and because the grammar only ever looks
//! at ASCII: a malformed sequence is a fault of its own and its place is found independently.

use perf_simd::{Isa, utf8_fault_scalar};

use crate::fault::{JsonFault, Reason};
use crate::nesting::Nesting;
use crate::scan::{byte, literal, number, skip_space, string};

/// What a walk leaves behind. It keeps the open brackets, which the walk itself asks for.
pub(crate) trait Record {
    fn nesting(&mut self) -> &mut Nesting;

    /// A bracket at `at` that is not closed at once.
    fn open(&mut self, at: usize, object: bool);

    /// The end of the innermost open bracket.
    fn close(&mut self);

    /// An empty array or object at `at`.
    fn empty(&mut self, at: usize);

    /// A key or a value without parts: from its first byte to its closing quote, or past the last byte of a number or
    /// literal.
    fn leaf(&mut self, start: usize, end: usize);
}

/// Brackets alone: for a verdict nothing has to be kept.
impl Record for Nesting {
    #[inline(always)]
    fn nesting(&mut self) -> &mut Nesting {
        self
    }

    #[inline(always)]
    fn open(&mut self, _at: usize, object: bool) {
        Self::open(self, object);
    }

    #[inline(always)]
    fn close(&mut self) {
        Self::close(self);
    }

    #[inline(always)]
    fn empty(&mut self, _at: usize) {}

    #[inline(always)]
    fn leaf(&mut self, _start: usize, _end: usize) {}
}

/// One document, its tokens told to `record` up to the first fault.
#[inline(always)]
pub(crate) fn walk<I: Isa, R: Record>(isa: I, bytes: &[u8], max_depth: u32, record: &mut R) -> Result<(), JsonFault> {
    let grammar = document(isa, bytes, max_depth, record);
    // Behind the first fault of the grammar nothing matters any more.
    let end = grammar.map_or_else(|fault| fault.offset, |()| bytes.len());
    let malformed = isa.utf8_fault(&bytes[..end]).or_else(|| {
        let sequence = &bytes[end..bytes.len().min(end + 4)];
        (utf8_fault_scalar(sequence, 0) == Some(0)).then_some(end)
    });
    malformed.map_or(grammar, |offset| Err(JsonFault { offset, reason: Reason::Utf8 }))
}

#[inline(always)]
fn document<I: Isa, R: Record>(isa: I, bytes: &[u8], max_depth: u32, record: &mut R) -> Result<(), JsonFault> {
    let end = value(isa, bytes, skip_space(isa, bytes, 0), max_depth, record)?;
    let at = skip_space(isa, bytes, end);
    if at == bytes.len() { Ok(()) } else { Err(JsonFault::at(bytes, at, Reason::Trailing)) }
}

/// A value of any kind from its first byte to after its last; UTF-8 is not looked at.
#[inline(always)]
pub(crate) fn value<I: Isa, R: Record>(
    isa: I,
    bytes: &[u8],
    mut at: usize,
    max_depth: u32,
    record: &mut R,
) -> Result<usize, JsonFault> {
    'value: loop {
        let start = at;
        at = match byte(bytes, at) {
            b'"' => {
                let end = string(isa, bytes, at + 1)?;
                record.leaf(start, end - 1);
                end
            }
            open @ (b'{' | b'[') => {
                if record.nesting().depth() == max_depth {
                    return Err(JsonFault::at(bytes, at, Reason::Depth));
                }
                let object = open == b'{';
                at = skip_space(isa, bytes, at + 1);
                // '{' and '}', '[' and ']' are two apart.
                if byte(bytes, at) == open + 2 {
                    record.empty(start);
                    at + 1
                } else {
                    record.open(start, object);
                    if object {
                        at = key(isa, bytes, at, record)?;
                    }
                    continue 'value;
                }
            }
            first @ (b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                let end = match first {
                    b't' => literal(bytes, at, b"true")?,
                    b'f' => literal(bytes, at, b"false")?,
                    b'n' => literal(bytes, at, b"null")?,
                    _ => number(isa, bytes, at)?,
                };
                record.leaf(start, end);
                end
            }
            _ => return Err(no_value(bytes, at)),
        };
        loop {
            if record.nesting().depth() == 0 {
                return Ok(at);
            }
            at = skip_space(isa, bytes, at);
            let object = record.nesting().in_object();
            let found = byte(bytes, at);
            if found == b',' {
                at = skip_space(isa, bytes, at + 1);
                if object {
                    at = key(isa, bytes, at, record)?;
                }
                continue 'value;
            }
            if found != if object { b'}' } else { b']' } {
                return Err(JsonFault::at(bytes, at, Reason::Separator));
            }
            record.close();
            at += 1;
        }
    }
}

/// A key with its colon and the white space around that: the position of the value.
#[inline(always)]
fn key<I: Isa, R: Record>(isa: I, bytes: &[u8], start: usize, record: &mut R) -> Result<usize, JsonFault> {
    if byte(bytes, start) != b'"' {
        return Err(JsonFault::at(bytes, start, Reason::Key));
    }
    let at = string(isa, bytes, start + 1)?;
    record.leaf(start, at - 1);
    let at = skip_space(isa, bytes, at);
    if byte(bytes, at) != b':' {
        return Err(JsonFault::at(bytes, at, Reason::Colon));
    }
    Ok(skip_space(isa, bytes, at + 1))
}

#[cold]
fn no_value(bytes: &[u8], at: usize) -> JsonFault {
    let mark = at == 0 && bytes.starts_with(b"\xef\xbb\xbf");
    JsonFault::at(bytes, at, if mark { Reason::ByteOrderMark } else { Reason::Value })
}
