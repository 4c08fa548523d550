-- +goose Up
-- The channels that a customer wanted are part of the history of their consent. What
-- was wanted before is not known of any change but the newest.
ALTER TABLE consent_events ADD COLUMN preferred TEXT NOT NULL DEFAULT '';
UPDATE consent_events SET preferred = COALESCE(
    (SELECT c.preferred FROM customers c WHERE c.id = consent_events.customer_id), '')
WHERE n = (SELECT MAX(l.n) FROM consent_events l WHERE l.customer_id = consent_events.customer_id);

-- +goose Down
ALTER TABLE consent_events DROP COLUMN preferred;
