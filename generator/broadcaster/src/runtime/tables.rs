//! Tables of an object in SQLite. They are made when something is first written into them: anybody
//! can have an object asked that nobody has ever used, and it is to keep nothing then.

use std::cell::Cell;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use worker::{Result, SqlStorage, SqlStorageValue};

/// Tables that are made together.
pub struct Tables {
    sql: SqlStorage,
    /// `CREATE TABLE IF NOT EXISTS` and `CREATE INDEX IF NOT EXISTS`, each with its name after that.
    schema: &'static [&'static str],
    are_made: Cell<bool>,
}

/// A row of one column, called `value`.
#[derive(Deserialize)]
pub struct One<T> {
    /// What is in it.
    pub value: T,
}

/// A number for SQLite. Those that occur are milliseconds and counts, far below 2^53.
pub fn number(value: u64) -> SqlStorageValue {
    SqlStorageValue::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A whole number from SQLite, which hands all numbers out as floating point ones. Those that
/// occur are milliseconds, microseconds and counts, below 2^53 and not negative.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn whole(value: f64) -> u64 {
    value as u64
}

impl Tables {
    /// Opens the tables. Where any of them is there, those are made that a later version has added.
    pub fn open(sql: SqlStorage, schema: &'static [&'static str]) -> Result<Self> {
        let there: Vec<One<String>> = sql
            .exec("SELECT name AS value FROM sqlite_master", None)?
            .to_array()?;
        let tables = Self {
            sql,
            schema,
            are_made: Cell::new(false),
        };
        let mut names = schema
            .iter()
            .filter_map(|statement| statement.split(' ').nth(5));
        if names.any(|name| there.iter().any(|row| row.value == name)) {
            tables.make()?;
        }
        Ok(tables)
    }

    fn make(&self) -> Result<()> {
        for statement in self.schema {
            self.sql.exec(statement, None)?;
        }
        self.are_made.set(true);
        Ok(())
    }

    /// Whether they are there.
    pub fn are_made(&self) -> bool {
        self.are_made.get()
    }

    /// Notes that they are not there any more, as everything of the object was deleted.
    pub fn are_deleted(&self) {
        self.are_made.set(false);
    }

    /// Whether a statement has anything to do. What inserts something has the tables made; nothing
    /// else finds anything in those that are not.
    fn concerns(&self, query: &str) -> Result<bool> {
        if !self.are_made() && query.starts_with("INSERT") {
            self.make()?;
        }
        Ok(self.are_made())
    }

    /// Runs a statement that answers nothing.
    pub fn run(&self, query: &str, values: Vec<SqlStorageValue>) -> Result<()> {
        if self.concerns(query)? {
            self.sql.exec(query, values)?;
        }
        Ok(())
    }

    /// The rows that a statement answers.
    pub fn rows<T: DeserializeOwned>(
        &self,
        query: &str,
        values: Vec<SqlStorageValue>,
    ) -> Result<Vec<T>> {
        if self.concerns(query)? {
            self.sql.exec(query, values)?.to_array()
        } else {
            Ok(Vec::new())
        }
    }

    /// The first row that a statement answers.
    pub fn first<T: DeserializeOwned>(
        &self,
        query: &str,
        values: Vec<SqlStorageValue>,
    ) -> Result<Option<T>> {
        Ok(self.rows(query, values)?.into_iter().next())
    }
}
