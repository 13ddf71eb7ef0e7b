//! JSON entry points.

use std::panic;

use napi::sys;
use perf_json::{JsonFault, Slots, Validator};

use crate::bytes::{Uint32Memory, disjoint, uint8_array};
use crate::cpu::Chosen;
use crate::raw::{Arguments, throw_type_error};

/// Where the reason starts in the result: offsets stay below 2^33 and the sum is exact in a double.
const REASONS: f64 = 16.0;

/// `validateJson(bytes: Uint8Array, maxDepth: number): number`: −1 for a valid document, else `offset * 16 + reason`. One
/// number costs less than an object, and the valid case is the one that counts.
///
/// # Safety
/// To be called by Node.js only, as the callback of a function.
pub unsafe extern "C" fn validate_json(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let arguments = Arguments::<2>::read(env, info);
    let (Some(bytes), Some(max_depth)) = (uint8_array(env, &arguments, 0), arguments.uint32(1)) else {
        return throw_type_error(env, c"validateJson takes a Uint8Array and a depth");
    };
    match panic::catch_unwind(|| validate(&Chosen::get().validator, bytes, max_depth)) {
        Ok(verdict) => arguments.number(verdict),
        Err(_) => throw_type_error(env, c"validateJson failed by a defect of its own"),
    }
}

fn validate(validator: &Validator, bytes: &[u8], max_depth: u32) -> f64 {
    match validator.validate(bytes, max_depth) {
        Ok(()) => -1.0,
        #[allow(clippy::cast_precision_loss, reason = "a typed array has at most 2^33 bytes")]
        Err(JsonFault { offset, reason }) => offset as f64 * REASONS + f64::from(reason as u8),
    }
}

/// `indexJson(bytes: Uint8Array, maxDepth: number, offsets: Uint32Array, ends: Uint32Array): number`: how many entries
/// were written; minus how many there are, when they do not fit; NaN for what is no document.
///
/// # Safety
/// To be called by Node.js only, as the callback of a function.
pub unsafe extern "C" fn index_json(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let arguments = Arguments::<4>::read(env, info);
    let (Some(bytes), Some(max_depth), Some(offsets), Some(ends)) = (
        uint8_array(env, &arguments, 0),
        arguments.uint32(1),
        Uint32Memory::read(env, &arguments, 2),
        Uint32Memory::read(env, &arguments, 3),
    ) else {
        return throw_type_error(env, c"indexJson takes a Uint8Array, a depth and two Uint32Arrays");
    };
    let Some((offsets, ends)) = disjoint(bytes, offsets, ends) else {
        return throw_type_error(env, c"indexJson takes arrays that do not overlap");
    };
    let room = offsets.len().min(ends.len());
    let indexer = &Chosen::get().indexer;
    let slots = panic::AssertUnwindSafe(Slots { offsets, ends });
    match panic::catch_unwind(|| indexer.index(bytes, max_depth, { slots }.0)) {
        Ok(outcome) => arguments.number(entries(outcome, room)),
        Err(_) => throw_type_error(env, c"indexJson failed by a defect of its own"),
    }
}

fn entries(outcome: Result<usize, JsonFault>, room: usize) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "at most 2^31 + 1 entries")]
    outcome.map_or(f64::NAN, |count| if count <= room { count as f64 } else { -(count as f64) })
}

/// `findJsonValue(bytes: Uint8Array, pointer: Uint8Array, span: Uint32Array): number`: 1 with the value's start and end in
/// `span`, 0 where there is none.
///
/// # Safety
/// To be called by Node.js only, as the callback of a function.
pub unsafe extern "C" fn find_json_value(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let arguments = Arguments::<3>::read(env, info);
    let found = {
        let (Some(bytes), Some(pointer)) = (uint8_array(env, &arguments, 0), uint8_array(env, &arguments, 1)) else {
            return throw_type_error(env, c"findJsonValue takes two Uint8Arrays and a Uint32Array");
        };
        match panic::catch_unwind(|| Chosen::get().finder.find(bytes, pointer)) {
            Ok(found) => found,
            Err(_) => return throw_type_error(env, c"findJsonValue failed by a defect of its own"),
        }
    };
    let Some(span) = Uint32Memory::read(env, &arguments, 2) else {
        return throw_type_error(env, c"findJsonValue takes two Uint8Arrays and a Uint32Array");
    };
    let Some(value) = found else { return arguments.number(0.0) };
    let (Ok(start), Ok(end)) = (u32::try_from(value.start), u32::try_from(value.end)) else {
        return throw_type_error(env, c"findJsonValue takes at most 2^32 - 1 bytes");
    };
    // The slices are gone: whatever the span overlaps is not borrowed any more.
    if span.write([start, end]) {
        arguments.number(1.0)
    } else {
        throw_type_error(env, c"findJsonValue needs two elements")
    }
}
