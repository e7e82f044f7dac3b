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

/** By name: what to open, and the aim of script a frame in milliseconds. */
export const SCENARIOS = {
  "100,000 events": { scenario: traffic(2_600, 100), aim: 8 },
  "1,000,000 events": { scenario: traffic(24_000, 1000), aim: 16 },
  "10,000 topics": { scenario: topics(10), aim: 8 },
};

/** The hash of a link to a scenario. */
export function hashOf(scenario) {
  const run = { glassbroker: 1, engine: "0.1.0", scenario: { glassbroker: 1, ...scenario } };
  return `v=1&run=${deflateRawSync(JSON.stringify(run)).toString("base64url")}`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, { scenario }] of Object.entries(SCENARIOS)) console.log(`${name}\n#${hashOf(scenario)}\n`);
}
