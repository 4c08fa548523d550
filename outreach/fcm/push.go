package fcm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"presage"
	"presage/outreach/contact"
	"presage/outreach/link"
)

// Store knows the customer's devices; *sqlstore.Store is one.
type Store interface {
	Devices(ctx context.Context, customerID string) ([]presage.Device, error)
	// DropToken forgets the device with a token that reaches nothing any more; one
	// that has another token by now stays.
	DropToken(ctx context.Context, token presage.Secret) error
	Offer(ctx context.Context, id string) (presage.Offer, error)
}

// Deps is what the channel needs beside its account. All are required.
type Deps struct {
	Store Store
	// Links signs the token by which the app reports what became of a message.
	Links *link.Signer
	Now   func() time.Time
}

// Push is the channel "push" over FCM. Safe for use by several goroutines.
type Push struct {
	cfg     Config
	deps    Deps
	account account
	client  *http.Client
	address string

	mu     sync.Mutex
	tokens oauth2.TokenSource // keeps the token until shortly before its end
}

// New checks the configuration; ErrInvalid names every fault. It connects to nothing.
func New(cfg Config, deps Deps) (*Push, error) {
	a, faults := cfg.account()
	if err := faults.Err("fcm"); err != nil {
		return nil, err
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 10 * time.Second
	}
	base := address
	if cfg.BaseURL != "" {
		base = strings.TrimRight(cfg.BaseURL, "/")
	}
	p := &Push{cfg: cfg, deps: deps, account: a, address: base + "/v1/projects/" + a.project + "/messages:send"}
	p.client = contact.Client(cfg.Transport, cfg.Timeout)
	p.forget()
	return p, nil
}

// Name is presage.ChannelPush.
func (p *Push) Name() presage.ChannelName { return presage.ChannelPush }

// Find never finds anything: FCM cannot be asked. See the package comment.
func (p *Push) Find(context.Context, presage.Message, presage.Customer) (string, bool, error) {
	return "", false, nil
}

// Send hands the message to FCM for each device of the customer. The ID it
// returns is the message's own, by which the app reports what became of it.
func (p *Push) Send(ctx context.Context, m presage.Message, c presage.Customer) (string, error) {
	devices, err := p.deps.Store.Devices(ctx, c.ID)
	if err != nil {
		return "", fmt.Errorf("fcm send: %w", err)
	}
	until, err := p.until(ctx, m)
	if err != nil {
		return "", fmt.Errorf("fcm send: %w", err)
	}
	message := write(m, p.deps.Now(), until, receiptToken(p.deps.Links, m, p.deps.Now()))
	took, worst := false, fmt.Errorf("fcm send: %w: the customer has no device left", presage.ErrInvalid)
	for _, d := range devices {
		message.Token = d.Token.Reveal()
		err := p.one(ctx, message)
		if errors.Is(err, errGone) {
			if err := p.deps.Store.DropToken(ctx, d.Token); err != nil {
				return "", fmt.Errorf("fcm: remove a device: %w", err)
			}
			continue
		}
		took = took || err == nil
		if err != nil && rank(err) >= rank(worst) {
			worst = err
		}
	}
	if !took {
		return "", worst
	}
	return m.ID, nil
}

// rank orders errors by how much is still open: what may be sent later outweighs
// what waits for the operator, and that a refusal.
func rank(err error) int {
	switch {
	case errors.Is(err, presage.ErrInvalid):
		return 0
	case errors.Is(err, contact.ErrAccount):
		return 1
	}
	return 2
}

// until is when a message says nothing any more.
func (p *Push) until(ctx context.Context, m presage.Message) (time.Time, error) {
	if m.OfferID == "" {
		return p.deps.Now().Add(withoutTo), nil
	}
	o, err := p.deps.Store.Offer(ctx, m.OfferID)
	if errors.Is(err, presage.ErrNotFound) {
		return p.deps.Now().Add(withoutTo), nil
	}
	return o.ExpiresAt, err
}

const maxAnswer = 64 << 10

// one sends the message to one device.
func (p *Push) one(ctx context.Context, message pushed) error {
	token, err := p.source().Token()
	if err != nil {
		return unsigned(err)
	}
	body, err := json.Marshal(payload{message})
	if err != nil {
		return fmt.Errorf("fcm send: %w: the message cannot be written", presage.ErrInvalid)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("fcm send: %w: the address cannot be used", contact.ErrAccount)
	}
	req.Header.Set("Content-Type", "application/json")
	token.SetAuthHeader(req)
	res, err := p.client.Do(req)
	if err != nil {
		return lost()
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if res.StatusCode == http.StatusOK {
		return nil
	}
	if res.StatusCode == http.StatusUnauthorized {
		p.forget() //nolint:contextcheck // a token outlives the request that asks for it
	}
	if err != nil {
		return lost()
	}
	return refusal(res, answer)
}

func (p *Push) source() oauth2.TokenSource {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tokens
}

// forget drops the token that is kept: the next request asks for another.
func (p *Push) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, p.client)
	p.tokens = p.account.tokens.TokenSource(ctx)
}
