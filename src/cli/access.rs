//! `--users FILE`, `--acl FILE`, `--policies FILE`, `--anonymous`: who may come in, and what they may do there.

use super::complaint::Complaint;
use super::input::Fault;
use crate::policy::aws::Policies;
use crate::policy::{Access, AccessList, LineError, Users};
use crate::scenario::parse_policies;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest file, in bytes.
const MAX_FILE_BYTES: u64 = 4 << 20;

#[derive(clap::Args, Debug)]
pub(super) struct AccessOptions {
    /// Who may come in: a file with a line `NAME:PASSWORD` for each user.
    #[arg(long, value_name = "FILE")]
    users: Option<PathBuf>,
    /// Let clients without a user name come in beside the users.
    #[arg(long, requires = "users")]
    anonymous: bool,
    /// Who may publish and receive what: an access list in the format of Mosquitto's acl_file. Without --users nobody's user name
    /// is checked, and whoever gives one has what the list gives it.
    #[arg(long, value_name = "FILE")]
    acl: Option<PathBuf>,
    /// Who may do what by AWS IoT policies: a JSON file with `policies`, documents by their names, and `clients`, which says what
    /// policies each user name or client identifier has. Who has none may do nothing.
    #[arg(long, value_name = "FILE")]
    policies: Option<PathBuf>,
}

/// What the options and their files say.
pub(super) fn load(options: &AccessOptions) -> Result<Access, Complaint> {
    let users = options.users.as_deref().map(|file| lines(file, Users::parse)).transpose()?;
    let list = options.acl.as_deref().map(|file| lines(file, AccessList::parse)).transpose()?;
    let policies = options.policies.as_deref().map(policies).transpose()?.unwrap_or_default();
    // A file without users is no file that lets everyone in.
    let anonymous = users.is_some().then_some(options.anonymous);
    Ok(Access { users: users.unwrap_or_default(), anonymous, list, policies, ..Access::default() })
}

/// Reads a file of lines.
fn lines<T>(file: &Path, parse: fn(&str) -> Result<T, LineError>) -> Result<T, Complaint> {
    parse(&text(file)?).map_err(|error| Complaint::at(file, error.line, 1, error.message))
}

/// Reads a file of policies.
fn policies(file: &Path) -> Result<Policies, Complaint> {
    parse_policies(&text(file)?).map_err(|problems| Fault::Problems(problems).complaint(file))
}

/// What stands in a file of a bounded size.
pub(super) fn text(file: &Path) -> Result<String, Complaint> {
    let mut text = String::new();
    let opened = File::open(file).and_then(|open| open.take(MAX_FILE_BYTES + 1).read_to_string(&mut text));
    opened.map_err(|error| Complaint::file(file, error))?;
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(Complaint::file(file, format_args!("it has more than {MAX_FILE_BYTES} bytes")));
    }
    Ok(text)
}
