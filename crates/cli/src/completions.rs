//! `absolve completions` and `absolve man`: the command line, as shells and manuals tell it.

use std::{fs, io};

use anyhow::{Context, Result};
use clap::CommandFactory;

use crate::{
    args::{Args, Completions, Man},
    files,
    outcome::Outcome,
};

/// Prints what a shell must know to complete our commands.
pub fn run(args: &Completions) -> Result<Outcome> {
    // It would panic where a reader has gone away.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "absolve", &mut script);
    io::Write::write_all(&mut io::stdout().lock(), &script)?;
    Ok(Outcome::Clean)
}

/// Prints the manual's first page, or writes all of them into a folder.
pub fn man(args: &Man) -> Result<Outcome> {
    match &args.folder {
        None => clap_mangen::Man::new(Args::command()).render(&mut io::stdout().lock())?,
        Some(folder) => {
            let shown = files::shown(folder);
            fs::create_dir_all(folder).with_context(|| shown.clone())?;
            clap_mangen::generate_to(Args::command(), folder).with_context(|| shown.clone())?;
            anstream::println!("wrote the pages of the manual into {shown}");
        }
    }
    Ok(Outcome::Clean)
}
