/**
 * GlassSocket: the WHATWG WebSocket interface over something that is no network.
 *
 * Real MQTT clients cannot tell it from the browser's own WebSocket. The steps are those of
 * https://websockets.spec.whatwg.org/ ; types are in glass-socket.d.ts.
 */

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** How long a close reason may be, in bytes of UTF-8 (RFC 6455, 5.5: a control frame's 125 less the code's two). */
const MAX_REASON_BYTES = 123;

/** A token of RFC 2616, 2.2, which RFC 6455, 4.1 asks a subprotocol to be. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * A first in, first out queue of tasks, one turn of the event loop for each, so that microtasks run between them.
 *
 * Sockets and virtual timers share one where the order between them matters.
 */
export function makeTaskQueue(realm = globalThis) {
  const hop = makeHop(realm);
  let tasks = [];
  let head = 0;
  let held = 0;

  function run() {
    const task = tasks[head];
    tasks[head++] = undefined;
    if (head === tasks.length) {
      tasks = [];
      head = 0;
    } else {
      hop(run);
    }
    task();
  }

  return {
    /** Runs `task` in a turn of its own, after those that wait already. */
    push(task) {
      tasks.push(task);
      if (tasks.length - head === 1) hop(run);
    },
    /** Counts something that will lead to a task, such as a Blob that is being read, as busy until the returned function is called. */
    hold() {
      held += 1;
      let holding = true;
      return () => {
        if (holding) held -= 1;
        holding = false;
      };
    },
    /** Whether tasks wait or something is held. */
    get busy() {
      return head < tasks.length || held > 0;
    },
  };
}

/** The shortest way to a new turn of the event loop, without the delay that browsers add to nested timers. */
function makeHop(realm) {
  const { setImmediate, MessageChannel } = realm;
  if (typeof setImmediate === "function") return (run) => setImmediate.call(realm, run);
  const { port1, port2 } = new MessageChannel();
  const waiting = [];
  port1.onmessage = () => waiting.shift()();
  return (run) => {
    waiting.push(run);
    port2.postMessage(null);
  };
}

/**
 * A WebSocket class whose other end is `transport`.
 *
 * `realm` is the global object of whoever uses the class: its events, errors, ArrayBuffers and Blobs are made there, so
 * that `instanceof` holds. `tasks` is the queue on which events are fired.
 */
export function makeGlassSocket(transport, realm = globalThis, tasks = makeTaskQueue(realm)) {
  const { EventTarget, Event, MessageEvent, DOMException, TypeError, URL, Blob, ArrayBuffer, Uint8Array } = realm;
  const CloseEvent = realm.CloseEvent ?? makeCloseEvent(Event);
  const encoder = new TextEncoder();

  class GlassSocket extends EventTarget {
    #url;
    #origin;
    #connection;
    #readyState = CONNECTING;
    #protocol = "";
    #binaryType = "blob";
    #bufferedAmount = 0;
    /** Bytes that have left since `bufferedAmount` was last counted down. */
    #left = 0;
    #handlers = new Map();
    /** What was sent behind a Blob that is still being read; null where nothing is. */
    #unsent = null;
    #ended = false;

    constructor(url, protocols = []) {
      if (arguments.length === 0) {
        throw new TypeError("Failed to construct 'WebSocket': 1 argument required, but only 0 present.");
      }
      super();
      const parsed = parseUrl(`${url}`);
      const offered = readProtocols(protocols);
      this.#url = parsed.href;
      this.#origin = parsed.origin;
      this.#connection = transport.connect(this.#url, offered, {
        opened: (protocol) => tasks.push(() => this.#opened(protocol)),
        message: (data) => tasks.push(() => this.#message(data)),
        sent: (bytes) => this.#sent(bytes),
        closed: (code, reason, clean) => tasks.push(() => this.#closed(code, reason, clean)),
      });
    }

    get url() {
      return this.#url;
    }

    get readyState() {
      return this.#readyState;
    }

    get bufferedAmount() {
      return this.#bufferedAmount;
    }

    get extensions() {
      this.#readyState; // Throws where `this` is no socket, as the getters beside it do.
      return "";
    }

    get protocol() {
      return this.#protocol;
    }

    get binaryType() {
      return this.#binaryType;
    }

    set binaryType(value) {
      const type = `${value}`;
      if (type === "blob" || type === "arraybuffer") this.#binaryType = type;
    }

    send(data) {
      if (arguments.length === 0) {
        throw new TypeError("Failed to execute 'send' on 'WebSocket': 1 argument required, but only 0 present.");
      }
      const content = readContent(data);
      if (this.#readyState === CONNECTING) {
        throw new DOMException("Failed to execute 'send' on 'WebSocket': Still in CONNECTING state.", "InvalidStateError");
      }
      const size = content.blob ? content.blob.size : content.bytes.length;
      this.#bufferedAmount += size;
      if (this.#readyState !== OPEN) return;
      if (content.blob || this.#unsent) {
        this.#later(content);
      } else {
        this.#connection.send(content.bytes, content.text);
      }
    }

    close(code = undefined, reason = undefined) {
      const status = code === undefined ? null : clampToUnsignedShort(code);
      const text = reason === undefined ? "" : wellFormed(`${reason}`);
      if (status !== null && status !== 1000 && !(status >= 3000 && status <= 4999)) {
        throw new DOMException(
          `Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. ${status} is neither.`,
          "InvalidAccessError",
        );
      }
      if (encoder.encode(text).length > MAX_REASON_BYTES) {
        throw new DOMException(
          `Failed to execute 'close' on 'WebSocket': The close reason must not be greater than ${MAX_REASON_BYTES} UTF-8 bytes.`,
          "SyntaxError",
        );
      }
      if (this.#readyState === CLOSING || this.#readyState === CLOSED) return;
      if (this.#readyState === CONNECTING) {
        this.#fail();
        return;
      }
      this.#readyState = CLOSING;
      const frame = { close: [status === null && text !== "" ? 1000 : status, text] };
      if (this.#unsent) this.#later(frame);
      else this.#connection.close(...frame.close);
    }

    #opened(protocol) {
      if (this.#readyState !== CONNECTING || this.#ended) return;
      this.#readyState = OPEN;
      this.#protocol = protocol;
      this.dispatchEvent(new Event("open"));
    }

    #message(data) {
      if (this.#readyState !== OPEN) return;
      let content = data;
      if (typeof data !== "string") {
        content = this.#binaryType === "blob" ? new Blob([data]) : ownBuffer(data);
      }
      this.dispatchEvent(new MessageEvent("message", { data: content, origin: this.#origin }));
    }

    /** `bufferedAmount` never changes while a task of the user's runs, hence a task for what left in the meantime. */
    #sent(bytes) {
      if (this.#left === 0 && bytes > 0) {
        tasks.push(() => {
          if (this.#readyState !== CLOSED) this.#bufferedAmount = Math.max(0, this.#bufferedAmount - this.#left);
          this.#left = 0;
        });
      }
      this.#left += bytes;
    }

    #closed(code, reason, clean) {
      if (this.#ended) return;
      this.#ended = true;
      this.#readyState = CLOSED;
      this.#unsent = null;
      if (!clean) this.dispatchEvent(new Event("error"));
      this.dispatchEvent(new CloseEvent("close", { code, reason, wasClean: clean }));
    }

    /** Fails the connection from this side; what the transport says afterwards is not heard. */
    #fail() {
      this.#readyState = CLOSING;
      this.#connection.abort();
      tasks.push(() => this.#closed(1006, "", false));
    }

    /** Keeps the order behind a Blob, whose bytes can only be read asynchronously. */
    #later(item) {
      if (this.#unsent) {
        this.#unsent.push(item);
        return;
      }
      this.#unsent = [item];
      void this.#sendLater();
    }

    async #sendLater() {
      const release = tasks.hold();
      try {
        while (this.#unsent?.length > 0) {
          const item = this.#unsent[0];
          const bytes = item.blob ? new Uint8Array(await item.blob.arrayBuffer()) : item.bytes;
          if (!this.#unsent) return;
          if (item.close) this.#connection.close(...item.close);
          else this.#connection.send(bytes, item.text);
          this.#unsent.shift();
        }
        this.#unsent = null;
      } catch {
        if (!this.#ended) this.#fail();
      } finally {
        release();
      }
    }

    static {
      for (const type of ["open", "error", "close", "message"]) {
        Object.defineProperty(this.prototype, `on${type}`, {
          get() {
            return this.#handlers.get(type)?.value ?? null;
          },
          set(value) {
            setHandler(this, this.#handlers, type, value);
          },
          enumerable: true,
          configurable: true,
        });
      }
    }
  }

  /** Sets an `on…` attribute: HTML's event handlers keep their place among the listeners while they are replaced. */
  function setHandler(socket, handlers, type, value) {
    const old = handlers.get(type);
    if (value === null || (typeof value !== "object" && typeof value !== "function")) {
      if (old) socket.removeEventListener(type, old.listener);
      handlers.delete(type);
    } else if (old) {
      old.value = value;
    } else {
      const entry = {
        value,
        listener(event) {
          if (typeof entry.value === "function") entry.value.call(socket, event);
        },
      };
      handlers.set(type, entry);
      socket.addEventListener(type, entry.listener);
    }
  }

  function parseUrl(text) {
    let url;
    try {
      url = new URL(text, realm.document?.baseURI ?? realm.location?.href);
    } catch {
      throw new DOMException(`Failed to construct 'WebSocket': The URL '${text}' is invalid.`, "SyntaxError");
    }
    if (url.protocol === "http:") url.protocol = "ws:";
    if (url.protocol === "https:") url.protocol = "wss:";
    if (url.protocol !== "ws:" && url.protocol !== "wss:") {
      throw new DOMException(
        `Failed to construct 'WebSocket': The URL's scheme must be either 'http', 'https', 'ws', or 'wss'. '${url.protocol.slice(0, -1)}' is not allowed.`,
        "SyntaxError",
      );
    }
    if (url.href.includes("#")) {
      throw new DOMException(
        "Failed to construct 'WebSocket': The URL contains a fragment identifier. Fragment identifiers are not allowed in WebSocket URLs.",
        "SyntaxError",
      );
    }
    return url;
  }

  function readProtocols(value) {
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    const isSequence = isObject && value[Symbol.iterator] !== undefined && value[Symbol.iterator] !== null;
    const protocols = isSequence ? Array.from(value, (item) => `${item}`) : [`${value}`];
    protocols.forEach((protocol, at) => {
      if (!TOKEN.test(protocol)) {
        throw new DOMException(`Failed to construct 'WebSocket': The subprotocol '${protocol}' is invalid.`, "SyntaxError");
      }
      if (protocols.indexOf(protocol) !== at) {
        throw new DOMException(`Failed to construct 'WebSocket': The subprotocol '${protocol}' is duplicated.`, "SyntaxError");
      }
    });
    return protocols;
  }

  /** What `send` was given, copied, since the caller may change it afterwards. */
  function readContent(data) {
    if (globalThis.ArrayBuffer.isView(data)) {
      if (kindOf(data.buffer) === "SharedArrayBuffer") {
        throw new TypeError("Failed to execute 'send' on 'WebSocket': The provided ArrayBufferView value must not be shared.");
      }
      return { bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(), text: false };
    }
    if (kindOf(data) === "ArrayBuffer") return { bytes: new Uint8Array(data.slice(0)), text: false };
    if (kindOf(data) === "Blob" || kindOf(data) === "File") return { blob: data, text: false };
    return { bytes: encoder.encode(`${data}`), text: true };
  }

  /** The bytes as an ArrayBuffer of the user's realm, without a copy where they are one already. */
  function ownBuffer(bytes) {
    const { buffer } = bytes;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength) return buffer;
    return new Uint8Array(bytes).buffer;
  }

  for (const name of ["url", "readyState", "bufferedAmount", "extensions", "protocol", "binaryType", "send", "close"]) {
    Object.defineProperty(GlassSocket.prototype, name, { enumerable: true });
  }
  for (const [name, value] of Object.entries({ CONNECTING, OPEN, CLOSING, CLOSED })) {
    Object.defineProperty(GlassSocket, name, { value, enumerable: true });
    Object.defineProperty(GlassSocket.prototype, name, { value, enumerable: true });
  }
  Object.defineProperty(GlassSocket.prototype, Symbol.toStringTag, { value: "WebSocket", configurable: true });
  return GlassSocket;
}

/** CloseEvent for realms that lack it, such as Node before version 23. */
function makeCloseEvent(Event) {
  return class CloseEvent extends Event {
    #wasClean;
    #code;
    #reason;

    constructor(type, { wasClean = false, code = 0, reason = "", ...init } = {}) {
      super(type, init);
      this.#wasClean = Boolean(wasClean);
      this.#code = code & 0xffff;
      this.#reason = `${reason}`;
    }

    get wasClean() {
      return this.#wasClean;
    }

    get code() {
      return this.#code;
    }

    get reason() {
      return this.#reason;
    }
  };
}

/** The class that an object was made with, in whichever realm. */
function kindOf(value) {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** WebIDL's `[Clamp] unsigned short`: into range, then to the nearest integer, a tie to the even one. */
function clampToUnsignedShort(value) {
  const number = Number(value);
  if (Number.isNaN(number)) return 0;
  const clamped = Math.min(Math.max(number, 0), 65535);
  const floor = Math.floor(clamped);
  const part = clamped - floor;
  if (part < 0.5 || (part === 0.5 && floor % 2 === 0)) return floor;
  return floor + 1;
}

/** WebIDL's USVString: a lone surrogate becomes U+FFFD. */
function wellFormed(text) {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
