-- +goose Up
-- A letter that comes again while it is open is counted, not kept twice.
-- identity is the SHA-256 of topic, reason and payload in hexadecimal. Letters
-- from before this migration have none: they may be there twice and stay so.
ALTER TABLE dead_letters ADD COLUMN identity TEXT;
ALTER TABLE dead_letters ADD COLUMN times BIGINT NOT NULL DEFAULT 1;
ALTER TABLE dead_letters ADD COLUMN last_received BIGINT NOT NULL DEFAULT 0;
UPDATE dead_letters SET last_received = received;
CREATE UNIQUE INDEX dead_letters_open ON dead_letters (identity) WHERE redriven = 0;

-- +goose Down
DROP INDEX dead_letters_open;
ALTER TABLE dead_letters DROP COLUMN last_received;
ALTER TABLE dead_letters DROP COLUMN times;
ALTER TABLE dead_letters DROP COLUMN identity;
