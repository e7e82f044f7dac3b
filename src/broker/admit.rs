//! Who may come in: the user name and password of CONNECT, and where clients are sent that come to the wrong server.

use super::Broker;
use crate::policy::METHOD;
use crate::rule::{RuleId, own, v5};
use crate::wire::{Connect, ReasonCode};

/// Why a CONNECT is refused: the code of each version; 3.1.1 without one is closed without CONNACK
/// ([3.1.1 MQTT-3.2.2-6]).
pub(super) struct Refusal {
    pub(super) v3: Option<ReasonCode>,
    pub(super) v5: ReasonCode,
    pub(super) rule: RuleId,
    pub(super) why: &'static str,
}

/// How a client comes in.
pub(super) enum Admission {
    /// At once. Says whether a password was looked at.
    Now { known: bool },
    /// After it has answered a challenge.
    Challenged,
}

/// The rule of user names and passwords.
pub(super) const USERS: RuleId = own("glassbroker.users");

impl Broker {
    /// Decides whether a client may come in by what its CONNECT says of it.
    pub(super) fn admit(&self, connect: &Connect) -> Result<Admission, Refusal> {
        let access = &*self.access;
        if let Some(redirect) = &access.redirect {
            let (v5, why) = match redirect.permanently {
                true => (ReasonCode::SERVER_MOVED, "the server has moved"),
                false => (ReasonCode::USE_ANOTHER_SERVER, "another server is to be used for now"),
            };
            let v3 = Some(ReasonCode::V3_SERVER_UNAVAILABLE);
            return Err(Refusal { v3, v5, rule: own("glassbroker.redirect"), why });
        }
        if let Some(method) = connect.properties.authentication_method() {
            if self.limits.auth_challenge && method.as_str() == METHOD {
                return Ok(Admission::Challenged);
            }
            let (code, why) =
                (ReasonCode::BAD_AUTHENTICATION_METHOD, "this Authentication Method is not supported");
            return Err(Refusal { v3: None, v5: code, rule: v5("MQTT-4.12.0-1"), why });
        }
        let Some(name) = &connect.username else {
            if access.admits_anonymous() {
                return Ok(Admission::Now { known: false });
            }
            let (v3, v5) = (Some(ReasonCode::V3_NOT_AUTHORIZED), ReasonCode::NOT_AUTHORIZED);
            return Err(Refusal { v3, v5, rule: USERS, why: "a user name is required" });
        };
        // Where no users are known, a name is as good as none.
        if access.users.is_empty() && access.admits_anonymous() {
            return Ok(Admission::Now { known: false });
        }
        let given = connect.password.as_deref().unwrap_or_default();
        if access.users.password(name).is_some_and(|password| password == given) {
            return Ok(Admission::Now { known: true });
        }
        let (v3, v5) = match self.limits.auth_bad_password_told {
            true => (ReasonCode::V3_BAD_USER_NAME_OR_PASSWORD, ReasonCode::BAD_USER_NAME_OR_PASSWORD),
            false => (ReasonCode::V3_NOT_AUTHORIZED, ReasonCode::NOT_AUTHORIZED),
        };
        Err(Refusal { v3: Some(v3), v5, rule: USERS, why: "the user name or the password is wrong" })
    }
}
