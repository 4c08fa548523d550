-- +goose Up
CREATE TABLE dirty_days (
    vin       TEXT NOT NULL,
    day       BIGINT NOT NULL,
    seq       BIGINT NOT NULL, -- of the newest mark
    first_seq BIGINT NOT NULL, -- of the mark that queued it: the place in the queue
    PRIMARY KEY (vin, day)
);
CREATE INDEX dirty_days_queue ON dirty_days (first_seq, vin, day);

CREATE TABLE dead_letters (
    id       BIGINT PRIMARY KEY,
    received BIGINT NOT NULL,
    topic    TEXT NOT NULL,
    payload  BYTEA NOT NULL,
    reason   TEXT NOT NULL,
    detail   TEXT NOT NULL,
    redriven BIGINT NOT NULL
);
CREATE INDEX dead_letters_reason ON dead_letters (reason, id);

CREATE TABLE events (
    vin  TEXT NOT NULL,
    at   BIGINT NOT NULL,
    type TEXT NOT NULL,
    code TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (vin, at, type, code)
);

-- +goose Down
DROP TABLE events;
DROP TABLE dead_letters;
DROP TABLE dirty_days;
