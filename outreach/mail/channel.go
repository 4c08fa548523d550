package mail

import (
	"context"
	"fmt"

	"presage"
	"presage/outreach/contact"
	"presage/outreach/link"
)

// Deps is what the channel needs beside its server. All are required.
type Deps struct {
	// Links signs the address by which a customer ends e-mails.
	Links *link.Signer
	// Footer stands before that address.
	Footer presage.Text
}

// Channel is the channel "email". Safe for use by several goroutines.
type Channel struct {
	post *Mailer
	deps Deps
}

// New makes the channel over a mailer.
func New(post *Mailer, deps Deps) *Channel { return &Channel{post, deps} }

// Name is presage.ChannelEmail.
func (c *Channel) Name() presage.ChannelName { return presage.ChannelEmail }

// Find never finds anything: SMTP cannot be asked. See the package comment.
func (c *Channel) Find(context.Context, presage.Message, presage.Customer) (string, bool, error) {
	return "", false, nil
}

// Send hands the message to the server. The ID that it returns is the Message-ID.
func (c *Channel) Send(ctx context.Context, m presage.Message, to presage.Customer) (string, error) {
	if to.Email == "" {
		return "", fmt.Errorf("mail: %w: the customer has no address", presage.ErrInvalid)
	}
	return c.post.Post(ctx, Letter{
		Key: m.Key, To: to.Email, Lang: m.Lang, Subject: m.Title, Text: m.Body, Link: m.Link,
		Unsubscribe: c.deps.Links.Unsubscribe(to.ID, m.CreatedAt), Footer: c.deps.Footer.In(m.Lang),
	})
}

var _ contact.Channel = (*Channel)(nil)
