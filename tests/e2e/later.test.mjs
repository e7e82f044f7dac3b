// The views that a reader does not need at first are a second module: an embedded lesson asks for it when one of them is opened, a page
// of its own as soon as it is drawn; where it does not come, that is said, and it can be asked for again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, start } from "../support/browser.mjs";
import { stories } from "../support/lab.mjs";

const SECOND = /\/later-[0-9a-f]+\.wasm$/;
const HOST = '<!doctype html><title>A documentation page</title><iframe src="./#v=1&lesson=hello" width="640" height="720"></iframe>';
const { story } = stories();

let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** The lesson in a frame of another page. */
async function embed(run) {
  const { context, page, errors } = await open(site.browser);
  const asked = [];
  page.on("request", (request) => SECOND.test(request.url()) && asked.push(request.url()));
  try {
    await page.route("**/host.html", (route) => route.fulfill({ contentType: "text/html", body: HOST }));
    await page.goto(`${site.url}host.html`);
    const frame = page.frameLocator("iframe");
    await run({ page, asked, errors, get: (test) => frame.locator(`[data-test="${test}"]`), frame });
  } finally {
    await context.close();
  }
}

test("an embedded lesson runs without the second module until a panel of it is opened", { timeout: 60_000 }, () =>
  embed(async ({ asked, errors, get, frame }) => {
    // Longer than a page of its own waits.
    await get("clock").and(frame.locator('[data-us]:not([data-us="0"])')).waitFor();
    await frame.getByText("0:01.").first().waitFor();
    await frame.locator("main[data-whole=false]").waitFor();
    assert.deepEqual(asked, []);
    await get("tab-clients").click();
    await frame.locator('[data-test=client][data-client="machine"]').waitFor();
    assert.equal(asked.length, 1);
    await get("tab-topics").click();
    await get("topic-filter").waitFor();
    assert.equal(asked.length, 1);
    assert.deepEqual(errors, []);
  }),
);

test("an embedded lesson asks for the second module with the first event that is chosen", { timeout: 60_000 }, () =>
  embed(async ({ asked, errors, get, frame }) => {
    await get("tab-more").click();
    await get("tab-events").click();
    await get("event-row").first().click();
    await get("tab-inspector").click();
    await frame.locator("[data-test=inspector][data-seq]").waitFor();
    assert.equal(asked.length, 1);
    assert.deepEqual(errors, []);
  }),
);

test("a second module that did not come can be asked for again", { timeout: 60_000 }, () =>
  embed(async ({ page, asked, get, frame }) => {
    await page.route(SECOND, (route) => route.abort());
    await get("play").waitFor();
    await get("play").press("?");
    await get("later-dialog").waitFor();
    await get("later-again").waitFor();
    // The dialog is closed as any other, and the lesson goes on.
    await get("later-dialog").press("Escape");
    await get("later-dialog").waitFor({ state: "detached" });
    await get("tab-clients").click();
    await get("later-again").click();
    await get("later-again").waitFor();
    assert.equal(asked.length, 2);
    await page.unroute(SECOND);
    await get("later-again").click();
    await frame.locator('[data-test=client][data-client="machine"]').waitFor();
    await get("play").press("?");
    await get("help").waitFor();
  }),
);

story("a page of its own asks for the second module by itself, once", "v=1&lesson=hello", async (lab, page) => {
  const names = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
  assert.equal(names.filter((name) => SECOND.test(name)).length, 1);
  await lab.press("?");
  await lab.get("help").waitFor();
});
