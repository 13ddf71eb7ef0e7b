//! What was met last at each place: messages of one source have the same members in the same order, read or not.

use super::prefix::Prefix;
use super::program::{Program, Target};

/// Memory of one run of decoding, or of several of the same program one after another. It changes how quick the next
/// document is and nothing else.
#[derive(Debug)]
pub struct Layout {
    /// The members of a document in the order in which they came, those of its inner objects in between.
    members: Vec<Member>,
    /// Per field, the text that it had.
    texts: Vec<usize>,
}

/// A member whose value comes next.
#[derive(Debug)]
pub(crate) struct Member {
    /// Everything between the value before and this one: separators, white space, the key and its colon.
    pub(crate) lead: Prefix,
    pub(crate) place: Place,
    pub(crate) target: Target,
}

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
/// Longer leads are looked up as well.
const MAX_LEAD: usize = 256;

impl Layout {
    /// Nothing is expected yet.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        Self { members: Vec::new(), texts: vec![0; program.fields.len()] }
    }

    #[inline(always)]
    pub(crate) fn member(&self, ordinal: usize) -> Option<&Member> {
        self.members.get(ordinal)
    }

    /// Expects a member there the next time. Not with a line feed before it, which is white space only where no line ends.
    pub(crate) fn learn(&mut self, ordinal: usize, lead: &[u8], place: Place, target: Target) {
        if lead.len() > MAX_LEAD || lead.contains(&b'\n') {
            return;
        }
        if let Some(member) = self.members.get_mut(ordinal) {
            *member = Member { lead: Prefix::new(lead), place, target };
        } else if ordinal == self.members.len() && ordinal < MAX_MEMBERS {
            self.members.push(Member { lead: Prefix::new(lead), place, target });
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
