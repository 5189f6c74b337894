use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;

use super::Failure;
use super::media::Media;
use crate::calls::{Call, CallerType, Columns, Profile, Role};
use crate::evaluation::{Draft, Evaluation, Unscorable};
use crate::read;
use crate::rubric::Rubric;
use crate::sampling::Unit;
use crate::store::{CallRole, Kept, SampleInfo, Store, StoreError, StoredCall};
use crate::tui::{Desk, Earlier, Summary, Trouble, Work};

/// The desk of one analyst over a store.
pub(super) struct StoreDesk<'a, S> {
    pub(super) store: &'a mut S,
    pub(super) rubric: &'a Rubric,
    pub(super) sample: &'a SampleInfo,
    pub(super) analyst: &'a str,
    /// Names this run of the program.
    pub(super) token: String,
    /// A call that comes before any other.
    pub(super) first: Option<String>,
    /// The folder of recordings and transcripts, if it isn't that of the log.
    pub(super) media: Option<&'a Path>,
    /// Hide the CSR.
    pub(super) blind: bool,
    pub(super) clock: Stopwatch,
}

/// Time spent on the call at hand.
pub(super) struct Stopwatch {
    last: Instant,
    seconds: f64,
    /// A longer pause is none of the call's.
    most: f64,
}

/// What an analyst may take between two keys besides hearing the whole call, seconds.
const PAUSE: f64 = 300.0;

impl Stopwatch {
    pub(super) fn new() -> Self {
        Self {
            last: Instant::now(),
            seconds: 0.0,
            most: PAUSE,
        }
    }

    fn start(&mut self, seconds: f64, call: &Call) {
        *self = Self {
            last: Instant::now(),
            seconds,
            most: PAUSE + call.duration_s.unwrap_or(0.0),
        };
    }

    fn read(&mut self) -> f64 {
        self.seconds += self.last.elapsed().as_secs_f64().min(self.most);
        self.last = Instant::now();
        self.seconds
    }
}

impl<S: Store> StoreDesk<'_, S> {
    fn work(
        &mut self,
        stored: StoredCall,
        draft: Option<Draft>,
        place: Option<(u64, u64)>,
    ) -> Result<Work, Trouble> {
        let source = self.source(&stored)?;
        let mut call = stored.drawn.call;
        let resumed = draft.is_some();
        let draft = draft.unwrap_or_else(|| Draft::new(self.rubric));
        self.clock.start(draft.seconds.unwrap_or(0.0), &call);
        let transcript =
            (source.field(&call, Role::Transcript)).and_then(|text| source.media.transcript(&text));
        if self.blind {
            source.hide_csr(&mut call);
        }
        Ok(Work {
            call,
            blind: self.blind,
            draft,
            resumed,
            place,
            transcript,
        })
    }

    /// The log that a call came with.
    fn source(&self, call: &StoredCall) -> Result<Source, Trouble> {
        let place = usize::try_from(call.batch).unwrap_or(1).saturating_sub(1);
        let batch = self.sample.batches.get(place);
        let (log, profile) = match (&call.picked, batch) {
            (Some(picked), _) if call.stratum.is_none() => (&picked.log, &picked.profile),
            (_, Some(batch)) => (&batch.log, &batch.profile),
            (_, None) => {
                return Err(Trouble::Told(
                    "It is not known which log it is from.".to_owned(),
                ));
            }
        };
        let profile = match profile {
            None => Profile::default(),
            Some(text) => read::profile_text("profile of the sample", text)
                .map_err(|problem| Trouble::Ends(Failure::from(problem).into()))?,
        };
        Ok(Source {
            media: Media::new(self.media, log),
            profile,
        })
    }

    fn stored(&self, call_id: &str) -> Result<StoredCall, Trouble> {
        let call = self
            .store
            .call(&self.sample.name, call_id)
            .map_err(trouble)?;
        call.ok_or_else(|| {
            Trouble::Told(format!("The call {call_id} is not in the sample any more."))
        })
    }

    /// Own evaluations, in the order in which they were completed.
    fn own(&self) -> Result<Vec<Evaluation>, Trouble> {
        let all = self
            .store
            .evaluations(&self.sample.name, false)
            .map_err(trouble)?;
        let own = all.into_iter().map(|completed| completed.evaluation);
        let mut own: Vec<Evaluation> = own.filter(|one| one.analyst == self.analyst).collect();
        own.sort_by(|a, b| (a.completed_at, &a.call_id).cmp(&(b.completed_at, &b.call_id)));
        Ok(own)
    }
}

impl<S: Store> Desk for StoreDesk<'_, S> {
    fn next(&mut self) -> Result<Option<Work>, Trouble> {
        let (sample, analyst, token) = (&self.sample.name, self.analyst, &self.token);
        let next = match self.first.take() {
            Some(call_id) => self.store.take_call(sample, &call_id, analyst, token),
            None => self.store.next_call(sample, analyst, token),
        };
        // Without a call there is nothing on the screen to go on with.
        let Some(claimed) = next.map_err(|error| Trouble::Ends(Failure::from(error).into()))?
        else {
            return Ok(None);
        };
        let place = (claimed.done + 1, claimed.of);
        let place = (claimed.call.role == CallRole::Drawn).then_some(place);
        self.work(claimed.call, claimed.draft, place).map(Some)
    }

    fn earlier(&mut self, than: Option<&str>) -> Result<Option<Earlier>, Trouble> {
        let own = self.own()?;
        let end = than.map_or(own.len(), |id| {
            own.iter().position(|one| one.call_id == id).unwrap_or(0)
        });
        Ok(own[..end].last().map(|one| Earlier {
            call_id: one.call_id.clone(),
            score: one.score,
            outcome: one.outcome,
        }))
    }

    fn reopen(&mut self, call_id: &str, reason: &str) -> Result<Work, Trouble> {
        let history = self
            .store
            .history(&self.sample.name, call_id)
            .map_err(trouble)?;
        let own = history.into_iter().map(|completed| completed.evaluation);
        let newest = own
            .filter(|one| one.analyst == self.analyst)
            .max_by_key(|one| one.evaluation_revision);
        let Some(newest) = newest else {
            return Err(Trouble::Told(format!("The call {call_id} is not yours.")));
        };
        let mut draft = Draft::of(&newest, reason);
        let call = self.stored(call_id)?;
        self.clock
            .start(draft.seconds.unwrap_or(0.0), &call.drawn.call);
        self.save(call_id, &mut draft)?;
        self.work(call, Some(draft), None)
    }

    fn save(&mut self, call_id: &str, draft: &mut Draft) -> Result<(), Trouble> {
        draft.seconds = Some(self.clock.read());
        (self.store)
            .save_draft(&self.sample.name, call_id, self.analyst, &self.token, draft)
            .map_err(trouble)
    }

    fn complete(&mut self, call_id: &str, draft: &mut Draft) -> Result<String, Trouble> {
        // A window that another one has taken over from must not complete anything.
        self.save(call_id, draft)?;
        let logged = self.stored(call_id)?.drawn.call.caller_type;
        let now = Timestamp::now();
        let evaluation = Evaluation::new(self.rubric, call_id, self.analyst, logged, draft, now);
        let kept = (self.store)
            .complete(
                &self.sample.name,
                &evaluation,
                draft.amend_reason.as_deref(),
            )
            .map_err(trouble)?;
        let score = evaluation
            .score
            .map_or("no score".to_owned(), |score| format!("{score:.1}"));
        let outcome = evaluation
            .outcome
            .map_or(String::new(), |outcome| format!(", {}", outcome.as_str()));
        Ok(match kept {
            Kept::New => format!("{call_id} is complete: {score}{outcome}."),
            Kept::Amended => format!("{call_id} is amended: {score}{outcome}."),
            Kept::Unchanged => format!("{call_id} stays as it was."),
        })
    }

    fn unscorable(
        &mut self,
        call_id: &str,
        draft: &mut Draft,
        why: &Unscorable,
    ) -> Result<String, Trouble> {
        // A window that another one has taken over from must not take the call away from it.
        self.save(call_id, draft)?;
        let at = Timestamp::now();
        let replaced = (self.store)
            .unscorable(&self.sample.name, call_id, self.analyst, why, at)
            .map_err(trouble)?;
        let declined = replaced.is_none() && self.stored(call_id)?.unscorable.is_none();
        Ok(match replaced {
            None if declined => {
                format!("{call_id} is left to the others; you won't be offered it any more.")
            }
            Some(_) => format!(
                "{call_id} can't be scored; the next call in the draw order takes its place."
            ),
            None if self.sample.design.unit == Unit::Interaction => {
                format!("{call_id} can't be scored; the other calls of the journey stay.")
            }
            None => format!("{call_id} can't be scored; no reserve is left to take its place."),
        })
    }

    fn play(&mut self, call_id: &str) -> Result<String, Trouble> {
        let stored = self.stored(call_id)?;
        let source = self.source(&stored)?;
        let Some(text) = source.field(&stored.drawn.call, Role::Recording) else {
            return Err(Trouble::Told(
                "The log names no recording of this call.".to_owned(),
            ));
        };
        source.media.play(&text).map_err(Trouble::Told)
    }

    fn summary(&mut self) -> Result<Summary, Trouble> {
        let own = self.own()?;
        let mean = |values: &[f64]| {
            let many = values.len() as f64;
            (many > 0.0).then(|| values.iter().sum::<f64>() / many)
        };
        let seconds: Vec<f64> = own.iter().filter_map(|one| one.seconds).collect();
        let scores = CallerType::ALL.into_iter().filter_map(|caller_type| {
            let calls: Vec<&Evaluation> = own
                .iter()
                .filter(|one| one.caller_type == caller_type)
                .collect();
            let scores: Vec<f64> = calls.iter().filter_map(|one| one.score).collect();
            let many = calls.len() as u64;
            (many > 0).then(|| (caller_type.as_str().to_owned(), many, mean(&scores)))
        });
        let calls = self
            .store
            .calls(&self.sample.name, false)
            .map_err(trouble)?;
        let said = calls.iter().filter(|call| {
            call.unscorable
                .as_ref()
                .is_some_and(|(who, _)| who == self.analyst)
        });
        Ok(Summary {
            calls: own.len() as u64,
            unscorable: said.count() as u64,
            mean_seconds: mean(&seconds),
            scores: scores.collect(),
            next: format!("evenhand report --sample {}", shell_word(&self.sample.name)),
        })
    }
}

/// Where a call is from.
struct Source {
    media: Media,
    /// What its log was read with.
    profile: Profile,
}

impl Source {
    /// What the log says in the column of a role, if it says anything.
    fn field(&self, call: &Call, role: Role) -> Option<String> {
        let names = call.fields.iter().map(|(name, _)| name.clone()).collect();
        let column = Columns::find(names, &self.profile).ok()?.of(role)?;
        let (_, text) = call.fields.get(column)?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Takes everything out of a call that names its CSR: the columns that the CSR is taken from, where it may have another
    /// spelling, and all that has the name in it.
    fn hide_csr(&self, call: &mut Call) {
        let names = call.fields.iter().map(|(name, _)| name.clone()).collect();
        let columns = Columns::find(names, &self.profile);
        let from = columns.map_or(Vec::new(), |columns| columns.all_of(Role::Csr).to_vec());
        let csr = std::mem::take(&mut call.csr).to_lowercase();
        let named = |text: &str| !csr.trim().is_empty() && text.to_lowercase().contains(csr.trim());
        let fields = std::mem::take(&mut call.fields).into_iter().enumerate();
        call.fields = fields
            .filter(|(at, (_, text))| !from.contains(at) && !named(text))
            .map(|(_, field)| field)
            .collect();
    }
}

/// A name as a shell takes it.
fn shell_word(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    match name.chars().all(plain) && !name.is_empty() {
        true => name.to_owned(),
        false => format!("'{}'", name.replace('\'', r"'\''")),
    }
}

/// What can be tried again is told; what concerns the call alone goes on with the next; the rest ends scoring.
fn trouble(error: StoreError) -> Trouble {
    let hint = error
        .hint()
        .map(|hint| format!(" ({hint})"))
        .unwrap_or_default();
    match error {
        StoreError::Busy { .. } | StoreError::Full { .. } | StoreError::ReadOnly { .. } => {
            Trouble::Told(format!("Not kept: {error}{hint}"))
        }
        StoreError::IsUnscorable { .. } => Trouble::Gone(format!("{error}; here is the next one.")),
        StoreError::IsScored { .. } => Trouble::Told(format!("Not kept: {error}{hint}")),
        StoreError::AlreadyComplete { .. } => {
            Trouble::Told(format!("Not kept: {error}. Press b to reopen it."))
        }
        error => Trouble::Ends(Failure::from(error).into()),
    }
}
