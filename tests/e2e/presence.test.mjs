// Who is there: the client's view and the broker's, and clients without a name.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
const LAMP = scenarioHash({ until: "60s", clients: [{ id: "lamp" }], steps: [{ at: "0s", client: "lamp", do: "connect" }] });

story("after a cut the client is offline while the broker knows nothing of it, and both are told", `${LAMP}&t=2s`, async (lab) => {
  await lab.computed();
  await lab.clientIs("lamp", "connected");
  assert.equal(await lab.inked("--gb-lost"), null);
  const cut = lab.client("lamp").locator('[data-test="cut"]');
  await cut.click();
  await lab.clientIs("lamp", "client: offline, broker: connected");
  await lab.press(" ");
  await lab.page.waitForFunction(() => Number(document.querySelector("[data-test=clock]").dataset.us) > 2_500_000);
  assert.ok(await lab.inked("--gb-lost"), "the cut is drawn");
  await cut.click();
  assert.match(await lab.get("notice").textContent(), /The network of lamp works again\..* press Connect/);
  await lab.client("lamp").locator('[data-test="connect"]').click();
  await lab.clientIs("lamp", "connected");
});

story("a client may leave its identifier empty: in 5.0 it is given one", "v=1&lesson=empty", async (lab, page) => {
  await lab.get("add-client").click();
  await page.getByText("How it connects", { exact: true }).click();
  await lab.get("nameless").check();
  await lab.get("add-client-go").click();
  await lab.clientIs("client-1", "connected");
  await lab.show("packet");
  const connack = lab.get("event-row", { kind: "packet.received" }).filter({ hasText: "CONNACK" });
  await connack.click();
  await lab.get("field", { field: "Assigned Client Identifier" }).waitFor();
});

story("and in 3.1.1 it is refused without a clean session", "v=1&lesson=empty", async (lab, page) => {
  await lab.get("add-client").click();
  await lab.get("client-version").selectOption("MQTT 3.1.1");
  await page.getByText("How it connects", { exact: true }).click();
  await lab.get("nameless").check();
  await lab.get("clean-start").uncheck();
  await lab.get("add-client-go").click();
  await lab.show("packet");
  await lab.get("event-row", { kind: "packet.received" }).filter({ hasText: "CONNACK Connection refused, identifier rejected" }).waitFor();
});

story("a Will is not called wrong before its topic is typed", "v=1&lesson=empty", async (lab, page) => {
  await lab.get("add-client").click();
  await page.getByText("How it connects", { exact: true }).click();
  await lab.get("will").check();
  await lab.get("will-topic").waitFor();
  assert.equal(await lab.get("will-topic").getAttribute("aria-invalid"), "false");
  assert.equal(await lab.get("add-client-go").isEnabled(), false);
  await lab.get("will-topic").fill("lamps/#");
  await lab.drawn();
  assert.equal(await lab.get("will-topic").getAttribute("aria-invalid"), "true");
});

story("the topic tree shows what a Will says", "v=1&lesson=will&t=45s", async (lab) => {
  await lab.computed();
  const leaf = lab.get("topic-leaf", { topic: "devices/cut-off/state" });
  assert.match(await leaf.textContent(), /cut-off is gone/);
});
