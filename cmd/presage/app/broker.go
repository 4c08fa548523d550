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
		MaxPayload: int(a.cfg.Ingest.MaxPayload),
		Topics:     subscriptions(a.foreign), Now: a.Clock.Now, Logger: a.log, Metrics: mqtt.NewMetrics(a.registry),
	}
	if c.Broker == "" {
		var err error
		if err = a.openAdmission(ctx); err != nil {
			return err
		}
		if a.broker, err = broker.Start(ctx, broker.Config{
			Addr: a.cfg.MQTT.Addr, Dir: a.dir.file("broker"), Open: a.cfg.MQTT.Open, Logger: a.log,
			VehicleTopics: vehicleTopics(a.foreign), Gateways: a.gateways(), SyncEvery: a.cfg.MQTT.SyncEvery,
			Admission: a.edge.verifier,
			TLS:       broker.TLS{Cert: a.cfg.MQTT.TLSCert, Key: a.cfg.MQTT.TLSKey, ClientCA: a.cfg.MQTT.TLSClientCA},
		}); err != nil {
			return err
		}
		c.Broker, c.TLS = a.broker.URL(), a.broker.ClientTLS()
		var password presage.Secret
		c.Username, password = a.broker.Credentials()
		c.Password = password
	}
	var err error
	a.subscriber, err = mqtt.New(c, a.Pipeline)
	return err
}
