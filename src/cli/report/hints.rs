//! What to write instead where a report's command line can't be read.

use clap::error::{ContextKind, ContextValue, ErrorKind};

const COMPARE: &str = "compare";
const COACH: &str = "coach";

/// Adds to clap's message how `report compare` and `report coach` are asked.
pub(in crate::cli) fn with_hint(mut error: clap::Error) -> clap::Error {
    let words: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let after_report = words.iter().skip_while(|word| *word != "report").skip(1);
    let what = after_report
        .map(String::as_str)
        .find(|word| [COMPARE, COACH].contains(word));
    if let Some(hint) = what.and_then(|what| hint(&error, what)) {
        // Shown as clap's own tips are, in place of them.
        error.insert(
            ContextKind::Suggested,
            ContextValue::StyledStrs(vec![hint.into()]),
        );
    }
    error
}

fn hint(error: &clap::Error, what: &str) -> Option<String> {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let behind = match what {
        COMPARE => "evenhand report compare A B --format json",
        _ => "evenhand report coach --csr NAME --format md",
    };
    match error.kind() {
        // Options stand before it: clap takes the words behind for a subcommand, or itself for a table.
        ErrorKind::ArgumentConflict if said(ContextKind::InvalidSubcommand).is_some() => {
            Some(format!("options go behind `{what}`: `{behind}`"))
        }
        ErrorKind::InvalidValue if said(ContextKind::InvalidValue) == Some(what) => {
            Some(format!("options go behind `{what}`: `{behind}`"))
        }
        ErrorKind::UnknownArgument => {
            let word = said(ContextKind::InvalidArg)?;
            let name = word.split('=').next().unwrap_or(word);
            match (what, name) {
                (
                    COMPARE,
                    "--csr" | "--caller-type" | "--queue" | "--analyst" | "--from" | "--to",
                ) => Some(format!(
                    "both samples are compared whole, CSR by CSR and caller type by caller type: leave {name} out"
                )),
                (COMPARE, "--sample") => Some(
                    "both samples are named without it: `evenhand report compare A B`".to_owned(),
                ),
                (COACH, word) if !word.starts_with('-') => Some(format!(
                    "name the CSR with --csr: `evenhand report coach --csr \"{word}\"`"
                )),
                (COACH, "--caller-type" | "--queue" | "--analyst" | "--from" | "--to") => {
                    Some(format!(
                        "the sheet is of all drawn calls of the CSR in one sample: leave {name} out"
                    ))
                }
                _ => None,
            }
        }
        _ => None,
    }
}
