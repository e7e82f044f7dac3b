// The sizes of the page's and the headless module's files: raw, gzip -9, brotli 11, in bytes.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = process.argv[2];
// The first load is what an embedded lesson needs before it can be used. The second module comes when one of its views is opened, or
// the page has nothing else to do; mqtt.js waits beside the page for whoever calls for it in the console.
const isSecond = (name) => /^later-.*\.wasm$/.test(name);
const ofLab = /^(headless\/(lab|clock|glass-socket|live)\.js|[^/]*\.(html|css|js|mjs|wasm))$/;
const isFirstLoad = (name) => name !== "mqtt.js" && !isSecond(name) && ofLab.test(name);
const isHeadless = (name) => /^headless\/.*\.(js|mjs|wasm)$/.test(name);

function row(title, sizes) {
  console.log(title.padEnd(44) + sizes.map((bytes) => bytes.toLocaleString("en").padStart(12)).join(""));
}
function report(title, names) {
  const total = [0, 0, 0];
  for (const name of names) {
    const bytes = readFileSync(join(folder, name));
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    const sizes = [bytes.length, gzipSync(bytes, { level: 9 }).length, brotli.length];
    sizes.forEach((size, index) => (total[index] += size));
    row("  " + name, sizes);
  }
  row(title, total);
}

const names = readdirSync(folder, { recursive: true })
  .filter((name) => statSync(join(folder, name)).isFile())
  .map((name) => name.replaceAll("\\", "/"))
  .sort();
console.log("bytes".padEnd(44) + ["raw", "gzip", "brotli"].map((word) => word.padStart(12)).join(""));
report("first load of the page", names.filter(isFirstLoad));
report("loaded later by the page", names.filter(isSecond));
report("headless module", names.filter(isHeadless));
