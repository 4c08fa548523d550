-- +goose Up
-- A message to a partner's workshop, of no customer: "" for all others.
ALTER TABLE messages ADD COLUMN workshop_id TEXT NOT NULL DEFAULT '';

-- +goose Down
DELETE FROM messages WHERE workshop_id <> '';
ALTER TABLE messages DROP COLUMN workshop_id;
