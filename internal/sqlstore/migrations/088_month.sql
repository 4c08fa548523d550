-- +goose Up
-- What the first plan of each week said, how good its forecasts were, and what planners
-- decided about its advice.
CREATE TABLE plan_points (
    as_of   BIGINT NOT NULL,
    part    TEXT NOT NULL,
    depot_id TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (as_of, part, depot_id)
);
CREATE TABLE plan_scores (
    as_of    BIGINT NOT NULL,
    days     BIGINT NOT NULL,
    depot_id TEXT NOT NULL,
    class    TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (as_of, days, depot_id, class)
);
CREATE TABLE advice_decisions (
    id         BIGINT PRIMARY KEY,
    part       TEXT NOT NULL,
    depot_id   TEXT NOT NULL,
    verdict    TEXT NOT NULL,
    advised    BIGINT NOT NULL,
    chosen     BIGINT NOT NULL,
    position   BIGINT NOT NULL,
    span_days  BIGINT NOT NULL,
    unit_price BIGINT NOT NULL,
    currency   TEXT NOT NULL,
    author     TEXT NOT NULL,
    why        TEXT NOT NULL,
    at         BIGINT NOT NULL,
    ends_on    BIGINT NOT NULL -- the day after the span
);
CREATE INDEX advice_decisions_at ON advice_decisions (at, id);
CREATE INDEX advice_decisions_shelf ON advice_decisions (part, depot_id, id);
CREATE INDEX purchase_orders_proposed ON purchase_orders (depot_id, part) WHERE ordered_at = 0;
INSERT INTO counters (name, last) VALUES ('advice_decisions', 0);

-- +goose Down
DELETE FROM counters WHERE name = 'advice_decisions';
DROP INDEX purchase_orders_proposed;
DROP TABLE advice_decisions;
DROP TABLE plan_scores;
DROP TABLE plan_points;
