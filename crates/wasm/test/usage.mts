// What a user of the package may write, for the compiler to agree with.
import { check, gate, load, rewrite, version, type Choice, type Verdict } from "absolve";

await load();
const places: number[] = check("Hello", { format: "markdown" }).map((it) => it.span.start);
const verdict: Verdict = gate({ html: "<p>Hello</p>", language: "fr" }, { hold: "never", "filled-later": ["{{*}}"] });
const choices: Choice[] = verdict.findings.map((_, finding) => ({ finding, alternative: 0, answers: { "what happened": "rain" } }));
const text: string | undefined = rewrite({ text: "Hello" }, choices).reply.text;
// @ts-expect-error: a reply is no string
gate("Hello");
console.log(places, text, version());
