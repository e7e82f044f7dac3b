// Many clients: from a pattern, as clones, in a list that stays quick, and each with its own view of what it sent and received.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

const EMPTY = scenarioHash({ until: "600s", clients: [{ id: "lamp", connect: { session_expiry_s: 600 } }] });

story("a hundred clients come from one pattern, one after another, each with its own topic", EMPTY, async (lab) => {
  await lab.get("add-client").click();
  await lab.get("client-id").fill("sensor-{1..100000}");
  await lab.page.getByText("100000 clients; at most 1000 are added at once").waitFor();
  assert.equal(await lab.get("add-client-go").isDisabled(), true);
  await lab.get("client-id").fill("sensor-{1..100}");
  await lab.get("stagger").fill("10ms");
  await lab.get("many-filter").fill("sensors/{{i}}/set");
  assert.match(await lab.get("add-client-go").innerText(), /100/);
  await lab.get("add-client-go").click();
  await lab.get("client-row", { client: "sensor-1", state: "connected" }).waitFor();
  assert.equal(await lab.get("client-count").innerText(), "101");
  // Only some rows exist.
  assert.ok((await lab.get("client-row").count()) < 60);
  await lab.get("client-search").fill("sensor-77");
  await lab.clientIs("sensor-77", "connected");
  await lab.get("subscription", { filter: "sensors/77/set" }).waitFor();
  await lab.get("disconnect-all").click();
  await lab.get("client", { client: "sensor-77", state: "offline, session kept" }).waitFor();
});

story("many can be disconnected, connected and removed at once, which asks before", EMPTY, async (lab) => {
  await lab.get("add-client").click();
  await lab.get("client-id").fill("s{01..10}");
  await lab.get("add-client-go").click();
  await lab.clientIs("s10", "connected");
  await lab.get("client-search").fill("s0");
  await lab.get("client", { client: "lamp" }).waitFor({ state: "detached" });
  await lab.get("remove-all").click();
  await lab.page.getByText("Remove 9 clients?").waitFor();
  await lab.get("remove-sure").click();
  await lab.page.getByText("No client of that name.").waitFor();
  await lab.get("client-search").fill("");
  await lab.clientIs("s10", "connected");
  assert.equal(await lab.get("client-count").innerText(), "2");
});

story("a clone has the same options and subscriptions", EMPTY, async (lab) => {
  await lab.client("lamp").locator('[data-test="connect"]').click();
  await lab.clientIs("lamp", "connected");
  await lab.subscribe("lamp", "lamps/#");
  const card = await lab.openForms("lamp");
  await card.locator('[data-test="clone"]').click();
  await card.locator('[data-test="clone-names"]').fill("lamp");
  await card.getByText("There is a client lamp already").waitFor();
  await card.locator('[data-test="clone-names"]').fill("twin-{1..2}");
  await card.locator('[data-test="clone-go"]').click();
  await lab.clientIs("twin-2", "connected");
  await lab.client("twin-2").locator('[data-test="subscription"][data-filter="lamps/#"]').waitFor();
  await lab.client("twin-2").locator('[data-test="disconnect"]').click();
  await lab.clientIs("twin-2", "offline, session kept");
});

const TALK = scenarioHash({
  until: "60s",
  clients: [{ id: "lamp" }, { id: "other" }],
  steps: [
    { at: "0s", client: "lamp", do: "connect" },
    { at: "1s", client: "lamp", do: "subscribe", filters: [{ filter: "a" }] },
    { at: "2s", client: "lamp", do: "publish", topic: "a", payload: "x", qos: 1, expiry_s: 9, content_type: "text/plain" },
    { at: "3s", client: "other", do: "publish", topic: "b", payload: "held", qos: 1 },
  ],
}) + "&t=10s";

story("a client's own view has what it sent and received, and each row leads to its event", TALK, async (lab, page) => {
  await lab.client("lamp").locator('[data-test="own-open"]').click();
  const own = lab.get("own");
  await own.waitFor();
  assert.match(await lab.get("own-counts").innerText(), /Sent: CONNECT 1, .*PUBLISH 1.*Received: .*PUBLISH 1/);
  await lab.get("own-group").selectOption("Messages");
  await lab.get("own-row", { way: "received" }).filter({ hasText: "PUBLISH a" }).waitFor();
  assert.match(await lab.get("own-row", { way: "sent" }).innerText(), /PUBLISH a, QoS 1: x.*expiry: 9.*content-type: text\/plain/);
  assert.equal(await lab.get("own-row").count(), 2);
  await lab.get("own-text").fill("nothing of this");
  await own.getByText("Nothing of that.").waitFor();
  await lab.get("own-text").fill("publish a");
  await lab.get("own-row", { way: "received" }).click();
  await page.keyboard.press("Escape");
  await own.waitFor({ state: "detached" });
  assert.match(await page.locator(".inspector-body").innerText(), /PUBLISH/);
  // What it holds back, since it never connected.
  await lab.client("other").locator('[data-test="own-open"]').click();
  await lab.get("own-group").selectOption("Lost and held back");
  await lab.get("own-row").filter({ hasText: "not connected" }).waitFor();
  await own.getByText("It holds back 1 publications now.").waitFor();
});

const CROWD = scenarioHash({
  until: "60s",
  clients: Array.from({ length: 2000 }, (_, n) => ({ id: `c${n}` })),
  steps: [{ at: "1s", client: "c1999", do: "connect" }],
}) + "&t=5s";

story("thousands of clients are rows of which only those in sight exist; the chosen one has its card", CROWD, async (lab, page) => {
  await lab.get("client-row").first().waitFor();
  assert.ok((await lab.get("client-row").count()) < 60);
  await lab.get("client-rows").focus();
  await page.keyboard.press("End");
  await lab.clientIs("c1999", "connected");
  await lab.get("client-row", { client: "c1999" }).waitFor();
  assert.equal(await lab.get("client").count(), 1);
});
