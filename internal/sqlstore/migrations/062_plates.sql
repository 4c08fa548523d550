-- +goose Up
-- The licence plate belongs to the record of the vehicle, whoever told it.
ALTER TABLE vehicles ADD COLUMN plate TEXT NOT NULL DEFAULT '';
UPDATE vehicles SET plate = (SELECT p.plate FROM vehicle_plates p WHERE p.vin = vehicles.vin)
    WHERE vin IN (SELECT vin FROM vehicle_plates);
DROP TABLE vehicle_plates;
CREATE INDEX vehicles_plate ON vehicles (plate);

-- +goose Down
CREATE TABLE vehicle_plates (
    vin   TEXT PRIMARY KEY,
    plate TEXT NOT NULL
);
CREATE INDEX vehicle_plates_plate ON vehicle_plates (plate);
INSERT INTO vehicle_plates (vin, plate) SELECT vin, plate FROM vehicles WHERE plate <> '';
DROP INDEX vehicles_plate;
ALTER TABLE vehicles DROP COLUMN plate;
