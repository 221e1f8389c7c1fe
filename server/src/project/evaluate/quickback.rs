//! What of Quickback's a name leads to, through files of the project that export it again.

use smol_str::SmolStr;

use super::Evaluator;
use super::symbol::required;
use crate::facts::{DefinitionKind, FileFacts, QUICKBACK_MODULES};
use crate::span::FileId;
use crate::syntax::value::{Value, ValueKind};
use crate::syntax::{Binding, ExportTarget, Import, Imported};

/// Whether Quickback exports something under a name that matters here: what defines something, and
/// what makes columns and tables.
fn matters(name: &str) -> bool {
    name == "q" || DefinitionKind::of(name).is_some()
}

/// What a name leads to.
enum Leads {
    /// What Quickback exports under a name.
    Name(SmolStr),
    /// All that Quickback exports.
    All,
    /// All that a file of the project exports.
    File(FileId),
}

impl Evaluator<'_> {
    /// The name under which Quickback exports what a path leads to.
    pub fn quickback_name(&self, file: FileId, path: &Value) -> Option<SmolStr> {
        name_of(self.path_leads(file, path)?)
    }

    /// The same of an import of a file, or of a member of it.
    pub fn imported_name(
        &self,
        file: FileId,
        import: &Import,
        member: Option<&SmolStr>,
    ) -> Option<SmolStr> {
        let leads = self.import_leads(file, import)?;
        name_of(match member {
            Some(member) => self.member_leads(leads, member)?,
            None => leads,
        })
    }

    /// Whether an import of a file, or a member of it, may lead to something of Quickback's.
    pub fn may_be_quickbacks(&self, file: FileId, import: &Import) -> bool {
        self.import_leads(file, import).is_some()
    }

    fn path_leads(&self, file: FileId, path: &Value) -> Option<Leads> {
        self.deeper(|| match &path.kind {
            ValueKind::Ident(name) => {
                let facts = self.facts(file)?;
                let binding = facts.scopes.lookup(name, path.span.start);
                self.local_leads(file, &facts, name, binding)
            }
            ValueKind::Member(member) => {
                let object = self.path_leads(file, &member.object)?;
                self.member_leads(object, &member.name)
            }
            _ => None,
        })
    }

    fn local_leads(
        &self,
        file: FileId,
        facts: &FileFacts,
        name: &str,
        binding: Option<&Binding>,
    ) -> Option<Leads> {
        if let Some(binding) = binding {
            if let Some(import) = required(facts, binding) {
                return self.import_leads(file, import);
            }
            let value = binding.value.as_deref().filter(|value| value.is_path())?;
            return self.path_leads(file, value);
        }
        let import = facts.module.imports.iter().find(|i| i.local == name)?;
        self.import_leads(file, import)
    }

    fn member_leads(&self, object: Leads, name: &SmolStr) -> Option<Leads> {
        match object {
            Leads::Name(_) => None,
            Leads::All => Some(Leads::Name(name.clone())),
            Leads::File(there) => self.export_leads(there, name),
        }
    }

    fn import_leads(&self, file: FileId, import: &Import) -> Option<Leads> {
        let name = match &import.imported {
            Imported::Default => Some("default"),
            Imported::Name(name, _) => Some(name.as_str()),
            Imported::Namespace => None,
        };
        self.module_leads(file, &import.module, name)
    }

    /// What a module, as a file names it, exports under a name, or all of it.
    fn module_leads(&self, file: FileId, module: &SmolStr, name: Option<&str>) -> Option<Leads> {
        match (self.imported(file, module), name) {
            (Some(there), Some(name)) => self.export_leads(there, name),
            (Some(there), None) => Some(Leads::File(there)),
            (None, _) if !QUICKBACK_MODULES.contains(&module.as_str()) => None,
            (None, Some(name)) => Some(Leads::Name(name.into())),
            (None, None) => Some(Leads::All),
        }
    }

    fn export_leads(&self, file: FileId, name: &str) -> Option<Leads> {
        self.deeper(|| {
            let facts = self.facts(file)?;
            if name == "default"
                && let Some(default) = &facts.module.default
            {
                return self.path_leads(file, default);
            }
            if let Some(export) = facts.module.exports.iter().find(|e| e.name == name) {
                return match &export.target {
                    ExportTarget::Local(local) => {
                        self.local_leads(file, &facts, local, facts.scopes.of_file(local))
                    }
                    ExportTarget::From { name, module, .. } => {
                        self.module_leads(file, module, name.as_deref())
                    }
                };
            }
            if name == "default" || facts.module.stars.is_empty() {
                return None;
            }
            let found = self.starred(file, &facts, name, |there| self.export_leads(there, name));
            found.or_else(|| {
                let mut stars = facts.module.stars.iter();
                let is_all = stars.any(|(module, _)| {
                    matches!(self.module_leads(file, module, None), Some(Leads::All))
                });
                (is_all && matters(name)).then(|| Leads::Name(name.into()))
            })
        })
    }
}

fn name_of(leads: Leads) -> Option<SmolStr> {
    match leads {
        Leads::Name(name) => Some(name),
        Leads::All | Leads::File(_) => None,
    }
}
