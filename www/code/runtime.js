/**
 * What a user's program finds in its worker: `mqtt`, a `WebSocket` whose other end is the broker of the page, a console, and in
 * simulated time the run's timers and dates.
 *
 * program.js puts its text, and that of what it imports, before the program, which has no way to the page but the port that this
 * reads: see sandbox.html.
 */
import { makeClock } from "./clock.js";
import { makeGlassSocket, makeTaskQueue } from "./glass-socket.js";

const MAX_TEXT = 2000;
const MAX_LINES = 1000;
/** How often timers may set timers that are due at once, in one instant. */
const MAX_ROUNDS = 1000;

/** Prepares the worker; `setup` and its port come by a message, `makeMqtt` makes MQTT.js. */
export function prepare({ entry, before, simulated, epochMs, nowUs }, port, makeMqtt) {
  // As they are before anything takes their place.
  const { Date: WallDate, MessageChannel, Promise: OwnPromise, String, Error } = globalThis;
  const post = port.postMessage.bind(port);
  const sockets = new Map();
  let lastSocket = 0;
  let now = nowUs;
  let lines = 0;

  function say(level, text) {
    lines += 1;
    if (lines > MAX_LINES + 1) return;
    const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
    post({ type: "line", level, text: lines > MAX_LINES ? "There is more; it is left out." : cut });
  }

  /** The line of the program that an error's stack names first. */
  function lineOf(error) {
    const stack = String(error?.stack ?? "");
    const at = stack.indexOf(`${entry}:`);
    return at < 0 ? 0 : Math.max(0, Number.parseInt(stack.slice(at + entry.length + 1), 10) - before) || 0;
  }

  function shown(value) {
    if (typeof value === "string") return value;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (value instanceof Uint8Array) return new TextDecoder().decode(value);
    try {
      return (typeof value === "object" && JSON.stringify(value)) || String(value);
    } catch {
      return "something that cannot be shown";
    }
  }

  const speaks = (level) => (...values) => say(level, values.map(shown).join(" "));
  globalThis.console = Object.freeze({
    ...console,
    log: speaks("log"),
    info: speaks("log"),
    debug: speaks("log"),
    warn: speaks("warn"),
    error: speaks("error"),
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    post({ type: "failed", text: shown(event.reason).slice(0, MAX_TEXT), line: lineOf(event.reason) });
  });

  const transport = {
    connect(url, protocols, events) {
      lastSocket += 1;
      const id = lastSocket;
      sockets.set(id, events);
      post({ type: "open", id, url, protocols });
      return {
        // Copied: the program may go on to write into what it sent.
        send: (bytes, text) => post({ type: "send", id, bytes: new Uint8Array(bytes), text: Boolean(text) }),
        close: (code, reason) => post({ type: "close", id, code, reason }),
        abort: () => {
          sockets.delete(id);
          post({ type: "abort", id });
        },
      };
    },
  };
  const tasks = makeTaskQueue(globalThis);
  globalThis.WebSocket = makeGlassSocket(transport, globalThis, tasks);

  const timers = simulated ? makeClock(() => now) : null;
  if (timers) {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = timers.clock;
    Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
    const present = () => epochMs + Math.floor(now / 1000);
    globalThis.Date = class Date extends WallDate {
      constructor(...parts) {
        if (parts.length === 0) super(present());
        else super(...parts);
      }
      static now() {
        return present();
      }
    };
    Object.defineProperty(performance, "now", { value: () => now / 1000 });
  }

  /** A turn of the event loop. */
  const hop = (() => {
    const { port1, port2 } = new MessageChannel();
    const waiting = [];
    port1.onmessage = () => waiting.shift()();
    return () =>
      new OwnPromise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(null);
      });
  })();

  /** Lets the program do all that it does at this instant; then says when it wants to go on. */
  async function settle() {
    for (let rounds = 0, quiet = 0; quiet < 3 && rounds < MAX_ROUNDS; rounds += 1) {
      const before = timers.changes;
      let fired = false;
      timers.due(now, (task) => {
        fired = true;
        tasks.push(task);
      });
      await hop();
      quiet = fired || tasks.busy || timers.changes !== before ? 0 : quiet + 1;
    }
    // A program that never rests at one instant goes on a millisecond later.
    const next = timers.deadline <= now ? now + 1000 : timers.deadline;
    post({ type: "settled", deadline: Number.isFinite(next) ? next : null });
  }

  port.onmessage = ({ data }) => {
    const events = sockets.get(data.id);
    switch (data.type) {
      case "opened":
        return events?.opened(data.protocol);
      case "message":
        return events?.message(data.bytes);
      case "sent":
        return events?.sent(data.bytes);
      case "closed":
        sockets.delete(data.id);
        return events?.closed(data.code, data.reason, data.clean);
      case "turn":
        now = data.now;
        lines = 0;
        return void settle();
      case "ping":
        lines = timers ? lines : 0;
        return post({ type: "pong" });
    }
  };

  // Made after the run's timers stand in the place of the global ones.
  globalThis.mqtt = makeMqtt();
}
