// Counts the complaints of a grammar checker about replies, before and after Absolve fixed them.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [, , command, ...args] = process.argv;
await { unpack, compare }[command](...args);

/** One file for each reply, by language. */
function unpack(folder, scratch) {
  let count = 0;
  for (const name of readdirSync(folder).filter((it) => it.endsWith(".jsonl"))) {
    for (const line of readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean)) {
      const { lang, text } = JSON.parse(line);
      if (!["en", "fr"].includes(lang) || !text) continue;
      const target = join(scratch, lang, "before");
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, `${String(count++).padStart(6, "0")}.txt`), text);
    }
  }
}

async function compare(scratch) {
  for (const [language, checker] of [["en", harper], ["fr", grammalecte]]) {
    const before = join(scratch, language, "before");
    if (!existsSync(before)) continue;
    const read = (side, name) => readFileSync(join(scratch, language, side, name), "utf8");
    const names = readdirSync(before).sort();
    const all = names.filter((it) => read("before", it) !== read("after", it));
    const changed = all.slice(0, Number(process.env.LIMIT ?? all.length));
    console.log(`${language}: ${all.length} of ${names.length} replies were changed by the machine`);
    const complaints = await checker();
    if (!complaints) continue;
    let [total, totalAfter, worse] = [0, 0, 0];
    for (const name of changed) {
      const [first, second] = [await complaints(read("before", name)), await complaints(read("after", name))];
      total += first;
      totalAfter += second;
      worse += second > first ? 1 : 0;
      if (second > first && process.env.SHOW) console.log(`  + ${JSON.stringify(read("after", name))}`);
    }
    console.log(`${language}: complaints ${total} before, ${totalAfter} after; more in ${worse} of ${changed.length} replies`);
  }
}

async function harper() {
  const folder = join(resolve(process.env.HARPER), "node_modules/harper.js/dist");
  if (!existsSync(folder)) return void console.log("en: skipped, harper.js is not installed");
  const load = (name) => import(pathToFileURL(join(folder, name)));
  const { LocalLinter } = await load("index.js");
  const { binary } = await load("binary.js");
  const linter = new LocalLinter({ binary });
  await linter.setup();
  return async (text) => (await linter.lint(text, { language: "plaintext" })).length;
}

function grammalecte() {
  if (spawnSync("grammalecte-cli", ["--help"]).error) {
    return void console.log("fr: skipped, grammalecte-cli is not installed");
  }
  return (text) => {
    const input = text.replace(/\n+/g, " ");
    // It reads lines, and leaves when there are none; each complaint is a line `* 1 [4:8] …`.
    const run = spawnSync("grammalecte-cli", [], { input: `${input}\n`, encoding: "utf8" });
    return run.stdout.match(/^\* \d+ \[/gm)?.length ?? 0;
  };
}
