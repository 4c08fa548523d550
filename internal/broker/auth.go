package broker

import (
	"crypto/subtle"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"presage"
)

// serviceName is the user name of the service's own account and the prefix of
// client IDs that are its alone.
const serviceName = "presage"

// door decides who gets in and what they may do. NATS calls Check on the
// goroutine of the connection.
type door struct {
	cfg      Config
	password string // of the service's account
	log      *slog.Logger
	broker   *Server
}

// Check implements server.Authentication.
func (d *door) Check(c server.ClientAuthentication) bool {
	o := c.GetOpts()
	if o.Username == serviceName {
		return d.service(c, o.Password)
	}
	user, err := d.user(o.Username, o.Password, d.broker.clientID(c.GetID()))
	if err == nil && !d.broker.awaitSubscriber() {
		err = errors.New("nobody has subscribed to telemetry yet: try again later")
	}
	if err != nil {
		d.broker.refused.logins.Add(1)
		d.log.Warn("broker: login refused", slog.Any("reason", err), slog.Any("remote", c.RemoteAddress()))
		return false
	}
	c.RegisterUser(user)
	return true
}

func (d *door) service(c server.ClientAuthentication, password string) bool {
	if subtle.ConstantTimeCompare([]byte(password), []byte(d.password)) != 1 {
		d.broker.refused.logins.Add(1)
		d.log.Warn("broker: login refused", slog.String("reason", "wrong password for the service's account"),
			slog.Any("remote", c.RemoteAddress()))
		return false
	}
	c.RegisterUser(&server.User{Username: serviceName})
	return true
}

// user tells what a client other than the service may do. The error never
// holds a VIN or a password.
func (d *door) user(name, password, clientID string) (*server.User, error) {
	if strings.HasPrefix(strings.ToLower(clientID), serviceName) {
		return nil, errors.New("client IDs that begin with \"presage\" are reserved")
	}
	if g, ok := d.gateway(name); ok {
		return g.user(password, clientID)
	}
	return d.client(name, password, clientID)
}

// client is a vehicle, or somebody without a name.
func (d *door) client(name, password, clientID string) (*server.User, error) {
	var vin presage.VIN
	if name != "" {
		var err error
		if vin, err = presage.ParseVIN(name); err != nil {
			return nil, errors.New("the user name is not a VIN")
		}
		if err := d.admit(vin, password); err != nil {
			return nil, err
		}
	} else if !d.cfg.Open {
		return nil, errors.New("no user name: anonymous clients are let in by broker.Open only")
	}
	if owner, err := presage.ParseVIN(clientID[:min(17, len(clientID))]); err == nil && owner != vin {
		return nil, errors.New("the client ID is another vehicle's")
	}
	return &server.User{Username: name, Permissions: permissions(vin, d.cfg.VehicleTopics)}, nil
}

// admit checks a vehicle's secret.
func (d *door) admit(vin presage.VIN, password string) error {
	hash, ok := d.cfg.Secret(vin)
	switch {
	case ok && !secretMatches(vin, password, hash):
		return errors.New("wrong password")
	case !ok && !d.cfg.Open:
		return errors.New("the vehicle has no secret: register one, or set broker.Open on a loopback address")
	}
	return nil
}

// permissions of a vehicle, or of an anonymous client if vin is "".
func permissions(vin presage.VIN, foreign []string) *server.Permissions {
	level := "*"
	subscribe := &server.SubjectPermission{Deny: []string{">"}}
	if vin != "" {
		level = string(vin)
		// Deliveries with QoS 1 arrive on internal subjects below $MQTT.sub;
		// NATS refuses MQTT filters that name them.
		subscribe = &server.SubjectPermission{Allow: []string{"presage.v1." + level + ".command", "$MQTT.sub.>"}}
	}
	publish := []string{"presage.v1." + level + ".telemetry", "presage.v1." + level + ".event"}
	for _, template := range foreign {
		publish = append(publish, subject(template, level))
	}
	return &server.Permissions{Publish: &server.SubjectPermission{Allow: publish}, Subscribe: subscribe}
}

// awaitSubscriber waits until a persistent session has subscribed to
// telemetry and to every foreign format. Once true it stays true: the session outlives restarts.
func (s *Server) awaitSubscriber() bool {
	if s.subscribed.Load() {
		return true
	}
	deadline := time.NewTimer(s.cfg.SubscriberWait)
	defer deadline.Stop()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for !s.hasSubscriber() {
		select {
		case <-deadline.C:
			return false
		case <-s.closing:
			return false
		case <-poll.C:
		}
	}
	s.subscribed.Store(true)
	return true
}

// hasSubscriber looks for a consumer of everything that vehicles publish on the
// stream of QoS 1 messages.
func (s *Server) hasSubscriber() bool {
	info, err := s.nats.Jsz(&server.JSzOptions{Accounts: true, Streams: true, Consumer: true, Config: true})
	if err != nil {
		return false
	}
	missing := map[string]bool{"$MQTT.msgs.presage.v1.*.telemetry": true}
	for _, template := range s.cfg.VehicleTopics {
		missing["$MQTT.msgs."+subject(template, "*")] = true
	}
	for _, account := range info.AccountDetails {
		for _, stream := range account.Streams {
			for _, consumer := range stream.Consumer {
				if consumer.Config != nil {
					delete(missing, consumer.Config.FilterSubject)
				}
			}
		}
	}
	return len(missing) == 0
}

// clientID is the MQTT client ID of connection id, "" if there is none.
func (s *Server) clientID(id uint64) string {
	conns, err := s.nats.Connz(&server.ConnzOptions{CID: id})
	if err != nil || len(conns.Conns) != 1 {
		return ""
	}
	return conns.Conns[0].MQTTClient
}
