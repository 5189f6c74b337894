use jiff::Timestamp;
use serde_json::json;

use super::output::{Document, OutputArgs};
use super::rules::RuleArgs;
use super::{Common, Failure, stored};
use crate::render::json::{AnyTable, ReportJson, report as report_json};
use crate::report::{
    Answers, CallerTypes, Calls, Csrs, Overview, Rules, SampleFacts, Scores, VerdictRule,
};
use crate::rubric::Rubric;
use crate::store::{SampleInfo, Store};

/// Print score tables
///
/// Without a name: one sentence, then scores per caller type and per CSR. Every figure has the number of calls it rests
/// on and a 95 % margin; a gap is told as shown, not shown, or practically equal.
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
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum TableName {
    CallerType,
    Csr,
    Calls,
    Answers,
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
        let document = document(&store, &sample, self.table, rules)?;
        self.output.print(&document)
    }
}

/// The report without a name: caller types, then CSRs.
pub(super) fn usual(store: &impl Store, sample: &SampleInfo) -> Result<Document, Failure> {
    document(store, sample, None, Rules::default())
}

fn document(
    store: &impl Store,
    sample: &SampleInfo,
    wanted: Option<TableName>,
    rules: Rules,
) -> Result<Document, Failure> {
    let rubric = stored::rubric(store, sample)?;
    let facts = [stored::facts(
        store,
        sample,
        wanted == Some(TableName::Answers),
    )?];
    let scores = Scores::new(&rubric, &facts, rules)?;
    let caller_types = CallerTypes::new(&facts, &scores)?;
    let overview = Overview::new(&facts, &caller_types);
    let tables = tables(&rubric, &facts, &scores, caller_types, wanted)?;
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
    let mut lead = vec![overview.progress.clone()];
    if wanted.is_none() && !overview.sentence.is_empty() {
        lead.push(overview.sentence.clone());
    }
    Ok(Document {
        lead,
        json: report_json(&head, &tables),
        tables: tables.iter().map(neutral).collect(),
        tail: overview
            .notes
            .iter()
            .map(|note| note.text.clone())
            .collect(),
    })
}

fn tables(
    rubric: &Rubric,
    facts: &[SampleFacts],
    scores: &Scores,
    caller_types: CallerTypes,
    wanted: Option<TableName>,
) -> Result<Vec<AnyTable>, Failure> {
    Ok(match wanted {
        None => vec![
            AnyTable::CallerTypes(caller_types),
            AnyTable::Csrs(Box::new(Csrs::new(facts, scores)?)),
        ],
        Some(TableName::CallerType) => vec![AnyTable::CallerTypes(caller_types)],
        Some(TableName::Csr) => vec![AnyTable::Csrs(Box::new(Csrs::new(facts, scores)?))],
        Some(TableName::Calls) => vec![AnyTable::Calls(Calls::new(rubric, facts))],
        Some(TableName::Answers) => vec![AnyTable::Answers(Answers::new(rubric, facts))],
    })
}

fn neutral(table: &AnyTable) -> crate::report::Table {
    match table {
        AnyTable::CallerTypes(table) => table.table(),
        AnyTable::Csrs(table) => table.table(),
        AnyTable::Calls(table) => table.table(),
        AnyTable::Answers(table) => table.table(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
