//! Nothing of its own: the test is all there is.
