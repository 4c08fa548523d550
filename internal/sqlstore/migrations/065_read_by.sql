-- +goose Up
-- Who said first to have read what waits; empty where nobody gave a name.
ALTER TABLE waits ADD COLUMN read_by TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE waits DROP COLUMN read_by;
