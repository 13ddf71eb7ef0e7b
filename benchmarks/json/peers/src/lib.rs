//! JSON libraries behind one call of Node-API each, to be measured against. What they have in common with `@perf/native`:
//! the bytes are those of the caller's `Uint8Array`, and a function is registered with Node-API itself. What differs is
//! the library.

mod node;
mod query;
mod simd_json;
mod simdjson;
mod sonic;

use std::ffi::CStr;

use napi_sys::{napi_env, napi_value};

use crate::node::{Exports, Values};
use crate::query::Query;

/// Whether the bytes are a document; all of them are looked at.
pub type Validate = fn(&[u8]) -> bool;

/// The values that a query asks for, in its order. `None`: the library refused the document, or did not find one.
pub type Read = fn(&[u8], &Query, &mut Values) -> Option<()>;

const VALIDATE: [(&CStr, Validate); 3] = [
    (c"simdJsonIsValid", simd_json::is_valid),
    (c"sonicIsValid", sonic::is_valid),
    (c"simdjsonIsValid", simdjson::is_valid),
];

/// The first three validate the whole document, the next two only what they walk over, the last nothing: it reads what was
/// validated before.
const READ: [(&CStr, Read); 6] = [
    (c"simdJsonGet", simd_json::get),
    (c"sonicGet", sonic::get),
    (c"simdjsonGet", simdjson::get),
    (c"sonicGetUnchecked", sonic::get_unchecked),
    (c"simdjsonGetOnDemand", simdjson::get_on_demand),
    (c"simdjsonGetAgain", simdjson::get_again),
];

/// Called by Node.js when it has loaded the addon.
///
/// # Safety
/// `env` and `exports` are those of the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn napi_register_module_v1(env: napi_env, exports: napi_value) -> napi_value {
    // SAFETY: by the contract of this function.
    let exports = unsafe { Exports::new(env, exports) };
    exports.text(c"lockfile", include_str!("../Cargo.lock"));
    exports.prepare(c"prepare");
    for (name, validate) in VALIDATE {
        exports.validate(name, validate);
    }
    for (name, read) in READ {
        exports.read(name, read);
    }
    exports.into_value()
}
