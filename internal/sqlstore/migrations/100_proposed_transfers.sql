-- +goose Up
-- Transfers that are proposed are read with each reorder list, and are few among those of years.
CREATE INDEX shipments_proposed ON shipments (id) WHERE state = 'proposed';

-- +goose Down
DROP INDEX shipments_proposed;
