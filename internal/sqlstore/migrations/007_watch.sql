-- +goose Up
-- Where each watch rule stands with a vehicle; the last alert stays after it is over.
CREATE TABLE watch_states (
    vin         TEXT NOT NULL,
    rule        TEXT NOT NULL,
    signal      TEXT NOT NULL, -- '' for a rule on events
    code        TEXT NOT NULL,
    phase       TEXT NOT NULL,
    since       BIGINT NOT NULL,
    samples     BIGINT NOT NULL,
    fired_at    BIGINT NOT NULL,
    clear_since BIGINT NOT NULL,
    cleared_at  BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    value       DOUBLE PRECISION NOT NULL,
    stale       BOOLEAN NOT NULL,
    told        BIGINT NOT NULL,
    PRIMARY KEY (vin, rule, signal)
);
CREATE INDEX watch_states_fired ON watch_states (fired_at) WHERE fired_at > 0;

-- +goose Down
DROP TABLE watch_states;
