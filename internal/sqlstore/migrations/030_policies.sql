-- +goose Up
-- What operators decided about outreach: kept for ever, the newest is in force.
CREATE TABLE policies (
    version  BIGINT PRIMARY KEY CHECK (version > 0),
    document TEXT NOT NULL,
    put_at   BIGINT NOT NULL,
    author   TEXT NOT NULL,
    note     TEXT NOT NULL
);

-- +goose Down
DROP TABLE policies;
