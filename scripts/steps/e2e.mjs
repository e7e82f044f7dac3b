// Tells the stories of tests/e2e, two files at a time, as TAP. A file with a story that failed is told once more, alone: on a busy machine
// a browser now and then does not get its turn in time. What passes then counts as passed, and is named as unsteady.
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { tap } from "node:test/reporters";

/** Tells these files' stories and prints them: for each file how many passed, and the names of those that did not. */
async function tell(files, concurrency) {
  const told = new Map(files.map((file) => [file, { passed: 0, failed: [] }]));
  async function* noted(events) {
    for await (const event of events) {
      const { type, data } = event;
      const tally = told.get(files.find((file) => data.file?.endsWith(file)) ?? data.name);
      if (tally && data.details?.type !== "suite") {
        if (type === "test:pass") tally.passed += 1;
        if (type === "test:fail") tally.failed.push(data.name);
      }
      // The sums are printed at the end, over both times.
      if (type !== "test:diagnostic") yield event;
    }
  }
  for await (const line of run({ files, concurrency }).compose(noted).compose(tap)) process.stdout.write(line);
  return told;
}

const files = readdirSync("tests/e2e").filter((name) => name.endsWith(".mjs"));
const told = await tell(files.map((name) => `tests/e2e/${name}`).sort(), 2);
const again = [...told.keys()].filter((file) => told.get(file).failed.length > 0);
if (again.length > 0) {
  console.log(`# told once more: ${again.join(", ")}`);
  for (const [file, second] of await tell(again, 1)) {
    for (const name of told.get(file).failed) if (!second.failed.includes(name)) console.log(`# unsteady: ${file}: ${name}`);
    told.set(file, second);
  }
}
const sum = (part) => [...told.values()].reduce((sum, tally) => sum + part(tally), 0);
for (const [file, { failed }] of told) for (const name of failed) console.log(`# failed twice: ${file}: ${name}`);
console.log(`# pass ${sum(({ passed }) => passed)}`);
console.log(`# fail ${sum(({ failed }) => failed.length)}`);
process.exitCode = sum(({ failed }) => failed.length) > 0 ? 1 : 0;
