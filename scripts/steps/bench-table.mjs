// The benchmark table out of what scripts/bench measured: `bench-table.mjs FOLDER [--write]`; the latter renews docs/benchmarks.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, write] = process.argv.slice(2);
const lines = (name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n");

const number = (value) => Math.round(value).toLocaleString("en");
const short = (value) => (value >= 1e6 ? `${(value / 1e6).toFixed(2)} M` : `${(value / 1e3).toFixed(value < 1e5 ? 1 : 0)} k`);
const speed = (ns) => (ns === undefined ? "" : `${short(1e9 / ns)} · ${number(ns)}`);

function table(heads, rows) {
  const cells = [heads, ...rows].map((row) => row.map(String));
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const isText = (column) => rows.every((row) => !/^[\d-]/.test(String(row[column])));
  const line = (row) => `| ${row.map((cell, n) => (isText(n) ? cell.padEnd(widths[n]) : cell.padStart(widths[n]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, n) => (isText(n) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join("\n");
}

// Nanoseconds a message, by what was measured.
const measured = new Map();
const shapes = new Map();
for (const line of [...lines("native"), ...lines("node")]) {
  const [engine, version, qos, subscribers, packets, trace, , ns] = line.trim().split(/\s+/);
  if (engine === "engine") continue;
  const shape = [version, subscribers, packets, qos].join(" ");
  shapes.set(shape, { version, qos, subscribers, packets });
  measured.set(`${shape} ${engine} ${trace}`, Number(ns));
}

function messages(version) {
  const withAedes = version === "3.1.1";
  const rows = [];
  for (const [shape, { version: of, qos, subscribers, packets }] of shapes) {
    if (of !== version) continue;
    const ns = (engine, trace) => measured.get(`${shape} ${engine} ${trace}`);
    const row = [`one to ${number(subscribers)}`, qos, packets];
    for (const engine of ["native", "wasm"]) for (const trace of ["off", "packets", "full"]) row.push(speed(ns(engine, trace)));
    if (withAedes) row.push(speed(ns("aedes", "off")), `${(ns("aedes", "off") / ns("wasm", "off")).toFixed(0)}×`);
    rows.push(row);
  }
  const heads = ["clients", "QoS", "packets a chunk", "native", "trace `packets`", "trace `full`", "wasm", "trace `packets`", "trace `full`"];
  if (withAedes) heads.push("aedes", "wasm ÷ aedes");
  return table(heads, rows);
}

function aims() {
  const ns = (qos, packets, engine, trace = "off") => measured.get(`3.1.1 1 ${packets} ${qos} ${engine} ${trace}`);
  const both = (what) => [1, 32].map((packets) => what(packets)).join(" / ");
  const share = (part, whole) => `${((100 * whole) / part).toFixed(0)} %`;
  const times = (slow, fast) => `${(slow / fast).toFixed(0)}×`;
  const rows = [0, 1].map((qos) => [
    `native, QoS ${qos}`,
    ["3 M a second", "1 M a second"][qos],
    both((packets) => short(1e9 / ns(qos, packets, "native"))),
  ]);
  for (const qos of [0, 1]) {
    rows.push([`wasm in Node, QoS ${qos}`, ["1.5 M a second", "0.5 M a second"][qos], both((packets) => short(1e9 / ns(qos, packets, "wasm")))]);
  }
  for (const qos of [0, 1]) {
    const reached = both((packets) => share(ns(qos, packets, "native", "packets"), ns(qos, packets, "native")));
    rows.push([`native with the trace at \`packets\`, QoS ${qos}`, "25 % of without", reached]);
  }
  for (const qos of [0, 1, 2]) {
    rows.push([`wasm in Node against aedes, QoS ${qos}`, "20×", both((packets) => times(ns(qos, packets, "aedes"), ns(qos, packets, "wasm")))]);
  }
  const wanted = { "first load of the page": "240 KB", "headless module": "120 KB" };
  for (const [title, [, gzip]] of totals()) if (title in wanted) rows.push([`${title}, gzip`, wanted[title], kilo(gzip)]);
  return table(["aim", "wanted", "reached (1 / 32 packets a chunk)"], rows);
}

function matching() {
  const rows = [];
  for (const line of lines("matching")) {
    const [, what, subscribed, matched, ns] = /^(.*?) +(\d+) +(\d*) +([\d.]+)$/.exec(line) ?? [];
    if (what === undefined) continue;
    rows.push([what, number(subscribed), matched === "" ? "" : number(matched), number(ns), matched > 0 ? number(ns / matched) : ""]);
  }
  return table(["look-up", "stored", "matched", "ns", "ns each match"], rows);
}

const idle = () => table(["10,000 idle connections", ""], lines("idle").map((line) => line.split(": ")).map(([what, value]) => [what, value]));

/** Script a frame, with what is over its aim in bold. */
function page() {
  const rows = [];
  for (const line of lines("page").slice(1)) {
    const [scenario, action, median, p95, most, frames, aim] = line.trim().split(/ {2,}/);
    rows.push([scenario, action, median, p95, most, frames, Number(p95) < Number(aim) ? `under ${aim}` : `under ${aim}: missed`]);
  }
  return table(["run", "while", "median, ms", "95th percentile, ms", "most, ms", "frames", "aim at the 95th"], rows);
}

const kilo = (bytes) => `${(bytes / 1000).toFixed(0)} KB`;
function totals() {
  return lines("sizes")
    .map((line) => /^(\S.*?) +([\d,]+) +([\d,]+) +([\d,]+)$/.exec(line))
    .filter(Boolean)
    .map(([, title, ...bytes]) => [title, bytes.map((text) => Number(text.replaceAll(",", "")))]);
}
const sizes = () => table(["bytes", "raw", "gzip", "brotli"], totals().map(([title, bytes]) => [title, ...bytes.map(number)]));

const sections = {
  machine: lines("machine").join("\n"),
  aims: aims(),
  "messages, MQTT 3.1.1": messages("3.1.1"),
  "messages, MQTT 5.0": messages("5.0"),
  matching: matching(),
  idle: idle(),
  page: page(),
  sizes: sizes(),
};
for (const [name, text] of Object.entries(sections)) console.log(`\n${name}\n\n${text}`);

if (write === "--write") {
  const path = new URL("../../docs/benchmarks.md", import.meta.url);
  let page = readFileSync(path, "utf8");
  for (const [name, text] of Object.entries(sections)) {
    const begin = `<!-- measured: ${name} -->\n`;
    const end = "\n<!-- end -->";
    const from = page.indexOf(begin);
    const to = page.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`docs/benchmarks.md has no place for: ${name}`);
    page = page.slice(0, from + begin.length) + text + page.slice(to);
  }
  writeFileSync(path, page);
}
