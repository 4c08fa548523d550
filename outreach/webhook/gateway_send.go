package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"

	"presage"
	"presage/outreach/contact"
)

// sendBy hands the message to a gateway in its own protocol. Such a gateway keeps no
// IDs of ours: a message whose answer was lost goes out again, and may arrive twice.
func (c *Channel) sendBy(ctx context.Context, m presage.Message, to presage.Customer) (string, error) {
	d := dispatch{
		url: c.cfg.URL, account: c.cfg.Account, m: m, to: to, nonce: c.cfg.Nonce(), at: c.now(),
	}
	if c.cfg.MakeOf != nil && m.VIN != "" {
		made, err := c.cfg.MakeOf(ctx, m.VIN)
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return "", fmt.Errorf("webhook send: %w", err)
		}
		d.make = made
	}
	req, err := c.cfg.Gateway.request(ctx, d)
	if err != nil {
		return "", fmt.Errorf("webhook send: %w: %w", contact.ErrAccount, err)
	}
	res, err := c.client.Do(req)
	if err != nil {
		return "", fmt.Errorf("webhook send: %w: no answer in time, or it was lost", presage.ErrUnavailable)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return "", fmt.Errorf("webhook send: %w: the answer was lost", presage.ErrUnavailable)
	}
	return c.cfg.Gateway.Answer.judge(res, raw, m.ID)
}
