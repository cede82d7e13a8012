//! `absolve init`: a configuration to start from, which is also its manual.

use std::{
    fs::OpenOptions,
    io::{self, Write},
};

use anyhow::{Context, Result, bail};

use crate::{args::Init, config::FILE_NAME, outcome::Outcome};

/// Every key, explained; what is commented out is the default.
const TEMPLATE: &str = include_str!("absolve.toml");

/// Writes the file, unless there is one.
pub fn run(args: &Init) -> Result<Outcome> {
    let path = args.folder.join(FILE_NAME);
    let shown = path.strip_prefix(".").unwrap_or(&path).display().to_string();
    let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{shown}: there is one already; delete it first if you want a new one")
        }
        Err(error) => return Err(error).context(shown),
    };
    file.write_all(TEMPLATE.as_bytes()).with_context(|| shown.clone())?;
    anstream::println!("wrote {shown}");
    Ok(Outcome::Clean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_template_is_a_configuration_with_and_without_its_examples() {
        assert!(toml::from_str::<Config>(TEMPLATE).is_ok());
        let uncommented: String =
            TEMPLATE.lines().map(|it| it.strip_prefix("#: ").unwrap_or(it).to_owned() + "\n").collect();
        let config: Config = toml::from_str(&uncommented).expect("its examples are right");
        assert!(config.profile.is_some() && !config.overrides.is_empty() && !config.severity.is_empty());
        assert_eq!(config.alternatives.len(), 1);
    }
}
