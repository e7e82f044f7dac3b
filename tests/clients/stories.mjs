// What every real MQTT client must be able to live through on a Glassbroker, whichever library it is, wherever it runs.
//
// A story takes a `world`: `connect(options)` gives a client of the library under test, `pass(ms)` lets the run's time pass, and
// `until(condition)` lets it pass until something holds. A client has `sessionPresent`, `messages` (topic, payload, qos, retain),
// `subscribe`, `publish`, `end` (with DISCONNECT) and `drop` (without). `features` says what the library
// can: `qos`, its levels; `disconnect`, whether its `end` sends DISCONNECT; `inFlight`, how many publications at once it is made for.
// Nothing here needs Node or a browser.

/** The stories: a name, whether the library can, and what is done; a story throws where it does not end well. */
export const stories = [
  {
    name: "all levels of QoS, both ways",
    async run(world) {
      const { qos } = world.features;
      const subscriber = await world.connect({ clientId: "subscriber" });
      const publisher = await world.connect({ clientId: "publisher" });
      for (const granted of qos) same(await subscriber.subscribe(`level/${granted}/#`, granted), granted, "granted QoS");
      const expected = [];
      for (const granted of qos) {
        for (const published of qos) {
          await publisher.publish(`level/${granted}/from/${published}`, `${granted}${published}`, { qos: published });
          expected.push([`level/${granted}/from/${published}`, `${granted}${published}`, Math.min(granted, published), false]);
        }
      }
      await world.until(() => subscriber.messages.length >= expected.length);
      await world.pass(50);
      same(subscriber.messages.map(plain), expected, "messages");
      await subscriber.end();
      await publisher.end();
    },
  },
  {
    name: "a retained message comes with the subscription, and goes when it is cleared",
    async run(world) {
      const publisher = await world.connect({ clientId: "publisher" });
      await publisher.publish("lamp/state", "on", { qos: 1, retain: true });
      const first = await world.connect({ clientId: "first" });
      await first.subscribe("lamp/#", 1);
      await world.until(() => first.messages.length > 0);
      await publisher.publish("lamp/state", "off", { qos: 1, retain: true });
      await world.until(() => first.messages.length > 1);
      same(first.messages.map(plain), [["lamp/state", "on", 1, true], ["lamp/state", "off", 1, false]], "the first subscriber");
      await publisher.publish("lamp/state", "", { qos: 1, retain: true });
      const second = await world.connect({ clientId: "second" });
      await second.subscribe("lamp/#", 1);
      await world.pass(50);
      same(second.messages.map(plain), [], "after clearing");
      for (const client of [publisher, first, second]) await client.end();
    },
  },
  {
    name: "a will is sent for a client that goes without DISCONNECT, and only for it",
    async run(world) {
      const watcher = await world.connect({ clientId: "watcher" });
      await watcher.subscribe("wills/+", 1);
      const will = (name) => ({ topic: `wills/${name}`, payload: `${name} is gone`, qos: 1, retain: false });
      const polite = await world.connect({ clientId: "polite", will: will("polite") });
      const rude = await world.connect({ clientId: "rude", will: will("rude") });
      await polite.end();
      await rude.drop();
      const expected = [["wills/rude", "rude is gone", 1, false]];
      // A WebSocket that is closed without DISCONNECT is no end in order for MQTT.
      if (!world.features.disconnect) expected.unshift(["wills/polite", "polite is gone", 1, false]);
      await world.until(() => watcher.messages.length >= expected.length);
      await world.pass(50);
      same(watcher.messages.map(plain), expected, "wills");
      await watcher.end();
    },
  },
  {
    name: "a session is resumed with what was stored for it",
    async run(world) {
      const session = { clientId: "sleeper", clean: false, sessionExpiryS: 3600 };
      const before = await world.connect(session);
      if (before.sessionPresent !== undefined) same(before.sessionPresent, false, "session present at first");
      await before.subscribe("night/#", 1);
      await before.end();
      const publisher = await world.connect({ clientId: "publisher" });
      for (let n = 1; n <= 5; n += 1) await publisher.publish("night/shift", `${n}`, { qos: 1 });
      const after = await world.connect(session);
      if (after.sessionPresent !== undefined) same(after.sessionPresent, true, "session present");
      await world.until(() => after.messages.length >= 5);
      await publisher.publish("night/shift", "6", { qos: 1 });
      await world.until(() => after.messages.length >= 6);
      same(after.messages.map(({ payload }) => text(payload)), ["1", "2", "3", "4", "5", "6"], "messages in order");
      await after.end();
      await publisher.end();
    },
  },
  {
    name: "1,000 messages of up to 200 KB arrive in order, and all",
    async run(world) {
      const count = 1000;
      const receiver = await world.connect({ clientId: "receiver" });
      await receiver.subscribe("bulk", 1);
      const sender = await world.connect({ clientId: "sender" });
      const { inFlight = count } = world.features;
      const sent = [];
      for (let n = 0; n < count; n += 1) {
        sent.push(sender.publish("bulk", block(n), { qos: 1 }));
        if (sent.length === inFlight) await Promise.all(sent.splice(0));
      }
      await world.until(() => receiver.messages.length >= count, 600_000);
      await Promise.all(sent);
      same(receiver.messages.length, count, "count");
      receiver.messages.forEach(({ payload }, n) => {
        if (!equal(payload, block(n))) throw new Error(`message ${n} differs: ${payload.length} bytes for ${block(n).length}`);
      });
      await receiver.end();
      await sender.end();
    },
  },
];

/** A payload that no other number has: up to 200 KB, most of them short, the lengths around powers of two among them. */
function block(n) {
  const lengths = [0, 1, 127, 128, 16_383, 16_384, 65_535, 65_536, 200_000];
  const length = n % 10 === 0 ? lengths[(n / 10) % lengths.length] : (n * 7919) % 3000;
  const bytes = new Uint8Array(4 + length);
  new DataView(bytes.buffer).setUint32(0, n);
  for (let at = 4; at < bytes.length; at += 1) bytes[at] = (at * 31 + n) & 0xff;
  return bytes;
}

function equal(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function text(payload) {
  return new TextDecoder().decode(payload);
}

function plain({ topic, payload, qos, retain }) {
  return [topic, text(payload), qos, retain];
}

function same(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a}, expected ${b}`);
}

/**
 * The time of a world, over a GlassBroker: virtual or on the wall.
 *
 * `done` lets time pass until a promise of the library is settled, since in virtual time nothing comes by waiting alone.
 */
export function timeOf(broker, stepMs = 5) {
  const waiting = new Set();
  let driving = false;

  /** One loop moves the run for all who wait. */
  async function drive() {
    driving = true;
    while (waiting.size > 0) {
      await broker.advance(stepMs);
      for (const waiter of waiting) {
        if (waiter.condition()) waiter.resolve();
        else if (broker.now >= waiter.end) waiter.reject(new Error(`this did not come true in time: ${waiter.condition}`));
        else continue;
        waiting.delete(waiter);
      }
    }
    driving = false;
  }

  function until(condition, limitMs = 60_000) {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      waiting.add({ condition, resolve, reject, end: broker.now + limitMs });
      if (!driving) void drive();
    });
  }

  async function done(promise) {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    await until(() => settled, 600_000);
    return promise;
  }

  return { pass: (ms) => broker.advance(ms), until, done };
}
