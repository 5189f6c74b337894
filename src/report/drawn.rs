//! How a sample came about, and how anybody can repeat it.

use super::{DrawnSample, shell_quoted};
use crate::sampling::Unit;

/// What is told of a draw.
#[derive(Clone, Debug)]
pub struct DrawWords<'a> {
    pub name: &'a str,
    pub seed: &'a str,
    /// What was drawn.
    pub unit: Unit,
    /// For instance "3 calls per CSR and caller type".
    pub design: String,
    pub calls_in_log: u64,
    pub eligible: u64,
    pub drawn: u64,
    /// The files, as `verify` takes them.
    pub logs: Vec<String>,
    /// Of one log, the digest of its frame.
    pub digest: Option<String>,
    /// The id of the first call or journey drawn, and its draw number.
    pub first: Option<(String, String)>,
}

impl DrawWords<'_> {
    /// In sentences and commands.
    pub fn told(&self) -> DrawnSample {
        let (what, id, all) = match self.unit {
            Unit::Call => ("call", "its id", ""),
            Unit::Interaction => ("journey", "its interaction id", ", with all their calls"),
        };
        let mut sentences = vec![
            format!(
                "Of {} calls in the log, {} could be drawn, and {} were: {}{all}.",
                self.calls_in_log, self.eligible, self.drawn, self.design
            ),
            format!(
                "Nobody chose them: each {what} has a draw number, the SHA-256 of `{}:` and {id}, and the smallest numbers of \
                 each group are scored. Anybody with the log can repeat it.",
                self.seed
            ),
        ];
        if let Some(digest) = &self.digest {
            sentences.push(format!(
                "The digest of all calls that could be drawn is `{digest}`; it changes with any id or tag."
            ));
        }
        let logs: Vec<String> = self.logs.iter().map(|log| shell_quoted(log)).collect();
        let mut commands = vec![format!(
            "evenhand verify {} --sample {}",
            logs.join(" "),
            shell_quoted(self.name)
        )];
        if let Some((id, draw_number)) = &self.first {
            let text = shell_quoted(&format!("{}:{id}", self.seed));
            commands.push(format!("printf %s {text} | sha256sum   # {draw_number}"));
        }
        DrawnSample {
            name: self.name.to_owned(),
            sentences,
            commands,
        }
    }
}
