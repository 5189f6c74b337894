mod edits;

use self::edits::{EDITS, long};
use crate::rubric::ChangeKind::{self, Scoring, Wording};
use crate::rubric::hash::tests::{NEITHER, SCORING, WORDING, short};
use crate::rubric::{Band, Changes, Rubric, RubricSource};

fn built(source: &RubricSource) -> Rubric {
    Rubric::build(source).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn long_with(edit: fn(&mut RubricSource)) -> Rubric {
    let mut source = long();
    edit(&mut source);
    built(&source)
}

/// A rubric and its two hashes.
struct Hashed(Rubric, [u8; 32], [u8; 32]);

impl Hashed {
    fn new(rubric: Rubric) -> Self {
        let (hash, scoring) = (rubric.hash(), rubric.scoring_hash());
        Self(rubric, hash, scoring)
    }
}

/// Lists and hashes say the same of any two of them.
fn agree(all: &[Hashed]) {
    for (at, a) in all.iter().enumerate() {
        for (other, b) in all.iter().enumerate() {
            let changes = Changes::between(&a.0, &b.0);
            let what = format!("{at} and {other}: {changes:#?}");
            assert_eq!(changes.list().is_empty(), a.1 == b.1, "{what}");
            let scoring = changes.of(Scoring).next().is_some();
            assert_eq!(!scoring, a.2 == b.2, "{what}");
        }
    }
}

#[test]
fn every_edit_is_told_with_its_place_and_what_it_does() {
    let before = built(&long());
    for (edit, expected) in EDITS {
        let after = long_with(*edit);
        let changes = Changes::between(&before, &after);
        let told: Vec<(ChangeKind, String)> = (changes.list().iter())
            .map(|change| (change.kind, format!("{}: {}", change.place, change.what)))
            .collect();
        let expected: Vec<(ChangeKind, String)> = (expected.iter())
            .map(|(kind, text)| (*kind, (*text).to_owned()))
            .collect();
        assert_eq!(told, expected);
        let wording = expected.iter().all(|(kind, _)| *kind == Wording);
        assert_eq!(changes.may_continue(), wording, "{expected:?}");
    }
}

#[test]
fn changes_and_hashes_agree_between_any_two_edits() {
    let all = EDITS.iter().map(|(edit, _)| Hashed::new(long_with(*edit)));
    agree(&all.collect::<Vec<_>>());
}

#[test]
fn changes_and_hashes_agree_on_every_edit_the_hashes_know() {
    let kinds = [
        (NEITHER, None),
        (WORDING, Some(Wording)),
        (SCORING, Some(Scoring)),
    ];
    let before = built(&short());
    let mut all = Vec::new();
    for (edits, kind) in kinds {
        for (what, edit) in edits {
            let mut source = short();
            edit(&mut source);
            let after = built(&source);
            let changes = Changes::between(&before, &after);
            let first = changes.list().first().map(|change| change.kind);
            assert_eq!(first, kind, "{what}");
            all.push(Hashed::new(after));
        }
    }
    agree(&all);
}

#[test]
fn bands_that_read_alike_are_still_told_apart() {
    let band = |from, name: &str| Band {
        from,
        name: name.to_owned(),
    };
    let bands = |bands: Vec<Band>| {
        let mut source = long();
        source.bands = bands;
        Hashed::new(built(&source))
    };
    agree(&[
        bands(vec![band(90.0, "A\", 80 \"B"), band(0.0, "C")]),
        bands(vec![band(90.0, "A"), band(80.0, "B"), band(0.0, "C")]),
    ]);
}
