package mqtt

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"presage"
)

// PublisherConfig tells as which vehicle to speak, and where.
type PublisherConfig struct {
	// Broker is as in Config; user information in it takes the place of VIN
	// and Password as credentials.
	Broker   string
	VIN      presage.VIN    // the user name, unless Username is set; both "" connects anonymously
	Username string         // of who is not a vehicle
	Password presage.Secret // of either
	ClientID string         // default the VIN
	TLS      *tls.Config
	// InFlight bounds the messages that wait for their PUBACK; default 100.
	InFlight int
	// Timeout bounds connecting, and the wait for a PUBACK; default 30 s.
	Timeout time.Duration
	// Attempts is how often in a row a lost connection is made again before
	// giving up; default 5. A refused login is not tried again.
	Attempts int
	// RetryWait is the wait between attempts; default 500 ms.
	RetryWait time.Duration
}

// Outgoing is one message to publish.
type Outgoing struct {
	Topic    string
	Payload  []byte
	QoS0     bool // without an acknowledgement, as some foreign formats are sent
	Retained bool // the broker keeps it for who subscribes later
}

// Publisher publishes with QoS 1 as one vehicle. It is for one goroutine.
type Publisher struct {
	cfg    PublisherConfig
	broker *url.URL
	client paho.Client
}

// NewPublisher connects. ErrForbidden means that the broker refuses the
// credentials, ErrUnavailable that it does not answer.
func NewPublisher(ctx context.Context, cfg PublisherConfig) (*Publisher, error) {
	u, err := brokerURL(cfg.Broker)
	if err != nil {
		return nil, fmt.Errorf("mqtt.Broker: %w", err)
	}
	cfg.ClientID = cmp.Or(cfg.ClientID, string(cfg.VIN))
	cfg.Username = cmp.Or(cfg.Username, string(cfg.VIN))
	cfg.InFlight = cmp.Or(cfg.InFlight, 100)
	cfg.Timeout = cmp.Or(cfg.Timeout, 30*time.Second)
	cfg.Attempts = cmp.Or(cfg.Attempts, 5)
	cfg.RetryWait = cmp.Or(cfg.RetryWait, 500*time.Millisecond)
	p := &Publisher{cfg: cfg, broker: u}
	if err := p.connect(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Publisher) connect(ctx context.Context) error {
	o := clientOptions(p.broker, p.cfg.ClientID, p.cfg.Timeout, p.cfg.TLS)
	o.SetCleanSession(true).SetKeepAlive(30 * time.Second)
	if p.broker.User == nil && p.cfg.Username != "" {
		password := cmp.Or(p.cfg.Password.Reveal(), "none") // a broker that checks no password still wants one
		o.SetUsername(p.cfg.Username).SetPassword(password)
	}
	p.client = paho.NewClient(o)
	token := p.client.Connect()
	err := wait(ctx, token, p.cfg.Timeout)
	if err == nil {
		return nil
	}
	p.client.Disconnect(0)
	if refused(token) {
		return fmt.Errorf("mqtt broker %s: %w: the login is refused", p.broker.Host, presage.ErrForbidden)
	}
	return fmt.Errorf("mqtt broker %s: %w: %w", p.broker.Host, presage.ErrUnavailable, err)
}

// refused tells whether the broker has answered that it knows no such user. While no
// answer has come the library may be writing it.
func refused(token paho.Token) bool {
	select {
	case <-token.Done():
		t, ok := token.(*paho.ConnectToken)
		return ok && (t.ReturnCode() == 4 || t.ReturnCode() == 5)
	default:
		return false
	}
}

// Publish sends one message and waits for its PUBACK.
func (p *Publisher) Publish(ctx context.Context, topic string, payload []byte) error {
	_, err := p.PublishAll(ctx, func(yield func(Outgoing) bool) { yield(Outgoing{Topic: topic, Payload: payload}) })
	return err
}

// flight is a message that waits for its PUBACK.
type flight struct {
	msg   Outgoing
	token paho.Token
}

// PublishAll sends every message in order, at most InFlight ahead of their
// PUBACKs, and returns after the last one how many were acknowledged (with
// QoS 0: written to the connection). After a
// lost connection it connects again and repeats what was not acknowledged. A
// message that the broker answers by closing the connection (a topic of
// another vehicle, a payload beyond its limit) makes it give up after Attempts.
func (p *Publisher) PublishAll(ctx context.Context, messages iter.Seq[Outgoing]) (acked int, err error) {
	var flying []flight
	for m := range messages {
		for len(flying) >= p.cfg.InFlight {
			if flying, err = p.land(ctx, flying, &acked); err != nil {
				return acked, err
			}
		}
		flying = append(flying, p.send(m))
	}
	for len(flying) > 0 {
		if flying, err = p.land(ctx, flying, &acked); err != nil {
			return acked, err
		}
	}
	return acked, nil
}

func (p *Publisher) send(m Outgoing) flight {
	qos := byte(1)
	if m.QoS0 {
		qos = 0
	}
	return flight{msg: m, token: p.client.Publish(m.Topic, qos, m.Retained, m.Payload)}
}

// land waits for the oldest message's PUBACK and returns the others.
func (p *Publisher) land(ctx context.Context, flying []flight, acked *int) ([]flight, error) {
	for attempt := 1; ; attempt++ {
		err := wait(ctx, flying[0].token, p.cfg.Timeout)
		if err == nil {
			*acked++
			return flying[1:], nil
		}
		if ctx.Err() != nil {
			return flying, fmt.Errorf("publish: %w", ctx.Err())
		}
		if attempt >= p.cfg.Attempts {
			return flying, fmt.Errorf("publish: %w: the broker does not acknowledge: %w", presage.ErrUnavailable, err)
		}
		if err := p.again(ctx, flying); err != nil {
			return flying, err
		}
	}
}

// again connects once more and repeats what is in flight.
func (p *Publisher) again(ctx context.Context, flying []flight) error {
	p.client.Disconnect(0)
	t := time.NewTimer(p.cfg.RetryWait)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("publish: %w", ctx.Err())
	case <-t.C:
	}
	if err := p.connect(ctx); errors.Is(err, presage.ErrForbidden) {
		return err
	} // any other failure shows at the tokens
	for i := range flying {
		flying[i] = p.send(flying[i].msg)
	}
	return nil
}

// Close disconnects. What has no PUBACK yet may or may not arrive.
func (p *Publisher) Close() error {
	p.client.Disconnect(250)
	return nil
}
