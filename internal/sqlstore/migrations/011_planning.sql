-- +goose Up
-- The plan of every level. outlook is what one part's page shows and the list
-- does not; it stands in a column of its own so that lists stay light. The
-- plan from before this migration stays until the next one replaces it.
CREATE TABLE part_plan (
    level    TEXT NOT NULL, -- 'depot', 'region' or 'all'
    part     TEXT NOT NULL,
    region   TEXT NOT NULL, -- of the depot; '' for everywhere
    depot_id TEXT NOT NULL, -- '' above a depot
    body     TEXT NOT NULL,
    outlook  TEXT NOT NULL,
    PRIMARY KEY (level, part, region, depot_id)
);
INSERT INTO part_plan (level, part, region, depot_id, body, outlook)
SELECT 'depot', part, '', depot_id, body, '[]' FROM part_forecasts;
DROP TABLE part_forecasts;
ALTER TABLE part_plan RENAME TO part_forecasts;
CREATE INDEX part_forecasts_depot ON part_forecasts (depot_id, part);

-- A planner's figures. They are kept for ever: who said what, and why.
CREATE TABLE demand_overrides (
    id           BIGINT PRIMARY KEY,
    part         TEXT NOT NULL,
    depot_id     TEXT NOT NULL,
    mean         DOUBLE PRECISION NOT NULL CHECK (mean >= 0),
    days         BIGINT NOT NULL CHECK (days > 0),
    until        BIGINT NOT NULL,
    author       TEXT NOT NULL,
    why          TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL, -- 0 while it stands
    withdrawn_by TEXT NOT NULL
);
CREATE INDEX demand_overrides_place ON demand_overrides (part, depot_id, id);
CREATE INDEX demand_overrides_standing ON demand_overrides (until) WHERE withdrawn_at = 0;
INSERT INTO counters (name, last) VALUES ('demand_overrides', 0);

-- What was forecast, until its days are over and it is scored.
CREATE TABLE forecast_laws (
    part         TEXT NOT NULL,
    depot_id     TEXT NOT NULL,
    as_of        BIGINT NOT NULL, -- day
    horizon_days BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (part, depot_id, as_of, horizon_days)
);
CREATE INDEX forecast_laws_due ON forecast_laws (due_at);
CREATE INDEX forecast_laws_age ON forecast_laws (as_of);

CREATE TABLE forecast_scores (
    part         TEXT NOT NULL,
    depot_id     TEXT NOT NULL,
    as_of        BIGINT NOT NULL, -- day
    horizon_days BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (part, depot_id, as_of, horizon_days)
);
CREATE INDEX forecast_scores_age ON forecast_scores (as_of);

-- One part's history at all depots, and the lead times that were.
CREATE INDEX part_use_part ON part_use (part, day);
CREATE INDEX part_use_day ON part_use (day);
CREATE INDEX purchase_orders_received ON purchase_orders (received_at) WHERE received_at > 0;

-- +goose Down
DROP INDEX purchase_orders_received;
DROP INDEX part_use_day;
DROP INDEX part_use_part;
DROP TABLE forecast_scores;
DROP TABLE forecast_laws;
DELETE FROM counters WHERE name = 'demand_overrides';
DROP TABLE demand_overrides;
CREATE TABLE part_plan (
    part     TEXT NOT NULL,
    depot_id TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (part, depot_id)
);
INSERT INTO part_plan (part, depot_id, body) SELECT part, depot_id, body FROM part_forecasts WHERE level = 'depot';
DROP TABLE part_forecasts;
ALTER TABLE part_plan RENAME TO part_forecasts;
