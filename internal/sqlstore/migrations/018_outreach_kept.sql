-- +goose Up
-- A person's STOP, by number: it survives the customer.
CREATE TABLE suppressions (
    phone   TEXT NOT NULL, -- E.164
    channel TEXT NOT NULL,
    since   BIGINT NOT NULL,
    source  TEXT NOT NULL,
    PRIMARY KEY (phone, channel)
);
INSERT INTO suppressions (phone, channel, since, source)
SELECT phone, 'push', MIN(consent_changed_at), MIN(consent_source) FROM customers
WHERE stopped_push AND phone <> '' GROUP BY phone;
INSERT INTO suppressions (phone, channel, since, source)
SELECT phone, 'sms', MIN(consent_changed_at), MIN(consent_source) FROM customers
WHERE stopped_sms AND phone <> '' GROUP BY phone;
INSERT INTO suppressions (phone, channel, since, source)
SELECT phone, 'call', MIN(consent_changed_at), MIN(consent_source) FROM customers
WHERE stopped_call AND phone <> '' GROUP BY phone;

-- What providers reported of messages before their sending was recorded. The
-- newest stay, see receiptRows in receipts.go.
CREATE TABLE receipts (
    provider_id TEXT PRIMARY KEY,
    n           BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX receipts_oldest ON receipts (n);
CREATE INDEX receipts_age ON receipts (at);
INSERT INTO counters (name, last) VALUES ('receipts', 0), ('claims', 0);

-- The slots of offers; they are held while the offer stands and held_until is to come.
ALTER TABLE offers ADD COLUMN held_until BIGINT NOT NULL DEFAULT 0;
CREATE TABLE offer_slots (
    offer_id    TEXT NOT NULL REFERENCES offers (id),
    workshop_id TEXT NOT NULL,
    start_at    BIGINT NOT NULL,
    end_at      BIGINT NOT NULL,
    PRIMARY KEY (offer_id, start_at)
);
CREATE INDEX offer_slots_calendar ON offer_slots (workshop_id, end_at);

-- The order of claims, and who waits behind whom.
DROP INDEX messages_planned;
CREATE INDEX messages_planned ON messages (safety DESC, not_before, created_at, id) WHERE state = 'planned';
CREATE INDEX messages_waiting ON messages (customer_id, channel) WHERE state IN ('planned', 'sending');

CREATE INDEX booking_parts_part ON booking_parts (depot_id, part);

-- +goose Down
DROP INDEX booking_parts_part;
DROP INDEX messages_waiting;
DROP INDEX messages_planned;
CREATE INDEX messages_planned ON messages (not_before) WHERE state = 'planned';
DROP TABLE offer_slots;
ALTER TABLE offers DROP COLUMN held_until;
DELETE FROM counters WHERE name IN ('receipts', 'claims');
DROP TABLE receipts;
DROP TABLE suppressions;
