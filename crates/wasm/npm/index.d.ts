/** Makes the engine ready. In the browser it must have ended before anything is asked; in Node it does nothing. */
export function load(wasm?: string | URL | Request | Response | BufferSource | WebAssembly.Module): Promise<void>;

/** What `absolve check` finds in a text. Throws if the text cannot be read in that format. */
export function check(text: string, options?: { format?: Format }): Diagnostic[];

/** The verdict on a reply that is about to be sent, as `absolve gate` gives it. Throws if the question is no question. */
export function gate(reply: Reply, policy?: Policy): Verdict;

/** A reply with the alternatives that were picked, or, without choices, with all that a machine may mend. */
export function rewrite(reply: Reply, choices?: Choice[] | null, policy?: Policy): Rewritten;

/** The version of Absolve. */
export function version(): string;

export type Format = "text" | "markdown" | "html" | "zendesk-macros" | "mail";
export type Severity = "error" | "warning" | "info" | "hint";
export type Applicability = "MachineApplicable" | "MaybeIncorrect" | "HasPlaceholders";

/** In units of UTF-16: `text.slice(start, end)`. */
export interface Span {
  start: number;
  end: number;
}

export interface Diagnostic {
  rule: string;
  language: string;
  severity: Severity;
  message: string;
  span: Span;
  fixes: { title: string; applicability: Applicability; edits: { span: Span; replacement: string }[] }[];
}

export interface Reply {
  text?: string;
  html?: string;
  subject?: string;
  context?: "outgoing" | "library";
  public?: boolean;
  language?: string;
  agent?: string;
  override?: string;
}

/** The section `[gate]` of `absolve.toml`. */
export interface Policy {
  hold?: Severity | "never";
  suggest?: Severity | "never";
  placeholders?: Severity | "never";
  "filled-later"?: string[];
  override?: boolean;
}

export interface Verdict {
  version: number;
  verdict: "pass" | "suggest" | "hold";
  language: string;
  message: string;
  findings: Finding[];
  overridden?: { reason: string };
}

export interface Finding {
  sin: string;
  title: string;
  language: string;
  severity: Severity;
  decision: "suggest" | "hold";
  message: string;
  why: string;
  instead: string;
  part: "text" | "html" | "subject";
  /** In bytes of UTF-8. */
  span: Span;
  utf16: Span;
  words: string;
  sentence: string;
  alternatives: Alternative[];
}

export interface Alternative {
  text: string;
  applicability: Applicability;
  slots: string[];
  edits: { span: Span; utf16: Span; replacement: string; blanks: Span[] }[];
}

/** An alternative of a verdict, and what belongs in its blanks. */
export interface Choice {
  finding: number;
  alternative: number;
  answers?: Record<string, string>;
}

export interface Rewritten {
  reply: Reply;
  verdict: Verdict;
}
