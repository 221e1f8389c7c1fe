//! Any conversation with the language server: every request is answered, nothing panics, ranges
//! lie in the text, and at every quiet point the findings are those of a server that never saw
//! anything but the last texts.

mod client;
mod conversation;
mod text;

use std::path::Path;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use arbitrary::Unstructured;
use serde_json::{Value, json};
use tempfile::TempDir;

use self::client::Connection;
use self::conversation::{Change, Client, Conversation, Step};
use self::text::{Position, Texts};
use crate::project::SMALL;

/// How long a server may take to be quiet, in pauses.
const QUIET: usize = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// What a client's own pauses are measured in: the small project is read in some tens of them.
const MOMENT: Duration = Duration::from_micros(20);

/// The methods that are asked with a document and a place.
const METHODS: [&str; 15] = [
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/codeAction",
    "textDocument/inlayHint",
    "textDocument/codeLens",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/documentSymbol",
    "textDocument/diagnostic",
    "workspace/symbol",
    "quickback/preview",
    "workspace/executeCommand",
];

/// Those of [`METHODS`] whose answers have ranges of the document that was asked about alone.
const OF_DOCUMENT: [&str; 7] = [
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/inlayHint",
    "textDocument/codeLens",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/documentSymbol",
];

const COMMANDS: [&str; 5] = [
    "quickbackRealtime.preview",
    "quickbackRealtime.generate",
    "quickbackRealtime.doctor",
    "quickbackRealtime.reload",
    "quickbackRealtime.none",
];

/// How many panics there were in this process. The server survives those of a request, and says so
/// in its log alone.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            hook(panic);
        }));
    });
}

/// Has the conversation that the bytes say with a server in this process, over a small project on
/// the disk, and fails where an invariant does not hold.
pub fn check(bytes: &[u8]) {
    // What the bytes do not suffice for is left out.
    if let Ok(conversation) = Unstructured::new(bytes).arbitrary() {
        run(&conversation);
    }
}

/// The same of a conversation in which files come, go and change while the project is read.
pub fn check_files(bytes: &[u8]) {
    if let Ok(conversation) = conversation::of_files(&mut Unstructured::new(bytes)) {
        run(&conversation);
    }
}

fn run(conversation: &Conversation) {
    count_panics();
    let before = PANICS.load(Ordering::SeqCst);
    let folder = TempDir::new().expect("a folder can be made");
    // The root must be the one that the server finds, whatever links lead there.
    let root = folder.path().canonicalize().expect("the folder is there");
    for (path, text) in SMALL {
        write(&root, path, Some(text));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made");
    runtime.block_on(talk(conversation, &root));
    runtime.shutdown_background();
    assert_eq!(
        PANICS.load(Ordering::SeqCst),
        before,
        "the server panicked and went on"
    );
}

fn write(root: &Path, path: &str, text: Option<&str>) {
    let path = root.join(path);
    match text {
        None => {
            // It may be gone already.
            let _ = std::fs::remove_file(path);
        }
        Some(text) => {
            let folder = path.parent().expect("it is in the folder");
            std::fs::create_dir_all(folder).expect("a folder can be made");
            std::fs::write(path, text).expect("a file can be written");
        }
    }
}

async fn talk(conversation: &Conversation, root: &Path) {
    let mut talk = Talk::new(&conversation.client, root);
    let early = conversation.early.min(conversation.steps.len());
    let (early, steps) = conversation.steps.split_at(early);
    for step in early {
        talk.say(step).await;
    }
    talk.initialize().await;
    for step in steps {
        talk.say(step).await;
    }
    talk.connection.settle().await;
    talk.equals_fresh().await;
    if let Some(late) = &conversation.late {
        talk.connection.request("shutdown", Value::Null).await;
        talk.say(late).await;
        talk.connection.settle().await;
    }
}

/// One client, what it has said so far, and the server.
struct Talk<'a> {
    client: &'a Client,
    root: &'a Path,
    connection: Connection,
    texts: Texts,
    is_initialized: bool,
}

impl<'a> Talk<'a> {
    fn new(client: &'a Client, root: &'a Path) -> Self {
        Self {
            client,
            root,
            connection: Connection::new(client.agrees),
            texts: Texts::new(client.encoding),
            is_initialized: false,
        }
    }

    /// The documents: the project's files, its settings, a new file in it, and what is no file.
    fn path(file: u8) -> Option<&'static str> {
        let more = ["quickback-realtime.json", "quickback/features/é 😀.ts"];
        let paths = SMALL.iter().map(|(path, _)| *path).chain(more);
        paths
            .cycle()
            .nth(usize::from(file) % (SMALL.len() + 3))
            .filter(|_| usize::from(file) % (SMALL.len() + 3) < SMALL.len() + 2)
    }

    fn uri(&self, file: u8) -> String {
        match Self::path(file) {
            None => "untitled:Untitled-1".to_owned(),
            Some(path) => {
                let path = path
                    .replace(' ', "%20")
                    .replace('é', "%C3%A9")
                    .replace('😀', "%F0%9F%98%80");
                format!("file://{}/{path}", self.root.display())
            }
        }
    }

    async fn initialize(&mut self) {
        let refresh = self.client.pulls.then(|| json!({ "refreshSupport": true }));
        let diagnostic = self.client.pulls.then(|| json!({}));
        let root = format!("file://{}", self.root.display());
        let params = json!({
            "processId": null,
            "rootUri": root,
            "workspaceFolders": [{ "uri": root, "name": "small" }],
            "initializationOptions": { "trusted": self.client.trusted },
            "capabilities": {
                "general": { "positionEncodings": [self.client.encoding.name()] },
                "textDocument": { "diagnostic": diagnostic },
                "workspace": {
                    "diagnostics": refresh,
                    "workspaceEdit": { "documentChanges": self.client.agrees },
                    "didChangeWatchedFiles": { "dynamicRegistration": self.client.watches },
                },
                "window": { "workDoneProgress": self.client.shows_progress },
                "experimental": { "quickbackStatus": self.client.agrees },
            },
        });
        let answer = self.connection.request("initialize", params).await;
        let encoding = answer.pointer("/result/capabilities/positionEncoding");
        assert_eq!(
            encoding,
            Some(&json!(self.client.encoding.name())),
            "{answer}"
        );
        self.connection.notify("initialized", json!({})).await;
        self.is_initialized = true;
    }

    async fn say(&mut self, step: &Step) {
        match step {
            Step::Open { file, text } => {
                self.open(*file, text.as_ref().map(|text| &*text.0)).await;
            }
            Step::Change {
                file,
                version,
                changes,
            } => {
                let uri = self.uri(*file);
                if self.is_initialized {
                    self.texts.change(&uri, changes);
                }
                let changes: Vec<Value> = changes
                    .iter()
                    .map(|Change { range, text }| match range {
                        None => json!({ "text": text.0 }),
                        Some((start, end)) => json!({
                            "range": { "start": start.json(), "end": end.json() },
                            "text": text.0,
                        }),
                    })
                    .collect();
                let params = json!({
                    "textDocument": { "uri": uri, "version": version },
                    "contentChanges": changes,
                });
                self.connection
                    .notify("textDocument/didChange", params)
                    .await;
            }
            Step::Close(file) => {
                let uri = self.uri(*file);
                if self.is_initialized {
                    self.texts.close(&uri);
                }
                let params = json!({ "textDocument": { "uri": uri } });
                self.connection
                    .notify("textDocument/didClose", params)
                    .await;
            }
            Step::Save(file) => {
                let uri = self.uri(*file);
                if let (Some(path), Some(text)) = (Self::path(*file), self.texts.get(&uri)) {
                    write(self.root, path, Some(&text));
                }
                let params = json!({ "textDocument": { "uri": uri } });
                self.connection.notify("textDocument/didSave", params).await;
            }
            Step::Disk { file, text } => {
                let Some(path) = Self::path(*file) else {
                    return;
                };
                let uri = self.uri(*file);
                write(self.root, path, text.as_ref().map(|text| &*text.0));
                let kind = if text.is_some() { 2 } else { 3 };
                let params = json!({ "changes": [{ "uri": uri, "type": kind }] });
                self.connection
                    .notify("workspace/didChangeWatchedFiles", params)
                    .await;
            }
            Step::Ask {
                method,
                file,
                from,
                to,
                word,
                waits,
            } => {
                self.ask(*method, *file, *from, *to, &word.0, *waits).await;
            }
            Step::Pause(moments) => {
                let end = Instant::now() + MOMENT * u32::from(*moments);
                while Instant::now() < end {
                    tokio::task::yield_now().await;
                }
            }
            Step::Cancel => self.connection.cancel().await,
            Step::Configure(word) => {
                let params = json!({ "settings": { "quickbackRealtime": {
                    "generateOnSave": word.0.len() % 2 == 0, "severities": { &*word.0: "hint" },
                } } });
                self.connection
                    .notify("workspace/didChangeConfiguration", params)
                    .await;
            }
            Step::Folder(is_added) => {
                let folder =
                    json!([{ "uri": format!("file://{}", self.root.display()), "name": "x" }]);
                let (added, removed) = if *is_added {
                    (folder, json!([]))
                } else {
                    (json!([]), folder)
                };
                let params = json!({ "event": { "added": added, "removed": removed } });
                self.connection
                    .notify("workspace/didChangeWorkspaceFolders", params)
                    .await;
            }
            Step::Nonsense {
                method,
                params,
                has_id,
            } => {
                let method = METHODS[usize::from(*method) % METHODS.len()];
                let params = serde_json::from_str(&params.0).unwrap_or(json!([params.0]));
                if *has_id {
                    self.connection.ask(method, params).await;
                } else {
                    self.connection.notify(method, params).await;
                }
            }
        }
    }

    async fn open(&mut self, file: u8, text: Option<&str>) {
        let uri = self.uri(file);
        let own = SMALL
            .iter()
            .find(|(path, _)| Some(*path) == Self::path(file));
        let text = text.or(own.map(|(_, text)| *text)).unwrap_or("{}");
        if self.is_initialized {
            self.texts.open(&uri, text);
        }
        let params = json!({ "textDocument": {
            "uri": uri, "languageId": "typescript", "version": 1, "text": text,
        } });
        self.connection.notify("textDocument/didOpen", params).await;
    }

    async fn ask(
        &mut self,
        method: u8,
        file: u8,
        from: Position,
        to: Position,
        word: &str,
        waits: bool,
    ) {
        let method = METHODS[usize::from(method) % METHODS.len()];
        let uri = self.uri(file);
        let command = COMMANDS[word.len() % COMMANDS.len()];
        let range = json!({ "start": from.json(), "end": to.json() });
        let params = match method {
            "workspace/symbol" => json!({ "query": word }),
            "workspace/executeCommand" => {
                json!({ "command": command, "arguments": [{ "uri": uri, "name": word }] })
            }
            _ => json!({
                "textDocument": { "uri": uri },
                "uri": uri,
                "position": from.json(),
                "range": range,
                "newName": word,
                "context": { "includeDeclaration": true, "diagnostics": [] },
            }),
        };
        if !waits {
            self.connection.ask(method, params).await;
            return;
        }
        let answer = self.connection.request(method, params).await;
        if let Some(result) = answer.get("result")
            && OF_DOCUMENT.contains(&method)
        {
            self.texts.judge(&uri, result);
        }
    }

    /// Compares the findings of all open documents with those of a server that never saw another
    /// text, and with what was published last to a client that does not ask.
    async fn equals_fresh(&mut self) {
        let uris = self.texts.uris();
        let mut fresh = Talk::new(self.client, self.root);
        fresh.initialize().await;
        for uri in &uris {
            let text = self.texts.get(uri).expect("it is open");
            let params = json!({ "textDocument": {
                "uri": uri, "languageId": "typescript", "version": 1, "text": text,
            } });
            fresh
                .connection
                .notify("textDocument/didOpen", params)
                .await;
        }
        for uri in &uris {
            let mut kept = self.connection.diagnostics(uri).await;
            let mut read_afresh = fresh.connection.diagnostics(uri).await;
            // A file that is open is answered before its project has been read.
            for _ in 0..QUIET {
                if codes(&kept) == codes(&read_afresh) {
                    break;
                }
                tokio::time::sleep(PAUSE).await;
                kept = self.connection.diagnostics(uri).await;
                read_afresh = fresh.connection.diagnostics(uri).await;
            }
            let text = self.texts.get(uri).unwrap_or_default();
            assert_eq!(
                codes(&kept),
                codes(&read_afresh),
                "the findings of {uri} are not those of a fresh server:\n{text}"
            );
            self.texts.judge(uri, &ranges(&kept));
            if !self.client.pulls {
                self.connection.publishes(uri, &kept).await;
            }
        }
    }
}

/// What a finding says, without the severity, which the editor's settings may change.
fn codes(diagnostics: &Value) -> Vec<Value> {
    let all = diagnostics.as_array().into_iter().flatten();
    all.map(|d| json!([d["code"], d["message"], d["range"], d["relatedInformation"]]))
        .collect()
}

fn ranges(diagnostics: &Value) -> Value {
    let all = diagnostics.as_array().into_iter().flatten();
    all.map(|d| d["range"].clone()).collect()
}
