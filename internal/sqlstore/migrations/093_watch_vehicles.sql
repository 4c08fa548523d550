-- +goose Up
-- Vehicles with a watch rule that is not at rest: several processes change their
-- states one after another, and see which have changed.
CREATE TABLE watch_vehicles (
    vin        TEXT PRIMARY KEY,
    changed_at BIGINT NOT NULL -- 0 until something was stored
);
CREATE INDEX watch_vehicles_changed ON watch_vehicles (changed_at);

-- +goose Down
DROP TABLE watch_vehicles;
