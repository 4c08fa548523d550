-- +goose Up
ALTER TABLE messages ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN reason TEXT NOT NULL DEFAULT '';
-- msg_key is "kind/about/channel".
UPDATE messages SET about = substr(msg_key, length(kind) + 2, length(msg_key) - length(kind) - length(channel) - 2)
    WHERE length(msg_key) > length(kind) + length(channel) + 2;

-- +goose Down
ALTER TABLE messages DROP COLUMN reason;
ALTER TABLE messages DROP COLUMN about;
