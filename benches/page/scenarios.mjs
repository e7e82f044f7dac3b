// The scenarios of the page's benchmark: small documents that lead to very many events. `node benches/page/scenarios.mjs` prints a link's
// hash to each, for a look by hand.
import { deflateRawSync } from "node:zlib";
import { pathToFileURL } from "node:url";

const client = (id, connect = {}) => ({ id, mqtt: "5", connect: { clean_start: false, session_expiry_s: 3600, ...connect } });
const connects = (id) => ({ at: "0s", client: id, do: "connect" });
const subscribes = (id, filter, qos) => ({ at: "200ms", client: id, do: "subscribe", filters: [{ filter, qos }] });

/**
 * Three publishers, one for each QoS, and three subscribers, one of which is away for a tenth of the time. `messages` of each publisher are
 * spread over `seconds`; each message leads to some fourteen events.
 */
function traffic(messages, seconds) {
  const publishers = [0, 1, 2].map((qos) => ({ id: `sensor-${qos}`, qos }));
  const subscribers = [0, 1, 2].map((qos) => ({ id: `panel-${qos}`, qos }));
  const every = `${Math.floor((seconds * 1e6) / messages)}us`;
  const away = (n) => [
    { at: `${Math.floor((seconds * (10 * n + 3)) / 100)}s`, client: "panel-1", do: "disconnect" },
    { at: `${Math.floor((seconds * (10 * n + 4)) / 100)}s`, client: "panel-1", do: "connect" },
  ];
  return {
    title: `${(3 * messages).toLocaleString("en")} messages`,
    until: `${seconds + 2}s`,
    clients: [...publishers, ...subscribers].map(({ id }) => client(id)),
    steps: [
      ...[...publishers, ...subscribers].map(({ id }) => connects(id)),
      ...subscribers.map(({ id, qos }) => subscribes(id, `plant/${qos}/#`, qos)),
      ...publishers.map(({ id, qos }) => ({
        at: "1s", every, times: messages, client: id, do: "publish", topic: `plant/${qos}/value`, qos, payload: "{{n}}",
      })),
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap(away),
    ],
  };
}

/** Ten thousand topics, a thousand messages a second; a hundred steps take turns, each with a hundred topics. */
function topics(seconds) {
  const step = (n) => ({
    at: `${1000 + n}ms`, every: "100ms", times: 10 * seconds, client: "gateway", do: "publish", topic: `site/${n}/{{n}}/value`, payload: "{{n}}",
  });
  return {
    title: "10,000 topics at 1,000 messages a second",
    until: `${seconds + 2}s`,
    clients: [client("gateway"), client("wall")],
    steps: [connects("gateway"), connects("wall"), subscribes("wall", "site/#", 0), ...Array.from({ length: 100 }, (_, n) => step(n))],
  };
}

/** So many clients that connect within some seconds and publish once each, and one that receives all of it. */
function clients(count, seconds) {
  const spread = (n) => `${Math.floor((n * seconds * 1e6) / count)}us`;
  const id = (n) => `meter-${n}`;
  const each = Array.from({ length: count }, (_, n) => n);
  return {
    title: `${count.toLocaleString("en")} clients`,
    until: `${seconds + 2}s`,
    clients: [client("office"), ...each.map((n) => ({ id: id(n), mqtt: "5" }))],
    steps: [
      connects("office"),
      subscribes("office", "meters/#", 0),
      ...each.map((n) => ({ at: spread(n), client: id(n), do: "connect" })),
      ...each.map((n) => ({ at: `${1000 + n}ms`, client: id(n), do: "publish", topic: `meters/${n}`, payload: "{{n}}" })),
    ],
  };
}

/** A message of a megabyte each second for a minute, retained, and one subscriber. */
function large(seconds) {
  return {
    title: "Payloads of 1 MB",
    until: `${seconds + 2}s`,
    clients: [client("camera"), client("wall")],
    steps: [
      connects("camera"),
      connects("wall"),
      subscribes("wall", "pictures/#", 1),
      {
        at: "1s", every: "1s", times: seconds, client: "camera", do: "publish", topic: "pictures/1", qos: 1, retain: true,
        payload: "0123456789abcdef".repeat(65_536),
      },
    ],
  };
}

/** A flood of retained messages, each under a name of its own. */
function retained(count, seconds) {
  const every = `${Math.floor((seconds * 1e6) / (count / 100))}us`;
  const step = (n) => ({
    at: `${1_000_000 + n * 97}us`, every, times: count / 100, client: "gateway", do: "publish", topic: `site/${n}/{{n}}`, retain: true, payload: "{{n}}",
  });
  return {
    title: `${count.toLocaleString("en")} retained messages`,
    until: `${seconds + 2}s`,
    clients: [client("gateway")],
    steps: [connects("gateway"), ...Array.from({ length: 100 }, (_, n) => step(n))],
  };
}

/** The actions that the larger runs leave out: they say little that the other runs do not. */
const SHORT = ["opening", "panning", "choosing events", "rewinding", "playing"];

/** By name: what to open, the aim of script a frame in milliseconds, and the actions where those are not all. */
export const SCENARIOS = {
  "100,000 events": { scenario: traffic(2_600, 100), aim: 8 },
  "1,000,000 events": { scenario: traffic(24_300, 1000), aim: 16 },
  "10,000 topics": { scenario: topics(10), aim: 8 },
  "10,000 clients": { scenario: clients(9_999, 10), aim: 16, actions: SHORT },
  "payloads of 1 MB": { scenario: large(60), aim: 16, actions: SHORT },
  "100,000 retained": { scenario: retained(100_000, 20), aim: 16, actions: SHORT },
};

/** A scenario as a file has it. */
export const fileOf = (scenario) => JSON.stringify({ glassbroker: 1, ...scenario });

/** The longest link that the page reads, in bytes. */
const LONGEST = 65_536;

/** The hash of a link to a scenario; null where that is too long for a link and has to be opened as a file. */
export function hashOf(scenario) {
  const hash = linkOf(scenario);
  return hash.length < LONGEST ? hash : null;
}

function linkOf(scenario) {
  const run = { glassbroker: 1, engine: "0.1.0", scenario: { glassbroker: 1, ...scenario } };
  return `v=1&run=${deflateRawSync(JSON.stringify(run)).toString("base64url")}`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, { scenario }] of Object.entries(SCENARIOS)) console.log(`${name}\n${hashOf(scenario) ? `#${hashOf(scenario)}` : "(a file)"}\n`);
}
