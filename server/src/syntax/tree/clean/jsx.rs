//! JSX. The text in it is left out: nobody asks for it.

use oxc_ast::ast::{
    Expression, JSXAttribute, JSXAttributeItem, JSXAttributeName, JSXAttributeValue, JSXChild,
    JSXElement, JSXElementName, JSXExpression, JSXExpressionContainer, JSXFragment,
    JSXMemberExpression, JSXMemberExpressionObject, JSXNamespacedName, JSXOpeningElement,
};
use oxc_span::Span;

use super::names::{Field, Kind};
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn jsx_element(&mut self, element: &JSXElement<'_>, field: Field) {
        let opening = &element.opening_element;
        let Some(closing) = &element.closing_element else {
            return self.node(Kind::JsxSelfClosingElement, field, element.span, |w| {
                w.jsx_opening_parts(opening);
            });
        };
        self.node(Kind::JsxElement, field, element.span, |w| {
            w.node(Kind::JsxOpeningElement, Field::OpenTag, opening.span, |w| {
                w.jsx_opening_parts(opening);
            });
            w.jsx_children(&element.children);
            w.node(
                Kind::JsxClosingElement,
                Field::CloseTag,
                closing.span,
                |w| {
                    w.jsx_name(&closing.name);
                },
            );
        });
    }

    pub(super) fn jsx_fragment(&mut self, fragment: &JSXFragment<'_>, field: Field) {
        self.node(Kind::JsxElement, field, fragment.span, |w| {
            w.leaf(
                Kind::JsxOpeningElement,
                Field::OpenTag,
                fragment.opening_fragment.span,
            );
            w.jsx_children(&fragment.children);
            w.leaf(
                Kind::JsxClosingElement,
                Field::CloseTag,
                fragment.closing_fragment.span,
            );
        });
    }

    fn jsx_opening_parts(&mut self, opening: &JSXOpeningElement<'_>) {
        self.jsx_name(&opening.name);
        self.type_arguments(opening.type_arguments.as_deref());
        for attribute in &opening.attributes {
            match attribute {
                JSXAttributeItem::Attribute(attribute) => self.jsx_attribute(attribute),
                JSXAttributeItem::SpreadAttribute(spread) => {
                    self.jsx_spread(spread.span, &spread.argument, Field::Attribute);
                }
            }
        }
    }

    fn jsx_attribute(&mut self, attribute: &JSXAttribute<'_>) {
        self.node(Kind::JsxAttribute, Field::Attribute, attribute.span, |w| {
            match &attribute.name {
                JSXAttributeName::Identifier(name) => {
                    w.leaf(Kind::PropertyIdentifier, Field::None, name.span);
                }
                JSXAttributeName::NamespacedName(name) => {
                    w.jsx_namespaced(name, Field::None);
                }
            }
            match &attribute.value {
                None => {}
                Some(JSXAttributeValue::StringLiteral(value)) => {
                    w.jsx_string(value.span);
                }
                Some(JSXAttributeValue::ExpressionContainer(value)) => w.jsx_container(value),
                Some(JSXAttributeValue::Element(value)) => w.jsx_element(value, Field::None),
                Some(JSXAttributeValue::Fragment(value)) => w.jsx_fragment(value, Field::None),
            }
        });
    }

    /// A string in which nothing is escaped with a backslash.
    fn jsx_string(&mut self, span: Span) {
        self.node(Kind::String, Field::None, span, |w| {
            let inside = Span::new(span.start.saturating_add(1), span.end.saturating_sub(1));
            if inside.start < inside.end {
                w.leaf(Kind::StringFragment, Field::None, inside);
            }
        });
    }

    fn jsx_children(&mut self, children: &[JSXChild<'_>]) {
        for child in children {
            match child {
                JSXChild::Text(_) => {}
                JSXChild::Element(element) => self.jsx_element(element, Field::None),
                JSXChild::Fragment(fragment) => self.jsx_fragment(fragment, Field::None),
                JSXChild::ExpressionContainer(container) => self.jsx_container(container),
                JSXChild::Spread(spread) => {
                    self.jsx_spread(spread.span, &spread.expression, Field::None);
                }
            }
        }
    }

    fn jsx_container(&mut self, container: &JSXExpressionContainer<'_>) {
        self.node(
            Kind::JsxExpression,
            Field::None,
            container.span,
            |w| match &container.expression {
                JSXExpression::EmptyExpression(_) => {}
                expression => w.maybe(expression.as_expression(), Field::None),
            },
        );
    }

    /// `{...spread}`
    fn jsx_spread(&mut self, span: Span, argument: &Expression<'_>, field: Field) {
        self.node(Kind::JsxExpression, field, span, |w| {
            let start = w.find(span.start.saturating_add(1), b"...");
            w.around(
                Kind::SpreadElement,
                Span::new(start, start),
                argument,
                Field::None,
            );
        });
    }

    fn jsx_name(&mut self, name: &JSXElementName<'_>) {
        match name {
            JSXElementName::Identifier(name) => {
                self.leaf(Kind::Identifier, Field::Name, name.span);
            }
            JSXElementName::IdentifierReference(name) => {
                self.leaf(Kind::Identifier, Field::Name, name.span);
            }
            JSXElementName::ThisExpression(name) => {
                self.leaf(Kind::Identifier, Field::Name, name.span);
            }
            JSXElementName::NamespacedName(name) => self.jsx_namespaced(name, Field::Name),
            JSXElementName::MemberExpression(name) => self.jsx_member(name, Field::Name),
        }
    }

    fn jsx_namespaced(&mut self, name: &JSXNamespacedName<'_>, field: Field) {
        self.node(Kind::JsxNamespaceName, field, name.span, |w| {
            w.leaf(Kind::Identifier, Field::None, name.namespace.span);
            w.leaf(Kind::Identifier, Field::None, name.name.span);
        });
    }

    fn jsx_member(&mut self, name: &JSXMemberExpression<'_>, field: Field) {
        self.node(Kind::MemberExpression, field, name.span, |w| {
            match &name.object {
                JSXMemberExpressionObject::IdentifierReference(name) => {
                    w.leaf(Kind::Identifier, Field::Object, name.span);
                }
                JSXMemberExpressionObject::ThisExpression(name) => {
                    w.leaf(Kind::Identifier, Field::Object, name.span);
                }
                JSXMemberExpressionObject::MemberExpression(name) => {
                    w.jsx_member(name, Field::Object);
                }
            }
            w.leaf(
                Kind::PropertyIdentifier,
                Field::Property,
                name.property.span,
            );
        });
    }
}
