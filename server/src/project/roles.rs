//! The roles of a project, from its configuration.

use generator::model::BETTER_AUTH_ROLES;

use super::resolved::{Kind, List, Lookup, Resolved};
use super::{Evaluator, Project};
use crate::span::{FileId, Place};
use crate::syntax::value::{Element, Value, ValueKind};

/// The roles that a project knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Roles {
    /// The configuration file, if there is one.
    pub config: Option<FileId>,
    /// What `auth.roleHierarchy` says.
    pub hierarchy: Hierarchy,
    /// The names of the hierarchy that holds, lowest first: the declared one or Better Auth's.
    pub names: Vec<String>,
    /// Further roles, from `roles` of the settings.
    pub extra: Vec<String>,
    /// The files that this was read from, besides the configuration.
    pub visited: Vec<FileId>,
}

/// What the configuration says of the hierarchy.
#[derive(Debug, Clone, PartialEq)]
pub enum Hierarchy {
    /// Nothing.
    Absent,
    /// It declares these, each with the place of its string, quotes included.
    Declared(Vec<(String, Place)>),
    /// It says something that cannot be followed: nothing may be said about any role.
    Unknown,
}

impl Roles {
    /// Whether a role without `+` is known: of the hierarchy, Better Auth's, or of the settings.
    pub fn knows(&self, role: &str) -> bool {
        self.names.iter().chain(&self.extra).any(|n| n == role) || BETTER_AUTH_ROLES.contains(&role)
    }

    /// All known roles without `+`, the hierarchy's first.
    pub fn all(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self
            .names
            .iter()
            .chain(&self.extra)
            .map(String::as_str)
            .collect();
        all.extend(BETTER_AUTH_ROLES);
        let mut seen = rustc_hash::FxHashSet::default();
        all.retain(|role| seen.insert(*role));
        all
    }

    /// The roles that `role` stands for: itself, or for `role+` that role and every higher one.
    /// `None` if it ends in `+` and the role before it is not in the hierarchy.
    pub fn expand<'a>(&'a self, role: &'a str) -> Option<impl Iterator<Item = &'a str>> {
        let (itself, higher) = match role.strip_suffix('+') {
            None => (Some(role), None),
            Some(lowest) => {
                let at = self.names.iter().position(|name| name == lowest)?;
                (None, self.names.get(at..))
            }
        };
        let higher = higher.into_iter().flatten().map(String::as_str);
        Some(itself.into_iter().chain(higher))
    }

    /// The roles as the generator takes them.
    pub fn as_model(&self) -> generator::model::Roles {
        let mut others: Vec<String> = self
            .all()
            .into_iter()
            .filter(|r| !self.names.iter().any(|n| n == r))
            .map(str::to_owned)
            .collect();
        others.sort_unstable();
        generator::model::Roles {
            hierarchy: self.names.clone(),
            declared: matches!(self.hierarchy, Hierarchy::Declared(_)),
            others,
        }
    }
}

/// Reads the roles of a project from its configuration file.
pub fn roles(project: &Project, config: Option<FileId>, extra: &[String]) -> Roles {
    let (hierarchy, visited) = match config {
        Some(file) => {
            let evaluator = Evaluator::new(project, file);
            (hierarchy(project, &evaluator, file), evaluator.visited())
        }
        None => (Hierarchy::Absent, Vec::new()),
    };
    let names = match &hierarchy {
        Hierarchy::Declared(roles) => roles.iter().map(|r| r.0.clone()).collect(),
        Hierarchy::Absent | Hierarchy::Unknown => BETTER_AUTH_ROLES.map(str::to_owned).to_vec(),
    };
    Roles {
        config,
        hierarchy,
        names,
        extra: extra.to_vec(),
        visited,
    }
}

fn hierarchy(project: &Project, evaluator: &Evaluator<'_>, file: FileId) -> Hierarchy {
    let Some(facts) = project.facts(file) else {
        return Hierarchy::Unknown;
    };
    let Some(default) = &facts.module.default else {
        return Hierarchy::Unknown;
    };
    let Some(config) = configuration(evaluator, default) else {
        return Hierarchy::Unknown;
    };
    let Kind::Object(config) = &config.kind else {
        return Hierarchy::Unknown;
    };
    let auth = match config.get("auth") {
        Lookup::Absent => return Hierarchy::Absent,
        Lookup::Unknown(_) => return Hierarchy::Unknown,
        Lookup::Found(property) => &property.value,
    };
    let options = match &auth.kind {
        // `auth: defineAuth("better-auth", { roleHierarchy })`
        Kind::Builder(builder) => builder
            .args
            .iter()
            .filter_map(Resolved::as_object)
            .next_back(),
        Kind::Object(object) => Some(object),
        Kind::Null | Kind::Undefined | Kind::Bool(_) => return Hierarchy::Absent,
        _ => None,
    };
    let Some(options) = options else {
        return Hierarchy::Unknown;
    };
    match options.get("roleHierarchy") {
        Lookup::Absent => Hierarchy::Absent,
        Lookup::Unknown(_) => Hierarchy::Unknown,
        Lookup::Found(property) => match &property.value.kind {
            Kind::List(list) if list.is_whole() => declared(list),
            Kind::Undefined => Hierarchy::Absent,
            _ => Hierarchy::Unknown,
        },
    }
}

fn declared(list: &List) -> Hierarchy {
    let roles: Option<Vec<(String, Place)>> = list
        .items
        .iter()
        .map(|i| Some((i.as_str()?.to_owned(), i.origin)))
        .collect();
    roles.map_or(Hierarchy::Unknown, Hierarchy::Declared)
}

/// The object that a configuration exports: by itself, or as the argument of `defineConfig`.
fn configuration(evaluator: &Evaluator<'_>, default: &Value) -> Option<Resolved> {
    let resolved = evaluator.value(default);
    match resolved.kind {
        Kind::Object(_) => Some(resolved),
        Kind::Builder(builder) => builder.args.into_iter().next(),
        _ => match &default.kind {
            ValueKind::Call(call) => match call.args.first() {
                Some(Element::Item(value)) => Some(evaluator.value(value)),
                _ => None,
            },
            _ => None,
        },
    }
}
