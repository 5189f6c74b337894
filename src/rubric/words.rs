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

/// The candidate closest to what was typed, if any is close enough to be meant.
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
        .filter(|(distance, word)| *distance <= 1.max(word.chars().count() / 3))
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
    }
}
