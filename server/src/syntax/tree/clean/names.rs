//! The grammar's numbers for the kinds and fields that are written, looked up once by name.

use std::sync::LazyLock;

use tree_sitter::Language;

use crate::document::Dialect;

/// Names what the grammar numbers: one list of variants and of the grammar's names for them.
macro_rules! names {
    ($(#[$doc:meta])* $list:ident: $($variant:ident = $name:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $list {
            $($variant),+
        }

        impl $list {
            const NAMES: &[&str] = &[$($name),+];
        }
    };
}

names! {
    /// What is more than a token.
    Kind:
    AbstractClassDeclaration = "abstract_class_declaration",
    AbstractMethodSignature = "abstract_method_signature",
    AccessibilityModifier = "accessibility_modifier",
    AddingTypeAnnotation = "adding_type_annotation",
    AmbientDeclaration = "ambient_declaration",
    Arguments = "arguments",
    Array = "array",
    ArrayPattern = "array_pattern",
    ArrayType = "array_type",
    ArrowFunction = "arrow_function",
    AsExpression = "as_expression",
    AssertsAnnotation = "asserts_annotation",
    Asserts = "asserts",
    AssignmentExpression = "assignment_expression",
    AssignmentPattern = "assignment_pattern",
    AugmentedAssignmentExpression = "augmented_assignment_expression",
    AwaitExpression = "await_expression",
    BinaryExpression = "binary_expression",
    BreakStatement = "break_statement",
    CallExpression = "call_expression",
    CallSignature = "call_signature",
    CatchClause = "catch_clause",
    Class = "class",
    ClassBody = "class_body",
    ClassDeclaration = "class_declaration",
    ClassHeritage = "class_heritage",
    ClassStaticBlock = "class_static_block",
    Comment = "comment",
    ComputedPropertyName = "computed_property_name",
    ConditionalType = "conditional_type",
    Constraint = "constraint",
    ConstructSignature = "construct_signature",
    ConstructorType = "constructor_type",
    ContinueStatement = "continue_statement",
    DebuggerStatement = "debugger_statement",
    Decorator = "decorator",
    DefaultType = "default_type",
    DoStatement = "do_statement",
    ElseClause = "else_clause",
    EmptyStatement = "empty_statement",
    EnumAssignment = "enum_assignment",
    EnumBody = "enum_body",
    EnumDeclaration = "enum_declaration",
    EscapeSequence = "escape_sequence",
    ExportClause = "export_clause",
    ExportSpecifier = "export_specifier",
    ExportStatement = "export_statement",
    ExpressionStatement = "expression_statement",
    ExtendsClause = "extends_clause",
    ExtendsTypeClause = "extends_type_clause",
    False = "false",
    FinallyClause = "finally_clause",
    ForInStatement = "for_in_statement",
    ForStatement = "for_statement",
    FormalParameters = "formal_parameters",
    FunctionDeclaration = "function_declaration",
    FunctionExpression = "function_expression",
    FunctionSignature = "function_signature",
    FunctionType = "function_type",
    GeneratorFunction = "generator_function",
    GeneratorFunctionDeclaration = "generator_function_declaration",
    GenericType = "generic_type",
    HashBangLine = "hash_bang_line",
    Identifier = "identifier",
    IfStatement = "if_statement",
    ImplementsClause = "implements_clause",
    Import = "import",
    ImportAlias = "import_alias",
    ImportAttribute = "import_attribute",
    ImportClause = "import_clause",
    ImportRequireClause = "import_require_clause",
    ImportSpecifier = "import_specifier",
    ImportStatement = "import_statement",
    IndexSignature = "index_signature",
    IndexTypeQuery = "index_type_query",
    InferType = "infer_type",
    InstantiationExpression = "instantiation_expression",
    InterfaceBody = "interface_body",
    InterfaceDeclaration = "interface_declaration",
    InternalModule = "internal_module",
    IntersectionType = "intersection_type",
    JsxAttribute = "jsx_attribute",
    JsxClosingElement = "jsx_closing_element",
    JsxElement = "jsx_element",
    JsxExpression = "jsx_expression",
    JsxNamespaceName = "jsx_namespace_name",
    JsxOpeningElement = "jsx_opening_element",
    JsxSelfClosingElement = "jsx_self_closing_element",
    LabeledStatement = "labeled_statement",
    LexicalDeclaration = "lexical_declaration",
    LiteralType = "literal_type",
    LookupType = "lookup_type",
    MappedTypeClause = "mapped_type_clause",
    MemberExpression = "member_expression",
    MetaProperty = "meta_property",
    MethodDefinition = "method_definition",
    MethodSignature = "method_signature",
    Module = "module",
    NamedImports = "named_imports",
    NamespaceExport = "namespace_export",
    NamespaceImport = "namespace_import",
    NestedIdentifier = "nested_identifier",
    NestedTypeIdentifier = "nested_type_identifier",
    NewExpression = "new_expression",
    NonNullExpression = "non_null_expression",
    Null = "null",
    Number = "number",
    Object = "object",
    ObjectAssignmentPattern = "object_assignment_pattern",
    ObjectPattern = "object_pattern",
    ObjectType = "object_type",
    OmittingTypeAnnotation = "omitting_type_annotation",
    OptingTypeAnnotation = "opting_type_annotation",
    OptionalChain = "optional_chain",
    OptionalParameter = "optional_parameter",
    OptionalType = "optional_type",
    OverrideModifier = "override_modifier",
    Pair = "pair",
    PairPattern = "pair_pattern",
    ParenthesizedExpression = "parenthesized_expression",
    ParenthesizedType = "parenthesized_type",
    PredefinedType = "predefined_type",
    PrivatePropertyIdentifier = "private_property_identifier",
    Program = "program",
    PropertyIdentifier = "property_identifier",
    PropertySignature = "property_signature",
    PublicFieldDefinition = "public_field_definition",
    ReadonlyType = "readonly_type",
    Regex = "regex",
    RegexFlags = "regex_flags",
    RegexPattern = "regex_pattern",
    RequiredParameter = "required_parameter",
    RestPattern = "rest_pattern",
    RestType = "rest_type",
    ReturnStatement = "return_statement",
    SatisfiesExpression = "satisfies_expression",
    SequenceExpression = "sequence_expression",
    ShorthandPropertyIdentifier = "shorthand_property_identifier",
    ShorthandPropertyIdentifierPattern = "shorthand_property_identifier_pattern",
    SpreadElement = "spread_element",
    StatementBlock = "statement_block",
    StatementIdentifier = "statement_identifier",
    String = "string",
    StringFragment = "string_fragment",
    SubscriptExpression = "subscript_expression",
    Super = "super",
    SwitchBody = "switch_body",
    SwitchCase = "switch_case",
    SwitchDefault = "switch_default",
    SwitchStatement = "switch_statement",
    TemplateLiteralType = "template_literal_type",
    TemplateString = "template_string",
    TemplateSubstitution = "template_substitution",
    TemplateType = "template_type",
    TernaryExpression = "ternary_expression",
    This = "this",
    ThisType = "this_type",
    ThrowStatement = "throw_statement",
    True = "true",
    TryStatement = "try_statement",
    TupleType = "tuple_type",
    TypeAliasDeclaration = "type_alias_declaration",
    TypeAnnotation = "type_annotation",
    TypeArguments = "type_arguments",
    TypeAssertion = "type_assertion",
    TypeIdentifier = "type_identifier",
    TypeParameter = "type_parameter",
    TypeParameters = "type_parameters",
    TypePredicate = "type_predicate",
    TypePredicateAnnotation = "type_predicate_annotation",
    TypeQuery = "type_query",
    UnaryExpression = "unary_expression",
    Undefined = "undefined",
    UnionType = "union_type",
    UpdateExpression = "update_expression",
    VariableDeclaration = "variable_declaration",
    VariableDeclarator = "variable_declarator",
    WhileStatement = "while_statement",
    YieldExpression = "yield_expression",
}

names! {
    /// The tokens that are asked for; all others are left out.
    Token:
    And = "&&",
    Async = "async",
    Coalesce = "??",
    Comma = ",",
    Const = "const",
    Default = "default",
    Let = "let",
    Or = "||",
    Star = "*",
}

names! {
    /// What a node is to the one around it. `None` has no name there.
    Field:
    None = "",
    Alias = "alias",
    Alternative = "alternative",
    Argument = "argument",
    Arguments = "arguments",
    Attribute = "attribute",
    Body = "body",
    CloseTag = "close_tag",
    Condition = "condition",
    Consequence = "consequence",
    Constraint = "constraint",
    Constructor = "constructor",
    Declaration = "declaration",
    Decorator = "decorator",
    Finalizer = "finalizer",
    Flags = "flags",
    Function = "function",
    Handler = "handler",
    Increment = "increment",
    Index = "index",
    IndexType = "index_type",
    Initializer = "initializer",
    Key = "key",
    KindOf = "kind",
    Label = "label",
    Left = "left",
    Module = "module",
    Name = "name",
    Object = "object",
    OpenTag = "open_tag",
    Operator = "operator",
    OptionalChain = "optional_chain",
    Parameter = "parameter",
    Parameters = "parameters",
    Pattern = "pattern",
    Property = "property",
    ReturnType = "return_type",
    Right = "right",
    Source = "source",
    Type = "type",
    TypeArguments = "type_arguments",
    TypeParameters = "type_parameters",
    Value = "value",
}

/// The numbers of one grammar.
#[derive(Debug)]
pub(super) struct Numbers {
    kinds: Vec<u16>,
    tokens: Vec<u16>,
    fields: Vec<u16>,
}

impl Numbers {
    /// The numbers of a dialect's grammar.
    pub(super) fn of(dialect: Dialect) -> &'static Self {
        static TYPESCRIPT: LazyLock<Numbers> =
            LazyLock::new(|| Numbers::read(Dialect::TypeScript.language()));
        static TSX: LazyLock<Numbers> = LazyLock::new(|| Numbers::read(Dialect::Tsx.language()));
        match dialect {
            Dialect::TypeScript => &TYPESCRIPT,
            Dialect::Tsx => &TSX,
        }
    }

    fn read(language: &Language) -> Self {
        let kinds = |names: &[&str], is_named| {
            let ids = names
                .iter()
                .map(|name| language.id_for_node_kind(name, is_named));
            ids.collect()
        };
        let fields = Field::NAMES.iter();
        let fields = fields.map(|name| language.field_id_for_name(name).map_or(0, Into::into));
        Self {
            kinds: kinds(Kind::NAMES, true),
            tokens: kinds(Token::NAMES, false),
            fields: fields.collect(),
        }
    }

    pub(super) fn kind(&self, kind: Kind) -> u16 {
        number(&self.kinds, kind as usize)
    }

    pub(super) fn token(&self, token: Token) -> u16 {
        number(&self.tokens, token as usize)
    }

    pub(super) fn field(&self, field: Field) -> u16 {
        number(&self.fields, field as usize)
    }
}

fn number(numbers: &[u16], index: usize) -> u16 {
    numbers.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_of_the_grammars() {
        // Only one of the grammars has JSX, and the other assertions in angle brackets.
        let is_left_out = |name: &str, dialect| match dialect {
            Dialect::TypeScript => {
                name.starts_with("jsx_") || matches!(name, "open_tag" | "close_tag" | "attribute")
            }
            Dialect::Tsx => name == "type_assertion",
        };
        for dialect in [Dialect::TypeScript, Dialect::Tsx] {
            let language = dialect.language();
            let numbers = Numbers::of(dialect);
            let kinds = Kind::NAMES.iter().zip(&numbers.kinds);
            let tokens = Token::NAMES.iter().zip(&numbers.tokens);
            for (name, id) in kinds.chain(tokens) {
                let known = language.node_kind_for_id(*id);
                assert_eq!(known == Some(name), !is_left_out(name, dialect), "{name}");
            }
            for (name, id) in Field::NAMES.iter().zip(&numbers.fields).skip(1) {
                let known = language.field_name_for_id(*id);
                assert_eq!(known == Some(name), !is_left_out(name, dialect), "{name}");
            }
        }
    }
}
