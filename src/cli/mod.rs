//! The command line: `glassbroker serve`, `run`, `compare`, `wills`, `check`, `access`, `code`, `profiles` and `rules`.
//!
//! Exit status 0 is fine, 1 means that the input is at fault (`file:line:column: error: …`), 2 that the command was called wrongly.

mod access;
mod check;
mod code;
mod compare;
mod complaint;
mod input;
mod ledger;
mod lines;
mod profile;
mod profiles;
mod rules;
mod run;
mod serve;
mod who_may;
mod wills;

use clap::{Parser, Subcommand};
use complaint::Complaint;
use std::process::ExitCode;

/// A real MQTT broker that you can see through.
#[derive(Parser, Debug)]
#[command(version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Runs the broker on real sockets, until SIGINT or SIGTERM.
    Serve(serve::Options),
    /// Runs a scenario in simulated time and writes its trace.
    Run(run::Options),
    /// Runs a scenario under two profiles, and says where they part and by which rule.
    Compare(compare::Options),
    /// Runs every way for a connection to end under every profile, and says what becomes of the Will.
    Wills(wills::Options),
    /// Says what is wrong with scenarios, and where.
    Check(check::Options),
    /// Says what each client of a scenario may do with a topic, and which line or statement decides.
    Access(who_may::Options),
    /// Writes what a client of a scenario does as code: for MQTT.js, Paho, the AWS IoT Device SDK, or as mosquitto's commands.
    Code(code::Options),
    /// Lists the profiles with what they change and where that is written, and every setting.
    Profiles,
    /// Lists the rules: what each says, where it is written, and how it is known.
    Rules(rules::Options),
}

/// Does what the process's arguments ask for; the status to exit with.
pub fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve(options) => serve::run(&options),
        Command::Run(options) => run::run(&options),
        Command::Compare(options) => compare::run(&options),
        Command::Wills(options) => Ok(wills::run(&options)),
        Command::Check(options) => check::run(&options),
        Command::Access(options) => who_may::run(&options),
        Command::Code(options) => code::run(&options),
        Command::Profiles => profiles::run(),
        Command::Rules(options) => rules::run(&options),
    };
    match done {
        Ok(status) => status,
        Err(Complaint(text)) => {
            eprintln!("{text}");
            ExitCode::from(1)
        }
    }
}
