// Why did this client get nothing? The walk from what was published to the rule that stopped it.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { SMALL_PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

const RUN = scenarioHash({
  until: "10s",
  clients: [
    { id: "lamp", mqtt: "5" },
    { id: "away", mqtt: "5", connect: { clean_start: false, session_expiry_s: 600 } },
    { id: "sensor", mqtt: "5" },
  ],
  steps: [
    { at: "0s", client: "lamp", do: "connect" },
    { at: "0s", client: "away", do: "connect" },
    { at: "0s", client: "sensor", do: "connect" },
    { at: "1s", client: "lamp", do: "subscribe", filters: [{ filter: "Room/+", qos: 1 }] },
    { at: "1s", client: "away", do: "subscribe", filters: [{ filter: "room/+", qos: 1 }] },
    { at: "2s", client: "away", do: "disconnect" },
    { at: "3s", client: "sensor", do: "publish", topic: "room/temp", qos: 0, payload: "21" },
    { at: "4s", client: "lamp", do: "subscribe", filters: [{ filter: "room/temp", qos: 0 }] },
    { at: "5s", client: "sensor", do: "publish", topic: "room/temp", qos: 0, payload: "22" },
  ],
});

const said = async (lab) => (await lab.get("why-answer").innerText()).replace(/\s+/g, " ");
const marked = (lab) => lab.get("why-answer").getAttribute("data-mark");

story("a line of the ledger that did not arrive leads to the rule that stopped it", RUN, async (lab) => {
  await lab.computed();
  await lab.toEnd();
  await lab.get("list-ledger").click();
  await lab.drawn();
  await lab.get("ledger-row", { client: "away" }).first().locator("[data-test=row-why]").click();
  await lab.drawn();
  assert.equal(await marked(lab), "stopped");
  assert.match(await said(lab), /QoS 0 is not stored for a client that is away/);
  assert.match(await lab.get("why").innerText(), /away was away, its session was kept/);
  // Its event is chosen, and the rule opens.
  await lab.get("why-answer").locator("[data-test=why-event]").click();
  await lab.drawn();
  assert.match(await lab.get("inspector").innerText(), /message\.dropped/);
  await lab.get("why-answer").locator("[data-test=why-rule]").click();
  await lab.page.getByRole("dialog").waitFor();
  await lab.page.keyboard.press("Escape");
  await lab.get("why-back").click();
  await lab.drawn();
  assert.ok((await lab.get("ledger-row").count()) > 0);
});

story("of a client and a topic the nearest filter is told, and the answer follows the view", RUN, async (lab, page) => {
  await lab.computed();
  await lab.pause();
  await lab.scrub(0.35);
  await lab.get("list-ledger").click();
  await lab.get("why-open").click();
  await lab.get("why-client").selectOption("lamp");
  await lab.get("why-topic").fill("room/temp");
  await lab.drawn();
  assert.equal(await marked(lab), "stopped");
  assert.match(await said(lab), /nearest: Room\/\+ parts at level 1.*both cases are different/);
  await lab.scrub(0.45);
  assert.match(await said(lab), /not retained/);
  await lab.toEnd();
  assert.equal(await marked(lab), "stopped", "the first message still did not come");
  await lab.get("why-topic").fill("room/#/no");
  await lab.drawn();
  assert.match(await lab.get("why").innerText(), /#/);
  assert.equal(await lab.get("why-answer").count(), 0);
  await lab.get("why-topic").fill("");
  await lab.drawn();
  assert.deepEqual(await faults(page), []);
});

story("a client's card and the inspector ask it too", RUN, async (lab) => {
  await lab.computed();
  await lab.toEnd();
  await lab.get("client", { client: "away" }).locator("[data-test=client-open]").click();
  await lab.get("client-why").click();
  await lab.drawn();
  assert.equal(await lab.get("why-client").inputValue(), "away");
  assert.equal(await marked(lab), "stopped");
  await lab.get("why-answer").locator("[data-test=why-event]").click();
  await lab.get("inspector-why").click();
  await lab.drawn();
  assert.equal(await lab.get("why-client").inputValue(), "away");
  assert.match(await lab.get("why-message").innerText(), /sensor\/2/);
  await lab.get("why-any").click();
  await lab.drawn();
  assert.equal(await lab.get("why-any").count(), 0);
});

story("on a phone it is asked by touch and fits", RUN, async (lab, page) => {
  await lab.computed();
  await lab.toEnd();
  await lab.tab("ledger");
  await lab.get("why-open").tap();
  await lab.get("why-client").selectOption("lamp");
  await lab.drawn();
  assert.ok(await lab.get("why-answer").isVisible());
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
}, SMALL_PHONE);
