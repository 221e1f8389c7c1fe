//! Standard output and error, with colors where they are wanted.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use super::arguments::{Color, When};

/// Where a command writes to.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    choice: ColorChoice,
}

impl Output {
    /// The streams of the process.
    pub fn new(color: Color) -> Self {
        let choice = match color.color {
            When::Auto => ColorChoice::Auto,
            // Not `AlwaysAnsi`: on an old Windows console colors are not written as text.
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        };
        Self { choice }
    }

    /// Writes the result of a command: to stdout, all at once.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn print(&self, text: &str) -> io::Result<()> {
        let mut stdout = AutoStream::new(io::stdout(), self.choice).lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// Writes a result for other programs: to stdout, all at once and byte for byte. Names and texts
    /// of a project may hold what a terminal would take for a color.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn data(&self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// Whether stdout has colors.
    pub fn has_colors(&self) -> bool {
        match self.choice {
            ColorChoice::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            choice => choice != ColorChoice::Never,
        }
    }

    /// Writes what is no result to stderr.
    pub fn note(&self, text: &str) {
        let mut stderr = AutoStream::new(io::stderr(), self.choice).lock();
        // Whoever closed stderr does not want to hear of it.
        let _ = writeln!(stderr, "{text}");
    }

    /// Says why a command could not do its work.
    pub fn error(&self, error: &dyn std::fmt::Display) {
        let style = Style::new()
            .bold()
            .fg_color(Some(AnsiColor::BrightRed.into()));
        self.note(&format!("{style}error{style:#}: {error:#}"));
    }
}
