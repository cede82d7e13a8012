// What the panel says, in the agent's language.

const WORDS = {
  en: {
    hold: "Not ready to send: some words hurt more than they help",
    suggest: "Ready to send; there are better words for some of it",
    pass: "Nothing to say: your reply is ready to send",
    overridden: "Noted. Submit the ticket: it will leave as it is",
    unchecked: "Replies are sent without being checked: $1",
    use: "Use these words",
    reason: "Or send it as it is. Why?",
    sendAnyway: "Send as it is",
  },
  fr: {
    hold: "Pas prête à partir : certains mots font plus de mal que de bien",
    suggest: "Prête à partir ; il y a mieux à dire par endroits",
    pass: "Rien à redire : votre réponse est prête à partir",
    overridden: "C’est noté. Envoyez le ticket : la réponse partira telle quelle",
    unchecked: "Les réponses partent sans être vérifiées : $1",
    use: "Prendre ces mots",
    reason: "Ou l’envoyer telle quelle. Pourquoi ?",
    sendAnyway: "Envoyer telle quelle",
  },
};

let language = "en";

export function setLanguage(code) {
  language = /^fr/i.test(code) ? "fr" : "en";
  document.documentElement.lang = language;
}

export function words(name, value = "") {
  return WORDS[language][name].replace("$1", () => value);
}

export function translate(root) {
  for (const element of root.querySelectorAll("[data-words]")) {
    element.textContent = words(element.dataset.words);
  }
}
