//! Rows of typed columns from documents of a known shape, without building anything in between.
//!
//! ```text
//!   Program    what is wanted: keys as a tree, and a kind, scale and default per field; read from words of JavaScript
//!   Texts      texts and their integers, for enums and dictionaries
//!   Layout     what was met last at each place, and is therefore expected there again
//!   RowDecoder reads lines or documents into columns
//! ```
//!
//! Everything is checked: a row is written for a document that is valid JSON in valid UTF-8 and nothing else. But nothing is
//! explained. Where a document is wrong, or merely unusual (an escape in a key, a member that comes twice, a number too long
//! for a word), decoding stops in front of it, and the caller reads that one by its own decoder, which knows every case and
//! every error. So the answers are the same as that decoder's by construction, as long as what is accepted here is right.

mod columns;
mod document;
mod layout;
mod number;
mod placed;
mod prefix;
mod program;
mod rows;
mod stretch;
mod texts;

pub use columns::{Column, ColumnKind};
pub use layout::Layout;
pub use program::Program;
pub use rows::{Outcome, Pieces, Request, RowDecoder, Stop};
pub use texts::Texts;
