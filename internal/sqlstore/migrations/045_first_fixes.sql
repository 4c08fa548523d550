-- +goose Up
-- Which visits mended the car at once, by who did them; jobs are a JSON list of codes.
CREATE TABLE first_fixes (
    booking_id    TEXT PRIMARY KEY,
    workshop_id   TEXT NOT NULL,
    technician_id TEXT NOT NULL,
    jobs          TEXT NOT NULL,
    fixed         BIGINT NOT NULL
);
CREATE INDEX first_fixes_workshop ON first_fixes (workshop_id, technician_id, jobs);

-- +goose Down
DROP TABLE first_fixes;
