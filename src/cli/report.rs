use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::json;

use super::output::{Document, OutputArgs};
use super::rules::RuleArgs;
use super::{Common, Failure, facts, stored};
use crate::calls::Roster;
use crate::estimate::error::EstimateError;
use crate::read;
use crate::render::json::{AnyTable, ReportJson, report as report_json};
use crate::report::{
    Analysts, Answers, CallerTypes, Calls, Csrs, Note, Overview, Rates, RatesOf, Rules,
    SampleFacts, Scores, Teams, VerdictRule, fold,
};
use crate::rubric::Rubric;
use crate::store::{SampleInfo, Store};

/// Print score tables
///
/// Without a name: internal against external callers in a sentence, then scores per caller type and per CSR. Every figure
/// has a 95 % margin and a mark for what it can carry; a gap is shown, not shown, or practically equal.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The table to print (default: caller-type and csr)
    #[arg(value_name = "TABLE")]
    table: Option<TableName>,
    /// The sample (default: the newest)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    /// A gap whose margin lies within this many points is practically equal
    #[arg(long, value_name = "POINTS", default_value_t = 5.0, value_parser = points)]
    equal_within: f64,
    /// Add scores drawn towards the common one, to tell real differences between CSRs from luck
    #[arg(long)]
    steadied: bool,
    /// Who is who and in which team: a CSV file with the columns csr, alias, team, from, to
    ///
    /// A row with an alias says that this spelling in logs means the CSR; a row with a team, that the CSR was in it from the
    /// first to the last day (either may be left blank). Spellings are folded in the report, never in the store. The table
    /// `team` counts each call for the team that its CSR was in on the call's day.
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum TableName {
    CallerType,
    Csr,
    Team,
    Behaviors,
    Critical,
    Drivers,
    Analysts,
    Calls,
    Answers,
}

impl TableName {
    fn is_about_scores(self) -> bool {
        matches!(self, Self::CallerType | Self::Csr | Self::Team)
    }

    /// Whether comments and ticked reasons are needed, which take longer to read.
    fn wants_texts(self) -> bool {
        matches!(self, Self::Answers | Self::Drivers)
    }
}

fn points(text: &str) -> Result<f64, String> {
    let points = text.parse::<f64>().ok();
    points
        .filter(|points| (0.0..=100.0).contains(points))
        .ok_or_else(|| "give points from 0 to 100".to_owned())
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let store = common.open_store()?;
        let sample = stored::pick(common, &store, self.sample.as_deref())?;
        let rules = Rules {
            df: self.rules.df(),
            variance: self.rules.variance(),
            prop: self.rules.prop(),
            verdict: VerdictRule {
                practically: self.equal_within,
                ..VerdictRule::default()
            },
        };
        if self.steadied && !matches!(self.table, None | Some(TableName::Csr)) {
            return Err(Failure::usage(
                "only the table `csr` has steadied scores",
                "leave --steadied out, or print the table `csr`",
            )
            .into());
        }
        let wanted = Wanted {
            table: self.table,
            rules,
            steadied: self.steadied,
            roster: self.roster()?,
        };
        let document = document(&store, &sample, &wanted, common.verbose)?;
        self.output.print(&document)
    }

    fn roster(&self) -> Result<Option<Roster>, Failure> {
        let by_team = self.table == Some(TableName::Team);
        let Some(path) = &self.roster else {
            if by_team {
                return Err(Failure::usage(
                    "the table `team` needs to know who is in which team",
                    "give --roster FILE, a CSV file with the columns csr, alias, team, from, to",
                ));
            }
            return Ok(None);
        };
        let roster = read::roster(path)?.roster;
        if by_team && !roster.has_teams() {
            return Err(Failure::data(
                format!("`{}` says of nobody in which team they are", path.display()),
                "give it a column `team`, and `from` and `to` where somebody changed team",
            ));
        }
        Ok(Some(roster))
    }
}

/// What a report is asked for.
#[derive(Default)]
struct Wanted {
    /// `None`: caller types, then CSRs.
    table: Option<TableName>,
    rules: Rules,
    steadied: bool,
    roster: Option<Roster>,
}

/// The report without a name: caller types, then CSRs.
pub(super) fn usual(
    store: &impl Store,
    sample: &SampleInfo,
    verbose: bool,
) -> Result<Document, Failure> {
    document(store, sample, &Wanted::default(), verbose)
}

fn document(
    store: &impl Store,
    sample: &SampleInfo,
    wanted: &Wanted,
    verbose: bool,
) -> Result<Document, Failure> {
    let (rubric, rules) = (stored::rubric(store, sample)?, wanted.rules);
    let texts = wanted.table.is_some_and(TableName::wants_texts);
    let mut facts = [facts::of(store, sample, texts)?];
    let folded = (wanted.roster.as_ref()).map_or_else(Vec::new, |roster| fold(&mut facts, roster));
    let scores = Scores::new(&rubric, &facts, rules)?;
    let caller_types = CallerTypes::new(&facts, &scores)?;
    let mut overview = Overview::new(&facts, &scores, &caller_types);
    let csrs = || csrs(&facts, &scores, wanted.steadied);
    let rates = |what| Ok::<_, Failure>(AnyTable::Rates(Rates::new(what, &rubric, &facts, rules)?));
    let tables = match wanted.table {
        None => vec![AnyTable::CallerTypes(caller_types), csrs()?],
        Some(TableName::CallerType) => vec![AnyTable::CallerTypes(caller_types)],
        Some(TableName::Csr) => vec![csrs()?],
        Some(TableName::Team) => vec![teams(&rubric, &facts, wanted)?],
        Some(TableName::Behaviors) => vec![rates(RatesOf::Behaviors)?],
        Some(TableName::Critical) => vec![rates(RatesOf::Critical)?],
        Some(TableName::Drivers) => vec![rates(RatesOf::Drivers)?],
        Some(TableName::Analysts) => vec![AnyTable::Analysts(Analysts::new(&rubric, &facts))],
        Some(TableName::Calls) => vec![AnyTable::Calls(Calls::new(&rubric, &facts))],
        Some(TableName::Answers) => vec![AnyTable::Answers(Answers::new(&rubric, &facts))],
    };
    overview.add_notes(folded.into_iter().chain(tables.iter().flat_map(notes)));
    let head = ReportJson {
        generated_at: Timestamp::now().to_string(),
        rubrics: vec![json!({
            "id": sample.rubric.id,
            "revision": sample.rubric.revision,
            "hash": hex(&sample.rubric.hash),
            "scoring_hash": hex(&sample.rubric.scoring_hash),
        })],
        overview: &overview,
    };
    let mut lead: Vec<String> = overview.progress.lines().map(str::to_owned).collect();
    let about_scores = wanted.table.is_none_or(TableName::is_about_scores);
    if about_scores && !overview.sentence.is_empty() {
        lead.extend(overview.sentence.lines().map(str::to_owned));
    }
    Ok(Document {
        lead,
        json: report_json(&head, &tables),
        tables: tables.iter().map(neutral).collect(),
        tail: tail(&overview.notes, verbose),
    })
}

/// Notes for people: those on how to read figures in general only for those who ask.
fn tail(notes: &[Note], verbose: bool) -> Vec<String> {
    let shown = notes.iter().filter(|note| verbose || !note.detail);
    let mut tail: Vec<String> = shown.map(|note| note.text.clone()).collect();
    if !verbose && notes.iter().any(|note| note.detail) {
        tail.push("More on how to read these figures: the same command with -v.".to_owned());
    }
    tail
}

fn csrs(facts: &[SampleFacts], scores: &Scores, steadied: bool) -> Result<AnyTable, Failure> {
    let mut csrs = Csrs::new(facts, scores)?;
    if steadied {
        let scored = csrs.rows.iter().filter(|row| row.score.is_some()).count();
        csrs.steady(scores).map_err(|error| match error {
            EstimateError::TooFewGroups { needed, .. } if scored >= needed => Failure::data(
                "the scored calls of a CSR differ so little that luck can't be told from difference",
                "leave --steadied out, or score more calls of each CSR",
            ),
            EstimateError::TooFewGroups { given, needed } => Failure::data(
                format!("{given} CSRs with scores are too few to steady: it takes {needed}"),
                "leave --steadied out; with so few CSRs the scores as they are say as much",
            ),
            error => error.into(),
        })?;
    }
    Ok(AnyTable::Csrs(Box::new(csrs)))
}

fn teams(rubric: &Rubric, facts: &[SampleFacts], wanted: &Wanted) -> Result<AnyTable, Failure> {
    // Without a roster the table was refused; with an empty one everybody is in no team.
    let roster = wanted.roster.clone().unwrap_or_default();
    let teams = Teams::new(rubric, facts, &roster, wanted.rules)?;
    Ok(AnyTable::Teams(Box::new(teams)))
}

fn notes(table: &AnyTable) -> Vec<Note> {
    match table {
        AnyTable::Csrs(table) => table.notes(),
        AnyTable::Teams(table) => table.notes(),
        AnyTable::Rates(table) => table.notes(),
        AnyTable::CallerTypes(table) => table.notes(),
        AnyTable::Analysts(table) => table.notes(),
        AnyTable::Calls(_) | AnyTable::Answers(_) => Vec::new(),
    }
}

fn neutral(table: &AnyTable) -> crate::report::Table {
    match table {
        AnyTable::CallerTypes(table) => table.table(),
        AnyTable::Csrs(table) => table.table(),
        AnyTable::Teams(table) => table.csrs.table(),
        AnyTable::Rates(table) => table.table(),
        AnyTable::Analysts(table) => table.table(),
        AnyTable::Calls(table) => table.table(),
        AnyTable::Answers(table) => table.table(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
