// Starts the page: the two links that the build puts into index.html say where the module is.
import { install } from "./headless/lab.js";

// The page hands its engine to this, for live clients.
globalThis.installGlassbroker = install;
const glue = document.querySelector("link[rel=modulepreload]").href;
const wasm = document.querySelector("link[rel=preload][type='application/wasm']").href;
const { default: init } = await import(glue);
await init({ module_or_path: wasm });
