//! The one file that knows tower-lsp: its words on one side, ours on the other. Nothing is decided here.
//!
//! Handlers tell the owner and, if there is a question, wait for the owner's answer and for nothing else.

use std::{future::ready, io::Write, panic::AssertUnwindSafe, pin::Pin};

use absolve_core::{diagnostic::Severity, fault::isolate, line_index::Position};
use futures_util::{FutureExt, SinkExt, StreamExt, stream::FuturesUnordered};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{
    runtime, select,
    sync::{
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
        oneshot,
    },
};
use tower_lsp::{
    LanguageServer, LspService, async_trait,
    jsonrpc::{Error, Id, Request, Response, Result},
    lsp_types::{self as lsp, notification::Notification, request::Request as _},
};
use tower_service::Service;

use crate::{
    action::{Action, KINDS},
    client::Client,
    command::COMMANDS,
    completion::{Item, TRIGGERS},
    frame::write_frame,
    guard::{Call, Incoming},
    message::{self, DocumentEdit, Effect, Event, Hover, Question, Report, TextEdit, WorkspaceEdit},
    notice::Notice,
    owner,
    position::{Change, Range},
    project::Projects,
};

/// Speaks the protocol until `inbox` ends or nobody reads `output`. All of it in this thread.
pub fn speak(inbox: UnboundedReceiver<Incoming>, output: impl Write, projects: Box<dyn Projects>) {
    match runtime::Builder::new_current_thread().build() {
        Ok(runtime) => runtime.block_on(converse(inbox, Output(output), projects)).unwrap_or_default(),
        Err(error) => eprintln!("absolve: cannot start: {error}"),
    }
}

/// tower-lsp's own loop would read and write everything once more, and end at the first message that it does not like.
async fn converse(
    mut inbox: UnboundedReceiver<Incoming>,
    mut output: Output<impl Write>,
    projects: Box<dyn Projects>,
) -> std::io::Result<()> {
    let (effects, outbox) = unbounded_channel();
    let events = owner::start(projects, effects);
    let handlers = |client: tower_lsp::Client| {
        tokio::spawn(tell(client, outbox, events.clone()));
        Handlers { events: events.clone() }
    };
    let cancel = "window/workDoneProgress/cancel";
    let (service, socket) = LspService::build(handlers).custom_method(cancel, Handlers::cancelled).finish();
    let (mut requests, mut replies) = socket.split();
    let mut guarded = Guarded { service, events };
    let mut answers = FuturesUnordered::new();
    loop {
        select! {
            biased;
            Some(answer) = answers.next() => output.write(answer)?,
            Some(request) = requests.next() => output.write(Some(request))?,
            incoming = inbox.recv() => match incoming {
                Some(Incoming::Call(call)) => {
                    let mut answer = guarded.call(call);
                    // Polled at once: what it tells the owner is told in the order of the messages.
                    match answer.as_mut().now_or_never() {
                        Some(answer) => output.write(answer)?,
                        None => answers.push(answer),
                    }
                }
                Some(Incoming::Answer(reply)) => {
                    let reply = serde_json::from_value::<Response>(reply).map(|it| replies.send(it));
                    let _ = reply.map(FutureExt::now_or_never);
                }
                Some(Incoming::Refused(answer)) => output.write(Some(answer))?,
                None => break,
            },
        }
    }
    while let Some(answer) = answers.next().await {
        output.write(answer)?;
    }
    Ok(())
}

struct Output<W>(W);

impl<W: Write> Output<W> {
    fn write(&mut self, message: Option<impl Serialize>) -> std::io::Result<()> {
        let Some(message) = message else { return Ok(()) };
        write_frame(&mut self.0, &serde_json::to_vec(&message)?)
    }
}

struct Handlers {
    events: UnboundedSender<Event>,
}

impl Handlers {
    async fn cancelled(&self, _: Value) {
        self.tell(Event::Cancelled);
    }

    fn tell(&self, event: Event) {
        // The owner outlives the session.
        let _ = self.events.send(event);
    }

    async fn ask<T>(&self, uri: lsp::Url, question: impl FnOnce(oneshot::Sender<T>) -> Question) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.tell(Event::Asked { uri: uri.into(), question: question(reply) });
        answer.await.map_err(|_| Error::internal_error())
    }
}

#[async_trait]
impl LanguageServer for Handlers {
    async fn initialize(&self, _: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        // What the client can do was read by `Guarded`, which also writes what this type has no field for.
        Ok(lsp::InitializeResult::default())
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        self.tell(Event::Ready);
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: lsp::DidOpenTextDocumentParams) {
        let lsp::TextDocumentItem { uri, language_id, version, text } = params.text_document;
        self.tell(Event::Opened { uri: uri.into(), language: language_id, version, text });
    }

    async fn did_change(&self, params: lsp::DidChangeTextDocumentParams) {
        let lsp::VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        let changes = params.content_changes.into_iter().map(change).collect();
        self.tell(Event::Changed { uri: uri.into(), version, changes });
    }

    async fn did_save(&self, params: lsp::DidSaveTextDocumentParams) {
        self.tell(Event::Saved { uri: params.text_document.uri.into() });
    }

    async fn did_close(&self, params: lsp::DidCloseTextDocumentParams) {
        self.tell(Event::Closed { uri: params.text_document.uri.into() });
    }

    async fn did_change_watched_files(&self, _: lsp::DidChangeWatchedFilesParams) {
        self.tell(Event::FilesChanged);
    }

    async fn did_change_workspace_folders(&self, params: lsp::DidChangeWorkspaceFoldersParams) {
        let uris = |folders: Vec<lsp::WorkspaceFolder>| folders.into_iter().map(|it| it.uri.into()).collect();
        let lsp::WorkspaceFoldersChangeEvent { added, removed } = params.event;
        self.tell(Event::FoldersChanged { added: uris(added), removed: uris(removed) });
    }

    async fn did_change_configuration(&self, params: lsp::DidChangeConfigurationParams) {
        self.tell(Event::Configured(params.settings));
    }

    async fn diagnostic(&self, params: lsp::DocumentDiagnosticParams) -> Result<lsp::DocumentDiagnosticReportResult> {
        let previous = params.previous_result_id;
        let uri = params.text_document.uri;
        let report = self.ask(uri.clone(), |reply| Question::Diagnostics { previous, reply }).await?;
        Ok(lsp::DocumentDiagnosticReportResult::Report(report_of(report, &uri)))
    }

    async fn code_action(&self, params: lsp::CodeActionParams) -> Result<Option<lsp::CodeActionResponse>> {
        let range = range_from(params.range);
        let only = params.context.only.into_iter().flatten().map(|it| it.as_str().to_owned()).collect();
        let uri = params.text_document.uri;
        let actions = self.ask(uri.clone(), |reply| Question::Actions { range, only, reply }).await?;
        Ok(Some(actions.into_iter().map(|it| action(it, &uri)).collect()))
    }

    async fn hover(&self, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
        let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let position = position_from(position);
        Ok(self.ask(text_document.uri, |reply| Question::Hover { position, reply }).await?.map(hover))
    }

    async fn completion(&self, params: lsp::CompletionParams) -> Result<Option<lsp::CompletionResponse>> {
        let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let position = position_from(position);
        let items = self.ask(text_document.uri, |reply| Question::Completions { position, reply }).await?;
        Ok(Some(lsp::CompletionResponse::Array(items.into_iter().map(item).collect())))
    }

    async fn execute_command(&self, params: lsp::ExecuteCommandParams) -> Result<Option<Value>> {
        let (reply, answer) = oneshot::channel();
        self.tell(Event::Ordered { command: params.command, arguments: params.arguments, reply });
        match answer.await {
            Ok(Ok(value)) => Ok(Some(value)),
            Ok(Err(why)) => Err(Error::invalid_params(why)),
            Err(_) => Err(Error::internal_error()),
        }
    }
}

// What the server says of its own accord.

/// Tells the client what the owner wants told, in order. What needs an answer is waited for elsewhere.
async fn tell(client: tower_lsp::Client, mut outbox: UnboundedReceiver<Effect>, events: UnboundedSender<Event>) {
    while let Some(effect) = outbox.recv().await {
        match effect {
            Effect::Publish { uri, version, notices } => {
                let Ok(uri) = lsp::Url::parse(&uri) else { continue };
                let notices = notices.into_iter().map(|it| diagnostic(it, &uri)).collect();
                client.publish_diagnostics(uri, notices, version).await;
            }
            Effect::Log(text) => client.log_message(lsp::MessageType::WARNING, text).await,
            Effect::Show { is_error, text } => {
                let kind = if is_error { lsp::MessageType::ERROR } else { lsp::MessageType::INFO };
                client.show_message(kind, text).await;
            }
            Effect::Progress(progress) => {
                if progress == message::Progress::Begin {
                    request::<Ask<CreateProgress>>(&client, json!({"token": PROGRESS}), |_| {});
                    // The client's answer is not waited for; it reads in order.
                    tokio::task::yield_now().await;
                }
                client.send_notification::<Advance>(json!({"token": PROGRESS, "value": step(progress)})).await;
            }
            Effect::Refresh => request::<Ask<Refresh>>(&client, Value::Null, |_| {}),
            Effect::Apply { title, edit } => {
                let params = json!({"label": title, "edit": with_snippets(json!(workspace_edit(edit)))});
                request::<Ask<ApplyEdit>>(&client, params, |_| {});
            }
            Effect::FetchSettings => {
                let events = events.clone();
                let params = json!({"items": [{"section": "absolve"}]});
                request::<Ask<Settings>>(&client, params, move |answer| {
                    let settings = answer.get(0).filter(|it| it.is_object()).cloned();
                    let _ = settings.map(|it| events.send(Event::Configured(it)));
                });
            }
            Effect::Watch { files, settings } => {
                request::<Ask<Register>>(&client, registrations(files, settings), |_| {});
            }
        }
    }
}

/// Asks the client without anybody waiting: a person may think about an edit for as long as they like.
fn request<C>(client: &tower_lsp::Client, params: Value, then: impl FnOnce(Value) + Send + 'static)
where
    C: lsp::request::Request<Params = Value, Result = Value> + 'static,
{
    let client = client.clone();
    tokio::spawn(async move {
        if let Ok(answer) = client.send_request::<C>(params).await {
            then(answer);
        }
    });
}

/// A request whose parameters and result are as the JSON has them.
struct Ask<M>(std::marker::PhantomData<M>);

trait Named {
    const METHOD: &'static str;
}

impl<M: Named> lsp::request::Request for Ask<M> {
    type Params = Value;
    type Result = Value;
    const METHOD: &'static str = M::METHOD;
}

/// The name of the one work that shows progress.
const PROGRESS: &str = "absolve-fix";

struct Advance;
impl Notification for Advance {
    type Params = Value;
    const METHOD: &'static str = lsp::notification::Progress::METHOD;
}

fn step(progress: message::Progress) -> Value {
    match progress {
        message::Progress::Begin => json!({"kind": "begin", "title": "Absolve", "cancellable": true, "percentage": 0}),
        message::Progress::Report { done, of } => {
            json!({"kind": "report", "message": format!("{done} of {of} files"), "percentage": done * 100 / of.max(1)})
        }
        message::Progress::End(message) => json!({"kind": "end", "message": message}),
    }
}

struct CreateProgress;
impl Named for CreateProgress {
    const METHOD: &'static str = lsp::request::WorkDoneProgressCreate::METHOD;
}

struct Refresh;
impl Named for Refresh {
    const METHOD: &'static str = lsp::request::WorkspaceDiagnosticRefresh::METHOD;
}

struct ApplyEdit;
impl Named for ApplyEdit {
    const METHOD: &'static str = lsp::request::ApplyWorkspaceEdit::METHOD;
}

struct Settings;
impl Named for Settings {
    const METHOD: &'static str = lsp::request::WorkspaceConfiguration::METHOD;
}

struct Register;
impl Named for Register {
    const METHOD: &'static str = lsp::request::RegisterCapability::METHOD;
}

fn registrations(files: bool, settings: bool) -> Value {
    let watchers = json!({"watchers": [{"globPattern": "**/*.toml"}]});
    let files = files.then(|| {
        let method = lsp::notification::DidChangeWatchedFiles::METHOD;
        json!({"id": "absolve-files", "method": method, "registerOptions": watchers})
    });
    let settings = settings.then(|| {
        let method = lsp::notification::DidChangeConfiguration::METHOD;
        json!({"id": "absolve-settings", "method": method, "registerOptions": {"section": "absolve"}})
    });
    json!({"registrations": files.into_iter().chain(settings).collect::<Vec<_>>()})
}

// Around tower-lsp: what it cannot do, and what would end it.

/// Lets no panic end the session, and reads and writes what lsp-types 0.94 has no words for.
struct Guarded {
    service: LspService<Handlers>,
    events: UnboundedSender<Event>,
}

type Answer = Pin<Box<dyn Future<Output = Option<Response>>>>;

impl Guarded {
    fn call(&mut self, Call { method, id, params }: Call) -> Answer {
        let id = id.and_then(|it| serde_json::from_value::<Id>(it).ok());
        if method == "codeAction/resolve" {
            // Actions are whole from the start. lsp-types would lose their snippets.
            return Box::pin(ready(id.map(|it| Response::from_ok(it, params.unwrap_or_default()))));
        }
        let rewrite = Rewrite::of(&method, params.as_ref(), &self.events);
        let request = request_of(method, id.clone(), params);
        let Some(answer) = isolate(|| self.service.call(request)) else { return Box::pin(ready(failed(id))) };
        Box::pin(async move {
            match AssertUnwindSafe(answer).catch_unwind().await {
                Ok(answer) => answer.ok().flatten().map(|it| rewrite.apply(it)),
                Err(_) => failed(id),
            }
        })
    }
}

fn failed(id: Option<Id>) -> Option<Response> {
    id.map(|it| Response::from_error(it, Error::internal_error()))
}

/// The call without what lsp-types would refuse although nobody here reads it.
fn request_of(method: String, id: Option<Id>, params: Option<Value>) -> Request {
    let params = params.map(|mut params| match method.as_str() {
        "initialize" => json!({"capabilities": {}}),
        "textDocument/codeAction" => {
            if let Some(context) = params.get_mut("context").and_then(Value::as_object_mut) {
                context.insert("diagnostics".to_owned(), json!([]));
            }
            params
        }
        "workspace/didChangeConfiguration" if params.get("settings").is_none() => json!({"settings": null}),
        _ => params,
    });
    let mut request = Request::build(method);
    if let Some(params) = params {
        request = request.params(params);
    }
    if let Some(id) = id {
        request = request.id(id);
    }
    request.finish()
}

/// What must be done to an answer before it leaves.
enum Rewrite {
    Nothing,
    /// Say what we can do.
    Capabilities(Box<Client>),
    /// Make edits that are marked so into snippets.
    Snippets,
}

impl Rewrite {
    fn of(method: &str, params: Option<&Value>, events: &UnboundedSender<Event>) -> Rewrite {
        match method {
            "initialize" => {
                let client = Box::new(Client::read(params.unwrap_or(&Value::Null)));
                let _ = events.send(Event::Started(client.clone()));
                Rewrite::Capabilities(client)
            }
            "textDocument/codeAction" => Rewrite::Snippets,
            _ => Rewrite::Nothing,
        }
    }

    fn apply(self, response: Response) -> Response {
        let (id, result) = response.into_parts();
        let result = result.map(|it| match self {
            Rewrite::Nothing => it,
            Rewrite::Capabilities(client) => capabilities(&client),
            Rewrite::Snippets => with_snippets(it),
        });
        Response::from_parts(id, result)
    }
}

/// What the server can do.
fn capabilities(client: &Client) -> Value {
    let mut capabilities = json!({
        "positionEncoding": client.encoding(),
        "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
        "codeActionProvider": {"codeActionKinds": KINDS, "resolveProvider": true},
        "hoverProvider": true,
        "completionProvider": {"triggerCharacters": TRIGGERS, "resolveProvider": false},
        "executeCommandProvider": {"commands": COMMANDS},
        "workspace": {"workspaceFolders": {"supported": true, "changeNotifications": true}},
    });
    if client.pulls {
        capabilities["diagnosticProvider"] =
            json!({"identifier": "absolve", "interFileDependencies": false, "workspaceDiagnostics": false});
    }
    json!({"capabilities": capabilities, "serverInfo": {"name": "absolve", "version": env!("CARGO_PKG_VERSION")}})
}

/// No text starts so: it says that a text edit is a snippet, which lsp-types has no type for.
const SNIPPET_MARK: &str = "\0absolve-snippet\0";

/// The marked text edits in `value` as the protocol's 3.18 writes snippets.
fn with_snippets(mut value: Value) -> Value {
    write_snippets(&mut value);
    value
}

fn write_snippets(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(write_snippets),
        Value::Object(members) => {
            let text = members.get("newText").and_then(Value::as_str);
            if let Some(snippet) = text.and_then(|it| it.strip_prefix(SNIPPET_MARK)) {
                let snippet = json!({"kind": "snippet", "value": snippet});
                members.remove("newText");
                members.insert("snippet".to_owned(), snippet);
            } else {
                members.values_mut().for_each(write_snippets);
            }
        }
        _ => {}
    }
}

// From our words to lsp-types', and back.

fn position_from(it: lsp::Position) -> Position {
    Position { line: it.line as usize, column: it.character as usize }
}

fn range_from(it: lsp::Range) -> Range {
    Range { start: position_from(it.start), end: position_from(it.end) }
}

fn change(it: lsp::TextDocumentContentChangeEvent) -> Change {
    Change { range: it.range.map(range_from), text: it.text }
}

fn position(it: Position) -> lsp::Position {
    let number = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    lsp::Position { line: number(it.line), character: number(it.column) }
}

fn range(it: Range) -> lsp::Range {
    lsp::Range { start: position(it.start), end: position(it.end) }
}

fn diagnostic(it: Notice, uri: &lsp::Url) -> lsp::Diagnostic {
    let related = |(at, message)| {
        let location = lsp::Location { uri: uri.clone(), range: range(at) };
        vec![lsp::DiagnosticRelatedInformation { location, message }]
    };
    lsp::Diagnostic {
        range: range(it.range),
        severity: Some(severity(it.severity)),
        code: Some(lsp::NumberOrString::String(it.code)),
        code_description: it.href.and_then(|it| lsp::Url::parse(&it).ok()).map(|href| lsp::CodeDescription { href }),
        source: Some("absolve".to_owned()),
        message: it.message,
        data: it.data,
        tags: it.is_unnecessary.then(|| vec![lsp::DiagnosticTag::UNNECESSARY]),
        related_information: it.related.map(related),
    }
}

fn severity(it: Severity) -> lsp::DiagnosticSeverity {
    match it {
        Severity::Error => lsp::DiagnosticSeverity::ERROR,
        Severity::Warning => lsp::DiagnosticSeverity::WARNING,
        Severity::Info => lsp::DiagnosticSeverity::INFORMATION,
        Severity::Hint => lsp::DiagnosticSeverity::HINT,
    }
}

fn report_of(it: Report, uri: &lsp::Url) -> lsp::DocumentDiagnosticReport {
    match it {
        Report::Full { name, notices } => {
            let items = notices.into_iter().map(|it| diagnostic(it, uri)).collect();
            let full = lsp::FullDocumentDiagnosticReport { result_id: Some(name), items };
            lsp::RelatedFullDocumentDiagnosticReport { full_document_diagnostic_report: full, related_documents: None }
                .into()
        }
        Report::Unchanged { name } => lsp::RelatedUnchangedDocumentDiagnosticReport {
            unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport { result_id: name },
            related_documents: None,
        }
        .into(),
    }
}

fn action(it: Action, uri: &lsp::Url) -> lsp::CodeActionOrCommand {
    let title = it.title;
    let command = it.command.map(|(command, arguments)| lsp::Command {
        title: title.clone(),
        command: command.to_owned(),
        arguments: Some(arguments),
    });
    lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
        title,
        kind: Some(lsp::CodeActionKind::from(it.kind)),
        diagnostics: it.notice.map(|it| vec![diagnostic(it, uri)]),
        edit: it.edit.map(workspace_edit),
        is_preferred: it.is_preferred.then_some(true),
        command,
        ..lsp::CodeAction::default()
    })
}

/// With versions where the client takes them: it says so by giving them.
fn workspace_edit(it: WorkspaceEdit) -> lsp::WorkspaceEdit {
    if it.is_versioned {
        let operations = it.documents.into_iter().flat_map(document_operations).collect();
        let document_changes = Some(lsp::DocumentChanges::Operations(operations));
        return lsp::WorkspaceEdit { document_changes, ..lsp::WorkspaceEdit::default() };
    }
    let changes = it.documents.into_iter().filter_map(|it| {
        let edits = it.edits.into_iter().map(text_edit).collect();
        Some((lsp::Url::parse(&it.uri).ok()?, edits))
    });
    lsp::WorkspaceEdit { changes: Some(changes.collect()), ..lsp::WorkspaceEdit::default() }
}

fn document_operations(it: DocumentEdit) -> Vec<lsp::DocumentChangeOperation> {
    let Ok(uri) = lsp::Url::parse(&it.uri) else { return Vec::new() };
    let options = lsp::CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(true) };
    let create = lsp::CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
    let create = it.creates.then_some(lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Create(create)));
    let edit = lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
        text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version: it.version },
        edits: it.edits.into_iter().map(|it| lsp::OneOf::Left(text_edit(it))).collect(),
    });
    create.into_iter().chain([edit]).collect()
}

fn text_edit(it: TextEdit) -> lsp::TextEdit {
    let new_text = if it.is_snippet { format!("{SNIPPET_MARK}{}", it.text) } else { it.text };
    lsp::TextEdit { range: range(it.range), new_text }
}

fn hover(it: Hover) -> lsp::Hover {
    let kind = if it.is_markdown { lsp::MarkupKind::Markdown } else { lsp::MarkupKind::PlainText };
    let contents = lsp::HoverContents::Markup(lsp::MarkupContent { kind, value: it.text });
    lsp::Hover { contents, range: Some(range(it.range)) }
}

fn item(it: Item) -> lsp::CompletionItem {
    let is_snippet = it.edit.is_snippet;
    let format = if is_snippet { lsp::InsertTextFormat::SNIPPET } else { lsp::InsertTextFormat::PLAIN_TEXT };
    let edit = lsp::TextEdit { range: range(it.edit.range), new_text: it.edit.text };
    lsp::CompletionItem {
        label: it.label,
        kind: Some(lsp::CompletionItemKind::SNIPPET),
        detail: Some(it.detail),
        filter_text: Some(it.filter),
        sort_text: Some(it.sort),
        insert_text_format: Some(format),
        text_edit: Some(lsp::CompletionTextEdit::Edit(edit)),
        additional_text_edits: Some(it.others.into_iter().map(text_edit).collect()),
        ..lsp::CompletionItem::default()
    }
}
