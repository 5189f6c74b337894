use super::Answer;

/// The options a behavior can be answered with.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerScale {
    pub id: String,
    pub options: Vec<ScaleOption>,
    /// Points that count as everything earned.
    pub full: f64,
}

/// One option of a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleOption {
    pub id: String,
    /// The key an analyst presses.
    pub key: char,
    pub text: String,
    pub points: f64,
}

/// The id of the scale that every rubric has.
pub const YES_NO: &str = "yes_no";

/// Keys the scoring loop needs for itself: N/A, back, comment, drivers, down, up, open, quit, correct, undo, unscorable.
pub const RESERVED_KEYS: [char; 11] = [
    Answer::NA_KEY,
    'b',
    'c',
    'd',
    'j',
    'k',
    'o',
    'q',
    't',
    'u',
    'x',
];

/// One packed character per option (see `evaluation`), so a scale has at most this many.
pub(crate) const MOST_OPTIONS: usize = 62;

impl AnswerScale {
    /// Yes earns 100, no earns 0.
    pub(crate) fn yes_no() -> Self {
        let option = |id: &str, key, text: &str, points| ScaleOption {
            id: id.to_owned(),
            key,
            text: text.to_owned(),
            points,
        };
        Self {
            id: YES_NO.to_owned(),
            options: vec![
                option("yes", 'y', "Yes", 100.0),
                option("no", 'n', "No", 0.0),
            ],
            full: 100.0,
        }
    }

    /// The answer with this id; `na` is always one.
    pub fn answer(&self, id: &str) -> Option<Answer> {
        if id == Answer::NA_ID {
            return Some(Answer::Na);
        }
        let at = self.options.iter().position(|option| option.id == id)?;
        u8::try_from(at).ok().map(Answer::Given)
    }

    /// The answer with this key; `a` is "not applicable".
    pub fn answer_by_key(&self, key: char) -> Option<Answer> {
        if key == Answer::NA_KEY {
            return Some(Answer::Na);
        }
        let at = self.options.iter().position(|option| option.key == key)?;
        u8::try_from(at).ok().map(Answer::Given)
    }

    /// The option an answer chose; none for N/A.
    pub fn option(&self, answer: Answer) -> Option<&ScaleOption> {
        match answer {
            Answer::Given(at) => self.options.get(usize::from(at)),
            Answer::Na => None,
        }
    }

    /// The id of an answer as files write it.
    pub fn id_of(&self, answer: Answer) -> &str {
        self.option(answer)
            .map_or(Answer::NA_ID, |option| &option.id)
    }
}
