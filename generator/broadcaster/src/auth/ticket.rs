//! Tickets: single-use credentials for clients that must not send a token over a socket.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The random bytes of a ticket.
pub const RANDOM_BYTES: usize = 32;

/// `base64url(organizationId).base64url(32 random bytes)`.
pub fn make(organization_id: &str, random: &[u8; RANDOM_BYTES]) -> String {
    let organization = URL_SAFE_NO_PAD.encode(organization_id);
    format!("{organization}.{}", URL_SAFE_NO_PAD.encode(random))
}

/// The organization that a ticket says it is for; `None` of what is no ticket.
pub fn organization(ticket: &str) -> Option<String> {
    let (organization, random) = ticket.split_once('.')?;
    let random = URL_SAFE_NO_PAD.decode(random).ok()?;
    let organization = String::from_utf8(URL_SAFE_NO_PAD.decode(organization).ok()?).ok()?;
    (random.len() == RANDOM_BYTES && !organization.is_empty()).then_some(organization)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_says_its_organization() {
        let ticket = make("org/é", &[7; RANDOM_BYTES]);
        assert_eq!(organization(&ticket).as_deref(), Some("org/é"));
    }

    #[test]
    fn what_is_no_ticket_says_nothing() {
        let short = format!("b3Jn.{}", URL_SAFE_NO_PAD.encode([0; 31]));
        let nobody = format!(".{}", URL_SAFE_NO_PAD.encode([0; 32]));
        for ticket in ["", ".", "b3Jn", "a.b.c", &short, &nobody, "!.!"] {
            assert_eq!(organization(ticket), None, "{ticket}");
        }
    }
}
