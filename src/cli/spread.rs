//! A total spread over the strata of a log: `estimate` divides it, `sampling` draws by the result.

use super::{Common, Failure, facts, stored};
use crate::estimate::allocate::{Allocation, Demand, LEAST_CALLS, top_up};
use crate::estimate::error::EstimateError;
use crate::report::{Deviations, Lender};
use crate::sampling::{Quotas, Spread, Spreading, Stratum, StratumDraw};
use crate::store::Store;

/// How a total is spread.
///
/// What goes with what is for `check` to say: clap lets an option stand without one that it requires where that one
/// conflicts with another, as --total does with -n.
#[derive(clap::Args)]
pub(super) struct SpreadArgs {
    /// What a stratum's part of --total goes by (default: proportional)
    #[arg(long, value_name = "HOW", help_heading = "Advanced")]
    allocate: Option<How>,
    /// Calls of every stratum that has so many, with --total (default: 2)
    #[arg(long, value_name = "COUNT", help_heading = "Advanced",
          value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    least: Option<u64>,
    /// The scored sample whose standard deviations --allocate neyman goes by
    #[arg(long, value_name = "SAMPLE", help_heading = "Advanced")]
    pub(super) sd_from: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum How {
    /// By the number of its calls: best for the mean of all
    Proportional,
    /// All alike: best for comparing
    Equal,
    /// By the number of its calls and how far their scores lie apart: the smallest margin of the mean of all
    Neyman,
}

impl SpreadArgs {
    pub(super) fn how(&self) -> How {
        self.allocate.unwrap_or(How::Proportional)
    }

    pub(super) fn least(&self) -> u64 {
        self.least.unwrap_or(LEAST_CALLS)
    }

    /// A total as a design has it.
    pub(super) fn spread(&self, total: u64) -> Result<Spread, Failure> {
        let how = match (self.how(), &self.sd_from) {
            (How::Proportional, _) => Spreading::Proportional,
            (How::Equal, _) => Spreading::Equal,
            (How::Neyman, Some(from)) => Spreading::Neyman { from: from.clone() },
            (How::Neyman, None) => {
                return Err(Failure::usage(
                    "--allocate neyman goes by the scores of an earlier sample",
                    "name one with --sd-from SAMPLE (`evenhand samples` lists them)",
                ));
            }
        };
        Ok(Spread {
            total,
            how,
            least: self.least(),
        })
    }

    /// The first option that was used, if any was.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [
            ("--allocate", self.allocate.is_some()),
            ("--least", self.least.is_some()),
            ("--sd-from", self.sd_from.is_some()),
        ];
        let first = given.into_iter().find(|(_, given)| *given);
        first.map(|(option, _)| option)
    }

    /// Refuses what says how a total is spread where there is none, and a sample that nothing goes by.
    pub(super) fn check(&self, total: Option<u64>) -> Result<(), Failure> {
        if let (None, Some(option)) = (total, self.given()) {
            return Err(Failure::usage(
                format!("{option} says how a total is spread, and there is no --total"),
                format!("give --total COUNT, or leave {option} out"),
            ));
        }
        if self.sd_from.is_some() && self.how() != How::Neyman {
            return Err(Failure::usage(
                "--sd-from is for --allocate neyman",
                "leave it out, or say --allocate neyman",
            ));
        }
        Ok(())
    }
}

impl How {
    pub(super) fn allocation(self) -> Allocation {
        match self {
            Self::Proportional => Allocation::Proportional,
            Self::Equal => Allocation::Equal,
            Self::Neyman => Allocation::Neyman,
        }
    }
}

/// Strata with their calls, and the deviation to reckon with in each.
pub(super) fn demands(strata: &[StratumDraw], deviations: &[f64]) -> Vec<Demand> {
    (strata.iter().zip(deviations))
        .map(|(stratum, deviation)| Demand {
            population: stratum.eligible,
            deviation: *deviation,
        })
        .collect()
}

/// Divides a total, which contains what strata gave `before`: the one place where it is done.
pub(super) fn divide(
    demands: &[Demand],
    before: &[u64],
    total: u64,
    how: Allocation,
    least: u64,
) -> Result<Vec<u64>, Failure> {
    top_up(demands, before, total, how, least).map_err(|error| match error {
        EstimateError::Allocation { least, most, .. } => Failure::usage(
            format!("{total} calls can't be spread so: the strata take from {least} to {most}"),
            "choose another --total, or another --least",
        ),
        error => Failure::usage(error.to_string(), "choose another number (see --help)"),
    })
}

/// What each stratum of a log gives, at least what it gave `before`; for `neyman` with the deviations of its strata, in
/// their order.
pub(super) fn quotas(
    spread: &Spread,
    strata: &[StratumDraw],
    before: &Quotas,
    deviations: Option<&[f64]>,
) -> Result<Quotas, Failure> {
    let how = match spread.how {
        Spreading::Proportional => Allocation::Proportional,
        Spreading::Equal => Allocation::Equal,
        Spreading::Neyman { .. } => Allocation::Neyman,
    };
    let alike = vec![1.0; strata.len()];
    let demands = demands(strata, deviations.unwrap_or(&alike));
    let gave = |stratum: &StratumDraw| before.get(&stratum.stratum).copied().unwrap_or(0);
    let before: Vec<u64> = strata.iter().map(gave).collect();
    let calls = divide(&demands, &before, spread.total, how, spread.least)?;
    let names = strata.iter().map(|stratum| stratum.stratum.clone());
    Ok(names.zip(calls).collect())
}

/// The deviations to reckon with in strata, from a scored sample; and a sentence on whose they are.
pub(super) fn deviations<'a>(
    common: &Common,
    store: &impl Store,
    sample: &str,
    strata: impl Iterator<Item = &'a Stratum>,
) -> Result<(Vec<f64>, String), Failure> {
    let info = stored::pick(common, store, Some(sample))?;
    let scored = Deviations::new(&facts::of(store, &info, false)?);
    let mut found: (Vec<f64>, Vec<Lender>) = Default::default();
    for stratum in strata {
        let Some((deviation, lender)) = scored.of(stratum)? else {
            return Err(Failure::usage(
                format!("the scores of `{sample}` don't show yet how far calls lie apart"),
                "score more of it first, or spread in proportion; `evenhand plan LOG --total COUNT --allocate neyman \
                 --deviation POINTS` reckons with a number of your own",
            ));
        };
        found.0.push(deviation);
        found.1.push(lender);
    }
    let sentence = scored.sentence(&found.1);
    Ok((found.0, sentence))
}
