use super::legs::Legs;
use crate::calls::CallerType;
use crate::estimate::cluster::Clusters;
use crate::estimate::design::{Stratum as Design, scorable_population};
use crate::estimate::error::EstimateError;
use crate::estimate::moments::Moments;
use crate::sampling::Stratum;

/// Calls a figure is about; `None` is all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Domain<'a> {
    pub(super) csr: Option<&'a str>,
    pub(super) caller_type: Option<CallerType>,
}

/// One stratum with what its evaluations say.
pub(super) struct ScoredStratum {
    pub(super) stratum: Stratum,
    /// Strata of one number are one when a variance is estimated.
    pub(super) collapse: u64,
    /// N_h as logged: calls, or journeys.
    pub(super) eligible: f64,
    /// N_h, or the part of it that can be scored.
    pub(super) population: f64,
    pub(super) scored: u64,
    pub(super) unscorable: u64,
    /// By CSR and caller type as heard: evaluations, and sums by value.
    pub(super) cells: ByCell<(u64, Vec<Moments>)>,
    /// Drawn and unscorable calls by CSR and caller type as logged.
    pub(super) losses: ByCell<(u64, u64)>,
    /// Whether the report can be about calls of it, as logged.
    pub(super) inside: bool,
    /// Sums by value of scored calls that the report is not about: their spread can still be borrowed.
    pub(super) outside: Vec<Moments>,
    /// Where journeys were drawn.
    pub(super) legs: Option<Legs>,
}

/// Something for each CSR and caller type, in their order. Strata have few of them, mostly one.
pub(super) struct ByCell<T>(Vec<(String, CallerType, T)>);

impl<T> Default for ByCell<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByCell<T> {
    /// What a CSR and caller type have; `new` where they have nothing yet.
    pub(super) fn entry(
        &mut self,
        csr: &str,
        caller_type: CallerType,
        new: impl FnOnce() -> T,
    ) -> &mut T {
        let found = (self.0)
            .binary_search_by(|(name, kind, _)| (name.as_str(), *kind).cmp(&(csr, caller_type)));
        let at = found.unwrap_or_else(|at| {
            self.0.insert(at, (csr.to_owned(), caller_type, new()));
            at
        });
        &mut self.0[at].2
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, CallerType, &T)> {
        let cells = self.0.iter();
        cells.map(|(csr, caller_type, has)| (csr.as_str(), *caller_type, has))
    }
}

/// Losses above this share are taken out of N_h.
const LOSS: f64 = 0.05;

impl Domain<'static> {
    /// All calls of one caller type.
    pub(super) fn caller_type(caller_type: CallerType) -> Self {
        Self::default().of(caller_type)
    }
}

impl Domain<'_> {
    /// One caller type of the same calls.
    pub(super) fn of(self, caller_type: CallerType) -> Self {
        Self {
            caller_type: Some(caller_type),
            ..self
        }
    }

    pub(super) fn holds(&self, csr: &str, caller_type: CallerType) -> bool {
        self.csr.is_none_or(|wanted| wanted == csr)
            && self.caller_type.is_none_or(|wanted| wanted == caller_type)
    }

    /// Whether a stratum can hold calls of the domain as logged.
    fn meets(&self, stratum: &Stratum) -> bool {
        let csr = self
            .csr
            .zip(stratum.csr.as_deref())
            .is_none_or(|(a, b)| a == b);
        csr && self
            .caller_type
            .zip(stratum.caller_type)
            .is_none_or(|(a, b)| a == b)
    }
}

impl ScoredStratum {
    /// A stratum of which nothing is scored yet.
    pub(super) fn new(stratum: Stratum, collapse: u64, eligible: u64) -> Self {
        Self {
            stratum,
            collapse,
            eligible: eligible as f64,
            population: eligible as f64,
            scored: 0,
            unscorable: 0,
            cells: ByCell::default(),
            losses: ByCell::default(),
            inside: true,
            outside: Vec::new(),
            legs: None,
        }
    }

    /// The scored calls are a sample of those that can be scored. Journeys are not drawn until enough can be, so that the
    /// part that can is the part of those drawn.
    pub(super) fn take_out_losses(&mut self) {
        if let Some(legs) = &self.legs {
            let (scored, lost) = legs.tried();
            let tried = (scored + lost) as f64;
            if lost as f64 > LOSS * tried {
                let left = self.eligible * scored as f64 / tried;
                self.population = left.max(scored as f64);
            }
            return;
        }
        let tried = self.scored + self.unscorable;
        if self.unscorable as f64 > LOSS * tried as f64
            && let Some(left) = scorable_population(self.eligible as u64, tried, self.scored)
        {
            self.population = left.max(self.scored as f64);
        }
    }

    /// Whether it has calls of the domain, or may have.
    pub(super) fn touches(&self, domain: Domain<'_>) -> bool {
        let mut heard = self.cells.iter();
        // Any journey may pass by any CSR.
        self.legs.is_some()
            || (self.inside && domain.meets(&self.stratum))
            || heard.any(|(csr, caller_type, _)| domain.holds(csr, caller_type))
    }

    /// The stratum as a design for one value and domain; all its scored calls count as sampled.
    pub(super) fn design(&self, value: usize, domain: Domain<'_>) -> Result<Design, EstimateError> {
        let mut inside = Moments::new();
        for (csr, caller_type, (_, sums)) in self.cells.iter() {
            if domain.holds(csr, caller_type) {
                inside.merge(&sums[value]);
            }
        }
        let design = Design::from_moments(self.population, self.pool(), self.scored, inside)?;
        Ok(design.collapsed(self.collapse))
    }

    /// The same with all scored calls inside, even those that the report is not about.
    pub(super) fn whole(&self, value: usize) -> Result<Design, EstimateError> {
        let mut all = Moments::new();
        let cells = self.cells.iter().map(|(_, _, (_, sums))| &sums[value]);
        let outside = self.outside.get(value).into_iter();
        cells.chain(outside).for_each(|sums| all.merge(sums));
        let design = Design::from_moments(self.population, self.pool(), self.scored, all)?;
        Ok(design.collapsed(self.collapse))
    }

    /// As [`ScoredStratum::design`], of a stratum of journeys; without a domain as [`ScoredStratum::whole`].
    pub(super) fn clusters(
        &self,
        value: usize,
        domain: Option<Domain<'_>>,
    ) -> Result<Clusters, EstimateError> {
        // Samples of journeys and of calls are no one estimate.
        let legs = self.legs.as_ref().ok_or(EstimateError::UnalignedStrata)?;
        let sampled = legs.values(value, domain);
        let clusters = Clusters::new(self.population, self.pool(), sampled)?;
        Ok(clusters.collapsed(self.collapse))
    }

    /// Design weight of what was drawn; 0 while nothing is scored.
    pub(super) fn weight(&self) -> f64 {
        let scored = match &self.legs {
            Some(legs) => legs.tried().0,
            None => self.scored,
        };
        match scored {
            0 => 0.0,
            scored => self.population / scored as f64,
        }
    }

    /// What was drawn and has a value in a domain, where each call counts `factor` times: how many have how much.
    pub(super) fn units(
        &self,
        value: usize,
        domain: Domain<'_>,
        factor: &dyn Fn(CallerType) -> f64,
    ) -> Vec<(f64, f64)> {
        if let Some(legs) = &self.legs {
            let journeys = legs.factors(value, domain, factor).into_iter();
            return journeys.map(|sum| (1.0, sum)).collect();
        }
        let cells = self.cells.iter();
        let held = cells.filter(|(csr, caller_type, _)| domain.holds(csr, *caller_type));
        held.map(|(_, caller_type, (_, sums))| (sums[value].count() as f64, factor(caller_type)))
            .collect()
    }

    /// Calls of the stratum; of journeys, as many as those drawn have.
    pub(super) fn calls(&self) -> f64 {
        let length = self.legs.as_ref().map_or(1.0, Legs::length);
        self.eligible * length
    }

    /// Deviations are borrowed among strata of one caller type.
    fn pool(&self) -> usize {
        self.stratum
            .caller_type
            .map_or(CallerType::ALL.len(), |caller_type| caller_type as usize)
    }
}
