"use strict";
// Starts `absolve lsp` for the documents that may be replies, and gives its commands a name in the palette.
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
Object.defineProperty(exports, "__esModule", { value: true });
exports.activate = activate;
exports.deactivate = deactivate;
const vscode = __importStar(require("vscode"));
const node_1 = require("vscode-languageclient/node");
let client;
// With schemes: without them, chats and search boxes would be sent too.
const LANGUAGES = ["plaintext", "markdown", "html", "json"];
const SCHEMES = ["file", "untitled"];
async function activate(context) {
    context.subscriptions.push(vscode.commands.registerCommand("absolve.editor.fixFile", () => fixFile()), vscode.commands.registerCommand("absolve.editor.fixWorkspace", () => execute("absolve.fixWorkspace", [])), vscode.commands.registerCommand("absolve.editor.newRule", () => newRule()), vscode.commands.registerCommand("absolve.editor.restart", () => restart()), vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("absolve.path"))
            void restart();
    }));
    await start();
}
async function deactivate() {
    await client?.stop();
}
async function start() {
    const settings = vscode.workspace.getConfiguration("absolve");
    const server = { command: settings.get("path") || "absolve", args: ["lsp"] };
    const options = {
        documentSelector: [
            ...SCHEMES.flatMap((scheme) => LANGUAGES.map((language) => ({ scheme, language }))),
            { scheme: "file", pattern: "**/absolve.toml" },
            { scheme: "file", pattern: "**/rules/*/*.toml" },
        ],
        initializationOptions: { config: settings.get("config"), profile: settings.get("profile") },
        synchronize: { configurationSection: "absolve" },
    };
    client = new node_1.LanguageClient("absolve", "Absolve", server, options);
    try {
        await client.start();
    }
    catch (error) {
        const help = "Put `absolve` on your PATH, or say in the setting `absolve.path` where it is.";
        void vscode.window.showErrorMessage(`Absolve did not start: ${error}. ${help}`);
    }
}
async function restart() {
    await client?.stop().catch(() => undefined);
    await start();
}
async function fixFile() {
    const document = vscode.window.activeTextEditor?.document;
    if (document)
        await execute("absolve.fixFile", [document.uri.toString()]);
}
async function newRule() {
    const editor = vscode.window.activeTextEditor;
    if (!editor)
        return;
    const { start, end } = editor.selection;
    const uri = await execute("absolve.newRule", [
        editor.document.uri.toString(),
        start.line,
        start.character,
        end.line,
        end.character,
    ]);
    if (typeof uri === "string")
        await vscode.window.showTextDocument(vscode.Uri.parse(uri));
}
async function execute(command, args) {
    try {
        return await client?.sendRequest(node_1.ExecuteCommandRequest.type, { command, arguments: args });
    }
    catch (error) {
        void vscode.window.showWarningMessage(`Absolve: ${error instanceof Error ? error.message : error}`);
        return undefined;
    }
}
