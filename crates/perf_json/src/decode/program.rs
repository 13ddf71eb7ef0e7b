//! A schema as JavaScript hands it over: words and keys, read once and checked, so that nothing after it can be out of
//! range.
//!
//! ```text
//!   fields  nodes  dictionaries  maxLevels
//!   per field  kind  isOptional  default (2 words)  dictionary  scale (4 words)  second scale (4 words)
//!   per node   children, then per child  length of its key  isNode  index of the field or node
//! ```
//!
//! A scale is `decimals`, `step` (2 words, the lower first) and `rules` (1: signed; 2: a number, 4: a text, neither:
//! either). The keys stand one after another in a blob of their own, in the order of the children. Node 0 is the document; a
//! node comes after the one that it is in.

use core::iter;

use super::columns::ColumnKind;
use super::number::{Form, Scale};

/// The most fields and objects together: what was met in a document is one word of bits.
const MAX_TARGETS: usize = 64;
/// The most objects that are open on the way to a field.
const MAX_OPEN: usize = 16;
const MAX_DECIMALS: u32 = 30;

const SIGNED: u32 = 1;
const NUMBER: u32 = 2;
const TEXT: u32 = 4;

/// What is wanted of a document.
#[derive(Debug)]
pub struct Program {
    pub(crate) fields: Vec<Field>,
    pub(crate) nodes: Vec<Vec<Child>>,
    /// The node around each node; node 0 has none.
    parents: Vec<usize>,
    /// Bits of the fields without a default.
    pub(crate) required: u64,
    pub(crate) max_levels: usize,
    dictionaries: usize,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) kind: Kind,
    pub(crate) is_optional: bool,
    /// The value where it is missing or null: the bits of a double, or an integer.
    pub(crate) default: u64,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Double,
    Integer(Form),
    Count(Scale),
    Bool,
    /// A text of this dictionary, into a byte.
    Enum(usize),
    /// The same into 32 bits.
    Text(usize),
    Levels(Scale, Scale),
}

#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) key: Box<[u8]>,
    pub(crate) target: Target,
}

/// What a member is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Skip,
    Field(usize),
    Node(usize),
}

impl Program {
    /// Reads a program, or `None` where the words are none.
    #[must_use]
    pub fn read(words: &[i32], keys: &[u8]) -> Option<Self> {
        let mut source = Source { words, keys };
        let [fields, nodes, dictionaries, max_levels] =
            [source.size()?, source.size()?, source.size()?, source.size()?];
        if nodes == 0 || fields.checked_add(nodes)? > MAX_TARGETS || dictionaries > fields {
            return None;
        }
        let fields = (0..fields).map(|_| source.field(dictionaries)).collect::<Option<Vec<_>>>()?;
        let mut parents = vec![usize::MAX; nodes];
        let nodes = (0..nodes).map(|node| source.node(node, fields.len(), &mut parents)).collect::<Option<_>>()?;
        let required = fields.iter().enumerate().filter(|(_, field)| !field.is_optional);
        let required = required.fold(0, |bits, (index, _)| bits | 1 << index);
        let is_read = source.words.is_empty() && source.keys.is_empty();
        is_read.then_some(Self { fields, nodes, parents, required, max_levels, dictionaries })
    }

    /// The kind of column that each field needs, in order.
    pub fn columns(&self) -> impl Iterator<Item = ColumnKind> {
        self.fields.iter().map(|field| match field.kind {
            Kind::Double | Kind::Count(_) => ColumnKind::Doubles,
            Kind::Integer(_) => ColumnKind::Integers,
            Kind::Bool | Kind::Enum(_) => ColumnKind::Bytes,
            Kind::Text(_) => ColumnKind::Texts,
            Kind::Levels(..) => ColumnKind::Levels,
        })
    }

    /// How many dictionaries its fields refer to.
    #[must_use]
    pub const fn dictionaries(&self) -> usize {
        self.dictionaries
    }

    /// The node around a node, if it is not the document.
    #[inline(always)]
    pub(crate) fn parent(&self, node: usize) -> Option<usize> {
        if node == 0 { None } else { self.parents.get(node).copied() }
    }

    /// The bit of an object among those of the fields.
    #[inline(always)]
    pub(crate) fn node_bit(&self, node: usize) -> u64 {
        1 << (self.fields.len() + node)
    }
}

struct Source<'a> {
    words: &'a [i32],
    keys: &'a [u8],
}

impl Source<'_> {
    fn word(&mut self) -> Option<u32> {
        let (&first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first.cast_unsigned())
    }

    fn size(&mut self) -> Option<usize> {
        self.word().map(|word| word as usize)
    }

    fn long(&mut self) -> Option<u64> {
        let low = self.word()?;
        Some(u64::from(low) | u64::from(self.word()?) << 32)
    }

    fn flag(&mut self) -> Option<bool> {
        match self.word()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn field(&mut self, dictionaries: usize) -> Option<Field> {
        let kind = self.word()?;
        let is_optional = self.flag()?;
        let default = self.long()?;
        let dictionary = self.size()?;
        let [scale, second] = [self.scale()?, self.scale()?];
        let kind = match kind {
            0 => Kind::Double,
            1 => Kind::Integer(scale.form),
            2 => Kind::Count(scale),
            3 => Kind::Bool,
            4 | 5 if dictionary >= dictionaries => return None,
            4 => Kind::Enum(dictionary),
            5 => Kind::Text(dictionary),
            6 => Kind::Levels(scale, second),
            _ => return None,
        };
        Some(Field { kind, is_optional, default })
    }

    fn scale(&mut self) -> Option<Scale> {
        let decimals = self.word()?;
        let step = self.long()?;
        let rules = self.word()?;
        let form = match rules & !SIGNED {
            0 => Form::Any,
            NUMBER => Form::Number,
            TEXT => Form::Text,
            _ => return None,
        };
        let is_scale = decimals <= MAX_DECIMALS && step > 0;
        is_scale.then_some(Scale { decimals, step, is_signed: rules & SIGNED != 0, form })
    }

    fn node(&mut self, node: usize, fields: usize, parents: &mut [usize]) -> Option<Vec<Child>> {
        let children = self.size()?;
        let depth = iter::successors(Some(node), |&node| parents.get(node).copied()).count() - 1;
        (0..children)
            .map(|_| {
                let length = self.size()?;
                let is_node = self.flag()?;
                let index = self.size()?;
                let (key, rest) = self.keys.split_at_checked(length)?;
                self.keys = rest;
                let target = if is_node {
                    // After its parent, so that there are no circles, and inside of no other.
                    let parent = parents.get_mut(index)?;
                    if index <= node || *parent != usize::MAX || depth == MAX_OPEN {
                        return None;
                    }
                    *parent = node;
                    Target::Node(index)
                } else {
                    (index < fields).then_some(Target::Field(index))?
                };
                Some(Child { key: key.into(), target })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Child, Kind, Program, Target};

    const SCALE: [i32; 4] = [1, 1, 0, 0];

    fn field(kind: i32, is_optional: i32, dictionary: i32) -> Vec<i32> {
        [&[kind, is_optional, 5, 0, dictionary][..], &SCALE, &SCALE].concat()
    }

    fn program(parts: &[&[i32]], keys: &[u8]) -> Option<Program> {
        Program::read(&parts.concat(), keys)
    }

    #[test]
    fn is_read_as_it_was_written() {
        let (a, b) = (field(2, 0, 0), field(5, 1, 0));
        let read = program(&[&[2, 2, 1, 100], &a, &b, &[2, 1, 0, 0, 4, 1, 1], &[1, 1, 0, 1]], b"pdatas").unwrap();
        assert_eq!((read.required, read.max_levels, read.dictionaries()), (1, 100, 1));
        assert!(matches!(read.fields[0].kind, Kind::Count(_)) && matches!(read.fields[1].kind, Kind::Text(0)));
        assert_eq!(read.fields[1].default, 5);
        let seen = |child: &Child| (child.key.to_vec(), child.target);
        assert_eq!(
            read.nodes[0].iter().map(seen).collect::<Vec<_>>(),
            [(b"p".to_vec(), Target::Field(0)), (b"data".to_vec(), Target::Node(1)),]
        );
        assert_eq!(seen(&read.nodes[1][0]), (b"s".to_vec(), Target::Field(1)));
    }

    #[test]
    fn is_none_where_the_words_are_none() {
        let a = field(0, 0, 0);
        assert!(program(&[&[1, 1, 0, 1], &a, &[1, 1, 0, 0]], b"p").is_some());
        let refused: &[(&[&[i32]], &[u8])] = &[
            (&[], b""),
            (&[&[0, 0, 0, 1]], b""),
            (&[&[1, 1, 0, 1], &a, &[1, 1, 0, 0]], b""),
            (&[&[1, 1, 0, 1], &a, &[1, 1, 0, 0]], b"pp"),
            (&[&[1, 1, 0, 1], &a, &[1, 1, 0, 0, 7]], b"p"),
            (&[&[1, 1, 0, 1], &a, &[1, 1, 0, 1]], b"p"),
            (&[&[1, 1, 0, 1], &a, &[1, 1, 1, 0]], b"p"),
            (&[&[1, 2, 0, 1], &a, &[1, 1, 1, 1], &[1, 1, 1, 1]], b"pp"),
            (&[&[1, 1, 0, 1], &field(7, 0, 0), &[1, 1, 0, 0]], b"p"),
            (&[&[1, 1, 0, 1], &field(4, 0, 0), &[1, 1, 0, 0]], b"p"),
            (&[&[1, 1, 0, 1], &field(0, 2, 0), &[1, 1, 0, 0]], b"p"),
            (&[&[64, 1, 0, 1]], b""),
            (&[&[-1, 1, 0, 1]], b""),
        ];
        for (index, (parts, keys)) in refused.iter().enumerate() {
            assert!(program(parts, keys).is_none(), "program {index}");
        }
    }

    #[test]
    fn is_none_where_objects_nest_too_deeply() {
        let nested = |nodes: i32| {
            let mut words = vec![0, nodes, 0, 1];
            let mut keys = Vec::new();
            for node in 1..nodes {
                words.extend([1, 1, 1, node]);
                keys.push(b'k');
            }
            words.push(0);
            Program::read(&words, &keys)
        };
        assert!(nested(16).is_some());
        assert!(nested(17).is_none());
    }
}
