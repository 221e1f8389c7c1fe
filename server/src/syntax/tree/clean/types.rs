//! Types. Of these nobody asks for more than the parameters in them and how deep they lie, so
//! that what binds closer than what is not told in every case as the grammar has it.

use oxc_ast::ast::{
    TSLiteral, TSTupleElement, TSType, TSTypeName, TSTypeOperatorOperator,
    TSTypeParameterDeclaration, TSTypeParameterInstantiation, TSTypePredicate, TSTypePredicateName,
};
use oxc_span::{GetSpan, Span};

use super::names::{Field, Kind};
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn type_node(&mut self, node: &TSType<'_>, field: Field) {
        match node {
            TSType::TSAnyKeyword(_)
            | TSType::TSBooleanKeyword(_)
            | TSType::TSNeverKeyword(_)
            | TSType::TSNumberKeyword(_)
            | TSType::TSObjectKeyword(_)
            | TSType::TSStringKeyword(_)
            | TSType::TSSymbolKeyword(_)
            | TSType::TSUnknownKeyword(_)
            | TSType::TSVoidKeyword(_) => self.leaf(Kind::PredefinedType, field, node.span()),
            TSType::TSBigIntKeyword(_) | TSType::TSIntrinsicKeyword(_) => {
                self.leaf(Kind::TypeIdentifier, field, node.span());
            }
            TSType::TSNullKeyword(t) => self.literal(Kind::Null, t.span, field),
            TSType::TSUndefinedKeyword(t) => self.literal(Kind::Undefined, t.span, field),
            TSType::TSThisType(t) => self.leaf(Kind::ThisType, field, t.span),
            TSType::TSTypeReference(t) => {
                self.type_reference(t.span, &t.type_name, t.type_arguments.as_deref(), field);
            }
            TSType::TSArrayType(t) => self.node(Kind::ArrayType, field, t.span, |w| {
                w.type_node(&t.element_type, Field::None);
            }),
            TSType::TSUnionType(t) => self.chain(Kind::UnionType, t.span, &t.types, field),
            TSType::TSIntersectionType(t) => {
                self.chain(Kind::IntersectionType, t.span, &t.types, field);
            }
            TSType::TSParenthesizedType(t) => {
                self.node(Kind::ParenthesizedType, field, t.span, |w| {
                    w.type_node(&t.type_annotation, Field::None);
                });
            }
            TSType::TSTypeLiteral(t) => self.members(Kind::ObjectType, field, t.span, &t.members),
            TSType::TSLiteralType(t) => self.literal_type(&t.literal, t.span, field),
            TSType::TSFunctionType(t) => self.node(Kind::FunctionType, field, t.span, |w| {
                w.type_parameters(t.type_parameters.as_deref());
                w.parameters(t.this_param.as_deref(), &t.params);
                w.type_node(&t.return_type.type_annotation, Field::ReturnType);
            }),
            TSType::TSConstructorType(t) => self.node(Kind::ConstructorType, field, t.span, |w| {
                w.type_parameters(t.type_parameters.as_deref());
                w.parameters(None, &t.params);
                w.type_node(&t.return_type.type_annotation, Field::Type);
            }),
            _ => self.rare_type(node, field),
        }
    }

    fn rare_type(&mut self, node: &TSType<'_>, field: Field) {
        match node {
            TSType::TSConditionalType(t) => self.node(Kind::ConditionalType, field, t.span, |w| {
                w.type_node(&t.check_type, Field::Left);
                w.type_node(&t.extends_type, Field::Right);
                w.type_node(&t.true_type, Field::Consequence);
                w.type_node(&t.false_type, Field::Alternative);
            }),
            TSType::TSIndexedAccessType(t) => self.node(Kind::LookupType, field, t.span, |w| {
                w.type_node(&t.object_type, Field::None);
                w.type_node(&t.index_type, Field::None);
            }),
            TSType::TSTypeOperatorType(t) => {
                let kind = match t.operator {
                    TSTypeOperatorOperator::Keyof => Kind::IndexTypeQuery,
                    TSTypeOperatorOperator::Readonly => Kind::ReadonlyType,
                    TSTypeOperatorOperator::Unique => {
                        return self.leaf(Kind::PredefinedType, field, t.span);
                    }
                };
                self.node(kind, field, t.span, |w| {
                    w.type_node(&t.type_annotation, Field::None)
                });
            }
            TSType::TSInferType(t) => self.node(Kind::InferType, field, t.span, |w| {
                w.leaf(
                    Kind::TypeIdentifier,
                    Field::None,
                    t.type_parameter.name.span,
                );
                if let Some(constraint) = &t.type_parameter.constraint {
                    w.type_node(constraint, Field::None);
                }
            }),
            TSType::TSMappedType(t) => self.mapped(t, field),
            TSType::TSTupleType(t) => self.node(Kind::TupleType, field, t.span, |w| {
                for element in &t.element_types {
                    w.tuple_element(element);
                }
            }),
            TSType::TSNamedTupleMember(t) => {
                let kind = match t.optional {
                    true => Kind::OptionalParameter,
                    false => Kind::RequiredParameter,
                };
                self.node(kind, field, t.span, |w| {
                    w.leaf(Kind::Identifier, Field::Name, t.label.span);
                    let colon = w.named_type_colon(t.label.span.end);
                    w.node(Kind::TypeAnnotation, Field::Type, colon, |w| {
                        w.tuple_element(&t.element_type);
                    });
                });
            }
            TSType::TSTemplateLiteralType(t) => {
                self.node(Kind::TemplateLiteralType, field, t.span, |w| {
                    let mut types = t.types.iter();
                    for quasi in &t.quasis {
                        w.type_fragment(quasi);
                        if let Some(inner) = types.next() {
                            w.substitution(Kind::TemplateType, quasi, |w| {
                                w.type_node(inner, Field::None);
                            });
                        }
                    }
                });
            }
            TSType::TSTypePredicate(t) => self.predicate(t, field),
            TSType::TSTypeQuery(t) => self.type_query(t, field),
            TSType::TSImportType(t) => self.import_type(t, field),
            _ => self.give_up(),
        }
    }

    fn literal(&mut self, kind: Kind, span: Span, field: Field) {
        self.node(Kind::LiteralType, field, span, |w| {
            w.leaf(kind, Field::None, span)
        });
    }

    fn literal_type(&mut self, literal: &TSLiteral<'_>, span: Span, field: Field) {
        match literal {
            TSLiteral::TemplateLiteral(t) => {
                self.node(Kind::TemplateLiteralType, field, span, |w| {
                    for quasi in &t.quasis {
                        w.type_fragment(quasi);
                    }
                });
            }
            TSLiteral::StringLiteral(t) => self.node(Kind::LiteralType, field, span, |w| {
                w.string(t.span, Field::None);
            }),
            TSLiteral::UnaryExpression(t) => self.node(Kind::LiteralType, field, span, |w| {
                w.node(Kind::UnaryExpression, Field::None, t.span, |w| {
                    w.expression(&t.argument, Field::Argument);
                });
            }),
            TSLiteral::BooleanLiteral(t) => {
                self.literal(if t.value { Kind::True } else { Kind::False }, span, field);
            }
            TSLiteral::NumericLiteral(_) | TSLiteral::BigIntLiteral(_) => {
                self.literal(Kind::Number, span, field);
            }
        }
    }

    /// `a | b | c`, which the grammar nests to the left: `(a | b) | c`.
    fn chain(&mut self, kind: Kind, span: Span, types: &[TSType<'_>], field: Field) {
        let is_led = matches!(self.byte(span.start), b'|' | b'&');
        match types {
            [] => {}
            [one] if !is_led => self.type_node(one, field),
            [before @ .., last] => {
                self.node(kind, field, Span::new(span.start, last.span().end), |w| {
                    if !before.is_empty() {
                        w.chain(kind, span, before, Field::None);
                    }
                    w.type_node(last, Field::None);
                });
            }
        }
    }

    /// The colon behind the name of a member of a tuple, which may be optional.
    fn named_type_colon(&mut self, at: u32) -> Span {
        let mut at = self.skip(at);
        if self.byte(at) == b'?' {
            at = at.saturating_add(1);
        }
        let colon = self.find(at, b":");
        Span::new(colon, colon)
    }

    fn tuple_element(&mut self, element: &TSTupleElement<'_>) {
        match element {
            TSTupleElement::TSOptionalType(t) => {
                self.node(Kind::OptionalType, Field::None, t.span, |w| {
                    w.type_node(&t.type_annotation, Field::None);
                });
            }
            TSTupleElement::TSRestType(t) => self.node(Kind::RestType, Field::None, t.span, |w| {
                w.type_node(&t.type_annotation, Field::None);
            }),
            _ => match element.as_ts_type() {
                Some(inner) => self.type_node(inner, Field::None),
                None => self.give_up(),
            },
        }
    }

    /// A named type with what it is given.
    pub(super) fn type_reference(
        &mut self,
        span: Span,
        name: &TSTypeName<'_>,
        arguments: Option<&TSTypeParameterInstantiation<'_>>,
        field: Field,
    ) {
        // `as const` has a keyword where other types have a name.
        if self.has(span.start, b"const") && span.end.saturating_sub(span.start) == 5 {
            return self.reach_to(span.end);
        }
        match arguments {
            None => self.type_name(name, field),
            Some(_) => self.node(Kind::GenericType, field, span, |w| {
                w.type_name(name, Field::Name);
                w.type_arguments(arguments);
            }),
        }
    }

    fn type_name(&mut self, name: &TSTypeName<'_>, field: Field) {
        match name {
            TSTypeName::QualifiedName(name) => {
                self.node(Kind::NestedTypeIdentifier, field, name.span, |w| {
                    w.module_name(&name.left, Kind::NestedIdentifier, Field::Module);
                    w.leaf(Kind::TypeIdentifier, Field::Name, name.right.span);
                });
            }
            TSTypeName::IdentifierReference(_) => {
                self.leaf(Kind::TypeIdentifier, field, name.span());
            }
            TSTypeName::ThisExpression(_) => self.leaf(Kind::This, field, name.span()),
        }
    }

    /// A name before a dot, nested to the left.
    pub(super) fn module_name(&mut self, name: &TSTypeName<'_>, kind: Kind, field: Field) {
        match name {
            TSTypeName::QualifiedName(name) => self.node(kind, field, name.span, |w| {
                w.module_name(&name.left, Kind::MemberExpression, Field::Object);
                w.leaf(Kind::PropertyIdentifier, Field::Property, name.right.span);
            }),
            TSTypeName::ThisExpression(name) => self.leaf(Kind::This, field, name.span),
            TSTypeName::IdentifierReference(name) => {
                self.leaf(Kind::Identifier, field, name.span);
            }
        }
    }

    fn predicate(&mut self, predicate: &TSTypePredicate<'_>, field: Field) {
        if predicate.asserts {
            self.node(Kind::Asserts, field, predicate.span, |w| {
                w.is_type(predicate, Field::None)
            });
        } else {
            self.is_type(predicate, field);
        }
    }

    fn is_type(&mut self, predicate: &TSTypePredicate<'_>, field: Field) {
        let (kind, name) = match &predicate.parameter_name {
            TSTypePredicateName::Identifier(name) => (Kind::Identifier, name.span),
            TSTypePredicateName::This(name) => (Kind::This, name.span),
        };
        let Some(annotation) = &predicate.type_annotation else {
            return self.leaf(kind, field, name);
        };
        let span = Span::new(name.start, predicate.span.end);
        self.node(Kind::TypePredicate, field, span, |w| {
            w.leaf(kind, Field::Name, name);
            w.type_node(&annotation.type_annotation, Field::Type);
        });
    }

    pub(super) fn type_arguments(&mut self, types: Option<&TSTypeParameterInstantiation<'_>>) {
        if let Some(types) = types {
            self.node(Kind::TypeArguments, Field::TypeArguments, types.span, |w| {
                for inner in &types.params {
                    w.type_node(inner, Field::None);
                }
            });
        }
    }

    pub(super) fn type_parameters(&mut self, types: Option<&TSTypeParameterDeclaration<'_>>) {
        let Some(types) = types else {
            return;
        };
        self.node(
            Kind::TypeParameters,
            Field::TypeParameters,
            types.span,
            |w| {
                for parameter in &types.params {
                    w.node(Kind::TypeParameter, Field::None, parameter.span, |w| {
                        w.leaf(Kind::TypeIdentifier, Field::Name, parameter.name.span);
                        if let Some(constraint) = &parameter.constraint {
                            let start = w.find(w.reach(), b"extends");
                            let span = Span::new(start, constraint.span().end);
                            w.node(Kind::Constraint, Field::Constraint, span, |w| {
                                w.type_node(constraint, Field::None);
                            });
                        }
                        if let Some(default) = &parameter.default {
                            let start = w.find(w.reach(), b"=");
                            let span = Span::new(start, default.span().end);
                            w.node(Kind::DefaultType, Field::Value, span, |w| {
                                w.type_node(default, Field::None);
                            });
                        }
                    });
                }
            },
        );
    }
}
