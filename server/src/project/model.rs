//! What one file means once its values have been followed: the tables and namespaces that it
//! defines and the calls that it makes, with ranges. Rules and features read nothing else.

use std::sync::Arc;

use generator::broadcaster::mask::MaskType;
use generator::model::ColumnKind;
use smol_str::SmolStr;

use super::resolved::{List, Object, Resolved};
use crate::facts::{Definition, DefinitionKind, FileFacts};
use crate::schema::Schema;
use crate::span::{FileId, Place, Span};
use crate::syntax::{CallExpression, Import};

/// The meaning of one file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileModel {
    /// The tables that definitions in this file make, in the order of the text.
    pub tables: Vec<Arc<Table>>,
    /// The table objects that this file declares (`sqliteTable(...)`), defined or internal.
    pub declared: Vec<Arc<DeclaredTable>>,
    /// The namespaces that it defines.
    pub namespaces: Vec<Arc<Namespace>>,
    /// The calls of the helper.
    pub calls: Vec<Arc<Call>>,
    /// Every configuration object in the file with the keys that it may have, in any depth.
    pub blocks: Vec<Block>,
    /// The definitions that call a function of Quickback's by a name which another file exports
    /// again; the others are facts.
    pub definitions: Vec<Definition>,
    /// The other files that this was read from.
    pub visited: Vec<FileId>,
    /// The names in this file that are not known because what they stand for is changed after it
    /// was made, and where it is.
    pub changed: Vec<(Span, Place)>,
    /// The constants that this was read from and that hold an object or a list: their names.
    pub followed: Vec<Place>,
    /// Whether something in the file does not parse, so that a definition may be missing.
    pub has_errors: bool,
}

impl FileModel {
    /// The definition that is written at a range in the file of these facts.
    pub fn definition<'a>(&'a self, facts: &'a FileFacts, span: Span) -> Option<&'a Definition> {
        let mut definitions = facts.definitions.iter().chain(&self.definitions);
        definitions.find(|definition| definition.value.span == span)
    }
}

/// A name and where it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: SmolStr,
    /// Where it is declared, a string without its quotes.
    pub place: Place,
    /// What gives it.
    pub kind: NameKind,
}

/// What gives a table its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// The const that it is declared as.
    Const,
    /// The key that it has in an object of tables.
    Key,
    /// A string.
    Text,
    /// A declaration that cannot be read, in another package: its place is where the name is taken
    /// from there.
    Foreign,
}

/// A configuration object.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it may hold.
    pub schema: &'static Schema,
    /// What it holds.
    pub object: Object,
    /// All of it, or the expression that leads to it.
    pub span: Span,
    /// The key that it is the value of.
    pub key_span: Option<Span>,
    /// Whose it is.
    pub owner: BlockOwner,
}

/// Whose configuration a block is: an index into the lists of the [`FileModel`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockOwner {
    /// A table's.
    Table(usize),
    /// A namespace's.
    Namespace(usize),
    /// A call's.
    Call(usize),
}

/// One value of a block.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting<T> {
    /// The key is not there, or `undefined`.
    Absent,
    /// It is there and can be read.
    Known(Known<T>),
    /// It depends on something that could not be followed, to which the range points.
    Unknown(Span),
    /// It is there and of a wrong type.
    Invalid(Span),
}

/// A value of a block that can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Known<T> {
    /// The value.
    pub value: T,
    /// The value's range.
    pub span: Span,
    /// The key's range.
    pub key_span: Span,
    /// All of `key: value`, where it is written.
    pub origin: Place,
}

impl<T> Setting<T> {
    /// The value, if it is there and can be read.
    pub fn known(&self) -> Option<&Known<T>> {
        match self {
            Self::Known(known) => Some(known),
            _ => None,
        }
    }

    /// Whether the key is not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl Setting<bool> {
    /// The value, `default` where the key is absent; `None` where it cannot be told.
    pub fn or(&self, default: bool) -> Option<bool> {
        match self {
            Self::Absent => Some(default),
            Self::Known(known) => Some(known.value),
            Self::Unknown(_) | Self::Invalid(_) => None,
        }
    }
}

/// A table object as drizzle or `q.table` makes it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredTable {
    /// The const's name, the key's in an object of tables, and without either the database's.
    pub name: Name,
    /// The database's name for it.
    pub database_name: Option<SmolStr>,
    /// Its columns.
    pub columns: Arc<Columns>,
}

/// A table that a definition makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The file of the definition.
    pub file: FileId,
    /// Which function defines it.
    pub kind: DefinitionKind,
    /// The call that defines it.
    pub span: Span,
    /// Where the call says which table it is: its first argument, or without one what is called.
    pub subject: Span,
    /// Its name on the wire, where that can be told.
    pub name: Option<Name>,
    /// The database's name for it.
    pub database_name: Option<SmolStr>,
    /// Its columns: those of its [`DeclaredTable`], if that is in the same file.
    pub columns: Arc<Columns>,
    /// The columns of its primary key; empty if none was found.
    pub primary_key: Vec<String>,
    /// The object of options, or why it cannot be read. The values of those that are not read here
    /// are left out: [`super::Project::options`] follows them.
    pub options: Setting<Object>,
    /// The `realtime` block.
    pub realtime: Setting<Realtime>,
    /// The explicit masking.
    pub masking: Setting<Masking>,
    /// Whether it has an organization.
    pub organization: Organization,
    /// Its owner column.
    pub owner: Owner,
}

impl Table {
    /// The call that defines it, with its file.
    pub fn place(&self) -> Place {
        Place {
            file: self.file,
            span: self.span,
        }
    }

    /// Whether realtime is on for certain.
    pub fn is_enabled(&self) -> bool {
        self.block()
            .is_some_and(|block| block.enabled.or(false) == Some(true))
    }

    /// The `realtime` block, if there is one that can be read.
    pub fn block(&self) -> Option<&Realtime> {
        self.realtime.known().map(|known| &known.value)
    }

    /// The explicit rule for a column, if it can be read.
    pub fn mask(&self, column: &str) -> Option<&MaskRule> {
        self.masking
            .known()?
            .value
            .rules
            .iter()
            .rev()
            .find(|rule| rule.column == column)
    }
}

/// The columns of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Columns {
    /// The declared ones in order, then the injected ones that are not declared.
    pub list: Vec<Column>,
    /// Whether there may be others, because something could not be followed.
    pub open: bool,
    /// Whether a `q.scope(...)` may be among these others: drizzle's tables hold none.
    pub may_hide_scope: bool,
}

impl Columns {
    /// The column of that name.
    pub fn get(&self, name: &str) -> Option<&Column> {
        self.list.iter().find(|c| c.name == name)
    }

    /// Whether another column than that one may be a `q.scope(...)` that is not known.
    pub fn may_hold_scope(&self, besides: Option<&str>) -> bool {
        let mut others = self
            .list
            .iter()
            .filter(|c| Some(c.name.as_str()) != besides);
        self.may_hide_scope || others.any(|c| c.may_be_scope)
    }

    /// The names of all known columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|c| c.name.as_str())
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The key in the columns object.
    pub name: SmolStr,
    /// Where the key is written; `None` for an injected one.
    pub place: Option<Place>,
    /// What its values are.
    pub kind: ColumnKind,
    /// Whether `null` may be a value of it: where nothing is said, it may.
    pub nullable: bool,
    /// How many lists its values lie in: 0 for plain values, 2 for lists of lists.
    pub dimensions: u8,
    /// Whether it alone is the primary key.
    pub primary_key: bool,
    /// Whether it may be a `q.scope(...)` of any kind, since what makes it is not known.
    pub may_be_scope: bool,
}

/// A `realtime` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Realtime {
    /// The object.
    pub object: Object,
    /// `enabled`.
    pub enabled: Setting<bool>,
    /// `onInsert`.
    pub on_insert: Setting<bool>,
    /// `onUpdate`.
    pub on_update: Setting<bool>,
    /// `onDelete`.
    pub on_delete: Setting<bool>,
    /// `requiredRoles`.
    pub required_roles: Setting<List>,
    /// `fields`.
    pub fields: Setting<List>,
}

/// The rules of `masking` or `maskingConfig`.
#[derive(Debug, Clone, PartialEq)]
pub struct Masking {
    /// The rules in order, a repeated column more than once.
    pub rules: Vec<MaskRule>,
    /// Where something could not be followed: any column may have a rule there.
    pub unresolved: Option<Span>,
}

/// One rule of masking.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskRule {
    /// The column, or the key of a payload.
    pub column: SmolStr,
    /// Where to point at it.
    pub column_span: Span,
    /// All of `column: { ... }`, where it is written.
    pub origin: Place,
    /// The rule's range.
    pub span: Span,
    /// `type`; a name that is no mask is [`Setting::Invalid`].
    pub kind: Setting<MaskType>,
    /// `show.roles`; absent too where there is no `show`.
    pub roles: Setting<List>,
    /// `show.or: "owner"`: where it is written.
    pub or_owner: Setting<()>,
    /// Whether something of the rule could not be followed or is wrong.
    pub whole: bool,
}

/// What is known of a table's organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Organization {
    /// It has one.
    Present,
    /// `firewall: { exception: true }`, at this range.
    Exception(Span),
    /// It belongs to its owner instead.
    OwnerScoped,
    /// It has none.
    Missing,
    /// The firewall or the columns could not be followed.
    Unknown,
}

/// What is known of a table's owner column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// This column.
    Column(String),
    /// There is none.
    None,
    /// The firewall or the columns could not be followed.
    Unknown,
}

impl Owner {
    /// The column, if there is one for certain.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Column(column) => Some(column),
            Self::None | Self::Unknown => None,
        }
    }
}

/// An event namespace.
#[derive(Debug, Clone, PartialEq)]
pub struct Namespace {
    /// The file that defines it.
    pub file: FileId,
    /// The call that defines it.
    pub span: Span,
    /// The range of `defineRealtime`.
    pub callee_span: Span,
    /// Whether it is the default export of its file.
    pub is_default_export: bool,
    /// The argument, or why it cannot be read.
    pub options: Setting<Object>,
    /// `name`.
    pub name: Setting<String>,
    /// `events`.
    pub events: Setting<List>,
    /// `description`.
    pub description: Setting<String>,
}

/// A call of the helper.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The file of the call.
    pub file: FileId,
    /// What is called.
    pub method: Method,
    /// The range of the last name that is called: `insert`, `started`.
    pub method_span: Span,
    /// The whole call.
    pub span: Span,
    /// The table of a CRUD call, the event of `broadcast`.
    pub subject: Option<Resolved>,
    /// The new record, or the payload.
    pub new: Option<Resolved>,
    /// The old record.
    pub old: Option<Resolved>,
    /// The organization or the target object.
    pub target: Option<Resolved>,
    /// The options.
    pub options: Setting<Object>,
    /// `targetRoles` of the options.
    pub target_roles: Setting<List>,
    /// `maskingConfig` of the options.
    pub masking: Setting<Masking>,
    /// The syntax of the call: its arguments, and what becomes of its result.
    pub expression: CallExpression,
    /// The import of `createRealtime`.
    pub helper: Import,
}

impl Call {
    /// The table whose event it sends, if that is written as a string.
    pub fn table(&self) -> Option<&str> {
        match self.method {
            Method::Insert | Method::Update | Method::Delete => self.subject.as_ref()?.as_str(),
            Method::Broadcast | Method::Event { .. } => None,
        }
    }

    /// The namespace whose event it sends.
    pub fn namespace(&self) -> Option<&str> {
        match &self.method {
            Method::Event { namespace, .. } => Some(&namespace.0),
            Method::Broadcast => {
                let event = self.subject.as_ref()?.as_str()?;
                event.split_once(':').map(|(namespace, _)| namespace)
            }
            Method::Insert | Method::Update | Method::Delete => None,
        }
    }
}

/// What a call of the helper does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// `insert(table, new, target, options)`.
    Insert,
    /// `update(table, new, old, target, options)`.
    Update,
    /// `delete(table, old, target, options)`.
    Delete,
    /// `broadcast(event, payload, target, options)`.
    Broadcast,
    /// `<namespace>.<event>(payload, target, options)`.
    Event {
        /// The namespace and its range.
        namespace: (SmolStr, Span),
        /// The event and its range.
        event: (SmolStr, Span),
    },
}
