//! What still has the old name in definitions after a renaming, and why that is another thing.

use std::collections::BTreeSet;

use quickback_realtime::document::Dialect;
use quickback_realtime::facts::FileFacts;
use quickback_realtime::ide::symbol::{self, Symbol};
use quickback_realtime::project::layout::Role;
use quickback_realtime::project::{Evaluator, Project};
use quickback_realtime::span::{FileId, Place, Span};
use quickback_realtime::syntax::{Node, Tree};

use super::Renamed;

/// Everything in the definitions of a project that still has the old name and is no other thing.
pub fn behind(
    before: &Project,
    after: &Renamed,
    renamed: &Symbol,
    [old, fresh]: [&str; 2],
) -> Vec<String> {
    let mut left = Vec::new();
    let owners = owners(before, renamed);
    for file in before.members() {
        let Some(facts) = after.project.facts(file) else {
            continue;
        };
        if facts.generated {
            continue;
        }
        let is_definition = is_definition(before, file, &facts);
        let search = Search {
            after,
            file,
            facts: &facts,
            renamed,
            old,
            fresh,
            owners: &owners,
        };
        let tree = Tree::read(&facts.text, Dialect::of_path(&before.path(file)));
        // Elsewhere only table objects and what is taken out of them can be told from other things.
        let is_wanted = |node: &Node<'_>| is_definition || search.may_be_object(*node);
        for node in tree.nodes().filter(is_wanted) {
            for span in search.named(node) {
                if !search.is_other(node, span) {
                    let place = Place { file, span };
                    let place = super::shown(&after.project, place);
                    let keys = search.keys(node).join(".");
                    left.push(format!(
                        "`{old}` is left at {keys:?} ({}): {place}",
                        node.kind()
                    ));
                }
            }
        }
    }
    left
}

/// Whether a file defines something; a handler beside definitions does not.
fn is_definition(project: &Project, file: FileId, facts: &FileFacts) -> bool {
    match project.role(file) {
        Role::Config | Role::Schema | Role::Service => true,
        Role::Feature => {
            let model = project.model(file);
            let is_table = !model.tables.is_empty() || !model.declared.is_empty();
            is_table || facts.exported_call().is_some()
        }
        _ => false,
    }
}

fn is_member(node: Node<'_>) -> bool {
    matches!(node.kind(), "member_expression" | "nested_identifier")
}

/// The names of the tables that have the column that is renamed.
fn owners(before: &Project, renamed: &Symbol) -> BTreeSet<String> {
    let mut owners = BTreeSet::new();
    if let Symbol::Column(place) = renamed {
        for file in before.members() {
            for table in &before.model(file).tables {
                if table.columns.list.iter().any(|c| c.place == Some(*place)) {
                    owners.extend(table.name.as_ref().map(|name| name.text.to_string()));
                }
            }
        }
    }
    owners
}

struct Search<'a> {
    after: &'a Renamed,
    file: FileId,
    facts: &'a FileFacts,
    renamed: &'a Symbol,
    old: &'a str,
    fresh: &'a str,
    owners: &'a BTreeSet<String>,
}

impl Search<'_> {
    fn text(&self, node: Node<'_>) -> &str {
        node.span().text(&self.facts.text)
    }

    /// Where a node has the name: all of it, a role without its `+`, or a part of what is sent.
    fn named(&self, node: Node<'_>) -> Vec<Span> {
        let kind = node.kind();
        let is_name = kind == "string_fragment"
            || kind.ends_with("identifier")
            || kind.starts_with("shorthand_property_identifier");
        if !is_name {
            return Vec::new();
        }
        let mut start = node.span().start;
        let mut found = Vec::new();
        for part in self.text(node).split(':') {
            if part.strip_suffix('+').unwrap_or(part) == self.old {
                let end = start + super::length(self.old);
                found.push(Span { start, end });
            }
            start += super::length(part) + 1;
        }
        found
    }

    /// Whether what has the old name is another thing: by what the server says of it, or by where it
    /// stands.
    fn is_other(&self, node: Node<'_>, span: Span) -> bool {
        let named = symbol::at(&self.after.project, self.file, span.start);
        let mut here = named.iter().filter(|o| o.place.span == span).peekable();
        if here.peek().is_some() {
            return here.all(|occurrence| occurrence.symbol != *self.renamed);
        }
        match node.kind() {
            "string_fragment" => self.is_other_text(node),
            "identifier" | "type_identifier" | "shorthand_property_identifier" => {
                self.is_other_name(node)
            }
            _ => self.is_other_key(node),
        }
    }

    /// A name means what it is declared as, which must still be there. None means a column or a role.
    fn is_other_name(&self, node: Node<'_>) -> bool {
        if !matches!(self.renamed, Symbol::Table(_)) {
            return true;
        }
        let span = node.span();
        if self.facts.scopes.lookup(self.old, span.start).is_some() {
            return true;
        }
        let project = &self.after.project;
        // `export { default as claims }`
        let is_alias = |export: Node<'_>| export.child_by_field_name("alias") == Some(node);
        if node.parent().is_some_and(is_alias) {
            return true;
        }
        let symbol = Evaluator::new(project, self.file).named(self.file, self.old, span);
        let mut imports = self.facts.module.imports.iter();
        let is_foreign = imports.any(|import| {
            import.local == self.old && project.resolve(self.file, &import.module).is_none()
        });
        symbol.is_some() || is_foreign
    }

    /// Whether a node of any source may be a table object, or a column that is taken out of one.
    fn may_be_object(&self, node: Node<'_>) -> bool {
        match self.renamed {
            Symbol::Table(_) => node.kind() == "identifier",
            Symbol::Column(_) => node.parent().is_some_and(is_member),
            _ => false,
        }
    }

    /// Whether an expression is called as a table is that has the column, and nothing else is called
    /// so there: `claims`, `schema.claims`.
    fn is_owner(&self, object: Node<'_>) -> bool {
        let name = match object.child_by_field_name("property") {
            Some(property) => property,
            None => object,
        };
        let name = self.text(name);
        let scopes = &self.facts.scopes;
        let binding = scopes.lookup(name, object.span().start);
        self.owners.contains(name) && binding.is_none_or(|binding| binding.scope.start == 0)
    }

    /// What only holds the same letters: the database's own name, a value, what is noted.
    fn is_other_text(&self, node: Node<'_>) -> bool {
        let Some((string, around)) = node.parent().zip(node.parent().and_then(Node::parent)) else {
            return false;
        };
        let is_first = || around.first_named_child() == Some(string);
        let keys = self.keys(node);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        match keys.as_slice() {
            // `text("title")`, `.default("draft")`
            [.., call] if call.ends_with("()") && around.kind() == "arguments" => is_first(),
            [.., "enum" | "q.enum()", "[]"] => true,
            // The kind of a mask; the actions that change a column; what a column is compared with.
            [.., "masking", _, "type"] | [.., "protected", _, "[]"] => true,
            [.., "equals" | "notEquals"] | [.., "in", "[]"] => true,
            ["defineConfig()", "name"] => true,
            _ if self.is_unsure(&keys) => true,
            // `process.env.STAGE === "live"`
            _ => around.kind() == "binary_expression",
        }
    }

    /// A property of something else, an option, or a key of what is none of ours.
    fn is_other_key(&self, node: Node<'_>) -> bool {
        let Some(parent) = node.parent() else {
            return false;
        };
        if is_member(parent) {
            let object = parent.child_by_field_name("object");
            return !object.is_some_and(|object| self.is_owner(object));
        }
        if node.kind() == "shorthand_property_identifier_pattern" {
            return !self.is_taken_from_table(node);
        }
        let keys = self.keys(node);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        match keys.as_slice() {
            ["defineRealtime()" | "defineConfig()", _] => true,
            [.., "crud", _] | [.., "z.object()", _] => true,
            keys => self.is_unsure(keys),
        }
    }

    /// Whether a key is taken out of a table with the column: of its object, or in a callback of the
    /// call that makes it, whose columns have the new name.
    fn is_taken_from_table(&self, node: Node<'_>) -> bool {
        let mut around = node.ancestors();
        let taker = around.find(|n| matches!(n.kind(), "variable_declarator" | "call_expression"));
        let Some(taker) = taker else { return false };
        match taker.child_by_field_name("value") {
            Some(value) => self.owners.contains(self.text(value)),
            None => self.text(taker).contains(self.fresh),
        }
    }

    /// Whether a name stands in an option of which is not known what it names: of another table, or
    /// the user is told of it.
    fn is_unsure(&self, keys: &[&str]) -> bool {
        let Some(option) = keys.iter().find(|key| !key.ends_with("()")) else {
            return false;
        };
        let project = &self.after.project;
        let path = project.relative(self.file);
        let model = project.model(self.file);
        let mut names = model.tables.iter().filter_map(|table| table.name.as_ref());
        let may_be_it = match self.renamed {
            Symbol::Column(_) => names.any(|name| self.owners.contains(name.text.as_str())),
            symbol => matches!(symbol, Symbol::Role(_)),
        };
        let is_noted = || self.after.note.contains(&format!("`{option}` in {path}"));
        *option == "layouts" && (!may_be_it || is_noted())
    }

    /// The keys, lists and calls that a node stands in, from the outside.
    fn keys(&self, node: Node<'_>) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for around in node.ancestors() {
            let name = |field| around.child_by_field_name(field).map(|n| self.text(n));
            match around.kind() {
                "pair" => keys.extend(name("key").map(str::to_owned)),
                "array" => keys.push("[]".to_owned()),
                "call_expression" => keys.extend(name("function").map(|name| format!("{name}()"))),
                _ => {}
            }
        }
        keys.reverse();
        keys
    }
}
