-- +goose Up
-- What outreach decided, with all that it rested on: a decision can be made again.
CREATE TABLE decisions (
    id             TEXT PRIMARY KEY,
    decided_at     BIGINT NOT NULL,
    vin            TEXT NOT NULL,
    customer_id    TEXT NOT NULL,
    workshop_id    TEXT NOT NULL,
    case_id        TEXT NOT NULL, -- '' without one
    outcome        TEXT NOT NULL,
    policy_version BIGINT NOT NULL,
    known          TEXT NOT NULL
);
CREATE INDEX decisions_time ON decisions (decided_at, id);
CREATE INDEX decisions_customer ON decisions (customer_id);

-- +goose Down
DROP TABLE decisions;
