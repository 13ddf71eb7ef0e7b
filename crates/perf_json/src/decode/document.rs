//! One document into one row: a walk over its members, each key expected to be the one that was there the last time.

use core::cell::Cell;

use perf_simd::Isa;

use super::columns::Column;
use super::layout::Layout;
use super::number;
use super::program::{Field, Kind, MAX_OPEN, Program, Target};
use super::texts::Texts;
use crate::nesting::Nesting;
use crate::scan::{byte, literal, number as number_end, string};
use crate::validate::ANY_DEPTH;
use crate::walk::value as value_end;

/// Why a document is not in its row.
pub(crate) enum Halt {
    /// It is for the caller.
    Document,
    /// The levels of this field need longer arrays.
    Room(usize),
}

type At = Result<usize, Halt>;

/// What documents are read with.
pub(crate) struct Reader<'a, I: Isa> {
    isa: I,
    bytes: &'a [u8],
    program: &'a Program,
    texts: &'a [Texts],
    columns: &'a [Column<'a>],
    layout: &'a mut Layout,
    /// A line feed ends the document.
    is_line: bool,
    /// The objects around the one that is open, and how many members of each have been met.
    open: [(usize, usize); MAX_OPEN],
}

impl<'a, I: Isa> Reader<'a, I> {
    #[inline(always)]
    pub(crate) fn new(
        isa: I,
        bytes: &'a [u8],
        program: &'a Program,
        texts: &'a [Texts],
        columns: &'a [Column<'a>],
        layout: &'a mut Layout,
        is_line: bool,
    ) -> Self {
        Self { isa, bytes, program, texts, columns, layout, is_line, open: [(0, 0); MAX_OPEN] }
    }

    /// The document at `at`, without white space before it, into `row`. Returns the position after it. UTF-8 is not looked
    /// at, nor is what follows.
    #[inline(always)]
    pub(crate) fn document(&mut self, at: usize, row: usize) -> At {
        let bytes = self.bytes;
        if byte(bytes, at) != b'{' {
            return Err(Halt::Document);
        }
        let mut depth = 0;
        // The object of the program that is open, and how many of its members have been met.
        let (mut node, mut ordinal) = (0, 0);
        let mut seen = 0;
        let mut at = self.space(at + 1);
        loop {
            if ordinal > 0 || byte(bytes, at) != b'}' {
                let (target, value) = self.key(node, ordinal, at)?;
                ordinal += 1;
                at = self.space(value);
                match target {
                    Target::Skip => at = self.skip(at)?,
                    Target::Field(index) => {
                        first_time(&mut seen, 1 << index)?;
                        at = self.field(index, at, row)?;
                    }
                    Target::Node(inner) => {
                        first_time(&mut seen, self.program.node_bit(inner))?;
                        if byte(bytes, at) != b'{' || depth == MAX_OPEN {
                            return Err(Halt::Document);
                        }
                        self.open[depth] = (node, ordinal);
                        depth += 1;
                        (node, ordinal) = (inner, 0);
                        at = self.space(at + 1);
                        continue;
                    }
                }
            }
            at = self.space(at);
            while byte(bytes, at) == b'}' {
                at += 1;
                let Some(outer) = depth.checked_sub(1) else {
                    self.complete(seen, row)?;
                    return Ok(at);
                };
                depth = outer;
                (node, ordinal) = self.open[depth];
                at = self.space(at);
            }
            if byte(bytes, at) != b',' {
                return Err(Halt::Document);
            }
            at = self.space(at + 1);
        }
    }

    /// The position of the first byte that is not white space.
    #[inline(always)]
    pub(crate) fn space(&self, at: usize) -> usize {
        let bytes = self.bytes;
        if byte(bytes, at) > b' ' {
            return at;
        }
        // What follows a colon or comma in the output of some languages.
        if byte(bytes, at) == b' ' && byte(bytes, at + 1) > b' ' {
            return at + 1;
        }
        spaces(bytes, at, self.is_line)
    }

    /// What the key at `at` is for, and the position after its colon.
    #[inline(always)]
    fn key(&mut self, node: usize, ordinal: usize, at: usize) -> Result<(Target, usize), Halt> {
        if let Some(member) = self.layout.member(node, ordinal)
            && member.key.stands(self.bytes, at)
        {
            return Ok((member.target, at + member.key.len()));
        }
        unexpected_key(self.bytes, self.program, self.layout, node, ordinal, at, self.is_line).ok_or(Halt::Document)
    }

    /// A value that nobody wants.
    #[inline(always)]
    fn skip(&self, at: usize) -> At {
        let Self { isa, bytes, .. } = *self;
        let end = match byte(bytes, at) {
            b'"' => string(isa, bytes, at + 1),
            b'-' | b'0'..=b'9' => number_end(isa, bytes, at),
            b't' => literal(bytes, at, b"true"),
            b'f' => literal(bytes, at, b"false"),
            b'n' => literal(bytes, at, b"null"),
            b'{' | b'[' => {
                let end = value_end(isa, bytes, at, ANY_DEPTH, &mut Nesting::new());
                // Strings cannot hold one: it would be white space, and the end of a line.
                if self.is_line && end.is_ok_and(|end| bytes[at..end].contains(&b'\n')) {
                    return Err(Halt::Document);
                }
                end
            }
            _ => return Err(Halt::Document),
        };
        end.map_err(|_| Halt::Document)
    }

    /// The value of a field into its column.
    #[inline(always)]
    fn field(&mut self, index: usize, at: usize, row: usize) -> At {
        let bytes = self.bytes;
        let program = self.program;
        let (Some(field), Some(&column)) = (program.fields.get(index), self.columns.get(index)) else {
            return Err(Halt::Document);
        };
        if field.is_optional && byte(bytes, at) == b'n' {
            let end = literal(bytes, at, b"null").map_err(|_| Halt::Document)?;
            return write_default(field, column, row).map(|()| end).ok_or(Halt::Document);
        }
        let end = match (&field.kind, column) {
            (Kind::Double, Column::Doubles(cells)) => {
                number::double(bytes, at).and_then(|(value, end)| write(cells, row, value, end))
            }
            (Kind::Count(scale), Column::Doubles(cells)) => {
                number::count(bytes, at, scale).and_then(|(value, end)| write(cells, row, value, end))
            }
            (&Kind::Integer(form), Column::Integers(cells)) => {
                number::integer(bytes, at, form).and_then(|(value, end)| write(cells, row, value, end))
            }
            (Kind::Bool, Column::Bytes(cells)) => {
                truth(bytes, at).and_then(|(value, end)| write(cells, row, u8::from(value), end))
            }
            (&Kind::Enum(dictionary), Column::Bytes(cells)) => {
                self.text(dictionary, index, at).and_then(|(value, end)| write(cells, row, value as u8, end))
            }
            (&Kind::Text(dictionary), Column::Texts(cells)) => {
                self.text(dictionary, index, at).and_then(|(value, end)| write(cells, row, value as i32, end))
            }
            (Kind::Levels(price, quantity), Column::Levels { ticks, lots, starts }) => {
                let start = starts.get(row).ok_or(Halt::Document)?.get() as usize;
                let room = ticks.len().min(lots.len());
                let target = Levels { price, quantity, ticks: &ticks[..room], lots: &lots[..room], start };
                let (end, next) = self.levels(&target, index, at)?;
                u32::try_from(next).ok().and_then(|next| write(starts, row + 1, next, end))
            }
            _ => None,
        };
        end.ok_or(Halt::Document)
    }

    /// The integer of the text at `at`, and the position after its closing quote.
    #[inline(always)]
    fn text(&mut self, dictionary: usize, field: usize, at: usize) -> Option<(usize, usize)> {
        /// Up to so many texts, each is compared where it would stand.
        const FEW: usize = 4;
        let bytes = self.bytes;
        let texts = self.texts.get(dictionary)?;
        if byte(bytes, at) != b'"' {
            return None;
        }
        let expected = self.layout.text(field);
        if let Some(end) = texts.end_of(expected, bytes, at + 1) {
            return Some((expected, end));
        }
        let found = if texts.len() <= FEW {
            (0..texts.len()).find_map(|index| Some((index, texts.end_of(index, bytes, at + 1)?)))
        } else {
            None
        };
        let (index, end) = if let Some(found) = found {
            found
        } else {
            let end = plain_end(self.isa, bytes, at + 1)?;
            (texts.find(&bytes[at + 1..end])?, end + 1)
        };
        self.layout.learn_text(field, index);
        Some((index, end))
    }

    /// `[[price, quantity, …], …]`: the position after it and after the last entry.
    #[inline(always)]
    fn levels(&self, target: &Levels, index: usize, at: usize) -> Result<(usize, usize), Halt> {
        let bytes = self.bytes;
        let &Levels { price, quantity, ticks, lots, start } = target;
        let mut next = start;
        let mut at = self.space(self.after(at, b'[')?);
        if byte(bytes, at) == b']' {
            return Ok((at + 1, next));
        }
        loop {
            at = self.space(self.after(at, b'[')?);
            let (tick, end) = number::count(bytes, at, price).ok_or(Halt::Document)?;
            at = self.space(self.after(self.space(end), b',')?);
            let (lot, end) = number::count(bytes, at, quantity).ok_or(Halt::Document)?;
            at = self.space(end);
            while byte(bytes, at) == b',' {
                // What a row has beyond the pair.
                at = self.skip(self.space(at + 1))?;
                at = self.space(at);
            }
            if next - start == self.program.max_levels {
                return Err(Halt::Document);
            }
            let (Some(tick_cell), Some(lot_cell)) = (ticks.get(next), lots.get(next)) else {
                return Err(Halt::Room(index));
            };
            tick_cell.set(tick);
            lot_cell.set(lot);
            next += 1;
            at = self.space(self.after(at, b']')?);
            if byte(bytes, at) == b']' {
                return Ok((at + 1, next));
            }
            at = self.space(self.after(at, b',')?);
        }
    }

    /// The position after a byte that has to stand at `at`.
    #[inline(always)]
    fn after(&self, at: usize, wanted: u8) -> At {
        if byte(self.bytes, at) == wanted { Ok(at + 1) } else { Err(Halt::Document) }
    }

    /// Defaults of the fields that were not met, if they have one.
    #[inline(always)]
    fn complete(&self, seen: u64, row: usize) -> Result<(), Halt> {
        let fields = &self.program.fields;
        if seen & self.program.required != self.program.required {
            return Err(Halt::Document);
        }
        let mut missing = !seen & ((1 << fields.len()) - 1);
        while missing != 0 {
            let index = missing.trailing_zeros() as usize;
            let column = *self.columns.get(index).ok_or(Halt::Document)?;
            write_default(&fields[index], column, row).ok_or(Halt::Document)?;
            missing &= missing - 1;
        }
        Ok(())
    }
}

/// Prices and quantities of one row.
struct Levels<'a> {
    price: &'a number::Scale,
    quantity: &'a number::Scale,
    /// As long as `lots`.
    ticks: &'a [Cell<f64>],
    lots: &'a [Cell<f64>],
    start: usize,
}

/// A member that comes again is for the caller, who takes the last one.
#[inline(always)]
fn first_time(seen: &mut u64, bit: u64) -> Result<(), Halt> {
    if *seen & bit != 0 {
        return Err(Halt::Document);
    }
    *seen |= bit;
    Ok(())
}

#[inline(always)]
fn write<T>(cells: &[Cell<T>], row: usize, value: T, end: usize) -> Option<usize> {
    cells.get(row)?.set(value);
    Some(end)
}

fn write_default(field: &Field, column: Column, row: usize) -> Option<()> {
    let default = field.default;
    match column {
        Column::Doubles(cells) => cells.get(row)?.set(f64::from_bits(default)),
        Column::Integers(cells) => cells.get(row)?.set(default.cast_signed()),
        Column::Bytes(cells) => cells.get(row)?.set(default as u8),
        Column::Texts(cells) => cells.get(row)?.set(default as i32),
        Column::Levels { starts, .. } => starts.get(row + 1)?.set(starts[row].get()),
    }
    Some(())
}

#[inline(always)]
fn truth(bytes: &[u8], at: usize) -> Option<(bool, usize)> {
    let rest = bytes.get(at..)?;
    if rest.starts_with(b"true") { Some((true, at + 4)) } else { rest.starts_with(b"false").then_some((false, at + 5)) }
}

/// White space other than what `Reader::space` has seen.
fn spaces(bytes: &[u8], mut at: usize, is_line: bool) -> usize {
    while matches!(byte(bytes, at), b' ' | b'\t' | b'\r') || (byte(bytes, at) == b'\n' && !is_line) {
        at += 1;
    }
    at
}

/// A key that was not expected, looked up and expected from now on. `None` for keys with escapes and for what is no key.
///
/// Byte by byte: what is not inlined must not use an `Isa`.
fn unexpected_key(
    bytes: &[u8],
    program: &Program,
    layout: &mut Layout,
    node: usize,
    ordinal: usize,
    at: usize,
    is_line: bool,
) -> Option<(Target, usize)> {
    if byte(bytes, at) != b'"' {
        return None;
    }
    let start = at + 1;
    let mut end = start;
    while !matches!(byte(bytes, end), b'"' | b'\\' | 0..=0x1f) {
        end += 1;
    }
    if byte(bytes, end) != b'"' {
        return None;
    }
    let key = &bytes[start..end];
    let child = program.nodes.get(node)?.iter().find(|child| *child.key == *key);
    let target = child.map_or(Target::Skip, |child| child.target);
    let colon = spaces(bytes, end + 1, is_line);
    if byte(bytes, colon) != b':' {
        return None;
    }
    if colon == end + 1 {
        layout.learn(node, ordinal, &bytes[at..=colon], target);
    }
    Some((target, colon + 1))
}

/// The closing quote of a string without escapes.
#[inline(always)]
fn plain_end<I: Isa>(isa: I, bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let stops = match isa.load(bytes, at) {
            Some(vector) => isa.string_stops(vector),
            // The zeros after the end are control characters.
            None => isa.string_stops(isa.load_padded(bytes, at)),
        };
        if stops != 0 {
            at += stops.trailing_zeros() as usize;
            return (byte(bytes, at) == b'"').then_some(at);
        }
        at += I::BYTES;
    }
}
