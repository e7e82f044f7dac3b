/**
 * Glassbroker without a page: a real MQTT broker in this very process, in real or in simulated time.
 *
 *     import init, { GlassBroker } from "./glassbroker.js";
 *     await init();
 *     const broker = new GlassBroker({ profile: "mqtt", time: "virtual" });
 *
 * It works in browsers and in Node. Types and documentation are in glassbroker.d.ts.
 */
import loadWasm, { Engine } from "./glassbroker_bg.js";
import { makeGlassSocket, makeTaskQueue } from "./glass-socket.js";
import { virtualPace, wallPace } from "./pace.js";

let loading;

/** Loads the WebAssembly module: from beside this file, or from `source` (a URL, a Response, bytes or a module). */
export default function init(source) {
  loading ??= load(source).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(source) {
  const file = source ?? new URL("./glassbroker_bg.wasm", import.meta.url);
  if (file instanceof URL && file.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    await loadWasm({ module_or_path: await readFile(file) });
  } else {
    await loadWasm({ module_or_path: file });
  }
}

const OPTIONS = ["profile", "set", "users", "anonymous", "acl", "policies", "seed", "epoch", "time", "trace", "link"];

/** What was given: an option that is undefined was not. */
function given(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

export class GlassBroker {
  #engine;
  #pace;
  #tasks = makeTaskQueue();
  #sockets = new Map();
  /** The time, once the run has ended. */
  #end;

  constructor(options = {}) {
    const { time = "wall", ...rest } = given(options);
    const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
    if (unknown !== undefined) {
      throw new TypeError(`GlassBroker has no option \`${unknown}\`: it takes ${OPTIONS.join(", ")}`);
    }
    if (time !== "wall" && time !== "virtual") {
      throw new TypeError(`\`time\` is "wall" or "virtual", not ${JSON.stringify(time)}`);
    }
    // The engine reads them as a file, whose errors have places.
    if (rest.policies !== undefined) rest.policies = JSON.stringify(rest.policies, null, 2);
    this.#engine = new Engine(rest);
    this.#pace = (time === "wall" ? wallPace : virtualPace)(this.#engine, this.#tasks);
  }

  get WebSocket() {
    return this.webSocketFor(globalThis);
  }

  webSocketFor(realm) {
    let made = this.#sockets.get(realm);
    if (!made) {
      const transport = { connect: (...socket) => this.#live.transport.connect(...socket) };
      made = makeGlassSocket(transport, realm, this.#tasks);
      this.#sockets.set(realm, made);
    }
    return made;
  }

  socket(url, protocols) {
    return new this.WebSocket(url, protocols);
  }

  get clock() {
    return this.#pace.clock;
  }

  get now() {
    if (!this.#engine) return this.#end;
    this.#pace.touch();
    return this.#engine.now() / 1000;
  }

  advance(ms) {
    return this.#live.advance(ms);
  }

  trace(query = {}) {
    this.#live.touch();
    return this.#engine.trace(query);
  }

  traceText() {
    this.#live.touch();
    return this.#engine.traceText();
  }

  traceHash() {
    this.#live.touch();
    return this.#engine.traceHash();
  }

  ledger() {
    this.#live.touch();
    return this.#engine.ledger();
  }

  bill({ prices = "" } = {}) {
    this.#live.touch();
    return this.#engine.bill(`${prices}`);
  }

  metrics() {
    this.#live.touch();
    return this.#engine.metrics();
  }

  log() {
    this.#live.touch();
    return this.#engine.log();
  }

  whoMay({ client, user, topic }) {
    this.#live.touch();
    return this.#engine.whoMay(`${client}`, user, `${topic}`);
  }

  snapshot() {
    this.#live.touch();
    return this.#engine.snapshot();
  }

  command(step) {
    this.#live.touch();
    const { do: what, client, ...rest } = step;
    // A live client does as its own code says: only the broker can disconnect it.
    const operators = what === "disconnect" && Object.keys(rest).length === 0 && !this.#engine.hasVirtual(`${client}`);
    const answer = this.#engine.command(JSON.stringify(operators ? { on: "broker", ...step } : step));
    this.#live.touch();
    if (!answer) return undefined;
    const [operation, status, body] = answer;
    return { operation, status, body: body ? JSON.parse(body) : null };
  }

  load(scenario) {
    const { restart } = this.#live;
    this.#engine.load(typeof scenario === "string" ? scenario : JSON.stringify(scenario));
    restart();
  }

  close() {
    if (!this.#engine) return;
    this.#end = this.now;
    this.#pace.stop();
    this.#pace.transport.closeAll(1001, "the broker was closed");
    this.#pace.transport.free();
    this.#engine.free();
    this.#engine = undefined;
  }

  get #live() {
    if (!this.#engine) throw new Error("this broker was closed");
    return this.#pace;
  }
}
