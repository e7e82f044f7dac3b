/**
 * What moves a run on: the wall clock, or `advance`. Both give a transport for GlassSockets and a clock for clients.
 *
 * An engine's `deadline()` is the moment of its next event, in microseconds; undefined where nothing is due.
 */
import { makeClock, wallClock } from "./clock.js";
import { makeTransport } from "./live.js";

// As they are now: a page may put the run's timers in their place.
const { setTimeout, clearTimeout, setImmediate } = globalThis;

/** The longest time that setTimeout takes, in milliseconds. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** How often clients may act at one and the same instant before it counts as a loop without end. */
const MOST_ROUNDS = 100_000;

/** The run follows `performance.now()`, with a timer armed for the next thing that is due. */
export function wallPace(engine, tasks) {
  let origin = performance.now() - engine.now() / 1000;
  const wallUs = () => Math.floor((performance.now() - origin) * 1000);
  let timer;
  let pumping = false;
  let over = false;

  function pump() {
    pumping = false;
    if (over) return;
    engine.advance(wallUs());
    arm();
  }

  function arm() {
    if (pumping || over) return;
    clearTimeout(timer);
    const deadline = engine.deadline();
    if (deadline === undefined) return;
    const waitMs = (deadline - wallUs()) / 1000;
    if (waitMs <= 0) {
      pumping = true;
      tasks.push(pump);
    } else {
      timer = setTimeout(pump, Math.min(Math.ceil(waitMs), LONGEST_TIMEOUT_MS));
      // In Node a broker that nobody is connected to must not keep the process alive.
      if (transport.count === 0) timer.unref?.();
    }
  }

  const transport = makeTransport(engine.sockets(), { beforeInput: () => engine.advance(wallUs()), afterInput: arm });
  arm();

  return {
    transport,
    clock: wallClock(() => wallUs() / 1000),
    advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    /** Brings the run to the present; then something was done to it, and the timer must follow. */
    touch() {
      if (over) return;
      engine.advance(wallUs());
      arm();
    },
    /** Another run has taken the engine's place, at its own beginning. */
    restart() {
      origin = performance.now() - engine.now() / 1000;
      arm();
    },
    stop() {
      over = true;
      clearTimeout(timer);
    },
  };
}

/** The run stands still but for `advance`, which gives clients their turn at every instant that concerns them. */
export function virtualPace(engine, tasks, mostRounds = MOST_ROUNDS) {
  let inputs = 0;
  let over = false;
  let last = Promise.resolve();
  let end;
  const timers = makeClock(() => end ?? engine.now());
  const transport = makeTransport(engine.sockets(), {
    afterInput: () => {
      inputs += 1;
    },
  });
  const settle = makeSettle(tasks, () => inputs + timers.changes);

  async function advanceTo(target) {
    let rounds = 0;
    await settle();
    while (!over) {
      const now = engine.now();
      const next = Math.min(engine.deadline() ?? Infinity, timers.deadline);
      if (next > target) break;
      // The engine stops where a live client hears something, or at the next timer.
      const heard = engine.advanceUntilHeard(Math.max(now, Math.min(target, timers.deadline)));
      const present = engine.now();
      const timer = timers.deadline <= present;
      timers.due(present, (task) => tasks.push(task));
      rounds = present > now ? 0 : rounds + 1;
      if (rounds > mostRounds) {
        throw new Error(`clients and broker act without end at ${present / 1000} ms: time cannot go on`);
      }
      if (heard || timer) await settle();
    }
    if (!over) engine.advance(target);
  }

  return {
    transport,
    clock: timers.clock,
    advance(ms) {
      const span = Math.round(Number(ms) * 1000);
      if (!(span >= 0)) return Promise.reject(new RangeError(`advance takes milliseconds from 0 upwards, not ${ms}`));
      const done = last.then(() => {
        if (over) throw new Error("this broker was closed");
        return advanceTo(engine.now() + span);
      });
      last = done.catch(() => {});
      return done;
    },
    touch() {},
    restart: () => timers.clear(),
    stop() {
      over = true;
      end = engine.now();
      timers.clear();
    },
  };
}

/**
 * Waits until clients have done whatever they do at the present instant: microtasks, tasks, and timers of no length.
 *
 * There is no way to ask an event loop whether it is idle. So this lets turns pass until several in a row brought
 * nothing that `activity` counts. Where streams are polyfilled over `setTimeout(…, 0)`, as in browsers, a packet takes
 * several such timers through a client; Node has better means, and needs fewer.
 */
function makeSettle(tasks, activity) {
  const hasImmediate = typeof setImmediate === "function";
  const quietTurns = hasImmediate ? 2 : 8;
  const immediate = () => new Promise((resolve) => setImmediate(resolve));
  const timer = () => new Promise((resolve) => setTimeout(resolve, 0));

  async function turn() {
    if (hasImmediate) {
      await immediate();
      await immediate();
    }
    await timer();
  }

  return async function settle() {
    let seen = activity();
    for (let quiet = 0; quiet < quietTurns; quiet += 1) {
      await turn();
      if (tasks.busy || activity() !== seen) quiet = -1;
      seen = activity();
    }
  };
}
