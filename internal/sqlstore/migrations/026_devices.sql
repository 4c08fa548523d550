-- +goose Up
-- The installations of the maker's app, which push messages reach.
CREATE TABLE devices (
    customer_id   TEXT NOT NULL,
    id            TEXT NOT NULL, -- the app's own
    platform      TEXT NOT NULL,
    token         TEXT NOT NULL, -- the push provider's; it belongs to one customer at a time
    registered_at BIGINT NOT NULL,
    seen_at       BIGINT NOT NULL,
    PRIMARY KEY (customer_id, id)
);
CREATE UNIQUE INDEX devices_token ON devices (token);
INSERT INTO devices (customer_id, id, platform, token, registered_at, seen_at)
SELECT MIN(id), 'imported', 'other', push_token, MIN(consent_changed_at), MIN(consent_changed_at) FROM customers
WHERE push_token <> '' GROUP BY push_token;
ALTER TABLE customers DROP COLUMN push_token;

-- +goose Down
ALTER TABLE customers ADD COLUMN push_token TEXT NOT NULL DEFAULT '';
UPDATE customers SET push_token = (SELECT MIN(token) FROM devices WHERE devices.customer_id = customers.id)
WHERE EXISTS (SELECT 1 FROM devices WHERE devices.customer_id = customers.id);
DROP TABLE devices;
