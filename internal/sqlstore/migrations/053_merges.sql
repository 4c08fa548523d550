-- +goose Up
-- Two records of one customer made one, with all that takes it back.
CREATE TABLE merges (
    id          TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL, -- who stayed
    gone_id     TEXT NOT NULL,
    who         TEXT NOT NULL,
    at          BIGINT NOT NULL,
    undone_at   BIGINT NOT NULL,
    undone_by   TEXT NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX merges_customer ON merges (customer_id);
CREATE INDEX merges_time ON merges (at, id);

-- +goose Down
DROP TABLE merges;
