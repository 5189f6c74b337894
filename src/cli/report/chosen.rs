//! Which samples a report is about.

use jiff::civil::Date;

use crate::cli::{Common, Failure, stored};
use crate::store::{SampleInfo, Store, StoreError};

/// Samples by name, and by the days of their calls.
#[derive(clap::Args)]
pub(super) struct SampleArgs {
    /// The sample (default: the newest); several in one report where it is given several times
    #[arg(long = "sample", value_name = "NAME")]
    names: Vec<String>,
    /// Only calls of this day or later; without --sample, of all samples that have some
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Only calls of this day or earlier; without --sample, of all samples that have some
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
}

/// A sample by its name; refused if it is withdrawn.
pub(super) fn sample(store: &impl Store, name: &str) -> Result<SampleInfo, Failure> {
    let wanted = SampleArgs {
        names: vec![name.to_owned()],
        from: None,
        to: None,
    };
    let mut found = wanted.named(store)?;
    found.pop().ok_or_else(|| {
        let (name, known) = (name.to_owned(), Vec::new());
        StoreError::UnknownSample { name, known }.into()
    })
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

    /// The first and the last day asked for.
    pub(super) fn days(&self) -> (Option<Date>, Option<Date>) {
        (self.from, self.to)
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
        let samples = match self.names.is_empty() {
            true => store.samples()?,
            false => self.named(store)?,
        };
        let open = samples.into_iter().filter(|one| one.withdrawn.is_none());
        let (mut inside, mut others) = (Vec::new(), Vec::new());
        for sample in open {
            let (name, period) = (&sample.name, sample.period());
            let days = period.map_or("no times".to_owned(), |(from, to)| {
                format!("{from} to {to}")
            });
            match period {
                Some((first, last)) if self.overlaps(first, last) => {
                    inside.push(sample);
                    continue;
                }
                Some(_) if self.names.is_empty() => {}
                Some(_) => common.note(&format!(
                    "note: left out: {name} has calls of {days}, none of them of these days"
                )),
                None => common.note(&format!("note: left out: the log of {name} has no times")),
            }
            others.push(format!("{name} ({days})"));
        }
        if inside.is_empty() {
            let hint = match others.is_empty() {
                true => "`evenhand draw LOG --rubric FILE` draws one".to_owned(),
                false => format!("there are: {}", others.join(", ")),
            };
            return Err(Failure::usage("no sample has calls of these days", hint));
        }
        Ok(inside)
    }

    /// Whether some of the days from first to last are asked for.
    fn overlaps(&self, first: Date, last: Date) -> bool {
        self.from.is_none_or(|from| last >= from) && self.to.is_none_or(|to| first <= to)
    }
}
