-- +goose Up
-- The doors that are open on this database, and which of them serves whose session.
CREATE TABLE mqtt_nodes (
    node    TEXT PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
CREATE TABLE mqtt_claims (
    account   TEXT NOT NULL, -- a VIN, or "gateway NAME"
    client_id TEXT NOT NULL, -- a long one by its hash
    node      TEXT NOT NULL,
    number    BIGINT NOT NULL, -- grows each time the session is claimed
    proven    BOOLEAN NOT NULL,
    PRIMARY KEY (account, client_id)
);
CREATE INDEX mqtt_claims_node ON mqtt_claims (node);
-- What a node has lost to another and was not told yet.
CREATE TABLE mqtt_lost (
    node      TEXT NOT NULL,
    account   TEXT NOT NULL,
    client_id TEXT NOT NULL,
    number    BIGINT NOT NULL, -- of the claim that took it
    clean     BOOLEAN NOT NULL, -- the session began anew there
    PRIMARY KEY (node, account, client_id)
);

-- +goose Down
DROP TABLE mqtt_lost;
DROP TABLE mqtt_claims;
DROP TABLE mqtt_nodes;
