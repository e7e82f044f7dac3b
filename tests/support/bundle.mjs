// Real MQTT clients from npm, made into one script for a browser.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));

/** The text of an ES module for browsers made from `source`, which may import any package of tests/package.json. */
export async function bundle(source) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: FOLDER, loader: "js" },
    bundle: true,
    format: "esm",
    platform: "browser",
    define: { global: "globalThis" },
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text;
}
