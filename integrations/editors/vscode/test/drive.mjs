// A person at work in VS Code: opens replies, reads findings, picks better words, saves, changes the configuration, quits.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Server, Window, processes, until } from "./vscode.mjs";

const [cache, work, extension, pictures] = process.argv.slice(2);
const PORT = 18_077;
const absolve = join(work, "bin/absolve");
const path = (name) => join(work, "files", name);
let nChecks = 0;
let nFailed = 0;

function check(name, isSo, seen) {
  nChecks += 1;
  nFailed += isSo ? 0 : 1;
  console.log(`${isSo ? "ok    " : "FAILED"}  ${name}${isSo ? "" : `: ${JSON.stringify(seen)}`}`);
}

const SAFE = "Hi Zoë 👋,\r\n\r\nYour parcel left Lyon today. Please do not hesitate to contact us.\r\n";
writeFileSync(path("safe.txt"), SAFE);
writeFileSync(path("saved.md"), SAFE);
writeFileSync(path("closed.txt"), SAFE);
writeFileSync(path("config.txt"), "Sorry for the inconvenience.\n");

/** What of each file is flagged first; the columns are where these words stand, counted as VS Code counts: UTF-16 from 1.
 *  french.md is in NFD, as some systems write: é is two characters. */
const FLAGGED = {
  "english.txt": "apologise for any",
  "french.md": "désolés".normalize("NFD"),
  "page.html": "apologise for any",
  "macros.json": "apologise for any",
};

function place(text, words) {
  const before = text.slice(0, text.indexOf(words));
  const lines = before.split(/\r?\n/);
  return { line: lines.length, column: lines.at(-1).length + 1 };
}

/** The first better words that the program itself has for a file, and the bytes with them in it, blanks answered. */
function expected(name) {
  let json;
  try {
    json = execFileSync(absolve, ["rewrite", "--json", name], { cwd: join(work, "files"), encoding: "utf8" });
  } catch (error) {
    json = error.stdout;
  }
  const { text, edits, slots } = JSON.parse(json).findings[0].alternatives.find((it) => it.edits.length > 0);
  let bytes = readFileSync(path(name));
  for (const { span, replacement } of edits.toReversed()) {
    const filled = slots.reduce((it, slot, index) => it.replace(`{${slot}}`, answer(index)), replacement);
    bytes = Buffer.concat([bytes.subarray(0, span.start), Buffer.from(filled), bytes.subarray(span.end)]);
  }
  return { text, bytes, slots };
}

const answer = (index) => `answer ${index + 1} é`;

const server = new Server(cache, work);
server.install(extension, {
  "absolve.path": absolve,
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "files.autoSave": "off",
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "editor.wordBasedSuggestions": "off",
  "editor.autoClosingBrackets": "never",
  "editor.autoSurround": "never",
  "[markdown]": { "editor.codeActionsOnSave": { "source.fixAll.absolve": "explicit" } },
});
await server.start(PORT);
const window = await Window.open(cache, `http://127.0.0.1:${PORT}/?folder=${join(work, "files")}`);
const picture = (name) => window.picture(join(pictures, `${name}.png`));

try {
  await window.command("Problems: Focus on Problems View");
  for (const [name, words] of Object.entries(FLAGGED)) await findings(name, words);
  await hovers();
  for (const name of Object.keys(FLAGGED)) await quickFix(name);
  await untitled();
  await safeFixes();
  await everywhere();
  await configuration();
  await ruleOfTheTeam();
  await extensionPage();
  await endings();
} catch (error) {
  check("the drive comes to its end", false, String(error));
  await picture("failed");
} finally {
  await window.close();
  if (server.process.exitCode === null) await server.stop();
}
console.log(nFailed === 0 ? `all ${nChecks} checks hold` : `${nFailed} of ${nChecks} checks fail`);
process.exit(nFailed === 0 ? 0 : 1);

async function findings(name, words) {
  await window.file(name);
  const [first] = await window.problemsOf(name);
  const { line, column } = place(readFileSync(path(name), "utf8"), words);
  check(`${name}: found at ${line}:${column}`, first?.line === line && first?.column === column, first);
  await window.closeEditors();
  check(`${name}: nothing is told of it once it is closed`, (await window.problemsOf(name, (it) => it.length === 0)).length === 0);
}

async function hovers() {
  for (const [name, why] of [["english.txt", "Why it hurts"], ["french.md", "Pourquoi"]]) {
    await window.file(name);
    const { line, column } = place(readFileSync(path(name), "utf8"), FLAGGED[name]);
    await window.go(line, column + 2);
    const said = await window.hover();
    check(`${name}: the hover says why`, said.includes(why), said);
    await picture(`hover-${name}`);
    await window.press("Escape");
  }
}

async function quickFix(name) {
  await window.file(name);
  const { text, bytes, slots } = expected(name);
  const { line, column } = place(readFileSync(path(name), "utf8"), FLAGGED[name]);
  await window.go(line, column + 2);
  const offered = await window.quickFixes();
  check(`${name}: the first quick fix is the program's first alternative`, offered[0] === text, offered);
  await picture(`quick-fix-${name}`);
  await window.press("Enter");
  await window.page.waitForSelector(".tab.active.dirty");
  for (const index of slots.keys()) {
    if (index > 0) await window.press("Tab");
    await window.page.keyboard.insertText(answer(index));
  }
  await picture(`fixed-${name}`);
  await window.press("Escape");
  await window.save();
  const saved = readFileSync(path(name));
  check(`${name}: saved, blanks filled by keyboard, no other byte changed`, saved.equals(bytes), saved.toString());
  check(`${name}: nothing is found any more`, (await window.problemsOf(name, (it) => it.length === 0)).length === 0, await window.problems());
}

async function untitled() {
  await window.press("Control+Alt+n");
  await window.page.waitForSelector(".tab.active[data-resource-name^=Untitled]");
  await window.page.keyboard.type("Hello 😀, sorry for the inconvenience.\n");
  await until(async () => (await window.problems()).some((it) => it.file.startsWith("Untitled")));
  const first = (await window.problems()).find((it) => it.file.startsWith("Untitled"));
  await picture("untitled");
  check("a new text, saved nowhere: found while it is typed", first?.line === 1 && first?.column === 11, first);
}

async function safeFixes() {
  copyFileSync(path("safe.txt"), path("by-program.txt"));
  execFileSync(absolve, ["fix", "--fail-on", "never", path("by-program.txt")], { stdio: "ignore" });
  const bytes = readFileSync(path("by-program.txt"));
  check("the text for safe fixes has one", !bytes.equals(Buffer.from(SAFE)), SAFE);
  await window.file("safe.txt");
  await window.problemsOf("safe.txt");
  await window.command("Absolve: Fix What Is Safe to Fix in This File");
  await window.page.waitForSelector(".tab.active.dirty");
  await window.save();
  check("the command mends as `absolve fix` does, to the byte", readFileSync(path("safe.txt")).equals(bytes), readFileSync(path("safe.txt"), "utf8"));
  await window.file("saved.md");
  await window.problemsOf("saved.md");
  await window.page.keyboard.type("Oh! ");
  await window.save();
  const isSo = await until(() => readFileSync(path("saved.md")).equals(Buffer.concat([Buffer.from("Oh! "), bytes])));
  check("so does saving, where it is set to", isSo, readFileSync(path("saved.md"), "utf8"));
}

async function everywhere() {
  await window.command("Absolve: Fix What Is Safe to Fix Everywhere");
  await window.page.waitForSelector(".tab.dirty[data-resource-name='closed.txt']");
  await picture("everywhere");
  await window.file("closed.txt");
  await window.save();
  const isSo = readFileSync(path("closed.txt")).equals(readFileSync(path("by-program.txt")));
  check("“Everywhere” mends a file that was not open, and leaves the saving to the person", isSo, readFileSync(path("closed.txt"), "utf8"));
}

async function ruleOfTheTeam() {
  const phrase = "the ball is in your court";
  writeFileSync(path("config.txt"), `Hi Ana, ${phrase}.\n`);
  await window.file("config.txt");
  await until(async () => (await window.page.locator(".view-line").first().innerText()).includes("court"));
  await window.go(1, 9);
  for (const _ of phrase) await window.press("Shift+ArrowRight");
  await window.command("Absolve: New Rule from Selection");
  const rule = "the-ball-is-in.toml";
  await window.page.waitForSelector(`.tab.active[data-resource-name="${rule}"]`);
  await window.save();
  await picture("rule");
  const saved = join(work, "files/rules/en", rule);
  check("a selection makes a rule file", readFileSync(saved, "utf8").includes(phrase), saved);
  await window.press("Control+a");
  await window.page.keyboard.insertText(readFileSync(saved, "utf8").replace(`find = ["${phrase}"]`, 'find = ["another phrase"]'));
  const told = await window.problemsOf(rule);
  check("an example that it no longer finds is told in its place, while it is typed", told.some((it) => it.line === 16), told);
}

async function configuration() {
  await window.file("config.txt");
  const [{ sin }] = await window.problemsOf("config.txt");
  await window.go(1, 3);
  const offered = await window.quickFixes();
  const silence = offered.findIndex((it) => it.startsWith("Do not look for"));
  for (let index = 0; index < silence; index += 1) await window.press("ArrowDown");
  await window.press("Enter");
  const isSilent = async () => (await window.problemsOf("config.txt", (it) => it.length === 0)).length === 0;
  check("“Do not look for …” silences the sin", await isSilent(), await window.problems());
  check("and has written it into absolve.toml", existsSync(path("absolve.toml")) && readFileSync(path("absolve.toml"), "utf8").includes(sin), sin);
  writeFileSync(path("absolve.toml"), "");
  check("absolve.toml, emptied by another program: found again", (await window.problemsOf("config.txt")).length > 0);
  await window.file("absolve.toml");
  await window.page.keyboard.insertText("[rules\n");
  await window.save();
  const broken = await window.problemsOf("absolve.toml");
  check("a broken absolve.toml is told in its place", broken[0]?.line === 1, broken);
  check("and the last good one stays in force", (await window.problemsOf("config.txt")).length > 0);
  await picture("broken-config");
  await window.file("absolve.toml");
  await window.press("Control+a");
  await window.page.keyboard.insertText(`[rules]\ndisable = ["${sin}"]\n`);
  await window.save();
  await picture("mended-config");
  check("mended in the editor, it is followed", await isSilent(), await window.problems());
  check("and no longer told as broken", (await window.problemsOf("absolve.toml", (it) => it.length === 0)).length === 0);
}

async function extensionPage() {
  await window.command("Extensions: Show Installed Extensions");
  await window.page.locator(".extensions-list .monaco-list-row", { hasText: "Absolve" }).first().click();
  await window.page.waitForSelector(".extension-editor .name");
  await until(async () => (await window.page.frames().length) > 1);
  await window.page.waitForTimeout(2000);
  await picture("extension");
  await window.command("Preferences: Open Settings (UI)");
  await window.page.locator(".settings-editor .monaco-editor").first().click();
  await window.page.keyboard.insertText("@ext:absolve-lint.absolve");
  const shown = window.page.locator(".settings-editor .setting-item-label");
  await until(async () => (await shown.allInnerTexts()).includes("Profile"));
  check("its settings are shown", (await shown.count()) >= 3, await shown.allInnerTexts());
  await picture("settings");
  await window.press("Escape", "Escape");
}

async function endings() {
  const [first] = processes(absolve);
  check("one server runs", processes(absolve).length === 1, processes(absolve));
  await window.command("Absolve: Restart");
  const isNew = await until(() => processes(absolve).length === 1 && processes(absolve)[0].pid !== first.pid);
  check("“Restart” leaves one, a new one", isNew, processes(absolve));
  process.kill(processes(absolve)[0].parent, "SIGKILL");
  check("an extension host that is killed takes its server with it", await until(() => !processes(absolve).some((it) => it.parent === 1) || processes(absolve).length === 0), processes(absolve));
  await window.close();
  await server.stop();
  check("after the end no server is left", await until(() => processes(absolve).length === 0), processes(absolve));
}
