package broker

import (
	"context"
	"crypto/subtle"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/netip"
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

// login is what a client shows of itself.
type login struct {
	id       uint64 // of the connection
	name     string
	password presage.Secret
	clientID string
	source   netip.Addr
	cert     *x509.Certificate // that Config.TLS.ClientCA signed, nil for none
}

// Check implements server.Authentication.
func (d *door) Check(c server.ClientAuthentication) bool {
	o := c.GetOpts()
	if o.Username == serviceName {
		return d.service(c, o.Password)
	}
	user, err := d.user(login{
		id: c.GetID(), name: o.Username, password: presage.Secret(o.Password), clientID: d.broker.clientID(c.GetID()),
		source: source(c.RemoteAddress()), cert: clientCertificate(c.GetTLSConnectionState()),
	})
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
func (d *door) user(l login) (*server.User, error) {
	if strings.HasPrefix(strings.ToLower(l.clientID), serviceName) {
		return nil, errors.New("client IDs that begin with \"presage\" are reserved")
	}
	if g, ok := d.gateway(l.name); ok {
		user, err := g.user(l.password.Reveal())
		if err == nil {
			err = d.own(g.Username, l.clientID, true)
		}
		return user, err
	}
	return d.client(l)
}

// client is a vehicle, or somebody without a name.
func (d *door) client(l login) (*server.User, error) {
	vin, err := identity(l)
	if err != nil {
		return nil, err
	}
	if err := d.mayUse(string(vin), l.clientID); err != nil {
		return nil, err
	}
	if vin == "" {
		if !d.cfg.Open {
			return nil, errors.New("neither a user name nor a certificate: anonymous clients are let in by broker.Open only")
		}
		return &server.User{Permissions: permissions("", d.cfg.VehicleTopics)}, nil
	}
	epoch := d.broker.sessions.epoch()
	proven, err := d.admit(vin, l)
	if err != nil {
		return nil, err
	}
	if err := d.broker.sessions.add(vin, l); err != nil {
		return nil, err
	}
	if epoch != d.broker.sessions.epoch() { // somebody was cut off meanwhile: this one?
		proven, err = d.admit(vin, l)
	}
	if err == nil && proven {
		err = d.own(string(vin), l.clientID, false)
	}
	return &server.User{Username: string(vin), Permissions: permissions(vin, d.cfg.VehicleTopics)}, err
}

// identity is the vehicle that a client says to be; "" for an anonymous one.
// A certificate's VIN is the identity: a user name beside it must be the same.
func identity(l login) (vin presage.VIN, err error) {
	if l.name != "" {
		if vin, err = presage.ParseVIN(l.name); err != nil {
			return "", errors.New("the user name is not a VIN")
		}
	}
	if l.cert == nil {
		return vin, nil
	}
	certified, err := CertificateVIN(l.cert)
	if err != nil {
		return "", err
	}
	if vin != "" && vin != certified {
		return "", errors.New("the user name is another vehicle's than the certificate")
	}
	return certified, nil
}

// admit checks a vehicle's certificate or secret; one that has neither has
// proven nothing, and is let in by Config.Open alone.
func (d *door) admit(vin presage.VIN, l login) (proven bool, err error) {
	ctx := context.Background() // NATS has none to give; Admission bounds itself
	if l.cert != nil {
		err = d.cfg.Admission.Certificate(ctx, vin, l.cert.NotBefore)
		return err == nil, err
	}
	err = d.cfg.Admission.Password(ctx, vin, l.password, l.source)
	if errors.Is(err, presage.ErrNotFound) && d.cfg.Open {
		return false, nil
	}
	return err == nil, err
}

// source is the address that failures are counted by: of IPv6 the network, as
// one subscriber has a whole one.
func source(a net.Addr) netip.Addr {
	if a == nil {
		return netip.Addr{}
	}
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	addr := at.Addr().Unmap().WithZone("")
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return addr
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
	missing := map[string]bool{}
	for _, subject := range s.vehicleSubjects() {
		missing[subject] = true
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

// storedPrefix is what NATS puts before the subject of a QoS 1 message.
const storedPrefix = "$MQTT.msgs."

// vehicleSubjects are the filters by which what every vehicle publishes is
// stored; the service's session must have subscribed to each.
func (s *Server) vehicleSubjects() []string {
	subjects := []string{storedPrefix + "presage.v1.*.telemetry"}
	for _, template := range s.cfg.VehicleTopics {
		subjects = append(subjects, storedPrefix+subject(template, "*"))
	}
	return subjects
}

// clientID is the MQTT client ID of connection id, "" if there is none.
func (s *Server) clientID(id uint64) string {
	conns, err := s.nats.Connz(&server.ConnzOptions{CID: id})
	if err != nil || len(conns.Conns) != 1 {
		return ""
	}
	return conns.Conns[0].MQTTClient
}
