// Lists what the wasm modules below a folder import; fails where that is not their own generated glue.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const modules = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".wasm"));
let strangers = 0;
for (const name of modules) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(join(folder, name))));
  const strange = imports.filter(({ module }) => !module.startsWith("./") && module !== "__wbindgen_placeholder__");
  strangers += strange.length;
  console.log(`${name}: ${imports.length} imports, ${strange.length} of them not from its glue`);
  for (const { module, name } of strange) console.log(`    import "${module}" "${name}"`);
}
if (modules.length === 0) console.log(`no wasm module below ${folder}`);
process.exit(modules.length === 0 || strangers > 0 ? 1 : 0);
