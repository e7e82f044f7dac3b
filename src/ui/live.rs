//! Real clients of the page's JavaScript: the bridge to their sockets.

use super::lab::Lab;
use crate::page::{self, Bridge};
use std::cell::Cell;

/// Makes `window.glassbroker`, by whose sockets real clients reach the run.
pub(crate) fn install(lab: &Lab) {
    let bridge = Bridge::new(lab.engine().shared_run());
    let wake = {
        let (lab, before) = (lab.clone(), Cell::new(false));
        move || {
            // The first one starts the clock, since it waits for an answer; afterwards the user's pause holds.
            let live = lab.engine().has_live_clients();
            if live && !before.replace(live) {
                lab.change(|screen| screen.playing = true);
            } else {
                before.set(live);
                lab.touch();
            }
        }
    };
    let programs = page::install(&bridge, wake);
    lab.act(|engine| engine.set_bridge(bridge, programs));
}
