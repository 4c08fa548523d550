package app

import (
	"context"
	"log/slog"
	"time"

	"presage"
	"presage/ingest/mqtt"
)

// commandsKept is how long commands are kept that are done or expired.
const commandsKept = 30 * 24 * time.Hour

// openCommands prepares what hands commands to an external broker.
func (a *App) openCommands(context.Context) error {
	if a.cfg.MQTT.Broker == "" {
		return nil
	}
	client := a.cfg.MQTT.ClientID + "-commands"
	a.forwarder = mqtt.NewForwarder(mqtt.ForwarderConfig{
		Owner: client,
		Dial: mqtt.DialCommands(mqtt.PublisherConfig{
			Broker: a.cfg.MQTT.Broker.Reveal(), ClientID: client,
			Username: a.cfg.MQTT.Username, Password: a.cfg.MQTT.Password, Timeout: 10 * time.Second,
		}),
		Now: a.Clock.Now, Logger: a.log,
	}, a.SQL)
	return nil
}

// commandPut says that a vehicle has a new command.
func (a *App) commandPut(vin presage.VIN) {
	if a.door != nil {
		a.door.Notify(vin)
	}
	if a.forwarder != nil {
		a.forwarder.Notify(vin)
	}
}

// forwardCommands hands commands to an external broker until ctx ends.
func (a *App) forwardCommands(ctx context.Context) error {
	if a.forwarder == nil {
		return nil
	}
	return a.forwarder.Run(ctx)
}

// purgeCommands removes commands that ended long ago, and sessions whose time is over.
func (a *App) purgeCommands(ctx context.Context) error {
	now := a.Clock.Now()
	n, err := a.SQL.PurgeCommands(ctx, now.Add(-commandsKept), now)
	if err != nil {
		return err
	}
	sessions, err := a.SQL.ExpireSessions(ctx, now)
	if n+sessions > 0 {
		a.log.InfoContext(ctx, "old commands and MQTT sessions removed",
			slog.Int64("commands", n), slog.Int64("sessions", sessions))
	}
	return err
}
