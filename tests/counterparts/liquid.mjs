// Holds what `absolve fix` does to libraries whose placeholders are Liquid against liquidjs: liquid.mjs PROGRAM
//
// Run where liquidjs is installed. Every body must be the same tags and values around the same words, but for the sentence
// that went.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { Liquid, Tokenizer, TokenKind } = createRequire(process.cwd() + '/')('liquidjs');

const SENTENCE = 'Thank you for your patience.';
const MERCI = 'Merci de votre patience.';
const TEXTS = [
  `Hello {{ ticket.requester.first_name | default: "there" }}, your parcel left at noon. ${SENTENCE}`,
  `{{ticket.id}}: it left. ${SENTENCE} {{ current_user.name | upcase }}`,
  `It left at {{ "}} " | append: 'noon' }}. ${SENTENCE}\n\n{% if ticket.via == "web" %}It is on its way to you. ${SENTENCE}{% else %}Soon{% endif %}`,
  `{% case ticket.requester.language %}{% when 'Français' %}Il est parti à midi. ${MERCI}{% else %}It left at noon. ${SENTENCE}{% endcase %}`,
  `{%- assign day = "Thank you for your patience." -%}It left {{- day | date: "%A, %d" -}}, I hope. ${SENTENCE}`,
  `{% comment %} for us {% endcomment %}It left at noon. ${SENTENCE} {# not Liquid #}`,
  `{% raw %}{{ a }}{% endraw %} It left at noon. ${SENTENCE} {{dc.closing}}`,
  `{% for it in ticket.tags %}{{ it }} {% endfor %}It left at noon. ${SENTENCE} See https://x.example/?id={{ticket.id}}.`,
];

const html = (text) => text.split('\n\n').map((it) => `<p>${it}</p>`).join('\r\n') + '<div>&nbsp;<br></div>';
const action = (field, value) => ({ field, value });
const zendesk = {
  macros: TEXTS.map((text, id) => ({
    id,
    title: `Macro ${id}::“é”`,
    actions: [
      action('comment_value_html', html(text)),
      action('comment_value', ['channel:all', text]),
      action('subject', text.replaceAll('\n\n', ' ')),
      action('status', 'solved'),
    ],
  })),
};
const chatwoot = TEXTS.map((content, id) => ({ id, short_code: `m${id}`, content: `**Hi**\n\n${content}` }));

const bodies = {
  'zendesk.json': (all) => all.macros.flatMap((it) => it.actions.flatMap((it) => it.value)),
  'chatwoot.json': (all) => all.map((it) => it.content),
};

const tokens = (body) => {
  new Liquid().parse(body);
  return new Tokenizer(body).readTopLevelTokens().map((it) => ({ is: it.kind === TokenKind.HTML, text: it.getText() }));
};
const tags = (body) => tokens(body).filter((it) => !it.is).map((it) => it.text);
// Words in tags are not ours to mend.
const mended = (body) =>
  tokens(body)
    .map((it) => (it.is ? it.text.replace(` ${SENTENCE}`, '').replace(` ${MERCI}`, '') : it.text))
    .join('');

const folder = mkdtempSync(join(tmpdir(), 'absolve-'));
try {
  const before = { 'zendesk.json': zendesk, 'chatwoot.json': chatwoot };
  for (const [name, all] of Object.entries(before)) writeFileSync(join(folder, name), JSON.stringify(all, null, 1));
  execFileSync(resolve(process.argv[2]), ['fix', '--fail-on', 'never', folder], { stdio: 'ignore' });
  let count = 0;
  for (const [name, all] of Object.entries(before)) {
    const after = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const [old, fixed] = [bodies[name](all), bodies[name](after)];
    assert.equal(fixed.length, old.length);
    old.forEach((body, at) => {
      assert.deepEqual(tags(fixed[at]), tags(body));
      assert.equal(fixed[at], mended(body));
      count += fixed[at] !== body;
    });
  }
  assert.equal(count, 4 * TEXTS.length, 'every body had something to mend');
  console.log(`${count} bodies: liquidjs agrees`);
} finally {
  rmSync(folder, { recursive: true });
}
