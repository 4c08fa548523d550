-- +goose Up
CREATE TABLE bookings (
    id            TEXT PRIMARY KEY,
    case_id       TEXT NOT NULL REFERENCES cases (id),
    vin           TEXT NOT NULL,
    customer_id   TEXT NOT NULL,
    workshop_id   TEXT NOT NULL,
    depot_id      TEXT NOT NULL,
    bay_id        TEXT NOT NULL,
    technician_id TEXT NOT NULL,
    start_at      BIGINT NOT NULL,
    end_at        BIGINT NOT NULL,
    jobs          TEXT NOT NULL,
    parts         TEXT NOT NULL,
    state         TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    via           TEXT NOT NULL,
    CHECK (end_at > start_at)
);
-- A case has at most one live booking.
CREATE UNIQUE INDEX bookings_one_live ON bookings (case_id) WHERE state IN ('confirmed', 'arrived');
CREATE INDEX bookings_case ON bookings (case_id);
CREATE INDEX bookings_vin ON bookings (vin);
CREATE INDEX bookings_calendar ON bookings (workshop_id, start_at);

-- A quarter of an hour of a bay or a technician: the primary key sells it once.
CREATE TABLE booking_cells (
    resource    TEXT NOT NULL,
    cell        BIGINT NOT NULL, -- unix seconds / 900
    workshop_id TEXT NOT NULL,
    booking_id  TEXT NOT NULL REFERENCES bookings (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (resource, cell)
);
CREATE INDEX booking_cells_calendar ON booking_cells (workshop_id, cell);
CREATE INDEX booking_cells_booking ON booking_cells (booking_id);

-- What a live booking holds of stock.reserved.
CREATE TABLE booking_parts (
    booking_id TEXT NOT NULL REFERENCES bookings (id) DEFERRABLE INITIALLY DEFERRED,
    depot_id   TEXT NOT NULL,
    part       TEXT NOT NULL,
    quantity   BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (booking_id, part)
);

-- What workshops reported, whole; the key makes a repeated report a conflict.
CREATE TABLE workshop_results (
    vin        TEXT NOT NULL,
    at         BIGINT NOT NULL,
    booking_id TEXT NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (vin, at)
);

-- +goose Down
DROP TABLE workshop_results;
DROP TABLE booking_parts;
DROP TABLE booking_cells;
DROP TABLE bookings;
