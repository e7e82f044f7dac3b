// Who may come in and what they may do there: set in the page, refused by the broker, explained by the page.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { SMALL_PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

/** Adds a client by the form, with a user name and a password, and leaves the form as it was. */
async function addUser(lab, page, name, username, password) {
  if (!(await lab.get("client-id").isVisible())) await lab.get("add-client").click();
  const form = page.locator(".add-client");
  await lab.get("client-id").fill(name);
  if (!(await form.locator('[data-test="username"]').isVisible())) await form.locator("summary", { hasText: "How it connects" }).click();
  await form.locator('[data-test="username"]').fill(username);
  await form.locator('[data-test="password"]').fill(password);
  await lab.get("add-client-go").click();
}

story("users and an access list are set; a wrong password and a denied publish are refused, and it is said why", "v=1&lesson=empty", async (lab, page) => {
  await lab.computed();
  await lab.addClient("early");
  // What tells of it would lie over the last rows of the table.
  const hush = () => lab.get("close-notice").click();
  await lab.get("edit-access").click();
  await lab.get("add-user").click();
  await lab.drawn();
  const go = lab.get("access-go");
  assert.equal(await go.isDisabled(), true, "a user without a name");
  await lab.get("user-name").fill("alice");
  await lab.get("user-password").fill("secret");
  assert.equal(await lab.get("user-password").getAttribute("type"), "password");
  await lab.get("passwords-shown").check();
  await lab.drawn();
  assert.equal(await lab.get("user-password").getAttribute("type"), "text");
  await lab.get("limited").check();
  await lab.get("acl").fill("user alice\ntopic read factory/#\ntopik factory/1");
  await lab.drawn();
  assert.match(await lab.get("access").innerText(), /line 3: a line begins with `topic`/);
  assert.equal(await go.isDisabled(), true);
  assert.deepEqual(await faults(page), [], "the form");
  await lab.get("acl").fill("user alice\ntopic read factory/#\ntopic deny factory/secret/#");
  await go.click();
  await lab.get("access").waitFor({ state: "detached" });
  assert.match(await lab.get("notice").innerText(), /began again/);
  await hush();
  assert.equal(await lab.get("user").innerText(), "alice");
  assert.ok(!(await page.content()).includes("secret</"), "the password stands nowhere");
  await lab.clientIs("early", "offline");
  await lab.get("share").click();
  assert.match(await lab.get("notice").innerText(), /carries the passwords/);
  await hush();

  await addUser(lab, page, "intruder", "alice", "guess");
  await lab.get("event-row", { kind: "socket.closed", client: "intruder" }).first().waitFor();
  await lab.clientIs("intruder", "offline");
  assert.equal(await lab.client("intruder").locator('[data-test="dismissed"]').innerText(), "Bad User Name or Password");
  await lab.show("packet");
  await lab.pause();
  await lab.get("event-row", { kind: "packet.received", client: "intruder" }).last().click();
  assert.match(await lab.get("inspector").innerText(), /Bad User Name or Password/i);
  assert.match(await lab.get("causes").innerText(), /the user name or the password is wrong/);
  await lab.get("play").click();

  await addUser(lab, page, "reader", "alice", "secret");
  await lab.clientIs("reader", "connected");
  await lab.publish("reader", "factory/secret/plan", "x", 1);
  await lab.show("quota");
  await lab.get("event-row", { kind: "policy.denied", client: "reader" }).waitFor();
  await lab.pause();
  await lab.get("event-row", { kind: "policy.denied", client: "reader" }).click();
  await lab.drawn();
  assert.match(await lab.get("decided").innerText(), /line 3: topic deny factory\/secret\/#/);
  assert.equal(await lab.get("access-list").locator("[aria-current]").innerText(), "topic deny factory/secret/#");
  assert.equal(await lab.get("rule").getAttribute("data-rule"), "glassbroker.access-list");
  // The answer that the client got says so too.
  await lab.show("packet");
  await lab.get("event-row", { kind: "packet.received", client: "reader" }).last().click();
  await lab.drawn();
  assert.match(await lab.get("inspector").innerText(), /PUBACK Not authorized/i);
  assert.match(await lab.get("decided").innerText(), /line 3/);
  assert.deepEqual(await faults(page), [], "with the access list");
  // The address leads to this very scenario.
  await page.reload();
  await lab.get("user").waitFor();
  assert.equal(await lab.get("user").innerText(), "alice");
});

const CHALLENGED = scenarioHash({
  until: "60s",
  broker: { users: { alice: "secret" }, acl: ["topic read a", "user alice", "topic readwrite #"], set: { "auth.challenge": true } },
  clients: [{ id: "lamp", username: "alice", password: "secret" }],
});

story("a client answers a challenge and authenticates again", CHALLENGED, async (lab) => {
  await lab.computed();
  const card = await lab.openForms("lamp");
  assert.equal(await card.locator('[data-test="reauthenticate"]').count(), 0);
  await card.locator("summary", { hasText: "How it connects" }).click();
  assert.equal(await card.locator('[data-test="password"]').getAttribute("type"), "password");
  await card.locator('[data-test="challenge"]').check();
  await card.locator('[data-test="connect"]').click();
  await lab.clientIs("lamp", "connected");
  const auths = async () => {
    const rows = await lab.get("event-row", { kind: "packet.sent", client: "lamp" }).allInnerTexts();
    return rows.filter((row) => row.includes("AUTH")).length;
  };
  await lab.show("packet");
  // The challenge and its answer.
  assert.equal(await auths(), 2);
  await card.locator('[data-test="reauthenticate"]').click();
  await lab.toEnd();
  // AUTH that asks, the challenge, its answer, and AUTH that says success.
  assert.equal(await auths(), 6);
  await lab.clientIs("lamp", "connected");
});

story("on a phone the form is used by the keyboard alone", CHALLENGED, async (lab, page) => {
  await lab.computed();
  await lab.tab("broker");
  await lab.get("edit-access").waitFor();
  await lab.get("edit-access").focus();
  await page.keyboard.press("Enter");
  await lab.get("user-name").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.type("new");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  // The button after the password removes its user.
  await lab.get("user-row").waitFor({ state: "detached" });
  const { x, width } = await lab.get("acl").boundingBox();
  assert.ok(x >= 0 && x + width <= 360);
  assert.deepEqual(await faults(page), []);
  await page.keyboard.press("Escape");
  await lab.get("access").waitFor({ state: "detached" });
  assert.equal(await lab.get("user").innerText(), "alice", "nothing was changed");
}, { ...SMALL_PHONE, colorScheme: "dark" });
