//! The key set of `JWKS_URL`, as this isolate knows it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use worker::{Delay, Headers, console_error};

use super::http::now_ms;
use super::proof::{FETCH_MS, ask};
use crate::auth::keyset::KeySet;

/// Milliseconds for which a set is used without a question. A key that its owner has withdrawn is
/// trusted no longer than that, while the URL answers.
const MAX_AGE_MS: u64 = 600_000;
/// Milliseconds for which a set is used that cannot be had anew.
const MAX_STALE_MS: u64 = 3_600_000;
/// Milliseconds between two questions, while there is a set to go on with.
const REFETCH_MS: u64 = 60_000;
/// Milliseconds between two questions while there is none.
const RETRY_MS: u64 = 5_000;

thread_local! {
    /// Shared by everything that runs in this isolate.
    static KEYS: RefCell<Keys> = RefCell::default();
}

#[derive(Default)]
struct Keys {
    /// The last set that was answered, and when.
    known: Option<(Rc<KeySet>, u64)>,
    /// How many sets have been answered.
    answers: u64,
    /// When it was last asked for, whether or not there was an answer.
    asked_ms: u64,
    asking: bool,
}

impl Keys {
    /// The set, unless it is older than so many milliseconds.
    fn known(&self, max_age_ms: u64) -> Option<Rc<KeySet>> {
        let (set, since_ms) = self.known.as_ref()?;
        (now_ms().abs_diff(*since_ms) < max_age_ms).then(|| Rc::clone(set))
    }

    /// Whether somebody waits for an answer. A request that dies leaves `asking` behind, so it
    /// only counts for as long as an answer may take.
    fn is_asking(&self) -> bool {
        self.asking && now_ms().abs_diff(self.asked_ms) < u64::from(FETCH_MS)
    }
}

/// How many sets have been answered so far.
pub fn answers() -> u64 {
    KEYS.with_borrow(|keys| keys.answers)
}

/// The set that signatures are checked against; `None` where there is none that is young enough.
pub async fn current(url: &str) -> Option<Rc<KeySet>> {
    if let Some(set) = KEYS.with_borrow(|keys| keys.known(MAX_AGE_MS)) {
        return Some(set);
    }
    // One waits for a younger set; everybody else goes on with the one that is known.
    let usable = KEYS.with_borrow(|keys| keys.known(MAX_STALE_MS));
    match usable {
        Some(set) if KEYS.with_borrow(Keys::is_asking) => return Some(set),
        Some(_) => refresh(url, REFETCH_MS).await,
        None => refresh(url, RETRY_MS).await,
    }
    KEYS.with_borrow(|keys| keys.known(MAX_STALE_MS))
}

/// The set, if it was answered after the first `before` ones; it is asked for where it may be.
/// Only such a set says that a key is nobody's.
pub async fn fresh(url: &str, before: u64) -> Option<Rc<KeySet>> {
    if answers() == before {
        refresh(url, REFETCH_MS).await;
    }
    KEYS.with_borrow(|keys| {
        let known = keys.known(MAX_STALE_MS);
        known.filter(|_| keys.answers != before)
    })
}

/// Waits for whoever is asking for the set; asks for it, unless that was done less than so many
/// milliseconds ago.
async fn refresh(url: &str, wait_ms: u64) {
    while KEYS.with_borrow(Keys::is_asking) {
        Delay::from(Duration::from_millis(20)).await;
    }
    if KEYS.with_borrow(|keys| now_ms().abs_diff(keys.asked_ms) < wait_ms) {
        return;
    }
    KEYS.with_borrow_mut(|keys| {
        keys.asking = true;
        keys.asked_ms = now_ms();
    });
    let answer = ask(url, &Headers::new()).await;
    let set = match answer {
        Ok((200, text)) => KeySet::parse(&text).ok().map(Rc::new),
        _ => None,
    };
    if set.is_none() {
        console_error!("JWKS_URL does not answer with a key set");
    }
    KEYS.with_borrow_mut(|keys| {
        keys.asking = false;
        if let Some(set) = set {
            keys.known = Some((set, now_ms()));
            keys.answers = keys.answers.saturating_add(1);
        }
    });
}
