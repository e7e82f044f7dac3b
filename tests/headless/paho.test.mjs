// Paho's JavaScript client from npm against the headless module in Node, in wall and in virtual time. Needs dist/headless.
import { createRequire } from "node:module";
import { test } from "node:test";
import { paho } from "../clients/paho.mjs";
import { stories } from "../clients/stories.mjs";
import init, { GlassBroker } from "../../dist/headless/glassbroker.js";

const Paho = createRequire(import.meta.url)("paho-mqtt");

await init();
for (const time of ["wall", "virtual"]) {
  for (const story of stories) {
    // [MQTT-7.0.0-2]
    test(`Paho, ${time} time: ${story.name}`, { timeout: 300_000 }, async () => {
      const broker = new GlassBroker({ time, seed: 7 });
      try {
        await story.run(paho(Paho, broker));
      } finally {
        broker.close();
      }
    });
  }
}
