//! The line-by-line scoring loop: one question, one answer, one line. Works through a pipe and with a screen reader.

use std::io::{BufRead, Write};

use crate::calls::{CallerType, escape};
use crate::evaluation::{Act, Change, Gap, KEYMAP, Unscorable, UnscorableReason, Working, act_of};
use crate::rubric::{Answer, Behavior, Rubric, Word};
use crate::tui::{Desk, Trouble, Work};

/// A scoring run of one analyst.
pub(super) struct Plain<'a> {
    rubric: &'a Rubric,
    analyst: &'a str,
    desk: &'a mut dyn Desk,
}

/// One call while it is scored.
struct Open {
    work: Work,
    working: Working,
}

/// How asking ended.
enum Step {
    Done,
    /// The analyst leaves, or the input ended; the draft is kept.
    Leave,
}

/// What a line of input means.
enum Said {
    Line(String),
    End,
}

impl<'a> Plain<'a> {
    pub(super) fn new(rubric: &'a Rubric, analyst: &'a str, desk: &'a mut dyn Desk) -> Self {
        Self {
            rubric,
            analyst,
            desk,
        }
    }

    /// Asks until no call is left or the analyst leaves.
    pub(super) fn run(&mut self) -> anyhow::Result<()> {
        loop {
            let Some(work) = self.desk.next().map_err(ends)? else {
                let done = self.desk.summary().map_err(ends)?;
                let calls = if done.calls == 1 { "call" } else { "calls" };
                return tell(&format!(
                    "No call is left for {} to score; {} {calls} scored. Next: {}",
                    self.analyst, done.calls, done.next
                ));
            };
            let mut open = Open {
                working: Working::new(work.call.caller_type, work.draft.clone()),
                work,
            };
            introduce(&open)?;
            if let Step::Leave = self.ask(&mut open)? {
                return tell("Everything is kept. `evenhand score` goes on here.");
            }
        }
    }

    fn ask(&mut self, open: &mut Open) -> anyhow::Result<Step> {
        loop {
            let step = match open.working.gaps(self.rubric).first() {
                Some(Gap::Answer(at)) => self.ask_answer(open, *at)?,
                Some(Gap::Comment(at)) => self.ask_comment(open, Some(*at))?,
                None => self.ask_end(open)?,
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    fn ask_answer(&mut self, open: &mut Open, at: usize) -> anyhow::Result<Option<Step>> {
        let rubric = self.rubric;
        let behavior = &rubric.behaviors()[at];
        let section = &rubric.sections()[behavior.section];
        let keys = keys(behavior);
        let said = prompt(&format!("{}: {} [{keys}]", section.title, behavior.text))?;
        let Said::Line(line) = said else {
            return Ok(Some(Step::Leave));
        };
        let Some(key) = one_key(&line) else {
            tell(&format!("  One key, please: {keys}."))?;
            return Ok(None);
        };
        match act_of(key) {
            Some(Act::Help) => help(behavior)?,
            Some(Act::Comment) => return self.ask_comment(open, Some(at)),
            Some(act) if act != Act::NotApplicable => return self.act(open, act),
            _ => match behavior.scale.answer_by_key(key) {
                Some(answer) if behavior.allows(answer) => {
                    return self.keep(open, &Change::Answer(at, answer));
                }
                Some(_) => tell("  This behavior has to be answered; N/A is not possible.")?,
                None => tell(&format!("  `{line}` is no answer here. Use one of {keys}."))?,
            },
        }
        Ok(None)
    }

    /// What keys do at every question.
    fn act(&mut self, open: &mut Open, act: Act) -> anyhow::Result<Option<Step>> {
        match act {
            Act::Undo => match open.working.with(&Change::Undo) {
                Some((was, _)) => {
                    let step = self.keep(open, &Change::Undo)?;
                    if open.working.draft().answers == was.answers {
                        tell("  Took back the last answer or change.")?;
                    }
                    return Ok(step);
                }
                None => tell("  There is nothing to take back on this call.")?,
            },
            Act::Unscorable => return self.ask_unscorable(open),
            Act::Drivers => return self.ask_drivers(open),
            Act::Heard => return self.ask_heard(open),
            Act::Open => {
                let played = self.desk.play(&open.work.call.call_id);
                match self.went(played)? {
                    Ok(told) => tell(&format!("  {told}"))?,
                    Err(step) => return Ok(step),
                }
            }
            Act::Leave => return Ok(Some(Step::Leave)),
            Act::Comment => return self.ask_comment(open, None),
            _ => tell("  That key works on the full screen only.")?,
        }
        Ok(None)
    }

    fn ask_comment(
        &mut self,
        open: &mut Open,
        about: Option<usize>,
    ) -> anyhow::Result<Option<Step>> {
        let needed =
            about.is_some_and(|at| open.working.gaps(self.rubric).contains(&Gap::Comment(at)));
        let question = match about {
            Some(at) => {
                let needed = if needed {
                    " (needed for this answer; u back)"
                } else {
                    ""
                };
                format!(
                    "Comment on \"{}\"{needed}",
                    self.rubric.behaviors()[at].text
                )
            }
            None => "Comment on the call".to_owned(),
        };
        let Said::Line(line) = prompt(&question)? else {
            return Ok(Some(Step::Leave));
        };
        if needed
            && let Some(act @ (Act::Undo | Act::Leave | Act::Unscorable)) =
                one_key(&line).and_then(act_of)
        {
            return self.act(open, act);
        }
        if needed && line.trim().is_empty() {
            tell("  A sentence, please: what happened?")?;
            return Ok(None);
        }
        let step = self.keep(open, &Change::Comment(about, line));
        open.working.end_comment();
        step
    }

    fn ask_unscorable(&mut self, open: &Open) -> anyhow::Result<Option<Step>> {
        let words: Vec<&str> = UnscorableReason::words().collect();
        let Some(chosen) = choose("Why can't it be scored?", &words)? else {
            return Ok(Some(Step::Leave));
        };
        let Some(reason) = chosen.and_then(|at| UnscorableReason::from_word(words[at])) else {
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
        let mut draft = open.working.draft().clone();
        let stated = self
            .desk
            .unscorable(&open.work.call.call_id, &mut draft, &why);
        match self.went(stated)? {
            Ok(told) => {
                tell(&format!("  {told}"))?;
                Ok(Some(Step::Done))
            }
            Err(step) => Ok(step),
        }
    }

    fn ask_heard(&mut self, open: &mut Open) -> anyhow::Result<Option<Step>> {
        let list = [
            "an internal caller",
            "an external caller",
            "another CSR",
            "as logged, after all",
        ];
        let Some(chosen) = choose("What is heard otherwise than logged?", &list)? else {
            return Ok(Some(Step::Leave));
        };
        let draft = open.working.draft();
        let (mut caller_type, mut csr) = (draft.caller_type_heard, draft.csr_heard.clone());
        match chosen {
            None => return Ok(None),
            Some(0) => caller_type = Some(CallerType::Internal),
            Some(1) => caller_type = Some(CallerType::External),
            Some(2) => {
                let Said::Line(line) = prompt("Who served the caller?")? else {
                    return Ok(Some(Step::Leave));
                };
                if line.trim().is_empty() {
                    return Ok(None);
                }
                csr = Some(line.trim().to_owned());
            }
            Some(_) => (caller_type, csr) = (None, None),
        }
        let mut reason = None;
        if caller_type.is_some() || csr.is_some() {
            let Said::Line(line) = prompt("How do you know? (one sentence)")? else {
                return Ok(Some(Step::Leave));
            };
            if line.trim().is_empty() {
                tell("  Nothing was changed: a correction needs a reason.")?;
                return Ok(None);
            }
            reason = Some(line.trim().to_owned());
        }
        let change = Change::Heard {
            caller_type,
            csr,
            reason,
        };
        self.keep(open, &change)
    }

    fn ask_drivers(&mut self, open: &mut Open) -> anyhow::Result<Option<Step>> {
        let drivers = self.rubric.drivers();
        for (at, driver) in drivers.iter().enumerate() {
            let ticked = open.working.draft().drivers.contains(&at);
            let tick = if ticked { "x" } else { " " };
            tell(&format!("  [{tick}] {} {}", at + 1, driver.text))?;
        }
        let said = prompt("Why did the caller call? Numbers tick and untick, separated by blanks")?;
        let Said::Line(line) = said else {
            return Ok(Some(Step::Leave));
        };
        for word in line.split_whitespace() {
            match word.parse::<usize>().ok().and_then(|at| at.checked_sub(1)) {
                Some(at) if at < drivers.len() => {
                    if let Some(step) = self.keep(open, &Change::Driver(at))? {
                        return Ok(Some(step));
                    }
                }
                _ => tell(&format!("  `{word}` is not in the list."))?,
            }
        }
        Ok(None)
    }

    fn ask_end(&mut self, open: &mut Open) -> anyhow::Result<Option<Step>> {
        let result = open.working.score(self.rubric);
        let score = result
            .score
            .map_or("no score".to_owned(), |score| format!("{score:.1}"));
        let outcome = result
            .outcome
            .map(|outcome| format!(", {}", outcome.as_str()))
            .unwrap_or_default();
        let said = prompt(&format!(
            "Score {score}{outcome}. Enter keeps it; c comment, d reasons, u back, q leave"
        ))?;
        let Said::Line(line) = said else {
            return Ok(Some(Step::Leave));
        };
        if line.is_empty() {
            let mut draft = open.working.draft().clone();
            let completed = self.desk.complete(&open.work.call.call_id, &mut draft);
            return match self.went(completed)? {
                Ok(told) => {
                    tell(&format!("  {told}"))?;
                    Ok(Some(Step::Done))
                }
                Err(step) => Ok(step),
            };
        }
        match one_key(&line).and_then(act_of) {
            Some(Act::NotApplicable | Act::Help) | None => {
                tell(&format!("  `{line}` means nothing here."))?;
                Ok(None)
            }
            Some(act) => self.act(open, act),
        }
    }

    /// Keeps a change, then shows it by going on.
    fn keep(&mut self, open: &mut Open, change: &Change) -> anyhow::Result<Option<Step>> {
        let Some((mut draft, _)) = open.working.with(change) else {
            return Ok(None);
        };
        let saved = self.desk.save(&open.work.call.call_id, &mut draft);
        match self.went(saved)? {
            Ok(()) => open.working.apply(change, draft),
            Err(step) => return Ok(step),
        }
        Ok(None)
    }

    /// What came of something, or how it goes on where nothing came of it.
    fn went<T>(&self, done: Result<T, Trouble>) -> anyhow::Result<Result<T, Option<Step>>> {
        match done {
            Ok(done) => Ok(Ok(done)),
            Err(Trouble::Told(text)) => {
                tell(&format!("  {text}"))?;
                Ok(Err(None))
            }
            Err(Trouble::Gone(text)) => {
                tell(&format!("  {text}"))?;
                Ok(Err(Some(Step::Done)))
            }
            Err(Trouble::Ends(error)) => Err(error),
        }
    }
}

/// Without a call there is nothing to go on with.
fn ends(trouble: Trouble) -> anyhow::Error {
    match trouble {
        Trouble::Told(text) | Trouble::Gone(text) => anyhow::Error::msg(text),
        Trouble::Ends(error) => error,
    }
}

fn introduce(open: &Open) -> anyhow::Result<()> {
    let work = &open.work;
    let csr = if work.blind {
        "CSR hidden"
    } else {
        &work.call.csr
    };
    let place = match (&work.draft.amend_reason, work.place) {
        (Some(reason), _) => format!("reopened: {reason}"),
        (None, Some((place, of))) => format!("{place} of {of}"),
        (None, None) => "picked".to_owned(),
    };
    tell("")?;
    tell(&format!(
        "Call {} ({place}): {csr}, {} caller",
        work.call.call_id, work.call.caller_type
    ))?;
    for (name, text) in work.call.fields.iter().filter(|(_, text)| !text.is_empty()) {
        tell(&format!("  {name}: {text}"))?;
    }
    if work.resumed {
        tell("  Going on where you stopped.")?;
    }
    let keys = KEYMAP.iter().filter(|binding| {
        binding.plain && binding.act != Act::NotApplicable && binding.act != Act::Help
    });
    let keys: Vec<String> = keys
        .map(|binding| format!("{} {}", binding.keys, binding.short))
        .collect();
    tell(&format!(
        "Keys: the letter or digit of an answer; ? guidance, {}.",
        keys.join(", ")
    ))
}

fn help(behavior: &Behavior) -> anyhow::Result<()> {
    let told = behavior.look_for.as_deref();
    tell(&format!(
        "  {}",
        told.unwrap_or("No guidance for this behavior.")
    ))?;
    for option in &behavior.scale.options {
        tell(&format!("  {} = {}", option.key, option.text))?;
    }
    Ok(())
}

/// The keys of a behavior's answers, for instance `y Yes, n No, a N/A`.
fn keys(behavior: &Behavior) -> String {
    let mut keys: Vec<String> = behavior
        .scale
        .options
        .iter()
        .map(|option| format!("{} {}", option.key, option.text))
        .collect();
    if behavior.allows(Answer::Na) {
        keys.push(format!("{} N/A", Answer::NA_KEY));
    }
    keys.join(", ")
}

/// A line that is one key, in lower case.
fn one_key(line: &str) -> Option<char> {
    let mut chars = line.chars();
    match (chars.next(), chars.next()) {
        (Some(key), None) => Some(key.to_ascii_lowercase()),
        _ => None,
    }
}

/// A place in a numbered list, by number or by word; `Some(None)` for none of them, `None` at the end of the input.
fn choose(question: &str, list: &[&str]) -> anyhow::Result<Option<Option<usize>>> {
    let numbered = (list.iter().enumerate()).map(|(at, word)| format!("{} {word}", at + 1));
    let numbered = numbered.collect::<Vec<_>>().join(", ");
    let Said::Line(line) = prompt(&format!("{question} {numbered}; empty: back"))? else {
        return Ok(None);
    };
    let by_number = line.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
    let chosen = by_number.or_else(|| list.iter().position(|word| *word == line));
    let chosen = chosen.filter(|at| *at < list.len());
    if chosen.is_none() && !line.is_empty() {
        tell(&format!("  `{line}` is not in the list."))?;
    }
    Ok(Some(chosen))
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
