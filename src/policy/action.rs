//! What a client may be allowed or denied.

/// What a client wants to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Come in under a client identifier. Policies only.
    Connect,
    /// Publish to a Topic Name.
    Publish,
    /// Publish to a Topic Name with RETAIN, beside [`Action::Publish`]. Policies only.
    RetainPublish,
    /// Subscribe to a Topic Filter.
    Subscribe,
    /// Get a message of a Topic Name.
    Receive,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Connect, Self::Publish, Self::RetainPublish, Self::Subscribe, Self::Receive];

    /// Its name in access lists, and in the events that tell of them.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Publish => "publish",
            Self::RetainPublish => "retain",
            Self::Subscribe => "subscribe",
            Self::Receive => "receive",
        }
    }

    /// Its name in AWS IoT policies, and in the events that tell of them.
    pub const fn aws_name(self) -> &'static str {
        match self {
            Self::Connect => "iot:Connect",
            Self::Publish => "iot:Publish",
            Self::RetainPublish => "iot:RetainPublish",
            Self::Subscribe => "iot:Subscribe",
            Self::Receive => "iot:Receive",
        }
    }

    /// What its resources are in AWS IoT policies.
    pub const fn resource_type(self) -> &'static str {
        match self {
            Self::Connect => "client",
            Self::Publish | Self::RetainPublish | Self::Receive => "topic",
            Self::Subscribe => "topicfilter",
        }
    }
}
