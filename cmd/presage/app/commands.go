package app

import (
	"context"
	"time"

	"presage"
	"presage/ingest/mqtt"
)

// openCommands prepares what hands commands to an external broker.
func (a *App) openCommands(context.Context) error {
	if a.cfg.MQTT.Broker == "" || !a.Does(presage.ProcessIngest) {
		return nil
	}
	sender := a.commandSender()
	a.forwarder = mqtt.NewForwarder(mqtt.ForwarderConfig{
		Owner: sender.ClientID, Dial: mqtt.DialCommands(sender), Now: a.Clock.Now, Logger: a.log,
	}, a.SQL)
	return nil
}

// commandSender is who publishes commands at an external broker.
func (a *App) commandSender() mqtt.PublisherConfig {
	return mqtt.PublisherConfig{
		Broker: a.cfg.MQTT.Broker.Reveal(), ClientID: a.cfg.MQTT.ClientID + "-commands",
		Username: a.cfg.MQTT.Username, Password: a.cfg.MQTT.Password, Timeout: 10 * time.Second,
	}
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
