-- +goose Up
-- A case that a person is to call about has one call task that waits: a message
-- of channel call.
CREATE UNIQUE INDEX messages_one_call ON messages (case_id) WHERE channel = 'call' AND state = 'planned';
-- The number at which an adviser reached somebody else; another one is good again.
ALTER TABLE customers ADD COLUMN bad_phone TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE customers DROP COLUMN bad_phone;
DROP INDEX messages_one_call;
DELETE FROM messages WHERE channel = 'call';
