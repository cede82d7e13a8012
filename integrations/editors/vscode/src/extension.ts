// Starts `absolve lsp` for the documents that may be replies, and gives its commands a name in the palette.

import * as vscode from "vscode";
import {
  ApplyWorkspaceEditParams,
  ApplyWorkspaceEditRequest,
  CancellationToken,
  ExecuteCommandRequest,
  LanguageClient,
  LanguageClientOptions,
  ServerOptions,
} from "vscode-languageclient/node";

let client: LanguageClient | undefined;

/** Fires when an edit of the server is in force; the answer to the command that asked for it may come before. */
const edited = new vscode.EventEmitter<void>();

// With schemes: without them, chats and search boxes would be sent too.
const LANGUAGES = ["plaintext", "markdown", "html", "json"];
const SCHEMES = ["file", "untitled"];

// What other extensions call mails, templates and libraries differs; their names do not.
const PATTERNS = [
  "**/*.{eml,yaml,yml,csv,tsv}",
  "**/*quicktext*.xml",
  "**/*.{email,email-meta.xml}",
  "**/absolve.toml",
  "**/rules/*/*.toml",
];

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("absolve.editor.fixFile", () => fixFile()),
    vscode.commands.registerCommand("absolve.editor.fixWorkspace", () => execute("absolve.fixWorkspace", [])),
    vscode.commands.registerCommand("absolve.editor.newRule", () => newRule()),
    vscode.commands.registerCommand("absolve.editor.restart", () => restart()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("absolve.path")) void restart();
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("absolve");
  const server: ServerOptions = { command: settings.get<string>("path") || "absolve", args: ["lsp"] };
  const options: LanguageClientOptions = {
    documentSelector: [
      ...SCHEMES.flatMap((scheme) => LANGUAGES.map((language) => ({ scheme, language }))),
      ...PATTERNS.map((pattern) => ({ scheme: "file", pattern })),
    ],
    initializationOptions: { config: settings.get("config"), profile: settings.get("profile") },
    synchronize: { configurationSection: "absolve" },
    middleware: { workspace: { handleApplyEdit: applyEdit } },
  };
  client = new LanguageClient("absolve", "Absolve", server, options);
  try {
    await client.start();
  } catch (error) {
    const help = "Put `absolve` on your PATH, or say in the setting `absolve.path` where it is.";
    void vscode.window.showErrorMessage(`Absolve did not start: ${error}. ${help}`);
  }
}

/** Saves a configuration that the server has changed, for only then is it followed; not one in which a person is writing. */
async function applyEdit(params: ApplyWorkspaceEditParams, next: ApplyWorkspaceEditRequest.HandlerSignature) {
  const unsaved = () => vscode.workspace.textDocuments.filter((it) => it.isDirty && it.fileName.endsWith("absolve.toml"));
  const before = unsaved();
  const result = await next(params, CancellationToken.None);
  await Promise.all(unsaved().filter((it) => !before.includes(it)).map((it) => it.save()));
  edited.fire();
  return result;
}

async function restart(): Promise<void> {
  await client?.stop().catch(() => undefined);
  await start();
}

async function fixFile(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document) await execute("absolve.fixFile", [document.uri.toString()]);
}

async function newRule(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const { start, end } = editor.selection;
  const isWritten = new Promise<void>((resolve) => {
    const listener = edited.event(() => {
      listener.dispose();
      resolve();
    });
  });
  const uri = await execute("absolve.newRule", [
    editor.document.uri.toString(),
    start.line,
    start.character,
    end.line,
    end.character,
  ]);
  if (typeof uri !== "string") return;
  await isWritten;
  await vscode.window.showTextDocument(vscode.Uri.parse(uri));
}

async function execute(command: string, args: unknown[]): Promise<unknown> {
  try {
    return await client?.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
  } catch (error) {
    void vscode.window.showWarningMessage(`Absolve: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
