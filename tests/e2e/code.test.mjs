// The code panel: a user's program against the broker of the page, what it may not do, and a client as code.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { deflateRawSync } from "node:zlib";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
const EMPTY = { title: "Empty", until: "60s", clients: [{ id: "lamp" }], steps: [{ at: "1s", client: "lamp", do: "connect" }] };
const HASH = `${scenarioHash(EMPTY)}&t=0s&view=code`;

/** Writes a program and runs it, under one of the two times. */
async function run(lab, code, time = "Wall") {
  await lab.get("code-text").fill(code);
  await lab.get("code-time").selectOption(time);
  await lab.get("code-run").click();
}

/** Waits for a line of output, and gives all of them. */
async function said(lab, text) {
  await lab.get("code-lines").getByText(text).first().waitFor();
  return lab.get("code-lines").locator("p").allInnerTexts();
}

story("a program's connection is a client of the run", HASH, async (lab, page) => {
  await lab.get("code-run").waitFor();
  assert.equal(await page.locator("iframe").count(), 0, "nothing is loaded before a program is run");
  await run(lab, await lab.get("code-text").inputValue());
  await said(lab, "greetings/all hello");
  await page.getByText("my-program").first().waitFor();
  const frame = page.locator("iframe");
  assert.equal(await frame.getAttribute("sandbox"), "allow-scripts");
  await lab.get("code-stop").click();
  await said(lab, "It was stopped");
  assert.equal(await frame.count(), 0);
});

story("in simulated time a program waits with the run, at any speed", HASH, async (lab) => {
  const code = `
    const client = await mqtt.connectAsync("ws://glass/mqtt", { clientId: "slow", keepalive: 0 });
    console.log("connected at", new Date().toISOString());
    await new Promise((done) => setTimeout(done, 30000));
    console.log("later at", new Date().toISOString(), performance.now() > 30000);
    for (let n = 0; n < 20; n += 1) await client.publishAsync("t", String(n), { qos: 1 });
    console.log("published");`;
  await run(lab, code, "Simulated");
  await said(lab, "stands still");
  assert.deepEqual((await said(lab, "stands still")).length, 1, "nothing happens while time stands still");
  await lab.get("speed").fill("20");
  const began = Date.now();
  await lab.get("play").click();
  const lines = await said(lab, "published");
  assert.ok(Date.now() - began < 20_000, "half a minute passes in less");
  assert.match(lines[1], /connected at 2026-01-01T00:00:00\.\d+Z/);
  assert.match(lines[2], /later at 2026-01-01T00:00:30\.\d+Z true/);
});

story("stepping goes on by what concerns the program", HASH, async (lab) => {
  await run(lab, `setTimeout(() => console.log("at", performance.now()), 500);`, "Simulated");
  await said(lab, "stands still");
  // The frame loads meanwhile; a step waits for it.
  await lab.get("next").click();
  await said(lab, "at 500");
  assert.equal(await lab.at(), 500_000);
});

story("a program reaches neither the page nor a network", HASH, async (lab, page) => {
  // A server that lets anybody in hears of what leaves the browser; of what was asked of the page's own, the answers tell.
  const heard = [];
  const server = createServer((request, response) => {
    heard.push(request.url);
    response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript" }).end("1");
  });
  server.on("upgrade", (request, socket) => {
    heard.push(request.url);
    socket.destroy();
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const outside = `http://127.0.0.1:${server.address().port}`;
  page.on("response", (response) => response.url().includes("out") && heard.push(response.url()));
  await page.evaluate(() => localStorage.setItem("secret", "1"));
  const origin = new URL(page.url()).origin;
  const tries = `
    const tries = {
      fetch: () => fetch("${origin}/headless/clock.js?out"),
      elsewhere: () => fetch("${outside}/out"),
      // A worker of its own has the browser's own WebSocket.
      "a worker's worker": () => new Promise((done, fail) => {
        const code = 'new WebSocket("${outside.replace("http", "ws")}/out").onerror = () => fetch("${outside}/out").then(() => postMessage(1), () => postMessage(0));';
        const worker = new Worker(URL.createObjectURL(new Blob([code])));
        worker.onmessage = ({ data }) => (data ? done() : fail());
        worker.onerror = fail;
      }),
      "import elsewhere": () => import("${outside}/out"),
      "scripts elsewhere": () => importScripts("${outside}/out"),
      xhr: () => new Promise((done, fail) => {
        const request = new XMLHttpRequest();
        request.open("GET", "${origin}/index.html?out");
        request.onerror = fail;
        request.onload = done;
        request.send();
      }),
      import: () => import("${origin}/headless/clock.js?out"),
      data: () => import("data:text/javascript,1"),
      scripts: () => importScripts("${origin}/headless/clock.js?out"),
      worker: () => new Worker("${origin}/headless/clock.js?out"),
      eval: () => eval("1"),
      events: () => new Promise((done, fail) => {
        const source = new EventSource("${origin}/?out");
        source.onerror = fail;
        source.onopen = done;
      }),
      storage: () => localStorage.getItem("secret"),
      database: () => new Promise((done, fail) => {
        const request = indexedDB.open("x");
        request.onerror = fail;
        request.onsuccess = done;
      }),
      caches: () => caches.open("x"),
      page: () => parent.document,
      top: () => { top.location = "https://example.com/"; },
      opener: () => open("https://example.com/"),
      document: () => document.body,
    };
    for (const [name, act] of Object.entries(tries)) {
      try {
        await act();
        console.error("REACHED", name);
      } catch {
        console.log("refused", name);
      }
    }
    console.log(origin, "done");`;
  await run(lab, tries);
  const lines = await said(lab, "null done");
  assert.deepEqual(lines.filter((line) => line.includes("REACHED")), []);
  assert.equal(lines.filter((line) => line.startsWith("refused")).length, 19);
  assert.deepEqual(heard, []);
  server.close();
  assert.equal(new URL(page.url()).origin, origin);
  // What the policy of the sandbox refuses is told in the console, for the sandbox alone.
  lab.errors = lab.errors.filter((error) => error.startsWith("the policy of the page"));
  lab.errors.length && assert.fail(lab.errors.join("\n"));
});

story("what is no message of a program is refused with a word", HASH, async (lab) => {
  const code = `
    // The runtime's own port is out of reach; a port of the program's own, and the worker's, lead nowhere.
    new MessageChannel().port1.postMessage({ type: "line", level: "log", text: "FORGED" });
    self.postMessage({ type: "line", level: "log", text: "FORGED" });
    new WebSocket("ws://glass/mqtt", Array.from({ length: 30 }, (_, n) => "p" + n));
    console.log("x".repeat(5000));`;
  await run(lab, code);
  const lines = await said(lab, "was refused");
  assert.equal(lines.some((line) => line.includes("FORGED")), false);
  assert.ok(lines.every((line) => line.length < 2100));
});

story("an endless loop freezes nothing, and is stopped", HASH, async (lab, page) => {
  await run(lab, "for (;;);");
  await lab.get("code-silent").waitFor();
  await lab.drawn();
  await lab.get("code-silent").getByRole("button").click();
  await said(lab, "It was stopped");
  await run(lab, `for (let n = 0; ; n += 1) new WebSocket("ws://glass/mqtt");`);
  await said(lab, "It said too much at once.");
  assert.equal(await page.locator("iframe").count(), 0);
});

story("errors have their line", HASH, async (lab) => {
  await run(lab, "const a = 1;\nlet b = ;\n");
  await said(lab, /Line 2: .*SyntaxError/);
  await lab.get("code-stop").click();
  await run(lab, `import mqtt from "mqtt";\nawait 1;\n\nmqtt.nothing();`);
  await said(lab, /Line 4: TypeError/);
});

/** The hash of a link that carries a program. */
function withProgram(code) {
  const run = { glassbroker: 1, engine: "0.1.0", scenario: { glassbroker: 1, ...EMPTY }, code };
  return `v=1&run=${deflateRawSync(JSON.stringify(run)).toString("base64url")}&t=0s&view=code`;
}

story("a link shows its program and runs nothing", withProgram(`console.log("from afar");`), async (lab, page) => {
  await lab.get("code-foreign").waitFor();
  assert.equal(await lab.get("code-text").inputValue(), `console.log("from afar");`);
  await lab.get("play").click();
  await lab.drawn();
  assert.equal(await page.locator("iframe").count(), 0);
  assert.equal(await lab.get("code-lines").locator("p").count(), 1);
  await lab.get("code-run").click();
  await said(lab, "from afar");
  assert.equal(await lab.get("code-foreign").count(), 0);
});

story("a run that goes on in a branch leaves its program behind", HASH, async (lab) => {
  const code = `const client = await mqtt.connectAsync("ws://glass/mqtt", { clientId: "left" }); console.log("connected");`;
  await run(lab, code, "Simulated");
  await lab.get("play").click();
  await said(lab, "connected");
  await lab.get("play").click();
  await lab.get("start").click();
  await lab.get("cut").first().click();
  await said(lab, "closed with 1012");
});

story("what a client does is shown as code, in each language", "v=1&lesson=hello&view=code&t=1s", async (lab) => {
  await lab.get("code-view").selectOption("A client as code");
  const seen = [];
  for (const [index, word] of ['import mqtt from "mqtt"', "import paho.mqtt.client", "from awscrt import", 'import sdk from "aws-iot-device-sdk-v2"', "mosquitto_"].entries()) {
    await lab.get("code-language").selectOption({ index });
    await lab.get("code-written").getByText(word).waitFor();
    seen.push(await lab.get("code-written").innerText());
  }
  assert.equal(new Set(seen).size, 5);
  await lab.get("code-language").selectOption({ index: 0 });
  await lab.get("code-edit").click();
  await run(lab, await lab.get("code-text").inputValue(), "Wall");
  await said(lab, "It runs.");
  await lab.get("code-lines").locator("[data-level=error]").first().waitFor({ timeout: 1000 }).then(
    () => assert.fail("it failed"),
    () => {},
  );
});
