//! A `Uint8Array` argument at the lowest price.

use std::{ptr, slice};

use napi::sys;

use crate::raw::Arguments;

/// The memory of an argument for the length of one synchronous call, if it is a `Uint8Array`.
///
/// napi's own `&[u8]` and `Uint8Array` also ask for the array's buffer, which creates a handle per call.
#[inline]
pub fn uint8_array<const N: usize>(env: sys::napi_env, arguments: &Arguments<N>, index: usize) -> Option<&[u8]> {
    let mut kind = 0;
    let mut length = 0;
    let mut data = ptr::null_mut();
    // SAFETY: `env` and the value belong to the running call; null skips what is not wanted.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env,
            arguments.value(index),
            &raw mut kind,
            &raw mut length,
            &raw mut data,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    if status != sys::Status::napi_ok || kind != sys::TypedarrayType::uint8_array {
        return None;
    }
    if data.is_null() || length == 0 {
        return Some(&[]); // empty or detached
    }
    // SAFETY: the engine owns `length` bytes at `data` for as long as the arguments live, and JavaScript does not run
    // before the call returns, so this thread neither moves nor writes them. Another thread can write them when the
    // memory is shared: no kernel relies on two reads of a byte being equal for staying inside the slice, and the
    // JavaScript side documents that the answer is then about no particular state.
    Some(unsafe { slice::from_raw_parts(data.cast(), length) })
}
