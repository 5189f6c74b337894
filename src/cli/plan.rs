use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::call_log::{Drawing, LogArgs, Threads};
use super::output::{Document, OutputArgs};
use super::spread::{self, SpreadArgs};
use super::{Common, Failure};
use crate::estimate::error::EstimateError;
use crate::estimate::plan::{
    PLANNING_DEVIATION, PlannedStratum, half_width, size_for_mean_by_t, size_for_rate,
};
use crate::estimate::power::detectable_gap;
use crate::report::{Align, Cell, Column, Table};
use crate::sampling::{Seed, Survey};

/// Plan a sample: how many calls a margin needs, and what a number of calls can show
///
/// `plan --margin 5` tells how many calls a mean needs; with --rate, a share. `plan -n 4` tells which gap between
/// internal and external callers so many calls of each kind can show. `plan LOG --total 100` spreads calls over the CSRs
/// and caller types of a log.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("question").required(true).multiple(true).args(["margin", "number", "total"]))]
pub(super) struct Args {
    /// The log whose calls are to be spread (CSV)
    #[arg(value_name = "LOG", requires = "total")]
    log: Option<PathBuf>,
    /// How this log differs from a plain one: a profile in the program (`log --profiles` lists them) or a file (TOML)
    #[arg(long, value_name = "NAME|FILE", requires = "log")]
    profile: Option<PathBuf>,
    /// The margin wanted, in points of 100
    #[arg(long, value_name = "POINTS")]
    margin: Option<f64>,
    /// The margin is that of a share of calls, not of a mean score
    #[arg(long, requires = "margin")]
    rate: bool,
    /// The share expected, in per cent (default 50, which takes the most calls)
    #[arg(long, value_name = "PERCENT", requires = "rate")]
    expect: Option<f64>,
    /// How many calls there are (default: very many)
    #[arg(long, value_name = "COUNT", requires = "margin")]
    calls: Option<u64>,
    /// Calls scored of each kind: which gap can they show?
    #[arg(short = 'n', long = "number", value_name = "COUNT")]
    number: Option<u64>,
    /// Calls to spread over the strata of LOG
    #[arg(long, value_name = "COUNT", requires = "log")]
    total: Option<u64>,
    #[command(flatten)]
    spread: SpreadArgs,
    /// The standard deviation of scores of calls, in points (default 15)
    #[arg(long, value_name = "POINTS", conflicts_with = "sd_from")]
    deviation: Option<f64>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Chance with which a gap is to be noticed, and the confidence of margins.
const POWER: f64 = 0.8;
const LEVEL: f64 = 0.95;

fn told(error: EstimateError) -> Failure {
    let hint = match error {
        EstimateError::Uncountable { .. } => "choose a wider margin, or a smaller number",
        _ => "choose another number (see --help)",
    };
    Failure::usage(error.to_string(), hint)
}

/// What is found, question by question.
struct Plan {
    lead: Vec<String>,
    tables: Vec<Table>,
    tail: Vec<String>,
    json: Value,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        self.spread.check(self.total)?;
        let deviation = self.deviation.unwrap_or(PLANNING_DEVIATION);
        let mut plan = Plan {
            lead: Vec::new(),
            tables: Vec::new(),
            tail: Vec::new(),
            json: json!({"schema": "evenhand.plan/1"}),
        };
        if let Some(margin) = self.margin {
            let calls = self.size(margin, deviation)?;
            let what = if self.rate {
                "a share of calls"
            } else {
                "a mean score"
            };
            plan.lead.push(format!(
                "A margin of ±{margin} points on {what} takes {calls} calls: for each figure that is to have it, be it of \
                 a CSR, of a caller type or of all."
            ));
            plan.json["margin"] = json!({"points": margin, "rate": self.rate, "calls": calls});
        }
        if let Some(number) = self.number {
            if number < 2 {
                return Err(Failure::usage(
                    format!("a gap can't be seen from -n {number}: it takes 2 calls of each kind"),
                    "one call does not show how far calls lie apart; choose -n 2 or more",
                )
                .into());
            }
            let side = (number, deviation);
            let gap = detectable_gap(side, side, POWER, LEVEL).map_err(told)?;
            plan.lead.push(format!(
                "With {number} internal and {number} external calls a true gap under about {gap:.1} points will often be \
                 missed: it takes so much to be noticed four times out of five."
            ));
            plan.json["gap"] = json!({"calls_of_each_kind": number, "noticeable": gap});
        }
        if let Some(total) = self.total {
            self.spread(common, total, deviation, &mut plan)?;
        }
        if self.deviation.is_none() && self.spread.sd_from.is_none() && !self.rate {
            plan.tail.push(format!(
                "This assumes that scores of single calls typically lie {PLANNING_DEVIATION} points from their mean. Give \
                 your own with --deviation, or --sd-from an earlier sample where calls are spread."
            ));
        }
        self.output.print(Document {
            lead: plan.lead,
            tables: Box::new(|| plan.tables),
            tail: plan.tail,
            page: None,
            json: Box::new(|| plan.json),
        })
    }

    fn size(&self, margin: f64, deviation: f64) -> Result<u64, Failure> {
        if self.rate {
            let size = size_for_rate(
                margin / 100.0,
                self.expect.unwrap_or(50.0) / 100.0,
                self.calls,
                LEVEL,
            )
            .map_err(told)?;
            return Ok(size.calls);
        }
        size_for_mean_by_t(margin, deviation, self.calls, LEVEL).map_err(told)
    }

    fn spread(
        &self,
        common: &Common,
        total: u64,
        deviation: f64,
        plan: &mut Plan,
    ) -> Result<(), Failure> {
        let Some(path) = &self.log else { return Ok(()) };
        let log = LogArgs {
            log: vec![path.clone()],
            profile: self.profile.clone(),
            sheet: None,
            lenient: false,
            allow_bad_rows: false,
            threads: Threads::default(),
        }
        .open()?;
        let counting = Drawing {
            design: &Survey::design(),
            seed: &Seed::from_bits(0),
            earlier: &Arc::default(),
            keep_ids: false,
        };
        let frame = log.count(common, &counting)?;
        let deviations = match &self.spread.sd_from {
            None => vec![deviation; frame.strata.len()],
            Some(sample) => {
                let strata = frame.strata.iter().map(|stratum| &stratum.stratum);
                let store = common.open_store()?;
                let (deviations, whose) = spread::deviations(common, &store, sample, strata)?;
                plan.tail.push(whose);
                deviations
            }
        };
        let demands = spread::demands(&frame.strata, &deviations);
        let how = self.spread.how().allocation();
        let calls = spread::divide(&demands, &[], total, how, self.spread.least())?;
        let planned: Vec<PlannedStratum> = (demands.iter().zip(&calls))
            .map(|(demand, calls)| PlannedStratum {
                population: demand.population as f64,
                calls: *calls as f64,
                deviation: demand.deviation,
            })
            .collect();
        let width = half_width(&planned, LEVEL).map_err(told)?;
        if let Some(width) = width {
            plan.lead.push(format!(
                "{total} calls spread so give the mean of all calls a margin of ±{width:.1} points; a single CSR has a far wider one."
            ));
        }
        let mut table = Table::new(
            "plan",
            "Calls per CSR and caller type",
            vec![
                Column::new("csr", "CSR", Align::Left),
                Column::new("caller_type", "Caller type", Align::Left),
                Column::new("eligible", "Calls", Align::Right),
                Column::new("planned", "To score", Align::Right),
            ],
        );
        let mut rows: Vec<Value> = Vec::new();
        for (stratum, calls) in frame.strata.iter().zip(&calls) {
            let csr = stratum.stratum.csr.as_deref().unwrap_or_default();
            let caller_type = stratum
                .stratum
                .caller_type
                .map_or("", |caller_type| caller_type.as_str());
            table.push(vec![
                Cell::text(csr),
                Cell::text(caller_type),
                Cell::Count(stratum.eligible),
                Cell::Count(*calls),
            ]);
            rows.push(json!({"csr": csr, "caller_type": caller_type, "eligible": stratum.eligible, "planned": calls}));
        }
        plan.json["spread"] = json!({"total": total, "margin": width, "strata": rows});
        plan.tables.push(table);
        Ok(())
    }
}
