-- +goose Up
-- What records of ours are called in the systems of dealers.
CREATE TABLE external_ids (
    source      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    external_id TEXT NOT NULL,
    id          TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    digest      TEXT NOT NULL,
    body        TEXT NOT NULL, -- what has to be taken back when the record changes, JSON; '' for nothing
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (source, kind, external_id)
);
CREATE INDEX external_ids_ours ON external_ids (kind, id);

-- Visits that dealers' systems sold: they block their cells, and nothing else is known of them.
CREATE TABLE dealer_visits (
    id            TEXT PRIMARY KEY,
    source        TEXT NOT NULL,
    external_id   TEXT NOT NULL,
    workshop_id   TEXT NOT NULL,
    bay_id        TEXT NOT NULL,
    technician_id TEXT NOT NULL,
    vin           TEXT NOT NULL,
    customer_id   TEXT NOT NULL,
    start_at      BIGINT NOT NULL,
    end_at        BIGINT NOT NULL,
    jobs          TEXT NOT NULL,
    state         TEXT NOT NULL,
    updated_at    BIGINT NOT NULL
);
CREATE INDEX dealer_visits_calendar ON dealer_visits (workshop_id, start_at);
CREATE INDEX dealer_visits_customer ON dealer_visits (customer_id);

CREATE TABLE vehicle_plates (
    vin   TEXT PRIMARY KEY,
    plate TEXT NOT NULL
);
CREATE INDEX vehicle_plates_plate ON vehicle_plates (plate);

-- A cell belongs to a booking or to a dealer's visit.
CREATE TABLE cells_of_both (
    resource    TEXT NOT NULL,
    cell        BIGINT NOT NULL, -- unix seconds / 900
    workshop_id TEXT NOT NULL,
    booking_id  TEXT NOT NULL,
    PRIMARY KEY (resource, cell)
);
INSERT INTO cells_of_both (resource, cell, workshop_id, booking_id)
    SELECT resource, cell, workshop_id, booking_id FROM booking_cells;
DROP TABLE booking_cells;
ALTER TABLE cells_of_both RENAME TO booking_cells;
CREATE INDEX booking_cells_calendar ON booking_cells (workshop_id, cell);
CREATE INDEX booking_cells_booking ON booking_cells (booking_id);

-- +goose Down
DELETE FROM booking_cells WHERE booking_id NOT IN (SELECT id FROM bookings);
DROP TABLE vehicle_plates;
DROP TABLE dealer_visits;
DROP TABLE external_ids;
