// Script a frame, out of Chromium's own record of its main thread.

/** What counts as script: everything of the page's that the browser calls. */
const SCRIPT = new Set(["FunctionCall", "RunMicrotasks", "EvaluateScript", "EventDispatch", "FireAnimationFrame", "TimerFire"]);

/**
 * The milliseconds of script of each frame in a trace that had any: all that ran from the end of one frame's drawing to that of the next.
 * It is time on the processor where the browser tells it, so that other programs count less.
 */
export function scriptOfFrames(trace) {
  const all = JSON.parse(trace).traceEvents;
  const ends = all.filter(({ name, ph }) => name === "AnimationFrame" && ph === "e");
  if (ends.length === 0) return [];
  const { pid, tid } = ends[0];
  const ofPage = (event) => event.pid === pid && event.tid === tid;
  const borders = ends.filter(ofPage).map(({ ts }) => ts).sort((a, b) => a - b);
  const calls = all.filter((event) => event.ph === "X" && SCRIPT.has(event.name) && ofPage(event));
  calls.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const frames = [0];
  let [until, border] = [-1, 0];
  for (const { ts, dur, tdur } of calls) {
    // What runs within another call is counted with that.
    if (ts < until) continue;
    for (; border < borders.length && borders[border] <= ts; border++) frames.push(0);
    frames[frames.length - 1] += (tdur ?? dur) / 1000;
    until = ts + dur;
  }
  return frames.filter((ms) => ms > 0.05);
}

/** The value that this part of all are not above. */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? 0;
}
