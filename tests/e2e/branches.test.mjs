// Branches: named, drawn as a tree, compared side by side, thrown away and brought back.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { PHONE, stories } from "../support/lab.mjs";

const { story, visit } = stories();
const LINK = "v=1&lesson=hello&t=20s";

/** Publishes by hand at a part of the run that is past, and goes on to the end. */
async function leave(lab, part, topic) {
  await lab.scrub(part);
  await lab.publish("machine", topic, "by hand");
  await lab.page.locator("[data-test=branch]", { hasText: topic }).waitFor();
  await lab.toEnd();
}

const rows = (lab) =>
  lab.get("branch-row").evaluateAll((all) =>
    all.map((row) => `${row.dataset.depth} ${row.querySelector("input").value}${row.ariaCurrent ? " *" : ""}`),
  );

story("branches are named by what was done, stand as a tree, and can be called otherwise", LINK, async (lab, page) => {
  await lab.computed();
  await leave(lab, 1 / 3, "factory/8/a");
  await leave(lab, 1 / 2, "factory/8/b");
  assert.match(await lab.get("branch").textContent(), /this is the branch “machine published to factory\/8\/b at 0:15\.000”/);
  await lab.press("y");
  assert.deepEqual(await rows(lab), [
    "0 The run as it was at first",
    "1 machine published to factory/8/a at 0:09.999",
    "2 machine published to factory/8/b at 0:15.000 *",
  ]);
  assert.match(await lab.get("branches-dialog").textContent(), /A file holds all of them, and a link as long as they fit/);
  const name = lab.get("branch-row", { branch: 1 }).locator("input");
  await name.fill("  too early ");
  await name.press("Enter");
  await name.fill("");
  await name.press("Enter");
  assert.equal(await name.inputValue(), "too early", "a branch has a name");
  await lab.get("branch-row", { branch: 1 }).locator("[data-test=branch-go]").click();
  await page.keyboard.press("Escape");
  await lab.page.locator("[data-test=branch]", { hasText: "“too early”" }).waitFor();
});

story("two branches are compared, and what the scenario did in both is the same", LINK, async (lab) => {
  await lab.computed();
  await leave(lab, 1 / 3, "factory/8/status");
  await lab.press("y");
  await lab.get("branch-row", { branch: 0 }).locator("[data-test=branch-compare]").click();
  await lab.computed();
  const parted = await lab.get("side-row").evaluateAll((all) =>
    all.map((row) => row.dataset).filter(({ sign }) => sign !== "=").map(({ sign, about }) => `${sign} ${about.split(" ").slice(1).join(" ")}`),
  );
  assert.deepEqual(parted, ["≠1 on factory/8/status", "↳1 for dashboard"]);
  assert.equal(await lab.get("sides-own").textContent(), "machine published to factory/8/status at 0:09.999");
  assert.equal(await lab.get("sides-against").inputValue(), "branch:0");
  // One goes to the other branch, and sees both the other way round.
  await lab.get("branch-back").click();
  await lab.computed();
  assert.equal(await lab.get("sides-against").inputValue(), "branch:1");
  await lab.get("sides-against").selectOption("vernemq");
  await lab.computed();
  assert.equal(await lab.get("sides-own").textContent(), "mqtt");
});

story("a branch is thrown away, and brought back", LINK, async (lab) => {
  await lab.computed();
  await leave(lab, 1 / 3, "factory/8/a");
  await lab.press("y");
  await lab.get("branch-row", { branch: 1 }).locator("[data-test=branch-throw]").click();
  await lab.page.locator("[data-test=notice]", { hasText: "was thrown away" }).waitFor();
  assert.deepEqual(await rows(lab), ["0 The run as it was at first *"]);
  assert.equal(await lab.get("branch-throw").count(), 0, "the only one stays");
  await lab.get("branch-bring-back").click();
  await lab.drawn();
  assert.equal((await rows(lab)).length, 2);
});

story("of too many branches the one that was left first goes, with a word", LINK, async (lab) => {
  await lab.computed();
  for (let n = 1; n <= 7; n += 1) await leave(lab, 1 / 3, `factory/8/${n}`);
  assert.equal(await lab.page.locator("[data-test=notice]", { hasText: "At most" }).count(), 0);
  await lab.scrub(1 / 4);
  await lab.publish("machine", "factory/8/8", "by hand");
  await lab.page.locator("[data-test=notice]", { hasText: "At most 8 branches are kept: “The run as it was at first”" }).waitFor();
  await lab.press("y");
  assert.equal((await rows(lab)).length, 8);
});

story("a phone shows all of it, and comes back with one tap", LINK, async (lab, page) => {
  await lab.computed();
  await lab.tab("clients");
  await leave(lab, 1 / 3, "factory/8/a");
  await lab.tab("timeline");
  await lab.get("open-branches").tap();
  await lab.get("branch-row").last().waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} wide`);
  for (const button of await page.locator(".branch-acts button").all()) {
    assert.ok((await button.boundingBox()).height >= 40);
  }
  await lab.get("branch-row", { branch: 0 }).locator("[data-test=branch-go]").tap();
  await lab.get("branches").waitFor({ state: "attached" });
}, PHONE);

/** Both futures are there, compared as they were, and each can be gone to. */
async function hasBoth(lab) {
  await lab.computed();
  await lab.press("y");
  assert.deepEqual(await rows(lab), ["0 The run as it was at first", "1 too early *"]);
  await lab.get("branch-row", { branch: 0 }).locator("[data-test=branch-compare]").click();
  await lab.computed();
  await lab.page.locator('[data-test=side-row][data-sign="≠1"][data-about*="factory/8/a"]').waitFor();
  await lab.get("branch-back").click();
  await lab.computed();
  await lab.get("branches").waitFor();
}

/** Does something in the past, and calls that branch by a name. */
async function leaveAndName(lab) {
  await lab.computed();
  await leave(lab, 1 / 3, "factory/8/a");
  await lab.press("y");
  const name = lab.get("branch-row", { branch: 1 }).locator("input");
  await name.fill("too early");
  await name.press("Enter");
  await lab.page.keyboard.press("Escape");
  await lab.page.locator("[data-test=branch]", { hasText: "“too early”" }).waitFor();
}

story("a page that is loaded anew has both futures, and compares them", LINK, async (lab, page) => {
  await leaveAndName(lab);
  await page.reload();
  await lab.get("restored").waitFor();
  await hasBoth(lab);
});

story("a link that is opened elsewhere has both futures, and so has a file", LINK, async (lab, page) => {
  await leaveAndName(lab);
  await lab.get("share").click();
  await lab.page.locator("[data-test=notice]", { hasText: "is copied" }).waitFor();
  assert.doesNotMatch(await lab.get("notice").textContent(), /only the shown branch/);
  const [saved] = await Promise.all([page.waitForEvent("download"), lab.get("save").click()]);
  await visit(page.url().split("#")[1], hasBoth);
  const path = await saved.path();
  await visit("v=1&lesson=empty", async (lab) => {
    await lab.get("open-file").setInputFiles({ name: "run.json", mimeType: "application/json", buffer: await readFile(path) });
    await lab.page.locator("[data-test=branch]", { hasText: "“too early”" }).waitFor();
    await lab.toEnd();
    await hasBoth(lab);
  });
});

story("a link into which the branches do not fit says so, and has the shown one", LINK, async (lab, page) => {
  await leaveAndName(lab);
  // What does not compress: the other branch fills the link.
  const much = Array.from({ length: 1500 }, (_, n) => ((n + 1) * 2654435761 % 4294967296).toString(36)).join("");
  await lab.scrub(1 / 2);
  await lab.publish("machine", "factory/8/b", much);
  await lab.page.locator("[data-test=branch]", { hasText: "factory/8/b" }).waitFor();
  await lab.get("branch-back").click();
  await lab.page.locator("[data-test=branch]", { hasText: "“too early”" }).waitFor();
  await lab.computed();
  await lab.get("share").click();
  await lab.page.locator("[data-test=notice]", { hasText: "The link has only the shown branch; save a file for all." }).waitFor();
  await visit(page.url().split("#")[1], async (lab) => {
    await lab.computed();
    await lab.get("topic-leaf", { topic: "factory/8/a" }).waitFor();
    assert.equal(await lab.get("branch").count(), 0);
  });
});
