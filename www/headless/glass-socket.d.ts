/** What a socket tells its owner about, called by the transport, never before `connect` has returned. */
export interface TransportEvents {
  /** The handshake succeeded with this subprotocol; empty where none was agreed. */
  opened(protocol: string): void;
  /** A message arrived: bytes, which the transport gives away, or text. */
  message(data: Uint8Array | string): void;
  /** This many bytes of what was sent have left for the network: `bufferedAmount` falls. */
  sent(bytes: number): void;
  /** The connection is over. Where it did not end in order (`clean` is false), `error` is fired before `close`. */
  closed(code: number, reason: string, clean: boolean): void;
}

/** One connection of a transport. Nothing is called on it once it has reported `closed`. */
export interface Connection {
  /** Sends one message; `bytes` are UTF-8 where `text` is true. They are the transport's from now on. */
  send(bytes: Uint8Array, text: boolean): void;
  /** Starts the closing handshake behind what was sent; `code` is null where the Close frame is to have no body. */
  close(code: number | null, reason: string): void;
  /** Drops the connection. What the transport reports of it afterwards is ignored. */
  abort(): void;
}

/** What a GlassSocket speaks to in place of a network. */
export interface Transport {
  /** Begins a handshake. `url` is absolute, its scheme `ws` or `wss`; `protocols` are valid and differ. */
  connect(url: string, protocols: string[], events: TransportEvents): Connection;
}

/** A first in, first out queue of tasks, one turn of the event loop for each. */
export interface TaskQueue {
  /** Runs `task` in a turn of its own, after those that wait already. */
  push(task: () => void): void;
  /** Counts as busy until the returned function is called. */
  hold(): () => void;
  /** Whether tasks wait or something is held. */
  readonly busy: boolean;
}

/** Makes a queue whose turns are those of `realm` (default: the global object). */
export function makeTaskQueue(realm?: typeof globalThis): TaskQueue;

/**
 * A class with the WHATWG WebSocket interface whose other end is `transport`.
 *
 * `realm` is the global object of whoever uses the class (an iframe's window, say): events, errors, ArrayBuffers and
 * Blobs are made there. Events are fired as tasks of `tasks`.
 */
export function makeGlassSocket(transport: Transport, realm?: typeof globalThis, tasks?: TaskQueue): typeof WebSocket;
