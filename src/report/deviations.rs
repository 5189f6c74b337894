use std::collections::BTreeMap;

use super::SampleFacts;
use crate::calls::CallerType;
use crate::estimate::design;
use crate::estimate::error::EstimateError;
use crate::estimate::moments::Moments;
use crate::estimate::pool::Pools;
use crate::sampling::Stratum;

/// How far scores before criticals lie apart within each CSR and caller type of a sample that has been scored, for
/// drawing more calls where they do.
pub struct Deviations {
    sample: String,
    /// By CSR and caller type as logged, because that is what strata are made of.
    cells: BTreeMap<(String, CallerType), Moments>,
}

/// Whose deviation a stratum is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lender {
    Own,
    CallerType,
    All,
}

/// Scored calls from which a deviation of its own is taken. Of 8 calls it is uncertain by 1 / sqrt(2 x 7) = 27 %, of
/// fewer by more than strata usually differ.
const ENOUGH: u64 = 8;

impl Deviations {
    /// Sums up the evaluations that count.
    pub fn new(facts: &SampleFacts) -> Self {
        let mut cells: BTreeMap<(String, CallerType), Moments> = BTreeMap::new();
        for call in &facts.calls {
            let score = call
                .counting()
                .and_then(|evaluation| evaluation.score_before_critical);
            if let Some(score) = score {
                let cell = cells.entry((call.csr.clone(), call.caller_type));
                cell.or_default().push(score);
            }
        }
        Self {
            sample: facts.name.clone(),
            cells,
        }
    }

    /// The deviation to reckon with in a stratum: its own if enough of its calls are scored, else that of its caller
    /// type, else that of all. `None` if no two scored calls of one CSR and caller type differ.
    ///
    /// # Errors
    /// Scores that are no numbers.
    pub fn of(&self, stratum: &Stratum) -> Result<Option<(f64, Lender)>, EstimateError> {
        let own = |csr: &str, caller_type| {
            stratum.csr.as_deref().is_none_or(|own| own == csr)
                && stratum.caller_type.is_none_or(|own| own == caller_type)
        };
        if self.scored(own) >= ENOUGH
            && let Some(deviation) = self.pooled(own)?
        {
            return Ok(Some((deviation, Lender::Own)));
        }
        if let Some(wanted) = stratum.caller_type
            && let Some(deviation) = self.pooled(|_, caller_type| caller_type == wanted)?
        {
            return Ok(Some((deviation, Lender::CallerType)));
        }
        let all = self.pooled(|_, _| true)?;
        Ok(all.map(|deviation| (deviation, Lender::All)))
    }

    /// Which deviations were used, in a sentence.
    pub fn sentence(&self, lenders: &[Lender]) -> String {
        let parts: Vec<String> = [
            (Lender::Own, "their own"),
            (Lender::CallerType, "that of their caller type"),
            (Lender::All, "that of all calls"),
        ]
        .into_iter()
        .filter_map(
            |(lender, text)| match lenders.iter().filter(|used| **used == lender).count() {
                0 => None,
                1 => Some(format!(
                    "1 stratum goes by {}",
                    text.replace("their", "its")
                )),
                strata => Some(format!("{strata} strata go by {text}")),
            },
        )
        .collect();
        format!(
            "Deviations of scores in {}: {}. A stratum's own needs {ENOUGH} scored calls.",
            self.sample,
            parts.join(", ")
        )
    }

    fn chosen(&self, of: impl Fn(&str, CallerType) -> bool) -> impl Iterator<Item = &Moments> {
        self.cells
            .iter()
            .filter(move |((csr, caller_type), _)| of(csr, *caller_type))
            .map(|(_, scores)| scores)
    }

    fn scored(&self, of: impl Fn(&str, CallerType) -> bool) -> u64 {
        self.chosen(of).map(Moments::count).sum()
    }

    /// Within cells, pooled over those chosen.
    fn pooled(&self, of: impl Fn(&str, CallerType) -> bool) -> Result<Option<f64>, EstimateError> {
        let mut pools = Pools::none();
        for scores in self.chosen(of) {
            let count = scores.count();
            pools.add(&design::Stratum::from_moments(
                count as f64,
                0,
                count,
                *scores,
            )?);
        }
        Ok(pools.get(0).map(|pooled| pooled.variance.sqrt()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::Per;

    const BOTH: Per = Per {
        csr: true,
        caller_type: true,
    };

    fn scored(cells: &[(&str, CallerType, &[f64])]) -> Deviations {
        let moments = |scores: &[f64]| scores.iter().copied().collect();
        Deviations {
            sample: "june".to_owned(),
            cells: cells
                .iter()
                .map(|(csr, caller_type, scores)| {
                    (((*csr).to_owned(), *caller_type), moments(scores))
                })
                .collect(),
        }
    }

    #[track_caller]
    fn goes_by(all: &Deviations, stratum: Stratum, expected: Option<(f64, Lender)>) {
        assert_eq!(all.of(&stratum), Ok(expected), "{stratum}");
    }

    #[test]
    fn a_stratum_goes_by_its_own_scores_its_caller_types_or_those_of_all() {
        use CallerType::{External, Internal, Unknown};
        let eight = [60.0, 80.0, 60.0, 80.0, 60.0, 80.0, 60.0, 80.0];
        let all = scored(&[
            ("Ada", External, &eight),
            ("Ben", External, &[70.0, 70.0]),
            ("Ben", Internal, &[90.0, 94.0, 92.0]),
        ]);
        let external = (800.0_f64 / 8.0).sqrt();
        goes_by(
            &all,
            BOTH.stratum("Ada", External),
            Some(((800.0_f64 / 7.0).sqrt(), Lender::Own)),
        );
        for csr in ["Ben", "Cleo"] {
            let stratum = BOTH.stratum(csr, External);
            goes_by(&all, stratum, Some((external, Lender::CallerType)));
        }
        goes_by(
            &all,
            BOTH.stratum("Ben", Internal),
            Some((2.0, Lender::CallerType)),
        );
        let everything = ((800.0_f64 + 8.0) / 10.0).sqrt();
        goes_by(
            &all,
            BOTH.stratum("Ben", Unknown),
            Some((everything, Lender::All)),
        );
        // Ben's five scored calls are too few, and his caller types are two.
        let csr = Per {
            caller_type: false,
            ..BOTH
        };
        goes_by(
            &all,
            csr.stratum("Ben", Internal),
            Some((everything, Lender::All)),
        );
        goes_by(
            &all,
            Per::NOTHING.stratum("", Internal),
            Some((everything, Lender::Own)),
        );
    }

    #[test]
    fn scores_without_any_spread_lend_none() {
        let none = scored(&[
            ("Ada", CallerType::External, &[70.0; 9]),
            ("Ben", CallerType::Internal, &[50.0]),
        ]);
        goes_by(&none, BOTH.stratum("Ada", CallerType::External), None);
        goes_by(
            &scored(&[]),
            Per::NOTHING.stratum("", CallerType::External),
            None,
        );
    }

    #[test]
    fn what_was_used_is_told_by_number() {
        let told = scored(&[]).sentence(&[Lender::CallerType, Lender::Own, Lender::CallerType]);
        assert_eq!(
            told,
            "Deviations of scores in june: 1 stratum goes by its own, 2 strata go by that of their caller type. \
             A stratum's own needs 8 scored calls."
        );
    }
}
