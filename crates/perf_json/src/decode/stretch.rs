//! A stretch of a document, expected to stand there again but for its digits.
//!
//! Messages of one source differ in digits, in a few texts, and in little else. So what was read once is kept as a pattern of
//! bytes, and the next message is compared with it 64 bytes at a time: where it fits, the places of all its values are
//! known, and so is the place of the next stretch. No position hangs on a byte that was read, which is what takes the time
//! in any scanner: the CPU guesses that the pattern fits, and goes on.
//!
//! ```text
//!   met     ,"p":"61800.20","q":0.006,
//!   lowest  ,"p":"00000.00","q":0.000,       what may stand there: from this byte
//!   reach        99999 99      9 999         up to so much above it
//! ```
//!
//! What fits is what was read, with other digits where any digit does: it has the same grammar, the same members and the
//! same texts. What a number may not vary in is part of the pattern: its length, the places of its sign and point, zeros
//! that its scale does not count, and that the first of several digits is not a zero in JSON.

use core::ops::Range;

use super::layout::Place;
use super::placed::Placed;
use super::program::{Field, Kind, Program, Target};
use super::texts::Texts;

/// Bytes that are compared at once.
pub(crate) const LENGTH: usize = 64;
/// Bytes that have to be there: words may reach over the end of a stretch.
pub(crate) const LOOK: usize = LENGTH + 16;

/// The bytes that may stand somewhere.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Pattern {
    lowest: [u8; LENGTH],
    reach: [u8; LENGTH],
}

impl Pattern {
    const ANY: Self = Self { lowest: [0; LENGTH], reach: [u8::MAX; LENGTH] };

    /// Without branches, so that it becomes a few instructions on vectors.
    #[inline(always)]
    fn fits(&self, chunk: &[u8; LOOK]) -> bool {
        let mut beyond = 0;
        for ((&byte, &lowest), &reach) in chunk.iter().zip(&self.lowest).zip(&self.reach) {
            beyond |= byte.wrapping_sub(lowest).saturating_sub(reach);
        }
        beyond == 0
    }
}

/// What a field gets of a stretch.
#[derive(Clone, Debug)]
pub(crate) enum Take {
    Double(Placed),
    Count(Placed, u64),
    Integer(Placed),
    /// A truth, or a text of an enum or a dictionary: the same whenever the pattern fits.
    Same(u32),
    Default,
}

/// What follows a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A member of the object that is open there, or the end of that.
    Member(Place),
    /// The value of a member, after which this has come.
    Value(Place, Target),
    /// What is behind the document.
    End,
}

/// Members of a document from the end of a value on.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    pattern: Pattern,
    /// Where it starts.
    place: Place,
    pub(crate) length: usize,
    /// How many members it has.
    pub(crate) members: usize,
    /// The bits of the fields and objects in it.
    pub(crate) seen: u64,
    pub(crate) takes: Box<[(usize, Take)]>,
    pub(crate) next: Next,
}

impl Stretch {
    #[inline(always)]
    pub(crate) fn fits(&self, place: Place, chunk: &[u8; LOOK]) -> bool {
        self.place == place && self.pattern.fits(chunk)
    }
}

/// A stretch that is being read for the first time.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) ordinal: usize,
    /// How many values it may hold.
    span: usize,
    from: usize,
    /// The end of what is in it.
    to: usize,
    place: Place,
    /// Where it has come to.
    next: Next,
    members: usize,
    seen: u64,
    takes: Vec<(usize, Take)>,
    /// Start and end of numbers, and how many of their digits vary.
    numbers: Vec<(usize, usize, usize)>,
}

impl Draft {
    pub(crate) fn new(ordinal: usize, span: usize, from: usize, place: Place) -> Self {
        Self {
            ordinal,
            span,
            from,
            to: from,
            place,
            next: Next::Member(place),
            members: 0,
            seen: 0,
            takes: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Adds a member whose value, `bytes[value]`, has been read; `place` is what has come then. False where it ends the
    /// stretch.
    pub(crate) fn member(
        &mut self,
        program: &Program,
        texts: &[Texts],
        bytes: &[u8],
        place: Place,
        target: Target,
        value: Range<usize>,
    ) -> bool {
        let Range { start, end } = value;
        let is_number = matches!(bytes[value.clone()], [b'-' | b'0'..=b'9', ..]);
        // What follows a number tells that it has ended: it has to be in the pattern.
        if self.members > 0 && end + usize::from(is_number) - self.from > LENGTH {
            // The next one has room for it.
            return false;
        }
        let is_in = self.members < self.span
            && end + usize::from(is_number) - self.from <= LENGTH
            && self.take(program, texts, &bytes[value], target, start);
        if is_in {
            self.reach(Next::Member(place), end);
            self.members += 1;
        } else if start - self.from <= LENGTH {
            self.reach(Next::Value(place, target), start);
        }
        is_in
    }

    /// What a value is, in a document that fits. False where that is not known before it is read.
    fn take(&mut self, program: &Program, texts: &[Texts], value: &[u8], target: Target, start: usize) -> bool {
        let varying = match target {
            Target::Skip => match value {
                [b'{' | b'[', ..] => return false,
                [b'-' | b'0'..=b'9', ..] => usize::MAX,
                _ => 0,
            },
            Target::Field(index) => {
                let taken = take_of(&program.fields[index], texts, value, start - self.from);
                let Some((take, varying)) = taken else { return false };
                self.takes.push((index, take));
                self.seen |= 1 << index;
                varying
            }
            Target::Node(node) => {
                self.seen |= program.node_bit(node);
                0
            }
        };
        if varying > 0 {
            self.numbers.push((start, start + value.len(), varying));
        }
        true
    }

    /// Adds the end of an object, with the brace before `end`. False where it ends the stretch.
    pub(crate) fn close(&mut self, next: Next, end: usize) -> bool {
        let is_within = end - self.from <= LENGTH;
        if is_within {
            self.reach(next, end);
        }
        is_within && next != Next::End
    }

    const fn reach(&mut self, next: Next, to: usize) {
        self.next = next;
        self.to = to;
    }

    /// The stretch, unless there is nothing in it. Without line feeds, which are white space only where no line ends.
    pub(crate) fn finish(self, bytes: &[u8]) -> Option<Stretch> {
        let Self { from, to, place, next, members, seen, takes, numbers, .. } = self;
        // Of a number, what follows it.
        let behind = usize::from(bytes.get(from..to)?.last()?.is_ascii_digit());
        let met = bytes.get(from..to + behind)?;
        if met.contains(&b'\n') {
            return None;
        }
        let mut pattern = Pattern::ANY;
        pattern.lowest[..met.len()].copy_from_slice(met);
        pattern.reach[..met.len()].fill(0);
        for (start, end, varying) in numbers {
            let number = start - from..end - from;
            vary(&mut pattern.lowest[number.clone()], &mut pattern.reach[number], varying);
        }
        Some(Stretch { pattern, place, length: to - from, members, seen, takes: takes.into(), next })
    }
}

/// Lets the first digits of a number vary.
fn vary(lowest: &mut [u8], reach: &mut [u8], varying: usize) {
    // A number of several digits before its point does not start with a zero, but for a text.
    let first = usize::from(lowest[0] == b'-');
    let has_leading_digit = lowest[first..].iter().take_while(|byte| byte.is_ascii_digit()).count() > 1;
    let digits = (0..lowest.len()).filter(|&at| lowest[at].is_ascii_digit()).collect::<Vec<_>>();
    for at in digits.into_iter().take(varying) {
        let least = u8::from(at == first && has_leading_digit);
        lowest[at] = b'0' + least;
        reach[at] = 9 - least;
    }
}

/// What a field takes of a value like this one at a place, and how many digits may vary.
fn take_of(field: &Field, texts: &[Texts], value: &[u8], at: usize) -> Option<(Take, usize)> {
    if field.is_optional && value == b"null" {
        return Some((Take::Default, 0));
    }
    match field.kind {
        Kind::Double => {
            let (digits, varying) = Placed::like(value, at, None)?;
            Some((Take::Double(digits), varying))
        }
        Kind::Count(scale) => {
            let (digits, varying) = Placed::like(value, at, Some(scale.decimals))?;
            // Of negative ones, the unsigned have only zero, which hangs on the digits.
            (scale.is_signed || !digits.is_negative).then_some((Take::Count(digits, scale.step), varying))
        }
        Kind::Integer(_) => {
            let (digits, varying) = Placed::like(value, at, Some(0))?;
            Some((Take::Integer(digits), varying))
        }
        Kind::Bool => Some((Take::Same(u32::from(value == b"true")), 0)),
        Kind::Enum(dictionary) | Kind::Text(dictionary) => {
            let text = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
            let index = texts.get(dictionary)?.find(text)?;
            Some((Take::Same(u32::try_from(index).ok()?), 0))
        }
        Kind::Levels(..) => None,
    }
}
