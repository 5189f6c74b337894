//! The draw against what anybody can compute without this program.

use std::collections::BTreeMap;

use evenhand::calls::{CallerType, Cells, Columns, Eligibility, Filter, Profile, RowSink, RowView};
use evenhand::sampling::{
    Collector, Design, DrawNumber, Frame, Outcome, Per, Quota, Seed, Stratum,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

struct Row<'a>([&'a str; 3]);

impl Cells for Row<'_> {
    fn cell(&self, column: usize) -> &str {
        self.0.get(column).copied().unwrap_or("")
    }
}

type Call<'a> = (&'a str, &'a str, CallerType);

fn filter() -> Filter {
    let names = ["call_id", "csr", "caller_type"].map(str::to_owned);
    let columns = Columns::find(names.to_vec(), &Profile::default()).expect("columns");
    Filter::new(&Eligibility::default(), &columns).expect("filter")
}

fn draw(filter: &Filter, per: Per, quota: u64, seed: &str, calls: &[Call<'_>]) -> Frame {
    let design = Design {
        per,
        quota: Quota::Each(quota),
        ..Design::usual()
    };
    let seed = Seed::new(seed).expect("seed");
    let mut collector = Collector::new(&design, &seed, filter.clone());
    for (line, (call_id, csr, caller_type)) in (2..).zip(calls) {
        collector.row(&RowView {
            line,
            call_id,
            csr,
            caller_type: *caller_type,
            cells: &Row([call_id, csr, caller_type.as_str()]),
        });
    }
    match collector.finish() {
        Outcome::Done(frame) => *frame,
        Outcome::Again(_) => panic!("no id stands twice"),
    }
}

fn sha256(seed: &str, call_id: &str) -> [u8; 32] {
    Sha256::digest(format!("{seed}:{call_id}")).into()
}

fn golden() -> serde_json::Value {
    serde_json::from_str(include_str!("golden/draw.json")).expect("golden file")
}

fn texts(value: &serde_json::Value) -> Vec<&str> {
    let list = value.as_array().expect("a list");
    list.iter().filter_map(|text| text.as_str()).collect()
}

#[test]
fn draw_numbers_and_their_order_are_those_of_four_other_programs() {
    let golden = &golden()["key"];
    let seed = golden["seed"].as_str().expect("seed");
    let ids: Vec<String> = (1..=12).map(|n| format!("call-{n:03}")).collect();
    let calls: Vec<Call<'_>> = (1..)
        .zip(&ids)
        .map(|(n, id)| match n % 4 {
            0 => (id.as_str(), "Ada", CallerType::Internal),
            _ => (id.as_str(), "Ada", CallerType::External),
        })
        .collect();
    let number = DrawNumber::new(&Seed::new(seed).expect("seed"), "call-001");
    assert_eq!(
        Some(number.to_string().as_str()),
        golden["key_call001"].as_str()
    );

    let frame = draw(&filter(), Design::usual().per, 12, seed, &calls);
    for (stratum, order) in frame
        .strata
        .iter()
        .zip(["order_internal", "order_external"])
    {
        let drawn: Vec<&str> = stratum
            .calls
            .iter()
            .map(|c| c.call.call_id.as_str())
            .collect();
        assert_eq!(drawn, texts(&golden[order]));
    }
    assert_eq!(frame.strata.len(), 2);
}

#[test]
fn every_call_is_drawn_equally_often() {
    let golden = &golden()["fit"];
    let (population, quota, seeds) = (50_usize, 5_u64, 10_000_u32);
    let ids: Vec<String> = (1..=population).map(|n| format!("C{n:04}")).collect();
    let calls: Vec<Call<'_>> = ids
        .iter()
        .map(|id| (id.as_str(), "Ada", CallerType::External))
        .collect();
    let filter = filter();
    let mut counts: BTreeMap<String, u32> = ids.iter().map(|id| (id.clone(), 0)).collect();
    for seed in 1..=seeds {
        let frame = draw(&filter, Per::NOTHING, quota, &format!("t{seed}"), &calls);
        assert_eq!(frame.strata[0].calls.len() as u64, quota);
        for drawn in &frame.strata[0].calls {
            *counts
                .get_mut(&drawn.call.call_id)
                .expect("a call of the frame") += 1;
        }
    }
    let share = quota as f64 / population as f64;
    let expected = f64::from(seeds) * share;
    let squares: f64 = (counts.values())
        .map(|count| (f64::from(*count) - expected).powi(2))
        .sum();
    let naive = squares / expected;
    let fit = (population as f64 - 1.0) / population as f64 * naive / (1.0 - share);
    let near = |value: f64, key: &str| {
        let golden = golden[key].as_f64().expect("a number");
        assert!(
            (value - golden).abs() < 1e-9,
            "{key}: {value} is not {golden}"
        );
    };
    // The limits that 99 % of fair draws keep to: chi-square with 49 degrees of freedom.
    assert!((27.25..78.23).contains(&fit), "{fit}");
    near(fit, "T");
    near(naive, "naive");
    let first: Vec<u64> = counts
        .values()
        .take(5)
        .map(|count| u64::from(*count))
        .collect();
    let told: Option<Vec<u64>> = golden["first5"]
        .as_array()
        .map(|list| list.iter().filter_map(serde_json::Value::as_u64).collect());
    assert_eq!(Some(first), told);
    let extremes = (counts.values().min(), counts.values().max());
    assert_eq!(extremes, (Some(&931), Some(&1054)));
}

/// Calls with ids of any shape, no two alike.
fn any_frame() -> impl Strategy<Value = Vec<(String, String, CallerType)>> {
    let id = prop_oneof![
        "[0-9]{1,4}",
        "C-00[0-9]{2}",
        "[a-zA-Z:;, ._-]{1,6}",
        "[äß漢😀]{1,3}",
    ];
    let call = (0..4_u8, proptest::sample::select(&CallerType::ALL[..2]));
    proptest::collection::btree_map(id, call, 0..80).prop_map(|calls| {
        let call = |(id, (csr, caller_type))| (id, format!("csr {csr}"), caller_type);
        calls.into_iter().map(call).collect()
    })
}

proptest! {
    #[test]
    fn a_sample_is_the_head_of_each_stratum_sorted_by_sha256(
        frame in any_frame(),
        quota in 0..9_u64,
        (csr, caller_type) in any::<(bool, bool)>(),
        seed in "[A-Za-z0-9._-]{1,12}",
    ) {
        let per = Per { csr, caller_type };
        let calls: Vec<Call<'_>> = frame.iter().map(|(id, csr, t)| (id.as_str(), csr.as_str(), *t)).collect();
        let drawn = draw(&filter(), per, quota, &seed, &calls);

        let mut expected: BTreeMap<Stratum, Vec<([u8; 32], &str)>> = BTreeMap::new();
        for (id, csr, caller_type) in &calls {
            let stratum = expected.entry(per.stratum(csr, *caller_type)).or_default();
            stratum.push((sha256(&seed, id), id));
        }
        prop_assert_eq!(drawn.strata.len(), expected.len());
        for (found, (stratum, mut all)) in drawn.strata.iter().zip(expected) {
            all.sort_unstable();
            prop_assert_eq!(&found.stratum, &stratum);
            prop_assert_eq!(found.eligible, all.len() as u64);
            let take = all.len().min(quota as usize);
            let spare = take.max(5).min(all.len() - take);
            let kept = found.calls.iter().chain(&found.reserves);
            let kept: Vec<_> = kept
                .map(|call| (call.draw_number.0, call.call.call_id.as_str(), call.position))
                .collect();
            let wanted: Vec<_> = all[..take + spare]
                .iter()
                .zip(1..)
                .map(|((number, id), position)| (*number, *id, position))
                .collect();
            prop_assert_eq!(kept, wanted);
            prop_assert_eq!(found.calls.len(), take);
        }
        prop_assert_eq!(drawn.drawn(), drawn.strata.iter().map(|s| s.calls.len() as u64).sum::<u64>());
    }

    #[test]
    fn a_digest_is_the_sum_of_all_draw_numbers(frame in any_frame()) {
        let calls: Vec<Call<'_>> = frame.iter().map(|(id, csr, t)| (id.as_str(), csr.as_str(), *t)).collect();
        let drawn = draw(&filter(), Design::usual().per, 3, "s", &calls);
        // In 32-bit limbs, the lowest first, carried at the end.
        let mut limbs = [0_u64; 8];
        for (id, _, _) in &calls {
            for (limb, bytes) in limbs.iter_mut().zip(sha256("s", id).rchunks_exact(4)) {
                *limb += u64::from(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
            }
        }
        let mut carry = 0;
        let hex: Vec<String> = limbs
            .iter()
            .map(|limb| {
                let sum = limb + carry;
                carry = sum >> 32;
                format!("{:08x}", sum & 0xffff_ffff)
            })
            .collect();
        let hex: String = hex.into_iter().rev().collect();
        prop_assert_eq!(drawn.digest.to_string(), hex);
        let mut sum = evenhand::sampling::Digest::default();
        drawn.strata.iter().for_each(|stratum| sum.merge(stratum.digest));
        prop_assert_eq!(sum, drawn.digest);
    }
}
