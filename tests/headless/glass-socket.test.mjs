// GlassSocket against the steps of https://websockets.spec.whatwg.org/ and the quirks of real MQTT clients, over a transport that records.
import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { makeGlassSocket, makeTaskQueue } from "../../www/headless/glass-socket.js";

/** A transport that writes down what it is told and whose events the test fires. */
function recorder() {
  const calls = [];
  const transport = {
    calls,
    sent: [],
    connect(url, protocols, events) {
      calls.push(["connect", url, protocols]);
      transport.events = events;
      return {
        send(bytes, text) {
          calls.push(["send", [...bytes], text]);
          transport.sent.push(bytes);
        },
        close: (code, reason) => calls.push(["close", code, reason]),
        abort: () => calls.push(["abort"]),
      };
    },
  };
  return transport;
}

function fresh(realm) {
  const transport = recorder();
  return { transport, WebSocket: makeGlassSocket(transport, realm) };
}

const quiet = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};

async function open(url = "ws://broker.example/mqtt", protocols = ["mqtt"]) {
  const { transport, WebSocket } = fresh();
  const socket = new WebSocket(url, protocols);
  transport.events.opened(protocols[0] ?? "");
  await quiet();
  transport.calls.length = 0;
  return { transport, WebSocket, socket };
}

/** Everything that a socket fires, as short lists. */
function log(socket) {
  const seen = [];
  for (const type of ["open", "message", "error", "close"]) {
    socket.addEventListener(type, (event) => {
      seen.push(type === "close" ? ["close", event.code, event.reason, event.wasClean] : type === "message" ? ["message", event.data] : [type]);
    });
  }
  return seen;
}

const named = (name) => (error) => error instanceof DOMException && error.name === name;

test("the URL", async (t) => {
  const rows = [
    ["ws://example.com", "ws://example.com/"],
    ["wss://example.com:443/mqtt", "wss://example.com/mqtt"],
    ["http://example.com/a", "ws://example.com/a"],
    ["https://example.com/a?b", "wss://example.com/a?b"],
    [new URL("ws://example.com/mqtt"), "ws://example.com/mqtt"],
    ["ws://example.com:8083/mqtt", "ws://example.com:8083/mqtt"],
    ["ws://example.com/#part", "SyntaxError"],
    ["ws://example.com/#", "SyntaxError"],
    ["ftp://example.com/", "SyntaxError"],
    ["mqtt", "SyntaxError"],
    ["", "SyntaxError"],
    ["ws://", "SyntaxError"],
  ];
  for (const [given, expected] of rows) {
    await t.test(`${given || "an empty one"} gives ${expected}`, () => {
      const { WebSocket, transport } = fresh();
      if (expected === "SyntaxError") {
        assert.throws(() => new WebSocket(given), named("SyntaxError"));
        assert.deepEqual(transport.calls, []);
      } else {
        assert.equal(new WebSocket(given).url, expected);
        assert.deepEqual(transport.calls, [["connect", expected, transport.calls[0][2]]]);
      }
    });
  }

  await t.test("is resolved against the document's", () => {
    const realm = Object.create(globalThis, { document: { value: { baseURI: "https://docs.example/guide/page.html" } } });
    const { WebSocket } = fresh(realm);
    assert.equal(new WebSocket("../mqtt").url, "wss://docs.example/mqtt");
  });

  await t.test("must be given, and to `new`", () => {
    const { WebSocket } = fresh();
    assert.throws(() => new WebSocket(), TypeError);
    assert.throws(() => WebSocket("ws://example.com"), TypeError);
  });
});

test("the subprotocols", async (t) => {
  const rows = [
    [undefined, []],
    [[], []],
    ["mqtt", ["mqtt"]],
    [["mqtt", "mqttv3.1"], ["mqtt", "mqttv3.1"]],
    [new Set(["mqtt"]), ["mqtt"]],
    [["mqtt", "MQTT"], ["mqtt", "MQTT"]],
    [null, ["null"]],
    [["mqtt", "mqtt"], "SyntaxError"],
    ["", "SyntaxError"],
    ["mqtt, mqttv3.1", "SyntaxError"],
    [["a b"], "SyntaxError"],
    [["a/b"], "SyntaxError"],
    [["é"], "SyntaxError"],
    [["a\u007f"], "SyntaxError"],
  ];
  for (const [given, expected] of rows) {
    await t.test(`${given instanceof Set ? "a Set" : JSON.stringify(given)} gives ${expected}`, () => {
      const { WebSocket, transport } = fresh();
      const make = () => (given === undefined ? new WebSocket("ws://x/") : new WebSocket("ws://x/", given));
      if (expected === "SyntaxError") assert.throws(make, named("SyntaxError"));
      else {
        make();
        assert.deepEqual(transport.calls[0][2], expected);
      }
    });
  }
});

test("constants stand on the class and on the instance", async () => {
  const { WebSocket, socket } = await open();
  for (const [name, value] of Object.entries({ CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 })) {
    assert.equal(WebSocket[name], value);
    assert.equal(socket[name], value);
    assert.throws(() => {
      "use strict";
      socket[name] = 9;
    }, TypeError);
  }
  assert.equal(Object.prototype.toString.call(socket), "[object WebSocket]");
  assert.ok(socket instanceof EventTarget);
});

test("a socket before, while and after it is open", async () => {
  const { WebSocket, transport } = fresh();
  const socket = new WebSocket("ws://x/mqtt", ["mqttv3.1", "mqtt"]);
  const seen = log(socket);
  assert.deepEqual(
    [socket.readyState, socket.protocol, socket.extensions, socket.bufferedAmount, socket.binaryType],
    [0, "", "", 0, "blob"],
  );
  assert.throws(() => socket.send("early"), named("InvalidStateError"));
  assert.equal(socket.bufferedAmount, 0);

  transport.events.opened("mqtt");
  assert.deepEqual([socket.readyState, seen.length], [0, 0], "nothing happens before the task");
  await quiet();
  assert.deepEqual([socket.readyState, socket.protocol, seen], [1, "mqtt", [["open"]]]);

  transport.events.closed(1001, "going away", true);
  assert.equal(socket.readyState, 1);
  await quiet();
  assert.deepEqual([socket.readyState, seen], [3, [["open"], ["close", 1001, "going away", true]]]);
  assert.equal(socket.protocol, "mqtt");
});

test("a failed handshake fires error and then close with 1006", async () => {
  const { WebSocket, transport } = fresh();
  const seen = log(new WebSocket("ws://x/nowhere", ["soap"]));
  transport.events.closed(1006, "", false);
  await quiet();
  assert.deepEqual(seen, [["error"], ["close", 1006, "", false]]);
});

test("binaryType takes its two values and ignores others", async () => {
  const { socket, transport } = await open();
  const seen = log(socket);
  socket.binaryType = "text";
  assert.equal(socket.binaryType, "blob");
  transport.events.message(Uint8Array.of(1, 2));
  await quiet();
  socket.binaryType = "arraybuffer";
  assert.equal(socket.binaryType, "arraybuffer");
  transport.events.message(new Uint8Array([9, 3, 4, 9]).subarray(1, 3));
  transport.events.message("text");
  await quiet();
  assert.ok(seen[0][1] instanceof Blob);
  assert.deepEqual([...new Uint8Array(await seen[0][1].arrayBuffer())], [1, 2]);
  assert.ok(seen[1][1] instanceof ArrayBuffer);
  assert.deepEqual([...new Uint8Array(seen[1][1])], [3, 4]);
  assert.equal(seen[2][1], "text");
});

test("a message tells its origin and arrives in a turn of its own", async () => {
  const { socket, transport } = await open("wss://broker.example:8084/mqtt");
  const order = [];
  socket.binaryType = "arraybuffer";
  socket.onmessage = (event) => {
    order.push(event.origin);
    assert.ok(event instanceof MessageEvent);
    queueMicrotask(() => order.push("microtask"));
  };
  transport.events.message(Uint8Array.of(1));
  transport.events.message(Uint8Array.of(2));
  await quiet();
  assert.deepEqual(order, ["wss://broker.example:8084", "microtask", "wss://broker.example:8084", "microtask"]);
});

test("send takes text, buffers, views and Blobs, as they are at the call", async (t) => {
  const view = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);
  const rows = [
    ["text", "h\u00e9", ["send", [0x68, 0xc3, 0xa9], true]],
    ["a lone surrogate", "\ud800", ["send", [0xef, 0xbf, 0xbd], true]],
    ["an ArrayBuffer", Uint8Array.of(1, 2).buffer, ["send", [1, 2], false]],
    ["a view with an offset", view, ["send", [1, 2], false]],
    ["Node's Buffer", Buffer.from([1, 2]), ["send", [1, 2], false]],
    ["a DataView", new DataView(view.buffer, 1, 2), ["send", [1, 2], false]],
    ["sixteen bits", new Uint16Array([0x0201]), ["send", [1, 2], false]],
    ["nothing", new ArrayBuffer(0), ["send", [], false]],
    ["a number, as text", 7, ["send", [0x37], true]],
    ["null, as text", null, ["send", [...Buffer.from("null")], true]],
  ];
  for (const [name, data, call] of rows) {
    await t.test(name, async () => {
      const { socket, transport } = await open();
      socket.send(data);
      assert.deepEqual(transport.calls, [call]);
      assert.equal(socket.bufferedAmount, call[1].length);
    });
  }

  await t.test("copied", async () => {
    const { socket, transport } = await open();
    const bytes = Uint8Array.of(1, 2, 3);
    socket.send(bytes);
    socket.send(bytes.buffer);
    bytes.fill(0);
    assert.deepEqual(transport.sent, [Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3)]);
  });

  await t.test("not without an argument, nor shared memory", async () => {
    const { socket } = await open();
    assert.throws(() => socket.send(), TypeError);
    assert.throws(() => socket.send(new Uint8Array(new SharedArrayBuffer(2))), TypeError);
    assert.equal(socket.bufferedAmount, 0);
  });

  await t.test("what follows a Blob waits for it, the closing handshake too", async () => {
    const { socket, transport } = await open();
    socket.send(new Blob([Uint8Array.of(1, 2, 3)]));
    socket.send("x");
    socket.send(new Blob([Uint8Array.of(4)]));
    socket.close(1000, "done");
    assert.equal(socket.bufferedAmount, 5);
    assert.equal(socket.readyState, 2);
    while (transport.calls.length < 4) await quiet();
    assert.deepEqual(transport.calls, [["send", [1, 2, 3], false], ["send", [0x78], true], ["send", [4], false], ["close", 1000, "done"]]);
    socket.send("late");
    assert.equal(transport.calls.length, 4);
  });
});

test("bufferedAmount falls as bytes leave, and grows for good once closing", async () => {
  const { socket, transport } = await open();
  socket.send(new Uint8Array(1000));
  transport.events.sent(300);
  transport.events.sent(100);
  assert.equal(socket.bufferedAmount, 1000, "it stands still within a task");
  await quiet();
  assert.equal(socket.bufferedAmount, 600);
  socket.close();
  socket.send("late");
  assert.equal(socket.bufferedAmount, 604);
  transport.events.sent(600);
  await quiet();
  assert.equal(socket.bufferedAmount, 4);
  transport.events.closed(1005, "", true);
  await quiet();
  socket.send(new Blob(["later"]));
  transport.events.sent(3);
  await quiet();
  assert.equal(socket.bufferedAmount, 9);
  assert.deepEqual(transport.calls.map(([name]) => name), ["send", "close"]);
});

test("close checks its arguments", async (t) => {
  const e = "\u00e9";
  const rows = [
    [[], ["close", null, ""]],
    [[undefined, undefined], ["close", null, ""]],
    [[1000], ["close", 1000, ""]],
    [[3000, "why"], ["close", 3000, "why"]],
    [[4999], ["close", 4999, ""]],
    [["4000"], ["close", 4000, ""]],
    [[undefined, "why"], ["close", 1000, "why"]],
    [[1000, e.repeat(61) + "x"], ["close", 1000, e.repeat(61) + "x"]],
    [[1000.5], ["close", 1000, ""]],
    [[1000, "\ud800"], ["close", 1000, "\ufffd"]],
    [[1000, e.repeat(62)], "SyntaxError"],
    [[1001], "InvalidAccessError"],
    [[999], "InvalidAccessError"],
    [[2999], "InvalidAccessError"],
    [[5000], "InvalidAccessError"],
    [[0], "InvalidAccessError"],
    [[null], "InvalidAccessError"],
    [[NaN], "InvalidAccessError"],
    [[70000], "InvalidAccessError"],
    [[1001, e.repeat(62)], "InvalidAccessError"],
  ];
  for (const [given, expected] of rows) {
    await t.test(JSON.stringify(given).slice(0, 60), async () => {
      const { socket, transport } = await open();
      if (typeof expected === "string") {
        assert.throws(() => socket.close(...given), named(expected));
        assert.equal(socket.readyState, 1);
        assert.deepEqual(transport.calls, []);
      } else {
        socket.close(...given);
        assert.equal(socket.readyState, 2);
        assert.deepEqual(transport.calls, [expected]);
      }
    });
  }

  await t.test("again and again is harmless, but the arguments are still checked", async () => {
    const { socket, transport } = await open();
    socket.close();
    socket.close();
    socket.close(4000);
    assert.throws(() => socket.close(1), named("InvalidAccessError"));
    assert.deepEqual(transport.calls, [["close", null, ""]]);
    const seen = log(socket);
    transport.events.message(Uint8Array.of(1));
    transport.events.closed(1005, "", true);
    transport.events.closed(1006, "", false);
    await quiet();
    socket.close();
    assert.deepEqual(seen, [["close", 1005, "", true]], "no message while closing, one close event");
  });

  await t.test("while connecting fails the connection", async () => {
    const { WebSocket, transport } = fresh();
    const socket = new WebSocket("ws://x/", "mqtt");
    const seen = log(socket);
    socket.close(1000, "changed my mind");
    assert.deepEqual([socket.readyState, seen.length], [2, 0]);
    transport.events.opened("mqtt");
    await quiet();
    assert.deepEqual([socket.readyState, seen], [3, [["error"], ["close", 1006, "", false]]]);
    assert.deepEqual(transport.calls.at(-1), ["abort"]);
  });
});

test("on… attributes", async (t) => {
  await t.test("keep their place among the listeners while replaced, and lose it when set to null", async () => {
    const { socket, transport } = await open();
    socket.binaryType = "arraybuffer";
    const order = [];
    socket.onmessage = () => order.push("old");
    socket.addEventListener("message", () => order.push("listener"));
    socket.onmessage = function handler(event) {
      assert.equal(this, socket);
      assert.equal(event.target, socket);
      order.push("new");
    };
    transport.events.message(Uint8Array.of(1));
    await quiet();
    assert.deepEqual(order.splice(0), ["new", "listener"]);
    socket.onmessage = null;
    assert.equal(socket.onmessage, null);
    socket.onmessage = () => order.push("again");
    transport.events.message(Uint8Array.of(1));
    await quiet();
    assert.deepEqual(order, ["listener", "again"]);
  });

  await t.test("take functions and objects; anything else is null", async () => {
    const { socket, transport } = await open();
    const handler = () => {};
    const object = { handleEvent: () => assert.fail("an object is kept, not called") };
    for (const [value, expected] of [[handler, handler], [object, object], ["text", null], [7, null], [undefined, null]]) {
      socket.onerror = value;
      assert.equal(socket.onerror, expected);
    }
    socket.onerror = object;
    transport.events.closed(1006, "", false);
    await quiet();
    assert.equal(socket.readyState, 3);
  });

  await t.test("are enumerable accessors of the prototype, as in browsers", async () => {
    const { WebSocket } = await open();
    const seen = [];
    for (const name in WebSocket.prototype) seen.push(name);
    for (const name of ["onopen", "onmessage", "onerror", "onclose", "url", "send", "close", "readyState", "OPEN"]) {
      assert.ok(seen.includes(name), name);
    }
    assert.throws(() => WebSocket.prototype.readyState, TypeError);
    assert.throws(() => WebSocket.prototype.onopen, TypeError);
  });
});

test("the close event is of the realm's CloseEvent, or just like one", async () => {
  for (const given of [undefined, class CloseEvent extends Event {
    constructor(type, init) {
      super(type);
      Object.assign(this, init);
    }
  }]) {
    const realm = Object.create(globalThis, { CloseEvent: { value: given } });
    const { WebSocket, transport } = fresh(realm);
    const socket = new WebSocket("ws://x/");
    let event;
    socket.onclose = (closed) => {
      event = closed;
    };
    transport.events.closed(1008, "no", true);
    await quiet();
    assert.deepEqual([event.type, event.code, event.reason, event.wasClean, event.bubbles, event.cancelable], ["close", 1008, "no", true, false, false]);
    assert.ok(event instanceof Event);
    if (given) assert.ok(event instanceof given);
    assert.equal(event.constructor.name, "CloseEvent");
  }
});

test("buffers belong to the realm of whoever uses the class", async () => {
  const inner = vm.runInNewContext("({ ArrayBuffer, Uint8Array, TypeError })");
  const realm = Object.create(globalThis, {
    ArrayBuffer: { value: inner.ArrayBuffer },
    Uint8Array: { value: inner.Uint8Array },
    TypeError: { value: inner.TypeError },
  });
  const { WebSocket, transport } = fresh(realm);
  const socket = new WebSocket("ws://x/", ["mqtt"]);
  socket.binaryType = "arraybuffer";
  transport.events.opened("mqtt");
  let data;
  socket.onmessage = (event) => {
    data = event.data;
  };
  transport.events.message(Uint8Array.of(5, 6));
  await quiet();
  assert.ok(data instanceof inner.ArrayBuffer);
  assert.deepEqual([...new Uint8Array(data)], [5, 6]);
  transport.calls.length = 0;
  socket.send(new inner.Uint8Array([1, 2]));
  socket.send(new inner.Uint8Array([3]).buffer);
  assert.deepEqual(transport.calls, [["send", [1, 2], false], ["send", [3], false]]);
  assert.throws(() => socket.send(), inner.TypeError);
});

test("a task queue runs one task a turn, in order, and says when it is busy", async () => {
  let channel;
  const browser = { MessageChannel: function make() { return (channel = new MessageChannel()); } };
  for (const realm of [globalThis, browser]) {
    const tasks = makeTaskQueue(realm);
    const order = [];
    assert.equal(tasks.busy, false);
    tasks.push(() => {
      order.push(1);
      queueMicrotask(() => order.push("micro"));
      tasks.push(() => order.push(3));
    });
    tasks.push(() => order.push(2));
    assert.equal(tasks.busy, true);
    while (tasks.busy) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.deepEqual(order, [1, "micro", 2, 3]);
    const release = tasks.hold();
    assert.equal(tasks.busy, true);
    release();
    release();
    assert.equal(tasks.busy, false);
  }
  channel.port1.close();
});
