//! What can be wrong with a document, and where exactly.

/// Why a document was refused. The discriminants are part of the interface to JavaScript: append, never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// A malformed UTF-8 sequence, inside a string or out. Offset: the first byte of the sequence.
    Utf8 = 1,
    /// The document starts with the byte order mark EF BB BF. Offset: 0.
    ByteOrderMark = 2,
    /// The input ended where something was still expected. Offset: the length of the input.
    End = 3,
    /// A value was expected. Offset: the byte that cannot start one.
    Value = 4,
    /// An object key was expected, or `}` directly after `{`. Offset: the byte that stands there.
    Key = 5,
    /// `:` was expected after a key. Offset: the byte that stands there.
    Colon = 6,
    /// `,` or the closing bracket was expected. Offset: the byte that stands there.
    Separator = 7,
    /// Something follows the document. Offset: the first byte that is not white space.
    Trailing = 8,
    /// A misspelt `true`, `false` or `null`. Offset: the first byte that differs.
    Literal = 9,
    /// A malformed number. Offset: the byte that stands where a digit is required, or the digit after a leading zero.
    Number = 10,
    /// A malformed escape. Offset: the byte after the backslash, or the first of the four that is not a hex digit.
    Escape = 11,
    /// A control character (below 0x20) in a string. Offset: that byte.
    Control = 12,
    /// More brackets are open than allowed. Offset: the opening bracket that is one too many.
    Depth = 13,
    /// More bytes than 32-bit offsets reach: an index is refused, a verdict is not. Offset: 2^32 − 1.
    Length = 14,
}

/// The first byte that makes a document invalid: no valid document starts with the bytes up to and including it.
///
/// For [`Reason::Utf8`] that byte may be later in the sequence; the offset is that of the sequence's start. When a
/// malformed sequence and another fault compete, the smaller offset wins, and the sequence at equal offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// Index of the byte, or the length of the input for [`Reason::End`].
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

impl JsonFault {
    /// The fault at a byte, or [`Reason::End`] where there is none left.
    #[cold]
    pub(crate) fn at(bytes: &[u8], offset: usize, reason: Reason) -> Self {
        if offset < bytes.len() { Self { offset, reason } } else { Self { offset: bytes.len(), reason: Reason::End } }
    }
}
