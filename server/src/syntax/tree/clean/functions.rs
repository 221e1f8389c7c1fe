//! Functions and what they are given.

use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, Decorator, FormalParameter, FormalParameters,
    Function, FunctionBody, PropertyKey, TSThisParameter, TSType, TSTypeAnnotation,
    TSTypeParameterDeclaration,
};
use oxc_span::{GetSpan, Span};

use super::names::{Field, Kind, Token};
use super::semicolon::Follows;
use super::writer::Writer;

/// What a function has between its name and its body.
pub(super) struct Signature<'s, 'a> {
    pub(super) type_parameters: Option<&'s TSTypeParameterDeclaration<'a>>,
    pub(super) this: Option<&'s TSThisParameter<'a>>,
    pub(super) parameters: &'s FormalParameters<'a>,
    pub(super) return_type: Option<&'s TSTypeAnnotation<'a>>,
}

impl<'s, 'a> Signature<'s, 'a> {
    pub(super) fn of(function: &'s Function<'a>) -> Self {
        Self {
            type_parameters: function.type_parameters.as_deref(),
            this: function.this_param.as_deref(),
            parameters: &function.params,
            return_type: function.return_type.as_deref(),
        }
    }
}

impl Writer<'_> {
    pub(super) fn arrow(&mut self, arrow: &ArrowFunctionExpression<'_>, field: Field) {
        self.node(Kind::ArrowFunction, field, arrow.span, |w| {
            if arrow.r#async {
                w.async_token(arrow.span.start);
            }
            let parameters = &arrow.params;
            match (parameters.items.as_slice(), w.byte(parameters.span.start)) {
                (_, b'(') => w.signature(&Signature {
                    type_parameters: arrow.type_parameters.as_deref(),
                    this: None,
                    parameters,
                    return_type: arrow.return_type.as_deref(),
                }),
                ([one], _) => w.leaf(Kind::Identifier, Field::Parameter, one.pattern.span()),
                _ => w.give_up(),
            }
            match &arrow.body {
                ArrowFunctionBody::FunctionBody(body) => w.body(body, Follows::Operator),
                body => w.maybe(body.as_expression(), Field::Body),
            }
        });
    }

    fn async_token(&mut self, at: u32) {
        let end = self.behind(at, b"async");
        let span = Span::new(end.saturating_sub(5), end);
        self.token(Token::Async, Field::None, span);
    }

    pub(super) fn function_expression(&mut self, function: &Function<'_>, field: Field) {
        let kind = match function.generator {
            true => Kind::GeneratorFunction,
            false => Kind::FunctionExpression,
        };
        let span = function.span;
        self.node(kind, field, span, |w| {
            w.function_parts(function, span.start, Follows::Operator);
        });
    }

    /// A function that is declared, or only said to be somewhere.
    pub(super) fn function_declaration(
        &mut self,
        function: &Function<'_>,
        start: u32,
        field: Field,
        follows: Follows,
    ) {
        let span = Span::new(start, function.span.end);
        if function.body.is_some() {
            let kind = match function.generator {
                true => Kind::GeneratorFunctionDeclaration,
                false => Kind::FunctionDeclaration,
            };
            return self.node(kind, field, span, |w| {
                w.function_parts(function, start, follows)
            });
        }
        self.ending(
            Kind::FunctionSignature,
            field,
            span,
            Follows::Statement,
            |w| {
                w.function_parts(function, start, follows);
            },
        );
    }

    fn function_parts(&mut self, function: &Function<'_>, start: u32, follows: Follows) {
        if function.r#async {
            self.async_token(start);
        }
        if let Some(name) = &function.id {
            self.leaf(Kind::Identifier, Field::Name, name.span);
        }
        self.signature(&Signature::of(function));
        if let Some(body) = &function.body {
            self.body(body, follows);
        }
    }

    /// What a method has behind its name.
    pub(super) fn method_parts(&mut self, function: &Function<'_>) {
        self.signature(&Signature::of(function));
        if let Some(body) = &function.body {
            self.body(body, Follows::Statement);
        }
    }

    fn body(&mut self, body: &FunctionBody<'_>, follows: Follows) {
        self.block(
            body.span,
            &body.directives,
            &body.statements,
            Field::Body,
            follows,
        );
    }

    pub(super) fn signature(&mut self, signature: &Signature<'_, '_>) {
        self.type_parameters(signature.type_parameters);
        self.parameters(signature.this, signature.parameters);
        if let Some(annotation) = signature.return_type {
            self.return_type(annotation);
        }
    }

    pub(super) fn parameters(
        &mut self,
        this: Option<&TSThisParameter<'_>>,
        parameters: &FormalParameters<'_>,
    ) {
        self.node(
            Kind::FormalParameters,
            Field::Parameters,
            parameters.span,
            |w| {
                if let Some(this) = this {
                    w.node(Kind::RequiredParameter, Field::None, this.span, |w| {
                        w.leaf(Kind::This, Field::Pattern, this.this_span);
                        w.annotation(this.type_annotation.as_deref(), Field::Type);
                    });
                }
                for parameter in &parameters.items {
                    w.parameter(parameter);
                }
                if let Some(rest) = &parameters.rest {
                    let start = decorated_start(&rest.decorators, rest.span.start);
                    let span = Span::new(start, rest.span.end);
                    w.node(Kind::RequiredParameter, Field::None, span, |w| {
                        w.decorators(&rest.decorators);
                        w.rest_pattern(&rest.rest, Field::Pattern);
                        w.annotation(rest.type_annotation.as_deref(), Field::Type);
                    });
                }
            },
        );
    }

    fn parameter(&mut self, parameter: &FormalParameter<'_>) {
        let kind = match parameter.optional {
            true => Kind::OptionalParameter,
            false => Kind::RequiredParameter,
        };
        let start = decorated_start(&parameter.decorators, parameter.span.start);
        let span = Span::new(start, parameter.span.end);
        self.node(kind, Field::None, span, |w| {
            w.decorators(&parameter.decorators);
            if parameter.accessibility.is_some() || parameter.r#override {
                let from = w.reach().max(start);
                w.words(from, parameter.pattern.span().start);
            }
            w.binding(&parameter.pattern, Field::Pattern);
            w.annotation(parameter.type_annotation.as_deref(), Field::Type);
            w.maybe(parameter.initializer.as_deref(), Field::Value);
        });
    }

    pub(super) fn decorators(&mut self, decorators: &[Decorator<'_>]) {
        for decorator in decorators {
            self.around(
                Kind::Decorator,
                decorator.span,
                &decorator.expression,
                Field::Decorator,
            );
        }
    }

    /// The words before the name of a member: `public static async *`.
    pub(super) fn modifiers(&mut self, from: u32, key: &PropertyKey<'_>) {
        self.words(from, key.span().start);
    }

    /// Of the words up to an offset, those that somebody asks for or that are nodes.
    fn words(&mut self, from: u32, to: u32) {
        let mut at = self.skip(from);
        while at < to {
            let rest = self.text.get(at as usize..to as usize).unwrap_or_default();
            let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            let end = at.saturating_add(u32::try_from(length.max(1)).unwrap_or(1));
            let span = Span::new(at, end);
            match rest.get(..length).unwrap_or_default() {
                "async" => self.token(Token::Async, Field::None, span),
                "public" | "private" | "protected" => {
                    self.leaf(Kind::AccessibilityModifier, Field::None, span);
                }
                "override" => self.leaf(Kind::OverrideModifier, Field::None, span),
                _ => {}
            }
            at = self.skip(end);
        }
    }

    fn return_type(&mut self, annotation: &TSTypeAnnotation<'_>) {
        let kind = match &annotation.type_annotation {
            TSType::TSTypePredicate(predicate) if predicate.asserts => Kind::AssertsAnnotation,
            TSType::TSTypePredicate(_) => Kind::TypePredicateAnnotation,
            _ => Kind::TypeAnnotation,
        };
        self.node(kind, Field::ReturnType, annotation.span, |w| {
            w.type_node(&annotation.type_annotation, Field::None);
        });
    }

    /// `: type`.
    pub(super) fn annotation(&mut self, annotation: Option<&TSTypeAnnotation<'_>>, field: Field) {
        if let Some(annotation) = annotation {
            self.node(Kind::TypeAnnotation, field, annotation.span, |w| {
                w.type_node(&annotation.type_annotation, Field::None);
            });
        }
    }
}

/// Where something begins, its decorators included.
pub(super) fn decorated_start(decorators: &[Decorator<'_>], start: u32) -> u32 {
    decorators
        .first()
        .map_or(start, |first| first.span.start.min(start))
}
