//! The tables that a report can have.

use crate::cli::output::Format;

/// A table of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum TableName {
    CallerType,
    Csr,
    Team,
    Sections,
    Behaviors,
    /// Behaviors met, CSR by CSR
    CsrBehaviors,
    Bands,
    Critical,
    Drivers,
    /// What avoidable calls take, in hours and money
    Costs,
    Analysts,
    Trend,
    Corrections,
    Journeys,
    Samples,
    Picked,
    /// Who can be praised on evidence
    Recognition,
    Calls,
    Answers,
}

/// Which tables a report is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Asked {
    /// Caller types, then CSRs, then picked calls.
    #[default]
    Usual,
    One(TableName),
    /// Everything there is to tell, for a page.
    Page,
    /// The same with every evaluation and every answer, for a workbook.
    Workbook,
}

const USUAL: &[TableName] = &[TableName::CallerType, TableName::Csr, TableName::Picked];

const PAGE: &[TableName] = &[
    TableName::CallerType,
    TableName::Csr,
    TableName::Team,
    TableName::Trend,
    TableName::Sections,
    TableName::Behaviors,
    TableName::CsrBehaviors,
    TableName::Bands,
    TableName::Critical,
    TableName::Drivers,
    TableName::Costs,
    TableName::Journeys,
    TableName::Recognition,
    TableName::Picked,
    TableName::Analysts,
    TableName::Corrections,
    TableName::Samples,
];

impl TableName {
    /// Whether it is a list of calls, which estimates nothing.
    pub(super) fn is_list(self) -> bool {
        matches!(
            self,
            Self::Samples | Self::Calls | Self::Answers | Self::Picked
        )
    }

    fn is_about_scores(self) -> bool {
        matches!(self, Self::CallerType | Self::Csr | Self::Team)
    }

    /// Whether it can be summed up while calls go by.
    pub(super) fn is_summed(self) -> bool {
        use TableName::{Bands, Behaviors, CallerType, Critical, Csr, Samples, Sections};
        matches!(
            self,
            CallerType | Csr | Behaviors | Critical | Sections | Bands | Samples
        )
    }
}

impl Asked {
    /// What a report in a format holds where no table is named.
    pub(super) fn without_a_name(format: Format) -> Self {
        match format {
            Format::Html => Self::Page,
            Format::Xlsx => Self::Workbook,
            _ => Self::Usual,
        }
    }

    /// The tables, those included that a sample may have nothing to say about.
    pub(super) fn names(self) -> Vec<TableName> {
        match self {
            Self::Usual => USUAL.to_vec(),
            Self::One(table) => vec![table],
            Self::Page => PAGE.to_vec(),
            Self::Workbook => {
                let lists = [TableName::Calls, TableName::Answers];
                PAGE.iter().copied().chain(lists).collect()
            }
        }
    }

    pub(super) fn has(self, table: TableName) -> bool {
        self.names().contains(&table)
    }

    /// Whether a table was asked for by its name, so that it is shown even where it says nothing.
    pub(super) fn is_one(self) -> bool {
        matches!(self, Self::One(_))
    }

    /// Whether scores are told, so that the report begins with a sentence on them.
    pub(super) fn is_about_scores(self) -> bool {
        self.names().into_iter().any(TableName::is_about_scores)
    }

    /// Whether comments and ticked reasons are needed, which take longer to read.
    pub(super) fn wants_texts(self) -> bool {
        [TableName::Answers, TableName::Drivers, TableName::Costs]
            .into_iter()
            .any(|table| self.has(table))
    }
}
