-- +goose Up
-- Software that is sent to cars in rings, the cars of each roll-out, and what they run.
-- Times are microseconds, 0 for never.
CREATE TABLE rollouts (
    id         TEXT PRIMARY KEY,
    component  TEXT NOT NULL,
    state      TEXT NOT NULL,
    ring       INTEGER NOT NULL,
    since      BIGINT NOT NULL,
    why        TEXT NOT NULL,
    author     TEXT NOT NULL,
    saved_at   BIGINT NOT NULL,
    body       TEXT NOT NULL
);
CREATE TABLE rollout_cars (
    rollout_id  TEXT NOT NULL,
    vin         TEXT NOT NULL,
    bucket      INTEGER NOT NULL,
    state       TEXT NOT NULL,
    command_id  BIGINT NOT NULL,
    sent_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,
    note        TEXT NOT NULL,
    PRIMARY KEY (rollout_id, vin)
);
CREATE INDEX rollout_cars_vin ON rollout_cars (vin);
CREATE INDEX rollout_cars_turn ON rollout_cars (rollout_id, state, bucket);
CREATE TABLE vehicle_software (
    vin     TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX vehicle_software_version ON vehicle_software (version);
ALTER TABLE cases ADD COLUMN route_why TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE cases DROP COLUMN route_why;
DROP TABLE vehicle_software;
DROP TABLE rollout_cars;
DROP TABLE rollouts;
