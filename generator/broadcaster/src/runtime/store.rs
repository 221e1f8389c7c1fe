//! What a holder keeps on disk that somebody with a credential has written: registered holders,
//! tickets, revocations, answers.

use serde::Deserialize;
use worker::{Result, SqlStorage};

use super::tables::{One, Tables, number, whole};
use crate::auth::Identity;

/// The tables of one holder.
pub struct Store {
    tables: Tables,
}

/// What is known of an idempotency key.
#[derive(Clone, Deserialize)]
pub struct Kept {
    /// The hash of the body that it was used with.
    pub body: String,
    /// The sockets of this holder that the event was handed to.
    pub delivered: f64,
    /// The whole answer, once every other holder has answered.
    pub answer: Option<String>,
    at: f64,
}

impl Kept {
    /// A key that was used for an event which so many sockets took.
    pub fn new(body: &str, delivered: u64, now_ms: u64) -> Self {
        // A count of sockets is far below 2^53, and so are milliseconds.
        #[allow(clippy::cast_precision_loss)]
        let (delivered, at) = (delivered as f64, now_ms as f64);
        let body = body.to_owned();
        Self {
            body,
            delivered,
            answer: None,
            at,
        }
    }

    /// The millisecond at which it was used first.
    pub fn at_ms(&self) -> u64 {
        whole(self.at)
    }
}

/// A revocation that a holder has not heard of.
#[derive(Deserialize)]
pub struct Owed {
    /// Its number. One that comes again has a new one.
    pub id: f64,
    /// The user whose tokens are revoked.
    pub user: String,
    at: f64,
}

impl Owed {
    /// The second of the revocation: tokens that were issued by then are not good any more.
    pub fn at_s(&self) -> u64 {
        whole(self.at)
    }
}

/// A holder that has sockets of this organization.
#[derive(Deserialize)]
pub struct Registered {
    /// Its name.
    pub name: String,
    /// The number of its last registration, so that a late withdrawal does not undo a new one. It
    /// is counted here: clocks may disagree, and be set back.
    pub generation: f64,
}

const SCHEMA: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS registered (generation INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE IF NOT EXISTS tickets (hash TEXT PRIMARY KEY, user TEXT NOT NULL, identity TEXT NOT NULL, until INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS revoked (user TEXT PRIMARY KEY, at INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS owed (id INTEGER PRIMARY KEY AUTOINCREMENT, holder TEXT NOT NULL, user TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (holder, user))",
    "CREATE TABLE IF NOT EXISTS answers (organization TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, delivered INTEGER NOT NULL, answer TEXT, at INTEGER NOT NULL, PRIMARY KEY (organization, key))",
    "CREATE INDEX IF NOT EXISTS answers_at ON answers (at)",
];

impl Store {
    /// Opens the tables.
    pub fn open(sql: SqlStorage) -> Result<Self> {
        let tables = Tables::open(sql, SCHEMA)?;
        Ok(Self { tables })
    }

    /// Whether nothing has ever been written.
    pub fn is_unused(&self) -> bool {
        !self.tables.are_made()
    }

    /// Registers a holder that has sockets of this organization, unless the registration that it
    /// knows stands. Answers the number of the registration; a new one is larger than any before.
    pub fn register(&self, name: &str, known: Option<f64>) -> Result<f64> {
        if let Some(known) = known {
            let row: Option<One<f64>> = self.tables.first(
                "SELECT generation AS value FROM registered WHERE name = ? AND generation = ?",
                vec![name.into(), known.into()],
            )?;
            if row.is_some() {
                return Ok(known);
            }
        }
        let row: Option<One<f64>> = self.tables.first(
            "INSERT OR REPLACE INTO registered (name) VALUES (?) RETURNING generation AS value",
            vec![name.into()],
        )?;
        Ok(row.ok_or("a registration without a number")?.value)
    }

    /// Forgets a holder, unless it has registered again since.
    pub fn withdraw(&self, name: &str, generation: f64) -> Result<()> {
        self.tables.run(
            "DELETE FROM registered WHERE name = ? AND generation <= ?",
            vec![name.into(), generation.into()],
        )
    }

    /// The holders that have sockets of this organization, beside this one.
    pub fn holders(&self) -> Result<Vec<Registered>> {
        self.tables.rows(
            "SELECT name, generation FROM registered ORDER BY name",
            Vec::new(),
        )
    }

    /// Remembers that the tokens of a user that were issued by now are not good any more. It is
    /// never forgotten, since a token that does not say when it was issued may be of any age; and
    /// it holds where the clock was ahead before.
    pub fn revoke(&self, user: &str, now_s: u64) -> Result<()> {
        self.tables.run(
            "INSERT INTO revoked (user, at) VALUES (?, ?) ON CONFLICT (user) DO UPDATE SET at = MAX(at, excluded.at)",
            vec![user.into(), number(now_s)],
        )
    }

    /// The second of the last revocation of a user's tokens, if there was any.
    pub fn revoked_s(&self, user: &str) -> Result<Option<u64>> {
        let row: Option<One<f64>> = self.tables.first(
            "SELECT at AS value FROM revoked WHERE user = ?",
            vec![user.into()],
        )?;
        Ok(row.map(|row| whole(row.value)))
    }

    /// Whether the session token of a user that was issued then has been revoked.
    pub fn is_revoked(&self, user: &str, issued_s: Option<u64>) -> Result<bool> {
        let revoked_s = self.revoked_s(user)?;
        Ok(revoked_s.is_some_and(|at| issued_s.is_none_or(|issued| issued <= at)))
    }

    /// Notes that every holder that is registered must hear of a revocation.
    pub fn owe(&self, user: &str, now_s: u64) -> Result<()> {
        self.tables.run(
            "INSERT OR REPLACE INTO owed (holder, user, at) SELECT name, ?, ? FROM registered",
            vec![user.into(), number(now_s)],
        )
    }

    /// What a holder has not heard of, the first ones first, but for that of one user.
    pub fn owed(&self, holder: &str, but: &str, limit: u64) -> Result<Vec<Owed>> {
        self.tables.rows(
            "SELECT id, user, at FROM owed WHERE holder = ? AND user <> ? ORDER BY id LIMIT ?",
            vec![holder.into(), but.into(), number(limit)],
        )
    }

    /// The number of what a holder has not heard of one user.
    pub fn owed_of(&self, holder: &str, user: &str) -> Result<Option<f64>> {
        let row: Option<One<f64>> = self.tables.first(
            "SELECT id AS value FROM owed WHERE holder = ? AND user = ?",
            vec![holder.into(), user.into()],
        )?;
        Ok(row.map(|row| row.value))
    }

    /// The holders that have not heard of something.
    pub fn owed_holders(&self) -> Result<Vec<String>> {
        let rows: Vec<One<String>> = self.tables.rows(
            "SELECT DISTINCT holder AS value FROM owed ORDER BY holder",
            Vec::new(),
        )?;
        Ok(rows.into_iter().map(|row| row.value).collect())
    }

    /// Notes that a holder has heard of a revocation.
    pub fn heard(&self, id: f64) -> Result<()> {
        self.tables
            .run("DELETE FROM owed WHERE id = ?", vec![id.into()])
    }

    /// Forgets what nobody need hear of any more.
    pub fn forget_owed(&self, since_s: u64) -> Result<()> {
        self.tables
            .run("DELETE FROM owed WHERE at < ?", vec![number(since_s)])
    }

    /// Keeps a ticket, unless the user has too many open ones.
    pub fn keep_ticket(
        &self,
        hash: &str,
        identity: &Identity,
        now_s: u64,
        until_s: u64,
        limit: u64,
    ) -> Result<bool> {
        let user = identity.user_id.as_deref().unwrap_or_default();
        self.tables
            .run("DELETE FROM tickets WHERE until <= ?", vec![number(now_s)])?;
        let open: Option<One<f64>> = self.tables.first(
            "SELECT COUNT(*) AS value FROM tickets WHERE user = ?",
            vec![user.into()],
        )?;
        // A count of rows is far below 2^53.
        #[allow(clippy::cast_precision_loss)]
        if open.map_or(0.0, |open| open.value) >= limit as f64 {
            return Ok(false);
        }
        let identity = serde_json::to_string(identity)?;
        self.tables.run(
            "INSERT INTO tickets (hash, user, identity, until) VALUES (?, ?, ?, ?)",
            vec![hash.into(), user.into(), identity.into(), number(until_s)],
        )?;
        Ok(true)
    }

    /// Uses up a ticket, and says for whom it was.
    pub fn use_ticket(&self, hash: &str, now_s: u64) -> Result<Option<Identity>> {
        let row: Option<One<String>> = self.tables.first(
            "DELETE FROM tickets WHERE hash = ? AND until > ? RETURNING identity AS value",
            vec![hash.into(), number(now_s)],
        )?;
        row.map(|row| serde_json::from_str(&row.value).map_err(Into::into))
            .transpose()
    }

    /// What is known of an idempotency key. Keys older than `since_ms` are forgotten first.
    pub fn kept(&self, organization: &str, key: &str, since_ms: u64) -> Result<Option<Kept>> {
        self.tables
            .run("DELETE FROM answers WHERE at < ?", vec![number(since_ms)])?;
        self.tables.first(
            "SELECT body, delivered, answer, at FROM answers WHERE organization = ? AND key = ?",
            vec![organization.into(), key.into()],
        )
    }

    /// Remembers that an event was handed to so many sockets of this holder, in the place of one
    /// that had the same key long ago.
    pub fn keep(
        &self,
        organization: &str,
        key: &str,
        body: &str,
        delivered: u64,
        now_ms: u64,
    ) -> Result<()> {
        self.tables.run(
            "INSERT INTO answers (organization, key, body, delivered, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (organization, key) DO UPDATE SET body = excluded.body, delivered = excluded.delivered, answer = NULL, at = excluded.at",
            vec![
                organization.into(),
                key.into(),
                body.into(),
                number(delivered),
                number(now_ms),
            ],
        )
    }

    /// Remembers the whole answer.
    pub fn answer(&self, organization: &str, key: &str, answer: &str) -> Result<()> {
        self.tables.run(
            "UPDATE answers SET answer = ? WHERE organization = ? AND key = ?",
            vec![answer.into(), organization.into(), key.into()],
        )
    }
}
