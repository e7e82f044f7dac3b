/**
 * Live clients in the lab: the object `glassbroker` of its page, for scripts, the console and example code.
 *
 * The page moves the run on; here are only the sockets. They tie the run to the clock on the wall, so the clock is the wall's.
 */
import { wallClock } from "./clock.js";
import { makeGlassSocket } from "./glass-socket.js";
import { makeTransport } from "./live.js";

/**
 * Makes `globalThis.glassbroker` over the page's run; `wake` is told of every input. Gives what starts a user's program in a sandboxed
 * frame: `start(code, epochMs, nowUs, tell)`, see `www/code/program.js`, which is loaded with the first program.
 */
export function install(sockets, wake) {
  const transport = makeTransport(sockets, { afterInput: wake });
  const classes = new Map();

  function webSocketFor(realm) {
    if (!classes.has(realm)) classes.set(realm, makeGlassSocket(transport, realm));
    return classes.get(realm);
  }

  const now = () => sockets.now() / 1000;
  const glassbroker = {
    WebSocket: webSocketFor(globalThis),
    webSocketFor,
    socket: (url, protocols) => new glassbroker.WebSocket(url, protocols),
    clock: wallClock(now),
    get now() {
      return now();
    },
  };
  globalThis.glassbroker = Object.freeze(glassbroker);

  return (code, epochMs, nowUs, tell) => {
    // The page's module calls this while it is at work, and is told when it no longer is.
    const later = (...said) => queueMicrotask(() => tell(...said));
    let running;
    let over = false;
    import("../code/program.js").then(
      ({ start }) => {
        if (!over) running = start(transport, { code, simulated: epochMs !== null, epochMs, nowUs }, later);
      },
      (error) => later("ended", String(error), 0),
    );
    return {
      stop() {
        over = true;
        if (running) queueMicrotask(running.stop);
        else later("ended", "", 0);
      },
      turn: (now) => running?.turn(now),
    };
  };
}
