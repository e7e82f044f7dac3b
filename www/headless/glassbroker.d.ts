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
  /** The profile's name: `"mqtt"` (the standards, the default) or `"aws-iot-core"`. */
  profile?: string;
  /** Settings that differ from the profile's, such as `{ "session.replay_per_s": 10 }`. */
  set?: Record<string, SettingValue>;
  /** The seed of everything that is left to chance: a whole number from 0 to 2^53 - 1. Default 1. */
  seed?: number;
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
  /** Events of these kinds. */
  kinds?: string[];
  /** Events about this client. */
  client?: string;
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

  /** The broker's state at this moment: plain data, a copy. */
  snapshot(): Snapshot;

  /** Does what a step of a scenario does, now: `{ do: "disconnect", client: "lamp" }`. `docs/scenario.md` lists the steps. */
  command(step: { do: string; [field: string]: unknown }): void;

  /**
   * Begins another run, from a scenario (an object, or its JSON text). Sockets that are open are closed with code 1012.
   *
   * @throws Error that says what is wrong in the scenario, with line and column of the text
   */
  load(scenario: object | string): void;

  /** Ends the run: sockets are closed with code 1001, timers stop, memory is freed. */
  close(): void;
}
