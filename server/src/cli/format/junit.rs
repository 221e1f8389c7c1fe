//! JUnit's XML: a test suite for each file with findings, a failed test for each of them.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::View;
use crate::check::Finding;

/// The report of one run. Where nothing was found there is one test, which passes: tools take a
/// report without tests for a broken one.
pub fn render(view: &View<'_>) -> anyhow::Result<String> {
    let mut suites: Vec<(&str, Vec<&Finding>)> = Vec::new();
    for finding in view.shown() {
        match suites.last_mut() {
            Some((name, findings)) if *name == finding.source.name => findings.push(finding),
            _ => suites.push((&finding.source.name, vec![finding])),
        }
    }
    let failures: usize = suites.iter().map(|(_, findings)| findings.len()).sum();
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .with_attributes([
            ("name", "quickback-realtime"),
            ("tests", failures.max(1).to_string().as_str()),
            ("failures", failures.to_string().as_str()),
            ("errors", "0"),
        ])
        .write_inner_content(|writer| {
            if suites.is_empty() {
                suite(writer, "quickback-realtime", &[])?;
            }
            for (name, findings) in &suites {
                suite(writer, name, findings)?;
            }
            Ok(())
        })?;
    Ok(String::from_utf8(writer.into_inner())? + "\n")
}

type Out = Writer<Vec<u8>>;

fn suite(writer: &mut Out, name: &str, findings: &[&Finding]) -> std::io::Result<()> {
    let name = allowed(name);
    let tests = findings.len().max(1).to_string();
    let failures = findings.len().to_string();
    let attributes = [
        ("name", name.as_str()),
        ("tests", tests.as_str()),
        ("failures", failures.as_str()),
        ("errors", "0"),
    ];
    let element = writer
        .create_element("testsuite")
        .with_attributes(attributes);
    element.write_inner_content(|writer| {
        if findings.is_empty() {
            let passed = writer.create_element("testcase");
            passed
                .with_attributes([("name", "check"), ("classname", name.as_str())])
                .write_empty()?;
        }
        findings.iter().try_for_each(|f| case(writer, &name, f))
    })?;
    Ok(())
}

fn case(writer: &mut Out, file: &str, finding: &Finding) -> std::io::Result<()> {
    let (start, _) = finding.source.range(finding.span);
    let test = format!("{} at {}:{}", finding.code, start.line, start.column);
    let severity = finding.severity.to_string();
    let message = allowed(&finding.message);
    let mut body = format!("{file}:{}:{}: {message}", start.line, start.column);
    if let Some(help) = &finding.help {
        body.push('\n');
        body.push_str(&allowed(help));
    }
    writer
        .create_element("testcase")
        .with_attributes([("name", test.as_str()), ("classname", file)])
        .write_inner_content(|writer| {
            writer
                .create_element("failure")
                .with_attributes([("type", severity.as_str()), ("message", message.as_str())])
                .write_text_content(BytesText::new(&body))?;
            Ok(())
        })?;
    Ok(())
}

/// A text without the characters that XML cannot hold, not even escaped.
fn allowed(text: &str) -> String {
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars()
        .map(|c| if is_allowed(c) { c } else { '\u{fffd}' })
        .collect()
}
