// MQTT.js from npm against the headless module in Node, in wall and in virtual time. Needs dist/headless (scripts/build/headless).
import mqtt from "mqtt";
import { test } from "node:test";
import { mqttjs } from "../clients/mqttjs.mjs";
import { stories } from "../clients/stories.mjs";
import init, { GlassBroker } from "../../dist/headless/glassbroker.js";

// MQTT.js asks where it is; Node has this from version 21.
globalThis.navigator ??= { userAgent: "" };

await init();
for (const time of ["wall", "virtual"]) {
  for (const version of [4, 5]) {
    for (const story of stories) {
      // [MQTT-7.0.0-2]
      test(`MQTT.js, version ${version}, ${time} time: ${story.name}`, { timeout: 300_000 }, async () => {
        const broker = new GlassBroker({ time, seed: 7 });
        try {
          await story.run(mqttjs(mqtt, broker, version));
        } finally {
          broker.close();
        }
      });
    }
  }
}
