//! Call logs: one month of a contact centre, in the order of time.

use crate::{Dice, Options, Output, Result, clock, words};
use std::collections::BTreeMap;

const HEADER: &str =
    "call_id|csr|caller_type|started_at|duration_s|queue|direction|caller|interaction_id|subject";
const CSRS: &str = "Amara Okafor|O'Brien, Siobhan|Łukasz Wójcik|José Muñoz|Priya Raghavan|Jürgen Schäfer|\
Mei-Ling Tan|Fatima El-Sayed|Zoë van den Berg|Noah Lindqvist|Hana Kovářová|Daniel Mensah";
const GIVEN: &str = "Ada|Ben|Carla|David|Elena|Farid|Grace|Henrik|Ines|Jonas|Karin|Leo|Maria|Nils|Olga|Pedro|Qing|\
Rosa|Samir|Tessa|Umar|Vera|William|Yusuf|Zara";
const FAMILY: &str = "Adler|Bauer|Costa|Dubois|Eriksen|Fischer|Garcia|Hansen|Ito|Jensen|Keller|Lopez|Moreau|Novak|\
Olsen|Petrov|Rossi|Silva|Tanaka|Visser";
const DEPARTMENTS: &str =
    "Field sales|Field sales|Accounts|Warehouse|Marketing|Legal|Leeds branch|Service planning";

/// What external and internal callers call about: queue, colon, subject; `#` stands for a number.
const MATTERS: [&str; 2] = [
    "Orders:Where is order #|Orders:Order #, change of address|Orders:Two more items for order #|Orders:|\
Deliveries:Parcel # open, one item missing|Deliveries:Got a \"missed you\" card, nobody rang|Deliveries:|\
Deliveries:Other day for delivery #|Deliveries:Delivery # is late|Billing:Invoice # charged twice|Billing:Invoice # not clear|\
Billing:Reminder, but paid on the 3rd|Billing:|Billing:Change of bank details|Returns:Return label for order #|\
Returns:Refund # not seen yet|Returns:Who pays the \"free\" return|Technical support:Does not start|\
Technical support:Error # since the update|Technical support:|Contracts:Cancel contract #|Contracts:Price of contract #",
    "Colleague line:Stock of article #, visit today|Colleague line:Price for 40 units, customer #|\
Colleague line:Who looks after customer #|Colleague line:|Orders:Order # blocked, urgent|\
Orders:Status of order #|Deliveries:Pallet # not at the branch|Billing:Credit note #, who approves|\
Billing:Disputed \"express\" fee, invoice #|Returns:Goods of return # not booked in|\
Technical support:Spare part for case #|Contracts:Special terms for contract #",
];
const TWO_LINES: &str = "1) Where is the parcel?\n2) Can the invoice wait, please?";

/// The working hours of July 2026: share of the month's calls before the hour, in it, and its first second.
struct Calendar(Vec<(f64, f64, usize)>);

impl Calendar {
    fn new() -> Self {
        const DAYS: [f64; 7] = [1.0, 0.95, 0.9, 0.3, 0.0, 1.25, 1.05]; // from Wednesday, 1 July
        const HOURS: [f64; 11] = [0.5, 0.9, 1.3, 1.3, 0.9, 0.7, 1.1, 1.2, 1.0, 0.7, 0.4]; // from 08:00
        let all: f64 = (0..341).map(|i| DAYS[i / 11 % 7] * HOURS[i % 11]).sum();
        let hours = (0..341).scan(0.0, |before, i| {
            let share = DAYS[i / 11 % 7] * HOURS[i % 11] / all;
            *before += share;
            Some((
                *before - share,
                share,
                i / 11 * 86_400 + (8 + i % 11) * 3_600,
            ))
        });
        Self(hours.filter(|(_, share, _)| *share > 0.0).collect())
    }
    /// The second of the month by which this share of its calls has begun.
    fn at(&self, share: f64) -> u32 {
        let hour = self.0.partition_point(|(before, ..)| *before <= share) - 1;
        let (before, own, first) = self.0[hour];
        (first as f64 + (3_600.0 * (share - before) / own).clamp(0.0, 3_599.0)) as u32
    }
}

/// One row of the log; `interaction` is the number of its first call.
#[derive(Clone, Default)]
struct Call<'a> {
    number: usize,
    csr: &'a str,
    caller_type: &'a str,
    start: u32,
    duration: u32,
    queue: &'a str,
    direction: &'a str,
    caller: String,
    interaction: usize,
    subject: String,
}

impl Call<'_> {
    fn write(&self, out: &mut Output, width: usize) -> Result<()> {
        let (day, time) = (self.start / 86_400 + 1, clock(self.start % 86_400));
        out.write_field(format!("C-{:0width$}", self.number))?;
        out.write_field(self.csr)?;
        out.write_field(self.caller_type)?;
        out.write_field(format!("2026-07-{day:02}T{time}"))?;
        out.write_field(self.duration.to_string())?;
        out.write_field(self.queue)?;
        out.write_field(self.direction)?;
        out.write_field(&self.caller)?;
        out.write_field(format!("I-{:0width$}", self.interaction))?;
        out.write_field(&self.subject)?;
        Ok(out.write_record(None::<&[u8]>)?)
    }
}

/// Where calls come from: chance, and the words it chooses from.
struct Callers {
    dice: Dice,
    matters: [Vec<&'static str>; 2],
    departments: Vec<&'static str>,
}

impl Callers {
    fn new(seed: &str) -> Self {
        let dice = Dice::new("calls", seed, "");
        Self {
            dice,
            matters: MATTERS.map(words),
            departments: words(DEPARTMENTS),
        }
    }

    /// A call that has no number and no CSR yet.
    fn call(&mut self, internal: bool, start: u32) -> Call<'static> {
        let dice = &mut self.dice;
        let matter = dice.pick(&self.matters[usize::from(internal)]);
        let (queue, subject) = matter.split_once(':').unwrap_or((matter, ""));
        let line = dice.below(1000);
        let caller = match (internal, dice.below(4)) {
            (true, _) => format!("{}, ext. {}", dice.pick(&self.departments), 2000 + 4 * line),
            (_, 0) => format!("+44 20 7946 0{line:03}"),
            (_, 1) => format!("+44 161 496 0{line:03}"),
            (_, 2) => format!("+49 30 23125 {line:03}"),
            (_, _) => format!("+1 212 555 01{:02}", line % 100),
        };
        let outbound = !internal && dice.chance(0.05);
        Call {
            caller_type: if internal { "internal" } else { "external" },
            start,
            duration: dice.duration(),
            queue,
            direction: if outbound { "outbound" } else { "inbound" },
            caller,
            subject: subject.replace('#', &(20_000 + dice.below(70_000)).to_string()),
            ..Call::default()
        }
    }

    /// What a customer's call may lead to: a co-worker's call on their behalf, and then a call back.
    fn consequences<'a>(&mut self, first: &Call<'a>) -> Vec<Call<'a>> {
        if first.caller_type == "internal" || !self.dice.chance(0.07) {
            return Vec::new();
        }
        let start = first.start + first.duration + 60 + self.dice.below(1200) as u32;
        let second = Call {
            queue: first.queue,
            interaction: first.interaction,
            subject: format!("For a customer. {}", first.subject)
                .trim_end()
                .to_owned(),
            ..self.call(true, start)
        };
        let third = Call {
            start: start + second.duration + 60 + self.dice.below(1200) as u32,
            duration: self.dice.duration(),
            direction: "outbound",
            subject: format!("Call-back. {}", first.subject)
                .trim_end()
                .to_owned(),
            ..first.clone()
        };
        if self.dice.chance(0.3) {
            vec![second, third]
        } else {
            vec![second]
        }
    }
}

/// The listed CSRs, then as many made-up ones as needed.
fn csrs(count: usize) -> Vec<String> {
    let (given, family) = (words(GIVEN), words(FAMILY));
    let made = (0..).map(|i: usize| {
        let name = format!("{} {}", given[i % 25], family[i / 25 % 20]);
        if i < 500 {
            name
        } else {
            format!("{name} {}", i / 500 + 1)
        }
    });
    let listed = words(CSRS).into_iter().map(String::from);
    listed.chain(made).take(count).collect()
}

/// Streams a log in constant memory. A CSR serves one call at a time, some more than others; where a log is so large
/// that all are busy, the third one tried takes the call. `--faults` rows, spread evenly, are five of unknown caller
/// type, one without a CSR and two that repeat the row before, in turn. The example has one subject of two lines, a
/// large log one in 500 rows.
pub(crate) fn write(options: &Options) -> Result<()> {
    let example = match options.get("shape") {
        None | Some("example") => true,
        Some("large") => false,
        Some(other) => return Err(format!("`--shape {other}` is neither example nor large").into()),
    };
    let rows = options.number("rows", 2000)?;
    let faults = options.number("faults", if example { 8 } else { 0 })?;
    let count = options.number("csrs", if example { 12 } else { 500 })?;
    let csrs = csrs(count.max(1));
    let mut callers = Callers::new(options.get("seed").unwrap_or("1"));
    let calendar = Calendar::new();
    let width = rows.to_string().len().max(6);
    let mut free_from = vec![0; csrs.len()];
    let mut to_come: BTreeMap<(u32, usize), Call> = BTreeMap::new();
    let mut last = Call::default();
    let mut out = options.output()?;
    out.write_record(words(HEADER))?;
    for row in 0..rows {
        let faults_so_far = (row + 1) * faults / rows;
        let faulty = faults_so_far > row * faults / rows;
        let fault = faulty.then(|| (faults_so_far - 1) % 8);
        if matches!(fault, Some(6 | 7)) && row > 0 {
            last.write(&mut out, width)?;
            continue;
        }
        let start = calendar.at((row as f64 + callers.dice.unit()) / rows as f64);
        let due = to_come.first_entry().filter(|next| next.key().0 <= start);
        let (mut call, is_first) = match due {
            Some(next) => (next.remove(), false),
            None => {
                let internal = callers.dice.chance(0.21);
                (callers.call(internal, start), true)
            }
        };
        call.number = last.number + 1;
        for _ in 0..if example { 200 } else { 3 } {
            let csr = callers.dice.below(csrs.len());
            let share = 0.6 + 0.4 * (csr * 7 % csrs.len()) as f64 / csrs.len() as f64;
            call.csr = &csrs[csr];
            if free_from[csr] <= call.start && callers.dice.chance(share) {
                free_from[csr] = call.start + call.duration + 20;
                break;
            }
        }
        if is_first {
            call.interaction = call.number;
            for next in callers.consequences(&call) {
                to_come.insert((next.start, call.number), next);
            }
        }
        let two_lines = if example {
            row == rows / 16 * 9
        } else {
            callers.dice.chance(0.002)
        };
        if two_lines {
            call.subject = TWO_LINES.into();
        }
        match fault {
            Some(5) => (call.csr, call.subject) = ("", "Caller hung up while waiting".into()),
            Some(kind) => call.caller_type = ["", "?", "transfer", "", "n/a"][kind % 5],
            None => {}
        }
        call.write(&mut out, width)?;
        last = call;
    }
    Ok(out.flush()?)
}
