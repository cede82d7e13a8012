// VS Code as a person sees it and drives it: keys in, what is on the screen out.

import { spawn, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];
const PATIENCE = 20_000;

/** code-server with one extension in it, in folders of its own. */
export class Server {
  constructor(cache, work) {
    this.program = join(cache, "node_modules/code-server/out/node/entry.js");
    this.folders = ["--user-data-dir", join(work, "data"), "--extensions-dir", join(work, "extensions")];
    this.environment = { ...process.env, XDG_CONFIG_HOME: join(work, "config"), HOME: work };
    this.settings = join(work, "data/User/settings.json");
  }

  install(extension, settings) {
    mkdirSync(join(this.settings, ".."), { recursive: true });
    writeFileSync(this.settings, JSON.stringify(settings));
    execFileSync(process.execPath, [this.program, ...this.folders, "--install-extension", extension], { env: this.environment });
  }

  async start(port) {
    const options = ["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check"];
    this.process = spawn(process.execPath, [this.program, ...this.folders, ...options], { env: this.environment, stdio: "ignore" });
    await until(() => fetch(`http://127.0.0.1:${port}/healthz`).then((it) => it.ok, () => false));
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await ended;
  }
}

/** A window of VS Code on a folder. */
export class Window {
  static async open(cache, address) {
    const { chromium } = createRequire(join(cache, "/"))("playwright-core");
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: SWITCHES });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(address);
    await page.waitForSelector(".explorer-folders-view .monaco-list-row", { timeout: 60_000 });
    return new Window(browser, page);
  }

  constructor(browser, page) {
    this.browser = browser;
    this.page = page;
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /** Asks at the top of the window, and takes the answer that starts so; asks again where a list is not up to date. */
  async ask(key, question, answer = question) {
    const asked = this.page.locator(".quick-input-widget");
    const first = () => document.querySelector(".quick-input-widget .monaco-list-row.focused")?.getAttribute("aria-label") ?? "";
    const isAnswered = await until(async () => {
      if (await asked.isVisible()) await this.press("Escape");
      await this.press(key);
      if (!(await until(() => asked.isVisible(), 2_000))) return false;
      await this.page.keyboard.insertText(question);
      return until(async () => (await this.page.evaluate(first)).startsWith(answer), 5_000);
    });
    if (!isAnswered) throw new Error(`nothing answers to ${question}`);
    await this.press("Enter");
    await asked.waitFor({ state: "hidden" });
  }

  async file(name) {
    await this.ask("Control+p", name);
    await this.page.waitForSelector(`.tab.active[data-resource-name="${name}"]`);
    await this.page.waitForSelector(".editor-instance .monaco-editor.focused");
  }

  command(title) {
    return this.ask("F1", title);
  }

  async go(line, column) {
    await this.ask("Control+g", `${line}:${column}`, "");
    await this.page.locator(`#status\\.editor\\.selection`, { hasText: `Ln ${line}, Col ` }).waitFor();
  }

  /** The list of problems: `{file, message, sin, line, column}`. */
  problems() {
    return this.page.locator(".markers-panel .monaco-list-row").evaluateAll((rows) => {
      let file = "";
      const problems = [];
      const index = (row) => +row.getAttribute("data-index");
      for (const row of rows.toSorted((one, other) => index(one) - index(other))) {
        const place = row.textContent.match(/\[Ln (\d+), Col (\d+)\]$/);
        if (!place) file = row.getAttribute("aria-label").match(/in file (\S+)/)?.[1] ?? "";
        else {
          const sin = row.querySelector(".code-link, .marker-code")?.textContent ?? "";
          problems.push({ file, message: row.textContent, sin, line: +place[1], column: +place[2] });
        }
      }
      return problems;
    });
  }

  async problemsOf(file, isSo = (it) => it.length > 0) {
    let seen = [];
    await until(async () => isSo((seen = (await this.problems()).filter((it) => it.file === file))));
    return seen;
  }

  /** What the hover says at the caret. */
  async hover() {
    await this.command("Show or Focus Hover");
    const hover = this.page.locator(".monaco-hover:visible", { hasText: "·" }).first();
    return hover.innerText({ timeout: PATIENCE });
  }

  /** What the key for quick fixes offers. */
  async quickFixes() {
    await this.press("Control+.");
    const rows = this.page.locator(".action-widget .monaco-list-row.action");
    await rows.first().waitFor({ timeout: PATIENCE });
    return rows.allInnerTexts();
  }

  closeEditors() {
    return this.press("Control+k", "Control+w");
  }

  async save() {
    await this.press("Control+s");
    await this.page.waitForSelector(".tab.active:not(.dirty)");
  }

  picture(path) {
    return this.page.screenshot({ path });
  }

  close() {
    return this.browser.close();
  }
}

/** Waits until something is so; says whether it came to be. */
export async function until(isSo, patience = PATIENCE) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    if (await isSo()) return true;
    await pause(100);
  }
  return false;
}

/** The processes that run a program, as `ps` has them. */
export function processes(program) {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return lines.map((it) => it.trim().split(/\s+/)).filter((it) => it[2] === program).map(([pid, parent]) => ({ pid: +pid, parent: +parent }));
}
