// The inspector: bytes and fields light each other, and what a packet changed in the broker is told, before and after.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { LAMP_AND_APP, PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
const SCENE = `${scenarioHash({
  ...LAMP_AND_APP,
  steps: [
    ...LAMP_AND_APP.steps,
    { at: "4s", client: "lamp", do: "disconnect" },
    { at: "5s", client: "app", do: "publish", topic: "cfg/lamp", payload: "off", qos: 1, retain: true },
  ],
  until: "10s",
})}&t=9s`;

/** Chooses the first packet event of this kind and client whose row has this word, wherever it is in the list. */
async function choose(lab, kind, client, word) {
  await lab.show("packet");
  const row = lab.get("event-row", { kind, client }).filter({ hasText: new RegExp(`\\b${word}\\b`) });
  const list = lab.get("events");
  const height = await list.evaluate((element) => element.scrollHeight);
  for (let top = 0; top < height && (await row.count()) === 0; top += 150) {
    await list.evaluate((element, top) => element.scrollTo(0, top), top);
    await lab.drawn();
  }
  await row.first().click();
  await lab.drawn();
}

/** The differences as `+ words`, once they are there. */
async function changed(lab) {
  const lines = lab.get("changed").locator('[data-test="difference"], [data-test="no-difference"]');
  await lines.first().waitFor();
  return lines.evaluateAll((found) => found.map((one) => `${one.dataset.sign ?? ""} ${one.lastElementChild?.lastChild.textContent ?? one.textContent}`.trim()));
}

story("a packet's change of the broker's state is told with signs and words, as it arrived", SCENE, async (lab) => {
  await lab.computed();
  await choose(lab, "packet.sent", "lamp", "CONNECT");
  assert.deepEqual(await changed(lab), ["+ Session of lamp begins", "+ Will of lamp at lamp/gone"]);
  await choose(lab, "packet.sent", "lamp", "SUBSCRIBE");
  assert.deepEqual(await changed(lab), ["+ Subscription of lamp to cfg/#: QoS 1"]);
  await choose(lab, "packet.sent", "app", "dim");
  assert.deepEqual(await changed(lab), ["+ Retained at cfg/lamp: dim (QoS 1)", "+ In flight to lamp, identifier 1: QoS 1, cfg/lamp"]);
  const sent = await lab.get("inspector").getAttribute("data-seq");
  await lab.get("changed-step").click();
  await lab.drawn();
  assert.notEqual(await lab.get("inspector").getAttribute("data-seq"), sent);
  assert.match(await lab.get("inspector").innerText(), /packet\.received/);
  await choose(lab, "packet.sent", "lamp", "PUBACK");
  assert.deepEqual(await changed(lab), ["− In flight to lamp, identifier 1: QoS 1, cfg/lamp"]);
  await choose(lab, "packet.sent", "lamp", "DISCONNECT");
  assert.deepEqual(await changed(lab), ["~ Session of lamp: its client is away, it ends at 10:04.020", "− Will of lamp at lamp/gone"]);
  await choose(lab, "packet.sent", "app", "off");
  assert.deepEqual(await changed(lab), ["~ Retained at cfg/lamp: dim (QoS 1) → off (QoS 1)", "~ Queue of lamp: 0 → 1"]);
  await choose(lab, "packet.received", "app", "CONNACK");
  assert.match((await changed(lab)).join(), /Session of app begins/, "the answer is sent in the step that changed it");
});

story("bytes and fields light each other by pointer, focus and keys", SCENE, async (lab, page) => {
  await lab.computed();
  await choose(lab, "packet.sent", "app", "dim");
  const [hex, lit] = [lab.get("hex"), lab.get("lit-field")];
  const bytes = () => hex.locator(".byte.lit").allInnerTexts();
  const row = (name) => lab.get("field", { field: name });
  const isLit = async (name) => (await row(name).getAttribute("class"))?.includes("lit") ?? false;
  assert.deepEqual(await bytes(), []);
  // From the bytes: 33 is the fixed header, then the length, then the topic's.
  await hex.locator(".byte").nth(5).hover();
  await lab.drawn();
  assert.ok(await isLit("Topic Name"));
  assert.match(await lit.innerText(), /^Bytes 4–11 Topic Name cfg\/lamp/);
  // From the field, by the keyboard's focus.
  await page.mouse.move(0, 0);
  await row("Packet Identifier").focus();
  await lab.drawn();
  assert.deepEqual(await bytes(), ["00", "01"]);
  assert.match(await row("Packet Identifier").locator("a").getAttribute("title"), /3\.3\.2\.2/);
  // From field to field among the bytes.
  await hex.focus();
  await page.keyboard.press("Home");
  await lab.drawn();
  assert.deepEqual(await bytes(), ["33"]);
  assert.match(await lit.innerText(), /DUP 0, QoS 1, RETAIN 1/);
  await page.keyboard.press("ArrowRight");
  await lab.drawn();
  assert.match(await lit.innerText(), /^Byte 1 Remaining Length/);
  await page.keyboard.press("Escape");
  await lab.drawn();
  assert.deepEqual(await bytes(), []);
  await lab.get("inspector").waitFor();
  assert.deepEqual(await faults(page), []);
});

story("on a phone a byte that was touched stays lit", SCENE, async (lab, page) => {
  await lab.computed();
  await lab.tab("events");
  await choose(lab, "packet.sent", "app", "dim");
  await lab.tab("inspector");
  assert.ok((await changed(lab)).length > 0);
  await lab.get("hex").locator(".byte").nth(5).tap();
  await lab.drawn();
  assert.equal(await lab.get("hex").locator(".byte.lit").count(), 8);
  assert.match(await lab.get("field", { field: "Topic Name" }).getAttribute("class"), /lit/);
  assert.deepEqual(await faults(page), []);
}, { ...PHONE, colorScheme: "dark" });
