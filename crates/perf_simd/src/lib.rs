//! Byte kernels for several CPU instruction sets, chosen at run time.
//!
//! ```text
//!   Path    a name: scalar, sse42, avx2, avx512, neon
//!   Cpu     the proof that this machine has a path (only detection makes one)
//!   Isa     the operations of a path on one vector of bytes; a zero-sized proof as well
//!   Kernel  an algorithm written once over `Isa`
//! ```
//!
//! The build targets the baseline of the platform. `Isa::run` enters a function that is compiled with the features of
//! its instruction set and into which the kernel is inlined, so a binary holds every path and runs on every CPU.
//!
//! Unsafe code is confined to this crate's `isa` folder. Kernels are safe Rust: vectors are loaded from slices with a
//! bounds check, and a value of an `Isa` type exists only where the CPU was found to have the instructions.

mod cpu;
mod isa;
mod utf8;

pub use cpu::{Cpu, Path};
pub use isa::{Isa, Kernel, Scalar};
pub use utf8::{Utf8Fault, utf8_fault_scalar};

#[cfg(target_arch = "x86_64")]
pub use isa::x86_64::{Avx2, Avx512, Sse42};

#[cfg(target_arch = "aarch64")]
pub use isa::neon::Neon;
