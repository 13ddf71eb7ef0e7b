//! The structural index ("tape"): where every key and value starts and ends, in document order, for a reader that hops over
//! what it does not want.
//!
//! ```text
//!   bytes     {"a":[1,true],"b":{}}
//!   entry      0     1     2     3     4     5     6
//!   token      {     "a"   [     1     true  "b"   {
//!   offsets    0     1     5     6     8     14    18
//!   ends       7     3     5     7     12    16    7
//!             entry offset entry offset offset offset entry
//! ```
//!
//! A container's end is the entry after everything inside it. While it is open, its slot in `ends` links to the container
//! around it instead, so that the stack of open containers needs no memory of its own.

use perf_simd::{Cpu, Isa, Kernel, Path, entry_for};

use crate::blocks::{BLOCKS_FROM_BYTES, Trace, is_document};
use crate::fault::{JsonFault, Reason};
use crate::nesting::Nesting;
use crate::walk::{Record, walk};

/// The two arrays of an index, of the caller. An index needs the same number of entries in both. What the slots behind the
/// entries hold afterwards is left open.
#[derive(Debug)]
pub struct Slots<'a> {
    /// The byte offset of each token's first byte.
    pub offsets: &'a mut [u32],
    /// For a container the index of the first entry after everything inside it; for a string the byte offset of its
    /// closing quote; for a number or literal the byte offset after its last byte.
    pub ends: &'a mut [u32],
}

/// A validator that also writes an index. It refuses what [`Validator`](crate::Validator) refuses, for the same reasons at
/// the same places, and documents whose offsets do not fit into 32 bits.
#[derive(Clone, Copy, Debug)]
pub struct Indexer {
    cpu: Cpu,
    // Never to be called on a machine without the path of `cpu`.
    entry: unsafe fn(&[u8], u32, Slots) -> Result<usize, JsonFault>,
}

/// # Safety
/// The machine must have the instruction set `I`.
unsafe fn entry<I: Isa>(bytes: &[u8], max_depth: u32, slots: Slots) -> Result<usize, JsonFault> {
    // SAFETY: passed on to the caller.
    unsafe { I::assume() }.run(Index { bytes, max_depth, slots })
}

impl Indexer {
    /// The indexer that uses what `cpu` stands for.
    #[must_use]
    pub fn new(cpu: Cpu) -> Self {
        Self { cpu, entry: entry_for!(cpu, entry) }
    }

    /// The CPU path in use.
    #[must_use]
    pub const fn path(&self) -> Path {
        self.cpu.path()
    }

    /// Validates `bytes` and writes their index. Returns how many entries it has: where that is more than fit into the
    /// shorter of the two arrays, what they hold is no index, and the call is to be repeated with longer ones.
    ///
    /// O(length), no recursion, allocates nothing below depth 65 and one bit per open bracket above.
    ///
    /// # Errors
    /// The first byte that makes the document invalid; see [`JsonFault`]. [`Reason::Length`] above 2^32 − 1 bytes.
    ///
    /// ```
    /// use perf_json::{ANY_DEPTH, Indexer, Slots};
    ///
    /// let (mut offsets, mut ends) = ([0; 8], [0; 8]);
    /// let slots = Slots { offsets: &mut offsets, ends: &mut ends };
    /// let entries = Indexer::new(perf_simd::Cpu::best()).index(br#"{"a":[1,true]}"#, ANY_DEPTH, slots);
    /// assert_eq!(entries, Ok(5));
    /// assert_eq!((&offsets[..5], &ends[..5]), (&[0, 1, 5, 6, 8][..], &[5, 3, 5, 7, 12][..]));
    /// ```
    #[inline]
    pub fn index(&self, bytes: &[u8], max_depth: u32, slots: Slots) -> Result<usize, JsonFault> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(JsonFault { offset: u32::MAX as usize, reason: Reason::Length });
        }
        // SAFETY: `new` chose the entry by a `Cpu`, and only detection makes those.
        unsafe { (self.entry)(bytes, max_depth, slots) }
    }
}

struct Index<'a, 'b> {
    bytes: &'a [u8],
    max_depth: u32,
    slots: Slots<'b>,
}

impl Kernel for Index<'_, '_> {
    type Output = Result<usize, JsonFault>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { bytes, max_depth, slots: Slots { offsets, ends } } = self;
        if I::BYTES >= BLOCKS_FROM_BYTES {
            let mut tape = BlockTape::new(Slots { offsets: &mut *offsets, ends: &mut *ends });
            if is_document(isa, bytes, max_depth, &mut tape) {
                return Ok(tape.count);
            }
        }
        let mut tape = Tape::new(Slots { offsets, ends });
        walk(isa, bytes, max_depth, &mut tape)?;
        Ok(tape.count)
    }
}

/// The link of a container with nothing around it.
const NONE: u32 = u32::MAX;

/// Writes while there is room, and always counts.
struct Tape<'a> {
    slots: Slots<'a>,
    count: usize,
    /// The entry of the innermost open container, or `NONE`.
    innermost: u32,
    nesting: Nesting,
}

impl<'a> Tape<'a> {
    #[inline(always)]
    fn new(slots: Slots<'a>) -> Self {
        Self { slots, count: 0, innermost: NONE, nesting: Nesting::new() }
    }

    #[inline(always)]
    fn entry(&mut self, start: usize, end: u32) {
        if let (Some(offset), Some(slot)) =
            (self.slots.offsets.get_mut(self.count), self.slots.ends.get_mut(self.count))
        {
            (*offset, *slot) = (start as u32, end);
        }
        self.count += 1;
    }
}

impl Record for Tape<'_> {
    #[inline(always)]
    fn nesting(&mut self) -> &mut Nesting {
        &mut self.nesting
    }

    #[inline(always)]
    fn open(&mut self, at: usize, object: bool) {
        let entry = self.count as u32;
        self.entry(at, self.innermost);
        self.innermost = entry;
        self.nesting.open(object);
    }

    #[inline(always)]
    fn close(&mut self) {
        // Without room the links are lost, and so is the index: what is left is counting.
        if let Some(slot) = self.slots.ends.get_mut(self.innermost as usize) {
            self.innermost = *slot;
            *slot = self.count as u32;
        }
        self.nesting.close();
    }

    #[inline(always)]
    fn empty(&mut self, at: usize) {
        self.entry(at, self.count as u32 + 1);
    }

    #[inline(always)]
    fn leaf(&mut self, start: usize, end: usize) {
        self.entry(start, end as u32);
    }
}

/// The same from masks: starts go to one array and ends to the other as they come. An entry has the same place in both,
/// since each start has one end and the order is the same; the end of the last one may come in a later block.
struct BlockTape<'a> {
    slots: Slots<'a>,
    /// Entries before the block that was told last, and with it.
    before: usize,
    count: usize,
    /// Those that have ended.
    ended: usize,
    innermost: u32,
}

impl<'a> BlockTape<'a> {
    #[inline(always)]
    fn new(slots: Slots<'a>) -> Self {
        Self { slots, before: 0, count: 0, ended: 0, innermost: NONE }
    }
}

/// Writes the places of bits, moved by `base`, to the slots from `from` on, as far as there are.
#[inline(always)]
fn write_places<I: Isa>(isa: I, mask: u64, base: u32, slots: &mut [u32], from: usize) {
    let rest = slots.get_mut(from..).unwrap_or_default();
    if let Some(room) = rest.first_chunk_mut() {
        isa.places(mask, base, room);
    } else {
        let mut places = [0; 64];
        isa.places(mask, base, &mut places);
        let count = rest.len().min(mask.count_ones() as usize);
        rest[..count].copy_from_slice(&places[..count]);
    }
}

impl Trace for BlockTape<'_> {
    #[inline(always)]
    fn block<I: Isa>(&mut self, isa: I, at: usize, starts: u64, ends: u64) {
        write_places(isa, starts, at as u32, self.slots.offsets, self.count);
        write_places(isa, ends, at as u32, self.slots.ends, self.ended);
        self.before = self.count;
        self.count += starts.count_ones() as usize;
        self.ended += ends.count_ones() as usize;
    }

    #[inline(always)]
    fn open(&mut self, starts_before: usize) {
        let entry = self.before + starts_before;
        if let Some(slot) = self.slots.ends.get_mut(entry) {
            *slot = self.innermost;
            self.innermost = entry as u32;
        }
    }

    #[inline(always)]
    fn close(&mut self, starts_before: usize) {
        if let Some(slot) = self.slots.ends.get_mut(self.innermost as usize) {
            self.innermost = *slot;
            *slot = (self.before + starts_before) as u32;
        }
    }
}
