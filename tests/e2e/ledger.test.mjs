// The delivery ledger: each message with what became of it, at the moment that is looked at.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

// In the lesson a reading leaves at 6 s and is stored, since the dashboard is away until 20 s; its link takes 80 ms each way.
story("a message is stored, delivered and acknowledged as time passes, and none of it is so before", "v=1&lesson=replay&t=5.9s&view=ledger", async (lab) => {
  await lab.computed();
  const count = async () => Number(await lab.get("ledger-count").textContent());
  assert.equal(await count(), 0);
  const first = lab.get("ledger-row", { message: "sensor/1" });
  const at = (seconds) => lab.scrub(seconds / 60);
  const fate = async () => `${await first.getAttribute("data-client")} ${await first.getAttribute("data-fate")}`;

  await at(6.3);
  await lab.get("ledger").press("Home");
  await lab.drawn();
  assert.equal(await fate(), "dashboard waiting");
  assert.match(await first.innerText(), /at least once.*stored/s);
  // The handshake takes 240 ms, and the first stored message leaves with CONNACK.
  await at(20.36);
  assert.equal(await fate(), "dashboard delivered");
  await at(20.5);
  assert.equal(await fate(), "dashboard acknowledged");
  await lab.toEnd();
  assert.equal(await count(), 230);
  await lab.get("ledger-text").fill("SENSOR/1");
  await lab.drawn();
  // sensor/1, 10 to 19 and 100 to 199.
  assert.equal(await count(), 111);
  await lab.get("ledger-text").fill("");
  await lab.get("ledger-fate").selectOption("open");
  await lab.drawn();
  assert.equal(await count(), 0);
  await at(10);
  assert.ok((await count()) > 50, "what is stored is open");
  await lab.get("ledger-fate").selectOption("all");
  await lab.drawn();
  assert.equal(await fate(), "dashboard waiting");
  await at(3);
  assert.equal(await count(), 0);
});

const EXPIRES = scenarioHash({
  until: "10s",
  clients: [
    { id: "away", mqtt: "5", connect: { clean_start: false, session_expiry_s: 600 } },
    { id: "source", mqtt: "5" },
  ],
  steps: [
    { at: "0s", client: "away", do: "connect" },
    { at: "0s", client: "source", do: "connect" },
    { at: "1s", client: "away", do: "subscribe", filters: [{ filter: "a", qos: 1 }] },
    { at: "2s", client: "away", do: "disconnect" },
    { at: "5s", client: "source", do: "publish", topic: "a", qos: 1, payload: "x", expiry_s: 2 },
    { at: "6s", client: "source", do: "publish", topic: "b", qos: 1, payload: "x" },
  ],
});

story("what was not kept is found, and choosing it chooses its event", EXPIRES, async (lab) => {
  await lab.computed();
  await lab.toEnd();
  await lab.get("list-ledger").click();
  await lab.get("ledger-fate").selectOption("broken");
  await lab.drawn();
  const row = lab.get("ledger-row");
  assert.equal(await row.count(), 1);
  assert.equal(await row.getAttribute("data-message"), "source/1");
  assert.match(await row.innerText(), /expired · 0:07\.0/);
  await lab.get("ledger").press("Home");
  await lab.drawn();
  assert.equal(await row.getAttribute("aria-selected"), "true");
  assert.match(await lab.get("inspector").innerText(), /MQTT-3\.3\.2-5/);
  await lab.get("ledger-fate").selectOption("all");
  await lab.drawn();
  assert.match(await lab.get("ledger-row", { message: "source/2" }).innerText(), /no subscription matches/);
});

story("the ledger is sorted by its heads, narrowed by filter and client, and saved", "v=1&lesson=replay&t=10s&view=ledger", async (lab, page) => {
  await lab.computed();
  await lab.toEnd();
  const count = async () => Number(await lab.get("ledger-count").textContent());
  const all = await count();
  await lab.get("sort-delay").click();
  await lab.get("sort-delay").click();
  await lab.get("ledger").press("Home");
  await lab.drawn();
  await page.locator('[role="columnheader"][aria-sort="descending"]', { hasText: "Delay" }).waitFor();
  assert.equal(await page.locator('[role="columnheader"][aria-sort="none"]').count(), 5);
  // 200 are stored at twenty a second and leave at ten a second: the last of them waits longest.
  assert.equal(await lab.get("ledger-row").first().getAttribute("data-message"), "sensor/200");
  await lab.get("ledger-filter").fill("nothing/of/this");
  await lab.drawn();
  assert.equal(await count(), 0);
  await lab.get("ledger-filter").fill("a/#/b");
  await lab.drawn();
  assert.ok(await lab.get("ledger-wrong").isVisible());
  await lab.get("ledger-filter").fill("#");
  await lab.get("ledger-client").selectOption("dashboard");
  await lab.drawn();
  assert.equal(await count(), all);
  const [download] = await Promise.all([page.waitForEvent("download"), lab.get("ledger-csv").click()]);
  assert.equal(download.suggestedFilename(), "ledger.csv");
  const rows = (await readFile(await download.path(), "utf8")).split("\r\n");
  assert.equal(rows.length, all + 2);
  assert.match(rows[1], /^sensor\/200,sensor,/);
});

story("on a phone the ledger is a tab, and each line says for whom", "v=1&lesson=replay&t=10s", async (lab) => {
  await lab.computed();
  await lab.tab("ledger");
  await lab.drawn();
  assert.match(await lab.get("ledger-row", { client: "dashboard" }).last().innerText(), /dashboard\s.*stored/s);
}, PHONE);
