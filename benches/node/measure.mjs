// Messages a second in Node, as benches/broker.rs measures them natively: `node benches/node/measure.mjs MODULE`, where MODULE is what
// scripts/build/bench-module makes of benches/node/module.rs. Last comes aedes on the same work. Each line is the median of several rounds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { aedesBench } from "./aedes.mjs";

const require = createRequire(import.meta.url);
const { Bench } = require(resolve(process.argv[2]));
const { Aedes } = await import(createRequire(new URL("../../tests/package.json", import.meta.url)).resolve("aedes"));

const ROUND_MS = 60;
const ROUNDS = 7;
const WARM_UP_MS = 300;

/** Time on the processor where the system tells it, so that other programs count less; else time on the wall. */
function nowMs() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "latin1").split(" ")[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

async function measure(engine, version, qos, subscribers, packetsAChunk, trace, bench) {
  // So many rounds of traffic that each measurement is long enough; finding their number warms the compiler up.
  let count = 1;
  const began = nowMs();
  for (;;) {
    const start = nowMs();
    await bench.run(count);
    const took = nowMs() - start;
    if (took >= ROUND_MS && nowMs() - began >= WARM_UP_MS) break;
    if (took < ROUND_MS) count *= 2;
  }
  const rounds = [];
  for (let n = 0; n < ROUNDS; n++) {
    const start = nowMs();
    const delivered = await bench.run(count);
    rounds.push(((nowMs() - start) * 1e6) / delivered);
  }
  await bench.free();
  rounds.sort((a, b) => a - b);
  const ns = rounds[ROUNDS >> 1];
  const cells = [engine.padEnd(8), version.padEnd(8), String(qos).padStart(4), String(subscribers).padStart(12)];
  cells.push(String(packetsAChunk).padStart(14), trace.padEnd(8), (1e9 / ns).toFixed(0).padStart(12), ns.toFixed(0).padStart(9));
  console.log(cells.join(" "));
}

const shapes = [["3.1.1", 1, 1], ["3.1.1", 1, 32], ["3.1.1", 1000, 1], ["5.0", 1, 1], ["5.0", 1, 32]];
for (const [version, subscribers, packetsAChunk] of shapes) {
  for (const qos of [0, 1, 2]) {
    for (const trace of ["off", "packets", "full"]) {
      const bench = new Bench(parseInt(version), qos, subscribers, packetsAChunk, trace);
      await measure("wasm", version, qos, subscribers, packetsAChunk, trace, bench);
    }
    // aedes speaks no MQTT 5.
    if (version === "5.0") continue;
    const bench = await aedesBench(Aedes, qos, subscribers, packetsAChunk);
    await measure("aedes", version, qos, subscribers, packetsAChunk, "off", bench);
  }
}
