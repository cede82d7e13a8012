// Holds what `absolve fix` does to Salesforce's templates against Salesforce's own reader: salesforce.mjs PROGRAM
//
// Run where @salesforce/source-deploy-retrieve is installed. The template must read as before, but for the sentence that
// went from its plain text.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import assert from 'node:assert/strict';

const { MetadataResolver } = createRequire(process.cwd() + '/')('@salesforce/source-deploy-retrieve');

const SENTENCE = 'Thank you for your patience.';
const BODY = `Chère {!Contact.FirstName},\nVotre colis a quitté Lyon à midi. ${SENTENCE}\n`;
const META = `<?xml version="1.0" encoding="UTF-8"?>
<EmailTemplate xmlns="http://soap.sforce.com/2006/04/metadata">
    <available>true</available>
    <encodingKey>ISO-8859-1</encodingKey>
    <name>Colis &amp; retard</name>
    <style>none</style>
    <subject>Votre colis [ ref:{!Case.Thread_Id} ]</subject>
    <textOnly>Ch&#232;re &lt;{!Contact.FirstName}&gt;,
Votre colis a quitt&#233; Lyon &#xe0; midi. ${SENTENCE} R&amp;D</textOnly>
    <type>text</type>
    <uiType>Aloha</uiType>
</EmailTemplate>
`;

async function templates(folder) {
  const components = new MetadataResolver().getComponentsFromPath(folder);
  const read = components.map(async (it) => [it.type.name, it.fullName, await it.parseXml()]);
  return Object.fromEntries((await Promise.all(read)).map(([type, name, xml]) => [`${type} ${name}`, xml]));
}

const folder = mkdtempSync(join(tmpdir(), 'absolve-'));
try {
  const support = join(folder, 'email', 'Support');
  mkdirSync(support, { recursive: true });
  writeFileSync(join(support, 'Late.email'), BODY);
  writeFileSync(join(support, 'Late.email-meta.xml'), META);
  const before = await templates(folder);
  execFileSync(resolve(process.argv[2]), ['fix', '--fail-on', 'never', folder], { stdio: 'ignore' });
  const after = await templates(folder);
  const expected = JSON.parse(JSON.stringify(before).replace(` ${SENTENCE}`, ''));
  assert.notDeepEqual(before, expected, 'the sentence was there');
  assert.deepEqual(after, expected);
  assert.equal(readFileSync(join(support, 'Late.email'), 'utf8'), BODY.replace(` ${SENTENCE}`, ''));
  console.log(`${Object.keys(after).length} template: Salesforce's reader agrees`);
} finally {
  rmSync(folder, { recursive: true });
}
