//! Whole blocks, where one fits.

use super::{At, Completion, CompletionKind};
use crate::facts::{DefinitionKind, QUICKBACK_MODULES};
use crate::ide::cursor::Touched;
use crate::ide::region::Subject;
use crate::ide::shape;
use crate::ide::words::mask_name;
use crate::project::layout::Role;
use crate::rules::delivery::automatic_mask;
use crate::schema::MASK_RULE;
use crate::syntax::Imported;

impl At<'_> {
    /// The blocks of a table's options that are not there yet.
    pub(super) fn option_blocks(&self, subject: Subject) -> Vec<Completion> {
        let taken = self.taken_keys();
        let mut found = Vec::new();
        if self.cursor.in_string() || self.cursor.next == Some(crate::ide::cursor::Next::Colon) {
            return found;
        }
        let comma = self.comma();
        if !taken.contains(&"realtime") {
            let mut block = self.plain("realtime", CompletionKind::Snippet, 0);
            block.insert = format!("realtime: {}{comma}", self.realtime_block());
            block.is_snippet = true;
            block.detail = Some("broadcast the changes of this table".to_owned());
            block.documentation =
                Some("Who receives the table's changes, and which columns they hold.".to_owned());
            found.push(block);
        }
        if !taken.contains(&"masking") {
            let mut block = self.plain("masking", CompletionKind::Snippet, 1);
            block.insert = format!("masking: {}{comma}", self.masking_block(subject));
            block.is_snippet = true;
            block.detail = Some("mask columns for all but some roles".to_owned());
            block.documentation =
                Some("How columns are masked, and who sees them plain.".to_owned());
            found.push(block);
        }
        found
    }

    /// The value of `realtime` or `masking`, where only the key stands.
    pub(super) fn option_value(&self, key: &str) -> Option<Vec<Completion>> {
        if !self.cursor.fresh || self.cursor.in_string() || key != "realtime" {
            return None;
        }
        let mut block = self.plain("{ enabled: true }", CompletionKind::Snippet, 0);
        block.insert = self.realtime_block();
        block.is_snippet = true;
        Some(vec![block])
    }

    fn realtime_block(&self) -> String {
        let role = self.quoted_snippet("${1:member}");
        let field = self.quoted_snippet("${2:id}");
        format!("{{\n\tenabled: true,\n\trequiredRoles: [{role}],\n\tfields: [{field}$3],\n}}")
    }

    fn masking_block(&self, subject: Subject) -> String {
        let shape = shape::shape(self.project, self.file, &self.names, &self.cursor, subject);
        let sensitive = shape.columns.list.iter().find_map(|column| {
            Some((
                column.name.as_str(),
                automatic_mask(&column.name, Some(column))?,
            ))
        });
        let (column, kind) =
            sensitive.map_or(("column", "redact"), |(name, kind)| (name, mask_name(kind)));
        let rule = self.mask_rule(kind, &MASK_RULE);
        // The stops of the rule come after the column's own.
        let rule = rule.replace("${2:", "${3:").replace("${1|", "${2|");
        format!("{{\n\t${{1:{column}}}: {rule},\n}}")
    }

    /// At the start of a statement: a namespace, in the folder where namespaces are.
    pub(super) fn statement(&self) -> Option<Vec<Completion>> {
        if self.project.role(self.file) != Role::Service || self.cursor.in_string() {
            return None;
        }
        let facts = self.facts()?;
        let mut definitions = facts.definitions.iter();
        if definitions.any(|d| d.kind == DefinitionKind::Namespace) {
            return None;
        }
        let words: Vec<&str> = self
            .cursor
            .slot
            .words
            .iter()
            .map(|word| word.text.as_str())
            .collect();
        let call = self.namespace_call();
        let mut item = self.plain("defineRealtime", CompletionKind::Snippet, 0);
        item.is_snippet = true;
        item.detail = Some("a namespace of events".to_owned());
        item.insert = match words.as_slice() {
            ["export", "default"] if self.cursor.slot.tokens == 2 => call,
            ["export"] if self.cursor.slot.tokens == 1 => format!("default {call};"),
            [] if self.cursor.fresh => format!("export default {call};"),
            _ if self.cursor.fresh && self.cursor.touched == Touched::Nothing => {
                format!("export default {call};")
            }
            _ if self.cursor.fresh => format!("export default {call};"),
            _ => return None,
        };
        let imported = facts.module.imports.iter().any(|import| {
            QUICKBACK_MODULES.contains(&import.module.as_str())
                && matches!(&import.imported, Imported::Name(name, _) if name == "defineRealtime")
        });
        if !imported {
            if !words.is_empty() {
                return None;
            }
            let module = self.literal("@quickback/compiler");
            item.insert = format!(
                "import {{ defineRealtime }} from {module};\n\n{}",
                item.insert
            );
        }
        Some(vec![item])
    }

    fn namespace_call(&self) -> String {
        let name = self.quoted_snippet("${1:name}");
        let events = self.quoted_snippet("${2:started}");
        format!("defineRealtime({{\n\tname: {name},\n\tevents: [{events}$3],\n}})")
    }
}
