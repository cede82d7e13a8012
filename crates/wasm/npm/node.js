// Absolve in Node: the same, ready at once.
import { readFileSync } from "node:fs";
import { initSync } from "./engine.js";

initSync({ module: readFileSync(new URL("absolve.wasm", import.meta.url)) });

export { check, gate, rewrite, version } from "./index.js";

/** Nothing to wait for; here so that the same code runs in the browser. */
export async function load() {}
