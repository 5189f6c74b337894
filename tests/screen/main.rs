//! The scoring screen as storyboards: keys in, whole screens out.

mod story;

use evenhand::calls::CallerType;
use evenhand::rubric::Answer;
use evenhand::tui::Flow;
use insta::assert_snapshot;
use ratatui::crossterm::event::Event;
use ratatui::style::{Color, Modifier};
use story::{PaperDesk, Story, call, desk, earlier, rubric};

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (140, 40);

fn external() -> PaperDesk {
    desk(vec![
        call("C-1", "Łukasz Wójcik", CallerType::External),
        call("C-2", "李小龍", CallerType::Internal),
    ])
}

#[test]
fn a_call_is_scored_from_the_first_key_to_the_last() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert_snapshot!("begin", story.screen());
    assert_snapshot!("two_answers", story.press("y y").screen());
    story.press("1 y y n y");
    assert_eq!(story.answers(), "yes yes full yes yes no yes");
    assert_snapshot!("all_answered", story.screen());
    assert_snapshot!("next_call", story.press("Enter").screen());
    assert_eq!(story.acts(), ["complete C-1"]);
    // The internal caller's identity is not asked for.
    story.press("y 2 n a a Enter");
    assert_eq!(story.acts(), ["complete C-1", "complete C-2"]);
    assert_snapshot!("summary", story.screen());
    assert_eq!(story.press("Enter").flow, Flow::End);
}

#[test]
fn every_answer_is_kept_before_it_is_shown() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    story.press("y");
    story.kept.borrow_mut().trouble = Some("Not kept: the disk is full".to_owned());
    let before = story.screen();
    story.press("y");
    assert_eq!(story.told(), "Not kept: the disk is full");
    let lines = |screen: &str| {
        screen
            .lines()
            .take(22)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&story.screen()), lines(&before));
    story.kept.borrow_mut().trouble = None;
    story.press("y");
    assert_eq!(story.answers(), "yes yes . . . . .");
    let at = story
        .kept
        .borrow()
        .saved
        .as_ref()
        .and_then(|draft| draft.at);
    assert_eq!(at, Some(2), "going on resumes at the next behavior");
}

#[test]
fn a_draft_goes_on_where_it_was_left() {
    let rubric = rubric();
    let mut work = call("C-1", "Ada", CallerType::External);
    work.draft.answers[0] = Some(Answer::Given(0));
    work.draft.answers[2] = Some(Answer::Given(1));
    work.draft.at = Some(3);
    work.resumed = true;
    let mut desk = desk(vec![work]);
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert_eq!(story.told(), "Going on where you stopped.");
    story.press("n");
    assert_eq!(story.answers(), "yes . partly no . . .");
    story.press("u u u");
    assert_eq!(story.answers(), ". . . . . . .");
    assert_eq!(
        story.press("u").told(),
        "There is nothing to take back on this call."
    );
}

#[test]
fn a_critical_answer_says_what_it_does_and_wants_its_comment() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    story.press("y n");
    let told = "That needs a comment: press c. Critical error (compliance): the score of the ca…";
    assert_eq!(story.told(), told);
    story.press("1 n a a Enter");
    assert_snapshot!("comment_missing", story.screen());
    assert!(story.acts().is_empty());
    assert_snapshot!(
        "comment_box",
        story
            .press("c \"Knew the voice\" Enter \"and skipped it\"")
            .screen()
    );
    let comment = || {
        story
            .kept
            .borrow()
            .saved
            .as_ref()
            .map(|draft| draft.comments[1].clone())
    };
    // Kept letter by letter: nothing is lost if the program dies now.
    assert_eq!(comment().as_deref(), Some("Knew the voice\nand skipped it"));
    story.press("Esc Enter");
    assert_eq!(story.acts(), ["complete C-1"]);
}

#[test]
fn a_comment_right_after_an_answer_that_needs_one_is_about_that_answer() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    story.press("y n c \"Why\" Esc");
    let comments = |story: &Story<'_>| {
        story
            .kept
            .borrow()
            .saved
            .clone()
            .map(|draft| draft.comments)
    };
    assert_eq!(comments(&story).expect("saved")[1], "Why");
    // Any other key in between, and the comment is about the behavior at the cursor.
    story.press("u u n Down Up c \"Here\" Esc");
    assert_eq!(comments(&story).expect("saved")[2], "Here");
}

#[test]
fn behaviors_appear_and_vanish_with_the_answer_they_hang_on() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert!(!story.screen().contains("Hands the call over"));
    story.press("Down Down Down y");
    assert!(story.screen().contains("Hands the call over"));
    story.press("n");
    assert_eq!(story.answers(), ". . . yes no . .");
    story.press("Up Up n");
    assert!(!story.screen().contains("Hands the call over"));
    // The hidden answer is still there, should the other come back.
    story.press("u");
    assert!(story.screen().contains("Hands the call over"));
    assert_eq!(story.answers(), ". . . yes no . .");
}

#[test]
fn a_section_of_na_alone_leaves_the_score() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert_eq!(
        story.press("a").told(),
        "This behavior has to be answered; N/A is not possible."
    );
    story.press("y y 2 a a a");
    assert_snapshot!("section_of_na", story.screen());
}

#[test]
fn undo_goes_back_over_every_kind_of_change() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    let blank = story.screen();
    story.press("y n c \"Skipped\" Esc d 1 Esc t 1 \"Says so\" Enter 3");
    let draft = story.kept.borrow().saved.clone().expect("saved");
    assert_eq!(
        (draft.drivers.as_slice(), draft.caller_type_heard),
        ([0].as_slice(), Some(CallerType::Internal))
    );
    assert_eq!(draft.heard_reason.as_deref(), Some("Says so"));
    assert_eq!(
        story.press("u").told(),
        "Took back: Gives a correct and complete answer"
    );
    assert_eq!(story.press("u").told(), "Took back the last change.");
    assert_eq!(story.press("u").told(), "Took back the last change.");
    assert_eq!(
        story.press("u").told(),
        "Took back: Checks the customer's identity"
    );
    assert_eq!(story.answers(), "yes no . . . . .");
    story.press("u u");
    assert_eq!(story.answers(), ". . . . . . .");
    let lines = |screen: &str| {
        screen
            .lines()
            .take(22)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&story.screen()), lines(&blank));
}

#[test]
fn what_was_taken_back_can_be_made_again() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    story.press("y n u u");
    assert_eq!(story.answers(), ". . . . . . .");
    assert_eq!(
        story.press("Ctrl-R").told(),
        "Made again: Gives own name and department"
    );
    story.press("Ctrl-R");
    assert_eq!(story.answers(), "yes no . . . . .");
    assert_eq!(
        story.press("Ctrl-R").told(),
        "There is nothing to make again."
    );
}

#[test]
fn undo_never_leaves_the_cursor_on_a_behavior_that_is_not_asked() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    // Heard as internal and back; then undone while the cursor stands on what only external calls are asked.
    story.press("t 1 \"Staff number\" Enter t 4 Home Down u y");
    assert_eq!(
        story.told(),
        "`y` is no answer here. Use 1, 2, 3; ? shows all keys."
    );
}

#[test]
fn keys_with_control_or_alt_and_keys_in_pieces_are_no_answers() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    story.press("Ctrl-N Alt-y [ A [ B");
    assert!(story.kept.borrow().saved.is_none());
    assert!(story.acts().is_empty());
    story.press("y");
    assert_eq!(story.answers(), "yes . . . . . .");
    // Esc and a letter that arrive as one end a comment like Esc.
    story.press("c \"One\" Ctrl-J \"two\" Alt-y y");
    let draft = story.kept.borrow().saved.clone().expect("saved");
    assert_eq!(draft.comments[1], "One\ntwo");
    assert_eq!(story.answers(), "yes yes . . . . .");
}

#[test]
fn after_a_failure_keys_typed_ahead_are_to_be_forgotten() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    story.kept.borrow_mut().trouble = Some("Not kept: busy".to_owned());
    assert_eq!(story.press("y").flow, Flow::Forget);
    assert_eq!(story.told(), "Not kept: busy");
}

#[test]
fn leaving_keeps_the_place_and_a_finished_call_is_found_at_its_end() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    story.press("y y 1 Home q");
    let draft = story.kept.borrow().saved.clone().expect("saved");
    assert_eq!(draft.at, Some(0));
    story.press("End q");
    let draft = story.kept.borrow().saved.clone().expect("saved");
    assert_eq!(draft.at, Some(rubric.behaviors().len()));
}

#[test]
fn the_behavior_can_be_read_in_full() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert_snapshot!(
        "in_full",
        story.press("Down n c \"Skipped\" Esc Up ? ?").screen()
    );
}

#[test]
fn tab_and_enter_find_what_is_missing() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    story.press("Tab y Tab y");
    assert_eq!(story.answers(), ". yes . yes . . .");
    assert_eq!(
        story.press("Enter").told(),
        "5 answers are missing; the first is here."
    );
    story.press("y");
    assert_eq!(story.answers(), "yes yes . yes . . .");
    story.press("Tab 1 Tab y Tab a Tab a");
    assert_eq!(
        story.press("Tab").told(),
        "Nothing is missing; Enter completes the call."
    );
}

#[test]
fn a_wrong_key_changes_nothing_and_says_which_are_right() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert_eq!(
        story.press("1").told(),
        "`1` is no answer here. Use y, n; ? shows all keys."
    );
    story.press("End");
    assert!(
        story
            .press("y")
            .told()
            .starts_with("This line takes a comment")
    );
    assert!(story.kept.borrow().saved.is_none());
    // A stuck Caps Lock does no harm.
    story.press("Home Y");
    assert_eq!(story.answers(), "yes . . . . . .");
}

#[test]
fn the_call_as_a_whole_takes_a_comment_and_reasons() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert_snapshot!("reasons", story.press("d Down Space").screen());
    story.press("1 2 Esc End c \"First minute is worth a second hearing\" Esc");
    assert_snapshot!("whole_call", story.screen());
    let draft = story.kept.borrow().saved.clone().expect("saved");
    assert_eq!(draft.drivers, [0]);
    assert_eq!(draft.comment, "First minute is worth a second hearing");
}

#[test]
fn a_call_that_cannot_be_scored_leaves_with_a_reason() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert_snapshot!("unscorable", story.press("x Down").screen());
    // With an answer on it a digit alone doesn't send the call away.
    story.press("Esc y x 6");
    assert!(story.screen().contains("Enter drops its answers"));
    assert!(story.acts().is_empty());
    story.press("Enter Enter");
    assert_eq!(story.told(), "Say why, please.");
    story.press("\"Two calls in one\" Enter");
    assert_eq!(story.acts(), ["unscorable C-1: other Two calls in one"]);
    assert_eq!(story.told(), "C-1 can't be scored.");
    story.press("x 1");
    assert_eq!(story.acts()[1], "unscorable C-2: no-recording -");
}

#[test]
fn caller_type_and_csr_can_be_corrected_as_heard_with_a_reason() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert!(story.screen().contains("Checks the customer's identity"));
    assert_eq!(
        story.press("t 1 Enter").told(),
        "A reason, please: how do you know?"
    );
    story.press("\"Gives a staff number\" Enter");
    assert!(!story.screen().contains("Checks the customer's identity"));
    story.press("t 3 \"Ada\" Enter Enter");
    assert_snapshot!("as_heard", story.screen());
    story.press("t 4");
    let draft = story.kept.borrow().saved.clone().expect("saved");
    assert_eq!(
        (draft.caller_type_heard, draft.csr_heard, draft.heard_reason),
        (None, None, None)
    );
}

#[test]
fn an_own_complete_call_reopens_with_a_picked_reason() {
    let (rubric, mut desk) = (rubric(), external());
    desk.0.borrow_mut().earlier = vec![
        earlier(call("B-1", "Ada", CallerType::External), 82.5),
        earlier(call("B-2", "Ada", CallerType::Internal), 90.0),
    ];
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert_snapshot!("reopen", story.press("b").screen());
    story.press("b");
    assert!(story.screen().contains("Reopen B-1 (82.5, pass)"));
    assert_eq!(
        story.press("b").told(),
        "There is no earlier call of yours."
    );
    story.press("Esc b 2");
    assert_eq!(story.acts(), ["reopen B-2: heard the call again"]);
    assert!(story.screen().starts_with(" reopened · B-2"));
    story.press("y 1 n a a Enter");
    assert_eq!(story.acts()[1], "complete B-2");
}

#[test]
fn after_the_last_call_an_earlier_one_can_still_be_reopened() {
    let rubric = rubric();
    let mut desk = desk(vec![]);
    desk.0.borrow_mut().earlier = vec![earlier(call("B-1", "Ada", CallerType::External), 82.5)];
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert!(
        story
            .press("b")
            .screen()
            .contains("Reopen B-1 (82.5, pass)")
    );
    assert!(
        story
            .press("Esc")
            .screen()
            .contains("No call is left for anna to score.")
    );
    story.press("b 5 \"Heard a second voice\" Enter");
    assert_eq!(story.acts(), ["reopen B-1: Heard a second voice"]);
    assert_eq!(story.press("q").flow, Flow::End);
}

#[test]
fn a_wide_screen_shows_the_transcript_and_finds_words_in_it() {
    let rubric = rubric();
    let mut work = call("C-1", "Łukasz Wójcik", CallerType::External);
    let lines = (1..=60).map(|n| match n {
        30 => "CSR: Your order left us on Monday.".to_owned(),
        _ => format!("Caller: line {n} \u{1b}[31m"),
    });
    work.transcript = Some(lines.collect::<Vec<_>>().join("\n"));
    let mut desk = desk(vec![work]);
    let mut story = Story::new(&rubric, &mut desk, LARGE);
    assert_snapshot!("transcript", story.press("y y").screen());
    assert_snapshot!("found", story.press("/ \"MONDAY\" Enter").screen());
    story.press("Esc PgDn");
    assert!(story.screen().contains("Transcript 40/60"));
    assert_eq!(
        story.press("/ \"x-ray\"").told(),
        "The transcript does not say that."
    );
}

#[test]
fn letters_move_like_arrows_and_pages_scroll_both_ways() {
    let rubric = rubric();
    let mut work = call("C-1", "Ada", CallerType::External);
    work.transcript = Some((1..=60).map(|n| format!("line {n}\n")).collect());
    let mut desk = desk(vec![work]);
    let mut story = Story::new(&rubric, &mut desk, LARGE);
    story.press("j j k y");
    assert_eq!(story.answers(), ". yes . . . . .");
    story.press("PgDn PgDn PgUp");
    assert!(story.screen().contains("Transcript 11/60"));
}

#[test]
fn without_a_transcript_the_list_has_the_whole_width() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, LARGE);
    assert!(!story.screen().contains("Transcript"));
    assert_eq!(story.press("/").told(), "This call has no transcript.");
}

#[test]
fn all_keys_stand_in_the_help() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert_snapshot!("help", story.press("?").screen());
    assert!(!story.press("y").screen().contains("Keys"));
    assert!(story.kept.borrow().saved.is_none());
}

#[test]
fn pasted_text_goes_into_a_comment_and_never_counts_as_keys() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    story.event(Event::Paste("yny".to_owned()));
    assert_eq!(
        story.told(),
        "Text can be pasted into a comment; press c first."
    );
    story.press("c");
    story.event(Event::Paste("from\nthe log".to_owned()));
    let comment = story
        .kept
        .borrow()
        .saved
        .clone()
        .map(|draft| draft.comments[0].clone());
    assert_eq!(comment.as_deref(), Some("from\nthe log"));
}

#[test]
fn leaving_and_stopping_for_a_while() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    assert_eq!(story.press("Ctrl-Z").flow, Flow::Suspend);
    assert_eq!(story.press("y").flow, Flow::On);
    assert_eq!(story.press("q").flow, Flow::End);
    assert_eq!(story.press("c Ctrl-C").flow, Flow::End);
    story.press("Esc o");
    assert_eq!(story.told(), "The log names no recording of this call.");
}

#[test]
fn a_small_terminal_is_told_how_large_it_has_to_be() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, (60, 20));
    assert_eq!(
        story.screen().trim_end(),
        "60x20 is too small: scoring takes 80x24. Everything is kept."
    );
    // What nobody sees is not answered.
    story.press("y x 1");
    assert!(story.kept.borrow().saved.is_none() && story.acts().is_empty());
    assert_eq!(story.press("q").flow, Flow::End);
}

#[test]
fn a_hidden_csr_is_nowhere_on_the_screen() {
    let rubric = rubric();
    let mut work = call("C-1", "", CallerType::External);
    work.blind = true;
    let mut desk = desk(vec![work]);
    let screen = Story::new(&rubric, &mut desk, SMALL).screen();
    assert!(screen.contains("CSR hidden · external caller"), "{screen}");
}

#[test]
fn signs_tell_what_colours_tell_and_without_colours_there_are_none() {
    let (rubric, mut desk) = (rubric(), external());
    let mut story = Story::new(&rubric, &mut desk, SMALL);
    story.press("y n");
    let colors = |story: &mut Story<'_>, color| {
        let buffer = story.buffer(color);
        let used = buffer
            .content
            .iter()
            .map(|cell| cell.fg)
            .filter(|fg| *fg != Color::Reset);
        used.collect::<Vec<_>>()
    };
    assert!(!colors(&mut story, true).is_empty());
    assert!(colors(&mut story, false).is_empty());
    let buffer = story.buffer(false);
    let reversed = buffer
        .content
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED));
    assert!(reversed.count() > 80, "the bar and the cursor's line");
    let screen = story.screen();
    assert!(
        screen.contains("✓ Gives own name") && screen.contains("! Checks the customer's"),
        "{screen}"
    );
}

#[test]
fn the_readme_shows_a_real_screen() {
    let project = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let loaded = evenhand::read::rubric(&project.join("rubrics/customer-service.toml"));
    let rubric = loaded.expect("a rubric").rubric;
    let log = std::fs::read_to_string(project.join("samples/calls.csv")).expect("the log");
    let mut reader = csv::Reader::from_reader(log.as_bytes());
    let names = reader.headers().expect("a header").clone();
    let mut rows = reader.records().map(|row| row.expect("a row"));
    let row = rows.find(|row| &row[0] == "C-001192").expect("the call");
    let mut work = call("C-001192", &row[1], CallerType::External);
    work.draft = evenhand::evaluation::Draft::new(&rubric);
    work.call.started_text = Some(row[3].to_owned());
    work.call.duration_s = row[4].parse().ok();
    let fields = names.iter().zip(row.iter());
    work.call.fields = fields
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    let mut desk = desk(vec![work]);
    let mut story = Story::new(&rubric, &mut desk, (100, 28));
    let screen = story
        .press("y y n y 2 1 y 2 c \"Left out the delivery charge.\" Esc")
        .screen();
    let readme = std::fs::read_to_string(project.join("README.md")).expect("README");
    assert!(
        readme.contains(screen.trim_end()),
        "the README should show:\n{screen}"
    );
}
