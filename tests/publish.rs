//! PUBLISH and its handshakes, in both directions and both versions.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod driver;
}

use common::driver::*;

/// Row Q1, [MQTT-3.8.4-6] and [MQTT-3.8.4-8]: the delivery uses the lower of the two levels.
#[test]
fn a_delivery_uses_the_lower_of_the_published_and_the_granted_qos() {
    for from in BOTH {
        for to in BOTH {
            for published in [QOS0, QOS1, QOS2] {
                for granted in [QOS0, QOS1, QOS2] {
                    let mut pair = Pair::new("mqtt");
                    let (a, b) = (pair.join(client(from, "a")), pair.join(client(to, "b")));
                    pair.subscribe(b, "factory/+/status", granted);
                    pair.publish(a, "factory/1/status", "on", published);
                    let got = pair.publishes(b);
                    let lower = published.min(granted);
                    assert_eq!(got.len(), 1);
                    assert_eq!((got[0].qos, got[0].dup, got[0].retain), (lower, false, false));
                    assert_eq!((&*got[0].topic, payload(&got[0])), ("factory/1/status", "on".to_owned()));
                    assert_eq!(got[0].id == 0, lower == QOS0);
                }
            }
        }
    }
}
