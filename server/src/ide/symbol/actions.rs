//! Actions: definitions beside a table's, whose rules of access name roles and its columns.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use super::Walk;
use super::options::Level;
use crate::facts::FileFacts;
use crate::project::Evaluator;
use crate::project::model::Table;
use crate::project::shape::Shapes;
use crate::syntax::value::Call;

impl Walk<'_> {
    /// `defineActions(claims, { publish: { access } })`, and `defineAction({ access })`, which is an
    /// action of the table that the file lies beside.
    pub(super) fn actions(&mut self, facts: &FileFacts) {
        let Some((name, call)) = facts.exported_call() else {
            return;
        };
        let evaluator = Evaluator::new(self.project, self.file);
        let (table, given, level) = match name.as_str() {
            "defineActions" => (self.table_given(&evaluator, call), 1, Level::Parts),
            "defineAction" => (self.table_beside(), 0, Level::Part),
            _ => return,
        };
        if let Some(given) = call.arg(given) {
            let given = evaluator.value(given);
            self.access(table.as_deref(), "actions", &given, level, 0);
        }
    }

    /// The table that is the first argument of a call.
    fn table_given(&self, evaluator: &Evaluator<'_>, call: &Call) -> Option<Arc<Table>> {
        let shapes = Shapes {
            project: self.project,
            evaluator,
            file: self.file,
            declared: &[],
            steps: &Cell::new(0),
        };
        let name = shapes.of_table(call).name?;
        self.project.index().table(&name.text).cloned()
    }

    /// The table of `claims/claims.ts` for `claims/actions/publish.ts`, and that of `claims/notes.ts`
    /// for `claims/actions/notes/publish.ts`.
    fn table_beside(&self) -> Option<Arc<Table>> {
        let path = self.project.path(self.file);
        let folder = path.parent()?;
        let is_actions = |folder: &Path| folder.file_name().is_some_and(|name| name == "actions");
        let (actions, named) = match folder.parent() {
            _ if is_actions(folder) => (folder, None),
            Some(around) if is_actions(around) => (around, folder.file_name()),
            _ => return None,
        };
        let feature = actions.parent()?;
        let stem = named.or_else(|| feature.file_name())?;
        let is_beside =
            |path: &Path| path.parent() == Some(feature) && path.file_stem() == Some(stem);
        let index = self.project.index();
        let mut tables = index.tables.values().flatten();
        tables
            .find(|table| is_beside(&self.project.path(table.file)))
            .cloned()
    }
}
