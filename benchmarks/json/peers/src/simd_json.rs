//! simd-json. It unescapes strings where they stand, so it needs a copy of the document: that is part of its cost.

use std::cell::RefCell;
use std::mem;

use simd_json::prelude::*;
use simd_json::tape::Value;
use simd_json::{Buffers, INPUT_PADDING, Tape};

use crate::node::{Scalar, Values};
use crate::query::{Query, Step};

struct Memory {
    document: Vec<u8>,
    buffers: Buffers,
    tape: Tape<'static>,
}

thread_local! {
    static KEPT: RefCell<Memory> = RefCell::new(Memory::new());
}

pub fn is_valid(bytes: &[u8]) -> bool {
    KEPT.with_borrow_mut(|memory| memory.with_tape(bytes, |_| Some(()))).is_some()
}

pub fn get(bytes: &[u8], query: &Query, values: &mut Values) -> Option<()> {
    let read = |root: Value<'_, '_>| query.steps.iter().try_for_each(|path| values.push(scalar(&follow(root, path)?)?));
    if query.keep_memory {
        KEPT.with_borrow_mut(|memory| memory.with_tape(bytes, read))
    } else {
        Memory::new().with_tape(bytes, read)
    }
}

impl Memory {
    fn new() -> Self {
        Self { document: Vec::new(), buffers: Buffers::default(), tape: Tape(Vec::new()) }
    }

    /// Validates the whole document on the way.
    fn with_tape<T>(&mut self, bytes: &[u8], read: impl FnOnce(Value<'_, '_>) -> Option<T>) -> Option<T> {
        let Self { document, buffers, tape } = self;
        document.clear();
        document.reserve_exact(bytes.len() + INPUT_PADDING);
        document.extend_from_slice(bytes);
        document.resize(bytes.len() + INPUT_PADDING, 0); // else it makes a padded copy of the copy
        let mut filled = mem::replace(tape, Tape(Vec::new())).reset();
        let parsed = simd_json::fill_tape_padded(document, bytes.len(), buffers, &mut filled);
        let result = parsed.ok().and_then(|()| read(filled.as_value()));
        *tape = filled.reset();
        result
    }
}

fn follow<'tape, 'input>(root: Value<'tape, 'input>, path: &[Step]) -> Option<Value<'tape, 'input>> {
    path.iter().try_fold(root, |value, step| match step {
        Step::Key(key) => value.as_object()?.get(key.as_str()),
        Step::Index(index) => value.as_array()?.get(*index),
    })
}

fn scalar<'v>(value: &'v Value<'_, '_>) -> Option<Scalar<'v>> {
    if let Some(text) = value.as_str() {
        Some(Scalar::Text(text))
    } else if let Some(number) = value.cast_f64() {
        Some(Scalar::Number(number))
    } else if let Some(flag) = value.as_bool() {
        Some(Scalar::Bool(flag))
    } else {
        value.is_null().then_some(Scalar::Null)
    }
}
