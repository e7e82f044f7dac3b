// Scenarios in files: opened by the button and by dropping, explained where they are wrong, and saved.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story, visit } = stories();

const LAMP = {
  glassbroker: 1,
  title: "A lamp <img src=nowhere onerror=alert(1)>",
  about: "<b>It</b> says that it is on.",
  until: "10s",
  clients: [{ id: "lamp" }],
  steps: [
    { at: "1s", client: "lamp", do: "connect" },
    { at: "2s", client: "lamp", do: "publish", topic: "lamps/1/state", payload: "<i>on</i>" },
  ],
};
const jsonFile = (name, text) => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });
const choose = (lab, text, name = "lamp.json") => lab.get("open-file").setInputFiles(jsonFile(name, text));

/** Drops a file onto the page, as the browser tells the page of it. */
function drop(page, name, text) {
  return page.evaluate(
    ([name, text]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], name));
      const target = document.querySelector("[data-test=timeline]");
      const tell = (type) =>
        target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      const taken = !tell("dragover");
      const shown = document.documentElement.classList.contains("dropping");
      tell("drop");
      return { taken, shown, after: document.documentElement.classList.contains("dropping") };
    },
    [name, text],
  );
}

async function seesTheLamp(lab, page) {
  await lab.client("lamp").waitFor();
  await lab.toEnd();
  await lab.get("topic-leaf", { topic: "lamps/1/state" }).filter({ hasText: "<i>on</i>" }).waitFor();
  assert.equal(await lab.get("scenario").locator("option:checked").textContent(), LAMP.title);
  assert.match(await lab.get("narration").textContent(), /A lamp <img src=nowhere onerror=alert\(1\)>/);
  assert.match(await lab.get("narration").textContent(), /<b>It<\/b> says/);
  assert.equal(await page.locator("img, .narration b, .topics i").count(), 0, "text is no markup");
}

story("a scenario is opened from a file, and the address leads to it", "v=1&lesson=hello&t=10s", async (lab, page) => {
  const chooser = page.waitForEvent("filechooser");
  await lab.get("open").click();
  await (await chooser).setFiles(jsonFile("lamp.json", JSON.stringify(LAMP)));
  await seesTheLamp(lab, page);
  await page.reload();
  await lab.get("play").waitFor();
  await seesTheLamp(lab, page);
});

story("a scenario is opened by dropping a file onto the page", "v=1&lesson=hello&t=10s", async (lab, page) => {
  assert.deepEqual(await drop(page, "lamp.json", JSON.stringify(LAMP)), { taken: true, shown: true, after: false });
  await seesTheLamp(lab, page);
});

story("a wrong file is explained with line and column, and what runs stays", "v=1&lesson=hello&t=10s", async (lab, page) => {
  await lab.computed();
  const lines = [
    "{",
    '  "glassbroker": 1,',
    '  "clients": [{ "id": "lamp", "colour": "red" }],',
    '  "steps": [{ "at": "soon", "client": "lamp", "do": "publish", "topic": "a", "payload": "" }, { "at": "1s", "client": "<b>x</b>", "do": "connect" }]',
    "}",
  ];
  const place = (line, what) => `${line}:${lines[line - 1].indexOf(what) + 1}: `;
  const told = async () => {
    await lab.get("refused").waitFor();
    return lab.get("refused").locator("li").allTextContents();
  };
  await choose(lab, lines.join("\n"), "<u>red</u>.json");
  const problems = await told();
  assert.equal(problems.length, 2, problems.join("\n"));
  assert.ok(problems[0].startsWith(place(3, '"colour"')), problems[0]);
  assert.match(problems[0], /clients\[0\].*`colour`/);
  assert.ok(problems[1].startsWith(place(4, '"soon"')), problems[1]);
  assert.match(await lab.get("refused").locator("h2").textContent(), /^<u>red<\/u>\.json /);
  await page.keyboard.press("Escape");
  await lab.get("refused").waitFor({ state: "detached" });

  // Mended, it is one step further: a client that is not there.
  lines[2] = lines[2].replace(', "colour": "red"', "");
  lines[3] = lines[3].replace("soon", "0s");
  await choose(lab, lines.join("\n"));
  const [unknown] = await told();
  assert.ok(unknown.startsWith(place(4, '"<b>x</b>"')), unknown);
  assert.match(unknown, /<b>x<\/b>/);
  assert.equal(await lab.get("refused").locator("b, u").count(), 0, "text is no markup");
  await lab.get("close-dialog").click();
  await lab.get("refused").waitFor({ state: "detached" });

  await choose(lab, "{ no");
  assert.match((await told())[0], /^1:3: /);
  await page.mouse.click(5, 5);
  await lab.get("refused").waitFor({ state: "detached" });
  await drop(page, "huge.json", " ".repeat((4 << 20) + 1));
  assert.match((await told())[0], /4194305 bytes; at most 4194304/);
  await page.keyboard.press("Escape");
  assert.equal(await lab.get("scenario").inputValue(), "hello");
  assert.equal(await lab.at(), 10_000_000);
});

/** Saves to a file, and says its name and its text. */
async function saved(lab, page) {
  const download = page.waitForEvent("download");
  await lab.get("save").click();
  const file = await download;
  await lab.get("notice").filter({ hasText: file.suggestedFilename() }).waitFor();
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

story("a lesson is saved as the scenario that it is", "v=1&lesson=replay&t=60s", async (lab, page) => {
  await lab.computed();
  const events = await lab.events();
  const { name, text } = await saved(lab, page);
  assert.equal(name, "replay.json");
  const scenario = JSON.parse(text);
  assert.equal(scenario.glassbroker, 1);
  assert.deepEqual(scenario.clients.map(({ id }) => id), ["dashboard", "sensor", "alarm"]);
  await visit("v=1&lesson=hello&t=1s", async (other) => {
    await choose(other, text);
    await other.client("alarm").waitFor();
    await other.toEnd();
    assert.equal(await other.at(), 60_000_000);
    assert.equal(await other.events(), events, "it is the same run");
  });
});

story("what was done by hand is saved with it", scenarioHash({ title: "A quiet room", until: "60s" }), async (lab, page) => {
  await lab.addClient("lamp");
  await lab.publish("lamp", "lamps/1/state", "on");
  await lab.get("topic-leaf", { topic: "lamps/1/state" }).waitFor();
  await lab.pause();
  const { name, text } = await saved(lab, page);
  assert.equal(name, "a-quiet-room.json");
  await lab.toEnd();
  const events = await lab.events();
  await visit("v=1&lesson=hello&t=1s", async (other) => {
    await choose(other, text);
    await other.get("scenario").locator("option:checked", { hasText: "A quiet room" }).waitFor({ state: "attached" });
    await other.toEnd();
    await other.get("topic-leaf", { topic: "lamps/1/state" }).waitFor();
    assert.equal(await other.events(), events);
  });
});
