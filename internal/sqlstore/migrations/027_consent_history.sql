-- +goose Up
-- By purpose, the channels that a customer allows for it.
ALTER TABLE customers ADD COLUMN purposes TEXT NOT NULL DEFAULT 'null';
-- What a customer agreed to, from when on, and what shows it.
CREATE TABLE consent_events (
    customer_id TEXT NOT NULL,
    n           BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    consent     TEXT NOT NULL, -- the channels that may be used, in order
    purposes    TEXT NOT NULL,
    source      TEXT NOT NULL,
    evidence    TEXT NOT NULL,
    PRIMARY KEY (customer_id, n)
);
INSERT INTO consent_events (customer_id, n, at, consent, purposes, source, evidence)
SELECT id, 1, consent_changed_at,
    CASE WHEN consent_push AND NOT stopped_push THEN 'push ' ELSE '' END ||
    CASE WHEN consent_sms AND NOT stopped_sms THEN 'sms ' ELSE '' END ||
    CASE WHEN consent_call AND NOT stopped_call THEN 'call ' ELSE '' END,
    purposes, consent_source, '' FROM customers;

-- +goose Down
DROP TABLE consent_events;
ALTER TABLE customers DROP COLUMN purposes;
