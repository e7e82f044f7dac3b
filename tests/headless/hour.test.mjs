// An hour of MQTT.js in virtual time: its keep alive runs on the run's timers, and it acts at the right instants. Needs dist/headless.
import assert from "node:assert/strict";
import mqtt from "mqtt";
import { test } from "node:test";
import init, { GlassBroker } from "../../dist/headless/glassbroker.js";

globalThis.navigator ??= { userAgent: "" };
await init();

test("MQTT.js stays for an hour, pinging on simulated time", async () => {
  const broker = new GlassBroker({ time: "virtual", seed: 1 });
  const client = mqtt.connect("ws://glass/mqtt", {
    clientId: "lamp",
    keepalive: 60,
    reconnectPeriod: 0,
    forceNativeWebSocket: true,
    createWebsocket: (url, protocols) => broker.socket(url, protocols),
    timerVariant: broker.clock.timer,
  });
  const at = [];
  client.on("connect", () => client.subscribe("tick", { qos: 1 }));
  client.on("message", () => at.push(broker.now));
  broker.clock.setInterval(() => client.publish("tick", "x", { qos: 1 }), 600_000);
  await broker.advance(3_600_000);
  assert.ok(client.connected);
  assert.deepEqual(at, [1, 2, 3, 4, 5, 6].map((n) => n * 600_000), "each message at the very instant of its publication");
  const pings = broker.trace({ kinds: ["packet.received"], client: "lamp" }).filter(({ by, packet }) => by === "broker" && packet === "PINGREQ");
  assert.ok(pings.length >= 50, `${pings.length} PINGREQ`);
  for (const { t } of pings) assert.equal(t % 30_000_000, 0, "pings come on the timer's half intervals");
  client.end(true);
  broker.close();
});
