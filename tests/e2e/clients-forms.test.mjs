// The forms of a client: every option of CONNECT, SUBSCRIBE and PUBLISH with its default explained, saved messages, and publishing
// again and again.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

const ROOM = scenarioHash({
  until: "600s",
  clients: [{ id: "lamp" }, { id: "old", mqtt: "3.1.1" }],
  steps: [
    { at: "0s", client: "lamp", do: "connect" },
    { at: "0s", client: "old", do: "connect" },
  ],
}) + "&t=1s";

/** A field of a card. */
const of = (card) => (test) => card.locator(`[data-test="${test}"]`);

story("a field's help says its default and its clause, by keyboard too", ROOM, async (lab, page) => {
  const field = of(await lab.openForms("lamp"));
  const help = field("about-publish-retain");
  assert.equal(await help.locator("p").isVisible(), false);
  await help.locator("summary").focus();
  await page.keyboard.press("Enter");
  await help.locator("p").waitFor();
  assert.match(await help.locator("p").innerText(), /Default: off.*3\.3\.1\.3/);
});

story("what only MQTT 5.0 has is there for 3.1.1 too, cannot be used, and says why", ROOM, async (lab) => {
  const field = of(await lab.openForms("old"));
  await field("publish-properties").click();
  assert.equal(await field("publish-expiry").isDisabled(), true);
  assert.match(await field("client-open").locator("xpath=ancestor::li").innerText(), /only in MQTT 5\.0; this client speaks 3\.1\.1/);
  assert.equal(await field("publish-qos").isEnabled(), true);
});

story("CONNECT says every option of the form", ROOM, async (lab, page) => {
  await lab.get("add-client").click();
  await lab.get("client-id").fill("full");
  await lab.get("how-it-connects").click();
  for (const [name, value] of Object.entries({
    "session-expiry": "77", "keep-alive": "33", username: "alice", password: "736563726574", "receive-maximum": "5",
    "maximum-packet": "9000", "alias-maximum": "4", "connect-user": "room: 12",
  })) await lab.get(name).fill(value);
  await lab.get("password-form").selectOption("Hex");
  await lab.get("request-response").selectOption("Yes");
  await lab.get("request-problem").selectOption("No");
  await lab.get("clean-start").uncheck();
  await lab.get("will").check();
  for (const [name, value] of Object.entries({
    "will-topic": "full/gone", "will-payload": "bye", "will-delay": "3", "will-expiry": "60", "will-content-type": "text/plain",
    "will-response": "full/answer", "will-correlation": "c1", "will-user": "a: b",
  })) await lab.get(name).fill(value);
  await lab.get("will-format").selectOption("UTF-8 text");
  await lab.get("receive-maximum").fill("0");
  assert.equal(await lab.get("add-client-go").isDisabled(), true);
  assert.match(await page.locator(".add-client").innerText(), /A whole number from 1 to 65535/);
  await lab.get("receive-maximum").fill("5");
  await lab.get("its-network").click();
  await lab.get("reconnect").fill("2s");
  await lab.get("add-client-go").click();
  await lab.get("play").click();
  await lab.clientIs("full", "connected");
  await lab.show("packet");
  await lab.get("event-row", { client: "full", kind: "packet.sent" }).filter({ hasText: "CONNECT" }).first().click();
  const said = await page.locator(".inspector-body").innerText();
  for (const part of ["Session Expiry Interval", "77", "33", "alice", "Receive Maximum", "9000", "Topic Alias Maximum", "room",
    "full/gone", "Will Delay Interval", "text/plain", "full/answer"]) {
    assert.ok(said.includes(part), `${part} in ${said}`);
  }
});

story("one SUBSCRIBE takes several filters, each with its QoS", ROOM, async (lab) => {
  const card = await lab.openForms("lamp");
  const field = of(card);
  await field("subscribe-filter").fill("a/#");
  await field("subscribe-options").click();
  await field("subscribe-more").fill("2 b/+\n$share/g/c\nd/#/e");
  assert.match(await card.innerText(), /Line 3:/);
  assert.equal(await field("subscribe").isDisabled(), true);
  await field("subscribe-more").fill("2 b/+\n$share/g/c");
  await field("subscribe").click();
  await lab.get("play").click();
  for (const filter of ["a/#", "b/+", "$share/g/c"]) {
    await card.locator(`[data-test="subscription"][data-filter="${filter}"]`).waitFor();
  }
  assert.match(await card.locator('[data-filter="b/+"]').innerText(), /QoS 2/);
});

story("a message is saved under a name, is there for another client after a reload, and deleting it has a way back", ROOM, async (lab, page) => {
  let field = of(await lab.openForms("lamp"));
  await field("publish-topic").fill("lamps/1");
  await field("publish-payload").fill("on");
  await field("saved-messages").click();
  await field("saved-name").fill("switch on");
  await page.keyboard.press("Enter");
  await field("saved").waitFor();
  await page.reload();
  await lab.get("play").waitFor();
  field = of(await lab.openForms("old"));
  await field("saved-messages").click();
  await field("saved-use").click();
  assert.equal(await field("publish-payload").inputValue(), "on");
  await field("saved-send").click();
  await lab.get("play").click();
  await lab.get("topic-leaf", { topic: "lamps/1" }).waitFor();
  await field("saved-delete").click();
  await field("saved").waitFor({ state: "detached" });
  await field("saved-undo").click();
  await field("saved").waitFor();
});

story("a client publishes again and again, with places filled, until it is stopped; undone by going back", ROOM, async (lab, page) => {
  const card = await lab.openForms("lamp");
  const field = of(card);
  await field("publish-topic").fill("room/{{n}}");
  await field("publish-payload").fill('{"t":{{wakl 20 0.5}}}');
  assert.equal(await field("publish-wrong").count(), 0);
  await field("places-once").waitFor();
  await field("publish-repeat").check();
  assert.match(await field("publish-wrong").innerText(), /`\{\{wakl\}\}` stands for nothing; did you mean `walk`\?/);
  assert.equal(await field("publish").isDisabled(), true);
  await field("publish-payload").fill('{"t":{{walk 20 0.5}}}');
  await field("publish-every").fill("100ms");
  await field("publish-times").fill("200");
  await field("publish").click();
  await card.locator('[data-test="repeat"]').getByText("(0 of 200)").waitFor();
  await lab.get("play").click();
  await lab.get("topic-leaf", { topic: "room/3" }).waitFor();
  assert.match(await card.locator('[data-test="repeat"]').innerText(), /publishing room\/\{\{n\}\} every 100ms \(\d+ of 200\)/);
  await card.locator('[data-test="repeat-stop"]').click();
  await card.locator('[data-test="repeat"]').waitFor({ state: "detached" });
  await lab.pause();
  await lab.show("input");
  await lab.get("event-row").filter({ hasText: "stop" }).first().waitFor();
  // What goes on travels with the run.
  await lab.get("share").click();
  const { hash } = await page.evaluate(() => ({ hash: location.hash }));
  assert.match(hash, /run=/);
});
