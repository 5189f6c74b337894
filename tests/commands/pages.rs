//! Pages of HTML: one file that asks for nothing, every text escaped, the numbers of the tables on it.

use serde_json::Value;

use crate::harness::Desk;

fn recorded() -> Desk {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    desk
}

/// A part of the page by its id.
fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let start = page.find(&format!("<section id=\"{id}\">"));
    let part = &page[start.unwrap_or_else(|| panic!("no part {id}"))..];
    &part[..part.find("</section>").expect("its end")]
}

fn rows(table: &Value) -> &Vec<Value> {
    table["tables"][0]["rows"].as_array().expect("rows")
}

/// What is left of a page when its tags are taken away.
fn text(page: &str) -> String {
    let parts = page
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect()
}

/// As a cell shows it.
fn shown(figure: &Value) -> String {
    let number = |key: &str| figure[key].as_f64().expect("a number");
    let (value, low, high) = (number("value"), number("low"), number("high"));
    format!("{value:.1} ({low:.0}–{high:.0})")
}

#[test]
fn the_page_of_a_report_holds_every_table_and_asks_for_nothing() {
    let desk = recorded();
    let page = desk.run("report --format html").good();
    for outside in ["http:", "https:", "url(", "@import", " src=", "//www"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("<h1>").count(), 1);
    for part in ["next", "behaviors", "critical", "drivers", "drawn"] {
        assert!(!section(&page, part).is_empty());
    }
    let csrs = desk.json("report csr --format json");
    let part = section(&page, "csr");
    let with = |kind: &str| {
        let scored = rows(&csrs).iter().filter(|row| !row[kind].is_null());
        scored.count()
    };
    // Circles are internal marks, squares external ones; the key has one of each.
    assert_eq!(part.matches("<circle").count(), with("internal") + 1);
    assert_eq!(part.matches("<rect").count(), with("external") + 1);
    let words = text(part);
    for row in rows(&csrs) {
        assert!(words.contains(&shown(&row["score"])), "{row}");
    }
    // Each score's arithmetic.
    assert_eq!(section(&page, "sheets").matches("<details>").count(), 72);
    assert!(section(&page, "sheets").contains("C-001192: "));
    // Anybody can repeat the draw of the first call.
    let drawn = section(&page, "drawn");
    assert!(drawn.contains("evenhand verify &#39;samples/calls.csv&#39; --sample"));
    let draw = desk.json("draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json");
    let calls = draw["calls"].as_array().expect("calls").iter();
    let smallest = calls.map(|call| call["draw_number"].as_str()).min();
    assert!(drawn.contains(smallest.flatten().expect("a draw number")));
}

#[test]
fn what_logs_and_analysts_write_stays_text() {
    let desk = Desk::new();
    let hostile = "<script>alert(1)</script>";
    let calls: String = (0..8)
        .map(|at| {
            let caller = if at % 2 == 0 { "internal" } else { "external" };
            format!("C{at},\"{hostile}{}\",{caller}\n", at / 4)
        })
        .collect();
    desk.write("log.csv", format!("call_id,csr,caller_type\n{calls}"));
    let rubric = "format = 1\n[rubric]\nid = \"small\"\ntitle = \"<b>Small</b> & bold\"\nweigh = \"behaviors\"\n\
        [[section]]\nid = \"one\"\ntitle = \"One\"\n[[section.behavior]]\nid = \"polite\"\ntext = \"Is </td> polite\"\n\
        answers = \"yes_no\"\n[[section.behavior]]\nid = \"clear\"\ntext = \"Is clear\"\nanswers = \"yes_no\"\n";
    desk.write("small.toml", rubric);
    desk.run("draw log.csv --rubric small.toml --seed s --per csr,caller_type -n 2")
        .good();
    let answers: String = (0..8)
        .map(|at| {
            format!("C{at},qa<1>,yes,no,\"</details><img src=x onerror=alert(2)>\u{202e}\"\n")
        })
        .collect();
    desk.write(
        "answers.csv",
        format!("call_id,analyst,polite,clear,comment\n{answers}"),
    );
    desk.run("record answers.csv").good();
    let page = desk.run("report --format html").good();
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(
        page.matches("</details>").count(),
        page.matches("<details>").count()
    );
    assert!(!page.contains("<img") && !page.contains("<b>Small"));
    assert!(
        page.contains("&#60;img src=x onerror=alert(2)&#62;\\u{202e}"),
        "escapes"
    );
    assert!(page.contains("Is &#60;/td&#62; polite"));
}

#[test]
fn any_list_can_be_a_page_too() {
    let desk = recorded();
    for words in ["samples", "explain C-001192", "report calls", "queue"] {
        let page = desk.run(&format!("{words} --format html")).good();
        assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"));
        assert!(page.contains("<th scope=\"col\""), "{words}");
    }
    let table = desk.json("report csr-behaviors --format json");
    let all = desk.json("report behaviors --format json");
    assert_eq!(rows(&table).len(), 12);
    for row in rows(&table) {
        let behaviors = row["behaviors"].as_object().expect("behaviors");
        assert_eq!(behaviors.len(), rows(&all).len());
    }
}

#[test]
fn a_page_about_some_calls_says_nothing_of_persons_and_counts_those_calls() {
    let desk = recorded();
    let all = desk.run("report --format html").good();
    let coach = "No CSR is shown to score below all calls together";
    assert!(all.contains(coach) && all.contains("Whom to praise"));
    let some = desk
        .run("report --format html --caller-type internal")
        .good();
    assert!(!some.contains(coach) && !some.contains("Whom to praise"));
    assert!(
        some.contains("<strong>36</strong> <span>of 36 drawn</span>"),
        "headline"
    );
}

#[test]
fn who_scores_low_on_evidence_is_named_with_a_command_that_prints_the_sheet() {
    let desk = Desk::new();
    let csrs = ["Ada", "Bea", "Cid", "Dot", "Low O'Ne"];
    let calls: String = (0..300)
        .map(|at| {
            let kind = if at % 2 == 0 { "internal" } else { "external" };
            format!("C{at:03},{},{kind}\n", csrs[at % 5])
        })
        .collect();
    desk.write("log.csv", format!("call_id,csr,caller_type\n{calls}"));
    let rubric = "format = 1\n[rubric]\nid = \"small\"\ntitle = \"Small\"\nweigh = \"behaviors\"\n[[section]]\n\
        id = \"one\"\ntitle = \"One\"\n[[section.behavior]]\nid = \"polite\"\ntext = \"Is polite\"\nanswers = \"yes_no\"\n\
        [[section.behavior]]\nid = \"clear\"\ntext = \"Is clear\"\nanswers = \"yes_no\"\n";
    desk.write("small.toml", rubric);
    let draw = desk.json(
        "draw log.csv --rubric small.toml --seed s --per csr,caller_type -n 20 --format json",
    );
    let drawn = draw["calls"].as_array().expect("calls").iter();
    let numbers = drawn.map(|call| {
        call["call_id"].as_str().expect("id")[1..]
            .parse::<usize>()
            .expect("a number")
    });
    let answers: String = numbers
        .map(|at| {
            let polite = at % 5 != 4 || at % 7 == 0;
            let clear = at % 3 != 0;
            let word = |yes| if yes { "yes" } else { "no" };
            format!("C{at:03},qa1,{},{}\n", word(polite), word(clear))
        })
        .collect();
    desk.write(
        "answers.csv",
        format!("call_id,analyst,polite,clear\n{answers}"),
    );
    desk.run("record answers.csv").good();
    let page = desk.run("report --format html").good();
    let next = text(section(&page, "next")).replace("&#39;", "'");
    assert!(next.contains("Low O'Ne scores "), "{next}");
    assert!(!next.contains("Ada scores 6"), "{next}");
    let command = r"evenhand report coach --csr 'Low O'\''Ne' --sample 's'";
    assert!(
        next.contains(command) && next.contains("\u{201c}Is polite\u{201d}"),
        "{next}"
    );
}

#[test]
fn a_run_gives_the_whole_page_too() {
    let desk = Desk::new();
    let run = "run samples/calls.csv --rubric rubrics/customer-service.toml --answers samples/answers.csv --seed july-2026";
    let page = desk.run(&format!("{run} --format html")).good();
    assert!(!section(&page, "next").is_empty() && !section(&page, "sheets").is_empty());
}

#[test]
fn a_page_without_a_score_has_no_empty_tables_and_no_advice() {
    let page = Desk::drawn().run("report --format html").good();
    assert!(page.contains("0 of 72 drawn calls scored"));
    for part in ["caller_type", "csr", "samples", "drawn"] {
        assert!(!section(&page, part).is_empty());
    }
    for part in ["next", "behaviors", "recognition", "sheets"] {
        assert!(
            !page.contains(&format!("<section id=\"{part}\">")),
            "{part}"
        );
    }
}
