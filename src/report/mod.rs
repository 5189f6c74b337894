//! What is told: values made from samples and evaluations, and one neutral table that every format renders.
//!
//! Estimates come from `estimate`; here stands which question is asked of which calls. A value that can't be told is
//! `None`, never 0.

mod agreements;
mod analysts;
mod calibrations;
mod caller_types;
mod common;
mod corrections;
mod csrs;
mod designs;
mod deviations;
mod draws;
mod drivers;
mod estimates;
mod explanation;
mod facts;
mod figure;
mod journeys;
mod legs;
mod listing;
mod logs;
mod note;
mod overlaps;
mod overview;
mod own_estimates;
mod picked;
mod profiles;
mod progress;
mod queues;
mod rates;
mod rosters;
mod rubric_changes;
mod rubrics;
mod scores;
mod strata;
mod table;
mod teams;
mod zeros;

pub use crate::calibration::jackknife::Coefficient;
pub use crate::calls::{FoundBy, Refusal, escape};
pub use crate::estimate::gap::VerdictRule;
pub use crate::estimate::precision::Precision;
pub use crate::sampling::Frame;
pub use agreements::{Agreements, NamedCoefficient, RatedUnits, RatingScale};
pub use analysts::{AnalystRow, Analysts};
pub use calibrations::{
    AdjustedCsr, AnalystGroup, AnalystSeverity, BehaviorAgreement, Calibration, Confusion, CsrGroup,
};
pub use caller_types::{CallerTypeRow, CallerTypes};
pub use common::{CommonBehaviors, CommonRow, LeftOut};
pub use corrections::{CorrectionRow, Corrections};
pub use csrs::{CsrRow, Csrs, Who};
pub use deviations::{Deviations, Lender};
pub use draws::{DrawReport, SampleList, SampleRow, refused_sentence};
pub use drivers::{LostDriver, match_drivers};
pub use estimates::Rules;
pub use explanation::{DrawFacts, DrawPlace, Explanation, LegPlace, Line, SectionLine};
pub use facts::{CallFacts, EvaluationFacts, PickedFacts, RubricSample, SampleFacts, StratumFacts};
pub use figure::{Figure, GapFigure};
pub use journeys::{Fell, JourneyRow, JourneySummary, Journeys, LegRow};
pub use listing::{AnswerRow, Answers, CallRow, Calls};
pub use logs::LogReport;
pub use note::Note;
pub use overlaps::{Overlap, Shared};
pub use overview::{FOOTER, Overview, SampleLine};
pub use own_estimates::{EstimateRow, Estimates, OwnSample, Wanted};
pub use picked::{PickedCalls, PickedRow};
pub use profiles::{ProfileRow, profiles_table};
pub use progress::Progress;
pub use queues::{ActRow, DraftRow, QueueRow, Queues, acts_table};
pub use rates::{RateRow, RateSums, Rates, RatesOf};
pub use rosters::{fold, roster_table};
pub use rubric_changes::{RubricChanges, RubricFile, RubricVerdict};
pub use rubrics::RubricReport;
pub use scores::{ScoreSums, Scores};
pub use table::{Align, Cell, Column, Table};
pub use teams::Teams;
pub use zeros::Zeros;
