// The keyboard's way through what is opened: dialogs give it back, Escape closes one thing at a time, titles are shown to it too.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

const HASH = `${scenarioHash({
  until: "60s",
  clients: [{ id: "lamp" }, { id: "app" }],
  steps: [
    { at: "0s", client: "lamp", do: "connect" },
    { at: "0s", client: "app", do: "connect" },
    { at: "1s", client: "app", do: "subscribe", filters: [{ filter: "lamps/1", qos: 1 }] },
    { at: "2s", client: "app", do: "cut" },
    { at: "3s", client: "lamp", do: "publish", topic: "lamps/1", qos: 1, payload: "missed" },
  ],
})}&t=10s`;

const focused = (page, test) => page.waitForFunction((test) => document.activeElement?.dataset.test === test, test);

story("each dialog gives the keyboard back to what opened it", HASH, async (lab, page) => {
  await lab.computed();
  const openers = {
    "open-help": "help",
    "open-palette": "palette",
    "open-time": "time-dialog",
    "open-branches": "branches-dialog",
    "open-rules": "rules",
    faults: "faults-dialog",
    "own-open": "own",
    http: "operation",
    "edit-access": "access",
  };
  for (const [opener, dialog] of Object.entries(openers)) {
    await lab.get(opener).locator("visible=true").first().focus();
    await page.keyboard.press("Enter");
    await lab.get(dialog).waitFor();
    await page.waitForFunction((dialog) => document.activeElement?.closest(`[data-test="${dialog}"]`), dialog);
    await page.keyboard.press("Escape");
    await lab.get(dialog).waitFor({ state: "detached" });
    await focused(page, opener);
  }
});

story("Escape closes what is on top, and what is below stays", HASH, async (lab, page) => {
  await lab.computed();
  await lab.get("event-row").last().click();
  await lab.get("inspector").waitFor();
  await lab.press("g");
  await lab.get("time-dialog").waitFor();
  await page.keyboard.press("Control+k");
  await lab.get("palette").waitFor();
  await page.keyboard.press("Escape");
  await lab.get("palette").waitFor({ state: "detached" });
  assert.equal(await lab.get("time-dialog").count(), 1);
  await page.keyboard.press("Escape");
  await lab.get("time-dialog").waitFor({ state: "detached" });
  assert.equal(await lab.get("inspector").count(), 1);
  await page.keyboard.press("Escape");
  await lab.get("inspector").waitFor({ state: "detached" });
});

story("a line of the ledger is asked why by a key that the help names", `${HASH}&view=ledger`, async (lab, page) => {
  await lab.computed();
  await lab.get("ledger-row", { client: "app" }).click();
  await lab.get("ledger-row", { client: "app" }).and(page.locator('[aria-selected="true"]')).waitFor();
  await lab.get("ledger").focus();
  await page.keyboard.press("q");
  await lab.get("why").filter({ hasText: "lamps/1" }).waitFor();
  await lab.press("?");
  const keys = await lab.get("help").locator(".keys > div", { hasText: "Why did this client get nothing?" }).innerText();
  assert.match(keys, /^Q/);
});

story("a real client's card asks why, too", HASH, async (lab, page) => {
  await lab.computed();
  await page.evaluate(async () => {
    const { default: mqtt } = await import("./mqtt.js");
    globalThis.real = mqtt.connect("ws://glass/mqtt", { createWebsocket: glassbroker.socket, timerVariant: "native", clientId: "real" });
  });
  await lab.get("play").click();
  const card = lab.client("real");
  await card.getByText("live", { exact: true }).waitFor();
  await card.locator('[data-test="client-why"]').click();
  await lab.get("why").waitFor();
  assert.equal(await lab.get("why").locator("select").first().inputValue(), "real");
});

story("titles are shown to the keyboard, and to nobody in teacher mode", HASH, async (lab, page) => {
  await lab.computed();
  const tip = page.locator(".tooltip.tip");
  await lab.get("start").focus();
  await page.keyboard.press("Tab");
  await tip.waitFor();
  assert.equal(await tip.innerText(), await page.evaluate(() => document.activeElement.title));
  await page.keyboard.press("Escape");
  await tip.waitFor({ state: "detached" });
  await lab.press("t");
  await lab.get("teacher-leave").hover();
  await page.waitForFunction(() => !document.querySelector('[data-test="teacher-leave"]').title);
  await lab.get("teacher-next").hover();
  await page.waitForFunction(() => document.querySelector('[data-test="teacher-leave"]').title);
});

story("what is wrong in a field is its description", HASH, async (lab, page) => {
  await lab.computed();
  const card = await lab.openForms("lamp");
  const topic = card.locator('[data-test="publish-topic"]');
  await topic.fill("a/#");
  await card.locator('[data-test="publish-topic"][aria-invalid="true"]').waitFor();
  const said = await topic.evaluate((field) => [field.ariaLabel, field.ariaDescription, field.closest("label").querySelector(".error").textContent]);
  assert.deepEqual(said[1], said[2]);
  assert.equal(said[0], "Topic");
  await topic.fill("a");
  await card.locator('[data-test="publish-topic"][aria-invalid="false"]').waitFor();
  assert.equal(await topic.getAttribute("aria-label"), null);
});
