//! Who receives a realtime event, and what each receiver sees of it.

pub mod mask;
