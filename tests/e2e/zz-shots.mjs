import { start } from "../support/browser.mjs";
import { openLab } from "../support/lab.mjs";
const site = await start();
const [,, lesson, t, wh, scheme, out, ...acts] = process.argv;
const [w,h] = wh.split("x").map(Number);
const phone = w < 500 ? { hasTouch: true, isMobile: true } : {};
const { lab, page, errors } = await openLab(site, `v=1&lesson=${lesson}&t=${t}&view=flow`, { viewport: { width: w, height: h }, colorScheme: scheme, ...phone });
await lab.computed(); await lab.drawn();
for (const a of acts) { const [k, v] = a.split(":"); if (k === "click") await lab.get(v).click(); if (k==="key") { await lab.get("flow").focus(); await page.keyboard.press(v);} if (k==="top") await lab.get("flow").evaluate((e, v) => e.scrollTop = v, Number(v)); await lab.drawn(); await lab.drawn(); }
console.log(await lab.get("flow-summary").textContent(), errors);
await page.screenshot({ path: out });
await site.close();
