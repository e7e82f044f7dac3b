/**
 * Timers on the run's time, with the interface of the global ones.
 *
 * The functions need no `this`, so that they can be handed to a client one by one.
 */

// As they are now: a page may put the run's timers in their place.
const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;

/** The global timers, where the run goes by the clock on the wall; `nowMs()` is the run's time. */
export function wallClock(nowMs) {
  return {
    setTimeout: (callback, ms, ...args) => setTimeout(callback, ms, ...args),
    clearTimeout: (id) => clearTimeout(id),
    setInterval: (callback, ms, ...args) => setInterval(callback, ms, ...args),
    clearInterval: (id) => clearInterval(id),
    now: nowMs,
    timer: { set: (callback, ms) => setInterval(callback, ms), clear: (id) => clearInterval(id) },
  };
}

/** Timers whose present is `now()`, in microseconds. Nothing fires by itself: `due` does it. */
export function makeClock(now) {
  const timers = new Map();
  let last = 0;
  let changes = 0;

  function add(callback, ms, args, repeats) {
    const delay = Math.max(repeats ? 1 : 0, Math.trunc(Number(ms)) || 0) * 1000;
    last += 1;
    changes += 1;
    timers.set(last, { due: now() + delay, delay: repeats ? delay : undefined, callback, args });
    return last;
  }

  function remove(id) {
    if (timers.delete(Number(id))) changes += 1;
  }

  const clock = {
    setTimeout: (callback, ms = 0, ...args) => add(callback, ms, args, false),
    setInterval: (callback, ms = 0, ...args) => add(callback, ms, args, true),
    clearTimeout: remove,
    clearInterval: remove,
    now: () => now() / 1000,
    timer: { set: (callback, ms) => add(callback, ms, [], true), clear: remove },
  };

  return {
    clock,

    /** The moment of the next timer; Infinity where there is none. */
    get deadline() {
      let first = Infinity;
      for (const { due } of timers.values()) first = Math.min(first, due);
      return first;
    },

    /** How often timers were set and cleared: whether clients are still at work shows in it. */
    get changes() {
      return changes;
    },

    /** Hands each timer that is due at `moment` to `fire`, in the order of their times and then of their making. */
    due(moment, fire) {
      const ready = [...timers].filter(([, timer]) => timer.due <= moment).sort(([, a], [, b]) => a.due - b.due);
      for (const [id, timer] of ready) {
        fire(() => {
          // One that fired before it, in the same instant, may have cleared it.
          if (timers.get(id) !== timer) return;
          if (timer.delay === undefined) timers.delete(id);
          timer.callback.apply(undefined, timer.args);
        });
        if (timer.delay !== undefined) timer.due += timer.delay;
        else timer.due = Infinity;
      }
    },

    /** Forgets every timer. */
    clear: () => timers.clear(),
  };
}
