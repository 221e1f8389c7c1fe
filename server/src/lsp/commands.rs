//! The commands of the server.

/// Answers the preview of a table or namespace.
pub const PREVIEW: &str = "quickbackRealtime.preview";
