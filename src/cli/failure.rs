use std::fmt;

use crate::calls::escape;
use crate::estimate::error::EstimateError;
use crate::read::{Problem, ProblemKind, Problems};
use crate::store::StoreError;

/// Why a command ends without having done what was asked. Each kind has its exit code.
#[derive(Debug)]
pub enum Failure {
    /// 1: the command has done its work and the answer is no; it has been printed.
    No,
    /// 2: the command line asks for something that can't be.
    Usage {
        message: String,
        hint: Option<String>,
    },
    /// 3, or 5 where a file can't be read.
    Input(Problems),
    /// 3: the data are readable but can't be used as they are.
    Data {
        message: String,
        hint: Option<String>,
    },
    /// 4
    Store(StoreError),
    /// 5
    Io { what: String, why: std::io::Error },
}

impl Failure {
    /// A command line that can't be.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// Data that can't be used.
    pub(crate) fn data(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Data {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::No => 1,
            Self::Usage { .. } => 2,
            Self::Input(problems) => match problems.kind() {
                ProblemKind::BadInput => 3,
                ProblemKind::NotFound | ProblemKind::Io => 5,
            },
            Self::Data { .. } => 3,
            Self::Store(error) => match error {
                StoreError::UnknownSample { .. }
                | StoreError::SampleDiffers { .. }
                | StoreError::IsThere { .. }
                | StoreError::SameStore { .. }
                | StoreError::SeveralBatches { .. }
                | StoreError::OfJourneys { .. }
                | StoreError::Withdrawn { .. }
                | StoreError::NotWithdrawn { .. }
                | StoreError::UnknownAnalyst { .. } => 2,
                StoreError::OtherSample { .. }
                | StoreError::NothingInCommon { .. }
                | StoreError::NotDrawn { .. }
                | StoreError::OtherRubric { .. }
                | StoreError::AlreadyComplete { .. }
                | StoreError::IsScored { .. }
                | StoreError::IsUnscorable { .. }
                | StoreError::AlreadyPicked { .. }
                | StoreError::IsComplete { .. }
                | StoreError::IsSecond { .. }
                | StoreError::IsAssigned { .. }
                | StoreError::IsOpen { .. }
                | StoreError::NotCompleted { .. }
                | StoreError::ScoresOtherwise { .. }
                | StoreError::DriverLost { .. } => 3,
                // The store itself, or another program at work in it: to try again may help.
                _ => 4,
            },
            Self::Io { .. } => 5,
        }
    }

    /// What a person reads; empty where everything has been said.
    pub(crate) fn to_text(&self, color: bool) -> String {
        match self {
            Self::No => String::new(),
            Self::Usage { message, hint } | Self::Data { message, hint } => {
                plain(message, hint.as_deref(), color)
            }
            Self::Input(problems) => problems.to_text(color),
            Self::Store(error) => plain(&error.to_string(), error.hint().as_deref(), color),
            Self::Io { what, why } => plain(&format!("{what}: {why}"), None, color),
        }
    }
}

/// Messages go to stderr; whether it takes colours is anstream's to know.
pub(super) fn colored() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

fn plain(message: &str, hint: Option<&str>, color: bool) -> String {
    let error = anstyle::AnsiColor::Red.on_default().bold();
    let help = anstyle::AnsiColor::Cyan.on_default().bold();
    let paint = |style: anstyle::Style, word: &str| match color {
        true => format!("{style}{word}{style:#}"),
        false => word.to_owned(),
    };
    let mut text = format!("{}: {}", paint(error, "error"), escape(message));
    if let Some(hint) = hint {
        text.push_str(&format!("\n{}: {}", paint(help, "help"), escape(hint)));
    }
    text
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(false))
    }
}

impl std::error::Error for Failure {}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Input(problems)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Input(problem.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<EstimateError> for Failure {
    fn from(error: EstimateError) -> Self {
        Self::Data {
            message: format!("the figures of this sample contradict each other: {error}"),
            hint: Some("`evenhand verify` tells more".to_owned()),
        }
    }
}
