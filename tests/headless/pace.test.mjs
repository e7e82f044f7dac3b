// Virtual time, over an engine that only echoes: clients must act at the right instant, whatever way they take to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeClock } from "../../www/headless/clock.js";
import { makeGlassSocket, makeTaskQueue } from "../../www/headless/glass-socket.js";
import { virtualPace, wallPace } from "../../www/headless/pace.js";

/** An engine that opens every socket after a latency and echoes every message after two. */
class Echo {
  constructor(latencyUs) {
    this.latency = latencyUs;
    this.time = 0;
    this.events = [];
    this.inputs = [];
  }
  sockets() {
    return this;
  }
  now() {
    return this.time;
  }
  deadline() {
    return this.events.length > 0 ? Math.min(...this.events.map(([at]) => at)) : undefined;
  }
  attach(sink) {
    this.sink = sink;
  }
  later(after, act) {
    this.events.push([this.time + after, act]);
  }
  advance(to) {
    while (this.deadline() <= to) this.step();
    this.time = Math.max(this.time, to);
  }
  advanceUntilHeard(to) {
    const at = this.deadline();
    if (!(at <= to)) {
      this.time = to;
      return false;
    }
    while (this.deadline() === at) this.step();
    return true;
  }
  step() {
    const at = this.deadline();
    const index = this.events.findIndex(([time]) => time === at);
    const [[, act]] = this.events.splice(index, 1);
    this.time = at;
    act();
  }
  highest() {
    return 0;
  }
  open(id, url, protocols) {
    this.inputs.push([this.time, "open"]);
    this.later(2 * this.latency, () => this.sink.opened(id, protocols[0]));
    return id;
  }
  send(id, bytes) {
    this.inputs.push([this.time, ...bytes]);
    this.later(2 * this.latency, () => this.sink.message(id, bytes));
  }
  close(id, code, reason) {
    this.inputs.push([this.time, "close"]);
    this.later(2 * this.latency, () => this.sink.closed(id, code ?? 1005, reason, true));
  }
  abort() {}
}

function world(mostRounds) {
  const engine = new Echo(1000);
  const tasks = makeTaskQueue();
  const pace = virtualPace(engine, tasks, mostRounds);
  const WebSocket = makeGlassSocket(pace.transport, globalThis, tasks);
  return { engine, pace, WebSocket };
}

/** Every way in which a client may take its time without any time passing. */
const detours = {
  "at once": (act) => act(),
  "by promises": async (act) => {
    for (let n = 0; n < 50; n += 1) await null;
    act();
  },
  "by process.nextTick": (act) => process.nextTick(() => process.nextTick(act)),
  "by setImmediate, four times": (act) => setImmediate(() => setImmediate(() => setImmediate(() => setImmediate(act)))),
  "by a timer of no length": (act) => setTimeout(act, 0),
  "by a MessageChannel": (act) => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = () => {
      port2.close();
      act();
    };
    port1.postMessage(null);
  },
  "by a Blob": (act) => void new Blob(["x"]).text().then(() => new Promise(setImmediate)).then(act),
};

for (const [way, detour] of Object.entries(detours)) {
  test(`a client that answers ${way} answers at the instant at which it heard`, async () => {
    const { engine, pace, WebSocket } = world();
    const socket = new WebSocket("ws://x/", "mqtt");
    socket.binaryType = "arraybuffer";
    let n = 0;
    socket.onopen = () => detour(() => socket.send(Uint8Array.of(n)));
    socket.onmessage = () => {
      n += 1;
      detour(() => socket.send(Uint8Array.of(n)));
    };
    await pace.advance(7);
    assert.deepEqual(engine.inputs, [[0, "open"], [2000, 0], [4000, 1], [6000, 2]]);
    assert.equal(engine.now(), 7000);
  });
}

test("timers of the clock fire at their instants, with arguments, between the broker's doings", async () => {
  const { engine, pace, WebSocket } = world();
  const { clock } = pace;
  const socket = new WebSocket("ws://x/", "mqtt");
  socket.onopen = () => clock.setTimeout((value) => socket.send(Uint8Array.of(value)), 2.5, 7);
  const seen = [];
  const interval = clock.setInterval(() => {
    seen.push(clock.now());
    if (seen.length === 3) clock.clearInterval(interval);
  }, 10);
  const never = clock.setTimeout(() => seen.push("never"), 20);
  clock.setTimeout(() => clock.clearTimeout(never), 19);
  await pace.advance(100);
  assert.deepEqual(engine.inputs, [[0, "open"], [4000, 7]]);
  assert.deepEqual(seen, [10, 20, 30]);
});

test("calls of advance come one after the other, and each ends at its own moment", async () => {
  const { engine, pace } = world();
  const ends = [];
  await Promise.all([5, 10, 0].map((ms) => pace.advance(ms).then(() => ends.push(engine.now()))));
  assert.deepEqual(ends, [5000, 15000, 15000]);
  await assert.rejects(pace.advance(-1), RangeError);
  await assert.rejects(pace.advance(Number.NaN), RangeError);
});

test("a loop without end at one instant is reported", async () => {
  const { pace } = world(100);
  const again = () => pace.clock.setTimeout(again, 0);
  again();
  await assert.rejects(pace.advance(1), /without end/);
});

test("an hour of nothing passes at once", async () => {
  const { engine, pace } = world();
  const begun = performance.now();
  await pace.advance(3_600_000);
  assert.equal(engine.now(), 3_600_000_000);
  assert.ok(performance.now() - begun < 1000);
});

test("timers of one instant keep the order in which they were set", () => {
  let now = 0;
  const timers = makeClock(() => now);
  const order = [];
  timers.clock.setTimeout(() => order.push("second"), 2);
  timers.clock.setTimeout(() => order.push("first"), 1);
  timers.clock.setTimeout(() => order.push("third"), 2);
  now = 2000;
  assert.equal(timers.deadline, 1000);
  timers.due(now, (task) => task());
  assert.deepEqual(order, ["first", "second", "third"]);
  assert.equal(timers.deadline, Infinity);
});

test("in wall time the run follows the clock on the wall", async () => {
  const engine = new Echo(10_000);
  const tasks = makeTaskQueue();
  const pace = wallPace(engine, tasks);
  const WebSocket = makeGlassSocket(pace.transport, globalThis, tasks);
  const begun = performance.now();
  const socket = new WebSocket("ws://x/", "mqtt");
  socket.binaryType = "arraybuffer";
  await new Promise((resolve) => {
    socket.onopen = () => socket.send(Uint8Array.of(1));
    socket.onmessage = resolve;
  });
  const took = performance.now() - begun;
  assert.ok(took >= 39 && took < 400, `${took} ms for two round trips of 20 ms`);
  assert.ok(Math.abs(pace.clock.now() - took) < 50);
  pace.stop();
});
