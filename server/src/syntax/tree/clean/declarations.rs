//! Declarations of variables, types, enumerations and namespaces.

use oxc_ast::ast::{
    Declaration, Expression, TSEnumDeclaration, TSEnumMemberName, TSExternalModuleDeclaration,
    TSInterfaceDeclaration, TSNamespaceDeclaration, TSNamespaceDeclarationBody,
    TSTypeAliasDeclaration, VariableDeclaration, VariableDeclarationKind, VariableDeclarator,
};
use oxc_span::{GetSpan, Span};

use super::names::{Field, Kind, Token};
use super::semicolon::Follows;
use super::writer::Writer;

impl Writer<'_> {
    /// A declaration. Where it stands says whether it could be the beginning of an expression.
    pub(super) fn declaration(
        &mut self,
        declaration: &Declaration<'_>,
        field: Field,
        follows: Follows,
    ) {
        let span = declaration.span();
        if !is_ambient(declaration) {
            return self.plain_declaration(declaration, span, field, follows);
        }
        let is_global = matches!(declaration, Declaration::TSGlobalDeclaration(_));
        if is_global && !self.has(span.start, b"declare") {
            return self.give_up();
        }
        self.node(Kind::AmbientDeclaration, field, span, |w| {
            let after = w.behind(span.start, b"declare");
            let inner = Span::new(w.skip(after), span.end);
            // What the grammar names this one is nothing that anybody asks for.
            w.plain_declaration(declaration, inner, Field::None, Follows::Statement);
        });
    }

    /// A declaration without `declare`.
    fn plain_declaration(
        &mut self,
        declaration: &Declaration<'_>,
        span: Span,
        field: Field,
        follows: Follows,
    ) {
        match declaration {
            Declaration::VariableDeclaration(d) => self.variable_statement(d, span, field),
            Declaration::FunctionDeclaration(d) => {
                self.function_declaration(d, span.start, field, follows);
            }
            Declaration::ClassDeclaration(d) => {
                self.class_declaration(d, span.start, field, follows);
            }
            Declaration::TSTypeAliasDeclaration(d) => self.type_alias(d, span, field),
            Declaration::TSInterfaceDeclaration(d) => self.interface(d, span, field),
            Declaration::TSEnumDeclaration(d) => self.enumeration(d, span, field),
            Declaration::TSExternalModuleDeclaration(d) => self.external_module(d, span, field),
            Declaration::TSNamespaceDeclaration(d) => self.namespace(d, span, field, follows),
            Declaration::TSGlobalDeclaration(d) => {
                let body = &d.body;
                let (directives, statements) = (&body.directives, &body.body);
                self.block(body.span, directives, statements, field, Follows::Statement);
            }
            Declaration::TSImportEqualsDeclaration(d) => self.import_equals(d, field),
        }
    }

    fn variable_statement(
        &mut self,
        declaration: &VariableDeclaration<'_>,
        span: Span,
        field: Field,
    ) {
        match declaration.kind {
            VariableDeclarationKind::Using => self.using(declaration, span, field),
            VariableDeclarationKind::AwaitUsing => self.using(declaration, span, field),
            _ => {
                let last = declaration.declarations.last();
                let follows = match last.and_then(|last| last.init.as_ref()) {
                    Some(_) => Follows::Operator,
                    None => Follows::Statement,
                };
                let end = self.statement_end(span, follows);
                self.variables(declaration, Span::new(span.start, end), field);
            }
        }
    }

    /// `const a = b, c = d`, which covers a range that is known already.
    pub(super) fn variables(
        &mut self,
        declaration: &VariableDeclaration<'_>,
        span: Span,
        field: Field,
    ) {
        let (kind, token, length) = match declaration.kind {
            VariableDeclarationKind::Var => (Kind::VariableDeclaration, None, 3),
            VariableDeclarationKind::Let => (Kind::LexicalDeclaration, Some(Token::Let), 3),
            VariableDeclarationKind::Const => (Kind::LexicalDeclaration, Some(Token::Const), 5),
            VariableDeclarationKind::Using | VariableDeclarationKind::AwaitUsing => {
                return self.give_up();
            }
        };
        self.node(kind, field, span, |w| {
            if let Some(token) = token {
                let keyword = Span::new(span.start, span.start.saturating_add(length));
                w.token(token, Field::KindOf, keyword);
            }
            for declarator in &declaration.declarations {
                w.declarator(declarator);
            }
        });
    }

    fn declarator(&mut self, declarator: &VariableDeclarator<'_>) {
        self.node(
            Kind::VariableDeclarator,
            Field::None,
            declarator.span,
            |w| {
                w.declared(&declarator.id, Field::Name);
                w.annotation(declarator.type_annotation.as_deref(), Field::Type);
                w.maybe(declarator.init.as_ref(), Field::Value);
            },
        );
    }

    /// `using a = b`, which the grammar knows as an assignment.
    fn using(&mut self, declaration: &VariableDeclaration<'_>, span: Span, field: Field) {
        let is_await = declaration.kind == VariableDeclarationKind::AwaitUsing;
        let [declarator] = declaration.declarations.as_slice() else {
            return self.give_up();
        };
        let (Some(init), None) = (&declarator.init, &declarator.type_annotation) else {
            return self.give_up();
        };
        self.ending(
            Kind::ExpressionStatement,
            field,
            span,
            Follows::Operator,
            |w| {
                if is_await {
                    let after = w.behind(span.start, b"await");
                    let start = w.find(after, b"using");
                    w.node(
                        Kind::AwaitExpression,
                        Field::None,
                        Span::new(span.start, start),
                        |w| {
                            w.using_assignment(start, declarator, init);
                        },
                    );
                } else {
                    w.using_assignment(span.start, declarator, init);
                }
            },
        );
    }

    fn using_assignment(
        &mut self,
        start: u32,
        declarator: &VariableDeclarator<'_>,
        init: &Expression<'_>,
    ) {
        let span = Span::new(start, declarator.span.end);
        self.node(Kind::AssignmentExpression, Field::None, span, |w| {
            w.binding(&declarator.id, Field::Left);
            w.expression(init, Field::Right);
        });
    }

    fn type_alias(&mut self, alias: &TSTypeAliasDeclaration<'_>, span: Span, field: Field) {
        self.ending(
            Kind::TypeAliasDeclaration,
            field,
            span,
            Follows::Statement,
            |w| {
                w.leaf(Kind::TypeIdentifier, Field::Name, alias.id.span);
                w.type_parameters(alias.type_parameters.as_deref());
                w.type_node(&alias.type_annotation, Field::Value);
            },
        );
    }

    pub(super) fn interface(
        &mut self,
        interface: &TSInterfaceDeclaration<'_>,
        span: Span,
        field: Field,
    ) {
        self.node(Kind::InterfaceDeclaration, field, span, |w| {
            w.leaf(Kind::TypeIdentifier, Field::Name, interface.id.span);
            w.type_parameters(interface.type_parameters.as_deref());
            if !interface.extends.is_empty() {
                let start = w.find(w.reach(), b"extends");
                w.node(
                    Kind::ExtendsTypeClause,
                    Field::None,
                    Span::new(start, start),
                    |w| {
                        for extended in &interface.extends {
                            let types = extended.type_arguments.as_deref();
                            w.type_reference(
                                extended.span,
                                &extended.type_name,
                                types,
                                Field::Type,
                            );
                        }
                    },
                );
            }
            w.members(
                Kind::InterfaceBody,
                Field::Body,
                interface.body.span,
                &interface.body.body,
            );
        });
    }

    fn enumeration(&mut self, enumeration: &TSEnumDeclaration<'_>, span: Span, field: Field) {
        self.node(Kind::EnumDeclaration, field, span, |w| {
            w.leaf(Kind::Identifier, Field::Name, enumeration.id.span);
            w.node(Kind::EnumBody, Field::Body, enumeration.body.span, |w| {
                for member in &enumeration.body.members {
                    match &member.initializer {
                        Some(value) => {
                            w.node(Kind::EnumAssignment, Field::None, member.span, |w| {
                                w.member_name(&member.id);
                                w.expression(value, Field::Value);
                            });
                        }
                        None => w.member_name(&member.id),
                    }
                }
            });
        });
    }

    fn member_name(&mut self, name: &TSEnumMemberName<'_>) {
        match name {
            TSEnumMemberName::Identifier(name) => {
                self.leaf(Kind::PropertyIdentifier, Field::Name, name.span);
            }
            TSEnumMemberName::String(name) => self.string(name.span, Field::Name),
            // `['a']`, which hardly anybody writes.
            TSEnumMemberName::ComputedString(_) | TSEnumMemberName::ComputedTemplateString(_) => {
                self.give_up();
            }
        }
    }

    fn external_module(
        &mut self,
        module: &TSExternalModuleDeclaration<'_>,
        span: Span,
        field: Field,
    ) {
        self.node(
            Kind::Module,
            field,
            Span::new(span.start, module.id.span.end),
            |w| {
                w.string(module.id.span, Field::Name);
                if let Some(body) = &module.body {
                    let (directives, statements) = (&body.directives, &body.body);
                    w.block(
                        body.span,
                        directives,
                        statements,
                        Field::Body,
                        Follows::Statement,
                    );
                }
            },
        );
    }

    /// `namespace a.b {}`, which is one namespace to the grammar.
    pub(super) fn namespace(
        &mut self,
        namespace: &TSNamespaceDeclaration<'_>,
        span: Span,
        field: Field,
        follows: Follows,
    ) {
        let kind = match self.has(span.start, b"module") {
            true => Kind::Module,
            false => Kind::InternalModule,
        };
        let mut names = vec![namespace.id.span];
        let mut body = &namespace.body;
        while let TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) = body {
            names.push(inner.id.span);
            body = &inner.body;
        }
        let TSNamespaceDeclarationBody::TSModuleBlock(block) = body else {
            return self.give_up();
        };
        self.node(kind, field, span, |w| {
            w.dotted(&names, Kind::NestedIdentifier, Field::Name);
            let (directives, statements) = (&block.directives, &block.body);
            w.block(block.span, directives, statements, Field::Body, follows);
        });
    }

    /// A name in parts: one is a name by itself, more are nested to the left.
    pub(super) fn dotted(&mut self, names: &[Span], kind: Kind, field: Field) {
        match names {
            [] => {}
            [one] => self.leaf(Kind::Identifier, field, *one),
            [before @ .., last] => {
                let start = before.first().map_or(last.start, |first| first.start);
                self.node(kind, field, Span::new(start, last.end), |w| {
                    w.dotted(before, Kind::MemberExpression, Field::Object);
                    w.leaf(Kind::PropertyIdentifier, Field::Property, *last);
                });
            }
        }
    }
}

/// Whether a declaration only says that something is there.
fn is_ambient(declaration: &Declaration<'_>) -> bool {
    match declaration {
        Declaration::VariableDeclaration(d) => d.declare,
        Declaration::FunctionDeclaration(d) => d.declare,
        Declaration::ClassDeclaration(d) => d.declare,
        Declaration::TSTypeAliasDeclaration(d) => d.declare,
        Declaration::TSInterfaceDeclaration(d) => d.declare,
        Declaration::TSEnumDeclaration(d) => d.declare,
        Declaration::TSExternalModuleDeclaration(d) => d.declare,
        Declaration::TSNamespaceDeclaration(d) => d.declare,
        Declaration::TSGlobalDeclaration(_) => true,
        Declaration::TSImportEqualsDeclaration(_) => false,
    }
}
