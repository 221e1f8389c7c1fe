//! Strings, templates, regular expressions and objects.

use oxc_ast::ast::{
    Expression, ObjectExpression, ObjectProperty, ObjectPropertyKind, PropertyKey, PropertyKind,
    RegExpLiteral, TemplateElement, TemplateLiteral,
};
use oxc_span::{GetSpan, Span};

use super::names::{Field, Kind};
use super::writer::Writer;

impl Writer<'_> {
    /// A string with its quotes, in which what is written as it is and what is escaped are apart.
    pub(super) fn string(&mut self, span: Span, field: Field) {
        self.node(Kind::String, field, span, |w| {
            let start = span.start.saturating_add(1);
            w.fragments(Span::new(start, span.end.saturating_sub(1)));
        });
    }

    /// What stands between quotes, in pieces.
    fn fragments(&mut self, span: Span) {
        let text = self.text;
        let inside = text.get(span.start as usize..span.end as usize);
        let mut rest = inside.unwrap_or_default();
        let mut at = span.start;
        while !rest.is_empty() {
            let (kind, length) = match memchr::memchr(b'\\', rest.as_bytes()) {
                Some(0) => (Kind::EscapeSequence, escape_length(rest)),
                Some(length) => (Kind::StringFragment, length),
                None => (Kind::StringFragment, rest.len()),
            };
            let end = at.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
            self.leaf(kind, Field::None, Span::new(at, end));
            at = end;
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    pub(super) fn template(&mut self, template: &TemplateLiteral<'_>, field: Field) {
        self.node(Kind::TemplateString, field, template.span, |w| {
            let mut expressions = template.expressions.iter();
            for quasi in &template.quasis {
                w.fragments(quasi.span);
                if let Some(expression) = expressions.next() {
                    w.substitution(Kind::TemplateSubstitution, quasi, |w| {
                        w.expression(expression, Field::None);
                    });
                }
            }
        });
    }

    /// `${...}` behind a piece of a template.
    pub(super) fn substitution(
        &mut self,
        kind: Kind,
        quasi: &TemplateElement<'_>,
        inside: impl FnOnce(&mut Self),
    ) {
        let start = quasi.span.end;
        let span = Span::new(start, start.saturating_add(2));
        self.node(kind, Field::None, span, |w| {
            inside(w);
            let end = w.behind(w.reach(), b"}");
            w.reach_to(end);
        });
    }

    /// The pieces of a template of types.
    pub(super) fn type_fragment(&mut self, quasi: &TemplateElement<'_>) {
        if quasi.span.start < quasi.span.end {
            self.leaf(Kind::StringFragment, Field::None, quasi.span);
        }
    }

    pub(super) fn regex(&mut self, regex: &RegExpLiteral<'_>, field: Field) {
        self.node(Kind::Regex, field, regex.span, |w| {
            let start = regex.span.start.saturating_add(1);
            let length = u32::try_from(regex.regex.pattern.text.len()).unwrap_or_default();
            let end = start.saturating_add(length);
            w.leaf(Kind::RegexPattern, Field::Pattern, Span::new(start, end));
            let flags = Span::new(end.saturating_add(1), regex.span.end);
            if flags.start < flags.end {
                w.leaf(Kind::RegexFlags, Field::Flags, flags);
            }
        });
    }

    pub(super) fn object(&mut self, object: &ObjectExpression<'_>, field: Field) {
        self.node(Kind::Object, field, object.span, |w| {
            for property in &object.properties {
                match property {
                    ObjectPropertyKind::ObjectProperty(property) => w.property(property),
                    ObjectPropertyKind::SpreadProperty(spread) => {
                        w.around(
                            Kind::SpreadElement,
                            spread.span,
                            &spread.argument,
                            Field::None,
                        );
                    }
                }
            }
        });
    }

    fn property(&mut self, property: &ObjectProperty<'_>) {
        let span = property.span;
        match (&property.value, property.kind) {
            (Expression::FunctionExpression(function), kind)
                if property.method || kind != PropertyKind::Init =>
            {
                self.node(Kind::MethodDefinition, Field::None, span, |w| {
                    w.modifiers(span.start, &property.key);
                    w.key(&property.key, property.computed, Field::Name);
                    w.method_parts(function);
                });
            }
            _ if property.shorthand => {
                self.leaf(Kind::ShorthandPropertyIdentifier, Field::None, span);
            }
            (value, _) => self.node(Kind::Pair, Field::None, span, |w| {
                w.key(&property.key, property.computed, Field::Key);
                w.expression(value, Field::Value);
            }),
        }
    }

    /// The name of a property.
    pub(super) fn key(&mut self, key: &PropertyKey<'_>, is_computed: bool, field: Field) {
        match key {
            PropertyKey::StaticIdentifier(name) => {
                self.leaf(Kind::PropertyIdentifier, field, name.span);
            }
            PropertyKey::PrivateIdentifier(name) => {
                self.leaf(Kind::PrivatePropertyIdentifier, field, name.span);
            }
            _ => {
                let Some(expression) = key.as_expression() else {
                    return self.give_up();
                };
                if !is_computed {
                    return self.expression(expression, field);
                }
                let inner = expression.span();
                let Some(start) = self.bracket_before(inner.start) else {
                    return self.give_up();
                };
                let span = Span::new(start, inner.end);
                self.node(Kind::ComputedPropertyName, field, span, |w| {
                    w.expression(expression, Field::None);
                    let end = w.behind(w.reach(), b"]");
                    w.reach_to(end);
                });
            }
        }
    }

    /// Where the bracket of a computed name stands: what is before it is laid out.
    fn bracket_before(&mut self, inner: u32) -> Option<u32> {
        let mut at = self.reach();
        loop {
            at = self.skip(at);
            if at >= inner {
                return None;
            }
            if self.byte(at) == b'[' && self.skip(at.saturating_add(1)) == inner {
                return Some(at);
            }
            at = at.saturating_add(1);
        }
    }
}

/// How long the escape sequence is that a text begins with, as the grammar has it: not quite as the
/// language does, where `\?` is nothing special.
fn escape_length(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    let digits = |from: usize, most: usize, is_digit: fn(u8) -> bool| {
        let bytes = text.bytes().skip(from).take(most);
        from.saturating_add(bytes.take_while(|byte| is_digit(*byte)).count())
    };
    match chars.next() {
        Some('x') => digits(2, 2, |byte| byte.is_ascii_hexdigit()),
        Some('u') if text.as_bytes().get(2) == Some(&b'{') => {
            digits(3, usize::MAX, |byte| byte.is_ascii_hexdigit()).saturating_add(1)
        }
        Some('u') => digits(2, 4, |byte| byte.is_ascii_hexdigit()),
        Some('0'..='7') => digits(1, 3, |byte| matches!(byte, b'0'..=b'7')),
        Some('\r' | '?') => match chars.next() {
            Some(end @ ('\n' | '\u{2028}' | '\u{2029}')) => 2_usize.saturating_add(end.len_utf8()),
            _ => 2,
        },
        Some(other) => 1_usize.saturating_add(other.len_utf8()),
        None => text.len(),
    }
    .min(text.len())
}
