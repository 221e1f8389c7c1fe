//! The members of types.

use oxc_ast::ast::{
    TSIndexSignature, TSMappedType, TSMappedTypeModifierOperator, TSMethodSignature,
    TSPropertySignature, TSSignature,
};
use oxc_span::{GetSpan, Span};

use super::functions::Signature;
use super::names::{Field, Kind};
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn members(
        &mut self,
        kind: Kind,
        field: Field,
        span: Span,
        members: &[TSSignature<'_>],
    ) {
        self.node(kind, field, span, |w| {
            for member in members {
                w.type_member(member);
            }
        });
    }

    fn type_member(&mut self, member: &TSSignature<'_>) {
        // What separates members is no part of them, so each reaches as far as what is in it.
        let start = member.span().start;
        let open = Span::new(start, start);
        match member {
            TSSignature::TSIndexSignature(member) => self.index_signature(member),
            TSSignature::TSPropertySignature(member) => self.property_signature(member, open),
            TSSignature::TSMethodSignature(member) => self.method_signature(member, open),
            TSSignature::TSCallSignatureDeclaration(member) => {
                self.node(Kind::CallSignature, Field::None, open, |w| {
                    w.signature(&Signature {
                        type_parameters: member.type_parameters.as_deref(),
                        this: member.this_param.as_deref(),
                        parameters: &member.params,
                        return_type: member.return_type.as_deref(),
                    });
                });
            }
            TSSignature::TSConstructSignatureDeclaration(member) => {
                self.node(Kind::ConstructSignature, Field::None, open, |w| {
                    w.type_parameters(member.type_parameters.as_deref());
                    w.parameters(None, &member.params);
                    w.annotation(member.return_type.as_deref(), Field::Type);
                });
            }
        }
    }

    fn property_signature(&mut self, member: &TSPropertySignature<'_>, open: Span) {
        self.node(Kind::PropertySignature, Field::None, open, |w| {
            w.key(&member.key, member.computed, Field::Name);
            if member.optional {
                let end = w.behind(w.reach(), b"?");
                w.reach_to(end);
            }
            w.annotation(member.type_annotation.as_deref(), Field::Type);
        });
    }

    fn method_signature(&mut self, member: &TSMethodSignature<'_>, open: Span) {
        self.node(Kind::MethodSignature, Field::None, open, |w| {
            w.key(&member.key, member.computed, Field::Name);
            w.signature(&Signature {
                type_parameters: member.type_parameters.as_deref(),
                this: member.this_param.as_deref(),
                parameters: &member.params,
                return_type: member.return_type.as_deref(),
            });
        });
    }

    /// `[name: index]: type`
    pub(super) fn index_signature(&mut self, member: &TSIndexSignature<'_>) {
        let start = member.span.start;
        self.node(
            Kind::IndexSignature,
            Field::None,
            Span::new(start, start),
            |w| {
                let name = member.parameter.span.start;
                let index = &member.parameter.type_annotation;
                let end = w.skip_name(name);
                w.leaf(Kind::Identifier, Field::Name, Span::new(name, end));
                w.type_node(&index.type_annotation, Field::IndexType);
                w.annotation(Some(&member.type_annotation), Field::Type);
            },
        );
    }

    /// The end of the name that begins at an offset.
    fn skip_name(&self, at: u32) -> u32 {
        let rest = self.text.get(at as usize..).unwrap_or_default();
        let length = rest.find(|c: char| c == ':' || c == '/' || c.is_whitespace());
        at.saturating_add(u32::try_from(length.unwrap_or_default()).unwrap_or_default())
    }

    /// `{ [key in keys]: type }`
    pub(super) fn mapped(&mut self, mapped: &TSMappedType<'_>, field: Field) {
        self.node(Kind::ObjectType, field, mapped.span, |w| {
            let start = w.skip(mapped.span.start.saturating_add(1));
            w.node(
                Kind::IndexSignature,
                Field::None,
                Span::new(start, start),
                |w| {
                    let key = mapped.key.span;
                    w.node(Kind::MappedTypeClause, Field::None, key, |w| {
                        w.leaf(Kind::TypeIdentifier, Field::Name, key);
                        w.type_node(&mapped.constraint, Field::Type);
                        if let Some(name) = &mapped.name_type {
                            w.type_node(name, Field::Alias);
                        }
                    });
                    let Some(annotation) = &mapped.type_annotation else {
                        return w.give_up();
                    };
                    let kind = match mapped.optional {
                        Some(TSMappedTypeModifierOperator::True) => Kind::OptingTypeAnnotation,
                        Some(TSMappedTypeModifierOperator::Plus) => Kind::AddingTypeAnnotation,
                        Some(TSMappedTypeModifierOperator::Minus) => Kind::OmittingTypeAnnotation,
                        None => Kind::TypeAnnotation,
                    };
                    let after = w.behind(w.reach(), b"]");
                    let start = w.skip(after);
                    w.node(kind, Field::Type, Span::new(start, start), |w| {
                        w.type_node(annotation, Field::None);
                    });
                },
            );
        });
    }
}
