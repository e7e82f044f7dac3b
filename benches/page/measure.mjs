// Script a frame of the built page on large runs: `node benches/page/measure.mjs [SCENARIO [ACTION]]`, after `make dist`. Prints one line
// for each scenario and action: milliseconds at the median, at the 95th percentile and at most, how many frames, and the aim.
import { open, start } from "../../tests/support/browser.mjs";
import { Lab } from "../../tests/support/lab.mjs";
import { quantile, scriptOfFrames } from "./frames.mjs";
import { SCENARIOS, fileOf, hashOf } from "./scenarios.mjs";

const [onlyScenario, onlyAction] = process.argv.slice(2);
const COMPUTED_MS = 300_000;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Until nothing is computed any more, looked at without asking for frames. */
async function computed(page) {
  await sleep(200);
  await page.locator(".computing").waitFor({ state: "detached", timeout: COMPUTED_MS });
  await sleep(300);
}

/** The middle of the timeline's plot. */
async function plot(lab) {
  const { x, y, width, height } = await lab.get("timeline").boundingBox();
  return { x: x + width * 0.6, y: y + Math.min(height / 2, 120) };
}

async function wheel(page, at, steps, dx, dy) {
  await page.mouse.move(at.x, at.y);
  for (let n = 0; n < steps; n++) {
    await page.mouse.wheel(dx, dy);
    await sleep(16);
  }
}

async function middle(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

/** What is done while it is measured, in this order: each finds the page as the one before left it. */
const ACTIONS = {
  async opening({ lab, page, url, scenario }) {
    const hash = hashOf(scenario);
    await page.goto(hash ? `${url}#${hash}` : url);
    await lab.get("play").waitFor();
    if (!hash) {
      await lab.get("open-file").setInputFiles({ name: "run.json", mimeType: "application/json", buffer: Buffer.from(fileOf(scenario)) });
      await sleep(1000);
    }
    await lab.get("end").click();
    await computed(page);
  },
  async panning({ lab, page }) {
    await lab.get("fit").click();
    const { x, y } = await plot(lab);
    for (const direction of [-1, 1, -1]) {
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let n = 1; n <= 40; n++) {
        await page.mouse.move(x + direction * 4 * n, y);
        await sleep(8);
      }
      await page.mouse.up();
    }
    // Near, where each packet has its arrow or nearly so.
    for (let n = 0; n < 8; n++) await lab.get("zoom-in").click();
    await wheel(page, { x, y }, 60, 40, 0);
  },
  async zooming({ lab, page }) {
    await lab.get("fit").click();
    const at = await plot(lab);
    await page.keyboard.down("Control");
    await wheel(page, at, 60, 0, -40);
    await wheel(page, at, 60, 0, 40);
    await page.keyboard.up("Control");
  },
  async "choosing events"({ lab, page }) {
    await lab.get("fit").click();
    await lab.get("events").focus();
    for (let n = 0; n < 60; n++) {
      await page.keyboard.press(n < 40 ? "ArrowUp" : "PageUp");
      await sleep(16);
    }
  },
  async "scrolling the events"({ lab, page }) {
    await wheel(page, await middle(lab.get("events")), 60, 0, -200);
  },
  async "scrolling the ledger"({ lab, page }) {
    await lab.get("list-ledger").click();
    await wheel(page, await middle(lab.get("ledger")), 60, 0, -200);
    await lab.get("list-events").click();
  },
  async rewinding({ lab, page }) {
    for (const part of [0.9, 0.5, 0.7, 0.1]) {
      await lab.get("scrubber").fill(String(part * 10_000));
      await computed(page);
    }
  },
  async playing({ lab, page }) {
    await lab.get("start").click();
    await computed(page);
    await lab.get("scrubber").fill("5000");
    await computed(page);
    await lab.get("play").click();
    await sleep(5000);
    await lab.get("play").click();
  },
  "playing the flow": (visit) => playingWith(visit, "flow"),
  "playing the ledger": (visit) => playingWith(visit, "ledger"),
};

/** Plays from the middle of the run, while another list than the events is open. */
async function playingWith({ lab, page }, list) {
  await lab.get(`list-${list}`).click();
  await lab.get("scrubber").fill("5000");
  await computed(page);
  await lab.get("play").click();
  await sleep(3000);
  await lab.get("play").click();
  await lab.get("list-events").click();
}

const site = await start();
const heads = ["scenario".padEnd(18), "action".padEnd(22), "median", "p95".padStart(6), "most".padStart(7), "frames", "aim"];
console.log(heads.join("  "));
for (const [name, { scenario, aim, actions }] of Object.entries(SCENARIOS)) {
  if (onlyScenario && !name.includes(onlyScenario)) continue;
  const { page, context, errors } = await open(site.browser, null, { settles: false });
  const lab = new Lab(page, errors);
  const visit = { lab, page, url: site.url, scenario };
  for (const [action, act] of Object.entries(ACTIONS)) {
    const isWanted = !onlyAction || action === "opening" || action.includes(onlyAction);
    if (!isWanted || (actions && !actions.includes(action))) continue;
    await site.browser.startTracing(page, { categories: ["devtools.timeline"] });
    let frames = [];
    try {
      await act(visit);
    } catch (error) {
      console.error(`${name}, ${action}: ${error}`);
    } finally {
      frames = scriptOfFrames((await site.browser.stopTracing()).toString());
    }
    const ms = (value) => value.toFixed(1);
    const cells = [ms(quantile(frames, 0.5)).padStart(6), ms(quantile(frames, 0.95)).padStart(6), ms(Math.max(0, ...frames)).padStart(7)];
    console.log([name.padEnd(18), action.padEnd(22), ...cells, String(frames.length).padStart(6), String(aim).padStart(3)].join("  "));
  }
  if (errors.length > 0) console.error(`${name}: ${errors.join("; ")}`);
  await context.close();
}
await site.close();
