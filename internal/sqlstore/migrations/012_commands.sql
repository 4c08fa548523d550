-- +goose Up
CREATE TABLE commands (
    id         BIGINT PRIMARY KEY,
    vin        TEXT NOT NULL,
    payload    BYTEA NOT NULL,
    retain     BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL, -- 0 for never
    done_at    BIGINT NOT NULL, -- 0 until the PUBACK
    author     TEXT NOT NULL
);
CREATE INDEX commands_vehicle ON commands (vin, id);
CREATE INDEX commands_waiting ON commands (vin, id) WHERE done_at = 0;
CREATE INDEX commands_new ON commands (id) WHERE done_at = 0;
CREATE INDEX commands_retained ON commands (vin, id) WHERE retain;
CREATE INDEX commands_done ON commands (done_at) WHERE done_at > 0;
CREATE INDEX commands_expired ON commands (expires_at) WHERE expires_at > 0;
INSERT INTO counters (name, last) VALUES ('commands', 0);

-- Persistent sessions of vehicles that subscribed to their commands.
CREATE TABLE mqtt_sessions (
    vin        TEXT NOT NULL,
    client_id  TEXT NOT NULL, -- a long one by its hash
    qos        BIGINT NOT NULL CHECK (qos BETWEEN 0 AND 1),
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (vin, client_id)
);
CREATE INDEX mqtt_sessions_expiry ON mqtt_sessions (expires_at);

-- +goose Down
DROP TABLE mqtt_sessions;
DELETE FROM counters WHERE name = 'commands';
DROP TABLE commands;
