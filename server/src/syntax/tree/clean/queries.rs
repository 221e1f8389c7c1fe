//! Types that name something by its value: `typeof a.b`, `import("a").b`.

use oxc_ast::ast::{TSImportType, TSImportTypeQualifier, TSTypeQuery, TSTypeQueryExprName};
use oxc_span::{GetSpan, Span};

use super::names::{Field, Kind};
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn type_query(&mut self, query: &TSTypeQuery<'_>, field: Field) {
        self.node(Kind::TypeQuery, field, query.span, |w| {
            let name = &query.expr_name;
            match query.type_arguments.as_deref() {
                None => w.queried(name, Field::None),
                Some(arguments) => {
                    let span = Span::new(name.span().start, arguments.span.end);
                    w.node(Kind::InstantiationExpression, Field::None, span, |w| {
                        w.queried(name, Field::Function);
                        w.type_arguments(Some(arguments));
                    });
                }
            }
        });
    }

    fn queried(&mut self, name: &TSTypeQueryExprName<'_>, field: Field) {
        match name {
            TSTypeQueryExprName::TSImportType(import) => self.import_type(import, field),
            _ => match name.as_ts_type_name() {
                Some(name) => self.module_name(name, Kind::MemberExpression, field),
                None => self.give_up(),
            },
        }
    }

    /// `import("a").b`, which is a call to the grammar.
    pub(super) fn import_type(&mut self, import: &TSImportType<'_>, field: Field) {
        self.import_member(import, import.qualifier.as_ref(), field);
        self.type_arguments(import.type_arguments.as_deref());
    }

    fn import_member(
        &mut self,
        import: &TSImportType<'_>,
        qualifier: Option<&TSImportTypeQualifier<'_>>,
        field: Field,
    ) {
        let start = import.span.start;
        let (before, last) = match qualifier {
            None => {
                let span = Span::new(start, import.source.span.end);
                return self.node(Kind::CallExpression, field, span, |w| {
                    let open = w.import_keyword(start);
                    w.node(
                        Kind::Arguments,
                        Field::Arguments,
                        Span::new(open, open),
                        |w| {
                            w.string(import.source.span, Field::None);
                            if let Some(options) = &import.options {
                                w.object(options, Field::None);
                            }
                            let mut at = w.skip(w.reach());
                            if w.byte(at) == b',' {
                                at = at.saturating_add(1);
                            }
                            let end = w.behind(at, b")");
                            w.reach_to(end);
                        },
                    );
                });
            }
            Some(TSImportTypeQualifier::Identifier(name)) => (None, name.span),
            Some(TSImportTypeQualifier::QualifiedName(name)) => (Some(&name.left), name.right.span),
        };
        self.node(
            Kind::MemberExpression,
            field,
            Span::new(start, last.end),
            |w| {
                w.import_member(import, before, Field::Object);
                w.leaf(Kind::PropertyIdentifier, Field::Property, last);
            },
        );
    }
}
