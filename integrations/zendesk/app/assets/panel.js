// What was found in a reply, better words for it at one click, and the way to send it as it is.

import { translate, words } from "./words.js";

const find = (id) => document.getElementById(id);

export const panel = {
  show(verdict, { mayOverride, use, send }) {
    translate(document);
    panel.headline(words(verdict.verdict));
    find("findings").replaceChildren(...verdict.findings.map((it, at) => findingItem(it, at, use)));
    find("override").hidden = verdict.verdict !== "hold" || !mayOverride;
    find("override").onsubmit = (event) => {
      event.preventDefault();
      send(find("reason").value.trim());
    };
  },

  headline(text) {
    find("headline").textContent = text;
  },

  height() {
    return Math.min(document.body.scrollHeight + 8, 900);
  },
};

function findingItem(finding, index, use) {
  const item = clone("finding");
  item.className = finding.decision;
  item.querySelector(".message").textContent = finding.message;
  item.querySelector(".why").textContent = finding.alternatives.length ? finding.why : `${finding.why} ${finding.instead}`;
  const alternatives = finding.alternatives.map((it, at) => alternativeItem(it, { finding: index, alternative: at }, use));
  item.querySelector(".alternatives").replaceChildren(...alternatives);
  return item;
}

function alternativeItem(alternative, choice, use) {
  const item = clone("alternative");
  item.querySelector(".text").textContent = alternative.text;
  item.querySelector(".blanks").replaceChildren(...alternative.slots.map(blank));
  item.querySelector("form").onsubmit = (event) => {
    event.preventDefault();
    use({ ...choice, answers: Object.fromEntries(new FormData(event.target)) });
  };
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
