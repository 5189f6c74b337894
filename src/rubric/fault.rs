use std::fmt;

/// One step of the way from the top of a rubric file to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Key(String),
    /// 0-based place in an array.
    At(usize),
}

/// Where in a rubric a fault is, as keys and array places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyPath(pub Vec<Step>);

impl KeyPath {
    /// The same path, one key further.
    pub fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    /// The same path, one array place further (0-based).
    pub fn at(&self, place: usize) -> Self {
        self.with(Step::At(place))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if at == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::At(place) => write!(f, "[{}]", place + 1)?,
            }
        }
        Ok(())
    }
}

/// One thing wrong with a rubric.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub path: KeyPath,
    pub kind: FaultKind,
}

/// What is wrong. The text is a lower-case fragment for after a place; [`FaultKind::hint`] says what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FaultKind {
    #[error("the id `{0}` may have lower-case letters, digits and `-` only")]
    BadId(String),
    #[error("the id `{0}` is reserved")]
    ReservedId(String),
    #[error("the id `{0}` stands twice")]
    DuplicateId(String),
    #[error("there is no section")]
    NoSections,
    #[error("the section `{0}` has no behavior")]
    NoBehaviors(String),
    #[error("a weight must be a number of 0 or more")]
    BadWeight,
    #[error("the section `{0}` has no weight")]
    NoSectionWeight(String),
    #[error("the section weights add up to {0}, not 100")]
    WeightsDontAddUp(f64),
    #[error("sections have no weight when `weigh` is \"behaviors\"")]
    IdleSectionWeight,
    #[error("all weights here are 0")]
    AllWeightsZero,
    #[error("no answer scale is called `{name}`")]
    UnknownScale {
        name: String,
        nearest: Option<String>,
    },
    #[error("the answer scale `{0}` is built in and can't be defined again")]
    BuiltInScale(String),
    #[error("the answer scale `{0}` needs two options or more, 62 at most")]
    ScaleSize(String),
    #[error("points must be a number of 0 or more")]
    BadPoints,
    #[error("`full` must be above 0")]
    BadFull,
    #[error("`{option}` earns {points} points, more than the full {full}")]
    AboveFull {
        option: String,
        points: f64,
        full: f64,
    },
    #[error("the key `{0}` must be one lower-case letter or digit")]
    BadKey(String),
    #[error("the key `{0}` is needed by the scoring screen")]
    ReservedKey(char),
    #[error("the key `{0}` stands twice in this scale")]
    DuplicateKey(char),
    #[error("no behavior is called `{name}`")]
    UnknownBehavior {
        name: String,
        nearest: Option<String>,
    },
    #[error("`{name}` is no answer of the behavior `{behavior}`")]
    UnknownAnswer {
        behavior: String,
        name: String,
        nearest: Option<String>,
    },
    #[error("`show_if` goes in a circle: {0}")]
    ShowIfCycle(String),
    #[error("this behavior can never be shown: {0}")]
    Unreachable(String),
    #[error("this critical can never be triggered: `on` is empty")]
    IdleCritical,
    #[error("`applies_to` is empty, so this behavior is never asked")]
    NeverAsked,
    #[error("the pass mark must be between 0 and 100")]
    BadPassMark,
    #[error("minutes must be a number of 0 or more")]
    BadMinutes,
    #[error("the cost of a minute must be a number of 0 or more")]
    BadCost,
    #[error("bands must go down from the highest `from` to one that begins at 0")]
    BadBands,
    #[error("the answer `na` is forbidden for `{0}`")]
    NaForbidden(String),
    #[error("the example answers `{0}`, which is not asked for in such a call")]
    ExampleNotAsked(String),
    #[error("the example leaves `{0}` unanswered")]
    ExampleGap(String),
    #[error("the example's {what} is {stated}, but the rubric gives {computed}")]
    ExampleDiffers {
        what: &'static str,
        stated: String,
        computed: String,
    },
}

impl FaultKind {
    /// What to do about it, where that isn't plain from the fault.
    pub fn hint(&self) -> Option<String> {
        let near =
            |name: &Option<String>| name.as_ref().map(|name| format!("did you mean `{name}`?"));
        match self {
            Self::ReservedId(id) if id == super::Answer::NA_ID => {
                Some("it stands for \"not applicable\"; choose another".to_owned())
            }
            Self::ReservedId(_) => {
                Some("it is a column of the answers file; choose another".to_owned())
            }
            Self::WeightsDontAddUp(_) => {
                Some("with `weigh = \"sections\"` they must add up to 100".to_owned())
            }
            Self::NoSectionWeight(_) => {
                Some("add `weight = …`; the weights of all sections add up to 100".to_owned())
            }
            Self::IdleSectionWeight => Some("remove it, or use `weigh = \"sections\"`".to_owned()),
            Self::AboveFull { .. } => {
                Some("say `bonus = true` under [rubric] if scores may pass 100".to_owned())
            }
            Self::ReservedKey(_) => Some(format!(
                "free keys are digits and letters other than {}",
                super::RESERVED_KEYS
                    .iter()
                    .map(char::to_string)
                    .collect::<Vec<_>>()
                    .join(" ")
            )),
            Self::UnknownScale { nearest, .. }
            | Self::UnknownBehavior { nearest, .. }
            | Self::UnknownAnswer { nearest, .. } => near(nearest),
            Self::BadBands => Some("for instance 95, 85, 0".to_owned()),
            Self::ExampleDiffers { .. } => {
                Some("correct the example, or the weights and points it was made for".to_owned())
            }
            _ => None,
        }
    }
}
