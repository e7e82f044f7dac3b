// Real MQTT clients from npm, unmodified, in headless Chromium: on the headless module, and on the broker of the lab's page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { open, start } from "../support/browser.mjs";
import { bundle } from "../support/bundle.mjs";
import { openLab, scenarioHash } from "../support/lab.mjs";
import { stories } from "../clients/stories.mjs";

// What runs in the page. aws-crt takes the global WebSocket when it is loaded: it is a bundle of its own, loaded late.
const CLIENTS = `
  import mqtt from "mqtt";
  import Paho from "paho-mqtt";
  import { mqttjs } from "./clients/mqttjs.mjs";
  import { paho } from "./clients/paho.mjs";
  import { awscrt3, awscrt5, standIn } from "./clients/awscrt.mjs";
  import { stories } from "./clients/stories.mjs";

  let crt;
  const worlds = {
    "MQTT.js 3.1.1": (broker) => mqttjs(mqtt, broker, 4),
    "MQTT.js 5": (broker) => mqttjs(mqtt, broker, 5),
    "Paho": (broker) => paho(Paho, broker),
    "aws-crt 3.1.1": (broker) => awscrt3(crt, broker),
    "aws-crt 5": (broker) => awscrt5(crt, broker),
  };

  /** Runs the story of this name on a broker of the headless module. */
  export async function headless(library, name, time) {
    const { default: init, GlassBroker } = await import(new URL("./headless/glassbroker.js", location.href).href);
    await init();
    // In a browser aws-crt decodes what comes within one turn of its stream into one buffer, so that messages of a burst all have
    // the payload of the last. AWS IoT Core, for which it is made, sends what was stored at this pace.
    const set = library.startsWith("aws") ? { "session.replay_per_s": 10 } : undefined;
    const broker = new GlassBroker({ time, set, seed: 7 });
    try {
      await tell(library, name, broker);
    } finally {
      broker.close();
    }
  }

  /** Runs it on the broker of the lab that this page is. */
  export async function inLab(library, name) {
    const { socket, WebSocket, clock } = glassbroker;
    const advance = (ms) => new Promise((done) => setTimeout(done, ms));
    await tell(library, name, { socket, WebSocket, clock, advance, get now() { return glassbroker.now; } });
  }

  async function tell(library, name, broker) {
    const native = globalThis.WebSocket;
    if (library.startsWith("aws") && !crt) {
      standIn();
      crt = await import(new URL("./test-aws.js", location.href).href);
    }
    try {
      await stories.find((story) => story.name === name).run(worlds[library](broker));
    } finally {
      if (library === "Paho") globalThis.WebSocket = native;
    }
  }
`;
const AWS = `export { io, mqtt, mqtt5 } from "aws-crt";`;
const LIBRARIES = ["MQTT.js 3.1.1", "MQTT.js 5", "Paho", "aws-crt 3.1.1", "aws-crt 5"];

let site;
let scripts;
before(async () => {
  const [clients, aws] = await Promise.all([bundle(CLIENTS), bundle(AWS)]);
  scripts = { "test-clients.js": clients, "test-aws.js": aws, "test.html": "<!doctype html><title>Clients</title>" };
  site = await start();
});
after(() => site?.close());

/** Has the scripts served beside the site's own files. */
async function serve(context) {
  for (const [name, body] of Object.entries(scripts)) {
    const contentType = name.endsWith(".js") ? "text/javascript" : "text/html";
    await context.route(`${site.url}${name}`, (route) => route.fulfill({ body, contentType }));
  }
}

/** Runs a function of the scripts in the page; what a story throws fails the test. */
function call(page, name, ...given) {
  return page.evaluate(
    async ([name, given]) => {
      const clients = await import(new URL("./test-clients.js", location.href).href);
      await clients[name](...given);
    },
    [name, given],
  );
}

// Side by side, since the clients mostly wait for their own timers; the stories of one page follow each other.
describe("the headless module", { concurrency: 5 }, () => {
  for (const library of LIBRARIES) {
    for (const time of ["wall", "virtual"]) {
      describe(`with ${library}, in ${time} time`, { concurrency: 1 }, () => {
        let opened;
        before(async () => {
          opened = await open(site.browser);
          await serve(opened.context);
          await opened.page.goto(`${site.url}test.html`);
        });
        after(() => opened?.context.close());
        for (const { name } of stories) {
          test(name, { timeout: 120_000 }, async () => {
            await call(opened.page, "headless", library, name, time);
            assert.deepEqual(opened.errors, []);
          });
        }
      });
    }
  }
});

describe("the broker of the lab", () => {
  test("takes what the README and the page say to paste into the console", { timeout: 60_000 }, async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const [, snippet] = readme.match(/### A real client in the page[^]*?```js\n([^]*?)\n```/);
    const { page, context, lab } = await openLab(site, scenarioHash({ title: "A quiet room", until: "60s" }));
    try {
      assert.equal(await page.locator(".snippet").textContent(), snippet);
      const said = new Promise((resolve) => page.on("console", (message) => resolve(message.text())));
      // As in the console: the Content-Security-Policy does not hold for what developers type there.
      await page.evaluate(`(async () => { ${snippet} })()`);
      await lab.get("event-row", { kind: "subscription.added" }).waitFor();
      await lab.addClient("writer");
      await lab.publish("writer", "factory/1/temperature", "21");
      assert.equal(await said, "factory/1/temperature 21");
      lab.clean();
    } finally {
      await context.close();
    }
  });

  for (const library of LIBRARIES) {
    test(`serves ${library}, and shows it`, { timeout: 60_000 }, async () => {
      const { page, context, lab } = await openLab(site, "v=1&lesson=hello&t=1s");
      try {
        await serve(context);
        await call(page, "inLab", library, stories[0].name);
        await lab.get("topic-leaf", { topic: "level/1/from/1" }).waitFor();
        await lab.show("packet");
        await lab.get("event-client").selectOption("publisher");
        await lab.get("event-row", { client: "publisher" }).filter({ hasText: "PUBLISH level/" }).first().waitFor();
        lab.clean();
      } finally {
        await context.close();
      }
    });
  }
});
