//! When each socket must be looked at, on disk. It is all that a holder keeps of those who have not
//! authenticated, so that it stands alone.

use std::collections::BTreeMap;

use serde::Deserialize;
use worker::{Result, SqlStorage};

use super::tables::{One, Tables, number, whole};

const SCHEMA: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS due (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS due_at ON due (at)",
];

#[derive(Deserialize)]
struct Row {
    id: f64,
    at: f64,
}

/// The table of one holder.
pub struct Order {
    tables: Tables,
}

impl Order {
    /// Opens the table.
    pub fn open(sql: SqlStorage) -> Result<Self> {
        let tables = Tables::open(sql, SCHEMA)?;
        Ok(Self { tables })
    }

    /// Notes when a socket must be looked at again; `None` is never.
    pub fn set(&self, id: u64, at_ms: Option<u64>) -> Result<()> {
        match at_ms {
            Some(at) => self.tables.run(
                "INSERT INTO due (id, at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
                vec![number(id), number(at)],
            ),
            None => self
                .tables
                .run("DELETE FROM due WHERE id = ?", vec![number(id)]),
        }
    }

    /// The first millisecond at which some socket must be looked at.
    pub fn first(&self) -> Result<Option<u64>> {
        let row: Option<One<Option<f64>>> = self
            .tables
            .first("SELECT MIN(at) AS value FROM due", Vec::new())?;
        Ok(row.and_then(|row| row.value).map(whole))
    }

    /// Every socket that must be looked at some time, with the millisecond.
    pub fn all(&self) -> Result<BTreeMap<u64, u64>> {
        let rows: Vec<Row> = self.tables.rows("SELECT id, at FROM due", Vec::new())?;
        let rows = rows.into_iter().map(|row| (whole(row.id), whole(row.at)));
        Ok(rows.collect())
    }

    /// Notes that the table is not there any more, as everything of the object was deleted.
    pub fn is_deleted(&self) {
        self.tables.are_deleted();
    }

    /// The sockets that must be looked at by now, the first ones first.
    pub fn due(&self, now_ms: u64) -> Result<Vec<u64>> {
        let rows: Vec<One<f64>> = self.tables.rows(
            "SELECT id AS value FROM due WHERE at <= ? ORDER BY at LIMIT 5000",
            vec![number(now_ms)],
        )?;
        Ok(rows.into_iter().map(|row| whole(row.value)).collect())
    }
}
