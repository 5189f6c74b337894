use crate::estimate::rate::RateMethod;
use crate::estimate::settings::{DfRule, VarianceSource};
use crate::report::{Rules, VerdictRule};

/// How margins are made, where somebody wants them otherwise.
#[derive(clap::Args)]
pub(super) struct RuleArgs {
    /// Degrees of freedom: Satterthwaite's, or calls less strata as R, SAS and Stata count
    #[arg(
        long,
        value_name = "RULE",
        default_value = "satterthwaite",
        help_heading = "Advanced"
    )]
    df: Df,
    /// The deviation inside a stratum: its own, or pooled over those of the same caller type
    #[arg(
        long,
        value_name = "SOURCE",
        default_value = "own",
        help_heading = "Advanced"
    )]
    variance: Variance,
    /// How a rate's margin is made: Wilson by the design, Wilson as in R's survey, or Korn and Graubard's beta
    #[arg(
        long,
        value_name = "METHOD",
        default_value = "design",
        help_heading = "Advanced"
    )]
    prop: Prop,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Df {
    Satterthwaite,
    Design,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Variance {
    Own,
    Pooled,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Prop {
    Design,
    Survey,
    Beta,
}

impl RuleArgs {
    /// All of them, and within how many points a gap is practically none.
    pub(super) fn rules(&self, practically: f64) -> Rules {
        Rules {
            df: self.df(),
            variance: self.variance(),
            prop: self.prop(),
            verdict: VerdictRule {
                practically,
                ..VerdictRule::default()
            },
        }
    }

    pub(super) fn df(&self) -> DfRule {
        match self.df {
            Df::Satterthwaite => DfRule::Satterthwaite,
            Df::Design => DfRule::Design,
        }
    }

    pub(super) fn variance(&self) -> VarianceSource {
        match self.variance {
            Variance::Own => VarianceSource::Own,
            Variance::Pooled => VarianceSource::Pooled,
        }
    }

    pub(super) fn prop(&self) -> RateMethod {
        match self.prop {
            Prop::Design => RateMethod::Design,
            Prop::Survey => RateMethod::Survey,
            Prop::Beta => RateMethod::Beta,
        }
    }
}
