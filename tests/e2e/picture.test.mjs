// Pictures of the timeline beside those of tests/e2e/pictures, so that a change of looks is noticed. Only its shapes: the letters are
// left out, since each machine has fonts of its own. A change that is meant is looked at, and renewed with
// `GLASSBROKER_PICTURES=renew node --test tests/e2e/picture.test.mjs` on the built site.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { stories } from "../support/lab.mjs";

const { story } = stories();
const KEPT = new URL("pictures/", import.meta.url);
const SEEN = new URL("../../target/pictures/", import.meta.url);
// The part that every machine lays out alike, in pixels.
const [WIDTH, HEIGHT] = [720, 330];
// A pixel differs where a part of its colour does by more than this, of 255; smooth edges may, from one browser to the next.
const NEAR = 48;
const FEW = 0.004 * WIDTH * HEIGHT;

/** The top left part of the timeline as a PNG file, in base64. */
function taken(page) {
  return page.evaluate(
    async ([width, height]) => {
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext("2d").drawImage(document.querySelector("[data-test=timeline] canvas"), 0, 0);
      const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
      return btoa(String.fromCharCode(...bytes));
    },
    [WIDTH, HEIGHT],
  );
}

/** How many pixels of two PNG files differ. */
function difference(page, one, other) {
  return page.evaluate(
    async ([files, near]) => {
      const [a, b] = await Promise.all(
        files.map(async (file) => {
          const image = await createImageBitmap(new Blob([Uint8Array.from(atob(file), (byte) => byte.charCodeAt(0))]));
          const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
          context.drawImage(image, 0, 0);
          return context.getImageData(0, 0, image.width, image.height).data;
        }),
      );
      let pixels = a.length === b.length ? 0 : Infinity;
      for (let i = 0; i < a.length; i += 4) {
        if ([0, 1, 2].some((part) => Math.abs(a[i + part] - b[i + part]) > near)) pixels += 1;
      }
      return pixels;
    },
    [[one, other], NEAR],
  );
}

for (const colorScheme of ["light", "dark"]) {
  story(`the timeline of the lesson on replay, ${colorScheme}`, "v=1&lesson=replay&t=24s", async (lab, page) => {
    await lab.computed();
    await page.addInitScript(() => {
      CanvasRenderingContext2D.prototype.fillText = () => {};
    });
    await page.reload();
    await lab.get("play").waitFor();
    await page.waitForFunction(() => document.querySelector("[data-test=clock]")?.dataset.us === "24000000");
    await lab.computed();
    const name = `replay-${colorScheme}.png`;
    const picture = await taken(page);
    if (process.env.GLASSBROKER_PICTURES === "renew") {
      await mkdir(KEPT, { recursive: true });
      await writeFile(new URL(name, KEPT), picture, "base64");
      return;
    }
    const differs = await difference(page, picture, await readFile(new URL(name, KEPT), "base64"));
    if (differs <= FEW) return;
    await mkdir(SEEN, { recursive: true });
    await writeFile(new URL(name, SEEN), picture, "base64");
    assert.fail(`${differs} pixels differ, ${FEW} may: see ${fileURLToPath(new URL(name, SEEN))}`);
  }, { colorScheme });
}
