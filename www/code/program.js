/**
 * A user's program and the page: the program runs in a worker of a sandboxed frame that has no origin and no network, and all that
 * comes from it is a message on a port, which is read here as something hostile.
 */

/** What is put before a program, read only when one is run. */
const MODULES = ["headless/clock.js", "headless/glass-socket.js", "code/runtime.js", "mqtt.js"];
/** How many messages a program may send between two looks, and how many bytes. */
const MAX_MESSAGES = 20_000;
const MAX_BYTES = 64 << 20;
const MAX_SOCKETS = 1000;
const MAX_TEXT = 2100;
/** How often one looks, and how many looks without an answer are too many. */
const LOOK_MS = 1000;
const PATIENCE = 3;
const ROOT = new URL("../", import.meta.url);

const isId = (id) => Number.isSafeInteger(id) && id > 0;
const isText = (text, most) => typeof text === "string" && text.length <= most;

/** What each message must be, and is allowed to hold. */
const FORMS = {
  line: ({ level, text }) => ["log", "warn", "error"].includes(level) && isText(text, MAX_TEXT),
  failed: ({ text, line }) => isText(text, MAX_TEXT) && Number.isSafeInteger(line) && line >= 0,
  pong: () => true,
  settled: ({ deadline }) => deadline === null || (Number.isFinite(deadline) && deadline >= 0),
  open: ({ id, url, protocols }) =>
    isId(id) &&
    isText(url, 4096) &&
    Array.isArray(protocols) &&
    protocols.length <= 20 &&
    protocols.every((one) => isText(one, 200)),
  send: ({ id, bytes, text }) => isId(id) && bytes instanceof Uint8Array && typeof text === "boolean",
  close: ({ id, code, reason }) =>
    isId(id) && (code === null || (Number.isInteger(code) && code >= 1000 && code <= 4999)) && isText(reason, 123),
  abort: ({ id }) => isId(id),
};

/**
 * Runs a program. `transport` is that of the page's live clients; `tell(kind, text, number)` hears `log`, `warn`, `error` and `failed`
 * with a text (and a line), `settled` with when it wants to go on (-1 for never), `silent` and `answers`, and `ended` with why.
 */
export function start(transport, { code, simulated, epochMs, nowUs }, tell) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = "A program";
  frame.hidden = true;
  const worker = new MessageChannel();
  const keeper = new MessageChannel();
  const port = worker.port1;
  const sockets = new Map();
  let over = false;
  let messages = 0;
  let bytes = 0;
  let unanswered = 0;

  function stop(why = "") {
    if (over) return;
    over = true;
    clearInterval(looks);
    // A frame that is gone takes its workers with it.
    frame.remove();
    port.close();
    keeper.port1.close();
    for (const socket of sockets.values()) socket.abort();
    sockets.clear();
    tell("ended", why, 0);
  }

  const looks = setInterval(() => {
    messages = 0;
    bytes = 0;
    unanswered += 1;
    if (unanswered > PATIENCE) tell("silent", "", 0);
    port.postMessage({ type: "ping" });
  }, LOOK_MS);

  function open({ id, url, protocols }) {
    if (sockets.has(id) || sockets.size >= MAX_SOCKETS) return false;
    const post = (type, more) => !over && port.postMessage({ type, id, ...more });
    // Only once the map has it, as it may close at once.
    sockets.set(id, null);
    sockets.set(
      id,
      transport.connect(url, protocols, {
        opened: (protocol) => post("opened", { protocol }),
        message: (data) => post("message", { bytes: data }),
        sent: (count) => post("sent", { bytes: count }),
        closed: (closeCode, reason, clean) => {
          sockets.delete(id);
          post("closed", { code: closeCode, reason, clean });
        },
      }),
    );
    return true;
  }

  function take(data) {
    const form = Object.hasOwn(FORMS, data?.type ?? "") ? FORMS[data.type] : null;
    if (!form?.(data)) return false;
    const socket = sockets.get(data.id);
    switch (data.type) {
      case "line":
        tell(data.level, data.text, 0);
        return true;
      case "failed":
        tell("failed", data.text, data.line);
        return true;
      case "settled":
        tell("settled", "", data.deadline ?? -1);
        return true;
      case "open":
        return open(data);
      case "send":
        bytes += data.bytes.length;
        socket?.send(data.bytes, data.text);
        return true;
      case "close":
        socket?.close(data.code, data.reason);
        return true;
      case "abort":
        socket?.abort();
        sockets.delete(data.id);
        return true;
      default:
        return true;
    }
  }

  function receive({ data }) {
    if (over) return;
    messages += 1;
    if (messages > MAX_MESSAGES || bytes > MAX_BYTES) {
      stop("It said too much at once.");
      return;
    }
    if (unanswered > PATIENCE) tell("answers", "", 0);
    unanswered = 0;
    try {
      if (!take(data)) tell("error", "A message of the program was refused: it is none that a program may send.", 0);
    } catch (error) {
      tell("error", String(error).slice(0, MAX_TEXT), 0);
    }
  }
  port.onmessage = receive;
  keeper.port1.onmessage = ({ data }) => {
    if (data?.type === "failed") receive({ data });
  };

  async function begin() {
    const before = await prelude();
    if (over) return;
    frame.src = new URL("code/sandbox.html", ROOT).href;
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    document.body.append(frame);
    await loaded;
    if (over) return;
    const setup = { simulated, epochMs, nowUs };
    // Its origin is nobody's, so that it has no name.
    frame.contentWindow.postMessage({ before, code: ours(code), setup }, "*", [keeper.port2, worker.port2]);
    if (simulated) turn(nowUs);
  }

  function turn(now) {
    if (!over) port.postMessage({ type: "turn", now });
  }

  begin().catch((error) => stop(String(error)));
  return { stop: () => stop(), turn };
}

/**
 * What stands before a program in its worker. One text, as a worker whose origin is nobody's cannot import; a module is a function
 * there, so that none of its names is left to the program. The program is a function too, so that it may use `await`.
 */
async function prelude() {
  const texts = MODULES.map(async (path) => {
    const answer = await fetch(new URL(path, ROOT));
    if (!answer.ok) throw new Error(`${path} cannot be read: ${answer.status}`);
    return answer.text();
  });
  const [clock, socket, runtime, mqtt] = await Promise.all(texts);
  return `(() => {
const makeMqtt = () => {${mqtt.replace(/export default (\w+\(\));/, "return $1;")}
};
const { prepare } = (() => {
${[clock, socket, runtime].map((text) => text.replace(/^import .*$/gm, "").replace(/^export /gm, "")).join("\n")}
return { prepare };
})();
self.onmessage = ({ data, ports }) => {
  self.onmessage = null;
  prepare(data, ports[0], makeMqtt);
  const { program } = globalThis;
  delete globalThis.program;
  program();
};
})();
globalThis.program = async () => {
"use strict";
`;
}

/** The library is there already: its import becomes a name for it, on the same line. */
function ours(code) {
  return code.replace(/^([ \t]*)import[ \t]+(?:\*[ \t]+as[ \t]+)?(\w+)[ \t]+from[ \t]+["']mqtt["'];?/gm, "$1const $2 = globalThis.mqtt;");
}
