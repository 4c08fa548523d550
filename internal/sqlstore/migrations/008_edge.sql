-- +goose Up
ALTER TABLE vehicles ADD COLUMN expected_interval BIGINT NOT NULL DEFAULT 0; -- microseconds, 0 for the fleet's measure
ALTER TABLE dead_letters ADD COLUMN vin TEXT NOT NULL DEFAULT '';
CREATE INDEX dead_letters_vin ON dead_letters (reason, vin, id);

CREATE TABLE vehicle_credentials (
    vin     TEXT PRIMARY KEY,
    hash    TEXT NOT NULL,  -- bcrypt, '' once revoked
    issued  BIGINT NOT NULL,
    revoked BIGINT NOT NULL -- the newest revocation: certificates issued before stay out
);
CREATE INDEX vehicle_credentials_revoked ON vehicle_credentials (revoked);

-- How many open letters are kept of whom under the reasons that have a bound;
-- the row with vin '' sums them up.
CREATE TABLE held_letters (
    reason      TEXT NOT NULL,
    vin         TEXT NOT NULL,
    kept        BIGINT NOT NULL,
    bytes       BIGINT NOT NULL,
    turned_away BIGINT NOT NULL,
    last        BIGINT NOT NULL,
    PRIMARY KEY (reason, vin)
);

-- +goose Down
DROP TABLE held_letters;
DROP TABLE vehicle_credentials;
DROP INDEX dead_letters_vin;
ALTER TABLE dead_letters DROP COLUMN vin;
ALTER TABLE vehicles DROP COLUMN expected_interval;
