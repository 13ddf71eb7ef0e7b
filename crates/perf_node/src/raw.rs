//! Functions that are called per message: registered with Node-API itself, because napi's macros cost several times what
//! such a call does (see `packages/native/design.md`).

use std::ffi::{CStr, c_void};
use std::ptr;

use napi::bindgen_prelude::{JsObjectValue, Object};
use napi::{Env, Result, check_status, sys};
use napi_derive::napi;

use crate::decode::prepare_json_decoder;
use crate::json::{find_json_value, index_json, validate_json};

pub type RawFunction = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

/// Adds the raw functions to the module's exports. Their declarations stand in `packages/native/src/binding.ts` through
/// the header that the build script gives to napi.
#[napi(module_exports)]
pub fn add_raw_functions(mut exports: Object, env: Env) -> Result<()> {
    add(&mut exports, env, c"validateJson", validate_json)?;
    add(&mut exports, env, c"indexJson", index_json)?;
    add(&mut exports, env, c"findJsonValue", find_json_value)?;
    add(&mut exports, env, c"prepareJsonDecoder", prepare_json_decoder)
}

fn add(exports: &mut Object, env: Env, name: &'static CStr, callback: RawFunction) -> Result<()> {
    let function = Object::from_raw(env.raw(), create_function(env.raw(), name, callback, ptr::null_mut())?);
    exports.set_named_property(name.to_str().unwrap_or_default(), function)
}

/// A function whose calls find `data` in [`Arguments::data`].
pub fn create_function(
    env: sys::napi_env,
    name: &'static CStr,
    callback: RawFunction,
    data: *mut c_void,
) -> Result<sys::napi_value> {
    let mut function = ptr::null_mut();
    // SAFETY: `env` is that of the running call; the name outlives it; the callback keeps the contract of Node-API.
    let status = unsafe {
        sys::napi_create_function(
            env,
            name.as_ptr(),
            name.count_bytes() as isize,
            Some(callback),
            data,
            &raw mut function,
        )
    };
    check_status!(status)?;
    Ok(function)
}

/// The arguments of a running call, at most `N` of them; missing ones are `undefined`.
pub struct Arguments<const N: usize> {
    env: sys::napi_env,
    values: [sys::napi_value; N],
    data: *mut c_void,
}

impl<const N: usize> Arguments<N> {
    /// To be called with what Node.js passed to the callback, before anything else.
    #[inline]
    pub fn read(env: sys::napi_env, info: sys::napi_callback_info) -> Self {
        let mut values = [ptr::null_mut(); N];
        let mut count = N;
        let mut data = ptr::null_mut();
        // SAFETY: `env` and `info` come from Node.js; it fills at most `count` values, the rest with `undefined`.
        unsafe {
            sys::napi_get_cb_info(env, info, &raw mut count, values.as_mut_ptr(), ptr::null_mut(), &raw mut data)
        };
        Self { env, values, data }
    }

    /// What the function was created with.
    #[inline]
    pub const fn data(&self) -> *mut c_void {
        self.data
    }

    /// The argument itself.
    #[inline]
    pub const fn value(&self, index: usize) -> sys::napi_value {
        self.values[index]
    }

    /// The argument as an unsigned integer, if it is a number.
    #[inline]
    pub fn uint32(&self, index: usize) -> Option<u32> {
        let mut number = 0;
        // SAFETY: `env` and the value belong to the running call.
        let status = unsafe { sys::napi_get_value_uint32(self.env, self.values[index], &raw mut number) };
        (status == sys::Status::napi_ok).then_some(number)
    }

    /// A result.
    #[inline]
    pub fn number(&self, number: f64) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: `env` belongs to the running call; on failure the value stays null, which is `undefined`.
        unsafe { sys::napi_create_double(self.env, number, &raw mut value) };
        value
    }
}

/// Makes the running call throw.
#[cold]
pub fn throw_type_error(env: sys::napi_env, message: &CStr) -> sys::napi_value {
    // SAFETY: `env` belongs to the running call; the text ends with a zero byte and is copied.
    unsafe { sys::napi_throw_type_error(env, ptr::null(), message.as_ptr()) };
    ptr::null_mut()
}
