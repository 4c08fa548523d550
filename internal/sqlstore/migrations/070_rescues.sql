-- +goose Up
-- Help for cars that stand still, with the history of each. A car has one at a time.
-- Times are microseconds, 0 for never.
CREATE TABLE rescues (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL,
    vin         TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    state       TEXT NOT NULL,
    opened_at   BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    place       TEXT NOT NULL,
    body        TEXT NOT NULL
);
CREATE UNIQUE INDEX rescues_one_live ON rescues (vin) WHERE state IN ('asked', 'on_the_way', 'arrived');
CREATE INDEX rescues_case ON rescues (case_id);
CREATE INDEX rescues_customer ON rescues (customer_id);
CREATE INDEX rescues_opened ON rescues (opened_at, id);
CREATE TABLE rescue_events (
    rescue_id  TEXT NOT NULL,
    n          INTEGER NOT NULL,
    at         BIGINT NOT NULL,
    who        TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    why        TEXT NOT NULL,
    PRIMARY KEY (rescue_id, n)
);

-- +goose Down
DROP TABLE rescue_events;
DROP TABLE rescues;
