// Holds a public reply back while there is something in it that should not leave. All of it happens in this browser.

import * as absolve from "./absolve/index.js";
import { composerOf } from "./composer.js";
import { panel } from "./panel.js";
import { setLanguage, words } from "./words.js";

// A ticket must not wait for us.
const TIME_BOX = 2000;
// An agent who types is not interrupted.
const PAUSE = 400;

const client = ZAFClient.init();
const composer = composerOf(client);
const state = { policy: {}, settings: {}, agent: {}, reason: null };
const ready = start();
ready.then(look, tell);

client.on("ticket.save", () => Promise.race([mayLeave(), later(TIME_BOX)]));
client.on("comment.text.changed", debounce(look));
client.on("comment.type.changed", debounce(look));

/** Rejects, with what the agent is to know, if the reply is held: that alone stops Zendesk. */
async function mayLeave() {
  const verdict = await judge().catch(tell);
  if (verdict?.verdict === "hold") {
    throw new Error(verdict.message);
  }
  if (verdict?.overridden) {
    await note(verdict.overridden.reason).catch(tell);
  }
  state.reason = null;
}

async function start() {
  const [{ currentUser }, metadata] = await Promise.all([client.get("currentUser"), client.metadata(), absolve.load()]);
  state.agent = { name: currentUser?.name, language: currentUser?.locale ?? "en" };
  state.settings = metadata?.settings ?? {};
  state.policy = policyOf(state.settings);
  setLanguage(state.agent.language);
}

function policyOf({ hold, suggest, filled_later: later, override }) {
  const policy = { "filled-later": (later ?? "{{ticket.*}} {{current_user.*}} {{dc.*}}").split(/\s+/).filter(Boolean) };
  if (hold) policy.hold = hold;
  if (suggest) policy.suggest = suggest;
  if (override === false || override === "false") policy.override = false;
  return policy;
}

/** The verdict on what is in the composer, shown in the panel. */
async function judge() {
  await ready;
  const reply = await question();
  const verdict = absolve.gate(reply, state.policy);
  panel.show(verdict, { mayOverride: state.policy.override !== false, use: (choice) => use(reply, choice), send });
  await client.invoke("resize", { width: "100%", height: `${panel.height()}px` }).catch(() => {});
  return verdict;
}

async function question() {
  const reply = { ...(await composer.read()), language: state.agent.language };
  if (state.agent.name) reply.agent = state.agent.name;
  // A reason is one for these words; others need their own.
  if (state.reason?.body === bodyOf(reply)) reply.override = state.reason.words;
  return reply;
}

function bodyOf(reply) {
  return reply.html ?? reply.text;
}

/** Puts better words into the composer. The findings are of the reply as it was: in another, their places mean nothing. */
async function use(before, choice) {
  const now = await composer.read();
  if (bodyOf(now) === bodyOf(before)) {
    await composer.write(absolve.rewrite(before, [choice], state.policy).reply);
  }
  await judge();
}

/** From now on this reply may leave as it is; the agent submits it as ever. */
async function send(reason) {
  state.reason = { words: reason, body: bodyOf(await composer.read()) };
  await judge();
  panel.headline(words("overridden"));
}

/** Leaves a trace of an override: the agent's reason, not the reply. */
async function note(reason) {
  await client.invoke("ticket.tags.add", "absolve_override");
  const field = state.settings.reason_field;
  if (field) {
    await client.set(`ticket.customField:custom_field_${field}`, reason);
  }
}

function look() {
  return judge().catch(tell);
}

/** A reply that could not be checked is sent: a helpdesk must not stand still because its checker does. */
function tell(error) {
  console.error("Absolve:", error);
  panel.headline(words("unchecked", error.message));
}

function later(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function debounce(action) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, PAUSE);
  };
}
