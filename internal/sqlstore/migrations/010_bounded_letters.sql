-- +goose Up
-- Every reason but store_rejected has a bound now: count what stands.
INSERT INTO held_letters (reason, vin, kept, bytes, turned_away, last)
SELECT reason, vin, COUNT(*), SUM(LENGTH(payload)), 0, MAX(received) FROM dead_letters
WHERE redriven = 0 AND vin <> '' AND reason NOT IN ('unknown_vehicle', 'rate_limited', 'store_rejected')
GROUP BY reason, vin;
INSERT INTO held_letters (reason, vin, kept, bytes, turned_away, last)
SELECT reason, '', COUNT(*), SUM(LENGTH(payload)), 0, MAX(received) FROM dead_letters
WHERE redriven = 0 AND reason NOT IN ('unknown_vehicle', 'rate_limited', 'store_rejected')
GROUP BY reason;
CREATE INDEX dead_letters_redriven ON dead_letters (redriven) WHERE redriven > 0;
CREATE INDEX vehicle_credentials_issued ON vehicle_credentials (issued);

-- +goose Down
DROP INDEX vehicle_credentials_issued;
DROP INDEX dead_letters_redriven;
DELETE FROM held_letters WHERE reason NOT IN ('unknown_vehicle', 'rate_limited');
