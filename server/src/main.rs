//! The binary: a language server on stdin and stdout, or a command.

fn main() {}
