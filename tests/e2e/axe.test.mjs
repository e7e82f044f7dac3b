// Nothing that axe-core finds serious, whatever is shown: every view, form and dialog, on a desk and on the smallest phone, light and dark.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults } from "../support/axe.mjs";
import { start } from "../support/browser.mjs";
import { SMALL_PHONE, openLab, scenarioHash } from "../support/lab.mjs";

const RUN = {
  title: "All of it",
  broker: { profile: "aws-iot-core" },
  until: "60s",
  clients: [
    { id: "lamp", mqtt: "5", connect: { session_expiry_s: 600, will: { topic: "lamps/1/gone", payload: "x", qos: 1 } } },
    { id: "app", mqtt: "5", connect: { session_expiry_s: 600 } },
  ],
  steps: [
    { at: "0s", client: "lamp", do: "connect" },
    { at: "0s", client: "app", do: "connect" },
    { at: "1s", client: "app", do: "subscribe", filters: [{ filter: "lamps/#", qos: 1 }] },
    { at: "2s", every: "1s", times: 9, client: "lamp", do: "publish", topic: "lamps/1/state", qos: 1, retain: true, payload: '{"level":{{n}}}' },
    { at: "12s", client: "app", do: "cut" },
    { at: "13s", client: "lamp", do: "publish", topic: "lamps/1/state", qos: 1, payload: "missed" },
  ],
  marks: [{ at: "5s", title: "Halfway", text: "It goes on.", ask: { question: "Does it?", choices: ["Yes", "No"], answer: 0, why: "So it does." } }],
};
const HASH = `${scenarioHash(RUN)}&t=20s`;

/** The ways of looking at the page. */
const LOOKS = ["light", "dark"].flatMap((colorScheme) => [
  [`on a desk, ${colorScheme}`, { colorScheme }],
  [`at 360 pixels, ${colorScheme}`, { ...SMALL_PHONE, colorScheme }],
]);

/** What the palette finds first by these words, with the dialog that it opens. */
const BY_PALETTE = {
  "Go to a time": "time-dialog",
  Branches: "branches-dialog",
  "This help": "help",
  "The profile's rules": "rules",
  "Users, access list": "access",
  "Client: app": "own",
};

/** The page, and what is looked at there one after the other. */
class Look {
  constructor(lab, page) {
    Object.assign(this, { lab, page });
  }
  get isNarrow() {
    return this.page.viewportSize().width < 600;
  }
  /** Shows a panel or a list, by its tab or among those that are there at once. */
  async go(name) {
    const tab = this.lab.get(`list-${name}`).locator("visible=true");
    if (this.isNarrow) await this.lab.tab(name);
    else if (await tab.count()) await tab.first().click();
    await this.lab.drawn();
  }
  async is(what) {
    await this.lab.drawn();
    assert.deepEqual(await faults(this.page), [], what);
  }
  /** Looks at the dialog that is open, and closes it. */
  async dialog(test) {
    await this.lab.get(test).waitFor();
    await this.is(test);
    await this.page.keyboard.press("Escape");
    await this.lab.get(test).waitFor({ state: "detached" });
  }
  async palette(title) {
    await this.lab.press("Control+k");
    await this.lab.get("palette-field").fill(title);
    await this.page.locator('[data-test=offer][aria-selected="true"]', { hasText: title }).waitFor();
    await this.page.keyboard.press("Enter");
  }
  /** Opens what is folded in an element. */
  async unfold(locator) {
    await locator.evaluate((element) => {
      for (const one of element.querySelectorAll("details")) one.open = true;
    });
    await this.lab.drawn();
  }
}

let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

for (const [name, options] of LOOKS) {
  const look = (what, run) =>
    test(`${what}, ${name}`, { timeout: 180_000 }, async () => {
      const { page, context, lab } = await openLab(site, HASH, options);
      try {
        await lab.computed();
        await run(lab, new Look(lab, page), page);
        lab.clean();
      } finally {
        await context.close();
      }
    });

  look("the views", async (lab, look) => {
    for (const tab of ["timeline", "flow", "events", "sides", "wills", "quotas", "test-client", "broker"]) {
      await look.go(tab);
      await look.is(tab);
      if (tab === "events") await lab.get("event-row").last().click();
      if (tab === "sides") await lab.get("sides-against").selectOption("mqtt");
      if (tab === "sides") await lab.computed();
      if (tab === "sides") await look.is("two sides");
    }
    await look.go("inspector");
    await look.is("the inspector");
    await look.go("ledger");
    await lab.get("ledger-row").first().waitFor();
    await lab.get("ledger-filter").fill("a#");
    await lab.get("ledger-wrong").waitFor();
    await look.is("the ledger, with a wrong filter");
    await lab.get("ledger-filter").fill("");
    await lab.get("row-why").first().click();
    await lab.get("why").waitFor();
    await look.is("why nothing");
  });

  look("the forms of clients", async (lab, look) => {
    await look.go("clients");
    await lab.get("add-client").click();
    await look.unfold(lab.page.locator(".add-client"));
    await lab.get("client-id").fill("lamp");
    await look.is("adding a client of a name that is taken");
    await lab.get("client-id").fill("");
    const card = await lab.openForms("lamp");
    await look.unfold(card);
    await card.locator('[data-test="publish-topic"]').fill("a/#");
    await card.locator('[data-test="subscribe-filter"]').fill("a#");
    await card.locator('[data-test="publish-topic"][aria-invalid="true"][aria-description]').waitFor();
    await look.is("a card with all its forms, and errors");
  });

  look("topics and code", async (lab, look) => {
    await look.go("topics");
    await lab.get("topic-filter").fill("lamps/+/state");
    await look.is("the tree, with a filter");
    await lab.get("topic-leaf").first().click();
    await lab.drawn();
    await look.is("a topic");
    await lab.get("ask-receivers").locator("visible=true").first().click();
    await lab.drawn();
    await look.is("who receives this");
    await look.go("code");
    await look.is("the code panel");
    await lab.get("code-view").selectOption({ index: 1 });
    await look.is("a client as code");
  });

  look("the dialogs", async (lab, look, page) => {
    await lab.press("Control+k");
    await look.dialog("palette");
    for (const [title, test] of Object.entries(BY_PALETTE)) {
      await look.palette(title);
      await look.dialog(test);
    }
    await look.go("clients");
    await lab.client("app").locator('[data-test="faults"]').click();
    await look.dialog("faults-dialog");
    await look.go("broker");
    await look.unfold(page.locator(".panel.broker"));
    await lab.get("broker-faults").click();
    await look.dialog("faults-dialog");
    await lab.get("http").click();
    await look.dialog("operation");
    await lab.get("session-open").first().click();
    await look.dialog("operation");
    await lab.get("retained-open").first().click();
    await look.dialog("operation");
    await lab.get("open-file").setInputFiles({ name: "bad.json", mimeType: "application/json", buffer: Buffer.from("{") });
    await look.dialog("refused");
  });

  look("teacher mode", async (lab, look) => {
    await lab.press("t");
    await lab.get("teacher").waitFor();
    await look.is("with the timeline");
    for (const tab of ["flow", "clients", "topics", "inspector", "broker"]) {
      await lab.get(`teacher-${tab}`).click();
      await look.is(`with ${tab}`);
    }
    await lab.press("l");
    await look.is("with the laser pointer");
  });
}
