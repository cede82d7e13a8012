// Holds a mail back while there is something in it that should not leave, and shows better words for it.

const reasons = (tabId) => `reason-${tabId}`;

messenger.compose.onBeforeSend.addListener(async (tab, details) => {
  try {
    const verdict = await ask(replyOf(details, await recall(reasons(tab.id))));
    if (verdict.failure) {
      await tellOnce(new Error(verdict.failure.message));
    }
    if (verdict.verdict !== "hold") {
      await forget(tab.id);
      return {};
    }
    // The composer stays locked until this function has answered: it must not wait for a window.
    show(tab.id);
    return { cancel: true };
  } catch (error) {
    // A mail that could not be checked is sent: a helpdesk must not stand still because its checker does.
    await tellOnce(error);
    return {};
  }
});

messenger.composeAction.onClicked.addListener(async (tab) => {
  try {
    await ask(replyOf(await messenger.compose.getComposeDetails(tab.id)));
    await show(tab.id);
  } catch (error) {
    await tell(error);
  }
});

messenger.tabs.onRemoved.addListener(forget);

messenger.runtime.onMessage.addListener((request) => actions[request.action]?.(request));

const actions = {
  /** Writes better words into the mail, and tells what is left to say of it. */
  async rewrite({ tabId, before, choice }) {
    const details = await messenger.compose.getComposeDetails(tabId);
    const reply = replyOf(details);
    // The findings are of the mail as it was; in another text their places mean nothing.
    if (bodyOf(reply) !== before) {
      return { isStale: true, body: bodyOf(reply), verdict: await ask(reply) };
    }
    const rewritten = await ask({ ...reply, choices: [choice] });
    if (rewritten.failure) {
      throw new Error(rewritten.failure.message);
    }
    const body = bodyOf(rewritten.reply);
    await messenger.compose.setComposeDetails(tabId, details.isPlainText ? { plainTextBody: body } : { body });
    const now = replyOf(await messenger.compose.getComposeDetails(tabId));
    return { body: bodyOf(now), verdict: await ask(now) };
  },

  async check({ tabId }) {
    const reply = replyOf(await messenger.compose.getComposeDetails(tabId));
    return { body: bodyOf(reply), verdict: await ask(reply) };
  },

  async send({ tabId, reason }) {
    await remember(reasons(tabId), reason);
    await messenger.compose.sendMessage(tabId, { mode: "default" });
  },
};

function bodyOf(reply) {
  return reply.html ?? reply.text;
}

/** Opens the panel of a composer; one that is open looks again, and comes to the front. */
async function show(tabId) {
  const isOpen = await messenger.runtime.sendMessage({ lookAgain: tabId }).catch(() => false);
  if (!isOpen) {
    const url = messenger.runtime.getURL(`panel.html?tab=${tabId}`);
    await messenger.windows.create({ type: "popup", url, width: 560, height: 640 });
  }
}

/** Says, the first time, that mails go out unchecked. */
async function tellOnce(error) {
  console.error(`Absolve: ${error.message}`);
  if (!(await recall("told"))) {
    await remember("told", true);
    await tell(error);
  }
}

function tell(error) {
  const message = messenger.i18n.getMessage("unchecked", error.message);
  return messenger.notifications.create({ type: "basic", title: "Absolve", message });
}

async function remember(key, value) {
  await messenger.storage.session.set({ [key]: value });
}

async function recall(key) {
  return (await messenger.storage.session.get(key))[key];
}

async function forget(tabId) {
  await messenger.storage.session.remove(reasons(tabId));
}
