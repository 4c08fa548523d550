-- +goose Up
-- Work that is shared by processes: 64 shards of the fleet, and what one process does for all.
-- token grows each time a duty changes hands; what is written for it names the token.
CREATE TABLE duties (
    name  TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    token BIGINT NOT NULL,
    done  BIGINT NOT NULL
);
INSERT INTO duties (name, owner, token, done)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 63)
SELECT 'shard-' || CASE WHEN i < 10 THEN '0' ELSE '' END || CAST(i AS TEXT), '', 0, 0 FROM n;
INSERT INTO duties (name, owner, token, done) VALUES ('learn', '', 0, 0), ('outreach', '', 0, 0), ('forecast', '', 0, 0);

-- A process writes its own row alone, so that a beat waits for no pass.
CREATE TABLE processes (
    id    TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    roles TEXT NOT NULL,
    since BIGINT NOT NULL,
    beat  BIGINT NOT NULL,
    alone BOOLEAN NOT NULL
);

-- The shard of each row. A process of an earlier release leaves -1, which is
-- set right before the next pass; so are the rows of before.
ALTER TABLE vehicles ADD COLUMN shard BIGINT NOT NULL DEFAULT -1;
ALTER TABLE dirty_days ADD COLUMN shard BIGINT NOT NULL DEFAULT -1;
ALTER TABLE outdated ADD COLUMN shard BIGINT NOT NULL DEFAULT -1;
CREATE INDEX vehicles_shard ON vehicles (shard, vin);
CREATE INDEX dirty_days_unassigned ON dirty_days (vin) WHERE shard < 0;
CREATE INDEX outdated_unassigned ON outdated (vin) WHERE shard < 0;

-- +goose Down
DROP INDEX outdated_unassigned;
DROP INDEX dirty_days_unassigned;
DROP INDEX vehicles_shard;
ALTER TABLE outdated DROP COLUMN shard;
ALTER TABLE dirty_days DROP COLUMN shard;
ALTER TABLE vehicles DROP COLUMN shard;
DROP TABLE processes;
DROP TABLE duties;
