//! Which samples a report is about.

use jiff::civil::Date;

use crate::cli::{Common, Failure, stored};
use crate::store::{SampleInfo, Store, StoreError};

/// Samples by name, or by the days of their calls.
#[derive(clap::Args)]
pub(super) struct SampleArgs {
    /// The sample (default: the newest); several in one report where it is given several times
    #[arg(long = "sample", value_name = "NAME", conflicts_with_all = ["from", "to"])]
    names: Vec<String>,
    /// All samples whose calls are of this day or later; a sample is taken whole or left out
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// All samples whose calls are of this day or earlier
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
}

/// How a sample lies to the days asked for.
enum Lies {
    Inside,
    Outside,
    /// Some of its days, first and last, are outside.
    Partly(Date, Date),
    /// Its log has no times.
    Undated,
}

impl SampleArgs {
    /// The oldest first, at least one; none of them withdrawn.
    pub(super) fn choose(
        &self,
        common: &Common,
        store: &impl Store,
    ) -> Result<Vec<SampleInfo>, Failure> {
        if self.from.zip(self.to).is_some_and(|(from, to)| from > to) {
            return Err(Failure::usage("--from is later than --to", "swap them"));
        }
        if self.from.or(self.to).is_some() {
            return self.of_days(common, store);
        }
        match self.names.is_empty() {
            true => Ok(vec![stored::pick(common, store, None)?]),
            false => self.named(store),
        }
    }

    fn named(&self, store: &impl Store) -> Result<Vec<SampleInfo>, Failure> {
        let mut samples = store.samples()?;
        let known: Vec<String> = samples.iter().map(|sample| sample.name.clone()).collect();
        if let Some(name) = self.names.iter().find(|name| !known.contains(name)) {
            let name = name.clone();
            return Err(StoreError::UnknownSample { name, known }.into());
        }
        samples.retain(|sample| self.names.contains(&sample.name));
        for sample in &samples {
            if let Some((_, reason)) = &sample.withdrawn {
                let (name, reason) = (sample.name.clone(), reason.clone());
                return Err(StoreError::Withdrawn { name, reason }.into());
            }
        }
        Ok(samples)
    }

    fn of_days(&self, common: &Common, store: &impl Store) -> Result<Vec<SampleInfo>, Failure> {
        let samples = store.samples()?;
        let open = samples.into_iter().filter(|one| one.withdrawn.is_none());
        let (mut inside, mut others) = (Vec::new(), Vec::new());
        for sample in open {
            let name = &sample.name;
            match self.lies(sample.period()) {
                Lies::Inside => {
                    inside.push(sample);
                    continue;
                }
                Lies::Outside => {}
                Lies::Partly(from, to) => common.note(&format!(
                    "note: left out: {name} has calls of {from} to {to}, not all of them of these days"
                )),
                Lies::Undated => {
                    common.note(&format!("note: left out: the log of {name} has no times"));
                }
            }
            let days = sample.period();
            let days = days.map_or("no times".to_owned(), |(from, to)| {
                format!("{from} to {to}")
            });
            others.push(format!("{name} ({days})"));
        }
        if inside.is_empty() {
            let hint = match others.is_empty() {
                true => "`evenhand draw LOG --rubric FILE` draws one".to_owned(),
                false => format!("there are: {}", others.join(", ")),
            };
            return Err(Failure::usage(
                "no sample has all its calls in these days",
                hint,
            ));
        }
        Ok(inside)
    }

    fn lies(&self, period: Option<(Date, Date)>) -> Lies {
        let Some((first, last)) = period else {
            return Lies::Undated;
        };
        let (from, to) = (self.from.unwrap_or(Date::MIN), self.to.unwrap_or(Date::MAX));
        if last < from || first > to {
            Lies::Outside
        } else if first >= from && last <= to {
            Lies::Inside
        } else {
            Lies::Partly(first, last)
        }
    }
}
