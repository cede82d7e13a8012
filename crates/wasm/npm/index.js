// Absolve in the browser: `await load()`, then ask.
import init, * as engine from "./engine.js";

export async function load(wasm = new URL("absolve.wasm", import.meta.url)) {
  await init({ module_or_path: wasm });
}

export function check(text, { format = "text" } = {}) {
  return JSON.parse(engine.check(text, format));
}

export function gate(reply, policy = {}) {
  return JSON.parse(engine.gate(JSON.stringify(reply), JSON.stringify(policy)));
}

export function rewrite(reply, choices = null, policy = {}) {
  return JSON.parse(engine.rewrite(JSON.stringify(reply), JSON.stringify(choices), JSON.stringify(policy)));
}

export function version() {
  return engine.version();
}
