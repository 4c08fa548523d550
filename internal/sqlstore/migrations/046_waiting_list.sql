-- +goose Up
-- Customers who wish an earlier time, and the freed times that they were told of.
CREATE TABLE waiting_list (
    case_id     TEXT PRIMARY KEY REFERENCES cases (id),
    customer_id TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    since       BIGINT NOT NULL,
    visit_at    BIGINT NOT NULL,
    who         TEXT NOT NULL
);
CREATE INDEX waiting_list_workshop ON waiting_list (workshop_id);
CREATE INDEX waiting_list_customer ON waiting_list (customer_id);
CREATE TABLE freed_offers (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    workshop_id TEXT NOT NULL,
    booking_id  TEXT NOT NULL,
    start_at    BIGINT NOT NULL,
    end_at      BIGINT NOT NULL,
    offered_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX freed_offers_once ON freed_offers (case_id, workshop_id, start_at);
CREATE INDEX freed_offers_open ON freed_offers (workshop_id, expires_at);

-- +goose Down
DROP TABLE freed_offers;
DROP TABLE waiting_list;
