//! Imports and exports.

use oxc_ast::ast::{
    Declaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind, ExportSpecifier,
    ImportAttributeKey, ImportDeclaration, ImportDeclarationSpecifier, ImportOrExportKind,
    ImportSpecifier, ModuleDeclaration, ModuleExportName, TSImportEqualsDeclaration,
    TSModuleReference, TSTypeName, WithClause, WithClauseKeyword,
};
use oxc_span::{GetSpan, Span};

use super::functions::decorated_start;
use super::names::{Field, Kind, Token};
use super::semicolon::Follows;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn module_declaration(&mut self, declaration: &ModuleDeclaration<'_>, field: Field) {
        let span = declaration.span();
        let mut export = |follows, inside: &mut dyn FnMut(&mut Self)| {
            self.ending(Kind::ExportStatement, field, span, follows, inside);
        };
        match declaration {
            ModuleDeclaration::ImportDeclaration(d) => self.import(d, field),
            ModuleDeclaration::ExportDeclaration(d) => {
                self.export_declaration(span, &d.declaration, field);
            }
            ModuleDeclaration::ExportDefaultDeclaration(d) => self.export_default(d, field),
            ModuleDeclaration::ExportAllDeclaration(d) => {
                export(Follows::Statement, &mut |w| {
                    let at = w.after_export(span.start, d.export_kind);
                    let star = Span::new(at, w.behind(at, b"*"));
                    match &d.exported {
                        Some(name) => w.node(Kind::NamespaceExport, Field::None, star, |w| {
                            w.export_name(name, Field::None);
                        }),
                        None => w.token(Token::Star, Field::None, star),
                    }
                    w.string(d.source.span, Field::Source);
                });
            }
            ModuleDeclaration::ExportNamedDeclaration(d) => {
                export(Follows::Statement, &mut |w| {
                    let at = w.after_export(span.start, d.export_kind);
                    w.export_clause(at, &d.specifiers);
                });
            }
            ModuleDeclaration::ExportFromDeclaration(d) => {
                export(Follows::Statement, &mut |w| {
                    let at = w.after_export(span.start, d.export_kind);
                    w.export_clause(at, &d.specifiers);
                    w.string(d.source.span, Field::Source);
                });
            }
            ModuleDeclaration::TSExportAssignment(d) => {
                export(Follows::Operator, &mut |w| {
                    w.expression(&d.expression, Field::None)
                });
            }
            ModuleDeclaration::TSNamespaceExportDeclaration(d) => {
                export(Follows::Statement, &mut |w| {
                    w.leaf(Kind::Identifier, Field::None, d.id.span);
                });
            }
        }
    }

    fn import(&mut self, import: &ImportDeclaration<'_>, field: Field) {
        if import.phase.is_some() {
            return self.give_up();
        }
        let span = import.span;
        self.ending(
            Kind::ImportStatement,
            field,
            span,
            Follows::Statement,
            |w| {
                if let Some(specifiers) = &import.specifiers {
                    let mut at = w.behind(span.start, b"import");
                    if import.import_kind == ImportOrExportKind::Type {
                        at = w.behind(at, b"type");
                    }
                    let start = w.skip(at);
                    w.node(
                        Kind::ImportClause,
                        Field::None,
                        Span::new(start, start),
                        |w| {
                            w.import_specifiers(start, specifiers);
                        },
                    );
                }
                w.string(import.source.span, Field::Source);
                w.attributes(import.with_clause.as_deref());
            },
        );
    }

    fn import_specifiers(&mut self, at: u32, specifiers: &[ImportDeclarationSpecifier<'_>]) {
        let mut at = at;
        let mut named: Vec<&ImportSpecifier<'_>> = Vec::new();
        for specifier in specifiers {
            match specifier {
                ImportDeclarationSpecifier::ImportDefaultSpecifier(specifier) => {
                    self.leaf(Kind::Identifier, Field::None, specifier.local.span);
                    at = self.skip(specifier.span.end);
                    if self.byte(at) == b',' {
                        at = self.skip(at.saturating_add(1));
                    }
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(specifier) => {
                    self.node(Kind::NamespaceImport, Field::None, specifier.span, |w| {
                        w.leaf(Kind::Identifier, Field::None, specifier.local.span);
                    });
                }
                ImportDeclarationSpecifier::ImportSpecifier(specifier) => named.push(specifier),
            }
        }
        if self.byte(at) != b'{' {
            return;
        }
        self.node(Kind::NamedImports, Field::None, Span::new(at, at), |w| {
            for specifier in &named {
                w.node(Kind::ImportSpecifier, Field::None, specifier.span, |w| {
                    w.export_name(&specifier.imported, Field::Name);
                    if specifier.imported.span() != specifier.local.span {
                        w.leaf(Kind::Identifier, Field::Alias, specifier.local.span);
                    }
                });
            }
            w.closing_brace(
                named
                    .last()
                    .map_or(at.saturating_add(1), |last| last.span.end),
            );
        });
    }

    /// The brace behind a list of names, which may end with a comma.
    fn closing_brace(&mut self, at: u32) {
        let mut at = self.skip(at);
        if self.byte(at) == b',' {
            at = at.saturating_add(1);
        }
        let end = self.behind(at, b"}");
        self.reach_to(end);
    }

    /// `with { type: "json" }`
    fn attributes(&mut self, clause: Option<&WithClause<'_>>) {
        let Some(clause) = clause else {
            return;
        };
        let length = match clause.keyword {
            WithClauseKeyword::With => 4,
            WithClauseKeyword::Assert => 6,
        };
        let start = self.skip(self.reach());
        self.node(
            Kind::ImportAttribute,
            Field::None,
            Span::new(start, clause.span.end),
            |w| {
                let start = w.skip(start.saturating_add(length));
                w.node(
                    Kind::Object,
                    Field::None,
                    Span::new(start, clause.span.end),
                    |w| {
                        for entry in &clause.with_entries {
                            w.node(Kind::Pair, Field::None, entry.span, |w| {
                                match &entry.key {
                                    ImportAttributeKey::Identifier(key) => {
                                        w.leaf(Kind::PropertyIdentifier, Field::Key, key.span);
                                    }
                                    ImportAttributeKey::StringLiteral(key) => {
                                        w.string(key.span, Field::Key);
                                    }
                                }
                                w.string(entry.value.span, Field::Value);
                            });
                        }
                    },
                );
            },
        );
    }

    /// `import a = require("b")`, `import a = b.c`.
    pub(super) fn import_equals(&mut self, import: &TSImportEqualsDeclaration<'_>, field: Field) {
        let span = import.span;
        let reference = &import.module_reference;
        if let TSModuleReference::ExternalModuleReference(module) = reference {
            return self.ending(
                Kind::ImportStatement,
                field,
                span,
                Follows::Statement,
                |w| {
                    let clause = Span::new(import.id.span.start, module.span.end);
                    w.node(Kind::ImportRequireClause, Field::None, clause, |w| {
                        w.leaf(Kind::Identifier, Field::None, import.id.span);
                        w.string(module.expression.span, Field::Source);
                    });
                },
            );
        }
        self.ending(Kind::ImportAlias, field, span, Follows::Statement, |w| {
            w.leaf(Kind::Identifier, Field::None, import.id.span);
            match reference {
                TSModuleReference::IdentifierReference(name) => {
                    w.leaf(Kind::Identifier, Field::None, name.span);
                }
                TSModuleReference::QualifiedName(name) => {
                    let mut names = vec![name.right.span];
                    let mut left = &name.left;
                    while let TSTypeName::QualifiedName(inner) = left {
                        names.push(inner.right.span);
                        left = &inner.left;
                    }
                    names.push(left.span());
                    names.reverse();
                    w.dotted(&names, Kind::NestedIdentifier, Field::None);
                }
                TSModuleReference::ExternalModuleReference(_) => {}
            }
        });
    }

    /// The offset behind `export`, or `export type`.
    fn after_export(&mut self, start: u32, kind: ImportOrExportKind) -> u32 {
        let mut at = self.behind(start, b"export");
        if kind == ImportOrExportKind::Type {
            at = self.behind(at, b"type");
        }
        self.skip(at)
    }

    fn export_clause(&mut self, at: u32, specifiers: &[ExportSpecifier<'_>]) {
        let start = self.find(at, b"{");
        self.node(
            Kind::ExportClause,
            Field::None,
            Span::new(start, start),
            |w| {
                for specifier in specifiers {
                    w.node(Kind::ExportSpecifier, Field::None, specifier.span, |w| {
                        w.export_name(&specifier.local, Field::Name);
                        if specifier.local.span() != specifier.exported.span() {
                            w.export_name(&specifier.exported, Field::Alias);
                        }
                    });
                }
                let inside = start.saturating_add(1);
                w.closing_brace(specifiers.last().map_or(inside, |last| last.span.end));
            },
        );
    }

    fn export_name(&mut self, name: &ModuleExportName<'_>, field: Field) {
        match name {
            ModuleExportName::StringLiteral(name) => self.string(name.span, field),
            _ => self.leaf(Kind::Identifier, field, name.span()),
        }
    }

    fn export_declaration(&mut self, span: Span, declaration: &Declaration<'_>, field: Field) {
        let start = match declaration {
            Declaration::ClassDeclaration(class) => decorated_start(&class.decorators, span.start),
            _ => span.start,
        };
        self.node(
            Kind::ExportStatement,
            field,
            Span::new(start, span.end),
            |w| {
                if let Declaration::ClassDeclaration(class) = declaration
                    && start < span.start
                {
                    w.decorators(&class.decorators);
                }
                w.declaration(declaration, Field::Declaration, Follows::Statement);
            },
        );
    }

    fn export_default(&mut self, export: &ExportDefaultDeclaration<'_>, field: Field) {
        let span = export.span;
        let value = &export.declaration;
        let decorators = match value {
            ExportDefaultDeclarationKind::ClassDeclaration(class) => class.decorators.as_slice(),
            _ => &[],
        };
        let start = decorated_start(decorators, span.start);
        let is_declaration = match value {
            ExportDefaultDeclarationKind::FunctionDeclaration(d) => d.id.is_some(),
            ExportDefaultDeclarationKind::ClassDeclaration(d) => d.id.is_some(),
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => true,
            _ => false,
        };
        let whole = Span::new(start, span.end);
        let inside = |w: &mut Self| {
            if start < span.start {
                w.decorators(decorators);
            }
            let after = w.behind(span.start, b"export");
            let end = w.behind(after, b"default");
            w.token(
                Token::Default,
                Field::None,
                Span::new(end.saturating_sub(7), end),
            );
            w.default_value(value, is_declaration);
        };
        if is_declaration {
            self.node(Kind::ExportStatement, field, whole, inside);
        } else {
            self.ending(
                Kind::ExportStatement,
                field,
                whole,
                Follows::Operator,
                inside,
            );
        }
    }

    fn default_value(&mut self, value: &ExportDefaultDeclarationKind<'_>, is_declaration: bool) {
        let field = if is_declaration {
            Field::Declaration
        } else {
            Field::Value
        };
        let start = value.span().start;
        match value {
            ExportDefaultDeclarationKind::FunctionDeclaration(d) if is_declaration => {
                self.function_declaration(d, start, field, Follows::Operator);
            }
            ExportDefaultDeclarationKind::FunctionDeclaration(d) => {
                self.function_expression(d, field);
            }
            ExportDefaultDeclarationKind::ClassDeclaration(d) if is_declaration => {
                self.class_declaration(d, start, field, Follows::Operator);
            }
            ExportDefaultDeclarationKind::ClassDeclaration(d) => self.class(d, field),
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(d) => {
                self.interface(d, d.span, field);
            }
            value => self.maybe(value.as_expression(), field),
        }
    }
}
