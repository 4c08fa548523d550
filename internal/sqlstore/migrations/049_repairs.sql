-- +goose Up
-- How far a car at the workshop has come, step by step.
CREATE TABLE repair_steps (
    booking_id TEXT NOT NULL,
    n          BIGINT NOT NULL,
    stage      TEXT NOT NULL,
    at         BIGINT NOT NULL,
    who        TEXT NOT NULL,
    PRIMARY KEY (booking_id, n)
);
-- What a technician has ticked off on a job card.
CREATE TABLE job_checks (
    booking_id TEXT NOT NULL,
    item       TEXT NOT NULL,
    who        TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (booking_id, item)
);
-- Where a part lies on the shelf.
ALTER TABLE stock ADD COLUMN bin TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE stock DROP COLUMN bin;
DROP TABLE job_checks;
DROP TABLE repair_steps;
