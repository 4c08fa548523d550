-- +goose Up
-- Since when all texts to the customer wait that are not about safety, 0 for not.
ALTER TABLE conversations ADD COLUMN held_since BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE conversations DROP COLUMN held_since;
