package app

import (
	"context"
	"os"
	"time"

	"presage"
	"presage/ingest/door"
	"presage/ingest/mqtt"
	"presage/internal/certfile"
)

// subscriber takes messages from an external broker.
type subscriber interface {
	Run(ctx context.Context) error
	Ready(ctx context.Context) error
}

// openMQTT binds the vehicles' door, or prepares the subscriber of an external
// broker if one is configured.
func (a *App) openMQTT(ctx context.Context) (err error) {
	if !a.Does(presage.ProcessIngest) {
		return nil
	}
	metrics := mqtt.NewMetrics(a.registry) // with the door too: one dashboard draws both
	if a.cfg.MQTT.Broker == "" {
		return a.openDoor(ctx)
	}
	if a.cfg.MQTT.JetStream != "" {
		return a.openJetStream(metrics)
	}
	a.subscriber, err = mqtt.New(mqtt.Config{
		Broker: a.cfg.MQTT.Broker.Reveal(), ClientID: a.cfg.MQTT.ClientID,
		Username: a.cfg.MQTT.Username, Password: a.cfg.MQTT.Password,
		MaxPayload: int(a.cfg.Ingest.MaxPayload), Memory: heardFile(a.dir.file("heard.json")),
		Topics: shared(a.cfg.MQTT.Share, subscriptions(a.foreign)), Now: a.Clock.Now, Logger: a.log, Metrics: metrics,
	}, a.Pipeline)
	return err
}

func (a *App) openDoor(ctx context.Context) (err error) {
	if err = a.openAdmission(ctx); err != nil {
		return err
	}
	a.warnOfOldBroker()
	m := a.cfg.MQTT
	var claims door.Claims // one process alone opens a file of SQLite
	if postgres(a.cfg) {
		claims = a.SQL
	}
	a.door, err = door.New(ctx, door.Config{
		Addr: m.Addr, Open: m.Open, VehicleTopics: vehicleTopics(a.foreign), Gateways: a.gateways(),
		Admission: a.edge.verifier, TLS: certfile.Files{Cert: m.TLSCert, Key: m.TLSKey, ClientCA: m.TLSClientCA},
		Sink: a.Pipeline, Commands: a.SQL, Sessions: a.SQL, Claims: claims, SessionExpiry: time.Duration(m.SessionExpiry),
		MaxPayload: int(a.cfg.Ingest.MaxPayload), ReceiveMaximum: m.ReceiveMaximum, Connections: m.Connections,
		ConnectionsPerAddress: m.ConnectionsPerAddress, ConnectionsPerVehicle: m.ConnectionsPerVehicle,
		Now: a.Clock.Now, Logger: a.log, Registerer: a.registry,
	})
	return err
}

// warnOfOldBroker tells of messages that an earlier version may have
// acknowledged and not stored yet.
func (a *App) warnOfOldBroker() {
	dir := a.dir.file("broker")
	if _, err := os.Stat(dir); err == nil {
		a.log.Warn("an earlier version kept acknowledged messages in this folder until they were stored: "+
			"if it was killed, let it run once more and stop it before you delete the folder", "folder", dir)
	}
}

// mqttReady is nil while messages of vehicles get through to the store: it goes
// the way of one. With an external broker it is nil while that is connected.
func (a *App) mqttReady(ctx context.Context) error {
	if a.door == nil {
		return a.subscriber.Ready(ctx)
	}
	return a.reaches(a.door.Probe)(ctx)
}
