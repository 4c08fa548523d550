-- +goose Up
-- A vehicle may have a visit and, beside it, another need. That it has no two
-- cases that wait for a visit is checked where a case is opened.
DROP INDEX cases_one_live;
CREATE INDEX cases_live ON cases (vin) WHERE state IN ('open', 'offered', 'booked', 'arrived', 'escalated');
-- The components that a watch rule brought in.
ALTER TABLE cases ADD COLUMN alerted TEXT NOT NULL DEFAULT 'null';

-- +goose Down
ALTER TABLE cases DROP COLUMN alerted;
DROP INDEX cases_live;
CREATE UNIQUE INDEX cases_one_live ON cases (vin)
    WHERE state IN ('open', 'offered', 'booked', 'arrived', 'escalated');
