// Without a pointer: from the page's load to a message published by hand and inspected.
import assert from "node:assert/strict";
import { stories } from "../support/lab.mjs";

const { story } = stories();

story("a message is published and inspected by keyboard alone", "v=1&lesson=hello&t=10s", async (lab, page) => {
  await lab.computed();
  const at = () => page.evaluate(() => document.activeElement.dataset.test ?? "");
  /** Presses Tab until the focus is there. */
  const tabTo = async (wanted, most = 80) => {
    for (let i = 0; i < most; i += 1) {
      if ((await at()) === wanted) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${wanted} is not reached by Tab`);
  };
  await page.keyboard.press("Control+k");
  await page.waitForFunction(() => document.activeElement.closest("[data-test=palette]"));
  await page.keyboard.type("go to clients");
  await page.keyboard.press("Enter");
  await lab.get("palette").waitFor({ state: "detached" });
  await tabTo("client-open");
  await page.keyboard.press("Enter");
  await tabTo("publish-topic");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("factory/9/status");
  await tabTo("publish-payload");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("by hand");
  await tabTo("publish");
  await page.keyboard.press("Enter");
  await lab.get("notice").waitFor();
  // Time goes on by one step, then another, until it has been sent.
  await lab.press(">");
  await lab.computed();
  await tabTo("timeline", 160);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await lab.get("inspector").filter({ hasText: "factory/9/status" }).waitFor();
});

story("the space bar plays after a button was clicked, and presses one that the keyboard is at", "v=1&lesson=qos&t=11s", async (lab, page) => {
  await lab.computed();
  await lab.client("phone").locator('[data-test="disconnect"]').click();
  await page.keyboard.press(" ");
  await page.locator('[data-test=play][aria-label="Pause"]').waitFor();
  await lab.pause();
  await lab.get("open-help").focus();
  await page.keyboard.press(" ");
  await page.locator("dialog[open]").waitFor();
});
