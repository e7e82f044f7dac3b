//! Who may come in, and what they may do there: users with passwords, access lists, AWS IoT policies, and a challenge for lessons.

mod access_list;
mod action;
mod address;
pub mod aws;
mod challenge;
mod line_error;
mod users;

pub use access_list::{AccessList, Decision};
pub use action::Action;
pub use address::source_address;
pub use challenge::{METHOD, answer};
pub use line_error::LineError;
pub use users::{MAX_USERS, Users};

/// Where a server sends its clients instead of taking them (4.11 of MQTT 5.0).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Redirect {
    /// The Server Reference, such as `broker.example:1883`.
    pub to: String,
    /// Whether for good: Server moved, else Use another server.
    pub permanently: bool,
}

/// What a broker is told of its clients beside its profile.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Access {
    /// Who has a password.
    pub users: Users,
    /// Whether clients without a user name may come in; where it is not said, they may if there are no users.
    pub anonymous: Option<bool>,
    /// What clients may publish and receive; `None` for everything.
    pub list: Option<AccessList>,
    /// The policies of those who have some; where there is none, they decide nothing.
    pub policies: aws::Policies,
    /// Where clients are sent.
    pub redirect: Option<Redirect>,
    /// The Response Information for clients that ask for it.
    pub response_information: Option<String>,
}

impl Access {
    /// Whether anything decides what clients may do.
    #[inline]
    pub fn restricts(&self) -> bool {
        self.list.is_some() || !self.policies.is_empty()
    }

    /// Whether clients without a user name may come in.
    pub fn admits_anonymous(&self) -> bool {
        self.anonymous.unwrap_or(self.users.is_empty())
    }
}
