-- +goose Up
-- Who issues a coupon of a rule that is bounded by month takes a turn first: of two
-- processes the second one counts what the first has issued.
CREATE TABLE coupon_turns (
    rule TEXT PRIMARY KEY,
    turn BIGINT NOT NULL
);

-- +goose Down
DROP TABLE coupon_turns;
