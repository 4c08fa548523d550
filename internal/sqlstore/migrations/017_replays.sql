-- +goose Up
-- What the person stopped, no import opens again.
ALTER TABLE customers ADD COLUMN stopped_push BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE customers ADD COLUMN stopped_sms BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE customers ADD COLUMN stopped_call BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE customers SET stopped_push = NOT consent_push, stopped_sms = NOT consent_sms
WHERE consent_source IN ('link STOP', 'sms STOP', 'push STOP', 'outbox STOP')
    OR consent_source LIKE '% STOP at the provider';

-- Messages of providers that were taken in, by the provider's own ID: one that
-- comes again does nothing. The newest stay, see webhookRows in webhooks.go.
CREATE TABLE webhooks (
    id   TEXT PRIMARY KEY,
    n    BIGINT NOT NULL,
    at   BIGINT NOT NULL,
    done BOOLEAN NOT NULL -- else somebody is at it, or fell over it
);
CREATE INDEX webhooks_oldest ON webhooks (n);
CREATE INDEX webhooks_age ON webhooks (at);
INSERT INTO counters (name, last) VALUES ('webhooks', 0);
-- Of a person's own words it is known for ever.
ALTER TABLE replies ADD COLUMN provider_id TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX replies_provider ON replies (provider_id, customer_id) WHERE provider_id <> '';

-- +goose Down
DROP INDEX replies_provider;
ALTER TABLE replies DROP COLUMN provider_id;
DELETE FROM counters WHERE name = 'webhooks';
DROP TABLE webhooks;
ALTER TABLE customers DROP COLUMN stopped_call;
ALTER TABLE customers DROP COLUMN stopped_sms;
ALTER TABLE customers DROP COLUMN stopped_push;
