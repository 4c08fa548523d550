package app

import (
	"context"

	"presage"
	"presage/ingest/mqtt"
	"presage/internal/broker"
)

// openBroker starts the embedded broker, unless an external one is configured,
// and prepares the subscriber.
func (a *App) openBroker(ctx context.Context) error {
	c := mqtt.Config{
		Broker: a.cfg.MQTT.Broker.Reveal(), ClientID: a.cfg.MQTT.ClientID,
		Username: a.cfg.MQTT.Username, Password: a.cfg.MQTT.Password,
		Now: a.Clock.Now, Logger: a.log, Metrics: mqtt.NewMetrics(a.registry),
	}
	if c.Broker == "" {
		var err error
		if a.broker, err = broker.Start(ctx, broker.Config{
			Addr: a.cfg.MQTT.Addr, Dir: a.dir.file("broker"), Open: a.cfg.MQTT.Open, Logger: a.log,
		}); err != nil {
			return err
		}
		c.Broker = a.broker.URL()
		var password presage.Secret
		c.Username, password = a.broker.Credentials()
		c.Password = password
	}
	var err error
	a.subscriber, err = mqtt.New(c, a.Pipeline)
	return err
}
