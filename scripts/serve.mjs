// A static file server on the loopback address: `node serve.mjs FOLDER [PORT]`. Where the port is taken it tries the next ones.
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ts": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webp": "image/webp",
};
const TRIES = 20;

const folder = await realpath(process.argv[2]);
let port = Number(process.argv[3] ?? 8080);
const last = port === 0 ? 0 : port + TRIES;

/** The file that an address asks for, or null: nothing outside the folder. */
async function file(url) {
  const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  const found = await realpath(join(folder, path));
  if (found !== folder && !found.startsWith(folder + sep)) return null;
  const about = await stat(found);
  if (!about.isDirectory()) return { path: found, bytes: about.size };
  if (!path.endsWith("/")) return { to: path + "/" };
  const index = join(found, "index.html");
  return { path: index, bytes: (await stat(index)).size };
}

const server = createServer(async (request, response) => {
  const found = await file(request.url).catch(() => null);
  if (!found || !["GET", "HEAD"].includes(request.method)) {
    response.writeHead(found ? 405 : 404, { "Content-Type": "text/plain" }).end(found ? "Only GET\n" : "Not found\n");
  } else if (found.to) {
    response.writeHead(301, { Location: found.to }).end();
  } else {
    response.writeHead(200, {
      "Content-Type": TYPES[extname(found.path)] ?? "application/octet-stream",
      "Content-Length": found.bytes,
      "Cache-Control": "no-cache",
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(found.path).on("error", () => response.destroy()).pipe(response);
  }
});
server.on("error", (error) => {
  if (error.code !== "EADDRINUSE" || port >= last) {
    console.error(`The page cannot be served on port ${port}: ${error.message}`);
    process.exit(1);
  }
  port += 1;
  server.listen(port, "127.0.0.1");
});
server.on("listening", () => console.log(`Glassbroker is at http://127.0.0.1:${server.address().port}/`));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
server.listen(port, "127.0.0.1");
