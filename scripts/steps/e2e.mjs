// Tells the stories of tests/e2e, two files at a time, as TAP. A file with a story that failed is told once more, alone: on a busy machine
// a browser now and then does not get its turn in time. What passes then counts as passed, and is named as unsteady.
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { tap } from "node:test/reporters";

/** Tells one file's stories and prints them together: how many passed, and the names of those that did not. */
async function tell(file) {
  const told = { passed: 0, failed: [] };
  async function* noted(events) {
    for await (const event of events) {
      const { type, data } = event;
      if (data.details?.type !== "suite") {
        if (type === "test:pass") told.passed += 1;
        if (type === "test:fail") told.failed.push(data.name);
      }
      // The sums are printed at the end, over all files and both times.
      if (type !== "test:diagnostic") yield event;
    }
  }
  let text = "";
  for await (const line of run({ files: [file], concurrency: 1 }).compose(noted).compose(tap)) text += line;
  process.stdout.write(`# ${file}\n${text}`);
  return told;
}

const files = readdirSync("tests/e2e").filter((name) => name.endsWith(".mjs")).map((name) => `tests/e2e/${name}`);
const [told, waiting] = [new Map(), files.sort()];
const worker = async () => {
  for (let file = waiting.shift(); file; file = waiting.shift()) told.set(file, await tell(file));
};
await Promise.all([worker(), worker()]);

for (const [file, { failed }] of told) {
  if (failed.length === 0) continue;
  console.log(`# told once more: ${file}`);
  const second = await tell(file);
  for (const name of failed) if (!second.failed.includes(name)) console.log(`# unsteady: ${file}: ${name}`);
  for (const name of second.failed) console.log(`# failed again: ${file}: ${name}`);
  told.set(file, second);
}
const sum = (part) => [...told.values()].reduce((sum, tally) => sum + part(tally), 0);
const failed = sum((tally) => tally.failed.length);
console.log(`# pass ${sum((tally) => tally.passed)}`);
console.log(`# fail ${failed}`);
process.exitCode = failed > 0 ? 1 : 0;
