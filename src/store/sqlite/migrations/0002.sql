-- Store, version 2: totals spread over strata, calls dealt to analysts, calls scored by two or declined, and counts that
-- need no counting. Written for PostgreSQL too, as version 1 is.

-- How a total was spread over the strata of a sample. Its sample.quota is 0; stratum.quota says what each gave.
-- `sd_from` is the sample whose deviations neyman went by.
CREATE TABLE spread (
    sample  TEXT NOT NULL PRIMARY KEY REFERENCES sample (name),
    total   INTEGER NOT NULL CHECK (total >= 1),
    how     TEXT NOT NULL CHECK (how IN ('proportional', 'equal', 'neyman')),
    least   INTEGER NOT NULL CHECK (least >= 1),
    sd_from TEXT,
    CHECK ((how = 'neyman') = (sd_from IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Among whom the calls of a sample are dealt. `double_share` is in hundredths of a per cent; NULL: no call is scored
-- by two.
CREATE TABLE dealing (
    sample       TEXT NOT NULL PRIMARY KEY REFERENCES sample (name),
    double_share INTEGER CHECK (double_share BETWEEN 1 AND 10000)
) STRICT, WITHOUT ROWID;

CREATE TABLE dealing_share (
    sample  TEXT NOT NULL REFERENCES dealing (sample),
    place   INTEGER NOT NULL CHECK (place >= 0),
    analyst TEXT NOT NULL REFERENCES analyst (name),
    share   INTEGER NOT NULL CHECK (share >= 1),
    PRIMARY KEY (sample, place),
    UNIQUE (sample, analyst)
) STRICT, WITHOUT ROWID;

-- Who scores a call: `rank` 1 counts, 2 scores it as well and never counts, so drawn_call.state stays `open` until
-- somebody else has completed the call. `state` is that of this analyst's own work, written with it: `complete` where
-- the analyst has completed the call (or rank 1 need not, because it was scored for another sample before it was dealt),
-- `declined` where the analyst can't score it, though others may.
CREATE TABLE assignment_ranked (
    sample      TEXT NOT NULL,
    draw_number BLOB NOT NULL,
    call_id     TEXT NOT NULL,
    rank        INTEGER NOT NULL CHECK (rank IN (1, 2)),
    analyst     TEXT NOT NULL REFERENCES analyst (name),
    state       TEXT NOT NULL CHECK (state IN ('open', 'complete', 'unscorable', 'declined')),
    PRIMARY KEY (sample, call_id, rank),
    UNIQUE (sample, call_id, analyst),
    FOREIGN KEY (sample, draw_number, call_id) REFERENCES drawn_call (sample, draw_number, call_id)
) STRICT, WITHOUT ROWID;

INSERT INTO assignment_ranked (sample, draw_number, call_id, rank, analyst, state)
SELECT a.sample, c.draw_number, a.call_id, 1, a.analyst, c.state
FROM assignment AS a JOIN drawn_call AS c ON c.sample = a.sample AND c.call_id = a.call_id;

DROP TABLE assignment;
ALTER TABLE assignment_ranked RENAME TO assignment;

CREATE INDEX assignment_queue ON assignment (sample, analyst, state, draw_number, call_id);

-- Why an analyst can't score a call that was given to them.
CREATE TABLE declined (
    sample  TEXT NOT NULL,
    call_id TEXT NOT NULL,
    analyst TEXT NOT NULL REFERENCES analyst (name),
    reason  TEXT NOT NULL,
    note    TEXT,
    at_us   INTEGER NOT NULL,
    PRIMARY KEY (sample, call_id, analyst),
    FOREIGN KEY (sample, call_id) REFERENCES drawn_call (sample, call_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER declined_stays_as_it_is BEFORE UPDATE ON declined
BEGIN SELECT RAISE(ABORT, 'a statement is never changed'); END;
CREATE TRIGGER declined_stays BEFORE DELETE ON declined
BEGIN SELECT RAISE(ABORT, 'a statement is never deleted'); END;

-- That is an act, too.
CREATE TABLE event_with_decline (
    sample TEXT NOT NULL REFERENCES sample (name),
    seq    INTEGER NOT NULL CHECK (seq >= 1),
    at_us  INTEGER NOT NULL,
    who    TEXT,
    act    TEXT NOT NULL CHECK (act IN ('draw', 'top-up', 'unscorable', 'amend', 'decline')),
    detail TEXT NOT NULL,
    PRIMARY KEY (sample, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO event_with_decline (sample, seq, at_us, who, act, detail)
SELECT sample, seq, at_us, who, act, detail FROM event;
DROP TABLE event;
ALTER TABLE event_with_decline RENAME TO event;

CREATE TRIGGER event_stays_as_it_is BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'what was done is never changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'what was done is never deleted'); END;

-- Who has completed a call, for whichever sample of the rubric, and may count in this one: all but its second analyst.
CREATE VIEW may_count AS
SELECT s.sample, s.call_id, e.analyst
FROM same_call AS s
JOIN evaluation AS e ON e.sample = s.other AND e.draw_number = s.other_number AND e.call_id = s.call_id
WHERE NOT EXISTS (
    SELECT 1 FROM assignment AS a
    WHERE a.sample = s.sample AND a.call_id = s.call_id AND a.analyst = e.analyst AND a.rank = 2);

-- Whether the call is assigned to anybody: those who look for a free call need not pass by all that are not.
ALTER TABLE drawn_call ADD COLUMN assigned INTEGER NOT NULL DEFAULT 0 CHECK (assigned IN (0, 1));
UPDATE drawn_call SET assigned = 1 WHERE EXISTS (
    SELECT 1 FROM assignment AS a WHERE a.sample = drawn_call.sample AND a.call_id = drawn_call.call_id);

DROP INDEX drawn_call_queue;
CREATE INDEX drawn_call_queue ON drawn_call (sample, role, state, assigned, draw_number, call_id);

-- How many drawn calls of a sample, and how many assignments of an analyst, are in which state. Kept by the triggers
-- below: whoever asks for the next call is told how far it is, and counting 100,000 calls takes too long for that.
CREATE TABLE sample_progress (
    sample TEXT NOT NULL REFERENCES sample (name),
    state  TEXT NOT NULL CHECK (state IN ('open', 'complete', 'unscorable')),
    calls  INTEGER NOT NULL CHECK (calls >= 0),
    PRIMARY KEY (sample, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE analyst_progress (
    sample  TEXT NOT NULL REFERENCES sample (name),
    analyst TEXT NOT NULL REFERENCES analyst (name),
    state   TEXT NOT NULL CHECK (state IN ('open', 'complete', 'unscorable', 'declined')),
    calls   INTEGER NOT NULL CHECK (calls >= 0),
    PRIMARY KEY (sample, analyst, state)
) STRICT, WITHOUT ROWID;

INSERT INTO sample_progress (sample, state, calls)
SELECT sample, state, count(*) FROM drawn_call WHERE role = 'drawn' GROUP BY sample, state;
INSERT INTO analyst_progress (sample, analyst, state, calls)
SELECT sample, analyst, state, count(*) FROM assignment GROUP BY sample, analyst, state;

CREATE TRIGGER drawn_call_is_counted AFTER INSERT ON drawn_call WHEN new.role = 'drawn'
BEGIN
    INSERT INTO sample_progress (sample, state, calls) VALUES (new.sample, new.state, 1)
    ON CONFLICT (sample, state) DO UPDATE SET calls = calls + 1;
END;
CREATE TRIGGER drawn_call_is_counted_again AFTER UPDATE OF role, state ON drawn_call
BEGIN
    UPDATE sample_progress SET calls = calls - 1
    WHERE old.role = 'drawn' AND sample = old.sample AND state = old.state;
    INSERT INTO sample_progress (sample, state, calls) SELECT new.sample, new.state, 1 WHERE new.role = 'drawn'
    ON CONFLICT (sample, state) DO UPDATE SET calls = calls + 1;
END;
CREATE TRIGGER assignment_is_counted AFTER INSERT ON assignment
BEGIN
    INSERT INTO analyst_progress (sample, analyst, state, calls) VALUES (new.sample, new.analyst, new.state, 1)
    ON CONFLICT (sample, analyst, state) DO UPDATE SET calls = calls + 1;
    UPDATE drawn_call SET assigned = 1
    WHERE sample = new.sample AND draw_number = new.draw_number AND call_id = new.call_id AND assigned = 0;
END;
CREATE TRIGGER assignment_is_counted_again AFTER UPDATE OF state ON assignment
BEGIN
    UPDATE analyst_progress SET calls = calls - 1
    WHERE sample = old.sample AND analyst = old.analyst AND state = old.state;
    INSERT INTO analyst_progress (sample, analyst, state, calls) VALUES (new.sample, new.analyst, new.state, 1)
    ON CONFLICT (sample, analyst, state) DO UPDATE SET calls = calls + 1;
END;
