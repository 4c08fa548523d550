package webhook

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"presage"
	"presage/outreach/contact"
)

// Store knows the customer's devices; *sqlstore.Store is one.
type Store interface {
	Devices(ctx context.Context, customerID string) ([]presage.Device, error)
}

// Channel is push or sms over a receiver. Safe for use by several goroutines.
type Channel struct {
	cfg    Config
	store  Store
	now    func() time.Time
	client *http.Client
}

// New checks the configuration; ErrInvalid names every fault. It connects to nothing.
func New(cfg Config, store Store, now func() time.Time) (*Channel, error) {
	if err := cfg.Faults().Err("webhook." + string(cfg.Channel)); err != nil {
		return nil, err
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 10 * time.Second
	}
	if cfg.Nonce == nil {
		cfg.Nonce = rand.Text
	}
	return &Channel{cfg: cfg, store: store, now: now, client: contact.Client(cfg.Transport, cfg.Timeout)}, nil
}

// Name is the channel that the receiver carries.
func (c *Channel) Name() presage.ChannelName { return c.cfg.Channel }

// Find never finds anything: the same ID tells the receiver what it has already.
func (c *Channel) Find(context.Context, presage.Message, presage.Customer) (string, bool, error) {
	return "", false, nil
}

// body is what the receiver gets.
type body struct {
	ID         string       `json:"id"`
	Channel    string       `json:"channel"`
	Kind       string       `json:"kind"`
	Lang       presage.Lang `json:"lang"`
	Safety     bool         `json:"safety"`
	CustomerID string       `json:"customer_id"`
	Phone      string       `json:"phone,omitempty"`   // sms
	Devices    []deviceBody `json:"devices,omitempty"` // push
	Title      string       `json:"title"`
	Body       string       `json:"body"`
	Link       string       `json:"link,omitempty"`
}

type deviceBody struct {
	ID       string           `json:"id"`
	Platform presage.Platform `json:"platform"`
	Token    string           `json:"token"`
}

func (c *Channel) body(ctx context.Context, m presage.Message, to presage.Customer) ([]byte, error) {
	b := body{
		ID: m.ID, Channel: string(c.cfg.Channel), Kind: m.Kind, Lang: m.Lang, Safety: m.Safety, CustomerID: to.ID,
		Title: m.Title, Body: m.Body, Link: m.Link,
	}
	if c.cfg.Channel == presage.ChannelSMS {
		b.Phone = string(to.Phone)
		return json.Marshal(b)
	}
	devices, err := c.store.Devices(ctx, to.ID)
	if err != nil {
		return nil, fmt.Errorf("webhook send: %w", err)
	}
	for _, d := range devices {
		b.Devices = append(b.Devices, deviceBody{d.ID, d.Platform, d.Token.Reveal()})
	}
	return json.Marshal(b)
}

const maxAnswer = 64 << 10

// Send posts the message and returns the receiver's ID for it, else its own.
func (c *Channel) Send(ctx context.Context, m presage.Message, to presage.Customer) (string, error) {
	if c.cfg.Gateway != nil {
		return c.sendBy(ctx, m, to)
	}
	body, err := c.body(ctx, m, to)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.URL, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("webhook send: %w: the address cannot be used", contact.ErrAccount)
	}
	req.Header.Set("Content-Type", "application/json")
	Sign(req.Header, c.cfg.Secrets, m.ID, c.now(), body)
	res, err := c.client.Do(req)
	if err != nil {
		return "", fmt.Errorf("webhook send: %w: no answer in time, or it was lost", presage.ErrUnavailable)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode/100 == 2 || res.StatusCode == http.StatusConflict {
		return idOf(res.Body, m.ID), nil
	}
	err = fmt.Errorf("webhook send: %w (HTTP %d)", kind(res.StatusCode), res.StatusCode)
	if errors.Is(err, presage.ErrUnavailable) {
		err = contact.After(err, res.Header)
	}
	return "", err
}

// idOf is the ID in an answer, else ours.
func idOf(r io.Reader, ours string) string {
	var answer struct {
		ID string `json:"id"`
	}
	err := json.NewDecoder(io.LimitReader(r, maxAnswer)).Decode(&answer)
	if err != nil || answer.ID == "" || len(answer.ID) > maxID {
		return ours
	}
	return answer.ID
}

func kind(status int) error {
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		return presage.ErrUnavailable
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound, status < 400:
		return contact.ErrAccount
	}
	return presage.ErrInvalid
}
