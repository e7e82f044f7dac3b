/**
 * Live clients: real MQTT libraries on GlassSockets, as parties of a run.
 *
 * An engine is the wasm side of one run: `open`, `send`, `close` and `abort` are inputs at its present moment; what the
 * broker's side of a socket does comes back through the sink that `attach` is given. Times are microseconds.
 */

/**
 * The transport of GlassSockets that end in `engine`.
 *
 * `beforeInput` is called before each input, so that the engine stands at the moment it happens; `afterInput` after it,
 * so that somebody moves the engine on.
 */
export function makeTransport(engine, { beforeInput = () => {}, afterInput = () => {} } = {}) {
  const sockets = new Map();
  let last = 0;

  function input(act) {
    beforeInput();
    act();
    afterInput();
  }

  function end(id, code, reason, clean) {
    const events = sockets.get(id);
    sockets.delete(id);
    events?.closed(code, reason, clean);
  }

  engine.attach({
    opened: (id, protocol) => sockets.get(id)?.opened(protocol),
    message: (id, data) => sockets.get(id)?.message(data),
    sent: (id, bytes) => sockets.get(id)?.sent(bytes),
    closed: end,
  });

  return {
    /** How many sockets are open or opening. */
    get count() {
      return sockets.size;
    },

    connect(url, protocols, events) {
      last += 1;
      const id = last;
      sockets.set(id, events);
      input(() => engine.open(id, url, protocols));
      const ifLive = (act) => {
        if (sockets.has(id)) input(act);
      };
      return {
        send: (bytes, text) => ifLive(() => engine.send(id, bytes, text)),
        close: (code, reason) => ifLive(() => engine.close(id, code ?? undefined, reason)),
        abort: () => {
          ifLive(() => engine.abort(id));
          sockets.delete(id);
        },
      };
    },

    /** Ends every socket from the broker's side, as when the run that they belong to is no more. */
    closeAll(code, reason) {
      for (const id of [...sockets.keys()]) end(id, code, reason, true);
    },
  };
}
