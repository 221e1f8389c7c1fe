//! The roles of a project, from its configuration.

mod changed;

use generator::model::BETTER_AUTH_ROLES;

use super::resolved::{Builder, Kind, List, Lookup, Resolved};
use super::{Evaluator, Project};
use crate::settings;
use crate::span::{FileId, Place};
use crate::syntax::ChangedPart;
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
    /// Further roles, from `roles` of the settings, each with the place of its text.
    pub extra: Vec<(String, Place)>,
    /// The files that this was read from, besides the configuration.
    pub visited: Vec<FileId>,
    /// The constants that the configuration was read from and that hold an object or a list: their
    /// names, in order.
    pub followed: Vec<Place>,
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
        self.declared().any(|name| name == role) || BETTER_AUTH_ROLES.contains(&role)
    }

    fn declared(&self) -> impl Iterator<Item = &str> {
        let extra = self.extra.iter().map(|(name, _)| name);
        self.names.iter().chain(extra).map(String::as_str)
    }

    /// All known roles without `+`, the hierarchy's first.
    pub fn all(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.declared().collect();
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

    /// Whether a part of a value holds a role of the declared hierarchy, so that another would stand
    /// there if that were changed, or whether one may be declared there.
    pub fn are_read_from(&self, value: &Resolved, part: &ChangedPart) -> bool {
        let roles = match &self.hierarchy {
            Hierarchy::Declared(roles) => roles,
            Hierarchy::Absent => {
                let is_object = matches!(value.kind, Kind::Object(_) | Kind::Builder(_));
                return is_object && !changed::spares_roles(part);
            }
            Hierarchy::Unknown => return false,
        };
        let mut stack = changed::parts(value, part);
        while let Some(value) = stack.pop() {
            match &value.kind {
                Kind::String(_) if roles.iter().any(|(_, place)| *place == value.origin) => {
                    return true;
                }
                Kind::List(list) => stack.extend(list.items.iter()),
                Kind::Object(object) => {
                    stack.extend(object.properties().map(|property| &property.value));
                }
                Kind::Builder(builder) => stack.extend(&builder.args),
                _ => {}
            }
        }
        false
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
pub fn roles(project: &Project, config: Option<FileId>) -> Roles {
    let (hierarchy, visited, followed) = match config {
        Some(file) => {
            let evaluator = Evaluator::new(project, file);
            let hierarchy = hierarchy(project, &evaluator, file);
            let mut followed = evaluator.followed();
            // An export without a name is imported by any.
            if matches!(hierarchy, Hierarchy::Declared(_)) {
                let export = evaluator.export(file, "default");
                followed.extend(export.and_then(|export| export.place()));
            }
            followed.sort_unstable();
            followed.dedup();
            (hierarchy, evaluator.visited(), followed)
        }
        None => (Hierarchy::Absent, Vec::new(), Vec::new()),
    };
    let names = match &hierarchy {
        Hierarchy::Declared(roles) => names_of(roles),
        Hierarchy::Absent | Hierarchy::Unknown => BETTER_AUTH_ROLES.map(str::to_owned).to_vec(),
    };
    let settings = project.settings();
    let extra = settings.roles.iter().map(|(name, span)| {
        let place = Place {
            file: settings::FILE,
            span: *span,
        };
        (name.clone(), place)
    });
    Roles {
        config,
        hierarchy,
        names,
        extra: extra.collect(),
        visited,
        followed,
    }
}

fn hierarchy(project: &Project, evaluator: &Evaluator<'_>, file: FileId) -> Hierarchy {
    let Some(facts) = project.facts(file) else {
        return Hierarchy::Unknown;
    };
    let Some(default) = &facts.module.default else {
        return Hierarchy::Unknown;
    };
    let spared = |value: Resolved| changed::spared(project, evaluator, &value).unwrap_or(value);
    let Some(config) = configuration(evaluator, default, &spared) else {
        return Hierarchy::Unknown;
    };
    let auth = match said(&config.parts, AUTH) {
        Said::Nothing if config.is_whole => return Hierarchy::Absent,
        Said::Value(auth) => spared(auth.clone()),
        Said::Nothing | Said::Unknown => return Hierarchy::Unknown,
    };
    let (options, is_whole) = match &auth.kind {
        Kind::Object(_) => (vec![auth], true),
        // `auth: defineAuth("better-auth", { roleHierarchy })`
        Kind::Builder(builder) if builder.methods.is_empty() => {
            let is_whole = calls(builder, &AUTHENTICATION);
            let options = builder.args.iter().cloned();
            (options.map(spared).collect(), is_whole)
        }
        Kind::Null | Kind::Undefined | Kind::Bool(_) => return Hierarchy::Absent,
        _ => return Hierarchy::Unknown,
    };
    match said(&options, HIERARCHY) {
        Said::Nothing if is_whole => Hierarchy::Absent,
        Said::Nothing | Said::Unknown => Hierarchy::Unknown,
        Said::Value(value) => match &value.kind {
            Kind::List(list) if list.is_whole() => declared(list),
            Kind::Undefined if is_whole => Hierarchy::Absent,
            _ => Hierarchy::Unknown,
        },
    }
}

/// What some values say under a key.
enum Said<'a> {
    /// For certain nothing.
    Nothing,
    /// One of them says this, and no other says anything.
    Value(&'a Resolved),
    /// One of them cannot be followed, or several say something: which of them counts is known to
    /// the function that takes them.
    Unknown,
}

fn said<'a>(values: &'a [Resolved], key: &str) -> Said<'a> {
    let mut found = Said::Nothing;
    for value in values {
        let object = match &value.kind {
            Kind::Object(object) => object,
            Kind::String(_) | Kind::Number | Kind::Bool(_) | Kind::Null | Kind::Undefined => {
                continue;
            }
            _ => return Said::Unknown,
        };
        match (object.get(key), &found) {
            (Lookup::Absent, _) => {}
            (Lookup::Found(property), Said::Nothing) => found = Said::Value(&property.value),
            _ => return Said::Unknown,
        }
    }
    found
}

fn declared(list: &List) -> Hierarchy {
    let roles: Option<Vec<(String, Place)>> = list
        .items
        .iter()
        .map(|i| Some((i.as_str()?.to_owned(), i.origin)))
        .collect();
    roles.map_or(Hierarchy::Unknown, Hierarchy::Declared)
}

/// The names of declared roles, each once. Of one that is named twice the last place counts: by the
/// first, `role+` would stand for more.
fn names_of(declared: &[(String, Place)]) -> Vec<String> {
    let mut seen = rustc_hash::FxHashSet::default();
    let last = declared.iter().rev().filter(|(name, _)| seen.insert(name));
    let mut names: Vec<String> = last.map(|(name, _)| name.clone()).collect();
    names.reverse();
    names
}

/// What a configuration is made of.
struct Configuration {
    /// The object itself, or the arguments of the function that makes it.
    parts: Vec<Resolved>,
    /// Whether it says nothing that none of its parts says.
    is_whole: bool,
}

/// The key of a configuration that says who has which role.
const AUTH: &str = "auth";

/// The key of that which lists the roles.
const HIERARCHY: &str = "roleHierarchy";

/// The function that answers the configuration that it takes.
const IDENTITY: [&str; 1] = ["defineConfig"];

/// The functions that add no roles to the options of authentication that they take.
const AUTHENTICATION: [&str; 2] = ["defineAuth", "betterAuth"];

/// Whether what is called is one of these, and no function of the project's of that name.
fn calls(builder: &Builder, functions: &[&str]) -> bool {
    let callee = &builder.callee;
    functions.contains(&builder.function()) && callee.helper.is_none() && callee.made_by.is_none()
}

/// The configuration that is exported: an object, or the arguments of `defineConfig` or of another
/// function, which may add to them.
fn configuration(
    evaluator: &Evaluator<'_>,
    default: &Value,
    spared: &dyn Fn(Resolved) -> Resolved,
) -> Option<Configuration> {
    let resolved = spared(evaluator.value(default));
    let (parts, is_whole) = match resolved.kind {
        Kind::Object(_) => (vec![resolved], true),
        Kind::Builder(builder) if builder.methods.is_empty() => {
            let is_whole = calls(&builder, &IDENTITY);
            (builder.args, is_whole)
        }
        Kind::Builder(_) => return None,
        _ => {
            let ValueKind::Call(call) = &default.kind else {
                return None;
            };
            let items = call.args.iter().map(|element| match element {
                Element::Item(value) => Some(evaluator.value(value)),
                Element::Spread(_) | Element::Hole => None,
            });
            (items.collect::<Option<_>>()?, false)
        }
    };
    // `withLogs(defineConfig({ ... }))`
    let parts = parts.into_iter().map(spared);
    let parts = parts.flat_map(|part| match part.kind {
        Kind::Builder(builder) if builder.methods.is_empty() && calls(&builder, &IDENTITY) => {
            builder.args
        }
        _ => vec![part],
    });
    Some(Configuration {
        parts: parts.collect(),
        is_whole,
    })
}

#[cfg(test)]
mod tests {
    use super::Hierarchy;
    use crate::rules::testing::fixture;

    /// What the configuration `export default {config}` declares.
    fn declared(config: &str) -> String {
        let fixture = fixture(&format!(
            "//- quickback.config.ts
import {{ defineConfig, defineAuth, mergeConfig }} from '@quickback/compiler';
import {{ AUTH, withMore }} from '@acme/auth';
const roleHierarchy = ['viewer', 'member'];
const ownAuth = (options) => ({{ ...options, roleHierarchy }});
const betterAuth2 = (options) => betterAuth({{ roleHierarchy, ...options }});
export default {config};
"
        ));
        match &fixture.project.roles().hierarchy {
            Hierarchy::Absent => "absent".to_owned(),
            Hierarchy::Unknown => "unknown".to_owned(),
            Hierarchy::Declared(roles) => {
                let names: Vec<&str> = roles.iter().map(|(name, _)| name.as_str()).collect();
                names.join(" ")
            }
        }
    }

    #[test]
    fn a_hierarchy_is_read_where_only_one_place_can_say_it() {
        for config in [
            "{ auth: { roleHierarchy } }",
            "defineConfig({ auth: { roleHierarchy } })",
            "defineConfig({ auth: defineAuth({ roleHierarchy }) })",
            "defineConfig({ auth: defineAuth('better-auth', { roleHierarchy }) })",
            "defineConfig({ auth: defineAuth({ provider: 'x' }, { roleHierarchy }) })",
            "defineConfig({ auth: acmeAuth({ roleHierarchy }) })",
            "mergeConfig({ name: 'x' }, { auth: { roleHierarchy } })",
            "mergeConfig(defineConfig({ name: 'x' }), { auth: { roleHierarchy } })",
            "defineConfig({ auth: ownAuth({ provider: 'x' }) })",
            "withMore(defineConfig({ auth: { roleHierarchy } }))",
            "withMore({ auth: { roleHierarchy } }, { silent: true })",
        ] {
            assert_eq!(declared(config), "viewer member", "{config}");
        }
    }

    #[test]
    fn of_a_role_that_is_named_twice_the_last_place_counts() {
        let fixture = fixture(
            "//- quickback.config.ts
export default { auth: { roleHierarchy: ['viewer', 'admin', 'member', 'admin', 'owner'] } };
",
        );
        let roles = fixture.project.roles();
        assert_eq!(roles.names, ["viewer", "member", "admin", "owner"]);
        let higher: Option<Vec<&str>> = roles.expand("admin+").map(Iterator::collect);
        assert_eq!(higher, Some(vec!["admin", "owner"]));
    }

    #[test]
    fn a_hierarchy_is_absent_only_where_nothing_can_say_it() {
        for config in [
            "{}",
            "defineConfig({ name: 'x' })",
            "defineConfig({ auth: undefined })",
            "defineConfig({ auth: {} })",
            "defineConfig({ auth: defineAuth('better-auth') })",
            "defineConfig({ auth: defineAuth('better-auth', { plugins: AUTH }) })",
            "defineConfig({ auth: defineAuth() })",
            "defineConfig({ auth: defineAuth({ roleHierarchy: undefined }) })",
            "defineConfig({ auth: compiler.defineAuth('better-auth', { plugins: [] }) })",
            "defineConfig({ auth: betterAuth({ plugins: [] }) })",
        ] {
            assert_eq!(declared(config), "absent", "{config}");
        }
        for config in [
            "AUTH",
            "defineConfig(AUTH)",
            "defineConfig(async () => ({ auth: { roleHierarchy } }))",
            "defineConfig({ ...AUTH })",
            "defineConfig({ auth: AUTH })",
            "defineConfig({ auth: AUTH.of() })",
            "defineConfig({ auth: { ...AUTH } })",
            "defineConfig({ auth: defineAuth('better-auth', AUTH) })",
            "defineConfig({ auth: defineAuth({ provider: 'x' }, AUTH) })",
            "defineConfig({ auth: defineAuth({ roleHierarchy: ['a'] }, { roleHierarchy }) })",
            "defineConfig({ auth: defineAuth({ provider: 'x' }).with(AUTH) })",
            // Any other function may add to what it takes.
            "defineConfig({ auth: acmeAuth({ provider: 'x' }) })",
            "defineConfig({ auth: acme.auth('x', { plugins: [] }) })",
            "defineConfig({ auth: ownAuth({ provider: 'x' }).more() })",
            "defineConfig({ auth: betterAuth2({ provider: 'x' }) })",
            "defineConfig({ auth: acmeAuth() })",
            "defineConfig({ auth: acmeAuth({ roleHierarchy: undefined }) })",
            "defineConfig({ auth: acmeAuth('x') })",
            "defineConfig({ name: 'x' }, AUTH)",
            "defineConfig({ name: 'x' }).with(AUTH)",
            "mergeConfig({ auth: {} }, { auth: { roleHierarchy } })",
            "withMore({ name: 'x' })",
        ] {
            assert_eq!(declared(config), "unknown", "{config}");
        }
    }

    #[test]
    fn a_hierarchy_that_is_changed_is_unknown() {
        let of = |text: &str| {
            let fixture = fixture(&format!(
                "//- quickback.config.ts
import {{ defineConfig, defineAuth }} from '@quickback/compiler';
const auth = defineAuth('better-auth', {{ roleHierarchy: ['viewer', 'member'] }});
const config = defineConfig({{ name: 'x', auth, plugins: [] }});
const plain = {{ name: 'x', auth: {{ roleHierarchy: ['viewer', 'member'] }} }};
const list = ['viewer', 'member'];
const options = {{ roleHierarchy: list, plugins: [] }};
{text}
"
            ));
            fixture.project.roles().names.clone()
        };
        for text in [
            "if (dev) config.auth.roleHierarchy.reverse(); export default config;",
            "config.auth = {}; export default config;",
            "Object.assign(config, other); export default config;",
            "const c = config; c.name = 'y'; c.auth = {}; export default config;",
            "config[key] = {}; export default config;",
            "let other = config; other.auth.roleHierarchy.pop(); export default config;",
            "auth.roleHierarchy = ['member']; export default config;",
            "auth.roleHierarchy.push('admin'); export default { auth };",
            "plain.auth.roleHierarchy.reverse(); export default plain;",
            "auth.options.roleHierarchy.push('admin'); export default config;",
            "auth.options = {}; export default config;",
            "config.auth.options = {}; export default config;",
            "config.auth.options[key] = x; export default config;",
            "config.auth.options.roleHierarchy = x; export default config;",
            "const { auth: { options: own } } = config; own.roleHierarchy.pop(); export default config;",
            "auth.debug = true; auth[key] = true; export default config;",
            "config.auth.options.roleHierarchy.pop(); export default config;",
            "options.plugins.push(x); options.roleHierarchy = []; export default { auth: betterAuth(options) };",
            "list.length = 1; export default { auth: betterAuth(options) };",
        ] {
            assert_eq!(of(text), ["member", "admin", "owner"], "{text}");
        }
        for text in [
            "export default config;",
            "config.plugins.push(devtools()); config.name = 'y'; export default config;",
            "plain.name = 'y'; export default plain;",
            "for (const role of config.auth.roleHierarchy) log(role); export default config;",
            "const roles = [...auth.roleHierarchy]; roles.reverse(); export default { auth };",
            "auth.debug = true; export default config;",
            "auth.handler = (x) => x; auth.api.getSession = f; export default { auth };",
            "auth.options.trustedOrigins.push('x'); export default defineConfig({ auth });",
            "config.auth.options.plugins.push(x); export default config;",
            "config.auth.options.session = {}; export default withMore(config);",
            "config.auth.plugins.push('x'); export default config;",
            "config.auth.plugins.push('x'); export default withMore(config);",
            "options.plugins.push(x); export default { auth: betterAuth(options) };",
        ] {
            assert_eq!(of(text), ["viewer", "member"], "{text}");
        }
    }
}
