-- +goose Up
-- E-mail is a way to reach customers. bad_email is the address that reached
-- nobody; another one is good again. A STOP of e-mail belongs to the address.
ALTER TABLE customers ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN bad_email TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN consent_email BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE customers ADD COLUMN stopped_email BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE suppressions RENAME COLUMN phone TO address;

-- +goose Down
DELETE FROM suppressions WHERE channel = 'email';
ALTER TABLE suppressions RENAME COLUMN address TO phone;
ALTER TABLE customers DROP COLUMN stopped_email;
ALTER TABLE customers DROP COLUMN consent_email;
ALTER TABLE customers DROP COLUMN bad_email;
ALTER TABLE customers DROP COLUMN email;
