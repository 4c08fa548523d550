package app

import (
	"context"
	"net/url"

	"presage"
	"presage/ingest/jetstream"
	"presage/ingest/mqtt"
)

// openJetStream prepares what pulls from a NATS cluster. Its MQTT gateway and
// JetStream take the same user.
func (a *App) openJetStream(held *mqtt.Metrics) (err error) {
	user, password := a.cfg.MQTT.Username, a.cfg.MQTT.Password
	if u, err := url.Parse(a.cfg.MQTT.Broker.Reveal()); err == nil && user == "" && u.User != nil {
		text, _ := u.User.Password()
		user, password = u.User.Username(), presage.Secret(text)
	}
	a.subscriber, err = jetstream.New(jetstream.Config{
		Servers: a.cfg.MQTT.Nodes(), Username: user, Password: password, Consumer: a.cfg.MQTT.Share,
		Topics: subscriptions(a.foreign), Prepare: a.logInOnce, MaxPayload: int(a.cfg.Ingest.MaxPayload),
		Now: a.Clock.Now, Logger: a.log, Held: held, Metrics: jetstream.NewMetrics(a.registry),
	}, a.Pipeline)
	return err
}

// logInOnce is a first client at the external broker.
func (a *App) logInOnce(ctx context.Context) error {
	c, err := mqtt.DialCommands(a.commandSender())(ctx)
	if err != nil {
		return err
	}
	return c.Close()
}
