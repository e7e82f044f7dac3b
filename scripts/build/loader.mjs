// Puts the loader of the second module into wasm-bindgen's glue, so that it is no file of its own: `loader.mjs GLUE FOLDER`. The folder
// holds what wasm-split-cli wrote; its own loader is not taken, as it wants a server that knows wasm's type.
import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [glue, folder] = process.argv.slice(2);
const cut = readFileSync(join(folder, "__wasm_split.js"), "utf8");
const shared = /const \{ (.*?),?\s*\} = initSync/.exec(cut)[1];
const module = join(folder, "split_later.wasm");
const name = `later-${createHash("sha256").update(readFileSync(module)).digest("hex").slice(0, 16)}.wasm`;
renameSync(module, join(folder, name));

const loader = `
const loader = { __wasm_split_load_later };
/** Loads the second module, then calls back by the program's table: whether it is here. It can be asked again. */
async function __wasm_split_load_later(then, data) {
    const { ${shared} } = wasm;
    let isHere = true;
    try {
        const answer = await fetch(new URL("${name}", import.meta.url));
        if (!answer.ok) throw new Error(\`\${answer.url}: \${answer.status}\`);
        await WebAssembly.instantiate(await answer.arrayBuffer(), { __wasm_split: { ${shared} } });
    } catch (why) {
        console.warn("The second module could not be loaded:", why);
        isHere = false;
    }
    __indirect_function_table.get(then)(data, isHere ? 1 : 0);
}
`;
const text = readFileSync(glue, "utf8");
const line = /^import \* as (\w+) from "\.\/__wasm_split\.js"\n?/m;
const found = line.exec(text);
if (!found) throw new Error(`${glue} does not import the loader`);
writeFileSync(glue, text.replace(line, "").replaceAll(new RegExp(`\\b${found[1]}\\b`, "g"), "loader") + loader);
