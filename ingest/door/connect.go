package door

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"time"

	v5 "github.com/eclipse/paho.golang/packets"
	v3 "github.com/eclipse/paho.mqtt.golang/packets"

	"presage"
)

// Protocol levels.
const (
	mqtt31  = 3
	mqtt311 = 4
	mqtt5   = 5
)

// Reason codes of MQTT 5 (section 2.4).
const (
	reasonSuccess         = 0x00
	reasonNoSubscription  = 0x11
	reasonMalformed       = 0x81
	reasonProtocolError   = 0x82
	reasonVersion         = 0x84
	reasonClientID        = 0x85
	reasonNotAuthorized   = 0x87
	reasonUnavailable     = 0x88
	reasonShuttingDown    = 0x8b
	reasonAuthMethod      = 0x8c
	reasonKeepAlive       = 0x8d
	reasonTakenOver       = 0x8e
	reasonReceiveExceeded = 0x93
	reasonAliasInvalid    = 0x94
	reasonQuota           = 0x97
	reasonAdministrative  = 0x98
)

// protocolError ends a connection with a reason that MQTT 5 has a code for.
type protocolError struct {
	reason byte
	text   string
}

func (e *protocolError) Error() string { return e.text }

// refusal is why a client is not let in, in the words of both versions.
type refusal struct {
	old    byte // MQTT 3.1.1, section 3.2.2.3
	reason byte // MQTT 5
	cause  error
}

func (r *refusal) Error() string { return r.cause.Error() }

func (r *refusal) Unwrap() error { return r.cause }

func refuse(old, reason byte, cause error) *refusal { return &refusal{old, reason, cause} }

// hello is a CONNECT.
type hello struct {
	version   byte
	clientID  string
	username  string
	password  presage.Secret
	clean     bool
	keepAlive time.Duration
	expiry    time.Duration // of the session after the connection; 0 none
	receive   int           // PUBLISH packets with QoS 1 that the client takes at once
	packet    uint32        // largest that the client takes; 0 any
	will      *will
}

// parseHello reads a CONNECT's variable header and payload. most bounds how
// long a session is kept.
func parseHello(body []byte, most time.Duration) (hello, error) {
	version, err := protocolLevel(body)
	if err != nil {
		return hello{version: version}, err
	}
	if version == mqtt5 {
		return parseHello5(body, most)
	}
	p := &v3.ConnectPacket{}
	if err := p.Unpack(bytes.NewBuffer(body)); err != nil {
		return hello{}, fmt.Errorf("%w: CONNECT: %w", errMalformed, err)
	}
	h := hello{
		version: version, clientID: p.ClientIdentifier, username: p.Username, password: presage.Secret(p.Password),
		clean: p.CleanSession, keepAlive: time.Duration(p.Keepalive) * time.Second, receive: 16,
	}
	if !h.clean {
		h.expiry = most
	}
	if p.WillFlag {
		h.will = &will{topic: p.WillTopic, payload: p.WillMessage}
	}
	switch {
	case p.ReservedBit != 0 || p.WillQos > 2:
		return h, fmt.Errorf("%w: CONNECT with reserved flags", errMalformed)
	case h.clientID == "" && !h.clean:
		return h, refuse(v3.ErrRefusedIDRejected, reasonClientID,
			errors.New("a session that is to be kept needs a client ID"))
	}
	return h, nil
}

// protocolLevel finds the version, so that the refusal of another is in words
// that its client understands.
func protocolLevel(body []byte) (byte, error) {
	for _, known := range []struct {
		name  string
		level byte
	}{{"\x00\x06MQIsdp", mqtt31}, {"\x00\x04MQTT", mqtt311}, {"\x00\x04MQTT", mqtt5}} {
		n := len(known.name)
		if len(body) > n && string(body[:n]) == known.name && body[n]&0x7f == known.level {
			return known.level, nil
		}
	}
	if len(body) > 6 && string(body[:6]) == "\x00\x04MQTT" {
		return mqtt311, refuse(v3.ErrRefusedBadProtocolVersion, reasonVersion,
			fmt.Errorf("MQTT of level %d: want 3.1, 3.1.1 or 5", body[6]))
	}
	return 0, fmt.Errorf("%w: not MQTT", errMalformed)
}

func parseHello5(body []byte, most time.Duration) (hello, error) {
	p := &v5.Connect{Properties: &v5.Properties{}}
	if err := p.Unpack(bytes.NewBuffer(body)); err != nil {
		return hello{version: mqtt5}, fmt.Errorf("%w: CONNECT: %w", errMalformed, err)
	}
	h := hello{
		version: mqtt5, clientID: p.ClientID, username: p.Username, password: presage.Secret(p.Password),
		clean: p.CleanStart, keepAlive: time.Duration(p.KeepAlive) * time.Second, receive: 65_535,
	}
	if s := p.Properties.SessionExpiryInterval; s != nil {
		h.expiry = min(most, time.Duration(*s)*time.Second)
	}
	if n := p.Properties.ReceiveMaximum; n != nil {
		h.receive = int(*n)
	}
	if n := p.Properties.MaximumPacketSize; n != nil {
		h.packet = *n
	}
	if p.WillFlag {
		h.will = &will{topic: p.WillTopic, payload: p.WillMessage}
		if w := p.WillProperties; w != nil && w.WillDelayInterval != nil {
			h.will.delay = min(most, time.Duration(*w.WillDelayInterval)*time.Second)
		}
	}
	switch {
	case body[7]&1 != 0 || p.WillQOS > 2 || h.receive == 0:
		return h, fmt.Errorf("%w: CONNECT with reserved values", errMalformed)
	case p.Properties.AuthMethod != "":
		return h, refuse(v3.ErrRefusedNotAuthorised, reasonAuthMethod,
			errors.New("enhanced authentication is not known here: use user name and password, or a certificate"))
	}
	return h, nil
}

// identify finds out who the client is. The error never holds a VIN or a password.
func (s *Server) identify(ctx context.Context, h hello, cert *x509.Certificate, source netip.Addr) (user, error) {
	if h.username == serviceName {
		if !h.password.Equal(s.password) {
			return user{}, forbidden(errors.New("wrong password for the service's own account"))
		}
		return user{service: true, proven: true}, nil
	}
	if g, ok := s.gateway(h.username); ok {
		if !h.password.Equal(g.Password) {
			return user{}, forbidden(errors.New("wrong password for a gateway's account"))
		}
		return user{gateway: &g, proven: true}, nil
	}
	vin, err := identity(h.username, cert)
	if err != nil {
		return user{}, forbidden(err)
	}
	if vin == "" {
		if !s.cfg.Open {
			return user{}, forbidden(errors.New("neither a user name nor a certificate (mqtt.open lets such clients in)"))
		}
		return user{}, nil
	}
	proven, err := s.admit(ctx, vin, h, cert, source)
	return user{vin: vin, proven: proven}, err
}

func forbidden(cause error) *refusal {
	return refuse(v3.ErrRefusedNotAuthorised, reasonNotAuthorized, cause)
}

// identity is the vehicle that a client says to be; "" for an anonymous one.
// A certificate's VIN is the identity: a user name beside it must be the same.
func identity(name string, cert *x509.Certificate) (vin presage.VIN, err error) {
	if name != "" {
		if vin, err = presage.ParseVIN(name); err != nil {
			return "", fmt.Errorf("the user name is not a VIN: %w", err)
		}
	}
	if cert == nil {
		return vin, nil
	}
	certified, err := CertificateVIN(cert)
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
func (s *Server) admit(
	ctx context.Context, vin presage.VIN, h hello, cert *x509.Certificate, source netip.Addr,
) (proven bool, err error) {
	if cert != nil {
		err = s.cfg.Admission.Certificate(ctx, vin, cert.NotBefore)
	} else {
		err = s.cfg.Admission.Password(ctx, vin, h.password, source)
		if errors.Is(err, presage.ErrNotFound) && s.cfg.Open {
			return false, nil
		}
	}
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, presage.ErrUnavailable):
		return false, refuse(v3.ErrRefusedServerUnavailable, reasonUnavailable, err)
	}
	return false, forbidden(err)
}

// connack answers a CONNECT that is let in.
func connack(h hello, assigned string, present bool, receive int) []byte {
	if h.version != mqtt5 {
		flag := byte(0)
		if present && h.version == mqtt311 { // 3.1 has no such flag
			flag = 1
		}
		return []byte{0x20, 2, flag, 0}
	}
	no, maximum, aliases, expiry := byte(0), uint16(receive), uint16(maxAliases), uint32(h.expiry/time.Second)
	return encode5(&v5.Connack{SessionPresent: present, Properties: &v5.Properties{
		ReceiveMaximum: &maximum, TopicAliasMaximum: &aliases, AssignedClientID: assigned, SessionExpiryInterval: &expiry,
		WildcardSubAvailable: &no, SubIDAvailable: &no, SharedSubAvailable: &no,
	}}, v5.CONNACK)
}

// connackRefused answers one that is not.
func connackRefused(version byte, r *refusal) []byte {
	if version != mqtt5 {
		return []byte{0x20, 2, 0, r.old}
	}
	return encode5(&v5.Connack{ReasonCode: r.reason, Properties: &v5.Properties{ReasonString: r.Error()}}, v5.CONNACK)
}

// encode5 is a packet of MQTT 5 as bytes.
func encode5(content v5.Packet, kind byte) []byte {
	p := v5.ControlPacket{FixedHeader: v5.FixedHeader{Type: kind}, Content: content}
	var out bytes.Buffer
	_, _ = p.WriteTo(&out) // a buffer takes everything
	return out.Bytes()
}

// newClientID is for a client that brings none.
func newClientID() string { return "presage-" + rand.Text() }
