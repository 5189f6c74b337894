//! A table of a report, whichever it is.

use super::{
    Analysts, Answers, Bands, CallerTypes, Calls, CommonBehaviors, Corrections, Costs,
    CsrBehaviors, Csrs, Journeys, Note, PickedCalls, Rates, Recognition, Samples, Sections, Table,
    Teams, Trend,
};

/// A table of a report.
pub enum AnyTable {
    CallerTypes(CallerTypes),
    Csrs(Box<Csrs>),
    Teams(Box<Teams>),
    Rates(Rates),
    CsrBehaviors(CsrBehaviors),
    Costs(Costs),
    Analysts(Analysts),
    Trend(Box<Trend>),
    Sections(Sections),
    Bands(Bands),
    Samples(Samples),
    Calls(Calls),
    Answers(Answers),
    Common(CommonBehaviors),
    Corrections(Corrections),
    Picked(PickedCalls),
    Journeys(Box<Journeys>),
    Recognition(Box<Recognition>),
}

impl AnyTable {
    /// As a neutral table.
    pub fn table(&self) -> Table {
        match self {
            Self::CallerTypes(table) => table.table(),
            Self::Csrs(table) => table.table(),
            Self::Teams(table) => table.csrs.table(),
            Self::Rates(table) => table.table(),
            Self::CsrBehaviors(table) => table.table(),
            Self::Costs(table) => table.table(),
            Self::Analysts(table) => table.table(),
            Self::Trend(table) => table.table(),
            Self::Sections(table) => table.table(),
            Self::Bands(table) => table.table(),
            Self::Samples(table) => table.table(),
            Self::Calls(table) => table.table(),
            Self::Answers(table) => table.table(),
            Self::Common(table) => table.table(),
            Self::Corrections(table) => table.table(),
            Self::Picked(table) => table.table(),
            Self::Journeys(table) => table.table(),
            Self::Recognition(table) => table.table(),
        }
    }

    /// What a reader of it must know.
    pub fn notes(&self) -> Vec<Note> {
        match self {
            Self::Csrs(table) => table.notes(),
            Self::Teams(table) => table.notes(),
            Self::Rates(table) => table.notes(),
            Self::CsrBehaviors(table) => table.notes(),
            Self::Costs(table) => table.notes(),
            Self::CallerTypes(table) => table.notes(),
            Self::Analysts(table) => table.notes(),
            Self::Trend(table) => table.notes(),
            Self::Sections(table) => table.notes(),
            Self::Bands(table) => table.notes(),
            Self::Common(table) => table.notes(),
            Self::Picked(table) => table.notes(),
            Self::Journeys(table) => table.notes(),
            Self::Recognition(table) => table.notes(),
            // Every report tells of corrections.
            Self::Calls(_) | Self::Answers(_) | Self::Corrections(_) => Vec::new(),
            Self::Samples(_) => Vec::new(),
        }
    }

    /// What stands above it, for people.
    pub fn sentences(&self) -> Vec<String> {
        match self {
            Self::Journeys(table) => table.summary.sentences(),
            Self::Recognition(table) => table.sentences(),
            _ => Vec::new(),
        }
    }
}
