//! Statements.

use oxc_ast::ast::{
    BlockStatement, Declaration, Directive, Expression, ForStatementInit, ForStatementLeft,
    IfStatement, LabelIdentifier, Program, Statement, SwitchStatement, TryStatement,
};
use oxc_span::{GetSpan, Span};

use super::names::{Field, Kind};
use super::semicolon::Follows;
use super::writer::Writer;

impl Writer<'_> {
    /// A whole file.
    pub(super) fn program(&mut self, program: &Program<'_>) {
        let start = self.skip_space(0);
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.node(Kind::Program, Field::None, Span::new(start, end), |w| {
            if let Some(line) = &program.hashbang {
                w.leaf(Kind::HashBangLine, Field::None, line.span);
            }
            w.statements(&program.directives, &program.body, Field::None);
        });
    }

    pub(super) fn statements(
        &mut self,
        directives: &[Directive<'_>],
        statements: &[Statement<'_>],
        field: Field,
    ) {
        for directive in directives {
            let end = self.statement_end(directive.span, Follows::Operator);
            let span = Span::new(directive.span.start, end);
            self.node(Kind::ExpressionStatement, field, span, |w| {
                w.string(directive.expression.span, Field::None);
            });
        }
        for statement in statements {
            self.statement(statement, field);
        }
    }

    /// `{ ... }`, which may be what an expression ends with.
    pub(super) fn block(
        &mut self,
        span: Span,
        directives: &[Directive<'_>],
        statements: &[Statement<'_>],
        field: Field,
        follows: Follows,
    ) {
        self.node(Kind::StatementBlock, field, span, |w| {
            w.statements(directives, statements, Field::None);
            // Comments behind the brace are counted to the block, up to the end of the line.
            let end = w.automatic_end(span.end, follows);
            w.reach_to(end);
        });
    }

    fn block_statement(&mut self, block: &BlockStatement<'_>, field: Field) {
        self.block(block.span, &[], &block.body, field, Follows::Statement);
    }

    pub(super) fn statement(&mut self, statement: &Statement<'_>, field: Field) {
        let none = Field::None;
        match statement {
            Statement::BlockStatement(block) => self.block_statement(block, field),
            Statement::ExpressionStatement(s) => {
                self.ending(
                    Kind::ExpressionStatement,
                    field,
                    s.span,
                    Follows::Operator,
                    |w| {
                        w.expression(&s.expression, none);
                    },
                );
            }
            Statement::EmptyStatement(s) => self.leaf(Kind::EmptyStatement, field, s.span),
            Statement::IfStatement(s) => self.if_statement(s, field),
            Statement::ReturnStatement(s) => {
                let follows = match s.argument {
                    Some(_) => Follows::Operator,
                    None => Follows::Statement,
                };
                self.ending(Kind::ReturnStatement, field, s.span, follows, |w| {
                    w.maybe(s.argument.as_ref(), none);
                });
            }
            Statement::ThrowStatement(s) => {
                self.ending(
                    Kind::ThrowStatement,
                    field,
                    s.span,
                    Follows::Operator,
                    |w| {
                        w.expression(&s.argument, none);
                    },
                );
            }
            Statement::TryStatement(s) => self.try_statement(s, field),
            Statement::SwitchStatement(s) => self.switch_statement(s, field),
            Statement::BreakStatement(s) => {
                self.jump(Kind::BreakStatement, s.label.as_ref(), field, s.span);
            }
            Statement::ContinueStatement(s) => {
                self.jump(Kind::ContinueStatement, s.label.as_ref(), field, s.span);
            }
            Statement::DebuggerStatement(s) => {
                self.ending(
                    Kind::DebuggerStatement,
                    field,
                    s.span,
                    Follows::Statement,
                    |_| {},
                );
            }
            Statement::LabeledStatement(s) => {
                self.node(Kind::LabeledStatement, field, s.span, |w| {
                    w.leaf(Kind::StatementIdentifier, Field::Label, s.label.span);
                    w.statement(&s.body, Field::Body);
                });
            }
            Statement::WithStatement(_) => self.give_up(),
            _ => self.other_statement(statement, field),
        }
    }

    fn other_statement(&mut self, statement: &Statement<'_>, field: Field) {
        match statement {
            Statement::ForStatement(s) => self.node(Kind::ForStatement, field, s.span, |w| {
                w.for_head(s.span, s.init.as_ref(), s.test.as_ref(), s.update.as_ref());
                w.statement(&s.body, Field::Body);
            }),
            Statement::ForInStatement(s) => {
                self.for_in(s.span, &s.left, &s.right, &s.body, field);
            }
            Statement::ForOfStatement(s) => {
                self.for_in(s.span, &s.left, &s.right, &s.body, field);
            }
            Statement::WhileStatement(s) => self.node(Kind::WhileStatement, field, s.span, |w| {
                w.parenthesized(s.span.start, b"while", &s.test, Field::Condition);
                w.statement(&s.body, Field::Body);
            }),
            Statement::DoWhileStatement(s) => {
                self.ending(Kind::DoStatement, field, s.span, Follows::Statement, |w| {
                    w.statement(&s.body, Field::Body);
                    let keyword = w.find(w.reach(), b"while");
                    w.parenthesized(keyword, b"while", &s.test, Field::Condition);
                });
            }
            _ => match (
                statement.as_declaration(),
                statement.as_module_declaration(),
            ) {
                (Some(declaration), _) => self.declaration_statement(declaration, field),
                (None, Some(declaration)) => self.module_declaration(declaration, field),
                (None, None) => self.give_up(),
            },
        }
    }

    /// A declaration where a statement stands.
    fn declaration_statement(&mut self, declaration: &Declaration<'_>, field: Field) {
        if let Declaration::TSNamespaceDeclaration(namespace) = declaration
            && !namespace.declare
            && self.has(namespace.span.start, b"namespace")
        {
            // The grammar knows `namespace a {}` as an expression.
            let span = namespace.span;
            if self.byte(self.skip(span.end)) == b';' {
                self.give_up();
            }
            self.node(Kind::ExpressionStatement, field, span, |w| {
                w.namespace(namespace, span, Field::None, Follows::Operator);
                let end = w.automatic_end(w.reach(), Follows::Operator);
                w.reach_to(end);
            });
        } else {
            self.declaration(declaration, field, Follows::Operator);
        }
    }

    /// A statement that ends with a semicolon, which may be missing.
    pub(super) fn ending(
        &mut self,
        kind: Kind,
        field: Field,
        span: Span,
        follows: Follows,
        inside: impl FnOnce(&mut Self),
    ) {
        self.node(kind, field, span, |w| {
            inside(w);
            let span = Span::new(span.start, span.end.max(w.reach()));
            let end = w.statement_end(span, follows);
            w.reach_to(end);
        });
    }

    fn jump(&mut self, kind: Kind, label: Option<&LabelIdentifier<'_>>, field: Field, span: Span) {
        self.ending(kind, field, span, Follows::Statement, |w| {
            if let Some(label) = label {
                w.leaf(Kind::StatementIdentifier, Field::Label, label.span);
            }
        });
    }

    /// `keyword (expression)`, of which the parentheses and what is in them are a node.
    fn parenthesized(
        &mut self,
        at: u32,
        keyword: &[u8],
        expression: &Expression<'_>,
        field: Field,
    ) {
        let after = self.behind(at, keyword);
        let start = self.find(after, b"(");
        let span = Span::new(start, expression.span().end);
        self.node(Kind::ParenthesizedExpression, field, span, |w| {
            w.expression(expression, Field::None);
            let end = w.behind(w.reach(), b")");
            w.reach_to(end);
        });
    }

    fn if_statement(&mut self, statement: &IfStatement<'_>, field: Field) {
        self.node(Kind::IfStatement, field, statement.span, |w| {
            w.parenthesized(
                statement.span.start,
                b"if",
                &statement.test,
                Field::Condition,
            );
            w.statement(&statement.consequent, Field::Consequence);
            if let Some(alternate) = &statement.alternate {
                let start = w.find(w.reach(), b"else");
                let span = Span::new(start, alternate.span().end);
                w.node(Kind::ElseClause, Field::Alternative, span, |w| {
                    w.statement(alternate, Field::None);
                });
            }
        });
    }

    fn for_head(
        &mut self,
        span: Span,
        init: Option<&ForStatementInit<'_>>,
        test: Option<&Expression<'_>>,
        update: Option<&Expression<'_>>,
    ) {
        let after = self.behind(span.start, b"for");
        let mut at = self.behind(after, b"(");
        match init {
            Some(ForStatementInit::VariableDeclaration(declaration)) => {
                let end = self.behind(declaration.span.end, b";");
                let span = Span::new(declaration.span.start, end);
                self.variables(declaration, span, Field::Initializer);
                at = end;
            }
            Some(init) => {
                self.maybe(init.as_expression(), Field::Initializer);
                at = self.behind(init.span().end, b";");
            }
            None => at = self.empty_part(at, Field::Initializer),
        }
        match test {
            Some(test) => self.expression(test, Field::Condition),
            None => {
                self.empty_part(at, Field::Condition);
            }
        }
        self.maybe(update, Field::Increment);
    }

    /// A part of `for (;;)` that is left out: its semicolon.
    fn empty_part(&mut self, at: u32, field: Field) -> u32 {
        let start = self.find(at, b";");
        let end = start.saturating_add(1);
        self.leaf(Kind::EmptyStatement, field, Span::new(start, end));
        end
    }

    fn for_in(
        &mut self,
        span: Span,
        left: &ForStatementLeft<'_>,
        right: &Expression<'_>,
        body: &Statement<'_>,
        field: Field,
    ) {
        self.node(Kind::ForInStatement, field, span, |w| {
            match left {
                ForStatementLeft::VariableDeclaration(declaration) => {
                    match declaration.declarations.as_slice() {
                        [one] if one.init.is_none() && one.type_annotation.is_none() => {
                            w.declared(&one.id, Field::Left);
                        }
                        _ => w.give_up(),
                    }
                }
                _ => match left.as_assignment_target() {
                    Some(target) => w.target(target, Field::Left),
                    None => w.give_up(),
                },
            }
            w.expression(right, Field::Right);
            w.statement(body, Field::Body);
        });
    }

    fn try_statement(&mut self, statement: &TryStatement<'_>, field: Field) {
        self.node(Kind::TryStatement, field, statement.span, |w| {
            w.block_statement(&statement.block, Field::Body);
            if let Some(handler) = &statement.handler {
                w.node(Kind::CatchClause, Field::Handler, handler.span, |w| {
                    if let Some(parameter) = &handler.param {
                        w.declared(&parameter.pattern, Field::Parameter);
                        w.annotation(parameter.type_annotation.as_deref(), Field::Type);
                    }
                    w.block_statement(&handler.body, Field::Body);
                });
            }
            if let Some(block) = &statement.finalizer {
                let start = w.find(w.reach(), b"finally");
                let span = Span::new(start, block.span.end);
                w.node(Kind::FinallyClause, Field::Finalizer, span, |w| {
                    w.block_statement(block, Field::Body);
                });
            }
        });
    }

    fn switch_statement(&mut self, statement: &SwitchStatement<'_>, field: Field) {
        self.node(Kind::SwitchStatement, field, statement.span, |w| {
            w.parenthesized(
                statement.span.start,
                b"switch",
                &statement.discriminant,
                Field::Value,
            );
            let start = w.find(w.reach(), b"{");
            let span = Span::new(start, statement.span.end);
            w.node(Kind::SwitchBody, Field::Body, span, |w| {
                for case in &statement.cases {
                    let kind = match case.test {
                        Some(_) => Kind::SwitchCase,
                        None => Kind::SwitchDefault,
                    };
                    w.node(kind, Field::None, case.span, |w| {
                        w.maybe(case.test.as_ref(), Field::Value);
                        w.statements(&[], &case.consequent, Field::Body);
                    });
                }
            });
        });
    }

    /// An expression, if there is one.
    pub(super) fn maybe(&mut self, expression: Option<&Expression<'_>>, field: Field) {
        if let Some(expression) = expression {
            self.expression(expression, field);
        }
    }
}
