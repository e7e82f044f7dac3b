// Headless Chromium on the built site. With GLASSBROKER_URL unset it serves dist/ itself, so that one test file can be run alone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { settle } from "./settled.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The same pixels everywhere.
  "--font-render-hinting=none",
  "--force-device-scale-factor=1",
  "--disable-lcd-text",
];

/** Starts a browser and, where none is named, a server: `{ browser, url, close() }`. `url` ends in a slash. */
export async function start() {
  const server = process.env.GLASSBROKER_URL ? null : await serve();
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  const launch = () => chromium.launch({ executablePath, args: FLAGS });
  // Now and then a browser dies as it starts, which says nothing of the page.
  const browser = await launch().catch(launch);
  return {
    browser,
    url: process.env.GLASSBROKER_URL || server.url,
    async close() {
      await browser.close();
      server?.process.kill();
    },
  };
}

/**
 * A page of `browser` that fails its test on any error the site makes: `const { page, errors } = …; assert.deepEqual(errors, [])`. Where
 * it `settles`, each action of a user ends with its drawing.
 */
export async function open(browser, address, { settles = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  if (settles) settle(page);
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  if (address) await page.goto(address);
  return { context, page, errors };
}

async function serve() {
  const process = spawn("node", ["scripts/serve.mjs", "dist", "0"], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface(process.stdout), "line");
  return { process, url: line.replace("Glassbroker is at ", "") };
}
