//! The binary, called as from a shell.
#![allow(dead_code)]

use std::process::{Command, Output};

pub(crate) fn glassbroker(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_glassbroker")).args(arguments).output().expect("the binary runs")
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
