//! SUBSCRIBE (3.8).

use super::{Properties, QoS, Text};

/// When retained messages are sent for a subscription (5.0); 3.1.1 always behaves as `OnSubscribe`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum RetainHandling {
    /// At every SUBSCRIBE.
    #[default]
    OnSubscribe = 0,
    /// Only where the subscription did not exist.
    OnNewSubscription = 1,
    /// Never.
    Never = 2,
}

/// The Subscription Options of one Topic Filter; 3.1.1 has the QoS only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SubscribeOptions {
    /// The maximum QoS at which the client wants messages.
    pub qos: QoS,
    /// Not back to the connection that published.
    pub no_local: bool,
    /// Keep the RETAIN flag as it was published.
    pub retain_as_published: bool,
    /// When to send retained messages.
    pub retain_handling: RetainHandling,
}

/// One Topic Filter of a SUBSCRIBE with its options.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Subscription {
    /// The Topic Filter, with its `$share/…/` prefix if it has one.
    pub filter: Text,
    /// Its options.
    pub options: SubscribeOptions,
}

/// The client subscribes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Subscribe {
    /// The Packet Identifier.
    pub id: u16,
    /// Properties (5.0).
    pub properties: Properties,
    /// At least one Topic Filter.
    pub filters: Vec<Subscription>,
}
