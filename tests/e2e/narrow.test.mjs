// Where there is little room: a phone, and a frame in a column of documentation.
import assert from "node:assert/strict";
import { PHONE, stories } from "../support/lab.mjs";

const { story } = stories();
const FRAME = { viewport: { width: 800, height: 720 } };

story("on a phone each event names its client", "v=1&lesson=hello&t=10s&view=events", async (lab) => {
  await lab.computed();
  const row = lab.get("event-row", { kind: "packet.sent", client: "machine" }).last();
  assert.match(await row.innerText(), /machine PUBLISH factory/);
}, PHONE);

story("a packet that is tapped leads to the inspector", "v=1&lesson=hello&t=10s", async (lab, page) => {
  await lab.computed();
  assert.equal(await lab.get("inspect").count(), 0);
  const { first } = await lab.inked("--gb-connect");
  await page.touchscreen.tap(first.x, first.y + 4);
  const way = lab.get("inspect").first();
  assert.match(await way.textContent(), /^dashboard CONN/);
  await way.tap();
  await lab.drawn();
  assert.equal(await lab.get("inspector").isVisible(), true);
}, PHONE);

story("on a phone what is asked has the card's width, and begins at its top", "v=1&lesson=qos&t=24s", async (lab, page) => {
  await lab.computed();
  const card = lab.get("narration");
  const [{ y, height }, heading, text, act] = await Promise.all(
    [card, card.locator("h2"), card.locator(".narration-text"), lab.get("next-mark")].map((one) => one.boundingBox()),
  );
  assert.ok(heading.y >= y, `the heading is at ${heading.y}, the card at ${y}`);
  assert.ok(text.width > 300, `${text.width} pixels for the text`);
  assert.ok(height <= 422 && act.y + act.height <= y + height, "the buttons stand in a card of half the height");
  await lab.get("choice").first().tap();
  const verdict = await card.getByRole("status").boundingBox();
  const { y: below } = await lab.get("next-mark").boundingBox();
  assert.ok(verdict.y + verdict.height <= below, "what is said to an answer is in sight");
  await lab.get("next-mark").tap();
  await lab.computed();
  assert.equal(await card.evaluate((one) => one.scrollTop), 0);
}, PHONE);

story("in a frame of a documentation page nothing lies below its edge, and the header is one row", "v=1&lesson=hello&t=10s", async (lab, page) => {
  await lab.computed();
  const tops = await page.locator(".top > *").evaluateAll((all) =>
    all.filter((one) => one.offsetHeight).map((one) => one.offsetTop + one.offsetHeight / 2),
  );
  assert.ok(Math.max(...tops) - Math.min(...tops) < 10, `middles at ${tops}`);
  for (const tab of ["timeline", "clients", "inspector", "broker"]) {
    await lab.tab(tab);
    await lab.drawn();
    const { y, height } = await page.locator(`.panels .${tab}`).boundingBox();
    assert.ok(y + height <= 720, `${tab} ends at ${y + height}`);
  }
}, FRAME);

/** What a finger hardly hits: the buttons and fields in sight that are lower or narrower than 40 pixels; links in text may be. */
const small = (page) =>
  page.evaluate(() => {
    const all = [...document.querySelectorAll("#lab :is(button:not(.link), select, summary, input:not([type=checkbox], [type=range], [type=file]))")];
    const seen = all.filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".visually-hidden"));
    return seen.flatMap((one) => {
      const { width, height } = one.getBoundingClientRect();
      return width && (height < 40 || width < 36) ? [`${one.dataset.test || one.outerHTML.slice(0, 80)}: ${Math.round(width)} × ${Math.round(height)}`] : [];
    });
  });

story("at 360 pixels every panel is reached, fits, and can be touched", "v=1&lesson=will&t=5s", async (lab, page) => {
  await lab.computed();
  await lab.get("tab-more").tap();
  const names = await page.locator(".tabs [data-test^=tab-]:not([data-test=tab-more])").evaluateAll((all) => all.map((one) => one.dataset.test.slice(4)));
  assert.ok(names.length >= 12);
  const wrong = [];
  for (const name of names) {
    await lab.tab(name);
    const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    if (width > room) wrong.push(`${name}: ${width} pixels in ${room}`);
    wrong.push(...(await small(page)).map((one) => `${name}: ${one}`));
    const tab = lab.get(`tab-${name}`);
    assert.equal(await tab.getAttribute("aria-pressed"), "true");
    if (!(await tab.isVisible())) assert.equal((await lab.get("tab-more").textContent()).trim(), await tab.textContent());
  }
  assert.deepEqual([...new Set(wrong)], []);
}, { ...PHONE, viewport: { width: 360, height: 740 } });
