//! One document into one row: a walk over its members, each expected to be the one that was there the last time.

use core::cell::Cell;

use perf_simd::Isa;

use super::columns::Column;
use super::layout::{Layout, Place};
use super::number::{self, Form, Scale};
use super::program::{Field, Kind, Program, Target};
use super::stretch::{Draft, LOOK, Next, Stretch, Take};
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
        Self { isa, bytes, program, texts, columns, layout, is_line }
    }

    /// The document at `at`, without white space before it, into `row`. Returns the position after it. UTF-8 is not looked
    /// at, nor is what follows.
    #[inline(always)]
    pub(crate) fn document(&mut self, mut at: usize, row: usize) -> At {
        let Self { bytes, program, texts, is_line, .. } = *self;
        let mut place = Place::before(0);
        // How many members have been met.
        let mut ordinal = 0;
        let mut seen = 0;
        let mut draft = None;
        loop {
            let expected = if draft.is_none() { self.expected(ordinal, place, at, row) } else { None };
            let target = if let Some(stretch) = expected {
                first_time(&mut seen, stretch.seen)?;
                ordinal += stretch.members;
                at += stretch.length;
                match stretch.next {
                    Next::Member(next) => {
                        place = next;
                        continue;
                    }
                    Next::Value(next, target) => {
                        // There may be more space than there was.
                        at = self.space(at);
                        place = next;
                        target
                    }
                    Next::End => return self.complete(seen, row).map(|()| at),
                }
            } else {
                if draft.is_none() {
                    draft = self.layout.draft(ordinal, place, at);
                }
                let (target, end) = next_member(bytes, program, place, at, is_line).ok_or(Halt::Document)?;
                at = end;
                let node = place.node();
                place = Place::inside(node);
                let Some(target) = target else {
                    // The object is closed.
                    let outer = program.parent(node);
                    let next = outer.map_or(Next::End, |outer| Next::Member(Place::inside(outer)));
                    if draft.as_mut().is_some_and(|draft| !draft.close(next, at)) {
                        self.learn(&mut draft);
                    }
                    let Some(outer) = outer else { return self.complete(seen, row).map(|()| at) };
                    place = Place::inside(outer);
                    continue;
                };
                target
            };
            ordinal += 1;
            let start = at;
            match target {
                Target::Skip => at = self.skip(at)?,
                Target::Field(index) => {
                    first_time(&mut seen, 1 << index)?;
                    at = self.field(index, at, row)?;
                }
                Target::Node(inner) => {
                    first_time(&mut seen, program.node_bit(inner))?;
                    place = Place::before(inner);
                }
            }
            if draft.as_mut().is_some_and(|draft| !draft.member(program, texts, bytes, place, target, start..at)) {
                self.learn(&mut draft);
            }
        }
    }

    /// The stretch that stands at `at`, its values in `row`.
    #[inline(always)]
    fn expected(&self, ordinal: usize, place: Place, at: usize, row: usize) -> Option<&Stretch> {
        let chunk: &[u8; LOOK] = self.bytes.get(at..)?.first_chunk()?;
        let stretch = self.layout.expected(ordinal, place, chunk)?;
        for &(index, ref take) in &stretch.takes {
            match (take, self.columns.get(index)?) {
                (Take::Count(digits, step), Column::Doubles(cells)) => write(cells, row, digits.count(chunk, *step)?),
                (Take::Integer(digits), Column::Integers(cells)) => write(cells, row, digits.integer(chunk)),
                (Take::Double(digits), Column::Doubles(cells)) => write(cells, row, digits.double(chunk)?),
                (&Take::Same(value), Column::Bytes(cells)) => write(cells, row, value as u8),
                (&Take::Same(value), Column::Texts(cells)) => write(cells, row, value.cast_signed()),
                (Take::Default, column) => write_default(self.program.fields.get(index)?, column, row),
                _ => None,
            }?;
        }
        Some(stretch)
    }

    fn learn(&mut self, draft: &mut Option<Draft>) {
        if let Some(draft) = draft.take() {
            self.layout.learn(draft, self.bytes);
        }
    }

    /// The position of the first byte that is not white space.
    #[inline(always)]
    pub(crate) fn space(&self, at: usize) -> usize {
        let bytes = self.bytes;
        if byte(bytes, at) > b' ' { at } else { spaces(bytes, at, self.is_line) }
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
        let Self { bytes, program, columns, .. } = *self;
        let (Some(field), Some(column)) = (program.fields.get(index), columns.get(index)) else {
            return Err(Halt::Document);
        };
        if field.is_optional && byte(bytes, at) == b'n' {
            let end = literal(bytes, at, b"null").map_err(|_| Halt::Document)?;
            return write_default(field, column, row).map(|()| end).ok_or(Halt::Document);
        }
        if let (Kind::Levels(price, quantity), &Column::Levels { ticks, lots, starts }) = (&field.kind, column) {
            let start = starts.get(row).ok_or(Halt::Document)?.get() as usize;
            let room = ticks.len().min(lots.len());
            let target =
                Levels { price: *price, quantity: *quantity, ticks: &ticks[..room], lots: &lots[..room], start };
            let (end, next) = self.levels(&target, index, at)?;
            let next = u32::try_from(next).map_err(|_| Halt::Document)?;
            return write(starts, row + 1, next).map(|()| end).ok_or(Halt::Document);
        }
        self.scalar(field, column, index, at, row).ok_or(Halt::Document)
    }

    #[inline(always)]
    fn scalar(&mut self, field: &Field, column: &Column, index: usize, at: usize, row: usize) -> Option<usize> {
        let bytes = self.bytes;
        let end = match (&field.kind, column) {
            (Kind::Double, Column::Doubles(cells)) => {
                let (value, end) = number::double(self.isa, bytes, at, Form::Any)?;
                write(cells, row, value)?;
                end.get()
            }
            (Kind::Count(scale), Column::Doubles(cells)) => {
                let (value, end) = number::count(self.isa, bytes, at, *scale)?;
                write(cells, row, value)?;
                end.get()
            }
            (&Kind::Integer(form), Column::Integers(cells)) => {
                let (value, end) = number::integer(self.isa, bytes, at, form)?;
                write(cells, row, value)?;
                end.get()
            }
            (Kind::Bool, Column::Bytes(cells)) => {
                let rest = bytes.get(at..)?;
                let is_true = rest.starts_with(b"true");
                if !is_true && !rest.starts_with(b"false") {
                    return None;
                }
                write(cells, row, u8::from(is_true))?;
                at + if is_true { 4 } else { 5 }
            }
            (&Kind::Enum(dictionary), Column::Bytes(cells)) => {
                let (value, end) = self.text(dictionary, index, at)?;
                write(cells, row, value as u8)?;
                end
            }
            (&Kind::Text(dictionary), Column::Texts(cells)) => {
                let (value, end) = self.text(dictionary, index, at)?;
                write(cells, row, value as i32)?;
                end
            }
            _ => return None,
        };
        Some(end)
    }

    /// The integer of the text at `at`, and the position after its closing quote.
    #[inline(always)]
    fn text(&mut self, dictionary: usize, field: usize, at: usize) -> Option<(usize, usize)> {
        /// Up to so many texts, each is compared where it would stand.
        const FEW: usize = 4;
        let bytes = self.bytes;
        let texts = self.texts.get(dictionary)?;
        let expected = self.layout.text(field);
        if let Some(end) = texts.end_of(expected, bytes, at) {
            return Some((expected, end));
        }
        if byte(bytes, at) != b'"' {
            return None;
        }
        let found = if texts.len() <= FEW {
            (0..texts.len()).find_map(|index| Some((index, texts.end_of(index, bytes, at)?)))
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
            let (tick, end) = number::count(self.isa, bytes, at, price).ok_or(Halt::Document)?;
            at = self.space(self.after(self.space(end.get()), b',')?);
            let (lot, end) = number::count(self.isa, bytes, at, quantity).ok_or(Halt::Document)?;
            at = self.space(end.get());
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
            let column = self.columns.get(index).ok_or(Halt::Document)?;
            write_default(&fields[index], column, row).ok_or(Halt::Document)?;
            missing &= missing - 1;
        }
        Ok(())
    }
}

/// Prices and quantities of one row.
struct Levels<'a> {
    price: Scale,
    quantity: Scale,
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
fn write<T>(cells: &[Cell<T>], row: usize, value: T) -> Option<()> {
    cells.get(row)?.set(value);
    Some(())
}

fn write_default(field: &Field, column: &Column, row: usize) -> Option<()> {
    let default = field.default;
    match column {
        Column::Doubles(cells) => write(cells, row, f64::from_bits(default)),
        Column::Integers(cells) => write(cells, row, default.cast_signed()),
        Column::Bytes(cells) => write(cells, row, default as u8),
        Column::Texts(cells) => write(cells, row, default as i32),
        Column::Levels { starts, .. } => write(starts, row + 1, starts.get(row)?.get()),
    }
}

/// White space up to the end of the line, where that ends the document.
fn spaces(bytes: &[u8], mut at: usize, is_line: bool) -> usize {
    while matches!(byte(bytes, at), b' ' | b'\t' | b'\r') || (byte(bytes, at) == b'\n' && !is_line) {
        at += 1;
    }
    at
}

/// What comes after a value, or where an object starts: the next member and the position of its value; or no member, and the
/// position after the closing brace. `None` for keys with escapes and for what is no JSON.
///
/// Byte by byte: what is not inlined must not use an `Isa`.
fn next_member(
    bytes: &[u8],
    program: &Program,
    place: Place,
    lead: usize,
    is_line: bool,
) -> Option<(Option<Target>, usize)> {
    let separator = spaces(bytes, lead, is_line);
    let mut at = separator;
    if byte(bytes, separator) == if place.is_before() { b'{' } else { b',' } {
        at = spaces(bytes, separator + 1, is_line);
    } else if place.is_before() {
        return None;
    }
    // Behind a comma it is no end.
    if byte(bytes, at) == b'}' && byte(bytes, separator) != b',' {
        return Some((None, at + 1));
    }
    if at == separator || byte(bytes, at) != b'"' {
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
    let colon = spaces(bytes, end + 1, is_line);
    if byte(bytes, colon) != b':' {
        return None;
    }
    let key = &bytes[start..end];
    let child = program.nodes.get(place.node())?.iter().find(|child| *child.key == *key);
    let target = child.map_or(Target::Skip, |child| child.target);
    Some((Some(target), spaces(bytes, colon + 1, is_line)))
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
