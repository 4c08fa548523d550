-- +goose Up
-- The parts plan, written row by row where it says something new. The place of a row is
-- level, part, region and depot; owner is the part whose plan made it. The plan from before
-- this migration stays, as plain text, until the next one replaces it. part_forecasts is left
-- to processes of the release before, which may run beside this one; a later release drops it.
CREATE TABLE planned_parts (
    level         TEXT NOT NULL, -- 'depot', 'region' or 'all'
    part          TEXT NOT NULL,
    region        TEXT NOT NULL, -- of the depot; '' for everywhere
    depot_id      TEXT NOT NULL, -- '' above a depot
    owner         TEXT NOT NULL,
    digest        TEXT NOT NULL, -- of what the row says; '' when it is plain
    order_now     BIGINT NOT NULL,
    line          TEXT NOT NULL, -- what lists sort, choose and sum up by; '' when it is plain
    body          BYTEA,         -- JSON, compressed (internal/squeeze); NULL when it is plain
    outlook       BYTEA,         -- the same: what one part's page shows and lists do not
    plain         TEXT NOT NULL DEFAULT '',
    plain_outlook TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (level, part, region, depot_id)
);
CREATE INDEX planned_parts_depot ON planned_parts (depot_id, part);
CREATE INDEX planned_parts_owner ON planned_parts (owner);
INSERT INTO planned_parts (level, part, region, depot_id, owner, digest, order_now, line, plain, plain_outlook)
SELECT level, part, region, depot_id, part, '', 0, '', body, outlook FROM part_forecasts;

-- What the next plan changes, gathered piece by piece, until it is put into the plan at once.
CREATE TABLE staged_parts (
    pass      TEXT NOT NULL,
    level     TEXT NOT NULL,
    part      TEXT NOT NULL,
    region    TEXT NOT NULL,
    depot_id  TEXT NOT NULL,
    owner     TEXT NOT NULL,
    digest    TEXT NOT NULL, -- '' when the row leaves the plan
    order_now BIGINT NOT NULL,
    line      TEXT NOT NULL,
    body      BYTEA,
    outlook   BYTEA,
    PRIMARY KEY (pass, level, part, region, depot_id)
);

-- The plan that the rows make up.
CREATE TABLE parts_plan (
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL,
    as_of   BIGINT NOT NULL
);
INSERT INTO parts_plan (id, version, as_of) VALUES (1, 0, 0);

-- +goose Down
DROP TABLE parts_plan;
DROP TABLE staged_parts;
DROP TABLE planned_parts;
