//! Which calls a report is about, besides their days.

use std::collections::BTreeSet;

use super::chosen::SampleArgs;
use crate::calls::{CallerType, Roster};
use crate::cli::{Failure, facts};
use crate::report::{CallFacts, Filter, SampleFacts};
use crate::rubric::nearest;
use crate::store::{SampleInfo, Store};

/// Calls by who served, who called, what queue they came by and who scored them.
#[derive(clap::Args)]
pub(super) struct FilterArgs {
    /// Only calls of this CSR, as heard; of several where it is given several times
    ///
    /// With this and the filters below a report is about some of the calls. The others count as drawn all the same, so that
    /// margins stay right. How many calls of the log are among them is told where the log itself tells.
    #[arg(long = "csr", value_name = "NAME")]
    csrs: Vec<String>,
    /// Only calls of internal or of external callers, as heard
    #[arg(long = "caller-type", value_name = "TYPE")]
    caller_types: Vec<CallerTypeName>,
    /// Only calls that came by this queue, as logged; by any of several where it is given several times
    #[arg(long = "queue", value_name = "NAME")]
    queues: Vec<String>,
    /// Only calls that this analyst scored; in lists only what this analyst said
    #[arg(long = "analyst", value_name = "NAME")]
    analysts: Vec<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum CallerTypeName {
    Internal,
    External,
    Unknown,
}

impl FilterArgs {
    /// With the days asked for, where they cut a sample; CSRs by the names that the roster gives them.
    pub(super) fn filter(
        &self,
        samples: &SampleArgs,
        chosen: &[SampleInfo],
        roster: Option<&Roster>,
    ) -> Filter {
        let folded = |name: &String| {
            roster
                .map_or(name.as_str(), |roster| roster.csr(name))
                .to_owned()
        };
        let caller_type = |name: &CallerTypeName| match name {
            CallerTypeName::Internal => CallerType::Internal,
            CallerTypeName::External => CallerType::External,
            CallerTypeName::Unknown => CallerType::Unknown,
        };
        let days = Filter {
            from: samples.days().0,
            to: samples.days().1,
            ..Filter::default()
        };
        let cuts = chosen.iter().any(|info| days.cuts_days(info.period()));
        let days = if cuts { days } else { Filter::default() };
        Filter {
            csrs: once(self.csrs.iter().map(folded)),
            caller_types: once(self.caller_types.iter().map(caller_type)),
            queues: once(self.queues.iter().cloned()),
            analysts: once(self.analysts.iter().cloned()),
            ..days
        }
    }
}

/// Each only the first time it is named.
fn once<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// Puts in what a filter asks for and facts have only on demand.
pub(super) fn prepare(
    store: &impl Store,
    info: &SampleInfo,
    filter: &Filter,
    facts: &mut SampleFacts,
) -> Result<(), Failure> {
    if filter.queues.is_empty() {
        return Ok(());
    }
    facts::add_queues(store, info, facts)?;
    if facts.calls.iter().all(|call| call.queue.is_none()) && !facts.calls.is_empty() {
        return Err(Failure::data(
            format!("the log of `{}` tells no queues", info.name),
            "leave --queue out; or name the column in a profile, and draw with it the next time",
        ));
    }
    Ok(())
}

/// A name that no call has is misspelt.
pub(super) fn check(filter: &Filter, samples: &[SampleFacts]) -> Result<(), Failure> {
    let calls = || samples.iter().flat_map(|sample| &sample.calls);
    let logged = samples.iter().flat_map(|sample| &sample.cells);
    let csrs = calls().flat_map(|call| {
        let heard = call.evaluations.iter();
        let heard = heard.filter_map(|one| one.evaluation.csr_heard.as_deref());
        heard.chain([call.csr.as_str()])
    });
    let csrs = csrs.chain(logged.map(|cell| cell.csr.as_str()));
    among("CSR", &filter.csrs, csrs.collect())?;
    let queues = calls().filter_map(|call| call.queue.as_deref());
    among("queue", &filter.queues, queues.collect())?;
    among(
        "analyst",
        &filter.analysts,
        calls().flat_map(analysts).collect(),
    )
}

/// All who had to do with a call.
fn analysts(call: &CallFacts) -> impl Iterator<Item = &str> {
    let scored = call.evaluations.iter();
    let scored = scored.map(|one| one.evaluation.analyst.as_str());
    scored
        .chain(call.assigned.as_deref())
        .chain(call.unscorable_by.as_deref())
}

fn among(what: &str, asked: &[String], there: BTreeSet<&str>) -> Result<(), Failure> {
    const MOST: usize = 20;
    let Some(name) = asked.iter().find(|name| !there.contains(name.as_str())) else {
        return Ok(());
    };
    let hint = match nearest(name, there.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if there.is_empty() => "no call has one yet".to_owned(),
        None if there.len() <= MOST => {
            let names = there.into_iter().map(|name| format!("`{name}`"));
            format!("there are: {}", names.collect::<Vec<_>>().join(", "))
        }
        None => format!(
            "`evenhand report calls` lists them; there are {}",
            there.len()
        ),
    };
    Err(Failure::usage(
        format!("no call of the report has the {what} `{name}`"),
        hint,
    ))
}
