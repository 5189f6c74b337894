//! The line-by-line scoring loop: one question, one answer, one line. Works through a pipe and with a screen reader.

use std::io::{BufRead, Write};
use std::time::Instant;

use jiff::Timestamp;

use super::Failure;
use crate::calls::{CallerType, escape};
use crate::evaluation::{Draft, Evaluation, Gap, Unscorable, UnscorableReason, gaps, score};
use crate::rubric::{Answer, Behavior, NaPolicy, Rubric, Word};
use crate::store::{Claimed, Store, StoreError};

/// A scoring run of one analyst.
pub(super) struct Plain<'a> {
    rubric: &'a Rubric,
    sample: &'a str,
    analyst: &'a str,
    token: String,
}

/// One call while it is scored.
struct Open {
    claimed: Claimed,
    draft: Draft,
    /// Behaviors in the order in which they were answered, for going back.
    past: Vec<usize>,
    begun: Instant,
    seconds_before: f64,
}

/// How asking ended.
enum Step {
    Done,
    Unscorable,
    /// The analyst leaves, or the input ended; the draft is kept.
    Leave,
}

/// What a line of input means.
enum Said {
    Line(String),
    End,
}

impl<'a> Plain<'a> {
    pub(super) fn new(rubric: &'a Rubric, sample: &'a str, analyst: &'a str) -> Self {
        Self {
            rubric,
            sample,
            analyst,
            token: format!("{:032x}", rand::random::<u128>()),
        }
    }

    /// Asks until no call is left or the analyst leaves.
    pub(super) fn run(&self, store: &mut impl Store) -> anyhow::Result<()> {
        let mut completed = 0_u64;
        loop {
            let next = store
                .next_call(self.sample, self.analyst, &self.token)
                .map_err(Failure::from)?;
            let Some(claimed) = next else {
                tell(&format!(
                    "No call is left for {} to score. You completed {completed}. Next: evenhand report",
                    self.analyst
                ))?;
                return Ok(());
            };
            let draft = claimed
                .draft
                .clone()
                .unwrap_or_else(|| Draft::new(self.rubric));
            let mut open = Open {
                past: (0..draft.answers.len())
                    .filter(|at| draft.answers[*at].is_some())
                    .collect(),
                seconds_before: draft.seconds.unwrap_or(0.0),
                begun: Instant::now(),
                claimed,
                draft,
            };
            self.introduce(&open)?;
            match self.ask(store, &mut open)? {
                Step::Done | Step::Unscorable => completed += 1,
                Step::Leave => {
                    tell("Everything is kept. `evenhand score` goes on here.")?;
                    return Ok(());
                }
            }
        }
    }

    fn introduce(&self, open: &Open) -> anyhow::Result<()> {
        let call = &open.claimed.call.drawn.call;
        tell("")?;
        tell(&format!(
            "Call {} ({} of {}): {}, {} caller",
            call.call_id,
            open.claimed.done + 1,
            open.claimed.of,
            call.csr,
            call.caller_type
        ))?;
        for (name, text) in call.fields.iter().filter(|(_, text)| !text.is_empty()) {
            tell(&format!("  {name}: {text}"))?;
        }
        if open.claimed.draft.is_some() {
            tell("  Going on where you stopped.")?;
        }
        tell("Keys: the letter or digit of an answer; ? guidance, u back, x unscorable, q leave.")
    }

    fn ask(&self, store: &mut impl Store, open: &mut Open) -> anyhow::Result<Step> {
        loop {
            let gaps = gaps(
                self.rubric,
                open.caller_type(),
                &open.draft.answers,
                &open.draft.comments,
            );
            let step = match gaps.first() {
                Some(Gap::Answer(at)) => self.ask_answer(store, open, *at)?,
                Some(Gap::Comment(at)) => self.ask_comment(store, open, *at)?,
                None => self.ask_end(store, open)?,
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    fn ask_answer(
        &self,
        store: &mut impl Store,
        open: &mut Open,
        at: usize,
    ) -> anyhow::Result<Option<Step>> {
        let behavior = &self.rubric.behaviors()[at];
        let section = &self.rubric.sections()[behavior.section];
        let keys = keys(behavior);
        let said = prompt(&format!("{}: {} [{keys}]", section.title, behavior.text))?;
        let Said::Line(line) = said else {
            return Ok(Some(Step::Leave));
        };
        if let Some(end) = self.common_key(store, open, &line)? {
            return Ok(end);
        }
        let mut chars = line.chars();
        match (chars.next(), chars.next()) {
            (Some('?'), None) => {
                tell(&format!(
                    "  {}",
                    behavior
                        .look_for
                        .as_deref()
                        .unwrap_or("No guidance for this behavior.")
                ))?;
                for option in &behavior.scale.options {
                    tell(&format!("  {} = {}", option.key, option.text))?;
                }
            }
            (Some(key), None) => match behavior.scale.answer_by_key(key.to_ascii_lowercase()) {
                Some(answer) if behavior.allows(answer) => {
                    open.draft.answers[at] = Some(answer);
                    open.past.push(at);
                    self.save(store, open)?;
                }
                Some(_) => tell("  This behavior has to be answered; N/A is not possible.")?,
                None => tell(&format!("  `{line}` is no answer here. Use one of {keys}."))?,
            },
            _ => tell(&format!("  One key, please: {keys}."))?,
        }
        Ok(None)
    }

    /// The keys that mean the same at every question; `None` where the line is none of them.
    fn common_key(
        &self,
        store: &mut impl Store,
        open: &mut Open,
        line: &str,
    ) -> anyhow::Result<Option<Option<Step>>> {
        Ok(match line {
            "u" => {
                match open.past.pop() {
                    Some(last) => {
                        open.draft.answers[last] = None;
                        open.draft.comments[last].clear();
                        self.save(store, open)?;
                        tell("  Took back the last answer.")?;
                    }
                    None => tell("  This is the first question.")?,
                }
                Some(None)
            }
            "x" => Some(self.ask_unscorable(store, open)?),
            "q" => Some(Some(Step::Leave)),
            _ => None,
        })
    }

    fn ask_comment(
        &self,
        store: &mut impl Store,
        open: &mut Open,
        at: usize,
    ) -> anyhow::Result<Option<Step>> {
        let behavior = &self.rubric.behaviors()[at];
        let said = prompt(&format!(
            "Comment on \"{}\" (needed for this answer; u back)",
            behavior.text
        ))?;
        let Said::Line(line) = said else {
            return Ok(Some(Step::Leave));
        };
        if let Some(end) = self.common_key(store, open, &line)? {
            return Ok(end);
        }
        if line.trim().is_empty() {
            tell("  A sentence, please: what happened?")?;
        } else {
            open.draft.comments[at] = line;
            self.save(store, open)?;
        }
        Ok(None)
    }

    fn ask_unscorable(
        &self,
        store: &mut impl Store,
        open: &mut Open,
    ) -> anyhow::Result<Option<Step>> {
        let words: Vec<&str> = UnscorableReason::words().collect();
        let list = words
            .iter()
            .enumerate()
            .map(|(at, word)| format!("{} {word}", at + 1))
            .collect::<Vec<_>>();
        let said = prompt(&format!(
            "Why can't it be scored? {}; empty: it can",
            list.join(", ")
        ))?;
        let Said::Line(line) = said else {
            return Ok(Some(Step::Leave));
        };
        let chosen = line
            .parse::<usize>()
            .ok()
            .and_then(|at| words.get(at.checked_sub(1)?).copied());
        let Some(reason) = UnscorableReason::from_word(chosen.unwrap_or(line.as_str())) else {
            if !line.is_empty() {
                tell(&format!("  `{line}` is none of the reasons."))?;
            }
            return Ok(None);
        };
        let mut note = None;
        if reason == UnscorableReason::Other {
            let Said::Line(line) = prompt("Say why (a sentence)")? else {
                return Ok(Some(Step::Leave));
            };
            if line.trim().is_empty() {
                return Ok(None);
            }
            note = Some(line);
        }
        let why = Unscorable { reason, note };
        let call_id = &open.claimed.call.drawn.call.call_id;
        let now = Timestamp::now();
        let stated = store.unscorable(self.sample, call_id, self.analyst, &why, now);
        if let Err(error @ StoreError::IsScored { .. }) = &stated {
            let hint = error.hint().unwrap_or_default();
            tell(&format!("  Not kept: {error}; {hint}."))?;
            return Ok(None);
        }
        let replaced = stated.map_err(Failure::from)?;
        tell(match replaced {
            Some(_) => "  Kept. The next call in the draw order takes its place.",
            None => "  Kept. No reserve is left for this stratum.",
        })?;
        Ok(Some(Step::Unscorable))
    }

    fn ask_end(&self, store: &mut impl Store, open: &mut Open) -> anyhow::Result<Option<Step>> {
        let caller_type = open.caller_type();
        let result = score(self.rubric, caller_type, &open.draft.answers);
        let score = result
            .score
            .map_or("no score".to_owned(), |score| format!("{score:.1}"));
        let outcome = result
            .outcome
            .map(|outcome| format!(", {}", outcome.as_str()))
            .unwrap_or_default();
        let said = prompt(&format!(
            "Score {score}{outcome}. Enter keeps it; c comment, d drivers, u back, q leave"
        ))?;
        let Said::Line(line) = said else {
            return Ok(Some(Step::Leave));
        };
        if let Some(end) = self.common_key(store, open, &line)? {
            return Ok(end);
        }
        match line.as_str() {
            "" => {
                open.clock();
                let call = &open.claimed.call.drawn.call;
                let now = Timestamp::now();
                let evaluation = Evaluation::new(
                    self.rubric,
                    &call.call_id,
                    self.analyst,
                    call.caller_type,
                    &open.draft,
                    now,
                );
                store
                    .complete(self.sample, &evaluation, None)
                    .map_err(Failure::from)?;
                Ok(Some(Step::Done))
            }
            "c" => {
                let Said::Line(line) = prompt("Comment on the call")? else {
                    return Ok(Some(Step::Leave));
                };
                open.draft.comment = line;
                self.save(store, open)?;
                Ok(None)
            }
            "d" => self.ask_drivers(store, open),
            other => {
                tell(&format!("  `{other}` means nothing here."))?;
                Ok(None)
            }
        }
    }

    fn ask_drivers(&self, store: &mut impl Store, open: &mut Open) -> anyhow::Result<Option<Step>> {
        for (at, driver) in self.rubric.drivers().iter().enumerate() {
            let tick = if open.draft.drivers.contains(&at) {
                "x"
            } else {
                " "
            };
            tell(&format!("  [{tick}] {} {}", at + 1, driver.text))?;
        }
        let said = prompt("Why did the caller call? Numbers tick and untick, separated by blanks")?;
        let Said::Line(line) = said else {
            return Ok(Some(Step::Leave));
        };
        for word in line.split_whitespace() {
            match word.parse::<usize>().ok().and_then(|at| at.checked_sub(1)) {
                Some(at) if at < self.rubric.drivers().len() => open.draft.toggle_driver(at),
                _ => tell(&format!("  `{word}` is not in the list."))?,
            }
        }
        self.save(store, open)?;
        Ok(None)
    }

    fn save(&self, store: &mut impl Store, open: &mut Open) -> anyhow::Result<()> {
        open.clock();
        let call_id = &open.claimed.call.drawn.call.call_id;
        store
            .save_draft(self.sample, call_id, self.analyst, &self.token, &open.draft)
            .map_err(Failure::from)?;
        Ok(())
    }
}

impl Open {
    fn caller_type(&self) -> CallerType {
        self.draft
            .caller_type_heard
            .unwrap_or(self.claimed.call.drawn.call.caller_type)
    }

    fn clock(&mut self) {
        self.draft.seconds = Some(self.seconds_before + self.begun.elapsed().as_secs_f64());
    }
}

/// The keys of a behavior's answers, for instance `y Yes, n No, a N/A`.
fn keys(behavior: &Behavior) -> String {
    let mut keys: Vec<String> = behavior
        .scale
        .options
        .iter()
        .map(|option| format!("{} {}", option.key, option.text))
        .collect();
    if behavior.na != NaPolicy::Forbid {
        keys.push(format!("{} N/A", Answer::NA_KEY));
    }
    keys.join(", ")
}

fn tell(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", escape(text))?;
    Ok(())
}

fn prompt(text: &str) -> anyhow::Result<Said> {
    let mut out = std::io::stdout().lock();
    write!(out, "{}: ", escape(text))?;
    out.flush()?;
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        writeln!(out)?;
        return Ok(Said::End);
    }
    Ok(Said::Line(line.trim().to_owned()))
}
