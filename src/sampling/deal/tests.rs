use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;

fn seed() -> Seed {
    Seed::new("july-2026").expect("seed")
}

fn dealing(analysts: &str, double: Option<&str>) -> Dealing {
    let shares = analysts.parse().expect("analysts");
    let double = double.map(|text| text.parse().expect("part"));
    Dealing::new(shares, double).expect("dealing")
}

/// `each` calls of every CSR and caller type, in the order of strata and positions.
fn calls(csrs: usize, kinds: &[CallerType], each: usize) -> Vec<(CallerType, String)> {
    let strata = (0..csrs).flat_map(|csr| kinds.iter().map(move |kind| (csr, *kind)));
    strata
        .flat_map(|(csr, kind)| (0..each).map(move |at| (kind, format!("{csr:03}-{kind}-{at:03}"))))
        .collect()
}

const BOTH: [CallerType; 2] = [CallerType::Internal, CallerType::External];

fn count<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0) += 1;
    }
    counts
}

fn csr_of(call: &Dealt) -> String {
    call.call_id[..3].to_owned()
}

#[test]
fn two_analysts_and_one_call_per_stratum_share_caller_types_and_csrs() {
    let dealt = deal(&dealing("a,b", None), &seed(), &[], &calls(4, &BOTH, 1));
    let firsts: Vec<&str> = dealt.iter().map(|call| call.first.as_str()).collect();
    assert_eq!(firsts, ["a", "b", "b", "a", "a", "b", "b", "a"]);
}

#[test]
fn shares_are_kept_along_the_way() {
    let dealt = deal(
        &dealing("a:40,b:20", None),
        &seed(),
        &[],
        &calls(3, &[CallerType::Internal], 3),
    );
    let firsts: String = dealt.iter().map(|call| call.first.as_str()).collect();
    assert_eq!(firsts, "abaabaaba");
}

#[test]
fn uneven_shares_of_few_calls_leave_some_csrs_to_one_analyst() {
    let dealt = deal(
        &dealing("a:40,b:20", None),
        &seed(),
        &[],
        &calls(3, &BOTH, 1),
    );
    let firsts: String = dealt.iter().map(|call| call.first.as_str()).collect();
    assert_eq!(firsts, "abbaaa");
}

#[test]
fn calls_for_two_are_the_smallest_by_sha256sum() {
    let all = calls(10, &BOTH, 4);
    let dealt = deal(&dealing("a,b,c", Some("10%")), &seed(), &[], &all);
    let mut keyed: Vec<([u8; 32], &str)> = all
        .iter()
        .map(|(_, id)| {
            (
                Sha256::digest(format!("july-2026.double:{id}")).into(),
                id.as_str(),
            )
        })
        .collect();
    keyed.sort_unstable();
    let expected: BTreeSet<&str> = keyed[..8].iter().map(|(_, id)| *id).collect();
    let doubled: Vec<&Dealt> = dealt.iter().filter(|call| call.second.is_some()).collect();
    let found: BTreeSet<&str> = doubled.iter().map(|call| call.call_id.as_str()).collect();
    assert_eq!(found, expected);
    assert!(
        doubled
            .iter()
            .all(|call| call.second.as_ref() != Some(&call.first))
    );
    // Who is first doesn't hang on whether there is a second.
    let single = deal(&dealing("a,b,c", None), &seed(), &[], &all);
    let firsts =
        |dealt: &[Dealt]| -> Vec<String> { dealt.iter().map(|call| call.first.clone()).collect() };
    assert_eq!(firsts(&single), firsts(&dealt));
}

#[test]
fn the_longest_seed_has_doubles_too() {
    let long = Seed::new(&"x".repeat(200)).expect("seed");
    let dealt = deal(
        &dealing("a,b", Some("100%")),
        &long,
        &[],
        &calls(1, &BOTH, 1),
    );
    assert!(dealt.iter().all(|call| call.second.is_some()));
}

#[test]
fn a_single_analyst_gets_all() {
    let dealt = deal(&dealing("a", None), &seed(), &[], &calls(3, &BOTH, 2));
    assert_eq!(dealt.len(), 12);
    assert!(
        dealt
            .iter()
            .all(|call| call.first == "a" && call.second.is_none())
    );
}

proptest! {
    #[test]
    fn equal_shares_differ_by_one_call_per_caller_type_and_nobody_owns_a_csr(
        analysts in 2..6_usize, csrs in 1..12_usize, kinds in 1..3_usize, each in 1..5_usize,
    ) {
        let names: Vec<String> = (0..analysts).map(|at| format!("qa{at}")).collect();
        let dealing = dealing(&names.join(","), None);
        let dealt = deal(&dealing, &seed(), &[], &calls(csrs, &BOTH[..kinds], each));
        for kind in &BOTH[..kinds] {
            let own = dealt.iter().filter(|call| call.caller_type == *kind);
            let counts = count(own.map(|call| call.first.clone()));
            let fewest = if counts.len() < analysts { 0 } else { *counts.values().min().expect("some") };
            prop_assert!(counts.values().max().expect("some") - fewest <= 1, "{counts:?}");
        }
        if kinds > 1 || each > 1 {
            let owners = count(dealt.iter().map(|call| (csr_of(call), call.first.clone())));
            let calls_of_a_csr = kinds * each;
            prop_assert!(owners.values().all(|own| *own < calls_of_a_csr), "{owners:?}");
        }
    }

    #[test]
    fn whole_rounds_give_the_shares_exactly(
        shares in proptest::collection::vec(1..9_u32, 1..6), rounds in 1..5_usize,
    ) {
        let named: Vec<String> = shares.iter().enumerate().map(|(at, share)| format!("qa{at}:{share}")).collect();
        let total: u32 = shares.iter().sum();
        let all = calls(1, &[CallerType::Internal], total as usize * rounds);
        let dealt = deal(&dealing(&named.join(","), None), &seed(), &[], &all);
        let counts = count(dealt.iter().map(|call| call.first.clone()));
        for (at, share) in shares.iter().enumerate() {
            prop_assert_eq!(counts.get(&format!("qa{at}")), Some(&(*share as usize * rounds)));
        }
    }

    #[test]
    fn a_top_up_goes_on_where_the_draw_stopped(
        shares in proptest::collection::vec(1..9_u32, 2..5), cut in 0..60_usize, part in 1..10_000_u32,
    ) {
        let named: Vec<String> = shares.iter().enumerate().map(|(at, share)| format!("qa{at}:{share}")).collect();
        let dealing = Dealing::new(named.join(",").parse().expect("shares"), super::super::Double::of_hundredths(part))
            .expect("dealing");
        let all = calls(10, &BOTH, 3);
        let mut had = deal(&dealing, &seed(), &[], &all[..cut]);
        let before = had.clone();
        // In whatever order they are found again.
        had.reverse();
        let more = deal(&dealing, &seed(), &had, &all[cut..]);
        let whole = deal(&dealing, &seed(), &[], &all);
        let firsts = |calls: &[Dealt]| -> Vec<String> { calls.iter().map(|call| call.first.clone()).collect() };
        let both: Vec<Dealt> = before.into_iter().chain(more).collect();
        prop_assert_eq!(firsts(&both), firsts(&whole));
        let doubled = |calls: &[Dealt]| calls.iter().filter(|call| call.second.is_some()).count();
        // A small draw rounds up to one.
        prop_assert!(doubled(&both) == doubled(&whole) || doubled(&both) == doubled(&whole) + 1);
        prop_assert!(both.iter().all(|call| call.second.as_ref() != Some(&call.first)));
    }
}
