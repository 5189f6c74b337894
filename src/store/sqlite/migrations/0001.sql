-- Store, version 1. Written so that PostgreSQL can have the same tables (BLOB is BYTEA, INTEGER is BIGINT, REAL is
-- DOUBLE PRECISION; STRICT and WITHOUT ROWID fall away). Times are microseconds since 1970 in UTC; texts compare byte
-- by byte; nothing is numbered by the engine. Names ending in `_us` are times, `_s` seconds, `_no` and `place` count
-- from 0, `position`, `batch`, `seq` and revisions from 1.

-- A rubric as its file was, and what is needed to read answers without it.
CREATE TABLE rubric (
    hash         BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    scoring_hash BLOB NOT NULL CHECK (length(scoring_hash) = 32),
    id           TEXT NOT NULL,
    title        TEXT NOT NULL,
    revision     TEXT,
    source       TEXT NOT NULL
) STRICT;

CREATE TABLE rubric_behavior (
    rubric_hash BLOB NOT NULL REFERENCES rubric (hash),
    place       INTEGER NOT NULL CHECK (place >= 0),
    section_id  TEXT NOT NULL,
    behavior_id TEXT NOT NULL,
    PRIMARY KEY (rubric_hash, place),
    UNIQUE (rubric_hash, behavior_id)
) STRICT, WITHOUT ROWID;

-- `mark` is the character that stands for the answer in evaluation.answers; `-` is N/A, which has no points.
CREATE TABLE rubric_option (
    rubric_hash BLOB NOT NULL,
    place       INTEGER NOT NULL,
    mark        TEXT NOT NULL CHECK (length(mark) = 1),
    answer_id   TEXT NOT NULL,
    points      REAL,
    PRIMARY KEY (rubric_hash, place, mark),
    FOREIGN KEY (rubric_hash, place) REFERENCES rubric_behavior (rubric_hash, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE rubric_driver (
    rubric_hash BLOB NOT NULL REFERENCES rubric (hash),
    place       INTEGER NOT NULL CHECK (place >= 0),
    driver_id   TEXT NOT NULL,
    avoidable   INTEGER NOT NULL CHECK (avoidable IN (0, 1)),
    PRIMARY KEY (rubric_hash, place)
) STRICT, WITHOUT ROWID;

-- A sample and its design. `eligibility` is JSON.
CREATE TABLE sample (
    name             TEXT NOT NULL PRIMARY KEY,
    unit             TEXT NOT NULL DEFAULT 'call' CHECK (unit IN ('call')),
    seed             TEXT NOT NULL,
    per              TEXT NOT NULL,
    quota            INTEGER NOT NULL CHECK (quota >= 0),
    eligibility      TEXT NOT NULL,
    include_unknown  INTEGER NOT NULL CHECK (include_unknown IN (0, 1)),
    rubric_hash      BLOB NOT NULL REFERENCES rubric (hash),
    drawn_at_us      INTEGER NOT NULL,
    withdrawn_at_us  INTEGER,
    withdrawn_reason TEXT,
    CHECK ((withdrawn_at_us IS NULL) = (withdrawn_reason IS NULL))
) STRICT;

CREATE INDEX sample_rubric ON sample (rubric_hash, name);

-- What one log added to a sample.
CREATE TABLE batch (
    sample       TEXT NOT NULL REFERENCES sample (name),
    batch        INTEGER NOT NULL CHECK (batch >= 1),
    log          TEXT NOT NULL,
    file_sha256  BLOB CHECK (length(file_sha256) = 32),
    profile      TEXT,
    calls_in_log INTEGER NOT NULL,
    eligible     INTEGER NOT NULL,
    not_eligible INTEGER NOT NULL,
    frame_digest BLOB NOT NULL CHECK (length(frame_digest) = 32),
    period_from  TEXT,
    period_to    TEXT,
    drawn_at_us  INTEGER NOT NULL,
    PRIMARY KEY (sample, batch),
    CHECK ((period_from IS NULL) = (period_to IS NULL))
) STRICT, WITHOUT ROWID;

-- Rows of the log that can't be used; `lines` is a JSON array of the first ones.
CREATE TABLE refused (
    sample TEXT NOT NULL,
    batch  INTEGER NOT NULL,
    reason TEXT NOT NULL,
    rows   INTEGER NOT NULL,
    lines  TEXT NOT NULL,
    PRIMARY KEY (sample, batch, reason),
    FOREIGN KEY (sample, batch) REFERENCES batch (sample, batch)
) STRICT, WITHOUT ROWID;

-- Strata count on through the batches of a sample, so that a call's stratum is a place in one list.
CREATE TABLE stratum (
    sample      TEXT NOT NULL,
    stratum_no  INTEGER NOT NULL CHECK (stratum_no >= 0),
    batch       INTEGER NOT NULL,
    csr         TEXT,
    caller_type TEXT CHECK (caller_type IN ('internal', 'external', 'unknown')),
    eligible    INTEGER NOT NULL,
    quota       INTEGER NOT NULL,
    digest      BLOB NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (sample, stratum_no),
    FOREIGN KEY (sample, batch) REFERENCES batch (sample, batch)
) STRICT, WITHOUT ROWID;

-- Eligible calls per CSR and caller type, whatever the strata are.
CREATE TABLE cell (
    sample      TEXT NOT NULL,
    batch       INTEGER NOT NULL,
    csr         TEXT NOT NULL,
    caller_type TEXT NOT NULL CHECK (caller_type IN ('internal', 'external', 'unknown')),
    eligible    INTEGER NOT NULL,
    PRIMARY KEY (sample, batch, csr, caller_type),
    FOREIGN KEY (sample, batch) REFERENCES batch (sample, batch)
) STRICT, WITHOUT ROWID;

-- Kept in draw-number order, the order in which calls are scored and listed. `state` follows from the evaluations
-- and unscorable rows of this call; it is written with them, so that the queue need not look for them.
CREATE TABLE drawn_call (
    sample        TEXT NOT NULL REFERENCES sample (name),
    draw_number   BLOB NOT NULL CHECK (length(draw_number) = 32),
    call_id       TEXT NOT NULL,
    unit_id       TEXT NOT NULL,
    batch         INTEGER NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('drawn', 'reserve', 'picked')),
    state         TEXT NOT NULL CHECK (state IN ('open', 'complete', 'unscorable')),
    stratum_no    INTEGER,
    position      INTEGER,
    csr           TEXT NOT NULL,
    caller_type   TEXT NOT NULL CHECK (caller_type IN ('internal', 'external', 'unknown')),
    line          INTEGER NOT NULL,
    started_at_us INTEGER,
    started_text  TEXT,
    duration_s    REAL,
    PRIMARY KEY (sample, draw_number, call_id),
    UNIQUE (sample, call_id),
    FOREIGN KEY (sample, batch) REFERENCES batch (sample, batch),
    FOREIGN KEY (sample, stratum_no) REFERENCES stratum (sample, stratum_no),
    CHECK (role = 'picked' OR (stratum_no IS NOT NULL AND position IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX drawn_call_queue ON drawn_call (sample, role, state, draw_number, call_id);
CREATE UNIQUE INDEX drawn_call_position ON drawn_call (sample, stratum_no, role, position);

-- Every column of the log, apart from the call because it is long and seldom wanted: JSON, [[name, text], ...].
CREATE TABLE call_fields (
    sample  TEXT NOT NULL,
    call_id TEXT NOT NULL,
    fields  TEXT NOT NULL,
    PRIMARY KEY (sample, call_id),
    FOREIGN KEY (sample, call_id) REFERENCES drawn_call (sample, call_id)
) STRICT;

CREATE TABLE analyst (
    name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Statements that a call can't be scored. The newest row of a call holds; `undone` takes the one before it back.
CREATE TABLE unscorable (
    sample      TEXT NOT NULL,
    call_id     TEXT NOT NULL,
    seq         INTEGER NOT NULL CHECK (seq >= 1),
    undone      INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
    analyst     TEXT NOT NULL REFERENCES analyst (name),
    reason      TEXT NOT NULL,
    note        TEXT,
    replaced_by TEXT,
    at_us       INTEGER NOT NULL,
    PRIMARY KEY (sample, call_id, seq),
    FOREIGN KEY (sample, call_id) REFERENCES drawn_call (sample, call_id),
    FOREIGN KEY (sample, replaced_by) REFERENCES drawn_call (sample, call_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE assignment (
    sample  TEXT NOT NULL,
    call_id TEXT NOT NULL,
    analyst TEXT NOT NULL REFERENCES analyst (name),
    PRIMARY KEY (sample, call_id),
    FOREIGN KEY (sample, call_id) REFERENCES drawn_call (sample, call_id)
) STRICT, WITHOUT ROWID;

-- Programs in which an analyst scores; the highest seq is the one that may save.
CREATE TABLE program (
    sample  TEXT NOT NULL REFERENCES sample (name),
    analyst TEXT NOT NULL REFERENCES analyst (name),
    token   TEXT NOT NULL,
    seq     INTEGER NOT NULL CHECK (seq >= 1),
    PRIMARY KEY (sample, analyst, token)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
    sample         TEXT NOT NULL,
    call_id        TEXT NOT NULL,
    analyst        TEXT NOT NULL REFERENCES analyst (name),
    lease_until_us INTEGER NOT NULL,
    PRIMARY KEY (sample, call_id, analyst),
    FOREIGN KEY (sample, call_id) REFERENCES drawn_call (sample, call_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX claim_analyst ON claim (sample, analyst);

-- `payload` is JSON.
CREATE TABLE draft (
    sample      TEXT NOT NULL,
    call_id     TEXT NOT NULL,
    analyst     TEXT NOT NULL REFERENCES analyst (name),
    payload     TEXT NOT NULL,
    saved_at_us INTEGER NOT NULL,
    PRIMARY KEY (sample, call_id, analyst),
    FOREIGN KEY (sample, call_id) REFERENCES drawn_call (sample, call_id)
) STRICT;

CREATE INDEX draft_analyst ON draft (sample, analyst, call_id);

-- One analyst's complete evaluation. `answers` has one character per behavior of the rubric: `.` not asked, `-` N/A,
-- else the mark of rubric_option. `criticals` and `drivers` have a `1` where a behavior's critical was triggered or
-- a driver ticked, else `0`; empty where there is none at all. Kept in draw-number order like the calls, so that all
-- scores of a sample are read in one go; draw_number follows from the sample's seed and the call's id.
CREATE TABLE evaluation (
    sample                TEXT NOT NULL,
    draw_number           BLOB NOT NULL,
    call_id               TEXT NOT NULL,
    analyst               TEXT NOT NULL REFERENCES analyst (name),
    evaluation_revision   INTEGER NOT NULL CHECK (evaluation_revision >= 1),
    rubric_hash           BLOB NOT NULL REFERENCES rubric (hash),
    caller_type           TEXT NOT NULL CHECK (caller_type IN ('internal', 'external', 'unknown')),
    answers               TEXT NOT NULL,
    criticals             TEXT NOT NULL,
    score                 REAL,
    score_before_critical REAL,
    outcome               TEXT CHECK (outcome IN ('pass', 'below', 'fail')),
    seconds               REAL,
    completed_at_us       INTEGER NOT NULL,
    caller_type_heard     TEXT CHECK (caller_type_heard IN ('internal', 'external', 'unknown')),
    csr_heard             TEXT,
    heard_reason          TEXT,
    amend_reason          TEXT,
    drivers               TEXT NOT NULL,
    comment               TEXT NOT NULL,
    PRIMARY KEY (sample, draw_number, call_id, analyst, evaluation_revision),
    FOREIGN KEY (sample, draw_number, call_id) REFERENCES drawn_call (sample, draw_number, call_id),
    CHECK ((evaluation_revision > 1) = (amend_reason IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Comments on single behaviors.
CREATE TABLE comment (
    sample              TEXT NOT NULL,
    draw_number         BLOB NOT NULL,
    call_id             TEXT NOT NULL,
    analyst             TEXT NOT NULL,
    evaluation_revision INTEGER NOT NULL,
    behavior_id         TEXT NOT NULL,
    text                TEXT NOT NULL,
    PRIMARY KEY (sample, draw_number, call_id, analyst, evaluation_revision, behavior_id),
    FOREIGN KEY (sample, draw_number, call_id, analyst, evaluation_revision)
        REFERENCES evaluation (sample, draw_number, call_id, analyst, evaluation_revision)
) STRICT, WITHOUT ROWID;

-- Who did what. `who` is unknown for draws, which scripts make.
CREATE TABLE event (
    sample TEXT NOT NULL REFERENCES sample (name),
    seq    INTEGER NOT NULL CHECK (seq >= 1),
    at_us  INTEGER NOT NULL,
    who    TEXT,
    act    TEXT NOT NULL CHECK (act IN ('draw', 'top-up', 'unscorable', 'amend')),
    detail TEXT NOT NULL,
    PRIMARY KEY (sample, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER evaluation_stays_as_it_is BEFORE UPDATE ON evaluation
BEGIN SELECT RAISE(ABORT, 'an evaluation is never changed: amend it'); END;
CREATE TRIGGER evaluation_stays BEFORE DELETE ON evaluation
BEGIN SELECT RAISE(ABORT, 'an evaluation is never deleted'); END;
CREATE TRIGGER comment_stays_as_it_is BEFORE UPDATE ON comment
BEGIN SELECT RAISE(ABORT, 'a comment is part of its evaluation'); END;
CREATE TRIGGER comment_stays BEFORE DELETE ON comment
BEGIN SELECT RAISE(ABORT, 'a comment is part of its evaluation'); END;
CREATE TRIGGER unscorable_stays_as_it_is BEFORE UPDATE ON unscorable
BEGIN SELECT RAISE(ABORT, 'a statement is never changed'); END;
CREATE TRIGGER unscorable_stays BEFORE DELETE ON unscorable
BEGIN SELECT RAISE(ABORT, 'a statement is never deleted'); END;
CREATE TRIGGER event_stays_as_it_is BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'what was done is never changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'what was done is never deleted'); END;

-- The places of one call in all samples of one rubric, its own included: it is scored once for all of them. Ids that a
-- telephone system uses again later are told apart by the start as logged.
CREATE VIEW same_call AS
SELECT here.sample, here.call_id, there.sample AS other, there.draw_number AS other_number,
       there.role AS other_role, there.state AS other_state
FROM drawn_call AS here
JOIN sample AS this ON this.name = here.sample
JOIN sample AS that ON that.rubric_hash = this.rubric_hash
JOIN drawn_call AS there
  ON there.sample = that.name AND there.call_id = here.call_id
 AND there.started_text IS NOT DISTINCT FROM here.started_text;

-- The newest evaluation revision of each analyst, with the CSR and caller type as heard.
CREATE VIEW evaluations_current AS
SELECT e.sample, e.call_id, e.analyst, e.evaluation_revision, coalesce(e.csr_heard, c.csr) AS csr, e.caller_type,
       e.score, e.score_before_critical, e.outcome, e.seconds, e.completed_at_us, e.comment, e.answers, e.criticals,
       e.rubric_hash, e.draw_number
FROM evaluation AS e
JOIN drawn_call AS c ON c.sample = e.sample AND c.draw_number = e.draw_number AND c.call_id = e.call_id
WHERE NOT EXISTS (
    SELECT 1 FROM evaluation AS newer
    WHERE newer.sample = e.sample AND newer.draw_number = e.draw_number AND newer.call_id = e.call_id
      AND newer.analyst = e.analyst AND newer.evaluation_revision > e.evaluation_revision);

-- One row per answer of those. `answer_id` is `na` for N/A; what was not asked has no row.
CREATE VIEW answers AS
SELECT e.sample, e.call_id, e.analyst, e.evaluation_revision, e.csr, e.caller_type, b.section_id, b.behavior_id,
       o.answer_id, o.points, t.text AS comment
FROM evaluations_current AS e
JOIN rubric_behavior AS b ON b.rubric_hash = e.rubric_hash
JOIN rubric_option AS o
  ON o.rubric_hash = b.rubric_hash AND o.place = b.place AND o.mark = substr(e.answers, b.place + 1, 1)
LEFT JOIN comment AS t
  ON t.sample = e.sample AND t.draw_number = e.draw_number AND t.call_id = e.call_id AND t.analyst = e.analyst
 AND t.evaluation_revision = e.evaluation_revision AND t.behavior_id = b.behavior_id;
