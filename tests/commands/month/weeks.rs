//! What is done week by week.

use super::logs::{CHLOE_NOW, QUOTA, SEED, other};
use super::{Month, list, text};

impl Month {
    /// Monday: the log of the first week is drawn and dealt to two analysts. One call is scored by typed keys, two are
    /// heard otherwise than logged; one can't be scored, and one only seemed so.
    pub(super) fn first_week(&mut self) {
        let how = format!(
            "--rubric rubric.toml --name july --seed {SEED} --per csr,caller_type -n {QUOTA} --analysts qa1:1,qa2:1"
        );
        self.draw(1, &how);
        self.act("draw", None, "16 calls from `week1.csv`");

        let (ones, twos) = (self.open("qa1"), self.open("qa2"));
        self.score_by_keys(&ones[0], "qa1");
        self.unscorable(&ones[1], "qa1");
        let reserve = self.unscorable(&twos[0], "qa2");
        self.takes_back(&twos[0], &reserve);

        let caller_type = other(self.place(&ones[2]).2);
        self.heard
            .insert(ones[2].clone(), (Some(caller_type), None));
        self.heard.insert(twos[1].clone(), (None, Some(CHLOE_NOW)));
        self.record_all("qa1");
        self.record_all("qa2");
        assert!(self.scored.len() == 16 && self.open("qa1").is_empty());
    }

    fn score_by_keys(&mut self, id: &str, analyst: &str) {
        let keys = self.keys(id, analyst);
        let words = format!("score --plain --analyst {analyst} --sample july --call {id}");
        let said = self
            .desk
            .type_in(&words, &format!("{keys}d\n1\n\nq\n"))
            .good();
        assert!(said.contains("Enter keeps it"), "{said}");
        self.scored.insert(id.to_owned(), analyst.to_owned());
        self.complaints.insert(id.to_owned());
    }

    /// The recording was found: the call is scored after all, and the reserve that stood in for it is one again.
    fn takes_back(&mut self, id: &str, reserve: &str) {
        let words = format!("reopen {id} --reason found --by sup");
        let said = self.desk.run(&words).good();
        assert!(
            said.contains(&format!("{reserve}, which had taken its place")),
            "{said}"
        );
        self.lost.remove(id);
        self.assigned.remove(reserve);
        self.act(
            "scorable",
            Some("sup"),
            format!("`{id}`; `{reserve}` is a reserve again: found"),
        );
    }

    /// Somebody draws the same log once more with another seed.
    pub(super) fn a_mistaken_draw_is_out_of_sight_of_reports(&mut self) {
        let draw = "draw week1.csv --rubric rubric.toml --name july-again --seed again";
        self.desk.run(draw).good();
        let withdraw = "samples withdraw july-again --reason wrong-seed --by sup";
        self.desk.run(withdraw).good();
        let reported = |month: &Self| {
            let report = month.desk.json("report --format json");
            text(&list(&report, "samples")[0], "name").to_owned()
        };
        assert_eq!(reported(self), "july");
        self.desk.run("samples restore july-again --by sup").good();
        assert_eq!(reported(self), "july-again");
        self.desk.run(withdraw).good();
        assert_eq!(reported(self), "july");
        let log = self.desk.json("samples log july-again --format json");
        let acts: Vec<&str> = list(&log, "acts")
            .iter()
            .map(|act| text(act, "act"))
            .collect();
        assert_eq!(acts, ["draw", "withdraw", "restore", "withdraw"]);
    }

    /// Two complaints are picked before the log is added: one of them is going to be drawn.
    pub(super) fn second_week(&mut self) {
        let strata = super::logs::strata(&self.logs[..2]);
        let calls = &strata[&(2, "Ana Ruiz", "external")];
        let (drawn, neither) = (calls[1].id.clone(), calls[9].id.clone());
        let said = self.pick(&[&drawn, &neither], "complaint");
        assert_eq!(said, "Picked for the sample july: 2 to score.\n");
        self.draw(2, "--into july");
        self.act("batch", None, "batch 2: 16 calls from `week2.csv`");
        self.record("qa2", &[neither], "qa2", "");
    }

    fn pick(&mut self, ids: &[&str], why: &str) -> String {
        for id in ids {
            self.act(
                "pick",
                Some("sup"),
                format!("`{id}` from `week2.csv`: {why}"),
            );
        }
        let ids = ids.join(" ");
        let words = format!("pick {ids} --from week2.csv --why {why} --sample july --by sup");
        self.desk.run(&words).good()
    }

    /// Four more are picked: one that is drawn, two reserves, and one that is neither. The first reserve is scored by
    /// one analyst, and then takes the place of a call of the other that can't be scored.
    pub(super) fn calls_are_picked(&mut self) {
        let place = (2, "Ben Okoro", "external");
        let of = |month: &Self, rank: usize| month.strata[&place][rank].id.clone();
        let (drawn, reserve, neither) = (of(self, 0), of(self, QUOTA), of(self, 8));
        let second = self.strata[&(2, "Ana Ruiz", "internal")][QUOTA + 1]
            .id
            .clone();
        let said = self.pick(&[&drawn, &reserve, &second, &neither], "coaching");
        assert_eq!(
            said,
            "Picked for the sample july: 3 to score, 1 drawn as well.\n"
        );

        let gone = of(self, 1);
        let to = self.assigned[&gone].clone();
        let (analyst, other) = match to.as_str() {
            "qa1" => ("qa1", "qa2"),
            _ => ("qa2", "qa1"),
        };
        self.record(other, &[reserve.clone(), second, neither], other, "");
        assert_eq!(self.unscorable(&gone, analyst), reserve);
        assert!(!self.open(analyst).contains(&reserve));
    }

    /// qa1 is in the middle of a call when the rubric gets better words, and a driver before the others.
    pub(super) fn better_words_take_over(&mut self) {
        let id = self.open("qa1")[0].clone();
        let keys = self.keys(&id, "qa1");
        let (first, rest) = keys.split_at(2);
        let score = format!("score --plain --analyst qa1 --sample july --call {id}");
        let typed = format!("{first}d\n1 2\nq\n");
        self.desk.type_in(&score, &typed).good();

        let refused = "samples adopt july --rubric weights.toml";
        self.desk.run(refused).fails(3, "draw a new sample");
        let diff = self.desk.run("rubric diff rubric.toml words.toml").good();
        assert!(
            diff.contains("wording") && !diff.contains("scoring"),
            "{diff}"
        );
        self.desk
            .run("samples adopt july --rubric words.toml --by sup")
            .good();
        self.act("adopt", Some("sup"), "rubric `month`, revision 2 after 1");

        let said = self
            .desk
            .type_in(&score, &format!("d\n3\n{rest}\nq\n"))
            .good();
        assert!(said.contains("Going on where you stopped"), "{said}");
        for line in [
            "[ ] 1 Asked how far it is",
            "[x] 2 Complained",
            "[x] 3 Asked how",
        ] {
            assert!(said.contains(line), "{said}");
        }
        self.scored.insert(id.clone(), "qa1".to_owned());
        self.complaints.insert(id.clone());
        let explained = self.desk.run(&format!("explain {id}")).good();
        assert!(explained.contains("Complained"), "{explained}");
        self.record_all("qa1");
        self.record_all("qa2");
    }

    /// qa1 begins a call and falls ill: qa2 gets it all. The log has calls of week 2 again.
    pub(super) fn third_week(&mut self) {
        let drawn = self.draw(3, "--into july");
        assert_eq!(drawn["sample"]["seen_before"], 30);
        self.act(
            "batch",
            None,
            "batch 3: 12 calls from `week3.csv`, 30 calls of earlier logs left out",
        );
        let again = self.desk.run("draw week3.csv --into july").good();
        assert!(again.contains("nothing changed"), "{again}");
        for id in &self.changed {
            let was = self.place(id).2;
            assert!(
                again.contains(&format!("{id} ({}, was {was})", other(was))),
                "{again}"
            );
        }

        let ill = self.open("qa1");
        let begun = self.keys(&ill[0], "qa1");
        let score = "score --plain --analyst qa1 --sample july";
        let one = format!("{score} --call {}", ill[0]);
        self.desk
            .type_in(&one, &format!("{}q\n", &begun[..2]))
            .good();
        let said = self
            .desk
            .run("assign --from qa1 --to qa2 --all --by sup")
            .good();
        assert_eq!(said, format!("{} calls given to qa2.\n", ill.len()));
        self.act(
            "assign",
            Some("sup"),
            format!("{} calls of qa1 to qa2", ill.len()),
        );
        for id in &ill {
            self.assigned.insert(id.clone(), "qa2".to_owned());
        }
        let said = self.desk.type_in(score, "q\n").good();
        assert!(said.contains("No call is left for qa1"), "{said}");
        let queue = self.desk.json("queue --format json");
        let kept = &list(&queue, "drafts")[0];
        assert_eq!(
            (text(kept, "call_id"), text(kept, "analyst")),
            (&*ill[0], "qa1")
        );
        assert!(
            text(kept, "state").contains("given to somebody else"),
            "{kept}"
        );
        self.record_all("qa2");
        assert!(self.open("qa1").is_empty() && self.open("qa2").is_empty());
    }

    /// qa1 is back. One call is heard otherwise in both; one evaluation is amended.
    pub(super) fn fourth_week(&mut self) {
        self.draw(4, "--into july");
        self.act("batch", None, "batch 4: 12 calls from `week4.csv`");
        // Nobody has to catch up.
        assert_eq!([self.open("qa1").len(), self.open("qa2").len()], [6, 6]);
        let both = self.open("qa1")[0].clone();
        let place = self.place(&both);
        let csr = if place.1 == "Ana Ruiz" {
            "Ben Okoro"
        } else {
            "Ana Ruiz"
        };
        self.heard.insert(both, (Some(other(place.2)), Some(csr)));
        self.record_all("qa1");
        self.record_all("qa2");

        // In week 3 all calls were qa2's.
        let wrong = self.strata[&(3, "Ana Ruiz", "external")][0].id.clone();
        let said = self
            .desk
            .run(&format!("reopen {wrong} --reason misheard --by sup"))
            .good();
        assert!(said.contains("open for qa2 to amend"), "{said}");
        self.act(
            "reopen",
            Some("sup"),
            format!("`{wrong}` for qa2 to amend: misheard"),
        );
        self.act("amend", Some("qa2"), format!("`{wrong}`"));
        self.record("qa2", &[wrong], "qa2 again", "--amend misheard");
    }
}
