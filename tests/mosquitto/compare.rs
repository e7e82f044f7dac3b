//! What is the same on both sides: packets in order, but messages only within their topic, QoS and publisher.

use super::explained::EXPLAINED;
use super::play::{Got, Received};
use std::collections::BTreeMap;

/// What one client received, with the order forgotten that section 4.6 does not promise.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct View {
    /// Everything but messages, in order.
    packets: Vec<Got>,
    /// Messages by topic, QoS and publisher, in order.
    messages: BTreeMap<String, Vec<Got>>,
}

/// The publisher of a payload: the client's number before the point; a Will and an empty message stand for themselves.
fn publisher(payload: &[u8]) -> String {
    let text = String::from_utf8_lossy(payload);
    text.split('.').next().unwrap_or_default().to_owned()
}

/// What the sides are compared by.
pub(crate) fn view(received: &Received) -> BTreeMap<usize, View> {
    let mut views = BTreeMap::new();
    for (who, all) in received {
        let mut view = View { packets: Vec::new(), messages: BTreeMap::new() };
        for got in all {
            match got {
                Got::Message { topic, qos, payload, .. } => {
                    let key = format!("{topic} at QoS {} from {}", *qos as u8, publisher(payload));
                    view.messages.entry(key).or_default().push(got.clone());
                }
                // They belong to different handshakes.
                Got::Pubrel { payload } => {
                    view.messages
                        .entry(format!("PUBREL {}", publisher(payload)))
                        .or_default()
                        .push(got.clone());
                }
                other => view.packets.push(other.clone()),
            }
        }
        for messages in view.messages.values_mut() {
            EXPLAINED.iter().for_each(|kind| (kind.leave_out)(messages));
        }
        views.insert(*who, view);
    }
    views
}
