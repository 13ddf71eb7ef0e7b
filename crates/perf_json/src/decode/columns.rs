//! Where values go.

use core::cell::Cell;

/// The array or arrays of a field.
///
/// Cells, because arrays of JavaScript may overlap: then a later value stands over an earlier one, and nothing worse.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    /// Doubles, and counts and integers up to 2^53.
    Doubles(&'a [Cell<f64>]),
    /// Integers of 64 bits.
    Integers(&'a [Cell<i64>]),
    /// 1 and 0, and places in the list of an enum.
    Bytes(&'a [Cell<u8>]),
    /// Integers of dictionary texts.
    Texts(&'a [Cell<i32>]),
    /// Price levels: row `r` has those from `starts[r]` up to `starts[r + 1]`.
    Levels {
        /// Prices.
        ticks: &'a [Cell<f64>],
        /// Quantities.
        lots: &'a [Cell<f64>],
        /// One more than rows.
        starts: &'a [Cell<u32>],
    },
}

/// Which column a field needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// [`Column::Doubles`]
    Doubles,
    /// [`Column::Integers`]
    Integers,
    /// [`Column::Bytes`]
    Bytes,
    /// [`Column::Texts`]
    Texts,
    /// [`Column::Levels`]
    Levels,
}
