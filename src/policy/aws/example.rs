//! Policies to begin with.

/// A policy that shows something.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// A name for it.
    pub name: &'static str,
    /// What it does, in a few words.
    pub title: &'static str,
    /// Its document.
    pub text: &'static str,
}

/// They, the one that lets everything first.
pub const EXAMPLES: [Example; 4] = [
    Example {
        name: "allow-all",
        title: "Allow all",
        text: r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "iot:*", "Resource": "*" }
  ]
}"#,
    },
    Example {
        name: "own-topics",
        title: "Only what bears its client identifier",
        text: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "iot:Connect",
      "Resource": "arn:aws:iot:us-east-1:123456789012:client/${iot:ClientId}"
    },
    {
      "Effect": "Allow",
      "Action": ["iot:Publish", "iot:RetainPublish", "iot:Receive"],
      "Resource": "arn:aws:iot:us-east-1:123456789012:topic/${iot:ClientId}/*"
    },
    {
      "Effect": "Allow",
      "Action": "iot:Subscribe",
      "Resource": "arn:aws:iot:us-east-1:123456789012:topicfilter/${iot:ClientId}/*"
    }
  ]
}"#,
    },
    Example {
        name: "no-retained",
        title: "No retained messages",
        text: r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "iot:*", "Resource": "*" },
    { "Sid": "NoRetained", "Effect": "Deny", "Action": "iot:RetainPublish", "Resource": "*" }
  ]
}"#,
    },
    Example {
        name: "no-will",
        title: "Sessions that last, but no Will",
        text: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "iot:Connect",
      "Resource": "*",
      "Condition": {
        "ForAllValues:StringEquals": { "iot:ConnectAttributes": ["PersistentConnect"] }
      }
    },
    {
      "Effect": "Allow",
      "Action": ["iot:Publish", "iot:RetainPublish", "iot:Subscribe", "iot:Receive"],
      "Resource": "*"
    }
  ]
}"#,
    },
];
