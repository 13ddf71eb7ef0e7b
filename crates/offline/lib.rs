//! Nothing of its own: the tests are those of the pure crates.
