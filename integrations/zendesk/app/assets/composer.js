// Zendesk's composer, as a reply that the engine reads.

export function composerOf(client) {
  return {
    async read() {
      const found = await client.get(["comment.text", "comment.type"]);
      const text = found["comment.text"] ?? "";
      const reply = { public: found["comment.type"] !== "internalNote" };
      // A rich composer gives HTML, a plain one the text.
      reply[isHtml(text) ? "html" : "text"] = text;
      return reply;
    },

    async write(reply) {
      await client.set("comment.text", reply.html ?? reply.text);
    },
  };
}

function isHtml(text) {
  return /<\/?[a-z][a-z0-9]*(\s[^<>]*)?\/?>/i.test(text);
}
