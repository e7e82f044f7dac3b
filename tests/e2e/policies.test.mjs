// AWS IoT policies: written in the page, checked, attached, and asked who may do what.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
const ARN = "arn:aws:iot:us-east-1:123456789012:";
const document = (...statements) => ({ Version: "2012-10-17", Statement: statements });
/** Two pumps that may publish below their own names, but no secrets, and a list besides. */
const PUMPS = scenarioHash({
  until: "20s",
  broker: {
    profile: "aws-iot-core",
    policies: {
      pump: document(
        { Effect: "Allow", Action: "iot:Connect", Resource: `${ARN}client/\${iot:ClientId}` },
        { Sid: "Own", Effect: "Allow", Action: ["iot:Publish", "iot:Receive"], Resource: `${ARN}topic/pumps/\${iot:ClientId}/*` },
        { Sid: "Secret", Effect: "Deny", Action: "iot:Publish", Resource: `${ARN}topic/pumps/*/secret` },
      ),
    },
  },
  clients: [{ id: "p1", policy: "pump" }, { id: "p2", policy: "pump" }],
  steps: [
    { at: "1s", client: "p1", do: "connect" },
    { at: "2s", client: "p1", do: "publish", topic: "pumps/p1/state", payload: "on", qos: 1 },
    { at: "3s", client: "p1", do: "publish", topic: "pumps/p1/secret", payload: "x", qos: 1 },
  ],
});

/** What the table says of a client and an action: `allowed` or `denied`, and by what. */
async function may(lab, topic, client, action) {
  const cell = lab.get("who-may-table", { topic }).locator(`[data-client="${client}"] [data-action="${action}"]`);
  return (await cell.innerText()).replace(/[✓✕\s]+/g, " ").trim();
}

story("a denial shows the statement that made it, and never a line of the access list", PUMPS, async (lab) => {
  await lab.toEnd();
  await lab.show("quota");
  await lab.get("event-row", { kind: "policy.denied" }).click();
  await lab.drawn();
  assert.match(await lab.get("decided").innerText(), /^Policy\s+statement 3 of pump \(Secret\)/);
  assert.deepEqual(JSON.parse(await lab.get("statement").innerText()), {
    Sid: "Secret",
    Effect: "Deny",
    Action: "iot:Publish",
    Resource: `${ARN}topic/pumps/*/secret`,
  });
  assert.equal(await lab.get("access-list").count(), 0);
  assert.match(await lab.get("no-list").innerText(), /the policies below decide/);
  assert.match(await lab.get("kept-policy", { policy: "pump" }).innerText(), /p1, p2/);
  // The answer that the client got says so too.
  await lab.show("packet");
  await lab.get("event-row", { kind: "packet.received", client: "p1" }).last().click();
  await lab.drawn();
  assert.match(await lab.get("decided").innerText(), /statement 3 of pump/);
});

story("a policy is written, with its errors by line and column, attached, and counts in the run", PUMPS, async (lab, page) => {
  await lab.computed();
  await lab.get("edit-access").click();
  const text = lab.get("policy", { policy: "pump" }).locator('[data-test="policy-text"]');
  const whole = await text.inputValue();
  await text.fill(whole.replace('"Deny"', '"Dny"'));
  await lab.drawn();
  const go = lab.get("access-go");
  assert.equal(await go.isDisabled(), true);
  const line = whole.slice(0, whole.indexOf('"Deny"')).split("\n").length;
  assert.match(await lab.get("access").innerText(), new RegExp(`${line}:\\d+: Statement\\[2\\]\\.Effect: an effect is "Allow" or "Deny"`));
  assert.deepEqual(await faults(page), [], "with an error");
  await text.fill(whole.slice(0, -1));
  await lab.drawn();
  assert.match(await lab.get("access").innerText(), /\d+:\d+: /, "what is no JSON");
  await text.fill(whole.replace("/secret", "/none"));
  await lab.drawn();
  assert.equal(await may(lab, "pumps/p1/secret", "p1", "publish"), "allowed statement 2 of pump (Own)", "before the run begins again");
  await lab.get("add-policy", { policy: "no-retained" }).click();
  await lab.drawn();
  const added = lab.get("policy", { policy: "no-retained" });
  assert.deepEqual(
    await added.locator('[data-test="policy-has"]').evaluateAll((boxes) => boxes.map((box) => box.checked)),
    [false, false],
    "the second policy is nobody's at first",
  );
  await added.locator('[data-test="policy-has"]').nth(1).check();
  await added.locator('[data-test="policy-name"]').fill("pump");
  await lab.drawn();
  assert.equal(await go.isDisabled(), true, "two policies of one name");
  await lab.get("policy-name").nth(1).fill("guest");
  await lab.drawn();
  await go.click();
  await lab.get("access").waitFor({ state: "detached" });
  assert.match(await lab.get("kept-policy", { policy: "guest" }).innerText(), /guest\s+p2/);
  await lab.toEnd();
  await lab.show("quota");
  assert.equal(await lab.get("event-row", { kind: "policy.denied" }).count(), 0, "the secret was sent");
  await page.reload();
  await lab.get("kept-policy", { policy: "guest" }).waitFor();
});

story("who may do what is told for the scenario's topics and for any that is typed", PUMPS, async (lab, page) => {
  await lab.computed();
  await lab.get("edit-access").click();
  await lab.get("who-may-table").first().waitFor();
  assert.equal(await may(lab, "pumps/p1/secret", "p1", "publish"), "denied statement 3 of pump (Secret)");
  assert.equal(await may(lab, "pumps/p1/state", "p2", "publish"), "denied no statement allows it");
  assert.equal(await may(lab, "pumps/p1/state", "p1", "connect"), "allowed statement 1 of pump");
  await lab.get("who-may-topic").fill("pumps/+/state");
  await lab.drawn();
  assert.equal(await lab.get("who-may-table").count(), 1);
  assert.equal(await may(lab, "pumps/+/state", "p1", "publish"), "–", "nobody publishes to a filter");
  assert.equal(await may(lab, "pumps/+/state", "p1", "subscribe"), "denied no statement allows it");
  // An access list is asked as well.
  await lab.get("limited").check();
  await lab.get("acl").fill("topic read pumps/#");
  await lab.get("who-may-topic").fill("pumps/p1/state");
  await lab.drawn();
  assert.equal(await may(lab, "pumps/p1/state", "p1", "publish"), "denied no line allows it");
  assert.equal(await may(lab, "pumps/p1/state", "p1", "receive"), "allowed statement 2 of pump (Own)");
  assert.deepEqual(await faults(page), []);
});

story("a client that is added by hand is let in where there are policies, and it is said how", PUMPS, async (lab) => {
  await lab.computed();
  await lab.get("add-client").click();
  assert.match(await lab.get("client-policies-told").innerText(), /allow-all is added for it, and lets it do everything/);
  assert.equal(await lab.get("client-policies").getByLabel("allow-all: lets all (added)").isChecked(), true);
  assert.equal(await lab.get("client-policies").evaluate((group) => group.parentElement.tagName), "FORM", "in no folded part");
  await lab.addClient("guest");
  assert.equal(await lab.client("guest").locator('[data-test="client-has-policies"]').innerText(), "Policies: allow-all");
  assert.match(await lab.get("kept-policy", { policy: "allow-all" }).innerText(), /guest/);
  assert.match(await lab.get("client-policies-told").innerText(), /The policy allow-all lets it/);
  // Another one has the pump's policy, which lets it in under its name.
  const boxes = lab.get("client-policies");
  await boxes.getByLabel("allow-all").uncheck();
  assert.match(await lab.get("client-policies-told").innerText(), /Without a policy it may do nothing/);
  await boxes.getByLabel("pump").check();
  await lab.addClient("p3");
  await lab.publish("p3", "pumps/p1/state", "x", 1);
  await lab.show("quota");
  await lab.get("event-row", { kind: "policy.denied", client: "p3" }).waitFor();
  // Both stay, with their policies, where the run begins again.
  await lab.get("edit-access").click();
  await lab.get("policy", { policy: "allow-all" }).waitFor();
  await lab.get("access-go").click();
  await lab.clientIs("guest", "offline");
  await lab.clientIs("p3", "offline");
});

story("the first policy is everybody's; on a phone, by the keyboard", "v=1&lesson=hello", async (lab, page) => {
  await lab.pause();
  await lab.tab("broker");
  await lab.get("edit-access").waitFor();
  await lab.get("edit-access").focus();
  await page.keyboard.press("Enter");
  await lab.get("no-policies").waitFor();
  await lab.get("add-policy", { policy: "own-topics" }).focus();
  await page.keyboard.press("Enter");
  await lab.get("policy-has").first().waitFor();
  const has = await lab.get("policy-has").evaluateAll((boxes) => boxes.map((box) => box.checked));
  assert.ok(has.length > 1 && has.every(Boolean), "each client has it");
  for (const part of ["policy-text", "who-may-topic"]) {
    const { x, width } = await lab.get(part).boundingBox();
    assert.ok(x >= 0 && x + width <= 390, part);
  }
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(await faults(page), []);
  await page.keyboard.press("Escape");
  await lab.get("access").waitFor({ state: "detached" });
  assert.equal(await lab.get("kept-policy").count(), 0, "nothing was changed");
}, PHONE);
