//! The opening handshake: which path and which subprotocol the server takes.

use crate::rule::{RuleId, v5, websocket};

/// The paths that lead to the broker.
const PATHS: [&str; 2] = ["/mqtt", "/"];
/// The subprotocols that the server speaks: MQTT 3.1.1 and 5.0 name the first; some 3.1.1 clients still offer the second only.
const PROTOCOLS: [&str; 2] = ["mqtt", "mqttv3.1"];

/// Why a handshake failed. A browser's script sees `error` and then `close` with 1006, and is not told why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// A sentence for people.
    pub why: &'static str,
    /// The status code of the HTTP answer.
    pub status: u16,
    /// What was broken.
    pub rule: RuleId,
}

/// The subprotocol that the server selects: the first of those offered that it speaks.
///
/// # Errors
/// Where the path is another than `/mqtt` or `/`, or no offered subprotocol is spoken here.
pub fn negotiate<S: AsRef<str>>(path: &str, offered: &[S]) -> Result<&'static str, Refusal> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if !PATHS.contains(&path) {
        return Err(Refusal {
            why: "there is no broker at this path: it is /mqtt or /",
            status: 404,
            rule: websocket("RFC6455-4.2.2"),
        });
    }
    let spoken = |offer: &S| PROTOCOLS.into_iter().find(|protocol| *protocol == offer.as_ref());
    offered.iter().find_map(spoken).ok_or(Refusal {
        why: "no subprotocol in common: the server speaks mqtt and mqttv3.1",
        status: 400,
        rule: v5("MQTT-6.0.0-3"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_offer_that_is_spoken_wins() {
        assert_eq!(negotiate("/mqtt", &["mqtt"]), Ok("mqtt"));
        assert_eq!(negotiate("/", &["mqttv3.1"]), Ok("mqttv3.1"));
        assert_eq!(negotiate("/mqtt?x=1", &["amqp", "mqttv3.1", "mqtt"]), Ok("mqttv3.1"));
    }

    #[test]
    fn another_path_or_no_common_subprotocol_is_refused() {
        assert_eq!(negotiate("/chat", &["mqtt"]).unwrap_err().status, 404);
        assert_eq!(negotiate("", &["mqtt"]).unwrap_err().status, 404);
        assert_eq!(negotiate("/mqtt", &["MQTT"]).unwrap_err().status, 400);
        assert_eq!(negotiate::<&str>("/mqtt", &[]).unwrap_err().status, 400);
    }
}
