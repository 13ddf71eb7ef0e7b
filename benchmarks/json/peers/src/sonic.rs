//! sonic-rs. Its instruction set is chosen when it is compiled, hence two builds. Its own checked `get` looks at the
//! document only up to the value, so that a whole validation is validating and then reading without checks.

use sonic_rs::{JsonValueTrait, LazyValue};

use crate::node::{Scalar, Values};
use crate::query::Query;

/// A lazy value of the whole document is its text, validated.
pub fn is_valid(bytes: &[u8]) -> bool {
    sonic_rs::from_slice::<LazyValue>(bytes).is_ok()
}

pub fn get(bytes: &[u8], query: &Query, values: &mut Values) -> Option<()> {
    if !is_valid(bytes) {
        return None;
    }
    // SAFETY: it was just validated.
    let found = unsafe { sonic_rs::get_many_unchecked(bytes, &query.tree) }.ok()?;
    found.iter().try_for_each(|value| push(values, value.as_ref()?))
}

pub fn get_unchecked(bytes: &[u8], query: &Query, values: &mut Values) -> Option<()> {
    query.nodes.iter().try_for_each(|path| {
        // SAFETY: it reads valid documents only, as the benchmarks of reads without checks do.
        let value = unsafe { sonic_rs::get_from_slice_unchecked(bytes, path) }.ok()?;
        push(values, &value)
    })
}

fn push(values: &mut Values, value: &LazyValue<'_>) -> Option<()> {
    values.push(if let Some(text) = value.as_str() {
        Scalar::Text(text)
    } else if let Some(number) = value.as_f64() {
        Scalar::Number(number)
    } else if let Some(flag) = value.as_bool() {
        Scalar::Bool(flag)
    } else if value.is_null() {
        Scalar::Null
    } else {
        return None;
    })
}
