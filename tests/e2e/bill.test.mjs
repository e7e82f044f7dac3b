// What the account would be charged, and what its metrics and log would say.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { stories } from "../support/lab.mjs";
import { faults } from "../support/axe.mjs";

const { story } = stories();
const LESSON = "v=1&lesson=remember&t=20s";
const price = (lab, title) => lab.get("bill-line").filter({ hasText: new RegExp(`^${title}`) }).first().innerText();

// [O3] [O4] [aws.metric.names]
story("the bill follows the view, its prices can be changed, and metrics and log are there to read and to save", LESSON, async (lab, page) => {
  await lab.computed();
  await lab.get("bill").locator("summary").first().click();
  await lab.drawn();
  const connects = await price(lab, "CONNECT");
  assert.match(connects, /CONNECT\s+5\s+\$0\.000005/, "five clients came, at a dollar for a million");
  await lab.get("price").nth(1).fill("not a price");
  await lab.get("price").nth(1).blur();
  assert.match(await lab.get("notice").innerText(), /not a price/);
  await lab.get("metrics").locator("summary").click();
  await lab.drawn();
  assert.match(await lab.get("metrics").innerText(), /Connect\.Success\s+5/);
  assert.deepEqual(await faults(page), []);
  const [download] = await Promise.all([page.waitForEvent("download"), lab.get("log.jsonl").click()]);
  const entries = (await readFile(await download.path(), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(entries.filter((entry) => entry.eventType === "Connect").length, 5);
  await lab.scrub(0);
  assert.doesNotMatch(await price(lab, "total"), /0\.0000/, "nothing was done yet");
});
