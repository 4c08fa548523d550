-- +goose Up
-- What became of a text after it was sent. 0: nothing is known.
ALTER TABLE messages ADD COLUMN delivered_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN answered_at BIGINT NOT NULL DEFAULT 0;
UPDATE messages SET delivered_at = updated_at WHERE state = 'delivered';
-- A link names its offer.
CREATE INDEX messages_offer ON messages (offer_id) WHERE offer_id <> '';

-- +goose Down
UPDATE messages SET state = 'delivered' WHERE state = 'seen';
DROP INDEX messages_offer;
ALTER TABLE messages DROP COLUMN answered_at;
ALTER TABLE messages DROP COLUMN seen_at;
ALTER TABLE messages DROP COLUMN delivered_at;
