//! `explain`: what a rule means.

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::bail;

use super::Outcome;
use super::arguments::Explain;
use super::output::Output;
use crate::codes::{self, Code};
use crate::diagnostic::Severity;
use crate::rules;
use crate::rules::suggest::nearest;

/// Prints a rule's page, or one line for each rule.
pub fn run(arguments: &Explain) -> Outcome {
    let output = Output::new(arguments.color);
    let text = match &arguments.code {
        None => list(),
        Some(code) => match codes::find(code) {
            Some(found) => page(&found),
            None => {
                let known: Vec<&'static str> = codes::all().iter().map(|c| c.code).collect();
                let ask = nearest(code, known)
                    .map(|near| format!(" Did you mean {near}?"))
                    .unwrap_or_default();
                bail!("there is no rule {code}.{ask} `quickback-realtime explain` lists them all");
            }
        },
    };
    output.print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn list() -> String {
    let codes = codes::all();
    let width = codes.iter().map(|c| c.code.len()).max().unwrap_or_default();
    let bold = Style::new().bold();
    let mut text = String::new();
    for code in &codes {
        let severity = code.severity.to_string();
        let style = style(code.severity);
        text.push_str(&format!(
            "{bold}{:width$}{bold:#}  {style}{severity:11}{style:#}  {}\n",
            code.code,
            code.summary()
        ));
    }
    text.push_str("\n`quickback-realtime explain CODE` says more of one.\n");
    text
}

/// The documentation as it is written, in Markdown, with its headings and code told apart.
fn page(code: &Code) -> String {
    let bold = Style::new().bold();
    let dimmed = Style::new().dimmed();
    let style = style(code.severity);
    let mut text = format!(
        "{bold}{}{bold:#} ({style}{}{style:#})\n\n",
        code.code, code.severity
    );
    let mut in_code = false;
    for line in code.docs.trim().lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            text.push_str(&format!("    {dimmed}{line}{dimmed:#}\n"));
        } else if let Some(heading) = line.strip_prefix("## ") {
            text.push_str(&format!("{bold}{heading}{bold:#}\n"));
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.push_str(&format!("\n{dimmed}{}{dimmed:#}\n", rules::page(code.code)));
    text
}

fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::BrightRed,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Information => AnsiColor::BrightBlue,
        Severity::Hint => AnsiColor::BrightGreen,
    };
    Style::new().fg_color(Some(color.into()))
}
