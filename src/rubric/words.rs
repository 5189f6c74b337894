//! Words with a fixed choice, and the nearest of them to a misspelt one.

/// A setting that is one of a few words.
pub trait Word: Copy + 'static {
    /// All choices and their words, in the order in which help lists them.
    const WORDS: &'static [(&'static str, Self)];

    /// The choice a word stands for.
    fn from_word(text: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, choice)| *choice)
    }

    /// The words alone.
    fn words() -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().map(|(word, _)| *word)
    }
}

/// The candidate closest to what was typed, if any is close enough to be meant: a third of its letters may differ, or
/// one, but never all. The first of several that are equally close.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    candidates
        .into_iter()
        .map(|word| {
            (
                strsim::damerau_levenshtein(&typed, &word.to_lowercase()),
                word,
            )
        })
        .filter(|(distance, word)| {
            let letters = word.chars().count();
            *distance <= 1.max(letters / 3) && *distance < letters
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_is_offered_only_when_it_is_near() {
        assert_eq!(nearest("wieght", ["weight", "text"]), Some("weight"));
        assert_eq!(nearest("Weight", ["weight", "text"]), Some("weight"));
        assert_eq!(nearest("colour", ["weight", "text"]), None);
        assert_eq!(nearest("n", ["na"]), Some("na"));
        assert_eq!(nearest("", ["na", "no"]), None);
    }

    #[test]
    fn a_word_that_shares_no_letter_is_not_near() {
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("", ["y"]), None);
        assert_eq!(nearest("Y", ["y"]), Some("y"));
    }

    #[test]
    fn the_closest_wins_and_of_equals_the_first() {
        assert_eq!(
            nearest("greeting", ["greetings", "meeting"]),
            Some("greetings")
        );
        assert_eq!(nearest("opning", ["opening-b", "opening"]), Some("opening"));
        assert_eq!(nearest("part", ["pars", "parx"]), Some("pars"));
    }
}
