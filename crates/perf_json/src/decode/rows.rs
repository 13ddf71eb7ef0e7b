//! Lines or documents one after another into rows, with the UTF-8 checked in windows ahead of them.

use core::cell::Cell;
use core::sync::atomic::{AtomicBool, Ordering};

use perf_simd::{Cpu, Isa, Kernel, Path, entry_for};

use super::columns::Column;
use super::document::{Halt, Reader};
use super::layout::Layout;
use super::program::Program;
use super::texts::Texts;
use crate::scan::byte;

/// What to decode.
#[derive(Clone, Copy, Debug)]
pub enum Pieces<'a> {
    /// The lines from here to the end of the bytes, which ends the last one.
    Lines {
        /// The start of a line.
        from: usize,
        /// Longer lines are for the caller.
        max_bytes: usize,
    },
    /// Documents, each followed by a line feed that is not part of it.
    Documents {
        /// Where each one ends.
        ends: &'a [Cell<u32>],
        /// The first to decode.
        first: usize,
    },
}

/// Where to decode it to.
#[derive(Debug)]
pub struct Request<'a> {
    /// A view that nobody writes meanwhile.
    pub bytes: &'a [u8],
    /// What of it.
    pub pieces: Pieces<'a>,
    /// One per field of the program, with at least `capacity` rows.
    pub columns: &'a [Column<'a>],
    /// The first row to write.
    pub row: usize,
    /// The row to stop at.
    pub capacity: usize,
    /// Set by another thread to have the rest left alone.
    pub is_cancelled: &'a AtomicBool,
}

/// Why decoding stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Everything is decoded, or it was cancelled.
    End,
    /// The columns are full.
    Full,
    /// The piece is for the caller: wrong, or unusual.
    Piece,
    /// The levels of this field need longer arrays; then the same piece can be decoded.
    Room(usize),
}

/// How far decoding came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Why it stopped.
    pub stop: Stop,
    /// The start of the first line, or the index of the first document, that is not decoded.
    pub at: usize,
    /// Rows written.
    pub rows: usize,
    /// Line feeds passed; 0 with documents.
    pub lines: usize,
}

/// Decodes rows on one CPU path: the choice is made when it is created.
#[derive(Clone, Copy, Debug)]
pub struct RowDecoder {
    cpu: Cpu,
    // Never to be called on a machine without the path of `cpu`.
    entry: unsafe fn(&Program, &[Texts], &mut Layout, &Request) -> Outcome,
}

/// # Safety
/// The machine must have the instruction set `I`.
unsafe fn entry<I: Isa>(program: &Program, texts: &[Texts], layout: &mut Layout, request: &Request) -> Outcome {
    // SAFETY: passed on to the caller.
    unsafe { I::assume() }.run(Rows { program, texts, layout, request })
}

impl RowDecoder {
    /// The decoder that uses what `cpu` stands for.
    #[must_use]
    pub fn new(cpu: Cpu) -> Self {
        Self { cpu, entry: entry_for!(cpu, entry) }
    }

    /// The CPU path in use.
    #[must_use]
    pub const fn path(&self) -> Path {
        self.cpu.path()
    }

    /// Writes a row per line or document up to the first that is not for it. `texts` has one entry per dictionary of the
    /// program. Rows from the last that is counted on may hold anything.
    ///
    /// O(length); allocates where keys come in another order than before, and below depth 64 nothing else.
    ///
    /// ```
    /// use core::cell::Cell;
    /// use core::sync::atomic::AtomicBool;
    /// use perf_json::decode::{Column, Layout, Pieces, Program, Request, RowDecoder, Stop};
    ///
    /// // One field, a double, under the key "p".
    /// let scale = [0, 1, 0, 0];
    /// let words = [&[1, 1, 0, 1][..], &[0, 0, 0, 0, 0], &scale, &scale, &[1, 1, 0, 0]].concat();
    /// let program = Program::read(&words, b"p").unwrap();
    /// let prices = [const { Cell::new(0.0) }; 4];
    /// let request = Request {
    ///     bytes: b"{\"p\":1.5,\"q\":[]}\n{\"p\":\"2\"}\n{",
    ///     pieces: Pieces::Lines { from: 0, max_bytes: 1000 },
    ///     columns: &[Column::Doubles(&prices)],
    ///     row: 0,
    ///     capacity: 4,
    ///     is_cancelled: &AtomicBool::new(false),
    /// };
    /// let decoder = RowDecoder::new(perf_simd::Cpu::best());
    /// let outcome = decoder.decode(&program, &[], &mut Layout::new(&program), &request);
    /// assert_eq!((outcome.stop, outcome.at, outcome.rows, outcome.lines), (Stop::Piece, 27, 2, 2));
    /// assert_eq!(prices.map(Cell::into_inner), [1.5, 2.0, 0.0, 0.0]);
    /// ```
    #[inline]
    pub fn decode(&self, program: &Program, texts: &[Texts], layout: &mut Layout, request: &Request) -> Outcome {
        // SAFETY: `new` chose the entry by a `Cpu`, and only detection makes those.
        unsafe { (self.entry)(program, texts, layout, request) }
    }
}

struct Rows<'a> {
    program: &'a Program,
    texts: &'a [Texts],
    layout: &'a mut Layout,
    request: &'a Request<'a>,
}

impl Kernel for Rows<'_> {
    type Output = Outcome;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Outcome {
        let Self { program, texts, layout, request } = self;
        let &Request { bytes, pieces, columns, row: first_row, capacity, is_cancelled } = request;
        let is_line = matches!(pieces, Pieces::Lines { .. });
        let mut reader = Reader::new(isa, bytes, program, texts, columns, layout, is_line);
        // The start of the next piece, and its index where pieces are counted.
        let (mut at, mut index) = match pieces {
            Pieces::Lines { from, .. } => (from, 0),
            Pieces::Documents { ends, first } => {
                (first.checked_sub(1).map_or(0, |before| end_at(ends, before) + 1), first)
            }
        };
        let mut windows = Windows { bytes, checked: at, size: FIRST_WINDOW };
        let (mut row, mut lines) = (first_row, 0);
        let stop = loop {
            let first = reader.space(at);
            let closed = match pieces {
                Pieces::Lines { .. } if at >= bytes.len() => break Stop::End,
                Pieces::Lines { max_bytes, .. } if first >= bytes.len() || byte(bytes, first) == b'\n' => {
                    // A line without a document: nothing to decode, and no row.
                    if first - at > max_bytes {
                        break Stop::Piece;
                    }
                    lines += usize::from(first < bytes.len());
                    at = first + 1;
                    continue;
                }
                Pieces::Documents { ends, .. } if index >= ends.len() => break Stop::End,
                _ if row >= capacity => break Stop::Full,
                _ => match reader.document(first, row) {
                    Ok(closed) => closed,
                    Err(Halt::Document) => break Stop::Piece,
                    Err(Halt::Room(field)) => break Stop::Room(field),
                },
            };
            let after = reader.space(closed);
            let end = match pieces {
                Pieces::Lines { max_bytes, .. } => {
                    let is_end = after >= bytes.len() || byte(bytes, after) == b'\n';
                    if !is_end || after - at > max_bytes {
                        break Stop::Piece;
                    }
                    after
                }
                // The space behind it runs on over the line feed that follows, or something else is there. And it has to be
                // within its piece: an unfinished one may go on in the next.
                Pieces::Documents { ends, .. } => {
                    let end = end_at(ends, index);
                    if closed > end || after <= end {
                        break Stop::Piece;
                    }
                    end
                }
            };
            if end > windows.checked {
                if is_cancelled.load(Ordering::Relaxed) {
                    break Stop::End;
                }
                if !windows.reaches(isa, end) {
                    break Stop::Piece;
                }
            }
            row += 1;
            index += 1;
            lines += usize::from(is_line && end < bytes.len());
            at = end + 1;
        };
        Outcome { stop, at: if is_line { at.min(bytes.len()) } else { index }, rows: row - first_row, lines }
    }
}

/// The end of a document.
#[inline(always)]
fn end_at(ends: &[Cell<u32>], index: usize) -> usize {
    ends.get(index).map_or(0, |end| end.get() as usize)
}

/// The first window is small, so that a call for a single line costs little; the last are of a size that stays in the
/// nearest cache until it is decoded.
const FIRST_WINDOW: usize = 1 << 12;
const LAST_WINDOW: usize = 1 << 15;

/// How far the bytes are known to be UTF-8.
struct Windows<'a> {
    bytes: &'a [u8],
    checked: usize,
    size: usize,
}

impl Windows<'_> {
    /// Whether the bytes are UTF-8 up to `end`, which is the end of a piece: a line feed follows, or nothing does.
    #[inline(always)]
    fn reaches<I: Isa>(&mut self, isa: I, end: usize) -> bool {
        let Self { bytes, checked, size } = *self;
        let mut to = bytes.len().min(end.max(checked + size));
        // Not in the middle of a sequence; `end` is not, so this ends there.
        while to > end && bytes.get(to).is_some_and(|byte| byte & 0xc0 == 0x80) {
            to -= 1;
        }
        let valid = isa.utf8_fault(&bytes[checked..to]).map_or(to, |offset| checked + offset);
        self.checked = valid;
        self.size = (2 * size).min(LAST_WINDOW);
        end <= valid
    }
}
