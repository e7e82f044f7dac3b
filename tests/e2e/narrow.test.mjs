// Where there is little room: a phone, and a frame in a column of documentation.
import assert from "node:assert/strict";
import { stories } from "../support/lab.mjs";

const { story } = stories();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
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

story("in a frame of a documentation page nothing lies below its edge, and the header is one row", "v=1&lesson=hello&t=10s", async (lab, page) => {
  await lab.computed();
  const tops = await page.locator(".top > *").evaluateAll((all) =>
    all.filter((one) => one.offsetHeight).map((one) => one.offsetTop + one.offsetHeight / 2),
  );
  assert.ok(Math.max(...tops) - Math.min(...tops) < 10, `middles at ${tops}`);
  for (const tab of ["timeline", "clients", "inspector", "broker"]) {
    await lab.get(`tab-${tab}`).click();
    await lab.drawn();
    const { y, height } = await page.locator(`.panels .${tab}`).boundingBox();
    assert.ok(y + height <= 720, `${tab} ends at ${y + height}`);
  }
}, FRAME);
