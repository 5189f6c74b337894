use super::Word;

macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl Word for $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];
        }

        impl $name {
            /// The word used in rubrics and JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }
    };
}

/// How behaviors become one score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weigh {
    /// A weighted mean of section results; each is the weighted mean of its behaviors.
    Sections,
    /// One weighted mean over all behaviors.
    Behaviors,
    /// Points earned over points possible, pooled over the call.
    Points,
}
words!(Weigh { Sections = "sections", Behaviors = "behaviors", Points = "points" });

/// What "not applicable" does to the score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NaPolicy {
    /// Leaves numerator and denominator; the rest counts in proportion.
    #[default]
    Exclude,
    /// Counts as full.
    Pass,
    /// Counts as nothing earned.
    Zero,
    /// May not be answered.
    Forbid,
}
words!(NaPolicy { Exclude = "exclude", Pass = "pass", Zero = "zero", Forbid = "forbid" });

/// When a behavior wants a comment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommentPolicy {
    Never,
    #[default]
    Optional,
    /// Required where the answer earns less than full points.
    OnFail,
    Always,
}
words!(CommentPolicy { Never = "never", Optional = "optional", OnFail = "on_fail", Always = "always" });

/// Whom a critical error hurts (the three families of the COPC tradition).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    Customer,
    Business,
    Compliance,
}
words!(Family { Customer = "customer", Business = "business", Compliance = "compliance" });

/// How far a critical error reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Section,
    Call,
}
words!(Scope { Section = "section", Call = "call" });

/// What a critical error does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The score of its scope becomes 0.
    Zero,
    /// The score stays, the outcome is `fail`.
    Outcome,
}
words!(Effect { Zero = "zero", Outcome = "outcome" });
