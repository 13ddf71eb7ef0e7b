//! What was met last at each place: messages of one source have the same members in the same order, read or not.

use core::cell::Cell;

use super::program::Program;
use super::stretch::{Draft, LOOK, Stretch};

/// Memory of one run of decoding, or of several of the same program and texts one after another; texts may be added. It
/// changes how quick the next document is and nothing else.
#[derive(Debug)]
pub struct Layout {
    /// What was met after so many members of a document, those of its inner objects counted too.
    junctions: Vec<Junction>,
    /// Per field, the text that it had.
    texts: Vec<usize>,
}

/// How documents have gone on from somewhere.
#[derive(Debug)]
struct Junction {
    stretches: Vec<Stretch>,
    /// The one that fitted last.
    recent: Cell<usize>,
    /// How many members a stretch may have.
    span: usize,
    /// So many documents are not learned from, and so many after the next that is.
    wait: usize,
    pause: usize,
}

/// More ways to go on are too many to be compared with each other.
const MAX_STRETCHES: usize = 4;
/// Learning takes as long as reading some documents does.
const MAX_PAUSE: usize = 15;

/// Which object is open, and whether its brace is still to come. The same lead in another place would not be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(usize);

impl Place {
    #[inline(always)]
    pub(crate) const fn before(node: usize) -> Self {
        Self(node << 1 | 1)
    }

    #[inline(always)]
    pub(crate) const fn inside(node: usize) -> Self {
        Self(node << 1)
    }

    #[inline(always)]
    pub(crate) const fn node(self) -> usize {
        self.0 >> 1
    }

    #[inline(always)]
    pub(crate) const fn is_before(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Members beyond this are looked up one by one.
const MAX_MEMBERS: usize = 256;

impl Layout {
    /// Nothing is expected yet.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        Self { junctions: Vec::new(), texts: vec![0; program.fields.len()] }
    }

    /// The stretch that stands at a place, if it is one that stood there before.
    #[inline(always)]
    pub(crate) fn expected(&self, ordinal: usize, place: Place, chunk: &[u8; LOOK]) -> Option<&Stretch> {
        self.junctions.get(ordinal)?.expected(place, chunk)
    }

    /// Where to learn what stands there, unless it is often something else.
    #[cold]
    pub(crate) fn draft(&mut self, ordinal: usize, place: Place, at: usize) -> Option<Draft> {
        if self.junctions.len() <= ordinal.min(MAX_MEMBERS) {
            self.junctions.resize_with(ordinal.min(MAX_MEMBERS) + 1, Junction::new);
        }
        let junction = self.junctions.get_mut(ordinal)?;
        if junction.wait > 0 {
            junction.wait -= 1;
            return None;
        }
        junction.pause = MAX_PAUSE.min(2 * junction.pause + 1);
        junction.wait = junction.pause;
        Some(Draft::new(ordinal, junction.span, at, place))
    }

    #[cold]
    pub(crate) fn learn(&mut self, draft: Draft, bytes: &[u8]) {
        let Some(junction) = self.junctions.get_mut(draft.ordinal) else { return };
        if let Some(stretch) = draft.finish(bytes) {
            junction.learn(stretch);
        }
    }

    #[inline(always)]
    pub(crate) fn text(&self, field: usize) -> usize {
        self.texts.get(field).copied().unwrap_or(0)
    }

    pub(crate) fn learn_text(&mut self, field: usize, index: usize) {
        if let Some(text) = self.texts.get_mut(field) {
            *text = index;
        }
    }
}

impl Junction {
    const fn new() -> Self {
        Self { stretches: Vec::new(), recent: Cell::new(0), span: usize::MAX, wait: 0, pause: 0 }
    }

    #[inline(always)]
    fn expected(&self, place: Place, chunk: &[u8; LOOK]) -> Option<&Stretch> {
        let stretch = self.stretches.get(self.recent.get())?;
        if stretch.fits(place, chunk) {
            return Some(stretch);
        }
        let index = self.stretches.iter().position(|stretch| stretch.fits(place, chunk))?;
        self.recent.set(index);
        self.stretches.get(index)
    }

    /// Where there are too many, the members that differ are in one stretch: what is shorter differs less. One without a
    /// value is only what stands before it, and that is the last to differ.
    fn learn(&mut self, stretch: Stretch) {
        if self.stretches.len() < MAX_STRETCHES {
            self.recent.set(self.stretches.len());
            self.stretches.push(stretch);
            return;
        }
        let members = self.stretches.iter().map(|stretch| stretch.members).max().unwrap_or(0);
        if members > 0 {
            self.span = members / 2;
            self.stretches.clear();
            (self.wait, self.pause) = (0, 0);
        } else {
            let oldest = (self.recent.get() + 1) % MAX_STRETCHES;
            self.stretches[oldest] = stretch;
            self.recent.set(oldest);
        }
    }
}
