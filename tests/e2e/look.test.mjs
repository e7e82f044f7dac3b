// How the page looks: no serious fault that axe-core finds, on a desk and on a phone, light and dark; heads over their columns.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults } from "../support/axe.mjs";
import { start } from "../support/browser.mjs";
import { PHONE, openLab } from "../support/lab.mjs";

const TABS = ["timeline", "flow", "events", "ledger", "sides", "wills", "quotas", "test-client", "code", "clients", "topics", "inspector", "broker"];

let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

for (const colorScheme of ["light", "dark"]) {
  test(`on a desk, ${colorScheme}`, { timeout: 60_000 }, async () => {
    const { page, context, lab } = await openLab(site, "v=1&lesson=replay&t=20s", { colorScheme });
    try {
      await lab.computed();
      await lab.show("packet");
      await lab.get("event-row").last().click();
      await lab.get("inspector").waitFor();
      await lab.openForms("sensor");
      await lab.get("add-client").click();
      await lab.get("topic-filter").fill("factory/#/status");
      await lab.drawn();
      assert.deepEqual(await faults(page), []);
      await lab.get("list-ledger").click();
      await lab.get("ledger-row", { fate: "waiting" }).first().waitFor();
      assert.deepEqual(await faults(page), [], "with the ledger");
      await lab.get("list-sides").locator("visible=true").click();
      await lab.get("sides-against").selectOption("mqtt");
      await lab.toEnd();
      await lab.get("parted").waitFor();
      assert.deepEqual(await faults(page), [], "side by side");
      await lab.press("?");
      await lab.get("help").waitFor();
      assert.deepEqual(await faults(page), [], "with the help open");
      lab.clean();
    } finally {
      await context.close();
    }
  });

  test(`on a phone, ${colorScheme}`, { timeout: 60_000 }, async () => {
    const { page, context, lab } = await openLab(site, "v=1&lesson=will&t=5s", { ...PHONE, colorScheme });
    try {
      await lab.computed();
      for (const tab of TABS) {
        await lab.tab(tab);
        await lab.drawn();
        assert.deepEqual(await faults(page), [], `the panel ${tab}`);
        if (tab === "events") await lab.get("event-row").last().click();
      }
      lab.clean();
    } finally {
      await context.close();
    }
  });
}

test("the heads of the event table stand over their columns", { timeout: 60_000 }, async () => {
  const { page, context, lab } = await openLab(site, "v=1&lesson=hello&t=20s");
  try {
    await lab.computed();
    const lefts = (row) => row.evaluate((row) => [...row.children].map((cell) => cell.getBoundingClientRect().left));
    assert.deepEqual(await lefts(page.locator(".events .list-head")), await lefts(lab.get("event-row").last()));
  } finally {
    await context.close();
  }
});
