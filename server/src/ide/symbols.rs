//! Symbols: the outline of a file, and the names of a project.

use super::audience;
use crate::project::model::{Namespace, Table};
use crate::project::{Hierarchy, Project};
use crate::span::{FileId, Place, Span};

/// A part of a file's outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// Its name.
    pub name: String,
    /// A few words beside it.
    pub detail: Option<String>,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub span: Span,
    /// Its name or key, within `span`.
    pub selection: Span,
    /// What it holds, in order.
    pub children: Vec<DocumentSymbol>,
}

/// A name of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    /// The name.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// What holds it: the namespace of an event.
    pub container: Option<String>,
    /// Where it is declared.
    pub place: Place,
}

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// A table.
    Table,
    /// A configuration object.
    Block,
    /// A column that is masked.
    Column,
    /// An event namespace.
    Namespace,
    /// An event.
    Event,
    /// A role.
    Role,
}

/// The outline of a file: its tables and namespaces with what they configure.
pub fn document(project: &Project, file: FileId) -> Vec<DocumentSymbol> {
    let model = project.model(file);
    let tables = model
        .tables
        .iter()
        .filter_map(|table| table_outline(project, table));
    let namespaces = model.namespaces.iter().filter_map(|n| outline_of(n));
    let mut found: Vec<DocumentSymbol> = tables.chain(namespaces).collect();
    found.sort_by_key(|symbol| symbol.span);
    found
}

fn table_outline(project: &Project, table: &Table) -> Option<DocumentSymbol> {
    let name = table.name.as_ref()?;
    let mut children = Vec::new();
    let mut block = |name: &str, key: Span, whole: Place, detail, children_of| {
        // A block that came by a spread from elsewhere is not in this outline.
        if whole.file == table.file && table.span.contains(whole.span) && whole.span.contains(key) {
            children.push(DocumentSymbol {
                name: name.to_owned(),
                detail,
                kind: SymbolKind::Block,
                span: whole.span,
                selection: key,
                children: children_of,
            });
        }
    };
    let detail = table
        .is_enabled()
        .then(|| audience::receivers(&project.roles(), table));
    if let Some(known) = table.realtime.known() {
        block(
            "realtime",
            known.key_span,
            known.origin,
            detail.clone(),
            Vec::new(),
        );
    }
    if let Some(known) = table.masking.known() {
        let columns = known
            .value
            .rules
            .iter()
            .filter(|rule| known.origin.span.contains(rule.origin.span))
            .filter(|rule| rule.origin.file == table.file)
            .map(|rule| DocumentSymbol {
                name: rule.column.to_string(),
                detail: rule
                    .kind
                    .known()
                    .map(|kind| super::words::mask_name(kind.value).to_owned()),
                kind: SymbolKind::Column,
                span: rule.origin.span,
                selection: rule.column_span,
                children: Vec::new(),
            })
            .filter(|symbol| symbol.span.contains(symbol.selection))
            .collect();
        block("masking", known.key_span, known.origin, None, columns);
    }
    children.sort_by_key(|child| child.span);
    Some(DocumentSymbol {
        name: name.text.to_string(),
        detail,
        kind: SymbolKind::Table,
        span: table.span,
        selection: if name.place.file == table.file && table.span.contains(name.place.span) {
            name.place.span
        } else {
            first_argument(project, table).unwrap_or(Span::at(table.span.start))
        },
        children,
    })
}

/// `claims` in `defineTable(claims, ...)`.
fn first_argument(project: &Project, table: &Table) -> Option<Span> {
    let facts = project.facts(table.file)?;
    let model = project.model(table.file);
    let definition = model.definition(&facts, table.span)?;
    Some(definition.call()?.arg(0)?.span)
}

fn outline_of(namespace: &Namespace) -> Option<DocumentSymbol> {
    let name = namespace.name.known()?;
    let items = namespace
        .events
        .known()
        .map(|known| known.value.items.iter());
    let children = items
        .into_iter()
        .flatten()
        .filter(|item| namespace.span.contains(item.span))
        .filter_map(|item| {
            Some(DocumentSymbol {
                name: item.as_str()?.to_owned(),
                detail: None,
                kind: SymbolKind::Event,
                span: item.span,
                selection: item.inner_span(),
                children: Vec::new(),
            })
        })
        .collect();
    Some(DocumentSymbol {
        name: name.value.clone(),
        detail: namespace.description.known().map(|d| d.value.clone()),
        kind: SymbolKind::Namespace,
        span: namespace.span,
        selection: namespace.callee_span,
        children,
    })
}

/// The tables, namespaces, events and roles of a project whose names hold the characters of
/// `query` in order, whatever their case.
pub fn workspace(project: &Project, query: &str) -> Vec<WorkspaceSymbol> {
    let index = project.index();
    let mut found = Vec::new();
    let mut push = |name: &str, kind, container: Option<&str>, place| {
        if matches(name, query) {
            found.push(WorkspaceSymbol {
                name: name.to_owned(),
                kind,
                container: container.map(str::to_owned),
                place,
            });
        }
    };
    for table in index.tables.values().flatten() {
        if let Some(name) = &table.name {
            push(&name.text, SymbolKind::Table, None, name.place);
        }
    }
    for (name, place) in &index.internal {
        push(name, SymbolKind::Table, None, *place);
    }
    for (name, namespaces) in &index.namespaces {
        for namespace in namespaces {
            let place = |span| Place {
                file: namespace.file,
                span,
            };
            push(
                name,
                SymbolKind::Namespace,
                None,
                place(namespace.callee_span),
            );
            let items = namespace
                .events
                .known()
                .map(|known| known.value.items.iter());
            for item in items.into_iter().flatten() {
                if let Some(event) = item.as_str() {
                    push(event, SymbolKind::Event, Some(name), item.origin);
                }
            }
        }
    }
    if let Hierarchy::Declared(roles) = &project.roles().hierarchy {
        for (role, place) in roles {
            push(role, SymbolKind::Role, Some("roleHierarchy"), *place);
        }
    }
    found
}

fn matches(name: &str, query: &str) -> bool {
    let mut wanted = query.chars().flat_map(char::to_lowercase).peekable();
    for c in name.chars().flat_map(char::to_lowercase) {
        if wanted.peek() == Some(&c) {
            wanted.next();
        }
    }
    wanted.peek().is_none()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::ide::testing::{NEWSDESK, at_cursor};

    fn outline(symbols: &[DocumentSymbol], depth: usize, text: &str, out: &mut String) {
        for symbol in symbols {
            assert!(symbol.span.contains(symbol.selection), "{symbol:?}");
            let detail = symbol.detail.as_deref().unwrap_or("-");
            let indent = "  ".repeat(depth);
            out.push_str(&format!(
                "{indent}{:?} {} ({detail}) at {}\n",
                symbol.kind,
                symbol.name,
                symbol.selection.text(text)
            ));
            outline(&symbol.children, depth + 1, text, out);
        }
    }

    fn outline_of_file(marked: &str) -> String {
        let at = at_cursor(marked);
        let mut out = String::new();
        let symbols = document(&at.fixture.project, at.file);
        outline(&symbols, 0, &at.text, &mut out);
        out
    }

    #[test]
    fn an_outline() {
        let table = NEWSDESK.replace("embeddings", "$0embeddings");
        assert_snapshot!(outline_of_file(&table), @r"
        Table stories (desk, admin, owner, copy) at stories
          Block masking (-) at masking
            Column title (name) at title
          Block realtime (desk, admin, owner, copy) at realtime
        ");
        let namespace = NEWSDESK.replace("events: ['raised'", "$0events: ['raised'");
        assert_snapshot!(outline_of_file(&namespace), @r"
        Namespace alerts (-) at defineRealtime
          Event raised (-) at raised
          Event cleared (-) at cleared
        ");
        let feature = NEWSDESK.replace("columns: { id: q.id()", "$0columns: { id: q.id()");
        assert_snapshot!(outline_of_file(&feature), @r"
        Table tips (-) at tips
          Block realtime (-) at realtime
        ");
    }

    #[test]
    fn names_of_the_project() {
        let at = at_cursor(&NEWSDESK.replace("embeddings", "$0embeddings"));
        let named = |query: &str| {
            let found = workspace(&at.fixture.project, query);
            let names: Vec<String> = found
                .iter()
                .map(|s| format!("{:?} {}", s.kind, s.name))
                .collect();
            names.join(", ")
        };
        assert_snapshot!(named("sts"), @"Table stories");
        assert_snapshot!(named("R"), @"Table stories, Namespace alerts, Event raised, Event cleared, Role member, Role owner");
        assert_snapshot!(named(""), @"Table stories, Table tips, Namespace alerts, Event raised, Event cleared, Role member, Role copy, Role desk, Role admin, Role owner");
    }
}
