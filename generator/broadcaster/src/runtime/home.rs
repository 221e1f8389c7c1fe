//! What an organization's own holder keeps for all of them: registrations, tickets, revocations.

use worker::{Response, Result};

use super::http::{self, now_ms};
use super::object::{Parts, Registration, RegistrationNumber, Ticket, Withdrawal};
use crate::wire::{Code, Refusal};

impl Parts {
    /// Whether the session token that was shown has been revoked.
    pub fn is_revoked(&self, registration: &Registration) -> Result<bool> {
        match &registration.session {
            Some((user, issued)) => self.store.is_revoked(user, *issued),
            None => Ok(false),
        }
    }

    /// Registers another holder that has sockets of this organization.
    pub fn register(&self, registration: &Registration) -> Result<Response> {
        if self.is_revoked(registration)? {
            return http::refuse(Refusal::new(Code::Unauthorized, "The token was revoked."));
        }
        let generation = self
            .store
            .register(&registration.holder, registration.known)?;
        http::json(
            200,
            &serde_json::to_string(&RegistrationNumber { generation })?,
        )
    }

    /// Forgets another holder whose last socket of this organization is gone.
    pub fn withdraw(&self, withdrawal: &Withdrawal) -> Result<Response> {
        self.store
            .withdraw(&withdrawal.holder, withdrawal.generation)?;
        http::json(200, "{}")
    }

    /// Keeps a ticket for a subscriber of this organization.
    pub fn keep_ticket(&self, ticket: &Ticket) -> Result<Response> {
        let Some(identity) = &ticket.identity else {
            return http::refuse(Refusal::new(Code::BadRequest, "A ticket is somebody's."));
        };
        let user = identity.user_id.as_deref().unwrap_or_default();
        if self.store.is_revoked(user, identity.issued)? {
            return http::refuse(Refusal::new(Code::Unauthorized, "The token was revoked."));
        }
        let now_s = now_ms() / 1_000;
        let until_s = now_s.saturating_add(self.limits().ticket_s);
        let limit = self.limits().max_tickets;
        if self
            .store
            .keep_ticket(&ticket.hash, identity, now_s, until_s, limit)?
        {
            http::json(200, "{}")
        } else {
            http::refuse(Refusal::new(
                Code::TooManyTickets,
                "Too many tickets are open.",
            ))
        }
    }

    /// Uses up a ticket, and answers for whom it was.
    pub fn use_ticket(&self, ticket: &Ticket) -> Result<Response> {
        let now_s = now_ms() / 1_000;
        let identity = self.store.use_ticket(&ticket.hash, now_s)?;
        let identity = match identity {
            Some(identity) if identity.expires.is_none_or(|at| at > now_s) => {
                let user = identity.user_id.as_deref().unwrap_or_default();
                (!self.store.is_revoked(user, identity.issued)?).then_some(identity)
            }
            _ => None,
        };
        match identity {
            Some(identity) => http::json(200, &serde_json::to_string(&identity)?),
            None => http::refuse(Refusal::new(Code::Unauthorized, "The ticket is not good.")),
        }
    }
}
