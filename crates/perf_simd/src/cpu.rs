//! Which instruction sets there are, and which of them this machine has.

use crate::isa::{Isa, Kernel, Scalar};

#[cfg(target_arch = "aarch64")]
use crate::isa::neon::Neon;
#[cfg(target_arch = "x86_64")]
use crate::isa::x86_64::{Avx2, Avx512, Sse42};

/// The name of an instruction set that the kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Eight bytes at a time in a 64-bit register; runs everywhere.
    Scalar,
    /// x86-64 with SSE4.2: 16 bytes.
    Sse42,
    /// x86-64 with AVX2, BMI1 and LZCNT: 32 bytes.
    Avx2,
    /// x86-64 with AVX-512 F, BW and VBMI2, and what `Avx2` has: 64 bytes.
    Avx512,
    /// `AArch64`: 16 bytes.
    Neon,
}

impl Path {
    /// Every path, the one that is preferred first.
    pub const ALL: [Self; 5] = [Self::Avx512, Self::Avx2, Self::Sse42, Self::Neon, Self::Scalar];

    /// The name that users write, in `PERF_NATIVE_CPU` among others.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Sse42 => "sse42",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
        }
    }

    /// The reverse of [`Path::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|path| path.name() == name)
    }
}

/// An instruction set that this machine has. Only detection makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cpu {
    path: Path,
}

impl Cpu {
    /// The CPU, if it has `path`.
    #[must_use]
    pub fn with(path: Path) -> Option<Self> {
        let found = match path {
            Path::Scalar => true,
            #[cfg(target_arch = "x86_64")]
            Path::Sse42 => Sse42::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => Avx2::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => Avx512::detect().is_some(),
            #[cfg(target_arch = "aarch64")]
            Path::Neon => Neon::detect().is_some(),
            #[allow(unreachable_patterns, reason = "which paths are left depends on the architecture")]
            _ => false,
        };
        found.then_some(Self { path })
    }

    /// The widest path that this machine has.
    #[must_use]
    pub fn best() -> Self {
        Self::supported().next().unwrap_or(Self { path: Path::Scalar })
    }

    /// Every path that this machine has, the preferred one first; the last is always [`Path::Scalar`].
    pub fn supported() -> impl Iterator<Item = Self> {
        Path::ALL.into_iter().filter_map(Self::with)
    }

    /// Which path this is.
    #[must_use]
    pub const fn path(self) -> Path {
        self.path
    }

    /// Runs a kernel on this path. For calls that take microseconds; a hot entry point keeps a function pointer made
    /// from the path once.
    pub fn run<K: Kernel>(self, kernel: K) -> K::Output {
        match self.path {
            // SAFETY: a `Cpu` of this path exists, so detection found its instructions.
            #[cfg(target_arch = "x86_64")]
            Path::Sse42 => unsafe { Sse42::assume() }.run(kernel),
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => unsafe { Avx2::assume() }.run(kernel),
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => unsafe { Avx512::assume() }.run(kernel),
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            Path::Neon => unsafe { Neon::assume() }.run(kernel),
            _ => Scalar.run(kernel),
        }
    }
}

/// The function `$entry::<I>` for the instruction set `I` of a [`Cpu`]: what a hot entry point keeps, so that a call is one indirect jump.
/// To be called only where that `Cpu` came from, on this machine.
#[macro_export]
macro_rules! entry_for {
    ($cpu:expr, $entry:ident) => {
        match $cpu.path() {
            #[cfg(target_arch = "x86_64")]
            $crate::Path::Sse42 => $entry::<$crate::Sse42>,
            #[cfg(target_arch = "x86_64")]
            $crate::Path::Avx2 => $entry::<$crate::Avx2>,
            #[cfg(target_arch = "x86_64")]
            $crate::Path::Avx512 => $entry::<$crate::Avx512>,
            #[cfg(target_arch = "aarch64")]
            $crate::Path::Neon => $entry::<$crate::Neon>,
            _ => $entry::<$crate::Scalar>,
        }
    };
}
