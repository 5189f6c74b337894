//! Which part of one rubric is which of another: by id.

/// A part and what became of it.
pub(super) enum Pair<'a, T> {
    Kept(&'a T, &'a T),
    New(&'a T),
    Gone(&'a T),
}

impl<'a, T> Pair<'a, T> {
    /// The newest there is of it.
    pub(super) fn any(&self) -> &'a T {
        match self {
            Self::Kept(_, part) | Self::New(part) | Self::Gone(part) => part,
        }
    }
}

/// In the order of `b`; those that are gone follow.
pub(super) fn pairs<'a, T>(a: &'a [T], b: &'a [T], id: fn(&T) -> &str) -> Vec<Pair<'a, T>> {
    let find = |parts: &'a [T], part: &T| parts.iter().find(|other| id(other) == id(part));
    let here = b.iter().map(|new| match find(a, new) {
        Some(old) => Pair::Kept(old, new),
        None => Pair::New(new),
    });
    let gone = a.iter().filter(|old| find(b, old).is_none());
    here.chain(gone.map(Pair::Gone)).collect()
}

/// As few as possible of the ids that both have, such that the others stand in the same order in both: none exactly
/// where the order is the same. Found as the ids outside of the longest common subsequence.
pub(super) fn moved(
    a: impl IntoIterator<Item = String>,
    b: impl IntoIterator<Item = String>,
) -> Vec<String> {
    let a: Vec<String> = a.into_iter().collect();
    let both = b.into_iter().filter_map(|id| {
        let place = a.iter().position(|other| *other == id)?;
        Some((place, id))
    });
    let both: Vec<(usize, String)> = both.collect();
    // For each id of `b`: how long a rising run of places in `a` can be that ends with it, and the id before it there.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::new();
    for (at, (place, _)) in both.iter().enumerate() {
        let before = (0..at).filter(|one| both[*one].0 < *place);
        let best = before.max_by_key(|one| runs[*one].0);
        runs.push((best.map_or(0, |one| runs[one].0) + 1, best));
    }
    let mut stays = vec![false; both.len()];
    let mut next = (0..both.len()).max_by_key(|at| runs[*at].0);
    while let Some(at) = next {
        stays[at] = true;
        next = runs[at].1;
    }
    let moved = both.into_iter().zip(stays).filter(|(_, stays)| !stays);
    moved.map(|((_, id), _)| id).collect()
}

#[cfg(test)]
mod tests {
    fn moved(a: &str, b: &str) -> String {
        let ids = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        super::moved(ids(a), ids(b)).concat()
    }

    #[test]
    fn only_what_left_its_place_has_moved() {
        assert_eq!(moved("abcd", "abcd"), "");
        assert_eq!(moved("abcd", "bcda"), "a");
        assert_eq!(moved("abcd", "dabc"), "d");
        assert_eq!(moved("abcde", "aebcd"), "e");
        assert_eq!(moved("abcd", "badc").len(), 2);
        assert_eq!(moved("abc", "cba").len(), 2);
    }

    #[test]
    fn what_is_new_or_gone_moves_nothing() {
        assert_eq!(moved("abc", "xaybzc"), "");
        assert_eq!(moved("xaybzc", "abc"), "");
        assert_eq!(moved("", "abc"), "");
        assert_eq!(moved("abc", "xcab"), "c");
    }
}
