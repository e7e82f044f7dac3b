//! The programs to begin with, in the order of their titles.

pub(super) const EXAMPLES: [&str; 4] = [
    r#"// mqtt is MQTT.js; any host leads to the broker of this page.
const client = mqtt.connect("ws://glass/mqtt", { clientId: "my-program", protocolVersion: 5 });
client.on("message", (topic, payload) => console.log(topic, payload.toString()));
client.on("connect", () => {
  client.subscribe("greetings/#", { qos: 1 });
  client.publish("greetings/all", "hello", { qos: 1 });
});
"#,
    r#"const client = await mqtt.connectAsync("ws://glass/mqtt", { clientId: "exactly-once" });
client.on("message", (topic, payload) => console.log("received", payload.toString()));
client.on("packetsend", ({ cmd }) => console.log("→", cmd));
client.on("packetreceive", ({ cmd }) => console.log("←", cmd));
await client.subscribeAsync("orders", { qos: 2 });
await client.publishAsync("orders", "one coffee", { qos: 2 });
console.log("PUBCOMP came: it is delivered exactly once.");
"#,
    r#"const watcher = await mqtt.connectAsync("ws://glass/mqtt", { clientId: "watcher" });
watcher.on("message", (topic, payload) => console.log(topic, payload.toString()));
await watcher.subscribeAsync("state/#");
const lamp = await mqtt.connectAsync("ws://glass/mqtt", {
  clientId: "lamp-with-will",
  reconnectPeriod: 0,
  will: { topic: "state/lamp", payload: "gone", qos: 1, retain: true },
});
setTimeout(() => lamp.stream.destroy(), 1000); // no DISCONNECT
"#,
    r#"const client = await mqtt.connectAsync("ws://glass/mqtt", { clientId: "counter" });
for (let n = 1; n <= 100; n += 1) {
  client.publish("count", String(n), { qos: 1 });
  await new Promise((done) => setTimeout(done, 50));
}
await client.endAsync();
console.log("A hundred messages, at", new Date().toISOString());
"#,
];
