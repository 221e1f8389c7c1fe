// What the newsroom of tests/fixtures broadcasts in these tests: every table and namespace of it
// that is on, each in the words of the helper's call and of the preview's options.

const story = {
  id: "st_1",
  organizationId: "org_1",
  slug: "harbour-fire",
  headline: "Fire at the harbour \u2028 \"all safe\"",
  phoneHeadline: null,
  body: "never sent",
  section: "local",
  status: "draft",
  authorId: "ann",
  breaking: true,
  publishedAt: "2026-11-24T02:50:00.000Z",
  modifiedAt: "2026-11-24T02:50:00.000Z",
};
const assignment = (assigneeId, more = {}) => ({
  id: "as_1",
  organizationId: "org_1",
  assigneeId,
  storyId: "st_1",
  brief: "Talk to the crew 😀",
  location: null,
  contactPhone: "+49 151 5551234",
  fee: 450.5,
  dueAt: "2026-11-24T18:00:00.000Z",
  status: "offered",
  ...more,
});
const expense = (ownerId, more = {}) => ({
  id: "ex_1",
  organizationId: "org_1",
  ownerId,
  amount: 88.2,
  currency: "EUR",
  cardNumber: "4111 1111 1111 1111",
  receiptUrl: "https://never.example/sent",
  approved: null,
  ...more,
});
const profile = (userId, more = {}) => ({
  id: "sp_1",
  organizationId: "org_1",
  userId,
  fullName: "Zoë Ångström",
  byline: "Z. Ångström",
  desk: "news",
  workEmail: "zoe@press.example.org",
  emailVerified: true,
  mobile: "+49 151 5551234",
  nationalId: "123-45-6789",
  payrollIban: "DE89370400440532013000",
  ...more,
});
const source = (reporterId, more = {}) => ({
  id: "so_1",
  organizationId: "org_1",
  reporterId,
  codeName: "Lighthouse",
  realName: "John Q Public",
  phone: "555-123-4567",
  email: "jq@mail.example.org",
  homeAddress: "1 Quay",
  reliability: "good",
  lastContactAt: null,
  ...more,
});
const tip = {
  id: "ti_1",
  organizationId: "org_1",
  summary: "Look at the ledger",
  channel: "call",
  tipsterName: "Jane Doe",
  tipsterEmail: "jane@mail.example.org",
  callbackNumber: "5551234567",
  triage: "new",
  receivedAt: "2026-11-24T02:50:00.000Z",
};
const masking = {
  fullName: { type: "name", show: { roles: ["editor+"], or: "owner" } },
  workEmail: { type: "redact", show: { roles: ["everyone"] } },
  id: { type: "redact", show: { or: "owner" } },
};

/** The column that holds a record's owner. */
export const OWNER = {
  assignments: "assigneeId",
  expenses: "ownerId",
  sources: "reporterId",
  staffProfiles: "userId",
};

export const EVENTS = [
  { table: "stories", event: "insert", new: story },
  { table: "stories", event: "update", new: { ...story, status: "ready" }, old: { id: "st_1", status: "draft" } },
  { table: "stories", event: "delete", old: story },
  { table: "storyRevisions", event: "insert", new: { id: 1, storyId: "st_1", revision: 7, body: "never", savedBy: "ann" } },
  { table: "assignments", event: "insert", new: assignment("ann") },
  { table: "assignments", event: "update", new: assignment("bob"), old: assignment("ann", { fee: null }) },
  { table: "assignments", event: "delete", old: assignment("ann", { contactPhone: 5551234567 }) },
  { table: "corrections", event: "insert", new: { id: "co_1", orgId: "org_1", wrong: "a", right: "b", complainantEmail: "a@b.co" } },
  { table: "corrections", event: "delete", old: { id: "co_1", complainantEmail: "" } },
  { table: "expenses", event: "insert", new: expense("ann") },
  { table: "expenses", event: "update", new: expense(7, { amount: 1 }), old: expense("7") },
  { table: "liveblogs", event: "insert", new: { id: "lb_1", entry: "x", pinned: false, ["__proto__"]: 1, constructor: "c" } },
  { table: "liveblogs", event: "update", new: { id: "lb_1", struck: true }, old: { id: "lb_1", struck: false } },
  { table: "shiftAssignments", event: "insert", new: { shiftId: "sh", staffId: "ann", duty: "lead", confirmed: true, createdBy: "x", modifiedBy: "y" } },
  { table: "sources", event: "insert", new: source("ann") },
  { table: "sources", event: "update", new: source("bob", { phone: null }), old: source("ann") },
  { table: "sources", event: "insert", new: source(null) },
  { table: "staffProfiles", event: "insert", new: profile("ann") },
  { table: "staffProfiles", event: "insert", new: profile("bob", { workEmail: "not an address", mobile: [1] }) },
  { table: "staffProfiles", event: "update", new: profile("ann", { mobile: null }), old: profile("ann") },
  { table: "staffProfiles", event: "update", new: profile("ann"), old: profile("bob"), masking },
  { table: "staffProfiles", event: "insert", new: profile("ann"), userId: "ann" },
  { table: "staffProfiles", event: "insert", new: profile("ann"), userId: "stranger" },
  { table: "staffProfiles", event: "delete", old: profile("bob"), targetRoles: ["reporter", "owner"] },
  { table: "staffProfiles", event: "insert", new: profile("bob"), targetRoles: ["editor+"], masking },
  { table: "tips", event: "insert", new: tip },
  { table: "tips", event: "update", new: tip, old: { ...tip, tipsterName: "J" }, targetRoles: ["standards+"] },
  { table: "wireItems", event: "insert", new: { id: "wi", agency: "dpa", agencySequence: "9007199254740993", slug: "s", topics: ["a", "b"], urgent: true } },
  { namespace: "alerts", event: "new", new: { id: "al", email: "a@b.co" } },
  { namespace: "alerts", event: "delete", new: { id: "al" }, targetRoles: ["editor+"] },
  { namespace: "desk", event: "joined", new: { userId: "ann", email: "ann@press.org" }, masking: { email: { type: "email", show: { roles: ["admin"] } } } },
  { namespace: "desk", event: "handover", new: { to: "bob" }, userId: "bob" },
  { namespace: "publishing", event: "failed", new: { id: 1, deep: [{ x: 1.1 }] } },
];

/** Calls of what the definitions switch off. */
export const OFF = [
  { table: "storyRevisions", event: "update", new: { id: 1 }, old: { id: 1 } },
  { table: "storyRevisions", event: "delete", old: { id: 1 } },
  { table: "tips", event: "delete", old: tip },
  { table: "mediaAssets", event: "insert", new: { id: 1 } },
  { table: "newsletterSignups", event: "insert", new: { id: 1, email: "a@b.co" } },
  { table: "storyLocks", event: "insert", new: { storyId: 1 } },
];
