//! Which analyst scores which drawn call.
//!
//! Every analyst should get their share of each caller type, as far as the numbers allow no analyst all calls of a CSR,
//! and the result should follow from the draw alone. So the calls of each caller type are gone through by stratum and position and dealt by
//! smooth weighted round robin: each step adds every analyst's share to their credit and gives the call to the largest
//! credit (the earlier name of equal ones), which pays the sum of all shares. It goes on across CSRs: begun anew at
//! each, it would give the first name the odd call of every CSR. The second caller type begins one step further, the
//! third two: with one call per stratum and two analysts one would else get both calls of every CSR. Shares come first:
//! who has two thirds of the calls gets both calls of some CSRs, and where a CSR has calls of one type only, the next
//! CSR's few calls may fall to one analyst.
//!
//! Credits follow from what everybody has got, in whatever order, so a top-up goes on where the draw stopped.
//!
//! Calls scored by two are those with the smallest SHA-256 of `seed ".double:" call_id`: a simple random sample of the
//! drawn calls, which anybody can repeat and which hangs neither on the draw numbers nor on the analysts. The second
//! analyst is dealt in the same way, among the others than the first.

use std::collections::HashSet;

use super::draw_number::Numberer;
use super::{Dealing, DrawNumber, Seed, Share};
use crate::calls::CallerType;

/// A drawn call and who scores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dealt {
    pub call_id: String,
    pub caller_type: CallerType,
    /// Whose evaluation counts.
    pub first: String,
    /// Who scores it too, unseen; theirs never counts.
    pub second: Option<String>,
}

/// One analyst's task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub call_id: String,
    pub analyst: String,
    /// Another analyst scores the call too, and theirs counts.
    pub second: bool,
}

/// Deals calls, which come by stratum and position, to analysts who have got `had` already.
pub fn deal(
    dealing: &Dealing,
    seed: &Seed,
    had: &[Dealt],
    calls: &[(CallerType, String)],
) -> Vec<Dealt> {
    let begin = || CallerType::ALL.map(|kind| Round::begun(dealing.shares(), kind as usize));
    let (mut firsts, mut seconds) = (begin(), begin());
    for call in had {
        let kind = call.caller_type as usize;
        let first = dealing.place(&call.first);
        firsts[kind].has_dealt(first, None);
        if let Some(second) = &call.second {
            seconds[kind].has_dealt(dealing.place(second), first);
        }
    }
    let doubled = doubled(dealing, seed, had, calls);
    let name = |place: usize| dealing.shares()[place].analyst.clone();
    let dealt = calls.iter().filter_map(|(caller_type, call_id)| {
        let kind = *caller_type as usize;
        let first = firsts[kind].next(None)?;
        let second = match doubled.contains(call_id.as_str()) {
            true => seconds[kind].next(Some(first)),
            false => None,
        };
        Some(Dealt {
            call_id: call_id.clone(),
            caller_type: *caller_type,
            first: name(first),
            second: second.map(name),
        })
    });
    dealt.collect()
}

/// The calls that two analysts score. Those doubled before stay; so many are added as the part of all calls lacks.
fn doubled<'a>(
    dealing: &Dealing,
    seed: &Seed,
    had: &[Dealt],
    calls: &'a [(CallerType, String)],
) -> HashSet<&'a str> {
    let Some(double) = dealing.double() else {
        return HashSet::new();
    };
    let before = had.iter().filter(|call| call.second.is_some()).count();
    let wanted = double.calls(had.len() + calls.len());
    let numberer = Numberer::new(&seed.of_doubles());
    let mut keyed: Vec<(DrawNumber, &str)> = calls
        .iter()
        .map(|(_, call_id)| (numberer.number(call_id), call_id.as_str()))
        .collect();
    keyed.sort_unstable();
    let chosen = keyed.into_iter().take(wanted.saturating_sub(before));
    chosen.map(|(_, call_id)| call_id).collect()
}

/// Smooth weighted round robin.
struct Round<'a> {
    shares: &'a [Share],
    credits: Vec<i64>,
}

impl<'a> Round<'a> {
    fn begun(shares: &'a [Share], steps: usize) -> Self {
        let mut round = Self {
            shares,
            credits: vec![0; shares.len()],
        };
        for _ in 0..steps {
            round.next(None);
        }
        round
    }

    /// Who is next, among all but one.
    fn next(&mut self, except: Option<usize>) -> Option<usize> {
        let total = self.pay(except);
        let others = (0..self.credits.len()).filter(|place| Some(*place) != except);
        // Of equal ones the last is taken, which in reverse is the first.
        let next = others.rev().max_by_key(|place| self.credits[*place])?;
        self.credits[next] -= total;
        Some(next)
    }

    /// Takes in that somebody has got a call; `None` is somebody who isn't dealt to.
    fn has_dealt(&mut self, to: Option<usize>, except: Option<usize>) {
        let total = self.pay(except);
        if let Some(place) = to {
            self.credits[place] -= total;
        }
    }

    fn pay(&mut self, except: Option<usize>) -> i64 {
        let mut total = 0;
        for (place, (credit, one)) in self.credits.iter_mut().zip(self.shares).enumerate() {
            if Some(place) != except {
                *credit += i64::from(one.share);
                total += i64::from(one.share);
            }
        }
        total
    }
}

#[cfg(test)]
mod tests;
