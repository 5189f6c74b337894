//! Only some of the calls: a domain. A call outside it was drawn all the same, so it stays in its stratum with a value of
//! its own to none of the figures; margins of the calls inside are then right (Lohr, Sampling, 4.2; Särndal, Swensson and
//! Wretman 1992, 10.3), and the spread that a stratum may borrow is still that of all calls. To report on the calls inside
//! as if no others had been drawn would make margins too small.
//!
//! CSR and caller type are as heard, once a call is scored. How many calls of the log are inside is known where the log's
//! own counts tell: of CSRs and caller types; not of queues, analysts and some of a sample's days.

use jiff::civil::Date;

use super::{CallFacts, EvaluationFacts, Note, PickedFacts, SampleFacts};
use crate::calls::CallerType;
use crate::sampling::Stratum;

/// Which calls a report is about. Of each kind any of those named; none named is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub csrs: Vec<String>,
    pub caller_types: Vec<CallerType>,
    pub queues: Vec<String>,
    /// Whose evaluation counts; of calls without one, to whom they were dealt or who could not score them.
    pub analysts: Vec<String>,
    /// By the local day on which calls began.
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Filter {
    /// Whether all calls are inside.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Tells calls inside from those outside in facts whose CSRs go by the roster's names, and cuts lists and counts to
    /// those inside. Returns what readers must know.
    pub fn apply(&self, samples: &mut [SampleFacts]) -> Vec<Note> {
        if self.is_all() {
            return Vec::new();
        }
        let mut undated = 0;
        for sample in samples.iter_mut() {
            undated += self.cut(sample);
        }
        let mut notes = Vec::new();
        if undated > 0 {
            let text = match undated {
                1 => "1 drawn call has no day that can be read, and is left out.".to_owned(),
                calls => {
                    format!("{calls} drawn calls have no day that can be read, and are left out.")
                }
            };
            notes.push(Note::new("no-day", text));
        }
        if !samples.iter().all(|one| self.is_counted(one.period)) {
            let text = "How many calls of the log are among these is known from the drawn ones alone, so it is left blank.";
            notes.push(Note::detail("not-counted", text));
        }
        notes
    }

    /// Returns how many calls have no day although days are asked for.
    fn cut(&self, sample: &mut SampleFacts) -> u64 {
        let cuts_days = self.cuts_days(sample.period);
        for stratum in &mut sample.strata {
            stratum.inside = self.meets(&stratum.stratum);
        }
        sample.cells.retain(|cell| {
            holds(&self.csrs, &cell.csr) && any(&self.caller_types, &cell.caller_type)
        });
        let mut undated = 0;
        for call in &mut sample.calls {
            call.inside = self.has(call);
            if cuts_days && call.inside {
                undated += u64::from(call.day.is_none());
                call.inside = self.has_day(call.day);
            }
            if call.inside && !self.analysts.is_empty() {
                (call.evaluations).retain(|one| holds(&self.analysts, &one.evaluation.analyst));
            }
        }
        (sample.picked)
            .retain(|call| self.has_picked(call) && (!cuts_days || self.has_day(call.day)));
        sample.filter = self.clone();
        undated
    }

    /// Whether the log's own counts of CSRs and caller types tell how many calls of a sample are inside.
    pub(super) fn is_counted(&self, period: Option<(Date, Date)>) -> bool {
        self.queues.is_empty() && self.analysts.is_empty() && !self.cuts_days(period)
    }

    /// Whether a row of this caller type has anything to tell.
    pub(super) fn has_caller_type(&self, caller_type: CallerType) -> bool {
        any(&self.caller_types, &caller_type)
    }

    /// Whether some days of a sample are outside.
    pub fn cuts_days(&self, period: Option<(Date, Date)>) -> bool {
        let (from, to) = self.days();
        match period {
            Some((first, last)) => first < from || last > to,
            None => self.from.or(self.to).is_some(),
        }
    }

    /// First and last day inside.
    pub fn days(&self) -> (Date, Date) {
        (self.from.unwrap_or(Date::MIN), self.to.unwrap_or(Date::MAX))
    }

    fn has_day(&self, day: Option<Date>) -> bool {
        let (from, to) = self.days();
        day.is_some_and(|day| from <= day && day <= to)
    }

    /// Whether a stratum can hold calls inside, as logged.
    fn meets(&self, stratum: &Stratum) -> bool {
        let csr = stratum.csr.as_ref();
        csr.is_none_or(|csr| holds(&self.csrs, csr))
            && (stratum.caller_type).is_none_or(|caller_type| any(&self.caller_types, &caller_type))
    }

    fn has(&self, call: &CallFacts) -> bool {
        let scored = call.scored();
        let said = call.counting();
        let caller_type = said.map_or(call.caller_type, |said| said.caller_type);
        let analyst = match said {
            Some(said) => Some(&said.analyst),
            None => call.unscorable_by.as_ref().or(call.assigned.as_ref()),
        };
        holds(&self.csrs, scored.csr_heard())
            && any(&self.caller_types, &caller_type)
            && self.has_queue(call.queue.as_ref())
            && self.has_analyst(analyst)
    }

    fn has_picked(&self, call: &PickedFacts) -> bool {
        let said = call.counting();
        let heard = said.and_then(|said| said.csr_heard.as_ref());
        let caller_type = said.map_or(call.caller_type, |said| said.caller_type);
        let mut scored_by = call.evaluations.iter();
        holds(&self.csrs, heard.unwrap_or(&call.csr))
            && any(&self.caller_types, &caller_type)
            && self.has_queue(call.queue.as_ref())
            && (self.analysts.is_empty()
                || scored_by
                    .any(|one: &EvaluationFacts| holds(&self.analysts, &one.evaluation.analyst)))
    }

    fn has_queue(&self, queue: Option<&String>) -> bool {
        self.queues.is_empty() || queue.is_some_and(|queue| holds(&self.queues, queue))
    }

    fn has_analyst(&self, analyst: Option<&String>) -> bool {
        self.analysts.is_empty() || analyst.is_some_and(|analyst| holds(&self.analysts, analyst))
    }

    /// For a sentence: "only calls of CSR Ada or Ben, of external callers, of 2026-07-01 to 2026-07-10"; empty for all.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        let mut add = |before: &str, names: Vec<&str>, after: &str| {
            if !names.is_empty() {
                words.push(format!("{before}{}{after}", names.join(" or ")));
            }
        };
        add("of CSR ", texts(&self.csrs), "");
        let caller_types = self.caller_types.iter().map(|one| one.as_str());
        add("of ", caller_types.collect(), " callers");
        add("of the queue ", texts(&self.queues), "");
        add("scored by ", texts(&self.analysts), "");
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => words.push(format!("of {from}")),
            (Some(from), Some(to)) => words.push(format!("of {from} to {to}")),
            (Some(from), None) => words.push(format!("of {from} or later")),
            (None, Some(to)) => words.push(format!("of {to} or earlier")),
            (None, None) => {}
        }
        match words.is_empty() {
            true => String::new(),
            false => format!("only calls {}", words.join(", ")),
        }
    }
}

fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// Whether a name is asked for.
fn holds(asked: &[String], name: &str) -> bool {
    asked.is_empty() || asked.iter().any(|one| one == name)
}

fn any<T: PartialEq>(asked: &[T], one: &T) -> bool {
    asked.is_empty() || asked.contains(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn words_name_what_is_asked_for() {
        assert_eq!(Filter::default().words(), "");
        let filter = Filter {
            csrs: vec!["Ada".to_owned(), "Ben".to_owned()],
            caller_types: vec![CallerType::External],
            queues: vec!["Billing".to_owned()],
            analysts: vec!["qa1".to_owned()],
            from: Some(day("2026-07-01")),
            to: Some(day("2026-07-10")),
        };
        assert_eq!(
            filter.words(),
            "only calls of CSR Ada or Ben, of external callers, of the queue Billing, scored by qa1, of 2026-07-01 to 2026-07-10"
        );
        let one_day = Filter {
            to: filter.from,
            from: filter.from,
            ..Filter::default()
        };
        assert_eq!(one_day.words(), "only calls of 2026-07-01");
    }

    #[test]
    fn the_log_counts_what_days_leave_whole() {
        let july = Some((day("2026-07-01"), day("2026-07-31")));
        let from = |text| Filter {
            from: Some(day(text)),
            ..Filter::default()
        };
        assert!(from("2026-07-01").is_counted(july));
        assert!(!from("2026-07-02").is_counted(july));
        assert!(!from("2026-07-01").is_counted(None));
        let csr = Filter {
            csrs: vec!["Ada".to_owned()],
            ..Filter::default()
        };
        assert!(csr.is_counted(None));
    }
}
