// The rules of the run's profile: found, explained, and switched where nobody documents them.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
/** A reader that comes back to twenty stored messages. */
const STORED = (broker) =>
  scenarioHash({
    until: "20s",
    broker,
    clients: [{ id: "reader", connect: { session_expiry_s: 600, clean_start: false } }, { id: "writer" }],
    steps: [
      { at: "1s", client: "reader", do: "connect" },
      { at: "1s", client: "writer", do: "connect" },
      { at: "2s", client: "reader", do: "subscribe", filters: [{ filter: "a", qos: 1 }] },
      { at: "3s", client: "reader", do: "disconnect" },
      { at: "4s", every: "0.1s", times: 20, client: "writer", do: "publish", topic: "a", payload: "{{n}}", qos: 1 },
      { at: "10s", client: "reader", do: "connect" },
    ],
  });

const shown = (lab) => lab.get("departure").evaluateAll((rows) => rows.map((row) => row.dataset.rule));

story("the rules of a profile are listed with source and value, and found by a word", STORED({ profile: "aws-iot-core" }), async (lab, page) => {
  await lab.computed();
  assert.equal(await lab.get("settings-changed").count(), 0);
  await lab.get("open-rules").click();
  await lab.get("departure").first().waitFor();
  const all = await shown(lab);
  assert.ok(all.length > 25 && all.every((rule) => rule.startsWith("aws.")), all.join());
  assert.match(await lab.get("rules-legend").innerText(), /documented \d+: .*observed \d+: .*inferred \d+: .*unknown \d+: .*silent/s);
  const pace = lab.get("departure", { rule: "aws.session.replay-rate" });
  assert.match(await pace.innerText(), /session\.replay_per_s\s+here 10 messages\/s\s+standards unlimited/);
  assert.match(await pace.innerText(), /documented.*as of 2026/s);
  assert.match(await pace.locator("a").getAttribute("href"), /^https:\/\/docs\.aws\.amazon\.com\//);
  assert.equal(await pace.locator("input").count(), 0, "what is documented is not switched");
  assert.deepEqual(await faults(page), []);
  await lab.get("rules-text").fill("wait for CONNACK");
  await lab.drawn();
  assert.deepEqual(await shown(lab), ["aws.connect.wait"]);
  await lab.get("rules-text").fill("no such rule");
  await lab.drawn();
  assert.match(await lab.get("rules-count").innerText(), /^0 of /);
  await lab.get("rules-text").fill("");
  await lab.get("rules-known").selectOption("unknown");
  await lab.drawn();
  const unknown = await lab.get("departure").evaluateAll((rows) => rows.map((row) => row.dataset.known));
  assert.ok(unknown.length > 1 && unknown.every((known) => known === "unknown"));
  // What the documents leave open is there though the profile chose as the standards do.
  assert.ok((await shown(lab)).includes("aws.policy.connect-attributes"));
  await page.keyboard.press("Escape");
  await lab.get("rules").waitFor({ state: "detached" });
  await lab.get("profile").selectOption("mqtt");
  await lab.get("open-rules").click();
  assert.match(await lab.get("rules").innerText(), /keeps to the standards/);
});

story("what nobody documents is switched for the run, which says so and keeps it in its link", STORED({ profile: "aws-iot-core" }), async (lab, page) => {
  await lab.computed();
  await lab.get("open-rules").click();
  const go = lab.get("rules-go");
  assert.equal(await go.isDisabled(), true, "nothing is changed");
  const wait = lab.get("departure", { rule: "aws.connect.wait" });
  await wait.locator('[data-test="set-switch"]').uncheck();
  await lab.drawn();
  assert.match(await wait.innerText(), /Changed for this run\.\s*Back to the profile's own: true/);
  await wait.locator('[data-test="set-back"]').click();
  await lab.drawn();
  assert.equal(await go.isDisabled(), true, "it is as it was");
  await wait.locator('[data-test="set-switch"]').uncheck();
  const sys = lab.get("departure-setting", { key: "sys.interval_s" }).locator('[data-test="set-number"]');
  await sys.fill("soon");
  await lab.drawn();
  assert.equal(await go.isDisabled(), true);
  assert.match(await lab.get("departure", { rule: "aws.sys.none" }).innerText(), /sys\.interval_s is a number from \d+ to \d+, or "unlimited"/);
  await sys.fill("10");
  await go.click();
  await lab.get("rules").waitFor({ state: "detached" });
  assert.match(await lab.get("notice").innerText(), /began again, with these settings/);
  assert.equal(await lab.get("settings-changed").innerText(), "2 settings changed");
  // The address leads to this very run.
  await page.reload();
  await lab.get("settings-changed").waitFor();
  await lab.get("open-rules").click();
  assert.match(await wait.locator('[data-test="value-here"]').innerText(), /false/);
  await wait.locator('[data-test="set-back"]').click();
  await go.click();
  await lab.get("rules").waitFor({ state: "detached" });
  assert.equal(await lab.get("settings-changed").innerText(), "1 setting changed");
  await lab.get("broker").filter({ hasText: "aws-iot-core, 1 setting changed" }).waitFor();
});

story("what is typed and not in the run is kept, and said", STORED({ profile: "aws-iot-core" }), async (lab, page) => {
  await lab.computed();
  await lab.get("open-rules").click();
  assert.match(await lab.get("rules-listed").innerText(), /^The \d+ rules .* and \d+ more .* docs\/aws-iot-core\.md has all \d+ rules about AWS\.$/);
  const ways = await lab.get("rules-known").locator("option").allInnerTexts();
  assert.deepEqual(ways, ["any way", "documented", "observed", "inferred", "unknown"], "each of which there are some");
  const wait = lab.get("departure-setting", { key: "connect.must_wait" });
  assert.equal(await wait.locator("label").innerText(), "connect.must_wait", "the box has the state");
  await wait.locator('[data-test="set-switch"]').uncheck();
  await page.keyboard.press("Escape");
  await lab.get("rules").waitFor({ state: "detached" });
  assert.match(await lab.get("notice").innerText(), /One changed setting is not in the run yet: Rules has kept it/);
  assert.equal(await lab.get("settings-waiting").innerText(), "1 waiting");
  await lab.get("open-rules").click();
  assert.equal(await wait.locator('[data-test="set-switch"]').isChecked(), false, "it waits there");
  await lab.get("rules-discard").click();
  assert.equal(await wait.locator('[data-test="set-switch"]').isChecked(), true);
  await lab.get("close-dialog").click();
  await lab.get("rules").waitFor({ state: "detached" });
  await lab.get("settings-waiting").waitFor({ state: "detached" });
  // Another run has nothing of it.
  await lab.get("open-rules").click();
  await wait.locator('[data-test="set-switch"]').uncheck();
  await lab.get("close-dialog").click();
  await lab.get("settings-waiting").waitFor();
  await lab.get("profile").selectOption("mqtt");
  await lab.get("settings-waiting").waitFor({ state: "detached" });
});

story("from an event's rule one gets to its row; on a phone, by the keyboard", STORED({ profile: "aws-iot-core" }), async (lab, page) => {
  await lab.toEnd();
  await lab.tab("events");
  await lab.show("quota");
  await lab.get("event-row", { kind: "quota.delayed" }).first().tap();
  await lab.tab("inspector");
  assert.equal(await lab.get("rule").first().getAttribute("data-rule"), "aws.session.replay-rate");
  // The panel is there with the next frame.
  await lab.get("to-rule").waitFor();
  await lab.get("to-rule").focus();
  await page.keyboard.press("Enter");
  const row = lab.get("departure", { rule: "aws.session.replay-rate" });
  await row.waitFor();
  await page.waitForFunction(() => document.activeElement?.dataset.rule === "aws.session.replay-rate");
  const { y } = await row.boundingBox();
  assert.ok(y >= 0 && y < 700, `the row is in sight: ${y}`);
  assert.equal(await row.getAttribute("aria-current"), "true");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(await faults(page), []);
  await page.keyboard.press("Escape");
  await lab.get("rules").waitFor({ state: "detached" });
}, { ...PHONE, colorScheme: "dark" });
