//! What was met last at each place: messages of one source have the same members in the same order, read or not.

use super::prefix::Prefix;
use super::program::{Program, Target};

/// Memory of one run of decoding, or of several of the same program one after another. It changes how quick the next
/// document is and nothing else.
#[derive(Debug)]
pub struct Layout {
    /// Per object of the program, the keys in the order in which they came.
    members: Vec<Vec<Member>>,
    /// Per field, the text that it had.
    texts: Vec<usize>,
}

/// A key with its quotes and colon, and what its value is for.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) key: Prefix,
    pub(crate) target: Target,
}

/// Members beyond this are looked up one by one.
const MAX_MEMBERS: usize = 64;
/// Longer keys are looked up as well.
const MAX_KEY: usize = 256;

impl Layout {
    /// Nothing is expected yet.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        Self { members: program.nodes.iter().map(|_| Vec::new()).collect(), texts: vec![0; program.fields.len()] }
    }

    #[inline(always)]
    pub(crate) fn member(&self, node: usize, ordinal: usize) -> Option<&Member> {
        self.members.get(node)?.get(ordinal)
    }

    /// Expects `key` (with quotes and colon) there the next time.
    pub(crate) fn learn(&mut self, node: usize, ordinal: usize, key: &[u8], target: Target) {
        let Some(members) = self.members.get_mut(node) else { return };
        if key.len() > MAX_KEY {
            return;
        }
        if let Some(member) = members.get_mut(ordinal) {
            *member = Member { key: Prefix::new(key), target };
        } else if ordinal == members.len() && ordinal < MAX_MEMBERS {
            members.push(Member { key: Prefix::new(key), target });
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
