/**
 * Glassbroker without a page: a real MQTT broker in this very process, in real or in simulated time, with a trace of
 * everything that happens and why.
 *
 * ```ts
 * import init, { GlassBroker } from "./glassbroker.js";
 * import mqtt from "mqtt";
 *
 * await init();
 * const broker = new GlassBroker({ profile: "aws-iot-core", time: "virtual" });
 * const client = mqtt.connect("ws://glass/mqtt", {
 *   forceNativeWebSocket: true,                                   // in Node; browsers need no such option
 *   createWebsocket: (url, protocols) => broker.socket(url, protocols),
 *   timerVariant: broker.clock.timer,                             // keep alive on simulated time
 * });
 * client.on("connect", () => client.subscribe("factory/#"));
 * await broker.advance(60_000);                                   // a minute passes, as fast as it computes
 * ```
 */

/**
 * Loads the WebAssembly module, once. Without an argument it is taken from beside this file, by `fetch` in browsers and from the
 * disk in Node.
 */
export default function init(source?: URL | string | Request | Response | BufferSource | WebAssembly.Module): Promise<void>;

/** The value of a profile's setting. */
export type SettingValue = number | boolean | "unlimited";

/** The simulated network between a live client and the broker, each way. */
export interface LinkOptions {
  /** How long a byte travels, in milliseconds. Default 0. */
  latency_ms?: number;
  /** Up to this much is added, differently for each message, in milliseconds. Default 0. */
  jitter_ms?: number;
  /** How many bytes enter it a second. Default: no limit. */
  bytes_per_s?: number;
}

/** How a broker is set up. */
export interface GlassBrokerOptions {
  /** The profile's name: `"mqtt"` (the standards, the default), `"aws-iot-core"` and its older
   * editions `"aws-iot-core-2023"`, `"aws-iot-core-2022"` and `"aws-iot-core-2020"`, `"mosquitto-2.0"` or `"vernemq"`. */
  profile?: string;
  /** Settings that differ from the profile's, such as `{ "session.replay_per_s": 10 }`. */
  set?: Record<string, SettingValue>;
  /** The seed of everything that is left to chance: a whole number from 0 to 2^53 - 1. Default 1. */
  seed?: number;
  /** User names with their passwords. */
  users?: Record<string, string>;
  /** Whether clients without a user name may come in. Default: if there are no users. */
  anonymous?: boolean;
  /** Who may publish and receive what: an access list in the format of Mosquitto's acl_file. */
  acl?: string;
  /** Who may do what by AWS IoT policies: the documents by their names, and which of them each user name or client identifier has. Who has
   * none may do nothing. */
  policies?: { policies: Record<string, object>; clients?: Record<string, string | string[]> };
  /** The calendar time of the run's beginning, for the trace's first line. Default `"2026-01-01T00:00:00Z"`. */
  epoch?: string;
  /** `"wall"` (default): the run follows the clock on the wall. `"virtual"`: it stands still but for {@link GlassBroker.advance}. */
  time?: "wall" | "virtual";
  /** How much of the run is remembered: everything (default), the packets and what ends or loses something, or counts alone. */
  trace?: "full" | "packets" | "totals";
  /** The network of live clients. Default: no delay, no limit. */
  link?: LinkOptions;
}

/** Timers on the run's time. Each function works without `this`. */
export interface Clock {
  setTimeout<A extends unknown[]>(callback: (...args: A) => void, ms?: number, ...args: A): any;
  clearTimeout(id: any): void;
  setInterval<A extends unknown[]>(callback: (...args: A) => void, ms?: number, ...args: A): any;
  clearInterval(id: any): void;
  /** Milliseconds since the run began. */
  now(): number;
  /** What MQTT.js takes as its option `timerVariant`. */
  timer: { set(callback: () => void, ms: number): any; clear(id: any): void };
}

/** One event of the trace. Fields that a kind does not use are absent; `docs/trace.md` describes each kind. */
export interface TraceEvent {
  /** Its number in the run, from 0. */
  seq: number;
  /** When, in microseconds since the run began. */
  t: number;
  /** What: `"packet.sent"`, `"message.queued"`, `"will.armed"` and so on. */
  kind: string;
  /** Who says it. */
  by: "broker" | "client" | "link" | "user";
  /** The client that it is about. */
  client?: string;
  /** The `seq` of the event that led to it, or null. */
  cause: number | null;
  /** The id of the rule that was followed, or null. */
  rule: string | null;
  /** The message that it is about: its client and its number there, such as `"sensor/17"`. */
  message?: string;
  /** What else the kind says: `packet`, `topic`, `qos`, `code`, `why`, `until` and others. */
  [field: string]: unknown;
}

/** Which events are wanted. */
export interface TraceQuery {
  /** Events with this `seq` and later ones. */
  from?: number;
  /** Events of these kinds; `"packet"` stands for `"packet.sent"`, `"packet.received"` and `"packet.lost"`, and so on. */
  kinds?: string[];
  /** Events about this client. */
  client?: string;
}

/** What may be done, and what decides. */
export interface Permission {
  allowed: boolean;
  /** The line or the statement that decided, such as `"statement 2 of pump"`, or that none allows it; empty where nothing restricts it. */
  by: string;
  /** The id of the rule that decided, or null. */
  rule: string | null;
}

/** Bytes as text, or as hexadecimal digits where they are no UTF-8. */
export type Payload = string | { hex: string };

/** The broker's state at one moment. Times (`t`, `…_at`, `silent_until`) are microseconds of the run; null where there is none. */
export interface Snapshot {
  /** The moment. */
  t: number;
  /** The profile's name, and the settings that were changed from it. */
  profile: string;
  set: Record<string, SettingValue>;
  /** How many of each thing there are. */
  counts: {
    connections: number;
    sessions: number;
    subscriptions: number;
    retained: number;
    retained_bytes: number;
    queued: number;
    inflight: number;
    /** Bytes of all that sessions and connections hold, with something for the place of each. */
    held_bytes: number;
  };
  /** Every session, connected or not, ordered by client identifier. */
  sessions: SessionSnapshot[];
  /** Every retained message, ordered by topic. */
  retained: { topic: string; payload: Payload; qos: 0 | 1 | 2; stored_at: number; expires_at: number | null }[];
  /** The groups of shared subscriptions, ordered by name. */
  groups: GroupSnapshot[];
  /** What is used of what all clients share. */
  quotas: QuotaSnapshot[];
  /** The device shadows of the account, by thing and name (null for the classic one); `document` is JSON text: state, delta, metadata. */
  shadows: { thing: string; name: string | null; version: number; document: string }[];
  /** The topic rules of the account, and how often each looked at a message, found its condition true, published, and failed to. */
  rules: {
    name: string;
    sql: string;
    enabled: boolean;
    matched: number;
    passed: number;
    republished: number;
    failed: number;
  }[];
}

/** The answer to an operation. Where `trace` is not `"full"` none is kept. */
export interface Answer {
  /** The name by which AWS IoT Core knows it, such as `"GetConnection"`. */
  operation: string;
  /** As HTTP has them: 200, 400 for what is wrong, 401 for what is not allowed, 404 for what is not there, 429 for what is too much. */
  status: number;
  /** What it says: `docs/aws-iot-core.md` has the fields by their rules. Of an error `{ error, message }`; null where it says nothing. */
  body: Record<string, unknown> | null;
}

/** A bound or a rate, by its setting, and what of it is used. */
export interface QuotaSnapshot {
  key: string;
  level: number;
  /** How much there is: of a rate, how many at once. */
  capacity: number;
  /** How many come back each second; null for a bound. */
  per_s: number | null;
  /** When there is one more, where a rate is used up. */
  next_at: number | null;
  /** When nothing of a rate is used any more, where something is. */
  empty_at: number | null;
}

/** One session. */
export interface SessionSnapshot {
  client: string;
  version: "3.1.1" | "5.0";
  /** The connection; null while the client is away. */
  connection: {
    opened_at: number;
    websocket: boolean;
    /** The keep alive in force, in seconds; 0 for none. */
    keep_alive_s: number;
    /** When the connection ends if nothing comes. */
    silent_until: number | null;
    /** How many more QoS 1 and 2 messages may be sent before one is acknowledged, and what that began with. */
    quota: number;
    quota_max: number;
    /** How many bytes the link takes now. */
    bytes_free: number;
    /** How many packets and QoS 0 messages wait for the link. */
    waiting: number;
    /** How many messages a resumption has still to send again. */
    resend: number;
  } | null;
  /** How many seconds the session outlives its connection; null where it never ends. */
  expiry_s: number | null;
  /** When the session ends, while the client is away. */
  ends_at: number | null;
  subscriptions: {
    filter: string;
    /** The granted QoS. */
    qos: 0 | 1 | 2;
    no_local: boolean;
    retain_as_published: boolean;
    retain_handling: 0 | 1 | 2;
    identifier: number | null;
    /** Whether it is a member's of a group. */
    shared: boolean;
  }[];
  /** How many messages wait to be sent. */
  queued: number;
  /** The first 1,000 of them, in order; the first `stored` of all were stored while the client was away. */
  queue: { topic: string; payload: Payload; qos: 0 | 1 | 2; retain: boolean; expires_at: number | null }[];
  stored: number;
  queue_bytes: number;
  /** How many messages are under way to the client. */
  inflight_count: number;
  /** The first 1,000 of them; `released` once PUBREC came. */
  inflight: { id: number; qos: 1 | 2; released: boolean; topic: string; payload: Payload }[];
  /** Packet Identifiers of the client's QoS 2 messages that await PUBREL. */
  incoming: number[];
  will: { topic: string; payload: Payload; qos: 0 | 1 | 2; retain: boolean; delay_s: number; due_at: number | null } | null;
  /** The pace of stored messages, where the profile sets one and some are left. */
  replay: { per_s: number; depth: number; next_at: number | null; empty_at: number | null } | null;
  /** What is used of the bounds and rates of the session and of its connection. */
  quotas: QuotaSnapshot[];
}

/** A group that shares a subscription. */
export interface GroupSnapshot {
  /** ShareName and filter. */
  name: string;
  members: string[];
  /** How many messages came to the group. */
  messages: number;
  /** How many of its members are connected. */
  active: number;
  /** How many messages wait in its own queue. */
  queued: number;
  /** The first thousand of those, in order. */
  queue: SessionSnapshot["queue"];
  /** The pace of that queue, of all connected members together, where the profile sets one and some are left. */
  replay: SessionSnapshot["replay"];
  /** What is used of its bounds. */
  quotas: QuotaSnapshot[];
}

/** What has become of a message for a subscriber, or, where it has gone to none, on its way to the broker. */
export type Fate =
  | "waiting"
  | "on its way"
  | "delivered"
  | "acknowledged"
  | "duplicated"
  | "lost"
  | "expired"
  | "dropped"
  | "refused"
  | "no subscription"
  | "passed on";

/** What became of each message for each subscriber. */
export interface Ledger {
  /** How many of the first messages were left out, since a ledger holds so many steps only. Those whose beginning the trace no longer holds are not among `lines` either. */
  left_out: number;
  lines: LedgerLine[];
}

/** A message for one subscriber, or a message that has gone to none. */
export interface LedgerLine {
  /** The message: its client and its number there, such as `"sensor/17"`. */
  message: string;
  topic: string;
  /** The client identifier of the subscriber; null for a message that has gone to none. */
  subscriber: string | null;
  /** The lower of the QoS published and the one granted; without a subscriber the QoS published. */
  qos: 0 | 1 | 2;
  /** What that QoS promises. */
  promise: "at most once" | "at least once" | "exactly once";
  /** Whether it was published to be retained. */
  retain: boolean;
  fate: Fate;
  /** Whether the promise was kept; null where that is not decided yet. */
  kept: boolean | null;
  /** How many PUBLISH packets left for this subscriber, or from the publisher. */
  sent: number;
  /** How many of those arrived. */
  received: number;
  /** The `seq` of the event that settled the fate. */
  seq: number;
  /** When that was, in microseconds since the run began. */
  t: number;
  /** Why, in a few words, and the id of the rule that was followed; null where the event says none. */
  why: string | null;
  rule: string | null;
}

/** What the run would be billed as by AWS IoT Core's documentation, up to now. Amounts are US dollars. */
export interface Bill {
  /** The moment, in microseconds since the run began. Connections that are open count up to it. */
  t: number;
  /** The region that the prices are of, where they are not your own. */
  region: string;
  /** What was metered: how often, in how many units (5 KiB of a message, a minute of a connection, 1 KiB of a shadow operation), by
   * which rule, and its cost; null where no price is known. */
  lines: { item: string; rule: string; count: number; units: number; usd: number | null }[];
  /** The sum of the lines that have a price. */
  total_usd: number;
  /** What nothing is charged for. */
  free: { item: string; rule: string; count: number }[];
  /** The prices: US dollars for a million, how each is known, of when it is, and who says so. */
  prices: {
    of: string;
    usd: number;
    certainty: "documented" | "observed" | "unknown" | "your own";
    date: string;
    source: string;
  }[];
  /** How many events at the beginning the trace no longer holds; what they would add is missing. */
  left_out: number;
}

/** A broker in this process. */
export class GlassBroker {
  /**
   * @throws TypeError for an option that does not exist
   * @throws Error for a profile, a setting or a value that does not; it says what is allowed
   */
  constructor(options?: GlassBrokerOptions);

  /**
   * A class with the WHATWG WebSocket interface whose other end is this broker, to stand in for `globalThis.WebSocket`.
   * Any host is accepted; the path is `/mqtt` or `/`, the subprotocol `mqtt` or `mqttv3.1`. Anything else fails as a browser would
   * show it: `error`, then `close` with code 1006.
   */
  readonly WebSocket: typeof WebSocket;

  /** The same class, its events and buffers of another realm, such as an iframe's `contentWindow`. */
  webSocketFor(realm: typeof globalThis): typeof WebSocket;

  /** A new socket: what MQTT.js's option `createWebsocket` asks for. */
  socket(url: string | URL, protocols?: string | string[]): WebSocket;

  /** Timers on the run's time, to hand to clients. */
  readonly clock: Clock;

  /** The run's time, in milliseconds since it began. */
  readonly now: number;

  /**
   * Lets `ms` milliseconds of the run pass.
   *
   * In virtual time the run stops at each instant at which a live client hears something or a timer of {@link clock} fires, and gives the
   * event loop its turns until nothing more is done, so that clients act at the right instant of the run. In wall time this just waits.
   */
  advance(ms: number): Promise<void>;

  /** The events of the run that are held, in order. */
  trace(query?: TraceQuery): TraceEvent[];

  /** The whole trace as JSON lines, its header first. */
  traceText(): string;

  /** The hash of those lines (FNV-1a, 64 bits, 16 hexadecimal digits); undefined where events went before they were hashed. */
  traceHash(): string | undefined;

  /**
   * The delivery ledger at this moment: plain data, a copy. `docs/trace.md` says what each fate means. It is read from the whole
   * trace each time, in the order in which the messages were published.
   *
   * @throws Error where `trace` is not `"full"`
   */
  ledger(): Ledger;

  /**
   * What the run would be billed as so far: plain data, a copy, read from the whole trace each time. `prices` names a region, prices of
   * your own for a million, or both: `"eu-west-1,messages=1.00"`. `docs/trace.md` says more.
   *
   * @throws Error where `trace` is not `"full"`, and for a region or a price that does not exist
   */
  bill(options?: { prices?: string }): Bill;

  /**
   * What AWS IoT Core would have counted so far, by the names of its metrics, such as `"PublishIn.Throttle"`; what is zero is left out.
   *
   * @throws Error where `trace` is not `"full"`
   */
  metrics(): Record<string, number>;

  /**
   * The log entries that AWS IoT Core would have written so far: JSON lines.
   *
   * @throws Error where `trace` is not `"full"`
   */
  log(): string;

  /**
   * What a client may do with a topic by the access list and the policies, and what decides: for each action that can be about this text
   * (`publish`, `retain` and `receive` are about Topic Names, `subscribe` about Topic Filters). `retain` is to publish with RETAIN.
   * A virtual client of the scenario is asked for as it would connect; another one by its client identifier and user name.
   */
  whoMay(question: { client: string; user?: string; topic: string }): Record<string, Permission>;

  /** The broker's state at this moment: plain data, a copy. */
  snapshot(): Snapshot;

  /**
   * Does now what a step of a scenario does, without its time: `{ on: "broker", do: "set", key: "session.replay_per_s", value: 5 }`,
   * `{ do: "cut", client: "lamp" }`. `docs/scenario.md` lists the steps. A client that is no virtual one is disconnected by the broker:
   * `{ do: "disconnect", client: "lamp" }`.
   *
   * What an operator asks for without a client is answered, as an account is over HTTP:
   * `command({ on: "broker", do: "publish", topic: "t", payload: "x", qos: 1, retain: true })` gives `{ operation: "Publish", status: 200, body: null }`.
   * The same with `retained_list`, `retained_read`, `retained_delete`, `connection_read`, `subscription_list` and `disconnect`. Other steps have no answer.
   *
   * @throws Error that says what is wrong with the step; what the broker refuses is an answer with a status of 400 or more
   */
  command(step: { do: string; [field: string]: unknown }): Answer | undefined;

  /**
   * Begins another run, from a scenario (an object, or its JSON text). Sockets that are open are closed with code 1012.
   *
   * @throws Error that says what is wrong in the scenario, with line and column of the text
   */
  load(scenario: object | string): void;

  /** Ends the run: sockets are closed with code 1001, timers stop, memory is freed. */
  close(): void;
}
