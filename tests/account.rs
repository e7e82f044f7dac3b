//! The account around the broker, over the wire: what it tells and keeps reaches clients of both versions as any other message does.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Command, Kind};
use glassbroker::profile::Value;

/// [O1] [aws.lifecycle.events] Who listens hears of a client that comes and goes.
#[test]
fn a_watcher_hears_of_others() {
    for version in BOTH {
        let mut pair = Pair::new("aws-iot-core");
        let watcher = pair.join(client(version, "watcher"));
        pair.subscribe(watcher, "$aws/events/presence/#", QOS1);
        let lamp = pair.join(client(V5, "lamp"));
        pair.disconnect(lamp);
        let told: Vec<String> =
            pair.receive_all(watcher).iter().map(|message| message.topic.to_string()).collect();
        assert_eq!(told, ["$aws/events/presence/connected/lamp", "$aws/events/presence/disconnected/lamp"]);
        let told = pair.notes.events.iter().filter(|event| event.kind == Kind::AccountLifecycle).count();
        assert_eq!(told, 4, "two connections, one subscription, one disconnection");
    }
}

/// [O6] [aws.shadow.update] [aws.shadow.get] What one client says of a thing another can ask for, later and over another version.
#[test]
fn a_shadow_stands_between_two_clients() {
    for (writes, reads) in [(V3, V5), (V5, V3)] {
        let mut pair = Pair::new("aws-iot-core");
        let lamp = pair.join(client(writes, "lamp"));
        pair.publish(lamp, "$aws/things/lamp/shadow/update", r#"{"state":{"reported":{"on":true}}}"#, QOS1);
        pair.disconnect(lamp);
        pair.pass_s(60);
        let app = pair.join(client(reads, "app"));
        pair.subscribe(app, "$aws/things/lamp/shadow/get/accepted", QOS1);
        pair.publish(app, "$aws/things/lamp/shadow/get", "", QOS1);
        let got = pair.receive_all(app);
        let [document] = &got[..] else { panic!("{got:?}") };
        let document: serde_json::Value = serde_json::from_slice(&document.payload).expect("JSON");
        assert_eq!(document["state"]["reported"]["on"], true);
        assert_eq!(
            document["timestamp"]
                .as_u64()
                .zip(document["metadata"]["reported"]["on"]["timestamp"].as_u64())
                .map(|(now, then)| now - then),
            Some(60)
        );
    }
}

/// Without an account these are topics like others; it can be taken away and given back while the broker runs.
#[test]
fn the_account_is_a_setting() {
    let mut pair = Pair::new("aws-iot-core");
    let app = pair.join(client(V5, "app"));
    pair.subscribe(app, "$aws/things/lamp/shadow/get/rejected", QOS0);
    for (is_there, answers) in [(true, 1), (false, 0), (true, 1)] {
        pair.command(Command::Set { key: "account.present".into(), value: Value::Switch(is_there) }).unwrap();
        pair.publish(app, "$aws/things/lamp/shadow/get", "", QOS0);
        assert_eq!(pair.publishes(app).len(), answers, "{is_there}");
    }
}
