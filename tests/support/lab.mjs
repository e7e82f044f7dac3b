// The lab as its user sees it: a page to click on, found by the names that the page gives to tests.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { open, start } from "./browser.mjs";
import { drawn } from "./settled.mjs";

/** Options of a story on a phone, and on a small one. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const SMALL_PHONE = { ...PHONE, viewport: { width: 360, height: 780 } };

/** A lamp with a Will and a session of ten minutes, and an app that leaves it a retained setting. Stories add what comes of it. */
export const LAMP_AND_APP = {
  clients: [
    { id: "app" },
    { id: "lamp", connect: { session_expiry_s: 600, will: { topic: "lamp/gone", payload: "x", qos: 1 } } },
  ],
  steps: [
    { at: "0s", client: "app", do: "connect" },
    { at: "0s", client: "lamp", do: "connect" },
    { at: "2s", client: "lamp", do: "subscribe", filters: [{ filter: "cfg/#", qos: 1 }] },
    { at: "3s", client: "app", do: "publish", topic: "cfg/lamp", payload: "dim", qos: 1, retain: true },
  ],
};

/** Opens the lab at a link's hash, such as `v=1&lesson=hello`; without one as on the first visit. */
export async function openLab({ browser, url }, hash = "", options = {}) {
  const opened = await open(browser, null, options);
  const { page, errors } = opened;
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error(`the policy of the page forbids ${blockedURI}: ${violatedDirective}`),
    );
  });
  await page.goto(hash ? `${url}#${hash}` : url);
  const lab = new Lab(page, errors);
  // In teacher mode it is there and not shown.
  await lab.get("play").waitFor({ state: "attached" });
  // Its views that are loaded later, too.
  await page.locator("main[data-whole=true]").waitFor({ state: "attached" });
  return { ...opened, lab };
}

/** For a file of tests: `story(name, hash, run, options)` is a test on a page of its own, which must make no error; `visit` opens more. */
export function stories() {
  let site;
  before(async () => {
    site = await start();
  });
  after(() => site?.close());
  const visit = async (hash, run, options) => {
    const { lab, page, context } = await openLab(site, hash, options);
    try {
      await run(lab, page);
      lab.clean();
    } finally {
      await context.close();
    }
  };
  const story = (name, hash, run, options) => test(name, { timeout: 60_000 }, () => visit(hash, run, options));
  return { story, visit };
}

/** The hash of a link to a scenario of one's own. */
export function scenarioHash(scenario) {
  const run = { glassbroker: 1, engine: "0.1.0", scenario: { glassbroker: 1, ...scenario } };
  return `v=1&run=${deflateRawSync(JSON.stringify(run)).toString("base64url")}`;
}

export class Lab {
  constructor(page, errors) {
    this.page = page;
    this.errors = errors;
  }

  /** The elements of this test name, narrowed by attributes such as `{ client: "lamp" }` for `data-client`. */
  get(test, data = {}) {
    const narrowed = Object.entries(data).map(([name, value]) => `[data-${name}="${value}"]`);
    return this.page.locator(`[data-test="${test}"]${narrowed.join("")}`);
  }

  /** Until what was done is on the screen. */
  async drawn() {
    await drawn(this.page);
  }

  /** On a narrow page: shows a panel by its tab, which may stand under More. */
  async tab(name) {
    const tab = this.get(`tab-${name}`);
    if (!(await tab.isVisible())) await this.get("tab-more").click();
    await tab.click();
    await this.drawn();
  }

  /** Presses a key where no field has the focus. */
  async press(key) {
    await this.page.evaluate(() => document.activeElement?.blur());
    await this.page.keyboard.press(key);
    await this.drawn();
  }

  /** The view's time in microseconds. */
  async at() {
    return Number(await this.get("clock").getAttribute("data-us"));
  }

  async playing() {
    return (await this.get("play").getAttribute("aria-label")) === "Pause";
  }

  async pause() {
    if (await this.playing()) await this.get("play").click();
    await this.page.locator('[data-test="play"][aria-label="Play"]').waitFor();
  }

  /** Until the engine has no jump or computation left. */
  async computed() {
    await this.drawn();
    await this.page.locator(".computing").waitFor({ state: "detached" });
    await this.drawn();
  }

  /** Moves the scrubber to a part of the run, from 0 to 1. */
  async scrub(part) {
    await this.get("scrubber").fill(`${Math.round(part * 10_000)}`);
    await this.computed();
  }

  /** Goes to the end of the run and computes it. */
  async toEnd() {
    await this.get("end").click();
    await this.computed();
  }

  /** How many events lie before the view, of the kinds that the table shows. */
  async events() {
    return Number(await this.get("event-count").textContent());
  }

  /** Lets the event table show one group of kinds. */
  async show(group) {
    await this.get("event-group").selectOption(group);
    await this.drawn();
  }

  /** What the timeline says of itself in text: how many arrows, and how many packets in bands. */
  async painted() {
    await this.drawn();
    const text = await this.get("timeline-summary").textContent();
    const [, arrows, banded] = /^(\d+) arrows; (\d+) packets in bands$/.exec(text);
    return { arrows: Number(arrows), banded: Number(banded) };
  }

  /**
   * Where the timeline shows one of the design's colours, as one sees it: the box around all of it and its topmost point, in pixels
   * of the page; null where it shows none.
   */
  async inked(token) {
    await this.drawn();
    return this.page.evaluate((token) => {
      const probe = document.body.appendChild(document.createElement("span"));
      probe.style.color = `var(${token})`;
      const ink = new OffscreenCanvas(1, 1).getContext("2d");
      ink.fillStyle = getComputedStyle(probe).color;
      ink.fillRect(0, 0, 1, 1);
      probe.remove();
      const wanted = ink.getImageData(0, 0, 1, 1).data;
      const canvas = document.querySelector("[data-test=timeline] canvas");
      const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let box = null;
      for (let i = 0; i < width * height; i += 1) {
        if (![0, 1, 2].every((part) => Math.abs(data[4 * i + part] - wanted[part]) <= 2)) continue;
        const [x, y] = [i % width, Math.floor(i / width)];
        box ??= { left: x, right: x, top: y, bottom: y, first: { x, y } };
        [box.left, box.right, box.bottom] = [Math.min(box.left, x), Math.max(box.right, x), y];
      }
      if (!box) return null;
      const { left, top, width: shown } = canvas.getBoundingClientRect();
      const at = (x, y) => ({ x: left + ((x + 0.5) * shown) / width, y: top + ((y + 0.5) * shown) / width });
      const [from, to] = [at(box.left, box.top), at(box.right, box.bottom)];
      return { from, to, middle: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, first: at(box.first.x, box.first.y) };
    }, token);
  }

  client(name) {
    return this.get("client", { client: name });
  }

  /** Until the client is in this state. */
  async clientIs(name, state) {
    await this.get("client", { client: name, state }).waitFor();
  }

  /** Adds a virtual client by the form, and waits until it is connected. */
  async addClient(name) {
    const identifier = this.get("client-id");
    if (!(await identifier.isVisible())) await this.get("add-client").click();
    await identifier.fill(name);
    await this.get("add-client-go").click();
    await this.clientIs(name, "connected");
  }

  /** Shows a client's forms. */
  async openForms(name) {
    const button = this.client(name).locator('[data-test="client-open"]');
    if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
    return this.client(name);
  }

  async subscribe(name, filter) {
    const card = await this.openForms(name);
    await card.locator('[data-test="subscribe-filter"]').fill(filter);
    await card.locator('[data-test="subscribe"]').click();
    await card.locator(`[data-test="subscription"][data-filter="${filter}"]`).waitFor();
  }

  async publish(name, topic, payload, qos = 0) {
    const card = await this.openForms(name);
    await card.locator('[data-test="publish-topic"]').fill(topic);
    await card.locator('[data-test="publish-payload"]').fill(payload);
    await card.locator('[data-test="publish-qos"]').selectOption(`QoS ${qos}`);
    await card.locator('[data-test="publish"]').click();
  }

  /** The names in the topic tree that are lit, sorted. */
  async lit() {
    await this.drawn();
    const rows = this.page.locator('[data-test="topic-leaf"][data-lit="true"]');
    return (await rows.evaluateAll((found) => found.map((row) => row.dataset.topic))).sort();
  }

  /** Whether the page made errors or broke its own policy. */
  clean() {
    assert.deepEqual(this.errors, []);
  }
}
