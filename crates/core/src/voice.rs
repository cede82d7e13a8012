//! How a reply speaks: as one person or as a team, to « tu » or to « vous ».

use serde::{Deserialize, Serialize};

use crate::rule::{Address, Speaker};

/// How a team's agents speak, where their replies do not say it themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// What « désolé{e} » becomes.
    #[serde(default)]
    pub agent: Gender,
}

/// The grammatical gender of whoever writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gender {
    /// « désolée »
    #[serde(rename = "f")]
    Feminine,
    /// « désolé »
    #[serde(rename = "m")]
    Masculine,
    /// Wordings that do not show it.
    #[default]
    #[serde(rename = "neutral")]
    Neutral,
}

/// What a reply's own words show of how it speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Register {
    pub speaker: Option<Speaker>,
    pub address: Option<Address>,
}
