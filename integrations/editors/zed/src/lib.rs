//! Starts `absolve lsp` for Zed.

use zed_extension_api::{
    self as zed, Command, LanguageServerId, Result, Worktree,
    serde_json::{Value, json},
    settings::LspSettings,
};

struct Absolve;

impl zed::Extension for Absolve {
    fn new() -> Self {
        Absolve
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree.which("absolve").ok_or("put `absolve` on your PATH")?;
        Ok(Command { command, args: vec!["lsp".to_owned()], env: worktree.shell_env() })
    }

    fn language_server_initialization_options(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        Ok(LspSettings::for_worktree(server.as_ref(), worktree)?.settings)
    }

    /// The same once more, for when they change: the server asks for its section.
    fn language_server_workspace_configuration(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        let settings = LspSettings::for_worktree(server.as_ref(), worktree)?.settings;
        Ok(settings.map(|it| json!({ "absolve": it })))
    }
}

zed::register_extension!(Absolve);
