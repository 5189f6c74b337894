//! What must not be in the tables.

/// Each finds rows that must not be: `sample`, what it is about, and the sentence's end.
pub(super) const QUERIES: [(&str, &str); 29] = [
    (
        "has a frame that isn't the sum of its strata",
        "SELECT b.sample, 'batch ' || b.batch FROM batch AS b JOIN sample AS a ON a.name = b.sample
         WHERE a.unit = 'call' AND b.eligible <> (
             SELECT coalesce(sum(s.eligible), 0) FROM stratum AS s WHERE s.sample = b.sample AND s.batch = b.batch)",
    ),
    (
        "has a frame that isn't the sum of its CSRs and caller types",
        "SELECT b.sample, 'batch ' || b.batch FROM batch AS b WHERE b.eligible <> (
             SELECT coalesce(sum(c.eligible), 0) FROM cell AS c WHERE c.sample = b.sample AND c.batch = b.batch)",
    ),
    (
        "has fewer drawn calls than its quota, though not all eligible ones",
        "SELECT s.sample, 'stratum ' || (s.stratum_no + 1) FROM stratum AS s WHERE min(s.quota, s.eligible) > (
             SELECT count(DISTINCT c.draw_number) FROM drawn_call AS c
             WHERE c.sample = s.sample AND c.stratum_no = s.stratum_no AND c.role = 'drawn')",
    ),
    (
        "has a reserve before a drawn call",
        "SELECT sample, 'stratum ' || (stratum_no + 1) FROM drawn_call
         WHERE role = 'drawn' GROUP BY sample, stratum_no HAVING max(position) <> count(DISTINCT position)",
    ),
    (
        "is a journey of several strata, or has several places in one",
        "SELECT c.sample, 'the interaction `' || c.unit_id || '`' FROM sample AS a JOIN drawn_call AS c ON c.sample = a.name
         WHERE a.unit = 'interaction' GROUP BY c.sample, c.unit_id
         HAVING count(DISTINCT c.stratum_no) > 1 OR count(DISTINCT c.position) > 1 OR count(DISTINCT c.draw_number) > 1",
    ),
    (
        "is a leg of a journey, though the sample is of calls",
        "SELECT c.sample, 'the call `' || c.call_id || '`' FROM drawn_call AS c JOIN sample AS a ON a.name = c.sample
         WHERE a.unit = 'call' AND c.unit_id <> c.call_id",
    ),
    (
        "has no fields",
        "SELECT c.sample, 'the call `' || c.call_id || '`' FROM drawn_call AS c WHERE NOT EXISTS (
             SELECT 1 FROM call_fields AS f WHERE f.sample = c.sample AND f.call_id = c.call_id)",
    ),
    (
        "is said to be complete, but has no evaluation that counts",
        "SELECT c.sample, 'the call `' || c.call_id || '`' FROM drawn_call AS c
         WHERE c.state = 'complete' AND NOT EXISTS (
             SELECT 1 FROM may_count AS m WHERE m.sample = c.sample AND m.call_id = c.call_id)",
    ),
    (
        "has an evaluation that counts, but isn't said to be complete",
        "SELECT c.sample, 'the call `' || c.call_id || '`' FROM evaluation AS e
         JOIN drawn_call AS c ON c.sample = e.sample AND c.draw_number = e.draw_number AND c.call_id = e.call_id
         WHERE (c.state <> 'complete' OR (c.role = 'reserve' AND c.picked = 0)) AND e.evaluation_revision = 1 AND NOT EXISTS (
             SELECT 1 FROM assignment AS a
             WHERE a.sample = e.sample AND a.call_id = e.call_id AND a.analyst = e.analyst AND a.rank = 2)",
    ),
    (
        "is said to be unscorable by nobody, or the other way round",
        "SELECT c.sample, 'the call `' || c.call_id || '`' FROM drawn_call AS c
         WHERE (c.state = 'unscorable') <> coalesce((
             SELECT u.undone = 0 FROM unscorable AS u
             WHERE u.sample = c.sample AND u.call_id = c.call_id ORDER BY u.seq DESC LIMIT 1), 0)",
    ),
    (
        "lacks an evaluation revision",
        "SELECT sample, 'the call `' || call_id || '`' FROM evaluation
         GROUP BY sample, draw_number, call_id, analyst HAVING max(evaluation_revision) <> count(*)",
    ),
    (
        "has an answer that its rubric doesn't know",
        "SELECT e.sample, 'the call `' || e.call_id || '`' FROM evaluation AS e
         WHERE length(e.answers) <> (SELECT count(*) FROM rubric_behavior AS b WHERE b.rubric_hash = e.rubric_hash)
            OR length(replace(e.answers, '.', '')) <> (
                SELECT count(*) FROM rubric_option AS o
                WHERE o.rubric_hash = e.rubric_hash AND o.mark = substr(e.answers, o.place + 1, 1))",
    ),
    (
        "has an evaluation under another rubric",
        "SELECT e.sample, 'the call `' || e.call_id || '`' FROM evaluation AS e
         JOIN sample AS s ON s.name = e.sample
         JOIN rubric AS mine ON mine.hash = s.rubric_hash JOIN rubric AS its ON its.hash = e.rubric_hash
         WHERE mine.scoring_hash <> its.scoring_hash",
    ),
    (
        "has another number of calls than its strata give",
        "SELECT p.sample, 'the total of batch ' || b.batch FROM spread AS p JOIN batch AS b ON b.sample = p.sample
         WHERE min(p.total, (SELECT sum(s.eligible) FROM stratum AS s WHERE s.sample = b.sample AND s.batch = b.batch)) <> (
             SELECT coalesce(sum(s.quota), 0) FROM stratum AS s WHERE s.sample = b.sample AND s.batch = b.batch)",
    ),
    (
        "is assigned, but not said to be, or the other way round",
        "SELECT c.sample, 'the call `' || c.call_id || '`' FROM drawn_call AS c WHERE c.assigned <> EXISTS (
             SELECT 1 FROM assignment AS a WHERE a.sample = c.sample AND a.call_id = c.call_id)",
    ),
    (
        "is assigned in a state that isn't that of the call or of the analyst's work",
        "SELECT a.sample, 'the call `' || a.call_id || '`' FROM assignment AS a
         JOIN drawn_call AS c ON c.sample = a.sample AND c.draw_number = a.draw_number AND c.call_id = a.call_id
         WHERE (c.role = 'reserve' AND c.picked = 0) OR (a.state = 'unscorable') <> (c.state = 'unscorable')
            OR (a.state = 'complete' AND a.rank = 1 AND c.state <> 'complete')
            OR (a.state = 'complete' AND a.rank = 2 AND NOT EXISTS (
                SELECT 1 FROM same_call AS s
                JOIN evaluation AS e
                  ON e.sample = s.other AND e.draw_number = s.other_number AND e.call_id = s.call_id
                WHERE s.sample = a.sample AND s.call_id = a.call_id AND e.analyst = a.analyst))
            OR (a.state IN ('open', 'declined') AND EXISTS (
                SELECT 1 FROM evaluation AS e WHERE e.sample = a.sample AND e.draw_number = a.draw_number
                  AND e.call_id = a.call_id AND e.analyst = a.analyst))",
    ),
    (
        "is declined by an analyst who didn't say why",
        "SELECT a.sample, 'the call `' || a.call_id || '`' FROM assignment AS a
         WHERE a.state = 'declined' AND NOT EXISTS (
             SELECT 1 FROM declined AS d
             WHERE d.sample = a.sample AND d.call_id = a.call_id AND d.analyst = a.analyst)",
    ),
    (
        "has a second analyst, but no first one",
        "SELECT two.sample, 'the call `' || two.call_id || '`' FROM assignment AS two
         WHERE two.rank = 2 AND NOT EXISTS (
             SELECT 1 FROM assignment AS one
             WHERE one.sample = two.sample AND one.call_id = two.call_id AND one.rank = 1)",
    ),
    (
        "is another number than the calls in that state",
        "SELECT p.sample, 'the count of calls `' || p.state || '`' FROM (
             SELECT sample, state, calls FROM sample_progress WHERE calls > 0
             UNION ALL
             SELECT sample, state, -count(*) FROM drawn_call WHERE role = 'drawn' GROUP BY sample, state) AS p
         GROUP BY p.sample, p.state HAVING sum(p.calls) <> 0",
    ),
    (
        "is another number than the calls assigned so",
        "SELECT p.sample, 'the count of `' || p.analyst || '`, calls `' || p.state || '`' FROM (
             SELECT sample, analyst, state, calls FROM analyst_progress WHERE calls > 0
             UNION ALL
             SELECT sample, analyst, state, -count(*) FROM assignment GROUP BY sample, analyst, state) AS p
         GROUP BY p.sample, p.analyst, p.state HAVING sum(p.calls) <> 0",
    ),
    (
        "says nothing of a log it was drawn from",
        "SELECT s.name, 'the sample' FROM sample AS s
         WHERE NOT EXISTS (SELECT 1 FROM batch AS b WHERE b.sample = s.name)",
    ),
    (
        "isn't there, though later ones are",
        "SELECT later.sample, 'batch ' || (later.batch - 1) FROM batch AS later
         WHERE later.batch > 1 AND NOT EXISTS (
             SELECT 1 FROM batch AS b WHERE b.sample = later.sample AND b.batch = later.batch - 1)",
    ),
    (
        "keeps another number of ids than calls that may be drawn from it",
        "SELECT s.sample, 'batch ' || s.batch FROM seen AS s
         JOIN batch AS b ON b.sample = s.sample AND b.batch = s.batch WHERE length(s.ids) / 8 <> b.eligible",
    ),
    (
        "was added, but no act says so",
        "SELECT b.sample, 'batch ' || b.batch FROM batch AS b WHERE NOT EXISTS (
             SELECT 1 FROM event AS e WHERE e.sample = b.sample AND (
                 (b.batch = 1 AND e.act = 'draw')
                 OR (b.batch > 1 AND e.act = 'batch' AND e.detail LIKE 'batch ' || b.batch || ':%')))",
    ),
    (
        "is withdrawn, but no act says so",
        "SELECT s.name, 'the sample' FROM sample AS s WHERE s.withdrawn_at_us IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM event AS e
             WHERE e.sample = s.name AND e.act = 'withdraw' AND e.at_us = s.withdrawn_at_us)",
    ),
    (
        "is missing from the list of acts, though later ones are there",
        "SELECT later.sample, 'act ' || (later.seq - 1) FROM event AS later WHERE later.seq > 1 AND NOT EXISTS (
             SELECT 1 FROM event AS e WHERE e.sample = later.sample AND e.seq = later.seq - 1)",
    ),
    (
        "is said to be picked, but not why, or the other way round",
        "SELECT c.sample, 'the call `' || c.call_id || '`' FROM drawn_call AS c WHERE c.picked <> EXISTS (
             SELECT 1 FROM picked AS p WHERE p.sample = c.sample AND p.call_id = c.call_id)",
    ),
    (
        "is neither drawn nor a reserve, and nobody picked it",
        "SELECT c.sample, 'the call `' || c.call_id || '`' FROM drawn_call AS c WHERE c.role = 'picked' AND NOT EXISTS (
             SELECT 1 FROM picked AS p WHERE p.sample = c.sample AND p.call_id = c.call_id)",
    ),
    (
        "lacks a statement that it can't be scored, though later ones are there",
        "SELECT sample, 'the call `' || call_id || '`' FROM unscorable
         GROUP BY sample, call_id HAVING max(seq) <> count(*)",
    ),
];
