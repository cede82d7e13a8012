// The local program, asked over standard input and output. Nothing else is asked, and nothing leaves the machine.

const HOST = "absolve";

// A mail must not wait for a program that hangs.
const TIME_BOX = 3000;

/** What the program answers; rejects if it cannot, or not in time. */
function ask(message) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer in time")), TIME_BOX));
  return Promise.race([messenger.runtime.sendNativeMessage(HOST, message), late]);
}

/** The mail of a composer, as `absolve gate` reads it. */
function replyOf(details, reason) {
  const reply = details.isPlainText ? { text: details.plainTextBody } : { html: details.body };
  reply.subject = details.subject;
  reply.language = messenger.i18n.getUILanguage();
  reply.agent = details.from;
  if (reason) {
    reply.override = reason;
  }
  return reply;
}
