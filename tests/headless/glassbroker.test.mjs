// The headless module's own interface, in Node. Needs dist/headless (scripts/build/headless).
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import init, { GlassBroker } from "../../dist/headless/glassbroker.js";

await init();

const lesson = (name) => readFile(new URL(`../../www/lessons/${name}.json`, import.meta.url), "utf8");

/** CONNECT of MQTT 3.1.1: clean, with this client identifier of one letter and keep alive. */
const connect = (letter, keepAliveS = 60) =>
  Uint8Array.of(0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, keepAliveS >> 8, keepAliveS & 0xff, 0, 1, letter.charCodeAt(0));
const PINGREQ = Uint8Array.of(0xc0, 0);

/** A socket, and all that it fires as short lists: `[time in ms, what, …]`. */
function listen(broker, url = "ws://glass/mqtt", protocols = "mqtt") {
  const socket = broker.socket(url, protocols);
  socket.binaryType = "arraybuffer";
  const seen = [];
  socket.onopen = () => seen.push([broker.now, "open", socket.protocol]);
  socket.onmessage = ({ data }) => seen.push([broker.now, "message", ...new Uint8Array(data)]);
  socket.onerror = () => seen.push([broker.now, "error"]);
  socket.onclose = ({ code, wasClean }) => seen.push([broker.now, "close", code, wasClean]);
  return { socket, seen };
}

const virtual = (options) => new GlassBroker({ time: "virtual", ...options });

test("options are checked, and say what is allowed", () => {
  for (const [options, message] of [
    [{ profil: "mqtt" }, /no option `profil`/],
    [{ time: "slow" }, /"wall" or "virtual"/],
    [{ profile: "amqp" }, /mqtt, aws-iot-core/],
    [{ set: { "session.replay_pers": 1 } }, /session\.replay_per_s/],
    [{ set: { "session.replay_per_s": 0 } }, /1 to 1000000/],
    [{ seed: 1.5 }, /`seed`/],
    [{ seed: -1 }, /`seed`/],
    [{ trace: "some" }, /"full", "packets" or "totals"/],
    [{ acl: "topic a\ntopik b" }, /`acl`: line 2/],
    [{ policies: { policies: { a: { Version: "2012-10-17", Statement: [{ Effect: "Alow", Action: "*", Resource: "*" }] } } } },
      /`policies`: \d+:\d+: policies\.a\.Statement\[0\]\.Effect: an effect is "Allow" or "Deny"/],
    [{ policies: "own" }, /`policies`: 1:1: an object belongs here/],
    [{ users: { alice: 5 } }, /invalid type/],
    [{ link: { latency_ms: -1 } }, /latency_ms/],
    [{ link: { bytes_per_s: 0 } }, /bytes_per_s/],
  ]) {
    assert.throws(() => new GlassBroker(options), message, JSON.stringify(options));
  }
  new GlassBroker({ profile: undefined, seed: undefined, time: undefined }).close();
});

test("users and an access list decide who comes in and does what", async () => {
  for (const [options, expected] of [
    [{ users: { alice: "secret" } }, 5],
    [{ users: { alice: "secret" }, anonymous: true, acl: "topic read news" }, 0],
  ]) {
    const broker = virtual(options);
    const { socket, seen } = listen(broker);
    await broker.advance(1);
    socket.send(connect("a"));
    // PUBLISH of `x` to `t` at QoS 0.
    if (expected === 0) socket.send(Uint8Array.of(0x30, 4, 0, 1, 0x74, 0x78));
    await broker.advance(1);
    assert.deepEqual(seen.find(([, what]) => what === "message").slice(2), [0x20, 2, 0, expected]);
    const denied = broker.trace({ kinds: ["policy.denied"] });
    assert.deepEqual(denied.map(({ resource, why }) => [resource, why]), expected === 0 ? [["t", "publish, by no line"]] : []);
    broker.close();
  }
});

test("policies decide for user names and client identifiers, and it can be asked who may do what", async () => {
  const statement = { Effect: "Allow", Action: ["iot:Connect", "iot:Publish"], Resource: "*" };
  const policies = { policies: { some: { Version: "2012-10-17", Statement: [statement] } }, clients: { a: "some", alice: ["some"] } };
  const broker = virtual({ policies });
  const may = (question) =>
    Object.fromEntries(Object.entries(broker.whoMay({ topic: "t", ...question })).map(([action, { allowed, by }]) => [action, allowed && by]));
  const expected = { connect: "statement 1 of some", publish: "statement 1 of some", receive: false, retain: false, subscribe: false };
  assert.deepEqual(may({ client: "a" }), expected);
  assert.deepEqual(may({ client: "b", user: "alice" }), expected);
  assert.deepEqual(may({ client: "b" }), { connect: false, publish: false, receive: false, retain: false, subscribe: false });
  assert.deepEqual(Object.keys(may({ client: "a", topic: "t/#" })), ["connect", "subscribe"]);
  assert.deepEqual(broker.whoMay({ client: "b", topic: "t" }).publish, { allowed: false, by: "no statement", rule: "aws.policy.evaluation" });
  const { socket, seen } = listen(broker);
  await broker.advance(1);
  socket.send(connect("a"));
  await broker.advance(1);
  assert.deepEqual(seen.find(([, what]) => what === "message").slice(2), [0x20, 2, 0, 0]);
  broker.close();
});

test("a handshake succeeds at /mqtt and / with a common subprotocol, and else fails as in a browser", async () => {
  for (const [url, protocols, expected] of [
    ["ws://any.host:9/mqtt", ["mqtt"], [0, "open", "mqtt"]],
    ["wss://any.host/", ["mqttv3.1"], [0, "open", "mqttv3.1"]],
    ["ws://any.host", ["soap", "mqttv3.1", "mqtt"], [0, "open", "mqttv3.1"]],
    ["ws://any.host/mqtt?a=1", "mqtt", [0, "open", "mqtt"]],
    ["ws://any.host/elsewhere", ["mqtt"], null],
    ["ws://any.host/mqtt", ["soap"], null],
    ["ws://any.host/mqtt", [], null],
  ]) {
    const broker = virtual();
    const { seen } = listen(broker, url, protocols);
    await broker.advance(1);
    assert.deepEqual(seen, expected ? [expected] : [[0, "error"], [0, "close", 1006, false]], `${url} ${protocols}`);
    broker.close();
  }
});

test("bytes take the link's time, each way, and cannot overtake", async () => {
  const broker = virtual({ link: { latency_ms: 20 } });
  const { socket, seen } = listen(broker);
  await broker.advance(39);
  assert.deepEqual(seen, []);
  await broker.advance(61);
  assert.deepEqual(seen, [[40, "open", "mqtt"]]);
  socket.send(connect("a"));
  socket.send(PINGREQ);
  await broker.advance(100);
  assert.deepEqual(seen.slice(1), [[140, "message", 0x20, 2, 0, 0], [140, "message", 0xd0, 0]]);
  broker.close();
});

test("bufferedAmount follows the bandwidth", async () => {
  const broker = virtual({ link: { bytes_per_s: 1 << 20 } });
  const { socket } = listen(broker);
  await broker.advance(1_000);
  socket.send(connect("a"));
  // Four times PUBLISH of one MiB; so much is on the way at most.
  const publish = new Uint8Array(1 << 20);
  publish.set([0x30, 0xfc, 0xff, 0x3f, 0, 1, 0x74]);
  for (let n = 0; n < 4; n += 1) socket.send(publish);
  const whole = 15 + (4 << 20);
  assert.equal(socket.bufferedAmount, whole);
  await broker.advance(1_500);
  assert.ok(socket.bufferedAmount > 1 << 20 && socket.bufferedAmount < 3 << 20, `${socket.bufferedAmount}`);
  await broker.advance(10_000);
  assert.equal(socket.bufferedAmount, 0);
  assert.equal(broker.trace({ kinds: ["message.accepted"] }).length, 4);
  broker.close();
});

test("the closing handshake goes both ways", async () => {
  const broker = virtual();
  const first = listen(broker);
  const second = listen(broker);
  await broker.advance(1);
  first.socket.close(4000, "enough");
  second.socket.close();
  await broker.advance(1);
  assert.deepEqual(first.seen.at(-1), [1, "close", 4000, true]);
  assert.deepEqual(second.seen.at(-1), [1, "close", 1005, true]);
  assert.equal(broker.snapshot().counts.connections, 0);
  broker.close();
});

test("text is no MQTT, and ends the connection", async () => {
  const broker = virtual();
  const { socket, seen } = listen(broker);
  await broker.advance(1);
  socket.send("CONNECT");
  await broker.advance(1);
  assert.deepEqual(seen.at(-1).slice(1), ["close", 1003, true]);
  broker.close();
});

test("a silent client is disconnected after one and a half times its keep alive", async () => {
  const broker = virtual();
  const { socket, seen } = listen(broker);
  await broker.advance(1);
  socket.send(connect("a", 10));
  await broker.advance(3_600_000);
  assert.equal(broker.now, 3_600_001);
  const [at, what] = seen.at(-1);
  assert.deepEqual([at, what], [15_001, "close"]);
  const [ended] = broker.trace({ kinds: ["session.disconnected"] });
  assert.deepEqual([ended.t, ended.rule], [15_001_000, "MQTT-3.1.2-24"]);
  broker.close();
});

test("a client whose timers are on the run's time stays for a virtual day", async () => {
  const broker = virtual();
  const { clock } = broker;
  const { socket, seen } = listen(broker);
  socket.onopen = () => {
    socket.send(connect("a", 600));
    clock.setInterval(() => socket.send(PINGREQ), 600_000);
  };
  await broker.advance(86_400_000);
  const pings = seen.filter(([, what, first]) => what === "message" && first === 0xd0).map(([at]) => at);
  assert.deepEqual(pings, Array.from({ length: 144 }, (_, n) => (n + 1) * 600_000));
  assert.equal(socket.readyState, socket.OPEN);
  broker.close();
});

test("the trace answers by kind, by client and from a number on", async () => {
  const broker = virtual();
  const { socket } = listen(broker);
  await broker.advance(1);
  socket.send(connect("a"));
  await broker.advance(1);
  const all = broker.trace();
  assert.deepEqual(all.map(({ seq }) => seq), all.map((_, n) => n));
  for (const { cause, seq } of all) assert.ok(cause === null || cause < seq);
  assert.deepEqual(
    broker.trace({ kinds: ["packet"], client: "a" }).map(({ kind, by, packet }) => [kind, by, packet]),
    [
      ["packet.sent", "client", "CONNECT"],
      ["packet.received", "broker", "CONNECT"],
      ["packet.sent", "broker", "CONNACK"],
      ["packet.received", "client", "CONNACK"],
    ],
  );
  assert.deepEqual(broker.trace({ from: all.length - 1 }), all.slice(-1));
  assert.deepEqual(broker.trace({ client: "nobody" }), []);
  assert.throws(() => broker.trace({ kinds: ["packets"] }), /packet\.sent/);
  const lines = broker.traceText().trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines[0].glassbroker, 1);
  assert.deepEqual(lines.slice(1), all);
  broker.close();
});

test("the same doings give the same trace, byte for byte", async () => {
  const once = async (seed) => {
    const broker = virtual({ seed, link: { latency_ms: 10, jitter_ms: 30 } });
    const { socket } = listen(broker);
    socket.onopen = () => socket.send(connect("a"));
    let left = 20;
    socket.onmessage = () => {
      left -= 1;
      if (left > 0) setTimeout(() => socket.send(PINGREQ), 0);
    };
    await broker.advance(5_000);
    const result = [broker.traceText(), broker.traceHash()];
    broker.close();
    return result;
  };
  const [text, hash] = await once(3);
  assert.deepEqual(await once(3), [text, hash]);
  assert.notEqual((await once(4))[1], hash);
  assert.match(hash, /^[0-9a-f]{16}$/);
});

test("a scenario plays, and its virtual clients can be told what to do", async () => {
  const broker = virtual({ trace: "packets" });
  const { seen } = listen(broker);
  await broker.advance(5);
  broker.load(await lesson("hello"));
  assert.equal(broker.now, 0);
  await broker.advance(30_000);
  assert.deepEqual(seen.at(-1).slice(1), ["close", 1012, true]);
  const { clients } = JSON.parse(await lesson("hello"));
  const { sessions } = broker.snapshot();
  const here = sessions.find(({ connection }) => connection !== null);
  assert.ok(clients.some(({ id }) => id === here.client));
  broker.command({ do: "cut", client: here.client });
  await broker.advance(1);
  assert.ok(broker.trace({ kinds: ["socket.closed"], client: here.client }).length > 0);
  assert.throws(() => broker.command({ do: "cut", client: "nobody" }), /nobody/);
  assert.throws(() => broker.command({ do: "explode", client: here.client }), /explode/);
  assert.throws(() => broker.command({ do: "cut", client: here.client, at: "5s" }), /no time of its own/);
  assert.throws(() => broker.load("{"), /^Error: 1:2: /);
  assert.throws(() => broker.load({ glassbroker: 1, clients: 7 }), /clients/);
  assert.equal(broker.now, 30_001, "a scenario that is wrong changes nothing");
  broker.close();
});

// Each link takes 20 ms. `away` is gone when the first message comes; nobody subscribes to the topic of the second.
test("the ledger says what became of each message for each subscriber", async () => {
  const broker = virtual();
  const lasting = { connect: { clean_start: false, session_expiry_s: 600 } };
  const filters = [{ filter: "a", qos: 1 }];
  broker.load({
    glassbroker: 1,
    clients: [{ id: "reader" }, { id: "away", ...lasting }, { id: "source" }],
    steps: [
      ...["reader", "away", "source"].map((client) => ({ at: "0s", client, do: "connect" })),
      ...["reader", "away"].map((client) => ({ at: "1s", client, do: "subscribe", filters })),
      { at: "2s", client: "away", do: "disconnect" },
      { at: "3s", client: "source", do: "publish", topic: "a", qos: 2 },
      { at: "4s", client: "source", do: "publish", topic: "b", qos: 1, retain: true },
    ],
  });
  assert.deepEqual(broker.ledger(), { left_out: 0, lines: [] });
  await broker.advance(5_000);
  const { lines } = broker.ledger();
  const of = (message, subscriber) => lines.find((line) => line.message === message && line.subscriber === subscriber);
  assert.equal(lines.length, 3);
  const { seq, ...reader } = of("source/1", "reader");
  const says = { topic: "a", qos: 1, promise: "at least once", retain: false, sent: 1, received: 1 };
  // 20 ms to the broker, to the reader, and back with PUBACK.
  const settled = { fate: "acknowledged", kept: true, t: 3_060_000, why: null, rule: broker.trace({ from: seq })[0].rule };
  assert.deepEqual(reader, { message: "source/1", subscriber: "reader", ...says, ...settled });
  assert.equal(broker.trace({ from: seq })[0].kind, "message.acknowledged");
  const { fate, kept, t } = of("source/1", "away");
  assert.deepEqual([fate, kept, t], ["waiting", null, 3_020_000]);
  const alone = of("source/2", null);
  assert.deepEqual([alone.fate, alone.retain, alone.why], ["no subscription", true, "no subscription matches"]);
  assert.equal(alone.rule, "glassbroker.no-subscription");
  broker.close();
});

test("the ledger knows of a live client's messages by its acknowledgements", async () => {
  const broker = virtual();
  const { socket } = listen(broker);
  await broker.advance(1);
  socket.send(connect("a"));
  // SUBSCRIBE to `t` at QoS 1, then PUBLISH of `x` to it at QoS 1, with the Packet Identifier 7.
  socket.send(Uint8Array.of(0x82, 6, 0, 1, 0, 1, 0x74, 1));
  socket.send(Uint8Array.of(0x32, 6, 0, 1, 0x74, 0, 7, 0x78));
  await broker.advance(1);
  const fates = () => broker.ledger().lines.map(({ message, subscriber, fate }) => [message, subscriber, fate]);
  assert.deepEqual(fates(), [["a/1", "a", "delivered"]]);
  socket.send(Uint8Array.of(0x40, 2, 0, 1));
  await broker.advance(1);
  assert.deepEqual(fates(), [["a/1", "a", "acknowledged"]]);
  broker.close();
  const packets = virtual({ trace: "packets" });
  assert.throws(() => packets.ledger(), /"full"/);
  packets.close();
});

// [O3] [aws.metering.minutes] CONNECT and one PUBLISH in, and a minute that has begun.
test("the bill is that of what has happened, by prices of one's own", async () => {
  const broker = virtual({ profile: "aws-iot-core" });
  const { socket } = listen(broker);
  await broker.advance(1);
  socket.send(connect("a"));
  socket.send(Uint8Array.of(0x30, 4, 0, 1, 0x74, 0x78));
  await broker.advance(1_000);
  const bill = broker.bill({ prices: "eu-west-1,messages=2000000" });
  const lines = bill.lines.map(({ item, count, units, usd }) => [item, count, units, usd]);
  const message = [1, 1, 2];
  assert.deepEqual(lines, [["connection minutes", 1, 1, 0.08e-6], ["CONNECT", ...message], ["PUBLISH in", ...message]]);
  assert.equal(bill.lines[0].rule, "aws.metering.minutes");
  assert.deepEqual([bill.t, bill.region, bill.total_usd], [1_001_000, "eu-west-1", 4.00000008]);
  assert.deepEqual(bill.free, [{ item: "CONNACK", rule: "aws.metering.free", count: 1 }]);
  assert.equal(bill.prices.find(({ of }) => of === "messages").certainty, "your own");
  assert.throws(() => broker.bill({ prices: "eu-west-9" }), /there are prices of us-east-1/);
  broker.close();
});

test("an operator disconnects a live client and changes a setting", async () => {
  const broker = virtual({ profile: "aws-iot-core" });
  const { socket, seen } = listen(broker);
  await broker.advance(1);
  socket.send(connect("a"));
  await broker.advance(1);
  broker.command({ on: "broker", do: "set", key: "session.replay_per_s", value: 5 });
  assert.deepEqual(broker.snapshot().set, { "session.replay_per_s": 5 });
  assert.deepEqual(broker.command({ do: "disconnect", client: "a" }), { operation: "DeleteConnection", status: 200, body: null });
  await broker.advance(1);
  assert.deepEqual(seen.at(-1).slice(1, 2), ["close"]);
  assert.throws(() => broker.command({ on: "broker", do: "set", key: "session.replay_pers", value: 5 }), /replay_per_s/);
  broker.close();
});

/** [O5] [R4] */
test("what an operator asks for without a client is answered", async () => {
  const broker = virtual({ profile: "aws-iot-core" });
  const { socket } = listen(broker);
  await broker.advance(1);
  socket.send(connect("a"));
  await broker.advance(1);
  const ask = (step) => broker.command({ on: "broker", ...step });
  assert.deepEqual(ask({ do: "publish", topic: "t", payload: "x", retain: true }), { operation: "Publish", status: 200, body: null });
  assert.deepEqual(ask({ do: "retained_read", topic: "t" }).body.payload, "eA==");
  assert.equal(ask({ do: "retained_list" }).body.retainedTopics.length, 1);
  assert.deepEqual(ask({ do: "subscription_list", client: "a" }).body, { subscriptions: [] });
  assert.equal(ask({ do: "connection_read", client: "a" }).body.connected, true);
  const refused = ask({ do: "publish", topic: "t", qos: 2 });
  assert.deepEqual([refused.status, refused.body.error], [400, "InvalidRequestException"]);
  assert.equal(ask({ do: "disconnect", client: "a", prevent_will: true }).status, 200);
  assert.equal(broker.command({ on: "broker", do: "set", key: "session.replay_per_s", value: 5 }), undefined);
  assert.equal(broker.metrics()["PublishIn.ClientError Protocol=HTTP"], 1);
  broker.close();
});

test("a closed broker ends its sockets and says that it is closed", async () => {
  const broker = virtual();
  const { socket, seen } = listen(broker);
  const { WebSocket } = broker;
  await broker.advance(1);
  broker.close();
  broker.close();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(socket.readyState, 3);
  for (const act of [() => broker.trace(), () => broker.socket("ws://x/", "mqtt"), () => new WebSocket("ws://x/", "mqtt")]) {
    assert.throws(act, /closed/);
  }
  assert.deepEqual([seen.at(-1), broker.now], [[1, "close", 1001, true], 1]);
  socket.send("late");
  socket.close();
});

test("the class stands in for the global one and keeps to one broker", async () => {
  const [one, other] = [virtual(), virtual()];
  assert.equal(one.WebSocket, one.WebSocket);
  assert.notEqual(one.WebSocket, other.WebSocket);
  const { socket } = listen(one);
  assert.ok(socket instanceof one.WebSocket);
  await Promise.all([one.advance(1), other.advance(1)]);
  assert.deepEqual([one.snapshot().counts.connections, other.snapshot().counts.connections], [1, 0]);
  one.close();
  other.close();
});

test("the module is one even inside a package of CommonJS", async () => {
  const folder = await mkdtemp(join(tmpdir(), "glassbroker-"));
  try {
    await writeFile(join(folder, "package.json"), '{ "type": "commonjs" }');
    await cp(new URL("../../dist/headless/", import.meta.url), join(folder, "glassbroker"), { recursive: true });
    const { GlassBroker: other } = await import(pathToFileURL(join(folder, "glassbroker", "glassbroker.js")));
    assert.equal(typeof other, "function");
  } finally {
    await rm(folder, { recursive: true });
  }
});
