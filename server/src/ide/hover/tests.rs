use insta::assert_snapshot;

use super::hover;
use crate::ide::testing::{NEWSDESK, at_cursor, in_handler, in_options};

#[track_caller]
fn shown(marked: &str) -> String {
    let at = at_cursor(marked);
    let Some(found) = hover(&at.fixture.project, at.file, at.offset) else {
        return "nothing".to_owned();
    };
    assert!(found.span.touches(at.offset));
    format!("[{}]\n{}", found.span.text(&at.text), found.markdown)
}

#[test]
fn keys() {
    assert_snapshot!(shown(&in_options("  realtime: { ena$0bled: true },")), @r"
    [enabled]
    ```ts
    enabled: boolean
    ```
    Switches realtime on for the table. Without it nothing is sent.

    Default: off when absent.
    ");
    assert_snapshot!(shown(&in_options("  realtime: { requiredR$0oles: [] },")), @r#"
    [requiredRoles]
    ```ts
    requiredRoles: string[]
    ```
    Who receives the table's events: members who hold at least one of these roles. `"role+"` is that role and every one above it in `roleHierarchy`.

    Default: every authenticated member of the organization.
    "#);
    assert_snapshot!(shown(&in_options("  masking: { email: { ty$0pe: 'email' } },")), @r#"
    [type]
    ```ts
    type: "email" | "phone" | "ssn" | "creditCard" | "name" | "redact" | "custom"
    ```
    How the value is masked for those who may not see it.

    Required.
    "#);
    assert_snapshot!(shown(&in_options("  masking: { email: { type: 'email', sh$0ow: {} } },")), @r"
    [show]
    ```ts
    show: object
    ```
    Who sees the plain value.

    Default: masked for everybody.
    ");
    assert_snapshot!(shown(&in_handler("  await realtime.insert('notes', r, o, { target$0Roles: [] });")), @r"
    [targetRoles]
    ```ts
    targetRoles: string[]
    ```
    Only members with one of these roles receive the event, besides what the table requires.

    Default: no further condition.
    ");
}

#[test]
fn mask_types() {
    assert_snapshot!(shown(&in_options("  masking: { email: { type: 'ph$0one' } },")), @r"
    ['phone']
    **phone** mask

    `555-123-4567` → `******4567`
    ");
}

#[test]
fn columns() {
    let options = "  firewall: { owner: { column: 'id' } },\n  masking: { title: { type: 'name', show: { roles: ['admin+'] } } },\n  realtime: { enabled: true, requiredRoles: ['member'], fields: ['id', 'title', 'email', 'createdAt'] },";
    assert_snapshot!(shown(&in_options(&options.replace("'title'", "'ti$0tle'"))), @r#"
    [title]
    **title** · text · column of "claims"

    Sent to member.

    Masked as `name`, plain for admin, owner: `John Doe` → `J*** D**`.
    "#);
    assert_snapshot!(shown(&in_options(&options.replace("'email'", "'em$0ail'"))), @r#"
    [email]
    **email** · text or null · column of "claims"

    Sent to member.

    Masked automatically as `email`, plain for admin and the record's owner: `john@yourdomain.com` → `j***@y*********.com`.
    "#);
    assert_snapshot!(shown(&in_options(&options.replace("'createdAt'", "'cre$0atedAt'"))), @r#"
    [createdAt]
    **createdAt** · timestamp or null · column of "claims"

    Added by the compiler to every table.

    Sent to member.
    "#);
    assert_snapshot!(shown(&in_options(options).replace("dueAt: integer", "du$0eAt: integer")), @r#"
    [dueAt]
    **dueAt** · timestamp or null · column of "claims"

    Not sent: it is not in `fields`.
    "#);
}

#[test]
fn roles() {
    assert_snapshot!(shown(&in_options("  realtime: { requiredRoles: ['ad$0min+'] },")), @r"
    [admin+]
    **admin+** = admin, owner

    From the lowest to the highest: member < **admin** < owner.
    ");
    assert_snapshot!(shown(&in_options("  realtime: { requiredRoles: ['mem$0ber'] },")), @r"
    [member]
    **member**

    From the lowest to the highest: **member** < admin < owner.

    Roles are compared exactly: a higher role is not included without `+`.
    ");
    assert_snapshot!(shown(&in_options("  realtime: { requiredRoles: ['h$0r+'] },")), @r"
    [hr+]
    **hr+**

    The role before the `+` is not in the hierarchy, so this stands for nobody.

    Not in `roleHierarchy`.
    ");
}

#[test]
fn tables() {
    assert_snapshot!(shown(&NEWSDESK.replace("  realtime: {\n", "  real$0time: {\n")), @r#"
    [realtime]
    **stories**

    - **Sent on** insert, update, delete
    - **To** desk, admin, owner, copy
    - **Columns**: id, title, createdAt
    - `title` is masked as `name`, plain for desk

    copy, admin, owner:
    ```json
    {"type":"postgres_changes","table":"stories","eventType":"INSERT","schema":"public","new":{"id":"stories_1","title":"J*** D**","createdAt":"2026-01-15T09:30:00.000Z"},"old":null}
    ```

    desk:
    ```json
    {"type":"postgres_changes","table":"stories","eventType":"INSERT","schema":"public","new":{"id":"stories_1","title":"John Doe","createdAt":"2026-01-15T09:30:00.000Z"},"old":null}
    ```
    "#);
    assert_snapshot!(shown(&NEWSDESK.replace("delete('tips'", "delete('ti$0ps'")), @r"
    [tips]
    **tips**

    Realtime is off: nothing is sent.
    ");
    assert_snapshot!(shown(&in_handler("  await realtime.in$0sert('notes', r, o, { userId: 'x', targetRoles: ['admin'] });")), @r#"
    [insert]
    **notes**

    - **To** admin, owner
    - **Columns**: id, body

    This call reaches only those who also hold one of `admin` and who are the user of `userId`.

    admin:
    ```json
    {"type":"postgres_changes","table":"notes","eventType":"INSERT","schema":"public","new":{"id":"notes_1","body":"sample body"},"old":null}
    ```
    "#);
    assert_snapshot!(shown(&in_handler("  await realtime.insert('no$0body', r, o);")), @r"
    [nobody]
    **nobody**

    No definition declares this name: the event is sent as the call says, under the automatic masks.
    ");
    assert_snapshot!(shown(&NEWSDESK.replace("  masking: {", "  mask$0ing: {")), @r"
    [masking]
    Who sees which column plain; everybody else sees it masked. Columns with sensitive names are masked even without a rule.

    - `title` is masked as `name`, plain for desk

    The table has no owner column.
    ");
}

#[test]
fn namespaces() {
    assert_snapshot!(shown(&in_handler("  await realtime.extrac$0tion.started({}, o);")), @r"
    [extraction]
    **extraction** · event namespace

    Reading of documents.

    Sends `extraction:started`, `extraction:step-done`.
    ");
    assert_snapshot!(shown(&in_handler("  await realtime.extraction.star$0ted({}, o);")), @r#"
    [started]
    **extraction:started** · event

    Reading of documents.

    member, admin, owner, (no role):
    ```json
    {"type":"broadcast","event":"extraction:started","payload":{"id":"extraction_1"}}
    ```
    "#);
    assert_snapshot!(shown(&in_handler("  await realtime.broad$0cast('x', {}, o);")), @r"
    [broadcast]
    **x** · event

    The payload is not masked.
    ");
}

#[test]
fn nothing_of_ours() {
    assert_eq!(shown(&in_options("  crud: { li$0st: {} },")), "nothing");
    assert_eq!(shown(&in_options("  // real$0time")), "nothing");
}

#[test]
fn a_role_of_the_settings() {
    let text = format!("{NEWSDESK}//- quickback-realtime.json\n{{ \"roles\": [\"aud$0itor\"] }}\n");
    assert_snapshot!(shown(&text), @r"
    [auditor]
    **auditor**

    A role outside of the hierarchy, which `quickback-realtime.json` names.

    Roles are compared exactly: a higher role is not included without `+`.
    ");
}
