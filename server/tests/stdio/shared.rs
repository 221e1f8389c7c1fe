//! Files that a project reads although they are not in it: the packages of a monorepo.

use serde_json::{Value, json};
use tower_lsp::ls_types::Uri;
use tower_lsp::ls_types::notification::ShowMessage;

use crate::client::{Client, TempProject, codes, start};

const CONFIG: &str = "export default { auth: { roleHierarchy: [\"member\", \"admin\"] } };\n";

const CLAIMS: &str = r#"import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
import { STAFF, FIELDS } from "../../../packages/shared/roles";
export const claims = sqliteTable("claims", {
  id: text("id").primaryKey(),
  title: text("title"),
  organizationId: text("organization_id"),
});
export default defineTable(claims, {
  realtime: { enabled: true, requiredRoles: STAFF, fields: FIELDS },
});
"#;

const NARROW: &str =
    "export const STAFF = [\"admin\"];\nexport const FIELDS = [\"id\", \"title\"];\n";
const CLAIMS_AT: &str = "apps/api/features/claims.ts";
const SHARED_AT: &str = "packages/shared/roles.ts";

/// The same constants with more receivers.
fn wide() -> String {
    NARROW.replace("[\"admin\"]", "[\"admin\", \"member\"]")
}

/// The same with a field that is no column.
fn wrong() -> String {
    NARROW.replace("\"title\"", "\"titel\"")
}

/// A repository with a project that has adopted us, and the package that it reads, which is in no
/// project or in one of its own.
struct Repository {
    project: TempProject,
    client: Client,
    claims: Uri,
    shared: Uri,
}

impl Repository {
    fn new(shared_is_project: bool, shared: &str) -> Self {
        let project = TempProject::new(&[
            ("apps/api/quickback.config.ts", CONFIG),
            (
                "apps/api/quickback-realtime.json",
                "{ \"output\": { \"client\": false, \"worker\": false } }\n",
            ),
            (CLAIMS_AT, CLAIMS),
            (SHARED_AT, shared),
        ]);
        std::fs::remove_dir_all(project.path("quickback")).expect("the folder can be removed");
        if shared_is_project {
            project.write("packages/shared/quickback.config.ts", CONFIG);
        }
        let client = start(json!({}), &[&project.root()]);
        Self {
            claims: project.uri(CLAIMS_AT),
            shared: project.uri(SHARED_AT),
            project,
            client,
        }
    }

    fn open(&mut self, uri: &Uri, text: &str) {
        self.client.open(uri, text);
        assert_eq!(self.client.diagnostics_of(uri, 1), []);
    }

    fn save(&mut self, uri: &Uri) {
        let params = json!({ "textDocument": { "uri": uri } });
        self.client.raw_notify("textDocument/didSave", params);
    }

    fn type_shared(&mut self, version: i32, text: &str) {
        let document = json!({ "uri": self.shared, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.client.raw_notify("textDocument/didChange", params);
    }

    fn wrote(&mut self) {
        assert_eq!(
            self.client.expect::<ShowMessage>().message,
            "Wrote src/lib/realtime.ts."
        );
    }

    /// What the command *Generate* answers, after which whatever a save has begun is done too.
    fn generate(&mut self) -> Value {
        let arguments = json!([{ "uri": self.claims }]);
        let params = json!({ "command": "quickbackRealtime.generate", "arguments": arguments });
        self.client
            .raw_request("workspace/executeCommand", params)
            .expect("an answer")
    }

    /// Whether `member` receives what happens to the claims, by the helper that was generated.
    fn is_wide(&self) -> bool {
        let helper = self.project.path("apps/api/src/lib/realtime.ts");
        let helper = std::fs::read_to_string(helper).expect("the helper is there");
        let roles = helper.lines().find(|line| line.contains("requiredRoles"));
        let roles = roles.expect("the helper names the receivers");
        assert!(roles.contains("\"admin\""), "{roles}");
        roles.contains("\"member\"")
    }

    fn codes(&mut self) -> Vec<String> {
        let claims = self.claims.clone();
        codes(&self.client.next_diagnostics(&claims).diagnostics)
    }
}

#[test]
fn what_is_generated_is_never_what_is_only_typed_in_a_shared_file() {
    for shared_is_project in [false, true] {
        let mut repository = Repository::new(shared_is_project, NARROW);
        let (claims, shared) = (repository.claims.clone(), repository.shared.clone());
        repository.open(&shared, &wide());
        repository.open(&claims, CLAIMS);
        repository.save(&claims);
        repository.wrote();
        assert!(!repository.is_wide());
        // Closed without being saved: the disk's text counts.
        repository.client.close(&shared);
        repository.save(&claims);
        let nothing = json!({ "written": [], "unchanged": 1, "problems": [] });
        assert_eq!(repository.generate(), nothing);
        assert!(!repository.is_wide());
        // Nobody says that it has changed.
        repository.project.write(SHARED_AT, &wide());
        repository.save(&claims);
        repository.wrote();
        assert!(repository.is_wide());
        repository.client.close(&claims);
        repository.client.shutdown();
    }
}

#[test]
fn a_shared_file_that_is_saved_has_the_projects_generated_that_read_it() {
    for shared_is_project in [false, true] {
        let mut repository = Repository::new(shared_is_project, &wide());
        let (claims, shared) = (repository.claims.clone(), repository.shared.clone());
        // It is open before the project reads it.
        repository.open(&shared, &wide());
        repository.open(&claims, CLAIMS);
        repository.save(&claims);
        repository.wrote();
        assert!(repository.is_wide());
        repository.type_shared(2, NARROW);
        assert_eq!(repository.client.diagnostics_of(&shared, 2), []);
        repository.project.write(SHARED_AT, NARROW);
        repository.save(&shared);
        repository.wrote();
        assert!(!repository.is_wide());
        repository.client.close(&shared);
        repository.client.close(&claims);
        repository.client.shutdown();
    }
}

#[test]
fn what_is_typed_in_a_shared_file_is_seen_where_it_is_read() {
    for shared_is_project in [false, true] {
        let mut repository = Repository::new(shared_is_project, NARROW);
        let (claims, shared) = (repository.claims.clone(), repository.shared.clone());
        repository.open(&claims, CLAIMS);
        repository.open(&shared, NARROW);
        repository.type_shared(2, &wrong());
        assert_eq!(repository.codes(), ["unknown-field"]);
        repository.client.close(&shared);
        assert_eq!(repository.codes(), [] as [&str; 0]);
        repository.project.write(SHARED_AT, &wrong());
        repository.client.watched(&[(&shared, 2)]);
        assert_eq!(repository.codes(), ["unknown-field"]);
        // Of a folder that is gone its own path may be all that is said.
        std::fs::remove_dir_all(repository.project.path("packages/shared"))
            .expect("the folder can be removed");
        let folder = repository.project.uri("packages/shared");
        repository.client.watched(&[(&folder, 3)]);
        assert!(!repository.codes().contains(&"unknown-field".to_owned()));
        repository.client.close(&claims);
    }
}
