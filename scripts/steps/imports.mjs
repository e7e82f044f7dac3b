// Lists what the wasm modules below a folder import; fails where that is not their own generated glue, or where they name a folder of
// this machine's home.
import { readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const folder = process.argv[2];
// What generated glue gives, and to the page's second module the loader: memory, table and functions of the first (scripts/build/loader.mjs).
const isGlue = ({ module }) => module.startsWith("./") || ["__wbindgen_placeholder__", "__wasm_split"].includes(module);
const modules = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".wasm"));
let strangers = 0;
for (const name of modules) {
  const bytes = readFileSync(join(folder, name));
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  const strange = imports.filter((one) => !isGlue(one));
  strangers += strange.length;
  console.log(`${name}: ${imports.length} imports, ${strange.length} of them not from its glue`);
  for (const { module, name } of strange) console.log(`    import "${module}" "${name}"`);
  if (bytes.includes(`${homedir()}/`)) {
    strangers += 1;
    console.log(`    it names ${homedir()}/: placeless, in scripts/lib.sh, keeps that out`);
  }
}
if (modules.length === 0) console.log(`no wasm module below ${folder}`);
process.exit(modules.length === 0 || strangers > 0 ? 1 : 0);
