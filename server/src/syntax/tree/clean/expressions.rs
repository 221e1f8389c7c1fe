//! Expressions.

use oxc_ast::ast::{
    Argument, ArrayExpressionElement, AssignmentExpression, CallExpression, ChainElement,
    Expression, MemberExpression, NewExpression, TSTypeParameterInstantiation,
};
use oxc_span::{GetSpan, Span};
use oxc_syntax::operator::{AssignmentOperator, LogicalOperator};

use super::names::{Field, Kind, Token};
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn expression(&mut self, expression: &Expression<'_>, field: Field) {
        match expression {
            Expression::Identifier(e) => self.identifier(e.span, field),
            Expression::StringLiteral(e) => self.string(e.span, field),
            Expression::NumericLiteral(e) => self.leaf(Kind::Number, field, e.span),
            Expression::BigIntLiteral(e) => self.leaf(Kind::Number, field, e.span),
            Expression::BooleanLiteral(e) => {
                self.leaf(
                    if e.value { Kind::True } else { Kind::False },
                    field,
                    e.span,
                );
            }
            Expression::NullLiteral(e) => self.leaf(Kind::Null, field, e.span),
            Expression::ThisExpression(e) => self.leaf(Kind::This, field, e.span),
            Expression::Super(e) => self.leaf(Kind::Super, field, e.span),
            Expression::ImportMeta(e) => self.leaf(Kind::MetaProperty, field, e.span),
            Expression::NewTarget(e) => self.leaf(Kind::MetaProperty, field, e.span),
            Expression::CallExpression(e) => self.call(e, field),
            Expression::ChainExpression(e) => match &e.expression {
                ChainElement::CallExpression(call) => self.call(call, field),
                ChainElement::TSNonNullExpression(e) => {
                    self.around(Kind::NonNullExpression, e.span, &e.expression, field);
                }
                element => match element.as_member_expression() {
                    Some(member) => self.member(member, field),
                    None => self.give_up(),
                },
            },
            Expression::ParenthesizedExpression(e) => {
                self.around(Kind::ParenthesizedExpression, e.span, &e.expression, field);
            }
            Expression::AwaitExpression(e) => {
                self.around(Kind::AwaitExpression, e.span, &e.argument, field);
            }
            Expression::TSNonNullExpression(e) => {
                self.around(Kind::NonNullExpression, e.span, &e.expression, field);
            }
            Expression::ObjectExpression(e) => self.object(e, field),
            Expression::ArrowFunctionExpression(e) => self.arrow(e, field),
            Expression::FunctionExpression(e) => self.function_expression(e, field),
            Expression::ClassExpression(e) => self.class(e, field),
            Expression::ArrayExpression(e) => self.node(Kind::Array, field, e.span, |w| {
                let mut at = e.span.start.saturating_add(1);
                for element in &e.elements {
                    match element {
                        ArrayExpressionElement::Elision(_) => {}
                        ArrayExpressionElement::SpreadElement(spread) => {
                            w.commas(at);
                            w.around(
                                Kind::SpreadElement,
                                spread.span,
                                &spread.argument,
                                Field::None,
                            );
                            at = spread.span.end;
                        }
                        _ => {
                            w.commas(at);
                            w.maybe(element.as_expression(), Field::None);
                            at = element.span().end;
                        }
                    }
                }
                w.commas(at);
            }),
            _ => self.operation(expression, field),
        }
    }

    fn operation(&mut self, expression: &Expression<'_>, field: Field) {
        match expression {
            Expression::AssignmentExpression(e) => self.assignment(e, field),
            Expression::BinaryExpression(e) => {
                self.node(Kind::BinaryExpression, field, e.span, |w| {
                    w.expression(&e.left, Field::Left);
                    w.expression(&e.right, Field::Right);
                });
            }
            Expression::LogicalExpression(e) => {
                self.node(Kind::BinaryExpression, field, e.span, |w| {
                    w.expression(&e.left, Field::Left);
                    let (token, text) = match e.operator {
                        LogicalOperator::And => (Token::And, b"&&"),
                        LogicalOperator::Or => (Token::Or, b"||"),
                        LogicalOperator::Coalesce => (Token::Coalesce, b"??"),
                    };
                    let start = w.find(e.left.span().end, text);
                    let span = Span::new(start, start.saturating_add(2));
                    w.token(token, Field::Operator, span);
                    w.expression(&e.right, Field::Right);
                });
            }
            Expression::PrivateInExpression(e) => {
                self.node(Kind::BinaryExpression, field, e.span, |w| {
                    w.leaf(Kind::PrivatePropertyIdentifier, Field::Left, e.left.span);
                    w.expression(&e.right, Field::Right);
                });
            }
            Expression::ConditionalExpression(e) => {
                self.node(Kind::TernaryExpression, field, e.span, |w| {
                    w.expression(&e.test, Field::Condition);
                    w.expression(&e.consequent, Field::Consequence);
                    w.expression(&e.alternate, Field::Alternative);
                });
            }
            Expression::SequenceExpression(e) => {
                self.node(Kind::SequenceExpression, field, e.span, |w| {
                    for expression in &e.expressions {
                        w.expression(expression, Field::None);
                    }
                });
            }
            Expression::UnaryExpression(e) => {
                self.node(Kind::UnaryExpression, field, e.span, |w| {
                    w.expression(&e.argument, Field::Argument);
                })
            }
            Expression::UpdateExpression(e) => {
                self.node(Kind::UpdateExpression, field, e.span, |w| {
                    w.simple_target(&e.argument, Field::Argument);
                });
            }
            Expression::YieldExpression(e) => {
                self.node(Kind::YieldExpression, field, e.span, |w| {
                    w.maybe(e.argument.as_ref(), Field::None);
                })
            }
            _ => self.special(expression, field),
        }
    }

    fn special(&mut self, expression: &Expression<'_>, field: Field) {
        match expression {
            Expression::NewExpression(e) => self.new_expression(e, field),
            Expression::TemplateLiteral(e) => self.template(e, field),
            Expression::TaggedTemplateExpression(e) => {
                // The grammar reads the type arguments of a tag as comparisons.
                if e.type_arguments.is_some() {
                    self.give_up();
                }
                self.node(Kind::CallExpression, field, e.span, |w| {
                    w.expression(&e.tag, Field::Function);
                    w.template(&e.quasi, Field::Arguments);
                });
            }
            Expression::RegExpLiteral(e) => self.regex(e, field),
            Expression::ImportExpression(e) => {
                if e.phase.is_some() {
                    self.give_up();
                }
                self.node(Kind::CallExpression, field, e.span, |w| {
                    let open = w.import_keyword(e.span.start);
                    let span = Span::new(open, e.span.end);
                    w.node(Kind::Arguments, Field::Arguments, span, |w| {
                        w.expression(&e.source, Field::None);
                        w.commas(e.source.span().end);
                        if let Some(options) = &e.options {
                            w.expression(options, Field::None);
                            w.commas(options.span().end);
                        }
                    });
                });
            }
            Expression::TSAsExpression(e) => self.node(Kind::AsExpression, field, e.span, |w| {
                w.expression(&e.expression, Field::None);
                w.type_node(&e.type_annotation, Field::None);
            }),
            Expression::TSSatisfiesExpression(e) => {
                self.node(Kind::SatisfiesExpression, field, e.span, |w| {
                    w.expression(&e.expression, Field::None);
                    w.type_node(&e.type_annotation, Field::None);
                });
            }
            Expression::TSTypeAssertion(e) => self.node(Kind::TypeAssertion, field, e.span, |w| {
                let end = w.behind(e.type_annotation.span().end, b">");
                let span = Span::new(e.span.start, end);
                w.node(Kind::TypeArguments, Field::None, span, |w| {
                    w.type_node(&e.type_annotation, Field::None);
                });
                w.expression(&e.expression, Field::None);
            }),
            Expression::TSInstantiationExpression(e) => {
                self.node(Kind::InstantiationExpression, field, e.span, |w| {
                    w.expression(&e.expression, Field::None);
                    w.type_arguments(Some(&e.type_arguments));
                });
            }
            Expression::JSXElement(e) => self.jsx_element(e, field),
            Expression::JSXFragment(e) => self.jsx_fragment(e, field),
            _ => match expression.as_member_expression() {
                Some(member) => self.member(member, field),
                None => self.give_up(),
            },
        }
    }

    /// `import` where it is called; answers where its parenthesis stands.
    pub(super) fn import_keyword(&mut self, start: u32) -> u32 {
        let end = self.behind(start, b"import");
        self.leaf(Kind::Import, Field::Function, Span::new(start, end));
        self.find(end, b"(")
    }

    /// A name that is used. `undefined` is one that the grammar knows, and `await` is none.
    pub(super) fn identifier(&mut self, span: Span, field: Field) {
        let name = self.text.get(span.start as usize..span.end as usize);
        match name {
            Some("undefined") => self.leaf(Kind::Undefined, field, span),
            Some("await") => self.give_up(),
            _ => self.leaf(Kind::Identifier, field, span),
        }
    }

    /// An expression that only stands in something.
    pub(super) fn around(&mut self, kind: Kind, span: Span, inner: &Expression<'_>, field: Field) {
        self.node(kind, field, span, |w| w.expression(inner, Field::None));
    }

    /// The commas from an offset on, up to something else.
    pub(super) fn commas(&mut self, at: u32) {
        let mut at = self.skip(at);
        while self.byte(at) == b',' {
            let end = at.saturating_add(1);
            self.token(Token::Comma, Field::None, Span::new(at, end));
            at = self.skip(end);
        }
    }

    fn call(&mut self, call: &CallExpression<'_>, field: Field) {
        self.node(Kind::CallExpression, field, call.span, |w| {
            w.expression(&call.callee, Field::Function);
            let mut at = w.skip(call.callee.span().end);
            if call.optional {
                at = w.behind(at, b"?.");
            }
            w.arguments(
                at,
                call.type_arguments.as_deref(),
                &call.arguments,
                call.span.end,
            );
        });
    }

    fn new_expression(&mut self, new: &NewExpression<'_>, field: Field) {
        self.node(Kind::NewExpression, field, new.span, |w| {
            w.expression(&new.callee, Field::Constructor);
            let callee = new.callee.span().end;
            let before = new
                .type_arguments
                .as_deref()
                .map_or(callee, |types| types.span.end);
            if before < new.span.end {
                let types = new.type_arguments.as_deref();
                w.arguments(callee, types, &new.arguments, new.span.end);
            } else {
                w.type_arguments(new.type_arguments.as_deref());
            }
        });
    }

    /// What a call is given, from behind the callee to its end.
    fn arguments(
        &mut self,
        at: u32,
        types: Option<&TSTypeParameterInstantiation<'_>>,
        arguments: &[Argument<'_>],
        end: u32,
    ) {
        self.type_arguments(types);
        let open = self.find(types.map_or(at, |types| types.span.end), b"(");
        self.node(
            Kind::Arguments,
            Field::Arguments,
            Span::new(open, end),
            |w| {
                for argument in arguments {
                    match argument {
                        Argument::SpreadElement(spread) => {
                            w.around(
                                Kind::SpreadElement,
                                spread.span,
                                &spread.argument,
                                Field::None,
                            );
                        }
                        _ => w.maybe(argument.as_expression(), Field::None),
                    }
                    w.commas(argument.span().end);
                }
            },
        );
    }

    pub(super) fn member(&mut self, member: &MemberExpression<'_>, field: Field) {
        let (object, is_optional) = (member.object(), member.optional());
        let kind = match member {
            MemberExpression::ComputedMemberExpression(_) => Kind::SubscriptExpression,
            _ => Kind::MemberExpression,
        };
        self.node(kind, field, member.span(), |w| {
            w.expression(object, Field::Object);
            if is_optional {
                let start = w.find(object.span().end, b"?.");
                let span = Span::new(start, start.saturating_add(2));
                w.leaf(Kind::OptionalChain, Field::OptionalChain, span);
            }
            match member {
                MemberExpression::ComputedMemberExpression(e) => {
                    w.expression(&e.expression, Field::Index);
                }
                MemberExpression::StaticMemberExpression(e) => {
                    w.leaf(Kind::PropertyIdentifier, Field::Property, e.property.span);
                }
                MemberExpression::PrivateFieldExpression(e) => {
                    w.leaf(
                        Kind::PrivatePropertyIdentifier,
                        Field::Property,
                        e.field.span,
                    );
                }
            }
        });
    }

    fn assignment(&mut self, e: &AssignmentExpression<'_>, field: Field) {
        let kind = match e.operator {
            AssignmentOperator::Assign => Kind::AssignmentExpression,
            _ => Kind::AugmentedAssignmentExpression,
        };
        // The parentheses of `(a) = b` are not in the tree.
        if e.span.start != e.left.span().start {
            self.give_up();
        }
        self.node(kind, field, e.span, |w| {
            w.target(&e.left, Field::Left);
            w.expression(&e.right, Field::Right);
        });
    }
}
