//! `syntax-error`.

use super::calls::holds_word;
use super::{Context, Report, rule};
use crate::facts::{DefinitionKind, FileFacts, QUICKBACK_MODULES};
use crate::project::Evaluator;
use crate::project::model::BlockOwner;
use crate::span::Span;
use crate::syntax::Import;

rule! {
    /// Reports the first place in or next to a realtime configuration that does not parse. Anywhere
    /// else TypeScript says it better.
    ///
    /// ## Why is this bad
    /// What does not parse cannot be read for certain, so nothing is generated until it does, and the
    /// last output stays.
    ///
    /// ## Invalid
    /// ```ts
    /// export const claims = q.table("claims", { id: q.id(), organizationId: q.scope("organization") });
    /// export default defineTable(claims, {
    ///   realtime: { enabled: true, requiredRoles: ["member" "admin"], fields: ["id"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export const claims = q.table("claims", { id: q.id(), organizationId: q.scope("organization") });
    /// export default defineTable(claims, {
    ///   realtime: { enabled: true, requiredRoles: ["member", "admin"], fields: ["id"] },
    /// });
    /// ```
    RULE = "syntax-error", Error, check;
}

/// Words that are only written about realtime.
const WORDS: [&str; 7] = [
    "realtime",
    "masking",
    "defineRealtime",
    "requiredRoles",
    "onInsert",
    "onUpdate",
    "onDelete",
];

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    let facts = &context.facts;
    if facts.errors.is_empty() || !context.project.role(context.file).is_definition() {
        return;
    }
    let evaluator = Evaluator::new(context.project, context.file);
    let is_quickbacks = |import: &Import| {
        QUICKBACK_MODULES.contains(&import.module.as_str())
            || evaluator.may_be_quickbacks(context.file, import)
    };
    if !facts.module.imports.iter().any(is_quickbacks) && !is_given_up(facts) {
        return;
    }
    let regions = regions(context);
    let text: &str = &facts.text;
    let first = facts.errors.iter().copied().find(|error| {
        regions.iter().any(|region| is_near(text, *region, *error))
            || WORDS.iter().any(|word| holds_word(error.text(text), word))
    });
    if let Some(error) = first {
        report.push(report.finding(
            shown(text, error),
            "This does not parse, so what is configured here cannot be read, and nothing is generated until it is mended.",
        ));
    }
}

/// Whether the parser gave up on a text that names a module of Quickback's: then not even its
/// imports are known.
fn is_given_up(facts: &FileFacts) -> bool {
    let names = |module: &&str| {
        ['"', '\'']
            .iter()
            .any(|quote| facts.text.contains(&format!("{quote}{module}{quote}")))
    };
    facts.errors == [Span::new(0, facts.text.len())]
        && facts.module.imports.is_empty()
        && QUICKBACK_MODULES.iter().any(names)
}

/// Where something about realtime is configured.
fn regions(context: &Context<'_>) -> Vec<Span> {
    let blocks = context
        .model
        .blocks
        .iter()
        .filter(|block| matches!(block.owner, BlockOwner::Table(_)))
        .map(|block| {
            block
                .key_span
                .map_or(block.span, |key| key.cover(block.span))
        });
    let definitions = context.facts.definitions.iter();
    let definitions = definitions.chain(&context.model.definitions);
    let definitions = definitions.map(|definition| {
        let whole = definition.value.span;
        let options = definition.call().and_then(|call| call.arg(1));
        match (definition.kind, options) {
            // Up to its options a table's definition says which table it is about.
            (DefinitionKind::Table | DefinitionKind::Feature, Some(options)) => Span {
                start: whole.start,
                end: options.span.start,
            },
            _ => whole,
        }
    });
    blocks.chain(definitions).collect()
}

/// Whether an error lies in a region, or only closing marks and spaces lie between them.
fn is_near(text: &str, region: Span, error: Span) -> bool {
    if error.start <= region.end && region.start <= error.end {
        return true;
    }
    let between = Span {
        start: region.end.min(error.end),
        end: region.start.max(error.start),
    };
    between
        .text(text)
        .chars()
        .all(|c| c.is_whitespace() || matches!(c, ',' | '}' | ']' | ')' | ';'))
}

/// The part of an error to point at: the bracket or quote that is not closed, else its first line,
/// or, of something that is missing, what it is missing after.
fn shown(text: &str, error: Span) -> Span {
    let start = error.start as usize;
    if let Some(unclosed) = unclosed(error.text(text)) {
        let at = start.saturating_add(unclosed);
        return Span::new(at, at.saturating_add(1));
    }
    let line = error.text(text).lines().next().unwrap_or_default();
    let line = line.trim_end();
    if !line.is_empty() {
        return Span::new(start, start.saturating_add(line.len()));
    }
    let before = text.get(..start).unwrap_or_default().trim_end();
    let last = before.chars().next_back().map_or(0, char::len_utf8);
    Span::new(before.len().saturating_sub(last), before.len())
}

/// Where the bracket or quote stands that is not closed, or not by its like.
fn unclosed(text: &str) -> Option<usize> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut quote: Option<(usize, char)> = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if let Some((start, mark)) = quote {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\n' | '\r' if mark != '`' => return Some(start),
                c if c == mark => quote = None,
                _ => {}
            }
            continue;
        }
        match c {
            '"' | '\'' | '`' => quote = Some((at, c)),
            '(' => open.push((at, ')')),
            '[' => open.push((at, ']')),
            '{' => open.push((at, '}')),
            ')' | ']' | '}' => match open.pop() {
                Some((opener, closer)) if closer != c => return Some(opener),
                Some(_) => {}
                None => return Some(at),
            },
            _ => {}
        }
    }
    quote.or(open.pop()).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixture};

    fn table(options: &str) -> String {
        format!(
            "//- quickback/features/claims.ts
import {{ defineTable, q }} from '@quickback/compiler';
export const claims = q.table('claims', {{ id: q.id(), orgId: q.scope('organization') }});
export default defineTable(claims, {options});
export const twice = (n: number) => n * 2;
"
        )
    }

    #[track_caller]
    fn finds(text: &str, expected: &[&str]) {
        let fixture = fixture(text);
        let mut found = Vec::new();
        for (path, text) in &fixture.files {
            found.extend(
                crate::rules::check(&fixture.project, fixture.file(path))
                    .into_iter()
                    .filter(|d| d.code == "syntax-error")
                    .map(|d| d.span.text(text).to_owned()),
            );
        }
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn reports_the_first_error_in_a_block() {
        check(
            &table(
                r#"{
  realtime: { enabled: true, requiredRoles: ['a' b], fields: ['id' c] },
                                               //^ error: This does not parse, so what is configured here cannot be read, and nothing is generated until it is mended.
}"#,
            ),
            "syntax-error",
        );
        finds(&table("{ realtime: { enabled: } }"), &[":"]);
        finds(
            &table("{ realtime: { enabled: true, fields: ['id' }"),
            &["["],
        );
        finds(
            &table("{ realtime: { enabled: true, fields: ['id', 'x] } }"),
            &["'"],
        );
        finds(&table("{ masking: { id: { type: 'redact', } , }"), &["}"]);
    }

    #[test]
    fn reports_what_is_left_open() {
        finds(
            "//- quickback/services/realtime/a.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({
  name: 'a',
  events: ['b',
",
            &["["],
        );
        finds(
            "//- quickback/features/claims.ts
import { defineTable, q } from '@quickback/compiler';
export default defineTable(claims, {
  realtime: {
    enabled: true,
",
            &["{"],
        );
    }

    #[test]
    fn reports_what_the_parser_gives_up() {
        finds(
            &(table("{ realtime: { enabled: true } }") + &"/[".repeat(30_000)),
            &["["],
        );
    }

    #[test]
    fn points_at_what_is_not_closed() {
        for (text, at) in [
            ("{ a: ['b'", Some(5)),
            ("{ a: ['b' }", Some(5)),
            ("{ a: 1 })", Some(8)),
            ("['a\n'", Some(1)),
            ("[\"a\r\n\"", Some(1)),
            ("[`a\n`", Some(0)),
            ("[`a\n", Some(1)),
            (r"['a\'b'", Some(0)),
            (r"['a\\'", Some(0)),
            (r"['a\']", Some(1)),
            (r"['a\'b']", None),
            ("['[', \"{\", `(`]", None),
        ] {
            assert_eq!(super::unclosed(text), at, "{text}");
        }
    }

    /// What another library's functions are told is theirs, whatever it is called.
    #[test]
    fn knows_the_compiler_through_files_that_export_it_again() {
        let text = table("{ realtime: { enabled: true, requiredRoles: ['a' b] } }");
        let through = text.replace("'@quickback/compiler'", "'../lib/qb'");
        let barrel = "//- quickback/lib/qb.ts\nexport * from '@quickback/compiler';\n";
        finds(&format!("{through}{barrel}"), &["b"]);
        finds(&through, &[]);
    }

    #[test]
    fn is_silent_on_files_that_do_not_import_from_the_compiler() {
        let broken = "export const realtime = { enabled: realtime realtime };\n";
        let ours = "import { defineTable } from '@quickback/compiler';\n";
        let path = "//- quickback/features/lib.ts\n";
        finds(&format!("{path}{ours}{broken}"), &["realtime"]);
        finds(&format!("//- src/lib.ts\n{ours}{broken}"), &[]);
        for theirs in [
            "import { defineTable } from './mine';\n",
            "// import '@quickback/compiler'\n",
            "import { a } from './b';\n// '@quickback/compiler'\n",
        ] {
            finds(&format!("{path}{theirs}{broken}"), &[]);
        }
    }

    #[test]
    fn is_silent_on_errors_elsewhere() {
        finds(&table("{ realtime: { enabled: true } }"), &[]);
        finds(
            &(table("{ realtime: { enabled: true }, read: {} }") + "export const x = 1 +;\n"),
            &[],
        );
        finds(
            &table("{ crud: { a b }, read: { x: 1 }, realtime: { enabled: true } }"),
            &[],
        );
        finds(
            "//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = async (realtime) => { realtime.insert('a', {, }); };
//- quickback/features/lib.ts
import { defineTable } from './mine';
export default defineTable(claims, { realtime: { enabled: true,, : } });
",
            &[],
        );
    }
}
