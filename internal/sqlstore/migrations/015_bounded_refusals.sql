-- +goose Up
-- store_rejected has a bound as every other reason has: count what stands.
INSERT INTO held_letters (reason, vin, kept, bytes, turned_away, last)
SELECT reason, vin, COUNT(*), SUM(LENGTH(payload)), 0, MAX(received) FROM dead_letters
WHERE redriven = 0 AND vin <> '' AND reason = 'store_rejected'
GROUP BY reason, vin;
INSERT INTO held_letters (reason, vin, kept, bytes, turned_away, last)
SELECT reason, '', COUNT(*), SUM(LENGTH(payload)), 0, MAX(received) FROM dead_letters
WHERE redriven = 0 AND reason = 'store_rejected'
GROUP BY reason;

-- +goose Down
DELETE FROM held_letters WHERE reason = 'store_rejected';
