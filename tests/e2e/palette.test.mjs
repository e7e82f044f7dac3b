// The palette of commands: what is found by a few letters, and done by Enter.
import assert from "node:assert/strict";
import { stories } from "../support/lab.mjs";

const { story } = stories();
const LINK = "v=1&lesson=hello&t=10s";

const opened = async (lab) => {
  await lab.page.keyboard.press("Control+k");
  await lab.get("palette-field").waitFor();
};
const first = (lab) => lab.page.locator('[data-test=offer][aria-selected="true"]');
/** Types, waits until what is found first begins so, and presses Enter. */
const choose = async (lab, typed, title) => {
  await opened(lab);
  await lab.page.keyboard.type(typed);
  await first(lab).filter({ hasText: title }).waitFor();
  await lab.page.keyboard.press("Enter");
  await lab.get("palette").waitFor({ state: "detached" });
  await lab.drawn();
};

story("a few letters find a command, and Enter does it", LINK, async (lab) => {
  await lab.computed();
  await choose(lab, "next mess", "Next message");
  assert.ok((await lab.at()) > 10_000_000);
  await choose(lab, "theme", "Theme");
  assert.match(await lab.get("theme").getAttribute("aria-label"), /light/);
  await choose(lab, "share", "Share");
  await lab.get("notice").filter({ hasText: "copied" }).waitFor();
});

story("it goes to a panel, a lesson, a profile, a client, a topic and a marker", LINK, async (lab, page) => {
  await lab.computed();
  await lab.press("m");
  await lab.press("Home");
  await choose(lab, "marker 1", "Marker: 0:10");
  await lab.computed();
  assert.equal(await lab.at(), 10_000_000);
  await choose(lab, "go to ledger", "Go to: Ledger");
  await page.locator(".panels[data-list=ledger]").waitFor();
  await choose(lab, "topic factory", "Topic: ");
  await page.locator(".topic.panel").waitFor();
  await choose(lab, "client dashb", "Client: dashboard");
  await page.getByRole("dialog").filter({ hasText: "dashboard" }).waitFor();
  await page.keyboard.press("Escape");
  await choose(lab, "aws iot core", "Broker: AWS IoT Core");
  assert.match(await lab.get("profile").inputValue(), /^aws-iot-core/);
  await choose(lab, "lesson will", "Lesson: ");
  assert.match(new URL(page.url()).hash, /lesson=/);
});

story("a fault is found by what it is called, and leads to the faults of its client or of the broker", LINK, async (lab, page) => {
  await lab.computed();
  const dialog = (title) => page.getByRole("dialog", { name: title }).waitFor();
  for (const typed of ["half", "drop", "fault", "cut", "stall", "crash"]) {
    await opened(lab);
    await page.keyboard.type(`${typed} dashb`);
    await first(lab).filter({ hasText: "Faults of dashboard…" }).waitFor();
    await page.keyboard.press("Escape");
    await lab.get("palette").waitFor({ state: "detached" });
  }
  await choose(lab, "half dashb", "Faults of dashboard…: cut, half-open, stall, crash, drop a packet");
  await dialog("Faults of dashboard");
  await lab.get("half-open-up").waitFor();
  await page.keyboard.press("Escape");
  await lab.get("faults-dialog").waitFor({ state: "detached" });
  await choose(lab, "restart", "Faults of the broker…: restart");
  await dialog("Faults of the broker");
});

story("arrows choose, what was chosen lately stands first, and keys are told", LINK, async (lab, page) => {
  await lab.computed();
  await choose(lab, "fold idle", "Fold idle");
  await opened(lab);
  assert.match(await first(lab).textContent(), /^Fold idle.*Recent/);
  await page.keyboard.press("ArrowDown");
  const second = await first(lab).getAttribute("id");
  assert.equal(await lab.get("palette-field").getAttribute("aria-activedescendant"), second);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  assert.notEqual(await first(lab).getAttribute("id"), second);
  assert.equal(await first(lab).isVisible(), true, "the list scrolls along");
  await page.keyboard.type("play or");
  assert.equal(await first(lab).locator("kbd").textContent(), "Space");
  await page.keyboard.type(" xyzzy");
  await lab.get("palette-nothing").waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await lab.get("palette").count(), 1, "nothing is done");
});

story("Escape gives the keyboard back, and a field has the palette too", LINK, async (lab, page) => {
  await lab.computed();
  await lab.get("open-palette").click();
  await lab.get("palette-field").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "palette-field");
  await page.keyboard.press("Escape");
  await lab.get("palette").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.test), "open-palette");
  await lab.get("topic-filter").focus();
  await opened(lab);
  await page.keyboard.press("Escape");
  await lab.get("palette").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.test), "topic-filter");
});
