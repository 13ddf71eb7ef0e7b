//! Compiles C++ simdjson and the functions of `src/simdjson.cpp` that call it.

use std::env;
use std::path::PathBuf;

fn main() {
    napi_build::setup();
    println!("cargo::rerun-if-env-changed=SIMDJSON_SOURCES");
    println!("cargo::rerun-if-changed=src/simdjson.cpp");
    let sources = PathBuf::from(env::var_os("SIMDJSON_SOURCES").expect("build.mjs says where the C++ sources are"));
    let mut library = cc::Build::new();
    library.cpp(true).std("c++17").define("NDEBUG", None).include(&sources);
    // On demand is compiled for one instruction set, whereas the DOM and the first pass choose theirs at run time.
    let flags = env::var_os("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if flags.to_string_lossy().contains("target-cpu=native") {
        library.flag_if_supported("-march=native");
    }
    library.file(sources.join("simdjson.cpp")).file("src/simdjson.cpp").compile("json_peers_simdjson");
}
