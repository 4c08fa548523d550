-- +goose Up
-- Discounts that came with offers. Times are microseconds, 0 for never.
CREATE TABLE coupons (
    code           TEXT PRIMARY KEY,
    offer_id       TEXT NOT NULL,
    case_id        TEXT NOT NULL,
    customer_id    TEXT NOT NULL,
    workshop_id    TEXT NOT NULL,
    rule           TEXT NOT NULL,
    policy_version BIGINT NOT NULL,
    discount       BIGINT NOT NULL,
    currency       TEXT NOT NULL,
    issued_at      BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    redeemed_at    BIGINT NOT NULL,
    void_at        BIGINT NOT NULL
);
CREATE INDEX coupons_case ON coupons (case_id);
CREATE INDEX coupons_customer ON coupons (customer_id);
CREATE INDEX coupons_issued ON coupons (issued_at, code);

-- +goose Down
DROP TABLE coupons;
