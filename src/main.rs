//! The `mavi` command.

fn main() {}
