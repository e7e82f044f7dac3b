//! Why what the broker sends to a client now does not arrive, though the broker takes it for connected.

use crate::client::State;
use crate::picture::clock;
use crate::sim::{ClientView, Network, Way, World};
use crate::time::SimTime;
use crate::ui::text::faults;
use crate::ui::text::topics as text;

/// Why nothing reaches the client of an identifier now; `None` where it does.
pub(super) fn unreached(world: &World, identifier: &str) -> Option<String> {
    let has_it = |view: &ClientView<'_>| view.client.identifier() == identifier;
    let is_there = |view: &ClientView<'_>| {
        has_it(view) && matches!(view.client.state(), State::Connected | State::Connecting)
    };
    // Of several with one identifier the one that is there has the session.
    let there = world.client(identifier).filter(is_there).or_else(|| world.clients().find(is_there));
    if let Some(view) = there {
        return fault(&view.network);
    }
    let Some(view) = world.clients().find(has_it) else { return fault(&world.network(identifier)?) };
    match view.client.state() {
        State::Off => Some(text::NO_POWER.to_owned()),
        _ => Some(fault(&view.network).unwrap_or_else(|| text::LEFT.to_owned())),
    }
}

/// What is wrong with the way to a client.
fn fault(network: &Network<'_>) -> Option<String> {
    if !network.is_up {
        return Some(faults::IS_CUT.to_owned());
    }
    let until = network.holds[Way::Down as usize]?;
    Some(if until == SimTime::END {
        faults::half_open(faults::WAYS[Way::Down as usize])
    } else {
        faults::stalled(&clock(until))
    })
}
