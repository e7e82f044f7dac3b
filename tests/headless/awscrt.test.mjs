// Both clients of aws-crt, as bundled for browsers, against the headless module in Node, in wall and in virtual time. Needs dist/headless.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { awscrt3, awscrt5, standIn } from "../clients/awscrt.mjs";
import { stories } from "../clients/stories.mjs";
import { bundle } from "../support/bundle.mjs";
import init, { GlassBroker } from "../../dist/headless/glassbroker.js";

// What it takes for granted of a browser.
globalThis.navigator ??= { userAgent: "" };
globalThis.window ??= globalThis;
standIn();
const folder = await mkdtemp(join(tmpdir(), "glassbroker-"));
after(() => rm(folder, { recursive: true }));
const file = join(folder, "aws-crt.mjs");
await writeFile(file, await bundle('export { mqtt, mqtt5, io } from "aws-crt";'));
const crt = await import(pathToFileURL(file));

await init();
for (const time of ["wall", "virtual"]) {
  for (const [version, world] of Object.entries({ "3.1.1": awscrt3, 5: awscrt5 })) {
    for (const story of stories) {
      test(`aws-crt, version ${version}, ${time} time: ${story.name}`, { timeout: 300_000 }, async () => {
        const broker = new GlassBroker({ time, seed: 7 });
        try {
          await story.run(world(crt, broker));
        } finally {
          broker.close();
        }
      });
    }
  }
}
