/**
 * Live clients: real MQTT libraries on GlassSockets, as parties of a run.
 *
 * `broker` is the wasm side (`Sockets` in src/page/): `open`, `send`, `close` and `abort` are inputs at the present moment of
 * the run; what the broker's side of a socket does comes back through the sink that `attach` is given.
 */

/**
 * The transport of GlassSockets that end in `broker`.
 *
 * `beforeInput` is called before each input, so that the run stands at the moment it happens; `afterInput` after it, so that somebody
 * moves the run on.
 */
export function makeTransport(broker, { beforeInput = () => {}, afterInput = () => {} } = {}) {
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

  broker.attach({
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
      // A run that was recorded may have sockets of its own.
      last = Math.max(last, broker.highest()) + 1;
      const id = last;
      sockets.set(id, events);
      input(() => broker.open(id, url, protocols));
      const ifLive = (act) => {
        if (sockets.has(id)) input(act);
      };
      return {
        send: (bytes, text) => ifLive(() => broker.send(id, bytes, text)),
        close: (code, reason) => ifLive(() => broker.close(id, code ?? undefined, reason)),
        abort: () => {
          ifLive(() => broker.abort(id));
          sockets.delete(id);
        },
      };
    },

    /** Ends every socket from the broker's side, as when the run that they belong to is no more. */
    closeAll(code, reason) {
      for (const id of [...sockets.keys()]) end(id, code, reason, true);
    },

    /** Frees the wasm side. Nothing is connected any more. */
    free: () => broker.free(),
  };
}
