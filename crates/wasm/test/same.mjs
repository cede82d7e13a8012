// The engine in Node says what the program says: findings, fixes, verdicts, rewritten replies.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import * as absolve from "absolve";

const program = process.argv[2];
const FORMATS = { txt: "text", md: "markdown", html: "html" };
const names = readdirSync("examples").sort();
const texts = new Map(names.map((it) => [it, readFileSync(`examples/${it}`, "utf8")]));
assert(texts.size > 1000, "there are examples");

const checked = JSON.parse(readFileSync("checked.json", "utf8")).files;
assert.equal(checked.length, texts.size);
let nFindings = 0;
for (const { path, diagnostics } of checked) {
  const name = path.replace(/^\.\//, "");
  const text = texts.get(name);
  const found = absolve.check(text, { format: FORMATS[name.split(".").pop()] });
  assert.deepEqual(found.map((it) => inBytes(text, it)), diagnostics.map(({ start, end, ...it }) => it), name);
  nFindings += found.length;
}
console.log(`${texts.size} texts, ${nFindings} findings: the same as absolve check`);

const replies = [...texts].filter(([name]) => !name.endsWith(".md")).map(([name, text]) => (name.endsWith(".html") ? { html: text } : { text }));
const verdicts = askProgram(replies);
replies.forEach((reply, at) => assert.deepEqual(absolve.gate(reply), verdicts[at], JSON.stringify(reply)));
const counts = Object.groupBy ? Object.groupBy(verdicts, (it) => it.verdict) : {};
console.log(`${replies.length} verdicts: the same as absolve gate`, Object.entries(counts).map(([it, all]) => `${it} ${all.length}`).join(", "));

const picks = replies.map((reply, at) => ({ reply, choices: pick(verdicts[at]) })).filter((it) => it.choices.length);
const rewritten = askProgram(picks.map(({ reply, choices }) => ({ ...reply, choices })));
picks.forEach(({ reply, choices }, at) => assert.deepEqual(absolve.rewrite(reply, choices), rewritten[at], JSON.stringify(reply)));
console.log(`${picks.length} replies rewritten: the same`);

assert.equal(absolve.version(), spawnSync(program, ["--version"]).stdout.toString().split(" ")[1]);
assert.throws(() => absolve.gate({ text: "Hi", publik: false }), /unknown field `publik`/);
assert.throws(() => absolve.check("Hi", { format: "docx" }), /there is no format `docx`/);
assert.throws(() => absolve.rewrite({ text: "Hi" }, [{ finding: 0, alternative: 0 }]), /no finding 0/);
const emoji = "👩‍👩‍👧 Désolés pour la gêne occasionnée.";
const [{ span }] = absolve.check(emoji);
assert.equal(emoji.slice(span.start, span.end), "Désolés pour la gêne");
console.log("errors are errors, places are places of JavaScript");

/** The first alternative of the first finding that has one, its blanks filled. */
function pick({ findings }) {
  const finding = findings.findIndex((it) => it.alternatives.length);
  if (finding < 0) return [];
  const { slots } = findings[finding].alternatives[0];
  return [{ finding, alternative: 0, answers: Object.fromEntries(slots.map((it) => [it, "the parcel went to Lyon"])) }];
}

/** All questions to one run of the program, each behind its length. */
function askProgram(questions) {
  const frames = questions.flatMap((it) => {
    const json = Buffer.from(JSON.stringify(it));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    return [length, json];
  });
  const { stdout, status } = spawnSync(program, ["gate", "--native-messaging"], { input: Buffer.concat(frames), maxBuffer: 1 << 30 });
  assert.equal(status, 0);
  const answers = [];
  for (let at = 0; at < stdout.length; at += 4 + stdout.readUInt32LE(at)) {
    answers.push(JSON.parse(stdout.subarray(at + 4, at + 4 + stdout.readUInt32LE(at))));
  }
  assert.equal(answers.length, questions.length);
  return answers;
}

function inBytes(text, { span, fixes, ...finding }) {
  const bytes = (it) => ({ start: Buffer.byteLength(text.slice(0, it.start)), end: Buffer.byteLength(text.slice(0, it.end)) });
  const edits = (all) => all.map(({ span, replacement }) => ({ span: bytes(span), replacement }));
  return { ...finding, span: bytes(span), fixes: fixes.map((it) => ({ ...it, edits: edits(it.edits) })) };
}
