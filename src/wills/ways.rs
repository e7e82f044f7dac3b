//! The ways to die, each with the steps of its scenario.

use super::{CLIENT, Terms, Under};
use crate::broker::Ending;
use crate::profile::Profile;
use crate::wire::Version;

/// One way for a connection to end.
#[derive(Debug)]
pub struct Way {
    /// Its name in links.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What happens, in a sentence.
    pub about: &'static str,
    /// The ending that the broker sees.
    pub ending: Ending,
    /// The keep alive that the client asks for, in seconds.
    keep_alive_s: u16,
    /// How long the story goes on afterwards, in seconds.
    lasts_s: u32,
    /// Further clients; `VERSION` and `SESSION` stand for what goes for all.
    clients: &'static str,
    /// What is done, from 5 s on.
    steps: &'static str,
}

/// A way that needs nothing more than its steps.
const PLAIN: Way = Way {
    name: "",
    title: "",
    about: "",
    ending: Ending::Disconnect,
    keep_alive_s: 10,
    lasts_s: 30,
    clients: "",
    steps: "",
};

/// All of them. Each ending has at least one.
pub const WAYS: &[Way] = &[
    Way {
        name: "disconnect",
        title: "DISCONNECT",
        about: "The client says goodbye as MQTT wants it.",
        ending: Ending::Disconnect,
        steps: r#"{"at":"5s","client":"lamp","do":"disconnect"}"#,
        ..PLAIN
    },
    Way {
        name: "disconnect-with-will",
        title: "DISCONNECT 0x04, with Will Message",
        about: "The client says goodbye and asks for its Will to be published.",
        ending: Ending::DisconnectWithWill,
        steps: r#"{"at":"5s","client":"lamp","do":"disconnect","code":4}"#,
        ..PLAIN
    },
    Way {
        name: "websocket-close",
        title: "WebSocket Close frame",
        about: "The client closes its WebSocket in order, without DISCONNECT.",
        ending: Ending::WebSocketClose,
        steps: r#"{"at":"5s","client":"lamp","do":"close"}"#,
        ..PLAIN
    },
    Way {
        name: "network-cut",
        title: "Network cut, and silence",
        about: "The network dies. Nothing tells the broker, until its patience with the keep alive ends.",
        ending: Ending::KeepAliveTimeout,
        // A broker may make a longer keep alive of it.
        lasts_s: 60,
        steps: r#"{"at":"5s","client":"lamp","do":"cut"}"#,
        ..PLAIN
    },
    Way {
        name: "power-lost",
        title: "Power lost",
        about: "The device loses its power. For the broker that is silence, too.",
        ending: Ending::KeepAliveTimeout,
        lasts_s: 60,
        steps: r#"{"at":"5s","client":"lamp","do":"crash"}"#,
        ..PLAIN
    },
    Way {
        name: "connection-lost",
        title: "Network cut, and the broker writes",
        about: "The network dies, and the keep alive is long. What the broker sends is never acknowledged, so that its TCP gives up \
                after about a quarter of an hour.",
        ending: Ending::ConnectionLost,
        keep_alive_s: 1_200,
        lasts_s: 1_000,
        steps: r#"{"at":"5s","client":"lamp","do":"cut"},
            {"at":"6s","client":"watcher","do":"publish","topic":"lamp/set","payload":"on"}"#,
        ..PLAIN
    },
    Way {
        name: "taken-over",
        title: "Taken over, and resumed",
        about: "A second client connects with the same client identifier, and goes on with the session.",
        ending: Ending::TakenOver,
        clients: r#",{"id":"double","mqtt":"VERSION","connect":{"client_id":"lamp","clean_start":falseSESSION},"link":{"latency_ms":50}}"#,
        steps: r#"{"at":"5s","client":"double","do":"connect"}"#,
        ..PLAIN
    },
    Way {
        name: "taken-over-clean",
        title: "Taken over, with Clean Start",
        about: "A second client connects with the same client identifier, and begins a new session.",
        ending: Ending::TakenOver,
        clients: r#",{"id":"double","mqtt":"VERSION","connect":{"client_id":"lamp"},"link":{"latency_ms":50}}"#,
        steps: r#"{"at":"5s","client":"double","do":"connect"}"#,
        ..PLAIN
    },
    Way {
        name: "protocol-error",
        title: "Malformed packet",
        about: "The client sends a packet of a type that there is not.",
        ending: Ending::ProtocolError,
        steps: r#"{"at":"5s","client":"lamp","do":"send","bytes":{"hex":"0000"}}"#,
        ..PLAIN
    },
    Way {
        name: "quota-exceeded",
        title: "SUBSCRIBE of nine filters",
        about: "The client subscribes to more filters at once than some brokers take.",
        ending: Ending::QuotaExceeded,
        steps: r#"{"at":"5s","client":"lamp","do":"subscribe","filters":[{"filter":"a/1"},{"filter":"a/2"},{"filter":"a/3"},
            {"filter":"a/4"},{"filter":"a/5"},{"filter":"a/6"},{"filter":"a/7"},{"filter":"a/8"},{"filter":"a/9"}]}"#,
        ..PLAIN
    },
    Way {
        name: "not-authorized",
        title: "PUBLISH at QoS 0, not authorized",
        about: "The client publishes at QoS 0 to a topic that its policy, or the access list, does not allow. AWS IoT Core ends the \
                connection; with 3.1.1 at any QoS, with MQTT 5 at QoS 0 only: at QoS 1 it answers PUBACK 0x87, and the connection \
                goes on.",
        ending: Ending::NotAuthorized,
        steps: r#"{"at":"5s","client":"lamp","do":"publish","topic":"secret","payload":"?"}"#,
        ..PLAIN
    },
    Way {
        name: "websocket-expired",
        title: "WebSocket open for a day",
        about: "Nothing goes wrong for a day, which is as long as some brokers let a WebSocket be open.",
        ending: Ending::WebSocketExpired,
        keep_alive_s: 1_200,
        lasts_s: 86_430,
        steps: r#"{"at":"5s","client":"lamp","do":"publish","topic":"lamp/state","payload":"still on"}"#,
        ..PLAIN
    },
    Way {
        name: "operator",
        title: "Disconnected by the operator",
        about: "The operator of the broker, or a call to its API, ends the connection.",
        ending: Ending::OperatorDisconnect,
        steps: r#"{"at":"5s","on":"broker","do":"disconnect","client":"lamp"}"#,
        ..PLAIN
    },
    Way {
        name: "operator-without-will",
        title: "By the operator, Will prevented",
        about: "The operator, or a call to the API, ends the connection and asks that the Will is not sent.",
        ending: Ending::OperatorDisconnect,
        steps: r#"{"at":"5s","on":"broker","do":"disconnect","client":"lamp","prevent_will":true}"#,
        ..PLAIN
    },
    Way {
        name: "broker-restart",
        title: "Broker restart, store kept",
        about: "The broker goes down and comes back with its sessions.",
        ending: Ending::BrokerRestart,
        steps: r#"{"at":"5s","on":"broker","do":"restart"}"#,
        ..PLAIN
    },
    Way {
        name: "broker-restart-empty",
        title: "Broker restart, store lost",
        about: "The broker goes down and comes back without its sessions.",
        ending: Ending::BrokerRestart,
        steps: r#"{"at":"5s","on":"broker","do":"restart","keep_store":false}"#,
        ..PLAIN
    },
];

/// Policies under which the client may not publish to `secret`, which ends its connection.
const POLICIES: &str = r#","policies":{"all":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:*","Resource":"*"}},
    "not-secret":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"},
    {"Effect":"Deny","Action":"iot:Publish","Resource":"arn:aws:iot:us-east-1:123456789012:topic/secret"}]}}"#;
/// The same as an access list, for brokers without policies.
const ACCESS_LIST: &str = r##","acl":["topic deny secret","topic readwrite #"]"##;

impl Way {
    /// The way of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        WAYS.iter().find(|way| way.name == name)
    }
}

/// The scenario's document.
///
/// # Errors
/// Why there is none, in a few words.
pub(super) fn document(way: &Way, under: &Under, terms: Terms) -> Result<String, String> {
    let v5 = terms.version_under(under)? == Version::V5;
    if !v5 && way.ending == Ending::DisconnectWithWill {
        return Err("MQTT 3.1.1 has no such DISCONNECT".to_owned());
    }
    let version = if v5 { "5" } else { "3.1.1" };
    let session = if v5 { r#","session_expiry_s":60"# } else { "" };
    let delay =
        if v5 && terms.delay_s > 0 { format!(r#","delay_s":{}"#, terms.delay_s) } else { String::new() };
    let has_account = Profile::named(&under.profile).is_some_and(|profile| profile.has_account());
    let is_denied = way.ending == Ending::NotAuthorized;
    let (access, policy, all) = match (is_denied, has_account) {
        (false, _) => ("", "", ""),
        (true, true) => (POLICIES, r#","policy":"not-secret""#, r#","policy":"all""#),
        (true, false) => (ACCESS_LIST, "", ""),
    };
    let Way { title, about, keep_alive_s, clients, steps, .. } = way;
    let clients = clients.replace("VERSION", version).replace("SESSION", session);
    let until = 5 + way.lasts_s;
    Ok(format!(
        r#"{{"glassbroker":1,"title":"Will: {title}","about":"{about}","until":"{until}s",
"broker":{{"profile":"{profile}"{access}}},
"clients":[
{{"id":"watcher","mqtt":"{version}","connect":{{"clean_start":false{session}}},"link":{{"latency_ms":50}},"reconnect_after":"1s"{all}}},
{{"id":"{CLIENT}","mqtt":"{version}","connect":{{"clean_start":false{session},"keep_alive_s":{keep_alive_s},
"will":{{"topic":"lamp/state","payload":"the lamp is gone","qos":1{delay}}}}},"link":{{"latency_ms":50}}{policy}}}{clients}],
"steps":[
{{"at":"0.2s","client":"watcher","do":"connect"}},
{{"at":"0.6s","client":"watcher","do":"subscribe","filters":[{{"filter":"lamp/state","qos":1}}]}},
{{"at":"1s","client":"{CLIENT}","do":"connect"}},
{{"at":"1.5s","client":"{CLIENT}","do":"subscribe","filters":[{{"filter":"lamp/set","qos":0}}]}},
{{"at":"4.5s","client":"{CLIENT}","do":"publish","topic":"lamp/state","payload":"on"}},
{steps}],
"marks":[{{"at":"5s","title":"{title}","text":"{about}"}}]}}"#,
        profile = under.profile
    ))
}
