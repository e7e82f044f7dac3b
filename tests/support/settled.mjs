// A story reads what the page shows of what it just did. The page draws an action with its next frame, so each action ends only
// when that frame is on the screen; without this a story on a busy machine sometimes reads the state of before.

const FIELDS = ["check", "clear", "fill", "press", "pressSequentially", "selectOption", "setChecked", "setInputFiles", "uncheck"];
const POINTS = ["click", "dblclick", "dispatchEvent", "dragTo", "focus", "hover", "tap"];

/**
 * Until what was done is drawn: the first frame begins with it, the page says while panels wait for a later one, and a list learns its
 * room after the frame that draws it. Not where the page has gone elsewhere meanwhile.
 */
export async function drawn(page) {
  const frames = page.evaluate(
    () =>
      new Promise((done) => {
        const lags = () => document.documentElement.hasAttribute("data-lags");
        // Where something is always done, as by live clients, some panel always waits.
        let frames = 0;
        const look = () => requestAnimationFrame(lags() && frames++ < 60 ? look : done);
        requestAnimationFrame(() => requestAnimationFrame(look));
      }),
  );
  await frames.catch((error) => {
    if (!page.isClosed() && !/context was destroyed|navigat/i.test(error.message)) throw error;
  });
}

const patched = new WeakSet();

/** Lets every action of a user on this page end with its drawing. */
export function settle(page) {
  const locator = Object.getPrototypeOf(page.locator("html"));
  if (!patched.has(locator)) {
    patched.add(locator);
    // A locator inside a frame belongs to the page around it, whose frames are drawn together.
    wrap(locator, [...FIELDS, ...POINTS], (self) => self.page());
  }
  wrap(page.mouse, ["click", "dblclick", "move", "up", "wheel"], () => page);
  wrap(page.keyboard, ["press", "type"], () => page);
}

function wrap(object, names, pageOf) {
  for (const name of names) {
    const action = object[name];
    object[name] = async function (...given) {
      const answer = await action.apply(this, given);
      await drawn(pageOf(this));
      return answer;
    };
  }
}
