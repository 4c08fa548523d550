-- +goose Up
-- Recalls of makers, and the cars that they concern. Times are microseconds, 0 for never.
CREATE TABLE recalls (
    id         TEXT PRIMARY KEY,
    safety     INTEGER NOT NULL,
    closed     INTEGER NOT NULL,
    updated_at BIGINT NOT NULL,
    body       TEXT NOT NULL
);
CREATE TABLE recall_cars (
    recall_id TEXT NOT NULL,
    vin       TEXT NOT NULL,
    case_id   TEXT NOT NULL,
    done_at   BIGINT NOT NULL,
    PRIMARY KEY (recall_id, vin)
);
CREATE INDEX recall_cars_vin ON recall_cars (vin);
CREATE INDEX recall_cars_open ON recall_cars (done_at, recall_id);

-- +goose Down
DROP TABLE recall_cars;
DROP TABLE recalls;
