// Time that stands still: steps, what is done meanwhile, and the keys of the slider.
import assert from "node:assert/strict";
import { PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
const QUIET = scenarioHash({ title: "A quiet room", until: "60s" });

story("a step goes on to the next moment, and all that happens at once is named", "v=1&lesson=hello&t=1.3s", async (lab) => {
  await lab.computed();
  const [at, events] = [await lab.at(), await lab.events()];
  await lab.press(".");
  await lab.computed();
  // CONNECT arrives; the session and CONNACK are one decision of the broker.
  assert.equal(await lab.events(), events + 3);
  assert.equal(
    await lab.get("happened").textContent(),
    "3 events at once: dashboard CONNECT received, session created, CONNACK sent",
  );
  await lab.press(",");
  await lab.computed();
  assert.equal(await lab.events(), events);
  assert.ok((await lab.at()) <= at);
  await lab.press(" ");
  await lab.get("happened").filter({ hasText: /^$/ }).waitFor({ state: "attached" });
});

story("what is done while time stands still waits for it, and says so", "v=1&lesson=hello&t=10s", async (lab) => {
  await lab.computed();
  await lab.publish("machine", "factory/9/status", "by hand");
  await lab.get("notice").waitFor();
  assert.match(await lab.get("notice").textContent(), /^Done\. .*press play, or step on/);
  assert.equal(await lab.playing(), false);
  assert.equal(await lab.at(), 10_000_000);
  assert.match(await lab.get("happened").textContent(), /machine publish, PUBLISH sent$/);
  assert.equal(await lab.get("topic-leaf", { topic: "factory/9/status" }).count(), 0);
  await lab.press(".");
  await lab.computed();
  assert.equal(await lab.get("notice").count(), 0);
  await lab.press(" ");
  await lab.get("topic-leaf", { topic: "factory/9/status" }).waitFor();
});

story("at the scenario's end, where time stopped by itself, it goes on for what is done", `${QUIET}&t=60s`, async (lab) => {
  await lab.computed();
  await lab.addClient("late");
  assert.ok((await lab.at()) > 60_000_000);
});

story("arrow keys on the slider move by a hundredth of what the timeline shows", "v=1&lesson=hello&t=10s", async (lab, page) => {
  await lab.computed();
  await lab.get("scrubber").focus();
  // The whole run and a fortieth more: 30.75 s.
  await page.keyboard.press("ArrowRight");
  await lab.computed();
  assert.equal(await lab.at(), 10_307_500);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await lab.computed();
  assert.equal(await lab.at(), 9_692_500);
  await page.keyboard.press("PageUp");
  await lab.computed();
  assert.equal(await lab.at(), 12_767_500);
  for (let i = 0; i < 6; i += 1) {
    await page.keyboard.press("PageUp");
    await lab.computed();
  }
  assert.equal(await lab.at(), 30_000_000, "no further than the end");
});

story("the clock's width stays with microseconds, so that the slider stands still", "v=1&lesson=qos&t=2s", async (lab) => {
  await lab.computed();
  const left = async () => (await lab.get("scrubber").boundingBox()).x;
  const before = await left();
  for (let steps = 0; !(await lab.get("clock").textContent()).includes("\u2009") && steps < 40; steps += 1) {
    await lab.press(".");
    await lab.computed();
  }
  assert.equal(await left(), before);
});

/** Goes to what is typed in the dialog of time. */
async function go(lab, text) {
  await lab.press("g");
  await lab.get("go-time").fill(text);
  await lab.get("go").click();
}

story("one goes to a time that is typed, and is told what can be", "v=1&lesson=hello&t=1s", async (lab, page) => {
  await lab.computed();
  await go(lab, "12.5s");
  await lab.computed();
  assert.equal(await lab.at(), 12_500_000);
  await go(lab, "soon");
  assert.match(await lab.get("go-error").textContent(), /“soon” is no time\. Write 12\.5s, 250ms, 2h, 1h 30m or 1:02\.5;/);
  assert.equal(await lab.get("go-time").inputValue(), "soon", "what was typed stays");
  await lab.get("go-time").fill("-0:02.5");
  await page.keyboard.press("Enter");
  await lab.computed();
  assert.equal(await lab.at(), 10_000_000);
  await lab.get("open-time").click();
  await lab.get("go-mark").filter({ hasText: "The machine publishes" }).click();
  await lab.computed();
  assert.equal(await lab.at(), 5_000_000);
  assert.equal(await lab.get("time-dialog").count(), 0);
});

story("a step goes by packet or by message, as it was chosen, also the next time", "v=1&lesson=hello&t=4.9s", async (lab, page) => {
  await lab.computed();
  await lab.get("pace").selectOption("message");
  await lab.press(".");
  await lab.computed();
  assert.match(await lab.get("happened").textContent(), /message accepted/);
  const first = await lab.at();
  await lab.press(".");
  await lab.computed();
  assert.ok((await lab.at()) > first);
  await lab.press(",");
  await lab.computed();
  assert.equal(await lab.at(), first);
  await page.reload();
  // Where it was left.
  await page.waitForFunction((us) => Number(document.querySelector("[data-test=clock]")?.dataset.us) === us, first);
  await lab.computed();
  assert.equal(await lab.get("pace").inputValue(), "message");
  await lab.get("pace").selectOption("packet");
  await lab.press(",");
  await lab.computed();
  assert.match(await lab.get("happened").textContent(), /PUBLISH (sent|received)/);
  assert.ok((await lab.at()) < first);
  await lab.press(">");
  await lab.computed();
  assert.equal(await lab.at(), first, "and by message with its own key");
});

/** A week in which a client only pings, every 150 s as its Keep Alive says. */
const pings = (until) => scenarioHash({
  until,
  clients: [{ id: "lamp", connect: { keep_alive_s: 150 } }],
  steps: [
    { at: "0s", client: "lamp", do: "connect" },
    { at: "7d", client: "lamp", do: "publish", topic: "a", payload: "x" },
  ],
});
const WEEK = pings("8d");

story("the boring hours are skipped with one key, and counted", `${WEEK}&t=1h`, async (lab) => {
  await lab.computed();
  await lab.press("j");
  await lab.page.locator("[data-test=notice]", { hasText: "Skipped" }).waitFor({ timeout: 45_000 });
  assert.match(await lab.get("notice").textContent(), /^Skipped 6 d 23 h: 4,008 pings\./);
  assert.equal(await lab.at(), 7 * 86_400_000_000);
  assert.equal(await lab.playing(), false);
});

story("playing skips them by itself if it is asked to, and goes on", `${WEEK}&t=6d`, async (lab) => {
  await lab.computed();
  await lab.press("g");
  await lab.get("skip-quiet").check();
  await lab.page.keyboard.press("Escape");
  await lab.press(" ");
  await lab.page.locator("[data-test=notice]", { hasText: "Skipped" }).waitFor({ timeout: 45_000 });
  assert.ok((await lab.at()) >= 7 * 86_400_000_000);
  await lab.pause();
});

story("the fastest speed is as fast as it computes, and can be paused", `${pings("4000d")}&t=0s`, async (lab) => {
  await lab.computed();
  await lab.get("speed").fill("31");
  await lab.get("speed-text").filter({ hasText: "max" }).waitFor();
  await lab.press(" ");
  await lab.page.waitForFunction(() => Number(document.querySelector("[data-test=clock]").dataset.us) > 3_600_000_000);
  await lab.page.locator('[data-test="play"][aria-label="Pause"]').waitFor();
  await lab.pause();
  const at = await lab.at();
  assert.ok(at < 4000 * 86_400_000_000);
  await lab.drawn();
  assert.equal(await lab.at(), at, "it stands");
});

story("the fastest speed stops at the end", `${WEEK}&t=0s`, async (lab) => {
  await lab.computed();
  await lab.get("speed").fill("31");
  await lab.get("speed-text").filter({ hasText: "max" }).waitFor();
  await lab.press(" ");
  await lab.page.locator('[data-test=play][aria-label="Play"]').waitFor({ timeout: 45_000 });
  await lab.page.waitForFunction(() => Number(document.querySelector("[data-test=clock]").dataset.us) === 8 * 86_400_000_000, null, { timeout: 45_000 });
});

story("choosing something pauses if the user likes", "v=1&lesson=hello&t=10s", async (lab, page) => {
  await lab.computed();
  await lab.press(" ");
  await lab.get("event-row").last().click();
  assert.equal(await lab.playing(), true);
  await lab.press("g");
  await lab.get("pause-on-choosing").check();
  await page.keyboard.press("Escape");
  await lab.get("event-row").first().click();
  await page.locator('[data-test=play][aria-label="Play"]').waitFor();
  await page.reload();
  await lab.get("play").waitFor();
  await lab.press("g");
  assert.equal(await lab.get("pause-on-choosing").isChecked(), true, "as it was the last time");
});

story("while time stands still what live clients send is held, and that is said", "v=1&lesson=hello&t=10s", async (lab, page) => {
  await lab.computed();
  await page.evaluate(() => {
    window.live = glassbroker.socket("ws://glass/mqtt", "mqtt");
    window.live.binaryType = "arraybuffer";
    window.live.heard = 0;
    window.live.onmessage = () => (window.live.heard += 1);
  });
  await page.waitForFunction(() => window.live.readyState === 1);
  assert.equal(await lab.get("held").count(), 0);
  await lab.pause();
  await lab.get("held").waitFor();
  const at = await lab.at();
  // CONNECT of MQTT 3.1.1: the client identifier is `hi`.
  await page.evaluate(() =>
    window.live.send(Uint8Array.from([0x10, 14, 0, 4, 77, 81, 84, 84, 4, 2, 0, 60, 0, 2, 104, 105])),
  );
  await lab.drawn();
  assert.deepEqual([await lab.at(), await page.evaluate(() => window.live.heard)], [at, 0]);
  await lab.press(" ");
  await page.waitForFunction(() => window.live.heard === 1);
  assert.equal(await lab.get("held").count(), 0);
});

story("on a phone the clock says the speed, and is the way to it and to the steps", "v=1&lesson=hello&t=5s", async (lab, page) => {
  await lab.computed();
  assert.equal(await lab.get("clock-speed").innerText(), "1×");
  const clock = lab.get("open-time");
  const { border, height } = await clock.evaluate((button) => ({
    border: getComputedStyle(button).borderTopColor,
    height: button.getBoundingClientRect().height,
  }));
  assert.notEqual(border, "rgba(0, 0, 0, 0)", "it looks like what can be pressed");
  assert.ok(height >= 40);
  assert.match(await clock.getAttribute("title"), /speed and steps/);
  await clock.tap();
  const dialog = lab.get("time-dialog");
  await dialog.locator("[data-test=speed]").fill("10");
  await dialog.locator("select").selectOption("message");
  await page.keyboard.press("Escape");
  await lab.page.locator("[data-test=clock-speed]", { hasText: "10×" }).waitFor();
}, PHONE);
