-- +goose Up
-- What an adviser has let a customer off, as JSON; empty for nothing.
ALTER TABLE cases ADD COLUMN goodwill TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE cases DROP COLUMN goodwill;
