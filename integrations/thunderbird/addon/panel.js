// What was found in a mail, better words for it at one click, and the way to send it as it is.

const tabId = Number(new URLSearchParams(location.search).get("tab"));
const words = (name, ...values) => messenger.i18n.getMessage(name, values);
const find = (id) => document.getElementById(id);

// The mail as the findings know it.
let body = "";

document.documentElement.lang = messenger.i18n.getUILanguage();
translate(document);
find("again").addEventListener("click", check);
find("back").addEventListener("click", () => close());
find("override").addEventListener("submit", async (event) => {
  event.preventDefault();
  await request({ action: "send", reason: find("reason").value.trim() });
});
messenger.tabs.onRemoved.addListener((closed) => closed === tabId && close());
messenger.runtime.onMessage.addListener((message) => {
  if (message.lookAgain === tabId) {
    return lookAgain();
  }
});
check();

async function lookAgain() {
  await check();
  const { id } = await messenger.windows.getCurrent();
  await messenger.windows.update(id, { focused: true });
  return true;
}

async function check() {
  show(await request({ action: "check" }));
}

function request(message) {
  return messenger.runtime.sendMessage({ ...message, tabId });
}

function show(answer) {
  body = answer.body;
  const { verdict, findings } = answer.verdict;
  const headline = answer.isStale ? "stale" : verdict;
  find("headline").textContent = words(headline);
  find("override").hidden = verdict !== "hold";
  find("findings").replaceChildren(...findings.map(findingItem));
}

function findingItem(finding, index) {
  const item = clone("finding");
  item.className = finding.decision;
  item.querySelector(".message").textContent = finding.message;
  item.querySelector(".why").textContent = finding.why;
  const alternatives = finding.alternatives.map((it, at) => alternativeItem(it, { finding: index, alternative: at }));
  item.querySelector(".alternatives").replaceChildren(...alternatives);
  if (!alternatives.length) {
    item.querySelector(".why").textContent += ` ${finding.instead}`;
  }
  return item;
}

function alternativeItem(alternative, choice) {
  const item = clone("alternative");
  item.querySelector(".text").textContent = alternative.text;
  item.querySelector(".blanks").replaceChildren(...alternative.slots.map(blank));
  item.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answers = Object.fromEntries(new FormData(event.target));
    show(await request({ action: "rewrite", before: body, choice: { ...choice, answers } }));
  });
  return item;
}

function blank(name) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { name, required: true, autocomplete: "off" });
  label.append(`${name}: `, input);
  return label;
}

function clone(name) {
  const item = find(name).content.firstElementChild.cloneNode(true);
  translate(item);
  return item;
}

function translate(root) {
  for (const element of root.querySelectorAll("[data-words]")) {
    element.textContent = words(element.dataset.words);
  }
}
