-- Store, version 3: further logs of a sample, calls picked on purpose, calls that change hands, rubrics that take over in
-- mid-sample, and the roster. Written for PostgreSQL too, as version 1 is.

-- The ids of a batch's eligible calls, drawn or not: the first 8 bytes of each draw number, ascending, one after the other. Further
-- batches leave these calls out. Samples of older versions have none, and take no further batch.
CREATE TABLE seen (
    sample TEXT NOT NULL,
    batch  INTEGER NOT NULL,
    ids    BLOB NOT NULL CHECK (length(ids) % 8 = 0),
    PRIMARY KEY (sample, batch),
    FOREIGN KEY (sample, batch) REFERENCES batch (sample, batch)
) STRICT;

-- Ids of the log that an earlier batch had seen, and kept calls among them whose CSR or caller type the log tells
-- otherwise now.
ALTER TABLE batch ADD COLUMN seen_before INTEGER NOT NULL DEFAULT 0 CHECK (seen_before >= 0);
ALTER TABLE batch ADD COLUMN retagged INTEGER NOT NULL DEFAULT 0 CHECK (retagged >= 0);

-- Why a call was picked. A call that is drawn or a reserve as well keeps that role; others have the role 'picked', no
-- stratum, and a batch that says nothing.
CREATE TABLE picked (
    sample  TEXT NOT NULL,
    call_id TEXT NOT NULL,
    reason  TEXT NOT NULL,
    note    TEXT,
    who     TEXT,
    log     TEXT NOT NULL,
    profile TEXT,
    at_us   INTEGER NOT NULL,
    PRIMARY KEY (sample, call_id),
    FOREIGN KEY (sample, call_id) REFERENCES drawn_call (sample, call_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER picked_stays_as_it_is BEFORE UPDATE ON picked
BEGIN SELECT RAISE(ABORT, 'a statement is never changed'); END;
CREATE TRIGGER picked_stays BEFORE DELETE ON picked
BEGIN SELECT RAISE(ABORT, 'a statement is never deleted'); END;

-- Whether the call was picked, so that a reserve can be scored too.
ALTER TABLE drawn_call ADD COLUMN picked INTEGER NOT NULL DEFAULT 0 CHECK (picked IN (0, 1));

-- Acts are words of the program's; a list here would have to grow with it.
CREATE TABLE event_of_any_act (
    sample TEXT NOT NULL REFERENCES sample (name),
    seq    INTEGER NOT NULL CHECK (seq >= 1),
    at_us  INTEGER NOT NULL,
    who    TEXT,
    act    TEXT NOT NULL CHECK (act <> ''),
    detail TEXT NOT NULL,
    PRIMARY KEY (sample, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO event_of_any_act (sample, seq, at_us, who, act, detail)
SELECT sample, seq, at_us, who, act, detail FROM event;
DROP TABLE event;
ALTER TABLE event_of_any_act RENAME TO event;

CREATE TRIGGER event_stays_as_it_is BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'what was done is never changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'what was done is never deleted'); END;

-- Rosters as their files were; the newest holds.
CREATE TABLE roster (
    seq         INTEGER NOT NULL PRIMARY KEY CHECK (seq >= 1),
    file        TEXT NOT NULL,
    source      TEXT NOT NULL,
    imported_us INTEGER NOT NULL
) STRICT;

-- An evaluation serves all samples whose rubrics score alike: a sample may go on under a rubric with better words.
DROP VIEW may_count;
DROP VIEW same_call;
CREATE INDEX rubric_scoring ON rubric (scoring_hash, hash);

CREATE VIEW same_call AS
SELECT here.sample, here.call_id, there.sample AS other, there.draw_number AS other_number,
       there.role AS other_role, there.picked AS other_picked, there.state AS other_state
FROM drawn_call AS here
JOIN sample AS this ON this.name = here.sample
JOIN rubric AS mine ON mine.hash = this.rubric_hash
JOIN rubric AS theirs ON theirs.scoring_hash = mine.scoring_hash
JOIN sample AS that ON that.rubric_hash = theirs.hash
JOIN drawn_call AS there
  ON there.sample = that.name AND there.call_id = here.call_id
 AND there.started_text IS NOT DISTINCT FROM here.started_text;

CREATE VIEW may_count AS
SELECT s.sample, s.call_id, e.analyst
FROM same_call AS s
JOIN evaluation AS e ON e.sample = s.other AND e.draw_number = s.other_number AND e.call_id = s.call_id
WHERE NOT EXISTS (
    SELECT 1 FROM assignment AS a
    WHERE a.sample = s.sample AND a.call_id = s.call_id AND a.analyst = e.analyst AND a.rank = 2);

-- Assigned calls change hands, and calls whose replacement is not needed any more are nobody's.
DROP TRIGGER assignment_is_counted_again;
CREATE TRIGGER assignment_is_counted_again AFTER UPDATE OF state, analyst ON assignment
BEGIN
    UPDATE analyst_progress SET calls = calls - 1
    WHERE sample = old.sample AND analyst = old.analyst AND state = old.state;
    INSERT INTO analyst_progress (sample, analyst, state, calls) VALUES (new.sample, new.analyst, new.state, 1)
    ON CONFLICT (sample, analyst, state) DO UPDATE SET calls = calls + 1;
END;
CREATE TRIGGER assignment_is_counted_no_more AFTER DELETE ON assignment
BEGIN
    UPDATE analyst_progress SET calls = calls - 1
    WHERE sample = old.sample AND analyst = old.analyst AND state = old.state;
    UPDATE drawn_call SET assigned = 0
    WHERE sample = old.sample AND draw_number = old.draw_number AND call_id = old.call_id AND NOT EXISTS (
        SELECT 1 FROM assignment AS a WHERE a.sample = old.sample AND a.call_id = old.call_id);
END;
