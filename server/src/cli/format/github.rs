//! Annotations of GitHub actions: workflow commands on stdout.

use super::{View, text};
use crate::check::Finding;
use crate::diagnostic::Severity;

/// One command for each finding, and the line of totals for whoever reads the log.
pub fn render(view: &View<'_>) -> String {
    let mut out: String = view.shown().map(|finding| command(view, finding)).collect();
    if !view.quiet {
        let totals = text::totals(view);
        out.push_str(&anstream::adapter::strip_str(&totals).to_string());
    }
    out
}

fn command(view: &View<'_>, finding: &Finding) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "notice",
    };
    let (start, end) = finding.source.range(finding.span);
    let mut properties = vec![
        ("file", property(&view.repository_name(&finding.source))),
        ("line", start.line.to_string()),
        ("endLine", end.line.to_string()),
    ];
    // GitHub takes columns only of a range on one line.
    if start.line == end.line {
        properties.push(("col", start.column.to_string()));
        properties.push(("endColumn", end.column.to_string()));
    }
    properties.push((
        "title",
        property(&format!("quickback-realtime {}", finding.code)),
    ));
    let properties: Vec<String> = properties
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        message.push('\n');
        message.push_str(help);
    }
    format!("::{name} {}::{}\n", properties.join(","), data(&message))
}

/// The message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property's value, where two more characters have a meaning.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(super::data("50%: a,\r\nb"), "50%25: a,%0D%0Ab");
        assert_eq!(super::property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
