//! What is told: values made from samples and evaluations, and one neutral table that every format renders.
//!
//! Estimates come from `estimate`; here stands which question is asked of which calls. A value that can't be told is
//! `None`, never 0.

mod agreements;
mod analysts;
mod any_table;
mod bands;
mod calibrations;
mod caller_types;
mod coach;
mod common;
mod comparison;
mod corrections;
mod costs;
mod csr_behaviors;
mod csrs;
mod designs;
mod deviations;
mod draw_facts;
mod drawn;
mod draws;
mod drivers;
mod estimates;
mod explanation;
mod facts;
mod figure;
mod filter;
mod headlines;
mod journeys;
mod legs;
mod listing;
mod logs;
mod next;
mod note;
mod overlaps;
mod overview;
mod own_estimates;
mod page;
mod picked;
mod picture;
mod profiles;
mod progress;
mod queues;
mod rates;
mod recognition;
mod redact;
mod regression;
mod rosters;
mod rubric_changes;
mod rubrics;
mod sample_table;
mod scores;
mod sections;
mod shell;
mod strata;
mod table;
mod teams;
mod trend;
mod zeros;

pub use crate::calibration::jackknife::Coefficient;
pub use crate::calls::{CallerType, FoundBy, Refusal, escape};
pub use crate::estimate::gap::VerdictRule;
pub use crate::estimate::precision::Precision;
pub use crate::estimate::trend::{ChartPoint, EwmaRule, LEAST_POINTS};
pub use crate::sampling::Frame;
pub use agreements::{Agreements, NamedCoefficient, RatedUnits, RatingScale};
pub use analysts::{AnalystRow, Analysts};
pub use any_table::AnyTable;
pub use bands::{BandRow, BandSums, Bands};
pub use calibrations::{
    AdjustedCsr, AnalystGroup, AnalystSeverity, BehaviorAgreement, Calibration, Confusion, CsrGroup,
};
pub use caller_types::{CallerTypeRow, CallerTypes};
pub use coach::{
    CoachBehavior, CoachComment, CoachCritical, CoachFacts, CoachScore, CoachSheet, Listen,
    ListenTo, Since,
};
pub use common::{CommonBehaviors, CommonRow, LeftOut};
pub use comparison::{
    Against, Change, Coached, Compared, ComparedCallers, ComparedCsr, Comparison, GroupRow,
};
pub use corrections::{CorrectionRow, Corrections};
pub use costs::{CostRow, Costs};
pub use csr_behaviors::{BehaviorColumn, CsrBehaviors};
pub use csrs::{CsrRow, Csrs, Who};
pub use deviations::{Deviations, Lender};
pub use draw_facts::{DrawFacts, DrawPlace, LegPlace};
pub use drawn::DrawWords;
pub use draws::{DrawReport, SampleList, SampleRow, refused_sentence};
pub use drivers::{LostDriver, match_drivers};
pub use estimates::Rules;
pub use explanation::{Explanation, Line, SectionLine};
pub use facts::{CallFacts, EvaluationFacts, PickedFacts, RubricSample, SampleFacts, StratumFacts};
pub use figure::{Amount, Figure, GapFigure};
pub use filter::Filter;
pub use journeys::{Fell, JourneyRow, JourneySummary, Journeys, LegRow};
pub use listing::{AnswerRow, Answers, CallRow, Calls};
pub use logs::LogReport;
pub use next::Evidence;
pub use note::Note;
pub use overlaps::{Overlap, Shared};
pub use overview::{FOOTER, Overview, SampleLine};
pub use own_estimates::{EstimateRow, Estimates, OwnSample, Wanted};
pub use page::{Advice, DrawnSample, Headline, PageParts, Sheet};
pub use picked::{PickedCalls, PickedRow};
pub use picture::{Axis, Course, CoursePoint, Mark, Picture, WhiskerRow, Whiskers};
pub use profiles::{ProfileRow, profiles_table};
pub use progress::Progress;
pub use queues::{ActRow, DraftRow, QueueRow, Queues, acts_table};
pub use rates::{RateRow, RateSums, Rates, RatesOf};
pub use recognition::{Carries, Recognition, RecognitionRow};
pub use redact::{MASK, Redact};
pub use regression::{Regression, TooFewCsrs};
pub use rosters::{fold, roster_table};
pub use rubric_changes::{RubricChanges, RubricFile, RubricVerdict};
pub use rubrics::RubricReport;
pub use sample_table::Samples;
pub use scores::{ScoreSums, Scores};
pub use sections::{SectionRow, SectionSums, Sections};
pub use shell::shell_quoted;
pub use table::{Align, Cell, Column, Table};
pub use teams::Teams;
pub use trend::{Step, Trend, TrendAsk, TrendChart, TrendOf, TrendRow};
pub use zeros::Zeros;
