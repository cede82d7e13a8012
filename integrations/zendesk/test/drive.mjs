// Writes replies in a mock of Zendesk's composer, submits them, and looks at what the app says.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { build } from "esbuild";
import puppeteer from "puppeteer-core";

const WORK = process.argv[2];
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const SIN = "Hello Ana,\n\nWe apologise for any inconvenience this may have caused.";
const FRENCH_SIN = "Bonjour Ana,\n\nVeuillez nous excuser pour la gêne occasionnée.";
const CLEAN = "Hello Ana,\n\nYour refund of $42 left today and will be on your card by Friday.";
// Two kilobytes, as agents write them.
const LONG = `Hello Ana,

Thank you for the photos: they show what went wrong. The carrier scanned your parcel in Lyon on Tuesday at 4 pm and then put it on the van to
Dijon, where nobody lives who ordered it. I called the depot this morning. They found it, the seal is unbroken, and it is on its way back to Lyon.

Here is what happens next. The parcel reaches your street on Thursday between 9 and 12. If that does not suit you, tell me before tomorrow
evening and I will have it held at the shop on rue Mercier, where it waits for ten days. I have also taken the delivery fee off your invoice:
the $6.90 will be on your card by Friday, and the new invoice is attached to this mail.

We apologise for any inconvenience this may have caused.

You asked whether the lamp can be exchanged for the brass one. It can. The brass one costs $4 more, we have eleven of them in the warehouse,
and I have put one aside in your name until the end of the month. To exchange it, leave the first lamp in its box and give it to the driver on
Thursday: he knows. You need no label and no form. Once the box is here, which takes two days, the brass lamp leaves the same afternoon.

About your second question: the bulb is an E14 of at most 40 watts, warm white is what most people like with that shade, and any shop in your
town will have it. The cable is 1.8 metres long. If the lamp stands further from the wall, take the extension with the fabric cover; it is
$9 and it looks like the cable itself. The switch is on the cable, about a hand from the foot, so you will reach it from the armchair.

Last, the gift card: it was valid until March, and the system refused it because the name on it was typed with an accent and yours here is not.
I mended that. Its $25 are on your account, you will see them when you pay next time, and they do not expire any more.

Please do not hesitate to contact us if you have any further questions.

Kind regards,
Maya, from the workshop in Lyon`;
const SINFUL = `${CLEAN}\n\n${SIN}\n`.repeat(20).slice(0, 2048);
const html = (text) => `<div class="zd-comment">${text.split("\n\n").map((it) => `<p>${it}</p>`).join("")}</div>`;
let nFailed = 0;

function check(name, isSo, seen) {
  nFailed += isSo ? 0 : 1;
  console.log(`${isSo ? "ok    " : "FAILED"}  ${name}${isSo ? "" : `: ${JSON.stringify(seen)}`}`);
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

async function serve(folder) {
  const server = createServer(async ({ url }, response) => {
    const path = new URL(url, "http://x").pathname;
    try {
      const content = await readFile(join(folder, path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** How long two hundred verdicts took, sorted: milliseconds each. Runs in the page. */
async function askOften(reply) {
  const absolve = await import("./absolve/index.js");
  const asked = [];
  for (let i = 0; i < 200; i++) {
    const start = performance.now();
    absolve.gate({ text: reply });
    asked.push(performance.now() - start);
  }
  return asked.sort((a, b) => a - b);
}

/** The SDK as it is on npm, for the one script that the app asks Zendesk for. */
async function sdk() {
  const entry = join(WORK, "node_modules/zendesk_app_framework_sdk/lib/index.js");
  const bundle = await build({ entryPoints: [entry], bundle: true, write: false, format: "iife", globalName: "ZAFClient" });
  return bundle.outputFiles[0].text;
}

const server = await serve(WORK);
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"], headless: true, dumpio: !!process.env.DUMP });
const page = await browser.newPage();
const asked = [];
let engineIsThere = true;
await intercept(await sdk());

async function intercept(script) {
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const url = new URL(request.url());
    asked.push(url.href);
    if (url.hostname === "static.zdassets.com") {
      return request.respond({ contentType: "text/javascript", body: script });
    }
    if (url.origin !== origin || (!engineIsThere && url.pathname.endsWith(".wasm"))) {
      return request.abort();
    }
    return request.continue();
  });
}

async function start(locale = "en", settings = {}) {
  await page.goto(`${origin}/host.html`);
  await page.evaluate((...args) => host.start(...args), "app/assets/iframe.html", locale, settings);
  const frame = page.frames().find((it) => it.url().includes("iframe.html"));
  await frame.waitForFunction(() => document.getElementById("headline").textContent !== "");
  return frame;
}

const write = (...args) => page.evaluate((...args) => host.write(...args), ...args);
const save = () => page.evaluate(() => host.save());
const field = (name) => page.evaluate((name) => host.fields[name], name);
const invoked = () => page.evaluate(() => host.invoked.map((it) => it.flat().join(" ")));
const text = (frame) => frame.evaluate(() => document.body.innerText);

async function submit(reply, type) {
  await write(reply, type);
  return save();
}

async function held(name, said, ...words) {
  const missing = words.filter((it) => !said.said?.includes(it));
  check(name, said.saved === false && !missing.length, { said, missing });
}

try {
  let frame = await start();
  await held("a sin in English is held", await submit(SIN), "any inconvenience");
  check("the panel says why, and better", (await text(frame)).includes("Use these words"), await text(frame));
  await held("a sin in HTML is held", await submit(html(SIN)), "any inconvenience");
  await held("a sin in French is held", await submit(html(FRENCH_SIN)), "la gêne");
  await held("a sin in HTML entities is held", await submit(html(FRENCH_SIN).replace("ê", "&ecirc;").replaceAll("é", "&eacute;")));
  await held("a placeholder that Zendesk does not fill in is held", await submit("Hello [NAME],\n\nYour refund left today."));
  check("one that Zendesk fills in is not", (await submit("Hello {{ticket.requester.first_name}},\n\nYour refund left today.")).saved);
  check("an internal note may say anything", (await submit(SIN, "internalNote")).saved);
  check("a clean reply is sent", (await submit(CLEAN)).saved);
  check("a clean HTML reply is sent", (await submit(html(CLEAN))).saved);
  check("an empty composer is none of our business", (await submit("")).saved);

  for (const [kind, reply] of [["plain text", SIN], ["HTML", html(SIN)]]) {
    await submit(reply);
    await frame.waitForSelector("#findings .alternatives button");
    await frame.$$eval("#findings > li:first-child .alternatives li:first-child input", (all) => all.forEach((it) => (it.value = "the parcel went to the wrong town")));
    await frame.$eval("#findings > li:first-child .alternatives li:first-child button", (it) => it.click());
    await frame.waitForFunction(() => !document.body.innerText.includes("inconvenience"));
    const now = await field("comment.text");
    const isKept = kind === "plain text" || now.startsWith('<div class="zd-comment"><p>Hello Ana,</p><p>');
    check(`one click writes better words into ${kind}`, now.includes("wrong town") && !now.includes("inconvenience") && isKept, now);
    check(`and ${kind} may then leave`, (await save()).saved);
  }

  await submit(SIN);
  await frame.$eval("#reason", (it) => (it.value = "the customer asked for these very words"));
  await frame.$eval("#override button", (it) => it.click());
  await frame.waitForFunction(() => document.getElementById("headline").textContent.startsWith("Noted"));
  check("a reason lets it leave", (await save()).saved);
  check("and leaves a tag", (await invoked()).includes("ticket.tags.add absolve_override"), await invoked());
  await held("the next sin needs a reason of its own", await submit(`${SIN} `));

  frame = await start("fr", { hold: "never", reason_field: "42" });
  check("a policy that holds nothing holds nothing", (await submit(SIN)).saved);
  frame = await start("fr-FR", { reason_field: "42" });
  await held("a French agent", await submit(FRENCH_SIN), "la gêne");
  check("reads French", (await text(frame)).includes("Prendre ces mots"), await text(frame));
  await frame.$eval("#reason", (it) => (it.value = "le client cite"));
  await frame.$eval("#override button", (it) => it.click());
  await frame.waitForFunction(() => document.getElementById("headline").textContent.startsWith("C’est noté"));
  check("with a field for it, the reason is kept there", (await save()).saved && (await field("ticket.customField:custom_field_42")) === "le client cite");

  for (const [what, reply] of [["a 2 KB reply with two sins", LONG], ["one with a sin in every other sentence", SINFUL]]) {
    const times = await frame.evaluate(askOften, reply);
    console.log(`        ${what}: median ${times[100].toFixed(2)} ms, p99 ${times[198].toFixed(2)} ms`);
  }
  const fresh = await browser.newPage();
  await fresh.goto(`${origin}/host.html`);
  const first = await fresh.evaluate(async (reply) => {
    const absolve = await import("./app/assets/absolve/index.js");
    const start = performance.now();
    await absolve.load();
    const loaded = performance.now();
    absolve.gate({ text: reply });
    return [loaded - start, performance.now() - loaded];
  }, SIN);
  await fresh.close();
  console.log(`        loaded in ${first[0].toFixed(1)} ms, first reply in ${first[1].toFixed(1)} ms`);

  engineIsThere = false;
  await page.setCacheEnabled(false);
  frame = await start();
  check("without the engine, mail flows", (await submit(SIN)).saved);
  check("and the agent is told", (await text(frame)).includes("without being checked"), await text(frame));

  const foreign = asked.filter((it) => !it.startsWith(origin) && !it.startsWith("https://static.zdassets.com/") && !it.startsWith("data:"));
  check("nothing but the app and the SDK is asked for", !foreign.length, foreign);
} catch (error) {
  check("the run", false, error.stack);
} finally {
  await browser.close();
  server.close();
}
console.log(nFailed ? "FAILED" : "all is well");
process.exit(nFailed ? 1 : 0);
