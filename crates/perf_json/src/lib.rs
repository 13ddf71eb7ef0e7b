//! JSON answers from bytes, without building values.
//!
//! [`Validator`] gives V8's verdict on a document: the grammar of RFC 8259, any depth, lone surrogate escapes and numbers
//! beyond a double accepted, plus strict UTF-8 and no byte order mark. Where it refuses it says which byte made the
//! document invalid, and why. [`Indexer`] gives the same verdict and writes where every key and value stands. [`Finder`]
//! finds one value of a document that is known to be valid. [`decode::RowDecoder`] reads documents of a known shape into
//! typed columns, many at a time, and [`parallel::Pool`] has the threads for those who have more than one run of that.

mod blocks;
pub mod decode;
mod fault;
mod find;
mod index;
mod nesting;
pub mod parallel;
mod scan;
mod validate;
mod walk;

pub use fault::{JsonFault, Reason};
pub use find::Finder;
pub use index::{Indexer, Slots};
pub use validate::{ANY_DEPTH, Validator};
